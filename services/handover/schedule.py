"""The look at the deadlines that handover watches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Final
from uuid import UUID

from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.clock import local_date
from services.chassis.service.obligations import ArmedObligation, fire_due
from services.chassis.service.process import Tick
from services.chassis.telemetry.metrics import Metrics
from services.handover.application import approvals, directory, open_cases
from services.handover.application.deadlines import deadline_passed
from services.handover.application.desk import Ports
from services.handover.application.transfers import give_back_unaddressed
from services.handover.storage import cases

DEADLINES: Final = "handover.deadlines"
"""Name of the watcher; the audit view looks for it."""

OFFICES: Final = "handover.offices_over"
APPROVALS: Final = "handover.approvals_over"
ADDRESSEES: Final = "handover.addressees_over"
COUNT: Final = "handover.count_of_the_day"
CHANGES: Final = "handover.changes_counted"
GIVEN_BACK_MAX: Final = 100
"""So many cases go back to their senders in one transaction."""
EXPIRED_MAX: Final = 100
"""So many requests expire in one transaction."""


def deadlines_tick(units: Units, ports: Ports, metrics: Metrics) -> Tick:
    """Fires what is due. A deadline that follows on one long past fires in the next look."""

    async def fire(uow: UnitOfWork, fired: ArmedObligation, late: bool) -> None:
        await deadline_passed(uow, ports, fired, late=late)
        metrics.obligation_fired(fired.rule, late=late)

    async def look() -> int:
        return await fire_due(units, DEADLINES, _lock, fire)

    return Tick(DEADLINES, look)


def offices_tick(units: Units, administration: directory.Administration) -> Tick:
    """Ends what is over by the directory, as the validity of an office says: once a day, and at a start."""
    looked_on: date | None = None

    async def look() -> int:
        nonlocal looked_on
        today = local_date(units.clock.now())
        if looked_on == today:
            return 0
        over = await units.read(lambda uow: directory.over_by_directory(uow, administration))
        for office in over:
            # One office a transaction: the cases of two would be locked against the order of their ids.
            await units.run(partial(directory.end_by_schedule, admin=administration, office=office))
            await administration.overlays.refresh()
        looked_on = today
        return len(over)

    return Tick(OFFICES, look)


def addressees_tick(units: Units, ports: Ports) -> Tick:
    """Gives back to their senders the people who are sent to an office that nobody succeeds."""

    async def look() -> int:
        return await units.run(lambda uow: give_back_unaddressed(uow, ports, GIVEN_BACK_MAX))

    return Tick(ADDRESSEES, look)


def approvals_tick(units: Units) -> Tick:
    """Lets requests expire that nobody decided in time."""

    async def look() -> int:
        return await units.run(lambda uow: approvals.expire(uow, EXPIRED_MAX))

    return Tick(APPROVALS, look)


def count_tick(units: Units) -> Tick:
    """Counts each day for the trend, with its first look."""
    counted: date | None = None

    async def look() -> int:
        nonlocal counted
        today = local_date(units.clock.now())
        if counted == today:
            return 0
        await units.run(open_cases.count_day)
        counted = today
        return 0

    return Tick(COUNT, look)


def changes_tick(units: Units) -> Tick:
    """Adds to the counts of open cases what changed."""

    async def look() -> int:
        await units.run(open_cases.fold_changes)
        return 0

    return Tick(CHANGES, look)


async def _lock(uow: UnitOfWork, case_ids: Sequence[UUID]) -> set[UUID]:
    return await cases.lock_cases(uow.connection, case_ids)
