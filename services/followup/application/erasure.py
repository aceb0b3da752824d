"""A case is erased: what was told in confidence is destroyed, and what waits for it ends."""

from __future__ import annotations

from uuid import UUID

from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.calendar import WorkingCalendar
from services.followup.application.case import carry_out
from services.followup.application.confidence import Confidence
from services.followup.domain import care
from services.followup.storage import case as storage


async def erase(uow: UnitOfWork, vault: Confidence, calendar: WorkingCalendar, case_id: UUID) -> None:
    """Destroy the key of a case. Entries, dates and codes stay, and so do deadlines.

    A judgement of immediate danger that waits for a second person ends: what was done cannot be written down any more.
    """
    case = await storage.lock_case(uow.connection, case_id)
    await vault.destroy(uow, case_id)
    if case is not None and (ended := care.erase_safety(case, calendar)) is not None:
        await carry_out(uow, case, ended)
