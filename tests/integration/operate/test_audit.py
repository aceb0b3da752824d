"""The audit over four real databases, read as the login that may only read."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from services.chassis.country.clock import DEMO_MARKER, SystemClock
from services.chassis.country.directory import built_in_directory
from services.client.refusals import Kind, Refusal
from services.operate import audit
from services.operate.audit_reader import AuditReader
from services.operate.audit_rules import SERVICES, Code
from services.terminal.exits import Exit
from tests.integration.operate.conftest import FourDatabases, Invoke
from tests.support.databases import Databases

POST = "BP-CN-MONG-CAI"
AGENCY = "SA-01"
NOBODY_THERE = "postgresql://homeward_audit:x@127.0.0.1:1/nowhere"

INSERT = """
INSERT INTO audit_row (case_id, phase, office_id, is_open, deadline_rule, deadline_at, watched_by, primary_count)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""


def add_case(four: FourDatabases, phase: str, office: str, watcher: str | None, rule: str | None) -> str:
    """A clean case, known to all four."""
    case_id = str(uuid.uuid4())
    is_open = watcher is not None
    deadline = (rule, datetime.now(UTC) + timedelta(days=3), watcher, 1)
    for service in SERVICES:
        watched = deadline if service == watcher else (None, None, None, 0)
        four.run(service, INSERT, (case_id, phase, office, is_open, *watched))
    return case_id


@pytest.fixture
def cases(four: FourDatabases) -> dict[str, str]:
    """A case in each phase, by phase."""
    return {
        "REGISTERED": add_case(four, "REGISTERED", POST, "handover", "DISPATCH_DUE"),
        "IN_TRANSIT": add_case(four, "IN_TRANSIT", POST, "handover", "TRANSFER_ACKNOWLEDGE"),
        "FOLLOW_UP": add_case(four, "FOLLOW_UP", AGENCY, "followup", "FOLLOW_UP_3M"),
        "CLOSED": add_case(four, "CLOSED", AGENCY, None, None),
    }


def disarm(four: FourDatabases, case_id: str) -> None:
    four.run("handover", "UPDATE audit_row SET primary_count = 0 WHERE case_id = %s", (case_id,))


def test_a_clean_house_is_proved(state: Path, cases: dict[str, str], invoke: Invoke) -> None:
    result = invoke(audit.build, "--state", state, "--offices")
    assert result.exit_code == Exit.DONE, result.output
    assert "3 open cases of 4" in result.output
    assert "✓ Every open case has one accountable office" in result.output
    assert [POST, "2"] in [line.split() for line in result.output.splitlines()]


def test_an_empty_house_is_clean(state: Path, invoke: Invoke) -> None:
    result = invoke(audit.build, "--state", state)
    assert result.exit_code == Exit.DONE, result.output
    assert "0 open cases of 0" in result.output


def test_an_event_that_its_service_has_not_signed_is_named(state: Path, four: FourDatabases, invoke: Invoke) -> None:
    four.run(
        "notify",
        "INSERT INTO outbox (event_id, topic, type, subject, version, time, correlation_id, causation_id, traceparent,"
        " payload, signature, kid) VALUES (gen_random_uuid(), 'homeward.notification.v1', 'homeward.events.v1.X',"
        " gen_random_uuid(), 1, now(), '', '', '', '', '', '')",
    )
    result = invoke(audit.build, "--state", state)
    assert result.exit_code == Exit.REFUSED
    assert "✗ In the outbox of notify stand events that it has not signed so: 1." in result.output
    told = json.loads(invoke(audit.build, "--state", state, "--json").stdout)
    assert (told["ok"], told["events_not_signed"]) == (False, {"notify": [1]})


def test_a_case_without_a_deadline_is_named_with_what_to_do(
    state: Path, cases: dict[str, str], four: FourDatabases, invoke: Invoke
) -> None:
    disarm(four, cases["IN_TRANSIT"])
    result = invoke(audit.build, "--state", state, "--wait-s", 0)
    assert result.exit_code == Exit.REFUSED
    (line,) = [line for line in result.output.splitlines() if line.startswith(cases["IN_TRANSIT"])]
    assert "NO_DEADLINE" in line
    assert "Phase IN_TRANSIT, and no deadline is watched; handover should watch one." in line
    assert "tell the accountable office at once" in " ".join(result.output.split())


