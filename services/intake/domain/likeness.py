"""Whether the records of two returns are likely to be of one person: a hint for whoever decides, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.chassis.kernel.fold import fold
from services.intake.domain.people import Person

_UNKNOWN_SEX: Final = "NonSpecifiedUnknown"


class Match(StrEnum):
    """Meanings in `homeward.type.v1.EarlierCaseMatch`."""

    LIKELY = "LIKELY"
    UNLIKELY = "UNLIKELY"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class EarlierReturn:
    """The case that a record names, as far as there is one, and whether the two records resemble one another."""

    case_id: UUID | None = None
    match: Match | None = None


NONE_NAMED: Final = EarlierReturn()


def likeness(one: Person, other: Person, *, same_province: bool | None) -> Match:
    """LIKELY when name, sex and year of birth agree, and the home province does not differ [policy of this project].

    UNLIKELY when the name, the sex or the year of birth differ. A name of which one record has more parts than the
    other, or a year that differs by one, as ages are often told, says neither. `same_province`: whether both are at
    home in one, of either vintage; None where it is not known of both.
    """
    found = (_names(one.full_name, other.full_name), _sexes(one.sex, other.sex), _years(one, other))
    if False in found:
        return Match.UNLIKELY
    return Match.LIKELY if all(found) and same_province is not False else Match.UNKNOWN


def _names(one: str, other: str) -> bool | None:
    """Without marks, capitals and the order of the parts."""
    parts, others = set(fold(one).split()), set(fold(other).split())
    if not parts or not others:
        return None
    if parts == others:
        return True
    return None if parts < others or others < parts else False


def _sexes(one: str, other: str) -> bool | None:
    if _UNKNOWN_SEX in (one, other) or not one or not other:
        return None
    return one == other


def _years(one: Person, other: Person) -> bool | None:
    if not one.birth_date or not other.birth_date:
        return None
    apart = abs(int(one.birth_date[:4]) - int(other.birth_date[:4]))
    return {0: True, 1: None}.get(apart, False)
