"""Somebody is lost: how a search begins, goes on, and puts custody right when it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Self
from uuid import UUID

from services.chassis.kernel.clock import local_date
from services.chassis.kernel.record import TRAVEL_DAYS_MAX
from services.chassis.kernel.roles import FacilityKind
from services.handover.domain.checks import check_days, check_past
from services.handover.domain.errors import SameCase, SearchStepsExhausted
from services.handover.domain.events import PersonLost
from services.handover.domain.moment import Moment
from services.handover.domain.receiving import Receiving
from services.handover.domain.search import MAX_STEPS, Search, Step
from services.handover.domain.sending import Sending
from services.handover.domain.state import Decided
from services.handover.domain.words import (
    Cause,
    CloseReason,
    LostReason,
    Phase,
    Resolution,
    Rule,
    StepKind,
)


class Searching(Sending, Receiving):
    """What is done about a person who is lost."""

    __slots__ = ()

    # How a search begins, besides by a deadline that passed.

    def lose(
        self, reason: LostReason, search_id: UUID, at: Moment, *, other_case_id: UUID | None = None
    ) -> Decided[Self]:
        """Open a search; the accountable office stays accountable.

        One that is open stays, and for its own reason; but who was handed over again at a border is
        searched for because of that. Ended cases are not searched for.
        """
        if not self.is_open:
            return Decided(self)
        if self.search is not None:
            return self._lost_again(self.search, reason, other_case_id)
        search = Search(search_id, reason, opened_at=at.now, other_case_id=other_case_id)
        watch = self._watch(at.due(Rule.SEARCH_ESCALATE, at.today), search_id)
        case = self._moved(Phase.SEARCH, watch, search=search)
        return Decided(case, (PersonLost(search, self.open_transfer, self.office_id, late=False),))

    def _lost_again(self, search: Search, reason: LostReason, other_case_id: UUID | None) -> Decided[Self]:
        linked = replace(search, other_case_id=search.other_case_id or other_case_id)
        if reason is not LostReason.REAPPEARED or search.reason is LostReason.REAPPEARED:
            return Decided(self) if linked == search else self._then(search=linked)
        other = other_case_id or search.other_case_id
        worse = replace(search, reason=reason, other_case_id=other, version=search.version + 1)
        told = PersonLost(worse, self.open_transfer, self.office_id, late=False)
        return self._then(told, search=worse)

    def turned_up(self, reason: LostReason, search_id: UUID, other_case_id: UUID, at: Moment) -> Decided[Self]:
        """Another office registered the person anew: no journey goes on, and where she belongs is searched for.

        Accountability stays where it is until the search is resolved.
        """
        if not self.is_open:
            return Decided(self)
        ended = self._superseded(at)
        lost = ended.case.lose(reason, search_id, at, other_case_id=other_case_id)
        return Decided(lost.case, (*ended.events, *lost.events))

    def not_at_address(self, search_id: UUID, at: Moment) -> Decided[Self]:
        """Nobody was found at the address. Who is on the way is not expected there."""
        return Decided(self) if self.is_under_way else self.lose(LostReason.NOT_AT_ADDRESS, search_id, at)

    def left_province(self, search_id: UUID, at: Moment) -> Decided[Self]:
        """The person moved to another province. With a transfer open it is known where to."""
        if self.open_transfer is not None:
            return Decided(self)
        return self.lose(LostReason.LEFT_PROVINCE, search_id, at)

    # How it goes on.

    def record_step(
        self, kind: StepKind, office_id: str, taken_on: date | None, at: Moment, *, successful: bool
    ) -> Decided[Self]:
        """Record what an office did to find the person. `taken_on` None: today.

        Raises CaseHasEnded, NoOpenSearch, SearchStepsExhausted, InvalidInput (date).
        """
        self._require_open()
        search = self._require_search()
        if len(search.steps) >= MAX_STEPS:
            raise SearchStepsExhausted(limit=str(MAX_STEPS))
        taken_on = taken_on or at.today
        check_past("taken_on", taken_on, local_date(search.opened_at), at)
        step = Step(len(search.steps) + 1, kind, office_id, taken_on, successful)
        return self._then(search=replace(search, steps=(*search.steps, step), version=search.version + 1))

    # How it ends. Each puts custody right, and raises CaseHasEnded and NoOpenSearch.

    def found(
        self, office_id: str, since_on: date, at: Moment, *, facility: FacilityKind | None = None
    ) -> Decided[Self]:
        """The person is with that office, at home or in a facility of that kind, since that day.

        By the accountable office itself: as if she had come back. By the addressed office: she arrived,
        late. By another one: custody passes to it. Raises InvalidInput (`on`).
        """
        self._require_open()
        self._require_search()
        if office_id == self.office_id:
            check_past("on", since_on, self.present_since_on, at)
            return self._back(Resolution.FOUND, at)
        transfer = self.open_transfer
        if transfer is not None and transfer.is_under_way and transfer.to_office_id == office_id:
            return self.acknowledge(office_id, since_on, at, facility=facility, field="on")
        left_on = transfer.departed_on if transfer is not None else None
        check_past("on", since_on, left_on or self.present_since_on, at)
        ended = self._superseded(at)
        arrived = ended.case._arrive(office_id, Cause.FOUND, since_on, at, facility)
        return Decided(arrived.case, (*ended.events, *arrived.events))

    def redirected(self, transfer_id: UUID, to_office_id: str, expected_on: date, at: Moment) -> Decided[Self]:
        """The person is on the way to that office, and expected on that day.

        Raises AddresseeIsSender, InvalidInput (`on`).
        """
        self._require_open()
        self._require_search()
        check_days("on", expected_on, at.today, at.today + timedelta(days=TRAVEL_DAYS_MAX))
        if self.is_under_way:
            return self.redirect(transfer_id, to_office_id, expected_on, at)
        ended = self._superseded(at, by_id=transfer_id)
        sent = ended.case.dispatch(transfer_id, to_office_id, None, expected_on, at)
        return Decided(sent.case, (*ended.events, *sent.events))

    def returned(self, at: Moment) -> Decided[Self]:
        """The person is with the accountable office."""
        self._require_open()
        self._require_search()
        return self._back(Resolution.RETURNED_TO_SENDER, at)

    def _back(self, resolution: Resolution, at: Moment) -> Decided[Self]:
        recalled = self._recalled(at)
        resolved = recalled.case._resolved(resolution, self.office_id, at)
        return Decided(resolved.case._settled(at), (*recalled.events, *resolved.events))

    def re_identified(self, other_case_id: UUID, at: Moment) -> Decided[Self]:
        """The person goes on under another case: this one is closed. Raises SameCase."""
        self._require_open()
        self._require_search()
        if other_case_id == self.case_id:
            raise SameCase
        ended = self._superseded(at)
        resolved = ended.case._resolved(Resolution.RE_IDENTIFIED, self.office_id, at, other_case_id=other_case_id)
        closed = resolved.case._ended(Phase.CLOSED, Cause.RE_IDENTIFIED, at)
        return Decided(closed.case, (*ended.events, *resolved.events, *closed.events))

    def given_up(self, reason: CloseReason, at: Moment) -> Decided[Self]:
        """The search and the case are closed for a reason."""
        self._require_open()
        self._require_search()
        return self._end(Phase.CLOSED, Cause.CLOSED, at, close_reason=reason)
