"""What goes wrong between two offices, and what is told of it: a story for each row of complaints."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.calendar import add_months
from services.chassis.kernel.clock import local_date
from tests.integration.stories.story import (
    CENTRE,
    CENTRES_SUPERVISOR,
    ELSEWHERE,
    HER_SUPERVISOR,
    HOME,
    NATION,
    POST,
    POSTS_SUPERVISOR,
    THEIR_SUPERVISOR,
    THIRD,
    Story,
)

UNKNOWN = {"left_for": "UNKNOWN"}


async def test_row_1_referring_out_does_not_end_the_story(told: Story) -> None:
    """Row 1: "referring out exits the client at the sender by itself, reviewers unsure when". F1."""
    case = await told.sent(await told.at_home(), ELSEWHERE, HOME)
    await told.do(ELSEWHERE, "AcceptTransfer", case)
    closing = told.do(HOME, "CloseCase", case, reason="LEFT_AREA", **UNKNOWN)
    assert await told.refused(closing) == "PERSON_IS_AWAITED"
    await told.passes(1)
    await told.arrived(case, ELSEWHERE)
    assert (await told.stands(case))[1] == ELSEWHERE

    planned = await told.planned(await told.at_home(), ELSEWHERE, HOME)
    closing = told.do(HOME, "CloseCase", planned, reason="ASKED_TO_STOP")
    assert await told.refused(closing) == "PERSON_IS_AWAITED", "neither is one dropped of whom it is only planned"


async def test_row_1_who_left_the_area_is_searched_for_where_she_went(told: Story) -> None:
    """Row 1, its sibling: `left-area` leads somewhere, and ends no search that says the same. F1."""
    case = await told.at_home()
    there = types.ProvinceRef(code="24", vintage="2025")
    await told.do(HOME, "CloseCase", case, reason="LEFT_AREA", left_for="PROVINCE", to_province=there)
    assert await told.lost() == {case: "LEFT_PROVINCE"}
    for office in (ELSEWHERE, THEIR_SUPERVISOR):
        assert await told.inbox(office, case), office
    again = told.do(HOME, "CloseCase", case, reason="LEFT_AREA", **UNKNOWN)
    assert await told.refused(again) == "SEARCH_IS_OPEN"
    await told.do(HER_SUPERVISOR, "ResolveSearch", case, resolution="FOUND", office_id=ELSEWHERE, on=told.day())
    assert (await told.stands(case))[1] == HOME, "it is for the office that is said to have her"
    await told.do(ELSEWHERE, "ConfirmFound", case)
    assert await told.stands(case) == ("FOLLOW_UP", ELSEWHERE)


@pytest.mark.parametrize("objects", [HOME, POSTS_SUPERVISOR, HER_SUPERVISOR])
async def test_row_2_whoever_awaits_her_reads_why_nothing_is_asked_any_more(told: Story, objects: str) -> None:
    """Row 2: "transfer request stays open when the patient is discharged elsewhere or dies". F1."""
    case = await told.sent(await told.registered())
    await told.do(HOME, "AcceptTransfer", case)
    await told.do(POST, "CloseCase", case, reason="DIED")
    assert "AWAITED_CASE_CLOSED" in await told.kinds(HOME, case)
    (why,) = [one for one in await told.inbox(HOME, case) if one.kind == "AWAITED_CASE_CLOSED"]
    assert "died" in why.body
    assert await told.asked(HOME, case) == set()
    await told.do(objects, "ReopenCase", case, reason="NOT_TRUE")
    assert await told.stands(case) == ("IN_TRANSIT", POST), "who is addressed and who supervises may object"
    await told.arrived(case)


async def test_row_3_not_arrived_is_no_last_word(told: Story) -> None:
    """Row 3: "a no-show cannot be changed to anything afterwards; attended, still listed as missed". F2."""
    case = await told.sent(await told.registered())
    await told.passes(1)
    await told.do(HOME, "ReportNotArrived", case)
    assert (await told.custody(case, HOME)).arrival_still_taken
    assert await told.where(case) == "NOT_KNOWN"
    await told.passes(7)
    assert await told.lost() == {case: "REJECTED_NOT_REDISPATCHED"}
    await told.arrived(case)
    assert await told.lost() == {}
    assert await told.stands(case) == ("FOLLOW_UP", HOME)
    assert await told.asked(POST, case) == await told.asked(POSTS_SUPERVISOR, case) == set()


async def test_row_3_every_answer_has_a_way_back(told: Story) -> None:
    """Row 3, its siblings: the bus was late; a reject in the wrong row; a recall, and she comes all the same. F2."""
    late, rejected, recalled = [await told.sent(await told.registered()) for _ in range(3)]
    await told.passes(1)
    await told.do(HOME, "ReportNotArrived", late)
    await told.do(HOME, "TakeBackAnswer", late, reason="WRONG_NEWS")
    await told.do(HOME, "RejectTransfer", rejected, reason="NOT_RESIDENT")
    await told.do(HOME, "TakeBackAnswer", rejected, reason="WRONG_PERSON")
    for case in (late, rejected):
        assert await told.stands(case) == ("IN_TRANSIT", POST)
        assert await told.asked(HOME, case) == {"ACKNOWLEDGE"}
        await told.arrived(case)
    await told.do(POST, "RecallTransfer", recalled)
    await told.arrived(recalled)
    assert await told.stands(recalled) == ("FOLLOW_UP", HOME), "whoever sees her is right"
    await told.do(HOME, "TakeBackAnswer", recalled, reason="WRONG_PERSON")
    assert (await told.stands(recalled))[1] == POST, "and an arrival has a way back, too"


async def test_row_23_what_is_done_is_asked_no_more(told: Story) -> None:
    """Row 23: "done task still shown red; tasks of removed persons". F15."""
    arrived, rejected, recalled, dead = [await told.sent(await told.registered()) for _ in range(4)]
    assert await told.asked(HOME, arrived) == {"ACKNOWLEDGE"}
    await told.arrived(arrived)
    await told.do(HOME, "RejectTransfer", rejected, reason="NOT_RESIDENT")
    await told.do(POST, "RecallTransfer", recalled)
    await told.do(POST, "CloseCase", dead, reason="DIED")
    for case in (arrived, rejected, recalled, dead):
        assert await told.asked(HOME, case) == set()
        asked = [one for one in await told.inbox(HOME, case) if one.duty == "ACKNOWLEDGE"]
        assert all(one.done_by for one in asked), "the message stays, and says what ended it"
    withdrawn = await told.planned(await told.registered())
    await told.do(POST, "WithdrawCase", withdrawn, reason="REGISTERED_BY_MISTAKE")
    assert await told.asked(HOME, withdrawn) == await told.asked(POST, withdrawn) == set()


async def test_row_24_one_act_is_one_message(told: Story) -> None:
    """Row 24: "doubled notices (notice on create and on assign)". F15."""
    case = await told.sent(await told.registered())
    assert await told.kinds(HOME, case) == ["TRANSFER_UNDER_WAY"]
    assert (await told.kinds(POST, case)).count("TRANSFER_DISPATCHED") == 1
    assert "TRANSFER_PLANNED" not in await told.kinds(POST, case), "nothing asks to record what was just recorded"


async def test_row_25_both_provinces_see_that_she_is_overdue(told: Story) -> None:
    """Row 25: "which facility counts an overdue appointment; lower level gets no notice". F16."""
    case = await told.sent(await told.registered())
    await told.passes(6)
    for office in (POST, HOME, POSTS_SUPERVISOR, HER_SUPERVISOR):
        assert case in await told.overdue(office), office
        assert await told.inbox(office, case), office
    for office in (HOME, HER_SUPERVISOR):
        board = (await told.do(office, "GetTransferBoard")).incoming
        assert {one.name: one.count for one in board}["OVERDUE"] == len(await told.overdue(office)) == 1
        counted = (await told.do(office, "CountOverdue")).counts
        assert sum(one.total for one in counted) == 1
    assert await told.overdue(THEIR_SUPERVISOR) == {}


async def test_row_25_a_first_contact_that_nobody_made_is_listed_and_told(told: Story) -> None:
    """Row 25, its sibling: a first contact overdue stands in a list, and the supervisor hears of it. F16."""
    case = await told.at_home()
    await told.passes(14, 3)
    for office in (HOME, HER_SUPERVISOR):
        assert case in await told.overdue(office), office
        assert "CONTACT_FIRST" in await told.asked(office, case), office


async def test_row_30_an_old_plan_stands_in_nobodys_way(told: Story) -> None:
    """Row 30: "a request of the former facility blocks the new one"."""
    case = await told.planned(await told.at_home(), ELSEWHERE, HOME)
    await told.do(NATION, "ReassignCase", case, office_id=THIRD, reason="OFFICE_CANNOT")
    assert (await told.custody(case)).transfers[-1].state == types.TRANSFER_STATE_RECALLED
    assert await told.asked(ELSEWHERE, case) == set()
    await told.sent(case, ELSEWHERE, THIRD)
    assert await told.asked(ELSEWHERE, case) == {"ACKNOWLEDGE"}


async def test_row_31_the_same_stay_goes_on(told: Story) -> None:
    """Row 31: "discharged, transferred, ends up readmitted at the old place". F7."""
    case = await told.in_the_shelter()
    (stay,), limit = (await told.custody(case)).stays, (await told.custody(case)).deadline_on
    await told.passes(20)
    await told.sent(case, HOME, CENTRE)
    assert await told.where(case) == "IN_TRANSIT"
    await told.do(HOME, "RejectTransfer", case, reason="NOT_RESIDENT")
    assert await told.where(case) == "NOT_KNOWN", "on the road"
    await told.do(CENTRE, "AdmitPerson", case)
    (same,) = (await told.custody(case)).stays
    assert (same.admitted_on, same.discharged_on) == (stay.admitted_on, "")
    assert (await told.custody(case)).deadline_on == limit
    assert await told.where(case) == "SHELTER"


async def test_row_32_what_happened_days_ago_is_entered_today(told: Story) -> None:
    """Row 32: "back-dated entry impossible"."""
    case = await told.registered()
    await told.passes(5)
    left = {"to_office_id": HOME, "departed_on": told.day(-4), "expected_arrival_on": told.day(-3)}
    await told.do(POST, "DispatchTransfer", case, **left)
    await told.arrived(case, on=told.day(-3))
    due = add_months(local_date(told.country.clock.now()) - timedelta(days=3), 3)
    assert (await told.follow_ups(case))["MONTHS_3"].due_on == due.isoformat()


async def test_row_34_a_second_time_to_the_same_office(told: Story) -> None:
    """Row 34: "second referral to the same office"."""
    case = await told.sent(await told.registered())
    await told.do(HOME, "RejectTransfer", case, reason="NOT_RESIDENT")
    await told.arrived(await told.sent(case))
    made = [one.state for one in (await told.custody(case)).transfers]
    assert made == [types.TRANSFER_STATE_REJECTED, types.TRANSFER_STATE_ACKNOWLEDGED]


async def test_row_36_the_second_clerk_reads_who_was_quicker(told: Story) -> None:
    """Row 36: "double accept (one action, two records)". F20."""
    case = await told.at_home()
    assert await told.refused(told.do(HOME, "AcknowledgeTransfer", case)) == "ALREADY_ACKNOWLEDGED"
    rejecting = told.do(HOME, "RejectTransfer", case, reason="NOT_RESIDENT")
    assert await told.refused(rejecting) == "ALREADY_ACKNOWLEDGED"
    assert len({one.segment for one in (await told.custody(case)).segments}) == 2
    recalled = await told.sent(await told.registered())
    await told.do(POST, "RecallTransfer", recalled)
    assert await told.refused(told.do(POST, "RecallTransfer", recalled)) == "ALREADY_RECALLED"


async def test_row_37_the_wrong_receiver_has_no_part_in_it(told: Story) -> None:
    """Row 37: "wrong receiver"."""
    case = await told.sent(await told.registered(), ELSEWHERE)
    await told.do(ELSEWHERE, "AcceptTransfer", case)
    await told.do(POST, "RedirectTransfer", case, to_office_id=HOME, expected_arrival_on=told.day(1))
    assert await told.refused(told.do(ELSEWHERE, "AcknowledgeTransfer", case)) == "ENDED_BY_SENDER"
    assert await told.refused(told.do(ELSEWHERE, "GetCase", case)) == "CASE_NOT_FOUND"
    assert (await told.do(ELSEWHERE, "ListCases", page_size=200)).cases == []
    assert await told.asked(ELSEWHERE, case) == set()
    await told.arrived(case)


async def test_row_46_late_news_asks_for_one_thing(told: Story) -> None:
    """Row 46: "start and overdue told at the same moment". F15."""
    case = await told.sent(await told.registered())
    arrived_on = told.day(1)
    await told.passes(70, 2)
    await told.arrived(case, on=arrived_on)
    await told.passes(0)
    assert await told.asked(HOME, case) == {"FOLLOW_UP"}, "one thing is asked, of five that passed meanwhile"
    assert await told.asked(POST, case) == set()
    assert await told.asked(POSTS_SUPERVISOR, case) == {"DECIDE_IDENTIFICATION"}


async def test_row_6_who_stays_too_long_reaches_the_nation(told: Story) -> None:
    """Row 6, its sibling: a stay beyond its limit is told to the facility, its supervisor and the nation. F4."""
    case = await told.in_the_shelter()
    today = local_date(told.country.clock.now())
    limit = date.fromisoformat((await told.custody(case)).deadline_on)
    await told.passes((limit - today).days + 1)
    await told.passes(10, 4)
    for office in (CENTRE, CENTRES_SUPERVISOR, NATION):
        assert "END_STAY" in await told.asked(office, case), office
        assert case in await told.overdue(office), office
