"""How a transfer is answered, and that an answer was taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from services.handover.domain.words import RejectReason, TransferState

TAKE_BACK_DAYS: Final = 7
"""So many days after it gave an answer an office takes it back itself; later its supervisor does [policy]."""


class AnswerKind(StrEnum):
    """An answer; meanings in `homeward.type.v1.TransferAnswerKind`."""

    ACCEPTED = "ACCEPTED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    REJECTED = "REJECTED"
    NOT_ARRIVED = "NOT_ARRIVED"
    RECALLED = "RECALLED"

    @property
    def ends_in(self) -> TransferState | None:
        """The state of a transfer that ended with this answer; None when it ends none."""
        return None if self is AnswerKind.ACCEPTED else TransferState(self.value)


class TakeBackReason(StrEnum):
    """Why an answer is taken back."""

    WRONG_PERSON = "WRONG_PERSON"
    WRONG_ANSWER = "WRONG_ANSWER"
    WRONG_NEWS = "WRONG_NEWS"
    DECIDED_ANEW = "DECIDED_ANEW"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class TakenBack:
    """That an answer was taken back: when, by which office, and why."""

    at: datetime
    office_id: str
    reason: TakeBackReason


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a transfer, by the office that gave it. `arrived_on`: the day of an arrival, as it says."""

    kind: AnswerKind
    office_id: str
    given_at: datetime
    arrived_on: date | None = None
    reject_reason: RejectReason | None = None
    taken_back: TakenBack | None = None

    @property
    def stands(self) -> bool:
        """Nobody has taken it back."""
        return self.taken_back is None
