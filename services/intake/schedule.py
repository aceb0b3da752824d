"""The look at decisions that are awaited."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.service.obligations import ArmedObligation, fire_due
from services.chassis.service.process import Tick
from services.chassis.telemetry.metrics import Metrics
from services.intake.application.undecided import limit_passed
from services.intake.storage import cases

UNDECIDED: Final = "intake.undecided"
"""Name of the watcher."""


def undecided_tick(units: Units, calendar: WorkingCalendar, metrics: Metrics) -> Tick:
    """Fires what is due."""

    async def fire(uow: UnitOfWork, fired: ArmedObligation, late: bool) -> None:
        await limit_passed(uow, calendar, fired, late=late)
        metrics.obligation_fired(fired.rule, late=late)

    async def look() -> int:
        return await fire_due(units, UNDECIDED, _lock, fire)

    return Tick(UNDECIDED, look)


async def _lock(uow: UnitOfWork, case_ids: Sequence[UUID]) -> set[UUID]:
    return await cases.lock_free(uow.connection, case_ids)
