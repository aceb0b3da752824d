"""How the work at home stands, read for whoever answers for it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import Timeliness
from services.followup.domain.entry import Kind
from services.followup.domain.oversight import NOBODY, Next, Result, WaitingSafety, Work
from services.followup.storage.visits import CONTACT_OVERDUE_AFTER_DAYS, FIRST_DUE, RESULTS, Offices

_RECORDING: Final = ("RecordVisit", "RecordFollowUp", "RecordContact", "SetWishes")
"""By which of its methods a case becomes somebody's work."""
# The acts of a case are found by its id: ordered by more than the id, so that no index of another order is walked.
_WORK: Final = text(
    f"""
    SELECT c.case_id, c.case_number, c.keeper_id, o.subject, n.kind, n.due_on, n.timeliness,
           c.safety_number IS NOT NULL AS safety_act,
           EXISTS (SELECT FROM contact_wishes w WHERE w.case_id = c.case_id) AS has_wishes
    FROM followup_case c
    LEFT JOIN LATERAL (
        SELECT a.subject FROM act a
        WHERE a.case_ids @> ARRAY[c.case_id] AND a.office_id = c.keeper_id AND a.method = ANY(CAST(:methods AS text[]))
        ORDER BY a.id + 0 DESC LIMIT 1
    ) o ON true
    LEFT JOIN LATERAL (
        SELECT d.kind, d.due_on, follow_up_timeliness(d.due_on, d.days, :today) AS timeliness FROM (
            SELECT f.kind, f.due_on, f.overdue_after_days AS days FROM follow_up f
            WHERE f.case_id = c.case_id AND f.state = 'OPEN'
            UNION ALL
            SELECT NULL, c.contact_asked_on, {CONTACT_OVERDUE_AFTER_DAYS} WHERE c.contact_asked_on IS NOT NULL
        ) d ORDER BY d.due_on LIMIT 1
    ) n ON true
    WHERE c.phase NOT IN ('CLOSED', 'WITHDRAWN') AND c.keeper_id = ANY(CAST(:offices AS text[]))
    """
)
_WRITTEN: Final = text(
    """
    SELECT office_id, subject, count(*) AS total FROM act
    WHERE office_id = ANY(CAST(:offices AS text[])) AND method = 'RecordVisit' AND at >= :since GROUP BY 1, 2
    """
)
_MONTHS: Final = f"""
    SELECT CAST(date_trunc('month', {FIRST_DUE}) AS date) AS month,
           {", ".join(f"count(*) FILTER (WHERE {rule}) AS {result.value.lower()}" for result, rule in RESULTS.items())}
    FROM follow_up f JOIN followup_case c USING (case_id)
    WHERE {FIRST_DUE} >= :due_from AND {FIRST_DUE} < :due_before
"""
_SAFETY: Final = """
    SELECT case_id, case_number, keeper_id, safety_needed_at, safety_level FROM followup_case
    WHERE safety_number IS NOT NULL
"""


async def read_work(
    connection: AsyncConnection, offices: Collection[str], today: date, officer_of: Callable[[str], str]
) -> list[Work]:
    """The open cases of these offices; `officer_of`: the pseudonym of an account."""
    given = {"offices": sorted(offices), "methods": list(_RECORDING), "today": today}
    return [
        Work(
            row.case_id,
            row.case_number,
            row.keeper_id,
            officer_of(row.subject) if row.subject else NOBODY,
            _next(row),
            has_wishes=row.has_wishes,
            safety_act=row.safety_act,
        )
        for row in await connection.execute(_WORK, given)
    ]


def _next(row: Any) -> Next | None:
    if row.due_on is None:
        return None
    return Next(Kind(row.kind) if row.kind else None, row.due_on, Timeliness(row.timeliness))


async def count_written(
    connection: AsyncConnection, offices: Collection[str], since: datetime, officer_of: Callable[[str], str]
) -> Mapping[tuple[str, str], int]:
    """The visits that each officer of these offices wrote since an instant."""
    rows = await connection.execute(_WRITTEN, {"offices": sorted(offices), "since": since})
    return {(row.office_id, officer_of(row.subject)): row.total for row in rows}


async def count_months(
    connection: AsyncConnection,
    due_from: date,
    due_before: date,
    *,
    offices: Offices,
    kind: Kind | None,
    today: date,
) -> Mapping[date, Mapping[Result, int]]:
    """What became of the follow-ups of these offices (None: of all) that fall due within a time, by month."""
    statement, given = _MONTHS, dict[str, object](due_from=due_from, due_before=due_before, today=today)
    if offices is not None:
        statement += " AND f.office_id = ANY(CAST(:offices AS text[]))"
        given["offices"] = sorted(offices)
    if kind is not None:
        statement += " AND f.kind = :kind"
        given["kind"] = kind.value
    found: defaultdict[date, dict[Result, int]] = defaultdict(dict)
    for row in await connection.execute(text(f"{statement} GROUP BY 1"), given):
        found[row.month] = {result: getattr(row, result.value.lower()) for result in RESULTS}
    return found


async def list_safety(
    connection: AsyncConnection, *, offices: Offices, after: tuple[datetime, uuid.UUID] | None, limit: int
) -> list[tuple[datetime, WaitingSafety]]:
    """Who waits for a second person in these offices (None: in all), with the instant, longest first."""
    statement, given = _SAFETY, dict[str, object](limit=limit)
    if offices is not None:
        statement += " AND keeper_id = ANY(CAST(:offices AS text[]))"
        given["offices"] = sorted(offices)
    if after is not None:
        statement += " AND (safety_needed_at, case_id) > (:after_at, :after_id)"
        given["after_at"], given["after_id"] = after
    rows = await connection.execute(text(f"{statement} ORDER BY safety_needed_at, case_id LIMIT :limit"), given)
    return [
        (
            row.safety_needed_at,
            WaitingSafety(
                row.case_id, row.case_number, row.keeper_id, local_date(row.safety_needed_at), row.safety_level
            ),
        )
        for row in rows
    ]
