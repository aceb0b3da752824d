"""What is to be done when: the driver's diary, and the next moment worth moving the clock to. Pure."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Generic, TypeVar

from services.chassis.kernel.clock import VIET_NAM

T = TypeVar("T")

WORK_HOUR = 17
"""Offices do the work of a day at this local hour, after the day's handovers."""
JUST_AFTER = timedelta(seconds=1)
"""A deadline has passed from its instant on; this much later nobody can doubt it."""


def work_time(day: date) -> datetime:
    """The instant at which the work of a local day is done."""
    return datetime.combine(day, time(WORK_HOUR), VIET_NAM)


@dataclass
class Agenda(Generic[T]):
    """Things to do by local day; those of one day come out in the order in which they were put down."""

    _days: list[date] = field(default_factory=list)
    _things: dict[date, list[T]] = field(default_factory=dict)

    def add(self, day: date, thing: T) -> None:
        """Put something down for a day."""
        if day not in self._things:
            heapq.heappush(self._days, day)
            self._things[day] = []
        self._things[day].append(thing)

    @property
    def next_day(self) -> date | None:
        """The first day with something to do."""
        return self._days[0] if self._days else None

    def take(self, day: date) -> list[T]:
        """What is put down for this day and those before it; it is no longer on the agenda."""
        taken: list[T] = []
        while self._days and self._days[0] <= day:
            taken += self._things.pop(heapq.heappop(self._days))
        return taken

    def __len__(self) -> int:
        return sum(map(len, self._things.values()))


@dataclass(frozen=True, slots=True)
class Stop:
    """A moment to move the clock to; `works`: offices do something then, or else a deadline passes."""

    at: datetime
    works: bool


def next_stop(deadline_at: datetime | None, work_day: date | None) -> Stop | None:
    """Where to move the clock next: to whatever comes first; None when there is no work any more.

    A deadline that passes on the day of work comes before the work, so that it passes at its time.
    """
    if work_day is None:
        return None
    work = Stop(work_time(work_day), works=True)
    if deadline_at is None or work.at < deadline_at + JUST_AFTER:
        return work
    return Stop(deadline_at + JUST_AFTER, works=False)
