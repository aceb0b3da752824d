"""What notify moves when an office ends: messages that are unread or ask for something into the heir's inbox, and whom
later news concern."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.events.units import UnitOfWork

_STANDS: Final = "done_at IS NULL AND (read_at IS NULL OR duty IS NOT NULL)"
"""What an heir has to read or to do."""
_LEFT = text(
    "SELECT office_id, count(*) AS held FROM message"
    f" WHERE office_id = ANY(CAST(:offices AS text[])) AND {_STANDS} GROUP BY office_id"
)
# Who registered the case stays known as such: who is told of what at which time follows from it.
_ROLES: Final = ("accountable_id", "receiver_id", "search_office_id", "search_receiver_id")
_LOCK_CASES = text(
    f"""
    SELECT case_id FROM notify_case
    WHERE ({" OR ".join(f"{role} = :ended" for role in _ROLES)}) AND phase IS DISTINCT FROM 'CLOSED'
      AND phase IS DISTINCT FROM 'WITHDRAWN'
    ORDER BY case_id FOR UPDATE
    """
)
_MOVE_CASES = text(
    f"""
    UPDATE notify_case
    SET {", ".join(f"{role} = CASE WHEN {role} = :ended THEN :heir ELSE {role} END" for role in _ROLES)},
        changed_at = :now
    WHERE case_id = ANY(CAST(:cases AS uuid[]))
    """
)
_MOVE_MESSAGES = text(f"UPDATE message SET office_id = :heir WHERE office_id = :ended AND {_STANDS}")


class NotifyHoldings:
    """What notify holds for offices: messages."""

    async def left(self, connection: AsyncConnection, office_ids: Sequence[str]) -> Mapping[str, int]:
        """Messages to be read, or to be done, that are still in these offices' inboxes."""
        rows = await connection.execute(_LEFT, {"offices": list(office_ids)})
        return {row.office_id: row.held for row in rows}

    async def move(self, uow: UnitOfWork, office_id: str, heir_id: str) -> Mapping[str, int]:
        """Put them into the heir's inbox; what was read and asks nothing stays where it was read."""
        parameters = {"ended": office_id, "heir": heir_id, "now": uow.now}
        cases = [row.case_id for row in await uow.connection.execute(_LOCK_CASES, parameters)]
        await uow.connection.execute(_MOVE_CASES, parameters | {"cases": cases})
        moved = await uow.connection.execute(_MOVE_MESSAGES, parameters)
        return {"messages": moved.rowcount}

    async def recount(self, uow: UnitOfWork) -> int:
        """Notify watches no deadlines."""
        return 0
