"""The ticks of followup: one look at the deadlines of all cases, and one at drafts that nobody came back to."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.chassis.events.units import UnitOfWork, Units
from services.chassis.service.obligations import ArmedObligation, fire_due
from services.chassis.service.process import Tick
from services.chassis.telemetry.metrics import Metrics
from services.followup.application import deadlines as application
from services.followup.application import home_safety
from services.followup.application.case import Ports
from services.followup.application.confidence import Confidence
from services.followup.storage.case import known_cases, lock_cases
from services.followup.storage.home_safety import lock_free

WATCHER = "followup.deadlines"
"""Its name in the table of watchers; the audit view asks for it."""
SWEEPER = "followup.drafts"
SEALER = "followup.signs"


def deadlines(units: Units, ports: Ports, metrics: Metrics) -> Tick:
    """Fires what is due: due and overdue follow-ups, escalations, the lost mark, the closing decision."""

    async def fire(uow: UnitOfWork, obligation: ArmedObligation, late: bool) -> None:
        if obligation.rule in home_safety.RULES:
            await home_safety.limit_passed(uow, ports, obligation, late=late)
        else:
            await application.fire(uow, ports, obligation, late)
        metrics.obligation_fired(obligation.rule, late=late)

    async def look() -> int:
        return await fire_due(units, WATCHER, _lock, fire)

    return Tick(WATCHER, look)


def drafts(units: Units, vault: Confidence) -> Tick:
    """Destroys drafts of visits that nobody came back to: nothing said in confidence lies about."""

    async def look() -> int:
        return await units.run(vault.drop_old_drafts)

    return Tick(SWEEPER, look)


def signs(units: Units, vault: Confidence) -> Tick:
    """Seals the warning signs that an earlier version of the program left open: no migration may hold the key."""

    async def look() -> int:
        return await units.run(vault.seal_signs_of_before)

    return Tick(SEALER, look)


async def _lock(uow: UnitOfWork, case_ids: Sequence[UUID]) -> set[UUID]:
    """Those that nobody else holds. The checks of homes of whoever is followed up lie under the lock of her case."""
    followed, known = await lock_cases(uow, case_ids), await known_cases(uow.connection, case_ids)
    return followed | await lock_free(uow, [one for one in case_ids if one not in known])
