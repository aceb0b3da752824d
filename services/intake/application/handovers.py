"""What a border post asks of the handovers that it registered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.roles import Caller
from services.intake.application.ports import Ports
from services.intake.domain.access import SeenCase
from services.intake.domain.handovers import Handover, HandoverNotFound
from services.intake.storage import handovers as storage


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """A handover with its people as far as they may be seen; `details` are the bytes that were sealed."""

    handover: Handover
    details: bytes
    cases: Sequence[SeenCase]


async def list_handovers(
    ports: Ports,
    caller: Caller,
    *,
    from_on: date | None,
    until_on: date | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Handover]:
    """Handovers of the caller's office, the latest first, older than `before`; days are local, both taken."""
    viewer = ports.viewer(caller, ports.units.clock.now())

    async def find(uow: UnitOfWork) -> Sequence[Handover]:
        return await storage.list_handovers(
            uow.connection, viewer.holds, from_on=from_on, until_on=until_on, before=before, limit=limit
        )

    return await ports.units.read(find)


async def get_handover(ports: Ports, caller: Caller, handover_id: UUID, purpose: str) -> Shown:
    """A handover of the caller's office with its people; each reading is in the access log before anything is returned.

    Raises HandoverNotFound, and CaseErased when all of its people were erased.
    """

    async def show(uow: UnitOfWork) -> Shown:
        found = await storage.find(uow.connection, handover_id)
        viewer = ports.viewer(caller, uow.now)
        if found is None or found.office_id not in viewer.holds:
            raise HandoverNotFound
        cases = await storage.cases_of(uow.connection, handover_id)
        shown = [await ports.vault.show(uow, case, viewer, caller, purpose) for case in cases]
        return Shown(found, await ports.vault.open_details(uow.connection, handover_id), shown)

    return await ports.units.run(show)
