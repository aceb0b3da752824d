"""The ticks of followup: one look at the deadlines of all cases, and one at drafts that nobody came back to."""

from __future__ import annotations

from services.chassis.events.units import UnitOfWork, Units
from services.chassis.service.obligations import ArmedObligation, fire_due
from services.chassis.service.process import Tick
from services.chassis.telemetry.metrics import Metrics
from services.followup.application import deadlines as application
from services.followup.application.case import Ports
from services.followup.application.confidence import Confidence
from services.followup.storage.case import lock_cases

WATCHER = "followup.deadlines"
"""Its name in the table of watchers; the audit view asks for it."""
SWEEPER = "followup.drafts"


def deadlines(units: Units, ports: Ports, metrics: Metrics) -> Tick:
    """Fires what is due: due and overdue follow-ups, escalations, the lost mark, the closing decision."""

    async def fire(uow: UnitOfWork, obligation: ArmedObligation, late: bool) -> None:
        await application.fire(uow, ports, obligation, late)
        metrics.obligation_fired(obligation.rule, late=late)

    async def look() -> int:
        return await fire_due(units, WATCHER, lock_cases, fire)

    return Tick(WATCHER, look)


def drafts(units: Units, vault: Confidence) -> Tick:
    """Destroys drafts of visits that nobody came back to: nothing said in confidence lies about."""

    async def look() -> int:
        return await units.run(vault.drop_old_drafts)

    return Tick(SWEEPER, look)
