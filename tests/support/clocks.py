"""Business time in a test's hands, and waiting for what happens in real time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from services.chassis.kernel.clock import VIET_NAM, require_aware
from tests.support.waiting import patient

LOOK_S = 0.02


class FakeClock:
    """A clock that stands still until it is moved: forward, unless it is set back on purpose."""

    def __init__(self, now: datetime) -> None:
        self._now = require_aware(now).astimezone(UTC)

    def now(self) -> datetime:
        """The present instant: aware, in UTC."""
        return self._now

    def move_to(self, now: datetime) -> None:
        """Make this the present instant. Raises ValueError when it lies in the past."""
        now = require_aware(now).astimezone(UTC)
        if now < self._now:
            raise ValueError("business time moves forward only")
        self._now = now

    def move_by(self, span: timedelta) -> None:
        """Let so much business time pass."""
        self.move_to(self._now + span)

    def set_back(self, span: timedelta) -> None:
        """As an operator does who finds that the clock of a machine is fast."""
        self._now -= span


def viet_nam(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """An instant by the clock on the wall in Viet Nam, in UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=VIET_NAM).astimezone(UTC)


async def eventually(check: Callable[[], Awaitable[object]], deadline_s: float = 10.0) -> None:
    """Return once the check is true; an AssertionError or a false answer means not yet.

    `deadline_s` is for a quiet machine. Raises AssertionError, with the last one's text, when time is up.
    """
    deadline_s = patient(deadline_s)
    until = time.monotonic() + deadline_s
    while True:
        try:
            if await check():
                return
            last: AssertionError = AssertionError(f"still false after {deadline_s} s")
        except AssertionError as error:
            last = error
        if time.monotonic() >= until:
            raise last
        await asyncio.sleep(LOOK_S)
