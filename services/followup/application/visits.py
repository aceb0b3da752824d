"""Visits are recorded and listed."""

from __future__ import annotations

from dataclasses import replace

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.roles import Caller
from services.followup.application.case import Ports, carry_out, kept_case
from services.followup.application.confidence import Confidence
from services.followup.application.oversight import Whose, seen
from services.followup.domain import consents
from services.followup.domain import visits as domain
from services.followup.domain.care import require_wishes_read
from services.followup.domain.entry import Outcome
from services.followup.domain.recording import Done
from services.followup.domain.visits import (
    FollowUpsCounted,
    FollowUpsWanted,
    ListedFollowUp,
    ListedOverdue,
    OverdueCounted,
    OverdueWanted,
    Visit,
)
from services.followup.domain.watching import Decision
from services.followup.storage import visits as storage
from services.followup.storage.visits import PageKey


async def record_follow_up(
    uow: UnitOfWork,
    ports: Ports,
    vault: Confidence,
    caller: Caller,
    reference: CaseRef,
    visit: Visit,
    wishes_read: int = 0,
) -> tuple[ListedFollowUp, Done]:
    """Record a visit or an attempt. Raises CaseNotFound, WishesNotRead and what `domain.record` raises."""
    case = await kept_case(uow, ports, caller, reference)
    require_wishes_read(await vault.wishes_version(uow, case.case_id), wishes_read)
    signs = await vault.seal_signs(uow, case.case_id, case.next_number, visit.warning_signs)
    visit = replace(visit, warning_signs=signs)
    done, one = domain.record(case, visit, by=caller.office_id, now=uow.now, calendar=ports.calendar)
    after = await carry_out(uow, case, done.decision)
    if visit.outcome is Outcome.DECLINED:
        await carry_out(uow, after, Decision(after, (consents.declined(done.entry),)))
    return await storage.read_follow_up(uow.connection, one.id, local_date(uow.now)), done


async def list_follow_ups(
    uow: UnitOfWork, ports: Ports, caller: Caller, wanted: FollowUpsWanted, *, after: PageKey | None, limit: int
) -> list[ListedFollowUp]:
    """Follow-ups that the caller may see, earliest due date first."""
    today, offices = local_date(uow.now), seen(uow, ports, caller, Whose(wanted.province, wanted.office_id))
    return await storage.list_follow_ups(uow.connection, wanted, offices=offices, today=today, after=after, limit=limit)


async def count_follow_ups(
    uow: UnitOfWork, ports: Ports, caller: Caller, wanted: FollowUpsWanted
) -> list[tuple[str, FollowUpsCounted]]:
    """What `list_follow_ups` lists, with the province of each office; empty: not known."""
    today, offices = local_date(uow.now), seen(uow, ports, caller, Whose(wanted.province, wanted.office_id))
    rows = await storage.count_follow_ups(uow.connection, wanted, offices=offices, today=today)
    return [(ports.sight.counted_province(row.office_id, today), row) for row in rows]


async def list_overdue(
    uow: UnitOfWork, ports: Ports, caller: Caller, wanted: OverdueWanted, *, after: PageKey | None, limit: int
) -> list[ListedOverdue]:
    """Late and overdue follow-ups and passed closing decisions that the caller may see, longest overdue first."""
    today, offices = local_date(uow.now), seen(uow, ports, caller, Whose(wanted.province, wanted.office_id))
    return await storage.list_overdue(uow.connection, wanted, offices=offices, today=today, after=after, limit=limit)


async def count_overdue(
    uow: UnitOfWork, ports: Ports, caller: Caller, wanted: OverdueWanted
) -> list[tuple[str, OverdueCounted]]:
    """What `list_overdue` lists, with the province of each office; empty: not known."""
    today, offices = local_date(uow.now), seen(uow, ports, caller, Whose(wanted.province, wanted.office_id))
    rows = await storage.count_overdue(uow.connection, wanted, offices=offices, today=today)
    return [(ports.sight.counted_province(row.office_id, today), row) for row in rows]
