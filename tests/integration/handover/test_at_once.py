"""Two who want different things of one case, and look at it before either has acted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import text

from services.chassis.calls.client import RpcFailure
from tests.integration.handover.world import QUANG_NINH, Case, World
from tests.support.clocks import eventually

WAITING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@asynccontextmanager
async def held(world: World, case: Case) -> AsyncIterator[None]:
    """Somebody else has the case in hand: whoever comes meanwhile waits."""
    async with world.chassis.engine.connect() as connection, connection.begin():
        await connection.execute(text("SELECT 1 FROM custody WHERE case_id = :id FOR UPDATE"), {"id": case.id})
        yield


async def at_once(world: World, case: Case, *calls: Awaitable[Any]) -> list[Any]:
    """Let the calls meet: all of them wait for the case before the first one goes on. Their answers."""
    async with held(world, case):
        tasks = [asyncio.ensure_future(call) for call in calls]

        async def all_wait() -> bool:
            return len(await world.rows(WAITING)) == len(calls)

        await eventually(all_wait, 4)
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_two_who_looked_before_either_acted(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    answers = await at_once(world, case, world.acknowledge(case), world.recall(case))
    refusals = [each.reason for each in answers if isinstance(each, RpcFailure)]
    stands = await world.stands(case)
    assert (refusals, stands) in (
        (["NOT_ACCOUNTABLE"], ("ARRIVED", QUANG_NINH, "OBLIGATIONS_CONFIRM")),
        # Recalled, and then seen by the office where she arrived: whoever sees her is right.
        ([], ("ARRIVED", QUANG_NINH, "OBLIGATIONS_CONFIRM")),
    )
    transfers = await world.rows("SELECT state FROM transfer WHERE case_id = :id", id=case.id)
    assert [each.state for each in transfers] == ["ACKNOWLEDGED"]


async def test_of_two_who_end_one_journey_at_once_one_is_refused(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    answers = await at_once(world, case, world.reject(case), world.recall(case))
    refusals = [each.reason for each in answers if isinstance(each, RpcFailure)]
    assert len(refusals) == 1
    transfers = await world.rows("SELECT state FROM transfer WHERE case_id = :id", id=case.id)
    assert [each.state for each in transfers] in (["REJECTED"], ["RECALLED"])
