"""The steps of a set through the calls and the database: switched on, put on another day, dropped, counted."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import grpc
import pytest

from homeward.events.v1 import followup_pb2 as said
from homeward.followup.v1 import steps_pb2, visits_pb2
from homeward.intake.v1 import consents_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.clock import start_of_local_day
from services.chassis.kernel.roles import Grade
from tests.integration.followup.test_calls import refused
from tests.integration.followup.test_care import content, visit
from tests.integration.followup.world import HANOI, QUANG_NINH, Case, World

ARRIVED_ON = date(2026, 3, 2)
DUE_3M = date(2026, 6, 2)
A_DAY = timedelta(days=1)


async def kinds(world: World, case: Case, office_id: str = HANOI) -> list[str]:
    """The follow-ups that are to be made."""
    request = visits_pb2.ListFollowUpsRequest(filter=visits_pb2.FollowUpFilter(case=case.number))
    found = (await world.stub.ListFollowUps(request, **world.as_office(office_id))).follow_ups
    return [types.FollowUpKind.Name(one.kind).removeprefix("FOLLOW_UP_KIND_") for one in found]


async def rescheduled(world: World, case: Case, kind: str, on: date, **by: Any) -> visits_pb2.FollowUp:
    """Put a follow-up on another day."""
    request = steps_pb2.RescheduleFollowUpRequest(
        request_id=str(uuid.uuid4()),
        case=case.number,
        kind=types.FollowUpKind.Value(f"FOLLOW_UP_KIND_{kind}"),
        due_on=on.isoformat(),
        reason="PERSON_ASKED",
    )
    return (await world.stub.RescheduleFollowUp(request, **world.as_office(HANOI, **by))).follow_up


async def dropped(world: World, case: Case, kind: str, **by: Any) -> visits_pb2.FollowUp:
    """Drop one."""
    request = steps_pb2.DropFollowUpRequest(
        request_id=str(uuid.uuid4()),
        case=case.number,
        kind=types.FollowUpKind.Value(f"FOLLOW_UP_KIND_{kind}"),
        reason=types.STEP_DROP_REASON_RISK_FELL,
    )
    return (await world.stub.DropFollowUp(request, **world.as_office(HANOI, **by))).follow_up


async def were_due(world: World, as_of: date, *, office_id: str = HANOI) -> dict[str, tuple[int, int, int, int]]:
    """What was due, made, made late and missed, as everything stood at the end of a day."""
    request = steps_pb2.CountDueFollowUpsRequest(stood_on=as_of.isoformat())
    counts = (await world.stub.CountDueFollowUps(request, **world.as_office(office_id))).counts
    return {
        types.FollowUpKind.Name(each.kind).removeprefix("FOLLOW_UP_KIND_"): (
            each.due,
            each.done,
            each.done_late,
            each.missed,
        )
        for each in counts
    }


async def at(world: World, day: date) -> None:
    """Move to a day, and look at the clock."""
    await world.at(start_of_local_day(day) + timedelta(hours=9))


async def test_the_seventh_story_steps_stay_and_the_figure_of_a_day_is_the_same_for_ever(world: World) -> None:
    case, other = await world.arrived(ARRIVED_ON), await world.arrived(ARRIVED_ON)
    await at(world, DUE_3M - A_DAY)
    await world.stub.RecordVisit(visit(case, content(risk="HIGH")), **world.as_office(HANOI))
    [_, told, _] = (await world.heard())[-3:]
    assert isinstance(told, said.StepsChanged)
    assert told.cause == types.STEPS_CAUSE_CARE
    assert [each.kind for each in told.added] == [
        types.FOLLOW_UP_KIND_MONTHS_6,
        types.FOLLOW_UP_KIND_MONTHS_9,
        types.FOLLOW_UP_KIND_MONTHS_12,
        types.FOLLOW_UP_KIND_YEARS_2,
    ]
    await at(world, date(2026, 9, 2))
    await world.stub.RecordVisit(visit(case, content(risk="RAISED")), **world.as_office(HANOI))
    await at(world, date(2026, 12, 5))
    await world.stub.RecordVisit(visit(case, content(risk="LOW")), **world.as_office(HANOI))
    assert await kinds(world, case) == ["MONTHS_12", "YEARS_2", "YEARS_3"]
    day = date(2026, 12, 5)
    figure = {"MONTHS_3": (2, 1, 0, 0), "MONTHS_6": (1, 1, 0, 0), "MONTHS_9": (1, 1, 1, 0)}
    assert await were_due(world, day) == figure
    # What happens from the next day on changes what is due then, and nothing of that day.
    await at(world, day + A_DAY)
    await dropped(world, case, "MONTHS_12")
    await world.record(other, on=day, kind="MONTHS_3")
    await world.take_back(case, 3)
    await world.close(case, "DIED")
    assert await were_due(world, day) == figure
    await at(world, date(2027, 12, 5))
    assert await were_due(world, day) == figure
    assert await were_due(world, day, office_id=QUANG_NINH) == {}
    assert (await were_due(world, date(2027, 12, 5)))["MONTHS_3"] == (2, 2, 1, 0)


async def test_a_figure_of_a_day_to_come_is_refused(world: World) -> None:
    request = steps_pb2.CountDueFollowUpsRequest(stood_on="2026-03-03", due_until="2026-03-04", due_from="2026-03-05")
    code, reason, _ = await refused(world.stub.CountDueFollowUps(request, **world.as_office(HANOI)))
    assert (code, reason) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_INPUT")


async def test_a_child_gets_more_looks_and_a_corrected_age_adds_those_ahead(world: World) -> None:
    child = await world.arrived(ARRIVED_ON, age_band="FROM_16_TO_17")
    adult = await world.arrived(ARRIVED_ON)
    assert len(await kinds(world, child)) == 8
    assert await kinds(world, adult) == ["MONTHS_3", "YEARS_3"]
    await world.heard()
    await world.age(adult, "UNDER_16")
    [told] = await world.heard()
    assert (told.cause, len(told.added), told.policy_version) == (types.STEPS_CAUSE_AGE, 6, 2)
    await world.age(adult, "ADULT")
    assert await world.heard() == []
    assert await kinds(world, adult) == await kinds(world, child)
    for case in (child, adult):
        assert await world.armed(case) == await world.watched(case)


async def test_a_follow_up_is_put_on_another_day_and_counted_by_the_first(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    await world.contact(case, "REACHED")
    await at(world, DUE_3M)
    await world.heard()
    one = await rescheduled(world, case, "MONTHS_3", DUE_3M + timedelta(days=10))
    assert (one.due_on, one.first_due_on, one.limit_on) == ("2026-06-12", "2026-06-02", "2026-06-15")
    [told] = await world.heard()
    assert told == said.FollowUpRescheduled(
        case_id=str(case.id),
        follow_up_id=one.follow_up_id,
        kind=types.FOLLOW_UP_KIND_MONTHS_3,
        office_id=HANOI,
        first_due_on="2026-06-02",
        due_on="2026-06-12",
    )
    assert await world.armed(case) == await world.watched(case)
    [due] = await world.at(start_of_local_day(DUE_3M + timedelta(days=10)) + timedelta(minutes=9))
    assert isinstance(due, said.FollowUpDue)
    assert not due.late
    assert await were_due(world, DUE_3M) == {"MONTHS_3": (1, 0, 0, 0)}
    [overdue] = await world.at(start_of_local_day(DUE_3M + timedelta(days=14)) + timedelta(hours=1))
    assert isinstance(overdue, said.FollowUpOverdue)
    assert (await world.story(case)).marks[-3].event == "FollowUpRescheduled"


async def test_what_is_put_on_another_day_is_announced_for_that_day_too(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    soon = DUE_3M - timedelta(days=6)
    await world.at(start_of_local_day(soon) - timedelta(microseconds=1))
    [told] = await world.at(start_of_local_day(soon))
    assert (type(told), told.due_on) == (said.FollowUpDueSoon, DUE_3M.isoformat())
    other = DUE_3M + timedelta(days=13)
    await rescheduled(world, case, "MONTHS_3", other)
    await world.heard()
    assert await world.at(start_of_local_day(other - timedelta(days=6)) - timedelta(microseconds=1)) == []
    [again] = await world.at(start_of_local_day(other - timedelta(days=6)))
    assert (type(again), again.due_on) == (said.FollowUpDueSoon, other.isoformat())
    [due] = await world.at(start_of_local_day(other))
    assert isinstance(due, said.FollowUpDue)


async def test_a_look_for_research_is_taken_up_by_what_she_says_now(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    await world.consent(case, "RESEARCH", "GIVEN", ARRIVED_ON)
    await world.consent(case, "RESEARCH", "WITHDRAWN", ARRIVED_ON)

    async def taken_up() -> visits_pb2.FollowUp:
        request = steps_pb2.TakeUpFollowUpRequest(
            request_id=str(uuid.uuid4()), case=case.number, kind=types.FOLLOW_UP_KIND_YEARS_5
        )
        return (await world.stub.TakeUpFollowUp(request, **world.as_office(HANOI))).follow_up

    assert (await refused(taken_up()))[1] == "FOLLOW_UP_NEEDS_HER_WORD"
    world.handover.intake_is_away = True
    assert (await refused(taken_up()))[:2] == (grpc.StatusCode.UNAVAILABLE, "CONSENT_UNKNOWN")
    world.handover.intake_is_away = False
    # Followup has not heard of it yet.
    given = consents_pb2.SaidToPurpose(
        purpose="RESEARCH", state=types.CONSENT_STATE_GIVEN, said_on=ARRIVED_ON.isoformat()
    )
    world.handover.said[case.number].append(given)
    assert (await taken_up()).state == types.FOLLOW_UP_STATE_SCHEDULED


async def test_what_takes_a_step_away_is_said_and_refused_to_others(world: World) -> None:
    case = await world.arrived(ARRIVED_ON, age_band="UNDER_16")
    await world.heard()
    one = await dropped(world, case, "MONTHS_1")
    assert one.state == types.FOLLOW_UP_STATE_CANCELLED
    [told] = await world.heard()
    assert (told.cause, [each.follow_up_id for each in told.dropped]) == (types.STEPS_CAUSE_DROPPED, [one.follow_up_id])
    assert await world.armed(case) == await world.watched(case)
    request = steps_pb2.TakeUpFollowUpRequest(
        request_id=str(uuid.uuid4()), case=case.number, kind=types.FOLLOW_UP_KIND_MONTHS_1
    )
    again = (await world.stub.TakeUpFollowUp(request, **world.as_office(HANOI))).follow_up
    assert (again.follow_up_id, again.state) == (one.follow_up_id, types.FOLLOW_UP_STATE_SCHEDULED)
    [told] = await world.heard()
    assert (told.cause, [each.follow_up_id for each in told.added]) == (types.STEPS_CAUSE_TAKEN_UP, [one.follow_up_id])
    assert await world.armed(case) == await world.watched(case)
    _, reason, _ = await refused(dropped(world, case, "YEARS_3"))
    assert reason == "FOLLOW_UP_ALWAYS_MADE"
    _, reason, _ = await refused(dropped(world, case, "MONTHS_2", grades=[Grade.CASE]))
    assert reason == "GRADE_MISSING"


@pytest.mark.parametrize("outcome", ["lost", "handed on"])
async def test_steps_rest_while_she_is_searched_for_and_go_on_with_custody(world: World, outcome: str) -> None:
    case = await world.arrived(ARRIVED_ON, age_band="UNDER_16")
    before = await world.armed(case)
    if outcome == "lost":
        await world.search(case, "NOT_AT_ADDRESS")
        assert {rule for rule, _, _ in await world.armed(case)} == {"FOLLOW_UP_3M", "FOLLOW_UP_3Y", "FIRST_CONTACT"}
        await world.heard()
        told = await world.at(start_of_local_day(date(2026, 4, 20)))
        assert not any(isinstance(each, said.FollowUpDue) for each in told), "nobody is to look for her at home"
        await world.search(case, resolved="FOUND")
        assert "FOLLOW_UP_1M" in [rule for rule, _, _ in await world.armed(case)]
    else:
        await world.custody(case, "ARRIVED", QUANG_NINH, arrival_on=ARRIVED_ON)
        assert await world.armed(case) == before
        assert len(await kinds(world, case, QUANG_NINH)) == 8
    assert await world.armed(case) == await world.watched(case)


async def test_what_needs_her_consent_is_made_as_long_as_she_agrees(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    await world.consent(case, "RESEARCH", "REFUSED", ARRIVED_ON)
    assert await kinds(world, case) == ["MONTHS_3", "YEARS_3"]
    await world.consent(case, "RESEARCH", "GIVEN", ARRIVED_ON)
    assert await kinds(world, case) == ["MONTHS_3", "YEARS_3", "YEARS_5"]
    await world.consent(case, "RESEARCH", "WITHDRAWN", ARRIVED_ON)
    assert await kinds(world, case) == ["MONTHS_3", "YEARS_3"], "what is always made stays"
    assert await world.armed(case) == await world.watched(case)
    await world.consent(case, "RESEARCH", "GIVEN", ARRIVED_ON)
    assert await kinds(world, case) == ["MONTHS_3", "YEARS_3", "YEARS_5"]
    await dropped(world, case, "YEARS_5")
    await world.custody(case, "REASSIGNED", QUANG_NINH, arrival_on=ARRIVED_ON)
    assert "YEARS_5" not in await kinds(world, case, QUANG_NINH), "what an office dropped comes back by her word alone"


async def test_a_consent_of_before_she_came_home_counts_for_the_set(world: World) -> None:
    case = world.new_case()
    await world.consent(case, "RESEARCH", "GIVEN", ARRIVED_ON)
    await world.custody(case, "ARRIVED", arrival_on=ARRIVED_ON)
    assert await kinds(world, case) == ["MONTHS_3", "YEARS_3", "YEARS_5"]
    added = [one for one in await world.heard() if isinstance(one, said.StepsChanged)]
    assert [one.cause for one in added] == [types.STEPS_CAUSE_CARE], "why is not told apart"
