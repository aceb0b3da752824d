"""Deadlines in our own table: a tick looks at what is due; nothing is kept in a scheduler's memory.

The row of a case is the lock of all that belongs to it: a tick first finds cases with something due, then locks
those cases in a fixed order (skipping those another replica works on), and only then reads what is due now. So a
command and a tick never wait for each other crosswise, and each deadline fires once, however many ticks run.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.failpoint import failpoint
from services.chassis.kernel.deadlines import DueDate
from services.chassis.tables import Obligation, table_of
from services.chassis.trace import Trace, set_trace
from services.chassis.units import UnitOfWork, Units

BATCH_CASES = 100
LATE_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class ArmedObligation:
    """A deadline that is watched.

    Attributes:
        reference_id: the transfer, search or follow-up it belongs to.
        level: how often its rule fired before, for rules that repeat.
        due_on: last local day that is in time.
        due_at: instant at which it fires.
    """

    id: uuid.UUID
    case_id: uuid.UUID
    reference_id: uuid.UUID | None
    rule: str
    rule_version: int
    calendar_version: str
    is_primary: bool
    level: int
    due_on: date
    due_at: datetime


def obligation_of(
    uow: UnitOfWork,
    case_id: uuid.UUID,
    due: DueDate,
    *,
    is_primary: bool = True,
    reference_id: uuid.UUID | None = None,
    level: int = 0,
    fire_at: datetime | None = None,
) -> ArmedObligation:
    """A new obligation from a due date. It fires when the due date has passed, or at `fire_at`."""
    return ArmedObligation(
        id=uow.new_id(),
        case_id=case_id,
        reference_id=reference_id,
        rule=due.rule_code,
        rule_version=due.rule_version,
        calendar_version=due.calendar_version,
        is_primary=is_primary,
        level=level,
        due_on=due.due_on,
        due_at=fire_at or due.due_at,
    )


_INSERT = insert(table_of(Obligation))
_DISARM = text(
    """
    UPDATE obligation SET state = 'DISARMED'
    WHERE case_id = :case_id AND state = 'ARMED'
      AND (CAST(:rules AS text[]) IS NULL OR rule = ANY(CAST(:rules AS text[])))
      AND (CAST(:reference_id AS uuid) IS NULL OR reference_id = :reference_id)
      AND (NOT :primary_only OR is_primary)
    """
)
_DUE_CASES = text(
    "SELECT case_id FROM obligation WHERE state = 'ARMED' AND due_at <= :now ORDER BY due_at LIMIT :batch"
)
_COLUMNS = (
    "id, case_id, reference_id, rule, rule_version, calendar_version, is_primary, level, due_on, due_at"
)
_DUE = text(
    f"""
    SELECT {_COLUMNS} FROM obligation
    WHERE state = 'ARMED' AND due_at <= :now AND case_id = ANY(CAST(:cases AS uuid[]))
    ORDER BY case_id, due_at, id
    """
)
_ARMED = text(f"SELECT {_COLUMNS} FROM obligation WHERE case_id = :case_id AND state = 'ARMED'")
_FIRE = text(
    """
    UPDATE obligation SET state = 'FIRED', fired_at = :now, late = (due_at < CAST(:now AS timestamptz) - :late_after)
    WHERE id = ANY(CAST(:ids AS uuid[])) AND state = 'ARMED' RETURNING id
    """
)
_TICKED = text(
    """
    INSERT INTO watcher (name, ticked_at, ticked_real_at) VALUES (:name, :now, clock_timestamp())
    ON CONFLICT (name) DO UPDATE SET ticked_at = excluded.ticked_at, ticked_real_at = excluded.ticked_real_at
    """
)


async def arm(connection: AsyncConnection, obligations: Iterable[ArmedObligation]) -> None:
    """Watch these. The database refuses a second armed primary obligation of a case."""
    rows = [
        {
            "id": one.id,
            "case_id": one.case_id,
            "reference_id": one.reference_id,
            "rule": one.rule,
            "rule_version": one.rule_version,
            "calendar_version": one.calendar_version,
            "is_primary": one.is_primary,
            "level": one.level,
            "due_on": one.due_on,
            "due_at": one.due_at,
            "state": "ARMED",
            "late": False,
        }
        for one in obligations
    ]
    if rows:
        await connection.execute(_INSERT, rows)


async def disarm(
    connection: AsyncConnection,
    case_id: uuid.UUID,
    *,
    rules: Sequence[str] | None = None,
    reference_id: uuid.UUID | None = None,
    primary_only: bool = False,
) -> None:
    """Stop watching a case's obligations: all, or those of the rules, reference or primary only."""
    await connection.execute(
        _DISARM,
        {
            "case_id": case_id,
            "rules": list(rules) if rules is not None else None,
            "reference_id": reference_id,
            "primary_only": primary_only,
        },
    )


async def armed_of(connection: AsyncConnection, case_id: uuid.UUID) -> list[ArmedObligation]:
    """What is watched for a case."""
    rows = await connection.execute(_ARMED, {"case_id": case_id})
    return [ArmedObligation(**row._mapping) for row in rows]


LockCases = Callable[[UnitOfWork, Sequence[uuid.UUID]], Awaitable[set[uuid.UUID]]]
Fire = Callable[[UnitOfWork, ArmedObligation, bool], Awaitable[None]]


async def fire_due(
    units: Units, name: str, lock_cases: LockCases, fire: Fire, *, batch: int = BATCH_CASES
) -> int:
    """One look: fire what is due of at most `batch` obligations, in one transaction. Returns how many fired.

    Args:
        lock_cases: locks those of the cases, in the order of their ids, that nobody else holds (SKIP LOCKED), and
            returns them.
        fire: called with each obligation and whether it fires late (an hour or more after its time); says the
            events and arms what follows. The obligation is no longer armed when it is called.
    """

    async def unit(uow: UnitOfWork) -> int:
        set_trace(Trace(correlation_id=str(uow.new_id())))
        await uow.connection.execute(_TICKED, {"name": name, "now": uow.now})
        found = await uow.connection.execute(_DUE_CASES, {"now": uow.now, "batch": batch})
        cases = sorted({row.case_id for row in found})
        if not cases:
            return 0
        locked = await lock_cases(uow, cases)
        failpoint("schedule.after_claim")
        due = [
            ArmedObligation(**row._mapping)
            for row in await uow.connection.execute(
                _DUE, {"now": uow.now, "cases": sorted(locked)}
            )
        ]
        fired = await _fire_each(uow, due, fire)
        failpoint("schedule.after_effect_before_complete")
        return fired

    return await units.run(unit)


async def _fire_each(uow: UnitOfWork, due: Sequence[ArmedObligation], fire: Fire) -> int:
    completed = await uow.connection.execute(
        _FIRE, {"ids": [one.id for one in due], "now": uow.now, "late_after": LATE_AFTER}
    )
    fired = {row.id for row in completed}
    for one in due:
        if one.id in fired:
            await fire(uow, one, uow.now - one.due_at >= LATE_AFTER)
    return len(fired)
