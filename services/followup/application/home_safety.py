"""Checks of homes: recorded before anybody is sent there, confirmed by a second person, watched while undecided."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol
from uuid import UUID

from services.chassis.calls.case_ref import CaseRef
from services.chassis.country.questionnaires import questionnaire
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import DueDate, due_date, next_due_date
from services.chassis.kernel.errors import (
    CaseNotFound,
    FieldViolation,
    InvalidInput,
    OfficeNotFound,
    register_violations,
)
from services.chassis.kernel.roles import Caller, Grade
from services.chassis.kernel.words import Phase, RuleCode
from services.chassis.service.obligations import ArmedObligation, arm, disarm, obligation_of
from services.followup import wire
from services.followup.application.case import Ports
from services.followup.application.confidence import Confidence
from services.followup.domain import home_safety as domain
from services.followup.domain.case import rule_of
from services.followup.domain.custody import CustodyChange
from services.followup.domain.home_safety import Asked, HomeCheck, HomeCheckNotFound, Standing, Wanted
from services.followup.storage import home_safety as storage

RULES = (RuleCode.SAFETY_ANSWER.value, RuleCode.SAFETY_ANSWER_ESCALATE.value)
"""What is watched while a home is undecided."""
_ENDED = frozenset({Phase.CLOSED, Phase.WITHDRAWN})
register_violations({CaseNotFound.reason: CaseNotFound.sentence()})


class Accountability(Protocol):
    """Handover, which alone knows who is accountable for whoever has not arrived."""

    async def standing(self, ref: CaseRef) -> Standing | None:
        """Where an open case stands now; None for one that handover does not know. Raises HandoverDoesNotAnswer."""


@dataclass(frozen=True)
class HomeSafetyPorts:
    """What checks lean on besides the database."""

    ports: Ports
    vault: Confidence
    handover: Accountability


@dataclass(frozen=True, slots=True)
class Short:
    """One row of the two questions of the border."""

    case: CaseRef
    to_office_id: str
    asked: Asked


@dataclass(frozen=True, slots=True)
class Shown:
    """The latest check, and what was said; None where the caller sees verdict and days alone."""

    check: HomeCheck
    asked: Asked | None


async def _own(uow: UnitOfWork, room: HomeSafetyPorts, caller: Caller, ref: CaseRef) -> Standing:
    """Where a case stands for which the caller's office is accountable; for everybody else there is none."""
    stands = await room.handover.standing(ref)
    if stands is None or not room.ports.sight.acts_for(caller.office_id, stands.office_id, local_date(uow.now)):
        raise CaseNotFound
    uow.about(stands.case_id)
    return stands


async def record(
    uow: UnitOfWork, room: HomeSafetyPorts, caller: Caller, ref: CaseRef, wanted: Wanted, asked: Asked
) -> HomeCheck:
    """Put a check on record. Raises CaseNotFound, HandoverDoesNotAnswer and what `domain.check` raises."""
    stands = await _own(uow, room, caller, ref)
    await _take(uow, [stands])
    check, sealed = await _checked(uow, room, caller, stands, wanted, asked)
    await _keep(uow, room, check, sealed)
    if (said := domain.look_said(check, asked)) is not None:
        uow.append(wire.look_told(said), check.case_id)
    return check


async def record_short(
    uow: UnitOfWork, room: HomeSafetyPorts, caller: Caller, checked_on: date | None, rows: Sequence[Short]
) -> Sequence[HomeCheck]:
    """Put the two questions of the border on record, of all of these people or of none.

    Raises HandoverDoesNotAnswer, and InvalidInput with everything that is wrong with any row.
    """
    found = await asyncio.gather(*(room.handover.standing(row.case) for row in rows))
    today, faults = local_date(uow.now), list[FieldViolation]()
    known: dict[UUID, Standing] = {}
    for number, stands in enumerate(found, start=1):
        if stands is None or not room.ports.sight.acts_for(caller.office_id, stands.office_id, today):
            faults.append(FieldViolation(number, "case", CaseNotFound.reason))
        elif stands.case_id in known:
            faults.append(FieldViolation(number, "case", "DUPLICATE"))
        else:
            known[stands.case_id] = stands
            uow.about(stands.case_id)
    if faults:
        raise InvalidInput(faults)
    await _take(uow, list(known.values()))
    made = []
    for number, (row, stands) in enumerate(zip(rows, known.values(), strict=True), start=1):
        verdict = domain.short_verdict(row.asked, is_child=stands.is_child)
        wanted = Wanted(row.to_office_id, checked_on or today, verdict, questionnaire().version, is_short=True)
        try:
            made.append(await _checked(uow, room, caller, stands, wanted, row.asked))
        except InvalidInput as wrong:
            faults += [replace(one, row=number) for one in wrong.violations]
    if faults:
        raise InvalidInput(faults)
    for check, sealed in made:
        await _keep(uow, room, check, sealed)
    return [check for check, _ in made]


