"""Commands about the duty itself: who answers for a person who does not travel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.errors import FieldViolation, InvalidInput
from services.chassis.kernel.roles import Caller
from services.handover.application.desk import Ports, commit, custody_of, desk_of, matter_of
from services.handover.domain import arrival_day, custody
from services.handover.domain.approvals import Matter
from services.handover.domain.reading import Custody
from services.handover.domain.words import ArrivalCorrectionReason, ReassignReason


@dataclass(frozen=True, slots=True)
class RecordHome:
    """She is home without a transfer; None: since today."""

    case: CaseRef
    home_on: date | None


@dataclass(frozen=True, slots=True)
class CorrectArrival:
    """She arrived on another day than was said."""

    case: CaseRef
    arrived_on: date
    reason: ArrivalCorrectionReason


@dataclass(frozen=True, slots=True)
class ReassignCase:
    """Another office answers for her from now on. `since_on`: she is there since then; None: not, or not known."""

    case: CaseRef
    office_id: str
    reason: ReassignReason
    since_on: date | None = None


async def record_home(uow: UnitOfWork, ports: Ports, caller: Caller, command: RecordHome) -> Custody:
    """The accountable agency says that the person is home; the errors of `custody.record_home`."""
    desk = await desk_of(uow, ports, caller, command.case)
    desk.require_accountable()
    outcome = custody.record_home(desk.case, command.home_on, desk.at)
    await commit(uow, desk.case, outcome)
    return await custody_of(desk, outcome.case)


async def correct_arrival(uow: UnitOfWork, ports: Ports, caller: Caller, command: CorrectArrival) -> Custody:
    """The accountable office, or its supervisor, corrects a day; the errors of `arrival_day.correct_arrival`."""
    desk = await desk_of(uow, ports, caller, command.case)
    desk.require_answerable()
    supervises = ports.offices.sight.oversees(caller, desk.case.office_id, desk.at.today)
    by = arrival_day.Correcting(caller.office_id, command.reason, unlimited=supervises)
    outcome = arrival_day.correct_arrival(desk.case, command.arrived_on, by, desk.at)
    await commit(uow, desk.case, outcome)
    return await custody_of(desk, outcome.case)


async def reassign_matter(uow: UnitOfWork, ports: Ports, caller: Caller, command: ReassignCase) -> Matter | None:
    """A case that goes to another province, as it stands; None within one. Raises what `reassign_case` raises."""
    desk = await desk_of(uow, ports, caller, command.case)
    desk.require_answerable()
    office_id = ports.offices.custodian(command.office_id, desk.at.today)
    if ports.offices.same_province(desk.case.office_id, office_id, desk.at.today):
        return None
    return matter_of(desk, "ReassignCase", concerned_id=office_id)


async def reassign_case(uow: UnitOfWork, ports: Ports, caller: Caller, command: ReassignCase) -> Custody:
    """A supervisor of both offices makes another one accountable; the errors of `custody.reassign`.

    Raises InvalidInput when the office does not exist or lies out of the supervisor's scope.
    """
    desk = await desk_of(uow, ports, caller, command.case)
    desk.require_answerable()
    office_id = ports.offices.custodian(command.office_id, desk.at.today)
    if not ports.offices.sight.oversees(caller, office_id, desk.at.today):
        raise InvalidInput([FieldViolation(None, "office_id", "NOT_ALLOWED")])
    to = custody.Successor(office_id, ports.offices.follows_up(office_id), desk.facility(office_id), command.since_on)
    outcome = custody.reassign(desk.case, to, command.reason, desk.at)
    await commit(uow, desk.case, outcome)
    return await custody_of(desk, outcome.case)
