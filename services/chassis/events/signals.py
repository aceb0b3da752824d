"""A wake-up call inside one process: the outbox has rows, the inbox has rows."""

from __future__ import annotations

import asyncio


class Signal:
    """Wakes a waiting loop at once; the loop polls besides, so a lost call only costs time."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self) -> None:
        """Wake the waiter, now or at its next wait."""
        self._event.set()

    async def wait(self, timeout_s: float) -> None:
        """Return when called, or after the time-out."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._event.wait()
        except TimeoutError:
            pass
        self._event.clear()
