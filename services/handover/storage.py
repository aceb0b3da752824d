"""Custody, transfers and searches in PostgreSQL: plain rows in, frozen values out.

The row of a case in `custody` is the lock of all that belongs to the case. It is locked by a
statement of its own, before anything else is read: a statement that waits for a lock goes on with
the other tables as they were before the wait.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Column, Integer, insert, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.chassis.case_ref import CaseRef
from services.chassis.kernel.deadlines import DueDate
from services.chassis.kernel.places import ProvinceRef
from services.chassis.obligations import arm, armed_of, disarm, obligation_of
from services.chassis.tables import table_of
from services.chassis.units import UnitOfWork
from services.handover.domain import (
    OPEN_STATES,
    CaseCustody,
    Cause,
    LostReason,
    Missed,
    Outcome,
    Person,
    Phase,
    RejectReason,
    Resolution,
    Search,
    SearchResolved,
    Segment,
    Transfer,
    TransferState,
    Watch,
)


class HandoverTable(SQLModel, registry=registry()):
    """Base of handover's own tables."""


class CustodyRow(HandoverTable, table=True):
    """One case: who is accountable, and what is watched."""

    __tablename__ = "custody"

    case_id: UUID = Field(primary_key=True)
    case_number: str = Field(unique=True)
    phase: str
    accountable_office_id: str
    segment: int
    registering_office_id: str
    present_since_on: date
    home_province: str | None
    age_band: str
    arrivals: list[int] = Field(sa_column=Column(ARRAY(Integer), nullable=False))
    followup_watches: bool
    visited: bool
    watch_rule: str | None
    watch_due_on: date | None
    missed_rule: str | None
    missed_due_on: date | None
    version: int
    opened_at: datetime
    changed_at: datetime


class SegmentRow(HandoverTable, table=True):
    """A stretch of accountability of one office."""

    __tablename__ = "custody_segment"

    case_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    office_id: str
    cause: str
    started_at: datetime
    ended_at: datetime | None


class TransferRow(HandoverTable, table=True):
    """A transfer; the database refuses a second open one of a case."""

    __tablename__ = "transfer"

    id: UUID = Field(primary_key=True)
    case_id: UUID
    number: int
    from_office_id: str
    to_office_id: str
    state: str
    expected_departure_on: date
    expected_arrival_on: date
    departed_on: date | None
    acknowledge_due_on: date | None
    arrived_on: date | None
    acknowledged_at: datetime | None
    reject_reason: str | None
    retract_reason: str
    told_overdue: bool
    late: bool
    planned_at: datetime
    version: int


class SearchRow(HandoverTable, table=True):
    """A search; the database refuses a second open one of a case."""

    __tablename__ = "search"

    id: UUID = Field(primary_key=True)
    case_id: UUID
    reason: str
    opened_at: datetime
    level: int
    resolution: str | None
    resolved_at: datetime | None


_CUSTODY: Final = table_of(CustodyRow)
_SEGMENT: Final = table_of(SegmentRow)
_TRANSFER: Final = table_of(TransferRow)
_SEARCH: Final = table_of(SearchRow)


# One case -------------------------------------------------------------------------------------

_FIND = "SELECT case_id FROM custody WHERE {column} = :ref"
_LOCK_SOME = text(
    "SELECT case_id FROM custody WHERE case_id = ANY(CAST(:cases AS uuid[]))"
    " ORDER BY case_id FOR UPDATE SKIP LOCKED"
)
_CASE = text(
    """
    SELECT c.*, s.cause, s.started_at FROM custody c
    JOIN custody_segment s ON s.case_id = c.case_id AND s.number = c.segment
    WHERE c.case_id = :case_id
    """
)
_LATEST_TRANSFER = text(
    "SELECT * FROM transfer WHERE case_id = :case_id ORDER BY number DESC LIMIT 1"
)
_OPEN_SEARCH = text("SELECT * FROM search WHERE case_id = :case_id AND resolved_at IS NULL")


async def lock_case(connection: AsyncConnection, ref: CaseRef) -> CaseCustody | None:
    """Lock a case until the commit, and load it; None when there is none."""
    return await _load(connection, ref, " FOR UPDATE")


async def load_case(connection: AsyncConnection, ref: CaseRef) -> CaseCustody | None:
    """Load a case without a lock; None when there is none."""
    return await _load(connection, ref, "")


