"""What time tells: a watched deadline passed, and the next one is watched."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from services.handover.domain import steps
from services.handover.domain.case import CaseCustody, Decided
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
from services.handover.domain.words import LostReason, Phase, RuleCode


def deadline_passed(case: CaseCustody, search_id: UUID, at: Moment, *, late: bool) -> Decided:
    """The watched deadline passed: tell it, and watch the next one.

    `late`: fired long after its time. Raises ValueError when nothing is watched, or by a rule
    that is not handover's.
    """
    watch = case.watch
    if watch is None:
        raise ValueError("no deadline is watched for this case")
    if watch.fire_at is not None:
        return _stay_ending(case, at, late)
    case = replace(case, missed=case.missed or Missed(watch.rule, watch.due.due_on))
    match RuleCode(watch.rule):
        case RuleCode.DISPATCH_DUE if _never_sent_on(case, watch, at):
            return _not_sent_on(case, LostReason.NOT_SENT_ON, search_id, watch, at, late)
        case RuleCode.DISPATCH_DUE | RuleCode.FACILITY_STAY_ESCALATE:
            return _repeats(case, watch, _overdue(case, watch, late), at)
        case RuleCode.TRANSFER_ACKNOWLEDGE:
            return _acknowledge_missed(case, watch, at, late)
        case RuleCode.TRANSFER_LOST:
            return _lost(case, LostReason.NOT_ACKNOWLEDGED, search_id, watch, at, late)
        case RuleCode.REDISPATCH_AFTER_REJECT:
            return _not_sent_on(case, LostReason.REJECTED_NOT_REDISPATCHED, search_id, watch, at, late)
        case RuleCode.DISPATCH_AFTER_DISCHARGE:
            return _not_sent_on(case, LostReason.DISCHARGED_WITHOUT_TRANSFER, search_id, watch, at, late)
        case RuleCode.SEARCH_ESCALATE:
            return _escalated(case, watch, at, late)
        case RuleCode.OBLIGATIONS_CONFIRM:
            return _repeats(case, watch, FollowUpsUnconfirmed(case.office_id, late), at)
        case (
            RuleCode.FACILITY_STAY_ASSESSMENT_CENTRE
            | RuleCode.FACILITY_STAY_SOCIAL_PROTECTION_CENTRE
            | RuleCode.FACILITY_STAY_SHELTER
        ):
            return _stay_over(case, watch, at, late)
        case other:
            raise ValueError(f"{other} is no rule of handover's")


def _never_sent_on(case: CaseCustody, watch: Watch, at: Moment) -> bool:
    """Whether the first DISPATCH_DUE that passed since the case last moved lies so far back that she counts as lost."""
    assert case.missed is not None
    return at.due(RuleCode.NOT_SENT_ON, case.missed.due_on).due_on <= watch.due.due_on


def _acknowledge_missed(case: CaseCustody, watch: Watch, at: Moment, late: bool) -> Decided:
    transfer = steps.transfer_now(case, told_overdue=True)
    due = at.due(RuleCode.TRANSFER_LOST, watch.due.due_on)
    case = steps.changed(case, transfer=transfer, watch=steps.watch_for(case, due, transfer.id))
    return Decided(case, (_overdue(case, watch, late),))


def _not_sent_on(
    case: CaseCustody, reason: LostReason, search_id: UUID, watch: Watch, at: Moment, late: bool
) -> Decided:
    lost = _lost(case, reason, search_id, watch, at, late)
    return Decided(lost.case, (_overdue(case, watch, late), *lost.events))


def _lost(case: CaseCustody, reason: LostReason, search_id: UUID, watch: Watch, at: Moment, late: bool) -> Decided:
    search = Search(search_id, reason, opened_at=watch.due.due_at)
    escalate = steps.watch_for(case, at.next_due(RuleCode.SEARCH_ESCALATE, watch.due), search_id)
    case = steps.changed(case, phase=Phase.SEARCH, search=search, watch=escalate)
    # Whom nobody sent on is nobody's guest: the office that a plan names has nothing to answer.
    asked = case.addressee_id if reason is not LostReason.NOT_SENT_ON else ""
    return Decided(case, (PersonLost(search, asked, case.office_id, late),))


def _escalated(case: CaseCustody, watch: Watch, at: Moment, late: bool) -> Decided:
    assert case.search is not None
    search = replace(case.search, level=case.search.level + 1, version=case.search.version + 1)
    told = SearchEscalated(search, case.office_id, late)
    return _repeats(replace(case, search=search), watch, told, at)


def _stay_ending(case: CaseCustody, at: Moment, late: bool) -> Decided:
    assert case.stay is not None
    warned = replace(case.stay, warned=True)
    case = steps.with_stay(case, warned)
    told = StayEnding(case.office_id, warned.due.due_on, late)
    return steps.decided(case, told, watch=steps.stay_watch(case, warned, at))


def _stay_over(case: CaseCustody, watch: Watch, at: Moment, late: bool) -> Decided:
    assert case.stay is not None
    over = replace(case.stay, told_over=True)
    case = steps.with_stay(case, over)
    return steps.decided(case, _overdue(case, watch, late), watch=steps.stay_watch(case, over, at))


def _repeats(case: CaseCustody, watch: Watch, told: Event, at: Moment) -> Decided:
    again = replace(watch, due=at.next_due(watch.rule, watch.due), level=watch.level + 1)
    return steps.decided(case, told, watch=again)


def _overdue(case: CaseCustody, watch: Watch, late: bool) -> TransferOverdue:
    first = case.missed.due_on if case.missed is not None and watch.level else None
    return TransferOverdue(
        case.open_transfer, case.office_id, watch.rule, watch.due.due_on, late, watch.level + 1, first
    )
