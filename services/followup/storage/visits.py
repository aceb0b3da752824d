"""Follow-ups and passed closing decisions as lists show them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.kernel.deadlines import Timeliness
from services.followup.domain.case import CLOSE_DECISION, FIRST_CONTACT, KIND_OF_RULE, State
from services.followup.domain.entry import Kind, Outcome
from services.followup.domain.oversight import Result
from services.followup.domain.policy import RULE_OF_KIND
from services.followup.domain.visits import (
    FollowUpsCounted,
    FollowUpsWanted,
    ListedFollowUp,
    ListedOverdue,
    OverdueCounted,
    OverdueWanted,
    Standing,
)

Offices = Collection[str] | None
"""The offices whose rows are asked for; None for all."""
PageKey = tuple[date, uuid.UUID]
"""Due date and id of the last row that was given."""
DECISION_OVERDUE_AFTER_DAYS: Final = 1
"""A closing decision has no grace: past is overdue."""
CONTACT_OVERDUE_AFTER_DAYS: Final = 1
"""Nor has a first contact."""
_TIMELINESS: Final = "follow_up_timeliness(f.due_on, f.overdue_after_days, :today)"
_LISTED = f"""
    SELECT f.id, f.case_id, c.case_number, f.version, f.kind, f.state, f.office_id, f.arrived_on, f.due_on,
           f.overdue_after_days, f.always_made, f.earliest_before, f.due_first_on, f.visited_on, f.outcome,
           cardinality(f.attempts) AS attempt_count, f.neglected, f.escalation_level,
           c.lost AND f.state = 'OPEN' AS lost,
           {_TIMELINESS} AS timeliness
    FROM follow_up f JOIN followup_case c USING (case_id)
"""
FIRST_DUE: Final = "coalesce(f.due_first_on, f.due_on)"
"""The day by which figures go: that on which it was due before it was put on another one."""
RESULTS: Final[Mapping[Result, str]] = MappingProxyType(
    {
        Result.TO_BE_MADE: "f.state <> 'CANCELLED'",
        Result.DONE_IN_TIME: "f.state = 'RECORDED' AND f.visited_on <= " + FIRST_DUE,
        Result.DONE_LATE: "f.state = 'RECORDED' AND f.visited_on > " + FIRST_DUE,
        Result.MISSED: "f.state = 'MISSED'",
        Result.OVERDUE: f"f.state = 'OPEN' AND {_TIMELINESS} = 'OVERDUE'",
        Result.LOST: "f.state = 'OPEN' AND (c.lost OR f.neglected)",
    }
)
"""What figures tell of a follow-up, once: for its lists, its counts and the trend."""
_ONE = text(_LISTED + " WHERE f.id = :id")
_OVERDUE_FOLLOW_UPS = """
    SELECT f.id, f.case_id, f.kind, NULL AS rule, f.office_id, f.due_on, f.escalation_level, f.neglected,
           f.overdue_after_days
    FROM follow_up f WHERE f.state = 'OPEN' AND f.due_on < :today AND f.overdue_after_days IS NOT NULL
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
_LATE: Final = (
    (_OVERDUE_FOLLOW_UPS, tuple(RULE_OF_KIND.values()), "f.office_id", "f.due_on", "f.id", "f.escalation_level"),
    (_PASSED_DECISIONS, (CLOSE_DECISION,), "c.office_id", "d.due_on", "c.case_id", "c.decision_level"),
    (
        _MISSED_CONTACTS,
        (FIRST_CONTACT,),
        "c.keeper_id",
        "c.contact_asked_on",
        "c.case_id",
        "(CAST(c.contact_told AS integer) + CAST(c.contact_raised AS integer))",
    ),
)
"""What can be late: its rows, its rules, and its columns of office, due day, id and level."""
_OF_OFFICES = " AND {office} = ANY(CAST(:offices AS text[]))"
_AFTER = " AND ({due}, {id}) > (CAST(:after_due AS date), CAST(:after_id AS uuid))"


async def read_follow_up(connection: AsyncConnection, follow_up_id: uuid.UUID, today: date) -> ListedFollowUp:
    """One follow-up as it is now."""
    row = (await connection.execute(_ONE, {"id": follow_up_id, "today": today})).one()
    return _listed(row)


def _asked(wanted: FollowUpsWanted, offices: Offices, today: date) -> tuple[str, dict[str, object]]:
    """What a row must be, whether it is listed or counted."""
    conditions, given = ["TRUE"], dict[str, object](today=today)
    # The rows behind a figure are those of its days.
    due = FIRST_DUE if wanted.result is not None else "f.due_on"
    if isinstance(wanted.case, uuid.UUID):
        conditions.append("f.case_id = :case")
    elif wanted.case is not None:
        conditions.append("c.case_number = :case")
    if wanted.case is not None:
        given["case"] = wanted.case
    if wanted.standing is not None:
        conditions.append("f.state = :state")
        given["state"] = wanted.standing.state.value
        if wanted.standing.timeliness is not None:
            conditions.append(f"{_TIMELINESS} = :timeliness")
            given["timeliness"] = wanted.standing.timeliness.value
    elif wanted.result is not None:
        conditions.append(RESULTS[wanted.result])
    elif not wanted.include_done:
        conditions.append("f.state = 'OPEN'")
    if wanted.due_from is not None:
        conditions.append(f"{due} >= :due_from")
        given["due_from"] = wanted.due_from
    if wanted.due_until is not None:
        conditions.append(f"{due} <= :due_until")
        given["due_until"] = wanted.due_until
    if wanted.kind is not None:
        conditions.append("f.kind = :kind")
        given["kind"] = wanted.kind.value
    if offices is not None:
        conditions.append("f.office_id = ANY(CAST(:offices AS text[]))")
        given["offices"] = sorted(offices)
    return " AND ".join(conditions), given


