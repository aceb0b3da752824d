"""What goes wrong with looking again: who does it, when, and what is said of it. A story for each row of complaints."""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta

import pytest

from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.calendar import add_months, add_years
from services.chassis.kernel.clock import VIET_NAM, local_date
from tests.integration.stories.story import (
    CENTRE,
    ELSEWHERE,
    HER_SUPERVISOR,
    HOME,
    NATION,
    OTHER_POST,
    POST,
    THEIR_SUPERVISOR,
    Story,
    state,
)
from tests.support.clocks import viet_nam

BOTH = {"MONTHS_3", "YEARS_3"}


async def test_row_8_follow_ups_stay_with_whoever_can_make_them(told: Story) -> None:
    """Row 8: "tasks assigned to users who have no access to the case". F6."""
    case = await told.arrived(await told.sent(await told.at_home(), CENTRE, HOME), CENTRE)
    assert await told.makers(case) == {HOME}
    await told.passes(85)
    await told.do(HOME, "RecordFollowUp", case, outcome="SETTLED")
    home = await told.at_home()
    for office, refused in ((OTHER_POST, "MAKES_NO_FOLLOW_UPS"), (CENTRE, "MAKES_NO_FOLLOW_UPS")):
        giving = told.do(NATION, "ReassignCase", home, office_id=office, reason="OTHER")
        assert await told.refused(giving) == refused


async def test_row_8_what_a_facility_is_asked_it_may_do(told: Story) -> None:
    """Row 8, in time: the shelter is asked for no visit, and the agency that is asked may record it. F6."""
    case = await told.arrived(await told.sent(await told.at_home(), CENTRE, HOME), CENTRE)
    await told.passes(100)
    assert "FOLLOW_UP" not in await told.asked(CENTRE, case)
    assert "FOLLOW_UP" in await told.asked(HOME, case)
    assert case in await told.overdue(HOME)
    assert (await told.follow_ups(case, HOME)).keys() == BOTH


async def test_row_9_out_of_a_facility_she_comes_home(told: Story) -> None:
    """Row 9: "a person may end with no follow-up at all after two status changes". F7."""
    case = await told.in_the_shelter()
    there = {"office_id": ELSEWHERE, "reason": "PERSON_IS_THERE"}
    assert await told.refused(told.do(NATION, "ReassignCase", case, **there)) == "STAYS_IN_FACILITY"
    await told.do(NATION, "ReassignCase", case, **there, with_office_since=told.day())
    assert await told.stands(case) == ("FOLLOW_UP", ELSEWHERE)
    assert (await told.follow_ups(case)).keys() == BOTH
    assert await told.where(case) == "HOME_OFFICE"
    facilities = (await told.do(CENTRE, "ListFacilities", page_size=50)).facilities
    assert sum(one.admitted for one in facilities) == 0


async def test_row_9_where_she_is_is_true_or_not_known(told: Story) -> None:
    """Row 9, its sibling: "where she is" in every phase. F7."""
    discharged, sought, reassigned = await told.in_the_shelter(), await told.at_home(), await told.registered()
    own = {"destination": "OWN_CHOICE", "province": types.ProvinceRef(code="08", vintage="2025")}
    await told.do(CENTRE, "DischargePerson", discharged, **own)
    assert await told.where(discharged) == "NOT_KNOWN"
    await told.do(HOME, "RecordContact", sought, outcome="NOT_AT_ADDRESS")
    assert await told.where(sought) == "NOT_KNOWN"
    await told.do(HOME, "RecordContact", sought, outcome="REACHED")
    assert await told.where(sought) == "HOME_OFFICE"
    await told.do(NATION, "ReassignCase", reassigned, office_id=OTHER_POST, reason="OFFICE_CANNOT")
    assert await told.where(reassigned) == "BORDER_POST"
    assert (await told.custody(reassigned)).segments[-1].place_office_id == POST, "nobody moved her by that"


