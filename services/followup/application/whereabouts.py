"""The search for a person, as handover tells of it."""

from __future__ import annotations

import uuid

from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.followup.application.case import Ports, carry_out
from services.followup.domain import whereabouts as domain
from services.followup.storage.case import lock_case
from services.followup.storage.entries import was_said_here


async def searched_for(uow: UnitOfWork, ports: Ports, case_id: uuid.UUID, reason: str) -> None:
    """She is searched for. A case that is not known here has nobody to be visited."""
    case = await lock_case(uow.connection, case_id)
    if case is not None:
        decision = domain.searched_for(case, reason, local_date(uow.cause.time), ports.calendar)
        await carry_out(uow, case, decision)


async def search_ended(uow: UnitOfWork, ports: Ports, case_id: uuid.UUID) -> None:
    """The search ended: by what was recorded here, or by whoever searched."""
    case = await lock_case(uow.connection, case_id)
    if case is None:
        return
    cause_id = uow.cause.causation_id
    by_entry = cause_id is not None and await was_said_here(uow.connection, cause_id, case_id)
    decision = domain.search_ended(case, by_entry=by_entry, now=uow.now, calendar=ports.calendar)
    await carry_out(uow, case, decision)
