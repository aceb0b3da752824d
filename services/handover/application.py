"""One function per command, event and deadline: load, ask the domain, save, tell.

The policy table has turned away whoever could never be entitled; what needs the state of the
case is decided here: the accountable office plans, sends and recalls, the addressed one answers,
and whoever has nothing to do with a case is told that there is none.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TypeAlias, TypeVar
from uuid import UUID

import structlog
from google.protobuf.message import Message

from homeward.events.v1 import followup_pb2, handover_pb2
from homeward.handover.v1 import handover_pb2 as api
from homeward.type.v1 import types_pb2 as types
from services.chassis.case_ref import CaseRef
from services.chassis.directory import Directory
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import DueDate
from services.chassis.kernel.errors import CaseNotFound, EtagMismatch, ProvinceNotFound
from services.chassis.kernel.places import ProvinceRef
from services.chassis.obligations import ArmedObligation
from services.chassis.request_log import answer_once, digest_of
from services.chassis.security import Caller
from services.chassis.units import UnitOfWork, Units
from services.handover import domain, messages, storage
from services.handover.domain import (
    CaseCustody,
    Moment,
    NotAccountable,
    NotAddressed,
    Outcome,
    Person,
    RejectReason,
    SenderCannotAnswer,
    Watch,
)
from services.handover.offices import Offices

R = TypeVar("R", bound=Message)
Work: TypeAlias = Callable[[UnitOfWork], Awaitable[R]]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A mutation as it came: who asks, under which request id, and the request itself."""

    caller: Caller
    request_id: UUID
    method: str
    request: Message


@dataclass(frozen=True, slots=True)
class PlanTransfer:
    """Send a person on, later."""

    case: CaseRef
    to_office_id: str
    departure_on: date
    arrival_on: date


@dataclass(frozen=True, slots=True)
class DispatchTransfer:
    """The person left. None: as planned, or today."""

    case: CaseRef
    to_office_id: str | None
    departed_on: date | None
    arrival_on: date | None


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
class RecallTransfer:
    """Take the open transfer back."""

    case: CaseRef


@dataclass(frozen=True, slots=True)
class RecordHome:
    """She is home without a transfer; None: since today."""

    case: CaseRef
    home_on: date | None


@dataclass(frozen=True, slots=True)
class _Desk:
    """A locked case, the moment, and who asks: what a command decides from."""

    uow: UnitOfWork
    at: Moment
    case: CaseCustody
    caller: Caller
    offices: Offices

    def require_accountable(self) -> None:
        """Raise NotAccountable unless the caller's office is accountable now."""
        if not self._acts_for(self.case.office_id):
            raise NotAccountable

    def require_addressed(self, etag: str = "") -> str:
        """The caller's office, when the latest transfer is addressed to it.

        Raises NotAddressed; SenderCannotAnswer when sender and addressee have become one office;
        EtagMismatch for another version of the transfer than the one named.
        """
        transfer = self.case.transfer
        if transfer is None or not self._acts_for(transfer.to_office_id):
            raise NotAddressed
        if self._acts_for(transfer.from_office_id):
            raise SenderCannotAnswer
        if etag and etag != messages.etag(transfer):
            raise EtagMismatch
        return self.caller.office_id

    def addressee(self, to_office_id: str) -> str:
        """The office to which a person sent there is sent today."""
        return self.offices.addressee(to_office_id, self.case.office_id, self.at.today)

    def _acts_for(self, named: str) -> bool:
        return self.offices.acts_for(self.caller.office_id, named, self.at.today)


