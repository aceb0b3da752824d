"""That a decision on the identification is awaited: watched, told and listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.roles import Caller
from services.chassis.service.obligations import ArmedObligation, arm, disarm, obligation_of
from services.intake import wire
from services.intake.application.ports import Ports, known_case
from services.intake.domain.case import Case
from services.intake.domain.undecided import (
    RULES,
    ListedUndecided,
    Undecided,
    awaited_from,
    first_due,
    is_awaited,
    next_due,
)
from services.intake.storage import undecided as storage


async def watch(uow: UnitOfWork, calendar: WorkingCalendar, case: Case) -> None:
    """Watch for the decision while one is awaited of the locked case, and no longer."""
    known = await storage.load(uow.connection, case.id)
    if is_awaited(case) == (known is not None):
        return
    if known is not None:
        await storage.remove(uow.connection, case.id)
        await disarm(uow.connection, case.id, rules=RULES)
        return
    asked_on = awaited_from(case, uow.now)
    due = first_due(asked_on, calendar)
    await storage.add(uow.connection, Undecided(case.id, asked_on, due.due_on))
    await arm(uow.connection, [obligation_of(uow, case.id, due, is_primary=False)])


async def limit_passed(uow: UnitOfWork, calendar: WorkingCalendar, fired: ArmedObligation, *, late: bool) -> None:
    """A limit of a locked case passed: tell it, and watch the next one."""
    known = await storage.load(uow.connection, fired.case_id)
    assert known is not None, "an obligation without anything awaited"
    case = await known_case(uow, fired.case_id)
    undecided = replace(known, level=known.level + 1)
    await storage.raise_level(uow.connection, undecided)
    due = next_due(undecided, fired.due, uow.now, calendar)
    following = obligation_of(uow, case.id, due, is_primary=False, level=undecided.level)
    await arm(uow.connection, [following])
    uow.append(wire.identification_overdue(case, undecided, fired.rule, late=late), case.id)


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
