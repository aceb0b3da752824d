"""What intake moves when an office ends: who is accountable and addressed, and so may know who the person is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.country.directory import Directory
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.service.obligations import recount
from services.intake.storage import legal_steps, registered

_OPEN: Final = "phase NOT IN ('CLOSED', 'WITHDRAWN')"
_LEFT = text(
    f"SELECT accountable_office_id AS office_id, count(*) AS held FROM intake_case"
    f" WHERE accountable_office_id = ANY(CAST(:offices AS text[])) AND {_OPEN} GROUP BY accountable_office_id"
)
_LOCK_OPEN = text(
    f"""
    SELECT id FROM intake_case
    WHERE id IN (SELECT id FROM intake_case WHERE accountable_office_id = :ended AND {_OPEN}
                 UNION SELECT id FROM intake_case WHERE addressee_office_id = :ended AND transfer_id IS NOT NULL
                 UNION SELECT id FROM intake_case WHERE claimed_office_id = :ended
                 UNION SELECT id FROM intake_case WHERE verifier_office_id = :ended AND verifier_office_id <> '')
    ORDER BY id FOR UPDATE
    """
)
# Where she was registered is no longer there: who took over may correct and withdraw while she is still with them.
_MOVE = text(
    """
    UPDATE intake_case
    SET receiving_office_id = CASE WHEN receiving_office_id = :ended AND accountable_office_id = :ended
            THEN :heir ELSE receiving_office_id END,
        accountable_office_id = CASE WHEN accountable_office_id = :ended THEN :heir ELSE accountable_office_id END,
        addressee_office_id = CASE WHEN addressee_office_id = :ended AND :can_receive
            THEN :heir ELSE addressee_office_id END,
        claimed_office_id = CASE WHEN claimed_office_id <> :ended THEN claimed_office_id
            WHEN :can_receive THEN :heir ELSE '' END,
        verifier_office_id = CASE WHEN verifier_office_id <> :ended THEN verifier_office_id
            WHEN :can_receive THEN :heir ELSE '' END,
        version = version + 1, changed_at = :now
    WHERE id = ANY(CAST(:cases AS uuid[]))
    """
)


_LOCK = text("SELECT id FROM intake_case WHERE id = ANY(CAST(:cases AS uuid[])) ORDER BY id FOR UPDATE")


@dataclass(frozen=True)
class IntakeHoldings:
    """What intake holds for offices: the entitlement to open cases, present or on the way."""

    directory: Directory
    calendar: WorkingCalendar

    async def left(self, connection: AsyncConnection, office_ids: Sequence[str]) -> Mapping[str, int]:
        """Open cases for which these offices are still accountable."""
        rows = await connection.execute(_LEFT, {"offices": list(office_ids)})
        return {row.office_id: row.held for row in rows}

    async def move(self, uow: UnitOfWork, office_id: str, heir_id: str) -> Mapping[str, int]:
        """Entitle the heir where the office was entitled; a supervisor is accountable, and no addressee."""
        cases = [row.id for row in await uow.connection.execute(_LOCK_OPEN, {"ended": office_id})]
        directory = self.directory
        parameters = {
            "cases": cases,
            "ended": office_id,
            "heir": heir_id,
            "can_receive": directory.office(heir_id).role is directory.office(office_id).role,
            "now": uow.now,
        }
        await uow.connection.execute(_MOVE, parameters)
        await registered.move(uow.connection, office_id, heir_id)
        return {"cases": len(cases)}

    async def recount(self, uow: UnitOfWork) -> int:
        """Count open due dates in working days anew; the built-in ones have none."""

        async def lock(connection: AsyncConnection, cases: Sequence[UUID]) -> None:
            await connection.execute(_LOCK, {"cases": list(cases)})

        moved = await recount(uow, self.calendar, lock)
        await legal_steps.follow_count(uow.connection, moved)
        return len(moved)
