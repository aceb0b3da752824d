"""Connections to a service's own PostgreSQL database."""

from __future__ import annotations

import logging
import select
import uuid
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, InterfaceError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

POOL_SIZE = 8
POOL_TIMEOUT_S = 5
CONNECT_TIMEOUT_S = 3
LOCK_TIMEOUT_MS = 5_000
STATEMENT_TIMEOUT_MS = 20_000
IDLE_IN_TRANSACTION_MS = 30_000
UNFLUSHED = "(SELECT set_config('synchronous_commit', 'off', true)) AS unflushed"
"""In the FROM of a statement that commits by itself: its commit does not wait for the disk.

Everybody sees it at once, and it outlives the process; only when the server itself crashes may the last second of such
work be undone. For what is then done again and does no harm.
"""
_STATEMENT_GAVE_UP = frozenset({"55P03", "57014", "40P01", "40001"})
"""SQLSTATEs: lock_not_available, query_canceled, deadlock_detected, serialization_failure."""


def sqlalchemy_url(url: str) -> str:
    """The address with the driver that we use: `postgresql://…` becomes `postgresql+psycopg://…`."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql+psycopg{separator}{rest}" if scheme.startswith("postgres") else url


def create_engine(url: str, application_name: str, *, pool_size: int = POOL_SIZE) -> AsyncEngine:
    """An engine whose every wait has a limit.

    A connection that the server has ended since it was last used is replaced when it is taken from the pool.
    """
    limits = (
        f"-c lock_timeout={LOCK_TIMEOUT_MS} -c statement_timeout={STATEMENT_TIMEOUT_MS}"
        f" -c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_MS}"
    )
    engine = create_async_engine(
        sqlalchemy_url(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
        # Few busy connections rather than all in turn: each prepares its statements for itself.
        pool_use_lifo=True,
        # An error must not repeat what a person is called.
        hide_parameters=True,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "application_name": application_name,
            "options": limits,
        },
    )
    event.listen(engine.sync_engine, "checkout", _refuse_ended)
    return engine


def single_statements(engine: AsyncEngine) -> AsyncEngine:
    """The same connections, for work of one statement: it commits by itself, in one round trip instead of three."""
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def plain_array(values: Iterable[int | uuid.UUID | datetime | str | bytes | None]) -> str:
    """Values as PostgreSQL writes an array of them: a list costs the driver more than the server needs for the rows."""
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: int | uuid.UUID | datetime | str | bytes | None) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, bytes):
        return '"\\\\x' + value.hex() + '"'
    return "NULL" if value is None else str(value)


def _refuse_ended(connection: Any, record: Any, _: Any) -> None:
    # Nothing is awaited from an idle connection but its end. A query that asks would cost each unit a round trip.
    # A connection just made is taken as it is: refused twice in a row, a checkout fails for good.
    was_used, record.info["was_used"] = record.info.get("was_used", False), True
    if was_used and _has_ended(connection.driver_connection):
        raise InvalidatePoolError


def _has_ended(connection: psycopg.AsyncConnection[Any]) -> bool:
    if connection.closed:
        return True
    readable = select.poll()
    readable.register(connection.fileno(), select.POLLIN)
    return bool(readable.poll(0))


def is_unavailable(error: BaseException) -> bool:
    """Whether the database could not be reached or was too busy: trying again later may help.

    Anything else is an error of the request or of the program, and repeating it cannot help.
    """
    if isinstance(error, BaseExceptionGroup):
        return all(is_unavailable(one) for one in error.exceptions)
    if isinstance(error, PoolTimeoutError | InterfaceError | OperationalError):
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError | OSError)


def failure_level(error: BaseException) -> int:
    """The level at which the log tells a failure: a warning when the database was away or busy, else an error."""
    return logging.WARNING if is_unavailable(error) else logging.ERROR


def is_outage(error: BaseException) -> bool:
    """Whether the database is away, which is the fault of no single piece of work and stops them all.

    A statement that waited too long for a lock, ran too long, or lost against another transaction is no outage: what
    does this must be put off by itself, or it holds up everything else.
    """
    refused = getattr(getattr(error, "orig", error), "sqlstate", None) in _STATEMENT_GAVE_UP
    return is_unavailable(error) and not refused


@asynccontextmanager
async def transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction that commits on a clean exit and rolls back otherwise."""
    async with engine.begin() as connection:
        yield connection
