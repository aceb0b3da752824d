"""What one person asks for and others approve: one person as each approver that the method names."""

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
    ApprovedAlready,
    ApprovedByYou,
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
    """Why somebody refuses; meanings in `homeward.type.v1.ApprovalRefusal`."""

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
class Given:
    """One person's approval: as which approver, by whom, with which token, when."""

    approver: Approver
    by: Caller
    at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a request, by whoever approved last, refused it or took it back; by nobody when it expired."""

    state: ApprovalState
    at: datetime
    office_id: str = ""
    subject: str = ""
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """A request of one person. `request` is what was asked, `digest` its seal.

    `peer` and `correlation_id`: from where, and the trace of that call. `expires_on`: the last day in time. `given`:
    who has approved so far; none of them is whoever asked, or another one of them.
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
    given: tuple[Given, ...] = ()
    decision: Decision | None = None

    def state_at(self, now: datetime) -> ApprovalState:
        """How it stands. What nobody decided in time has expired, whether or not that was noted yet."""
        if self.decision is not None:
            return self.decision.state
        return ApprovalState.EXPIRED if now >= self.expires_at else ApprovalState.WAITING

    def awaited(self, needed: frozenset[Approver]) -> frozenset[Approver]:
        """As what somebody still has to approve, of all that it takes."""
        return needed - {one.approver for one in self.given}

    def has_approved(self, subject: str) -> bool:
        """Whether an account has approved it, with whatever token."""
        return any(is_same_account(subject, one.by.subject) for one in self.given)


@dataclass(frozen=True, slots=True)
class Shown:
    """A request as a caller sees it: how it stands, as what somebody has to approve it, and what the caller may do.

    `awaited` and `approving_office_ids`: as what, and where those are who still have to; `for_caller`: whether the
    caller is one of them. `from_caller`: whether the caller may take it back.
    """

    approval: Approval
    state: ApprovalState
    approving_office_ids: Sequence[str]
    approvers: frozenset[Approver]
    awaited: frozenset[Approver]
    for_caller: bool
    refusable: bool
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


def approves_as(
    approval: Approval, caller: Caller, kinds: frozenset[Approver], needed: frozenset[Approver], offices: str
) -> Approver:
    """As what somebody approves who is an approver of these kinds. Raises ApprovedByYou, ApprovedAlready.

    `offices`: where those are who are still awaited.
    """
    awaited = approval.awaited(needed)
    told = {"offices": offices, "awaited": ",".join(sorted(awaited))}
    if approval.has_approved(caller.subject):
        raise ApprovedByYou(**told)
    if not kinds & awaited:
        raise ApprovedAlready(**told)
    return min(kinds & awaited)


def require_as_asked(approval: Approval, now: Matter) -> None:
    """Raise ChangedSinceAsked unless the object stands as it did when it was asked for."""
    if now != approval.matter:
        raise ChangedSinceAsked
