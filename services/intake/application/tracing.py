"""Traces of the cases that were registered before there were any: made a few at a time, while the service works."""

from __future__ import annotations

from typing import Final

import structlog

from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.intake.application.ports import Ports
from services.intake.storage import registered
from services.intake.vault.opening import CannotOpen

AT_ONCE: Final = 100

log = structlog.get_logger(__name__)


async def trace_untraced(ports: Ports) -> int:
    """Make the traces of some cases that have none. Returns how many were looked at, 0 when all have theirs."""

    async def work(uow: UnitOfWork) -> int:
        claimed = await registered.claim_untraced(uow.connection, AT_ONCE)
        for row in claimed:
            try:
                trace = await ports.vault.trace(uow.connection, row.id, local_date(row.handover_time), ports.traces)
            except CannotOpen:
                # Her key is gone, and with it everything that could be found.
                log.warning("case_without_trace", case_id=str(row.id))
                continue
            await registered.add_trace(uow.connection, row.id, row.receiving_office_id, trace)
        return len(claimed)

    return await ports.units.run(work)
