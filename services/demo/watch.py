"""What the four databases say, read as their operator: whether all is quiet, and the next deadline of any case."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Any, Final, Self

import psycopg

from services.chassis.events.streams import Stream, heard_by
from services.client.services import SERVICES

CONSUMED: Final[Mapping[str, tuple[Stream, ...]]] = {service: heard_by(service) for service in SERVICES}
"""Which service takes in which streams."""
WATCHING: Final = ("handover", "followup")
"""The services that watch deadlines of cases."""
LOOK_FIRST_S: Final = 0.005
LOOK_GROWTH: Final = 1.3
LOOK_MAX_S: Final = 0.04
"""Looks come at growing intervals: each takes time from those who are waited for."""
PATIENCE_S: Final = 120.0
CONNECT_TIMEOUT_S: Final = 10

_PUBLISHED: Final = "SELECT topic, sum(version)::bigint FROM stream_version GROUP BY topic"
_TAKEN_IN: Final = "SELECT topic, sum(version)::bigint FROM inbox_position GROUP BY topic"
_NEXT: Final = "SELECT min(due_at) FROM obligation WHERE state = 'ARMED'"
_HELD_UP: Final = """
    SELECT 'inbox ' || lower(state), count(*) FROM inbox WHERE state NOT IN ('DONE', 'SKIPPED') GROUP BY state
    UNION ALL SELECT 'outbox unsent', count(*) FROM outbox WHERE sent_at IS NULL HAVING count(*) > 0
    UNION ALL SELECT 'deadline not fired: ' || rule, count(*) FROM obligation
    WHERE state = 'ARMED' AND due_at <= %s GROUP BY rule
"""


class HeldUp(Exception):
    """Something on its way did not arrive, or a deadline did not fire, within PATIENCE_S; the text says what."""


class Watch:
    """Connections to the four databases; use it in an `async with`."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self._urls = urls
        self._open = AsyncExitStack()
        self._connections: dict[str, psycopg.AsyncConnection[Any]] = {}
        self._locks = {service: asyncio.Lock() for service in CONSUMED}

    async def __aenter__(self) -> Self:
        for service in CONSUMED:
            connection = await psycopg.AsyncConnection.connect(
                self._urls[service],
                autocommit=True,
                connect_timeout=CONNECT_TIMEOUT_S,
                application_name="homeward-demo",
                options="-c default_transaction_read_only=on",
            )
            self._connections[service] = await self._open.enter_async_context(connection)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._open.aclose()

    async def rows(self, service: str, sql: str, parameters: Sequence[object] = ()) -> list[Any]:
        """Rows of a statement that reads."""
        async with self._locks[service]:
            return await (await self._connections[service].execute(sql, parameters or None)).fetchall()

    async def next_deadline(self) -> datetime | None:
        """When the next watched deadline of any case passes."""
        answers = await asyncio.gather(*(self._next(service) for service in WATCHING))
        return min((due_at for due_at in answers if due_at is not None), default=None)

    async def until_fired(self, now: datetime) -> datetime | None:
        """Wait until everything due at this business time has fired; the next deadline after it.

        Raises HeldUp.
        """
        # Firing in one service arms nothing that is due already in another: what was asked first still holds.
        following = await asyncio.gather(*(self._until_fired(service, now) for service in WATCHING))
        return min((due_at for due_at in following if due_at is not None), default=None)

    async def _until_fired(self, service: str, now: datetime) -> datetime | None:
        following: datetime | None = None

        async def has_fired() -> bool:
            nonlocal following
            following = await self._next(service)
            return following is None or following > now

        await self._until(has_fired, now)
        return following

    async def _next(self, service: str) -> datetime | None:
        due_at: datetime | None = (await self.rows(service, _NEXT))[0][0]
        return due_at

    async def until_quiet(self, now: datetime, among: Sequence[str] = tuple(CONSUMED)) -> None:
        """Wait until every event said has taken effect in these services, if they take it in. Raises HeldUp."""
        said = await self._said(among)
        while True:
            # One after the other: looking at all of them all the time would slow down what is waited for.
            for service in among:
                await self._until(partial(self._has_taken_in, service, said), now)
            # An effect may itself say something: quiet is when nothing was said meanwhile.
            said, before = await self._said(among), said
            if said == before:
                return

    async def _said(self, among: Sequence[str]) -> dict[str, int]:
        """Events said so far that these services take in, by topic."""
        producers = sorted({stream.producer for service in among for stream in CONSUMED[service]})
        answers = await asyncio.gather(*(self.rows(producer, _PUBLISHED) for producer in producers))
        return {topic: count for rows in answers for topic, count in rows}

    async def _has_taken_in(self, service: str, said: Mapping[str, int]) -> bool:
        positions = dict(await self.rows(service, _TAKEN_IN))
        return all(positions.get(each.topic, 0) >= said.get(each.topic, 0) for each in CONSUMED[service])

    async def _until(self, holds: Callable[[], Awaitable[bool]], now: datetime) -> None:
        end = time.monotonic() + PATIENCE_S
        pause_s = LOOK_FIRST_S
        while not await holds():
            if time.monotonic() >= end:
                raise HeldUp(await self._what_is_held_up(now))
            await asyncio.sleep(pause_s)
            pause_s = min(LOOK_MAX_S, pause_s * LOOK_GROWTH)

    async def _what_is_held_up(self, now: datetime) -> str:
        found = []
        for service in CONSUMED:
            found += [f"{service}: {what} ({count})" for what, count in await self.rows(service, _HELD_UP, [now])]
        return ", ".join(found) or "Kafka"
