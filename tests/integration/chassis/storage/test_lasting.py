"""A connection of a test that is over goes on in the next, as good as new; one that is not well does not."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.chassis.storage.database import create_engine
from tests.support.databases import CHASSIS_ONLY, Databases
from tests.support.lasting import let_last, put_aside

PROCESS = text("SELECT pg_backend_pid()")


def engine_on(url: str) -> AsyncEngine:
    engine = create_engine(url, "homeward-test-lasting")
    let_last(engine)
    return engine


async def process_of(url: str, *statements: str) -> int:
    """The server's process that a test talks to which runs these statements."""
    engine = engine_on(url)
    async with engine.connect() as connection:
        found: int = (await connection.execute(PROCESS)).scalar_one()
        for statement in statements:
            await connection.execute(text(statement))
        await connection.commit()
    await put_aside([engine])
    return found


async def test_the_next_goes_on_with_it_as_it_was_made(databases: Databases) -> None:
    lent = databases.lend(CHASSIS_ONLY)
    first = await process_of(lent.url, "SET work_mem = '1MB'", "SELECT pg_advisory_lock(1)")
    databases.give_back(lent)
    again = databases.lend(CHASSIS_ONLY)
    engine = engine_on(again.url)
    async with engine.connect() as connection:
        assert (await connection.execute(PROCESS)).scalar_one() == first
        assert (await connection.execute(text("SHOW work_mem"))).scalar_one() != "1MB"
        locks = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert (await connection.execute(locks)).scalar_one() == 0
    await put_aside([engine])
    databases.give_back(again)


async def test_what_is_still_in_use_or_was_ended_is_not_kept(databases: Databases) -> None:
    lent = databases.lend(CHASSIS_ONLY)
    ended = await process_of(lent.url)
    databases.as_superuser(lent.url, f"SELECT pg_terminate_backend({ended}, 60000)")
    engine = engine_on(lent.url)
    connection = await engine.connect()
    in_use = (await connection.execute(PROCESS)).scalar_one()
    assert in_use != ended
    await put_aside([engine])
    databases.give_back(lent)
    again = databases.lend(CHASSIS_ONLY)
    assert await process_of(again.url) not in (ended, in_use)
    with pytest.raises(OperationalError):
        await connection.close()
    databases.give_back(again)
