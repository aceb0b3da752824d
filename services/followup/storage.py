"""Tables of followup, and the one place that reads and writes them.

The row of a case is the lock of everything that belongs to it. SQLModel classes are the schema; rows are read and
written by plain statements.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ARRAY, CheckConstraint, Column, Date, Index, Text, UniqueConstraint, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.deadlines import Timeliness
from services.followup.domain import (
    CloseReason,
    Contact,
    ContactOutcome,
    FollowUp,
    FollowUpCase,
    Kind,
    Outcome,
    Phase,
    Stage,
    State,
)


class FollowUpTable(SQLModel, registry=registry()):
    """Base of followup's own tables."""


class FollowUpCaseRow(FollowUpTable, table=True):
    """A case whose arrival was told. Kept as long as the case."""

    __tablename__ = "followup_case"
    __table_args__ = (
        Index("followup_case_number", "case_number"),
        Index(
            "followup_case_open_of_office",
            "office_id",
            postgresql_where=text("phase NOT IN ('CLOSED', 'WITHDRAWN')"),
        ),
        Index(
            "followup_case_decisions",
            "decision_due_on",
            "case_id",
            postgresql_where=text("decision_open"),
        ),
        Index(
            "followup_case_decisions_of_office",
            "office_id",
            "decision_due_on",
            "case_id",
            postgresql_where=text("decision_open"),
        ),
        CheckConstraint("phase <> 'FOLLOW_UP' OR arrived_on IS NOT NULL", "followup_case_followed"),
        CheckConstraint("NOT decision_open OR decision_due_on IS NOT NULL", "followup_case_decision"),
        CheckConstraint("cardinality(contact_days) = cardinality(contact_outcomes)", "followup_case_contacts"),
    )

    case_id: uuid.UUID = Field(primary_key=True)
    case_number: str
    office_id: str
    phase: str
    segment: int
    set_number: int
    standing_arrivals: int
    arrived_on: date | None
    close_reason: str | None
    closed_at: datetime | None
    decision_due_on: date | None
    decision_on: date | None
    decision_from: date | None
    decision_level: int
    decision_open: bool
    watched_from: datetime
    echoes_due: int
    contact_due_on: date | None
    contact_told: bool
    contact_days: list[date] = Field(sa_column=Column(ARRAY(Date), nullable=False))
    contact_outcomes: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    version: int
    changed_at: datetime


class FollowUpRow(FollowUpTable, table=True):
    """A follow-up. `office_id` is the case's, repeated for the lists. Warning signs stay here: no event has them."""

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("case_id", "set_number", "kind"),
        Index("follow_up_open", "due_on", "id", postgresql_where=text("state = 'OPEN'")),
        Index(
            "follow_up_open_of_office",
            "office_id",
            "due_on",
            "id",
            postgresql_where=text("state = 'OPEN'"),
        ),
        Index("follow_up_all", "due_on", "id"),
        Index("follow_up_all_of_office", "office_id", "due_on", "id"),
    )

    id: uuid.UUID = Field(primary_key=True)
    case_id: uuid.UUID
    set_number: int
    kind: str
    office_id: str
    arrived_on: date
    due_on: date
    overdue_after_days: int
    state: str
    stage: str
    escalation_level: int
    escalate_on: date | None
    escalate_from: date | None
    attempts: list[date] = Field(sa_column=Column(ARRAY(Date), nullable=False))
    lost: bool
    visited_on: date | None
    outcome: str | None
    warning_signs: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    recorded_by: str | None
    version: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class ListedFollowUp:
    """A follow-up as lists and answers show it. `timeliness` is that of an open one, today."""

    id: uuid.UUID
    case_id: uuid.UUID
    case_number: str
    version: int
    kind: Kind
    state: State
    timeliness: Timeliness
    office_id: str
    arrived_on: date
    due_on: date
    visited_on: date | None
    outcome: Outcome | None
    attempt_count: int
    lost: bool
    escalation_level: int