async def lock_cases(connection: AsyncConnection, cases: Sequence[UUID]) -> set[UUID]:
    """Lock those of the cases that nobody else holds, in the order of their ids."""
    rows = await connection.execute(_LOCK_SOME, {"cases": list(cases)})
    return {row.case_id for row in rows}


async def _load(connection: AsyncConnection, ref: CaseRef, lock: str) -> CaseCustody | None:
    column = "case_id" if isinstance(ref, UUID) else "case_number"
    find = text(_FIND.format(column=column) + lock)
    case_id = await connection.scalar(find, {"ref": ref})
    if case_id is None:
        return None
    key = {"case_id": case_id}
    row = (await connection.execute(_CASE, key)).one()
    transfer = (await connection.execute(_LATEST_TRANSFER, key)).first()
    search = (await connection.execute(_OPEN_SEARCH, key)).first()
    return CaseCustody(
        case_id=row.case_id,
        case_number=row.case_number,
        phase=Phase(row.phase),
        segment=Segment(row.segment, row.accountable_office_id, Cause(row.cause), row.started_at),
        registering_office_id=row.registering_office_id,
        present_since_on=row.present_since_on,
        person=Person(
            ProvinceRef.parse(row.home_province) if row.home_province else None, row.age_band
        ),
        watch=await _watch_of(connection, case_id),
        missed=Missed(row.missed_rule, row.missed_due_on) if row.missed_rule else None,
        transfer=transfer_of(transfer) if transfer is not None else None,
        search=_search_of(search) if search is not None else None,
        arrivals=tuple(row.arrivals),
        followup_watches=row.followup_watches,
        visited=row.visited,
        version=row.version,
    )


async def _watch_of(connection: AsyncConnection, case_id: UUID) -> Watch | None:
    armed = await armed_of(connection, case_id)
    if not armed:
        return None
    (one,) = armed
    due = DueDate(
        rule_code=one.rule,
        rule_version=one.rule_version,
        calendar_version=one.calendar_version,
        due_on=one.due_on,
        due_at=one.due_at,
        provisional=False,
    )
    return Watch(due, one.is_primary, one.reference_id, one.level)


def transfer_of(row: Any) -> Transfer:
    """A transfer from its row."""
    return Transfer(
        id=row.id,
        number=row.number,
        from_office_id=row.from_office_id,
        to_office_id=row.to_office_id,
        state=TransferState(row.state),
        expected_departure_on=row.expected_departure_on,
        expected_arrival_on=row.expected_arrival_on,
        planned_at=row.planned_at,
        departed_on=row.departed_on,
        acknowledge_due_on=row.acknowledge_due_on,
        arrived_on=row.arrived_on,
        acknowledged_at=row.acknowledged_at,
        reject_reason=RejectReason(row.reject_reason) if row.reject_reason else None,
        retract_reason=row.retract_reason,
        told_overdue=row.told_overdue,
        late=row.late,
        version=row.version,
    )


def _search_of(row: Any) -> Search:
    return Search(
        id=row.id,
        reason=LostReason(row.reason),
        opened_at=row.opened_at,
        level=row.level,
        resolution=Resolution(row.resolution) if row.resolution else None,
    )


# Saving ---------------------------------------------------------------------------------------

_END_SEGMENTS = text(
    "UPDATE custody_segment SET ended_at = :now"
    " WHERE case_id = :case_id AND ended_at IS NULL AND number < :before"
)
_RESOLVE = text("UPDATE search SET resolution = :resolution, resolved_at = :now WHERE id = :id")


async def save(uow: UnitOfWork, before: CaseCustody | None, outcome: Outcome) -> None:
    """Write what a verb changed. The case must be locked, or new (`before` None)."""
    after = outcome.case
    if before is not None and after is before:
        return
    await _save_custody(uow, before, after)
    await _save_segment(uow, before, after)
    if after.transfer is not None and (before is None or after.transfer != before.transfer):
        await uow.connection.execute(_put(_TRANSFER, _transfer_values(after, after.transfer)))
    await _save_search(uow, before, outcome)
    await _save_watch(uow, before, after)


