"""What time tells: a watched deadline passed, and the next one is watched."""

from __future__ import annotations

from dataclasses import replace
from typing import Self
from uuid import UUID

from services.handover.domain.events import (
    Event,
    FollowUpsUnconfirmed,
    PersonLost,
    SearchEscalated,
    StayEnding,
    TransferOverdue,
)
from services.handover.domain.moment import Missed, Moment, Watch
from services.handover.domain.search import Search
from services.handover.domain.state import CaseState, Decided
from services.handover.domain.words import LostReason, Phase, Rule


class Waiting(CaseState):
    """What follows when nothing was done in time."""

    __slots__ = ()

    def deadline_passed(self, search_id: UUID, at: Moment, *, late: bool) -> Decided[Self]:
        """The watched deadline passed: tell it, and watch the next one.

        `late`: fired long after its time. Raises ValueError when nothing is watched, or by a rule
        that is not handover's.
        """
        watch = self.watch
        if watch is None:
            raise ValueError("no deadline is watched for this case")
        if watch.fire_at is not None:
            return self._stay_ending(at, late)
        case = replace(self, missed=self.missed or Missed(watch.rule, watch.due.due_on))
        match Rule(watch.rule):
            case Rule.DISPATCH_DUE | Rule.FACILITY_STAY_ESCALATE:
                return case._repeats(watch, case._overdue(watch, late), at)
            case Rule.TRANSFER_ACKNOWLEDGE:
                return case._acknowledge_missed(watch, at, late)
            case Rule.TRANSFER_LOST:
                return case._lost(LostReason.NOT_ACKNOWLEDGED, search_id, watch, at, late)
            case Rule.REDISPATCH_AFTER_REJECT:
                return case._not_sent_on(LostReason.REJECTED_NOT_REDISPATCHED, search_id, watch, at, late)
            case Rule.DISPATCH_AFTER_DISCHARGE:
                return case._not_sent_on(LostReason.DISCHARGED_WITHOUT_TRANSFER, search_id, watch, at, late)
            case Rule.SEARCH_ESCALATE:
                return case._escalated(watch, at, late)
            case Rule.OBLIGATIONS_CONFIRM:
                return case._repeats(watch, FollowUpsUnconfirmed(case.office_id, late), at)
            case (
                Rule.FACILITY_STAY_ASSESSMENT_CENTRE
                | Rule.FACILITY_STAY_SOCIAL_PROTECTION_CENTRE
                | Rule.FACILITY_STAY_SHELTER
            ):
                return case._stay_over(watch, at, late)

    def _acknowledge_missed(self, watch: Watch, at: Moment, late: bool) -> Decided[Self]:
        transfer = self._transfer_now(told_overdue=True)
        due = at.due(Rule.TRANSFER_LOST, watch.due.due_on)
        case = self._changed(transfer=transfer, watch=self._watch(due, transfer.id))
        return Decided(case, (case._overdue(watch, late),))

    def _not_sent_on(self, reason: LostReason, search_id: UUID, watch: Watch, at: Moment, late: bool) -> Decided[Self]:
        lost = self._lost(reason, search_id, watch, at, late)
        return Decided(lost.case, (self._overdue(watch, late), *lost.events))

    def _lost(self, reason: LostReason, search_id: UUID, watch: Watch, at: Moment, late: bool) -> Decided[Self]:
        search = Search(search_id, reason, opened_at=watch.due.due_at)
        escalate = self._watch(at.next_due(Rule.SEARCH_ESCALATE, watch.due), search_id)
        case = self._changed(phase=Phase.SEARCH, search=search, watch=escalate)
        return Decided(case, (PersonLost(search, self.open_transfer, self.office_id, late),))

    def _escalated(self, watch: Watch, at: Moment, late: bool) -> Decided[Self]:
        assert self.search is not None
        search = replace(self.search, level=self.search.level + 1, version=self.search.version + 1)
        told = SearchEscalated(search, self.office_id, late)
        return replace(self, search=search)._repeats(watch, told, at)

    def _stay_ending(self, at: Moment, late: bool) -> Decided[Self]:
        assert self.stay is not None
        warned = replace(self.stay, warned=True)
        case = self._with_stay(warned)
        told = StayEnding(self.office_id, warned.due.due_on, late)
        return case._then(told, watch=case._stay_watch(warned, at))

    def _stay_over(self, watch: Watch, at: Moment, late: bool) -> Decided[Self]:
        assert self.stay is not None
        over = replace(self.stay, told_over=True)
        case = self._with_stay(over)
        return case._then(self._overdue(watch, late), watch=case._stay_watch(over, at))

    def _repeats(self, watch: Watch, told: Event, at: Moment) -> Decided[Self]:
        again = replace(watch, due=at.next_due(watch.rule, watch.due), level=watch.level + 1)
        return self._then(told, watch=again)

    def _overdue(self, watch: Watch, late: bool) -> TransferOverdue:
        return TransferOverdue(self.open_transfer, self.office_id, watch.rule, watch.due.due_on, late)
