"""The tests' own ground: databases of one service each, and events in and out."""

from __future__ import annotations

import uuid

import psycopg
import pytest
from sqlalchemy import text

from homeward.events.v1 import handover_pb2
from services.chassis.events.units import UnitOfWork
from tests.support.clocks import FakeClock
from tests.support.events import EventScript, deliver, drain, outbox_events
from tests.support.fixtures import ChassisFor, ServiceDatabase


def test_a_login_is_refused_by_every_other_database(service_database: ServiceDatabase) -> None:
    own = service_database("chassis")
    other = own.rpartition("/")[0] + "/postgres"
    with psycopg.connect(own) as connection:
        row = connection.execute("SELECT current_user, count(*) FROM outbox").fetchone()
    assert row == ("homeward_chassis", 0)
    another = service_database("chassis")
    assert another != own
    with psycopg.connect(other, connect_timeout=3) as connection:
        rows = connection.execute(
            "SELECT has_database_privilege('homeward_audit', datname, 'CONNECT'),"
            " has_database_privilege('homeward_intake', datname, 'CONNECT')"
            " FROM pg_database WHERE datname LIKE 'homeward_chassis_test_%'"
        ).fetchall()
    assert rows
    assert set(rows) == {(True, False)}


async def test_events_go_in_once_and_come_out_numbered(
    service_database: ServiceDatabase, chassis_for: ChassisFor, clock: FakeClock
) -> None:
    chassis = chassis_for("chassis", service_database("chassis"), clock)
    script, case_id = EventScript(clock), uuid.uuid4()
    seen: list[str] = []

    async def handler(uow: UnitOfWork, event: handover_pb2.CaseRegistered) -> None:
        seen.append(event.case_number)
        uow.append(handover_pb2.CaseCorrected(case_id=str(case_id)), case_id)

    first = script.event(case_id, handover_pb2.CaseRegistered(case_number="HW-1"))
    assert await deliver(chassis, first, first) == 1
    assert await drain(chassis, {handover_pb2.CaseRegistered: handler}) == 1
    assert await drain(chassis, {handover_pb2.CaseRegistered: handler}) == 0
    assert seen == ["HW-1"]
    said = await outbox_events(chassis)
    assert [(event.type, event.version) for event in said] == [("homeward.events.v1.CaseCorrected", 1)]
    async with chassis.engine.connect() as connection:
        assert await connection.scalar(text("SELECT state FROM inbox")) == "DONE"


async def test_an_error_of_a_handler_reaches_the_test(
    service_database: ServiceDatabase, chassis_for: ChassisFor, clock: FakeClock
) -> None:
    chassis = chassis_for("chassis", service_database("chassis"), clock)

    async def handler(uow: UnitOfWork, event: handover_pb2.CaseRegistered) -> None:
        raise LookupError("as it should")

    await deliver(chassis, EventScript(clock).event(uuid.uuid4(), handover_pb2.CaseRegistered()))
    with pytest.raises(LookupError, match="as it should"):
        await drain(chassis, {handover_pb2.CaseRegistered: handler})
