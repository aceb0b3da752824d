"""One person asks, others approve, one of them refuses it, or it expires."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.chassis.calls.answers import Asked
from services.chassis.calls.policy import TwoPeople
from services.chassis.country.admission import admit
from services.chassis.country.sight import Sight
from services.chassis.events.streams import OFFICE_SUBJECT
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import HomewardError, RequestIdReused
from services.chassis.kernel.roles import Approver, Caller, Role, is_same_account
from services.handover.domain.approvals import (
    REQUEST_BYTES_MAX,
    RULE,
    WAITING_MAX,
    Approval,
    ApprovalState,
    Decision,
    Given,
    Matter,
    Refusal,
    Shown,
    approves_as,
    require_second,
    require_waiting,
)
from services.handover.domain.errors import (
    ApprovalNotFound,
    ApprovalNotYours,
    ApproverIsGone,
    AskedForAlready,
    AskerIsGone,
    TooManyWait,
)
from services.handover.domain.moment import Moment
from services.handover.domain.reading import Page
from services.handover.storage import approvals, sessions
from services.handover.wire import events

_READ_ALL: Final = frozenset({Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Approving:
    """Who approves what: as the contracts say, by name of the method, and as the directory stands."""

    sight: Sight
    calendar: WorkingCalendar
    methods: Mapping[str, TwoPeople]

    def kinds(self, caller: Caller, matter: Matter, on: date) -> frozenset[Approver]:
        """As what somebody may approve that, whoever asked for it; empty for whoever has no say in it."""
        return frozenset(one for one in self.needed(matter) if self._is(one, caller, matter.office_id, on))

    def needed(self, matter: Matter) -> frozenset[Approver]:
        """As what somebody has to approve that."""
        return self.methods[matter.method].by

    def awaited(self, approval: Approval) -> frozenset[Approver]:
        """As what somebody still has to."""
        return approval.awaited(self.needed(approval.matter))

    def _is(self, approver: Approver, caller: Caller, office_id: str, on: date) -> bool:
        match approver:
            case Approver.ADMIN:
                return caller.role is Role.ADMIN
            case Approver.NATIONAL_SUPERVISOR:
                return caller.role is Role.SUPERVISOR and self.sight.directory.office(caller.office_id).province is None
            case Approver.SUPERVISOR:
                return self.sight.oversees(caller, office_id, on)

    def offices(self, approval: Approval, on: date) -> Sequence[str]:
        """The offices at which those are who still have to approve, by their ids."""
        return self.offices_of(self.awaited(approval), approval.matter, on)

    def offices_of(self, approvers: frozenset[Approver], matter: Matter, on: date) -> Sequence[str]:
        """The offices at which these approvers are, by their ids."""
        return sorted({office for one in approvers for office in self._offices(one, matter.office_id, on)})

    def _offices(self, approver: Approver, office_id: str, on: date) -> Sequence[str]:
        national = [one.id for one in self.sight.directory.offices(role=Role.SUPERVISOR, on=on) if one.province is None]
        match approver:
            case Approver.ADMIN:
                return [one.id for one in self.sight.directory.offices(role=Role.ADMIN, on=on)]
            case Approver.NATIONAL_SUPERVISOR:
                return national
            case Approver.SUPERVISOR:
                return [*self.sight.supervisors(office_id, on), *national]

    def everywhere(self, caller: Caller, on: date) -> frozenset[str]:
        """The methods that somebody has a say in whatever office it concerns."""
        is_one = {one for one in Approver if one is not Approver.SUPERVISOR and self._is(one, caller, "", on)}
        return frozenset(name for name, two in self.methods.items() if two.by & is_one)

    def in_scope(self, caller: Caller) -> frozenset[str]:
        """The methods that somebody approves for the offices in the own scope."""
        if caller.role is not Role.SUPERVISOR:
            return frozenset()
        return frozenset(name for name, two in self.methods.items() if Approver.SUPERVISOR in two.by)


# Asking.


async def known(uow: UnitOfWork, asked: Asked) -> Approval | None:
    """What was asked for before under this request id; raises RequestIdReused when that was something else."""
    found = await approvals.of_request(uow.connection, *asked.key)
    if found is not None and (found.matter.method, found.digest) != (asked.method, asked.digest):
        raise RequestIdReused(request_id=str(asked.request_id))
    return found


async def ask(uow: UnitOfWork, approving: Approving, asked: Asked, matter: Matter, request: bytes) -> Approval:
    """Let a request wait for those who approve it. The same request once more is the same one.

    Raises AskedForAlready, TooManyWait, RequestIdReused.
    """
    assert len(request) <= REQUEST_BYTES_MAX, "each field of such a request has its limit"
    today = local_date(uow.now)
    due = Moment(uow.now, approving.calendar).due(RULE, today)
    approval = Approval(
        id=uow.new_id(),
        request_id=asked.request_id,
        matter=matter,
        request=request,
        digest=asked.digest,
        asked_by=asked.caller,
        peer=asked.origin.peer,
        correlation_id=asked.origin.correlation_id,
        asked_at=uow.now,
        expires_on=due.due_on,
        expires_at=due.due_at,
    )
    if not await approvals.add(uow.connection, approval):
        earlier = await known(uow, asked)
        assert earlier is not None, "the request id is taken"
        return earlier
    if not await approvals.wait(uow.connection, approval):
        waiting_id = await approvals.waiting_for(uow.connection, matter.method, matter.object)
        raise AskedForAlready(approval_id=str(waiting_id))
    if await approvals.count_waiting(uow.connection, asked.caller.office_id) > WAITING_MAX:
        raise TooManyWait(limit=str(WAITING_MAX))
    uow.append(events.approval_asked(approval, approving.offices(approval, today)), OFFICE_SUBJECT)
    return approval


# Deciding.


async def to_decide(uow: UnitOfWork, approving: Approving, caller: Caller, approval_id: UUID) -> Approval:
    """The request that the caller is about to decide, locked: nobody else decides or approves it meanwhile.

    Raises ApprovalNotFound, SamePerson, ApprovalNotYours, and what `require_waiting` raises. That the caller's office
    is one of the directory was seen when the caller was let in.
    """
    approval = await _visible(uow, approving, caller, approval_id)
    kinds = approving.kinds(caller, approval.matter, local_date(uow.now))
    require_second(approval, caller, may_approve=bool(kinds))
    return await _locked(uow, approval)


async def _locked(uow: UnitOfWork, approval: Approval) -> Approval:
    """The request as it stands once nobody else can change that any more; raises what `require_waiting` raises."""
    require_waiting(approval, uow.now)
    waits = await approvals.lock_waiting(uow.connection, approval.id)
    # Somebody may have decided or approved at the same instant: it reads now as that one left it.
    now = await approvals.find(uow.connection, approval.id)
    assert now is not None
    require_waiting(now, uow.now)
    assert waits, "what nobody decided waits"
    return now


async def approve(uow: UnitOfWork, approving: Approving, caller: Caller, approval: Approval) -> Approval:
    """Add the approval of somebody to a request that is locked, and tell it where others have to approve as well.

    Returns it as it stands then. Raises ApprovedByYou, ApprovedAlready, ApproverIsGone.
    """
    matter, today = approval.matter, local_date(uow.now)
    kinds, offices = approving.kinds(caller, matter, today), ", ".join(approving.offices(approval, today))
    given = Given(approves_as(approval, caller, kinds, approving.needed(matter), offices), caller, uow.now)
    await _require_approvers(uow, approving, approval)
    approved = replace(approval, given=(*approval.given, given))
    await approvals.give(uow.connection, approved)
    if approving.awaited(approved):
        asked_no_more = set(approving.offices(approval, today)) - set(approving.offices(approved, today))
        uow.append(events.approval_partly_given(approved, given, sorted(asked_no_more)), OFFICE_SUBJECT)
    return approved


async def require_asker(uow: UnitOfWork, approving: Approving, approval: Approval) -> None:
    """Raise AskerIsGone unless whoever asked would be let in today."""
    if not await _is_there(uow, approving, approval.asked_by, approval.asked_at):
        raise AskerIsGone


async def _require_approvers(uow: UnitOfWork, approving: Approving, approval: Approval) -> None:
    """Raise ApproverIsGone unless all who approved before would be let in today."""
    for one in approval.given:
        if not await _is_there(uow, approving, one.by, one.at):
            raise ApproverIsGone


async def _is_there(uow: UnitOfWork, approving: Approving, caller: Caller, at: datetime) -> bool:
    """Whether somebody of then would be let in today: the office in the role of then, and the sign-in, which no
    administrator has ended since."""
    try:
        admit(approving.sight.directory, caller, local_date(uow.now))
    except HomewardError:
        return False
    return not await sessions.is_revoked(uow.connection, caller, at)


def decided(uow: UnitOfWork, caller: Caller | None, state: ApprovalState, refusal: Refusal | None = None) -> Decision:
    """What becomes of a request now; by nobody when it expired."""
    by, subject = (caller.office_id, caller.subject) if caller is not None else ("", "")
    return Decision(state, uow.now, by, subject, refusal)


async def settle(uow: UnitOfWork, approval: Approval, decision: Decision) -> Approval:
    """Write the decision of a request that is locked, and tell it: it waits no more."""
    await approvals.stop_waiting(uow.connection, approval.id)
    await approvals.decide(uow.connection, approval.id, decision)
    uow.append(events.approval_decided(approval, decision), OFFICE_SUBJECT)
    settled = await approvals.find(uow.connection, approval.id)
    assert settled is not None
    return settled


async def refuse(uow: UnitOfWork, approving: Approving, caller: Caller, approval_id: UUID, why: Refusal) -> Approval:
    """It never takes effect; raises what `to_decide` raises."""
    approval = await to_decide(uow, approving, caller, approval_id)
    return await settle(uow, approval, decided(uow, caller, ApprovalState.REFUSED, why))


async def withdraw(uow: UnitOfWork, approving: Approving, caller: Caller, approval_id: UUID) -> Approval:
    """The office that asked takes it back; raises ApprovalNotFound, ApprovalNotYours, what `require_waiting` raises."""
    approval = await _visible(uow, approving, caller, approval_id)
    if not _asked_by(approving, approval, caller, local_date(uow.now)):
        raise ApprovalNotYours
    await _locked(uow, approval)
    return await settle(uow, approval, decided(uow, caller, ApprovalState.WITHDRAWN))


async def expire(uow: UnitOfWork, limit: int) -> int:
    """Let those expire that nobody decided in time, and tell who asked. Returns how many."""
    over = await approvals.expired(uow.connection, uow.now, limit)
    for approval_id in over:
        if await approvals.lock_waiting(uow.connection, approval_id):
            approval = await approvals.find(uow.connection, approval_id)
            assert approval is not None
            await settle(uow, approval, decided(uow, None, ApprovalState.EXPIRED))
    return len(over)


# Reading.


async def get(uow: UnitOfWork, approving: Approving, caller: Caller, approval_id: UUID) -> Shown:
    """One request; raises ApprovalNotFound, also when the caller has nothing to do with it."""
    return shown(uow, approving, caller, await _visible(uow, approving, caller, approval_id))


async def list_approvals(
    uow: UnitOfWork, approving: Approving, caller: Caller, page: Page, *, decided_too: bool
) -> Sequence[Shown]:
    """What the caller's office asked for, and what the caller may decide; the auditor sees all."""
    today, sight = local_date(uow.now), approving.sight
    rows = await approvals.list_approvals(
        uow.connection,
        page,
        own=None if caller.role in _READ_ALL else sight.represented_by(caller.office_id, today),
        methods=approving.in_scope(caller),
        overseen=sight.seen_by(caller, today) if caller.role is Role.SUPERVISOR else (),
        everywhere=approving.everywhere(caller, today),
        decided=decided_too,
    )
    return [shown(uow, approving, caller, row) for row in rows]