@dataclass(frozen=True, slots=True)
class ListedOverdue:
    """A late or overdue follow-up, or (`kind` None) a passed closing decision."""

    id: uuid.UUID
    case_id: uuid.UUID
    case_number: str
    kind: Kind | None
    timeliness: Timeliness
    office_id: str
    due_on: date
    overdue_days: int
    escalation_level: int
    lost: bool


PageKey = tuple[date, uuid.UUID]
"""Due date and id of the last row that was given."""

DECISION_OVERDUE_AFTER_DAYS: Final = 1
"""A closing decision has no grace: past is overdue."""

_LOCK = text("SELECT * FROM followup_case WHERE case_id = :case_id FOR UPDATE")
_LOCK_BY_NUMBER = text("SELECT * FROM followup_case WHERE case_number = :case_number FOR UPDATE")
_LOCK_MANY = text(
    """
    SELECT case_id FROM followup_case WHERE case_id = ANY(CAST(:cases AS uuid[]))
    ORDER BY case_id FOR UPDATE SKIP LOCKED
    """
)
_SET = text("SELECT * FROM follow_up WHERE case_id = :case_id AND set_number = :set_number ORDER BY due_on, id")


def _upsert(table: str, key: str, columns: Sequence[str]) -> str:
    names = ", ".join(columns)
    values = ", ".join(f":{column}" for column in columns)
    changes = ", ".join(f"{column} = excluded.{column}" for column in columns if column != key)
    return f"""
        INSERT INTO {table} ({names}, version, changed_at) VALUES ({values}, 1, :changed_at)
        ON CONFLICT ({key}) DO UPDATE
        SET {changes}, version = {table}.version + 1, changed_at = excluded.changed_at
        """


_CASE_COLUMNS = tuple(name for name in FollowUpCaseRow.model_fields if name not in ("version", "changed_at"))
_FOLLOW_UP_COLUMNS = tuple(name for name in FollowUpRow.model_fields if name not in ("version", "changed_at"))
_SAVE_CASE = text(_upsert("followup_case", "case_id", _CASE_COLUMNS))
_MOVE_FOLLOW_UPS = text(
    """
    UPDATE follow_up SET office_id = :office_id, version = version + 1, changed_at = :changed_at
    WHERE case_id = :case_id
    """
)
_SAVE_FOLLOW_UP = text(_upsert("follow_up", "id", _FOLLOW_UP_COLUMNS))


async def lock_case(connection: AsyncConnection, reference: CaseRef) -> FollowUpCase | None:
    """Lock a case by id or number, and read it with its current set; None when it is unknown here."""
    if isinstance(reference, uuid.UUID):
        row = (await connection.execute(_LOCK, {"case_id": reference})).first()
    else:
        row = (await connection.execute(_LOCK_BY_NUMBER, {"case_number": reference})).first()
    if row is None:
        return None
    found = await connection.execute(_SET, {"case_id": row.case_id, "set_number": row.set_number})
    return _case_of(row, [_follow_up_of(each) for each in found])


