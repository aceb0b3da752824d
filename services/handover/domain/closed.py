"""How a case ended, and how it was opened again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.handover.domain.words import Cause, CloseReason, LostReason, Phase, ReopenReason, WithdrawReason


@dataclass(frozen=True, slots=True)
class Reopening:
    """By whom, when and why a case is open again; None: nobody was asked why."""

    office_id: str
    reason: ReopenReason | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of a case, in the custody `segment` that was the last one then.

    `cause`: CLOSED, WITHDRAWN or RE_IDENTIFIED. `on`: the day on which it happened. `office_id` did it; empty when
    that is not known. `before`: the phase that ended. `transfer_id`: the transfer that ended with it, which was
    addressed to `addressed_id`. `lost`: why she was searched for, when a search ended with it. `other_case_id`: the
    case as which it goes on. What is not known of an end of long ago is None.
    """

    segment: int
    cause: Cause
    at: datetime
    office_id: str = ""
    reason: CloseReason | None = None
    withdraw_reason: WithdrawReason | None = None
    on: date | None = None
    before: Phase | None = None
    transfer_id: UUID | None = None
    addressed_id: str = ""
    lost: LostReason | None = None
    other_case_id: UUID | None = None
    reopened: Reopening | None = None
