"""What followup holds for offices: it moves when one ends, and its due dates move with the calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.service.obligations import recount
from services.followup.domain.policy import RULE_OF_KIND

_OPEN: Final = "phase NOT IN ('CLOSED', 'WITHDRAWN')"
_LEFT = text(
    f"""
    SELECT o AS office_id, count(*) AS held FROM (
        SELECT office_id AS o, case_id FROM followup_case
        WHERE office_id = ANY(CAST(:offices AS text[])) AND {_OPEN}
        UNION
        SELECT keeper_id, case_id FROM followup_case
        WHERE keeper_id = ANY(CAST(:offices AS text[])) AND {_OPEN}
    ) held GROUP BY o
    """
)
_LOCK_OPEN = text(
    f"SELECT case_id FROM followup_case WHERE (office_id = :ended OR keeper_id = :ended) AND {_OPEN}"
    " ORDER BY case_id FOR UPDATE"
)
_LOCK = text("SELECT 1 FROM followup_case WHERE case_id = ANY(CAST(:cases AS uuid[])) ORDER BY case_id FOR UPDATE")
_MOVE_CASES = text(
    """
    UPDATE followup_case SET
        office_id = CASE WHEN office_id = :ended THEN :heir ELSE office_id END,
        keeper_id = CASE WHEN keeper_id = :ended THEN :heir ELSE keeper_id END,
        keepers = array_replace(keepers, :ended, :heir),
        version = version + 1, changed_at = :now
    WHERE case_id = ANY(CAST(:cases AS uuid[]))
    """
)
# Those of a cancelled set too: whoever makes the follow-ups sees all of it.
_MOVE_FOLLOW_UPS = text(
    "UPDATE follow_up SET office_id = :heir, version = version + 1, changed_at = :now"
    " WHERE case_id = ANY(CAST(:cases AS uuid[])) AND office_id = :ended"
)
_COUNT_ARMED = text("SELECT count(*) FROM obligation WHERE case_id = ANY(CAST(:cases AS uuid[])) AND state = 'ARMED'")
_DUE_RULES: Final = ", ".join(f"'{rule}'" for rule in RULE_OF_KIND.values())
# The due date of a follow-up is repeated on it, for the lists.
_COPY_DUE = text(
    f"""
    UPDATE follow_up f SET due_on = o.due_on, version = f.version + 1, changed_at = :now
    FROM obligation o
    WHERE o.case_id = ANY(CAST(:cases AS uuid[])) AND o.state = 'ARMED' AND o.reference_id = f.id
      AND o.rule IN ({_DUE_RULES}) AND f.due_on <> o.due_on
    """
)


@dataclass(frozen=True)
class FollowUpHoldings:
    """What followup holds for offices: open cases with their follow-ups."""

    calendar: WorkingCalendar

    async def left(self, connection: AsyncConnection, office_ids: Sequence[str]) -> Mapping[str, int]:
        """Open cases that are still with these offices."""
        rows = await connection.execute(_LEFT, {"offices": list(office_ids)})
        return {row.office_id: row.held for row in rows}

    async def move(self, uow: UnitOfWork, office_id: str, heir_id: str) -> Mapping[str, int]:
        """Move the open cases and their follow-ups, with the due dates that they have."""
        found = await uow.connection.execute(_LOCK_OPEN, {"ended": office_id})
        moved = {"cases": [row.case_id for row in found]}
        parameters = moved | {"ended": office_id, "heir": heir_id, "now": uow.now}
        await uow.connection.execute(_MOVE_CASES, parameters)
        await uow.connection.execute(_MOVE_FOLLOW_UPS, parameters)
        deadlines = await uow.connection.scalar(_COUNT_ARMED, moved)
        return {"cases": len(moved["cases"]), "deadlines": int(deadlines or 0)}

    async def recount(self, uow: UnitOfWork) -> int:
        """Count open due dates in working days anew."""

        async def lock(connection: AsyncConnection, cases: Sequence[UUID]) -> None:
            await connection.execute(_LOCK, {"cases": list(cases)})

        moved = await recount(uow, self.calendar, lock)
        if moved:
            await uow.connection.execute(_COPY_DUE, {"cases": moved, "now": uow.now})
        return len(moved)
