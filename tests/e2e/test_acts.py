"""Everything that was answered was done by somebody, in every database; and it can be asked who."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from services.client.services import SERVICES
from services.local.office_calls import OfficeCalls
from tests.e2e import work
from tests.e2e.work import AUDITOR, POST
from tests.support.whole import Whole, until

WITHOUT_ACT = """
    SELECT method, office_id FROM request_log r WHERE NOT EXISTS (
        SELECT 1 FROM act a WHERE (a.office_id, a.request_id, a.method) = (r.office_id, r.request_id, r.method)
    )
"""
TWICE = "SELECT office_id, request_id FROM act GROUP BY 1, 2 HAVING count(*) > 1"
BY_NOBODY = "SELECT id FROM act WHERE subject = '' OR token_id = '' OR peer = ''"


@pytest.fixture
def desks(calm: Whole) -> Iterator[OfficeCalls]:
    """The offices."""
    with calm.desks() as stubs:
        yield stubs


def test_the_story_of_a_case_says_who_did_it(calm: Whole, desks: OfficeCalls) -> None:
    (case,) = work.submit(desks, [work.person()])
    work.wait_custody(desks, POST, case)
    work.dispatch(desks, case, "04")
    work.acknowledge(desks, case, "04")
    answer = work.homeward(calm, "--as", AUDITOR, "acts", "--case", case, "--all", "--json")
    assert answer.returncode == 0, answer.stderr
    told = [(act["service"], act["method"], act["subject"]) for act in json.loads(answer.stdout)["acts"]]
    assert told == [
        ("handover", "AcknowledgeTransfer", "demo@SA-04"),
        ("handover", "DispatchTransfer", f"demo@{POST}"),
        ("followup", "RecordShortChecks", f"demo@{POST}"),
        ("intake", "SubmitHandover", f"demo@{POST}"),
    ]
    supervised = work.homeward(calm, "--as", "SV-04", "acts", "--case", case, "--all")
    assert "SA-04" in supervised.stdout
    assert "demo@" not in supervised.stdout
    assert POST not in supervised.stdout


@pytest.mark.parametrize("service", SERVICES)
def test_every_answered_request_has_its_act(calm: Whole, service: str) -> None:
    assert calm.rows(service, WITHOUT_ACT) == []
    assert calm.rows(service, TWICE) == []
    assert calm.rows(service, BY_NOBODY) == []


def test_the_logs_are_proved_by_a_command(calm: Whole, desks: OfficeCalls) -> None:
    (case,) = work.submit(desks, [work.person(1)])
    work.wait_custody(desks, POST, case)

    def chained() -> bool:
        return bool(calm.rows("intake", "SELECT 1 FROM act_link LIMIT 1"))

    until(chained, 30, what="acts are chained a moment after they were written")
    answer = work.homeward(calm, "access-log", "verify", "--json")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    logs = {(one["service"], one["log"]): one for one in json.loads(answer.stdout)["logs"]}
    assert logs["intake", "act"]["entries"] > 0
    reads = {("intake", "access_log"), ("intake", "identity"), ("followup", "access_log")}
    assert set(logs) == reads.union((service, log) for service in SERVICES for log in ("act", "outbox"))
