"""Everything comes twice, or is done by two: nothing changes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from services.chassis.events.kafka_admin import consumer_lag
from services.client.services import SERVICES
from tests.e2e import work
from tests.robustness import history
from tests.robustness.clients import Clients
from tests.robustness.history import Expected, Fault, History, fault
from tests.support.whole import ROOT, Whole, until

ENOUGH = 15
TRANSPORT = frozenset(
    {
        *("outbox", "watcher", "consumer_control", "alembic_version", "act_link", "log_head"),
        *("open_case_change", "open_case_count"),
    }
)
"""What republishing itself writes, and what the clock does."""
COUNTED = "SELECT to_jsonb(n)::text FROM open_cases_counted n"
"""Changes of counts, and counts to which they were added already."""
ABOUT_CASES = "topic NOT LIKE 'homeward.audit-%'"
"""Heads of logs are said when their time has come, whatever else happens."""
SAID = f"SELECT event_id, version FROM outbox WHERE {ABOUT_CASES} ORDER BY id"
BY_TOPIC = frozenset({"inbox", "inbox_position", "stream_version"})
READ_AGAIN_S = 120.0
LEFT_S = 30.0


def contents(whole: Whole) -> Mapping[str, Any]:
    """Every row of every table that says something about a case."""
    found = {}
    for service in SERVICES:
        tables = whole.rows(service, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in sorted(tables):
            if table not in TRANSPORT:
                which = ABOUT_CASES if table in BY_TOPIC else "true"
                rows = whole.rows(service, f'SELECT to_jsonb(t)::text FROM "{table}" t WHERE {which}')
                found[f"{service}.{table}"] = sorted(text for (text,) in rows)
        found[f"{service}.outbox"] = whole.rows(service, SAID)
    found["open cases"] = sorted(text for (text,) in whole.rows("handover", COUNTED))
    return found


def has_read_all(whole: Whole) -> bool:
    """Whether every group has committed up to the ends of the topics."""
    lags = [consumer_lag(whole.kafka(), f"homeward-{service}") for service in SERVICES]
    return all(lag and not any(lag.values()) for lag in lags)


@pytest.mark.timeout(900)
def test_a_replay_of_everything_changes_nothing(whole_state: Callable[[str], Path], tmp_path: Path) -> None:
    told = History(tmp_path / "history.jsonl")
    with Whole(whole_state("replay")) as whole:
        with Clients(whole, told, travel=True) as clients:
            until(lambda: clients.answered >= ENOUGH, 120, what="there is something to replay")
        whole.wait_quiet()
        before, records = contents(whole), len(history.read_topics(whole.kafka()))
        result = work.homeward(whole, "events", "republish", "--yes", timeout_s=150)
        assert result.returncode == 0, result.stdout + result.stderr
        whole.wait_quiet()
        until(lambda: has_read_all(whole), READ_AGAIN_S, what="the groups have read all again")
        # All is there twice now, and each group began at the oldest record.
        assert len(history.read_topics(whole.kafka())) >= 2 * records
        after = contents(whole)
        assert {table: json.dumps(rows, default=str) for table, rows in after.items()} == {
            table: json.dumps(rows, default=str) for table, rows in before.items()
        }


@contextmanager
def replica(whole: Whole, service: str) -> Iterator[subprocess.Popen[bytes]]:
    """A second process of a service, on the same database and Kafka."""
    environment = psutil.Process(whole.pid(service)).environ() | {
        "HOMEWARD_GRPC_PORT": "0",
        "HOMEWARD_METRICS_PORT": "0",
        "HOMEWARD_INSTANCE": "2",
        "HOMEWARD_LOG_FILE": str(whole.home.logs / f"{service}-2.log"),
    }
    process = subprocess.Popen([sys.executable, "-m", f"services.{service}"], cwd=ROOT, env=environment)
    try:
        log = whole.home.logs / f"{service}-2.log"
        until(lambda: "consumer_started" in log.read_text(), 60, what=f"a second {service} consumes")
        yield process
    finally:
        process.terminate()
        process.wait(LEFT_S)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("service", SERVICES)
def test_two_replicas_do_everything_once(whole_state: Callable[[str], Path], tmp_path: Path, service: str) -> None:
    told, faults = History(tmp_path / "history.jsonl"), list[Fault]()
    with Whole(whole_state(f"replicas-{service}"), arguments=["--not-preloaded"]) as whole:
        with fault(faults, service), Clients(whole, told, travel=True) as clients, replica(whole, service) as second:
            until(lambda: clients.answered >= ENOUGH, 120, what="both worked")
            whole.kill(service)
            before = clients.answered
            until(lambda: clients.answered >= before + ENOUGH, 120, what="the other went on")
            second.send_signal(signal.SIGKILL)
            before = clients.answered
            until(lambda: clients.answered >= before + ENOUGH, 120, what="the first is back")
        assert os.path.exists(whole.home.logs / f"{service}-2.log")
        assert history.check(whole, told.operations(), Expected(faults=faults)) == []