async def list_follow_ups(
    connection: AsyncConnection,
    wanted: FollowUpsWanted,
    *,
    offices: Offices,
    today: date,
    after: PageKey | None,
    limit: int,
) -> list[ListedFollowUp]:
    """Follow-ups of these offices (None: of all), earliest due date first."""
    where, given = _asked(wanted, offices, today)
    if after is not None:
        where += _AFTER.format(due="f.due_on", id="f.id")
    ordered = f"{_LISTED} WHERE {where} ORDER BY f.due_on, f.id LIMIT :limit"
    rows = await connection.execute(text(ordered), given | {"limit": limit} | _given(offices=None, after=after))
    return [_listed(row) for row in rows]


async def count_follow_ups(
    connection: AsyncConnection, wanted: FollowUpsWanted, *, offices: Offices, today: date
) -> list[FollowUpsCounted]:
    """The follow-ups that `list_follow_ups` lists, by office, kind and how they stand."""
    where, given = _asked(wanted, offices, today)
    statement = f"""
        SELECT f.office_id, f.kind, f.state, CASE WHEN f.state = 'OPEN' THEN {_TIMELINESS} END AS timeliness,
               count(*) AS total
        FROM follow_up f JOIN followup_case c USING (case_id) WHERE {where} GROUP BY 1, 2, 3, 4
    """
    return [
        FollowUpsCounted(
            row.office_id,
            Kind(row.kind),
            Standing(State(row.state), Timeliness(row.timeliness) if row.timeliness else None),
            row.total,
        )
        for row in await connection.execute(text(statement), given)
    ]


def _of_rule(wanted: OverdueWanted, rule: str) -> bool:
    return wanted.rule in ("", rule)


def _branches(wanted: OverdueWanted, offices: Offices, after: PageKey | None, order: str = "") -> str:
    """What is late, each kind of it by itself; with `order` only the first rows of each."""
    found = []
    for source, rules, office, due, key, level in _LATE:
        if not any(_of_rule(wanted, rule) for rule in rules):
            continue
        where = _narrowed(offices, after, office=office, due=due, key=key)
        if wanted.rule in KIND_OF_RULE:
            where += f" AND f.kind = '{KIND_OF_RULE[wanted.rule].value}'"
        if wanted.overdue_days_min:
            where += f" AND {due} <= CAST(:late_until AS date)"
        if wanted.level_min:
            where += f" AND {level} >= :level_min"
        found.append(f"({source}{where}{order})")
    return " UNION ALL ".join(found)


def _late_given(wanted: OverdueWanted, today: date) -> dict[str, object]:
    given: dict[str, object] = {"today": today}
    if wanted.overdue_days_min:
        given["late_until"] = today - timedelta(days=wanted.overdue_days_min)
    if wanted.level_min:
        given["level_min"] = wanted.level_min
    return given


async def list_overdue(
    connection: AsyncConnection,
    wanted: OverdueWanted,
    *,
    offices: Offices,
    today: date,
    after: PageKey | None,
    limit: int,
) -> list[ListedOverdue]:
    """Late and overdue follow-ups, passed closing decisions and first contacts not made of these offices (None: of
    all), longest first."""
    order = " ORDER BY due_on, id LIMIT :limit"
    rows = await connection.execute(
        text(
            f"""
            SELECT p.*, n.case_number, n.lost,
                   follow_up_timeliness(p.due_on, p.overdue_after_days, :today) AS timeliness
            FROM (SELECT l.* FROM ({_branches(wanted, offices, after, order)}) l{order}) p
            JOIN followup_case n USING (case_id)
            ORDER BY p.due_on, p.id
            """
        ),
        _late_given(wanted, today) | {"limit": limit} | _given(offices=offices, after=after),
    )
    return [_overdue(row, today) for row in rows]


async def count_overdue(
    connection: AsyncConnection, wanted: OverdueWanted, *, offices: Offices, today: date
) -> list[OverdueCounted]:
    """What `list_overdue` lists, by office and rule."""
    statement = f"""
        SELECT p.office_id, p.kind, p.rule, count(*) AS total,
               count(*) FILTER (WHERE p.due_on <= CAST(:today AS date) - 7) AS from_7_days,
               count(*) FILTER (WHERE p.due_on <= CAST(:today AS date) - 30) AS from_30_days,
               CAST(:today AS date) - min(p.due_on) AS oldest_days
        FROM ({_branches(wanted, offices, None)}) p GROUP BY 1, 2, 3
    """
    rows = await connection.execute(text(statement), _late_given(wanted, today) | _given(offices=offices, after=None))
    return [
        OverdueCounted(row.office_id, _rule(row), row.total, row.from_7_days, row.from_30_days, row.oldest_days)
        for row in rows
    ]


def _rule(row: Any) -> str:
    return RULE_OF_KIND[Kind(row.kind)] if row.kind else str(row.rule)


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
    first = row.due_first_on or row.due_on
    days = row.overdue_after_days
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
        first_due_on=first,
        earliest_on=first - timedelta(days=row.earliest_before),
        limit_on=row.due_on + timedelta(days=days - 1) if days is not None else None,
        always=row.always_made,
    )


def _overdue(row: Any, today: date) -> ListedOverdue:
    return ListedOverdue(
        id=row.id,
        case_id=row.case_id,
        case_number=row.case_number,
        rule=_rule(row),
        timeliness=Timeliness(row.timeliness),
        office_id=row.office_id,
        due_on=row.due_on,
        overdue_days=(today - row.due_on).days,
        escalation_level=row.escalation_level,
        lost=row.lost,
        neglected=row.neglected,
    )
