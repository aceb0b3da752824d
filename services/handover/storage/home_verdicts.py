"""What counts about homes, as followup told it last. The row of the case in `custody` is its lock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.handover.domain.home import HomeVerdict
from services.handover.domain.words import HomeSafety

_KEEP: Final = text(
    """
    INSERT INTO home_verdict (case_id, office_id, to_office_id, verdict, valid_until, against_advice, told_at)
    VALUES (:case_id, :office_id, :to_office_id, :verdict, :valid_until, :against_advice, :told_at)
    ON CONFLICT (case_id) DO UPDATE SET
        office_id = excluded.office_id, to_office_id = excluded.to_office_id, verdict = excluded.verdict,
        valid_until = excluded.valid_until, against_advice = excluded.against_advice, told_at = excluded.told_at
    """
)
_FIND: Final = text("SELECT * FROM home_verdict WHERE case_id = ANY(CAST(:cases AS uuid[]))")


async def keep(connection: AsyncConnection, case_id: UUID, told: HomeVerdict, told_at: datetime) -> None:
    """Put it in the place of what counted before."""
    row = {
        "case_id": case_id,
        "office_id": told.office_id,
        "to_office_id": told.to_office_id,
        "verdict": told.verdict.value,
        "valid_until": told.valid_until,
        "against_advice": told.against_advice,
        "told_at": told_at,
    }
    await connection.execute(_KEEP, row)


async def find(connection: AsyncConnection, case_ids: Iterable[UUID]) -> dict[UUID, HomeVerdict]:
    """What was told about the homes of these people, by case; of some nothing was."""
    rows = await connection.execute(_FIND, {"cases": list(case_ids)})
    return {
        row.case_id: HomeVerdict(
            row.office_id, row.to_office_id, HomeSafety(row.verdict), row.valid_until, row.against_advice
        )
        for row in rows
    }
