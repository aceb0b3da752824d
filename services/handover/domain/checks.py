"""Days that requests give, held against what is possible."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from services.chassis.kernel.errors import FieldViolation, InvalidInput
from services.chassis.kernel.record import TRAVEL_DAYS_MAX
from services.handover.domain.moment import Moment

MAX_PLAN_AHEAD_DAYS: Final = 365
"""Farther ahead nobody plans; it is a slip of the year [policy]."""


def farthest(at: Moment) -> date:
    """The last day on which a plan may begin."""
    return at.today + timedelta(days=MAX_PLAN_AHEAD_DAYS)


def check_not_future(field: str, day: date, at: Moment) -> None:
    """Raise InvalidInput for a day after today."""
    if day > at.today:
        raise InvalidInput([FieldViolation(None, field, "IN_THE_FUTURE")])


def check_days(field: str, day: date, earliest: date, latest: date) -> None:
    """Raise InvalidInput for a day before the earliest or after the latest one."""
    if day < earliest:
        raise InvalidInput([FieldViolation(None, field, "TOO_EARLY", {"limit": earliest.isoformat()})])
    if day > latest:
        raise InvalidInput([FieldViolation(None, field, "TOO_LATE", {"limit": latest.isoformat()})])


def check_past(field: str, day: date, earliest: date, at: Moment) -> None:
    """Raise InvalidInput for a day after today or before the earliest one."""
    check_not_future(field, day, at)
    check_days(field, day, earliest, at.today)


def check_arrival(departure_on: date, arrival_on: date, field: str = "expected_arrival_on") -> None:
    """Raise InvalidInput for an arrival before the departure, or longer after it than a journey takes."""
    check_days(field, arrival_on, departure_on, departure_on + timedelta(days=TRAVEL_DAYS_MAX))
