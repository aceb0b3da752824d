"""Ten thousand deadlines and two schedulers, of which one is killed at each failpoint; and a database that fails."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time

import pytest

from tests.e2e.work import tell
from tests.support.firing import DONE, FAILPOINTS, Scheduler, assert_each_fired_once, at_once, look_flakily, make_due
from tests.support.fixtures import ServiceDatabase
from tests.support.waiting import patient

DUE = 10_000
DUE_FLAKY = 500
FAILS = 0.2
TIMES = (1, 2, 7)
SCHEDULER_S = 120.0


async def scheduler(url: str, failpoint: str = "") -> tuple[int, str]:
    """A scheduler in a process of its own: how it ended, and what it said last."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.support.firing", url),
        env={**os.environ, "HOMEWARD_FAILPOINT": failpoint},
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(patient(SCHEDULER_S)):
        said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode().strip()


@pytest.mark.parametrize("nth", TIMES)
@pytest.mark.parametrize("failpoint", FAILPOINTS)
async def test_of_two_schedulers_one_is_killed(service_database: ServiceDatabase, failpoint: str, nth: int) -> None:
    url = service_database("chassis")
    make_due(url, DUE)
    began_s = time.monotonic()
    other, killed = await asyncio.gather(scheduler(url), scheduler(url, f"{failpoint}:kill9@{nth}"))
    assert (other, killed) == ((0, DONE), (-signal.SIGKILL, ""))
    assert_each_fired_once(url, DUE)
    tell(f"{failpoint}@{nth}: {DUE} deadlines, one of two schedulers killed, {time.monotonic() - began_s:.1f} s")


async def test_each_of_ten_thousand_fires_once_with_four_schedulers(service_database: ServiceDatabase) -> None:
    url = service_database("chassis")
    make_due(url, DUE)
    schedulers = [Scheduler(url) for _ in range(4)]
    try:
        await at_once(*(one.look_on for one in schedulers))
    finally:
        for one in schedulers:
            await one.dispose()
    assert_each_fired_once(url, DUE)


@pytest.mark.parametrize("turn", range(5))
async def test_one_exchange_with_the_database_in_five_fails(
    service_database: ServiceDatabase, seed: int, turn: int
) -> None:
    url = service_database("chassis")
    make_due(url, DUE_FLAKY)
    failed = await look_flakily(url, seed=seed + turn, share=FAILS, batch=10)
    assert_each_fired_once(url, DUE_FLAKY)
    tell(f"{DUE_FLAKY} deadlines fired once each, while {failed} exchanges with the database failed")
