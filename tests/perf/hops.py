"""Where a dispatch waits on its way to the inbox, and how busy the processors were meanwhile.

The timestamps are those that handover's and notify's databases keep. A run that is slow says by this which wait grew,
and whether anything else than a free processor was missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from homeward.events.v1.transfer_pb2 import TransferDispatched
from services.client.services import SERVICES
from tests.perf.measure import percentile
from tests.support.whole import Whole

_SAID = "SELECT subject, extract(epoch FROM time), extract(epoch FROM sent_at) FROM outbox WHERE type = %s"
_HEARD = """
    SELECT subject, extract(epoch FROM received_at), extract(epoch FROM done_at) FROM inbox
    WHERE type = %s AND state = 'DONE'
"""
_HOPS = (
    "call begins → its business time",
    "→ the relay marks the event",
    "→ notify takes it in",
    "→ done: message written, committed",
)


@dataclass(frozen=True)
class Way:
    """Instants of one dispatch, in seconds since 1970: called, decided, marked, taken in, done."""

    instants: tuple[float, ...]

    @property
    def whole_ms(self) -> float:
        """From the call to the message in the inbox."""
        return (self.instants[-1] - self.instants[0]) * 1_000

    @property
    def hops_ms(self) -> list[float]:
        """One wait after the other; a little less than nothing where the relay marks what has already arrived."""
        return [(after - before) * 1_000 for before, after in zip(self.instants, self.instants[1:], strict=False)]


def ways(whole: Whole, called: Mapping[str, float]) -> dict[str, Way]:
    """The way of each case's dispatch; `called`: when each call began."""
    kind = TransferDispatched.DESCRIPTOR.full_name
    said = {str(case): (float(time), float(sent)) for case, time, sent in whole.rows("handover", _SAID, kind)}
    heard = {str(case): (float(taken), float(done)) for case, taken, done in whole.rows("notify", _HEARD, kind)}
    return {case: Way((at, *said[case], *heard[case])) for case, at in called.items()}


def told(measured: Sequence[Way]) -> str:
    """The waits of all, one line each."""
    lines = ["Where a dispatch waits, ms:"]
    for name, waits in zip(_HOPS, zip(*(way.hops_ms for way in measured), strict=True), strict=True):
        lines.append(f"  {name:36} p50 {percentile(waits, 0.5):7.1f}   p99 {percentile(waits, 0.99):7.1f}")
    return "\n".join(lines)


class Busy:
    """Processor time of the machine and of the services, over a stretch."""

    def __init__(self) -> None:
        self.told = ""

    @contextmanager
    def over(self, whole: Whole) -> Iterator[None]:
        """Measure the block."""
        machine, services = psutil.cpu_times(), _of_services(whole)
        yield
        after = psutil.cpu_times()
        took = sum(after[:8]) - sum(machine[:8])
        cores = psutil.cpu_count() or 1
        seconds = took / cores
        shares = [f"{name} {(now - services[name]) / seconds:.2f}" for name, now in _of_services(whole).items()]
        idle = (after.idle - machine.idle + after.iowait - machine.iowait) / seconds
        stolen = (after.steal - machine.steal) / seconds
        self.told = f"Of {cores} cores {idle:.2f} were idle and {stolen:.2f} taken away; {', '.join(shares)}"


def _of_services(whole: Whole) -> dict[str, float]:
    used = {name: psutil.Process(whole.pid(name)).cpu_times() for name in SERVICES}
    return {name: times.user + times.system for name, times in used.items()}
