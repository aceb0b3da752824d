"""The peers of the benchmark of claims: APScheduler with its own job store, and procrastinate, each as its pages say.

Both get a database of their own on the same PostgreSQL, and for each job do what ours does for a deadline: mark the
obligation, write a row into the outbox, commit, in one statement of one round trip. They sign nothing, number nothing,
and lock no case; their obligation table holds no more than what is due.
"""

from __future__ import annotations

import asyncio
import pickle
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import procrastinate
import psycopg
from apscheduler.events import EVENT_JOB_EXECUTED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import create_engine

from services.chassis.storage.database import sqlalchemy_url
from tests.perf.claims_filling import CASE, OBLIGATIONS_DUE, quick_load
from tests.perf.engines import Engines

AT_ONCE = 10
"""Jobs at a time: APScheduler's default, and given to procrastinate, whose default of one is slower."""
PAYLOAD = bytes(64)
DONE_WITHIN_S = 600.0

FIRE_ONE = """
    WITH marked AS (
        UPDATE obligation SET state = 'FIRED', fired_at = now() WHERE id = %s AND state = 'ARMED' RETURNING case_id)
    INSERT INTO outbox (event_id, topic, type, subject, version, time, correlation_id, causation_id, traceparent,
                        payload, signature, kid)
    SELECT gen_random_uuid(), 'homeward.transfer.v1', 'homeward.events.v1.CustodyChanged', case_id, 1, now(), '', '',
           '', %s, '', ''
    FROM marked
"""
_DUE_IDS = "SELECT id FROM obligation WHERE state = 'ARMED' ORDER BY id"

Round = Callable[[], Awaitable[float]]


def _arm_due(url: str, due: int) -> list[str]:
    """Obligations that are due, and their ids."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(OBLIGATIONS_DUE, {"due": due})
        return [str(one) for (one,) in connection.execute(_DUE_IDS)]


def _assert_all_fired(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        assert connection.execute(_DUE_IDS).fetchall() == [], "some were not fired"


# APScheduler.

_of_threads: dict[int, psycopg.Connection[Any]] = {}
"""A connection for each of APScheduler's threads, by its number; closed with the round."""


def fire_in_thread(url: str, obligation: str) -> None:
    """What APScheduler calls."""
    connection = _of_threads.get(threading.get_ident())
    if connection is None:
        connection = _of_threads[threading.get_ident()] = psycopg.connect(url, autocommit=True)
    connection.execute(FIRE_ONE, (obligation, PAYLOAD))


class ApScheduler:
    """Its own SQLAlchemy job store, a job for each deadline, run once at its time."""

    def __init__(self, engines: Engines, due: int) -> None:
        self.url = engines.database("chassis")
        self.due = due

    def pend(self, pending: int) -> None:
        """Put so many jobs into its store, of years to come; their states are that of one real job."""
        far = datetime.now(UTC) + timedelta(days=400)
        with self._paused() as scheduler:
            job = scheduler.add_job(
                fire_in_thread, "date", run_date=far, args=[self.url, CASE_ID], misfire_grace_time=None
            )
            state = pickle.dumps(job.__getstate__(), pickle.HIGHEST_PROTOCOL)
        with quick_load(self.url, "apscheduler_jobs") as connection:
            connection.execute(
                f"INSERT INTO apscheduler_jobs SELECT {CASE}::text, %(far)s + i, %(state)s"
                " FROM generate_series(1, %(pending)s) AS i",
                {"far": far.timestamp(), "state": state, "pending": pending},
            )

    async def round(self) -> float:
        """Fire all that is due; so many a second."""
        return await asyncio.to_thread(self._round)

    def _round(self) -> float:
        obligations = _arm_due(self.url, self.due)
        with self._paused() as scheduler:
            past = datetime.now(UTC) - timedelta(minutes=1)
            for each in obligations:
                scheduler.add_job(fire_in_thread, "date", run_date=past, args=[self.url, each], misfire_grace_time=None)
            left, all_done = [len(obligations)], threading.Event()

            def executed(_: Any) -> None:
                with lock:
                    left[0] -= 1
                    if not left[0]:
                        all_done.set()

            lock = threading.Lock()
            scheduler.add_listener(executed, EVENT_JOB_EXECUTED)
            began = time.perf_counter()
            scheduler.resume()
            assert all_done.wait(DONE_WITHIN_S), f"{left[0]} jobs were not executed"
            took_s = time.perf_counter() - began
        while _of_threads:
            _of_threads.popitem()[1].close()
        _assert_all_fired(self.url)
        return len(obligations) / took_s

    @contextmanager
    def _paused(self) -> Iterator[Any]:
        """A scheduler that has not begun to work."""
        engine = create_engine(sqlalchemy_url(self.url))
        scheduler = BackgroundScheduler(
            jobstores={"default": SQLAlchemyJobStore(engine=engine)},
            executors={"default": ThreadPoolExecutor(AT_ONCE)},
            timezone=UTC,
        )
        scheduler.start(paused=True)
        try:
            yield scheduler
        finally:
            scheduler.shutdown()
            # Its thread may have given a connection back after its store was shut down.
            engine.dispose()


