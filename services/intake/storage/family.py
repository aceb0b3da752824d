"""Ties between cases as rows. The relation is sealed: only the vault knows what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.domain.case import Case
from services.intake.storage.bulk import Row, insert_rows
from services.intake.storage.cases import SELECT_CASE, case_of
from services.intake.storage.tables import FamilyTieRow

_OF: Final = text(
    "SELECT * FROM family_tie WHERE (case_id = :case_id OR other_case_id = :case_id)"
    " AND (:whole OR unlinked_at IS NULL) ORDER BY linked_at, id"
)
_END: Final = text(
    "UPDATE family_tie SET unlinked_at = :now, unlinked_office_id = :office_id, unlinked_subject = :subject"
    " WHERE id = :id AND unlinked_at IS NULL"
)
_CASES: Final = text(f"{SELECT_CASE} WHERE id = ANY(CAST(:ids AS uuid[]))")
_LOCK: Final = text(f"{SELECT_CASE} WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR UPDATE")
_OF_HANDOVER: Final = text(f"{SELECT_CASE} WHERE handover_id = :handover_id")


@dataclass(frozen=True, slots=True, repr=False)
class SealedTie:
    """A tie as it is kept; `relation` is sealed under the key of `case_id`."""

    id: UUID
    case_id: UUID
    other_case_id: UUID
    relation: bytes
    keep_together: bool
    by_rule: bool
    linked_at: datetime
    linked_office_id: str
    linked_subject: str
    unlinked_at: datetime | None = None
    unlinked_office_id: str = ""
    unlinked_subject: str = ""


async def ties_of(connection: AsyncConnection, case_id: UUID, *, whole: bool = False) -> list[SealedTie]:
    """The ties of a case that stand, or with `whole` all that ever stood; oldest first."""
    rows = await connection.execute(_OF, {"case_id": case_id, "whole": whole})
    return [SealedTie(**{name: getattr(row, name) for name in SealedTie.__slots__}) for row in rows]


async def insert(connection: AsyncConnection, rows: Sequence[Row]) -> None:
    """Add ties."""
    await insert_rows(connection, FamilyTieRow, rows)


async def end(connection: AsyncConnection, tie_id: UUID, office_id: str, subject: str, now: datetime) -> None:
    """Take a tie back, for the history."""
    values: dict[str, Any] = {"id": tie_id, "office_id": office_id, "subject": subject, "now": now}
    await connection.execute(_END, values)


async def cases_of(connection: AsyncConnection, ids: Sequence[UUID], *, lock: bool = False) -> dict[UUID, Case]:
    """Cases by their ids, locked in the order of the ids when asked."""
    if not ids:
        return {}
    rows = await connection.execute(_LOCK if lock else _CASES, {"ids": list(ids)})
    return {row.id: case_of(row) for row in rows}


async def cases_of_handover(connection: AsyncConnection, handover_id: UUID) -> dict[int, Case]:
    """The cases of one submission by their rows in it."""
    found = [case_of(row) for row in await connection.execute(_OF_HANDOVER, {"handover_id": handover_id})]
    return {case.row: case for case in found}
