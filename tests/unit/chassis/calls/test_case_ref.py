from __future__ import annotations

import uuid

import pytest

from services.chassis.calls.case_ref import parse_case_ref
from services.chassis.kernel.errors import InvalidInput

CASE = uuid.UUID("01890a5d-ac96-774b-bcce-b302099a8057")


@pytest.mark.parametrize("typed", [str(CASE), str(CASE).upper(), f" {CASE}\n"])
def test_an_id_is_an_id(typed: str) -> None:
    assert parse_case_ref(typed) == CASE


@pytest.mark.parametrize("typed", ["HW-618-033-991", "618033991", "hw 618 033 991"])
def test_a_number_gets_its_one_form(typed: str) -> None:
    assert parse_case_ref(typed) == "HW-618-033-991"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "REQUIRED"),
        ("  ", "REQUIRED"),
        ("Nguyen Invented", "BAD_FORMAT"),
        ("HW-618-033-992", "BAD_FORMAT"),
        (str(CASE)[:-1], "BAD_FORMAT"),
        ("x" * 10_000, "BAD_FORMAT"),
    ],
)
def test_anything_else_is_refused_by_field_and_not_repeated(typed: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_case_ref(typed)
    (violation,) = refused.value.violations
    assert (violation.field, violation.code) == ("case", code)
    assert not typed.strip() or typed.strip() not in f"{refused.value} {violation.description}"
