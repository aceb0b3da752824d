"""Deadlines in our own table: a tick looks at what is due; nothing is kept in a scheduler's memory.

The row of a case is the lock of all that belongs to it: a tick first finds cases with something due, then locks
those cases in a fixed order (skipping those another replica works on), and only then reads what is due now. So a
command and a tick never wait for each other crosswise, and each deadline fires once, however many ticks run.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import end_of_local_day, local_date
from services.chassis.kernel.deadlines import DueDate, Rule, Unit, recounted, rules_of
from services.chassis.storage.database import failure_level, is_outage, plain_array
from services.chassis.storage.tables import Obligation, table_of
from services.chassis.telemetry.failpoint import failpoint
from services.chassis.telemetry.trace import Trace, set_trace

BATCH_CASES = 100
LATE_AFTER = timedelta(hours=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class ArmedObligation:
    """A deadline that is watched.

    Attributes:
        reference_id: the transfer, search or follow-up it belongs to.
        level: how often its rule fired before, for rules that repeat.
        due_on: last local day that is in time.
        due_at: instant at which it fires.
        counted_from: local day from which its last interval was counted, where that is known.
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
    counted_from: date | None = None

    @property
    def due(self) -> DueDate:
        """What is due, as it was counted."""
        return DueDate(
            rule_code=self.rule,
            rule_version=self.rule_version,
            calendar_version=self.calendar_version,
            due_on=self.due_on,
            due_at=self.due_at,
            provisional=False,
            counted_from=self.counted_from,
        )


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
        counted_from=due.counted_from,
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
    """
    SELECT case_id FROM obligation
    WHERE state = 'ARMED' AND due_at <= :now AND NOT case_id = ANY(CAST(:without AS uuid[]))
    ORDER BY due_at LIMIT :batch
    """
)
_COLUMNS = (
    "id, case_id, reference_id, rule, rule_version, calendar_version, is_primary, level, due_on, due_at, counted_from"
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
            "counted_from": one.counted_from,
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


_COUNTED = text(
    """
    SELECT DISTINCT rule, rule_version, counted_from, due_on FROM obligation
    WHERE state = 'ARMED' AND due_on >= :today AND counted_from IS NOT NULL AND calendar_version <> :calendar_version
    """
)
_KEYS = """
    unnest(CAST(:rules AS text[]), CAST(:versions AS int[]), CAST(:starts AS date[]), CAST(:dues AS date[]),
           CAST(:new_dues AS date[])) AS k (rule, version, counted_from, old_due_on, due_on)
"""
_MATCH = """
    o.state = 'ARMED' AND o.rule = k.rule AND o.rule_version = k.version AND o.counted_from = k.counted_from
      AND o.due_on = k.old_due_on
"""
_RECOUNTED_CASES = text(f"SELECT DISTINCT o.case_id FROM obligation o, {_KEYS} WHERE {_MATCH}")
_RECOUNT = text(
    f"""
    UPDATE obligation o SET due_on = k.due_on, due_at = o.due_at + (k.due_on - k.old_due_on) * interval '1 day',
        calendar_version = :calendar_version
    FROM {_KEYS} WHERE {_MATCH} RETURNING o.case_id
    """
)


async def recount(
    uow: UnitOfWork,
    calendar: WorkingCalendar,
    lock_cases: Callable[[AsyncConnection, Sequence[uuid.UUID]], Awaitable[None]],
) -> list[uuid.UUID]:
    """Count what is watched in working days anew, by this calendar. Returns the cases of which a due date moved.

    One that has passed stands, and so does one of which it isn't known from when it was counted.

    Args:
        lock_cases: locks these cases until the commit, in the order of their ids.
    """
    known = await uow.connection.execute(_COUNTED, {"today": local_date(uow.now), "calendar_version": calendar.version})
    changed = []
    for row in known:
        rule = _version_of(row.rule, row.rule_version, calendar)
        if rule is None or rule.unit is not Unit.WORKING_DAYS:
            continue
        due = DueDate(rule.code, rule.version, "", row.due_on, end_of_local_day(row.due_on), False, row.counted_from)
        again = recounted(due, rule, uow.now, calendar)
        if again.due_on != row.due_on:
            changed.append((row, again))
    if not changed:
        return []
    parameters = {
        "rules": [row.rule for row, _ in changed],
        "versions": [row.rule_version for row, _ in changed],
        "starts": [row.counted_from for row, _ in changed],
        "dues": [row.due_on for row, _ in changed],
        "new_dues": [again.due_on for _, again in changed],
    }
    found = await uow.connection.execute(_RECOUNTED_CASES, parameters)
    await lock_cases(uow.connection, sorted({row.case_id for row in found}))
    moved = await uow.connection.execute(_RECOUNT, parameters | {"calendar_version": calendar.version})
    return sorted({row.case_id for row in moved})


def _version_of(code: str, version: int, calendar: WorkingCalendar) -> Rule | None:
    return next((rule for rule in rules_of(calendar).get(code, ()) if rule.version == version), None)


LockCases = Callable[[UnitOfWork, Sequence[uuid.UUID]], Awaitable[set[uuid.UUID]]]
Fire = Callable[[UnitOfWork, ArmedObligation, bool], Awaitable[None]]


async def fire_due(units: Units, name: str, lock_cases: LockCases, fire: Fire, *, batch: int = BATCH_CASES) -> int:
    """One look: fire what is due of at most `batch` obligations, in one transaction. Returns how many fired.

    When one of them cannot be fired, the cases are taken one by one, so that the deadlines of one case hold up no
    other's; those that failed are passed over until the look ends, said in the log, and tried again by the next.

    Args:
        lock_cases: locks those of the cases, in the order of their ids, that nobody else holds (SKIP LOCKED), and
            returns them.
        fire: called with each obligation and whether it fires late (an hour or more after its time); says the
            events and arms what follows. The obligation is no longer armed when it is called.
    """

    failed: set[uuid.UUID] = set()
    fired = 0

    async def fire_batch(uow: UnitOfWork) -> int:
        set_trace(Trace(correlation_id=str(uow.new_id())))
        found = await uow.connection.execute(_DUE_CASES, {"now": uow.now, "batch": batch, "without": sorted(failed)})
        cases = sorted({row.case_id for row in found})
        try:
            count = await _fire_cases(uow, cases, lock_cases, fire) if cases else 0
        except Exception as error:
            if is_outage(error):
                raise
            raise _BatchFailed(cases) from error
        # Last, because all who look share this row: one that is stopped on its way must not hold up the others.
        await uow.connection.execute(_TICKED, {"name": name, "now": uow.now})
        return count

    while True:
        try:
            return fired + await units.run(fire_batch)
        except _BatchFailed as batch_failed:
            cases = batch_failed.cases
        for case_id in cases:
            try:
                fired += await units.run(partial(_fire_case, case_id, lock_cases, fire))
            except Exception as error:
                if is_outage(error):
                    raise
                failed.add(case_id)
                log.log(
                    failure_level(error),
                    "deadline_failed",
                    watcher=name,
                    case_id=str(case_id),
                    error=type(error).__name__,
                )


class _BatchFailed(Exception):
    """Firing the deadlines of one of these cases raised; the transaction is rolled back."""

    def __init__(self, cases: Sequence[uuid.UUID]) -> None:
        super().__init__()
        self.cases = cases


async def _fire_case(case_id: uuid.UUID, lock_cases: LockCases, fire: Fire, uow: UnitOfWork) -> int:
    set_trace(Trace(correlation_id=str(uow.new_id())))
    return await _fire_cases(uow, [case_id], lock_cases, fire)


async def _fire_cases(uow: UnitOfWork, cases: Sequence[uuid.UUID], lock_cases: LockCases, fire: Fire) -> int:
    locked = await lock_cases(uow, cases)
    failpoint("schedule.after_claim")
    rows = await uow.connection.execute(_DUE, {"now": uow.now, "cases": plain_array(sorted(locked))})
    fired = 0
    for turn in _turns([ArmedObligation(**row._mapping) for row in rows]):
        # One of each case at a time: firing one may disarm the next of the same case, which then must not fire.
        completed = await uow.connection.execute(
            _FIRE, {"ids": plain_array(one.id for one in turn), "now": uow.now, "late_after": LATE_AFTER}
        )
        still_armed = {row.id for row in completed}
        for one in turn:
            if one.id in still_armed:
                await fire(uow, one, uow.now - one.due_at >= LATE_AFTER)
                fired += 1
    failpoint("schedule.after_effect_before_complete")
    return fired


def _turns(due: Sequence[ArmedObligation]) -> list[list[ArmedObligation]]:
    """The first of each case, then the second of each, and so on; of each case in the order given."""
    turns: list[list[ArmedObligation]] = []
    before: Counter[uuid.UUID] = Counter()
    for one in due:
        if before[one.case_id] == len(turns):
            turns.append([])
        turns[before[one.case_id]].append(one)
        before[one.case_id] += 1
    return turns
