"""Handover and followup with a database each, in one process, and the events between them in a test's hands.

What one said reaches the other when the test says so: in any order, twice, or much later. Intake is played.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, TypeVar

from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import Message
from sqlalchemy import TextClause, text

from services.chassis.calls.policy import PolicyTable, authorise, full_name, policies_of
from services.chassis.calls.security import CallContext, set_call
from services.chassis.events.inbox import InboxRow
from services.chassis.service.process import Chassis, Definition, Parts
from services.chassis.storage.database import single_statements
from services.chassis.storage.fast_rows import fast_rows
from services.chassis.telemetry.failpoint import FailpointReached, arm
from services.followup import __main__ as followup
from services.followup.domain.policy import POLICIES, Policy
from services.handover import __main__ as handover
from tests.support.clocks import FakeClock, viet_nam
from tests.support.events import EventScript, deliver, dispatcher_of, drain
from tests.support.identities import caller_for
from tests.support.processes import Neighbours, build_chassis

T = TypeVar("T")

LOOKS_MAX = 60
"""A chain of deadlines that is longer does not end."""
KEPT = ("alembic_version",)
ADDED_ONLY = (
    *("administration", "approval", "approval_given", "approval_decision", "access_log"),
    *("act", "act_link", "list_read", "log_head"),
)
"""What the database refuses to take away from."""
SAID = text("SELECT * FROM outbox WHERE id > :after AND topic NOT LIKE '%.quarantine' ORDER BY id")
_REFERENCES = """
    SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
    WHERE contype = 'f' AND conrelid <> confrelid
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


@cache
def _policies(service: ServiceDescriptor) -> PolicyTable:
    return policies_of([service])


@dataclass
class Service:
    """One of the two: its rooms, and what is on its way to it."""

    chassis: Chassis
    rooms: Parts
    topics: frozenset[str]
    on_the_way: list[InboxRow] = field(default_factory=list)
    delivered: list[InboxRow] = field(default_factory=list)
    heard_until: int = 0

    @property
    def name(self) -> str:
        """Its name."""
        return self.chassis.service

    async def rows(self, sql: str, **parameters: object) -> list[Any]:
        """Rows of its database."""
        return await self._asked(text(sql), parameters)

    async def said(self) -> list[Any]:
        """What it said since it was last asked, in the order of each case."""
        found = await self._asked(SAID, {"after": self.heard_until})
        if found:
            self.heard_until = found[-1].id
        # Cases that were worked on at once said so in any order.
        return sorted(found, key=lambda row: (row.subject, row.topic, row.version))

    async def _asked(self, statement: TextClause, parameters: Mapping[str, object]) -> list[Any]:
        # By itself, and straight to the driver: tests ask thousands of times.
        async with single_statements(self.chassis.engine).connect() as connection:
            return list((await fast_rows(connection).execute(statement, parameters)).fetchall())

    async def execute(self, sql: str) -> None:
        """Change its database behind its back."""
        async with self.chassis.engine.begin() as connection:
            await connection.execute(text(sql))

    async def call(self, method: str, request: Message, office_id: str, *, subject: str | None = None) -> Any:
        """A call by somebody at this office, without a server in between; raises what gate or service refuses."""
        caller = caller_for(office_id, subject=subject)
        [served] = [one for one in self.rooms.services if method in one.service.methods_by_name]
        authorise(_policies(served.service), full_name(served.service.methods_by_name[method]), caller)
        set_call(CallContext(caller, str(uuid.uuid4()), "", f"/test/{method}", "en"))
        return await getattr(served.servicer, method)(request, None)

    async def take_in(self, events: Iterable[InboxRow]) -> None:
        """Records arrive, and whatever can take effect does."""
        await deliver(self.chassis, *events)
        await drain(self.chassis, self.rooms.handlers)

    async def take_in_and_die(self, events: Iterable[InboxRow]) -> None:
        """The same, but the process dies once between their effect and its commit, and starts again."""
        await deliver(self.chassis, *events)
        arm("dispatch.after_handle_before_commit:raise")
        try:
            await dispatcher_of(self.chassis, self.rooms.handlers).step()
        finally:
            arm("")
        await self.execute("UPDATE inbox SET next_attempt_at = now() WHERE state = 'PENDING'")
        await drain(self.chassis, self.rooms.handlers)

    async def look(self) -> int:
        """Look at the deadlines until nothing is due. Returns how many fired."""
        fired = 0
        for _ in range(LOOKS_MAX):
            found = await self.rooms.ticks[0].look()
            if not found:
                return fired
            fired += found
        raise AssertionError(f"the deadlines of {self.name} do not come to an end")

    async def looks_at_once(self) -> None:
        """Two schedulers look at the same instant, then again until nothing is due."""
        await asyncio.gather(self.rooms.ticks[0].look(), self.rooms.ticks[0].look())
        await self.look()

    async def look_and_die(self, failpoint: str) -> None:
        """The scheduler dies at a failpoint, and looks again."""
        arm(f"{failpoint}:raise")
        try:
            await self.rooms.ticks[0].look()
        except FailpointReached:
            pass
        finally:
            arm("")
        await self.look()

    async def contents(self) -> str:
        """A digest of every row of every table but the watcher's."""
        tables = sorted(name for (name,) in await self.rows(_TABLES) if name not in (*KEPT, "watcher"))
        each = " UNION ALL ".join(
            f"SELECT '{name}' || CAST(to_jsonb(t) AS text) AS row FROM {name} t" for name in tables
        )
        [(digest,)] = await self.rows(f"SELECT md5(string_agg(row, '' ORDER BY row)) FROM ({each}) everything")
        return str(digest)

    async def empty(self) -> None:
        """As after its migration."""
        tables = [name for (name,) in await self.rows(_TABLES) if name not in (*KEPT, *ADDED_ONLY, "overlay_edition")]
        # Whoever refers to a row goes before it.
        order = TopologicalSorter({name: set[str]() for name in tables})
        for child, parent in await self.rows(_REFERENCES):
            order.add(parent, child)
        # A case that goes is noted there.
        order.add("open_case_change", "custody")
        await self.execute("; ".join(f"DELETE FROM {name}" for name in order.static_order() if name in tables))
        await self.execute("UPDATE overlay_edition SET edition = 0")


