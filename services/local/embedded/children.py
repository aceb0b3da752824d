"""Starting and ending programs that must not outlive their launcher."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psutil  # type: ignore[import-untyped,unused-ignore]

_POLL_INTERVAL_S = 0.02
_KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")

# A program between fork and exec instead of a preexec_fn, which may deadlock where the launcher
# has threads. It gives up root first, because that clears the parent-death signal.
_BEFORE_EXEC = """
import ctypes, os, sys
uid, gid, death_signal, parent = map(int, sys.argv[1:5])
if uid >= 0:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
os.umask(0o077)
if death_signal:
    ctypes.CDLL(None).prctl(1, death_signal)
    if os.getppid() != parent:
        os._exit(70)
os.execv(sys.argv[5], sys.argv[5:])
"""


class Running(Protocol):
    """A process that is watched and ended, however it was started; see :class:`subprocess.Popen`."""

    @property
    def pid(self) -> int:
        """Its id."""

    @property
    def returncode(self) -> int | None:
        """Its exit status as known, negative for the signal that ended it."""

    def poll(self) -> int | None:
        """Look whether it has ended, and return its exit status."""

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status when it has ended; raises subprocess.TimeoutExpired after so many seconds."""

    def send_signal(self, sig: int) -> None:
        """Send it a signal, unless it has ended."""

    def terminate(self) -> None:
        """Ask it to end."""

    def kill(self) -> None:
        """End it."""


@dataclass(frozen=True)
class RunAs:
    """The user a program runs as, where that isn't the launcher's."""

    name: str
    uid: int
    gid: int
    groups: frozenset[int]


def spawn(
    argv: Sequence[str],
    *,
    output: Path,
    cwd: Path,
    standard_input: int = subprocess.DEVNULL,
    run_as: RunAs | None = None,
    death_signal: signal.Signals = signal.SIGKILL,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start ``argv``; its standard output and error replace the file ``output``.

    On Linux the program gets ``death_signal`` when this process ends in whatever way. It gets
    none of the launcher's environment but the search paths (there are secrets in it), and no
    Ctrl-C from the terminal (the launcher ends its engines in an order of its own).
    """
    return _spawner().submit(
        lambda: _spawn_here(argv, standard_input, output, cwd, run_as, death_signal, environment or {})
    )


def _spawn_here(
    argv: Sequence[str],
    standard_input: int,
    output: Path,
    cwd: Path,
    run_as: RunAs | None,
    death_signal: signal.Signals,
    environment: Mapping[str, str],
) -> subprocess.Popen[bytes]:
    on_linux = sys.platform == "linux"
    uid, gid = (run_as.uid, run_as.gid) if run_as else (-1, -1)
    guard = [str(uid), str(gid), str(int(death_signal) if on_linux else 0), str(os.getpid())]
    with output.open("wb") as sink:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _BEFORE_EXEC, *guard, *argv],
            stdin=standard_input,
            stdout=sink,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=_environment(environment),
            start_new_session=True,
        )


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return {**kept, "LC_ALL": "C", **extra}


class _Spawner:
    """One thread that lives as long as the process and starts every child.

    Linux ties the parent-death signal to the thread that forked: a child started from a short-lived
    worker thread would be killed when that thread ends.
    """

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._orders: queue.SimpleQueue[
            tuple[Callable[[], subprocess.Popen[bytes]], Future[subprocess.Popen[bytes]]]
        ] = queue.SimpleQueue()
        threading.Thread(target=self._serve, name="homeward-spawner", daemon=True).start()

    def submit(self, order: Callable[[], subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
        answer: Future[subprocess.Popen[bytes]] = Future()
        self._orders.put((order, answer))
        return answer.result()

    def _serve(self) -> None:
        while True:
            order, answer = self._orders.get()
            try:
                answer.set_result(order())
            except BaseException as error:
                answer.set_exception(error)


_the_spawner: _Spawner | None = None
_spawner_guard = threading.Lock()


def _spawner() -> _Spawner:
    global _the_spawner
    with _spawner_guard:
        # A forked child inherits the object but not its thread.
        if _the_spawner is None or _the_spawner.pid != os.getpid():
            _the_spawner = _Spawner()
        return _the_spawner


def wait_until(condition: Callable[[], bool], deadline_s: float) -> bool:
    """Ask ``condition`` until it holds or ``deadline_s`` seconds have passed; return its last
    answer."""
    end = time.monotonic() + deadline_s
    while not condition():
        if time.monotonic() >= end:
            return False
        time.sleep(_POLL_INTERVAL_S)
    return True


def stop_child(process: Running, signals: Sequence[tuple[signal.Signals, float]]) -> None:
    """Send ``signals`` one after the other, each with its time in seconds, until ``process``
    ends; at last kill it."""
    for number, patience_s in signals:
        if process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(patience_s)
            return
        except subprocess.TimeoutExpired:
            continue
    process.kill()
    process.wait()


def is_alive(process: psutil.Process) -> bool:
    """Tell whether ``process`` still runs; one that only waits to be collected does not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def running(matches: Callable[[psutil.Process], bool]) -> list[psutil.Process]:
    """Return the living processes that match, leaving out those this user may not look at."""
    found = []
    for process in psutil.process_iter():
        try:
            if matches(process) and is_alive(process):
                found.append(process)
        except psutil.Error:
            continue
    return found


def send_all(processes: Iterable[psutil.Process], number: signal.Signals) -> None:
    """Send a signal to each process that is still there."""
    for process in processes:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue
