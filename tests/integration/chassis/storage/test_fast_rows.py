"""The short way to the driver: it looks like SQLAlchemy's, and a connection that ended is replaced."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.chassis.storage.database import (
    create_engine,
    is_outage,
    is_unavailable,
    plain_array,
    single_statements,
)
from services.chassis.storage.fast_rows import fast_rows
from services.chassis.storage.tables import StreamVersion, table_of
from tests.support.fixtures import ServiceDatabase

INSERT = text("INSERT INTO stream_version (topic, subject, version) VALUES (:topic, :subject, :version)")
COUNT = text("SELECT count(*) FROM stream_version")


@pytest.fixture
async def engine(service_database: ServiceDatabase) -> AsyncIterator[AsyncEngine]:
    """An engine on a database of its own, with one connection."""
    engine = create_engine(service_database("chassis"), "homeward-test-straight", pool_size=1)
    yield engine
    await engine.dispose()


async def test_results_and_parameters_are_those_of_sqlalchemy(engine: AsyncEngine) -> None:
    statement = text("SELECT CAST(:a AS int) AS first, 'x%y' AS second, :b || :b AS third, '\\:a' AS fourth")
    async with engine.connect() as connection:
        for one in (connection, fast_rows(connection)):
            row = (await one.execute(statement, {"a": 7, "b": "é%s"})).one()
            assert tuple(row) == (7, "x%y", "é%sé%s", ":a")
            assert (row.first, row._mapping["third"]) == (7, "é%sé%s")
            assert await one.scalar(text("SELECT 1")) == 1
            assert (await one.execute(text("SELECT 1 WHERE false"))).first() is None


async def test_what_it_cannot_shorten_goes_the_long_way_in_the_same_transaction(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        short = fast_rows(connection)
        subjects = [uuid.uuid4() for _ in range(3)]
        changed = await short.execute(INSERT, {"topic": "t", "subject": subjects[0], "version": 1})
        assert changed.rowcount == 1
        rows = [{"topic": "t", "subject": subject, "version": 2} for subject in subjects[1:]]
        await short.execute(insert(table_of(StreamVersion)), rows)
        found = await short.execute(
            text("SELECT version FROM stream_version WHERE subject IN :subjects ORDER BY version").bindparams(
                bindparam("subjects", expanding=True)
            ),
            {"subjects": subjects},
        )
        assert list(found.scalars()) == [1, 2, 2]
        await connection.rollback()
    async with engine.connect() as connection:
        assert await fast_rows(connection).scalar(COUNT) == 0


async def test_errors_are_those_of_sqlalchemy_and_repeat_no_parameter(engine: AsyncEngine) -> None:
    row = {"topic": "the topic", "subject": uuid.uuid4(), "version": 1}

    async def insert_twice() -> None:
        async with engine.begin() as connection:
            await fast_rows(connection).execute(INSERT, row)
            await fast_rows(connection).execute(INSERT, row)

    with pytest.raises(IntegrityError) as caught:
        await insert_twice()
    assert not caught.value.connection_invalidated
    assert "[parameters:" not in str(caught.value)
    async with engine.connect() as connection:
        assert await fast_rows(connection).scalar(COUNT) == 0


async def test_a_statement_that_gives_up_is_no_outage_and_leaves_the_connection_usable(engine: AsyncEngine) -> None:
    async def take_too_long() -> None:
        async with engine.begin() as connection:
            await fast_rows(connection).execute(text("SET LOCAL statement_timeout = 10"))
            await fast_rows(connection).execute(text("SELECT pg_sleep(5)"))

    with pytest.raises(OperationalError) as caught:
        await take_too_long()
    assert is_unavailable(caught.value)
    assert not is_outage(caught.value)


@pytest.mark.parametrize("short", [True, False])
async def test_a_connection_that_ended_under_a_transaction_is_an_outage_once(engine: AsyncEngine, short: bool) -> None:
    async def end_it() -> None:
        async with engine.begin() as connection:
            one = fast_rows(connection) if short else connection
            await one.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(DBAPIError) as caught:
        await end_it()
    assert caught.value.connection_invalidated
    assert is_outage(caught.value)
    async with engine.connect() as connection:
        assert await fast_rows(connection).scalar(COUNT) == 0


async def test_a_connection_that_ended_in_the_pool_is_noticed_before_it_is_used(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        pid = await connection.scalar(text("SELECT pg_backend_pid()"))
    other = single_statements(create_engine(engine.url.render_as_string(hide_password=False), "homeward-test-other"))
    async with other.connect() as connection:
        await connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    await other.dispose()
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT pg_backend_pid()")) != pid


async def test_a_statement_cut_off_leaves_nothing_behind(engine: AsyncEngine) -> None:
    async def write_and_wait() -> None:
        async with engine.begin() as connection:
            short = fast_rows(connection)
            await short.execute(INSERT, {"topic": "t", "subject": uuid.uuid4(), "version": 1})
            await short.execute(text("SELECT pg_sleep(30)"))

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await write_and_wait()
    async with engine.connect() as connection:
        assert await fast_rows(connection).scalar(COUNT) == 0


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("text", ["", "null", "NULL", " a ", 'say "{x,y}"', "a\\b", "\\x00", "Đỗ Thị Ví Dụ", "'", "%s :a\n\t", None]),
        ("bytea", [b"", b'\x00\xff\\"{},', b"\\x41", None]),
        ("uuid", [uuid.UUID(int=0), uuid.UUID(int=2**128 - 1), None]),
        ("timestamptz", [datetime(2026, 2, 28, 23, 59, 59, 999_999, UTC), datetime(2000, 1, 1, tzinfo=UTC), None]),
        ("bigint", [0, -1, 2**62, None]),
        ("text", []),
    ],
    ids=["text", "bytea", "uuid", "timestamptz", "bigint", "none"],
)
async def test_an_array_written_plainly_is_read_as_it_was(engine: AsyncEngine, kind: str, values: list[Any]) -> None:
    statement = text(f"SELECT CAST(:given AS {kind}[]) AS read")
    async with engine.connect() as connection:
        for one in (connection, fast_rows(connection)):
            assert await one.scalar(statement, {"given": plain_array(values)}) == values


async def test_a_text_that_the_database_cannot_keep_is_refused_in_an_array_too(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        with pytest.raises(DBAPIError):
            await fast_rows(connection).execute(text("SELECT CAST(:x AS text[])"), {"x": plain_array(["a\0b"])})
