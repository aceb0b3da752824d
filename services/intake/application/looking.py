"""Who looked through lists: of whoever sees beyond the own office each page is counted, never what stood on it."""

from __future__ import annotations

from typing import Final

from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.roles import Caller, Role
from services.intake.application.ports import Ports
from services.intake.storage import list_reads as storage

_OVERSEERS: Final = frozenset({Role.SUPERVISOR, Role.VERIFIER, Role.AUDITOR})


async def listed(ports: Ports, caller: Caller, method: str, rows: int) -> None:
    """Count a page of a list before it is given to an overseer; nothing for other roles."""
    if caller.role not in _OVERSEERS:
        return

    async def count(uow: UnitOfWork) -> None:
        await storage.add(uow.connection, caller, method, rows, uow.now)

    await ports.units.run(count)
