"""Connections that outlive a test: whoever is lent the same database next goes on with them.

A new one costs 30 ms of processor time: the server forks, asks for the password, reads what it knows of each table anew
and plans each statement anew.
"""

from __future__ import annotations

import asyncio
import select
from collections import defaultdict
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any, Self

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

KEPT_MAX = 4
"""For one database and login: a test that needs more at the same time makes them."""
_AS_MADE = "RESET ALL; SELECT pg_advisory_unlock_all()"

_free: defaultdict[tuple[str, str], list[Lasting]] = defaultdict(list)
_is_over: ContextVar[bool] = ContextVar("is_over", default=False)


class Lasting(psycopg.AsyncConnection[Any]):
    """A connection that is put aside when the test that used it is over, and closed at any other time."""

    key: tuple[str, str]
    """Database and login."""

    @classmethod
    async def taken(cls, *args: Any, **options: Any) -> Self:
        """One that was put aside, else a new one."""
        free = _free[_key(options)]
        while free:
            found: Any = free.pop()
            if found.pgconn.transaction_status == TransactionStatus.IDLE and not found.has_been_told():
                return found  # type: ignore[no-any-return] # they are all of this class
            found.pgconn.finish()
        made = await cls.connect(*args, **options)
        made.key = _key(options)
        return made

    def has_been_told(self) -> bool:
        """Whether the server said something unasked: nothing is awaited but its end."""
        return bool(select.select([self.fileno()], [], [], 0)[0])

    async def close(self) -> None:
        """As its superclass, unless the test is over and the connection as good as new."""
        free = _free[self.key]
        is_idle = not self.closed and self.pgconn.transaction_status == TransactionStatus.IDLE
        if not _is_over.get() or not is_idle or len(free) >= KEPT_MAX:
            await super().close()
            return
        self.pgconn.exec_(_AS_MADE.encode())
        # The next test has another event loop.
        self.lock = asyncio.Lock()
        free.append(self)


def _key(options: dict[str, Any]) -> tuple[str, str]:
    return options["dbname"], options["user"]


def let_last(engine: AsyncEngine) -> None:
    """The engine's connections are taken from those that were put aside."""

    def connects(_: Any, __: Any, ___: Any, options: dict[str, Any]) -> None:
        options["async_creator_fn"] = Lasting.taken

    event.listen(engine.sync_engine, "do_connect", connects)


async def put_aside(engines: Iterable[AsyncEngine]) -> None:
    """The test is over that these were made for."""
    over = _is_over.set(True)
    try:
        for engine in engines:
            await engine.dispose()
    finally:
        _is_over.reset(over)


def kept_of(database: str) -> list[int]:
    """The server's processes of the connections to a database that were put aside."""
    return [one.pgconn.backend_pid for (name, _), free in _free.items() if name == database for one in free]


def close_all(database: str | None = None) -> None:
    """Close the connections that were put aside: those to a database, or to all."""
    for key in [key for key in _free if database in (None, key[0])]:
        for one in _free.pop(key):
            one.pgconn.finish()
