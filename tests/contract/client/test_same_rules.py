"""What the command line finds in order, intake takes; what it finds wrong, intake refuses too."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeward.intake.v1 import people_pb2
from homeward.type.v1 import types_pb2
from services.chassis.country.reference_lists import gates
from services.chassis.kernel.case_number import format_case_number
from services.chassis.kernel.errors import InvalidInput
from services.chassis.kernel.findings import Findings
from services.chassis.kernel.record import ASKED
from services.chassis.kernel.words import GROUNDS as GROUNDS_OF_INTAKE
from services.client.people_file.check import Defaults, check_handover
from services.client.people_file.content import HandoverContent
from services.client.people_file.read import read_people, read_people_file
from services.client.people_file.template import json_of
from services.client.shown import overdue
from services.client.words import GROUNDS
from services.followup.domain.case import LATE_RULES
from services.handover.domain.words import WATCHED_RULES
from services.intake import wire
from services.intake.application.reference import reference
from services.intake.domain import people as rules
from services.intake.domain import submissions as submission_rules
from services.intake.domain.legal_steps import STEPS
from services.intake.domain.submissions import Submission
from services.intake.domain.undecided import RULES as RULES_OF_IDENTIFICATION
from tests.property.client.strategies import NOW, handovers
from tests.support.examples import examples

KNOWN_CASE = format_case_number(1)
EXAMPLES = Path(__file__).parents[3] / "examples"


@given(handover=handovers())
@settings(max_examples=examples(40), deadline=None)
def test_what_a_form_can_say_is_taken_by_intake(handover: HandoverContent) -> None:
    sent = wire.handover_of(handover.to_proto(), confirmed=sorted(ASKED))
    taken = submission_rules.check_handover(sent, reference(), NOW)
    for name in ("full_name", "earlier_case"):
        assert [getattr(each, name) for each in taken.people] == [getattr(each, name) for each in handover.people]


@pytest.mark.parametrize("name", ["handover.csv", "handover.json"])
def test_the_examples_are_taken_by_intake(name: str) -> None:
    content = check_handover(read_people_file(EXAMPLES / name), Defaults(), NOW).content
    assert content is not None
    submission_rules.check_handover(wire.handover_of(content.to_proto(), confirmed=sorted(ASKED)), reference(), NOW)


@given(handover=handovers(), own_gate=st.sampled_from(["", *sorted(gates())]), born=st.sampled_from(["1909", "1925"]))
@settings(max_examples=examples(40), deadline=None)
def test_both_ask_about_the_same(handover: HandoverContent, own_gate: str, born: str) -> None:
    """What a file makes us ask, a program has to confirm, by the same codes; and nothing else."""
    first, *others = handover.people
    odd = handover.with_people((replace(first, birth_date=born), *others))
    found = check_handover(read_people(json_of(odd).encode()), Defaults(gate_of_office=own_gate), NOW)
    if found.problems:
        return
    asked = {each.code for each in found.warnings} & ASKED
    sent = replace(wire.handover_of(odd.to_proto()), own_gate=own_gate)
    assert _asked_by_intake(sent, reference()) == asked
    assert _asked_by_intake(replace(sent, confirmed=tuple(sorted(asked))), reference()) == set()


def _asked_by_intake(sent: Submission, known: rules.Reference) -> set[str]:
    try:
        submission_rules.check_handover(sent, known, NOW)
    except InvalidInput as invalid:
        return {each.code for each in invalid.violations}
    return set()


@pytest.mark.parametrize(
    ("name", "taken", "refused"),
    [
        ("full_name", "x" * 120, "x" * 121),
        ("birth_date", "2026", "2027"),
        ("birth_date", "1906", "1905"),
        ("home_address", "x" * 300, "x" * 301),
        ("health_remarks", "x" * 2_000, "x" * 2_001),
        ("remarks", "x" * 2_000, "x" * 2_001),
        ("documents", ["x"] * 20, ["x"] * 21),
        ("belongings", ["x" * 200], ["x" * 201]),
        ("return_certificate_number", "1" * 60, "1" * 61),
        ("ethnicity", "1979:01", "2010:01"),
        ("nationality", "VN", "EU"),
        ("home_province", "22@2025", "10@2025"),
        ("earlier_case", KNOWN_CASE, "HW-999-999-957"),
    ],
)
def test_both_draw_the_line_at_the_same_place(name: str, taken: object, refused: object) -> None:
    base = {"full_name": "Thí Dụ", "sex": "Feminine"}
    for value, in_order in ((taken, True), (refused, False)):
        person = base | {name: value}
        document = {"people": [person], "handover_time": "2026-11-22", "place": {"gate_id": "CN-MONG-CAI"}}
        assert (not check_handover(read_people(json.dumps(document).encode()), Defaults(), NOW).problems) is in_order
        assert _taken_by_intake(person) is in_order


def _taken_by_intake(person: dict[str, Any]) -> bool:
    fields = dict(person)
    code, _, vintage = fields.pop("home_province", "").partition("@")
    message = people_pb2.Person(**fields)
    if code:
        message.home_province.CopyFrom(types_pb2.ProvinceRef(code=code, vintage=vintage))
    found = Findings()
    rules.check_person(found, wire.person_of(message), reference(), NOW.date(), row=1, rows=1)
    return not found.violations


def test_the_words_of_grounds_are_the_grounds_of_intake() -> None:
    assert tuple(GROUNDS) == GROUNDS_OF_INTAKE


def test_nothing_that_intake_refuses_is_found_in_order(tmp_path: Path) -> None:
    content = check_handover(read_people_file(EXAMPLES / "handover.json"), Defaults(), NOW).content
    assert content is not None
    file = tmp_path / "x.json"
    file.write_text(json_of(content).replace("CN-MONG-CAI", "CN-NOWHERE"), encoding="utf-8")
    assert check_handover(read_people_file(file), Defaults(), NOW).problems
    request = content.to_proto()
    request.place.gate_id = "CN-NOWHERE"
    with pytest.raises(InvalidInput):
        submission_rules.check_handover(wire.handover_of(request, confirmed=sorted(ASKED)), reference(), NOW)


def test_the_rules_by_which_boards_are_filtered_are_those_that_the_services_take() -> None:
    assert set(overdue.CASE_RULES) == WATCHED_RULES
    assert set(overdue.FOLLOW_UP_RULES) == LATE_RULES
    assert set(overdue.LAW_RULES) == {*RULES_OF_IDENTIFICATION, *STEPS}
