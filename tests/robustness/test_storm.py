"""Processes die and stand still at random while people are handed over and sent home; the history stays sound."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from services.client.services import SERVICES
from services.local.embedded import EmbeddedKafka
from services.local.embedded.ports import free_port
from services.local.launcher import is_serving
from tests.e2e.work import stopped, tell
from tests.robustness import history
from tests.robustness.clients import Clients
from tests.robustness.conftest import setting
from tests.robustness.history import Expected, Fault, History, fault
from tests.support.whole import Whole, kafka_environment, until

PROCESSES = (*SERVICES, *SERVICES, "Kafka", "PostgreSQL")
"""Services die twice as often as engines."""
PAUSE_MAX_S = 3.0
STILL_S = 15.0
MORE = 2
BACK_S = 90.0


def all_serve(whole: Whole) -> None:
    """Wait until they do."""
    until(lambda: all(map(is_serving, whole.addresses.values())), BACK_S, what="all serve again")


def wait_for_fresh_event(whole: Whole, service: str, returned_s: float) -> None:
    """Wait until a service takes in an event that was said after an instant, in seconds since 1970."""
    fresh = "SELECT 1 FROM inbox WHERE time > to_timestamp(%s) LIMIT 1"
    until(lambda: whole.rows(service, fresh, returned_s), BACK_S, what=f"{service} takes in")
    tell(f"{service} took in a fresh event {time.time() - returned_s:.1f} s after the return")


@pytest.mark.timeout(1_800)
def test_a_storm_of_kills(whole_state: Callable[[str], Path], tmp_path: Path, seed: int) -> None:
    told, faults, dice = History(tmp_path / "history.jsonl"), list[Fault](), random.Random(seed)
    with Whole(whole_state("storm")) as whole:
        with Clients(whole, told, travel=True, is_stubborn=False, seed=seed) as clients:
            for _ in range(setting("KILLS", 16)):
                name = dice.choice(PROCESSES)
                with fault(faults, name):
                    # It may be down already: then this is a kill of nothing, and the next one hits.
                    try:
                        os.kill(whole.pid(name), signal.SIGKILL)
                    except ProcessLookupError:
                        continue
                    threading.Event().wait(dice.uniform(0, PAUSE_MAX_S))
            with fault(faults, "Kafka"):
                all_serve(whole)
                before = clients.answered
                until(lambda: clients.answered >= before + MORE, BACK_S, what="work goes on")
        operations = told.operations()
        outcomes = {kind: sum(one.type == kind for one in operations) for kind in ("ok", "info", "fail")}
        tell(f"{len(faults)} kills, operations: {outcomes}; history: {tmp_path / 'history.jsonl'}")
        assert outcomes["ok"] > 0
        assert history.check(whole, operations, Expected(faults=faults)) == []


@pytest.mark.timeout(900)
def test_each_process_stands_still_for_a_while(whole_state: Callable[[str], Path], tmp_path: Path) -> None:
    told, faults = History(tmp_path / "history.jsonl"), list[Fault]()
    with Whole(whole_state("pauses")) as whole:
        with Clients(whole, told, travel=True) as clients:
            for name in (*SERVICES, "Kafka"):
                with fault(faults, name), stopped(whole.pid(name)):
                    threading.Event().wait(STILL_S)
                before, returned_s = clients.answered, time.time()
                with fault(faults, name):
                    until(lambda: clients.answered >= before + MORE, BACK_S, what=f"work goes on after {name}")  # noqa: B023
                    tell(f"{name}: work goes on {time.time() - returned_s:.1f} s after it stood still")
                    for service in history.CONSUMED if name == "Kafka" else [name]:
                        wait_for_fresh_event(whole, service, returned_s)
        assert history.check(whole, told.operations(), Expected(faults=faults)) == []


@pytest.mark.timeout(900)
def test_kafka_is_away_for_minutes(whole_state: Callable[[str], Path], tmp_path: Path) -> None:
    told, faults = History(tmp_path / "history.jsonl"), list[Fault]()
    node = EmbeddedKafka(whole_state("minutes-kafka"), port=free_port())
    node.ensure_jars()
    node.start()
    node.wait_ready()
    environment = {**kafka_environment(node.settings), "HOMEWARD_KAFKA_REPLICATION": "1"}
    try:
        with Whole(whole_state("minutes"), environment=environment) as whole:
            with Clients(whole, told, travel=True, pause_s=1.0) as clients:
                until(lambda: clients.answered >= MORE, what="work has begun")
                before = clients.answered
                with fault(faults, "Kafka"):
                    node.kill()
                    threading.Event().wait(setting("OUTAGE_S", 120))
                    node.start()
                    node.wait_ready()
                assert clients.answered > before
                returned_s = time.time()
                for service in history.CONSUMED:
                    wait_for_fresh_event(whole, service, returned_s)
            assert history.check(whole, told.operations(), Expected(faults=faults)) == []
    finally:
        node.kill()
