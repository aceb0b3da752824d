"""Cases as far as notify knows them, and who was accountable for them when."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.kernel.words import Phase
from services.notify.domain.cases import Custody, NotifiedCase

_CASE_COLUMNS: Final = (
    "case_number",
    "registering_id",
    "accountable_id",
    "phase",
    "receiver_id",
    "transfer_id",
    "search_office_id",
    "search_receiver_id",
    "search_level",
    "overdue_follow_ups",
)
_LOCK_CASE: Final = text(
    f"""
    INSERT INTO notify_case (case_id, changed_at) VALUES (:case_id, :now)
    ON CONFLICT (case_id) DO UPDATE SET changed_at = excluded.changed_at
    RETURNING {", ".join(_CASE_COLUMNS)}
    """
)
_SAVE_CASE: Final = text(
    f"UPDATE notify_case SET {', '.join(f'{name} = :{name}' for name in _CASE_COLUMNS)} WHERE case_id = :case_id"
)
_ADD_CUSTODY: Final = text(
    """
    INSERT INTO notify_custody (case_id, segment, office_id, since) VALUES (:case_id, :segment, :office_id, :since)
    ON CONFLICT (case_id, segment) DO NOTHING
    """
)
_CUSTODIES: Final = text(
    "SELECT segment, office_id, since FROM notify_custody WHERE case_id = :case_id ORDER BY segment"
)


async def lock_case(connection: AsyncConnection, case_id: uuid.UUID, now: datetime) -> NotifiedCase:
    """The case, locked until the commit; a new one when nothing was known of it."""
    row = (await connection.execute(_LOCK_CASE, {"case_id": case_id, "now": now})).one()
    phase = Phase(row.phase) if row.phase else None
    return NotifiedCase(**{**row._mapping, "phase": phase, "overdue_follow_ups": frozenset(row.overdue_follow_ups)})


async def save_case(connection: AsyncConnection, case_id: uuid.UUID, case: NotifiedCase) -> None:
    """Write what is known now."""
    values = {name: getattr(case, name) for name in _CASE_COLUMNS}
    values["phase"] = case.phase.value if case.phase is not None else None
    values["overdue_follow_ups"] = sorted(case.overdue_follow_ups)
    await connection.execute(_SAVE_CASE, values | {"case_id": case_id})


async def add_custody(connection: AsyncConnection, case_id: uuid.UUID, custody: Custody) -> None:
    """Remember who was accountable from then on."""
    await connection.execute(
        _ADD_CUSTODY,
        {
            "case_id": case_id,
            "segment": custody.segment,
            "office_id": custody.office_id,
            "since": custody.since,
        },
    )


async def custodies_of(connection: AsyncConnection, case_id: uuid.UUID) -> list[Custody]:
    """Who was accountable from when on, in order."""
    rows = await connection.execute(_CUSTODIES, {"case_id": case_id})
    return [Custody(row.segment, row.office_id, row.since) for row in rows]
