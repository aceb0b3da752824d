"""A case and its follow-ups, locked, read and written.

The row of a case is the lock of everything that belongs to it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.words import CloseReason, Phase
from services.chassis.storage.database import plain_array
from services.followup.domain.case import (
    CLOSE_DECISION,
    ESCALATE,
    FIRST_CONTACT,
    DropReason,
    FollowUp,
    FollowUpCase,
    Fresh,
    Safety,
    Search,
    Stage,
    State,
)
from services.followup.domain.entry import Entry, Kind, Outcome
from services.followup.domain.standing import asks_for_contact, is_lost, is_neglected
from services.followup.storage.days import keep_days
from services.followup.storage.entries import read_entries, save_entries
from services.followup.storage.tables import FollowUpCaseRow, FollowUpRow

_LOCK = text("SELECT * FROM followup_case WHERE case_id = :case_id FOR UPDATE")
_LOCK_BY_NUMBER = text("SELECT * FROM followup_case WHERE case_number = :case_number FOR UPDATE")
_LOCK_MANY = text(
    """
    SELECT case_id FROM followup_case WHERE case_id = ANY(CAST(:cases AS uuid[]))
    ORDER BY case_id FOR UPDATE SKIP LOCKED
    """
)
_KNOWN = text("SELECT case_id FROM followup_case WHERE case_id = ANY(CAST(:cases AS uuid[]))")
_SET = text("SELECT * FROM follow_up WHERE case_id = :case_id AND set_number = :set_number ORDER BY due_on, id")
# Done ones too: a deadline that has just come is done already, and whoever re-opens gets what was left. The latest of
# each is last: of one round there are several where it was watched again, and of those the armed one is up to date.
_OBLIGATIONS = text(
    f"""
    SELECT rule, reference_id, level, due_on, counted_from FROM obligation
    WHERE case_id = :case_id AND rule IN ('{ESCALATE}', '{CLOSE_DECISION}', '{FIRST_CONTACT}')
    ORDER BY counted_from NULLS FIRST, level, state = 'ARMED', id
    """
)


@dataclass
class _Due:
    """The latest due dates of a case, as its obligations have them.

    `escalation` by follow-up, `contact` by the arrival it counts from, `decision` and its present `round`.
    """

    escalation: dict[uuid.UUID, Any] = field(default_factory=dict)
    contact: dict[date, Any] = field(default_factory=dict)
    decision: Any = None
    round: Any = None


def _upsert(table: str, key: str, columns: Sequence[str]) -> str:
    names = ", ".join(columns)
    values = ", ".join(f":{column}" for column in columns)
    changes = ", ".join(f"{column} = excluded.{column}" for column in columns if column != key)
    return f"""
        INSERT INTO {table} ({names}, version, changed_at) VALUES ({values}, 1, :changed_at)
        ON CONFLICT ({key}) DO UPDATE
        SET {changes}, version = {table}.version + 1, changed_at = excluded.changed_at
        """


_CASE_COLUMNS = tuple(
    name for name in FollowUpCaseRow.model_fields if name not in ("version", "changed_at", "kept_since")
)
_FOLLOW_UP_COLUMNS = tuple(name for name in FollowUpRow.model_fields if name not in ("version", "changed_at"))
_SAVE_CASE = text(_upsert("followup_case", "case_id", _CASE_COLUMNS))
_KEEP = text("UPDATE followup_case SET kept_since = :changed_at WHERE case_id = :case_id")
_KEPT_SINCE = text("SELECT kept_since FROM followup_case WHERE case_id = :case_id")
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
    due = await _due_of(connection, row.case_id)
    entries = await read_entries(connection, row.case_id)
    return _case_of(row, due, [_follow_up_of(each, due) for each in found], entries)


async def lock_cases(uow: UnitOfWork, case_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Lock those of the cases that nobody else holds, in the order of their ids."""
    rows = await uow.connection.execute(_LOCK_MANY, {"cases": plain_array(case_ids)})
    return {row.case_id for row in rows}


