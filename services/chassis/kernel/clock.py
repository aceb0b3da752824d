"""Instants and the local days of Viet Nam that they belong to.

Instants are stored in UTC; every limit that is counted in days is counted in local days.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Protocol

# A fixed offset, not ZoneInfo: the whole of Viet Nam has kept +07:00 without daylight saving
# since June 1975, no instant in this product is older, and a machine without tzdata must not
# be the reason that a deadline cannot be computed.
VIET_NAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


class Clock(Protocol):
    """Business time, given to whoever needs it so that a test can move three years in seconds."""

    def now(self) -> datetime:
        """The present instant: aware, in UTC."""
        ...


def require_aware(instant: datetime) -> datetime:
    """Return the instant unchanged; raise ValueError when it has no time zone."""
    if instant.utcoffset() is None:
        raise ValueError("an instant needs a time zone; this one has none")
    return instant


def local_date(instant: datetime) -> date:
    """The day in Viet Nam on which an aware instant falls; ValueError when it is naive."""
    return require_aware(instant).astimezone(VIET_NAM).date()


def start_of_local_day(day: date) -> datetime:
    """The first instant of a day in Viet Nam, in UTC (17:00 of the day before)."""
    return datetime.combine(day, time.min, tzinfo=VIET_NAM).astimezone(UTC)


def end_of_local_day(day: date) -> datetime:
    """The first instant in UTC that no longer belongs to the day: the end is exclusive.

    So `start_of_local_day(d) <= instant < end_of_local_day(d)` is "on day d", with no gap
    between one day and the next.
    """
    return start_of_local_day(day + timedelta(days=1))
