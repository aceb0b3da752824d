from __future__ import annotations

from datetime import date

import pytest

from services.chassis.country.calendars import viet_nam_calendar
from services.chassis.kernel.calendar import WorkingCalendar


@pytest.fixture
def calendar() -> WorkingCalendar:
    return viet_nam_calendar()


@pytest.mark.parametrize(
    "day",
    [
        date(2024, 2, 8),  # Tet
        date(2024, 4, 29),  # off in exchange for Saturday 4 May
        date(2025, 4, 7),  # Hung Kings
        date(2025, 5, 2),  # off in exchange for Saturday 26 April
        date(2026, 2, 17),  # Tet
        date(2026, 8, 31),  # off in exchange for Saturday 22 August
        date(2026, 9, 2),  # National Day
        date(2026, 4, 25),  # an ordinary Saturday
    ],
)
def test_days_off(calendar: WorkingCalendar, day: date) -> None:
    assert not calendar.is_working_day(day)


@pytest.mark.parametrize("day", [date(2024, 5, 4), date(2025, 4, 26), date(2026, 8, 22), date(2026, 3, 2)])
def test_working_days_with_the_swapped_saturdays(calendar: WorkingCalendar, day: date) -> None:
    assert calendar.is_working_day(day)


def test_three_working_days_over_an_exchange(calendar: WorkingCalendar) -> None:
    assert calendar.add_working_days(date(2024, 4, 26), 3) == date(2024, 5, 4)


def test_a_swap_across_new_year_is_found_by_the_year_of_the_saturday_alone() -> None:
    assert viet_nam_calendar(2019, 2019).is_working_day(date(2019, 1, 5))
    assert viet_nam_calendar(2014, 2014).is_working_day(date(2014, 12, 27))


def test_years_not_announced_are_provisional(calendar: WorkingCalendar) -> None:
    assert not calendar.is_provisional(date(2026, 12, 31))
    assert calendar.is_provisional(date(2035, 1, 2))
    assert calendar.is_provisional(date(2019, 12, 31))
    # A forecast is better than nothing: the fixed holidays are in it.
    assert not calendar.is_working_day(date(2035, 5, 1))


def test_the_version_names_library_and_years(calendar: WorkingCalendar) -> None:
    assert calendar.version.startswith("VN-holidays-")
    assert calendar.version.endswith("-2020-2040")
    assert viet_nam_calendar(2024, 2026).version != calendar.version


def test_a_calendar_is_built_once() -> None:
    assert viet_nam_calendar() is viet_nam_calendar()


def test_years_run_forward() -> None:
    with pytest.raises(ValueError, match="forward"):
        viet_nam_calendar(2026, 2025)