async def _save_custody(uow: UnitOfWork, before: CaseCustody | None, after: CaseCustody) -> None:
    values = {
        "case_id": after.case_id,
        "case_number": after.case_number,
        "phase": after.phase.value,
        "accountable_office_id": after.office_id,
        "segment": after.segment.number,
        "registering_office_id": after.registering_office_id,
        "present_since_on": after.present_since_on,
        "home_province": str(after.person.home_province) if after.person.home_province else None,
        "age_band": after.person.age_band,
        "arrivals": list(after.arrivals),
        "followup_watches": after.followup_watches,
        "visited": after.visited,
        "watch_rule": after.watch.rule if after.watch else None,
        "watch_due_on": after.watch.due.due_on if after.watch else None,
        "missed_rule": after.missed.rule if after.missed else None,
        "missed_due_on": after.missed.due_on if after.missed else None,
        "version": after.version,
        "changed_at": uow.now,
    }
    if before is None:
        await uow.connection.execute(insert(_CUSTODY).values(**values, opened_at=uow.now))
        return
    change = _CUSTODY.update().where(_CUSTODY.c.case_id == after.case_id)
    await uow.connection.execute(change.values(**values))


async def _save_segment(uow: UnitOfWork, before: CaseCustody | None, after: CaseCustody) -> None:
    begins = before is None or after.segment.number > before.segment.number
    ends = not after.is_open
    if begins or ends:
        number = after.segment.number + (1 if ends else 0)
        key = {"case_id": after.case_id, "now": uow.now, "before": number}
        await uow.connection.execute(_END_SEGMENTS, key)
    if begins:
        row = {
            "case_id": after.case_id,
            "number": after.segment.number,
            "office_id": after.segment.office_id,
            "cause": after.segment.cause.value,
            "started_at": after.segment.started_at,
            "ended_at": None,
        }
        await uow.connection.execute(insert(_SEGMENT).values(**row))


async def _save_search(uow: UnitOfWork, before: CaseCustody | None, outcome: Outcome) -> None:
    for event in outcome.events:
        if isinstance(event, SearchResolved):
            ended = {
                "id": event.search.id,
                "resolution": event.resolution.value,
                "now": uow.now,
            }
            await uow.connection.execute(_RESOLVE, ended)
    search = outcome.case.search
    if search is not None and (before is None or search != before.search):
        row = {
            "id": search.id,
            "case_id": outcome.case.case_id,
            "reason": search.reason.value,
            "opened_at": search.opened_at,
            "level": search.level,
            "resolution": None,
            "resolved_at": None,
        }
        await uow.connection.execute(_put(_SEARCH, row))


async def _save_watch(uow: UnitOfWork, before: CaseCustody | None, after: CaseCustody) -> None:
    watch = after.watch
    if before is not None and watch is before.watch:
        return
    if before is not None and before.watch is not None:
        await disarm(uow.connection, after.case_id)
    if watch is not None:
        armed = obligation_of(
            uow,
            after.case_id,
            watch.due,
            is_primary=watch.is_primary,
            reference_id=watch.reference_id,
            level=watch.level,
        )
        await arm(uow.connection, [armed])


def _put(table: Any, row: Mapping[str, object]) -> Any:
    """Insert the row, or replace the one with its id."""
    changed = {column: value for column, value in row.items() if column != "id"}
    return upsert(table).values(**row).on_conflict_do_update(index_elements=["id"], set_=changed)


def _transfer_values(case: CaseCustody, transfer: Transfer) -> dict[str, object]:
    return {
        "id": transfer.id,
        "case_id": case.case_id,
        "number": transfer.number,
        "from_office_id": transfer.from_office_id,
        "to_office_id": transfer.to_office_id,
        "state": transfer.state.value,
        "expected_departure_on": transfer.expected_departure_on,
        "expected_arrival_on": transfer.expected_arrival_on,
        "departed_on": transfer.departed_on,
        "acknowledge_due_on": transfer.acknowledge_due_on,
        "arrived_on": transfer.arrived_on,
        "acknowledged_at": transfer.acknowledged_at,
        "reject_reason": transfer.reject_reason.value if transfer.reject_reason else None,
        "retract_reason": transfer.retract_reason,
        "told_overdue": transfer.told_overdue,
        "late": transfer.late,
        "planned_at": transfer.planned_at,
        "version": transfer.version,
    }


# Who has to do with a case --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Relation:
    """What some offices, taken together, have to do with a case."""

    had_custody: bool
    addressed: bool
    addressed_now: bool


