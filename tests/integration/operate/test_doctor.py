"""What the doctor says of a well house, and of each thing that can be wrong with it."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from services.chassis.events.kafka_admin import ensure_topics, topic_specs
from services.chassis.events.pausing import QUARANTINE_BUDGET
from services.chassis.storage.migrate import newest_revision
from services.client.contracts import CONTRACTS
from services.client.services import SERVICES
from services.local.embedded import EmbeddedKafka
from services.operate import doctor, doctor_checks
from services.terminal.exits import Exit
from tests.integration.operate.conftest import FourDatabases, Invoke

NOBODY_THERE = "127.0.0.1:1"


@pytest.fixture
def servers() -> Iterator[dict[str, tuple[str, health.HealthServicer]]]:
    """A server for each service that tells its health: address and the health it tells."""
    running, found = [], {}
    for service in SERVICES:
        told = health.HealthServicer()
        server = grpc.server(ThreadPoolExecutor(2))
        health_pb2_grpc.add_HealthServicer_to_server(told, server)
        port = server.add_insecure_port("127.0.0.1:0")
        for name in ("", *(each.full_name for each in CONTRACTS[service])):
            told.set(name, health_pb2.HealthCheckResponse.SERVING)
        server.start()
        running.append(server)
        found[service] = (f"127.0.0.1:{port}", told)
    yield found
    for server in running:
        server.stop(0).wait()


@pytest.fixture
def house(
    state: Path,
    four: FourDatabases,
    kafka_node: EmbeddedKafka,
    servers: dict[str, tuple[str, health.HealthServicer]],
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A house in which all is well, but that nobody consumes."""
    ensure_topics(kafka_node.settings, topic_specs(embedded=True))
    (state / "kafka").mkdir()
    (state / "kafka" / "logins.json").write_text(json.dumps(kafka_node.passwords()))
    facts = {
        "launcher_pid": os.getpid(),
        "kafka": kafka_node.bootstrap,
        "services": {service: {"grpc": address} for service, (address, _) in servers.items()},
    }
    (state / "run.json").write_text(json.dumps(facts))
    for path, mode in (
        (state / "keys", 0o700),
        (state / "keys/passwords.json", 0o600),
        (state / "databases.json", 0o600),
    ):
        path.chmod(mode)
    for service in SERVICES:
        four.run(service, "INSERT INTO alembic_version VALUES (%s)", (newest_revision(service),))
    for service, name in doctor_checks.WATCHERS.items():
        four.run(service, "INSERT INTO watcher VALUES (%s, now(), now())", (name,))
    monkeypatch.setattr(doctor_checks, "group_members", lambda *_, **__: 1)
    monkeypatch.setattr(doctor_checks, "consumer_lag", lambda *_, **__: {("topic", 0): 3})
    return state


def examined(invoke: Invoke, state: Path) -> dict[str, dict[str, Any]]:
    """Everything that is not well, by subject."""
    result = invoke(doctor.build, "--state", state, "--json")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    facts = json.loads(result.stdout)
    wrong = {one["subject"]: one for one in facts["checks"] if one["status"] != "ok"}
    failed = any(one["status"] == "failure" for one in wrong.values())
    assert result.exit_code == (Exit.REFUSED if failed else Exit.DONE)
    assert facts["ok"] is not failed
    assert all(one["remedy"] for one in wrong.values())
    return wrong


def add_inbox(four: FourDatabases, service: str, state: str, *, age_s: int = 0) -> str:
    case_id = str(uuid.uuid4())
    four.run(
        service,
        "INSERT INTO inbox (consumer, event_id, topic, partition, record_offset, type, subject, version, time,"
        " correlation_id, payload, state, attempts, next_attempt_at, error, received_at)"
        " VALUES (%s, %s, 'homeward.transfer.v1', 0, 0, '', %s, 1, now(), '', '', %s, 0, now(), '',"
        " now() - make_interval(secs => %s))",
        (service, uuid.uuid4(), case_id, state, age_s),
    )
    return case_id


def test_a_well_house_is_called_well(house: Path, invoke: Invoke) -> None:
    assert examined(invoke, house) == {}


