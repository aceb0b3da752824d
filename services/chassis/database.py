"""Connections to a service's own PostgreSQL database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

POOL_SIZE = 8
POOL_TIMEOUT_S = 5
CONNECT_TIMEOUT_S = 3
LOCK_TIMEOUT_MS = 5_000
STATEMENT_TIMEOUT_MS = 20_000
IDLE_IN_TRANSACTION_MS = 30_000


def sqlalchemy_url(url: str) -> str:
    """The address with the driver that we use: `postgresql://…` becomes `postgresql+psycopg://…`."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql+psycopg{separator}{rest}" if scheme.startswith("postgres") else url


def create_engine(
    url: str, application_name: str, *, pool_size: int = POOL_SIZE
) -> AsyncEngine:
    """An engine whose every wait has a limit.

    `pool_pre_ping` because the database may have been restarted since a connection was last used.
    """
    limits = (
        f"-c lock_timeout={LOCK_TIMEOUT_MS} -c statement_timeout={STATEMENT_TIMEOUT_MS}"
        f" -c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_MS}"
    )
    return create_async_engine(
        sqlalchemy_url(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "application_name": application_name,
            "options": limits,
        },
    )


def is_unavailable(error: BaseException) -> bool:
    """Whether the database could not be reached or was too busy: trying again later may help.

    Anything else is an error of the request or of the program, and repeating it cannot help.
    """
    if isinstance(error, PoolTimeoutError | InterfaceError | OperationalError):
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError | OSError)


@asynccontextmanager
async def transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction that commits on a clean exit and rolls back otherwise."""
    async with engine.begin() as connection:
        yield connection


async def fetch_all(
    connection: AsyncConnection, sql: str, parameters: dict[str, Any] | None = None
) -> Sequence[Any]:
    """Rows of a plain statement."""
    return (await connection.execute(text(sql), parameters or {})).fetchall()


async def fetch_one(
    connection: AsyncConnection, sql: str, parameters: dict[str, Any] | None = None
) -> Any | None:
    """First row of a plain statement, or None."""
    return (await connection.execute(text(sql), parameters or {})).first()
