"""What counts about homes, as followup told it last. The row of the case in `custody` is its lock."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.handover.domain.home import NO_DAY, Awaiting, HomeVerdict
from services.handover.domain.reading import Page
from services.handover.domain.words import HomeSafety, Phase
from services.handover.storage.lists import Offices

_HERE: Final = (Phase.REGISTERED, Phase.REJECTED, Phase.DISCHARGED, Phase.ADMITTED)
"""Phases of people who are with an office that sends them home."""
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
    return {row.case_id: _verdict(row) for row in rows}


_AWAITING: Final = """
    SELECT c.case_id, c.case_number, c.accountable_office_id, c.age_band, t.to_office_id AS planned_to,
           t.expected_departure_on, v.office_id, v.to_office_id, v.verdict, v.valid_until, v.against_advice
    FROM (SELECT p.case_id FROM transfer p WHERE p.state = 'PLANNED'{planned}
          UNION SELECT u.case_id FROM home_verdict u WHERE u.verdict = 'WARNING_SIGNS'{undecided}) w
    JOIN custody c ON c.case_id = w.case_id
    LEFT JOIN transfer t ON t.case_id = c.case_id AND t.state = 'PLANNED'
    LEFT JOIN home_verdict v ON v.case_id = c.case_id
    WHERE CASE WHEN t.id IS NULL
          THEN v.office_id = c.accountable_office_id AND c.phase = ANY(CAST(:here AS text[]))
          ELSE t.to_office_id <> ALL(CAST(:centres AS text[])) AND NOT COALESCE(
              v.to_office_id = t.to_office_id AND v.office_id = c.accountable_office_id
              AND v.valid_until >= GREATEST(t.expected_departure_on, CAST(:today AS date)), false) END{after}
    ORDER BY COALESCE(t.expected_departure_on, '{no_day}'), c.case_id LIMIT :size
"""
"""Who may have to wait; whether she does is decided by the domain, which knows of offices that ended."""
_AFTER: Final = (
    f" AND (COALESCE(t.expected_departure_on, '{NO_DAY}'), c.case_id)"
    " > (CAST(:after_day AS date), CAST(:after_id AS uuid))"
)


async def list_awaiting(
    connection: AsyncConnection, page: Page, *, offices: Offices, centres: Collection[str], today: date
) -> list[Awaiting]:
    """Who may have to wait for a verdict; the sort key is (planned departure or NO_DAY, case_id)."""
    parameters: dict[str, object] = {
        "size": page.size,
        "centres": list(centres),
        "today": today,
        "here": [one.value for one in _HERE],
    }
    limits = {"planned": "", "undecided": "", "after": "", "no_day": NO_DAY}
    if offices is not None:
        parameters["offices"] = list(offices)
        limits["planned"] = " AND p.from_office_id = ANY(CAST(:offices AS text[]))"
        limits["undecided"] = " AND u.office_id = ANY(CAST(:offices AS text[]))"
    if page.after is not None:
        limits["after"] = _AFTER
        parameters["after_day"], parameters["after_id"] = page.after
    rows = await connection.execute(text(_AWAITING.format(**limits)), parameters)
    return [
        Awaiting(
            case_id=row.case_id,
            case_number=row.case_number,
            office_id=row.accountable_office_id,
            age_band=row.age_band,
            planned_to=row.planned_to,
            departure_on=row.expected_departure_on,
            told=_verdict(row) if row.verdict is not None else None,
        )
        for row in rows
    ]


def _verdict(row: Any) -> HomeVerdict:
    return HomeVerdict(row.office_id, row.to_office_id, HomeSafety(row.verdict), row.valid_until, row.against_advice)
