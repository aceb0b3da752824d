"""Every entry has a way back; whoever looks later reads who wrote what, when and why."""

from __future__ import annotations

from datetime import date, timedelta

import grpc
import pytest
from sqlalchemy import text

from homeward.events.v1 import followup_pb2 as said
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.clock import start_of_local_day
from tests.integration.followup.test_calls import refused
from tests.integration.followup.world import HANOI, QUANG_NINH, World

ARRIVED_ON = date(2026, 3, 1)
DUE_3M = date(2026, 6, 1)
DUE_3Y = date(2029, 3, 1)
SUPERVISOR = "SV-01"
CENTRE = "RC-LAO-CAI"


async def test_a_visit_of_the_wrong_case_is_taken_back_without_a_trace_but_its_history(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    world.clock.move_to(start_of_local_day(DUE_3M))
    before, rows = await world.armed(case), await world.follow_ups(case)
    await world.record(case, "AT_RISK", signs=("RF10",))
    await world.heard()
    answer = await world.take_back(case, 1)
    assert [each.state for each in answer.entry.versions] == [
        types.ENTRY_STATE_RECORDED,
        types.ENTRY_STATE_TAKEN_BACK,
    ]
    [told] = await world.heard()
    assert isinstance(told, said.EntryTakenBack)
    assert (told.was_visit, told.visited, told.reason) == (True, False, types.ENTRY_REASON_WRONG_CASE)
    assert await world.armed(case) == before
    after = await world.follow_ups(case)
    assert [(one.state, one.due_on, one.visited_on) for one in after] == [
        (one.state, one.due_on, one.visited_on) for one in rows
    ]
    assert (await world.record(case, "SETTLED")).state == types.FOLLOW_UP_STATE_RECORDED


async def test_a_deadline_that_passed_meanwhile_is_said_once_the_visit_is_gone(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    world.clock.move_to(start_of_local_day(DUE_3M))
    await world.look()
    await world.record(case)
    await world.at(start_of_local_day(DUE_3M + timedelta(days=40)))
    await world.take_back(case, 1, office_id=SUPERVISOR, scope="01@2025")
    await world.heard()
    told = await world.at(world.clock.now())
    assert [type(event) for event in told] == [said.FollowUpOverdue, said.FollowUpEscalated]


async def test_a_correction_is_a_version_with_its_reason(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    world.clock.move_to(start_of_local_day(DUE_3M + timedelta(days=2)))
    await world.record(case, "SETTLED")
    right = DUE_3M - timedelta(days=1)
    answer = await world.correct(case, 1, "WRONG_DAY", on=right.isoformat())
    assert [(each.on, each.reason) for each in answer.entry.versions] == [
        ("2026-06-03", types.ENTRY_REASON_UNSPECIFIED),
        ("2026-05-31", types.ENTRY_REASON_WRONG_DAY),
    ]
    assert (await world.follow_ups(case))[0].visited_on == right.isoformat()
    _, reason, _ = await refused(world.correct(case, 1, "WRONG_DAY", on=right.isoformat()))
    assert reason == "ENTRY_UNCHANGED"
    _, reason, _ = await refused(world.correct(case, 1, "WRONG_DAY", on=right.isoformat(), etag='"1"'))
    assert reason == "ETAG_MISMATCH"
    _, reason, found = await refused(world.correct(case, 1, "WRONG_CASE"))
    assert (reason, found) == ("INVALID_INPUT", [("reason", "NOT_ALLOWED")])


async def test_the_office_for_fourteen_days_and_its_supervisor_later(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    world.clock.move_to(start_of_local_day(DUE_3M))
    await world.record(case)
    world.clock.move_to(start_of_local_day(DUE_3M + timedelta(days=15)))
    _, reason, _ = await refused(world.take_back(case, 1))
    assert reason == "ENTRY_TOO_OLD"
    for office_id in (QUANG_NINH, "SV-22"):
        code, _, _ = await refused(world.take_back(case, 1, office_id=office_id))
        assert code is grpc.StatusCode.NOT_FOUND
    await world.take_back(case, 1, office_id=SUPERVISOR, scope="01@2025")
    assert (await world.story(case)).entries[0].versions[-1].office_id == SUPERVISOR


async def test_a_contact_taken_back_ends_its_search_and_a_success_opens_it_again(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    first = await world.contact(case, "NOT_AT_ADDRESS")
    assert first.search == types.SEARCH_EFFECT_OPENS_NOT_AT_ADDRESS
    await world.search(case, "NOT_AT_ADDRESS")
    assert (await world.follow_ups(case))[0].lost
    world.clock.move_by(timedelta(days=2))
    reached = await world.contact(case, "REACHED")
    assert reached.search == types.SEARCH_EFFECT_ENDS_SEEN
    caused_by = (await world.said())[-1].event_id
    await world.search(case, resolved="FOUND", caused_by=caused_by)
    assert not (await world.follow_ups(case))[0].lost
    again = await world.take_back(case, reached.entry_number)
    assert again.search == types.SEARCH_EFFECT_OPENS_NOT_AT_ADDRESS
    ended = await world.take_back(case, first.entry_number)
    assert ended.search == types.SEARCH_EFFECT_ENDS_MISTAKEN


async def test_found_by_others_the_former_attempts_count_no_more(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    for number in range(3):
        world.clock.move_to(start_of_local_day(DUE_3M + timedelta(days=number)))
        await world.record(case, "NOT_REACHED")
    await world.search(case, "NOT_AT_ADDRESS")
    world.clock.move_by(timedelta(days=10))
    await world.search(case, resolved="FOUND")
    [one, _] = await world.follow_ups(case)
    assert (one.lost, one.attempts) == (False, 0)
    paper = await world.recorded(case, "NOT_REACHED", on=DUE_3M + timedelta(days=3))
    assert (paper.search, paper.follow_up.attempts) == (types.SEARCH_EFFECT_NONE, 0)


async def test_an_attempt_older_than_a_success_says_so_and_opens_nothing(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    world.clock.move_to(start_of_local_day(ARRIVED_ON + timedelta(days=6)))
    await world.contact(case, "REACHED")
    paper = await world.contact(case, "NOT_AT_ADDRESS", on=ARRIVED_ON + timedelta(days=4))
    assert (paper.search, paper.seen_on) == (types.SEARCH_EFFECT_NONE, "2026-03-07")


async def test_a_later_look_ends_the_earlier_as_missed_and_nothing_escalates_any_more(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    await world.at(start_of_local_day(DUE_3Y))
    answer = await world.recorded(case)
    assert (answer.follow_up.kind, list(answer.missed)) == (
        types.FOLLOW_UP_KIND_YEARS_3,
        [types.FOLLOW_UP_KIND_MONTHS_3],
    )
    assert [one.state for one in await world.follow_ups(case)] == [
        types.FOLLOW_UP_STATE_MISSED,
        types.FOLLOW_UP_STATE_RECORDED,
    ]
    assert await world.armed(case) == [("CLOSE_DECISION", True, DUE_3Y + timedelta(days=30))]
    assert await world.overdue() == []


@pytest.mark.parametrize(("then", "rule"), [("CLOSE", "CLOSE_DECISION"), ("KEEP", "FOLLOW_UP_3Y")])
async def test_who_asks_not_to_be_visited_again_says_what_follows(world: World, then: str, rule: str) -> None:
    case = await world.arrived(ARRIVED_ON)
    world.clock.move_to(start_of_local_day(DUE_3M))
    _, reason, found = await refused(world.recorded(case, "DECLINED"))
    assert (reason, found) == ("INVALID_INPUT", [("then", "REQUIRED_WITH")])
    _, reason, found = await refused(world.recorded(case, "SETTLED", then=then))
    assert (reason, found) == ("INVALID_INPUT", [("then", "NOT_ALLOWED_WITH")])
    await world.recorded(case, "DECLINED", then=then)
    assert [each[0] for each in await world.armed(case) if each[1]] == [rule]


async def test_while_she_is_in_a_facility_her_agency_goes_on(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    await world.heard()
    segment = await world.custody(case, "ADMITTED", CENTRE, phase="ADMITTED")
    [scheduled] = await world.heard()
    assert (scheduled.segment, scheduled.office_id, scheduled.kept) == (segment, HANOI, True)
    [due] = await world.at(start_of_local_day(DUE_3M))
    assert due.office_id == HANOI
    assert [one.office_id for one in await world.follow_ups(case)] == [HANOI, HANOI]
    code, _, _ = await refused(world.record(case, office_id=CENTRE))
    assert code is grpc.StatusCode.PERMISSION_DENIED
    await world.contact(case, "NOT_AT_ADDRESS")
    await world.record(case)
    seen = await world.story(case, CENTRE)
    assert [each.versions[0].withheld for each in seen.entries] == [True, True]
    assert seen.entries[1].versions[0].outcome == types.FOLLOW_UP_OUTCOME_UNSPECIFIED
    assert [each.versions[0].withheld for each in (await world.story(case)).entries] == [False, False]


async def test_home_again_elsewhere_begins_with_a_first_contact(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    await world.custody(case, "ADMITTED", CENTRE, phase="ADMITTED")
    home_on = ARRIVED_ON + timedelta(days=90)
    world.clock.move_to(start_of_local_day(home_on))
    await world.custody(case, "REASSIGNED", QUANG_NINH, arrival_on=home_on)
    assert ("FIRST_CONTACT", False, home_on + timedelta(days=7)) in await world.armed(case)
    assert [one.office_id for one in await world.follow_ups(case, QUANG_NINH)] == [QUANG_NINH, QUANG_NINH]
    code, _, _ = await refused(world.record(case, office_id=HANOI))
    assert code is grpc.StatusCode.NOT_FOUND


async def test_custody_that_goes_to_a_post_leaves_the_follow_ups_with_the_agency(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    await world.custody(case, "REASSIGNED", "BP-CN-MONG-CAI", phase="FOLLOW_UP")
    world.clock.move_to(start_of_local_day(DUE_3M))
    await world.record(case)
    never_home = world.new_case()
    await world.custody(never_home, "FOUND", "BP-CN-MONG-CAI", arrival_on=ARRIVED_ON)
    assert [one.office_id for one in await world.follow_ups(never_home, QUANG_NINH)] == [QUANG_NINH, QUANG_NINH]


async def test_the_story_tells_marks_and_every_version(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    await world.at(start_of_local_day(DUE_3M + timedelta(days=80)))
    await world.record(case)
    await world.correct(case, 1, "WRONG_OUTCOME", outcome=types.FOLLOW_UP_OUTCOME_NEEDS_SUPPORT)
    story = await world.story(case, SUPERVISOR, "01@2025")
    assert story.office_id == HANOI
    assert [each.event for each in story.marks] == [
        "FollowUpsScheduled",
        "FollowUpEscalated",
        "FollowUpDue",
        "FollowUpOverdue",
        "FollowUpEscalated",
        "FollowUpNeglected",
    ]
    [entry] = story.entries
    assert [each.outcome for each in entry.versions] == [
        types.FOLLOW_UP_OUTCOME_SETTLED,
        types.FOLLOW_UP_OUTCOME_NEEDS_SUPPORT,
    ]
    for office_id in (QUANG_NINH, CENTRE):
        code, _, _ = await refused(world.story(case, office_id))
        assert code is grpc.StatusCode.NOT_FOUND


async def test_a_supervisor_records_what_is_left_to_it(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    async with world.chassis.engine.begin() as connection:
        # As the end of an agency without a successor leaves it.
        await connection.execute(
            text("UPDATE followup_case SET office_id = :sv, keeper_id = :sv, keepers = ARRAY[:sv]"), {"sv": SUPERVISOR}
        )
    answer = await world.contact(case, "REACHED", office_id=SUPERVISOR)
    assert answer.entry_number == 1