async def test_row_11_a_later_look_ends_the_earlier_one_as_missed(told: Story) -> None:
    """Row 11: "flagged missed or lost although seen". F9."""
    case = await told.at_home()
    await told.passes(275, 4)
    assert await told.lost() == {}, "of whom nobody tried to see, nobody knows that she is not there"
    await told.do(HOME, "RecordFollowUp", case, outcome="SETTLED")
    found = await told.follow_ups(case)
    assert (state(found["MONTHS_3"]), state(found["YEARS_3"])) == ("MISSED", "RECORDED")
    assert await told.lost() == {}
    await told.passes(31)
    assert await told.asked(HOME, case) == {"DECIDE_CLOSING"}, "somebody is asked to close"
    assert "FOLLOW_UP" not in await told.asked(NATION, case)
    await told.do(HOME, "CloseCase", case, reason="PERIOD_ENDED")


async def test_row_11_attempts_of_one_office_are_no_mark_at_the_next(told: Story) -> None:
    """Row 11, its sibling: three failed attempts, found elsewhere, seen again: no mark stays, and grace is new. F9."""
    case = await told.at_home()
    await told.passes(80)
    for _ in range(3):
        await told.do(HOME, "RecordFollowUp", case, outcome="NOT_REACHED")
        await told.passes(1)
    assert await told.lost() == {case: "NOT_AT_ADDRESS"}
    await told.do(HER_SUPERVISOR, "ResolveSearch", case, resolution="FOUND", office_id=ELSEWHERE, on=told.day())
    await told.do(ELSEWHERE, "ConfirmFound", case)
    found = (await told.follow_ups(case, ELSEWHERE))["MONTHS_3"]
    assert (found.lost, found.attempts, found.office_id) == (False, 0, ELSEWHERE)
    await told.passes(15)
    assert await told.lost() == {}


async def test_row_14_due_days_follow_the_day_of_arrival(told: Story) -> None:
    """Row 14: "follow-up end not recalculated when the anchor date is corrected". F11."""
    case = await told.registered()
    await told.passes(3)
    left = {"to_office_id": HOME, "departed_on": told.day(-3), "expected_arrival_on": told.day()}
    await told.do(POST, "DispatchTransfer", case, **left)
    await told.arrived(case, on=told.day(-2))
    right = local_date(told.country.clock.now()) - timedelta(days=1)
    await told.passes(1)
    await told.do(HOME, "CorrectArrival", case, arrived_on=right.isoformat(), reason="MISTYPED")
    assert await told.due_days(case) == {
        "MONTHS_3": add_months(right, 3).isoformat(),
        "YEARS_3": add_years(right, 3).isoformat(),
    }
    await told.passes(20)
    late = {"arrived_on": (right - timedelta(days=1)).isoformat(), "reason": "WRONG_NEWS"}
    assert await told.refused(told.do(HOME, "CorrectArrival", case, **late)) == "TOO_LATE_TO_CORRECT"
    await told.do(HER_SUPERVISOR, "CorrectArrival", case, **late)
    assert len((await told.custody(case)).arrival_corrections) == 2, "with its history"


async def test_row_15_a_visit_in_the_wrong_case_is_taken_back(told: Story) -> None:
    """Row 15: "a task closed by mistake cannot be opened again". F11."""
    case = await told.at_home()
    await told.passes(85)
    answer = await told.do(HOME, "RecordFollowUp", case, outcome="SETTLED")
    second = told.do(HOME, "RecordFollowUp", case, outcome="AT_RISK", kind="MONTHS_3")
    assert await told.refused(second) == "FOLLOW_UP_ALREADY_RECORDED"
    await told.passes(30)
    wrong = {"entry_number": answer.entry_number, "reason": "WRONG_CASE"}
    assert await told.refused(told.do(HOME, "TakeBackEntry", case, **wrong)) == "ENTRY_TOO_OLD"
    await told.do(HER_SUPERVISOR, "TakeBackEntry", case, **wrong)
    assert state((await told.follow_ups(case))["MONTHS_3"]) in {"LATE", "OVERDUE"}
    assert "FOLLOW_UP" in await told.asked(HOME, case), "she is to be visited"
    await told.do(HOME, "RecordFollowUp", case, outcome="AT_RISK")
    entries = (await told.do(HOME, "GetStory", case)).entries
    assert len(entries) == 2, "and both stand in the history"


