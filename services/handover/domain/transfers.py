"""A journey: what the accountable office does about it, and what the addressed one answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from services.chassis.kernel.errors import FieldViolation, InvalidInput
from services.chassis.kernel.record import TRAVEL_DAYS_MAX
from services.chassis.kernel.roles import FacilityKind, is_same_account
from services.handover.domain import steps
from services.handover.domain.case import CaseCustody, Decided
from services.handover.domain.checks import check_arrival, check_days, check_past, farthest
from services.handover.domain.errors import (
    AddresseeIsSender,
    NotDispatched,
    NotExpectedYet,
    PersonHasLeft,
    PlannedElsewhere,
    SamePersonOnBothSides,
    SenderCannotAnswer,
    TransferAlreadyOpen,
)
from services.handover.domain.events import (
    Event,
    TransferAccepted,
    TransferAcknowledged,
    TransferDispatched,
    TransferNotArrived,
    TransferPlanned,
    TransferRedirected,
    TransferRejected,
)
from services.handover.domain.moment import Moment
from services.handover.domain.transfer import NOTHING_RECORDED, Transfer, TravelPlan
from services.handover.domain.words import Cause, Phase, RejectReason, Resolution, RuleCode, TransferState

# Of the accountable office.


def plan(
    case: CaseCustody,
    transfer_id: UUID,
    to_office_id: str,
    departure_on: date,
    arrival_on: date,
    at: Moment,
    *,
    travel: TravelPlan = NOTHING_RECORDED,
    supersede: bool = False,
) -> Decided:
    """Plan to send the person on. `supersede`: in the place of a plan that stands.

    Raises CaseHasEnded, TransferAlreadyOpen, PersonHasLeft, AddresseeIsSender, InvalidInput (dates).
    """
    steps.require_open(case)
    before = case.open_transfer
    if before is not None and not supersede:
        raise TransferAlreadyOpen
    if before is not None and before.is_under_way:
        raise PersonHasLeft
    if to_office_id == case.office_id:
        raise AddresseeIsSender
    check_days("expected_departure_on", departure_on, case.present_since_on, farthest(at))
    check_arrival(departure_on, arrival_on)
    superseded = steps.superseded(case, at, by_id=transfer_id)
    transfer = Transfer(
        id=transfer_id,
        number=case.next_transfer,
        from_office_id=case.office_id,
        to_office_id=to_office_id,
        state=TransferState.PLANNED,
        expected_departure_on=departure_on,
        expected_arrival_on=arrival_on,
        planned_at=at.now,
        travel=travel,
        replaces_id=before.id if before is not None else None,
    )
    planned = steps.decided(superseded.case, TransferPlanned(transfer), transfer=transfer)
    return Decided(planned.case, (*superseded.events, *planned.events))


def dispatch(
    case: CaseCustody,
    transfer_id: UUID,
    to_office_id: str | None,
    departed_on: date | None,
    arrival_on: date | None,
    at: Moment,
    *,
    travel: TravelPlan = NOTHING_RECORDED,
    to_centre: bool = False,
    against_advice: bool = False,
    journey_id: UUID | None = None,
) -> Decided:
    """Record that the person left; plan it first when nothing is planned. Leaving a facility is its discharge.

    `to_office_id` and `arrival_on` None: as planned; `departed_on` None: today; what `travel` does
    not say is as planned. `to_centre`: the addressed office is a centre, no home. `against_advice`: she goes to a home
    that is not safe, by her own decision. `journey_id`: the journey that several people share. Raises what `plan`
    raises, PlannedElsewhere, ConsentRefused, HomeSafetyUndecided, HomeNotSafe, and InvalidInput for what is missing.
    """
    departed_on = departed_on or at.today
    check_past("departed_on", departed_on, date.min, at)
    planned, told = _planned(case, transfer_id, to_office_id, departed_on, arrival_on, at)
    assert planned.transfer is not None
    travel = travel.over(planned.transfer.travel)
    travel.require_agreed(to_centre=to_centre, against_advice=against_advice)
    arrival_on = arrival_on or planned.transfer.expected_arrival_on
    check_days("departed_on", departed_on, case.present_since_on, at.today)
    check_arrival(departed_on, arrival_on)
    due = at.due(RuleCode.TRANSFER_ACKNOWLEDGE, arrival_on)
    transfer = steps.transfer_now(
        planned,
        state=TransferState.DISPATCHED,
        departed_on=departed_on,
        dispatched_at=at.now,
        dispatched_in=case.segment.number,
        expected_arrival_on=arrival_on,
        acknowledge_due_on=due.due_on,
        travel=travel,
        journey_id=journey_id,
        dispatched_by=at.subject,
    )
    leaving = steps.resolved(steps.left_facility(planned, departed_on), Resolution.REDIRECTED, case.office_id, at)
    moved = steps.moved(leaving.case, Phase.IN_TRANSIT, steps.watch_for(planned, due, transfer.id), transfer=transfer)
    return Decided(moved, (*told, TransferDispatched(transfer), *leaving.events))


def _planned(
    case: CaseCustody,
    transfer_id: UUID,
    to_office_id: str | None,
    departed_on: date,
    arrival_on: date | None,
    at: Moment,
) -> tuple[CaseCustody, tuple[Event, ...]]:
    """The case with a plan to dispatch, and what is told if it had to be made."""
    steps.require_open(case)
    transfer = case.open_transfer
    if transfer is not None:
        if transfer.is_under_way:
            raise TransferAlreadyOpen
        if to_office_id not in (None, transfer.to_office_id):
            raise PlannedElsewhere
        return case, ()
    given = {"to_office_id": to_office_id, "expected_arrival_on": arrival_on}
    missing = [FieldViolation(None, field, "REQUIRED") for field, value in given.items() if value is None]
    if missing or to_office_id is None or arrival_on is None:
        raise InvalidInput(missing)
    check_days("departed_on", departed_on, case.present_since_on, at.today)
    planned = plan(case, transfer_id, to_office_id, departed_on, arrival_on, at)
    return planned.case, planned.events


def redirect(
    case: CaseCustody,
    transfer_id: UUID,
    to_office_id: str,
    arrival_on: date,
    at: Moment,
    *,
    travel: TravelPlan = NOTHING_RECORDED,
    to_centre: bool = False,
    against_advice: bool = False,
    field: str = "expected_arrival_on",
) -> Decided:
    """Send a person who is on the way to another office: she left when she left, and is expected anew.

    An open search ends by it. What `travel` does not say is as before, but consent and the check of
    the home, which were asked about another place, unless it is the same. Raises CaseHasEnded,
    NoOpenTransfer, NotDispatched, AddresseeIsSender, ConsentRefused, HomeSafetyUndecided,
    HomeNotSafe, InvalidInput (date, on `field`).
    """
    steps.require_open(case)
    before = steps.require_transfer(case)
    if before.departed_on is None:
        raise NotDispatched
    if to_office_id in (case.office_id, before.from_office_id):
        raise AddresseeIsSender
    check_days(field, arrival_on, at.today, at.today + timedelta(days=TRAVEL_DAYS_MAX))
    same_place = to_office_id == before.to_office_id
    travel = travel.over(before.travel if same_place else before.travel.elsewhere())
    travel.require_agreed(to_centre=to_centre, against_advice=against_advice)
    due = at.due(RuleCode.TRANSFER_ACKNOWLEDGE, arrival_on)
    ended = steps.transfer_ended(case, TransferState.REDIRECTED, at)
    transfer = Transfer(
        id=transfer_id,
        number=case.next_transfer,
        from_office_id=before.from_office_id,
        to_office_id=to_office_id,
        state=TransferState.DISPATCHED,
        expected_departure_on=before.departed_on,
        expected_arrival_on=arrival_on,
        planned_at=at.now,
        departed_on=before.departed_on,
        dispatched_at=at.now,
        dispatched_in=case.segment.number,
        acknowledge_due_on=due.due_on,
        travel=travel,
        journey_id=before.journey_id,
        replaces_id=before.id,
        dispatched_by=at.subject,
    )
    found = steps.resolved(case, Resolution.REDIRECTED, case.office_id, at)
    moved = steps.moved(found.case, Phase.IN_TRANSIT, steps.watch_for(case, due, transfer_id), transfer=transfer)
    told = (TransferRedirected(ended, transfer), TransferDispatched(transfer))
    return Decided(moved, (*told, *found.events))


def recall(case: CaseCustody, at: Moment) -> Decided:
    """Take the open transfer back. Raises CaseHasEnded, NoOpenTransfer."""
    steps.require_open(case)
    steps.require_transfer(case)
    back = steps.recalled(case, at)
    if case.phase is not Phase.IN_TRANSIT:
        return back
    return Decided(steps.settled(back.case, at), back.events)


# Of the addressed office.


def require_not_sender(transfer: Transfer, office_id: str, *, merged: bool = False) -> None:
    """Raise SenderCannotAnswer: nobody answers for itself, unless sender and addressee have become one office."""
    if office_id == transfer.from_office_id and not merged:
        raise SenderCannotAnswer


def require_another_person(by_subject: str, at: Moment) -> None:
    """Raise SamePersonOnBothSides when who acts is that person; nobody is the same as a person who is not known."""
    if is_same_account(by_subject, at.subject):
        raise SamePersonOnBothSides


LEAVE_BY: Final[frozenset[str]] = frozenset(
    {RuleCode.DISPATCH_DUE, RuleCode.REDISPATCH_AFTER_REJECT, RuleCode.DISPATCH_AFTER_DISCHARGE}
)
"""Deadlines that oblige the accountable office to send the person on."""


def seen(case: CaseCustody, transfer_id: UUID, seen_at: datetime) -> Decided:
    """The addressed office read of this transfer. It has accepted nothing by that.

    Not a change of the transfer that anybody decided: whoever read it before may answer it still.
    """
    transfer = case.open_transfer
    if transfer is None or transfer.id != transfer_id or transfer.seen_at is not None:
        return Decided(case)
    return steps.decided(case, transfer=replace(transfer, seen_at=seen_at))


def accept(case: CaseCustody, by_office_id: str, at: Moment) -> Decided:
    """The addressed office expects the person. The second time changes nothing.

    Raises CaseHasEnded, NoOpenTransfer, SenderCannotAnswer, SamePersonOnBothSides.
    """
    steps.require_open(case)
    before = steps.require_transfer(case)
    require_not_sender(before, by_office_id)
    require_another_person(before.dispatched_by, at)
    if before.accepted_at is not None:
        return Decided(case)
    transfer = steps.transfer_now(case, accepted_at=at.now)
    return steps.decided(case, TransferAccepted(transfer), transfer=transfer)


def acknowledge(
    case: CaseCustody,
    by_office_id: str,
    arrived_on: date | None,
    at: Moment,
    *,
    facility: FacilityKind | None = None,
    field: str = "arrived_on",
    merged: bool = False,
) -> Decided:
    """The person arrived: accountability passes to the office that says so; in a facility she is admitted.

    `arrived_on` None: today. `merged`: sender and addressee have become one office since she left. A late one counts,
    and ends an open search as found. Raises CaseHasEnded, NoOpenTransfer, NotDispatched, SenderCannotAnswer,
    SamePersonOnBothSides, InvalidInput (date, on `field`).
    """
    steps.require_open(case)
    before = steps.require_transfer(case)
    require_not_sender(before, by_office_id, merged=merged)
    if not merged:
        require_another_person(before.dispatched_by, at)
    if before.departed_on is None:
        raise NotDispatched
    arrived_on = arrived_on or at.today
    check_past(field, arrived_on, before.departed_on, at)
    transfer = steps.transfer_ended(
        case,
        TransferState.ACKNOWLEDGED,
        at,
        # An office that took over the addressee's duty is the one that received.
        to_office_id=steps.receiver(before, by_office_id),
        arrived_on=arrived_on,
        acknowledged_at=at.now,
    )
    here = replace(case, transfer=transfer)
    arrived = steps.arrive(here, by_office_id, Cause.ARRIVED, arrived_on, at, facility)
    return Decided(arrived.case, (TransferAcknowledged(transfer), *arrived.events))


def reject(case: CaseCustody, reason: RejectReason, at: Moment, *, sender_has_people: bool = True) -> Decided:
    """The addressed office does not take the person, accepted or not: the duty is the sender's.

    Without `sender_has_people` a supervisor answers, since the sender ended: nobody is to send her on, and the search
    goes on. Raises CaseHasEnded, NoOpenTransfer.
    """
    steps.require_open(case)
    before = steps.require_transfer(case)
    transfer = steps.transfer_ended(case, TransferState.REJECTED, at, reject_reason=reason)
    if not before.is_under_way or (case.search is not None and not sender_has_people):
        return steps.decided(case, TransferRejected(transfer, _leave_by(case)), transfer=transfer)
    due = at.due(RuleCode.REDISPATCH_AFTER_REJECT, at.today)
    back = steps.resolved(case, Resolution.RETURNED_TO_SENDER, case.office_id, at)
    moved = steps.moved(back.case, Phase.REJECTED, steps.watch_for(case, due, transfer.id), transfer=transfer)
    return Decided(moved, (TransferRejected(transfer, due.due_on), *back.events))


def addressee_ended(case: CaseCustody, at: Moment) -> Decided:
    """The addressed office ended and nobody succeeds it: the duty is the sender's, as if it had rejected.

    While she is searched for, the search says what becomes of the transfer: nothing changes.
    """
    if case.open_transfer is None or case.search is not None:
        return Decided(case)
    return reject(case, RejectReason.OFFICE_ENDED, at)


def _leave_by(case: CaseCustody) -> date | None:
    """The last day to send the person on, where one runs."""
    if case.watch is None or case.watch.rule not in LEAVE_BY:
        return None
    return case.watch.due.due_on


def report_not_arrived(case: CaseCustody, at: Moment) -> Decided:
    """The person did not arrive: the duty is the sender's. A search that is open goes on: nobody was found.

    Raises CaseHasEnded, NoOpenTransfer, NotDispatched, NotExpectedYet.
    """
    steps.require_open(case)
    before = steps.require_transfer(case)
    if not before.is_under_way:
        raise NotDispatched
    if at.today < before.expected_arrival_on:
        raise NotExpectedYet(expected_on=before.expected_arrival_on.isoformat())
    transfer = steps.transfer_ended(case, TransferState.NOT_ARRIVED, at)
    if case.search is not None:
        return steps.decided(case, TransferNotArrived(transfer, None), transfer=transfer)
    due = at.due(RuleCode.REDISPATCH_AFTER_REJECT, at.today)
    moved = steps.moved(case, Phase.REJECTED, steps.watch_for(case, due, transfer.id), transfer=transfer)
    return Decided(moved, (TransferNotArrived(transfer, due.due_on),))
