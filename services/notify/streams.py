"""What notify makes of the events of others: facts of its own, in which nothing is left that could betray a person.

It steps over corrections, requests to withdraw (handover's answer counts), admissions (the acknowledgement tells the
sender), attempts at contact (a search that they open is told) and cancelled follow-ups: the office that did it by its
own act knows.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from google.protobuf.message import Message

from homeward.events.v1 import followup_pb2, handover_pb2, identification_pb2, transfer_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.country.directory import Directory
from services.chassis.events.dispatcher import EventHandler
from services.chassis.events.units import UnitOfWork
from services.notify import application
from services.notify.application import is_facility
from services.notify.domain import (
    ACKNOWLEDGE_RULE,
    FIRST_CONTACT_RULE,
    NATIONAL_LEVEL,
    REAPPEARED,
    STAY_ESCALATE_RULE,
    STAY_RULES,
    Addressee,
    Custody,
    Fact,
    NotifiedCase,
    Occurrence,
    Param,
)

FactOf = Callable[[Any, NotifiedCase], Fact | None]
ChangeOf = Callable[[Any, NotifiedCase], NotifiedCase]


def handlers(directory: Directory) -> Mapping[type[Message], EventHandler]:
    """The handlers by event type."""

    async def case_registered(uow: UnitOfWork, event: handover_pb2.CaseRegistered) -> None:
        await application.register(
            uow, directory, uuid.UUID(event.case_id), event.case_number, event.receiving_office_id
        )

    async def custody_changed(uow: UnitOfWork, event: transfer_pb2.CustodyChanged) -> None:
        changed = event.change_time.ToDatetime(tzinfo=UTC) if event.HasField("change_time") else uow.cause.time
        await application.take_custody(
            uow,
            directory,
            uuid.UUID(event.case_id),
            Custody(event.segment, event.accountable_office_id, _earlier(changed, uow.cause.time)),
            event.case_number,
            _phase(event.phase),
            _custody_fact(event),
        )

    async def decided(uow: UnitOfWork, event: identification_pb2.IdentificationDecided) -> None:
        # The revision tells a first decision from a change of mind; neither it nor the status is kept.
        params = _params(on=event.decided_on, office=event.deciding_office_id)
        await application.take_decision(uow, directory, uuid.UUID(event.case_id), params)

    def stays(event: Any) -> bool:
        return is_facility(directory, event.to_office_id)

    def acknowledged(event: transfer_pb2.TransferAcknowledged, case: NotifiedCase) -> Fact:
        occurrence = Occurrence.STAY_BEGAN if stays(event) else Occurrence.TRANSFER_ACKNOWLEDGED
        return Fact(occurrence, _ends(event), _between(event, on=event.arrived_on))

    def retracted(event: transfer_pb2.AcknowledgementRetracted, case: NotifiedCase) -> Fact:
        occurrence = Occurrence.STAY_RETRACTED if stays(event) else Occurrence.ACKNOWLEDGEMENT_RETRACTED
        return Fact(occurrence, _ends(event), _between(event))

    own: dict[type[Message], EventHandler] = {
        transfer_pb2.TransferAcknowledged: _telling(directory, acknowledged, _ends_transfer),
        transfer_pb2.AcknowledgementRetracted: _telling(directory, retracted, _opens_transfer),
        handover_pb2.CaseRegistered: case_registered,
        transfer_pb2.CustodyChanged: custody_changed,
        identification_pb2.IdentificationDecided: decided,
    }
    return own | {kind: _telling(directory, *how) for kind, how in _TOLD.items()}


def _telling(directory: Directory, fact_of: FactOf, change_of: ChangeOf | None = None) -> EventHandler:
    async def handler(uow: UnitOfWork, event: Any) -> None:
        await application.tell(
            uow,
            directory,
            uuid.UUID(event.case_id),
            lambda case: fact_of(event, case),
            (lambda case: change_of(event, case)) if change_of else lambda case: case,
        )

    return handler


def _earlier(one: datetime, other: datetime) -> datetime:
    return min(one, other)


def _phase(value: int) -> str | None:
    return _code(types.CasePhase, value, "CASE_PHASE_") or None


def _follow_up(value: int) -> str:
    return _code(types.FollowUpKind, value, "FOLLOW_UP_KIND_")


def _code(enum: Any, value: int, prefix: str) -> str:
    """The code of an enum's value; empty when it is not given, or of a later version."""
    return enum.Name(value).removeprefix(prefix) if value and value in enum.values() else ""


def _params(**values: str) -> Mapping[Param, str]:
    """What a text is filled with; a date that is none is left out, so that nothing else slips in with it."""
    params = {Param(name): value for name, value in values.items() if value}
    return {name: value for name, value in params.items() if name not in (Param.ON, Param.DUE_ON) or _is_date(value)}


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


