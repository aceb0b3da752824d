"""A database that goes away and comes back, and a process that cannot start."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn
from unittest.mock import MagicMock

import grpc
import pytest
from sqlalchemy import MetaData, create_engine, inspect
from sqlalchemy.exc import OperationalError

from services.chassis.calls.client import RpcFailure
from services.chassis.storage.database import sqlalchemy_url
from services.intake.storage import writer
from services.intake.storage.tables import IntakeTable
from tests.integration.intake.people import submission
from tests.integration.intake.world import POST, World, world_of
from tests.support.clocks import FakeClock, eventually
from tests.support.fixtures import ChassisFor, ServiceDatabase, TokenFor
from tests.support.signing import event_key_environment
from tests.support.waiting import patient

NOBODY_LISTENS = "postgresql://homeward@127.0.0.1:1/intake"
PROMPTLY_S = 5.5


async def test_a_database_that_is_away_is_said_soon(
    chassis_for: ChassisFor, clock: FakeClock, token_for: TokenFor
) -> None:
    chassis = chassis_for("intake", NOBODY_LISTENS, clock)
    async with world_of(chassis, clock, token_for) as world:
        began = time.monotonic()
        answers = await asyncio.gather(
            *(world.call(POST, submission(at=clock.now())) for _ in range(20)),
            return_exceptions=True,
        )
        assert time.monotonic() - began < patient(PROMPTLY_S)
    for answer in answers:
        assert isinstance(answer, RpcFailure)
        assert (answer.code, answer.reason) == (
            grpc.StatusCode.UNAVAILABLE,
            "STORAGE_UNAVAILABLE",
        )


async def test_a_group_cut_off_by_the_database_leaves_nothing_and_is_repeated(
    world: World,
) -> None:
    requests = [submission(at=world.clock.now()) for _ in range(5)]
    async with world.chassis.engine.begin() as connection:
        await connection.exec_driver_sql("LOCK TABLE outbox IN SHARE MODE")
        calls = [asyncio.ensure_future(world.call(POST, request)) for request in requests]

        async def cut() -> bool:
            rows = await world.rows(
                "SELECT pg_terminate_backend(pid) AS cut FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND query LIKE '%INSERT INTO request_log%'"
            )
            return any(row.cut for row in rows)

        await eventually(cut)
    answers = await asyncio.gather(*calls, return_exceptions=True)
    failures = [answer for answer in answers if isinstance(answer, RpcFailure)]
    assert failures
    assert {failure.code for failure in failures} == {grpc.StatusCode.UNAVAILABLE}
    assert await world.count("intake_case") == len(requests) - len(failures)
    assert await world.count("request_log") == len(requests) - len(failures)
    for request in requests:
        await world.call(POST, request)
    assert await world.count("intake_case") == len(requests)


@pytest.mark.parametrize(
    ("content", "mode", "reason"),
    [
        (None, 0, "HOMEWARD_KEK is not set"),
        (b"too short", 0o600, "holds no key"),
        (bytes(32), 0o644, "readable by its owner only"),
    ],
)
def test_without_a_usable_key_the_process_says_why_and_ends(
    tmp_path: Path, jwks: Path, content: bytes | None, mode: int, reason: str
) -> None:
    digest = tmp_path / "digest"
    digest.write_bytes(bytes(32))
    digest.chmod(0o600)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "HOMEWARD_MODE": "embedded",
        "HOMEWARD_DATABASE_URL": NOBODY_LISTENS,
        "HOMEWARD_KAFKA": "127.0.0.1:1",
        "HOMEWARD_TOKEN_KEYS": str(jwks),
        "HOMEWARD_TOKEN_ISSUER": "https://issuer.homeward.test",
        "HOMEWARD_DIGEST_KEY": str(digest),
        **event_key_environment(tmp_path, "intake"),
    }
    if content is not None:
        kek = tmp_path / "intake.kek"
        kek.write_bytes(content)
        kek.chmod(mode)
        environment["HOMEWARD_KEK"] = str(kek)
    ended = subprocess.run(
        [sys.executable, "-m", "services.intake"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=patient(30),
    )
    assert ended.returncode == 1
    assert reason in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_tables_are_those_of_the_migration(service_database: ServiceDatabase) -> None:
    engine = create_engine(sqlalchemy_url(service_database("intake")))
    try:
        migrated = inspect(engine)
        metadata: MetaData = IntakeTable.metadata
        for table in metadata.sorted_tables:
            columns = {column["name"]: column["nullable"] for column in migrated.get_columns(table.name)}
            assert columns == {column.name: column.nullable for column in table.columns}
    finally:
        engine.dispose()


async def test_a_database_lost_while_a_refused_group_is_looked_at_is_no_defect(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is told to come again does; the log does not tell a defect of ours."""

    async def cut(connection: object, group: object) -> NoReturn:
        raise OperationalError("", None, Exception())

    copies = [submission(at=world.clock.now(), again=()) for _ in range(3)]
    log = MagicMock()
    with monkeypatch.context() as patched:
        patched.setattr(writer, "keys_of_known", cut)
        patched.setattr(writer, "log", log)
        answers = await asyncio.gather(*(world.call(POST, one) for one in copies), return_exceptions=True)
    failures = [answer for answer in answers if isinstance(answer, RpcFailure)]
    assert {failure.reason for failure in failures} == {"STORAGE_UNAVAILABLE"}
    assert {call.args[:2] for call in log.log.call_args_list} == {(logging.WARNING, "group_not_stored")}
    answers = await asyncio.gather(*(world.call(POST, one) for one in copies), return_exceptions=True)
    assert {one.reason for one in answers if isinstance(one, RpcFailure)} == {"ALREADY_REGISTERED"}
