"""The working calendar of Viet Nam, from the announcements that the `holidays` library records."""

from __future__ import annotations

import gc
import sys
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Final

from services.chassis.kernel.calendar import WorkingCalendar

LIBRARY: Final = "holidays"
FIRST_YEAR: Final = 2020
LAST_YEAR: Final = 2040
"""The years counted by default. Beyond them only weekends are known, and all is provisional."""


@lru_cache(maxsize=4)
def viet_nam_calendar(first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> WorkingCalendar:
    """The working calendar of Viet Nam for the years from `first_year` to `last_year`.

    Public holidays and days off in lieu follow the Labour Code and the lunar calendar. Swaps
    (a weekday off for a Saturday worked) are announced year by year: the calendar is known until
    the end of the last year for which the library records one, and a forecast from then on; a
    year whose announcement swaps nothing stays a forecast until a later one is recorded, which
    errs on the safe side. The version names library, library version and years. Raises
    ValueError when the years run backward.
    """
    if last_year < first_year:
        raise ValueError("the years of a calendar run forward")
    try:
        return _counted(first_year, last_year)
    finally:
        _let_the_library_go()


def _counted(first_year: int, last_year: int) -> WorkingCalendar:
    # Imported when first asked for: a process that never counts working days need not carry it.
    _spare_other_countries()
    from holidays import country_holidays
    from holidays.countries.vietnam import VietnamStaticHolidays
    from holidays.version import __version__ as library_version

    # One year more on each side: a swap may pair days of two years.
    recorded = country_holidays("VN", years=range(first_year - 1, last_year + 2))
    first, last = date(first_year, 1, 1), date(last_year, 12, 31)
    announced_year = max(VietnamStaticHolidays.special_public_holidays)
    return WorkingCalendar(
        version=f"VN-holidays-{library_version}-{first_year}-{last_year}",
        days_off=frozenset(day for day in recorded if first <= day <= last),
        working_weekend_days=frozenset(day for day in recorded.weekend_workdays if first <= day <= last),
        known_from=first,
        known_until=min(last, date(announced_year, 12, 31)),
    )


def _spare_other_countries() -> None:
    """Let a country of the library be imported without the 200 others, which take 8 MB in each service.

    Its package of countries imports them all; an empty one in that place imports what is asked for.
    """
    import holidays

    name = "holidays.countries"
    if name not in sys.modules:
        package = ModuleType(name)
        package.__path__ = [str(Path(holidays.__path__[0], "countries"))]
        sys.modules[name] = package


def _let_the_library_go() -> None:
    """It has said what it knows: the 4 MB that it takes are for others."""
    for name in [name for name in sys.modules if name.partition(".")[0] == LIBRARY]:
        del sys.modules[name]
    gc.collect()
