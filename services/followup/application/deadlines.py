"""Deadlines come, and the one that is watched is told."""

from __future__ import annotations

from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.deadlines import DueDate
from services.chassis.service.obligations import ArmedObligation
from services.followup.application.case import Ports, carry_out
from services.followup.domain import deadlines as domain
from services.followup.domain.case import FollowUpCase
from services.followup.domain.watching import watches
from services.followup.storage import case as storage


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
    await carry_out(uow, case, decision)


def primary_deadline(ports: Ports, case: FollowUpCase) -> DueDate | None:
    """The one watched deadline of a case; None when it isn't followed up."""
    for watch in watches(case, ports.calendar):
        if watch.is_primary:
            return watch.due
    return None