class Handover:
    """The commands and events of handover."""

    def __init__(
        self, units: Units, directory: Directory, calendar: WorkingCalendar, digest_key: bytes
    ) -> None:
        self._units = units
        self._offices = Offices(directory)
        self._calendar = calendar
        self._digest_key = digest_key

    # Commands.

    async def plan_transfer(self, asked: Asked, command: PlanTransfer) -> api.PlanTransferResponse:
        """Plan to send a person on; the errors of `CaseCustody.plan`."""

        def decide(desk: _Desk) -> Outcome:
            desk.require_accountable()
            return desk.case.plan(
                desk.uow.new_id(),
                desk.addressee(command.to_office_id),
                command.departure_on,
                command.arrival_on,
                desk.at,
            )

        return await self._answer_transfer(asked, command.case, decide, api.PlanTransferResponse)

    async def dispatch_transfer(
        self, asked: Asked, command: DispatchTransfer
    ) -> api.DispatchTransferResponse:
        """Record that the person left; the errors of `CaseCustody.dispatch`."""

        def decide(desk: _Desk) -> Outcome:
            desk.require_accountable()
            return desk.case.dispatch(
                desk.uow.new_id(),
                desk.addressee(command.to_office_id) if command.to_office_id else None,
                command.departed_on,
                command.arrival_on,
                desk.at,
            )

        return await self._answer_transfer(
            asked, command.case, decide, api.DispatchTransferResponse
        )

    async def acknowledge_transfer(
        self, asked: Asked, command: AcknowledgeTransfer
    ) -> api.AcknowledgeTransferResponse:
        """The addressed office says that the person arrived; see `CaseCustody.acknowledge`."""

        def decide(desk: _Desk) -> Outcome:
            office_id = desk.require_addressed(command.etag)
            return desk.case.acknowledge(office_id, command.arrived_on, desk.at)

        return await self._answer_transfer(
            asked, command.case, decide, api.AcknowledgeTransferResponse
        )

    async def retract_acknowledgement(
        self, asked: Asked, command: RetractAcknowledgement
    ) -> api.RetractAcknowledgementResponse:
        """The office that acknowledged takes it back; the errors of `CaseCustody.retract`."""

        def decide(desk: _Desk) -> Outcome:
            desk.require_addressed()
            return desk.case.retract(command.reason, desk.at)

        return await self._answer_transfer(
            asked, command.case, decide, api.RetractAcknowledgementResponse
        )

    async def reject_transfer(
        self, asked: Asked, command: RejectTransfer
    ) -> api.RejectTransferResponse:
        """The addressed office rejects; the errors of `CaseCustody.reject`."""

        def decide(desk: _Desk) -> Outcome:
            desk.require_addressed(command.etag)
            return desk.case.reject(command.reason, desk.at)

        return await self._answer_transfer(asked, command.case, decide, api.RejectTransferResponse)

    async def recall_transfer(
        self, asked: Asked, command: RecallTransfer
    ) -> api.RecallTransferResponse:
        """The accountable office takes the transfer back; the errors of `CaseCustody.recall`."""

        def decide(desk: _Desk) -> Outcome:
            desk.require_accountable()
            return desk.case.recall(desk.at)

        return await self._answer_transfer(asked, command.case, decide, api.RecallTransferResponse)

    async def record_home(self, asked: Asked, command: RecordHome) -> api.RecordHomeResponse:
        """The accountable agency says that the person is home; see `CaseCustody.record_home`."""

        async def work(uow: UnitOfWork) -> api.RecordHomeResponse:
            desk = await self._desk(uow, command.case, asked.caller)
            desk.require_accountable()
            outcome = desk.case.record_home(command.home_on, desk.at)
            await _commit(uow, desk.case, outcome)
            case_id = desk.case.case_id
            segments = await storage.segments_of(uow.connection, case_id)
            transfers = await storage.transfers_of(uow.connection, case_id)
            custody = messages.custody(outcome.case, segments, transfers, desk.at.today)
            return api.RecordHomeResponse(custody=custody)

        return await self._once(asked, api.RecordHomeResponse, work)

    async def _answer_transfer(
        self,
        asked: Asked,
        case: CaseRef,
        decide: Callable[[_Desk], Outcome],
        response_type: type[R],
    ) -> R:
        async def work(uow: UnitOfWork) -> R:
            desk = await self._desk(uow, case, asked.caller)
            outcome = decide(desk)
            await _commit(uow, desk.case, outcome)
            return response_type(transfer=messages.latest_transfer(outcome.case, desk.at.today))

        return await self._once(asked, response_type, work)

    async def _once(self, asked: Asked, response_type: type[R], work: Work[R]) -> R:
        return await answer_once(
            self._units,
            office_id=asked.caller.office_id,
            request_id=asked.request_id,
            method=asked.method,
            digest=digest_of(asked.request, self._digest_key),
            response_type=response_type,
            work=work,
        )

    async def _desk(self, uow: UnitOfWork, ref: CaseRef, caller: Caller) -> _Desk:
        """Lock the case. Raises CaseNotFound, also when the caller has nothing to do with it."""
        case = await storage.lock_case(uow.connection, ref)
        if case is None:
            raise CaseNotFound
        at = self._moment(uow.now)
        own = self._offices.represented_by(caller.office_id, at.today)
        relation = await storage.relation_of(uow.connection, case.case_id, own)
        acts = self._offices.acts_for(caller.office_id, case.office_id, at.today)
        if not (acts or relation.had_custody or relation.addressed):
            raise CaseNotFound
        return _Desk(uow, at, case, caller, self._offices)

    def _moment(self, now: datetime) -> Moment:
        return Moment(now, self._calendar)

    # Events of the other services.

    async def case_registered(self, uow: UnitOfWork, event: handover_pb2.CaseRegistered) -> None:
        """Custody begins; a receiving office that has ended by then is its successor."""
        case_id = UUID(event.case_id)
        if await storage.lock_case(uow.connection, case_id) is not None:
            return
        at = self._moment(uow.now)
        registered_at = _registered_at(event, uow.now)
        received_at = _received_at(event, registered_at)
        outcome = domain.register(
            case_id,
            event.case_number,
            self._offices.holder(event.receiving_office_id, at.today),
            _person(event),
            received_on=local_date(received_at),
            registered_on=local_date(registered_at),
            at=at,
        )
        await _commit(uow, None, outcome)

    async def case_corrected(self, uow: UnitOfWork, event: handover_pb2.CaseCorrected) -> None:
        """The person's home province or age band stand corrected."""
        await self._told(uow, event.case_id, lambda case, at: case.correct(_person(event)))

    async def case_withdrawn(self, uow: UnitOfWork, event: handover_pb2.CaseWithdrawn) -> None:
        """Withdrawn, or refused when custody has passed."""
        await self._told(uow, event.case_id, lambda case, at: case.withdraw(at))

    async def follow_ups_scheduled(
        self, uow: UnitOfWork, event: followup_pb2.FollowUpsScheduled
    ) -> None:
        """Followup watches from here on."""
        await self._told(
            uow, event.case_id, lambda case, at: case.follow_ups_scheduled(event.segment)
        )

    async def follow_ups_cancelled(
        self, uow: UnitOfWork, event: followup_pb2.FollowUpsCancelled
    ) -> None:
        """Followup watches no longer, since the arrival was taken back."""
        await self._told(uow, event.case_id, lambda case, at: case.followup_ceased(at))

    async def follow_up_recorded(
        self, uow: UnitOfWork, event: followup_pb2.FollowUpRecorded
    ) -> None:
        """The person was visited, so she did arrive."""
        await self._told(uow, event.case_id, lambda case, at: case.follow_up_recorded())

    async def case_closed(self, uow: UnitOfWork, event: followup_pb2.CaseClosed) -> None:
        """Closed, when it was the accountable office that closed."""

        def decide(case: CaseCustody, at: Moment) -> Outcome:
            if self._offices.acts_for(event.office_id, case.office_id, at.today):
                return case.close(at)
            log.warning("closing_of_former_office", case_id=event.case_id)
            return case.followup_ceased(at)

        await self._told(uow, event.case_id, decide)

    async def case_reopened(self, uow: UnitOfWork, event: followup_pb2.CaseReopened) -> None:
        """Open again, watched by followup."""
        await self._told(uow, event.case_id, lambda case, at: case.reopen(at))

    async def _told(
        self,
        uow: UnitOfWork,
        case_id: str,
        decide: Callable[[CaseCustody, Moment], Outcome],
    ) -> None:
        case = await storage.lock_case(uow.connection, UUID(case_id))
        if case is None:
            # Its registration was skipped by a named person: nobody is accountable here.
            log.warning("event_of_unknown_case_stepped_over", case_id=case_id)
            return
        await _commit(uow, case, decide(case, self._moment(uow.now)))

    # Deadlines.

    async def deadline_passed(self, uow: UnitOfWork, fired: ArmedObligation, late: bool) -> None:
        """A deadline of a locked case passed; it is no longer armed."""
        case = await storage.lock_case(uow.connection, fired.case_id)
        assert case is not None, "an obligation without a case"
        due = DueDate(
            rule_code=fired.rule,
            rule_version=fired.rule_version,
            calendar_version=fired.calendar_version,
            due_on=fired.due_on,
            due_at=fired.due_at,
            provisional=False,
        )
        watch = Watch(due, fired.is_primary, fired.reference_id, fired.level)
        before = replace(case, watch=watch)
        outcome = before.deadline_passed(uow.new_id(), self._moment(uow.now), late=late)
        await _commit(uow, before, outcome)


async def _commit(uow: UnitOfWork, before: CaseCustody | None, outcome: Outcome) -> None:
    await storage.save(uow, before, outcome)
    for event in outcome.events:
        uow.append(messages.event(outcome.case, event), outcome.case.case_id)


def _registered_at(event: handover_pb2.CaseRegistered, now: datetime) -> datetime:
    return event.register_time.ToDatetime(tzinfo=UTC) if event.HasField("register_time") else now


def _received_at(event: handover_pb2.CaseRegistered, otherwise: datetime) -> datetime:
    if not event.HasField("handover_time"):
        return otherwise
    return event.handover_time.ToDatetime(tzinfo=UTC)


def _person(event: handover_pb2.CaseRegistered | handover_pb2.CaseCorrected) -> Person:
    band = types.AgeBand.Name(event.age_band).removeprefix("AGE_BAND_")
    return Person(_home(event), band)


def _home(event: handover_pb2.CaseRegistered | handover_pb2.CaseCorrected) -> ProvinceRef | None:
    if not event.HasField("home_province"):
        return None
    try:
        return ProvinceRef(event.home_province.code, event.home_province.vintage)
    except ProvinceNotFound:
        return None