async def known_cases(connection: AsyncConnection, case_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the cases that are followed up here, held by somebody or not."""
    rows = await connection.execute(_KNOWN, {"cases": list(case_ids)})
    return {row.case_id for row in rows}


async def save(connection: AsyncConnection, before: FollowUpCase | None, after: FollowUpCase, now: datetime) -> None:
    """Write what changed; each written row becomes a version newer."""
    if after != before:
        await connection.execute(_SAVE_CASE, _case_row(after) | {"changed_at": now})
    if before is not None and before.keeper_id != after.keeper_id:
        # Those of a cancelled set too: whoever makes the follow-ups sees all of it.
        moved = {"case_id": after.case_id, "office_id": after.keeper_id, "changed_at": now}
        await connection.execute(_MOVE_FOLLOW_UPS, moved)
        await connection.execute(_KEEP, {"case_id": after.case_id, "changed_at": now})
    await save_entries(connection, after.case_id, before.entries if before else (), after.entries)
    known = [_follow_up_row(before, one) for one in before.follow_ups] if before is not None else []
    rows = [_follow_up_row(after, one) for one in after.follow_ups]
    changed = [row for row in rows if row not in known]
    if changed:
        await connection.execute(_SAVE_FOLLOW_UP, [row | {"changed_at": now} for row in changed])
    await keep_days(connection, before, after, local_date(now))


async def kept_since(connection: AsyncConnection, case_id: uuid.UUID) -> datetime | None:
    """When the office that makes the follow-ups took them over; None when it did from the first, or long ago."""
    found: datetime | None = (await connection.execute(_KEPT_SINCE, {"case_id": case_id})).scalar_one()
    return found


async def _due_of(connection: AsyncConnection, case_id: uuid.UUID) -> _Due:
    due = _Due()
    for row in await connection.execute(_OBLIGATIONS, {"case_id": case_id}):
        if row.rule == ESCALATE:
            due.escalation[row.reference_id] = row
        elif row.rule == FIRST_CONTACT:
            due.contact[row.counted_from] = row
        else:
            due.round = row
            due.decision = row if row.level == 0 else due.decision
    return due


def _case_of(row: Any, due: _Due, follow_ups: Iterable[FollowUp], entries: tuple[Entry, ...]) -> FollowUpCase:
    contact = due.contact.get(row.contact_from) if row.contact_from else None
    return FollowUpCase(
        case_id=row.case_id,
        case_number=row.case_number,
        office_id=row.office_id,
        keepers=tuple(row.keepers),
        phase=Phase(row.phase),
        segment=row.segment,
        watched_from=row.watched_from,
        set_number=row.set_number,
        policy_version=row.policy_version,
        under_18=row.under_18,
        standing_arrivals=row.standing_arrivals,
        arrived_on=row.arrived_on,
        set_segment=row.set_segment,
        follow_ups=tuple(follow_ups),
        close_reason=CloseReason(row.close_reason) if row.close_reason else None,
        closed_at=row.closed_at,
        decision_due_on=due.decision.due_on if due.decision else None,
        decision_on=due.round.due_on if due.round else None,
        decision_from=due.round.counted_from if due.round else None,
        decision_level=row.decision_level,
        last_decision_id=row.last_decision_id,
        contact_from=row.contact_from,
        contact_due_on=contact.due_on if contact else None,
        contact_told=row.contact_told,
        contact_raised=row.contact_raised,
        entries=entries,
        fresh=Fresh(row.fresh_number, row.fresh_on),
        opened_with=row.opened_with,
        search=Search(row.search_reason, row.search_since) if row.search_reason else None,
        safety=_safety_of(row),
    )


def _safety_of(row: Any) -> Safety | None:
    if row.safety_number is None:
        return None
    return Safety(row.safety_number, row.safety_subject, row.safety_needed_at, row.safety_level, row.safety_round_from)


def _follow_up_of(row: Any, due: _Due) -> FollowUp:
    escalation = due.escalation.get(row.id)
    return FollowUp(
        id=row.id,
        kind=Kind(row.kind),
        counted_from=row.arrived_on,
        due_on=row.due_on,
        overdue_after_days=row.overdue_after_days,
        always=row.always_made,
        earliest_before=row.earliest_before,
        due_first_on=row.due_first_on,
        put_off_for=row.put_off_for or "",
        dropped=DropReason(row.dropped) if row.dropped else None,
        state=State(row.state),
        stage=Stage(row.stage),
        escalation_level=row.escalation_level,
        escalate_on=escalation.due_on if escalation else None,
        escalate_from=escalation.counted_from if escalation else None,
        limit_from=row.limit_from,
        limit_on=row.limit_on,
        attempts=tuple(row.attempts),
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
        "keeper_id": case.keeper_id,
        "keepers": list(case.keepers),
        "phase": case.phase.value,
        "segment": case.segment,
        "set_number": case.set_number,
        "policy_version": case.policy_version,
        "under_18": case.under_18,
        "standing_arrivals": case.standing_arrivals,
        "arrived_on": case.arrived_on,
        "set_segment": case.set_segment,
        "close_reason": case.close_reason.value if case.close_reason else None,
        "closed_at": case.closed_at,
        "decision_level": case.decision_level,
        "decision_open": case.phase is Phase.FOLLOW_UP and not case.binding_follow_ups,
        "watched_from": case.watched_from,
        "last_decision_id": case.last_decision_id,
        "contact_from": case.contact_from,
        "contact_told": case.contact_told,
        "contact_raised": case.contact_raised,
        "contact_asked_on": case.contact_due_on if asks_for_contact(case) else None,
        "fresh_number": case.fresh.number,
        "fresh_on": case.fresh.on,
        "opened_with": case.opened_with,
        "search_reason": case.search.reason if case.search else None,
        "search_since": case.search.since if case.search else None,
        "lost": is_lost(case),
        "safety_number": case.safety.entry_number if case.safety else None,
        "safety_subject": case.safety.subject if case.safety else None,
        "safety_needed_at": case.safety.needed_at if case.safety else None,
        "safety_level": case.safety.level if case.safety else 0,
        "safety_round_from": case.safety.round_from if case.safety else None,
    }


def _follow_up_row(case: FollowUpCase, one: FollowUp) -> dict[str, object]:
    return {
        "id": one.id,
        "case_id": case.case_id,
        "set_number": case.set_number,
        "kind": one.kind.value,
        "office_id": case.keeper_id,
        "arrived_on": one.counted_from,
        "due_on": one.due_on,
        "overdue_after_days": one.overdue_after_days,
        "always_made": one.always,
        "earliest_before": one.earliest_before,
        "due_first_on": one.due_first_on,
        "put_off_for": one.put_off_for or None,
        "dropped": one.dropped.value if one.dropped else None,
        "state": one.state.value,
        "stage": one.stage.value,
        "escalation_level": one.escalation_level,
        "limit_from": one.limit_from,
        "limit_on": one.limit_on,
        "attempts": list(one.attempts),
        "neglected": is_neglected(case, one),
        "visited_on": one.visited_on,
        "outcome": one.outcome.value if one.outcome else None,
        "warning_signs": list(one.warning_signs),
        "recorded_by": one.recorded_by,
    }
