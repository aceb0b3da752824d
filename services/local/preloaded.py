"""Services forked from one process that has loaded what they need.

What four services load is nearly the same, and takes most of their start. Loaded once it is there at once for each of
them and each time that one is started again, and lies in memory once. The process that loads it has no thread, no
connection and no secret, and does nothing but fork: a launcher, which has threads, must not.

Linux alone has what this needs; elsewhere each service loads everything by itself.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import queue
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import psutil

from services.local.embedded.children import spawn, stop_child
from services.local.embedded.errors import ProgramFailed
from services.operate.state_dir import tail

NAME: Final = "services.local.preloaded"
FORKED_WITHIN_S: Final = 300.0
STOP_S: Final = 1.0
ORDER_BYTES_MAX: Final = 1 << 16
LOST: Final = -signal.SIGTERM
"""How a process is taken to have ended of which nobody can tell: it is told to when the one that forked it ends."""
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NAME: Final = 15


@dataclass(frozen=True)
class Order:
    """What to run in a new process.

    Attributes:
        module: as in `python -m`.
        output: the file that its standard output and error replace.
        environment: added to that of the process which forks.
    """

    module: str
    output: str
    environment: Mapping[str, str]


class Forked:
    """A process that was forked elsewhere, as one would know it that was started here."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ended = threading.Event()

    def has_ended(self, returncode: int) -> None:
        """Whoever forked it says so."""
        self.returncode = returncode
        self._ended.set()

    def poll(self) -> int | None:
        """Its exit status, negative for the signal that ended it; None while it runs."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The same, when it has ended; raises subprocess.TimeoutExpired after so many seconds."""
        if not self._ended.wait(timeout) or self.returncode is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
        return self.returncode

    def send_signal(self, sig: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, sig)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class Preloaded:
    """The process that has loaded everything, as its launcher sees it. Safe in threads."""

    is_possible: Final = sys.platform == "linux"

    def __init__(self, modules: Sequence[str], *, output: Path, environment: Mapping[str, str]) -> None:
        """`modules`: what may be run later, as in `python -m`; `environment`: what all of them are to have."""
        self._modules = tuple(modules)
        self._output = output
        self._environment = environment
        self._guard = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._forked: queue.SimpleQueue[Forked | None] = queue.SimpleQueue()

    def start(self) -> None:
        """Let it load, without waiting for it; nothing where it runs."""
        with self._guard:
            self._ensure_runs()

    def fork(self, module: str, *, output: Path, environment: Mapping[str, str]) -> Forked:
        """Run a module in a process of its own, which gets SIGTERM when this process ends in whatever way.

        Raises:
            ProgramFailed: what is to fork it ended; the next call starts another.
        """
        order = Order(module, str(output), environment)
        with self._guard:
            told = self._ensure_runs()
            with suppress(OSError):
                told.send(json.dumps(asdict(order)).encode())
            with suppress(queue.Empty):
                if (forked := self._forked.get(timeout=FORKED_WITHIN_S)) is not None:
                    return forked
            status = self._end()
            raise ProgramFailed(program=NAME, status=status, tail=tail([self._output]))

    def stop(self) -> None:
        """End it; what it forked gets SIGTERM."""
        with self._guard:
            self._end()

    def _end(self) -> int | None:
        if self._process is None:
            return None
        stop_child(self._process, [(signal.SIGTERM, STOP_S)])
        return self._process.returncode

    def _ensure_runs(self) -> socket.socket:
        if self._socket is not None and self._process is not None and self._process.poll() is None:
            return self._socket
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = spawn(
                [sys.executable, "-m", NAME, *self._modules],
                standard_input=theirs.fileno(),
                output=self._output,
                cwd=Path.cwd(),
                death_signal=signal.SIGTERM,
                environment=self._environment,
            )
        self._socket, self._forked = ours, queue.SimpleQueue()
        listening = threading.Thread(
            target=self._listen, args=(ours, self._forked), name="homeward-forked", daemon=True
        )
        listening.start()
        return ours

    def _listen(self, told: socket.socket, forked: queue.SimpleQueue[Forked | None]) -> None:
        running: dict[int, Forked] = {}
        with told, suppress(OSError):
            while said := told.recv(ORDER_BYTES_MAX):
                pid, status = json.loads(said)
                if status is None:
                    running[pid] = Forked(pid)
                    forked.put(running[pid])
                else:
                    running.pop(pid).has_ended(status)
        forked.put(None)
        for pid, one in running.items():
            with suppress(psutil.NoSuchProcess):
                psutil.Process(pid).wait()
            one.has_ended(LOST)


def _load(modules: Sequence[str]) -> None:
    from services.chassis.country.calendars import viet_nam_calendar
    from services.chassis.service import lean

    lean.leave_out()
    for module in modules:
        importlib.import_module(f"{module}.__main__")
        # It is run in the new process, as `python -m` would, and not only imported.
        del sys.modules[f"{module}.__main__"]
    viet_nam_calendar()
    lean.settle()


def _until_forked(orders: socket.socket) -> Order:
    """Fork whatever is asked for; return in the new process, with what it is to do."""
    here = os.getpid()
    with selectors.DefaultSelector() as waiting:
        waiting.register(orders, selectors.EVENT_READ)
        while True:
            for key, _ in waiting.select():
                if (pid := key.data) is not None:
                    waiting.unregister(key.fd)
                    os.close(key.fd)
                    orders.send(_told(pid, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])))
                    continue
                asked = orders.recv(ORDER_BYTES_MAX)
                if not asked:
                    sys.exit()
                pid = os.fork()
                if pid == 0:
                    _belong_to(here)
                    return Order(**json.loads(asked))
                waiting.register(os.pidfd_open(pid), selectors.EVENT_READ, pid)
                orders.send(_told(pid, None))


def _told(pid: int, status: int | None) -> bytes:
    return json.dumps((pid, status)).encode()


def _belong_to(parent: int) -> None:
    """End when the parent does, and hear nothing from its terminal."""
    os.setsid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(70)


def _become(order: Order) -> None:
    """Take over the place, the output and the settings of what is to run."""
    ctypes.CDLL(None).prctl(_PR_SET_NAME, order.module.rpartition(".")[2].encode())
    output = os.open(order.output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, wanted in enumerate((nothing, output, output)):
        os.dup2(wanted, number)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    os.environ.update(order.environment)


def main() -> None:
    """Load the modules that are named, and run one of them in each process that is forked."""
    orders, modules = socket.socket(fileno=0), sys.argv[1:]
    # What they are told stands in their settings.
    del sys.argv[1:]
    _load(modules)
    order = _until_forked(orders)
    orders.detach()
    _become(order)
    from services.chassis.telemetry import failpoint

    failpoint.arm(os.environ.get(failpoint.VARIABLE, ""))
    runpy.run_module(order.module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