async def confirm(
    uow: UnitOfWork, room: HomeSafetyPorts, caller: Caller, ref: CaseRef, number: int, *, agrees: bool
) -> HomeCheck:
    """Agree as a second person, or not.

    Raises CaseNotFound, HomeCheckNotFound, HandoverDoesNotAnswer and what `domain.confirm` raises.
    """
    stands = await _own(uow, room, caller, ref)
    await _take(uow, [stands])
    latest = await storage.latest(uow.connection, stands.case_id)
    if latest is None or latest.check.office_id != room.ports.sight.holder(stands.office_id, local_date(uow.now)):
        raise HomeCheckNotFound
    confirmed = domain.confirm(latest.check, number, agrees=agrees, subject=caller.subject, now=uow.now)
    await storage.confirm(uow.connection, confirmed)
    await _say(uow, room, confirmed)
    return confirmed


async def get(uow: UnitOfWork, room: HomeSafetyPorts, caller: Caller, ref: CaseRef) -> Shown | None:
    """The latest check; None when there is none. Raises CaseNotFound, HandoverDoesNotAnswer."""
    stands = await _own(uow, room, caller, ref)
    await storage.lock(uow.connection, stands.case_id)
    latest = await storage.latest(uow.connection, stands.case_id)
    if latest is None:
        return None
    if Grade.CARE not in caller.grades:
        return Shown(latest.check, None)
    check = latest.check
    return Shown(check, await room.vault.open_asked(uow, check.case_id, check.number, latest.sealed, caller))


async def verdicts(uow: UnitOfWork, cases: Sequence[CaseRef]) -> Sequence[HomeCheck]:
    """The latest check of each of these cases of which there is one, for handover."""
    return await storage.latest_of(uow.connection, cases)


async def follow(uow: UnitOfWork, change: CustodyChange) -> None:
    """Accountability changed: whoever is accountable now decides anew, and of an ended case nobody does."""
    moved = await storage.move(uow.connection, change.case_id, change.office_id)
    if moved or change.phase in _ENDED:
        await disarm(uow.connection, change.case_id, rules=RULES)


async def went_against_advice(uow: UnitOfWork, case_id: UUID) -> bool:
    """Whether what counts about her home is that it is not safe, and that she goes all the same."""
    latest = await storage.latest(uow.connection, case_id)
    return latest is not None and latest.check.against_advice and not latest.check.is_undecided


async def limit_passed(uow: UnitOfWork, room: Ports, fired: ArmedObligation, *, late: bool) -> None:
    """Nobody decided in time: it is told, and told again as long as it stays so. The checks of the case are locked."""
    latest = await storage.latest(uow.connection, fired.case_id)
    assert latest is not None, "a verdict is awaited without any check"
    check, level = latest.check, fired.level + 1
    rule = rule_of(RuleCode.SAFETY_ANSWER_ESCALATE.value, fired.due_on, room.calendar)
    due = next_due_date(rule, fired.due, uow.now, room.calendar)
    await arm(uow.connection, [obligation_of(uow, check.case_id, due, is_primary=False, level=level)])
    uow.append(wire.safety_answer_overdue(check, level, _answer_due(check, room).due_on, late=late), check.case_id)


def _answer_due(check: HomeCheck, room: Ports) -> DueDate:
    start = local_date(check.at)
    return due_date(rule_of(RuleCode.SAFETY_ANSWER.value, start, room.calendar), start, room.calendar)


async def _take(uow: UnitOfWork, cases: Sequence[Standing]) -> None:
    rows = [(one.case_id, one.case_number, one.office_id) for one in cases]
    await storage.open_cases(uow.connection, rows)


async def _checked(
    uow: UnitOfWork, room: HomeSafetyPorts, caller: Caller, stands: Standing, wanted: Wanted, asked: Asked
) -> tuple[HomeCheck, bytes]:
    wanted = replace(wanted, to_office_id=_place(room, wanted.to_office_id or stands.planned_office_id))
    latest = await storage.latest(uow.connection, stands.case_id)
    number = latest.check.number + 1 if latest is not None else 1
    of_set = questionnaire().of_set(domain.SET)
    check = domain.check(
        stands,
        number,
        wanted,
        asked,
        by=caller.office_id,
        subject=caller.subject,
        now=uow.now,
        calendar=room.ports.calendar,
        questions=[one.id for one in of_set if stands.is_child or not one.child_only],
    )
    return check, await room.vault.seal_asked(uow, stands.case_id, number, asked)


def _place(room: HomeSafetyPorts, office_id: str) -> str:
    """An office that there is, or none; whether it receives anybody is handover's to say."""
    try:
        return room.ports.sight.directory.office(office_id).id if office_id else ""
    except OfficeNotFound:
        raise InvalidInput([FieldViolation(None, "to_office_id", "UNKNOWN_OFFICE")]) from None


async def _keep(uow: UnitOfWork, room: HomeSafetyPorts, check: HomeCheck, sealed: bytes) -> None:
    await storage.add(uow.connection, check, sealed)
    await _say(uow, room, check)


async def _say(uow: UnitOfWork, room: HomeSafetyPorts, check: HomeCheck) -> None:
    """Tell what counts now; whoever leaves it undecided is asked for an answer."""
    uow.append(wire.safety_checked(check), check.case_id)
    await disarm(uow.connection, check.case_id, rules=RULES)
    if check.is_undecided:
        due = _answer_due(check, room.ports)
        await arm(uow.connection, [obligation_of(uow, check.case_id, due, is_primary=False)])
