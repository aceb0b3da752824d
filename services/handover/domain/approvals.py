"""What one person asks for and another one approves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.chassis.kernel.roles import Approver, Caller, is_same_account
from services.handover.domain.errors import (
    ApprovalExpired,
    ApprovalGiven,
    ApprovalNotYours,
    ApprovalRefused,
    ApprovalWithdrawn,
    ChangedSinceAsked,
    SamePerson,
)

RULE: Final = "APPROVAL_EXPIRES"
REQUEST_BYTES_MAX: Final = 32_768
"""A request to open an office has some 500; the table refuses what is longer."""
WAITING_MAX: Final = 50
"""So many requests of one office wait at a time."""
CALENDAR: Final = "CALENDAR"
"""What a change of the calendar is about."""


class ApprovalState(StrEnum):
    """How it stands; meanings in `homeward.type.v1.ApprovalState`."""

    WAITING = "WAITING"
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"


class Refusal(StrEnum):
    """Why a second person refuses; meanings in `homeward.type.v1.ApprovalRefusal`."""

    WRONG = "WRONG"
    NOT_NEEDED = "NOT_NEEDED"
    NOT_PROVEN = "NOT_PROVEN"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Matter:
    """What is asked for.

    `object`: an office, the code of a rule, CALENDAR, or a case number. `office_id`: the office that it concerns, whose
    supervisors may approve where the contract says so; empty for the whole country. `basis`: names the state of the
    object on which it is asked for; with another one it is not what was asked for any more.
    """

    method: str
    object: str
    basis: str
    office_id: str = ""
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a request; `office_id` and `subject` are empty when it expired."""

    state: ApprovalState
    at: datetime
    office_id: str = ""
    subject: str = ""
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """A request of one person. `request` is what was asked, `digest` its seal.

    `peer` and `correlation_id`: from where, and the trace of that call. `expires_on`: the last day in time.
    """

    id: UUID
    request_id: UUID
    matter: Matter
    request: bytes
    digest: bytes
    asked_by: Caller
    peer: str
    correlation_id: str
    asked_at: datetime
    expires_on: date
    expires_at: datetime
    decision: Decision | None = None

    def state_at(self, now: datetime) -> ApprovalState:
        """How it stands. What nobody decided in time has expired, whether or not that was noted yet."""
        if self.decision is not None:
            return self.decision.state
        return ApprovalState.EXPIRED if now >= self.expires_at else ApprovalState.WAITING


@dataclass(frozen=True, slots=True)
class Shown:
    """A request as a caller sees it: how it stands, where those are who approve it, and what the caller may do."""

    approval: Approval
    state: ApprovalState
    approving_office_ids: Sequence[str]
    approvers: frozenset[Approver]
    for_caller: bool
    from_caller: bool


def require_waiting(approval: Approval, now: datetime) -> None:
    """Raise ApprovalExpired, ApprovalWithdrawn, ApprovalRefused or ApprovalGiven unless it waits for somebody."""
    match approval.state_at(now):
        case ApprovalState.WAITING:
            return
        case ApprovalState.EXPIRED:
            raise ApprovalExpired(expires_on=approval.expires_on.isoformat())
        case ApprovalState.WITHDRAWN:
            raise ApprovalWithdrawn
        case ApprovalState.REFUSED:
            raise ApprovalRefused
        case ApprovalState.APPROVED:
            raise ApprovalGiven


def require_second(approval: Approval, caller: Caller, *, may_approve: bool) -> None:
    """Raise ApprovalNotYours, or SamePerson for whoever asked, with whatever token."""
    if is_same_account(caller.subject, approval.asked_by.subject):
        raise SamePerson
    if not may_approve:
        raise ApprovalNotYours


def require_as_asked(approval: Approval, now: Matter) -> None:
    """Raise ChangedSinceAsked unless the object stands as it did when it was asked for."""
    if now != approval.matter:
        raise ChangedSinceAsked
