"""Steps that the law asks for, as rows; and the lists of all legal deadlines."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.kernel.clock import local_date
from services.chassis.kernel.words import RuleCode
from services.intake.domain.legal_steps import (
    DeadlinesCounted,
    DeadlinesWanted,
    LegalStep,
    ListedDeadline,
    Scope,
    StepState,
)
from services.intake.storage.reading import start_of

_COLUMNS: Final = "case_id, rule, asked_at, due_on, due_at, level, state, done_on, recorded_at, recorded_by"
_OF_CASE: Final = text(f"SELECT {_COLUMNS} FROM legal_step WHERE case_id = :case_id ORDER BY asked_at, rule DESC")
_SAVE: Final = text(
    f"""
    INSERT INTO legal_step ({_COLUMNS}) VALUES (:{_COLUMNS.replace(", ", ", :")})
    ON CONFLICT (case_id, rule) DO UPDATE SET level = excluded.level, state = excluded.state,
        done_on = excluded.done_on, recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by
    """
)
_REMOVE: Final = text("DELETE FROM legal_step WHERE case_id = :case_id AND rule = :rule")
# A deadline that was counted anew before it passed; one that has passed keeps its day.
_FOLLOW_COUNT: Final = (
    text(
        """
        UPDATE legal_step s SET due_on = o.due_on, due_at = o.due_at FROM obligation o
        WHERE s.case_id = ANY(CAST(:cases AS uuid[])) AND o.case_id = s.case_id AND o.rule = s.rule
          AND o.state = 'ARMED'
        """
    ),
    text(
        """
        UPDATE undecided u SET due_on = o.due_on FROM obligation o
        WHERE u.case_id = ANY(CAST(:cases AS uuid[])) AND o.case_id = u.case_id AND o.rule = 'INITIAL_VERIFY'
          AND o.state = 'ARMED'
        """
    ),
)

_STEPS: Final = """
    SELECT s.case_id, c.number, c.receiving_office_id, c.accountable_office_id, c.accountable_office_id AS office_id,
        s.rule, s.due_on, s.due_at, s.level
    FROM legal_step s JOIN intake_case c ON c.id = s.case_id WHERE s.state = 'ASKED'
"""
# The verifier to whom it was given answers for it, else those of the province that received her. While she is searched
# for nobody is asked to decide.
_DECISIONS: Final = f"""
    SELECT u.case_id, c.number, c.receiving_office_id, c.accountable_office_id,
        COALESCE(NULLIF(c.verifier_office_id, ''), c.receiving_office_id) AS office_id,
        CASE WHEN u.level < 2 THEN 'INITIAL_VERIFY' WHEN u.level > 2 THEN 'IDENTIFICATION_ESCALATE'
            WHEN u.is_complex THEN 'POLICE_VERIFY_REPLY_COMPLEX' ELSE 'POLICE_VERIFY_REPLY' END AS rule,
        u.due_on, {start_of("u.due_on", 1)} AS due_at, u.level
    FROM undecided u JOIN intake_case c ON c.id = u.case_id WHERE c.phase <> 'SEARCH'
"""


async def of_case(connection: AsyncConnection, case_id: UUID) -> tuple[LegalStep, ...]:
    """The steps of a case, in their order."""
    rows = await connection.execute(_OF_CASE, {"case_id": case_id})
    return tuple(
        LegalStep(**{**row._mapping, "rule": RuleCode(row.rule), "state": StepState(row.state)}) for row in rows
    )


async def save(connection: AsyncConnection, step: LegalStep) -> None:
    """Store a step, new or changed; the limit of one that is known stays."""
    await connection.execute(_SAVE, asdict(step))


async def remove(connection: AsyncConnection, step: LegalStep) -> None:
    """A step that is asked of nobody after all."""
    await connection.execute(_REMOVE, {"case_id": step.case_id, "rule": step.rule})


async def follow_count(connection: AsyncConnection, case_ids: Collection[UUID]) -> None:
    """Take over the due dates of these cases that were counted anew."""
    for statement in _FOLLOW_COUNT:
        await connection.execute(statement, {"cases": list(case_ids)})


def _asked(scope: Scope, wanted: DeadlinesWanted, now: datetime) -> tuple[str, dict[str, object]]:
    """All that is asked for, listed or counted, as a table `d`, with its parameters."""
    where, parameters = ["true"], dict[str, object]()
    if scope.offices is not None:
        where.append("d.office_id = ANY(CAST(:offices AS text[]))")
        parameters["offices"] = sorted(scope.offices)
    if wanted.rule:
        where.append("d.rule = :rule")
        parameters["rule"] = wanted.rule
    if wanted.overdue_only or wanted.overdue_days_min:
        where.append("d.due_at <= :now")
        parameters["now"] = now
    if wanted.overdue_days_min > 1:
        where.append("d.due_on <= CAST(:overdue_until AS date)")
        parameters["overdue_until"] = local_date(now) - timedelta(days=wanted.overdue_days_min)
    kinds = [kind for kind, is_seen in ((_STEPS, scope.steps), (_DECISIONS, scope.decisions)) if is_seen]
    return f"(SELECT d.* FROM ({' UNION ALL '.join(kinds)}) d WHERE {' AND '.join(where)}) d", parameters


async def list_deadlines(
    connection: AsyncConnection,
    scope: Scope,
    wanted: DeadlinesWanted,
    now: datetime,
    *,
    after: tuple[date, UUID, str] | None,
    limit: int,
) -> list[ListedDeadline]:
    """Legal deadlines, the earliest due first; the sort key is (due_on, case_id, rule)."""
    table, parameters = _asked(scope, wanted, now)
    keyset = ""
    if after is not None:
        keyset = "WHERE (d.due_on, d.case_id, d.rule) > (CAST(:day AS date), CAST(:case_id AS uuid), :after_rule)"
        parameters["day"], parameters["case_id"], parameters["after_rule"] = after
    statement = text(f"SELECT d.* FROM {table} {keyset} ORDER BY d.due_on, d.case_id, d.rule LIMIT :limit")
    return [
        ListedDeadline(
            case_id=row.case_id,
            case_number=row.number,
            receiving_office_id=row.receiving_office_id,
            accountable_office_id=row.accountable_office_id,
            rule=row.rule,
            due_on=row.due_on,
            level=row.level,
            has_passed=row.due_at <= now,
        )
        for row in await connection.execute(statement, parameters | {"limit": limit})
    ]


async def count_deadlines(
    connection: AsyncConnection, scope: Scope, wanted: DeadlinesWanted, now: datetime
) -> list[DeadlinesCounted]:
    """What `list_deadlines` lists, by the office that answers and by rule."""
    table, parameters = _asked(scope, wanted, now)
    statement = text(
        f"""
        SELECT d.office_id, d.rule, count(*) AS total, count(*) FILTER (WHERE d.due_at <= :now) AS overdue,
            count(*) FILTER (WHERE d.due_at <= :now AND d.due_on <= CAST(:today AS date) - 7) AS from_7_days,
            count(*) FILTER (WHERE d.due_at <= :now AND d.due_on <= CAST(:today AS date) - 30) AS from_30_days,
            COALESCE(max(GREATEST(1, CAST(:today AS date) - d.due_on)) FILTER (WHERE d.due_at <= :now), 0)
                AS oldest_days
        FROM {table} GROUP BY d.office_id, d.rule ORDER BY d.office_id, d.rule
        """
    )
    rows = await connection.execute(statement, parameters | {"now": now, "today": local_date(now)})
    return [DeadlinesCounted(**row._mapping) for row in rows]
