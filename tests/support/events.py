"""Events put straight into an inbox, what handlers make of them, and what a service said."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from google.protobuf.message import Message
from sqlalchemy import text

from services.chassis.events.dispatcher import Dispatcher, EventHandler, LockBatch
from services.chassis.events.envelope import decode
from services.chassis.events.inbox import Inbox, InboxRow, insert_rows
from services.chassis.events.signals import Signal
from services.chassis.events.streams import STREAM_OF_TYPE
from services.chassis.events.units import UnitOfWork, new_id
from services.chassis.kernel.clock import Clock
from services.chassis.service.process import Chassis
from services.chassis.storage.database import single_statements
from services.chassis.storage.fast_rows import fast_rows
from tests.support.signing import event_keys

STEPS_MAX = 1_000
_WAITS = text("SELECT 1 FROM inbox WHERE state IN ('PENDING', 'PARKED') LIMIT 1")


class EventScript:
    """Numbers the events of each case and stream as their producers would."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._versions: Counter[tuple[str, uuid.UUID]] = Counter()
        self._offset = 0

    def heard_before(self, case_id: uuid.UUID, topic: str, version: int) -> None:
        """What a producer said of a case before this test: its next event follows that number."""
        self._versions[topic, case_id] = version

    def event(
        self,
        case_id: uuid.UUID,
        message: Message,
        *,
        event_id: uuid.UUID | None = None,
        version: int | None = None,
        time: datetime | None = None,
        causation_id: uuid.UUID | None = None,
    ) -> InboxRow:
        """The next event of the case on its stream. An explicit `version` leaves the numbering as it is."""
        type_name = message.DESCRIPTOR.full_name
        topic = STREAM_OF_TYPE[type_name].topic
        if version is None:
            self._versions[topic, case_id] += 1
            version = self._versions[topic, case_id]
        self._offset += 1
        return InboxRow(
            event_id=event_id or new_id(),
            topic=topic,
            partition=0,
            record_offset=self._offset,
            type=type_name,
            subject=case_id,
            version=version,
            time=time or self._clock.now(),
            correlation_id=str(new_id()),
            causation_id=causation_id,
            payload=message.SerializeToString(),
            state="PENDING",
            error="",
        )


async def deliver(chassis: Chassis, *events: InboxRow) -> int:
    """Put events into the service's inbox. Returns how many were new to it."""
    async with single_statements(chassis.engine).connect() as connection:
        return len(await insert_rows(fast_rows(connection), chassis.service, events))


async def drain(
    chassis: Chassis, handlers: Mapping[type[Message], EventHandler], lock_batch: LockBatch | None = None
) -> int:
    """Let everything in the inbox that is due take effect. Returns how many events were taken.

    The first exception of a handler is raised again here, so that a test sees it rather than a retry.
    """
    errors: list[Exception] = []
    watched = {kind: _watched(handler, errors) for kind, handler in handlers.items()}
    dispatcher = dispatcher_of(chassis, watched, lock_batch)
    count = 0
    for _ in range(STEPS_MAX):
        # Not a whole step each time: the look for what was tried before reads everything that waits.
        taken = await dispatcher._take_fresh() or await dispatcher._take_suspects()
        if errors:
            raise errors[0]
        count += taken
        if not taken or not await _waits(chassis):
            return count
    raise AssertionError(f"the inbox did not drain in {STEPS_MAX} steps")


async def _waits(chassis: Chassis) -> bool:
    async with single_statements(chassis.engine).connect() as connection:
        return bool((await fast_rows(connection).execute(_WAITS)).first())


def dispatcher_of(
    chassis: Chassis, handlers: Mapping[type[Message], EventHandler], lock_batch: LockBatch | None = None
) -> Dispatcher:
    """A dispatcher of the service that nobody runs yet."""
    return Dispatcher(chassis.service, chassis.units, handlers, Signal(), Signal(), chassis.metrics, lock_batch)


def inbox_of(chassis: Chassis) -> Inbox:
    """The inbox of the service, which nobody runs yet."""
    return Inbox(chassis.service, chassis.engine, chassis.units.signer, event_keys(), Signal(), chassis.metrics)


def _watched(handler: EventHandler, errors: list[Exception]) -> EventHandler:
    async def watched(uow: UnitOfWork, event: Any) -> None:
        try:
            await handler(uow, event)
        except Exception as error:
            errors.append(error)
            raise

    return watched


@dataclass(frozen=True)
class SaidEvent:
    """An event in an outbox, decoded."""

    event_id: uuid.UUID
    topic: str
    type: str
    subject: uuid.UUID
    version: int
    time: datetime
    message: Any


async def outbox_events(chassis: Chassis) -> list[SaidEvent]:
    """What the service has said so far, in order; copies for the quarantine topics left out."""
    async with chassis.engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT event_id, topic, type, subject, version, time, payload FROM outbox ORDER BY id")
        )
        return [
            SaidEvent(
                row.event_id,
                row.topic,
                row.type,
                row.subject,
                row.version,
                row.time,
                decode(row.type, row.payload),
            )
            for row in rows
            if not row.topic.endswith(".quarantine")
        ]
