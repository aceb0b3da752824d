from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.kernel.calendar import WorkingCalendar, add_months, add_years
from services.chassis.kernel.clock import end_of_local_day, local_date, start_of_local_day
from services.chassis.kernel.deadlines import (
    OVERDUE_AFTER_DAYS,
    RULES,
    Rule,
    Timeliness,
    due_date,
    is_past,
    next_due_date,
    timeliness,
)

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 12, 31))
instants = st.datetimes(
    min_value=datetime.fromisoformat("2000-01-01"),
    max_value=datetime.fromisoformat("2090-12-31"),
    timezones=st.just(UTC),
)
rules = st.sampled_from(sorted(RULES.values(), key=lambda rule: rule.code))
calendars = st.builds(
    lambda off, swapped: WorkingCalendar(
        version="generated",
        days_off=frozenset(off),
        working_weekend_days=frozenset(day for day in swapped if day.weekday() >= 5),
        known_until=date(2050, 12, 31),
    ),
    st.sets(days, max_size=20),
    st.sets(days, max_size=20),
)


@given(instants)
def test_an_instant_lies_within_its_local_day(instant: datetime) -> None:
    day = local_date(instant)
    assert start_of_local_day(day) <= instant < end_of_local_day(day)


@given(days, st.integers(-600, 600))
def test_months_keep_the_day_or_end_with_the_month(day: date, count: int) -> None:
    moved = add_months(day, count)
    assert (moved.year - day.year) * 12 + moved.month - day.month == count
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)


@given(days, days, st.integers(0, 40))
def test_who_arrives_later_is_never_due_earlier(one: date, other: date, count: int) -> None:
    first, second = sorted((one, other))
    assert add_months(first, count) <= add_months(second, count)
    assert add_years(first, count) <= add_years(second, count)


@given(calendars, days, st.integers(0, 20), st.integers(0, 20))
def test_working_days_add_up(calendar: WorkingCalendar, day: date, a: int, b: int) -> None:
    once = calendar.add_working_days(day, a + b)
    assert calendar.add_working_days(calendar.add_working_days(day, a), b) == once


@given(calendars, days, st.integers(1, 20))
def test_working_days_end_on_a_working_day_with_that_many_in_between(
    calendar: WorkingCalendar, day: date, count: int
) -> None:
    end = calendar.add_working_days(day, count)
    assert calendar.is_working_day(end)
    passed = (day + timedelta(days=offset) for offset in range(1, (end - day).days + 1))
    assert sum(calendar.is_working_day(each) for each in passed) == count


@given(rules, instants, calendars)
def test_no_deadline_lies_before_its_start(rule: Rule, start: datetime, calendar: WorkingCalendar) -> None:
    due = due_date(rule, start, calendar)
    assert due.due_at > start
    assert not due.has_passed(start)


@given(rules, instants, instants, calendars)
def test_the_instant_and_the_day_agree_on_what_has_passed(
    rule: Rule, start: datetime, now: datetime, calendar: WorkingCalendar
) -> None:
    due = due_date(rule, start, calendar)
    if rule.unit != "HOURS":
        assert due.has_passed(now) is is_past(due.due_on, local_date(now))


@given(rules.filter(lambda rule: rule.repeats), instants, calendars, st.integers(0, 3 * 365 * 24))
def test_a_repeating_rule_is_armed_in_the_future_and_within_one_interval(
    rule: Rule, start: datetime, calendar: WorkingCalendar, outage_hours: int
) -> None:
    due = due_date(rule, start, calendar)
    interval = due_date(rule, due.due_at, calendar).due_at - due.due_at
    now = due.due_at + timedelta(hours=outage_hours)
    again = next_due_date(rule, due, now, calendar)
    assert now < again.due_at <= now + interval
    assert not again.has_passed(now)


@given(days, instants, st.sampled_from(["3M", "3Y"]))
def test_every_way_to_ask_for_overdue_gives_one_answer(due_on: date, now: datetime, which: str) -> None:
    calendar = WorkingCalendar("none", frozenset(), frozenset(), date.max)
    mark = due_date(RULES[f"FOLLOW_UP_OVERDUE_{which}"], due_on, calendar)
    standing = timeliness(due_on, OVERDUE_AFTER_DAYS[f"FOLLOW_UP_{which}"], now)
    assert (standing is Timeliness.OVERDUE) is mark.has_passed(now)
    assert (standing in (Timeliness.LATE, Timeliness.OVERDUE)) is is_past(due_on, local_date(now))