# Transfers ------------------------------------------------------------------------------------


def _ends(event: Any) -> Mapping[Addressee, str]:
    return {Addressee.SENDER: event.from_office_id, Addressee.RECEIVER: event.to_office_id}


def _between(event: Any, **more: str) -> Mapping[Param, str]:
    return _params(from_office=event.from_office_id, to_office=event.to_office_id, **more)


def _planned(event: transfer_pb2.TransferPlanned, case: NotifiedCase) -> Fact:
    params = _between(event, on=event.expected_departure_on, due_on=event.expected_arrival_on)
    return Fact(Occurrence.TRANSFER_PLANNED, _ends(event), params)


def _dispatched(event: transfer_pb2.TransferDispatched, case: NotifiedCase) -> Fact:
    params = _between(event, on=event.expected_arrival_on, due_on=event.acknowledge_due_on)
    return Fact(Occurrence.TRANSFER_DISPATCHED, _ends(event), params)


def _rejected(event: transfer_pb2.TransferRejected, case: NotifiedCase) -> Fact:
    params = _between(event, due_on=event.redispatch_due_on)
    return Fact(Occurrence.TRANSFER_REJECTED, _ends(event), params)


def _recalled(event: transfer_pb2.TransferRecalled, case: NotifiedCase) -> Fact:
    return Fact(Occurrence.TRANSFER_RECALLED, _ends(event), _between(event))


def _accepted(event: transfer_pb2.TransferAccepted, case: NotifiedCase) -> Fact:
    return Fact(Occurrence.TRANSFER_ACCEPTED, _ends(event), _between(event))


def _not_arrived(event: transfer_pb2.TransferNotArrived, case: NotifiedCase) -> Fact:
    params = _between(event, due_on=event.redispatch_due_on)
    return Fact(Occurrence.TRANSFER_NOT_ARRIVED, _ends(event), params)


def _redirected(event: transfer_pb2.TransferRedirected, case: NotifiedCase) -> Fact:
    # Where to is no longer the business of the office addressed before.
    return Fact(Occurrence.TRANSFER_REDIRECTED, _ends(event), _between(event))


def _superseded(event: transfer_pb2.TransferSuperseded, case: NotifiedCase) -> Fact:
    return Fact(Occurrence.TRANSFER_SUPERSEDED, _ends(event), _between(event))


def _custody_fact(event: transfer_pb2.CustodyChanged) -> Fact | None:
    """What a change of custody tells that no other event does."""
    match event.cause:
        case types.CUSTODY_CAUSE_WITHDRAWN:
            return Fact(Occurrence.CASE_WITHDRAWN, _accountable(event.accountable_office_id))
        case types.CUSTODY_CAUSE_REASSIGNED:
            offices = {
                Addressee.ACCOUNTABLE: event.accountable_office_id,
                Addressee.SENDER: event.previous_office_id,
            }
            params = _params(office=event.accountable_office_id, from_office=event.previous_office_id)
            return Fact(Occurrence.CUSTODY_REASSIGNED, offices, params)
        case types.CUSTODY_CAUSE_FOUND if event.phase == types.CASE_PHASE_ARRIVED:
            return Fact(Occurrence.FOUND_AT_HOME)
        case _:
            return None


# Stays ----------------------------------------------------------------------------------------


def _stay_ending(event: transfer_pb2.StayEnding, case: NotifiedCase) -> Fact:
    return Fact(Occurrence.STAY_ENDING, _accountable(event.office_id), _params(due_on=event.stay_due_on))


def _discharged(event: transfer_pb2.PersonDischarged, case: NotifiedCase) -> Fact | None:
    if event.destination != types.DISCHARGE_DESTINATION_OWN_CHOICE or not event.to_office_id:
        # Towards a planned transfer: its addressed office was told of that.
        return None
    params = _params(from_office=event.office_id, on=event.discharged_on, due_on=event.dispatch_due_on)
    return Fact(Occurrence.LEFT_FOR_OWN_CHOICE, {Addressee.RECEIVER: event.to_office_id}, params)


def _overdue_occurrence(rule: str) -> Occurrence:
    if rule == ACKNOWLEDGE_RULE:
        return Occurrence.ACKNOWLEDGEMENT_OVERDUE
    if rule == STAY_ESCALATE_RULE:
        return Occurrence.STAY_ESCALATED
    return Occurrence.STAY_OVERDUE if rule.startswith(STAY_RULES) else Occurrence.DEADLINE_PASSED


