"""That a decision on the identification is awaited: watched, told and listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import DueDate, is_past
from services.chassis.kernel.roles import Caller
from services.chassis.kernel.words import RuleCode
from services.chassis.service.obligations import ArmedObligation, arm, disarm, obligation_of
from services.intake import wire
from services.intake.application.ports import Ports, known_case
from services.intake.domain.access import require_verifier
from services.intake.domain.case import Case
from services.intake.domain.undecided import (
    DUE_SOON,
    WATCHED,
    ListedUndecided,
    NothingAwaited,
    Undecided,
    awaited_from,
    first_due,
    is_awaited,
    limited_by,
    next_due,
    reminder_of,
    rests,
    watched_again,
)
from services.intake.storage import undecided as storage


async def watch(uow: UnitOfWork, calendar: WorkingCalendar, case: Case, *, before: Case | None = None) -> None:
    """Watch for the decision while one is awaited of the locked case, and no longer.

    `before`: the case as it was, where a rest may have begun or ended.
    """
    known = await storage.load(uow.connection, case.id)
    if is_awaited(case) == (known is not None):
        if known is not None and before is not None and rests(before) != rests(case):
            await _watch_anew(uow, calendar, case, known)
        return
    if known is not None:
        await storage.remove(uow.connection, case.id)
        await disarm(uow.connection, case.id, rules=WATCHED)
        return
    asked_on = awaited_from(case, uow.now)
    due = first_due(asked_on, calendar)
    await storage.add(uow.connection, Undecided(case.id, asked_on, due.due_on))
    if not rests(case):
        await _arm(uow, calendar, Undecided(case.id, asked_on, due.due_on), due)


async def _arm(uow: UnitOfWork, calendar: WorkingCalendar, undecided: Undecided, due: DueDate) -> None:
    """Watch a limit, and for when to remind of it."""
    watched = [due, reminder_of(undecided, due, uow.now, calendar)]
    await arm(
        uow.connection,
        [
            obligation_of(uow, undecided.case_id, one, is_primary=False, level=undecided.level)
            for one in watched
            if one is not None
        ],
    )


async def _watch_anew(uow: UnitOfWork, calendar: WorkingCalendar, case: Case, undecided: Undecided) -> None:
    """Watch what is to be watched as it stands now: nothing while it rests."""
    await disarm(uow.connection, case.id, rules=WATCHED)
    if not rests(case):
        await _arm(uow, calendar, undecided, watched_again(undecided, uow.now, calendar))


async def limit_passed(uow: UnitOfWork, calendar: WorkingCalendar, fired: ArmedObligation, *, late: bool) -> None:
    """A limit of a locked case passed: tell it, and watch the next one. Or it passes soon: tell that."""
    known = await storage.load(uow.connection, fired.case_id)
    assert known is not None, "an obligation without anything awaited"
    case = await known_case(uow, fired.case_id)
    if fired.rule == DUE_SOON:
        if not is_past(fired.due_on, local_date(uow.now)):
            uow.append(wire.identification_due_soon(case, known, fired.due_on, late=late), case.id)
        return
    undecided = replace(known, level=known.level + 1)
    await storage.save(uow.connection, undecided)
    await _arm(uow, calendar, undecided, next_due(undecided, fired.due, uow.now, calendar))
    uow.append(wire.identification_overdue(case, undecided, fired.rule, late=late), case.id)


async def set_reply_limit(uow: UnitOfWork, ports: Ports, caller: Caller, ref: CaseRef, rule: RuleCode) -> Undecided:
    """Say whether the verification is complex. Raises CaseNotFound, NotYourDecision, NothingAwaited, ReplyIsOverdue."""
    viewer = ports.viewer(caller, uow.now)
    case = await known_case(uow, ref, lock=True)
    require_verifier(case, viewer)
    known = await storage.load(uow.connection, case.id)
    if known is None:
        raise NothingAwaited
    undecided = limited_by(known, rule)
    if undecided != known:
        await storage.save(uow.connection, undecided)
        await _watch_anew(uow, ports.calendar, case, undecided)
    return undecided


async def list_undecided(
    ports: Ports, caller: Caller, *, overdue_only: bool, after: tuple[date, UUID] | None, limit: int
) -> tuple[Sequence[ListedUndecided], date]:
    """Open cases in the caller's scope of which nobody has decided, those due first at the top; and the day of it."""

    async def find(uow: UnitOfWork) -> tuple[Sequence[ListedUndecided], date]:
        today = local_date(uow.now)
        viewer = ports.viewer(caller, uow.now)
        rows = await storage.list_undecided(
            uow.connection, viewer, due_before=today if overdue_only else None, after=after, limit=limit
        )
        return rows, today

    return await ports.units.read(find)
