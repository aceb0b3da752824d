"""What the tests of both engines share."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped,unused-ignore]
import pytest


@pytest.fixture(scope="module")
def shared_state(engine_home: Path) -> Iterator[Path]:
    """A state folder for all tests of a file that leave it as they found it."""
    yield from _state(engine_home)


@pytest.fixture
def state_dir(engine_home: Path) -> Iterator[Path]:
    """A state folder of this test's own."""
    yield from _state(engine_home)


def _state(engine_home: Path) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="t-", dir=engine_home))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


class Launcher:
    """Another process that has started an engine and may be killed."""

    def __init__(self, program: str) -> None:
        self._process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)

    def engine(self) -> psutil.Process:
        """Wait until the launcher prints its engine's process id."""
        assert self._process.stdout is not None
        return psutil.Process(int(self._process.stdout.readline()))

    def kill(self) -> None:
        """End it without a chance to clean up."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


@pytest.fixture
def launcher() -> Iterator[Callable[[str], Launcher]]:
    """Start launchers that are gone at the end of the test."""
    started: list[Launcher] = []

    def start(program: str) -> Launcher:
        started.append(Launcher(program))
        return started[-1]

    yield start
    for each in started:
        each.kill()
