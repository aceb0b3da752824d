"""What is opened by break-glass: who is told at once, who is asked to review it, and until when."""

from __future__ import annotations

import uuid
from typing import Final

import pytest
from google.protobuf.message import Message
from sqlalchemy import text

from homeward.events.v1 import handover_pb2, identification_pb2, transfer_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.service.process import Chassis
from services.notify.__main__ import DEFINITION
from tests.support.clocks import FakeClock
from tests.support.events import EventScript, deliver, drain
from tests.support.fixtures import ChassisFor, ServiceDatabase

CASE: Final = uuid.UUID(int=7)
ONE, OTHER = "0197f0a4-7d3c-7b52-9c0e-2f6a5b1d4e90", "0197f0a4-7d3c-7b52-9c0e-2f6a5b1d4e91"
AGENCY, PROVINCE, NATION = "SA-04", "SV-04", "SV-NATIONAL"


@pytest.fixture
def chassis(service_database: ServiceDatabase, chassis_for: ChassisFor, clock: FakeClock) -> Chassis:
    """What notify is built from."""
    return chassis_for("notify", service_database("notify"), clock)


@pytest.fixture
def script(clock: FakeClock) -> EventScript:
    """The producer."""
    return EventScript(clock)


async def hear(chassis: Chassis, script: EventScript, *events: Message) -> set[tuple[str, str, bool]]:
    """Let notify take events in; returns all messages about it: office, kind, whether the office must act."""
    await deliver(chassis, *(script.event(CASE, event) for event in events))
    await drain(chassis, DEFINITION.build(chassis).handlers)
    async with chassis.engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT office_id, kind, duty, done_at FROM message WHERE kind ~ '^(BREAK_GLASS|PREVIEW_READ)'")
        )
        return {(row.office_id, row.kind, row.duty is not None and row.done_at is None) for row in rows}


def opened(by: str, one: str = ONE) -> identification_pb2.BreakGlassOpened:
    return identification_pb2.BreakGlassOpened(
        case_id=str(CASE),
        break_glass_id=one,
        office_id=by,
        reason=types.BREAK_GLASS_REASON_DANGER,
        accountable_office_id=AGENCY,
        review_due_on="2026-03-05",
    )


def reviewed(verdict: types.BreakGlassVerdict.ValueType, by: str = NATION) -> identification_pb2.BreakGlassReviewed:
    return identification_pb2.BreakGlassReviewed(
        case_id=str(CASE),
        break_glass_id=ONE,
        office_id=PROVINCE,
        verdict=verdict,
        reviewing_office_id=by,
        accountable_office_id=AGENCY,
    )


def unreviewed(level: int) -> identification_pb2.BreakGlassUnreviewed:
    return identification_pb2.BreakGlassUnreviewed(
        case_id=str(CASE),
        break_glass_id=ONE,
        office_id=PROVINCE,
        accountable_office_id=AGENCY,
        review_due_on="2026-03-05",
        level=level,
    )


@pytest.mark.parametrize("opener", [PROVINCE, NATION, "VF-20"])
async def test_those_concerned_are_told_and_whoever_opened_it_is_not_asked_to_review_it(
    chassis: Chassis, script: EventScript, opener: str
) -> None:
    assert await hear(chassis, script, opened(opener)) == {
        (opener, "BREAK_GLASS_OPENED_HERE", False),
        (AGENCY, "BREAK_GLASS_OPENED", False),
        *((office, "BREAK_GLASS_TO_REVIEW", True) for office in (PROVINCE, NATION) if office != opener),
    }


async def test_the_last_office_of_a_closed_case_learns_that_it_did_it_itself(
    chassis: Chassis, script: EventScript
) -> None:
    assert await hear(chassis, script, opened(AGENCY)) == {
        (AGENCY, "BREAK_GLASS_OPENED_HERE", False),
        (PROVINCE, "BREAK_GLASS_TO_REVIEW", True),
        (NATION, "BREAK_GLASS_TO_REVIEW", True),
    }


async def test_a_review_ends_what_is_asked_of_that_one_alone(chassis: Chassis, script: EventScript) -> None:
    await hear(chassis, script, opened(PROVINCE), opened(PROVINCE, OTHER))
    found = await hear(chassis, script, reviewed(types.BREAK_GLASS_VERDICT_JUSTIFIED))
    assert {(PROVINCE, "BREAK_GLASS_REVIEWED", False), (AGENCY, "BREAK_GLASS_REVIEWED", False)} < found
    async with chassis.engine.connect() as connection:
        rows = await connection.execute(text("SELECT about FROM message WHERE duty IS NOT NULL AND done_at IS NULL"))
        assert [row.about for row in rows] == [OTHER]


async def test_without_a_reason_everybody_learns_it(chassis: Chassis, script: EventScript) -> None:
    found = await hear(chassis, script, reviewed(types.BREAK_GLASS_VERDICT_UNJUSTIFIED))
    assert found == {(office, "BREAK_GLASS_UNJUSTIFIED", False) for office in (AGENCY, PROVINCE, NATION)}


async def test_what_nobody_reviews_is_asked_again_also_after_the_case_was_closed(
    chassis: Chassis, script: EventScript
) -> None:
    registered = handover_pb2.CaseRegistered(case_id=str(CASE), receiving_office_id="BP-CN-HUU-NGHI")
    closed = transfer_pb2.CustodyChanged(
        case_id=str(CASE),
        segment=1,
        accountable_office_id=AGENCY,
        cause=types.CUSTODY_CAUSE_CLOSED,
        phase=types.CASE_PHASE_CLOSED,
    )
    await hear(chassis, script, registered, opened(PROVINCE))
    found = await hear(chassis, script, closed, unreviewed(1), unreviewed(2))
    assert {one for one in found if one[2]} == {(NATION, "BREAK_GLASS_REVIEW_OVERDUE", True)}
    assert {(AGENCY, "BREAK_GLASS_UNREVIEWED", False), (PROVINCE, "BREAK_GLASS_UNREVIEWED", False)} < found


async def test_that_an_office_read_and_then_rejected_is_told_to_whoever_oversees_it(
    chassis: Chassis, script: EventScript
) -> None:
    event = identification_pb2.PreviewReadThenRejected(
        case_id=str(CASE), office_id=AGENCY, accountable_office_id="BP-CN-HUU-NGHI", reads=1
    )
    kind = "PREVIEW_READ_THEN_REJECTED"
    assert await hear(chassis, script, event) == {(PROVINCE, kind, False), (NATION, kind, False)}
