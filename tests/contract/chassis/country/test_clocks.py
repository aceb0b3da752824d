"""The contract of clocks on the system's, on the one that a demonstration moves, and on the tests' own."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.chassis.country.clock import DEMO_MARKER, ClockMoveRefused, OffsetClock, SystemClock, move_clock
from services.chassis.kernel.clock import Clock
from tests.contract.chassis.country.clock_contract import ClockContract
from tests.support.clocks import FakeClock, viet_nam
from tests.support.waiting import patient


class TestSystemClock(ClockContract):
    def clock(self) -> Clock:
        return SystemClock()


class TestFakeClock(ClockContract):
    def clock(self) -> Clock:
        return FakeClock(viet_nam(2026, 3, 2))


class TestOffsetClock(ClockContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        (tmp_path / DEMO_MARKER).touch()
        self.file = tmp_path / "clock.json"

    def clock(self) -> Clock:
        return OffsetClock(self.file)

    def test_follows_the_file_from_one_look_to_the_next(self) -> None:
        clock = self.clock()
        later = datetime.now(UTC) + timedelta(days=90)
        assert clock.now() < later - timedelta(days=89)
        move_clock(self.file, to=later)
        assert timedelta() <= clock.now() - later < timedelta(minutes=1)

    def test_whoever_waits_for_a_move_is_told_of_it(self) -> None:
        clock = OffsetClock(self.file)

        async def moved() -> timedelta:
            waiting = asyncio.create_task(clock.moved_from(clock.offset()))
            done, _ = await asyncio.wait([waiting], timeout=0.05)
            assert not done
            move_clock(self.file, to=datetime.now(UTC) + timedelta(days=90))
            async with asyncio.timeout(patient(5)):
                return await waiting

        assert asyncio.run(moved()) == clock.offset() > timedelta(days=89)

    def test_cannot_be_moved_back(self) -> None:
        move_clock(self.file, to=datetime.now(UTC) + timedelta(days=90))
        with pytest.raises(ClockMoveRefused):
            move_clock(self.file, to=datetime.now(UTC) + timedelta(days=89))

    def test_cannot_be_moved_in_a_real_state_directory(self, tmp_path: Path) -> None:
        (tmp_path / DEMO_MARKER).unlink()
        with pytest.raises(ClockMoveRefused):
            move_clock(self.file, to=datetime.now(UTC) + timedelta(days=90))
