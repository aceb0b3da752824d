"""Events that could not take effect: listed, shown without what nobody needs, tried again, skipped by name."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from homeward.events.v1 import transfer_pb2
from homeward.type.v1 import types_pb2
from services.chassis.events.pausing import QUARANTINE_BUDGET
from services.client.refusals import Kind, Refusal
from services.operate import events
from services.terminal.exits import Exit
from tests.integration.operate.conftest import FourDatabases, Invoke

TOPIC = "homeward.transfer.v1"
SEARCH = str(uuid.uuid4())
BY = "Thí Dụ"
Quarantine = Callable[..., str]


@pytest.fixture
def quarantine(four: FourDatabases) -> Quarantine:
    """Set an event aside in a service; its id for the command."""

    def insert(service: str, case_id: uuid.UUID | None, *, version: int = 1, state: str = "QUARANTINED") -> str:
        lost = transfer_pb2.PersonLost(
            case_id=str(case_id),
            search_id=SEARCH,
            reason=types_pb2.LOST_REASON_NOT_ACKNOWLEDGED,
            accountable_office_id="SA-01",
            late=True,
        )
        readable = case_id is not None
        ((number,),) = four.run(
            service,
            "INSERT INTO inbox (consumer, event_id, topic, partition, record_offset, type, subject, version, time,"
            " correlation_id, payload, state, attempts, next_attempt_at, error, received_at)"
            " VALUES (%s, %s, %s, 1, 7, %s, %s, %s, now(), '', %s, %s, 8, now(), 'TypeError', now()) RETURNING id",
            (
                service,
                uuid.uuid4(),
                TOPIC,
                lost.DESCRIPTOR.full_name if readable else "",
                case_id,
                version if readable else 0,
                lost.SerializeToString() if readable else "Nguyễn Thị Thí Dụ".encode(),
                state,
            ),
        )
        return f"{service}/{number}"

    return insert


def inbox_row(four: FourDatabases, event: str) -> tuple[Any, ...]:
    service, _, number = event.partition("/")
    columns = "state, attempts, decided_by, decided_reason"
    found: tuple[Any, ...] = four.run(service, f"SELECT {columns} FROM inbox WHERE id = %s", (number,))[0]
    return found


def test_nothing_in_quarantine(state: Path, invoke: Invoke) -> None:
    assert invoke(events.build, "quarantine", "list", "--state", state).output.startswith("✓")


def test_the_list_names_each_with_its_case_and_why(state: Path, quarantine: Quarantine, invoke: Invoke) -> None:
    case_id = uuid.uuid4()
    event, unreadable = quarantine("handover", case_id), quarantine("notify", None)
    quarantine("handover", case_id, version=2, state="PARKED")
    lines = invoke(events.build, "quarantine", "list", "--state", state).output.splitlines()
    (line,) = [line for line in lines if line.startswith(event)]
    assert {"PersonLost", str(case_id), "TypeError", "1"} < set(line.split())
    assert any(line.startswith(unreadable) and "unknown bytes" in line for line in lines)


def test_the_list_can_be_narrowed(state: Path, quarantine: Quarantine, invoke: Invoke) -> None:
    case_id = uuid.uuid4()
    wanted = quarantine("handover", case_id)
    quarantine("handover", uuid.uuid4())
    quarantine("followup", case_id)
    arguments = ("--state", state, "--service", "handover", "--case", case_id, "--json")
    found = json.loads(invoke(events.build, "quarantine", "list", *arguments).stdout)["events"]
    assert [(one["id"], one["case_id"], one["error"]) for one in found] == [(wanted, str(case_id), "TypeError")]


def test_one_is_shown_with_ids_and_codes_only(state: Path, quarantine: Quarantine, invoke: Invoke) -> None:
    case_id = uuid.uuid4()
    event = quarantine("handover", case_id)
    facts = json.loads(invoke(events.build, "quarantine", "show", event, "--state", state, "--json").stdout)
    assert facts["content"] == {
        "case_id": str(case_id),
        "search_id": SEARCH,
        "reason": "NOT_ACKNOWLEDGED",
        "accountable_office_id": "SA-01",
    }
    assert (facts["topic"], facts["partition"], facts["offset"]) == (TOPIC, 1, 7)


def test_what_could_not_be_read_is_not_shown(state: Path, quarantine: Quarantine, invoke: Invoke) -> None:
    event = quarantine("notify", None)
    result = invoke(events.build, "quarantine", "show", event, "--state", state)
    assert result.exit_code == Exit.DONE
    assert "Nguyễn" not in result.output


def test_events_are_tried_again(state: Path, quarantine: Quarantine, four: FourDatabases, invoke: Invoke) -> None:
    chosen = [quarantine("handover", uuid.uuid4()), quarantine("followup", uuid.uuid4())]
    result = invoke(events.build, "quarantine", "redrive", *chosen, "--state", state, "--by", BY)
    assert result.exit_code == Exit.DONE, result.output
    assert [inbox_row(four, event) for event in chosen] == [("PENDING", 0, BY, "")] * 2


def test_bytes_that_are_no_event_cannot_be_tried_again(state: Path, quarantine: Quarantine, invoke: Invoke) -> None:
    result = invoke(events.build, "quarantine", "redrive", quarantine("notify", None), "--state", state, "--by", BY)
    assert isinstance(result.exception, Refusal)
    assert result.exception.reason == "NOT_READABLE"


def test_one_is_skipped_by_name_with_a_reason_and_frees_those_behind_it(
    state: Path, quarantine: Quarantine, four: FourDatabases, invoke: Invoke
) -> None:
    case_id = uuid.uuid4()
    event, behind = quarantine("handover", case_id), quarantine("handover", case_id, version=2, state="PARKED")
    arguments = ("--state", state, "--by", BY, "--reason", "invented reason")
    assert invoke(events.build, "quarantine", "skip", event, *arguments).exit_code == Exit.DONE
    assert inbox_row(four, event) == ("SKIPPED", 8, BY, "invented reason")
    assert inbox_row(four, behind)[0] == "PENDING"


def test_an_event_behind_another_cannot_be_skipped_first(
    state: Path, quarantine: Quarantine, four: FourDatabases, invoke: Invoke
) -> None:
    event = quarantine("handover", uuid.uuid4(), version=2)
    result = invoke(events.build, "quarantine", "skip", event, "--state", state, "--by", BY, "--reason", "x")
    assert isinstance(result.exception, Refusal)
    assert result.exception.reason == "EARLIER_EVENT_MISSING"
    assert inbox_row(four, event)[0] == "QUARANTINED"


@pytest.mark.parametrize("missing", ["--by", "--reason"])
def test_nobody_skips_without_name_and_reason(
    state: Path, quarantine: Quarantine, four: FourDatabases, invoke: Invoke, missing: str
) -> None:
    event = quarantine("handover", uuid.uuid4())
    given = {"--by": BY, "--reason": "x"}
    del given[missing]
    flat = [one for pair in given.items() for one in pair]
    assert invoke(events.build, "quarantine", "skip", event, "--state", state, *flat).exit_code == Exit.USAGE
    blank = [one for pair in {**given, missing: "  "}.items() for one in pair]
    refused = invoke(events.build, "quarantine", "skip", event, "--state", state, *blank)
    assert isinstance(refused.exception, Refusal)
    assert refused.exception.kind is Kind.USAGE
    assert inbox_row(four, event)[0] == "QUARANTINED"


@pytest.mark.parametrize("event", ["handover", "nowhere/1", "handover/x"])
def test_an_id_written_wrongly_is_explained(state: Path, invoke: Invoke, event: str) -> None:
    result = invoke(events.build, "quarantine", "show", event, "--state", state)
    assert result.exit_code == Exit.USAGE
    assert "handover/17" in result.output


def test_one_that_is_not_there_is_not_found(state: Path, invoke: Invoke) -> None:
    result = invoke(events.build, "quarantine", "show", "handover/99", "--state", state)
    assert isinstance(result.exception, Refusal)
    assert result.exception.kind is Kind.NOT_FOUND


def test_a_consumer_runs_again(state: Path, four: FourDatabases, invoke: Invoke) -> None:
    four.run("followup", "INSERT INTO consumer_control VALUES ('followup', 'HOLD', %s, now())", (QUARANTINE_BUDGET,))
    assert invoke(events.build, "quarantine", "resume", "followup", "--state", state).exit_code == Exit.DONE
    assert four.run("followup", "SELECT desired FROM consumer_control") == [("RUN",)]
