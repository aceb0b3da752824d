"""One leader per duty and database, by a PostgreSQL advisory lock that a dead or frozen holder loses."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.chassis.storage.database import is_unavailable

RETRY_S = 1.0
HEARTBEAT_S = 2.0
BEAT_TIMEOUT_S = 5.0
"""A server that does not answer for so long drops the lock soon; together with the beat less than its patience."""
SILENCE_MAX_MS = 10_000

log = structlog.get_logger(__name__)


async def lead(engine: AsyncEngine, duty: str, work: Callable[[], Awaitable[None]]) -> None:
    """Run the work while this process holds the lock of the duty; start over whenever it is lost.

    The server drops the lock's connection after ten silent seconds, so that a frozen process does not keep others
    out. What a thawed holder may still do twice, consumers and row states make harmless.
    """
    while True:
        try:
            await _lead_once(engine, duty, work)
        except Exception as error:
            if not is_unavailable(error):
                log.error("leader_failed", duty=duty, error=type(error).__name__)
        await asyncio.sleep(RETRY_S)


async def _lead_once(engine: AsyncEngine, duty: str, work: Callable[[], Awaitable[None]]) -> None:
    async with engine.connect() as connection:
        connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
        locked = True
        try:
            locked = await _try_lock(connection, duty)
            if not locked:
                return
            await connection.execute(text(f"SET idle_session_timeout = {SILENCE_MAX_MS}"))
            log.info("leader_elected", duty=duty)
            await _work_while_beating(connection, work)
        finally:
            if locked:
                # A session lock must not go back into the pool with its connection.
                await connection.invalidate()


async def _try_lock(connection: AsyncConnection, duty: str) -> bool:
    locked = await connection.scalar(text("SELECT pg_try_advisory_lock(hashtextextended(:duty, 0))"), {"duty": duty})
    return bool(locked)


async def _work_while_beating(connection: AsyncConnection, work: Callable[[], Awaitable[None]]) -> None:
    task = asyncio.ensure_future(work())
    try:
        while not task.done():
            await asyncio.wait([task], timeout=HEARTBEAT_S)
            async with asyncio.timeout(BEAT_TIMEOUT_S):
                await connection.execute(text("SELECT 1"))
        task.result()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
