"""Visits: when they are due, when they count, and what they end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.chassis.kernel.errors import InvalidInput
from services.chassis.kernel.words import CustodyCause, SearchEffect
from services.followup.domain.case import State
from services.followup.domain.entry import AfterDeclined, Entry, Finding, Kind, Outcome, Version
from services.followup.domain.events import (
    Lost,
    Recorded,
)
from services.followup.domain.recording import MAX_ENTRIES, FollowUpEntriesExhausted
from services.followup.domain.standing import is_lost
from services.followup.domain.visits import FollowUpAlreadyRecorded, FollowUpNoneOpen, FollowUpTooEarly, Visit, record
from services.followup.domain.whereabouts import search_ended, searched_for
from tests.unit.followup.cases import (
    CALENDAR,
    DAY,
    DUE_3M,
    DUE_3Y,
    ELSEWHERE,
    HERE,
    arrived,
    change,
    custody,
    fired,
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
    done, one = record(case, visit, by=HERE, now=morning(DUE_3M), calendar=CALENDAR)
    decision = done.decision
    assert (one.kind, one.state, one.visited_on) == (Kind.MONTHS_3, State.RECORDED, DUE_3M)
    assert (one.outcome, one.warning_signs, one.recorded_by) == (Outcome.NEEDS_SUPPORT, ("RF01",), HERE)
    assert decision.events == (Recorded(one, done.entry, False, (), SearchEffect.NONE),)
    assert [each.due.rule_code for each in decision.disarm] == ["FOLLOW_UP_3M", "FOLLOW_UP_3Y", "FIRST_CONTACT"]
    assert [(each.due.rule_code, each.is_primary) for each in decision.arm] == [("FOLLOW_UP_3Y", True)]


@pytest.mark.parametrize(("days_after", "late"), [(-30, False), (0, False), (1, True), (400, True)])
def test_a_visit_after_the_due_date_is_late_and_taken(days_after: int, late: bool) -> None:
    day = DUE_3M + timedelta(days=days_after)
    visit = Visit(Kind.MONTHS_3, day, Outcome.SETTLED)
    done, one = record(arrived(DAY), visit, by=HERE, now=morning(day), calendar=CALENDAR)
    assert done.decision.events == (Recorded(one, done.entry, late, (), SearchEffect.NONE),)


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
    assert third.events == (Lost(one, late=False),)
    assert (one.state, is_lost(third.case), len(one.attempts)) == (State.OPEN, True, 3)
    searched = searched_for(third.case, "NOT_AT_ADDRESS", DUE_3M + timedelta(days=5), CALENDAR).case
    fourth = tried(searched, DUE_3M + timedelta(days=6))
    assert fourth.events == ()


def test_found_by_a_search_her_attempts_begin_anew() -> None:
    case = arrived(DAY)
    for number in range(3):
        case = tried(case, DUE_3M + timedelta(days=number)).case
    found_on = DUE_3M + timedelta(days=9)
    case = searched_for(case, "NOT_AT_ADDRESS", DUE_3M + timedelta(days=2), CALENDAR).case
    case = search_ended(case, by_entry=False, now=morning(found_on), calendar=CALENDAR).case
    assert (is_lost(case), of_kind(case, Kind.MONTHS_3).attempts) == (False, ())
    old_paper, _ = record(
        case,
        Visit(Kind.MONTHS_3, DUE_3M + timedelta(days=3), Outcome.NOT_REACHED),
        by=HERE,
        now=morning(found_on),
        calendar=CALENDAR,
    )
    assert (old_paper.decision.events, is_lost(old_paper.decision.case)) == ((), False)
    assert not is_lost(tried(tried(case, found_on).case, found_on + timedelta(days=1)).case)


def test_the_attempts_of_a_former_office_do_not_count() -> None:
    case = arrived(DAY)
    for number in range(3):
        case = tried(case, DUE_3M + timedelta(days=number)).case
    later = DUE_3M + timedelta(days=20)
    moved = custody(case, change(CustodyCause.ARRIVED, segment=2, office_id=ELSEWHERE, on=later), morning(later)).case
    assert (is_lost(moved), of_kind(moved, Kind.MONTHS_3).attempts) == (False, ())


def test_a_later_look_ends_the_earlier_as_missed() -> None:
    case = fired(arrived(DAY), "FOLLOW_UP_3M", morning(DUE_3M)).case
    case = fired(case, "FOLLOW_UP_OVERDUE_3M", morning(DUE_3M + timedelta(days=14))).case
    done, one = record(case, Visit(None, None, Outcome.SETTLED), by=HERE, now=morning(DUE_3Y), calendar=CALENDAR)
    assert (one.kind, one.state) == (Kind.YEARS_3, State.RECORDED)
    after = done.decision.case
    assert of_kind(after, Kind.MONTHS_3).state is State.MISSED
    assert [each.kind for each in done.missed] == [Kind.MONTHS_3]
    assert watched(after) == [("CLOSE_DECISION", True, DUE_3Y + timedelta(days=30))]


def test_a_missed_one_can_still_be_recorded_when_its_paper_turns_up() -> None:
    case = recorded(arrived(DAY), Kind.YEARS_3, DUE_3Y)
    visit = Visit(None, DUE_3M, Outcome.SETTLED)
    done, one = record(case, visit, by=HERE, now=morning(DUE_3Y), calendar=CALENDAR)
    assert (one.kind, one.state) == (Kind.MONTHS_3, State.RECORDED)
    assert watched(done.decision.case) == [("CLOSE_DECISION", True, DUE_3Y + timedelta(days=30))]


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (DUE_3M - timedelta(days=30), Kind.MONTHS_3),
        (DUE_3M + timedelta(days=400), Kind.MONTHS_3),
        (DUE_3Y - timedelta(days=91), Kind.MONTHS_3),
        (DUE_3Y - timedelta(days=90), Kind.YEARS_3),
        (DUE_3Y + timedelta(days=400), Kind.YEARS_3),
    ],
)
def test_a_visit_is_that_in_whose_time_its_day_lies(day: date, kind: Kind) -> None:
    visit = Visit(None, day, Outcome.SETTLED)
    _, one = record(arrived(DAY), visit, by=HERE, now=morning(day), calendar=CALENDAR)
    assert one.kind is kind


def test_an_attempt_before_the_visit_is_kept_and_says_nothing() -> None:
    case = recorded(arrived(DAY), Kind.MONTHS_3, DUE_3M)
    paper = Visit(None, DUE_3M - timedelta(days=2), Outcome.NOT_REACHED)
    done, one = record(case, paper, by=HERE, now=morning(DUE_3M), calendar=CALENDAR)
    assert (done.seen_on, done.decision.events, one.attempts) == (DUE_3M, (), ())
    assert len(done.decision.case.entries) == 2


@pytest.mark.parametrize(("then", "next_watched"), [("KEEP", "FOLLOW_UP_3Y"), ("CLOSE", "CLOSE_DECISION")])
def test_who_asks_not_to_be_visited_again_says_what_follows(then: str, next_watched: str) -> None:
    visit = Visit(None, None, Outcome.DECLINED, then=AfterDeclined(then))
    done, _ = record(arrived(DAY), visit, by=HERE, now=morning(DUE_3M), calendar=CALENDAR)
    assert [rule for rule, is_primary, _ in watched(done.decision.case) if is_primary] == [next_watched]


def test_recording_twice_is_refused_with_what_the_first_said() -> None:
    case = recorded(arrived(DAY), Kind.MONTHS_3, DUE_3M)
    with pytest.raises(FollowUpAlreadyRecorded) as refusal:
        record(case, Visit(None, None, Outcome.AT_RISK), by=HERE, now=morning(DUE_3M), calendar=CALENDAR)
    assert refusal.value.details == {
        "number": "1",
        "outcome": "SETTLED",
        "visited_on": DUE_3M.isoformat(),
        "office_id": HERE,
        "recorded_on": DUE_3M.isoformat(),
    }
    case = recorded(case, Kind.YEARS_3, DUE_3Y)
    with pytest.raises(FollowUpNoneOpen):
        record(case, Visit(None, None, Outcome.SETTLED), by=HERE, now=morning(DUE_3Y), calendar=CALENDAR)


def test_no_case_has_entries_without_end() -> None:
    case = arrived(DAY)
    one = Entry(1, 1, 1, (Version(Finding(Kind.MONTHS_3, DUE_3M, Outcome.NOT_REACHED), HERE, morning(DUE_3M)),))
    full = replace(case, entries=tuple(replace(one, number=number) for number in range(1, MAX_ENTRIES + 1)))
    with pytest.raises(FollowUpEntriesExhausted):
        recorded(full, Kind.MONTHS_3, DUE_3M)