_RELATION = text(
    """
    SELECT
        EXISTS (SELECT 1 FROM custody_segment WHERE case_id = :case_id AND office_id = ANY(:offices))
            AS had_custody,
        EXISTS (SELECT 1 FROM transfer WHERE case_id = :case_id AND to_office_id = ANY(:offices))
            AS addressed,
        EXISTS (SELECT 1 FROM transfer WHERE case_id = :case_id AND to_office_id = ANY(:offices)
                AND state IN ('PLANNED', 'DISPATCHED')) AS addressed_now
    """
)


async def relation_of(
    connection: AsyncConnection, case_id: UUID, offices: Iterable[str]
) -> Relation:
    """Whether one of the offices has or had custody, or is or was addressed by a transfer."""
    parameters = {"case_id": case_id, "offices": list(offices)}
    row = (await connection.execute(_RELATION, parameters)).one()
    return Relation(row.had_custody, row.addressed, row.addressed_now)


# History --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PastSegment:
    """A segment with its end; None while it lasts."""

    segment: Segment
    ended_at: datetime | None


_SEGMENTS = text("SELECT * FROM custody_segment WHERE case_id = :case_id ORDER BY number")
_TRANSFERS = text("SELECT * FROM transfer WHERE case_id = :case_id ORDER BY number")


async def segments_of(connection: AsyncConnection, case_id: UUID) -> list[PastSegment]:
    """All segments of a case, oldest first."""
    rows = await connection.execute(_SEGMENTS, {"case_id": case_id})
    return [
        PastSegment(
            Segment(row.number, row.office_id, Cause(row.cause), row.started_at), row.ended_at
        )
        for row in rows
    ]


async def transfers_of(connection: AsyncConnection, case_id: UUID) -> list[Transfer]:
    """All transfers of a case, oldest first."""
    return [transfer_of(row) for row in await connection.execute(_TRANSFERS, {"case_id": case_id})]


# Lists ----------------------------------------------------------------------------------------


def past(column: str) -> str:
    """The SQL twin of `kernel.deadlines.is_past`, with the parameter `:today`; nowhere else."""
    return f"({column} < CAST(:today AS date))"


@dataclass(frozen=True, slots=True)
class ListedTransfer:
    """A transfer with the case it belongs to."""

    case_id: UUID
    case_number: str
    transfer: Transfer


@dataclass(frozen=True, slots=True)
class ListedOverdue:
    """An open case with a deadline passed."""

    case_id: UUID
    case_number: str
    phase: Phase
    office_id: str
    to_office_id: str
    rule: str
    due_on: date


