"""Steps that the law wants to be taken at once: watched, told, recorded, listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from services.chassis.calls.case_ref import CaseRef
from services.chassis.country.directory import Directory
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import OfficeNotFound
from services.chassis.kernel.roles import Caller, Role
from services.chassis.kernel.words import RuleCode
from services.chassis.service.obligations import ArmedObligation, arm, disarm, obligation_of
from services.intake import wire
from services.intake.application.ports import Ports, known_case
from services.intake.domain import legal_steps as rules
from services.intake.domain.access import require_accountable
from services.intake.domain.case import Case
from services.intake.domain.legal_steps import (
    OVER,
    RULES,
    DeadlinesCounted,
    DeadlinesWanted,
    LegalStep,
    ListedDeadline,
    Scope,
    StepState,
)
from services.intake.storage import legal_steps as storage


@dataclass(frozen=True, slots=True)
class Watch:
    """What steps are watched by: the working days and rules, and which office is what."""

    calendar: WorkingCalendar
    directory: Directory

    def role(self, office_id: str) -> Role | None:
        """Of an office; None for none, or one that the directory does not know."""
        try:
            return self.directory.office(office_id).role if office_id else None
        except OfficeNotFound:
            return None


async def follow(uow: UnitOfWork, watch: Watch, before: Case, case: Case) -> None:
    """Let the steps of a locked case follow what became of it: begin with its first custody, rest, go on, end, move."""
    steps = await storage.of_case(uow.connection, case.id)
    if not steps and before.segment == 0 and case.segment > 0:
        await _begin(uow, watch, case)
    moved = before.accountable_office_id != case.accountable_office_id
    for step in steps:
        if step.state not in OVER:
            await _turn(uow, watch, case, step, moved=moved)


async def _begin(uow: UnitOfWork, watch: Watch, case: Case) -> None:
    receiver = watch.role(case.receiving_office_id)
    rule = rules.first_rule(case, receiver) if receiver is not None else None
    if rule is not None:
        await _ask(uow, watch, case, rules.asked(case.id, rule, case.created_at, watch.calendar))


async def _ask(uow: UnitOfWork, watch: Watch, case: Case, step: LegalStep) -> None:
    """Ask a step that is new."""
    step = replace(step, state=_state_for(watch, case))
    await storage.save(uow.connection, step)
    if step.state is StepState.ASKED:
        await _arm(uow, watch.calendar, step)


def _state_for(watch: Watch, case: Case) -> StepState:
    return rules.state_for(case, watch.role(case.accountable_office_id), watch.role(case.addressee_office_id))


async def _arm(uow: UnitOfWork, calendar: WorkingCalendar, step: LegalStep) -> None:
    watched = [rules.watched_again(step, uow.now, calendar)]
    if not rules.is_told(step, uow.now, calendar):
        watched.append(rules.reminder_of(step, calendar))
    obligations = [obligation_of(uow, step.case_id, one, is_primary=False, level=step.level) for one in watched]
    await arm(uow.connection, obligations)


async def _turn(uow: UnitOfWork, watch: Watch, case: Case, step: LegalStep, *, moved: bool) -> None:
    """Bring a step into the state that the case wants, and tell whom it concerns."""
    state = _state_for(watch, case)
    if state is not step.state:
        turned = replace(step, state=state)
        await storage.save(uow.connection, turned)
        if state is StepState.ASKED:
            await _arm(uow, watch.calendar, turned)
            if rules.is_told(turned, uow.now, watch.calendar):
                _tell(uow, case, turned)
        else:
            await _unwatch(uow, watch.calendar, step)
    elif moved and step.state is StepState.ASKED and rules.is_told(step, uow.now, watch.calendar):
        uow.append(wire.legal_step_settled(step), case.id)
        _tell(uow, case, step)


def _tell(uow: UnitOfWork, case: Case, step: LegalStep, *, late: bool = False) -> None:
    """Tell the office that it is asked of: that its limit passes soon, or has passed."""
    said = wire.legal_step_overdue if step.level else wire.legal_step_due_soon
    uow.append(said(case, step, late=late), case.id)


async def _unwatch(uow: UnitOfWork, calendar: WorkingCalendar, step: LegalStep) -> None:
    """It is asked no more; whoever was told of it is told so."""
    await disarm(uow.connection, step.case_id, rules=RULES)
    if step.state is StepState.ASKED and rules.is_told(step, uow.now, calendar):
        uow.append(wire.legal_step_settled(step), step.case_id)


async def limit_passed(uow: UnitOfWork, watch: Watch, fired: ArmedObligation, *, late: bool) -> None:
    """A limit of a locked case passed: tell it, and watch the next one. Or it passes soon: tell that."""
    steps = await storage.of_case(uow.connection, fired.case_id)
    known = next((one for one in steps if one.state is StepState.ASKED), None)
    assert known is not None, "an obligation without any step asked"
    case = await known_case(uow, fired.case_id)
    if fired.rule == rules.DUE_SOON:
        if uow.now < known.due_at:
            _tell(uow, case, known, late=late)
        return
    step = replace(known, level=known.level + 1)
    await storage.save(uow.connection, step)
    due = rules.next_due(fired.due, uow.now, watch.calendar)
    following = obligation_of(uow, case.id, due, is_primary=False, level=step.level)
    await arm(uow.connection, [following])
    _tell(uow, case, step, late=late)


async def record(
    uow: UnitOfWork, ports: Ports, caller: Caller, ref: CaseRef, rule: RuleCode, done_on: date
) -> Sequence[LegalStep]:
    """Record that a step was taken; the one that follows is asked from then on.

    Raises CaseNotFound, CaseIsWithdrawn, CustodyHasPassed, LegalStepNotAsked, LegalStepDone, InvalidInput.
    """
    case, steps = await _own(uow, ports, caller, ref)
    step = rules.step_of(steps, rule)
    done = rules.done(step, case, done_on, caller.office_id, uow.now)
    await storage.save(uow.connection, done)
    await _unwatch(uow, ports.calendar, step)
    then = rules.following(done, ports.calendar)
    if then is not None:
        await _ask(uow, _watch(ports), case, then)
    return await storage.of_case(uow.connection, case.id)


async def take_back(uow: UnitOfWork, ports: Ports, caller: Caller, ref: CaseRef, rule: RuleCode) -> Sequence[LegalStep]:
    """Take back that a step was taken: it is asked as before, and the one that followed is not.

    Raises CaseNotFound, CaseIsWithdrawn, CustodyHasPassed, LegalStepNotAsked, LegalStepNotDone, LaterStepDone.
    """
    case, steps = await _own(uow, ports, caller, ref)
    step = rules.taken_back(rules.step_of(steps, rule), steps)
    for one in steps:
        if rule is RuleCode.HANDOVER_TO_COMMUNE and one.rule is RuleCode.COMMUNE_NOTIFY:
            await _unwatch(uow, ports.calendar, one)
            await storage.remove(uow.connection, one)
    await _ask(uow, _watch(ports), case, step)
    return await storage.of_case(uow.connection, case.id)


def _watch(ports: Ports) -> Watch:
    return Watch(ports.calendar, ports.sight.directory)


async def _own(uow: UnitOfWork, ports: Ports, caller: Caller, ref: CaseRef) -> tuple[Case, tuple[LegalStep, ...]]:
    case = await known_case(uow, ref, lock=True)
    require_accountable(case, ports.viewer(caller, uow.now))
    return case, await storage.of_case(uow.connection, case.id)


async def list_deadlines(
    ports: Ports, caller: Caller, wanted: DeadlinesWanted, *, after: tuple[date, UUID, str] | None, limit: int
) -> tuple[Sequence[ListedDeadline], date]:
    """Legal deadlines that the caller sees, the earliest due first; and the day of it."""

    async def find(uow: UnitOfWork) -> tuple[Sequence[ListedDeadline], date]:
        scope = _scope(ports, caller, wanted, uow.now)
        found = await storage.list_deadlines(uow.connection, scope, wanted, uow.now, after=after, limit=limit)
        return found, local_date(uow.now)

    return await ports.units.read(find)


async def count_deadlines(
    ports: Ports, caller: Caller, wanted: DeadlinesWanted
) -> Sequence[tuple[str, DeadlinesCounted]]:
    """What `list_deadlines` lists, with the province of the office that answers; empty: not known."""

    async def find(uow: UnitOfWork) -> Sequence[tuple[str, DeadlinesCounted]]:
        scope = _scope(ports, caller, wanted, uow.now)
        found = await storage.count_deadlines(uow.connection, scope, wanted, uow.now)
        return [(ports.sight.counted_province(one.office_id, local_date(uow.now)), one) for one in found]

    return await ports.units.read(find)


def _scope(ports: Ports, caller: Caller, wanted: DeadlinesWanted, now: datetime) -> Scope:
    """Of what the caller sees that of the province asked for."""
    scope = rules.scope_of(ports.viewer(caller, now))
    if wanted.province is None:
        return scope
    there = ports.sight.offices_in(str(wanted.province)) or frozenset()
    return replace(scope, offices=there if scope.offices is None else scope.offices & there)
