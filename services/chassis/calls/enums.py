"""Words of the domains and the enums of the wire: `FOLLOW_UP` here is `CASE_PHASE_FOLLOW_UP` there.

The name of an enum's zero, `CASE_PHASE_UNSPECIFIED`, tells what its other names begin with.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

if TYPE_CHECKING:
    from google.protobuf.internal.enum_type_wrapper import _EnumTypeWrapper

    V = TypeVar("V", bound=int)
    Wire: TypeAlias = _EnumTypeWrapper[V]

E = TypeVar("E", bound=StrEnum)

_UNSPECIFIED = "UNSPECIFIED"


def code_of(wire: Wire[Any], number: int) -> str:
    """The code of a number: `FOLLOW_UP`. Empty when it is not given, or of a later version."""
    return _codes(wire).get(number, "")


def member_of(words: type[E], wire: Wire[Any], number: int) -> E | None:
    """The word of a number; None when it is not given, of a later version, or no word of these."""
    try:
        return words(code_of(wire, number))
    except ValueError:
        return None


def number_of(wire: Wire[V], code: str | None) -> V:
    """The number of a word or its code; that of UNSPECIFIED for None. Raises KeyError for a code that is not there."""
    number: V = _numbers(wire)[code or _UNSPECIFIED]
    return number


def codes(wire: Wire[Any]) -> frozenset[str]:
    """All codes of an enum of the wire but UNSPECIFIED."""
    return frozenset(_codes(wire).values())


LIST_NAMES: Final[Mapping[str, str]] = {
    "CasePhase": "phases of a case",
    "CloseReason": "reasons to close",
    "ContactOutcome": "outcomes of a contact",
    "DestinationChoice": "choices of a destination",
    "Direction": "directions of a transfer",
    "DischargeDestination": "places after a discharge",
    "Escort": "escorts",
    "FollowUpKind": "kinds of follow-up",
    "FollowUpOutcome": "outcomes of a follow-up",
    "HomeSafety": "results of the check of a home",
    "IdentificationStatus": "identification decisions",
    "LeftFor": "where she left for",
    "LostReason": "reasons of a search",
    "RejectReason": "reasons to reject",
    "ReopenReason": "reasons to re-open",
    "RouteOfReturn": "routes of return",
    "SearchResolution": "ways in which a search ends",
    "SearchStepKind": "steps of a search",
    "Section": "parts of an inbox",
    "Togetherness": "whether relatives may be parted",
    "TransferConsent": "consents",
    "TransferDocument": "papers",
    "TransferState": "states of a transfer",
    "TravelMeans": "means of travel",
    "WithdrawReason": "reasons to withdraw",
}
"""What people call the enums that callers fill in."""


def list_name(wire: Wire[Any]) -> str:
    """What refusals call the enum: "phases of a case"; its own name where people have none for it."""
    name = str(wire.DESCRIPTOR.name)
    return LIST_NAMES.get(name, name)


@lru_cache(256)
def _numbers(wire: Wire[Any]) -> Mapping[str, Any]:
    prefix = wire.Name(0).removesuffix(_UNSPECIFIED)
    return {name.removeprefix(prefix): number for name, number in wire.items()}


@lru_cache(256)
def _codes(wire: Wire[Any]) -> Mapping[int, str]:
    return {number: code for code, number in _numbers(wire).items() if code != _UNSPECIFIED}
