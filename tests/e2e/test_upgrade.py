"""What the version before wrote starts and works after `homeward migrate`, also what was under way when it stopped.

The data, and how to make them anew: tests/data/before/README.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.message import Message

from homeward.handover.v1 import closing_pb2, directory_pb2
from homeward.intake.v1 import reading_pb2
from homeward.office.v1 import office_end_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.client import RpcFailure
from services.chassis.storage.migrate import newest_revision
from services.client.services import SERVICES
from services.local.office_calls import OfficeCalls
from services.terminal.exits import Exit
from tests.e2e import work
from tests.e2e.searching import ADMIN, Country
from tests.e2e.timeline import Timeline
from tests.e2e.work import NATIONAL_SUPERVISOR, POST, agency, homeward
from tests.robustness import history
from tests.support.by_name import call, request_of
from tests.support.kept import Kept
from tests.support.whole import Whole, until

BEFORE = Path(__file__).resolve().parents[1] / "data" / "before"
READY_S = 300.0
COMMAND_S = 300.0
ARRIVES_S = 240.0
HOME = agency("04")
CENTRE = "RC-SOCIAL-22"

DECIDED = {
    "answer_pending": (1, 0, 0),
    "answered": (1, 0, 0),
    "pending": (1, 0, 1),
    "unsent": (1, 0, 1),
    "twice": (2, 1, 3),
    "undone": (1, 1, 2),
    "answer_undone": (1, 1, 1),
}
"""Decisions of followup that were under way: closings, re-openings, and answers of handover still to come."""
REOPENED = {"reopened", *(name for name, (_, opened, _) in DECIDED.items() if opened)}
"""Nobody answered for them between the closing and the re-opening."""
STANDS: Mapping[str, tuple[str, str]] = {
    "late": ("FOLLOW_UP", agency("15")),
    "reopened": ("FOLLOW_UP", agency("20")),
    "closed": ("CLOSED", agency("20")),
    "moved": ("FOLLOW_UP", agency("40")),
    "due_next": ("FOLLOW_UP", HOME),
    **{name: ("FOLLOW_UP" if closed == opened else "CLOSED", HOME) for name, (closed, opened, _) in DECIDED.items()},
    "lost": ("SEARCH", POST),
    "overdue": ("IN_TRANSIT", POST),
    "stays": ("ADMITTED", CENTRE),
    "discharged": ("DISCHARGED", CENTRE),
    "searched": ("SEARCH", "SV-20"),
    "registered": ("REGISTERED", POST),
    "in_transit": ("IN_TRANSIT", POST),
    "rejected": ("REJECTED", POST),
    "arriving": ("FOLLOW_UP", HOME),
    "unheard": ("REGISTERED", POST),
}
"""Where everybody is once what was under way has come through, and with whom."""

MOVED = {"CloseCase", "ReopenCase"}
"""Calls that another service answers now, which knows nothing of requests that were answered by the first."""

pytestmark = pytest.mark.timeout(1_200)


@pytest.fixture(scope="module")
def kept() -> Kept:
    """The data."""
    return Kept(BEFORE)


@pytest.fixture(scope="module")
def whole(kept: Kept, whole_state: Callable[[str], Path]) -> Iterator[Whole]:
    """Restored, migrated, started with an empty Kafka, and published again, as docs/operations.md says."""
    whole = Whole(whole_state("upgrade"))
    with kept.restored(whole.home.path):
        migrated = homeward(whole, "--json", "migrate", timeout_s=COMMAND_S)
        assert migrated.returncode == Exit.DONE, migrated.stdout + migrated.stderr
    found = {service: one["after"] for service, one in json.loads(migrated.stdout).items()}
    assert found == {service: newest_revision(service) for service in SERVICES}
    with ExitStack() as stack:
        whole.start()
        stack.push(whole)
        whole.wait_ready(READY_S)
        work.publish_again(whole)
        whole.wait_quiet(ARRIVES_S)
        yield whole


@pytest.fixture(scope="module")
def desks(whole: Whole) -> Iterator[OfficeCalls]:
    """The offices."""
    with whole.desks() as stubs:
        yield stubs


@pytest.fixture(scope="module")
def country(whole: Whole, desks: OfficeCalls) -> Country:
    """The offices, with the clock."""
    return Country(desks, Timeline(whole))


@pytest.fixture(scope="module")
def cases(kept: Kept) -> dict[str, str]:
    """Case ids by name in the story."""
    found: dict[str, str] = kept.facts["cases"]
    return found


def repeat(desks: OfficeCalls, said: Mapping[str, Any]) -> Message:
    """The same call once more."""
    request = ParseDict(said["request"], request_of(said["method"]))
    return call(desks.at(said["office"]), said["method"], request)


def as_json(message: Message) -> dict[str, Any]:
    """A message as it was kept."""
    found: dict[str, Any] = MessageToDict(message, preserving_proto_field_name=True)
    return found


def says_as_before(now: Any, before: Any) -> bool:
    """Whether everything that was said before is said now; fields that are new do not count."""
    if isinstance(before, dict):
        return isinstance(now, dict) and all(says_as_before(now.get(key), before[key]) for key in before)
    if isinstance(before, list):
        return len(now or ()) == len(before) and all(map(says_as_before, now, before))
    return bool(now == before)


def test_everybody_is_where_she_belongs(cases: dict[str, str], country: Country) -> None:
    assert {name: country.stands(case) for name, case in cases.items()} == STANDS
    assert {name for name, case in cases.items() if not country.has_no_gap(case)} <= REOPENED


def test_nobody_is_lost_between_two_offices(whole: Whole) -> None:
    audited = homeward(whole, "audit", timeout_s=COMMAND_S)
    assert audited.returncode == Exit.DONE, audited.stdout + audited.stderr
    assert [*history.order_of_cases(whole), *history.legal_states(whole), *history.no_effect_twice(whole)] == []
    assert history.unexpected_errors(whole) == []


@pytest.mark.parametrize("name", list(DECIDED))
def test_a_decision_under_way_takes_effect_once(
    name: str, kept: Kept, whole: Whole, country: Country, cases: dict[str, str]
) -> None:
    closed, opened, still_to_come = DECIDED[name]
    case, is_open = cases[name], closed == opened
    since = "SELECT type FROM outbox WHERE subject = %s AND time > %s"
    assert whole.rows("followup", since, case, kept.facts["business_time"]) == [], "followup decides nothing anew"
    answers = whole.rows("handover", since, case, kept.facts["business_time"])
    assert answers == [("homeward.events.v1.CustodyChanged",)] * still_to_come
    segments = [one for one in country.custody(case).segments if one.office_id == HOME]
    assert [one.HasField("end_time") for one in segments] == [True] * closed + [False] * is_open
    assert bool(country.follow_ups(case, HOME)) is is_open
    told = country.told(HOME, case)
    assert (told.count("CASE_CLOSED"), told.count("CASE_REOPENED")) == (closed, opened)


def test_a_closing_under_way_can_be_undone(whole: Whole, country: Country, cases: dict[str, str]) -> None:
    """The one that was answered for is not mistaken for the next: opened again, it stays open."""
    case = cases["answered"]
    request = closing_pb2.ReopenCaseRequest(
        request_id=work.request_id(), case=case, reason=types_pb2.REOPEN_REASON_MISTAKE
    )
    country.desks.at(HOME).closing.ReopenCase(request)
    whole.wait_quiet(ARRIVES_S)
    assert country.stands(case) == STANDS["due_next"]
    assert country.follow_ups(case, HOME) != []
    country.closed(case)
    whole.wait_quiet(ARRIVES_S)
    assert country.stands(case) == STANDS["answered"]
    assert country.follow_ups(case, HOME) == []


def test_lists_say_what_they_said(kept: Kept, desks: OfficeCalls) -> None:
    for said in kept.facts["lists"]:
        assert said["answer"], said["method"]
        now = as_json(repeat(desks, said))
        assert says_as_before(now, said["answer"]), (said["method"], now)


def test_an_old_request_gets_its_old_answer(kept: Kept, whole: Whole, desks: OfficeCalls) -> None:
    counted = {service: whole.rows(service, "SELECT count(*) FROM outbox") for service in SERVICES}
    methods = set()
    for said in kept.facts["answers"]:
        if said["method"] in MOVED:
            continue
        assert as_json(repeat(desks, said)) == said["answer"], said["method"]
        methods.add(said["method"])
    assert methods >= {"SubmitHandover", "DispatchTransfer", "RecordFollowUp", "EndOffice", "ChangeRule"}
    assert {service: whole.rows(service, "SELECT count(*) FROM outbox") for service in SERVICES} == counted


@pytest.mark.parametrize(
    ("name", "office_id", "index"), [("late", agency("15"), 0), ("moved", agency("40"), 7), ("unheard", POST, 0)]
)
def test_who_may_reads_who_she_is(
    name: str, office_id: str, index: int, desks: OfficeCalls, cases: dict[str, str]
) -> None:
    request = reading_pb2.GetCaseRequest(case=cases[name], include_identity=True, purpose="Invented purpose")
    assert desks.at(office_id).reading.GetCase(request).case.person.full_name == work.invented_name(index)
    with pytest.raises(RpcFailure) as refused:
        desks.at("SA-01").reading.GetCase(request)
    assert refused.value.reason == "CASE_NOT_FOUND"


def test_what_was_changed_still_holds(desks: OfficeCalls) -> None:
    rules = desks.at(NATIONAL_SUPERVISOR).directory.ListRules(directory_pb2.ListRulesRequest()).rules
    assert (2, 9) in {(one.version, one.amount) for one in rules if one.code == "SEARCH_ESCALATE"}
    ended = office_end_pb2.GetOfficeEndRequest(office_id=agency("38"))
    assert desks.at(ADMIN).office_end("handover").GetOfficeEnd(ended).done


def test_deadlines_fire_when_the_clock_moves(country: Country, cases: dict[str, str]) -> None:
    """The last test: the clock moves. A follow-up falls due, and who was expected becomes overdue."""
    due_next, in_transit = cases["due_next"], cases["in_transit"]
    assert "FOLLOW_UP_DUE" not in country.told(HOME, due_next)
    country.timeline.move_past(country.timeline.deadline_of(due_next, "FOLLOW_UP_3M"))
    until(lambda: "FOLLOW_UP_DUE" in country.told(HOME, due_next), ARRIVES_S, what="the agency is told")
    assert "FOLLOW_UP_DUE" in country.told(agency("40"), cases["moved"])
    country.timeline.move_past(country.timeline.deadline_of(in_transit, "TRANSFER_ACKNOWLEDGE"))
    assert "ACKNOWLEDGEMENT_OVERDUE" in country.told(HOME, in_transit)
    country.arrived(in_transit, HOME)
    assert country.stands(in_transit) == ("FOLLOW_UP", HOME)
