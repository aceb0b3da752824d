"""Every process dies once while people are handed over, and nobody is lost or there twice."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

import pytest

from services.chassis.events.kafka_admin import cluster_is_ready
from services.client.services import SERVICES
from services.local.launcher import is_serving
from tests.e2e.work import tell
from tests.robustness import history
from tests.robustness.clients import Clients
from tests.robustness.history import Expected, Fault, History, fault
from tests.support.waiting import patient
from tests.support.whole import Whole, until

PROCESSES = (*SERVICES, "Kafka", "PostgreSQL")
MORE = 4
"""Submissions acknowledged between two kills."""

pytestmark = pytest.mark.needs_it_new


@pytest.fixture
def whole(rough: Whole) -> Whole:
    """One that is treated badly, and in which everything is counted."""
    return rough


def all_answer(whole: Whole) -> bool:
    """Services serve while Kafka is away, so it is asked as well: until it is back, its absence is a fault."""
    serving = all(map(is_serving, whole.addresses.values()))
    return serving and cluster_is_ready(whole.kafka(), timeout_s=patient(2))


def test_each_process_is_killed_once_under_load(whole: Whole, tmp_path: Path) -> None:
    told = History(tmp_path / "history.jsonl")
    faults: list[Fault] = []
    with Clients(whole, told, travel=True, pause_s=1.0) as clients:
        for name in PROCESSES:
            before = clients.answered
            until(lambda before=before: clients.answered >= before + MORE, what=f"work goes on before {name} dies")  # type: ignore[misc]
            began_s = time.monotonic()
            with fault(faults, name):
                whole.kill(name)
                until(partial(all_answer, whole), 60, what=f"all answer after {name} died")
            tell(f"{name}: all answer again after {time.monotonic() - began_s:.1f} s")
        before = clients.answered
        until(lambda: clients.answered >= before + MORE, what="work goes on")
    operations = told.operations()
    tell(f"{len(operations)} operations, {sum(one.type == 'info' for one in operations)} of unknown outcome")
    assert [one for one in operations if one.type == "fail"] == []
    assert history.check(whole, operations, Expected(faults=faults)) == []
