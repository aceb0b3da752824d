"""`homeward up` as one has it who has just cloned: in a folder of any name that nobody else may enter."""

from __future__ import annotations

import os
import signal
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from services.local.embedded import children, remove_databases
from tests.e2e.work import homeward
from tests.support.whole import Whole, until

DEADLINE_S = 300.0
STEPS = ("1. ", "2. ", "3. ", "4. ", "5. ", "6. ")
LAST_WORDS = "Ctrl-C stops everything."


@pytest.fixture
def private(engine_home: Path) -> Iterator[Path]:
    """A closed folder."""
    folder = Path(tempfile.mkdtemp(prefix=f"Của tôi, {'dài ' * 20}", dir=engine_home))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    yield folder
    remove_databases(folder)


def test_the_first_start_plays_a_handover_and_the_next_finds_its_state(private: Path) -> None:
    whole = Whole(private / "var", arguments=["--play"])
    for starts in (1, 2):
        with whole:
            until(lambda: whole.said().count(LAST_WORDS) == starts, DEADLINE_S, what="all was shown")  # noqa: B023
            for step in STEPS:
                assert sum(line.startswith(step) for line in whole.said().splitlines()) == starts
            assert homeward(whole, "audit").returncode == 0
            assert homeward(whole, "doctor").returncode == 0
            (count,) = whole.rows("intake", "SELECT count(*) FROM intake_case")[0]
            assert count == 10 * starts
            started = psutil.Process(whole.process.pid).children(recursive=True)
            whole.stop(signal.SIGINT)
            assert whole.process.returncode == 0
            assert not list(filter(children.is_alive, started))
    moved = [line for line in whole.said().splitlines() if "The databases lie in" in line]
    assert len(moved) == (1 if os.geteuid() == 0 else 0)
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


def test_ctrl_c_while_it_starts_ends_it_without_a_complaint(private: Path) -> None:
    whole = Whole(private / "var")
    whole.start()
    until(lambda: "Homeward starts" in whole.said(), DEADLINE_S, what="it starts")
    whole.process.send_signal(signal.SIGINT)
    assert whole.process.wait(DEADLINE_S) == 0
    assert "could not start" not in whole.said()
    assert "Stopped in" in whole.said()
