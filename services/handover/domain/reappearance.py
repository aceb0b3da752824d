"""That a person came back before under another case: said by the office that registered her later."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.handover.domain.moment import Missed, Watch
from services.handover.domain.words import LostReason, Phase


class Match(StrEnum):
    """Whether the two records resemble one another; meanings in `homeward.type.v1.EarlierCaseMatch`."""

    LIKELY = "LIKELY"
    UNLIKELY = "UNLIKELY"
    UNKNOWN = "UNKNOWN"


class LinkState(StrEnum):
    """What became of it; meanings in `homeward.type.v1.ReturnLinkState`."""

    CLAIMED = "CLAIMED"
    CONFIRMED = "CONFIRMED"
    DENIED = "DENIED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, slots=True)
class Stood:
    """How the earlier case stood before something was done because of the later registration.

    `rule`, `counted_from` and `level` say which deadline was watched; `transfer_id`: the latest transfer;
    `segment`: the segment of custody, and `office_id` accountable in it.
    """

    phase: Phase
    office_id: str
    segment: int
    rule: str = ""
    counted_from: date | None = None
    level: int = 0
    missed: Missed | None = None
    transfer_id: UUID | None = None

    @classmethod
    def of(
        cls,
        phase: Phase,
        office_id: str,
        segment: int,
        watch: Watch | None,
        missed: Missed | None,
        transfer: UUID | None,
    ) -> Stood:
        """As a case stands."""
        if watch is None:
            return cls(phase, office_id, segment, missed=missed, transfer_id=transfer)
        return cls(phase, office_id, segment, str(watch.rule), watch.due.counted_from, watch.level, missed, transfer)


@dataclass(frozen=True, slots=True)
class Reappearance:
    """The person of the later case is said to be that of the earlier one. `number` counts those of the later case.

    `at_border`: registered at a border post: a new return. Otherwise she moved by herself, and it is the same one.
    `claiming_id`: the office that registered her later. `announced`: whoever answers for the earlier case was told,
    which waits until that case is known. `search_id`: the search that it opened, or took over from another reason
    (`former_reason`). `stood`: how the earlier case stood before that, or before the confirmation.
    `subject`: the officer who decided. `said_by`: a digest of the account that named the earlier case.
    """

    later_id: UUID
    number: int
    earlier_id: UUID
    match: Match
    at_border: bool
    claiming_id: str
    claimed_at: datetime
    state: LinkState = LinkState.CLAIMED
    announced: bool = False
    search_id: UUID | None = None
    former_reason: LostReason | None = None
    stood: Stood | None = None
    decided_by_id: str = ""
    subject: str = ""
    decided_at: datetime | None = None
    said_by: str = ""

    @property
    def is_claimed(self) -> bool:
        """Nobody has decided."""
        return self.state is LinkState.CLAIMED

    def decided(self, state: LinkState, by_id: str, subject: str, at: datetime) -> Reappearance:
        """As it was decided."""
        return replace(self, state=state, decided_by_id=by_id, subject=subject, decided_at=at)
