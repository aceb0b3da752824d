"""Custody, as handover tells it."""

from __future__ import annotations

from services.chassis.events.units import UnitOfWork
from services.followup.application.case import Ports, carry_out
from services.followup.domain import custody as domain
from services.followup.domain.case import Kind
from services.followup.domain.custody import CustodyChange
from services.followup.storage import case as storage


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
        await carry_out(uow, before, decision)
