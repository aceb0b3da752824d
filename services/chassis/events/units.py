"""The unit of work: one transaction, its events in it, and a wake-up of the relay after it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from google.protobuf.message import Message
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from uuid6 import uuid7

from services.chassis.events.outbox import PendingEvent, write_events
from services.chassis.events.signals import Signal
from services.chassis.events.signing import Signer
from services.chassis.events.streams import OFFICE_SUBJECT
from services.chassis.kernel.clock import Clock
from services.chassis.storage.fast_rows import fast_rows
from services.chassis.telemetry.failpoint import failpoint
from services.chassis.telemetry.trace import Trace, current_trace, set_trace

T = TypeVar("T")


def new_id() -> uuid.UUID:
    """A fresh UUIDv7: its order is roughly that of time, which keeps indexes compact."""
    return uuid.UUID(int=uuid7().int)


@dataclass(frozen=True)
class Cause:
    """The event that a handler is called for.

    Attributes:
        event_id: its id.
        version: its number on its stream.
        time: its business time.
        causation_id: the event that caused it; None when none did.
    """

    event_id: uuid.UUID
    version: int
    time: datetime
    causation_id: uuid.UUID | None = None


class UnitOfWork:
    """What a command or an event handler works with.

    Attributes:
        connection: the transaction.
        now: business time, read once, the same for the whole unit.
        case_ids: the cases that the work is about so far.
    """

    def __init__(self, connection: AsyncConnection, now: datetime, signer: Signer) -> None:
        self.connection = connection
        self.now = now
        self._signer = signer
        self.case_ids: set[uuid.UUID] = set()
        self._events: list[PendingEvent] = []
        self._cause: Cause | None = None

    def new_id(self) -> uuid.UUID:
        """A fresh UUIDv7, so that domains need no randomness."""
        return new_id()

    @property
    def cause(self) -> Cause:
        """The event being handled; RuntimeError when a command or a deadline is being worked on."""
        if self._cause is None:
            raise RuntimeError("no event is being handled here")
        return self._cause

    def handling(self, cause: Cause) -> None:
        """Tell, before its handler is called, which event comes next; for the dispatcher."""
        self._cause = cause

    def about(self, case_id: uuid.UUID) -> None:
        """Tell that the work is about a case, also where nothing is said of it in the end."""
        self.case_ids.add(case_id)

    def append(self, message: Message, subject: uuid.UUID) -> uuid.UUID:
        """Say an event of a case. It is written with the transaction. Returns the event's id."""
        trace = current_trace() or Trace(correlation_id=str(new_id()))
        event = PendingEvent(new_id(), subject, message, self.now, trace)
        if subject != OFFICE_SUBJECT:
            self.about(subject)
        self._events.append(event)
        return event.event_id

    async def flush(self) -> bool:
        """Write the events said so far. Returns whether there were any."""
        events, self._events = self._events, []
        await write_events(self.connection, self._signer, events)
        return bool(events)


class Units:
    """Runs units of work against one database."""

    def __init__(self, engine: AsyncEngine, clock: Clock, signer: Signer, outbox_written: Signal) -> None:
        self.engine = engine
        self.clock = clock
        self.signer = signer
        self._outbox_written = outbox_written
        self._running: set[asyncio.Task[Any]] = set()

    async def run(self, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
        """Run the work in one transaction and commit it with its events; any exception rolls back.

        The transaction is shielded: a caller that hangs up cannot cut it in half.
        """
        return await self._shielded(self._run(work))

    async def write(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Run work that writes and numbers its events itself, then wake the relay. Shielded as `run` is."""
        return await self._shielded(self._write(work))

    async def read(self, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
        """Run work that only reads: the database refuses a write."""
        async with self.engine.connect() as connection:
            connection = await connection.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")
            async with connection.begin():
                return await work(UnitOfWork(fast_rows(connection), self.clock.now(), self.signer))

    async def drain(self, timeout_s: float) -> None:
        """Wait for running units before the engine is disposed, at most so long."""
        if self._running:
            await asyncio.wait(self._running, timeout=timeout_s)

    async def _shielded(self, work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    async def _write(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        async with self.engine.begin() as connection:
            result = await work(fast_rows(connection))
        self._outbox_written.set()
        return result

    def _ended(self, task: asyncio.Task[object]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            # When the caller hung up nobody else asks, and asyncio would print the error with its parameters.
            task.exception()

    async def _run(self, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
        set_trace(current_trace() or Trace(correlation_id=str(new_id())))
        async with self.engine.begin() as connection:
            uow = UnitOfWork(fast_rows(connection), self.clock.now(), self.signer)
            result = await work(uow)
            wrote = await uow.flush()
            failpoint("unit.before_commit")
        if wrote:
            self._outbox_written.set()
        return result