def shown(uow: UnitOfWork, approving: Approving, caller: Caller, approval: Approval) -> Shown:
    """A request as this caller sees it now."""
    today, state = local_date(uow.now), approval.state_at(uow.now)
    waits, mine = state is ApprovalState.WAITING, is_same_account(caller.subject, approval.asked_by.subject)
    awaited = approving.awaited(approval) if waits else frozenset()
    kinds = frozenset() if mine else approving.kinds(caller, approval.matter, today)
    return Shown(
        approval=approval,
        state=state,
        approving_office_ids=approving.offices_of(awaited, approval.matter, today),
        approvers=approving.needed(approval.matter),
        awaited=awaited,
        for_caller=bool(kinds & awaited) and not approval.has_approved(caller.subject),
        refusable=waits and bool(kinds),
        from_caller=waits and _asked_by(approving, approval, caller, today),
    )


def _asked_by(approving: Approving, approval: Approval, caller: Caller, on: date) -> bool:
    return approving.sight.acts_for(caller.office_id, approval.asked_by.office_id, on)


async def _visible(uow: UnitOfWork, approving: Approving, caller: Caller, approval_id: UUID) -> Approval:
    approval, today = await approvals.find(uow.connection, approval_id), local_date(uow.now)
    if approval is None or not (
        caller.role in _READ_ALL
        or _asked_by(approving, approval, caller, today)
        or approving.kinds(caller, approval.matter, today)
    ):
        raise ApprovalNotFound
    return approval