async def test_row_16_what_was_done_in_time_is_in_time(told: Story) -> None:
    """Row 16: "work done in time, entered late"."""
    case = await told.at_home()
    due = (await told.due_days(case))["MONTHS_3"]
    await told.passes(140)
    await told.do(HOME, "RecordFollowUp", case, outcome="SETTLED", visited_on=due)
    found = (await told.follow_ups(case))["MONTHS_3"]
    assert (state(found), found.visited_on) == ("RECORDED", due)
    assert not any("late" in line for line in await told.history(case) if "visit" in line.lower())


async def test_row_17_the_due_day_itself_is_in_time(told: Story) -> None:
    """Row 17: "an event on the boundary day itself falls out"."""
    case = await told.at_home()
    clock, today = told.country.clock, local_date(told.country.clock.now())
    due = add_months(today, 3)
    await told.passes((due - today).days - 31)
    early = told.do(HOME, "RecordFollowUp", case, outcome="SETTLED", kind="MONTHS_3")
    assert await told.refused(early) == "FOLLOW_UP_TOO_EARLY"
    clock.move_to(viet_nam(due.year, due.month, due.day, 23, 50))
    await told.passes(0)
    assert state((await told.follow_ups(case))["MONTHS_3"]) == "DUE"
    clock.move_to(datetime(due.year, due.month, due.day, 0, 1, tzinfo=VIET_NAM) + timedelta(days=1))
    await told.passes(0)
    assert state((await told.follow_ups(case))["MONTHS_3"]) == "LATE"


async def test_row_22_who_asked_not_to_be_visited_again_is_not(told: Story) -> None:
    """Row 22: "visits still asked for after refusal". F14."""
    case, kept = await told.at_home(), await told.at_home()
    await told.passes(85)
    assert await told.refused(told.do(HOME, "RecordFollowUp", case, outcome="DECLINED")) == "INVALID_INPUT"
    await told.do(HOME, "RecordFollowUp", case, outcome="DECLINED", then="CLOSE")
    assert (await told.stands(case))[0] == "CLOSED"
    (closing,) = (await told.custody(case)).closings
    assert (closing.reason, closing.office_id) == (types.CLOSE_REASON_ASKED_TO_STOP, HOME)
    assert await told.asked(HOME, case) == set()
    await told.do(HOME, "RecordFollowUp", kept, outcome="DECLINED", then="KEEP")
    assert (await told.stands(kept))[0] == "FOLLOW_UP"
    assert state((await told.follow_ups(kept))["YEARS_3"]) == "SCHEDULED"


async def test_row_26_a_paper_of_last_week_says_what_it_says_of_last_week(told: Story) -> None:
    """Row 26: "on paper in time, entered later", entered out of order. F17."""
    case = await told.at_home()
    await told.passes(5)
    await told.do(HOME, "RecordContact", case, outcome="REACHED")
    paper = await told.do(HOME, "RecordContact", case, outcome="NOT_AT_ADDRESS", contacted_on=told.day(-2))
    assert paper.seen_on == told.day(), "the answer says what happened"
    assert await told.lost() == {}
    assert await told.asked(HER_SUPERVISOR, case) == set()


async def test_row_33_back_with_a_former_office_it_is_one_set(told: Story) -> None:
    """Row 33: "reassigning to a former holder, several transfers in and out"."""
    case = await told.at_home()
    before = await told.due_days(case)
    for office in (ELSEWHERE, HOME):
        await told.do(NATION, "ReassignCase", case, office_id=office, reason="OTHER")
    assert await told.due_days(case) == before
    assert await told.makers(case) == {HOME}
    for office, its in ((HOME, [case]), (ELSEWHERE, [])):
        cases = (await told.do(office, "ListCustodies", page_size=200)).cases
        listed = (await told.do(office, "ListFollowUps")).follow_ups
        assert [one.case_id for one in cases] == []
        assert sorted({one.case_id for one in listed}) == its


