"""The end of a case, and its re-opening, as handover tells them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.chassis.kernel.words import CloseReason, Phase
from services.followup.domain.case import FollowUpCaseClosed, State
from services.followup.domain.entry import Kind, Outcome
from services.followup.domain.events import Recorded, Scheduled
from services.followup.domain.visits import Visit, record
from tests.unit.followup.cases import (
    CALENDAR,
    DAY,
    DUE_3M,
    DUE_3Y,
    HERE,
    arrived,
    closed,
    fired,
    morning,
    of_kind,
    recorded,
    reopened,
    watched,
)


@pytest.mark.parametrize("reason", CloseReason)
def test_a_set_ends_with_its_case(reason: CloseReason) -> None:
    decision = closed(arrived(DAY), morning(DAY), reason)
    assert (decision.events, decision.arm) == ((), ())
    assert len(decision.disarm) == 3
    assert {one.state for one in decision.case.follow_ups} == {State.CANCELLED}
    assert (decision.case.phase, decision.case.close_reason) == (Phase.CLOSED, reason)
    with pytest.raises(FollowUpCaseClosed):
        recorded(decision.case, Kind.MONTHS_3, DUE_3M)


@pytest.mark.parametrize("first", [True, False])
def test_the_period_ends_with_the_last_follow_up_even_without_the_first(first: bool) -> None:
    case = recorded(arrived(DAY), Kind.MONTHS_3, DUE_3M) if first else arrived(DAY)
    visit = Visit(Kind.YEARS_3, DUE_3Y, Outcome.SETTLED)
    last, _ = record(case, visit, by=HERE, now=morning(DUE_3Y), calendar=CALENDAR)
    assert [one.period_ended for one in last.decision.events if isinstance(one, Recorded)] == [True]
    visit = Visit(Kind.MONTHS_3, DUE_3M, Outcome.SETTLED)
    early, _ = record(arrived(DAY), visit, by=HERE, now=morning(DUE_3M), calendar=CALENDAR)
    assert [one.period_ended for one in early.decision.events if isinstance(one, Recorded)] == [False]


def test_a_reopened_case_is_overdue_at_once_and_not_by_delay() -> None:
    case = closed(arrived(DAY), morning(DAY)).case
    now = morning(DUE_3M + timedelta(days=200))
    decision = reopened(case, now)
    assert decision.events == (Scheduled(2, decision.case.open_follow_ups),)
    assert [one.due_on for one in decision.case.open_follow_ups] == [DUE_3M, DUE_3Y]
    [primary] = [each for each in decision.arm if each.is_primary]
    assert (primary.due.due_on, primary.fire_at) == (DUE_3M, now)
    due = fired(decision.case, "FOLLOW_UP_3M", now)
    assert [each.fire_at for each in due.arm] == [now]


def test_a_case_reopened_after_its_last_record_gets_the_full_time_to_decide() -> None:
    case = recorded(recorded(arrived(DAY), Kind.MONTHS_3, DUE_3M), Kind.YEARS_3, DUE_3Y)
    case = closed(case, morning(DUE_3Y), CloseReason.PERIOD_ENDED).case
    assert of_kind(case, Kind.YEARS_3).state is State.RECORDED
    year_later = DUE_3Y + timedelta(days=365)
    case = reopened(case, morning(year_later)).case
    assert watched(case) == [("CLOSE_DECISION", True, year_later + timedelta(days=30))]


def test_what_is_told_twice_changes_nothing() -> None:
    case = closed(arrived(DAY), morning(DAY)).case
    again = closed(case, morning(DUE_3M))
    assert (again.case, again.events, again.arm, again.disarm) == (case, (), (), ())
    opened = reopened(case, morning(DAY)).case
    twice = reopened(opened, morning(DAY))
    assert (twice.events, twice.arm) == ((), ())
