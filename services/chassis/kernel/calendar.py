"""Counting in days that offices work, and in the months and years of the calendar."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The days on which public offices work: Monday to Friday, less days off, plus swaps.

    `version` names the calendar for good: two calendars that differ have two versions, since
    every due date stores the version that it was counted with. `days_off` holds public holidays
    and substituted days off (those on a weekend may be among them), `working_weekend_days` the
    Saturdays or Sundays worked in exchange. Swaps are announced year by year: outside
    `known_from` to `known_until` (both inclusive) the calendar is a forecast.
    """

    version: str
    days_off: frozenset[date]
    working_weekend_days: frozenset[date]
    known_until: date
    known_from: date = date.min

    def __post_init__(self) -> None:
        if not self.version:
            raise ValueError("a calendar needs a version")
        if any(day.weekday() < _SATURDAY for day in self.working_weekend_days):
            raise ValueError("only a Saturday or Sunday can be worked in exchange")

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on this day; a swapped weekend day beats a holiday on it."""
        if day in self.working_weekend_days:
            return True
        return day.weekday() < _SATURDAY and day not in self.days_off

    def add_working_days(self, day: date, count: int) -> date:
        """The working day that is `count` working days after `day`.

        The day itself never counts, whether it is a working day or not; so 1 is the next working
        day, and adding 2 and then 3 is adding 5. A count of 0 gives the day itself, even a day
        off. Raises ValueError for a negative count, OverflowError beyond the year 9999.
        """
        if count < 0:
            raise ValueError("working days are counted forward")
        while count > 0:
            day += timedelta(days=1)
            if self.is_working_day(day):
                count -= 1
        return day

    def days_changed(self, days: Mapping[date, bool]) -> tuple[frozenset[date], frozenset[date]]:
        """`days_off` and `working_weekend_days` when these days are worked (True) or off (False)."""
        worked = {day for day, working in days.items() if working}
        off = days.keys() - worked
        return (
            (self.days_off - worked) | off,
            (self.working_weekend_days - off) | {day for day in worked if day.weekday() >= _SATURDAY},
        )

    def is_provisional(self, day: date) -> bool:
        """Whether the swaps of that time are not announced yet, or not known here."""
        return not self.known_from <= day <= self.known_until


def add_months(day: date, count: int) -> date:
    """The same day of the month, `count` calendar months later (or earlier when negative).

    Where that month is shorter, its last day: 31 January + 1 month is 28 or 29 February. The
    day is not carried on: going from 31 January month by month drifts to the 28th, so count
    every limit from its start and never from the previous result. Raises ValueError outside the
    years 1 to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    month += 1
    if not date.min.year <= year <= date.max.year:
        raise ValueError(f"the year {year} is outside the calendar")
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def add_years(day: date, count: int) -> date:
    """The same day, `count` calendar years later; 29 February becomes 28 where it must."""
    return add_months(day, count * 12)
