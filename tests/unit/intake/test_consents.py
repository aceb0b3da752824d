"""Consent for each purpose by itself: what stands, what is taken, and what a visit makes of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from homeward.events.v1 import consent_pb2 as events
from homeward.intake.v1 import consents_pb2 as pb
from homeward.type.v1 import types_pb2
from services.chassis.kernel.errors import InvalidInput
from services.chassis.kernel.words import ConsentGiver, ConsentState
from services.intake.domain.consents import (
    MAX_CONSENTS,
    Consent,
    ConsentNotGiven,
    Guardian,
    GuardianRelation,
    Stated,
    Told,
    TooManyConsents,
    recorded,
    standing,
    taken_back,
    told,
)
from services.intake.domain.people import AgeBand

CASE = uuid.uuid4()
RECEIVED, TODAY = date(2026, 3, 1), date(2026, 3, 10)
NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)
GIVEN, REFUSED, WITHDRAWN = ConsentState.GIVEN, ConsentState.REFUSED, ConsentState.WITHDRAWN
AUNT = Guardian("Nguyễn Thị Thí Dụ", GuardianRelation.OTHER_RELATIVE)


def put(known: Sequence[Consent], stated: Stated, age: AgeBand = AgeBand.ADULT) -> Consent:
    """What an office puts on record today."""
    return recorded(
        known, stated, case_id=CASE, age=age, not_before=RECEIVED, office_id="SA-01", subject="chi@SA-01", now=NOW
    )


def stated(state: ConsentState = GIVEN, on: date | None = None, **more: Any) -> Stated:
    """Something said to STAY, of the first text."""
    read = 0 if state is WITHDRAWN else 1
    return Stated(**{"purpose": "STAY", "state": state, "on": on, "text_version": read, **more})


def at_visit(agreed: bool, on: date = TODAY, **more: Any) -> Told:
    """What was said at a visit."""
    return Told(**{
        "purpose": "FOLLOW_UP", "agreed": agreed, "on": on, "giver": ConsentGiver.PERSON, "text_version": 1,
        "entry_number": 4, "office_id": "SA-01", **more,
    })  # fmt: skip


def test_what_was_said_last_to_a_purpose_stands() -> None:
    first = put([], stated(on=RECEIVED))
    other = put([first], stated(REFUSED, purpose="HOME_LOOK"))
    second = put([first, other], stated(WITHDRAWN))
    known = [first, other, second]
    assert [one.number for one in known] == [1, 2, 3]
    assert (standing(known, "STAY"), standing(known, "HOME_LOOK"), standing(known, "GROUP")) == (second, other, None)
    assert second.text_version == 1, "what is withdrawn is what was read then"


def test_who_agreed_before_and_says_no_has_withdrawn() -> None:
    given = put([], stated())
    assert put([given], stated(REFUSED)).state is WITHDRAWN
    assert put([], stated(REFUSED)).state is REFUSED


@pytest.mark.parametrize("before", [[], [stated(REFUSED)], [stated(), stated(WITHDRAWN)]])
def test_only_what_stands_is_withdrawn(before: list[Stated]) -> None:
    known: list[Consent] = []
    for one in before:
        known.append(put(known, one))
    with pytest.raises(ConsentNotGiven):
        put(known, stated(WITHDRAWN))


@pytest.mark.parametrize(
    ("on", "code"),
    [(date(2026, 3, 11), "IN_THE_FUTURE"), (date(2026, 2, 28), "TOO_EARLY"), (date(2026, 3, 4), "TOO_EARLY")],
)
def test_what_was_said_last_is_not_overtaken_by_a_day_before_it(on: date, code: str) -> None:
    known = [put([], stated(on=date(2026, 3, 5)))]
    with pytest.raises(InvalidInput) as caught:
        put(known, stated(REFUSED, on=on))
    assert [(each.field, each.code) for each in caught.value.violations] == [("said_on", code)]


def test_a_purpose_has_days_of_its_own() -> None:
    known = [put([], stated(on=date(2026, 3, 5)))]
    assert put(known, stated(REFUSED, on=date(2026, 3, 4), purpose="GROUP")).said_on == date(2026, 3, 4)


@pytest.mark.parametrize("age", [AgeBand.UNDER_16, AgeBand.FROM_16_TO_17])
def test_for_a_child_a_guardian_agrees_by_name_and_she_herself_may_always_say_no(age: AgeBand) -> None:
    with pytest.raises(InvalidInput) as caught:
        put([], stated(), age)
    assert caught.value.violations[0].code == "CHILD_NEEDS_GUARDIAN"
    given = put([], stated(giver=ConsentGiver.GUARDIAN, guardian=AUNT), age)
    assert (given.giver, given.guardian_named) == (ConsentGiver.GUARDIAN, True)
    assert put([given], stated(WITHDRAWN), age).state is WITHDRAWN
    assert put([], stated(REFUSED), age).state is REFUSED


@pytest.mark.parametrize("age", [AgeBand.ADULT, AgeBand.UNKNOWN])
def test_who_is_grown_up_or_of_unknown_age_agrees_herself(age: AgeBand) -> None:
    assert put([], stated(), age).giver is ConsentGiver.PERSON


def test_nothing_shows_who_a_guardian_is() -> None:
    given = stated(giver=ConsentGiver.GUARDIAN, guardian=AUNT)
    shown = f"{AUNT!r} {given!r} {put([], given)!r}"
    assert AUNT.name not in shown
    assert AUNT.relation not in shown


def test_who_a_guardian_is_leaves_with_one_answer_alone() -> None:
    """No list, no event, and no answer that is kept for a request id has a place for it."""
    told = (types_pb2.GuardianRelation.DESCRIPTOR, pb.Guardian.DESCRIPTOR)
    messages = [each for file in (pb, events) for each in file.DESCRIPTOR.message_types_by_name.values()]
    holders = {
        each.name
        for each in messages
        for field in each.fields
        if (field.enum_type in told or field.message_type in told) and not field.GetOptions().deprecated
    }
    assert holders == {"Guardian", "RecordConsentRequest", "GetGuardianResponse"}


def test_there_is_a_limit() -> None:
    one = put([], stated())
    with pytest.raises(TooManyConsents):
        put([one] * MAX_CONSENTS, stated())


def heard(known: Sequence[Consent], said: Told) -> Consent | None:
    """What is recorded of a visit."""
    return told(known, said, case_id=CASE, now=NOW)


def test_what_is_said_at_a_visit_is_recorded_where_it_changes_what_stands() -> None:
    given = heard([], at_visit(True))
    assert given is not None
    assert (given.state, given.entry_number, given.subject, given.guardian_named) == (GIVEN, 4, "", False)
    assert heard([given], at_visit(True)) is None, "she says the same again"
    no_more = heard([given], at_visit(False, text_version=0))
    assert no_more is not None
    assert (no_more.state, no_more.number, no_more.text_version) == (WITHDRAWN, 2, 1)
    assert heard([given, no_more], at_visit(False)) is None
    refused = heard([], at_visit(False))
    assert refused is not None
    assert refused.state is REFUSED


def test_a_paper_of_last_week_overtakes_nothing_that_was_said_since() -> None:
    given = heard([], at_visit(True, date(2026, 3, 4)))
    assert given is not None
    withdrawn = put([given], replace(stated(WITHDRAWN), purpose="FOLLOW_UP"))
    assert heard([given, withdrawn], at_visit(True, date(2026, 3, 8))) is None
    assert heard([given, withdrawn], at_visit(True, TODAY)) is not None


def back(known: Sequence[Consent]) -> Consent | None:
    """The visit is taken back."""
    return taken_back(known, 4, case_id=CASE, office_id="SA-01", now=NOW)


def visited(known: Sequence[Consent], said: Told) -> list[Consent]:
    """With what was said at a visit."""
    one = told(known, said, case_id=CASE, now=NOW)
    assert one is not None
    return [*known, one]


def test_a_visit_that_is_taken_back_says_nothing_more() -> None:
    given = put([], stated(purpose="FOLLOW_UP", on=RECEIVED))
    known = visited([given], at_visit(agreed=False))
    again = back(known)
    assert again is not None
    assert (again.state, again.said_on, again.number) == (GIVEN, TODAY, 3)
    alone = back(visited([], at_visit(agreed=True)))
    assert alone is not None
    assert alone.state is WITHDRAWN
    assert back(visited([], at_visit(agreed=False))) is None, "a refusal stays until she is asked"
    since = [*known, put(known, stated(purpose="FOLLOW_UP"))]
    assert back(since) is None, "what she said since stands"
    assert back([given]) is None, "nothing was said at that visit"
