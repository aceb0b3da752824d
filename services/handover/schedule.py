"""The look at the deadlines that handover watches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.clock import local_date
from services.chassis.service.obligations import fire_due
from services.chassis.service.process import Tick
from services.handover import storage
from services.handover.administration import Administration
from services.handover.application import Handover

DEADLINES: Final = "handover.deadlines"
"""Name of the watcher; the audit view looks for it."""

OFFICES: Final = "handover.offices_over"


def deadlines_tick(units: Units, handover: Handover) -> Tick:
    """Fires what is due. A deadline that follows on one long past fires in the next look."""

    async def look() -> int:
        return await fire_due(units, DEADLINES, _lock, handover.deadline_passed)

    return Tick(DEADLINES, look)


def offices_tick(units: Units, administration: Administration) -> Tick:
    """Ends what is over by the directory, as the validity of an office says: once a day, and at a start."""
    looked_on: date | None = None

    async def look() -> int:
        nonlocal looked_on
        today = local_date(units.clock.now())
        if looked_on == today:
            return 0
        ended = await units.run(administration.end_what_is_over)
        if ended:
            await administration.show_changes()
        looked_on = today
        return ended

    return Tick(OFFICES, look)


async def _lock(uow: UnitOfWork, cases: Sequence[UUID]) -> set[UUID]:
    return await storage.lock_cases(uow.connection, cases)
