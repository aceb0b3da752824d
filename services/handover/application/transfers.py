"""Commands about one journey: those of the accountable office, and those of the addressed one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.roles import Caller
from services.handover.application import home, quicker
from services.handover.application.desk import Answered, Desk, Ports, commit, decided, decided_with_warnings, desk_of
from services.handover.application.quicker import transfer_to
from services.handover.domain import late_arrival, take_back, transfers
from services.handover.domain.answer import AnswerKind, TakeBackReason
from services.handover.domain.home import NOT_ASKED, Asked
from services.handover.domain.transfer import NOTHING_RECORDED, Transfer, TravelPlan
from services.handover.domain.words import RejectReason, TransferState
from services.handover.storage import answers, cases, history


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
    """The person left. None: as planned, or today. `home`: what followup answered about hers."""

    case: CaseRef
    to_office_id: str | None
    departed_on: date | None
    arrival_on: date | None
    travel: TravelPlan = NOTHING_RECORDED
    home: Asked = NOT_ASKED


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
class TakeBackAnswer:
    """The last answer was a mistake."""

    case: CaseRef
    reason: TakeBackReason


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
    home.refuse_typed(command.travel)
    desk = await desk_of(uow, ports, caller, command.case)
    desk.require_accountable()
    to_office_id = desk.addressee(command.to_office_id)
    told = await home.told_last(desk, to_office_id)
    outcome = transfers.plan(
        desk.case,
        uow.new_id(),
        to_office_id,
        command.departure_on,
        command.arrival_on,
        desk.at,
        travel=home.with_verdict(desk, command.travel, told, to_office_id),
        supersede=command.supersede,
    )
    return await decided_with_warnings(desk, outcome)


async def dispatch_transfer(uow: UnitOfWork, ports: Ports, caller: Caller, command: DispatchTransfer) -> Answered:
    """Record that the person left; the errors of `transfers.dispatch` and `home.require_told`."""
    home.refuse_typed(command.travel)
    desk = await desk_of(uow, ports, caller, command.case)
    desk.require_accountable()
    quicker.refuse_second_dispatch(desk)
    to_office_id = desk.addressee(command.to_office_id) if command.to_office_id else None
    verdicts = await home.verdicts(uow, command.home, [desk.case.case_id])
    told, to_centre = home.told_of(desk, to_office_id, verdicts), desk.is_centre(to_office_id)
    outcome = transfers.dispatch(
        desk.case,
        uow.new_id(),
        to_office_id,
        command.departed_on,
        command.arrival_on,
        desk.at,
        travel=home.with_verdict(desk, command.travel, told, to_office_id),
        to_centre=to_centre,
        against_advice=told is not None and told.against_advice,
    )
    home.require_told(told, command.home, outcome, to_centre=to_centre)
    return await decided_with_warnings(desk, outcome)


async def redirect_transfer(uow: UnitOfWork, ports: Ports, caller: Caller, command: RedirectTransfer) -> Answered:
    """Send a person who is on the way elsewhere; the errors of `transfers.redirect`."""
    home.refuse_typed(command.travel)
    desk = await desk_of(uow, ports, caller, command.case)
    desk.require_accountable()
    to_office_id = desk.addressee(command.to_office_id)
    told = await home.told_last(desk, to_office_id)
    outcome = transfers.redirect(
        desk.case,
        uow.new_id(),
        to_office_id,
        command.arrival_on,
        desk.at,
        travel=home.with_verdict(desk, command.travel, told, to_office_id),
        to_centre=desk.is_centre(to_office_id),
        against_advice=told is not None and told.against_advice,
    )
    return await decided_with_warnings(desk, outcome)


async def recall_transfer(uow: UnitOfWork, ports: Ports, caller: Caller, command: RecallTransfer) -> Answered:
    """The accountable office takes the transfer back; the errors of `transfers.recall`."""
    desk = await desk_of(uow, ports, caller, command.case)
    desk.require_accountable()
    quicker.refuse_second_recall(desk)
    outcome = transfers.recall(desk.case, desk.at)
    return await decided(desk, outcome)


# Of the addressed office.


async def accept_transfer(uow: UnitOfWork, ports: Ports, caller: Caller, command: AcceptTransfer) -> Answered:
    """The addressed office accepts the duty; the errors of `transfers.accept`."""
    desk = await desk_of(uow, ports, caller, command.case)
    await quicker.refuse_second(desk)
    office_id = desk.require_addressed(command.version)
    outcome = transfers.accept(desk.case, office_id, desk.at)
    return await decided(desk, outcome)


async def acknowledge_transfer(uow: UnitOfWork, ports: Ports, caller: Caller, command: AcknowledgeTransfer) -> Answered:
    """The addressed office says that the person arrived; the errors of `transfers.acknowledge`.

    Also after a transfer to it ended without her: the errors of `late_arrival.acknowledge`.
    """
    desk = await desk_of(uow, ports, caller, command.case)
    late = await transfer_to(desk)
    if late is None or late.is_open:
        office_id = desk.require_addressed(command.version, also_merged=True)
        outcome = transfers.acknowledge(
            desk.case,
            office_id,
            command.arrived_on,
            desk.at,
            facility=desk.facility(office_id),
            merged=desk.has_merged(desk.case.transfer),
        )
        return await decided(desk, outcome)
    office_id = desk.require_addressed(command.version, also_merged=True, transfer=late)
    if not late_arrival.is_still_taken(late):
        quicker.refuse_answered(late)
    facility, merged = desk.facility(office_id), desk.has_merged(late)
    outcome = late_arrival.acknowledge(
        desk.case, late, office_id, command.arrived_on, desk.at, facility=facility, merged=merged
    )
    return await decided(desk, outcome)


async def take_back_answer(uow: UnitOfWork, ports: Ports, caller: Caller, command: TakeBackAnswer) -> Answered:
    """The office that gave the last answer takes it back, or its supervisor; the errors of `take_back.take_back`."""
    desk = await desk_of(uow, ports, caller, command.case)
    kind, office_id, _ = take_back.last_answer(desk.case.transfer)
    supervises = ports.offices.sight.oversees(caller, office_id, desk.at.today)
    if not supervises:
        desk.require_own_answer(office_id)
    assert desk.case.transfer is not None
    given = [one for one in await answers.answers_to(uow.connection, desk.case.transfer.id) if one.stands]
    earlier = [one for one in given[:-1] if one.kind.ends_in is not None]
    before = earlier[-1] if kind is AnswerKind.ACKNOWLEDGED and earlier else None
    overtaken = await _overtaken_by(desk, desk.case.transfer) if kind is AnswerKind.ACKNOWLEDGED else None
    taking = take_back.Taking(caller.office_id, command.reason, unlimited=supervises)
    return await decided(desk, take_back.take_back(desk.case, taking, desk.at, before=before, overtaken=overtaken))


async def _overtaken_by(desk: Desk, arrived_with: Transfer) -> Transfer | None:
    """The transfer that ended in the instant in which she was said to have arrived with an earlier one."""
    made = await history.transfers_of(desk.uow.connection, desk.case.case_id)
    return next(
        (one for one in made if one.state is TransferState.SUPERSEDED and one.ended_at == arrived_with.ended_at), None
    )


async def reject_transfer(uow: UnitOfWork, ports: Ports, caller: Caller, command: RejectTransfer) -> Answered:
    """The addressed office rejects; the errors of `transfers.reject`."""
    desk = await desk_of(uow, ports, caller, command.case)
    await quicker.refuse_second(desk)
    desk.require_addressed(command.version)
    sender_has_people = desk.offices.has_people(desk.case.office_id)
    outcome = transfers.reject(desk.case, command.reason, desk.at, sender_has_people=sender_has_people)
    return await decided(desk, outcome)


async def report_not_arrived(uow: UnitOfWork, ports: Ports, caller: Caller, command: ReportNotArrived) -> Answered:
    """The addressed office misses the person; the errors of `transfers.report_not_arrived`."""
    desk = await desk_of(uow, ports, caller, command.case)
    await quicker.refuse_second(desk)
    desk.require_addressed(command.version, also_merged=True)
    outcome = transfers.report_not_arrived(desk.case, desk.at)
    return await decided(desk, outcome)
