"""How follow-ups stood at the end of each day on which they changed, and what was due by that.

A figure of a day is the same then and for ever: what is switched on, dropped, put on another day or recorded later
does not change it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.followup.domain.case import FollowUp, FollowUpCase
from services.followup.domain.entry import Kind
from services.followup.domain.visits import DueCounted, DueWanted

_KEEP = text(
    """
    INSERT INTO follow_up_day (follow_up_id, on_day, case_id, kind, office_id, due_on, state, visited_on)
    VALUES (:follow_up_id, :on_day, :case_id, :kind, :office_id, :due_on, :state, :visited_on)
    ON CONFLICT (follow_up_id, on_day) DO UPDATE
    SET office_id = excluded.office_id, due_on = excluded.due_on, state = excluded.state,
        visited_on = excluded.visited_on
    """
)
# Those that no row calls due in the period need not be looked at; the latest row by the day says how each stood.
_COUNT = """
    SELECT d.office_id, d.kind, count(*) AS due,
           count(*) FILTER (WHERE d.state = 'RECORDED') AS done,
           count(*) FILTER (WHERE d.state = 'RECORDED' AND d.visited_on > d.due_on) AS done_late,
           count(*) FILTER (WHERE d.state = 'MISSED') AS missed
    FROM (
        SELECT DISTINCT ON (l.follow_up_id) l.* FROM follow_up_day l
        WHERE l.on_day <= :as_of AND l.follow_up_id IN (
            SELECT p.follow_up_id FROM follow_up_day p
            WHERE p.due_on <= :due_until AND (CAST(:due_from AS date) IS NULL OR p.due_on >= :due_from)
        )
        ORDER BY l.follow_up_id, l.on_day DESC
    ) d
    WHERE d.state <> 'CANCELLED' AND d.due_on <= :due_until
      AND (CAST(:due_from AS date) IS NULL OR d.due_on >= :due_from)
      AND (CAST(:offices AS text[]) IS NULL OR d.office_id = ANY(CAST(:offices AS text[])))
    GROUP BY 1, 2 ORDER BY 1, 2
"""


async def keep_days(connection: AsyncConnection, before: FollowUpCase | None, after: FollowUpCase, today: date) -> None:
    """Keep how the follow-ups stand that a decision changed."""
    known = {row["follow_up_id"]: row for row in _rows(before)} if before is not None else {}
    rows = [row for row in _rows(after) if known.get(row["follow_up_id"]) != row]
    if rows:
        await connection.execute(_KEEP, [row | {"on_day": today} for row in rows])


async def count_due(connection: AsyncConnection, wanted: DueWanted, offices: Iterable[str] | None) -> list[DueCounted]:
    """What was due in a period, as it stood at the end of a day, by office and kind."""
    given = {
        "due_from": wanted.due_from,
        "due_until": wanted.due_until,
        "as_of": wanted.as_of,
        "offices": None if offices is None else sorted(offices),
    }
    return [
        DueCounted(row.office_id, Kind(row.kind), row.due, row.done, row.done_late, row.missed)
        for row in await connection.execute(text(_COUNT), given)
    ]


def _rows(case: FollowUpCase) -> list[dict[str, Any]]:
    return [_row(case.case_id, case.keeper_id, one) for one in case.follow_ups]


def _row(case_id: uuid.UUID, office_id: str, one: FollowUp) -> dict[str, Any]:
    return {
        "follow_up_id": one.id,
        "case_id": case_id,
        "kind": one.kind.value,
        "office_id": office_id,
        "due_on": one.first_due_on,
        "state": one.state.value,
        "visited_on": one.visited_on,
    }
