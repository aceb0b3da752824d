"""What the stream of follow-ups tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from google.protobuf.message import Message

from homeward.events.v1 import followup_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.enums import code_of
from services.chassis.kernel.words import RuleCode
from services.notify.domain.cases import NotifiedCase
from services.notify.domain.facts import NATIONAL_LEVEL, Fact, Occurrence
from services.notify.facts.parts import Telling, accountable, filled


def _scheduled(event: followup_pb2.FollowUpsScheduled, case: NotifiedCase) -> Fact:
    first = min((one.due_on for one in event.follow_ups if one.due_on), default="")
    return Fact(Occurrence.FOLLOW_UPS_SCHEDULED, accountable(event.office_id), filled(due_on=first))


def _about_follow_up(
    occurrence: Occurrence,
) -> Callable[[Any, NotifiedCase], Fact]:
    def fact_of(event: Any, case: NotifiedCase) -> Fact:
        given = filled(office=event.office_id, follow_up=code_of(types.FollowUpKind, event.kind), due_on=event.due_on)
        return Fact(occurrence, accountable(event.office_id), given)

    return fact_of


def _calls_overdue(event: followup_pb2.FollowUpOverdue, case: NotifiedCase) -> NotifiedCase:
    return replace(case, overdue_follow_ups=case.overdue_follow_ups | {event.follow_up_id})


def _follow_up_escalated(event: followup_pb2.FollowUpEscalated, case: NotifiedCase) -> Fact:
    if event.rule == RuleCode.FIRST_CONTACT:
        return Fact(Occurrence.FIRST_CONTACT_OVERDUE, accountable(event.office_id))
    national = event.level >= NATIONAL_LEVEL
    if event.follow_up_id:
        local, wider = Occurrence.FOLLOW_UP_ESCALATED, Occurrence.FOLLOW_UP_ESCALATED_NATIONALLY
    else:
        local, wider = Occurrence.CLOSING_ESCALATED, Occurrence.CLOSING_ESCALATED_NATIONALLY
    given = filled(office=event.office_id, rule=event.rule, level=str(event.level))
    return Fact(wider if national else local, accountable(event.office_id), given)


def _lost_to_follow_up(event: followup_pb2.LostToFollowUp, case: NotifiedCase) -> Fact | None:
    if event.not_reached:
        # The search that it opens is told.
        return None
    return Fact(Occurrence.LOST_TO_FOLLOW_UP, accountable(event.office_id), filled(office=event.office_id))


def _recorded(event: followup_pb2.FollowUpRecorded, case: NotifiedCase) -> Fact | None:
    if event.follow_up_id not in case.overdue_follow_ups:
        return None
    given = filled(office=event.office_id, follow_up=code_of(types.FollowUpKind, event.kind), on=event.visited_on)
    return Fact(Occurrence.FOLLOW_UP_MADE_UP, accountable(event.office_id), given)


def _no_longer_overdue(event: followup_pb2.FollowUpRecorded, case: NotifiedCase) -> NotifiedCase:
    return replace(case, overdue_follow_ups=case.overdue_follow_ups - {event.follow_up_id})


def _about_case(occurrence: Occurrence) -> Callable[[Any, NotifiedCase], Fact]:
    def fact_of(event: Any, case: NotifiedCase) -> Fact:
        return Fact(occurrence, accountable(event.office_id), filled(office=event.office_id))

    return fact_of


def _nothing_overdue(event: Any, case: NotifiedCase) -> NotifiedCase:
    return replace(case, overdue_follow_ups=frozenset())


TOLD: Mapping[type[Message], Telling] = {
    followup_pb2.FollowUpsScheduled: Telling(_scheduled),
    followup_pb2.FollowUpDue: Telling(_about_follow_up(Occurrence.FOLLOW_UP_DUE)),
    followup_pb2.FollowUpOverdue: Telling(_about_follow_up(Occurrence.FOLLOW_UP_OVERDUE), _calls_overdue),
    followup_pb2.FollowUpEscalated: Telling(_follow_up_escalated),
    followup_pb2.LostToFollowUp: Telling(_lost_to_follow_up),
    followup_pb2.FollowUpNeglected: Telling(_about_follow_up(Occurrence.FOLLOW_UP_NEGLECTED)),
    followup_pb2.FollowUpRecorded: Telling(_recorded, _no_longer_overdue),
    followup_pb2.CaseClosed: Telling(_about_case(Occurrence.CASE_CLOSED), _nothing_overdue),
    followup_pb2.CaseReopened: Telling(_about_case(Occurrence.CASE_REOPENED)),
}