def _transfer_overdue(event: transfer_pb2.TransferOverdue, case: NotifiedCase) -> Fact:
    return Fact(
        _overdue_occurrence(event.rule),
        _accountable(event.accountable_office_id, event.to_office_id),
        _params(
            office=event.accountable_office_id,
            to_office=event.to_office_id,
            rule=event.rule,
            due_on=event.due_on,
        ),
    )


def _accountable(office_id: str, receiver_id: str | None = None) -> Mapping[Addressee, str]:
    offices = {Addressee.ACCOUNTABLE: office_id}
    return offices | {Addressee.RECEIVER: receiver_id} if receiver_id else offices


def _opens_transfer(event: Any, case: NotifiedCase) -> NotifiedCase:
    case_number = getattr(event, "case_number", "")
    return replace(case, receiver_id=event.to_office_id, case_number=case_number or case.case_number)


def _ends_transfer(event: Any, case: NotifiedCase) -> NotifiedCase:
    return replace(case, receiver_id=None)


# Searches -------------------------------------------------------------------------------------


def _lost(event: transfer_pb2.PersonLost, case: NotifiedCase) -> Fact:
    reason = _code(types.LostReason, event.reason, "LOST_REASON_")
    return Fact(
        Occurrence.SEARCH_OPENED_NATIONALLY if reason == REAPPEARED else Occurrence.SEARCH_OPENED,
        _accountable(event.accountable_office_id, event.to_office_id),
        _params(office=event.accountable_office_id, reason=reason),
    )


def _opens_search(event: transfer_pb2.PersonLost, case: NotifiedCase) -> NotifiedCase:
    """A search begins, or goes on for a graver reason: who was told of it before is told of its end too."""
    told_nation = event.reason == types.LOST_REASON_REAPPEARED
    return replace(
        case,
        receiver_id=event.to_office_id or case.receiver_id,
        search_office_id=case.search_office_id or event.accountable_office_id or None,
        search_receiver_id=event.to_office_id or case.search_receiver_id,
        search_level=max(case.search_level, NATIONAL_LEVEL if told_nation else 0),
    )


def _search_escalated(event: transfer_pb2.SearchEscalated, case: NotifiedCase) -> Fact:
    national = event.level >= NATIONAL_LEVEL
    return Fact(
        Occurrence.SEARCH_ESCALATED_NATIONALLY if national else Occurrence.SEARCH_ESCALATED,
        _accountable(event.accountable_office_id, _asked(case)),
        _params(office=event.accountable_office_id, level=str(event.level)),
    )


def _asked(case: NotifiedCase) -> str | None:
    """The addressed office, as long as it can still answer: when its transfer has ended it has nothing to answer."""
    return case.search_receiver_id if case.search_receiver_id == case.receiver_id else None


def _raises_search(event: transfer_pb2.SearchEscalated, case: NotifiedCase) -> NotifiedCase:
    return replace(case, search_level=max(case.search_level, event.level))


def _search_resolved(event: transfer_pb2.SearchResolved, case: NotifiedCase) -> Fact:
    national = case.search_level >= NATIONAL_LEVEL
    offices = _accountable(event.accountable_office_id, case.search_receiver_id)
    if case.search_office_id:
        offices = {**offices, Addressee.SEARCHING: case.search_office_id}
    return Fact(
        Occurrence.SEARCH_ENDED_NATIONALLY if national else Occurrence.SEARCH_ENDED,
        offices,
        _params(
            office=event.accountable_office_id,
            resolution=_code(types.SearchResolution, event.resolution, "SEARCH_RESOLUTION_"),
        ),
    )


def _ends_search(event: transfer_pb2.SearchResolved, case: NotifiedCase) -> NotifiedCase:
    return replace(case, search_office_id=None, search_receiver_id=None, search_level=0)


def _unconfirmed(event: transfer_pb2.FollowUpsUnconfirmed, case: NotifiedCase) -> Fact:
    return Fact(
        Occurrence.FOLLOW_UPS_UNCONFIRMED,
        _accountable(event.accountable_office_id),
        _params(office=event.accountable_office_id),
    )


def _withdrawal_refused(event: transfer_pb2.WithdrawalRefused, case: NotifiedCase) -> Fact:
    return Fact(
        Occurrence.WITHDRAWAL_REFUSED,
        _accountable(event.accountable_office_id),
        _params(office=event.accountable_office_id),
    )


# Follow-ups -----------------------------------------------------------------------------------


def _scheduled(event: followup_pb2.FollowUpsScheduled, case: NotifiedCase) -> Fact:
    first = min((one.due_on for one in event.follow_ups if one.due_on), default="")
    return Fact(Occurrence.FOLLOW_UPS_SCHEDULED, _accountable(event.office_id), _params(due_on=first))


