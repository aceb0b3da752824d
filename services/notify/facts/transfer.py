"""What the stream of transfers tells: transfers, stays in a facility, searches, and who is accountable."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from google.protobuf.message import Message

from homeward.events.v1 import transfer_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.enums import code_of, member_of
from services.chassis.kernel.words import Phase, RuleCode
from services.notify.domain.cases import Custody, NotifiedCase
from services.notify.domain.duties import Ending, Turn
from services.notify.domain.facts import (
    NATIONAL_LEVEL,
    REAPPEARED,
    STAY_NATIONAL_LEVEL,
    STAY_RULES,
    Addressee,
    Fact,
    Occurrence,
    Param,
)
from services.notify.facts.parts import Ends, Telling, accountable, ends, ends_nothing, filled, tells_nothing

# Transfers ------------------------------------------------------------------------------------


def _both(event: Any) -> Mapping[Addressee, str]:
    return {Addressee.SENDER: event.from_office_id, Addressee.RECEIVER: event.to_office_id}


def _between(event: Any, **more: str) -> Mapping[Param, str]:
    return filled(from_office=event.from_office_id, to_office=event.to_office_id, **more)


def _planned(event: transfer_pb2.TransferPlanned, case: NotifiedCase) -> Fact:
    given = _between(event, on=event.expected_departure_on, due_on=event.expected_arrival_on)
    return Fact(Occurrence.TRANSFER_PLANNED, _both(event), given, about=event.transfer_id)


def _dispatched(event: transfer_pb2.TransferDispatched, case: NotifiedCase) -> Fact:
    given = _between(event, on=event.expected_arrival_on, due_on=event.acknowledge_due_on)
    return Fact(Occurrence.TRANSFER_DISPATCHED, _both(event), given, about=event.transfer_id)


def _rejected(event: transfer_pb2.TransferRejected, case: NotifiedCase) -> Fact:
    given = _between(event, due_on=event.redispatch_due_on)
    return Fact(Occurrence.TRANSFER_REJECTED, _both(event), given)


def _recalled(event: transfer_pb2.TransferRecalled, case: NotifiedCase) -> Fact | None:
    if event.close_reason:
        # It ended with the case: who awaited her is told of that, and why.
        return None
    return Fact(Occurrence.TRANSFER_RECALLED, _both(event), _between(event))


def _accepted(event: transfer_pb2.TransferAccepted, case: NotifiedCase) -> Fact:
    return Fact(Occurrence.TRANSFER_ACCEPTED, _both(event), _between(event))


def _not_arrived(event: transfer_pb2.TransferNotArrived, case: NotifiedCase) -> Fact:
    given = _between(event, due_on=event.redispatch_due_on)
    return Fact(Occurrence.TRANSFER_NOT_ARRIVED, _both(event), given)


def _redirected(event: transfer_pb2.TransferRedirected, case: NotifiedCase) -> Fact:
    # Where to is no longer the business of the office addressed before.
    return Fact(Occurrence.TRANSFER_REDIRECTED, _both(event), _between(event))


def _superseded(event: transfer_pb2.TransferSuperseded, case: NotifiedCase) -> Fact:
    return Fact(Occurrence.TRANSFER_SUPERSEDED, _both(event), _between(event))


def _taken_back(event: transfer_pb2.TransferAnswerTakenBack, case: NotifiedCase) -> Fact:
    answer = code_of(types.TransferAnswerKind, event.answer)
    given = _between(event, on=event.expected_arrival_on, due_on=event.acknowledge_due_on, answer=answer)
    if event.answer == types.TRANSFER_ANSWER_KIND_ACCEPTED and event.under_way:
        # What was asked of its addressee is asked still.
        return Fact(Occurrence.ACCEPTANCE_TAKEN_BACK, _both(event), given)
    occurrence = Occurrence.TRANSFER_STANDS_AGAIN if event.under_way else Occurrence.PLAN_STANDS_AGAIN
    return Fact(occurrence, _both(event), given, about=event.transfer_id)


def _corrected(event: transfer_pb2.ArrivalCorrected, case: NotifiedCase) -> Fact:
    given = filled(office=event.by_office_id, on=event.arrived_on)
    return Fact(Occurrence.ARRIVAL_CORRECTED, accountable(event.accountable_office_id), given)


# Custody --------------------------------------------------------------------------------------


def custody_of(event: transfer_pb2.CustodyChanged, told_at: datetime) -> Custody:
    """Who is accountable, since the change; it cannot have been after it was told."""
    changed = event.change_time.ToDatetime(tzinfo=UTC) if event.HasField("change_time") else told_at
    return Custody(event.segment, event.accountable_office_id, min(changed, told_at))


_SETTLING: Final = frozenset(
    {
        types.CUSTODY_CAUSE_ARRIVED,
        types.CUSTODY_CAUSE_ADMITTED,
        types.CUSTODY_CAUSE_HOME_RECORDED,
        types.CUSTODY_CAUSE_FOUND,
    }
)
"""Causes by which she is with an office, and not to be sent on for the reason there was."""
_HANDING_ON: Final = frozenset({types.CUSTODY_CAUSE_REASSIGNED, types.CUSTODY_CAUSE_OFFICE_ENDED})


def custody_ends(event: transfer_pb2.CustodyChanged) -> Sequence[Ending]:
    """What a change of custody ends."""
    if event.phase in (types.CASE_PHASE_CLOSED, types.CASE_PHASE_WITHDRAWN):
        return (Ending(Turn.CASE_ENDED),)
    return (Ending(Turn.SETTLED),) if event.cause in _SETTLING else ()


def hands_on(event: transfer_pb2.CustodyChanged) -> bool:
    """Whether another office has to do what the one before it had to do."""
    return event.cause in _HANDING_ON and event.previous_office_id not in ("", event.accountable_office_id)


def phase_of(event: transfer_pb2.CustodyChanged) -> Phase | None:
    """The phase; None for one of a later version."""
    return member_of(Phase, types.CasePhase, event.phase)


def custody_fact(event: transfer_pb2.CustodyChanged) -> Fact | None:
    """What a change of custody tells that no other event does."""
    match event.cause:
        case types.CUSTODY_CAUSE_WITHDRAWN:
            return _withdrawn(event)
        case types.CUSTODY_CAUSE_REASSIGNED:
            offices = {
                Addressee.ACCOUNTABLE: event.accountable_office_id,
                Addressee.SENDER: event.previous_office_id,
            }
            given = filled(office=event.accountable_office_id, from_office=event.previous_office_id)
            return Fact(Occurrence.CUSTODY_REASSIGNED, offices, given)
        case types.CUSTODY_CAUSE_CLOSED if event.acting_office_id:
            return _closed(event)
        case types.CUSTODY_CAUSE_REOPENED if event.acting_office_id:
            given = filled(
                office=event.acting_office_id, reopen_reason=code_of(types.ReopenReason, event.reopen_reason)
            )
            return Fact(Occurrence.CASE_REOPENED, accountable(event.accountable_office_id), given)
        case types.CUSTODY_CAUSE_FOUND if event.phase == types.CASE_PHASE_ARRIVED:
            return Fact(Occurrence.FOUND_AT_HOME)
        case _:
            return None


def _withdrawn(event: transfer_pb2.CustodyChanged) -> Fact:
    return Fact(
        Occurrence.AWAITED_CASE_WITHDRAWN if event.addressed_office_id else Occurrence.CASE_WITHDRAWN,
        accountable(event.accountable_office_id, event.addressed_office_id),
        filled(office=event.acting_office_id),
    )


def _closed(event: transfer_pb2.CustodyChanged) -> Fact:
    reason = code_of(types.CloseReason, event.close_reason)
    return Fact(
        Occurrence.AWAITED_CASE_CLOSED if event.addressed_office_id else Occurrence.CASE_CLOSED,
        accountable(event.accountable_office_id, event.addressed_office_id),
        filled(office=event.acting_office_id, close_reason=reason, on=event.closed_on),
    )


# Stays ----------------------------------------------------------------------------------------


def _stay_ending(event: transfer_pb2.StayEnding, case: NotifiedCase) -> Fact:
    return Fact(Occurrence.STAY_ENDING, accountable(event.office_id), filled(due_on=event.stay_due_on))


def _discharged(event: transfer_pb2.PersonDischarged, case: NotifiedCase) -> Fact | None:
    if event.destination != types.DISCHARGE_DESTINATION_OWN_CHOICE or not event.to_office_id:
        # Towards a planned transfer: its addressed office was told of that.
        return None
    given = filled(from_office=event.office_id, on=event.discharged_on, due_on=event.dispatch_due_on)
    return Fact(Occurrence.LEFT_FOR_OWN_CHOICE, {Addressee.RECEIVER: event.to_office_id}, given)


def _overdue_occurrence(rule: str, level: int) -> Occurrence:
    if rule == RuleCode.TRANSFER_ACKNOWLEDGE:
        return Occurrence.ACKNOWLEDGEMENT_OVERDUE
    if rule == RuleCode.FACILITY_STAY_ESCALATE:
        national = level >= STAY_NATIONAL_LEVEL
        return Occurrence.STAY_ESCALATED_NATIONALLY if national else Occurrence.STAY_ESCALATED
    return Occurrence.STAY_OVERDUE if rule.startswith(STAY_RULES) else Occurrence.DEADLINE_PASSED


def _transfer_overdue(event: transfer_pb2.TransferOverdue, case: NotifiedCase) -> Fact:
    return Fact(
        _overdue_occurrence(event.rule, event.level),
        accountable(event.accountable_office_id, event.to_office_id),
        filled(
            office=event.accountable_office_id,
            to_office=event.to_office_id,
            rule=event.rule,
            due_on=event.first_due_on or event.due_on,
        ),
        about=event.transfer_id,
    )


def _opens_transfer(event: Any, case: NotifiedCase) -> NotifiedCase:
    case_number = getattr(event, "case_number", "")
    number = case_number or case.case_number
    return replace(case, receiver_id=event.to_office_id, transfer_id=event.transfer_id or None, case_number=number)


def _retracts(event: transfer_pb2.AcknowledgementRetracted, case: NotifiedCase) -> NotifiedCase:
    return case if event.stands_again else _opens_transfer(event, case)


def _ends_transfer(event: Any, case: NotifiedCase) -> NotifiedCase:
    return replace(case, receiver_id=None, transfer_id=None)


# Searches -------------------------------------------------------------------------------------


def _lost(event: transfer_pb2.PersonLost, case: NotifiedCase) -> Fact:
    reason = code_of(types.LostReason, event.reason)
    return Fact(
        _search_occurrence(event, reason),
        accountable(event.accountable_office_id, event.asked_office_id or event.to_office_id),
        filled(office=event.accountable_office_id, reason=reason),
        about=case.transfer_id or "",
        search=event.search_id,
    )


def _search_occurrence(event: transfer_pb2.PersonLost, reason: str) -> Occurrence:
    # Over the border again means possibly trafficked again, also when she is said to have gone by herself.
    if reason == REAPPEARED or event.left_for == types.LEFT_FOR_ABROAD:
        return Occurrence.SEARCH_OPENED_NATIONALLY
    return Occurrence.LEFT_FOR_PROVINCE if event.asked_office_id else Occurrence.SEARCH_OPENED


def _opens_search(event: transfer_pb2.PersonLost, case: NotifiedCase) -> NotifiedCase:
    """A search begins, or goes on for a graver reason: who was told of it before is told of its end too."""
    told_nation = _search_occurrence(event, code_of(types.LostReason, event.reason)) is (
        Occurrence.SEARCH_OPENED_NATIONALLY
    )
    return replace(
        case,
        receiver_id=event.to_office_id or case.receiver_id,
        search_office_id=case.search_office_id or event.accountable_office_id or None,
        search_receiver_id=event.asked_office_id or event.to_office_id or case.search_receiver_id,
        search_level=max(case.search_level, NATIONAL_LEVEL if told_nation else 0),
    )


def _search_escalated(event: transfer_pb2.SearchEscalated, case: NotifiedCase) -> Fact:
    national = event.level >= NATIONAL_LEVEL
    return Fact(
        Occurrence.SEARCH_ESCALATED_NATIONALLY if national else Occurrence.SEARCH_ESCALATED,
        accountable(event.accountable_office_id, _asked(case)),
        filled(office=event.accountable_office_id, level=str(event.level)),
        about=case.transfer_id or "",
        search=event.search_id,
    )


def _asked(case: NotifiedCase) -> str | None:
    """The addressed office, as long as it can still answer: when its transfer has ended it has nothing to answer."""
    return case.search_receiver_id if case.search_receiver_id == case.receiver_id else None


def _raises_search(event: transfer_pb2.SearchEscalated, case: NotifiedCase) -> NotifiedCase:
    return replace(case, search_level=max(case.search_level, event.level))


def _claimed_found(event: transfer_pb2.PersonClaimedFound, case: NotifiedCase) -> Fact:
    offices = {
        Addressee.CLAIMED: event.claimed_office_id,
        Addressee.CLAIMANT: event.claimed_by_office_id,
        Addressee.ACCOUNTABLE: event.accountable_office_id,
    }
    given = filled(office=event.claimed_office_id, from_office=event.claimed_by_office_id, on=event.since_on)
    return Fact(Occurrence.FOUND_CLAIMED, offices, given, about=_about_claim(event))


def _claim_settled(event: transfer_pb2.FoundClaimSettled, case: NotifiedCase) -> Fact | None:
    offices = {
        Addressee.CLAIMED: event.claimed_office_id,
        Addressee.CLAIMANT: event.claimed_by_office_id,
        Addressee.ACCOUNTABLE: event.accountable_office_id,
    }
    given = filled(office=event.claimed_office_id, from_office=event.claimed_by_office_id)
    match event.state:
        case types.FOUND_CLAIM_STATE_CONFIRMED:
            return None
        case types.FOUND_CLAIM_STATE_DENIED:
            return Fact(Occurrence.FOUND_CLAIM_DENIED, offices, given)
        case _:
            return Fact(Occurrence.FOUND_CLAIM_DROPPED, offices, given)


def _return_claimed(event: transfer_pb2.ReappearanceClaimed, case: NotifiedCase) -> Fact:
    return Fact(
        Occurrence.RETURN_CLAIMED_AFTER_END if event.ended else Occurrence.RETURN_CLAIMED,
        accountable(event.accountable_office_id),
        filled(
            office=event.accountable_office_id,
            from_office=event.claiming_office_id,
            other_case=event.later_case_number,
            match=code_of(types.EarlierCaseMatch, event.match),
        ),
        about=event.later_case_id,
    )


def _return_decided(event: transfer_pb2.ReappearanceDecided, case: NotifiedCase) -> Fact:
    occurrence = {
        types.RETURN_LINK_STATE_CONFIRMED: Occurrence.RETURN_CONFIRMED,
        types.RETURN_LINK_STATE_DENIED: Occurrence.RETURN_DENIED,
    }.get(event.state, Occurrence.RETURN_WITHDRAWN)
    given = filled(office=event.accountable_office_id, other_case=event.later_case_number)
    return Fact(occurrence, accountable(event.accountable_office_id), given)


def _earlier_decided(event: transfer_pb2.EarlierReturnDecided, case: NotifiedCase) -> Fact:
    occurrence = {
        types.RETURN_LINK_STATE_CONFIRMED: Occurrence.EARLIER_RETURN_CONFIRMED,
        types.RETURN_LINK_STATE_DENIED: Occurrence.EARLIER_RETURN_DENIED,
    }.get(event.state, Occurrence.EARLIER_RETURN_UNDONE)
    given = filled(office=event.decided_by_office_id, other_case=event.earlier_case_number)
    return Fact(occurrence, accountable(event.accountable_office_id), given)


def _search_resolved(event: transfer_pb2.SearchResolved, case: NotifiedCase) -> Fact:
    national = case.search_level >= NATIONAL_LEVEL
    offices = accountable(event.accountable_office_id, case.search_receiver_id)
    if case.search_office_id:
        offices = {**offices, Addressee.SEARCHING: case.search_office_id}
    return Fact(
        Occurrence.SEARCH_ENDED_NATIONALLY if national else Occurrence.SEARCH_ENDED,
        offices,
        filled(
            office=event.accountable_office_id,
            resolution=code_of(types.SearchResolution, event.resolution),
        ),
    )


def _ends_search(event: transfer_pb2.SearchResolved, case: NotifiedCase) -> NotifiedCase:
    return replace(case, search_office_id=None, search_receiver_id=None, search_level=0)


# Relatives ------------------------------------------------------------------------------------


def _parted(event: transfer_pb2.FamilyParted, case: NotifiedCase) -> Fact:
    reason = code_of(types.PartingReason, event.reason)
    offices = accountable(event.accountable_office_id, event.to_office_id or None)
    given = filled(office=event.accountable_office_id, parting=reason)
    return Fact(Occurrence.FAMILY_PARTED, offices, given, about=event.other_case_id)


def _about_relative(event: Any) -> str:
    case_id: str = event.other_case_id
    return case_id


def _together(event: transfer_pb2.FamilyTogether, case: NotifiedCase) -> Fact | None:
    if event.may_part:
        return None
    offices = accountable(event.accountable_office_id, event.to_office_id or None)
    return Fact(Occurrence.FAMILY_TOGETHER, offices, filled(office=event.accountable_office_id))


def _unconfirmed(event: transfer_pb2.FollowUpsUnconfirmed, case: NotifiedCase) -> Fact:
    return Fact(
        Occurrence.FOLLOW_UPS_UNCONFIRMED,
        accountable(event.accountable_office_id),
        filled(office=event.accountable_office_id),
    )


def _withdrawal_refused(event: transfer_pb2.WithdrawalRefused, case: NotifiedCase) -> Fact:
    return Fact(
        Occurrence.WITHDRAWAL_REFUSED,
        accountable(event.accountable_office_id),
        filled(office=event.accountable_office_id),
    )


def told(is_facility: Callable[[str], bool]) -> Mapping[type[Message], Telling]:
    """What each event tells; an arrival in a facility is a stay."""

    def acknowledged(event: transfer_pb2.TransferAcknowledged, case: NotifiedCase) -> Fact:
        stays, before = is_facility(event.to_office_id), code_of(types.TransferAnswerKind, event.answered_before)
        given = _between(event, on=event.arrived_on, answer=before)
        if before:
            occurrence = Occurrence.STAY_BEGAN_ALL_THE_SAME if stays else Occurrence.ARRIVED_ALL_THE_SAME
        else:
            occurrence = Occurrence.STAY_BEGAN if stays else Occurrence.TRANSFER_ACKNOWLEDGED
        return Fact(occurrence, _both(event), given)

    def retracted(event: transfer_pb2.AcknowledgementRetracted, case: NotifiedCase) -> Fact:
        stays = is_facility(event.to_office_id)
        given = _between(event, due_on=event.redispatch_due_on)
        if event.redispatch_due_on:
            occurrence = Occurrence.STAY_RETRACTED_TO_SEND_ON if stays else Occurrence.RETRACTED_TO_SEND_ON
        elif event.stands_again:
            occurrence = Occurrence.STAY_RETRACTED_AS_BEFORE if stays else Occurrence.RETRACTED_AS_BEFORE
        else:
            occurrence = Occurrence.STAY_RETRACTED if stays else Occurrence.ACKNOWLEDGEMENT_RETRACTED
        return Fact(occurrence, _both(event), given, about=event.transfer_id)

    return {
        transfer_pb2.TransferAcknowledged: Telling(acknowledged, _ends_transfer, ends=_answered(Turn.ACKNOWLEDGED)),
        transfer_pb2.AcknowledgementRetracted: Telling(retracted, _retracts, ends=ends_nothing),
        **_TOLD,
    }


def _about_transfer(event: Any) -> str:
    return str(event.transfer_id)


def _about_search(event: Any) -> str:
    return str(event.search_id)


def _about_return(event: Any) -> str:
    return str(event.later_case_id)


def _about_claim(event: Any) -> str:
    return f"{event.search_id}/{event.number}"


def _answered(turn: Turn) -> Ends:
    return ends(turn, _about_transfer)


_TOLD: Mapping[type[Message], Telling] = {
    transfer_pb2.TransferPlanned: Telling(_planned, _opens_transfer, ends=ends_nothing),
    transfer_pb2.TransferDispatched: Telling(_dispatched, _opens_transfer, ends=_answered(Turn.SENT_ON)),
    transfer_pb2.TransferRejected: Telling(_rejected, _ends_transfer, ends=_answered(Turn.REJECTED)),
    transfer_pb2.TransferRecalled: Telling(_recalled, _ends_transfer, ends=_answered(Turn.RECALLED)),
    transfer_pb2.TransferAccepted: Telling(_accepted, ends=_answered(Turn.ACCEPTED)),
    transfer_pb2.TransferAnswerTakenBack: Telling(_taken_back, _opens_transfer, ends=_answered(Turn.STANDS_AGAIN)),
    transfer_pb2.ArrivalCorrected: Telling(_corrected, ends=ends_nothing),
    transfer_pb2.TransferNotArrived: Telling(_not_arrived, _ends_transfer, ends=_answered(Turn.NOT_ARRIVED)),
    transfer_pb2.TransferRedirected: Telling(_redirected, _ends_transfer, ends=_answered(Turn.REDIRECTED)),
    transfer_pb2.TransferSuperseded: Telling(_superseded, _ends_transfer, ends=_answered(Turn.SUPERSEDED)),
    transfer_pb2.StayEnding: Telling(_stay_ending, ends=ends_nothing),
    transfer_pb2.PersonAdmitted: Telling(tells_nothing, ends=ends(Turn.SETTLED)),
    transfer_pb2.PersonDischarged: Telling(_discharged, ends=ends(Turn.DISCHARGED)),
    transfer_pb2.TransferOverdue: Telling(_transfer_overdue, ends=ends_nothing),
    transfer_pb2.PersonLost: Telling(_lost, _opens_search, ends=ends(Turn.SEARCHED_FOR)),
    transfer_pb2.SearchEscalated: Telling(_search_escalated, _raises_search, ends=ends_nothing),
    transfer_pb2.PersonClaimedFound: Telling(_claimed_found, ends=ends_nothing),
    transfer_pb2.FoundClaimSettled: Telling(_claim_settled, ends=ends(Turn.CLAIM_SETTLED, _about_claim)),
    transfer_pb2.ReappearanceClaimed: Telling(_return_claimed, ends=ends_nothing),
    transfer_pb2.ReappearanceDecided: Telling(_return_decided, ends=ends(Turn.RETURN_DECIDED, _about_return)),
    transfer_pb2.EarlierReturnDecided: Telling(_earlier_decided, ends=ends_nothing),
    transfer_pb2.SearchResolved: Telling(_search_resolved, _ends_search, ends=ends(Turn.SEARCH_ENDED, _about_search)),
    transfer_pb2.FollowUpsUnconfirmed: Telling(_unconfirmed, ends=ends_nothing),
    transfer_pb2.WithdrawalRefused: Telling(_withdrawal_refused, ends=ends_nothing),
    transfer_pb2.FamilyParted: Telling(_parted, ends=ends_nothing),
    transfer_pb2.FamilyTogether: Telling(_together, ends=ends(Turn.TOGETHER, _about_relative)),
}
