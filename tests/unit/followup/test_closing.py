"""The end of a case, and its re-opening."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.chassis.kernel.words import CloseReason, CustodyCause, Phase
from services.followup.domain.case import (
    FollowUpCaseClosed,
    FollowUpNotStarted,
    State,
)
from services.followup.domain.closing import (
    FollowUpCaseAlreadyClosed,
    FollowUpCaseNotClosed,
    FollowUpPeriodNotEnded,
    close,
    reopen,
)
from services.followup.domain.entry import Kind
from services.followup.domain.events import (
    Closed,
    Reopened,
)
from tests.unit.followup.cases import (
    CALENDAR,
    DAY,
    DUE_3M,
    DUE_3Y,
    arrived,
    change,
    custody,
    fired,
    morning,
    of_kind,
    recorded,
    watched,
)


@pytest.mark.parametrize("reason", [each for each in CloseReason if each is not CloseReason.PERIOD_ENDED])
def test_any_reason_but_the_end_of_the_period_closes_at_any_time(reason: CloseReason) -> None:
    decision = close(arrived(DAY), reason, now=morning(DAY), calendar=CALENDAR)
    assert decision.events == (Closed(reason),)
    assert decision.arm == ()
    assert len(decision.disarm) == 3
    assert {one.state for one in decision.case.follow_ups} == {State.CANCELLED}


def test_the_period_ends_with_the_last_follow_up_even_without_the_first() -> None:
    case = arrived(DAY)
    with pytest.raises(FollowUpPeriodNotEnded):
        close(case, CloseReason.PERIOD_ENDED, now=morning(DUE_3Y), calendar=CALENDAR)
    case = recorded(case, Kind.YEARS_3, DUE_3Y)
    closed = close(case, CloseReason.PERIOD_ENDED, now=morning(DUE_3Y), calendar=CALENDAR).case
    assert of_kind(closed, Kind.MONTHS_3).state is State.MISSED
    assert of_kind(closed, Kind.YEARS_3).state is State.RECORDED


def test_a_reopened_case_is_overdue_at_once_and_not_by_delay() -> None:
    case = close(arrived(DAY), CloseReason.LEFT_AREA, now=morning(DAY), calendar=CALENDAR).case
    now = morning(DUE_3M + timedelta(days=200))
    decision = reopen(case, now=now, calendar=CALENDAR)
    assert decision.events == (Reopened(),)
    assert [one.due_on for one in decision.case.open_follow_ups] == [DUE_3M, DUE_3Y]
    [primary] = [each for each in decision.arm if each.is_primary]
    assert (primary.due.due_on, primary.fire_at) == (DUE_3M, now)
    due = fired(decision.case, "FOLLOW_UP_3M", now)
    assert [each.fire_at for each in due.arm] == [now]


def test_a_case_reopened_after_its_last_record_gets_the_full_time_to_decide() -> None:
    case = recorded(recorded(arrived(DAY), Kind.MONTHS_3, DUE_3M), Kind.YEARS_3, DUE_3Y)
    case = close(case, CloseReason.PERIOD_ENDED, now=morning(DUE_3Y), calendar=CALENDAR).case
    year_later = DUE_3Y + timedelta(days=365)
    case = reopen(case, now=morning(year_later), calendar=CALENDAR).case
    assert watched(case) == [("CLOSE_DECISION", True, year_later + timedelta(days=30))]


def test_closing_and_reopening_know_where_the_case_stands() -> None:
    case = arrived(DAY)
    with pytest.raises(FollowUpCaseNotClosed):
        reopen(case, now=morning(DAY), calendar=CALENDAR)
    closed = close(case, CloseReason.DIED, now=morning(DAY), calendar=CALENDAR).case
    with pytest.raises(FollowUpCaseAlreadyClosed):
        close(closed, CloseReason.DIED, now=morning(DAY), calendar=CALENDAR)
    with pytest.raises(FollowUpCaseClosed):
        recorded(closed, Kind.MONTHS_3, DUE_3M)
    back = change(CustodyCause.ARRIVAL_RETRACTED, segment=2, phase=Phase.IN_TRANSIT)
    elsewhere = custody(case, back, morning(DAY)).case
    for verb in (
        lambda: recorded(elsewhere, Kind.MONTHS_3, DUE_3M),
        lambda: close(elsewhere, CloseReason.DIED, now=morning(DAY), calendar=CALENDAR),
        lambda: reopen(elsewhere, now=morning(DAY), calendar=CALENDAR),
    ):
        with pytest.raises(FollowUpNotStarted):
            verb()
