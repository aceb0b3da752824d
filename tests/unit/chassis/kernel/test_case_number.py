from __future__ import annotations

from itertools import pairwise, product

import pytest

from services.chassis.kernel.case_number import (
    _DAMM,
    MAX_SEQUENCE,
    InvalidCaseNumber,
    format_case_number,
    parse_case_number,
)


@pytest.mark.parametrize(
    ("sequence", "number"),
    [(1, "HW-618-033-991"), (2, "HW-809-016-943"), (3, "HW-206-011-335"), (1000, "HW-309-618-002")],
)
def test_numbers_once_given_never_change(sequence: int, number: str) -> None:
    assert format_case_number(sequence) == number


def test_there_is_room_for_a_region() -> None:
    assert MAX_SEQUENCE >= 30_000_000
    assert parse_case_number(format_case_number(MAX_SEQUENCE)) == format_case_number(MAX_SEQUENCE)


@pytest.mark.parametrize("sequence", [0, -1, MAX_SEQUENCE + 1])
def test_sequences_outside_are_refused(sequence: int) -> None:
    with pytest.raises(ValueError, match="between 1 and"):
        format_case_number(sequence)


@pytest.mark.parametrize(
    "typed",
    [
        "HW-618-033-991",
        "618033991",
        "hw 618 033 991",
        "  HW\u2013618\u2013033\u2013991\n",
        "H W \u2212 6 1 8 . 0 3 3 . 9 9 1",
        "HW-618-033-991".translate({ord(c): ord(c) + 0xFEE0 for c in "HW-0123456789"}),
        "HW-6I8-O33-99l",
        "HW\u00a0618\u2011033\u200b991",
    ],
)
def test_what_people_type_becomes_one_form(typed: str) -> None:
    assert parse_case_number(typed) == "HW-618-033-991"


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "empty"),
        ("HW", "empty"),
        ("HW-618-033-99", "has 8 digits"),
        ("HW-618-033-9912", "wrong or two are swapped"),
        ("HW-618-033-9910", "wrong or two are swapped"),
        ("HW-618-033-99110", "has 11 digits"),
        ("HW-618-033-992", "wrong or two are swapped"),
        ("HW-681-033-991", "wrong or two are swapped"),
        ("HWHW-618-033-991", "other than digits"),
        ("".join(chr(0x0660 + int(c)) for c in "618033991"), "other than digits"),
        ("1" * 65, "too long"),
        ("HW-999-999-957", "never given"),
        ("000000000", "never given"),
    ],
)
def test_a_refusal_says_what_is_wrong(typed: str, problem: str) -> None:
    with pytest.raises(InvalidCaseNumber, match=problem):
        parse_case_number(typed)


def test_a_refusal_does_not_repeat_what_was_typed() -> None:
    with pytest.raises(InvalidCaseNumber) as caught:
        parse_case_number("Nguyen Thi Example")
    assert "EXAMPLE" not in str(caught.value).upper()


def test_the_check_table_is_totally_anti_symmetric() -> None:
    table = [[int(digit) for digit in row] for row in _DAMM]
    digits = set(range(10))
    # A Latin square with a zero diagonal: every single wrong digit changes the sum, and stays
    # changed to the end.
    assert all(set(row) == digits for row in table)
    assert all({row[column] for row in table} == digits for column in range(10))
    assert all(table[digit][digit] == 0 for digit in range(10))
    # No two neighbours can be swapped unnoticed, at the start or after any interim digit.
    assert all(
        table[table[interim][x]][y] != table[table[interim][y]][x]
        for interim, x, y in product(range(10), repeat=3)
        if x != y
    )


def test_neighbouring_cases_get_numbers_without_a_constant_step() -> None:
    numbers = [int(format_case_number(n).replace("-", "")[2:-1]) for n in range(1, 50)]
    steps = {later - earlier for earlier, later in pairwise(numbers)}
    assert len(steps) == 48