def test_it_is_told_one_line_a_check(house: Path, invoke: Invoke) -> None:
    lines = invoke(doctor.build, "--state", house).output.splitlines()
    assert all(line.startswith("✓ ") for line in lines[:-2])
    assert any("serves and is ready" in line for line in lines)
    assert any("3 records behind" in line for line in lines)
    assert lines[-1].endswith("0 warnings, 0 failures.")


def test_an_empty_folder_fails_and_says_how_to_start(tmp_path: Path, invoke: Invoke) -> None:
    wrong = examined(invoke, tmp_path)
    assert wrong["launcher"]["remedy"] == "Start it: homeward up"
    assert {*SERVICES, "Kafka", *(f"{service} database" for service in SERVICES)} < set(wrong)


def test_a_launcher_that_was_killed_is_noticed(house: Path, invoke: Invoke) -> None:
    facts = json.loads((house / "run.json").read_text())
    (house / "run.json").write_text(json.dumps({**facts, "launcher_pid": 2**22 + 1}))
    assert "was killed" in examined(invoke, house)["launcher"]["text"]


def test_a_service_that_is_away_and_one_that_is_not_ready(
    house: Path, servers: dict[str, tuple[str, health.HealthServicer]], invoke: Invoke
) -> None:
    facts = json.loads((house / "run.json").read_text())
    facts["services"]["intake"]["grpc"] = NOBODY_THERE
    (house / "run.json").write_text(json.dumps(facts))
    servers["followup"][1].set("homeward.followup.v1.VisitService", health_pb2.HealthCheckResponse.NOT_SERVING)
    wrong = examined(invoke, house)
    assert (wrong["intake"]["status"], wrong["followup"]["status"]) == ("failure", "warning")
    assert set(wrong) == {"intake", "followup"}


def test_an_old_schema_is_to_be_migrated(house: Path, four: FourDatabases, invoke: Invoke) -> None:
    four.run("intake", "UPDATE alembic_version SET version_num = '0000'")
    assert examined(invoke, house)["intake database"]["remedy"] == "Run: homeward migrate --service intake"


def test_where_pages_are_served_the_schema_of_their_sessions_is_looked_at(
    house: Path, four: FourDatabases, invoke: Invoke
) -> None:
    file = house / "databases.json"
    urls = json.loads(file.read_text())
    file.write_text(json.dumps(urls | {"console": urls["notify"]}))
    four.run("notify", "UPDATE alembic_version SET version_num = '0000'")
    assert examined(invoke, house)["console database"]["remedy"] == "Run: homeward migrate --service console"


def test_an_event_that_is_not_sent_is_a_warning_once_it_is_old(
    house: Path, four: FourDatabases, invoke: Invoke
) -> None:
    insert = (
        "INSERT INTO outbox (event_id, topic, type, subject, version, time, correlation_id, causation_id, traceparent,"
        " payload, signature, kid)"
        " VALUES (%s, '', '', %s, 1, now() - make_interval(secs => %s), '', '', '', '', '', '')"
    )
    four.run("notify", insert, (uuid.uuid4(), uuid.uuid4(), 5))
    four.run("handover", insert, (uuid.uuid4(), uuid.uuid4(), 3_700))
    wrong = examined(invoke, house)
    # Nobody signed these: that is found as well, where they lie.
    assert set(wrong) == {"handover outbox", "logs"}
    assert "homeward access-log verify" in wrong["logs"]["remedy"]
    assert wrong["handover outbox"]["text"].startswith("1 events not sent, the oldest 1 h 1 min")


def test_quarantined_events_and_the_cases_they_block(house: Path, four: FourDatabases, invoke: Invoke) -> None:
    case_id = add_inbox(four, "followup", "QUARANTINED")
    add_inbox(four, "intake", "PENDING")
    wrong = examined(invoke, house)
    assert set(wrong) == {"followup inbox", "followup blocked"}
    assert wrong["followup blocked"]["cases"] == [case_id]


@pytest.mark.attack(18, "a supervisor lists the whole country: told by doctor")
def test_whoever_was_given_very_many_rows_of_lists_is_a_warning(
    house: Path, four: FourDatabases, invoke: Invoke
) -> None:
    add = (
        "INSERT INTO list_read (read_at, method, office_id, role, subject, listed)"
        " SELECT now(), 'ListCases', %s, 'SUPERVISOR', %s, 200 FROM generate_series(1, %s)"
    )
    four.run("intake", add, ("SV-22", "an.officer", 25))
    assert "intake lists" not in examined(invoke, house)
    four.run("intake", add, ("SV-22", "an.officer", 1))
    line = examined(invoke, house)["intake lists"]
    assert (line["status"], "SV-22" in line["text"]) == ("warning", True)


