"""A case is given to another office of the police: it is asked to decide, and who decided before no more."""

from __future__ import annotations

import uuid
from typing import Final

import pytest
from google.protobuf.message import Message
from sqlalchemy import text

from homeward.events.v1 import handover_pb2, identification_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.service.process import Chassis
from services.notify.__main__ import DEFINITION
from tests.support.clocks import FakeClock
from tests.support.events import EventScript, deliver, drain
from tests.support.fixtures import ChassisFor, ServiceDatabase

CASE: Final = uuid.UUID(int=8)
POST, BEFORE, AFTER, PROVINCE = "BP-CN-HUU-NGHI", "VF-20", "VF-01", "SV-20"


@pytest.fixture
def chassis(service_database: ServiceDatabase, chassis_for: ChassisFor, clock: FakeClock) -> Chassis:
    """What notify is built from."""
    return chassis_for("notify", service_database("notify"), clock)


async def asked(chassis: Chassis, script: EventScript, *events: Message) -> set[str]:
    """Let notify take events in; the offices that are asked to decide now."""
    for event in events:
        await deliver(chassis, script.event(CASE, event))
        await drain(chassis, DEFINITION.build(chassis).handlers)
    async with chassis.engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT office_id FROM message WHERE duty = 'DECIDE_IDENTIFICATION' AND done_at IS NULL")
        )
        return {row.office_id for row in rows}


async def test_another_office_is_asked_and_reminded_and_the_former_one_told(chassis: Chassis, clock: FakeClock) -> None:
    script = EventScript(clock)
    registered = handover_pb2.CaseRegistered(case_id=str(CASE), receiving_office_id=POST)
    overdue = identification_pb2.IdentificationOverdue(
        case_id=str(CASE), receiving_office_id=POST, rule="POLICE_VERIFY_REPLY", due_on="2026-03-05", level=2
    )
    assert await asked(chassis, script, registered) == {BEFORE}
    assert await asked(chassis, script, overdue) == {BEFORE, PROVINCE}
    given = identification_pb2.VerifierAssigned(
        case_id=str(CASE),
        office_id=AFTER,
        former_office_ids=[BEFORE],
        assigning_office_id=PROVINCE,
        accountable_office_id=POST,
        undecided=True,
    )
    assert await asked(chassis, script, given) == {AFTER, PROVINCE}
    overdue.verifier_office_id, overdue.level = AFTER, 3
    assert AFTER in await asked(chassis, script, overdue)
    assert BEFORE not in await asked(chassis, script)
    taken_back = identification_pb2.IdentificationDecided(
        case_id=str(CASE), status=types.IDENTIFICATION_STATUS_IN_PROCESS, revision=2, verifier_office_id=AFTER
    )
    decided = identification_pb2.IdentificationDecided(
        case_id=str(CASE), status=types.IDENTIFICATION_STATUS_DECLINED, revision=1, verifier_office_id=AFTER
    )
    assert await asked(chassis, script, decided) == set()
    assert await asked(chassis, script, taken_back) == {AFTER}
    async with chassis.engine.connect() as connection:
        rows = await connection.execute(text("SELECT office_id FROM message WHERE kind = 'VERIFIER_REPLACED'"))
        assert {row.office_id for row in rows} == {BEFORE, POST}
