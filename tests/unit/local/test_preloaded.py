"""A process that was forked is one like any other: own id, output and settings, and its end is known."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from services.local.embedded.errors import ProgramFailed
from services.local.preloaded import LOST, Forked, Preloaded
from tests.support.waiting import patient

MODULE = "invented_service"
PROGRAM = """
import os, signal, sys, time
if __name__ == "__main__":
    told = os.environ["HOMEWARD_INVENTED"]
    print(os.getpid(), told, os.environ["HOME"], sys.stdin.read() == "", sys.argv[1:], flush=True)
    print("a complaint", file=sys.stderr, flush=True)
    if told == "stays":
        signal.pause()
    sys.exit(int(told))
"""

Fork = Callable[[str], Forked]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the invented service lies."""
    folder = tmp_path_factory.mktemp("preloaded")
    package = folder / MODULE
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(PROGRAM)
    return folder


def preloaded_in(folder: Path, module: str = MODULE) -> Preloaded:
    path = os.pathsep.join([*sys.path, str(folder)])
    return Preloaded([module], output=folder / "preloaded.log", environment={"PYTHONPATH": path, "HOME": "/invented"})


@pytest.fixture(scope="module")
def preloaded(folder: Path) -> Iterator[Preloaded]:
    """One that has loaded it."""
    running = preloaded_in(folder)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def fork(preloaded: Preloaded, folder: Path) -> Fork:
    """Run the invented service."""
    return lambda what: preloaded.fork(MODULE, output=folder / f"{what}.log", environment={"HOMEWARD_INVENTED": what})


def ends(one: Forked) -> int:
    return one.wait(patient(60))


def test_it_has_its_own_output_settings_and_status(fork: Fork, folder: Path) -> None:
    one, other = fork("7"), fork("0")
    assert (ends(one), ends(other)) == (7, 0)
    assert (one.poll(), one.returncode) == (7, 7)
    assert one.pid != other.pid
    assert (folder / "7.log").read_text().splitlines() == [f"{one.pid} 7 /invented True []", "a complaint"]
    assert (folder / "0.log").read_text().splitlines() == [f"{other.pid} 0 /invented True []", "a complaint"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_signal_ends_it_alone(fork: Fork, number: signal.Signals) -> None:
    one, other = fork("stays"), fork("stays")
    assert one.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        one.wait(0)
    one.send_signal(number)
    assert ends(one) == -number
    assert psutil.Process(other.pid).is_running()
    other.kill()
    assert ends(other) == -signal.SIGKILL
    other.terminate()


def test_it_ends_with_what_forked_it_and_another_is_loaded(fork: Fork) -> None:
    one = fork("stays")
    psutil.Process(psutil.Process(one.pid).ppid()).kill()
    assert ends(one) == LOST
    assert not psutil.pid_exists(one.pid)
    assert ends(fork_again(fork)) == 3


def fork_again(fork: Fork) -> Forked:
    """As the launcher does: what failed is tried again."""
    try:
        return fork("3")
    except ProgramFailed:
        return fork("3")


def test_what_cannot_be_loaded_is_said(folder: Path) -> None:
    broken = preloaded_in(folder, "not_there")
    with pytest.raises(ProgramFailed, match="No module named 'not_there'"):
        broken.fork("not_there", output=folder / "never.log", environment={})
    broken.stop()
