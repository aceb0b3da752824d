"""The table of verbs says what the contracts say, and offers what can be done with a case as it stands."""

from __future__ import annotations

from typing import Any

import pytest

from homeward.followup.v1 import visits_pb2
from homeward.handover.v1 import custody_pb2, transfers_pb2
from homeward.type.v1 import types_pb2
from services.client.contracts import CONTRACTS
from services.console.verbs import BY_NAME, VERBS, Field, Kind, Verb, View, offered

METHODS = {method.name: method for served in CONTRACTS.values() for service in served for method in service.methods}


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_an_entry_fits_its_contract(verb: Verb) -> None:
    request = METHODS[verb.method].input_type
    assert verb.request.DESCRIPTOR.full_name == request.full_name
    assert bool(verb.etag) <= ("etag" in request.fields_by_name)
    assert not verb.undo or verb.undo in BY_NAME
    for field in verb.fields:
        _fits(request, field)


def _fits(request: Any, field: Field) -> None:
    descriptor = None
    for step in field.name.split("."):
        descriptor = (request if descriptor is None else descriptor.message_type).fields_by_name[step]
    assert descriptor is not None
    assert descriptor.is_repeated == (field.kind in (Kind.CODES, Kind.SIGNS)), field.name
    if descriptor.enum_type is None:
        return
    names = descriptor.enum_type.values_by_name
    prefix = descriptor.enum_type.values_by_number[0].name.removesuffix("UNSPECIFIED")
    codes = set(field.words or dict(field.choices))
    assert codes, field.name
    assert {prefix + code for code in codes} <= set(names.keys())


def view(state: str, phase: str = "IN_TRANSIT", accountable: str = "BP-CN-MONG-CAI") -> View:
    """A case with one transfer to SA-24, as that agency sees it."""
    transfer = transfers_pb2.Transfer(
        to_office_id="SA-24", state=types_pb2.TransferState.Value(f"TRANSFER_STATE_{state}")
    )
    custody = custody_pb2.Custody(
        phase=types_pb2.CasePhase.Value(f"CASE_PHASE_{phase}"),
        accountable_office_id=accountable,
        transfers=[transfer],
    )
    return View(custody, frozenset({"SA-24"}))


def own_part(**may: Any) -> View:
    """The same case for the agency that rejected, and what it may still say."""
    rejected = view("REJECTED").transfer
    assert rejected is not None
    rejected.answers.add(kind=types_pb2.TRANSFER_ANSWER_KIND_REJECTED, office_id="SA-24")
    return View(custody_pb2.Custody(transfers=[rejected], **may), frozenset({"SA-24"}))


@pytest.mark.parametrize(
    ("seen", "wanted", "unwanted"),
    [
        (view("DISPATCHED"), {"arrived", "accept", "not-arrived", "reject"}, {"dispatch", "take-back", "visit"}),
        (view("ACKNOWLEDGED", "ARRIVED", "SA-24"), {"visit", "close"}, {"arrived", "reopen"}),
        (view("ACKNOWLEDGED", "CLOSED", "SA-24"), {"reopen"}, {"visit", "dispatch", "close"}),
        (view("REJECTED"), set(), {"arrived", "accept", "reject", "dispatch"}),
        (own_part(), set(), {"arrived", "take-back", "accept", "visit"}),
        (own_part(arrival_still_taken=True), {"arrived"}, {"take-back", "reject"}),
        (own_part(arrival_still_taken=True, take_back_until="2026-12-06"), {"arrived", "take-back"}, {"reject"}),
    ],
)
def test_what_is_offered_is_what_can_be(seen: View, wanted: set[str], unwanted: set[str]) -> None:
    names = {verb.name for verb in offered(seen, frozenset(METHODS))}
    assert wanted <= names
    assert not unwanted & names


def at_home(**follow_up: Any) -> View:
    """Somebody whom the agency looks after, with one follow-up."""
    seen = view("ACKNOWLEDGED", "FOLLOW_UP", "SA-24")
    seen.follow_ups = [visits_pb2.FollowUp(kind=types_pb2.FOLLOW_UP_KIND_YEARS_2, due_on="2027-03-01", **follow_up)]
    return seen


@pytest.mark.parametrize(
    ("seen", "put_off", "dropped"),
    [
        (at_home(state=types_pb2.FOLLOW_UP_STATE_SCHEDULED), True, True),
        (at_home(state=types_pb2.FOLLOW_UP_STATE_SCHEDULED, always=True), True, False),
        (at_home(state=types_pb2.FOLLOW_UP_STATE_LATE, first_due_on="2027-02-01"), False, True),
        (at_home(state=types_pb2.FOLLOW_UP_STATE_OVERDUE), False, True),
        (at_home(state=types_pb2.FOLLOW_UP_STATE_RECORDED), False, False),
        (view("ACKNOWLEDGED", "FOLLOW_UP", "SA-24"), False, False),
    ],
)
def test_a_follow_up_is_put_off_or_dropped_only_while_that_can_be(seen: View, put_off: bool, dropped: bool) -> None:
    names = {verb.name for verb in offered(seen, frozenset(METHODS))}
    assert ("reschedule" in names, "drop-step" in names) == (put_off, dropped)
    assert seen.to_put_off == (frozenset({"YEARS_2"}) if put_off else frozenset())


def test_nothing_is_asked_of_an_office_while_it_is_not_known_where_she_is() -> None:
    away = View(None, frozenset({"SA-24"}))
    assert "found-here" in {verb.name for verb in offered(away, frozenset(METHODS))}
    away.away = True
    assert "found-here" not in {verb.name for verb in offered(away, frozenset(METHODS))}
