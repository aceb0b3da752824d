"""Commands about one journey: those of the accountable office, and those of the addressed one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from homeward.handover.v1 import custody_pb2, transfers_pb2
from services.chassis.calls.case_ref import CaseRef
from services.chassis.events.units import UnitOfWork
from services.handover import messages
from services.handover.application.desk import Asked, Desk, Desks, commit
from services.handover.domain import NOTHING_RECORDED, Outcome, RejectReason, TravelPlan

W = TypeVar(
    "W",
    transfers_pb2.PlanTransferResponse,
    transfers_pb2.DispatchTransferResponse,
    transfers_pb2.RedirectTransferResponse,
)


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
class RecordHome:
    """She is home without a transfer; None: since today."""

    case: CaseRef
    home_on: date | None


@dataclass(frozen=True, slots=True)
class AcceptTransfer:
    """She is expected. `etag` empty: whatever stands there."""

    case: CaseRef
    etag: str


@dataclass(frozen=True, slots=True)
class AcknowledgeTransfer:
    """The person arrived; None: today. `etag` empty: whatever stands there."""

    case: CaseRef
    etag: str
    arrived_on: date | None


@dataclass(frozen=True, slots=True)
class RetractAcknowledgement:
    """She did not; with the reason."""

    case: CaseRef
    reason: str


@dataclass(frozen=True, slots=True)
class RejectTransfer:
    """The addressed office does not take her. `etag` empty: whatever stands there."""

    case: CaseRef
    etag: str
    reason: RejectReason


@dataclass(frozen=True, slots=True)
class ReportNotArrived:
    """She did not arrive. `etag` empty: whatever stands there."""

    case: CaseRef
    etag: str


class TransferCommands(Desks):
    """The commands about one journey."""

    # Of the accountable office.

    async def plan_transfer(self, asked: Asked, command: PlanTransfer) -> transfers_pb2.PlanTransferResponse:
        """Plan to send a person on; the errors of `CaseCustody.plan`."""

        def decide(desk: Desk) -> Outcome:
            desk.require_accountable()
            return desk.case.plan(
                desk.uow.new_id(),
                desk.addressee(command.to_office_id),
                command.departure_on,
                command.arrival_on,
                desk.at,
                travel=command.travel,
                supersede=command.supersede,
            )

        return await self._answer_warned(asked, command.case, decide, transfers_pb2.PlanTransferResponse)

    async def dispatch_transfer(
        self, asked: Asked, command: DispatchTransfer
    ) -> transfers_pb2.DispatchTransferResponse:
        """Record that the person left; the errors of `CaseCustody.dispatch`."""

        def decide(desk: Desk) -> Outcome:
            desk.require_accountable()
            to_office_id = desk.addressee(command.to_office_id) if command.to_office_id else None
            return desk.case.dispatch(
                desk.uow.new_id(),
                to_office_id,
                command.departed_on,
                command.arrival_on,
                desk.at,
                travel=command.travel,
                to_centre=desk.is_centre(to_office_id),
            )

        return await self._answer_warned(asked, command.case, decide, transfers_pb2.DispatchTransferResponse)

    async def redirect_transfer(
        self, asked: Asked, command: RedirectTransfer
    ) -> transfers_pb2.RedirectTransferResponse:
        """Send a person who is on the way elsewhere; the errors of `CaseCustody.redirect`."""

        def decide(desk: Desk) -> Outcome:
            desk.require_accountable()
            to_office_id = desk.addressee(command.to_office_id)
            return desk.case.redirect(
                desk.uow.new_id(),
                to_office_id,
                command.arrival_on,
                desk.at,
                travel=command.travel,
                to_centre=desk.is_centre(to_office_id),
            )

        return await self._answer_warned(asked, command.case, decide, transfers_pb2.RedirectTransferResponse)

    async def recall_transfer(self, asked: Asked, command: RecallTransfer) -> transfers_pb2.RecallTransferResponse:
        """The accountable office takes the transfer back; the errors of `CaseCustody.recall`."""

        def decide(desk: Desk) -> Outcome:
            desk.require_accountable()
            return desk.case.recall(desk.at)

        return await self._answer_transfer(asked, command.case, decide, transfers_pb2.RecallTransferResponse)

    async def record_home(self, asked: Asked, command: RecordHome) -> custody_pb2.RecordHomeResponse:
        """The accountable agency says that the person is home; see `CaseCustody.record_home`."""

        async def work(uow: UnitOfWork) -> custody_pb2.RecordHomeResponse:
            desk = await self._desk(uow, command.case, asked.caller)
            desk.require_accountable()
            outcome = desk.case.record_home(command.home_on, desk.at)
            await commit(uow, desk.case, outcome)
            return custody_pb2.RecordHomeResponse(custody=await self._custody(uow, outcome.case))

        return await self._once(asked, custody_pb2.RecordHomeResponse, work)

    # Of the addressed office.

    async def accept_transfer(self, asked: Asked, command: AcceptTransfer) -> transfers_pb2.AcceptTransferResponse:
        """The addressed office accepts the duty; the errors of `CaseCustody.accept`."""

        def decide(desk: Desk) -> Outcome:
            office_id = desk.require_addressed(command.etag)
            return desk.case.accept(office_id, desk.at)

        return await self._answer_transfer(asked, command.case, decide, transfers_pb2.AcceptTransferResponse)

    async def acknowledge_transfer(
        self, asked: Asked, command: AcknowledgeTransfer
    ) -> transfers_pb2.AcknowledgeTransferResponse:
        """The addressed office says that the person arrived; see `CaseCustody.acknowledge`."""

        def decide(desk: Desk) -> Outcome:
            office_id = desk.require_addressed(command.etag)
            facility = desk.facility(office_id)
            return desk.case.acknowledge(office_id, command.arrived_on, desk.at, facility=facility)

        return await self._answer_transfer(asked, command.case, decide, transfers_pb2.AcknowledgeTransferResponse)

    async def retract_acknowledgement(
        self, asked: Asked, command: RetractAcknowledgement
    ) -> transfers_pb2.RetractAcknowledgementResponse:
        """The office that acknowledged takes it back; the errors of `CaseCustody.retract`."""

        def decide(desk: Desk) -> Outcome:
            desk.require_addressed()
            return desk.case.retract(command.reason, desk.at)

        return await self._answer_transfer(asked, command.case, decide, transfers_pb2.RetractAcknowledgementResponse)

    async def reject_transfer(self, asked: Asked, command: RejectTransfer) -> transfers_pb2.RejectTransferResponse:
        """The addressed office rejects; the errors of `CaseCustody.reject`."""

        def decide(desk: Desk) -> Outcome:
            desk.require_addressed(command.etag)
            return desk.case.reject(command.reason, desk.at)

        return await self._answer_transfer(asked, command.case, decide, transfers_pb2.RejectTransferResponse)

    async def report_not_arrived(
        self, asked: Asked, command: ReportNotArrived
    ) -> transfers_pb2.ReportNotArrivedResponse:
        """The addressed office misses the person; the errors of `CaseCustody.report_not_arrived`."""

        def decide(desk: Desk) -> Outcome:
            desk.require_addressed(command.etag)
            return desk.case.report_not_arrived(desk.at)

        return await self._answer_transfer(asked, command.case, decide, transfers_pb2.ReportNotArrivedResponse)

    async def _answer_warned(
        self, asked: Asked, case: CaseRef, decide: Callable[[Desk], Outcome], response_type: type[W]
    ) -> W:
        """Decide about a transfer, and answer with it and what is to be thought about."""

        async def work(uow: UnitOfWork) -> Any:
            desk = await self._desk(uow, case, asked.caller)
            outcome = decide(desk)
            await commit(uow, desk.case, outcome)
            assert outcome.case.transfer is not None
            return response_type(
                transfer=messages.latest_transfer(outcome.case, desk.at.today),
                warnings=await self._warnings(uow, outcome.case, outcome.case.transfer),
            )

        return await self._once(asked, response_type, work)
