"""Rules and calendar as administrators changed them, and due dates counted anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from types import MappingProxyType

import pytest

from services.chassis.country.calendars import viet_nam_calendar
from services.chassis.country.overlays import (
    CalendarChange,
    LiveCounting,
    Overlay,
    RuleChange,
    counting_with,
    rules_with,
)
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.deadlines import (
    RULE_VERSIONS,
    RULES,
    Basis,
    Counting,
    Unit,
    due_date,
    next_due_date,
    recounted,
    rule_on,
    rules_of,
)

MONDAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
PLAIN = WorkingCalendar("plain", frozenset(), frozenset(), date.max)
FIVE_DAYS = RuleChange("TRANSFER_ACKNOWLEDGE", 2, 5, Unit.WORKING_DAYS, Basis.LAW, "Invented decree", date(2026, 4, 1))


def test_a_version_holds_for_what_starts_from_its_first_day_on() -> None:
    rules = rules_with((FIVE_DAYS,))
    assert rule_on("TRANSFER_ACKNOWLEDGE", date(2026, 3, 31), rules).amount == 3
    added = rule_on("TRANSFER_ACKNOWLEDGE", date(2026, 4, 1), rules)
    assert (added.amount, added.version, added.basis, added.then) == (5, 2, Basis.LAW, "TRANSFER_LOST")
    assert rule_on("TRANSFER_ACKNOWLEDGE", date(2026, 4, 1)).amount == 3


def test_a_rule_that_this_program_does_not_know_is_passed_over() -> None:
    assert rules_with((replace(FIVE_DAYS, code="OF_A_NEWER_PROGRAM"),)) == RULE_VERSIONS


def test_a_bare_calendar_comes_with_the_built_in_rules() -> None:
    assert rules_of(PLAIN) is RULE_VERSIONS
    counting = counting_with(PLAIN, Overlay(rules=(FIVE_DAYS,)))
    assert len(rules_of(counting)["TRANSFER_ACKNOWLEDGE"]) == 2
    assert counting.version == PLAIN.version


def test_changed_days_are_off_or_worked_and_the_version_says_so() -> None:
    friday, saturday = date(2026, 3, 6), date(2026, 3, 14)
    changed = counting_with(PLAIN, Overlay(calendar=CalendarChange(3, {friday: False, saturday: True})))
    assert not changed.is_working_day(friday)
    assert changed.is_working_day(saturday)
    assert changed.version == "plain+3"
    again = counting_with(PLAIN, Overlay(calendar=CalendarChange(4, {})))
    assert again.is_working_day(friday)


def test_a_holiday_may_become_worked_again() -> None:
    holiday = date(2026, 4, 30)
    published = viet_nam_calendar()
    assert not published.is_working_day(holiday)
    changed = counting_with(published, Overlay(calendar=CalendarChange(1, {holiday: True})))
    assert changed.is_working_day(holiday)
    assert changed.known_until == published.known_until


def test_the_live_one_is_the_same_object_with_other_contents() -> None:
    live = LiveCounting(**{name: getattr(PLAIN, name) for name in WorkingCalendar.__dataclass_fields__})
    assert rules_of(live) == RULE_VERSIONS
    live.show(counting_with(PLAIN, Overlay(rules=(FIVE_DAYS,), calendar=CalendarChange(1, {MONDAY: False}))))
    assert not live.is_working_day(MONDAY)
    assert rule_on("TRANSFER_ACKNOWLEDGE", date(2026, 4, 2), rules_of(live)).amount == 5
    assert live.version == "plain+1"


def without(*days: date) -> Counting:
    return counting_with(PLAIN, Overlay(calendar=CalendarChange(1, dict.fromkeys(days, False))))


def test_an_open_due_date_in_working_days_is_counted_anew() -> None:
    rule = RULES["TRANSFER_ACKNOWLEDGE"]
    due = due_date(rule, MONDAY, PLAIN)
    assert (due.due_on, due.counted_from) == (date(2026, 3, 5), MONDAY)
    again = recounted(due, rule, NOW, without(date(2026, 3, 4)))
    assert again.due_on == date(2026, 3, 6)
    assert again.calendar_version == "plain+1"
    assert recounted(again, rule, NOW, PLAIN).due_on == due.due_on


def test_one_that_has_passed_stands() -> None:
    rule = RULES["TRANSFER_ACKNOWLEDGE"]
    due = due_date(rule, MONDAY, PLAIN)
    after = datetime(2026, 3, 5, 17, tzinfo=UTC)
    assert recounted(due, rule, after, without(date(2026, 3, 4))) is due


def test_none_moves_back_behind_today() -> None:
    rule = RULES["TRANSFER_ACKNOWLEDGE"]
    due = due_date(rule, MONDAY, without(date(2026, 3, 3), date(2026, 3, 4)))
    assert due.due_on == date(2026, 3, 9)
    friday = datetime(2026, 3, 6, 2, tzinfo=UTC)
    assert recounted(due, rule, friday, PLAIN).due_on == date(2026, 3, 6)


@pytest.mark.parametrize("code", ["TRANSFER_LOST", "FOLLOW_UP_3M", "OBLIGATIONS_CONFIRM"])
def test_what_is_not_counted_in_working_days_stands(code: str) -> None:
    due = due_date(RULES[code], NOW, PLAIN)
    assert recounted(due, RULES[code], NOW, without(MONDAY)) is due


def test_one_of_which_nobody_knows_from_when_it_was_counted_stands() -> None:
    rule = RULES["TRANSFER_ACKNOWLEDGE"]
    due = replace(due_date(rule, MONDAY, PLAIN), counted_from=None)
    assert recounted(due, rule, NOW, without(date(2026, 3, 4))) is due


def test_a_repeating_rule_is_counted_from_the_end_of_its_last_interval() -> None:
    rule = RULES["SEARCH_ESCALATE"]
    first = due_date(rule, MONDAY, PLAIN)
    following = next_due_date(rule, first, first.due_at, PLAIN)
    assert following.counted_from == first.due_on
    later = next_due_date(rule, first, datetime(2026, 4, 1, tzinfo=UTC), PLAIN)
    assert later.counted_from is not None
    assert due_date(rule, later.counted_from, PLAIN).due_on == later.due_on


def test_rules_are_not_changed_in_place() -> None:
    assert isinstance(rules_with((FIVE_DAYS,)), MappingProxyType)
    assert len(RULE_VERSIONS["TRANSFER_ACKNOWLEDGE"]) == 1
