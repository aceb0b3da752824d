"""Two spellings of one account are one person."""

from __future__ import annotations

import pytest

from services.chassis.kernel.roles import is_same_account


@pytest.mark.attack(33, "the same person approves the own request, under another spelling of the account")
@pytest.mark.parametrize("other", ["an.officer", "An.Officer", "AN.OFFICER", " an.officer ", "ａｎ.officer"])
def test_who_is_spelt_otherwise_is_no_second_person(other: str) -> None:
    assert is_same_account("an.officer", other)


@pytest.mark.parametrize(("one", "other"), [("an.officer", "another"), ("", ""), ("", "an.officer")])
def test_others_are_others_and_who_is_not_known_is_nobody(one: str, other: str) -> None:
    assert not is_same_account(one, other)
