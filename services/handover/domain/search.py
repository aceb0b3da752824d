"""Somebody is lost: the search for her, its steps and its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.chassis.kernel.places import ProvinceRef
from services.handover.domain.claim import FoundClaim
from services.handover.domain.words import CloseReason, LeftFor, LostReason, Resolution, StepKind

MAX_STEPS: Final = 200
"""Steps of one search; a search with more is stuck and needs another decision [policy]."""


@dataclass(frozen=True, slots=True)
class Step:
    """What an office did to find the person, on a local day. `number` counts from 1 within the search."""

    number: int
    kind: StepKind
    office_id: str
    taken_on: date
    successful: bool


@dataclass(frozen=True, slots=True)
class Departure:
    """A person left on her own, on a local day. `province`, where one is named; its agency is `asked_id`."""

    on: date
    left_for: LeftFor
    province: ProvinceRef | None = None
    asked_id: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """A search. `opened_at`: when the deadline passed, whenever that was noticed, or when the news came.

    `level`: 0 the accountable office, 1 the province supervisor, 2 and more the national one.
    `other_case_id`: the other case of the person, where one is known. `departure`: how she left, where she did.
    `claims`: that she is with an office, oldest first; at most the latest stands.
    """

    id: UUID
    reason: LostReason
    opened_at: datetime
    level: int = 0
    steps: tuple[Step, ...] = ()
    other_case_id: UUID | None = None
    resolution: Resolution | None = None
    close_reason: CloseReason | None = None
    resolved_at: datetime | None = None
    departure: Departure | None = None
    claims: tuple[FoundClaim, ...] = ()
    version: int = 1

    @property
    def claim(self) -> FoundClaim | None:
        """The claim that stands."""
        return self.claims[-1] if self.claims and self.claims[-1].stands else None

    @property
    def is_open(self) -> bool:
        """Nobody has resolved it."""
        return self.resolution is None
