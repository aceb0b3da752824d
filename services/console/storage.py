"""Sessions in the console's own PostgreSQL database; the only SQL here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.storage.database import create_engine, is_unavailable, single_statements
from services.chassis.storage.fast_rows import fast_rows
from services.chassis.storage.migrate import check_schema
from services.console.sessions import Row, SessionsAway

SERVICE: Final = "console"
POOL_SIZE: Final = 4
"""Each statement is a look-up by its key."""

_ADD: Final = text("""
    WITH ended AS (
        DELETE FROM session WHERE seen_at < :ended_at
            OR id IN (SELECT id FROM session ORDER BY seen_at DESC OFFSET :most - 1)
    )
    INSERT INTO session (id, sealed, seen_at) VALUES (:id, :sealed, :seen_at)
""")
_FIND: Final = text("SELECT id, sealed, seen_at FROM session WHERE id = :id")
_ALL: Final = text("SELECT id, sealed, seen_at FROM session")
_CHANGE: Final = text("UPDATE session SET sealed = :sealed, seen_at = :seen_at WHERE id = :id")
_REMOVE: Final = text("DELETE FROM session WHERE id = ANY(:ids)")


class StoredSessions:
    """Sessions by their ids."""

    def __init__(self, url: str) -> None:
        self._pool = create_engine(url, "homeward-console", pool_size=POOL_SIZE)
        self._engine = single_statements(self._pool)

    async def check(self) -> None:
        """Raises SchemaOutOfDate. A database that is away may come back."""
        try:
            await check_schema(SERVICE, self._engine)
        except Exception as error:
            if not is_unavailable(error):
                raise

    async def close(self) -> None:
        """Let go of the connections."""
        await self._pool.dispose()

    async def add(self, row: Row, *, ended_s: float, most: int) -> None:
        """As `SessionStore`."""
        async with self._connection() as connection:
            await connection.execute(_ADD, {**_values(row), "ended_at": _instant(ended_s), "most": most})

    async def find(self, id: bytes) -> Row | None:  # noqa: A002
        """As `SessionStore`."""
        async with self._connection() as connection:
            found = (await connection.execute(_FIND, {"id": id})).one_or_none()
        return None if found is None else _row(found)

    async def change(self, row: Row) -> None:
        """As `SessionStore`."""
        async with self._connection() as connection:
            await connection.execute(_CHANGE, _values(row))

    async def remove(self, ids: Sequence[bytes]) -> None:
        """As `SessionStore`."""
        async with self._connection() as connection:
            await connection.execute(_REMOVE, {"ids": list(ids)})

    async def all(self) -> Sequence[Row]:
        """As `SessionStore`."""
        async with self._connection() as connection:
            return [_row(each) for each in await connection.execute(_ALL)]

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.connect() as connection:
                yield fast_rows(connection)
        except Exception as error:
            if is_unavailable(error):
                raise SessionsAway from error
            raise


def _values(row: Row) -> dict[str, Any]:
    return {"id": row.id, "sealed": row.sealed, "seen_at": _instant(row.seen_s)}


def _row(found: Any) -> Row:
    return Row(bytes(found.id), bytes(found.sealed), found.seen_at.timestamp())


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
