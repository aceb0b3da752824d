from __future__ import annotations

import pytest

from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.enums import code_of, codes, list_name, member_of, number_of
from services.chassis.kernel.words import CloseReason, Phase


def test_every_word_finds_its_number_and_comes_back() -> None:
    for phase in Phase:
        number = number_of(types.CasePhase, phase)
        assert number == types.CasePhase.Value(f"CASE_PHASE_{phase.value}")
        assert member_of(Phase, types.CasePhase, number) is phase
        assert code_of(types.CasePhase, number) == phase.value
    assert codes(types.CasePhase) == set(Phase)
    assert list_name(types.CasePhase) == "phases of a case"


def test_what_is_not_given_is_unspecified_both_ways() -> None:
    assert number_of(types.CasePhase, None) == types.CASE_PHASE_UNSPECIFIED
    assert member_of(Phase, types.CasePhase, 0) is None
    assert code_of(types.CasePhase, 0) == ""


@pytest.mark.parametrize("number", [-1, 999])
def test_a_number_of_a_later_version_is_no_word(number: int) -> None:
    assert member_of(Phase, types.CasePhase, number) is None
    assert code_of(types.CasePhase, number) == ""


def test_a_number_of_the_wire_that_the_domain_does_not_know_is_no_word() -> None:
    assert member_of(CloseReason, types.CasePhase, types.CASE_PHASE_SEARCH) is None


def test_a_word_that_the_wire_does_not_know_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        number_of(types.CasePhase, "LIMBO")
