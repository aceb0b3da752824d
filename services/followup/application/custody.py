"""Custody, as handover tells it."""

from __future__ import annotations

import uuid
from dataclasses import replace

from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.words import CustodyCause
from services.followup.application.case import Ports, carry_out
from services.followup.domain import custody as domain
from services.followup.domain.case import Kind
from services.followup.domain.custody import CustodyChange
from services.followup.storage.case import lock_case
from services.followup.storage.closing import was_decided_here


async def take_custody(uow: UnitOfWork, ports: Ports, change: CustodyChange) -> None:
    """Follow a change of accountability, in the transaction that takes in its event."""
    before = await lock_case(uow.connection, change.case_id)
    decision = domain.take_custody(
        before,
        replace(change, answers=await _answered(uow, change)),
        new_ids={kind: uow.new_id() for kind in Kind},
        now=uow.now,
        calendar=ports.calendar,
    )
    if decision is not None:
        await carry_out(uow, before, decision)


async def _answered(uow: UnitOfWork, change: CustodyChange) -> uuid.UUID | None:
    """The closing or re-opening decided here that made handover tell this."""
    cause_id = uow.cause.causation_id
    if cause_id is None or change.cause not in (CustodyCause.CLOSED, CustodyCause.REOPENED):
        return None
    return cause_id if await was_decided_here(uow.connection, cause_id, change.case_id) else None
