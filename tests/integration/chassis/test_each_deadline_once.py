"""Each deadline fires once: with two schedulers of which one fails on its way, and on a database that fails.

`make robustness` kills processes, and takes ten thousand (`tests/robustness/test_each_deadline_once.py`).
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial

import pytest

from services.chassis.telemetry.failpoint import FailpointReached, arm
from tests.support.firing import FAILPOINTS, Scheduler, assert_each_fired_once, at_once, look_flakily, make_due
from tests.support.fixtures import ServiceDatabase

DUE, BATCH = 300, 50
DUE_FLAKY, BATCH_FLAKY = 60, 10
FAILS = 0.2
"""One exchange with the database in five."""


@pytest.mark.parametrize("failpoint", FAILPOINTS)
async def test_of_two_schedulers_one_fails_on_its_way(service_database: ServiceDatabase, failpoint: str) -> None:
    url = service_database("chassis")
    make_due(url, DUE)
    schedulers = [Scheduler(url, batch=BATCH) for _ in range(2)]

    async def look_until_it_fails(one: Scheduler) -> None:
        # What is raised while firing, the engine deals with itself; at the commit it ends the look.
        with suppress(FailpointReached):
            await one.look_on()

    arm(f"{failpoint}:raise@3")
    try:
        await at_once(*(partial(look_until_it_fails, one) for one in schedulers))
    finally:
        arm("")
        for one in schedulers:
            await one.dispose()
    assert_each_fired_once(url, DUE)


async def test_one_exchange_with_the_database_in_five_fails(service_database: ServiceDatabase) -> None:
    url = service_database("chassis")
    make_due(url, DUE_FLAKY)
    assert await look_flakily(url, seed=12, share=FAILS, batch=BATCH_FLAKY) > 1 / FAILS
    assert_each_fired_once(url, DUE_FLAKY)
