"""Cases are closed and opened again."""

from __future__ import annotations

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.roles import Caller
from services.chassis.kernel.words import CloseReason
from services.followup.application.case import Ports, carry_out, own_case
from services.followup.domain import closing as domain
from services.followup.domain.case import FollowUpCase


async def close_case(
    uow: UnitOfWork, ports: Ports, caller: Caller, reference: CaseRef, reason: CloseReason
) -> FollowUpCase:
    """Close a case. Raises CaseNotFound and what `domain.close` raises."""
    case = await own_case(uow, ports, caller, reference)
    decision = domain.close(case, reason, now=uow.now, calendar=ports.calendar)
    return await carry_out(uow, case, decision)


async def reopen_case(uow: UnitOfWork, ports: Ports, caller: Caller, reference: CaseRef) -> FollowUpCase:
    """Open a closed case again. Raises CaseNotFound and what `domain.reopen` raises."""
    case = await own_case(uow, ports, caller, reference)
    decision = domain.reopen(case, now=uow.now, calendar=ports.calendar)
    return await carry_out(uow, case, decision)
