"""Attempts to reach a person at home, when the first one is overdue, and custody that passes by other ways."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import grpc
import pytest

from homeward.events.v1 import followup_pb2 as said
from homeward.followup.v1 import contacts_pb2 as pb
from homeward.followup.v1 import visits_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.clock import start_of_local_day
from tests.integration.followup.test_calls import refused
from tests.integration.followup.world import HANOI, QUANG_NINH, Case, World

ARRIVED_ON = date(2026, 3, 1)
CONTACT_BY = date(2026, 3, 8)
CENTRE = "RC-LAO-CAI"


def contact(
    case: Case, outcome: types.ContactOutcome.ValueType, on: date | str = "", *, request_id: str = ""
) -> pb.RecordContactRequest:
    """A request that records an attempt."""
    return pb.RecordContactRequest(
        request_id=request_id or str(uuid.uuid4()), case=case.number, outcome=outcome, contacted_on=str(on)
    )


async def contacted(world: World, case: Case, outcome: str, on: date | str = "", office_id: str = HANOI) -> Any:
    """Record an attempt."""
    request = contact(case, types.ContactOutcome.Value(f"CONTACT_OUTCOME_{outcome}"), on)
    return await world.stub.RecordContact(request, **world.as_office(office_id))


async def test_an_overdue_first_contact_is_told_once_and_locks_nothing(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    assert ("FIRST_CONTACT", False, CONTACT_BY) in await world.armed(case)
    await world.heard()
    assert await world.at(start_of_local_day(CONTACT_BY)) == []
    [told] = await world.at(start_of_local_day(CONTACT_BY + timedelta(days=1)))
    due_on = CONTACT_BY.isoformat()
    escalated = said.FollowUpEscalated(case_id=str(case.id), office_id=HANOI, rule="FIRST_CONTACT", due_on=due_on)
    escalated.level = 1
    assert told == escalated
    assert await world.at(start_of_local_day(CONTACT_BY + timedelta(days=7))) == []
    [told] = await world.at(start_of_local_day(CONTACT_BY + timedelta(days=8)))
    escalated.level = 2
    assert told == escalated
    assert await world.at(start_of_local_day(CONTACT_BY + timedelta(days=40))) == []
    for office_id in (HANOI, "SV-01"):
        request = visits_pb2.ListOverdueFollowUpsRequest()
        (listed,) = (await world.stub.ListOverdueFollowUps(request, **world.as_office(office_id))).follow_ups
        assert (listed.rule, listed.due_on, listed.escalation_level) == ("FIRST_CONTACT", due_on, 2)
    answer = await contacted(world, case, "REACHED")
    assert (answer.case_id, answer.contacts) == (str(case.id), 1)
    [event] = await world.heard()
    assert event == said.ContactRecorded(
        case_id=str(case.id),
        office_id=HANOI,
        outcome=types.CONTACT_OUTCOME_REACHED,
        contacted_on="2026-04-17",
        search=types.SEARCH_EFFECT_NONE,
        entry_number=1,
    )


async def test_whoever_is_reached_in_time_is_not_called_overdue(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    await contacted(world, case, "NOT_AT_ADDRESS", ARRIVED_ON)
    await contacted(world, case, "REACHED", ARRIVED_ON)
    assert "FIRST_CONTACT" not in [rule for rule, _, _ in await world.armed(case)]
    said_so_far = [event.outcome for event in (await world.heard())[1:]]
    assert said_so_far == [types.CONTACT_OUTCOME_NOT_AT_ADDRESS, types.CONTACT_OUTCOME_REACHED]
    assert await world.at(start_of_local_day(CONTACT_BY + timedelta(days=10))) == []


async def test_the_same_request_is_answered_alike_and_said_once(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    await world.heard()
    request = contact(case, types.CONTACT_OUTCOME_MOVED_AWAY)
    answers = [await world.stub.RecordContact(request, **world.as_office(HANOI)) for _ in range(2)]
    again = await contacted(world, case, "MOVED_AWAY")
    assert [answer.contacts for answer in (*answers, again)] == [1, 1, 1]
    assert len(await world.heard()) == 1
    request.outcome = types.CONTACT_OUTCOME_REACHED
    code, reason, _ = await refused(world.stub.RecordContact(request, **world.as_office(HANOI)))
    assert (code, reason) == (grpc.StatusCode.ALREADY_EXISTS, "REQUEST_ID_REUSED")


async def test_only_the_accountable_agency_records_contacts(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    request = contact(case, types.CONTACT_OUTCOME_REACHED)
    for office_id in ("BP-CN-HUU-NGHI", CENTRE, "CM-01-01", "VF-01"):
        code, _, _ = await refused(world.stub.RecordContact(request, **world.as_office(office_id)))
        assert code is grpc.StatusCode.PERMISSION_DENIED
    for office_id in (QUANG_NINH, "SV-01"):
        code, reason, _ = await refused(world.stub.RecordContact(request, **world.as_office(office_id)))
        assert (code, reason) == (grpc.StatusCode.NOT_FOUND, "CASE_NOT_FOUND")


@pytest.mark.parametrize(
    ("request_", "violations"),
    [
        (
            pb.RecordContactRequest(contacted_on="gestern"),
            {("request_id", "REQUIRED"), ("case", "REQUIRED"), ("outcome", "REQUIRED"), ("contacted_on", "BAD_FORMAT")},
        ),
        (
            pb.RecordContactRequest(
                request_id=str(uuid.UUID(int=1)),
                case=str(uuid.UUID(int=2)),
                outcome=77,  # type: ignore[arg-type]
                contacted_on="2026-02-30",
            ),
            {("outcome", "NOT_IN_LIST"), ("contacted_on", "NOT_A_DATE")},
        ),
    ],
)
async def test_everything_wrong_is_told_at_once(
    world: World, request_: pb.RecordContactRequest, violations: set[tuple[str, str]]
) -> None:
    _, reason, found = await refused(world.stub.RecordContact(request_, **world.as_office(HANOI)))
    assert (reason, set(found)) == ("INVALID_INPUT", violations)


async def test_days_and_states_that_do_not_fit_are_refused(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    for day, code in ((ARRIVED_ON - timedelta(days=1), "TOO_EARLY"), (date(2030, 1, 1), "IN_THE_FUTURE")):
        request = contact(case, types.CONTACT_OUTCOME_REACHED, day)
        _, _, found = await refused(world.stub.RecordContact(request, **world.as_office(HANOI)))
        assert found == [("contacted_on", code)]
    await world.close(case, "ASKED_TO_STOP")
    request = contact(case, types.CONTACT_OUTCOME_REACHED)
    _, reason, _ = await refused(world.stub.RecordContact(request, **world.as_office(HANOI)))
    assert reason == "FOLLOW_UP_CASE_CLOSED"


async def test_failed_attempts_say_so_and_days_overdue_do_not(world: World) -> None:
    tried, forgotten = await world.arrived(ARRIVED_ON), await world.arrived(ARRIVED_ON)
    await world.at(start_of_local_day(date(2026, 6, 1)))
    for day in range(3):
        world.clock.move_to(start_of_local_day(date(2026, 6, 1 + day)))
        await world.record(tried, "NOT_REACHED")
    events = [*await world.heard(), *await world.at(start_of_local_day(date(2026, 9, 30)))]
    [lost] = [event for event in events if isinstance(event, said.LostToFollowUp)]
    [neglected] = [event for event in events if isinstance(event, said.FollowUpNeglected)]
    assert (lost.case_id, lost.not_reached) == (str(tried.id), True)
    assert (neglected.case_id, neglected.due_on) == (str(forgotten.id), "2026-06-01")


async def test_a_stay_in_a_facility_begins_no_set(world: World) -> None:
    case = world.new_case()
    await world.custody(case, "ADMITTED", CENTRE, phase="ADMITTED")
    assert await world.heard() == []
    assert await world.armed(case) == []
    segment = await world.custody(case, "ARRIVED", arrival_on=ARRIVED_ON)
    [scheduled] = await world.heard()
    assert (scheduled.segment, scheduled.office_id) == (segment, HANOI)


@pytest.mark.parametrize(
    ("cause", "phase"),
    [("FOUND", "FOLLOW_UP"), ("REASSIGNED", "FOLLOW_UP"), ("OFFICE_ENDED", "FOLLOW_UP")],
)
async def test_a_set_moves_with_the_custody(world: World, cause: str, phase: str) -> None:
    case = await world.arrived(ARRIVED_ON)
    before = [each for each in await world.armed(case) if each[0] != "FIRST_CONTACT"]
    await world.heard()
    to = QUANG_NINH
    segment = await world.custody(case, cause, to, phase=phase)
    [scheduled] = await world.heard()
    assert (scheduled.segment, scheduled.office_id, len(scheduled.follow_ups)) == (segment, to, 2)
    assert [each for each in await world.armed(case) if each[0] != "FIRST_CONTACT"] == before
    assert {row.office_id for row in await world.rows("SELECT office_id FROM follow_up")} == {to}


async def test_somebody_found_at_home_is_followed_up_from_that_day(world: World) -> None:
    case = world.new_case()
    await world.custody(case, "FOUND", QUANG_NINH, arrival_on=ARRIVED_ON - timedelta(days=9))
    [scheduled] = await world.heard()
    assert [one.due_on for one in scheduled.follow_ups] == ["2026-05-20", "2029-02-20"]


async def test_a_case_that_goes_on_as_another_is_watched_no_more(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    await world.heard()
    await world.custody(case, "RE_IDENTIFIED", phase="CLOSED")
    assert await world.heard() == []
    assert await world.armed(case) == []
    assert await world.at(start_of_local_day(date(2026, 12, 1))) == []
