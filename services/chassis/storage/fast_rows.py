"""A connection whose plain statements go straight to the driver.

Of what SQLAlchemy does for a `text` statement a transaction needs only the names of the parameters and of the columns;
the rest costs as much processor time as the statement itself. Connection, transaction, results and errors stay
SQLAlchemy's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from psycopg.pq.abc import PGresult
from sqlalchemy import TextClause
from sqlalchemy.dialects.postgresql.psycopg import PGDialectAsync_psycopg
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.sqltypes import NullType

STATEMENTS_KEPT = 1_000

_DIALECT: Any = PGDialectAsync_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call, unused-ignore]


@dataclass(frozen=True)
class _Statement:
    """A statement as the server wants it, and the names of its parameters in their order."""

    sql: str
    names: tuple[str, ...]


class FastRowsConnection(AsyncConnection):
    """A connection that is used as any other; only a `text` statement with plain parameters takes the short way."""

    def __init__(self, connection: AsyncConnection, driver: psycopg.AsyncConnection[Any]) -> None:
        super().__init__(connection.engine, connection.sync_connection)
        self._driver = driver

    async def execute(self, statement: Any, parameters: Any = None, *, execution_options: Any = None) -> Any:
        """Run a statement; raises what SQLAlchemy raises."""
        known = _statement(statement) if execution_options is None else None
        if known is None or not (parameters is None or isinstance(parameters, Mapping)):
            return await super().execute(statement, parameters, execution_options=execution_options)
        given: Mapping[str, Any] = parameters or {}
        values = [given[name] for name in known.names]
        try:
            cursor = psycopg.AsyncRawCursor(self._driver)
            await cursor.execute(known.sql, values)
            names = _names(cursor.pgresult)
            rows = await cursor.fetchall() if names else []
        except BaseException as error:
            # Cut off in the middle, nobody knows what the server did.
            ended = self._driver.closed or not isinstance(error, Exception)
            if ended:
                await self.invalidate(error)
            if isinstance(error, psycopg.Error):
                raise _as_sqlalchemy_says(known.sql, error, ended=ended) from error
            raise
        return _Result(names, rows, cursor.rowcount)


def fast_rows(connection: AsyncConnection) -> AsyncConnection:
    """An open connection with the short way."""
    assert connection.sync_connection is not None, "an open connection has one"
    driver: Any = connection.sync_connection.connection.driver_connection
    return FastRowsConnection(connection, driver)


class _Result(IteratorResult[Any]):
    def __init__(self, names: tuple[bytes, ...], rows: list[Any], rowcount: int) -> None:
        super().__init__(_columns(names), iter(rows))
        self.rowcount = rowcount


def _names(result: PGresult | None) -> tuple[bytes, ...]:
    """The columns by name alone: all that the driver's `description` says of each costs as much as a row."""
    return () if result is None else tuple(filter(None, map(result.fname, range(result.nfields))))


@lru_cache(STATEMENTS_KEPT)
def _columns(names: tuple[bytes, ...]) -> SimpleResultMetaData:
    return SimpleResultMetaData([name.decode() for name in names])


def _statement(statement: Any) -> _Statement | None:
    """None when SQLAlchemy has more to do with it than to name parameters."""
    if type(statement) is not TextClause:
        return None
    if statement not in _known:
        parameters = statement._bindparams.values()
        plain = all(type(one.type) is NullType and one.required and not one.expanding for one in parameters)
        _known[statement] = _compiled(_ByText(statement)) if plain else None
    return _known[statement]


_known: WeakKeyDictionary[TextClause, _Statement | None] = WeakKeyDictionary()


class _ByText:
    """A statement, equal to another that reads the same: some are made anew for each use."""

    def __init__(self, statement: TextClause) -> None:
        self.statement = statement

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByText) and self.statement.text == other.statement.text

    def __hash__(self) -> int:
        return hash(self.statement.text)


@lru_cache(STATEMENTS_KEPT)
def _compiled(statement: _ByText) -> _Statement:
    compiled: Any = statement.statement.compile(dialect=_DIALECT)
    return _Statement(str(compiled), tuple(compiled.positiontup or ()))


def _as_sqlalchemy_says(sql: str, error: psycopg.Error, *, ended: bool) -> Exception:
    said: Exception = DBAPIError.instance(
        sql, None, error, psycopg.Error, hide_parameters=True, connection_invalidated=ended, dialect=_DIALECT
    )
    return said
