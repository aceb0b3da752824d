"""Case numbers, from blocks that the database reserves."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextvars import Context
from typing import Final

import structlog
from sqlalchemy import text

from services.chassis.events.units import Units
from services.chassis.kernel.errors import ErrorKind, HomewardError, StorageUnavailable
from services.chassis.storage.database import is_unavailable

BLOCK: Final = 100
"""How many case numbers one call of the sequence reserves: its INCREMENT."""
_NEXT_BLOCK: Final = text("SELECT nextval('case_number_block')")

log = structlog.get_logger(__name__)


class CaseNumbersExhausted(HomewardError):
    """There are no case numbers left; please tell the administrators."""

    kind = ErrorKind.RESOURCE_EXHAUSTED


class CaseNumbers:
    """Hands out case numbers from reserved blocks; a restart wastes some."""

    def __init__(self, units: Units, numbered: Callable[[int], str], max_sequence: int) -> None:
        """`numbered`: the case number of a sequence number, of which `max_sequence` is the last."""
        self._units = units
        self._numbered = numbered
        self._max_sequence = max_sequence
        self._free: deque[int] = deque()
        self._reserving: asyncio.Task[None] | None = None

    async def take(self, count: int) -> list[str]:
        """So many new case numbers. Who waits for the same block shares its fate.

        Raises StorageUnavailable, CaseNumbersExhausted.
        """
        while len(self._free) < count:
            if self._reserving is None or self._reserving.done():
                self._reserving = asyncio.create_task(self._reserve(), context=Context())
            await asyncio.shield(self._reserving)
        return [self._numbered(self._free.popleft()) for _ in range(count)]

    async def _reserve(self) -> None:
        try:
            async with self._units.engine.begin() as connection:
                first = int(await connection.scalar(_NEXT_BLOCK))
        except Exception as error:
            if not is_unavailable(error):
                raise
            # Said once for all who wait.
            log.warning("case_numbers_not_reserved", error=type(error).__name__)
            raise StorageUnavailable from None
        if first + BLOCK > self._max_sequence:
            raise CaseNumbersExhausted
        self._free.extend(range(first, first + BLOCK))
