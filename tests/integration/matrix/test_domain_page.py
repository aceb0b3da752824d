"""What the table says, against what the product promises: who may do what, and who sees the person.

The promises are written here by hand, as the domain has them, and never follow the program. The page for people,
`docs/who-may-do-what.md`, is made of the table (`HOMEWARD_WRITE_MATRIX=1`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pytest

from tests.integration.matrix.page import DONE, FILE, PAGE, Line, page_of, read_lines
from tests.integration.matrix.stories import RELATIONS, ROLES

CUSTODIANS: Final = ("accountable post", "accountable centre", "accountable agency", "accountable commune")
AUDITOR: Final = {"unrelated auditor"}
SUPERVISORS: Final = ("accountable's supervisor", "national supervisor")


TABLE: Final = tuple(read_lines(FILE.read_text(encoding="utf-8")))


def _who(method: str, answers: tuple[str, ...] = DONE) -> set[str]:
    """Who ever gets one of the answers."""
    return {
        each
        for line in TABLE
        if line.method == method and any(each.startswith(answers) for each in line.answer.split(" / "))
        for who, _ in line.whom
        for each in _spelt_out(who)
    }


def _spelt_out(who: str) -> Iterator[str]:
    """ "relation *" stands for each role in it."""
    roles = ROLES.values() if who.endswith("*") else [""]
    yield from (f"{who.removesuffix('*')}{role}" for role in roles)


@dataclass(frozen=True)
class Promise:
    """What the domain says of some methods: nobody else ever, and each of these at some time."""

    said: str
    methods: tuple[str, ...]
    who: tuple[str, ...]


PROMISES: Final = (
    Promise(
        "correct, withdraw a registration: who registered her, until she is elsewhere",
        ("CorrectCase", "WithdrawCase"),
        CUSTODIANS,
    ),
    Promise(
        "withdraw who left or is searched for, with a second person: who registered her, its supervisor",
        ("WithdrawUnderWay",),
        ("accountable post", *SUPERVISORS),
    ),
    Promise(
        "decide identification: the police of the province that received her",
        ("DecideIdentification",),
        ("received at police",),
    ),
    Promise(
        "plan, dispatch: the office accountable now",
        ("PlanTransfer", "DispatchTransfer", "DispatchJourney"),
        CUSTODIANS,
    ),
    Promise(
        "recall, redirect: the office accountable now, that has sent somebody",
        ("RecallTransfer", "RedirectTransfer"),
        ("accountable post", "accountable centre"),
    ),
    Promise(
        "accept, reject, report not arrived: the addressed office, never the sender",
        ("AcceptTransfer", "RejectTransfer", "ReportNotArrived"),
        ("addressed agency", "accepted agency"),
    ),
    Promise(
        "acknowledge: to whom she was sent, at any time; never the sender",
        ("AcknowledgeTransfer",),
        ("addressed agency", "accepted agency", "rejecting agency", "once addressed agency"),
    ),
    Promise(
        "take back an answer: who gave it, its supervisor",
        ("TakeBackAnswer",),
        ("accountable centre", "accountable agency", "accepted agency", "rejecting agency", *SUPERVISORS),
    ),
    Promise(
        "confirm or deny that somebody is found: the office that is said to have her",
        ("ConfirmFound", "DenyFound"),
        ("claimed agency",),
    ),
    Promise("record a follow-up, a contact: the accountable agency", ("RecordContact",), ("accountable agency",)),
    Promise("close: the accountable office, its supervisor", ("CloseCase",), (*CUSTODIANS, *SUPERVISORS)),
    Promise(
        "re-open: the office that was accountable, its supervisor",
        ("ReopenCase",),
        ("accountable post", "accountable agency", "accountable's supervisor"),
    ),
    Promise("reassign: a supervisor in scope", ("ReassignCase",), SUPERVISORS),
    Promise(
        "resolve a search: the accountable office, its supervisor",
        ("ResolveSearch",),
        ("accountable post", *SUPERVISORS),
    ),
    Promise("approve, refuse: a supervisor in scope", ("ApproveRequest", "RefuseRequest"), SUPERVISORS),
    Promise("read the access log: an auditor", ("ListAccessLog",), ("unrelated auditor",)),
)


def test_the_table_is_read_as_it_is_written() -> None:
    assert len({line.method for line in TABLE}) > 60
    known = {f"{relation} {role}" for relation in RELATIONS for role in (*ROLES.values(), "*")}
    assert {who for line in TABLE for who, _ in line.whom if not _is_of_roles(line)} <= known


def _is_of_roles(line: Line) -> bool:
    return line.whom[0][0].startswith(("every ", "another service"))


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.said)
def test_a_promise_of_the_domain_holds(promise: Promise) -> None:
    for method in promise.methods:
        assert _who(method) == set(promise.who), method


@pytest.mark.parametrize(
    ("view", "who"),
    [
        ("FULL", set(CUSTODIANS)),
        ("VERIFICATION", {"received at police"}),
        ("PREVIEW", {"accepted agency", "claimed agency"}),
    ],
)
def test_who_sees_the_person(view: str, who: set[str]) -> None:
    assert _who("GetCase", (f"OK {view}",)) == who


def test_who_has_nothing_to_do_with_a_case_gets_no_answer_about_it() -> None:
    may = {"ListAccessLog", "GetApproval", "GetBreakGlass", "ListBreakGlass"}
    may |= {line.method for line in TABLE if line.method.startswith("ListActs")}
    for line in TABLE:
        nobody = {who for who, _ in line.whom if who.startswith(("unrelated", "ended"))}
        if nobody - (AUDITOR if line.method in may else set()):
            assert not line.answer.startswith(DONE), line


def test_who_refused_or_sent_her_on_never_sees_where_she_is() -> None:
    for relation in ("former post", "rejecting agency", "once addressed agency"):
        for line in TABLE:
            if (
                line.method in ("GetCustody", "GetCase")
                and relation in dict(line.whom)
                and line.answer.startswith("OK")
            ):
                shown = line.answer.partition(": ")[2]
                kept = shown.startswith("all but") and "accountable_office_id" in shown
                assert kept or "accountable_office_id" not in shown.replace("all but", ""), line
                assert shown != "all", line


def test_the_page_for_people_is_made_of_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page_of(TABLE)


def test_every_promise_is_about_a_method_that_there_is() -> None:
    known = {line.method for line in TABLE}
    assert all(method in known for promise in PROMISES for method in promise.methods)
