"""Business time: the system's, or the system's plus an offset that a demonstration moves forward."""

from __future__ import annotations

import asyncio
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.chassis.kernel.clock import Clock

DEMO_MARKER = "DEMONSTRATION"
LOOK_S = 0.01
"""How often somebody who waits for a move looks at the file."""


class SystemClock:
    """Business time is real time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)


class OffsetClock:
    """Real time plus the offset in a file that the launcher owns; re-read whenever the file changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._offset = timedelta()

    def now(self) -> datetime:
        """The present instant of business time, aware, in UTC."""
        return datetime.now(UTC) + self.offset()

    def offset(self) -> timedelta:
        """How far business time runs ahead of real time."""
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return self._offset
        stamp = (stat.st_mtime_ns, stat.st_ino)
        if stamp != self._stamp:
            self._offset = timedelta(seconds=json.loads(self._path.read_text())["offset_s"])
            self._stamp = stamp
        return self._offset

    async def moved_from(self, offset: timedelta) -> timedelta:
        """Wait until the offset is another one than this. Returns it."""
        while True:
            # A file tells nobody that it was replaced.
            await asyncio.sleep(LOOK_S)
            if (moved := self.offset()) != offset:
                return moved


class ClockMoveRefused(Exception):
    """Business time moves forward only, and only in a state directory made for demonstration."""


def move_clock(path: Path, *, to: datetime) -> timedelta:
    """Set the offset so that business time is now `to`. Returns the new offset.

    Raises:
        ClockMoveRefused: `to` lies before business time now, or the state directory is a real one.
    """
    if not (path.parent / DEMO_MARKER).exists():
        raise ClockMoveRefused("this state directory was not made for demonstration")
    clock = OffsetClock(path)
    offset = to - datetime.now(UTC)
    if offset < clock.offset():
        raise ClockMoveRefused("business time moves forward only")
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps({"offset_s": offset.total_seconds()}))
    os.replace(draft, path)
    return offset


def clock_for(path: Path | None) -> Clock:
    """The clock that a service runs by: adjustable when a clock file is configured."""
    return SystemClock() if path is None else OffsetClock(path)
