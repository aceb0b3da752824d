"""Sessions in a real database: they outlive the console, and the database alone tells nothing of them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import psycopg
import pytest
import pytest_asyncio

from services.console.secret import Secret
from services.console.sessions import Granted, Sessions, SessionsAway
from services.console.storage import StoredSessions
from tests.support.fixtures import ServiceDatabase

SECRET = Secret(bytes(range(32)))
OFFICE = "BP-CN-MONG-CAI"


@pytest.fixture
def url(service_database: ServiceDatabase) -> str:
    """The console's database."""
    return service_database("console")


@pytest_asyncio.fixture
async def store(url: str) -> AsyncIterator[StoredSessions]:
    """A console's connections to it."""
    opened = StoredSessions(url)
    await opened.check()
    yield opened
    await opened.close()


async def test_a_session_outlives_the_console_and_ends_for_all_of_them(store: StoredSessions, url: str) -> None:
    now_s = 1_000_000.0
    sessions = Sessions(store, SECRET, lambda: now_s)
    granted = Granted("access", "refresh", now_s + 300)
    key = await sessions.begin(OFFICE, "officer-7", granted)
    restarted = StoredSessions(url)
    try:
        again = Sessions(restarted, SECRET, lambda: now_s)
        now_s += 20 * 60
        found = await again.find(key)
        assert found is not None
        assert (found.office_id, found.subject, found.granted) == (OFFICE, "officer-7", granted)
        # A poll looks and extends nothing; an input does.
        now_s += 20 * 60
        assert await sessions.find(key, active=False) is not None
        now_s += 11 * 60
        assert await sessions.find(key) is None
        key = await sessions.begin(OFFICE, "officer-7")
        assert [each.subject for each in await again.of(OFFICE)] == ["officer-7"]
        assert await again.of(OFFICE, "officer-8") == []
        await again.end_all(await again.of(OFFICE, "officer-7"))
        assert await sessions.find(key) is None
    finally:
        await restarted.close()


async def test_the_database_tells_nothing_of_who_is_signed_in(store: StoredSessions, url: str) -> None:
    sessions = Sessions(store, SECRET)
    key = await sessions.begin(OFFICE, "officer-7", Granted("access-token", "refresh-token", 1.0))
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT t::text FROM session t").fetchall()
        columns = connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
        ).fetchall()
        connection.execute("UPDATE session SET id = sha256(id)")
    assert [column for table, column in columns if table != "alembic_version"] == ["id", "sealed", "seen_at"]
    readable = bytes.fromhex("".join(part for part in rows[0][0].split(",")[1].strip('"\\x').split()))
    for secret in (key, OFFICE, "officer-7", "token"):
        assert secret not in rows[0][0]
        assert secret.encode() not in readable
    # What was sealed for one id opens for no other, and under no other secret.
    assert await sessions.of(OFFICE) == []
    await sessions.begin(OFFICE, "officer-7")
    assert await Sessions(store, Secret(bytes(32))).of(OFFICE) == []


async def test_the_oldest_go_when_there_are_too_many(store: StoredSessions) -> None:
    now_s = 1_000_000.0
    sessions = Sessions(store, SECRET, lambda: now_s)
    keys = []
    for _ in range(3):
        now_s += 1
        keys.append(await sessions.begin(OFFICE, "officer"))
    (row,) = [each for each in await store.all() if each.seen_s == now_s]
    await store.remove([row.id])
    await store.add(row, ended_s=0.0, most=2)
    assert [await sessions.find(key) is not None for key in keys] == [False, True, True]


async def test_without_its_database_nobody_is_known(url: str) -> None:
    parts = psycopg.conninfo.conninfo_to_dict(url)
    store = StoredSessions(f"postgresql://{parts['user']}@127.0.0.1:1/none")
    try:
        await store.check()
        with pytest.raises(SessionsAway):
            await Sessions(store, SECRET).find("key")
    finally:
        await store.close()
