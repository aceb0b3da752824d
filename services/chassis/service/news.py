"""Whether what the other services say comes in time: while it does not, a case may be there that is not known here.

Whoever registers thirty people while Kafka is away, and opens the page of each, asks for nothing that is not hers: the
service has only not heard of them yet.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.chassis.telemetry.log import get_logger

LATE_S: Final = 5.0
"""What was taken in and has not taken effect for so long is late; it takes milliseconds."""
CATCHES_UP_S: Final = 120.0
"""For so long after news came again they may still be behind: a backlog is sent, taken in and worked off."""
CONNECT_S: Final = 2.0
_WAITS: Final = text(
    "SELECT EXISTS (SELECT 1 FROM inbox WHERE state = 'PENDING'"
    f" AND received_at < clock_timestamp() - interval '{LATE_S} s')"
)

log = get_logger(__name__)


class News:
    """Looked at every few seconds, by every process that answers calls."""

    def __init__(
        self,
        engine: AsyncEngine,
        brokers: str,
        *,
        reaches: Callable[[str], Awaitable[bool]] | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """`brokers`: host and port of each, as Kafka's clients take them."""
        self._engine = engine
        self._brokers = [each.strip() for each in brokers.split(",") if each.strip()]
        self._reaches = reaches or _answers
        self._now_s = now_s
        self._late_until_s = 0.0

    def are_late(self) -> bool:
        """Whether they were late a short while ago."""
        return self._now_s() < self._late_until_s

    async def look(self) -> None:
        """See whether they are late now. Raises what the database raises."""
        if not await self._kafka_answers() or await self._some_wait():
            self._late_until_s = self._now_s() + CATCHES_UP_S

    async def _kafka_answers(self) -> bool:
        for broker in self._brokers:
            if await self._reaches(broker):
                return True
        return False

    async def _some_wait(self) -> bool:
        async with self._engine.connect() as connection:
            return bool(await connection.scalar(_WAITS))


async def _answers(broker: str) -> bool:
    """Whether somebody listens there: no more is asked, by no login."""
    host, _, port = broker.rpartition(":")
    try:
        async with asyncio.timeout(CONNECT_S):
            _reader, writer = await asyncio.open_connection(host.strip("[]"), int(port))
    except (OSError, TimeoutError, ValueError):
        return False
    writer.close()
    return True