def test_an_event_parked_for_long_is_a_warning(house: Path, four: FourDatabases, invoke: Invoke) -> None:
    add_inbox(four, "notify", "PARKED", age_s=120)
    wrong = examined(invoke, house)
    assert [(subject, one["status"]) for subject, one in wrong.items()] == [("notify inbox", "warning")]


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        (QUARANTINE_BUDGET, "find the cause first"),
        ("REPUBLISHING", "one was killed"),
        ("MAINTENANCE", "To let it run again"),
    ],
)
def test_a_consumer_that_holds_says_why(
    house: Path, four: FourDatabases, invoke: Invoke, reason: str, advice: str
) -> None:
    four.run("handover", "INSERT INTO consumer_control VALUES ('handover', 'HOLD', %s, now())", (reason,))
    held = examined(invoke, house)["handover consumer"]
    assert reason in held["text"]
    assert advice in held["remedy"]


def test_watchers_that_stand_still_or_never_looked(house: Path, four: FourDatabases, invoke: Invoke) -> None:
    four.run("handover", "UPDATE watcher SET ticked_real_at = now() - interval '2 minutes'")
    four.run("followup", "DELETE FROM watcher")
    wrong = examined(invoke, house)
    assert wrong["handover watcher"]["text"].startswith("last looked at its deadlines 2 min")
    assert wrong["followup watcher"]["text"] == "has never looked"


def test_groups_without_members_and_groups_far_behind(
    house: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor_checks, "group_members", lambda kafka, group, **_: group != "homeward-intake")
    monkeypatch.setattr(doctor_checks, "consumer_lag", lambda *_, **__: {("topic", 0): 1_001})
    wrong = examined(invoke, house)
    assert wrong["homeward-intake"]["status"] == "failure"
    assert wrong["homeward-handover"]["status"] == "warning"


def test_missing_topics_and_wrong_partitions(house: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    there = {spec.name: spec.partitions for spec in topic_specs(embedded=True)}
    first, *others = there
    monkeypatch.setattr(doctor_checks, "list_topics", lambda *_, **__: {name: there[name] for name in others})
    assert first in examined(invoke, house)["topics"]["text"]
    monkeypatch.setattr(doctor_checks, "list_topics", lambda *_, **__: {**there, first: 99})
    assert f"{first}: 99 ≠ 4" in examined(invoke, house)["topics"]["text"]


def test_keys_that_others_may_read_and_how_to_close_them(house: Path, invoke: Invoke) -> None:
    (house / "keys" / "passwords.json").chmod(0o644)
    (house / "keys" / "jwks.json").write_text("{}")
    assert examined(invoke, house)["secrets"]["remedy"] == f"Run: chmod 600 {house.resolve()}/keys/passwords.json"


@pytest.mark.parametrize(("free", "status"), [(2**29, "failure"), (2 * 2**30, "warning")])
def test_a_disk_that_fills(
    house: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch, free: int, status: str
) -> None:
    usage = shutil.disk_usage(house)._replace(total=100 * 2**30, free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert examined(invoke, house)["disk"]["status"] == status


@pytest.mark.attack(54, "a log whose entries do not follow one another, told by doctor")
def test_a_changed_log_is_a_failure(house: Path, four: FourDatabases, invoke: Invoke) -> None:
    four.run(
        "notify",
        "INSERT INTO act (at, method, case_ids, office_id, role, subject, token_id, request_id, correlation_id, peer)"
        " VALUES (now(), 'X', '{}', 'SA-22', 'SUPPORT_AGENCY', 'x', 'x', gen_random_uuid(), '', '')",
    )
    four.run("notify", "INSERT INTO act_link (sequence, act_id, hash) SELECT 1, id, '' FROM act")
    wrong = examined(invoke, house)
    assert wrong["logs"]["status"] == "failure"
    assert "homeward access-log verify" in wrong["logs"]["remedy"]
