"""The days on which offices do something in the demonstration. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

OFFICE_WEEKDAYS: Final = frozenset(range(5))
"""Handovers, decisions, journeys and answers fall on Mondays to Fridays [invented]; Monday is 0."""
VISITING_WEEKDAYS: Final = frozenset({1, 3})
"""Support agencies visit, and close cases, on Tuesdays and Thursdays [invented]."""


def next_office_day(day: date) -> date:
    """This day, or the next one on which offices work."""
    return _next(day, OFFICE_WEEKDAYS)


def next_visiting_day(day: date) -> date:
    """This day, or the next one on which support agencies visit."""
    return _next(day, VISITING_WEEKDAYS)


def last_visiting_day(day: date) -> date:
    """This day, or the last one before it on which support agencies visit."""
    while day.weekday() not in VISITING_WEEKDAYS:
        day -= timedelta(days=1)
    return day


def _next(day: date, weekdays: frozenset[int]) -> date:
    while day.weekday() not in weekdays:
        day += timedelta(days=1)
    return day
