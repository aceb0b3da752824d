"""That a person who is searched for is with an office: said by others, and answered by that office itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

CLAIMS_MAX: Final = 100
"""Claims of one search; one with more is stuck and needs another decision [policy]."""


class ClaimState(StrEnum):
    """What became of a claim; meanings in `homeward.type.v1.FoundClaimState`."""

    STANDING = "STANDING"
    CONFIRMED = "CONFIRMED"
    DENIED = "DENIED"
    WITHDRAWN = "WITHDRAWN"
    REPLACED = "REPLACED"
    OVERTAKEN = "OVERTAKEN"


@dataclass(frozen=True, slots=True)
class FoundClaim:
    """She is said to be with `office_id` since a local day. `number` counts the claims of a search from 1.

    `claimed_by_id` and `subject`: the office that says so, and the officer, for whoever looks into it later.
    `settled_by_id` is empty while it stands.
    """

    number: int
    office_id: str
    since_on: date
    claimed_by_id: str
    subject: str
    claimed_at: datetime
    state: ClaimState = ClaimState.STANDING
    settled_by_id: str = ""
    settled_at: datetime | None = None

    @property
    def stands(self) -> bool:
        """Nobody has answered it, and nothing has overtaken it."""
        return self.state is ClaimState.STANDING

    def settled(self, state: ClaimState, by_id: str, at: datetime) -> FoundClaim:
        """As it is settled."""
        return replace(self, state=state, settled_by_id=by_id, settled_at=at)


def with_last(claims: Sequence[FoundClaim], last: FoundClaim) -> tuple[FoundClaim, ...]:
    """The claims with the latest one as it stands now."""
    return (*claims[:-1], last)
