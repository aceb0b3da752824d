from __future__ import annotations

from datetime import date

import pytest

from services.chassis.kernel.calendar import WorkingCalendar, add_months, add_years

CALENDAR = WorkingCalendar(
    version="test-1",
    # The exchange of 2024: Monday 29 April off, Saturday 4 May worked.
    days_off=frozenset({date(2024, 4, 29), date(2024, 4, 30), date(2024, 5, 1)}),
    working_weekend_days=frozenset({date(2024, 5, 4)}),
    known_from=date(2024, 1, 1),
    known_until=date(2024, 12, 31),
)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2024, 4, 26), True),
        (date(2024, 4, 27), False),
        (date(2024, 4, 29), False),
        (date(2024, 5, 2), True),
        (date(2024, 5, 4), True),
        (date(2024, 5, 5), False),
    ],
)
def test_holidays_weekends_and_swapped_saturdays(day: date, *, works: bool) -> None:
    assert CALENDAR.is_working_day(day) is works


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2024, 4, 26), 1, date(2024, 5, 2)),
        (date(2024, 4, 26), 3, date(2024, 5, 4)),
        (date(2024, 4, 28), 3, date(2024, 5, 4)),
        (date(2024, 5, 3), 2, date(2024, 5, 6)),
        (date(2024, 4, 28), 0, date(2024, 4, 28)),
    ],
)
def test_the_starting_day_never_counts(start: date, count: int, end: date) -> None:
    assert CALENDAR.add_working_days(start, count) == end


def test_counting_backward_is_refused() -> None:
    with pytest.raises(ValueError, match="forward"):
        CALENDAR.add_working_days(date(2024, 5, 1), -1)


def test_days_outside_the_announced_years_are_provisional() -> None:
    assert not CALENDAR.is_provisional(date(2024, 12, 31))
    assert CALENDAR.is_provisional(date(2025, 1, 1))
    assert CALENDAR.is_provisional(date(2023, 12, 31))


def test_a_calendar_refuses_a_swapped_weekday_and_a_missing_version() -> None:
    with pytest.raises(ValueError, match="Saturday"):
        WorkingCalendar("v", frozenset(), frozenset({date(2024, 5, 3)}), date(2024, 12, 31))
    with pytest.raises(ValueError, match="version"):
        WorkingCalendar("", frozenset(), frozenset(), date(2024, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 5, 15), 3, date(2026, 8, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_months_are_calendar_months(day: date, months: int, end: date) -> None:
    assert add_months(day, months) == end


def test_years_are_calendar_years() -> None:
    assert add_years(date(2024, 2, 29), 3) == date(2027, 2, 28)
    assert add_years(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_the_calendar_ends_with_the_year_9999() -> None:
    with pytest.raises(ValueError, match="10000"):
        add_months(date(9999, 12, 1), 1)
