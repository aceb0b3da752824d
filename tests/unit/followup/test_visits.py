"""Visits: when they are due, when they count, and what they end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.chassis.kernel.errors import InvalidInput
from services.followup.domain.case import (
    Kind,
    Outcome,
    State,
)
from services.followup.domain.events import (
    Lost,
    Recorded,
)
from services.followup.domain.visits import FollowUpAlreadyRecorded, FollowUpNoneOpen, FollowUpTooEarly, Visit, record
from tests.unit.followup.cases import (
    CALENDAR,
    DAY,
    DUE_3M,
    DUE_3Y,
    HERE,
    arrived,
    morning,
    of_kind,
    recorded,
    tried,
    watched,
)


@pytest.mark.parametrize(
    ("arrival", "three_months", "three_years"),
    [
        (date(2026, 3, 1), date(2026, 6, 1), date(2029, 3, 1)),
        (date(2026, 1, 31), date(2026, 4, 30), date(2029, 1, 31)),
        (date(2025, 11, 30), date(2026, 2, 28), date(2028, 11, 30)),
        (date(2027, 11, 30), date(2028, 2, 29), date(2030, 11, 30)),
        (date(2028, 2, 29), date(2028, 5, 29), date(2031, 2, 28)),
        (date(2025, 12, 31), date(2026, 3, 31), date(2028, 12, 31)),
    ],
)
def test_due_dates_are_calendar_months_and_years(arrival: date, three_months: date, three_years: date) -> None:
    case = arrived(arrival)
    assert [one.due_on for one in case.follow_ups] == [three_months, three_years]
    assert watched(case) == [
        ("FOLLOW_UP_3M", True, three_months),
        ("FOLLOW_UP_3Y", False, three_years),
        ("FIRST_CONTACT", False, arrival + timedelta(days=7)),
    ]


def test_recording_the_first_makes_the_second_primary() -> None:
    case = arrived(DAY)
    visit = Visit(None, None, Outcome.NEEDS_SUPPORT, ("RF01",))
    decision, one = record(case, visit, by=HERE, now=morning(DUE_3M), calendar=CALENDAR)
    assert (one.kind, one.state, one.visited_on) == (Kind.MONTHS_3, State.RECORDED, DUE_3M)
    assert (one.outcome, one.warning_signs, one.recorded_by) == (Outcome.NEEDS_SUPPORT, ("RF01",), HERE)
    assert decision.events == (Recorded(one, late=False),)
    assert [each.due.rule_code for each in decision.disarm] == ["FOLLOW_UP_3M", "FOLLOW_UP_3Y", "FIRST_CONTACT"]
    assert [(each.due.rule_code, each.is_primary) for each in decision.arm] == [("FOLLOW_UP_3Y", True)]


@pytest.mark.parametrize(("days_after", "late"), [(-30, False), (0, False), (1, True), (400, True)])
def test_a_visit_after_the_due_date_is_late_and_taken(days_after: int, late: bool) -> None:
    day = DUE_3M + timedelta(days=days_after)
    visit = Visit(Kind.MONTHS_3, day, Outcome.SETTLED)
    decision, one = record(arrived(DAY), visit, by=HERE, now=morning(day), calendar=CALENDAR)
    assert decision.events == (Recorded(one, late=late),)


@pytest.mark.parametrize(("kind", "days", "due_on"), [(Kind.MONTHS_3, 30, DUE_3M), (Kind.YEARS_3, 90, DUE_3Y)])
def test_a_visit_counts_from_some_days_before_the_due_date(kind: Kind, days: int, due_on: date) -> None:
    case = arrived(DAY)
    first = due_on - timedelta(days=days)
    too_early = Visit(kind, first - timedelta(days=1), Outcome.SETTLED)
    with pytest.raises(FollowUpTooEarly) as refusal:
        record(case, too_early, by=HERE, now=morning(due_on), calendar=CALENDAR)
    assert refusal.value.details == {"earliest_on": first.isoformat()}
    recorded(case, kind, first)


def test_a_visit_lies_between_the_arrival_and_today() -> None:
    case = arrived(DAY)
    for day, code in ((DUE_3M + timedelta(days=1), "IN_THE_FUTURE"), (DAY - timedelta(days=1), "TOO_EARLY")):
        visit = Visit(Kind.MONTHS_3, day, Outcome.SETTLED)
        with pytest.raises(InvalidInput) as refusal:
            record(case, visit, by=HERE, now=morning(DUE_3M), calendar=CALENDAR)
        assert [(one.field, one.code) for one in refusal.value.violations] == [("visited_on", code)]


def test_three_attempts_on_three_days_are_lost_to_follow_up() -> None:
    case = arrived(DAY)
    first = tried(case, DUE_3M)
    assert first.events == ()
    same_day = tried(first.case, DUE_3M)
    assert (same_day.case, same_day.events) == (first.case, ())
    second = tried(first.case, DUE_3M + timedelta(days=1))
    third = tried(second.case, DUE_3M + timedelta(days=5))
    one = of_kind(third.case, Kind.MONTHS_3)
    assert third.events == (Lost(one, late=False, not_reached=True),)
    assert (one.state, one.lost, len(one.attempts)) == (State.OPEN, True, 3)
    fourth = tried(third.case, DUE_3M + timedelta(days=6))
    assert fourth.events == ()


def test_recording_twice_is_refused_with_the_day_of_the_first() -> None:
    case = recorded(arrived(DAY), Kind.MONTHS_3, DUE_3M)
    with pytest.raises(FollowUpAlreadyRecorded) as refusal:
        recorded(case, Kind.MONTHS_3, DUE_3M)
    assert refusal.value.details == {"visited_on": DUE_3M.isoformat()}
    case = recorded(case, Kind.YEARS_3, DUE_3Y)
    with pytest.raises(FollowUpNoneOpen):
        record(case, Visit(None, None, Outcome.SETTLED), by=HERE, now=morning(DUE_3Y), calendar=CALENDAR)