def _about_follow_up(
    occurrence: Occurrence,
) -> Callable[[Any, NotifiedCase], Fact]:
    def fact_of(event: Any, case: NotifiedCase) -> Fact:
        params = _params(office=event.office_id, follow_up=_follow_up(event.kind), due_on=event.due_on)
        return Fact(occurrence, _accountable(event.office_id), params)

    return fact_of


def _calls_overdue(event: followup_pb2.FollowUpOverdue, case: NotifiedCase) -> NotifiedCase:
    return replace(case, overdue_follow_ups=case.overdue_follow_ups | {event.follow_up_id})


def _follow_up_escalated(event: followup_pb2.FollowUpEscalated, case: NotifiedCase) -> Fact:
    if event.rule == FIRST_CONTACT_RULE:
        return Fact(Occurrence.FIRST_CONTACT_OVERDUE, _accountable(event.office_id))
    national = event.level >= NATIONAL_LEVEL
    if event.follow_up_id:
        local, wider = Occurrence.FOLLOW_UP_ESCALATED, Occurrence.FOLLOW_UP_ESCALATED_NATIONALLY
    else:
        local, wider = Occurrence.CLOSING_ESCALATED, Occurrence.CLOSING_ESCALATED_NATIONALLY
    params = _params(office=event.office_id, rule=event.rule, level=str(event.level))
    return Fact(wider if national else local, _accountable(event.office_id), params)


def _lost_to_follow_up(event: followup_pb2.LostToFollowUp, case: NotifiedCase) -> Fact:
    return Fact(Occurrence.LOST_TO_FOLLOW_UP, _accountable(event.office_id), _params(office=event.office_id))


def _recorded(event: followup_pb2.FollowUpRecorded, case: NotifiedCase) -> Fact | None:
    if event.follow_up_id not in case.overdue_follow_ups:
        return None
    params = _params(office=event.office_id, follow_up=_follow_up(event.kind), on=event.visited_on)
    return Fact(Occurrence.FOLLOW_UP_MADE_UP, _accountable(event.office_id), params)


def _no_longer_overdue(event: followup_pb2.FollowUpRecorded, case: NotifiedCase) -> NotifiedCase:
    return replace(case, overdue_follow_ups=case.overdue_follow_ups - {event.follow_up_id})


def _about_case(occurrence: Occurrence) -> Callable[[Any, NotifiedCase], Fact]:
    def fact_of(event: Any, case: NotifiedCase) -> Fact:
        return Fact(occurrence, _accountable(event.office_id), _params(office=event.office_id))

    return fact_of


def _nothing_overdue(event: Any, case: NotifiedCase) -> NotifiedCase:
    return replace(case, overdue_follow_ups=frozenset())


_TOLD: Mapping[type[Message], tuple[FactOf] | tuple[FactOf, ChangeOf]] = {
    transfer_pb2.TransferPlanned: (_planned, _opens_transfer),
    transfer_pb2.TransferDispatched: (_dispatched, _opens_transfer),
    transfer_pb2.TransferRejected: (_rejected, _ends_transfer),
    transfer_pb2.TransferRecalled: (_recalled, _ends_transfer),
    transfer_pb2.TransferAccepted: (_accepted,),
    transfer_pb2.TransferNotArrived: (_not_arrived, _ends_transfer),
    transfer_pb2.TransferRedirected: (_redirected, _ends_transfer),
    transfer_pb2.TransferSuperseded: (_superseded, _ends_transfer),
    transfer_pb2.StayEnding: (_stay_ending,),
    transfer_pb2.PersonDischarged: (_discharged,),
    transfer_pb2.TransferOverdue: (_transfer_overdue,),
    transfer_pb2.PersonLost: (_lost, _opens_search),
    transfer_pb2.SearchEscalated: (_search_escalated, _raises_search),
    transfer_pb2.SearchResolved: (_search_resolved, _ends_search),
    transfer_pb2.FollowUpsUnconfirmed: (_unconfirmed,),
    transfer_pb2.WithdrawalRefused: (_withdrawal_refused,),
    followup_pb2.FollowUpsScheduled: (_scheduled,),
    followup_pb2.FollowUpDue: (_about_follow_up(Occurrence.FOLLOW_UP_DUE),),
    followup_pb2.FollowUpOverdue: (_about_follow_up(Occurrence.FOLLOW_UP_OVERDUE), _calls_overdue),
    followup_pb2.FollowUpEscalated: (_follow_up_escalated,),
    followup_pb2.LostToFollowUp: (_lost_to_follow_up,),
    followup_pb2.FollowUpRecorded: (_recorded, _no_longer_overdue),
    followup_pb2.CaseClosed: (_about_case(Occurrence.CASE_CLOSED), _nothing_overdue),
    followup_pb2.CaseReopened: (_about_case(Occurrence.CASE_REOPENED),),
}