def test_json_says_the_same_to_programs(
    state: Path, cases: dict[str, str], four: FourDatabases, invoke: Invoke
) -> None:
    four.run("intake", "DELETE FROM audit_row WHERE case_id = %s", (cases["FOLLOW_UP"],))
    result = invoke(audit.build, "--state", state, "--wait-s", 0, "--json")
    assert result.exit_code == Exit.REFUSED
    facts = json.loads(result.stdout)
    assert facts["by_phase"] == {"FOLLOW_UP": 1, "IN_TRANSIT": 1, "REGISTERED": 1}
    assert facts["findings"] == [
        {"code": "UNKNOWN_TO_INTAKE", "case_id": cases["FOLLOW_UP"], "facts": {"office": AGENCY}}
    ]


def test_what_arrives_while_it_waits_is_not_broken(cases: dict[str, str], four: FourDatabases) -> None:
    late = cases["REGISTERED"]
    disarm(four, late)

    def let_it_arrive(phase: str, **numbers: object) -> None:
        assert numbers["count"] == 1
        four.run("handover", "UPDATE audit_row SET primary_count = 1 WHERE case_id = %s", (late,))

    report = audit.run_audit(dict(four.audit_urls), SystemClock(), built_in_directory(), look_s=0.01, say=let_it_arrive)
    assert report.is_clean
    assert report.settled == 1


def test_what_stands_with_nothing_on_its_way_is_broken(cases: dict[str, str], four: FourDatabases) -> None:
    disarm(four, cases["REGISTERED"])
    four.run("notify", "UPDATE audit_row SET in_flight = true WHERE case_id = %s", (cases["IN_TRANSIT"],))
    report = audit.run_audit(dict(four.audit_urls), SystemClock(), built_in_directory(), quiet_s=0.05, look_s=0.01)
    assert list(report.broken) == [cases["REGISTERED"]]


def test_the_end_of_an_office_that_has_still_to_reach_a_service_is_waited_for(
    cases: dict[str, str], four: FourDatabases
) -> None:
    four.run(
        "handover",
        "INSERT INTO office_end (office_id, valid_to, successor_id, heir_id, moved, ended_at)"
        " VALUES (%s, current_date - 1, 'SA-15', 'SA-15', '{}', now())",
        (AGENCY,),
    )
    move = "UPDATE audit_row SET office_id = 'SA-15' WHERE office_id = %s"
    four.run("handover", move, (AGENCY,))

    def let_it_arrive(phase: str, **numbers: object) -> None:
        for service in ("intake", "followup", "notify"):
            four.run(service, move, (AGENCY,))

    report = audit.run_audit(
        dict(four.audit_urls), SystemClock(), built_in_directory(), quiet_s=0.0, look_s=0.01, say=let_it_arrive
    )
    assert report.is_clean
    assert report.settled == 1
    four.run("handover", "UPDATE audit_row SET office_id = %s WHERE office_id = 'SA-15'", (AGENCY,))
    forgotten = audit.run_audit(dict(four.audit_urls), SystemClock(), built_in_directory(), wait_s=0)
    assert [finding.code for finding in forgotten.findings] == ["OFFICES_DISAGREE"]


def test_a_watcher_that_stands_still_is_said_once_for_all_its_cases(
    state: Path, cases: dict[str, str], four: FourDatabases, invoke: Invoke
) -> None:
    four.run("handover", "UPDATE audit_row SET watcher_seen_at = now() - interval '2 minutes'")
    result = invoke(audit.build, "--state", state, "--wait-s", 0)
    assert result.exit_code == Exit.REFUSED
    assert result.output.count("handover last looked at its deadlines") == 1
    assert "Open cases that depend on the watcher of handover: 2" in result.output