CASE_ID = "00000000-0000-7000-8000-000000000000"

# procrastinate.

_FIRST_ID = 1_000_001
"""Of what is pending; ids below are free for jobs that are to be found first."""
_PEND = f"""
    INSERT INTO procrastinate_jobs (id, queue_name, task_name, args, scheduled_at)
    SELECT {_FIRST_ID} + i, 'default', 'fire', jsonb_build_object('obligation', {CASE}::text),
           now() + interval '400 days' + i * interval '1 second'
    FROM generate_series(0, %(pending)s - 1) AS i
"""
_DEFER = """
    INSERT INTO procrastinate_jobs (id, queue_name, task_name, args, scheduled_at)
    VALUES (%(id)s, 'default', 'fire', jsonb_build_object('obligation', %(obligation)s::text),
            now() - interval '1 minute')
"""


@dataclass
class Procrastinate:
    """A worker of procrastinate, with as many jobs at a time as APScheduler has threads."""

    engines: Engines
    due: int

    def __post_init__(self) -> None:
        self.url = self.engines.database("chassis")
        self._next_id = 1
        self._pending = 0

    def pend(self, pending: int) -> None:
        """Put so many jobs into its table, scheduled for years to come."""
        self._pending = pending
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(procrastinate.schema.SchemaManager.get_schema().encode())
        with quick_load(self.url, "procrastinate_jobs") as connection:
            connection.execute(_PEND, {"pending": pending})
            connection.execute("SELECT setval('procrastinate_jobs_id_seq', %s)", (2 * _FIRST_ID + pending,))

    async def round(self) -> float:
        """Fire all that is due, deferred before all that is pending: the order in which it finds them soonest."""
        return await self._round(self.due, self._next_id)

    async def in_the_middle(self, due: int) -> float:
        """The same, deferred after half of what is pending, as a deadline of months is after those of years."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            free = _FIRST_ID + self._pending // 2
            connection.execute("DELETE FROM procrastinate_jobs WHERE id >= %s AND id < %s", (free, free + due))
        return await self._round(due, free)

    async def _round(self, due: int, first_id: int) -> float:
        obligations = _arm_due(self.url, due)
        with psycopg.connect(self.url, autocommit=True) as connection, connection.transaction():
            for number, each in enumerate(obligations):
                connection.execute(_DEFER, {"id": first_id + number, "obligation": each})
        self._next_id = max(self._next_id, first_id + due) if first_id < _FIRST_ID else self._next_id
        took_s = await self._work(len(obligations))
        _assert_all_fired(self.url)
        return len(obligations) / took_s

    async def _work(self, due: int) -> float:
        app = procrastinate.App(
            connector=procrastinate.PsycopgConnector(conninfo=self.url, min_size=2, max_size=AT_ONCE + 4)
        )
        async with (
            app.open_async(),
            AsyncConnectionPool(self.url, min_size=AT_ONCE, kwargs={"autocommit": True}, open=False) as pool,
        ):
            await pool.wait()
            done, all_done = 0, asyncio.Event()

            @app.task(name="fire")
            async def fire(obligation: str) -> None:
                nonlocal done
                async with pool.connection() as connection:
                    await connection.execute(FIRE_ONE, (obligation, PAYLOAD))
                done += 1
                if done == due:
                    all_done.set()

            began = time.perf_counter()
            worker = asyncio.create_task(
                app.run_worker_async(concurrency=AT_ONCE, install_signal_handlers=False, shutdown_graceful_timeout=0)
            )
            try:
                async with asyncio.timeout(DONE_WITHIN_S):
                    await all_done.wait()
                took_s = time.perf_counter() - began
            finally:
                # It looks for more by now, which takes as long as all that is pending is long: that is not counted.
                worker.cancel()
                with suppress(asyncio.CancelledError):
                    await worker
        return took_s
