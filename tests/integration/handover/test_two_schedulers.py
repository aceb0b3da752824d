"""Two schedulers on one database: each deadline fires once, also when one is stopped past its claim and goes on."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from services.chassis.storage.database import IDLE_IN_TRANSACTION_MS
from tests.integration.handover.world import Case, World, names
from tests.support.clocks import eventually
from tests.support.waiting import patient

CASES = 3
SHORT_MS = 500
"""So soon the server gives up on the stopped scheduler; in service it is IDLE_IN_TRANSACTION_MS."""
ANSWER_S = 30.0


class OtherScheduler:
    """A scheduler in a process of its own; see `tests.support.scheduler`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def said(self) -> str:
        """Its next line."""
        assert self._process.stdout is not None
        async with asyncio.timeout(patient(ANSWER_S)):
            return (await self._process.stdout.readline()).decode().strip()

    def stop(self) -> None:
        """SIGSTOP, as a machine does that is suspended."""
        os.kill(self._process.pid, signal.SIGSTOP)

    def kill(self) -> None:
        """SIGKILL."""
        self._process.kill()

    async def go_on(self) -> str:
        """SIGCONT, and past its claim. What became of its look."""
        os.kill(self._process.pid, signal.SIGCONT)
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")
        return await self.said()


@asynccontextmanager
async def claimed_by_another(world: World, folder: Path, jwks: Path, patience_ms: int) -> AsyncIterator[OtherScheduler]:
    """Another scheduler has locked what is due, and has fired nothing yet."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.support.scheduler"),
        *(world.chassis.settings.database_url, world.clock.now().isoformat()),
        *(str(folder), str(jwks), str(patience_ms)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        other = OtherScheduler(process)
        assert await other.said() == "claimed"
        yield other
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def due_cases(world: World) -> list[Case]:
    """Some cases whose deadline has just passed."""
    cases = [await world.registered() for _ in range(CASES)]
    await world.heard()
    world.clock.move_by(timedelta(days=11))
    return cases


async def takes_over(world: World) -> bool:
    """Whether this look fires what the other had claimed."""
    return await world.look() == CASES


async def assert_each_fired_once(world: World) -> None:
    """One event and one fired obligation per case."""
    assert names(await world.heard()) == ["TransferOverdue"] * CASES
    rows = await world.rows("SELECT case_id, count(*) AS n FROM obligation WHERE state = 'FIRED' GROUP BY case_id")
    assert [row.n for row in rows] == [1] * CASES
    assert await world.look() == 0


async def test_what_another_has_claimed_is_passed_over(world: World, tmp_path: Path, jwks: Path) -> None:
    await due_cases(world)
    async with claimed_by_another(world, tmp_path, jwks, IDLE_IN_TRANSACTION_MS) as other:
        assert await world.look() == 0
        assert await other.go_on() == f"fired {CASES}"
    await assert_each_fired_once(world)


async def test_stopped_past_its_claim_for_a_moment_it_goes_on(world: World, tmp_path: Path, jwks: Path) -> None:
    await due_cases(world)
    async with claimed_by_another(world, tmp_path, jwks, IDLE_IN_TRANSACTION_MS) as other:
        other.stop()
        assert await world.look() == 0
        assert await other.go_on() == f"fired {CASES}"
    await assert_each_fired_once(world)


async def test_stopped_for_too_long_its_claim_is_lost_and_it_fires_nothing(
    world: World, tmp_path: Path, jwks: Path
) -> None:
    await due_cases(world)
    async with claimed_by_another(world, tmp_path, jwks, SHORT_MS) as other:
        other.stop()
        await eventually(lambda: takes_over(world))
        assert await other.go_on() == "failed"
    await assert_each_fired_once(world)


async def test_killed_past_its_claim_the_other_fires_at_its_next_look(world: World, tmp_path: Path, jwks: Path) -> None:
    await due_cases(world)
    async with claimed_by_another(world, tmp_path, jwks, IDLE_IN_TRANSACTION_MS) as other:
        other.kill()
        await eventually(lambda: takes_over(world))
    await assert_each_fired_once(world)
