"""Case numbers under a key: none given twice, none told by another."""

from __future__ import annotations

import secrets
from itertools import pairwise
from pathlib import Path

import pytest

from services.chassis.kernel.case_number import InvalidCaseNumber, format_case_number, parse_case_number
from services.intake.vault.keys import KeyFileRefused
from services.intake.vault.numbers import MAX_SEQUENCE, CaseNumberKey

KEY = CaseNumberKey(bytes(range(32)))


def test_numbers_once_given_never_change() -> None:
    assert [KEY.case_number(sequence) for sequence in (1, 2, 3)] == [
        "HW-789-554-3017",
        "HW-008-972-6660",
        "HW-883-132-6634",
    ]


def test_no_number_is_given_twice_and_each_is_read_back() -> None:
    sequences = (*range(1, 20_001), *range(MAX_SEQUENCE - 1_000, MAX_SEQUENCE + 1))
    numbers = [KEY.case_number(sequence) for sequence in sequences]
    assert len(set(numbers)) == len(numbers)
    assert all(parse_case_number(number) == number for number in numbers)
    assert not {number.replace("-", "") for number in numbers} & {
        format_case_number(sequence).replace("-", "") for sequence in range(1, 20_001)
    }


@pytest.mark.attack(29, "case numbers are computed from the own one")
def test_another_key_gives_other_numbers_and_neighbours_are_far_apart() -> None:
    other = CaseNumberKey(secrets.token_bytes(32))
    assert KEY.case_number(7) != other.case_number(7)
    plain = [int(KEY.case_number(sequence).replace("-", "")[2:-1]) for sequence in range(1, 1_000)]
    assert len({later - earlier for earlier, later in pairwise(plain)}) == len(plain) - 1


@pytest.mark.parametrize("sequence", [0, -1, MAX_SEQUENCE + 1])
def test_sequences_outside_are_refused(sequence: int) -> None:
    with pytest.raises(ValueError, match="between 1 and"):
        KEY.case_number(sequence)


def test_a_digit_too_many_or_too_few_makes_no_number_of_the_other_form_right() -> None:
    for sequence in range(1, 500):
        with pytest.raises(InvalidCaseNumber):
            parse_case_number(f"{format_case_number(sequence)}0")
        new = KEY.case_number(sequence)
        if new.startswith("HW-0"):
            with pytest.raises(InvalidCaseNumber):
                parse_case_number(new.removeprefix("HW-0"))


def test_the_file_of_the_key(tmp_path: Path) -> None:
    path = tmp_path / "number.key"
    for wrong, mode in ((b"short", 0o600), (bytes(32), 0o644)):
        path.write_bytes(wrong)
        path.chmod(mode)
        with pytest.raises(KeyFileRefused, match="HOMEWARD_NUMBER_KEY"):
            CaseNumberKey.from_file(path)
    with pytest.raises(KeyFileRefused, match="not set"):
        CaseNumberKey.from_file(None)
    with pytest.raises(KeyFileRefused, match="cannot be read"):
        CaseNumberKey.from_file(tmp_path / "none")
    path.chmod(0o600)
    path.write_bytes(bytes(range(32)))
    assert CaseNumberKey.from_file(path).case_number(1) == KEY.case_number(1)
    assert repr(KEY) == "CaseNumberKey(…)"
