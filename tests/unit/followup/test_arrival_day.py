"""The day of an arrival is corrected: what counts from it is counted anew, what is recorded stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from services.chassis.kernel.words import CustodyCause
from services.followup.domain.arrival_day import CorrectedDay, correct_day
from services.followup.domain.case import FollowUpCase, State
from services.followup.domain.entry import Kind
from services.followup.domain.events import Scheduled
from services.followup.domain.watching import Decision, watches
from tests.unit.followup.cases import (
    CALENDAR,
    DAY,
    DUE_3M,
    ELSEWHERE,
    arrived,
    change,
    custody,
    morning,
    of_kind,
    recorded,
)

DAY_BEFORE = DAY - timedelta(days=1)


def corrected(case: FollowUpCase, to: date = DAY_BEFORE, *, segment: int = 1, now: datetime | None = None) -> Decision:
    """The arrival of that segment was not on DAY."""
    return correct_day(case, CorrectedDay(segment, DAY, to), now or morning(DAY), CALENDAR)


def test_both_due_dates_are_counted_anew_and_armed() -> None:
    decision = corrected(arrived(DAY))
    due = [one.due_on for one in decision.case.follow_ups]
    assert due == [date(2026, 5, 28), date(2029, 2, 28)]
    assert (decision.case.arrived_on, decision.case.contact_from) == (DAY_BEFORE, DAY_BEFORE)
    assert [type(event) for event in decision.events] == [Scheduled]
    assert {watch.due.due_on for watch in decision.arm} == {*due, decision.case.contact_due_on}
    assert len(decision.disarm) == 3
    assert set(watches(decision.case, CALENDAR)) == set(decision.arm)


def test_what_is_recorded_stays() -> None:
    case = recorded(arrived(DAY), Kind.MONTHS_3, DUE_3M)
    after = corrected(case, now=morning(DUE_3M)).case
    assert of_kind(after, Kind.MONTHS_3) == of_kind(case, Kind.MONTHS_3)
    assert of_kind(after, Kind.MONTHS_3).state is State.RECORDED
    assert of_kind(after, Kind.YEARS_3).due_on == date(2029, 2, 28)


def test_a_later_arrival_moves_no_set_that_began_before_it() -> None:
    case = custody(
        arrived(DAY), change(CustodyCause.ARRIVED, segment=2, office_id=ELSEWHERE, on=DAY), morning(DAY)
    ).case
    decision = corrected(case, segment=2)
    assert decision.case.follow_ups == case.follow_ups
    assert decision.case.contact_from == DAY_BEFORE
    assert decision.events == ()


def test_of_a_set_from_before_the_segment_was_kept_the_day_tells() -> None:
    case = replace(arrived(DAY), set_segment=None)
    assert corrected(case).case.arrived_on == DAY_BEFORE
    other = correct_day(case, CorrectedDay(4, DAY_BEFORE, DAY), morning(DAY), CALENDAR)
    assert other.case == case
