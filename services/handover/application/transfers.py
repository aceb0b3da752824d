"""Commands about one journey: those of the accountable office, and those of the addressed one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.roles import Caller
from services.handover.application.desk import Answered, Ports, commit, decided, decided_with_warnings, desk_of
from services.handover.domain import transfers
from services.handover.domain.transfer import NOTHING_RECORDED, TravelPlan
from services.handover.domain.words import RejectReason
from services.handover.storage import cases


@dataclass(frozen=True, slots=True)
class PlanTransfer:
    """Send a person on, later. `supersede`: in the place of a plan that stands."""

    case: CaseRef
    to_office_id: str
    departure_on: date
    arrival_on: date
    travel: TravelPlan = NOTHING_RECORDED
    supersede: bool = False


@dataclass(frozen=True, slots=True)
class DispatchTransfer:
    """The person left. None: as planned, or today."""

    case: CaseRef
    to_office_id: str | None
    departed_on: date | None
    arrival_on: date | None
    travel: TravelPlan = NOTHING_RECORDED


@dataclass(frozen=True, slots=True)
class RedirectTransfer:
    """She is on the way to another office now."""

    case: CaseRef
    to_office_id: str
    arrival_on: date
    travel: TravelPlan = NOTHING_RECORDED


@dataclass(frozen=True, slots=True)
class RecallTransfer:
    """Take the open transfer back."""

    case: CaseRef


@dataclass(frozen=True, slots=True)
class AcceptTransfer:
    """She is expected. `version` None: whatever stands there."""

    case: CaseRef
    version: int | None


@dataclass(frozen=True, slots=True)
class AcknowledgeTransfer:
    """The person arrived; None: today. `version` None: whatever stands there."""

    case: CaseRef
    version: int | None
    arrived_on: date | None


@dataclass(frozen=True, slots=True)
class RetractAcknowledgement:
    """She did not; with the reason."""

    case: CaseRef
    reason: str


@dataclass(frozen=True, slots=True)
class RejectTransfer:
    """The addressed office does not take her. `version` None: whatever stands there."""

    case: CaseRef
    version: int | None
    reason: RejectReason


@dataclass(frozen=True, slots=True)
class ReportNotArrived:
    """She did not arrive. `version` None: whatever stands there."""

    case: CaseRef
    version: int | None


# Of the accountable office.


async def give_back_unaddressed(uow: UnitOfWork, ports: Ports, limit: int) -> int:
    """Transfers to offices that ended without a successor are the sender's duty again; how many, of at most `limit`.

    A case that somebody else holds waits for the next look.
    """
    locked = await cases.lock_cases(uow.connection, await cases.unaddressed(uow.connection, limit))
    # What was answered or redirected before the lock is no longer found.
    found = locked.intersection(await cases.unaddressed(uow.connection, limit)) if locked else locked
    for case_id in sorted(found):
        case = await cases.lock_case(uow.connection, case_id)
        assert case is not None, "it was just locked"
        await commit(uow, case, transfers.addressee_ended(case, ports.moment(uow)))
    return len(found)


async def plan_transfer(uow: UnitOfWork, ports: Ports, caller: Caller, command: PlanTransfer) -> Answered:
    """Plan to send a person on; the errors of `transfers.plan`."""
    desk = await desk_of(uow, ports, caller, command.case)
    desk.require_accountable()
    outcome = transfers.plan(
        desk.case,
        uow.new_id(),
        desk.addressee(command.to_office_id),
        command.departure_on,
        command.arrival_on,
        desk.at,
        travel=command.travel,
        supersede=command.supersede,
    )
    return await decided_with_warnings(desk, outcome)


async def dispatch_transfer(uow: UnitOfWork, ports: Ports, caller: Caller, command: DispatchTransfer) -> Answered:
    """Record that the person left; the errors of `transfers.dispatch`."""
    desk = await desk_of(uow, ports, caller, command.case)
    desk.require_accountable()
    to_office_id = desk.addressee(command.to_office_id) if command.to_office_id else None
    outcome = transfers.dispatch(
        desk.case,
        uow.new_id(),
        to_office_id,
        command.departed_on,
        command.arrival_on,
        desk.at,
        travel=command.travel,
        to_centre=desk.is_centre(to_office_id),
    )
    return await decided_with_warnings(desk, outcome)


async def redirect_transfer(uow: UnitOfWork, ports: Ports, caller: Caller, command: RedirectTransfer) -> Answered:
    """Send a person who is on the way elsewhere; the errors of `transfers.redirect`."""
    desk = await desk_of(uow, ports, caller, command.case)
    desk.require_accountable()
    to_office_id = desk.addressee(command.to_office_id)
    outcome = transfers.redirect(
        desk.case,
        uow.new_id(),
        to_office_id,
        command.arrival_on,
        desk.at,
        travel=command.travel,
        to_centre=desk.is_centre(to_office_id),
    )
    return await decided_with_warnings(desk, outcome)


async def recall_transfer(uow: UnitOfWork, ports: Ports, caller: Caller, command: RecallTransfer) -> Answered:
    """The accountable office takes the transfer back; the errors of `transfers.recall`."""
    desk = await desk_of(uow, ports, caller, command.case)
    desk.require_accountable()
    outcome = transfers.recall(desk.case, desk.at)
    return await decided(desk, outcome)


# Of the addressed office.


async def accept_transfer(uow: UnitOfWork, ports: Ports, caller: Caller, command: AcceptTransfer) -> Answered:
    """The addressed office accepts the duty; the errors of `transfers.accept`."""
    desk = await desk_of(uow, ports, caller, command.case)
    office_id = desk.require_addressed(command.version)
    outcome = transfers.accept(desk.case, office_id, desk.at)
    return await decided(desk, outcome)


async def acknowledge_transfer(uow: UnitOfWork, ports: Ports, caller: Caller, command: AcknowledgeTransfer) -> Answered:
    """The addressed office says that the person arrived; the errors of `transfers.acknowledge`."""
    desk = await desk_of(uow, ports, caller, command.case)
    office_id = desk.require_addressed(command.version, also_merged=True)
    outcome = transfers.acknowledge(
        desk.case,
        office_id,
        command.arrived_on,
        desk.at,
        facility=desk.facility(office_id),
        merged=desk.is_merged,
    )
    return await decided(desk, outcome)


async def retract_acknowledgement(
    uow: UnitOfWork, ports: Ports, caller: Caller, command: RetractAcknowledgement
) -> Answered:
    """The office that acknowledged takes it back; the errors of `transfers.retract`."""
    desk = await desk_of(uow, ports, caller, command.case)
    desk.require_addressed()
    outcome = transfers.retract(desk.case, command.reason, desk.at)
    return await decided(desk, outcome)


async def reject_transfer(uow: UnitOfWork, ports: Ports, caller: Caller, command: RejectTransfer) -> Answered:
    """The addressed office rejects; the errors of `transfers.reject`."""
    desk = await desk_of(uow, ports, caller, command.case)
    desk.require_addressed(command.version)
    outcome = transfers.reject(desk.case, command.reason, desk.at)
    return await decided(desk, outcome)


async def report_not_arrived(uow: UnitOfWork, ports: Ports, caller: Caller, command: ReportNotArrived) -> Answered:
    """The addressed office misses the person; the errors of `transfers.report_not_arrived`."""
    desk = await desk_of(uow, ports, caller, command.case)
    desk.require_addressed(command.version, also_merged=True)
    outcome = transfers.report_not_arrived(desk.case, desk.at)
    return await decided(desk, outcome)
