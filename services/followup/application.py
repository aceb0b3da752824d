"""What followup does: one function per command, event and list.

Each loads a case under its lock, asks the domain, and writes case, deadlines and events in the one transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from homeward.events.v1 import followup_pb2 as said
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.case_ref import CaseRef
from services.chassis.country.directory import Directory
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import DueDate
from services.chassis.kernel.errors import CaseNotFound
from services.chassis.kernel.places import NATIONAL
from services.chassis.kernel.roles import OWN, Caller, Role
from services.chassis.service import obligations
from services.chassis.service.obligations import ArmedObligation
from services.followup import domain, storage
from services.followup.domain import CustodyChange, Decision, FollowUpCase, Kind, Visit, Watch
from services.followup.storage import ListedFollowUp, ListedOverdue, PageKey


@dataclass(frozen=True)
class Ports:
    """What decisions lean on besides the database."""

    directory: Directory
    calendar: WorkingCalendar


# Events ---------------------------------------------------------------------------------------


async def take_custody(uow: UnitOfWork, ports: Ports, change: CustodyChange) -> None:
    """Follow a change of accountability, in the transaction that takes in its event."""
    before = await storage.lock_case(uow.connection, change.case_id)
    decision = domain.take_custody(
        before,
        change,
        new_ids={kind: uow.new_id() for kind in Kind},
        now=uow.now,
        calendar=ports.calendar,
    )
    if decision is not None:
        await _carry_out(uow, before, decision)


# Commands -------------------------------------------------------------------------------------


async def record_follow_up(
    uow: UnitOfWork, ports: Ports, caller: Caller, reference: CaseRef, visit: Visit
) -> ListedFollowUp:
    """Record a visit or an attempt. Raises CaseNotFound and what `domain.record` raises."""
    case = await _own_case(uow, ports, caller, reference)
    decision, one = domain.record(case, visit, by=caller.office_id, now=uow.now, calendar=ports.calendar)
    await _carry_out(uow, case, decision)
    return await storage.read_follow_up(uow.connection, one.id, local_date(uow.now))


async def record_contact(
    uow: UnitOfWork,
    ports: Ports,
    caller: Caller,
    reference: CaseRef,
    outcome: domain.ContactOutcome,
    contacted_on: date | None,
) -> FollowUpCase:
    """Record an attempt to reach the person at home. Raises CaseNotFound and what `domain.record_contact` raises."""
    case = await _own_case(uow, ports, caller, reference)
    decision = domain.record_contact(case, outcome, contacted_on, now=uow.now, calendar=ports.calendar)
    await _carry_out(uow, case, decision)
    return decision.case


async def close_case(
    uow: UnitOfWork, ports: Ports, caller: Caller, reference: CaseRef, reason: domain.CloseReason
) -> FollowUpCase:
    """Close a case. Raises CaseNotFound and what `domain.close` raises."""
    case = await _own_case(uow, ports, caller, reference)
    decision = domain.close(case, reason, now=uow.now, calendar=ports.calendar)
    await _carry_out(uow, case, decision)
    return decision.case


async def reopen_case(uow: UnitOfWork, ports: Ports, caller: Caller, reference: CaseRef) -> FollowUpCase:
    """Open a closed case again. Raises CaseNotFound and what `domain.reopen` raises."""
    case = await _own_case(uow, ports, caller, reference)
    decision = domain.reopen(case, now=uow.now, calendar=ports.calendar)
    await _carry_out(uow, case, decision)
    return decision.case


async def _own_case(uow: UnitOfWork, ports: Ports, caller: Caller, reference: CaseRef) -> FollowUpCase:
    """The case, locked, when the caller's office answers for it today; otherwise there is no such case."""
    case = await storage.lock_case(uow.connection, reference)
    if case is None or _duty_holder(ports, case.office_id, local_date(uow.now)) != caller.office_id:
        raise CaseNotFound
    return case


def _duty_holder(ports: Ports, office_id: str, today: date) -> str:
    """The office that answers today for what this one was given."""
    return ports.directory.holder(office_id, today)


# Deadlines ------------------------------------------------------------------------------------


async def fire(uow: UnitOfWork, ports: Ports, obligation: ArmedObligation, late: bool) -> None:
    """A deadline has come; its case is locked."""
    case = await storage.lock_case(uow.connection, obligation.case_id)
    assert case is not None
    decision = domain.fire(
        case,
        obligation.rule,
        obligation.reference_id,
        late=late,
        now=uow.now,
        calendar=ports.calendar,
    )
    await _carry_out(uow, case, decision)


# Lists ----------------------------------------------------------------------------------------


async def list_follow_ups(
    uow: UnitOfWork,
    ports: Ports,
    caller: Caller,
    *,
    case: CaseRef | None,
    due_until: date | None,
    include_done: bool,
    after: PageKey | None,
    limit: int,
) -> list[ListedFollowUp]:
    """Follow-ups that the caller may see, earliest due date first."""
    today = local_date(uow.now)
    return await storage.list_follow_ups(
        uow.connection,
        offices=offices_seen_by(ports, caller, today),
        case=case,
        due_until=due_until,
        include_done=include_done,
        today=today,
        after=after,
        limit=limit,
    )