async def lock_cases(uow: UnitOfWork, case_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Lock those of the cases that nobody else holds, in the order of their ids."""
    rows = await uow.connection.execute(_LOCK_MANY, {"cases": list(case_ids)})
    return {row.case_id for row in rows}


async def save(connection: AsyncConnection, before: FollowUpCase | None, after: FollowUpCase, now: datetime) -> None:
    """Write what changed; each written row becomes a version newer."""
    if after != before:
        await connection.execute(_SAVE_CASE, _case_row(after) | {"changed_at": now})
    if before is not None and before.office_id != after.office_id:
        # Those of a cancelled set too: whoever answers for the case sees all of it.
        moved = {"case_id": after.case_id, "office_id": after.office_id, "changed_at": now}
        await connection.execute(_MOVE_FOLLOW_UPS, moved)
    known = before.follow_ups if before is not None else ()
    changed = [_follow_up_row(after, one) for one in after.follow_ups if one not in known]
    if changed:
        await connection.execute(_SAVE_FOLLOW_UP, [row | {"changed_at": now} for row in changed])


def _case_of(row: Any, follow_ups: Iterable[FollowUp]) -> FollowUpCase:
    return FollowUpCase(
        case_id=row.case_id,
        case_number=row.case_number,
        office_id=row.office_id,
        phase=Phase(row.phase),
        segment=row.segment,
        watched_from=row.watched_from,
        set_number=row.set_number,
        standing_arrivals=row.standing_arrivals,
        arrived_on=row.arrived_on,
        follow_ups=tuple(follow_ups),
        close_reason=CloseReason(row.close_reason) if row.close_reason else None,
        closed_at=row.closed_at,
        decision_due_on=row.decision_due_on,
        decision_on=row.decision_on,
        decision_from=row.decision_from,
        decision_level=row.decision_level,
        echoes_due=row.echoes_due,
        contact_due_on=row.contact_due_on,
        contact_told=row.contact_told,
        contacts=tuple(
            Contact(on, ContactOutcome(outcome))
            for on, outcome in zip(row.contact_days, row.contact_outcomes, strict=True)
        ),
    )


def _follow_up_of(row: Any) -> FollowUp:
    return FollowUp(
        id=row.id,
        kind=Kind(row.kind),
        counted_from=row.arrived_on,
        due_on=row.due_on,
        overdue_after_days=row.overdue_after_days,
        state=State(row.state),
        stage=Stage(row.stage),
        escalation_level=row.escalation_level,
        escalate_on=row.escalate_on,
        escalate_from=row.escalate_from,
        attempts=tuple(row.attempts),
        lost=row.lost,
        visited_on=row.visited_on,
        outcome=Outcome(row.outcome) if row.outcome else None,
        warning_signs=tuple(row.warning_signs),
        recorded_by=row.recorded_by,
    )


def _case_row(case: FollowUpCase) -> dict[str, object]:
    return {
        "case_id": case.case_id,
        "case_number": case.case_number,
        "office_id": case.office_id,
        "phase": case.phase.value,
        "segment": case.segment,
        "set_number": case.set_number,
        "standing_arrivals": case.standing_arrivals,
        "arrived_on": case.arrived_on,
        "close_reason": case.close_reason.value if case.close_reason else None,
        "closed_at": case.closed_at,
        "decision_due_on": case.decision_due_on,
        "decision_on": case.decision_on,
        "decision_from": case.decision_from,
        "decision_level": case.decision_level,
        "decision_open": case.phase is Phase.FOLLOW_UP and not case.open_follow_ups,
        "watched_from": case.watched_from,
        "echoes_due": case.echoes_due,
        "contact_due_on": case.contact_due_on,
        "contact_told": case.contact_told,
        "contact_days": [contact.on for contact in case.contacts],
        "contact_outcomes": [contact.outcome.value for contact in case.contacts],
    }


def _follow_up_row(case: FollowUpCase, one: FollowUp) -> dict[str, object]:
    return {
        "id": one.id,
        "case_id": case.case_id,
        "set_number": case.set_number,
        "kind": one.kind.value,
        "office_id": case.office_id,
        "arrived_on": one.counted_from,
        "due_on": one.due_on,
        "overdue_after_days": one.overdue_after_days,
        "state": one.state.value,
        "stage": one.stage.value,
        "escalation_level": one.escalation_level,
        "escalate_on": one.escalate_on,
        "escalate_from": one.escalate_from,
        "attempts": list(one.attempts),
        "lost": one.lost,
        "visited_on": one.visited_on,
        "outcome": one.outcome.value if one.outcome else None,
        "warning_signs": list(one.warning_signs),
        "recorded_by": one.recorded_by,
    }


# Lists ----------------------------------------------------------------------------------------

_LISTED = """
    SELECT f.id, f.case_id, c.case_number, f.version, f.kind, f.state, f.office_id, f.arrived_on, f.due_on,
           f.visited_on, f.outcome, cardinality(f.attempts) AS attempt_count, f.lost, f.escalation_level,
           follow_up_timeliness(f.due_on, f.overdue_after_days, :today) AS timeliness
    FROM follow_up f JOIN followup_case c USING (case_id)
"""
_ONE = text(_LISTED + " WHERE f.id = :id")
_OVERDUE_FOLLOW_UPS = """
    SELECT f.id, f.case_id, f.kind, f.office_id, f.due_on, f.escalation_level, f.lost, f.overdue_after_days
    FROM follow_up f WHERE f.state = 'OPEN' AND f.due_on < :today
"""
_PASSED_DECISIONS = f"""
    SELECT c.case_id AS id, c.case_id, NULL AS kind, c.office_id, c.decision_due_on AS due_on,
           c.decision_level AS escalation_level, false AS lost, {DECISION_OVERDUE_AFTER_DAYS} AS overdue_after_days
    FROM followup_case c WHERE c.decision_open AND c.decision_due_on < :today
"""
_OF_OFFICES = " AND {alias}.office_id = ANY(CAST(:offices AS text[]))"
_AFTER = " AND ({due}, {id}) > (CAST(:after_due AS date), CAST(:after_id AS uuid))"


async def read_follow_up(connection: AsyncConnection, follow_up_id: uuid.UUID, today: date) -> ListedFollowUp:
    """One follow-up as it is now."""
    row = (await connection.execute(_ONE, {"id": follow_up_id, "today": today})).one()
    return _listed(row)


async def list_follow_ups(
    connection: AsyncConnection,
    *,
    offices: Sequence[str] | None,
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
    statement += _narrowed(offices, after, alias="f", due="f.due_on", key="f.id")
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
    offices: Sequence[str] | None,
    today: date,
    after: PageKey | None,
    limit: int,
) -> list[ListedOverdue]:
    """Late and overdue follow-ups and passed closing decisions of these offices (None: of all), longest first."""
    order = " ORDER BY due_on, id LIMIT :limit"
    follow_ups = _OVERDUE_FOLLOW_UPS + _narrowed(offices, after, alias="f", due="f.due_on", key="f.id")
    decisions = _PASSED_DECISIONS + _narrowed(offices, after, alias="c", due="c.decision_due_on", key="c.case_id")
    rows = await connection.execute(
        text(
            f"""
            SELECT p.*, n.case_number, follow_up_timeliness(p.due_on, p.overdue_after_days, :today) AS timeliness
            FROM (({follow_ups}{order}) UNION ALL ({decisions}{order}){order}) p
            JOIN followup_case n USING (case_id)
            ORDER BY p.due_on, p.id
            """
        ),
        {"today": today, "limit": limit} | _given(offices=offices, after=after),
    )
    return [_overdue(row, today) for row in rows]


def _narrowed(offices: Sequence[str] | None, after: PageKey | None, *, alias: str, due: str, key: str) -> str:
    return (_OF_OFFICES.format(alias=alias) if offices is not None else "") + (
        _AFTER.format(due=due, id=key) if after is not None else ""
    )


def _given(*, offices: Sequence[str] | None, after: PageKey | None) -> dict[str, object]:
    given: dict[str, object] = {}
    if offices is not None:
        given["offices"] = list(offices)
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
        escalation_level=row.escalation_level,
    )


def _overdue(row: Any, today: date) -> ListedOverdue:
    return ListedOverdue(
        id=row.id,
        case_id=row.case_id,
        case_number=row.case_number,
        kind=Kind(row.kind) if row.kind else None,
        timeliness=Timeliness(row.timeliness),
        office_id=row.office_id,
        due_on=row.due_on,
        overdue_days=(today - row.due_on).days,
        escalation_level=row.escalation_level,
        lost=row.lost,
    )
