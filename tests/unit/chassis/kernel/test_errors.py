from __future__ import annotations

import pickle
import re
from collections import Counter

import pytest

# Imported for their errors: the registry is checked with those of every room, whatever was imported before.
import services.followup.__main__
import services.handover.__main__
import services.intake.__main__
import services.notify.__main__  # noqa: F401
from services.chassis.kernel.errors import (
    MAX_VIOLATIONS,
    VIOLATIONS,
    ErrorKind,
    FieldViolation,
    HomewardError,
    InvalidInput,
    OfficeNotFound,
    RequestIdReused,
    all_errors,
    placeholders,
    register_violations,
)

KERNEL_ERRORS = sorted((e for e in all_errors() if e.__module__.startswith("services.")), key=lambda e: e.reason)


def test_reasons_are_unique() -> None:
    counts = Counter(error.reason for error in KERNEL_ERRORS)
    assert [reason for reason, count in counts.items() if count > 1] == []
    assert "INVALID_CASE_NUMBER" in counts


@pytest.mark.parametrize("error", KERNEL_ERRORS, ids=lambda error: error.reason)
def test_every_error_has_a_sentence_a_reason_and_a_kind(error: type[HomewardError]) -> None:
    assert re.fullmatch(r"[A-Z]+(_[A-Z]+)*", error.reason)
    assert isinstance(error.kind, ErrorKind)
    assert error.__doc__
    assert error.sentence().endswith(".")
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", name) for name in placeholders(error.sentence()))


def test_the_sentence_is_filled_from_the_details() -> None:
    error = OfficeNotFound(office_id="SA-99", extra="for machines")
    assert str(error) == error.message == "There is no office SA-99."
    assert error.details == {"office_id": "SA-99", "extra": "for machines"}
    assert (RequestIdReused.reason, RequestIdReused.kind) == (
        "REQUEST_ID_REUSED",
        ErrorKind.ALREADY_EXISTS,
    )


def test_a_detail_with_braces_is_text_and_no_placeholder() -> None:
    assert str(OfficeNotFound(office_id="{0.__class__}")) == "There is no office {0.__class__}."


def test_a_missing_detail_is_a_programming_error() -> None:
    with pytest.raises(TypeError, match="office_id"):
        OfficeNotFound()


def test_a_reason_may_be_stated() -> None:
    class Renamed(HomewardError):
        """It was renamed."""

        reason = "FORMER_NAME"

    assert Renamed().reason == "FORMER_NAME"


def test_errors_survive_the_way_to_another_process() -> None:
    known = pickle.loads(pickle.dumps(OfficeNotFound(office_id="SA-99")))
    assert (str(known), known.details) == ("There is no office SA-99.", {"office_id": "SA-99"})
    many = InvalidInput([FieldViolation(1, "home_province", "REQUIRED")] * (MAX_VIOLATIONS + 5))
    copied = pickle.loads(pickle.dumps(many))
    assert copied.violations == many.violations
    assert copied.details == many.details


def test_an_invalid_input_carries_a_bounded_number_of_violations_and_counts_all() -> None:
    error = InvalidInput(FieldViolation(row, "birth_year", "TOO_LATE", {"limit": "2026"}) for row in range(1, 301))
    assert len(error.violations) == MAX_VIOLATIONS
    assert error.details["violation_count"] == "300"
    assert error.violations[0].description == "This may not be after 2026."


def test_an_invalid_input_needs_a_violation() -> None:
    with pytest.raises(ValueError, match="at least one"):
        InvalidInput([])


@pytest.mark.parametrize(
    ("row", "code", "problem"),
    [(0, "REQUIRED", "count from 1"), (1, "NO_SUCH", "NO_SUCH"), (1, "TOO_LONG", "limit")],
)
def test_a_violation_is_checked(row: int, code: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        FieldViolation(row, "field", code)


def test_violations_do_not_change_and_can_be_put_in_a_set() -> None:
    params = {"limit": "3"}
    violation = FieldViolation(None, "people", "TOO_MANY", params)
    params["limit"] = "4"
    assert violation.description == "At most 3 are allowed."
    assert len({violation, FieldViolation(None, "people", "TOO_MANY", {"limit": "3"})}) == 1


@pytest.mark.parametrize("description", sorted(VIOLATIONS.values()))
def test_violation_descriptions_are_sentences(description: str) -> None:
    assert re.fullmatch(r"[A-Z].*\.", description)
    assert all(re.fullmatch(r"[a-z_]+", name) for name in placeholders(description))


def test_a_code_keeps_its_meaning() -> None:
    register_violations({"REQUIRED": VIOLATIONS["REQUIRED"]})
    with pytest.raises(ValueError, match="another meaning"):
        register_violations({"REQUIRED": "Something else."})
    with pytest.raises(ValueError, match="UPPER_SNAKE"):
        register_violations({"required": "Something else."})
