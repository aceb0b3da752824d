"""The looks at decisions, steps and reviews that are awaited, and at cases that cannot be found again yet."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.events.units import UnitOfWork, Units
from services.chassis.service.obligations import ArmedObligation, fire_due
from services.chassis.service.process import Tick
from services.chassis.telemetry.metrics import Metrics
from services.intake.application import legal_steps, undecided
from services.intake.application.break_glass import unreviewed
from services.intake.application.legal_steps import Watch
from services.intake.application.ports import Ports
from services.intake.application.tracing import trace_untraced
from services.intake.domain import break_glass
from services.intake.domain.legal_steps import RULES
from services.intake.storage import cases
from services.intake.storage.reading import entitlement_age_s

T = TypeVar("T")

DEADLINES: Final = "intake.undecided"
"""Name of the watcher, from the time when decisions were all it watched."""
ENTITLEMENT: Final = "intake.entitlement"
UNTRACED: Final = "intake.untraced"
UNBOUND: Final = "intake.unbound"
GUARDIANS: Final = "intake.guardians"
SEALED_AT_ONCE: Final = 100


def deadlines_tick(units: Units, watch: Watch, metrics: Metrics) -> Tick:
    """Fires what is due: of decisions, of steps that the law asks for, and of reviews."""

    async def fire(uow: UnitOfWork, fired: ArmedObligation, late: bool) -> None:
        if fired.rule in RULES:
            await legal_steps.limit_passed(uow, watch, fired, late=late)
        else:
            passed = unreviewed if fired.rule == break_glass.RULE else undecided.limit_passed
            await passed(uow, watch.calendar, fired, late=late)
        metrics.obligation_fired(fired.rule, late=late)

    async def look() -> int:
        return await fire_due(units, DEADLINES, _lock, fire)

    return Tick(DEADLINES, look)


def entitlement_tick(units: Units, metrics: Metrics) -> Tick:
    """Tells how far what is known here of custody may be behind."""

    async def look() -> int:
        metrics.entitlement_age(await units.read(lambda uow: entitlement_age_s(uow.connection)))
        return 0

    return Tick(ENTITLEMENT, look)


def untraced_tick(ports: Ports) -> Tick:
    """Makes the traces of cases from before there were any."""
    return Tick(UNTRACED, partial(trace_untraced, ports))


def unbound_tick(ports: Ports) -> Tick:
    """Seals records of before anew, until each says of which revision it is."""
    return _sealing_tick(UNBOUND, ports.units, ports.vault.bind_some, UUID(int=0))


def guardians_tick(ports: Ports) -> Tick:
    """Seals beside their names what guardians of before are to the children."""
    return _sealing_tick(GUARDIANS, ports.units, ports.vault.seal_guardians_of_before, (UUID(int=0), 0))


def _sealing_tick(
    name: str, units: Units, seal: Callable[[AsyncConnection, T, int], Awaitable[tuple[int, T]]], after: T
) -> Tick:
    """Seals a hundred at a look. `seal` returns how many it looked at, and after which one to go on."""

    async def look() -> int:
        nonlocal after
        looked_at, after = await units.run(lambda uow: seal(uow.connection, after, SEALED_AT_ONCE))
        return looked_at

    return Tick(name, look)


async def _lock(uow: UnitOfWork, case_ids: Sequence[UUID]) -> set[UUID]:
    return await cases.lock_free(uow.connection, case_ids)
