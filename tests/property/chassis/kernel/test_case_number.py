from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.chassis.kernel.case_number import (
    MAX_SEQUENCE,
    InvalidCaseNumber,
    format_case_number,
    parse_case_number,
)

sequences = st.integers(min_value=1, max_value=MAX_SEQUENCE)


def _digits(number: str) -> str:
    return number.removeprefix("HW").replace("-", "")


@given(sequences)
def test_what_is_formatted_parses_to_itself(sequence: int) -> None:
    number = format_case_number(sequence)
    assert parse_case_number(number) == number
    assert parse_case_number(_digits(number)) == number


@given(sequences, sequences)
def test_two_cases_never_share_a_number(one: int, other: int) -> None:
    assume(one != other)
    assert format_case_number(one) != format_case_number(other)


@given(sequences)
def test_the_number_leads_back_to_one_sequence_only(sequence: int) -> None:
    prime = MAX_SEQUENCE + 1
    scattered = int(_digits(format_case_number(sequence))[:-1])
    assert pow(scattered, -1, prime) * 61_803_399 % prime == sequence


@given(sequences)
def test_every_wrong_digit_is_caught(sequence: int) -> None:
    digits = _digits(format_case_number(sequence))
    for place, right in enumerate(digits):
        for wrong in "0123456789":
            if wrong != right:
                with pytest.raises(InvalidCaseNumber):
                    parse_case_number(digits[:place] + wrong + digits[place + 1 :])


@given(sequences)
def test_every_swap_of_two_neighbours_is_caught(sequence: int) -> None:
    digits = _digits(format_case_number(sequence))
    for place, (left, right) in enumerate(pairwise(digits)):
        if left != right:
            with pytest.raises(InvalidCaseNumber):
                parse_case_number(digits[:place] + right + left + digits[place + 2 :])


@given(st.text(max_size=80))
def test_any_text_is_a_number_or_a_refusal_and_nothing_else(text: str) -> None:
    try:
        number = parse_case_number(text)
    except InvalidCaseNumber:
        return
    assert parse_case_number(number) == number
