"""Verbs of the accountable office about a journey: plan, dispatch, redirect, recall, home without one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Self
from uuid import UUID

from services.chassis.kernel.errors import FieldViolation, InvalidInput
from services.chassis.kernel.record import TRAVEL_DAYS_MAX
from services.handover.domain.checks import (
    check_arrival,
    check_days,
    check_past,
    farthest,
)
from services.handover.domain.errors import (
    AddresseeIsSender,
    AlreadyAtHome,
    NotDispatched,
    PersonHasLeft,
    PlannedElsewhere,
    TransferAlreadyOpen,
)
from services.handover.domain.events import (
    Event,
    TransferDispatched,
    TransferPlanned,
    TransferRedirected,
)
from services.handover.domain.moment import Moment
from services.handover.domain.state import CaseState, Decided
from services.handover.domain.transfer import NOTHING_RECORDED, Transfer, TravelPlan
from services.handover.domain.words import Cause, Phase, Resolution, Rule, TransferState


class Sending(CaseState):
    """What the accountable office does about a journey."""

    __slots__ = ()

    def plan(
        self,
        transfer_id: UUID,
        to_office_id: str,
        departure_on: date,
        arrival_on: date,
        at: Moment,
        *,
        travel: TravelPlan = NOTHING_RECORDED,
        supersede: bool = False,
    ) -> Decided[Self]:
        """Plan to send the person on. `supersede`: in the place of a plan that stands.

        Raises CaseHasEnded, TransferAlreadyOpen, PersonHasLeft, AddresseeIsSender, InvalidInput (dates).
        """
        self._require_open()
        before = self.open_transfer
        if before is not None and not supersede:
            raise TransferAlreadyOpen
        if before is not None and before.is_under_way:
            raise PersonHasLeft
        if to_office_id == self.office_id:
            raise AddresseeIsSender
        check_days("expected_departure_on", departure_on, self.present_since_on, farthest(at))
        check_arrival(departure_on, arrival_on)
        superseded = self._superseded(at, by_id=transfer_id)
        transfer = Transfer(
            id=transfer_id,
            number=1 if self.transfer is None else self.transfer.number + 1,
            from_office_id=self.office_id,
            to_office_id=to_office_id,
            state=TransferState.PLANNED,
            expected_departure_on=departure_on,
            expected_arrival_on=arrival_on,
            planned_at=at.now,
            travel=travel,
            replaces_id=before.id if before is not None else None,
        )
        planned = superseded.case._then(TransferPlanned(transfer), transfer=transfer)
        return Decided(planned.case, (*superseded.events, *planned.events))

    def dispatch(
        self,
        transfer_id: UUID,
        to_office_id: str | None,
        departed_on: date | None,
        arrival_on: date | None,
        at: Moment,
        *,
        travel: TravelPlan = NOTHING_RECORDED,
        to_centre: bool = False,
        journey_id: UUID | None = None,
    ) -> Decided[Self]:
        """Record that the person left; plan it first when nothing is planned. Leaving a facility is its discharge.

        `to_office_id` and `arrival_on` None: as planned; `departed_on` None: today; what `travel` does
        not say is as planned. `to_centre`: the addressed office is a centre, no home. `journey_id`: the
        journey that several people share. Raises what `plan` raises, PlannedElsewhere, ConsentRefused,
        HomeSafetyUndecided, HomeNotSafe, and InvalidInput for what is missing.
        """
        departed_on = departed_on or at.today
        check_past("departed_on", departed_on, date.min, at)
        planned, told = self._planned(transfer_id, to_office_id, departed_on, arrival_on, at)
        assert planned.transfer is not None
        travel = travel.over(planned.transfer.travel)
        travel.require_agreed(to_centre=to_centre)
        arrival_on = arrival_on or planned.transfer.expected_arrival_on
        check_days("departed_on", departed_on, self.present_since_on, at.today)
        check_arrival(departed_on, arrival_on)
        due = at.due(Rule.TRANSFER_ACKNOWLEDGE, arrival_on)
        transfer = planned._transfer_now(
            state=TransferState.DISPATCHED,
            departed_on=departed_on,
            dispatched_at=at.now,
            dispatched_in=self.segment.number,
            expected_arrival_on=arrival_on,
            acknowledge_due_on=due.due_on,
            travel=travel,
            journey_id=journey_id,
        )
        leaving = planned._left_facility(departed_on)._resolved(Resolution.REDIRECTED, self.office_id, at)
        moved = leaving.case._moved(Phase.IN_TRANSIT, planned._watch(due, transfer.id), transfer=transfer)
        return Decided(moved, (*told, TransferDispatched(transfer), *leaving.events))

    def _planned(
        self,
        transfer_id: UUID,
        to_office_id: str | None,
        departed_on: date,
        arrival_on: date | None,
        at: Moment,
    ) -> tuple[Self, tuple[Event, ...]]:
        """The case with a plan to dispatch, and what is told if it had to be made."""
        self._require_open()
        transfer = self.open_transfer
        if transfer is not None:
            if transfer.is_under_way:
                raise TransferAlreadyOpen
            if to_office_id not in (None, transfer.to_office_id):
                raise PlannedElsewhere
            return self, ()
        given = {"to_office_id": to_office_id, "expected_arrival_on": arrival_on}
        missing = [FieldViolation(None, field, "REQUIRED") for field, value in given.items() if value is None]
        if missing or to_office_id is None or arrival_on is None:
            raise InvalidInput(missing)
        check_days("departed_on", departed_on, self.present_since_on, at.today)
        planned = self.plan(transfer_id, to_office_id, departed_on, arrival_on, at)
        return planned.case, planned.events

    def _left_facility(self, departed_on: date) -> Self:
        if self.stay is None or self.stay.discharged_on is not None:
            return self
        return self._with_stay(replace(self.stay, discharged_on=departed_on))

    def redirect(
        self,
        transfer_id: UUID,
        to_office_id: str,
        arrival_on: date,
        at: Moment,
        *,
        travel: TravelPlan = NOTHING_RECORDED,
        to_centre: bool = False,
        field: str = "expected_arrival_on",
    ) -> Decided[Self]:
        """Send a person who is on the way to another office: she left when she left, and is expected anew.

        An open search ends by it. What `travel` does not say is as before, but consent and the check of
        the home, which were asked about another place, unless it is the same. Raises CaseHasEnded,
        NoOpenTransfer, NotDispatched, AddresseeIsSender, ConsentRefused, HomeSafetyUndecided,
        HomeNotSafe, InvalidInput (date, on `field`).
        """
        self._require_open()
        before = self._require_transfer()
        if before.departed_on is None:
            raise NotDispatched
        if to_office_id in (self.office_id, before.from_office_id):
            raise AddresseeIsSender
        check_days(field, arrival_on, at.today, at.today + timedelta(days=TRAVEL_DAYS_MAX))
        same_place = to_office_id == before.to_office_id
        travel = travel.over(before.travel if same_place else before.travel.elsewhere())
        travel.require_agreed(to_centre=to_centre)
        due = at.due(Rule.TRANSFER_ACKNOWLEDGE, arrival_on)
        ended = self._transfer_ended(TransferState.REDIRECTED, at)
        transfer = Transfer(
            id=transfer_id,
            number=before.number + 1,
            from_office_id=before.from_office_id,
            to_office_id=to_office_id,
            state=TransferState.DISPATCHED,
            expected_departure_on=before.departed_on,
            expected_arrival_on=arrival_on,
            planned_at=at.now,
            departed_on=before.departed_on,
            dispatched_at=at.now,
            dispatched_in=self.segment.number,
            acknowledge_due_on=due.due_on,
            travel=travel,
            journey_id=before.journey_id,
            replaces_id=before.id,
        )
        found = self._resolved(Resolution.REDIRECTED, self.office_id, at)
        moved = found.case._moved(Phase.IN_TRANSIT, self._watch(due, transfer_id), transfer=transfer)
        told = (TransferRedirected(ended, transfer), TransferDispatched(transfer))
        return Decided(moved, (*told, *found.events))

    def recall(self, at: Moment) -> Decided[Self]:
        """Take the open transfer back. Raises CaseHasEnded, NoOpenTransfer."""
        self._require_open()
        self._require_transfer()
        back = self._recalled(at)
        if self.phase is not Phase.IN_TRANSIT:
            return back
        return Decided(back.case._settled(at), back.events)

    def record_home(self, home_on: date | None, at: Moment) -> Decided[Self]:
        """Record that the person is home, without a transfer. `home_on` None: today.

        Raises CaseHasEnded, AlreadyAtHome, TransferAlreadyOpen, InvalidInput (date).
        """
        self._require_open()
        if self.phase in (Phase.ARRIVED, Phase.FOLLOW_UP):
            raise AlreadyAtHome
        if self.open_transfer is not None:
            raise TransferAlreadyOpen
        home_on = home_on or at.today
        check_past("home_on", home_on, self.present_since_on, at)
        return self._arrive(self.office_id, Cause.HOME_RECORDED, home_on, at)