@dataclass(frozen=True, slots=True)
class ListedSearch:
    """An open search with its case."""

    search: Search
    case_id: UUID
    case_number: str
    office_id: str
    to_office_id: str
    escalate_on: date | None


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows of a list: at most `size` after the row with the sort key `after`."""

    size: int
    after: Sequence[Any] | None


Offices = Collection[str] | None
"""The offices whose rows are asked for; None for all."""


_ONE_TRANSFER = text(
    "SELECT t.*, c.case_number FROM transfer t JOIN custody c USING (case_id) WHERE t.id = :id"
)


async def find_transfer(connection: AsyncConnection, transfer_id: UUID) -> ListedTransfer | None:
    """One transfer; None when there is none."""
    row = (await connection.execute(_ONE_TRANSFER, {"id": transfer_id})).first()
    return _listed_transfer(row) if row is not None else None


def _listed_transfer(row: Any) -> ListedTransfer:
    return ListedTransfer(row.case_id, row.case_number, transfer_of(row))


async def list_transfers(
    connection: AsyncConnection,
    page: Page,
    *,
    columns: Sequence[str],
    offices: Offices,
    states: Collection[TransferState],
    overdue_only: bool,
    today: date,
) -> list[ListedTransfer]:
    """Transfers by expected arrival, earliest first; the sort key is (expected_arrival_on, id).

    `columns`: which of from_office_id and to_office_id must be one of the offices. One query per
    column, so that each runs along an index; a transfer that both find comes once.
    """
    where = ["t.state = ANY(:states)"]
    if page.after is not None:
        where.append(
            "(t.expected_arrival_on, t.id) > (CAST(:after_day AS date), CAST(:after_id AS uuid))"
        )
    if overdue_only:
        waits = f"(t.state = 'DISPATCHED' AND {past('t.acknowledge_due_on')})"
        where.append(f"(t.state <> 'DISPATCHED' AND t.late OR {waits})")
    branches = [
        f"(SELECT t.* FROM transfer t WHERE {' AND '.join([*where, *limit])}"
        " ORDER BY t.expected_arrival_on, t.id LIMIT :size)"
        for limit in ([f"t.{column} = ANY(:offices)"] for column in columns if offices is not None)
    ] or [
        f"(SELECT t.* FROM transfer t WHERE {' AND '.join(where)}"
        " ORDER BY t.expected_arrival_on, t.id LIMIT :size)"
    ]
    statement = text(
        f"SELECT t.*, c.case_number FROM ({' UNION '.join(branches)}) t"
        " JOIN custody c USING (case_id) ORDER BY t.expected_arrival_on, t.id LIMIT :size"
    )
    parameters: dict[str, object] = {"states": [state.value for state in states], "size": page.size}
    if offices is not None:
        parameters["offices"] = list(offices)
    if page.after is not None:
        parameters["after_day"], parameters["after_id"] = page.after
    if overdue_only:
        parameters["today"] = today
    return [_listed_transfer(row) for row in await connection.execute(statement, parameters)]


_OPEN_TRANSFER: Final = (
    f"t.state IN ({', '.join(repr(state.value) for state in sorted(OPEN_STATES))})"
)


async def list_overdue(
    connection: AsyncConnection, page: Page, *, offices: Offices, today: date
) -> list[ListedOverdue]:
    """Open cases with a deadline passed, longest overdue first; sort key (overdue_from, case_id).

    A deadline that passed counts whether or not the scheduler has got to it.
    """
    where = ["c.overdue_from IS NOT NULL", past("c.overdue_from")]
    parameters: dict[str, object] = {"today": today, "size": page.size}
    if offices is not None:
        where.append("c.accountable_office_id = ANY(:offices)")
        parameters["offices"] = list(offices)
    if page.after is not None:
        where.append(
            "(c.overdue_from, c.case_id) > (CAST(:after_day AS date), CAST(:after_id AS uuid))"
        )
        parameters["after_day"], parameters["after_id"] = page.after
    statement = text(
        f"""
        SELECT c.case_id, c.case_number, c.phase, c.accountable_office_id, c.overdue_from,
               COALESCE(c.missed_rule, c.watch_rule) AS rule, t.to_office_id
        FROM custody c LEFT JOIN transfer t ON t.case_id = c.case_id AND {_OPEN_TRANSFER}
        WHERE {" AND ".join(where)} ORDER BY c.overdue_from, c.case_id LIMIT :size
        """
    )
    return [
        ListedOverdue(
            case_id=row.case_id,
            case_number=row.case_number,
            phase=Phase(row.phase),
            office_id=row.accountable_office_id,
            to_office_id=row.to_office_id or "",
            rule=row.rule,
            due_on=row.overdue_from,
        )
        for row in await connection.execute(statement, parameters)
    ]


async def list_searches(
    connection: AsyncConnection, page: Page, *, offices: Offices
) -> list[ListedSearch]:
    """Open searches, oldest first; the sort key is (opened_at, id)."""
    where = ["s.resolved_at IS NULL"]
    parameters: dict[str, object] = {"size": page.size}
    if offices is not None:
        where.append("c.accountable_office_id = ANY(:offices)")
        parameters["offices"] = list(offices)
    if page.after is not None:
        where.append(
            "(s.opened_at, s.id) > (CAST(:after_time AS timestamptz), CAST(:after_id AS uuid))"
        )
        parameters["after_time"], parameters["after_id"] = page.after
    statement = text(
        f"""
        SELECT s.*, c.case_number, c.accountable_office_id, c.watch_due_on, t.to_office_id
        FROM search s JOIN custody c USING (case_id)
        LEFT JOIN transfer t ON t.case_id = c.case_id AND {_OPEN_TRANSFER}
        WHERE {" AND ".join(where)} ORDER BY s.opened_at, s.id LIMIT :size
        """
    )
    return [
        ListedSearch(
            search=_search_of(row),
            case_id=row.case_id,
            case_number=row.case_number,
            office_id=row.accountable_office_id,
            to_office_id=row.to_office_id or "",
            escalate_on=row.watch_due_on,
        )
        for row in await connection.execute(statement, parameters)
    ]
