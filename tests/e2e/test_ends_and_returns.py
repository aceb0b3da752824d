"""Everything may be told to end, or be killed, at any time: it ends soon, loses nothing, and comes back by itself."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import grpc
import psutil
import pytest

from services.chassis.calls.client import DEADLINE_S, RpcFailure
from services.client.services import SERVICES
from services.local.command import EXIT_NOT_STARTED
from services.local.launcher import is_serving
from tests.e2e import work
from tests.e2e.work import POST, tell
from tests.support.waiting import patient
from tests.support.whole import Whole, until

SERVICE_ENDS_WITHIN_S = 5.0
LAUNCHER_ENDS_WITHIN_S = 10.0
ANSWER_WITHIN_S = DEADLINE_S + 2
ORPHANS_END_WITHIN_S = 15.0


@pytest.fixture
def whole(rough: Whole) -> Iterator[Whole]:
    """One that these tests end and start again as they like."""
    rough.ensure_runs()
    yield rough
    rough.ensure_runs()


def submit_one(whole: Whole) -> str:
    """One person handed over, however often it has to be tried."""
    request = work.submission([work.person()])
    with whole.desks() as desks:
        receipt = work.again_while_away(lambda: desks.at(POST).submissions.SubmitHandover(request)).receipt
    return receipt.entries[0].case_id


def assert_reaches_everybody(whole: Whole, cases: Sequence[str]) -> None:
    """These cases are known to intake, handover and notify."""
    whole.wait_quiet()
    sql = "SELECT count(*) FROM audit_case WHERE case_id = ANY(CAST(%s AS uuid[]))"
    for service in ("intake", "handover", "notify"):
        assert whole.rows(service, sql, list(cases)) == [(len(cases),)], service


def test_a_killed_database_is_unavailable_and_comes_back(whole: Whole) -> None:
    with whole.desks() as desks:
        submit_one(whole)
        before = whole.pid("PostgreSQL")
        os.kill(before, signal.SIGKILL)
        began_s = time.monotonic()
        try:
            desks.at(POST).submissions.SubmitHandover(work.submission([work.person()]))
        except RpcFailure as refused:
            assert refused.code is grpc.StatusCode.UNAVAILABLE  # noqa: PT017 - either outcome is right
        assert time.monotonic() - began_s < patient(ANSWER_WITHIN_S)
    case = submit_one(whole)
    until(lambda: whole.pid("PostgreSQL") != before, what="PostgreSQL was started again")
    tell(f"a submission succeeded {time.monotonic() - began_s:.1f} s after PostgreSQL was killed")
    assert_reaches_everybody(whole, [case])


@contextmanager
def nothing_is_away(whole: Whole) -> Iterator[None]:
    """The control."""
    yield


@contextmanager
def kafka_hangs(whole: Whole) -> Iterator[None]:
    """Kafka takes connections and never answers."""
    with work.stopped(whole.pid("Kafka")):
        yield


@contextmanager
def postgres_hangs(whole: Whole) -> Iterator[None]:
    """PostgreSQL takes connections and never answers."""
    server = psutil.Process(whole.pid("PostgreSQL"))
    with work.stopped(server.pid, *(child.pid for child in server.children())):
        yield


@pytest.mark.parametrize("away", [nothing_is_away, kafka_hangs, postgres_hangs])
def test_a_service_told_to_end_ends_soon_and_loses_nothing(whole: Whole, away: Callable[..., object]) -> None:
    cases = [submit_one(whole) for _ in range(3)]
    # All at once, as a machine that is shut down does.
    with away(whole), ThreadPoolExecutor(len(SERVICES)) as pool:  # type: ignore[attr-defined]
        seconds = dict(zip(SERVICES, pool.map(partial(seconds_to_end, whole), SERVICES), strict=True))
    tell(f"{away.__name__}: {seconds}")
    assert all(took_s <= patient(SERVICE_ENDS_WITHIN_S) for took_s in seconds.values())
    until(lambda: all(map(is_serving, whole.addresses.values())), 60, what="all serve again")
    assert_reaches_everybody(whole, [*cases, submit_one(whole)])


def test_a_service_told_to_end_while_it_waits_for_its_database_ends_soon(whole: Whole) -> None:
    with postgres_hangs(whole):
        seconds_to_end(whole, "notify")
        before = whole.pid("notify")
        until(lambda: "service_waits_for_database" in new_log(whole, "notify"), what="notify waits for its database")
        assert whole.pid("notify") == before
        assert seconds_to_end(whole, "notify") <= patient(SERVICE_ENDS_WITHIN_S)
    until(lambda: all(map(is_serving, whole.addresses.values())), 60, what="all serve again")


def new_log(whole: Whole, service: str) -> str:
    """The last lines of a service's log."""
    return "\n".join((whole.home.logs / f"{service}.log").read_text(encoding="utf-8").splitlines()[-3:])


def seconds_to_end(whole: Whole, name: str) -> float:
    """SIGTERM a service; how long it took to end, after the launcher has started the next."""
    pid = whole.pid(name)
    process = psutil.Process(pid)
    began_s = time.monotonic()
    process.send_signal(signal.SIGTERM)
    until(lambda: not is_alive(process), 20, what=f"{name} ends")
    took_s = time.monotonic() - began_s
    until(lambda: whole.pid(name) != pid, what=f"{name} is started again")
    return took_s


def is_alive(process: psutil.Process) -> bool:
    """Whether it runs; one that only waits to be collected does not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def family(whole: Whole) -> list[psutil.Process]:
    """The launcher and all that it started."""
    launcher = psutil.Process(whole.process.pid)
    return [launcher, *launcher.children(recursive=True)]


def test_ctrl_c_stops_everything_and_the_next_start_has_everything_though_a_port_is_busy(whole: Whole) -> None:
    cases = [submit_one(whole) for _ in range(3)]
    processes = family(whole)
    port = int(whole.addresses["intake"].rpartition(":")[2])
    took_s = whole.stop(signal.SIGINT)
    tell(f"Ctrl-C took {took_s:.1f} s")
    assert took_s <= patient(LAUNCHER_ENDS_WITHIN_S)
    assert whole.process.returncode == 0
    assert [process for process in processes if is_alive(process)] == []
    assert not whole.home.run_file.exists()
    with socket.create_server(("127.0.0.1", port)):
        whole.start()
        whole.wait_ready()
    assert f"! Port {port} of intake is taken by another program; using" in whole.said()
    assert not whole.addresses["intake"].endswith(f":{port}")
    assert_reaches_everybody(whole, [*cases, submit_one(whole)])


def test_a_killed_launcher_leaves_nothing_that_hinders_the_next(whole: Whole) -> None:
    case = submit_one(whole)
    processes = family(whole)
    whole.process.kill()
    whole.process.wait()
    whole.start()
    whole.wait_ready()
    assert_reaches_everybody(whole, [case, submit_one(whole)])
    until(lambda: not [one for one in processes if is_alive(one)], ORPHANS_END_WITHIN_S, what="no orphan is left")


def test_a_second_launcher_in_the_same_folder_is_refused(whole: Whole) -> None:
    second = Whole(whole.home.path)
    second.output = whole.home.path.with_suffix(".second.out")
    second.start()
    try:
        assert second.process.wait(patient(30)) == EXIT_NOT_STARTED
    except subprocess.TimeoutExpired:
        second.process.kill()
        raise
    assert "is in use by another running Homeward" in second.said()
    assert "Traceback" not in second.said()
    assert_reaches_everybody(whole, [submit_one(whole)])
