"""When two people who must not be parted are apart, for everything that one of them may be."""

from __future__ import annotations

from itertools import product
from uuid import UUID

import pytest

from services.handover.domain.families import PartingReason, Whereabouts, apart, apart_as_planned, is_over, warning_of
from services.handover.domain.words import Phase, TransferWarning

POST, HOME, ELSEWHERE = "BP-TEST", "SA-TEST", "SA-OTHER"


def at(office: str, phase: Phase = Phase.REGISTERED, to: str = "", *, left: bool = False, case: int = 1) -> Whereabouts:
    """Somebody at an office; planned, or on the way, to another."""
    phase = Phase.IN_TRANSIT if left and phase is Phase.REGISTERED else phase
    return Whereabouts(UUID(int=case), f"HW-{case}", phase, office, to, left)


HERE, GOING = at(POST), at(POST, to=HOME, left=True)
EVERYBODY = {
    "at the post": HERE,
    "planned home": at(POST, to=HOME),
    "on the way home": GOING,
    "on the way elsewhere": at(POST, to=ELSEWHERE, left=True),
    "rejected": at(POST, Phase.REJECTED),
    "home": at(HOME, Phase.FOLLOW_UP),
    "elsewhere": at(ELSEWHERE, Phase.ARRIVED),
    "lost at the post": at(POST, Phase.SEARCH),
    "lost on the way": at(POST, Phase.SEARCH, HOME, left=True),
}
TABLE = {
    ("at the post", "planned home"): None,
    ("at the post", "on the way home"): PartingReason.LEFT_BEHIND,
    ("at the post", "on the way elsewhere"): PartingReason.LEFT_BEHIND,
    ("at the post", "rejected"): None,
    ("at the post", "home"): PartingReason.ELSEWHERE,
    ("planned home", "on the way home"): None,
    ("planned home", "on the way elsewhere"): PartingReason.ELSEWHERE,
    ("planned home", "home"): PartingReason.ELSEWHERE,
    ("on the way home", "on the way elsewhere"): PartingReason.ELSEWHERE,
    ("on the way home", "rejected"): PartingReason.NOT_TAKEN,
    ("on the way home", "home"): None,
    ("on the way home", "elsewhere"): PartingReason.ELSEWHERE,
    ("rejected", "home"): PartingReason.NOT_TAKEN,
    ("home", "elsewhere"): PartingReason.ELSEWHERE,
    ("home", "lost on the way"): PartingReason.LOST,
    ("lost at the post", "lost on the way"): None,
}


@pytest.mark.parametrize(("one", "other"), TABLE)
def test_how_two_are_apart(one: str, other: str) -> None:
    assert apart(EVERYBODY[one], EVERYBODY[other]) is TABLE[(one, other)]


@pytest.mark.parametrize(("one", "other"), list(product(EVERYBODY, EVERYBODY)))
def test_it_is_the_same_from_both_sides(one: str, other: str) -> None:
    assert apart(EVERYBODY[one], EVERYBODY[other]) is apart(EVERYBODY[other], EVERYBODY[one])
    if one == other:
        assert apart(EVERYBODY[one], EVERYBODY[other]) is None


def test_a_plan_is_looked_at_as_if_it_were_true() -> None:
    planned = EVERYBODY["planned home"]
    assert apart_as_planned(planned, HERE) is PartingReason.LEFT_BEHIND
    assert apart_as_planned(planned, planned) is None
    assert apart_as_planned(planned, EVERYBODY["home"]) is None
    assert apart_as_planned(planned, EVERYBODY["on the way elsewhere"]) is PartingReason.ELSEWHERE
    assert apart_as_planned(HERE, HERE) is None


def test_what_has_ended_parts_nobody() -> None:
    assert is_over(HERE, at(POST, Phase.WITHDRAWN))
    assert is_over(at(POST, Phase.CLOSED), HERE)
    assert not is_over(HERE, GOING)


def test_every_reason_is_a_warning() -> None:
    assert {warning_of(reason) for reason in PartingReason} == {
        TransferWarning.RELATIVE_STAYS_BEHIND,
        TransferWarning.RELATIVE_ELSEWHERE,
        TransferWarning.RELATIVE_LOST,
    }
