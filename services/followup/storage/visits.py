"""Follow-ups and passed closing decisions as lists show them."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.calls.case_ref import CaseRef
from services.chassis.kernel.deadlines import Timeliness
from services.followup.domain.case import CLOSE_DECISION, FIRST_CONTACT, RULE_OF_KIND, State
from services.followup.domain.entry import Kind, Outcome
from services.followup.domain.visits import ListedFollowUp, ListedOverdue

PageKey = tuple[date, uuid.UUID]
"""Due date and id of the last row that was given."""
DECISION_OVERDUE_AFTER_DAYS: Final = 1
"""A closing decision has no grace: past is overdue."""
CONTACT_OVERDUE_AFTER_DAYS: Final = 1
"""Nor has a first contact."""
_LISTED = """
    SELECT f.id, f.case_id, c.case_number, f.version, f.kind, f.state, f.office_id, f.arrived_on, f.due_on,
           f.visited_on, f.outcome, cardinality(f.attempts) AS attempt_count, f.neglected, f.escalation_level,
           c.lost AND f.state = 'OPEN' AS lost,
           follow_up_timeliness(f.due_on, f.overdue_after_days, :today) AS timeliness
    FROM follow_up f JOIN followup_case c USING (case_id)
"""
_ONE = text(_LISTED + " WHERE f.id = :id")
_OVERDUE_FOLLOW_UPS = """
    SELECT f.id, f.case_id, f.kind, NULL AS rule, f.office_id, f.due_on, f.escalation_level, f.neglected,
           f.overdue_after_days
    FROM follow_up f WHERE f.state = 'OPEN' AND f.due_on < :today
"""
_PASSED_DECISIONS = f"""
    SELECT c.case_id AS id, c.case_id, NULL AS kind, '{CLOSE_DECISION}' AS rule, c.office_id, d.due_on,
           c.decision_level AS escalation_level, false AS neglected, {DECISION_OVERDUE_AFTER_DAYS} AS overdue_after_days
    FROM followup_case c CROSS JOIN LATERAL (
        SELECT o.due_on FROM obligation o
        WHERE o.case_id = c.case_id AND o.rule = '{CLOSE_DECISION}' AND o.level = 0
        ORDER BY o.counted_from DESC NULLS LAST, o.state = 'ARMED' DESC, o.id DESC LIMIT 1
    ) d
    WHERE c.decision_open AND d.due_on < :today
"""
_MISSED_CONTACTS = f"""
    SELECT c.case_id AS id, c.case_id, NULL AS kind, '{FIRST_CONTACT}' AS rule, c.keeper_id AS office_id,
           c.contact_asked_on AS due_on, c.contact_told::integer + c.contact_raised::integer AS escalation_level,
           false AS neglected, {CONTACT_OVERDUE_AFTER_DAYS} AS overdue_after_days
    FROM followup_case c WHERE c.contact_asked_on < :today
"""
_OF_OFFICES = " AND {office} = ANY(CAST(:offices AS text[]))"
_AFTER = " AND ({due}, {id}) > (CAST(:after_due AS date), CAST(:after_id AS uuid))"


async def read_follow_up(connection: AsyncConnection, follow_up_id: uuid.UUID, today: date) -> ListedFollowUp:
    """One follow-up as it is now."""
    row = (await connection.execute(_ONE, {"id": follow_up_id, "today": today})).one()
    return _listed(row)


async def list_follow_ups(
    connection: AsyncConnection,
    *,
    offices: Collection[str] | None,
    case: CaseRef | None,
    due_until: date | None,
    include_done: bool,
    today: date,
    after: PageKey | None,
    limit: int,
) -> list[ListedFollowUp]:
    """Follow-ups of these offices (None: of all), earliest due date first."""
    conditions = ["TRUE" if include_done else "f.state = 'OPEN'"]
    if isinstance(case, uuid.UUID):
        conditions.append("f.case_id = :case")
    elif case is not None:
        conditions.append("c.case_number = :case")
    if due_until is not None:
        conditions.append("f.due_on <= :due_until")
    statement = f"{_LISTED} WHERE {' AND '.join(conditions)}"
    statement += _narrowed(offices, after, office="f.office_id", due="f.due_on", key="f.id")
    rows = await connection.execute(
        text(statement + " ORDER BY f.due_on, f.id LIMIT :limit"),
        {"today": today, "limit": limit}
        | _given(offices=offices, after=after)
        | ({"case": case} if case is not None else {})
        | ({"due_until": due_until} if due_until is not None else {}),
    )
    return [_listed(row) for row in rows]


async def list_overdue(
    connection: AsyncConnection,
    *,
    offices: Collection[str] | None,
    today: date,
    after: PageKey | None,
    limit: int,
) -> list[ListedOverdue]:
    """Late and overdue follow-ups, passed closing decisions and first contacts not made of these offices (None: of
    all), longest first."""
    order = " ORDER BY due_on, id LIMIT :limit"
    follow_ups = _OVERDUE_FOLLOW_UPS + _narrowed(offices, after, office="f.office_id", due="f.due_on", key="f.id")
    decisions = _PASSED_DECISIONS + _narrowed(offices, after, office="c.office_id", due="d.due_on", key="c.case_id")
    key = "c.contact_asked_on"
    contacts = _MISSED_CONTACTS + _narrowed(offices, after, office="c.keeper_id", due=key, key="c.case_id")
    branches = " UNION ALL ".join(f"({each}{order})" for each in (follow_ups, decisions, contacts))
    rows = await connection.execute(
        text(
            f"""
            SELECT p.*, n.case_number, n.lost,
                   follow_up_timeliness(p.due_on, p.overdue_after_days, :today) AS timeliness
            FROM ({branches}{order}) p
            JOIN followup_case n USING (case_id)
            ORDER BY p.due_on, p.id
            """
        ),
        {"today": today, "limit": limit} | _given(offices=offices, after=after),
    )
    return [_overdue(row, today) for row in rows]


def _narrowed(offices: Collection[str] | None, after: PageKey | None, *, office: str, due: str, key: str) -> str:
    return (_OF_OFFICES.format(office=office) if offices is not None else "") + (
        _AFTER.format(due=due, id=key) if after is not None else ""
    )


def _given(*, offices: Collection[str] | None, after: PageKey | None) -> dict[str, object]:
    given: dict[str, object] = {}
    if offices is not None:
        given["offices"] = sorted(offices)
    if after is not None:
        given["after_due"], given["after_id"] = after
    return given


def _listed(row: Any) -> ListedFollowUp:
    return ListedFollowUp(
        id=row.id,
        case_id=row.case_id,
        case_number=row.case_number,
        version=row.version,
        kind=Kind(row.kind),
        state=State(row.state),
        timeliness=Timeliness(row.timeliness),
        office_id=row.office_id,
        arrived_on=row.arrived_on,
        due_on=row.due_on,
        visited_on=row.visited_on,
        outcome=Outcome(row.outcome) if row.outcome else None,
        attempt_count=row.attempt_count,
        lost=row.lost,
        neglected=row.neglected,
        escalation_level=row.escalation_level,
    )


def _overdue(row: Any, today: date) -> ListedOverdue:
    return ListedOverdue(
        id=row.id,
        case_id=row.case_id,
        case_number=row.case_number,
        rule=RULE_OF_KIND[Kind(row.kind)] if row.kind else row.rule,
        timeliness=Timeliness(row.timeliness),
        office_id=row.office_id,
        due_on=row.due_on,
        overdue_days=(today - row.due_on).days,
        escalation_level=row.escalation_level,
        lost=row.lost,
        neglected=row.neglected,
    )
