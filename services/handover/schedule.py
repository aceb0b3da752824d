"""The look at the deadlines that handover watches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from services.chassis.obligations import fire_due
from services.chassis.process import Tick
from services.chassis.units import UnitOfWork, Units
from services.handover import storage
from services.handover.application import Handover

DEADLINES: Final = "handover.deadlines"
"""Name of the watcher; the audit view looks for it."""


def deadlines_tick(units: Units, handover: Handover) -> Tick:
    """Fires what is due. A deadline that follows on one long past fires in the next look."""

    async def look() -> int:
        return await fire_due(units, DEADLINES, _lock, handover.deadline_passed)

    return Tick(DEADLINES, look)


async def _lock(uow: UnitOfWork, cases: Sequence[UUID]) -> set[UUID]:
    return await storage.lock_cases(uow.connection, cases)
