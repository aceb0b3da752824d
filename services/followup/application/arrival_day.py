"""The day of an arrival, as handover corrects it."""

from __future__ import annotations

import uuid

from services.chassis.events.units import UnitOfWork
from services.followup.application.case import Ports, carry_out
from services.followup.domain.arrival_day import CorrectedDay, correct_day
from services.followup.storage.case import lock_case


async def arrival_corrected(uow: UnitOfWork, ports: Ports, case_id: uuid.UUID, told: CorrectedDay) -> None:
    """Count anew what counts from it. A case that is not known here has nobody to be visited."""
    case = await lock_case(uow.connection, case_id)
    if case is not None:
        await carry_out(uow, case, correct_day(case, told, uow.now, ports.calendar))