async def test_row_35_the_new_office_is_told_and_the_old_one_left_alone(told: Story) -> None:
    """Row 35: "after reassigning, the old one is still reminded, the new one not told"."""
    case = await told.at_home()
    await told.passes(120)
    assert "FOLLOW_UP" in await told.asked(HOME, case)
    await told.do(NATION, "ReassignCase", case, office_id=ELSEWHERE, reason="OFFICE_CANNOT")
    assert await told.asked(HOME, case) == set()
    assert "FOLLOW_UP" in await told.asked(ELSEWHERE, case)
    (asked,) = [one for one in await told.inbox(ELSEWHERE, case) if one.duty == "FOLLOW_UP"]
    assert "was due on 2 June 2026" in asked.body, "it reads when it was due"
    before = len(await told.inbox(HOME, case))
    await told.passes(30)
    assert len(await told.inbox(HOME, case)) == before
    assert "FOLLOW_UP" in await told.asked(THEIR_SUPERVISOR, case)


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati"])
async def test_row_38_a_day_is_a_day_in_viet_nam(told: Story, zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Row 38: "dates shift by a day with the time zone"."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        told.country.clock.move_to(viet_nam(2026, 3, 3, 0, 20))
        case = await told.arrived(await told.sent(await told.registered()))
        assert (await told.follow_ups(case))["MONTHS_3"].arrived_on == "2026-03-03"
        assert (await told.custody(case)).transfers[-1].expected_arrival_on == "2026-03-04"
    finally:
        monkeypatch.undo()
        assert os.environ.get("TZ") != zone
        time.tzset()


async def test_row_39_months_end_as_months_do(told: Story) -> None:
    """Row 39: "month ends (date arithmetic)"."""
    expected = {
        (2026, 8, 31): ("2026-11-30", "2029-08-31"),
        (2026, 11, 29): ("2027-02-28", "2029-11-29"),
        (2026, 11, 30): ("2027-02-28", "2029-11-30"),
        (2026, 12, 31): ("2027-03-31", "2029-12-31"),
        (2027, 2, 28): ("2027-05-28", "2030-02-28"),
        (2028, 2, 29): ("2028-05-29", "2031-02-28"),
    }
    for day, due in expected.items():
        told.country.clock.move_to(viet_nam(*day))
        case = await told.at_home()
        found = await told.due_days(case)
        assert (found["MONTHS_3"], found["YEARS_3"]) == due, day


async def test_row_40_due_days_stay_where_they_are(told: Story) -> None:
    """Row 40: "due date moves when something else is edited"."""
    case = await told.at_home()
    before = await told.due_days(case)
    for office in (ELSEWHERE, HOME):
        await told.do(NATION, "ReassignCase", case, office_id=office, reason="OTHER")
    await told.do(HOME, "CloseCase", case, reason="ASKED_TO_STOP")
    await told.do(HOME, "ReopenCase", case, reason="MISTAKE")
    await told.passes(7)
    await told.do(HOME, "RecordContact", case, outcome="MOVED_AWAY")
    await told.do(HER_SUPERVISOR, "ResolveSearch", case, resolution="FOUND", office_id=ELSEWHERE, on=told.day())
    await told.do(ELSEWHERE, "ConfirmFound", case)
    await told.arrived(await told.sent(case, CENTRE, ELSEWHERE), CENTRE)
    assert await told.due_days(case) == before


async def test_row_41_what_is_overdue_for_years_stays_listed(told: Story) -> None:
    """Row 41: "what is overdue for over a year falls out of the list"."""
    case = await told.at_home()
    await told.passes(300, 4)
    for office in (HOME, HER_SUPERVISOR, NATION):
        listed = (await told.do(office, "ListOverdueFollowUps", page_size=200)).follow_ups
        assert max(one.overdue_days for one in listed if one.case_id == case) > 1_000