async def list_overdue(
    uow: UnitOfWork, ports: Ports, caller: Caller, *, after: PageKey | None, limit: int
) -> list[ListedOverdue]:
    """Late and overdue follow-ups and passed closing decisions that the caller may see, longest overdue first."""
    today = local_date(uow.now)
    return await storage.list_overdue(
        uow.connection,
        offices=offices_seen_by(ports, caller, today),
        today=today,
        after=after,
        limit=limit,
    )


def offices_seen_by(ports: Ports, caller: Caller, today: date) -> Sequence[str] | None:
    """The offices whose cases a caller sees in lists; None means all.

    An office sees its own and those of ended offices whose duty it holds; a supervisor its scope.
    """
    if caller.scope == NATIONAL and caller.role is Role.SUPERVISOR:
        return None
    if caller.scope != OWN and caller.role is Role.SUPERVISOR:
        return [office.id for office in ports.directory.offices() if ports.directory.in_scope(office, caller.scope)]
    return [
        office.id
        for office in ports.directory.offices(role=caller.role)
        if _duty_holder(ports, office.id, today) == caller.office_id
    ]


def primary_deadline(ports: Ports, case: FollowUpCase) -> DueDate | None:
    """The one watched deadline of a case; None when it isn't followed up."""
    for watch in domain.watches(case, ports.calendar):
        if watch.is_primary:
            return watch.due
    return None


# Carrying out a decision ----------------------------------------------------------------------


async def _carry_out(uow: UnitOfWork, before: FollowUpCase | None, decision: Decision) -> None:
    case = decision.case
    await storage.save(uow.connection, before, case, uow.now)
    for watch in decision.disarm:
        await obligations.disarm(
            uow.connection,
            case.case_id,
            rules=[watch.due.rule_code],
            reference_id=watch.follow_up_id,
        )
    await obligations.arm(uow.connection, [_obligation(uow, case.case_id, watch) for watch in decision.arm])
    for event in decision.events:
        uow.append(_message(case, event), case.case_id)


def _obligation(uow: UnitOfWork, case_id: uuid.UUID, watch: Watch) -> ArmedObligation:
    return obligations.obligation_of(
        uow,
        case_id,
        watch.due,
        is_primary=watch.is_primary,
        reference_id=watch.follow_up_id,
        level=watch.level,
        fire_at=watch.fire_at,
    )


def _kind(kind: Kind) -> types.FollowUpKind.ValueType:
    return types.FollowUpKind.Value(f"FOLLOW_UP_KIND_{kind.value}")


SaidMessage = (
    said.FollowUpsScheduled
    | said.FollowUpsCancelled
    | said.FollowUpDue
    | said.FollowUpOverdue
    | said.FollowUpEscalated
    | said.LostToFollowUp
    | said.ContactRecorded
    | said.FollowUpRecorded
    | said.CaseClosed
    | said.CaseReopened
)


def _message(case: FollowUpCase, event: domain.Event) -> SaidMessage:
    case_id, office_id = str(case.case_id), case.office_id
    match event:
        case domain.Scheduled(segment, follow_ups):
            return said.FollowUpsScheduled(
                case_id=case_id,
                office_id=office_id,
                segment=segment,
                follow_ups=[
                    said.ScheduledFollowUp(
                        follow_up_id=str(one.id),
                        kind=_kind(one.kind),
                        due_on=one.due_on.isoformat(),
                    )
                    for one in follow_ups
                ],
            )
        case domain.Cancelled(cancelled_at):
            return said.FollowUpsCancelled(case_id=case_id, office_id=cancelled_at)
        case domain.Due(one, late):
            return said.FollowUpDue(
                case_id=case_id,
                follow_up_id=str(one.id),
                kind=_kind(one.kind),
                office_id=office_id,
                due_on=one.due_on.isoformat(),
                late=late,
            )
        case domain.Overdue(one, late):
            return said.FollowUpOverdue(
                case_id=case_id,
                follow_up_id=str(one.id),
                kind=_kind(one.kind),
                office_id=office_id,
                due_on=one.due_on.isoformat(),
                late=late,
            )
        case domain.Escalated(follow_up_id, rule, level, late):
            return said.FollowUpEscalated(
                case_id=case_id,
                follow_up_id=str(follow_up_id) if follow_up_id else "",
                office_id=office_id,
                rule=rule,
                level=level,
                late=late,
            )
        case domain.Lost(one, late, not_reached):
            return said.LostToFollowUp(
                case_id=case_id,
                follow_up_id=str(one.id),
                office_id=office_id,
                late=late,
                not_reached=not_reached,
            )
        case domain.ContactMade(contact):
            return said.ContactRecorded(
                case_id=case_id,
                office_id=office_id,
                outcome=types.ContactOutcome.Value(f"CONTACT_OUTCOME_{contact.outcome.value}"),
                contacted_on=contact.on.isoformat(),
            )
        case domain.Recorded(one, late):
            assert one.visited_on is not None
            return said.FollowUpRecorded(
                case_id=case_id,
                follow_up_id=str(one.id),
                kind=_kind(one.kind),
                office_id=office_id,
                visited_on=one.visited_on.isoformat(),
                late=late,
            )
        case domain.Closed(reason):
            return said.CaseClosed(
                case_id=case_id,
                office_id=office_id,
                reason=types.CloseReason.Value(f"CLOSE_REASON_{reason.value}"),
            )
        case domain.Reopened():
            return said.CaseReopened(case_id=case_id, office_id=office_id)
