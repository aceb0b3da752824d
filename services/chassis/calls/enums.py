"""Words of the domains and the enums of the wire: `FOLLOW_UP` here is `CASE_PHASE_FOLLOW_UP` there.

The name of an enum's zero, `CASE_PHASE_UNSPECIFIED`, tells what its other names begin with.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

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


def list_name(wire: Wire[Any]) -> str:
    """What refusals call the enum: `CasePhase`."""
    return str(wire.DESCRIPTOR.name)


@lru_cache(256)
def _numbers(wire: Wire[Any]) -> Mapping[str, Any]:
    prefix = wire.Name(0).removesuffix(_UNSPECIFIED)
    return {name.removeprefix(prefix): number for name, number in wire.items()}


@lru_cache(256)
def _codes(wire: Wire[Any]) -> Mapping[int, str]:
    return {number: code for code, number in _numbers(wire).items() if code != _UNSPECIFIED}
