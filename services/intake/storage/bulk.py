"""Many rows of a table by one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import Table, TextClause, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from services.chassis.storage.tables import table_of

Row: TypeAlias = Mapping[str, object]


@cache
def _bulk_insert(table: Table) -> TextClause:
    """One statement for any number of rows: a column is an array, so it is planned once."""
    return text(bulk_insert(table))


def bulk_insert(table: Table, prefix: str = "", condition: str = "true", *, one_row: bool = False) -> str:
    """SQL that inserts rows given as an array for each column, under an SQL condition made from constants.

    With `one_row` the parameters are the row's own values: an array of one is an expensive way to say them. `prefix`
    stands before the names of the parameters.
    """
    dialect: Any = postgresql.dialect
    columns = [column for column in table.columns if column.identity is None]
    names = ", ".join(column.name for column in columns)
    types = {column.name: column.type.compile(dialect=dialect()) for column in columns}
    if one_row:
        rows = "SELECT " + ", ".join(f"CAST(:{prefix}{name} AS {type_})" for name, type_ in types.items())
    else:
        given = ", ".join(f"CAST(:{prefix}{name} AS {_in_array(type_)}[])" for name, type_ in types.items())
        taken = ", ".join(f"CAST({name} AS {type_})" for name, type_ in types.items())
        rows = f"SELECT {taken} FROM unnest({given}) AS given ({names})"
    return f"INSERT INTO {table.name} ({names}) {rows} WHERE {condition}"


def _in_array(type_: str) -> str:
    """An array has no arrays of different lengths in it: one is given as PostgreSQL writes it."""
    return "text" if type_.endswith("[]") else type_


def columns_of(rows: Sequence[Row], prefix: str = "", *, one_row: bool = False) -> dict[str, object]:
    """The parameters of `bulk_insert`: of at least one row, each column as a list, or as its value."""
    if one_row:
        return {prefix + name: value for name, value in rows[0].items()}
    return {prefix + name: [row[name] for row in rows] for name in rows[0]}


async def insert_rows(connection: AsyncConnection, model: type[SQLModel], rows: Sequence[Row]) -> None:
    """Insert rows; each has a value for every column that the database doesn't make itself."""
    if rows:
        await connection.execute(_bulk_insert(table_of(model)), columns_of(rows))
