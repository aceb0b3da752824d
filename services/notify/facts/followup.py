"""What the stream of follow-ups tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from google.protobuf.message import Message

from homeward.events.v1 import followup_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.enums import code_of
from services.chassis.kernel.deadlines import is_past
from services.chassis.kernel.words import RuleCode
from services.notify.domain.cases import NotifiedCase
from services.notify.domain.duties import Ending, Turn
from services.notify.domain.facts import NATIONAL_LEVEL, Fact, Occurrence, Param
from services.notify.facts.parts import Telling, accountable, ends, ends_nothing, filled, tells_nothing


def scheduled(event: followup_pb2.FollowUpsScheduled, told_on: date) -> Fact | None:
    """The follow-ups exist. Of those that should have been made already the first is asked for at once.

    The office that made them before learns nothing new.
    """
    if event.kept:
        return None
    coming = sorted((one for one in event.follow_ups if one.due_on), key=lambda one: one.due_on)
    if not coming or not is_past(date.fromisoformat(coming[0].due_on), told_on):
        first = coming[0].due_on if coming else ""
        return Fact(Occurrence.FOLLOW_UPS_SCHEDULED, accountable(event.office_id), filled(due_on=first))
    given = _follow_up(coming[0], event.office_id)
    about = coming[0].follow_up_id
    return Fact(Occurrence.FOLLOW_UPS_TAKEN_OVER, accountable(event.office_id), given, about=about)


def _about_follow_up(occurrence: Occurrence) -> Callable[[Any, NotifiedCase], Fact]:
    def fact_of(event: Any, case: NotifiedCase) -> Fact:
        given = _follow_up(event, event.office_id)
        return Fact(occurrence, accountable(event.office_id), given, about=event.follow_up_id)

    return fact_of


def _follow_up(event: Any, office_id: str, **more: str) -> Mapping[Param, str]:
    return filled(office=office_id, follow_up=code_of(types.FollowUpKind, event.kind), due_on=event.due_on, **more)


def _calls_overdue(event: followup_pb2.FollowUpOverdue, case: NotifiedCase) -> NotifiedCase:
    return replace(case, overdue_follow_ups=case.overdue_follow_ups | {event.follow_up_id})


def _follow_up_escalated(event: followup_pb2.FollowUpEscalated, case: NotifiedCase) -> Fact:
    if event.rule == RuleCode.FIRST_CONTACT:
        stays = event.level >= NATIONAL_LEVEL
        occurrence = Occurrence.FIRST_CONTACT_STILL_OVERDUE if stays else Occurrence.FIRST_CONTACT_OVERDUE
        return Fact(occurrence, accountable(event.office_id), filled(office=event.office_id, due_on=event.due_on))
    national = event.level >= NATIONAL_LEVEL
    if event.rule == RuleCode.SAFETY_ACT:
        occurrence = Occurrence.SAFETY_ACT_OVERDUE_NATIONALLY if national else Occurrence.SAFETY_ACT_OVERDUE
        return Fact(occurrence, accountable(event.office_id), filled(office=event.office_id, due_on=event.due_on))
    if event.rule == RuleCode.SAFETY_ANSWER:
        stays = event.level >= NATIONAL_LEVEL
        occurrence = Occurrence.HOME_SAFETY_STILL_UNDECIDED if stays else Occurrence.HOME_SAFETY_UNDECIDED
        return Fact(occurrence, accountable(event.office_id), filled(office=event.office_id, due_on=event.due_on))
    if event.follow_up_id:
        local, wider = Occurrence.FOLLOW_UP_ESCALATED, Occurrence.FOLLOW_UP_ESCALATED_NATIONALLY
    else:
        local, wider = Occurrence.CLOSING_ESCALATED, Occurrence.CLOSING_ESCALATED_NATIONALLY
    given = _follow_up(event, event.office_id, rule=event.rule, level=str(event.level))
    return Fact(wider if national else local, accountable(event.office_id), given, about=event.follow_up_id)


def _safety_needed(event: followup_pb2.SafetyActNeeded, case: NotifiedCase) -> Fact:
    """That it is so, and for whom by her number; why, and what is to be done, stays with the office."""
    return Fact(Occurrence.SAFETY_ACT_NEEDED, accountable(event.office_id), filled(office=event.office_id))


def _lost_to_follow_up(event: followup_pb2.LostToFollowUp, case: NotifiedCase) -> Fact | None:
    if event.not_reached:
        # The search that it opens is told.
        return None
    given = _follow_up(event, event.office_id)
    return Fact(Occurrence.LOST_TO_FOLLOW_UP, accountable(event.office_id), given, about=event.follow_up_id)


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


def _is_due(event: Any, case: NotifiedCase) -> Sequence[Ending]:
    """With the visit the person is reached as well."""
    return (Ending(Turn.FOLLOW_UP_DUE),) if event.follow_up_id else ()


def _contacted(event: followup_pb2.ContactRecorded, case: NotifiedCase) -> Sequence[Ending]:
    return (Ending(Turn.CONTACTED),) if event.outcome == types.CONTACT_OUTCOME_REACHED else ()


def scheduling_ends(event: followup_pb2.FollowUpsScheduled, case: NotifiedCase) -> Sequence[Ending]:
    """What was asked of whoever had the follow-ups before is asked anew, of whoever has them now."""
    return (Ending(Turn.FOLLOW_UPS_KEPT if event.kept else Turn.FOLLOW_UPS_SCHEDULED),)


def _entry_changed(event: followup_pb2.EntryCorrected | followup_pb2.EntryTakenBack, case: NotifiedCase) -> Fact | None:
    """A visit that was none is to be made after all; of anything else an office learns when another one did it."""
    if isinstance(event, followup_pb2.EntryCorrected):
        by = event.corrected_by_office_id
    else:
        by = event.taken_back_by_office_id
    if event.asked_again:
        first = min(event.asked_again, key=lambda one: one.due_on)
        given = _follow_up(first, by)
        return Fact(Occurrence.FOLLOW_UP_ASKED_AGAIN, accountable(event.office_id), given, about=first.follow_up_id)
    if by == event.office_id:
        return None
    return Fact(Occurrence.ENTRY_CHANGED, accountable(event.office_id), filled(office=by))


def _visit_ends(event: followup_pb2.FollowUpRecorded, case: NotifiedCase) -> Sequence[Ending]:
    missed = (Ending(Turn.MISSED, each) for each in event.missed_follow_up_ids)
    stops = event.then == types.AFTER_DECLINED_CLOSE
    return (Ending(Turn.VISITED, event.follow_up_id), *missed, *((Ending(Turn.ASKED_TO_STOP),) if stops else ()))


def _steps_changed(event: followup_pb2.StepsChanged, case: NotifiedCase) -> Fact | None:
    """That more is to be made, and when it begins. What asks for it is not told; whoever drops a step knows it."""
    if not event.added:
        return None
    first = min(event.added, key=lambda one: one.due_on)
    return Fact(Occurrence.STEPS_CHANGED, accountable(event.office_id), _follow_up(first, event.office_id))


def _steps_end(event: followup_pb2.StepsChanged, case: NotifiedCase) -> Sequence[Ending]:
    return tuple(Ending(Turn.DROPPED, each.follow_up_id) for each in event.dropped)


def _rescheduling_ends(event: followup_pb2.FollowUpRescheduled, case: NotifiedCase) -> Sequence[Ending]:
    return (Ending(Turn.RESCHEDULED, event.follow_up_id),)


def _correction_ends(event: followup_pb2.EntryCorrected, case: NotifiedCase) -> Sequence[Ending]:
    made = (Ending(Turn.VISITED, event.made_follow_up_id),) if event.made_follow_up_id else ()
    return (*made, *_take_back_ends(event, case))


def _take_back_ends(
    event: followup_pb2.EntryCorrected | followup_pb2.EntryTakenBack, case: NotifiedCase
) -> Sequence[Ending]:
    return (Ending(Turn.VISIT_TAKEN_BACK),) if event.asked_again else ()


def _home_decided(event: followup_pb2.SafetyChecked, case: NotifiedCase) -> Sequence[Ending]:
    return () if event.verdict == types.HOME_SAFETY_WARNING_SIGNS else (Ending(Turn.HOME_DECIDED),)


TOLD: Mapping[type[Message], Telling] = {
    followup_pb2.FollowUpDueSoon: Telling(_about_follow_up(Occurrence.FOLLOW_UP_DUE_SOON), ends=ends_nothing),
    followup_pb2.FollowUpDue: Telling(_about_follow_up(Occurrence.FOLLOW_UP_DUE), ends=_is_due),
    followup_pb2.FollowUpOverdue: Telling(_about_follow_up(Occurrence.FOLLOW_UP_OVERDUE), _calls_overdue, ends=_is_due),
    followup_pb2.FollowUpEscalated: Telling(_follow_up_escalated, ends=_is_due),
    followup_pb2.LostToFollowUp: Telling(_lost_to_follow_up, ends=ends_nothing),
    followup_pb2.FollowUpNeglected: Telling(_about_follow_up(Occurrence.FOLLOW_UP_NEGLECTED), ends=ends_nothing),
    followup_pb2.FollowUpRecorded: Telling(_recorded, _no_longer_overdue, ends=_visit_ends),
    followup_pb2.EntryCorrected: Telling(_entry_changed, ends=_correction_ends),
    followup_pb2.EntryTakenBack: Telling(_entry_changed, ends=_take_back_ends),
    followup_pb2.FollowUpsCancelled: Telling(tells_nothing, ends=ends(Turn.FOLLOW_UPS_CANCELLED)),
    followup_pb2.StepsChanged: Telling(_steps_changed, ends=_steps_end),
    followup_pb2.FollowUpRescheduled: Telling(tells_nothing, ends=_rescheduling_ends),
    followup_pb2.SafetyActNeeded: Telling(_safety_needed, ends=ends_nothing),
    followup_pb2.SafetyActErased: Telling(tells_nothing, ends=ends(Turn.SAFETY_ERASED)),
    followup_pb2.SafetyActConfirmed: Telling(tells_nothing, ends=ends(Turn.MADE_SAFE)),
    followup_pb2.SafetyChecked: Telling(tells_nothing, ends=_home_decided),
    followup_pb2.ContactRecorded: Telling(tells_nothing, ends=_contacted),
    # That the case is over is handover's to say: a closing may have crossed a change of custody.
    followup_pb2.CaseClosed: Telling(
        _about_case(Occurrence.CASE_CLOSED), _nothing_overdue, ends=ends(Turn.FOLLOW_UPS_CANCELLED)
    ),
    followup_pb2.CaseReopened: Telling(_about_case(Occurrence.CASE_REOPENED), ends=ends_nothing),
}
