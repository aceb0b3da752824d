"""Visits are recorded and listed."""

from __future__ import annotations

from datetime import date

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.roles import Caller
from services.followup.application.case import Ports, carry_out, kept_case
from services.followup.domain import visits as domain
from services.followup.domain.recording import Done
from services.followup.domain.visits import ListedFollowUp, ListedOverdue, Visit
from services.followup.storage import visits as storage
from services.followup.storage.visits import PageKey


async def record_follow_up(
    uow: UnitOfWork, ports: Ports, caller: Caller, reference: CaseRef, visit: Visit
) -> tuple[ListedFollowUp, Done]:
    """Record a visit or an attempt. Raises CaseNotFound and what `domain.record` raises."""
    case = await kept_case(uow, ports, caller, reference)
    done, one = domain.record(case, visit, by=caller.office_id, now=uow.now, calendar=ports.calendar)
    await carry_out(uow, case, done.decision)
    return await storage.read_follow_up(uow.connection, one.id, local_date(uow.now)), done


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
        offices=ports.sight.seen_by(caller, today),
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
        offices=ports.sight.seen_by(caller, today),
        today=today,
        after=after,
        limit=limit,
    )
