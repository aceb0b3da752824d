"""Deadlines of nobody in particular: many at once, fired by the engine that all services have, and counted afterwards.

Run as a module it is a scheduler in a process of its own, which looks until nothing is due any more; what is armed in
HOMEWARD_FAILPOINT ends it on its way.
"""

from __future__ import annotations

import asyncio
import random
import sys
import uuid
from collections.abc import Awaitable, Callable, Generator, Sequence
from typing import Any, TypeVar

import psycopg
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from homeward.events.v1.transfer_pb2 import CustodyChanged
from services.chassis.country.clock import SystemClock
from services.chassis.events.signals import Signal
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.service.obligations import BATCH_CASES, ArmedObligation, fire_due
from services.chassis.storage.database import create_engine, is_unavailable
from tests.support.clocks import LOOK_S
from tests.support.signing import signer_of

T = TypeVar("T")

DONE = "done"
FAILPOINTS = ("schedule.after_claim", "schedule.after_effect_before_complete", "unit.before_commit")
"""All that a look passes."""
_ARM = """
    INSERT INTO obligation (id, case_id, rule, rule_version, calendar_version, is_primary, due_on, due_at, state,
                            level, late)
    SELECT gen_random_uuid(), gen_random_uuid(), 'TEST', 1, 'test', true, CAST(at AS date), at, 'ARMED', 0, false
    FROM (SELECT now() - make_interval(secs => i) AS at FROM generate_series(1, %s) AS i) AS times
"""
_LOCK = text(
    """
    SELECT case_id FROM obligation WHERE case_id = ANY(CAST(:cases AS uuid[])) AND state = 'ARMED'
    ORDER BY case_id FOR UPDATE SKIP LOCKED
    """
)
_NOT_ONCE = """
    SELECT o.case_id, o.state, count(e.event_id) FROM obligation o LEFT JOIN outbox e ON e.subject = o.case_id
    GROUP BY o.id HAVING o.state <> 'FIRED' OR count(e.event_id) <> 1
"""
_LEFT = text("SELECT EXISTS (SELECT FROM obligation WHERE state = 'ARMED')")
_TOLD = "SELECT count(*), count(DISTINCT subject), max(version) FROM outbox"


class Scheduler:
    """One of several that look at the same deadlines."""

    def __init__(self, url: str, *, batch: int = BATCH_CASES) -> None:
        self.engine = create_engine(url, "homeward-test-firing")
        self._units = Units(self.engine, SystemClock(), signer_of("handover"), Signal())
        self._batch = batch

    async def look(self) -> int:
        """Fire some of what is due. Returns how many fired."""
        return await fire_due(self._units, "test", _lock, _fire, batch=self._batch)

    async def look_on(self) -> None:
        """Look until nothing is due, as a tick does that is called again whatever became of it."""
        while True:
            try:
                if await self.look() == 0 and not await self._is_any_left():
                    return
            except Exception as error:
                if not is_unavailable(error):
                    raise
            # What another one has claimed is passed over.
            await asyncio.sleep(LOOK_S)

    async def _is_any_left(self) -> bool:
        async with self.engine.connect() as connection:
            return bool((await connection.execute(_LEFT)).scalar_one())

    async def dispose(self) -> None:
        """Give the connections back."""
        await self.engine.dispose()


async def _lock(uow: UnitOfWork, cases: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    return {row.case_id for row in await uow.connection.execute(_LOCK, {"cases": list(cases)})}


async def _fire(uow: UnitOfWork, one: ArmedObligation, late: bool) -> None:
    uow.append(CustodyChanged(case_id=str(one.case_id)), one.case_id)


def make_due(url: str, count: int) -> None:
    """So many cases, with a deadline each that has just passed."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_ARM, (count,))


def assert_each_fired_once(url: str, count: int) -> None:
    """As many fired as were due, and each was told with one event, the first of its case."""
    with psycopg.connect(url, autocommit=True) as connection:
        assert connection.execute(_NOT_ONCE).fetchall() == []
        assert connection.execute(_TOLD).fetchone() == (count, count, 1)


class FlakyConnection(psycopg.AsyncConnection[Any]):
    """Fails at each exchange with the server with some probability: before it, or after it, when nobody knows.

    A statement, its BEGIN, COMMIT and ROLLBACK are exchanges alike. A failure ends the connection, as a network does.
    """

    dice = random.Random(0)
    share = 0.0
    failed = 0

    async def wait(self, gen: Generator[Any, Any, T], interval: float = 0.1, timeout: float | None = None) -> T:
        """One exchange."""
        kind = type(self)
        if kind.dice.random() >= kind.share:
            return await super().wait(gen, interval, timeout)
        kind.failed += 1
        try:
            if kind.dice.random() < 0.5:
                await super().wait(gen, interval, timeout)
        finally:
            await self.close()
        raise psycopg.OperationalError("the connection was lost, on purpose")


def _make_flaky(engine: AsyncEngine, seed: int, share: float) -> type[FlakyConnection]:
    """Let every exchange of the engine's connections fail with this probability; the class counts the failures."""

    class Flaky(FlakyConnection):
        pass

    Flaky.dice, Flaky.share = random.Random(seed), share

    def connect(_: Any, __: Any, ___: Any, parameters: dict[str, Any]) -> None:
        parameters["async_creator_fn"] = Flaky.connect

    event.listen(engine.sync_engine, "do_connect", connect)
    return Flaky


async def look_flakily(url: str, *, seed: int, share: float, batch: int) -> int:
    """Look until nothing is due, while that share of all exchanges with the database fails. Returns how many did."""
    scheduler = Scheduler(url, batch=batch)
    flaky = _make_flaky(scheduler.engine, seed, share)
    try:
        await scheduler.look_on()
    finally:
        flaky.share = 0.0
        await scheduler.dispose()
    return flaky.failed


async def at_once(*work: Callable[[], Awaitable[None]]) -> None:
    """All of these at the same time."""
    await asyncio.gather(*(one() for one in work))


async def _main(url: str) -> None:
    scheduler = Scheduler(url)
    try:
        await scheduler.look_on()
    finally:
        await scheduler.dispose()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1]))
    sys.stdout.write(f"{DONE}\n")
