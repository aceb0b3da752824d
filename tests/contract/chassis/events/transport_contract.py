"""What every way of events into an inbox promises: the tests' short way, and the one over a real Kafka."""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from homeward.events.v1.handover_pb2 import CaseWithdrawn
from services.chassis.events.envelope import Headers
from services.chassis.events.inbox import InboxRow
from services.chassis.kernel.clock import Clock
from services.chassis.service.process import Chassis
from tests.support.clocks import FakeClock, eventually, viet_nam
from tests.support.events import EventScript
from tests.support.fixtures import ChassisFor, ServiceDatabase
from tests.support.signing import envelope_of, signed


@dataclass(frozen=True)
class Sent:
    """A record as a producer sends it."""

    key: bytes
    value: bytes | None
    headers: Headers


class TransportContract(ABC):
    """The suite; a subclass carries records into the inbox of `chassis`."""

    @abstractmethod
    async def carry(self, chassis: Chassis, records: Sequence[Sent]) -> None:
        """Send the records of the handover stream, in order. May return before they arrived."""

    async def test_an_event_arrives_as_it_was_said(
        self, chassis_for: ChassisFor, service_database: ServiceDatabase
    ) -> None:
        chassis, script = self._place(chassis_for, service_database)
        record, row = _event(script, uuid.uuid4())
        await self.carry(chassis, [record])
        await eventually(lambda: _count(chassis, 1))
        found = (await _rows(chassis))[0]
        assert (found.event_id, found.type, found.version, found.payload, found.time, found.state) == (
            row.event_id,
            row.type,
            1,
            row.payload,
            row.time,
            "PENDING",
        )

    async def test_a_second_delivery_leaves_no_trace(
        self, chassis_for: ChassisFor, service_database: ServiceDatabase
    ) -> None:
        chassis, script = self._place(chassis_for, service_database)
        first, _ = _event(script, uuid.uuid4())
        last, _ = _event(script, uuid.uuid4())
        await self.carry(chassis, [first, first, first, last])
        await eventually(lambda: _count(chassis, 2))
        assert len(await _rows(chassis)) == 2

    async def test_events_of_a_case_keep_their_order(
        self, chassis_for: ChassisFor, service_database: ServiceDatabase
    ) -> None:
        chassis, script = self._place(chassis_for, service_database)
        cases = [uuid.uuid4() for _ in range(5)]
        await self.carry(chassis, [_event(script, case)[0] for _ in range(10) for case in cases])
        await eventually(lambda: _count(chassis, 50))
        rows = await _rows(chassis)
        for case in cases:
            assert [row.version for row in rows if row.subject == case] == list(range(1, 11))

    async def test_what_is_no_event_is_set_aside_and_its_neighbours_arrive(
        self, chassis_for: ChassisFor, service_database: ServiceDatabase
    ) -> None:
        chassis, script = self._place(chassis_for, service_database)
        before, _ = _event(script, uuid.uuid4())
        after, _ = _event(script, uuid.uuid4())
        bad = [Sent(b"\xff", b"\xff\xff", []), Sent(b"key", None, [])]
        await self.carry(chassis, [before, *bad, after])
        await eventually(lambda: _count(chassis, 4))
        assert sorted((row.state, row.error) for row in await _rows(chassis)) == [
            ("PENDING", ""),
            ("PENDING", ""),
            ("QUARANTINED", "NO_HEADERS"),
            ("QUARANTINED", "TOMBSTONE"),
        ]

    @staticmethod
    def _place(chassis_for: ChassisFor, service_database: ServiceDatabase) -> tuple[Chassis, EventScript]:
        clock: Clock = FakeClock(viet_nam(2026, 3, 2))
        return chassis_for("handover", service_database("chassis"), clock), EventScript(clock)


def _event(script: EventScript, case_id: uuid.UUID) -> tuple[Sent, InboxRow]:
    row = script.event(case_id, CaseWithdrawn(case_id=str(case_id)))
    said = signed(envelope_of(row))
    return Sent(said.key(), said.payload, said.headers()), row


async def _rows(chassis: Chassis) -> Sequence[Any]:
    async with chassis.engine.connect() as connection:
        return (await connection.execute(text("SELECT * FROM inbox ORDER BY id"))).fetchall()


async def _count(chassis: Chassis, expected: int) -> bool:
    return len(await _rows(chassis)) >= expected