def test_business_time_of_a_demonstration_decides_what_has_passed(
    state: Path, cases: dict[str, str], invoke: Invoke
) -> None:
    (state / DEMO_MARKER).touch()
    (state / "clock.json").write_text(json.dumps({"offset_s": timedelta(days=30).total_seconds()}))
    result = invoke(audit.build, "--state", state, "--wait-s", 0, "--json")
    found = {(one["code"], one["case_id"]) for one in json.loads(result.stdout)["findings"]}
    open_cases = {case_id for phase, case_id in cases.items() if phase != "CLOSED"}
    assert found == {("DEADLINE_NOT_FIRED", case_id) for case_id in open_cases}


def test_more_suspects_than_fit_are_counted_and_the_house_is_not_called_clean(
    state: Path, cases: dict[str, str], four: FourDatabases, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "SUSPECTS_MAX", 1)
    four.run("notify", "DELETE FROM audit_row")
    result = invoke(audit.build, "--state", state, "--wait-s", 0, "--json")
    assert result.exit_code == Exit.REFUSED
    facts = json.loads(result.stdout)
    assert (facts["broken_cases"], facts["not_looked_at_again"]) == (1, 2)


def test_a_database_that_is_away_is_named(
    state: Path, cases: dict[str, str], invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOMEWARD_FOLLOWUP_DATABASE_URL", NOBODY_THERE)
    result = invoke(audit.build, "--state", state)
    assert isinstance(result.exception, Refusal)
    assert result.exception.kind is Kind.UNREACHABLE
    assert "followup" in result.exception.message


def test_a_database_without_the_view_is_named(state: Path, four: FourDatabases, invoke: Invoke) -> None:
    four.run("notify", "DROP VIEW audit_case")
    result = invoke(audit.build, "--state", state)
    assert isinstance(result.exception, Refusal)
    assert result.exception.kind is Kind.UNREACHABLE
    assert "notify" in result.exception.message
    assert "UndefinedTable" in result.exception.message


def test_a_state_directory_that_knows_nothing_says_what_to_do(tmp_path: Path, invoke: Invoke) -> None:
    result = invoke(audit.build, "--state", tmp_path)
    assert isinstance(result.exception, Refusal)
    assert any("HOMEWARD_INTAKE_DATABASE_URL" in line for line in result.exception.advice)


def test_the_auditor_cannot_change_anything(four: FourDatabases, cases: dict[str, str]) -> None:
    four.run("intake", "GRANT ALL ON audit_case, audit_row TO homeward_audit")
    with AuditReader(four.audit_urls) as reader, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        reader._connections["intake"].execute("UPDATE audit_row SET phase = 'CLOSED'")


def test_rows_are_read_in_chunks_and_each_case_comes_once(four: FourDatabases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.operate.audit_reader.CHUNK_ROWS", 7)
    for service in SERVICES:
        four.run(
            service,
            "INSERT INTO audit_row (case_id, phase, office_id, is_open)"
            " SELECT md5(n::text)::uuid, 'SEARCH', 'SA-01', true FROM generate_series(1, 50) n",
        )
    four.run("followup", "DELETE FROM audit_row WHERE case_id < md5('7')::uuid")
    report = audit.run_audit(dict(four.audit_urls), SystemClock(), built_in_directory(), wait_s=0)
    assert report.cases == 50
    assert {one.code for one in report.findings} == {Code.NO_DEADLINE}
    assert len(report.broken) == 50


def test_the_views_of_the_services_themselves_can_be_read(databases: Databases) -> None:
    lent = {service: databases.lend(service) for service in SERVICES}
    try:
        urls = {service: databases.audit_url(one.name) for service, one in lent.items()}
        report = audit.run_audit(urls, SystemClock(), built_in_directory())
        with AuditReader(urls) as reader:
            assert list(reader.some_cases([str(uuid.uuid4())])) == []
    finally:
        for one in lent.values():
            databases.give_back(one)
    assert (report.cases, report.is_clean) == (0, True)


def test_a_rule_beyond_its_bounds_is_found_and_one_changed_lately_is_told(four: FourDatabases) -> None:
    four.run(
        "handover",
        "INSERT INTO rule_overlay (code, version, amount, unit, basis, legal_source, valid_from, changed_at) VALUES"
        " ('TRANSFER_LOST', 2, 9999, 'CALENDAR_DAYS', 'POLICY', 'Invented', '2026-01-01', now() - interval '30 days'),"
        " ('TRANSFER_ACKNOWLEDGE', 2, 5, 'WORKING_DAYS', 'POLICY', 'Invented', '2026-01-01', now())",
    )
    report = audit.run_audit(dict(four.audit_urls), SystemClock(), built_in_directory(), wait_s=0)
    assert [one.partition(":")[0] for one in report.rules.beyond] == ["TRANSFER_LOST v2"]
    assert [one.partition(":")[0] for one in report.rules.changed] == ["TRANSFER_ACKNOWLEDGE v2"]
    assert not report.is_clean


def test_people_who_were_read_without_a_break_glass_and_those_never_reviewed_are_found(four: FourDatabases) -> None:
    four.run(
        "intake",
        "INSERT INTO break_glass_fault VALUES"
        " ('READ_WITHOUT_GRANT', '7', md5('1')::uuid, 'SV-04', now() - interval '1 hour'),"
        " ('NEVER_REVIEWED', 'B', md5('1')::uuid, 'SV-04', now() - interval '1 hour'),"
        " ('NEVER_REVIEWED', 'C', md5('1')::uuid, 'SV-04', now() + interval '1 day')",
    )
    report = audit.run_audit(dict(four.audit_urls), SystemClock(), built_in_directory(), wait_s=0)
    assert [one.partition(" ")[0] for one in report.break_glass.reads] == ["7"]
    assert [one.partition(" ")[0] for one in report.break_glass.unreviewed] == ["B"]
    assert not report.is_clean


def test_open_cases_that_are_not_counted_as_they_are(state: Path, four: FourDatabases, invoke: Invoke) -> None:
    four.run(
        "handover", "INSERT INTO audit_open_case VALUES ('SA-01', 'SEARCH', 'SEARCH_ESCALATE', '2026-03-02', 3, 2)"
    )
    result = invoke(audit.build, "--state", state)
    assert result.exit_code == Exit.REFUSED
    assert "SA-01 SEARCH SEARCH_ESCALATE 2026-03-02: 3 ≠ 2" in " ".join(result.output.split())


ACT = (
    "INSERT INTO act (at, method, case_ids, office_id, role, subject, token_id, request_id, correlation_id, peer)"
    " VALUES (now() - interval '1 day', 'AcceptTransfer', '{}', 'SA-24', 'SUPPORT_AGENCY', %s, 't', %s, 'c', '::1')"
)
ANSWERED = (
    "INSERT INTO request_log (office_id, request_id, method, digest, response, created_at)"
    " VALUES ('SA-24', %s, 'CloseCase', '\\x00', '\\x00', now())"
)


@pytest.mark.attack(54, "what was answered is taken out of the acts, or stands there of nobody")
def test_what_nobody_did_is_named(state: Path, four: FourDatabases, invoke: Invoke) -> None:
    whole, taken_out = uuid.uuid4(), uuid.uuid4()
    four.run("handover", ACT, ("an.officer", whole))
    four.run("handover", ANSWERED, (taken_out,))
    four.run("followup", ACT, ("", uuid.uuid4()))
    found = json.loads(invoke(audit.build, "--state", state, "--json").stdout)
    assert found["acts_of_nobody"] == {"handover": {"CloseCase": 1}, "followup": {"AcceptTransfer": 1}}
    assert not found["ok"]


@pytest.mark.attack(54, "a log whose entries do not follow one another, told by the audit")
def test_a_changed_log_is_named(state: Path, four: FourDatabases, invoke: Invoke) -> None:
    four.run("notify", ACT, ("an.officer", uuid.uuid4()))
    four.run("notify", "INSERT INTO act_link (sequence, act_id, hash) SELECT 1, id, '\\x00' FROM act")
    result = invoke(audit.build, "--state", state)
    assert result.exit_code == Exit.REFUSED, result.output
    assert "✗ notify: what was written was changed: act" in result.output
