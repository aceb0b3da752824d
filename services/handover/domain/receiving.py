"""Verbs of the addressed office: it read, accepts, acknowledges, takes that back, rejects, misses the person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Self
from uuid import UUID

from services.chassis.kernel.clock import local_date
from services.chassis.kernel.roles import FacilityKind
from services.handover.domain.checks import check_past
from services.handover.domain.errors import (
    NotDispatched,
    NotExpectedYet,
    NothingToRetract,
    SearchIsOpen,
    SenderCannotAnswer,
    TooLateToRetract,
    TransferAlreadyOpen,
    VisitAlreadyRecorded,
)
from services.handover.domain.events import (
    AcknowledgementRetracted,
    TransferAccepted,
    TransferAcknowledged,
    TransferNotArrived,
    TransferRejected,
)
from services.handover.domain.moment import Missed, Moment
from services.handover.domain.state import CaseState, Decided
from services.handover.domain.transfer import Transfer
from services.handover.domain.words import (
    Cause,
    Phase,
    RejectReason,
    Resolution,
    Rule,
    TransferState,
)

LEAVE_BY: frozenset[str] = frozenset({Rule.DISPATCH_DUE, Rule.REDISPATCH_AFTER_REJECT, Rule.DISPATCH_AFTER_DISCHARGE})
"""Deadlines that oblige the accountable office to send the person on."""


class Receiving(CaseState):
    """What the addressed office does."""

    __slots__ = ()

    def seen(self, transfer_id: UUID, seen_at: datetime) -> Decided[Self]:
        """The addressed office read of this transfer. It has accepted nothing by that.

        Not a change of the transfer that anybody decided: whoever read it before may answer it still.
        """
        transfer = self.open_transfer
        if transfer is None or transfer.id != transfer_id or transfer.seen_at is not None:
            return Decided(self)
        return self._then(transfer=replace(transfer, seen_at=seen_at))

    def accept(self, by_office_id: str, at: Moment) -> Decided[Self]:
        """The addressed office expects the person. The second time changes nothing.

        Raises CaseHasEnded, NoOpenTransfer, SenderCannotAnswer.
        """
        self._require_open()
        before = self._require_transfer()
        if by_office_id == before.from_office_id:
            raise SenderCannotAnswer
        if before.accepted_at is not None:
            return Decided(self)
        transfer = self._transfer_now(accepted_at=at.now)
        return self._then(TransferAccepted(transfer), transfer=transfer)

    def acknowledge(
        self,
        by_office_id: str,
        arrived_on: date | None,
        at: Moment,
        *,
        facility: FacilityKind | None = None,
        field: str = "arrived_on",
    ) -> Decided[Self]:
        """The person arrived: accountability passes to the office that says so; in a facility she is admitted.

        `arrived_on` None: today. A late one counts, and ends an open search as found. Raises
        CaseHasEnded, NoOpenTransfer, NotDispatched, SenderCannotAnswer, InvalidInput (date, on `field`).
        """
        self._require_open()
        before = self._require_transfer()
        if by_office_id == before.from_office_id:
            raise SenderCannotAnswer
        if before.departed_on is None:
            raise NotDispatched
        arrived_on = arrived_on or at.today
        check_past(field, arrived_on, before.departed_on, at)
        transfer = self._transfer_ended(
            TransferState.ACKNOWLEDGED,
            at,
            # An office that took over the addressee's duty is the one that received.
            to_office_id=by_office_id,
            arrived_on=arrived_on,
            acknowledged_at=at.now,
        )
        here = replace(self, transfer=transfer)
        arrived = here._arrive(by_office_id, Cause.ARRIVED, arrived_on, at, facility)
        return Decided(arrived.case, (TransferAcknowledged(transfer), *arrived.events))

    def retract(self, reason: str, at: Moment) -> Decided[Self]:
        """Take a mistaken acknowledgement back, on the local day it was given.

        Followup goes on watching until it says that it ceased: it may keep what it has for an
        earlier arrival, or for a visit that crossed this.

        Raises CaseHasEnded, SearchIsOpen, NothingToRetract, TransferAlreadyOpen,
        VisitAlreadyRecorded, TooLateToRetract.
        """
        self._require_open()
        before = self._acknowledged_transfer()
        if self.search is not None:
            raise SearchIsOpen
        assert before.acknowledged_at is not None
        assert before.departed_on is not None
        if self.visited:
            raise VisitAlreadyRecorded
        given_on = local_date(before.acknowledged_at)
        if given_on != at.today:
            raise TooLateToRetract(given_on=given_on.isoformat())
        due = at.due(Rule.TRANSFER_ACKNOWLEDGE, before.expected_arrival_on)
        transfer = self._transfer_now(
            state=TransferState.DISPATCHED,
            arrived_on=None,
            acknowledged_at=None,
            ended_at=None,
            acknowledge_due_on=due.due_on,
            retract_reason=reason,
            late=False,
        )
        back = replace(
            self,
            arrivals=self.arrivals[:-1],
            stays=tuple(stay for stay in self.stays if stay.segment != self.segment.number),
            present_since_on=before.departed_on,
        )
        missed = None
        if before.told_overdue:
            missed = Missed(Rule.TRANSFER_ACKNOWLEDGE, due.due_on)
            due = at.due(Rule.TRANSFER_LOST, due.due_on)
        moved = back._moved(Phase.IN_TRANSIT, back._watch(due, transfer.id), transfer=transfer)
        passed = replace(moved, missed=missed)._pass_custody(before.from_office_id, Cause.ARRIVAL_RETRACTED, at)
        return Decided(passed.case, (AcknowledgementRetracted(transfer), *passed.events))

    def _acknowledged_transfer(self) -> Transfer:
        if self.open_transfer is not None:
            raise TransferAlreadyOpen
        transfer = self.transfer
        if transfer is None or transfer.acknowledged_at != self.segment.started_at:
            raise NothingToRetract
        if self.segment.cause not in (Cause.ARRIVED, Cause.ADMITTED):
            raise NothingToRetract
        return transfer

    def reject(self, reason: RejectReason, at: Moment) -> Decided[Self]:
        """The addressed office does not take the person, accepted or not: the duty is the sender's.

        Raises CaseHasEnded, NoOpenTransfer.
        """
        self._require_open()
        before = self._require_transfer()
        transfer = self._transfer_ended(TransferState.REJECTED, at, reject_reason=reason)
        if not before.is_under_way:
            return self._then(TransferRejected(transfer, self._leave_by()), transfer=transfer)
        due = at.due(Rule.REDISPATCH_AFTER_REJECT, at.today)
        back = self._resolved(Resolution.RETURNED_TO_SENDER, self.office_id, at)
        moved = back.case._moved(Phase.REJECTED, self._watch(due, transfer.id), transfer=transfer)
        return Decided(moved, (TransferRejected(transfer, due.due_on), *back.events))

    def _leave_by(self) -> date | None:
        """The last day to send the person on, where one runs."""
        if self.watch is None or self.watch.rule not in LEAVE_BY:
            return None
        return self.watch.due.due_on

    def report_not_arrived(self, at: Moment) -> Decided[Self]:
        """The person did not arrive: the duty is the sender's. A search that is open goes on: nobody was found.

        Raises CaseHasEnded, NoOpenTransfer, NotDispatched, NotExpectedYet.
        """
        self._require_open()
        before = self._require_transfer()
        if not before.is_under_way:
            raise NotDispatched
        if at.today < before.expected_arrival_on:
            raise NotExpectedYet(expected_on=before.expected_arrival_on.isoformat())
        transfer = self._transfer_ended(TransferState.NOT_ARRIVED, at)
        if self.search is not None:
            return self._then(TransferNotArrived(transfer, None), transfer=transfer)
        due = at.due(Rule.REDISPATCH_AFTER_REJECT, at.today)
        moved = self._moved(Phase.REJECTED, self._watch(due, transfer.id), transfer=transfer)
        return Decided(moved, (TransferNotArrived(transfer, due.due_on),))
