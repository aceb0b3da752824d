"""What two people decide, and what administrators change: who is told, once, until it is decided."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from google.protobuf.message import Message
from sqlalchemy import text

from homeward.events.v1 import audit_followup_pb2, audit_handover_pb2, audit_intake_pb2, office_pb2
from services.chassis.country.sight import Sight
from services.chassis.events.streams import OFFICE_SUBJECT
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.roles import Role
from services.chassis.service.process import Chassis
from services.notify.__main__ import DEFINITION
from tests.support.clocks import FakeClock
from tests.support.events import EventScript, deliver, drain, outbox_events
from tests.support.fixtures import ChassisFor, ServiceDatabase

APPROVAL = "0197f0a4-7d3c-7b52-9c0e-2f6a5b1d4e90"
ADMIN, NATION = "ADMIN-NATIONAL", "SV-NATIONAL"


@pytest.fixture
def chassis(service_database: ServiceDatabase, chassis_for: ChassisFor, clock: FakeClock) -> Chassis:
    """What notify is built from."""
    return chassis_for("notify", service_database("notify"), clock)


@pytest.fixture
def script(clock: FakeClock) -> EventScript:
    """The producer."""
    return EventScript(clock)


async def hear(chassis: Chassis, script: EventScript, event: Message) -> set[tuple[str, str, bool]]:
    """Let notify take an event in; returns all messages: office, kind, whether the office must act."""
    await deliver(chassis, script.event(OFFICE_SUBJECT, event))
    await drain(chassis, DEFINITION.build(chassis).handlers)
    async with chassis.engine.connect() as connection:
        rows = await connection.execute(text("SELECT office_id, kind, duty, done_at FROM message"))
        return {(row.office_id, row.kind, row.duty is not None and row.done_at is None) for row in rows}


def asked() -> office_pb2.ApprovalAsked:
    return office_pb2.ApprovalAsked(
        approval_id=APPROVAL,
        method="ChangeRule",
        object="TRANSFER_LOST",
        asked_by_office_id=ADMIN,
        approving_office_ids=[ADMIN, NATION],
        expires_on="2026-03-09",
    )


def decided(state: str, refusal: str = "") -> office_pb2.ApprovalDecided:
    return office_pb2.ApprovalDecided(
        approval_id=APPROVAL,
        method="ChangeRule",
        object="TRANSFER_LOST",
        asked_by_office_id=ADMIN,
        state=state,
        decided_by_office_id=NATION,
        refusal=refusal,
    )


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("APPROVED", "APPROVAL_GIVEN"),
        ("REFUSED", "APPROVAL_REFUSED"),
        ("EXPIRED", "APPROVAL_EXPIRED"),
        ("WITHDRAWN", ""),
    ],
)
async def test_who_may_approve_is_asked_until_it_is_decided_and_who_asked_is_told(
    chassis: Chassis, script: EventScript, clock: FakeClock, state: str, kind: str
) -> None:
    waiting = await hear(chassis, script, asked())
    assert waiting == {(ADMIN, "APPROVAL_WANTED", True), (NATION, "APPROVAL_WANTED", True)}
    done = {(ADMIN, "APPROVAL_WANTED", False), (NATION, "APPROVAL_WANTED", False)}
    clock.move_by(timedelta(minutes=1))
    after = await hear(chassis, script, decided(state, "WRONG" if state == "REFUSED" else ""))
    assert after - done == ({(ADMIN, kind, False)} if kind else set())
    assert not any(must_act for *_, must_act in after)
    assert await outbox_events(chassis) == [], "a message about no case concerns no other service"


def partly_given(by: str) -> office_pb2.ApprovalPartlyGiven:
    return office_pb2.ApprovalPartlyGiven(
        approval_id=APPROVAL,
        method="ChangeRule",
        object="TRANSFER_LOST",
        asked_by_office_id=ADMIN,
        approved_by_office_id=by,
        asked_no_more_office_ids=[by],
        expires_on="2026-03-09",
    )


@pytest.mark.parametrize(("first", "then"), [(ADMIN, NATION), (NATION, ADMIN)])
async def test_who_approved_is_asked_no_more_and_the_others_are_until_it_is_decided(
    chassis: Chassis, script: EventScript, clock: FakeClock, first: str, then: str
) -> None:
    await hear(chassis, script, asked())
    clock.move_by(timedelta(minutes=1))
    after = await hear(chassis, script, partly_given(first))
    assert after == {
        (first, "APPROVAL_WANTED", False),
        (then, "APPROVAL_WANTED", True),
        (ADMIN, "APPROVAL_PARTLY_GIVEN", False),
    }
    async with chassis.engine.connect() as connection:
        rows = await connection.execute(text("SELECT office_id, done_by FROM message WHERE done_at IS NOT NULL"))
        assert [tuple(row) for row in rows] == [(first, "APPROVED_BY_ONE")]
    clock.move_by(timedelta(minutes=1))
    assert not any(must_act for *_, must_act in await hear(chassis, script, decided("APPROVED")))


async def test_those_concerned_are_told_what_administrators_change(
    chassis: Chassis, script: EventScript, clock: FakeClock
) -> None:
    opened = office_pb2.OfficeOpened(
        office_id="SA-22-NEW",
        role="SUPPORT_AGENCY",
        province="22@2025",
        name_en="New department",
        name_vi="Sở mới",
        valid_from="2026-03-01",
    )
    told = await hear(chassis, script, opened)
    assert {office for office, kind, _ in told if kind == "OFFICE_OPENED"} == {"SA-22-NEW", "SV-22", NATION}
    ended = office_pb2.OfficeEnded(
        office_id="SA-22", successor_id="SA-22-NEW", heir_id="SA-22-NEW", valid_to="2026-03-01"
    )
    told = await hear(chassis, script, ended)
    assert {office for office, kind, _ in told if kind == "OFFICE_ENDED"} == {"SA-22-NEW", "SV-22", NATION}
    rule = office_pb2.RuleChanged(
        rule="TRANSFER_LOST", version=2, amount=9, unit="CALENDAR_DAYS", basis="POLICY", valid_from="2026-03-02"
    )
    told = await hear(chassis, script, rule)
    supervisors = {one for one, kind, _ in told if kind == "RULE_CHANGED"}
    sight = Sight(chassis.directory)
    assert supervisors == {one.id for one in sight.directory.offices(role=Role.SUPERVISOR, on=local_date(clock.now()))}
    calendar = office_pb2.CalendarChanged(version=1, days=[office_pb2.CalendarDay(on="2026-03-05", working=False)])
    told = await hear(chassis, script, calendar)
    assert {one for one, kind, _ in told if kind == "CALENDAR_CHANGED"} == supervisors


async def test_who_tries_numbers_out_is_told_of_once_an_hour_to_those_who_watch(
    chassis: Chassis, script: EventScript, clock: FakeClock
) -> None:
    tried: dict[str, Any] = {"log": "lookups", "office_id": "SA-22", "subject_digest": "ab" * 32, "limit": 20}
    other = tried | {"subject_digest": "cd" * 32}

    async def messages(event: Message) -> int:
        told = await hear(chassis, script, event)
        assert told == {("SV-22", "NUMBERS_TRIED", False), (NATION, "NUMBERS_TRIED", False)}
        async with chassis.engine.connect() as connection:
            return int(await connection.scalar(text("SELECT count(*) FROM message")) or 0)

    assert await messages(audit_intake_pb2.IntakeNumbersTried(**tried)) == 2
    assert await messages(audit_handover_pb2.HandoverNumbersTried(**tried)) == 2, "another service saw the same"
    assert await messages(audit_followup_pb2.FollowUpNumbersTried(**other)) == 4
    clock.move_by(timedelta(hours=1))
    assert await messages(audit_intake_pb2.IntakeNumbersTried(**tried)) == 6


async def test_who_lists_far_too_many_people_is_told_of_to_those_who_watch(
    chassis: Chassis, script: EventScript
) -> None:
    listed: dict[str, Any] = {"log": "lists", "office_id": "SV-22", "subject_digest": "ab" * 32, "limit": 500}
    for event in (audit_intake_pb2.IntakePeopleListed(**listed), audit_handover_pb2.HandoverPeopleListed(**listed)):
        told = await hear(chassis, script, event)
        assert (NATION, "PEOPLE_LISTED", False) in told
    async with chassis.engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM message WHERE office_id = :to"), {"to": NATION}) == 1


async def test_what_stands_for_no_case_is_none_for_the_audit(chassis: Chassis, script: EventScript) -> None:
    await hear(chassis, script, asked())
    async with chassis.engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM audit_case")) == 0
