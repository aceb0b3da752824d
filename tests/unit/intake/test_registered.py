"""Whom an office registered already: who is like whom, and what a correction may make of a record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.chassis.kernel.case_number import format_case_number
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import InvalidInput
from services.chassis.kernel.findings import Findings
from services.intake.domain.corrections import Correction, corrected, read_reason
from services.intake.domain.people import Person
from services.intake.domain.registered import (
    AnotherPerson,
    Trace,
    may_be_one,
    nth_of_its_like,
    require_same_person,
)
from services.intake.domain.submissions import read_handover
from services.intake.vault.traces import Traces
from tests.unit.intake.examples import NOW, PERSON, REFERENCE, handover

DAY = date(2026, 3, 2)
TRACES = Traces(b"k" * 32)


@pytest.mark.parametrize(
    ("other", "is_one"),
    [
        (PERSON, True),
        (replace(PERSON, full_name="NGƯỜI VÍ DỤ"), True),
        (replace(PERSON, full_name="Nguoi Vi Du (Hoa)"), True),
        (replace(PERSON, birth_date="1998"), True),
        (replace(PERSON, birth_date="1998-04"), True),
        (replace(PERSON, birth_date="1998-05"), False),
        (replace(PERSON, birth_date=""), False),
        (replace(PERSON, sex="Masculine"), False),
        (replace(PERSON, full_name="Người Ví"), False),
    ],
)
def test_who_may_be_one_has_one_trace(other: Person, is_one: bool) -> None:
    assert may_be_one(PERSON, other) == may_be_one(other, PERSON) == is_one
    mine, theirs = TRACES.of_person(PERSON, DAY), TRACES.of_person(other, DAY)
    births_agree = mine.year == theirs.year and (None in (mine.birth, theirs.birth) or mine.birth == theirs.birth)
    # The month alone is not compared by digests: 1998-04-30 and 1998-05 are asked about.
    assert (mine.digest == theirs.digest and births_agree) == (is_one or other.birth_date == "1998-05")


def test_a_trace_is_of_what_stands_there_in_any_order_and_of_nothing_else() -> None:
    two = handover(PERSON, replace(PERSON, full_name="Người Khác"))
    turned = replace(two, people=tuple(reversed(two.people)))
    assert TRACES.of_submission(two) == list(reversed(TRACES.of_submission(turned)))
    [mine, _] = TRACES.of_submission(two)
    for change in ({"joint_minutes_number": "2"}, {"handing_body": "x"}, {"place": None}):
        [other, _] = TRACES.of_submission(replace(two, **change))
        assert other.digest == mine.digest
        assert other.handover != mine.handover
        assert other.record != mine.record
    for name in ("health_remarks", "home_address", "remarks", "return_certificate_number"):
        changed = replace(two, people=(replace(PERSON, **{name: "x"}), two.people[1]))  # type: ignore[arg-type]
        assert TRACES.of_submission(changed)[0].record != mine.record
    assert Traces(b"other key").of_person(PERSON, DAY).digest != TRACES.of_person(PERSON, DAY).digest
    assert "k" not in repr(TRACES)


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        ({"full_name": "Khác Hẳn"}, True),
        ({"full_name": "Khác Hẳn", "sex": "Masculine"}, False),
        ({"full_name": "Khác Hẳn", "birth_date": "1998-04-29"}, False),
        ({"full_name": "Khác Hẳn", "home_address": "x"}, False),
        ({"full_name": "Khác Hẳn", "birth_date": "1998-04"}, False),
    ],
)
def test_who_is_all_but_her_name_has_a_trace_when_her_birthday_is_known(changes: dict[str, Any], is_same: bool) -> None:
    [mine] = TRACES.of_submission(handover(PERSON))
    [other] = TRACES.of_submission(handover(replace(PERSON, **changes)))
    assert mine.nameless is not None
    assert (mine.nameless == other.nameless) == is_same
    [no_birthday] = TRACES.of_submission(handover(replace(PERSON, birth_date="1998")))
    assert no_birthday.nameless is None


def test_namesakes_are_numbered() -> None:
    def trace(digest: bytes) -> Trace:
        return Trace(digest, b"", None, DAY, b"", b"", None)

    assert nth_of_its_like([trace(b"a"), trace(b"b"), trace(b"a"), trace(b"a"), trace(b"b")]) == [0, 0, 1, 2, 1]


@pytest.mark.parametrize(("again", "rows"), [((), [2, 4]), ((2,), [4]), ((1,), [4]), ((2, 4), [])])
def test_one_person_in_two_rows_is_asked_about(again: tuple[int, ...], rows: list[int]) -> None:
    other = replace(PERSON, full_name="Người Khác")
    people = (PERSON, replace(PERSON, birth_date="1998"), other, replace(other, full_name="NGƯỜI KHÁC"))
    found = Findings()
    read_handover(found, handover(*people, again=again), REFERENCE, NOW)
    assert [(one.row, one.code) for one in found.violations] == [(row, "SAME_PERSON") for row in rows]


@pytest.mark.parametrize(
    ("changes", "differing"),
    [
        ({"full_name": "Khác Hẳn"}, ""),
        ({"birth_date": "1970", "sex": "Masculine"}, ""),
        ({"full_name": "Khác Hẳn", "birth_date": "1998"}, ""),
        ({"full_name": "NGƯỜI VÍ DỤ (Hoa)", "birth_date": "1970", "sex": "Masculine"}, ""),
        ({"full_name": "Khác Hẳn", "birth_date": "1970"}, "birth_date"),
        ({"full_name": "Khác Hẳn", "birth_date": ""}, "birth_date"),
        ({"full_name": "Khác Hẳn", "sex": "Masculine"}, "sex"),
        ({"full_name": "Khác Hẳn", "birth_date": "1970", "sex": "Masculine"}, "birth_date, sex"),
    ],
)
def test_a_name_with_birth_or_sex_is_somebody_else(changes: dict[str, Any], differing: str) -> None:
    after = replace(PERSON, **changes)
    if not differing:
        require_same_person(PERSON, after)
        return
    with pytest.raises(AnotherPerson) as caught:
        require_same_person(PERSON, after)
    assert caught.value.details["fields"] == differing


def correct(before: Person, **changes: Any) -> Person:
    values: dict[str, Any] = {"reason": "Vì sao", "given": Person("", "")} | changes
    correction = Correction(**values)
    found = Findings()
    read_reason(found, correction)
    return corrected(found, before, correction, REFERENCE, local_date(NOW), row=1, rows=1)


def test_what_is_not_named_stays() -> None:
    before = replace(PERSON, health_remarks="Sốt", victim_declaration=True, language="vi")
    assert correct(before, given=Person("", "", birth_date="1999")) == replace(before, birth_date="1999")
    assert correct(before, named=("health_remarks", "victim_declaration")) == replace(
        before, health_remarks="", victim_declaration=False
    )
    assert correct(before, given=PERSON, named=("*",)) == PERSON
    assert correct(before, named=()) == before


def test_what_stays_is_not_judged_anew() -> None:
    """A record of former times may hold what nobody may write today."""
    before = replace(PERSON, home_province="99@1975", language="zzz")
    assert correct(before, given=Person("", "", remarks="Mới")).remarks == "Mới"
    with pytest.raises(InvalidInput) as caught:
        correct(before, given=Person("", "", language="zzz"))
    assert [one.field for one in caught.value.violations] == ["person.language"]


def test_everything_wrong_with_a_correction_is_told_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        correct(PERSON, reason=" ", named=("sex", "name"))
    assert {(one.field, one.code) for one in caught.value.violations} == {
        ("reason", "REQUIRED"),
        ("update_mask", "NOT_IN_LIST"),
        ("person.sex", "REQUIRED"),
    }


def test_the_earlier_case_is_set_right_and_taken_out() -> None:
    before = replace(PERSON, earlier_case=format_case_number(1))
    other = format_case_number(2)
    assert correct(before, given=Person("", "", earlier_case=other), named=None).earlier_case == other
    assert correct(before, given=Person("", ""), named=("earlier_case",)).earlier_case == ""
    assert correct(before, given=Person("", ""), named=("health_remarks",)).earlier_case == before.earlier_case