class Pair:
    """Both services and what happens between them."""

    def __init__(self, clock: FakeClock, handover_service: Service, followup_service: Service) -> None:
        self.clock = clock
        self.handover = handover_service
        self.followup = followup_service
        self.script = EventScript(clock)

    @property
    def services(self) -> tuple[Service, Service]:
        """Both."""
        return self.handover, self.followup

    def intake_says(self, case_id: uuid.UUID, message: Message) -> None:
        """An event of intake is on its way to whoever hears it."""
        event = self.script.event(case_id, message)
        for one in self.services:
            if event.topic in one.topics:
                one.on_the_way.append(event)

    async def listen(self) -> None:
        """What either said since the last time is on its way to the other."""
        for source, sink in (self.services, self.services[::-1]):
            sink.on_the_way += [record_of(row) for row in await source.said() if row.topic in sink.topics]

    async def quiet(self) -> None:
        """Everything on its way arrives, and what is said because of it."""
        for _ in range(LOOKS_MAX):
            await self.listen()
            if not any(one.on_the_way for one in self.services):
                return
            for one in self.services:
                arriving, one.on_the_way = one.on_the_way, []
                one.delivered += arriving
                await one.take_in(arriving)
        raise AssertionError("the two do not stop talking")

    async def dispose(self) -> None:
        """Give the connections back."""
        for one in self.services:
            await one.chassis.engine.dispose()


def pair_on(urls: tuple[str, str], folder: Path, jwks: Path, policies: Sequence[Policy] = POLICIES) -> Pair:
    """Both services on these databases; business time begins on Monday 2 March 2026.

    `policies`: every version of which looks again there are.
    """
    clock = FakeClock(viet_nam(2026, 3, 2))
    services, neighbours = [], Neighbours()
    built: tuple[tuple[Definition, Callable[[Chassis], Parts]], ...] = (
        (handover.DEFINITION, handover.build),
        (followup.DEFINITION, partial(followup.build, policies=policies)),
    )
    for (definition, build), url in zip(built, urls, strict=True):
        chassis = replace(build_chassis(definition.name, url, clock, folder, jwks), peers=neighbours)
        topics = frozenset(stream.topic for stream in definition.streams)
        services.append(Service(chassis, build(chassis), topics))
    # What followup knows of homes is no part of these stories: handover has what it was told.
    neighbours.rooms["handover"] = services[0].rooms
    return Pair(clock, *services)


def record_of(row: Any) -> InboxRow:
    return InboxRow(
        event_id=row.event_id,
        topic=row.topic,
        partition=0,
        record_offset=row.id,
        type=row.type,
        subject=row.subject,
        version=row.version,
        time=row.time,
        correlation_id=row.correlation_id,
        causation_id=uuid.UUID(row.causation_id) if row.causation_id else None,
        payload=row.payload,
        state="PENDING",
        error="",
    )


class Loop:
    """Runs what is asynchronous for a machine that is not."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()

    def __call__(self, work: Awaitable[T]) -> T:
        """The result."""

        async def awaited() -> T:
            return await work

        return self._runner.run(awaited())

    def close(self) -> None:
        """No more of it."""
        self._runner.close()
