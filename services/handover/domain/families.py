"""Relatives who must not be parted: when they are apart, and what an office is warned of.

Handover knows that two cases belong together, and not what the two people are to one another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.handover.domain.words import ENDED, Phase, TransferWarning


class PartingReason(StrEnum):
    """How two people came apart; meanings in `homeward.type.v1.PartingReason`."""

    LEFT_BEHIND = "LEFT_BEHIND"
    ELSEWHERE = "ELSEWHERE"
    NOT_TAKEN = "NOT_TAKEN"
    LOST = "LOST"


_WARNINGS: Final = {
    PartingReason.LEFT_BEHIND: TransferWarning.RELATIVE_STAYS_BEHIND,
    PartingReason.ELSEWHERE: TransferWarning.RELATIVE_ELSEWHERE,
    PartingReason.NOT_TAKEN: TransferWarning.RELATIVE_ELSEWHERE,
    PartingReason.LOST: TransferWarning.RELATIVE_LOST,
}


@dataclass(frozen=True, slots=True)
class Relative:
    """What a case told of a relative's."""

    case_id: UUID
    keep_together: bool


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a person is or goes: the accountable office, and the addressed one of the open transfer.

    `under_way`: she has left.
    """

    case_id: UUID
    case_number: str
    phase: Phase
    office_id: str
    to_office_id: str = ""
    under_way: bool = False

    @property
    def goal_id(self) -> str:
        """The office where she is, or will be if all goes as it stands."""
        return self.to_office_id or self.office_id


@dataclass(frozen=True, slots=True)
class Parting:
    """Two people are, or were, apart. `case_id` is the lower one of the two ids."""

    id: UUID
    case_id: UUID
    other_case_id: UUID
    reason: PartingReason
    parted_at: datetime
    reunited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FamilyParted:
    """She and a relative came apart; `to_office_id` is where she is on the way to, if she is."""

    other_case_id: UUID
    reason: PartingReason
    office_id: str
    to_office_id: str


@dataclass(frozen=True, slots=True)
class FamilyTogether:
    """She and that relative are together again, or on the way to one place. `may_part`: they need not be."""

    other_case_id: UUID
    office_id: str
    to_office_id: str
    may_part: bool = False


def apart(one: Whereabouts, other: Whereabouts) -> PartingReason | None:
    """How two people are apart now; None when they are not.

    Whoever is to follow by a plan that stands to the same office is not left behind: the deadlines of that plan are
    watched. When both are searched for, nobody knows whether they are apart.
    """
    if (one.phase is Phase.SEARCH) != (other.phase is Phase.SEARCH):
        return PartingReason.LOST
    if one.phase is Phase.SEARCH:
        return None
    if not (one.under_way or other.under_way):
        return None if one.office_id == other.office_id else _why(one, other)
    return _apart_on_the_way(one, other)


def apart_as_planned(one: Whereabouts, other: Whereabouts) -> PartingReason | None:
    """How two people will be apart if what is planned for one of them becomes true."""
    if Phase.SEARCH in (one.phase, other.phase) or not one.to_office_id:
        return apart(one, other)
    return _apart_on_the_way(one, other)


def _apart_on_the_way(one: Whereabouts, other: Whereabouts) -> PartingReason | None:
    if one.goal_id == other.goal_id:
        return None
    if not other.to_office_id or not one.to_office_id:
        staying, going = (other, one) if not other.to_office_id else (one, other)
        if staying.phase is not Phase.REJECTED and staying.office_id == going.office_id:
            return PartingReason.LEFT_BEHIND
    return _why(one, other)


def _why(one: Whereabouts, other: Whereabouts) -> PartingReason:
    return PartingReason.NOT_TAKEN if Phase.REJECTED in (one.phase, other.phase) else PartingReason.ELSEWHERE


def is_over(one: Whereabouts, other: Whereabouts) -> bool:
    """Whether one of the two cases has ended: nothing new is told of the two."""
    return not ENDED.isdisjoint((one.phase, other.phase))


def warning_of(reason: PartingReason) -> TransferWarning:
    """What an office is warned of."""
    return _WARNINGS[reason]
