"""Every answer to a transfer has a way back, as long as nothing else was built on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from services.chassis.kernel.clock import local_date
from services.handover.domain import steps
from services.handover.domain.answer import TAKE_BACK_DAYS, Answer, AnswerKind, TakeBackReason
from services.handover.domain.case import CaseCustody, Decided
from services.handover.domain.errors import (
    NoAnswerToTakeBack,
    SearchIsOpen,
    SomethingFollowed,
    TooLateToTakeBack,
    VisitAlreadyRecorded,
)
from services.handover.domain.events import (
    AcknowledgementRetracted,
    SearchResolved,
    TransferAnswerTakenBack,
    TransferDispatched,
    TransferPlanned,
)
from services.handover.domain.moment import Missed, Moment, Watch
from services.handover.domain.transfer import Transfer
from services.handover.domain.words import Cause, LostReason, Phase, Resolution, RuleCode, TransferState

_ANSWERED: Final = {
    TransferState.ACKNOWLEDGED: AnswerKind.ACKNOWLEDGED,
    TransferState.REJECTED: AnswerKind.REJECTED,
    TransferState.NOT_ARRIVED: AnswerKind.NOT_ARRIVED,
    TransferState.RECALLED: AnswerKind.RECALLED,
}
_AFTER_ANSWER: Final = frozenset({Phase.REJECTED, Phase.SEARCH})
"""Phases in which nothing has happened since an addressed office said that it does not have her."""


@dataclass(frozen=True, slots=True)
class Taking:
    """Who takes an answer back, and why. `unlimited`: a supervisor does, for whom no days are counted."""

    office_id: str
    reason: TakeBackReason
    unlimited: bool = False


def last_answer(transfer: Transfer | None) -> tuple[AnswerKind, str, datetime]:
    """The latest answer that stands, the office that gave it, and when. Raises NoAnswerToTakeBack."""
    if transfer is None:
        raise NoAnswerToTakeBack
    if transfer.is_open:
        if transfer.accepted_at is None:
            raise NoAnswerToTakeBack
        return AnswerKind.ACCEPTED, transfer.to_office_id, transfer.accepted_at
    kind = _ANSWERED.get(transfer.state)
    if kind is None or transfer.ended_at is None:
        raise NoAnswerToTakeBack
    by_sender = kind is AnswerKind.RECALLED
    return kind, transfer.from_office_id if by_sender else transfer.to_office_id, transfer.ended_at


def take_back(
    case: CaseCustody,
    taking: Taking,
    at: Moment,
    *,
    before: Answer | None = None,
    overtaken: Transfer | None = None,
) -> Decided:
    """The latest answer was a mistake: the transfer stands again as before it, with the deadlines of then.

    A deadline that has passed meanwhile fires at once. `before`: the answer that stood when this one was given, if the
    transfer had ended with it; `overtaken`: the later transfer that this arrival superseded. Raises CaseHasEnded,
    NoAnswerToTakeBack, TooLateToTakeBack, SomethingFollowed, and of an acknowledgement SearchIsOpen and
    VisitAlreadyRecorded.
    """
    steps.require_open(case)
    kind, _, given_at = last_answer(case.transfer)
    given_on = local_date(given_at)
    if not taking.unlimited and (at.today - given_on).days > TAKE_BACK_DAYS:
        raise TooLateToTakeBack(given_on=given_on.isoformat(), days=str(TAKE_BACK_DAYS))
    match kind:
        case AnswerKind.ACCEPTED:
            transfer = steps.transfer_now(case, accepted_at=None)
            return steps.decided(case, _told(transfer, kind, taking), transfer=transfer)
        case AnswerKind.ACKNOWLEDGED:
            return _arrival_taken_back(case, taking, at, before, overtaken)
        case _:
            return _answer_taken_back(case, kind, taking, at)


def _told(transfer: Transfer, kind: AnswerKind, taking: Taking) -> TransferAnswerTakenBack:
    return TransferAnswerTakenBack(transfer, kind, taking.office_id, taking.reason)


# Of an office that has not received her.


def _answer_taken_back(case: CaseCustody, kind: AnswerKind, taking: Taking, at: Moment) -> Decided:
    ended = case.transfer
    assert ended is not None
    if ended.from_office_id != case.office_id and not _inherited(case, ended):
        raise SomethingFollowed
    if ended.to_office_id == case.office_id:
        raise SomethingFollowed
    planned = ended.departed_on is None
    transfer = steps.transfer_now(
        case,
        state=TransferState.PLANNED if planned else TransferState.DISPATCHED,
        from_office_id=case.office_id,
        ended_at=None,
        reject_reason=None,
        late=False,
    )
    told = _told(transfer, kind, taking)
    if planned:
        if case.phase is Phase.IN_TRANSIT:
            raise SomethingFollowed
        return steps.decided(case, told, transfer=transfer)
    _require_unmoved(case, kind, ended)
    # A search that began because nobody sent her on, as that answer obliged to, has no ground any more.
    groundless = case.search is not None and case.search.reason is LostReason.REJECTED_NOT_REDISPATCHED
    under_way = replace(case, transfer=transfer)
    if case.search is not None and not groundless:
        return steps.decided(under_way, told)
    over = steps.resolved(under_way, Resolution.MISTAKEN, case.office_id, at)
    assert ended.departed_on is not None
    left = steps.left_facility(over.case, ended.departed_on)
    ended_search = [
        replace(one, phase=Phase.IN_TRANSIT) if isinstance(one, SearchResolved) else one for one in over.events
    ]
    return Decided(on_the_way_again(left, transfer, at), (told, *ended_search))


def _inherited(case: CaseCustody, transfer: Transfer) -> bool:
    """Whether the accountable office has the duty from the one that sent her, which ended."""
    return transfer.dispatched_in in (None, case.segment.number - 1) and case.segment.cause is Cause.OFFICE_ENDED


def _require_unmoved(case: CaseCustody, kind: AnswerKind, transfer: Transfer) -> None:
    """Raise SomethingFollowed unless she is as that answer left her."""
    assert transfer.dispatched_in is not None
    if any(number > transfer.dispatched_in for number in case.arrivals):
        raise SomethingFollowed
    if kind is not AnswerKind.RECALLED and case.phase not in _AFTER_ANSWER:
        raise SomethingFollowed
    if case.phase is Phase.DISCHARGED:
        raise SomethingFollowed


def on_the_way_again(case: CaseCustody, transfer: Transfer, at: Moment) -> CaseCustody:
    """On the way as before: what was due of the transfer is due as it was, and what had passed is told again."""
    due = at.due(RuleCode.TRANSFER_ACKNOWLEDGE, transfer.expected_arrival_on)
    missed = None
    if transfer.told_overdue:
        missed = Missed(RuleCode.TRANSFER_ACKNOWLEDGE, due.due_on)
        due = at.due(RuleCode.TRANSFER_LOST, due.due_on)
    moved = steps.moved(case, Phase.IN_TRANSIT, steps.watch_for(case, due, transfer.id), transfer=transfer)
    return replace(moved, missed=missed)


# Of an office that has.


def _arrival_taken_back(
    case: CaseCustody, taking: Taking, at: Moment, before: Answer | None, overtaken: Transfer | None
) -> Decided:
    """Followup goes on watching until it says that it ceased: it may keep what it has for an earlier arrival, or for a
    visit that crossed this."""
    arrived_with = _transfer_of_arrival(case)
    if case.search is not None:
        raise SearchIsOpen
    if case.phase is Phase.DISCHARGED:
        raise SomethingFollowed
    assert arrived_with.departed_on is not None
    if case.visited:
        raise VisitAlreadyRecorded
    back = replace(
        case,
        arrivals=case.arrivals[:-1],
        days=case.days[:-1],
        stays=tuple(stay for stay in case.stays if stay.segment != case.segment.number),
        present_since_on=arrived_with.departed_on,
    )
    due = at.due(RuleCode.TRANSFER_ACKNOWLEDGE, arrived_with.expected_arrival_on)
    open_again = steps.transfer_now(
        case,
        state=TransferState.DISPATCHED,
        arrived_on=None,
        acknowledged_at=None,
        ended_at=None,
        acknowledge_due_on=due.due_on,
        late=False,
    )
    moved = _standing_before(back, open_again, before, at)
    retracted = moved.transfer
    assert retracted is not None
    resumed = _resumed(moved, overtaken, at)
    passed = steps.pass_custody(resumed.case, arrived_with.from_office_id, Cause.ARRIVAL_RETRACTED, at)
    watch = resumed.case.watch
    redispatch = watch.due.due_on if resumed.case.phase is Phase.REJECTED and watch is not None else None
    told = AcknowledgementRetracted(
        retracted, taking.office_id, taking.reason, before.kind if before is not None else None, redispatch
    )
    return Decided(passed.case, (told, *passed.events, *resumed.events))


def _resumed(case: CaseCustody, overtaken: Transfer | None, at: Moment) -> Decided:
    """What the arrival had superseded stands again, and is told anew."""
    if overtaken is None:
        return Decided(case)
    planned = overtaken.departed_on is None
    transfer = replace(
        overtaken,
        state=TransferState.PLANNED if planned else TransferState.DISPATCHED,
        from_office_id=case.transfer.from_office_id if case.transfer is not None else overtaken.from_office_id,
        ended_at=None,
        late=False,
        version=overtaken.version + 1,
    )
    if overtaken.departed_on is None:
        return steps.decided(case, TransferPlanned(transfer), transfer=transfer)
    left = steps.left_facility(case, overtaken.departed_on)
    return Decided(on_the_way_again(left, transfer, at), (TransferDispatched(transfer),))


def _standing_before(case: CaseCustody, transfer: Transfer, before: Answer | None, at: Moment) -> CaseCustody:
    """On the way again, or as the answer left her that stood before she was said to have arrived."""
    if before is None:
        return on_the_way_again(case, transfer, at)
    ended = replace(
        transfer,
        state=before.kind.ends_in or TransferState.DISPATCHED,
        ended_at=before.given_at,
        reject_reason=before.reject_reason,
        late=transfer.was_late_on(local_date(before.given_at)),
    )
    if before.kind is AnswerKind.RECALLED:
        return steps.settled(replace(case, transfer=ended), at)
    due = at.due(RuleCode.REDISPATCH_AFTER_REJECT, local_date(before.given_at))
    watch: Watch = steps.watch_for(case, due, transfer.id)
    return steps.moved(case, Phase.REJECTED, watch, transfer=ended)


def _transfer_of_arrival(case: CaseCustody) -> Transfer:
    transfer = case.transfer
    if transfer is None or transfer.acknowledged_at != case.segment.started_at:
        raise SomethingFollowed
    if case.segment.cause not in (Cause.ARRIVED, Cause.ADMITTED):
        raise SomethingFollowed
    return transfer
