"""The domain of followup and its messages: what it announces, and what it answers."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from homeward.events.v1 import followup_pb2 as said
from homeward.events.v1 import transfer_pb2
from homeward.followup.v1 import care_pb2, entries_pb2, home_safety_pb2, oversight_pb2, steps_pb2, visits_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.enums import code_of, member_of, number_of
from services.chassis.calls.etags import etag_of
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.consents import Said as ConsentKnown
from services.chassis.kernel.deadlines import Timeliness
from services.chassis.kernel.figures import Figure
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.words import CloseReason, ConsentPurpose, CustodyCause, Phase, RuleCode
from services.followup.domain.arrival_day import CorrectedDay
from services.followup.domain.care import Answer, Revision, Said, Wishes, WishesVersion
from services.followup.domain.case import CLOSE_DECISION, FIRST_CONTACT, SAFETY_ACT, FollowUp, FollowUpCase, State
from services.followup.domain.custody import CustodyChange
from services.followup.domain.entry import ContactOutcome, Entry, EntryState, Kind, Version
from services.followup.domain.events import (
    Cancelled,
    ConsentSaid,
    ContactMade,
    Due,
    DueSoon,
    Escalated,
    Event,
    Lost,
    Neglected,
    Overdue,
    Recorded,
    Rescheduled,
    Revised,
    SafetyConfirmed,
    SafetyErased,
    SafetyNeeded,
    Scheduled,
    StepsChanged,
)
from services.followup.domain.home_safety import HomeCheck, LookSaid
from services.followup.domain.oversight import MonthFigures, Result, WaitingSafety, Work, Workload
from services.followup.domain.reading import Mark, Told
from services.followup.domain.visits import (
    DueCounted,
    FollowUpsCounted,
    ListedFollowUp,
    ListedOverdue,
    OverdueCounted,
    Standing,
)

SaidMessage = (
    said.FollowUpsScheduled
    | said.FollowUpsCancelled
    | said.FollowUpDueSoon
    | said.FollowUpDue
    | said.FollowUpOverdue
    | said.FollowUpEscalated
    | said.LostToFollowUp
    | said.FollowUpNeglected
    | said.ContactRecorded
    | said.FollowUpRecorded
    | said.EntryCorrected
    | said.EntryTakenBack
    | said.SafetyActNeeded
    | said.SafetyActConfirmed
    | said.SafetyActErased
    | said.ConsentTold
    | said.StepsChanged
    | said.FollowUpRescheduled
)


_STATES: Final[Mapping[Timeliness, types.FollowUpState.ValueType]] = {
    Timeliness.ON_TIME: types.FOLLOW_UP_STATE_SCHEDULED,
    Timeliness.DUE: types.FOLLOW_UP_STATE_DUE,
    Timeliness.LATE: types.FOLLOW_UP_STATE_LATE,
    Timeliness.OVERDUE: types.FOLLOW_UP_STATE_OVERDUE,
}


def event(case: FollowUpCase, event: Event) -> SaidMessage:
    case_id, office_id = str(case.case_id), case.keeper_id
    match event:
        case Scheduled(segment, follow_ups, kept):
            return said.FollowUpsScheduled(
                case_id=case_id,
                office_id=office_id,
                segment=segment,
                follow_ups=_scheduled(follow_ups),
                kept=kept,
            )
        case Cancelled(cancelled_at):
            return said.FollowUpsCancelled(case_id=case_id, office_id=cancelled_at)
        case DueSoon(one, late):
            return said.FollowUpDueSoon(
                case_id=case_id,
                follow_up_id=str(one.id),
                kind=number_of(types.FollowUpKind, one.kind),
                office_id=office_id,
                due_on=one.due_on.isoformat(),
                late=late,
            )
        case Due(one, late):
            return said.FollowUpDue(
                case_id=case_id,
                follow_up_id=str(one.id),
                kind=number_of(types.FollowUpKind, one.kind),
                office_id=office_id,
                due_on=one.due_on.isoformat(),
                late=late,
            )
        case Overdue(one, late):
            return said.FollowUpOverdue(
                case_id=case_id,
                follow_up_id=str(one.id),
                kind=number_of(types.FollowUpKind, one.kind),
                office_id=office_id,
                due_on=one.due_on.isoformat(),
                late=late,
            )
        case Escalated(follow_up_id, rule, level, late):
            escalated = next((one for one in case.follow_ups if one.id == follow_up_id), None)
            return said.FollowUpEscalated(
                case_id=case_id,
                follow_up_id=str(follow_up_id) if follow_up_id else "",
                # Closing is the accountable office's, whoever makes the follow-ups.
                office_id=case.office_id if rule == CLOSE_DECISION else office_id,
                rule=rule,
                level=level,
                late=late,
                kind=number_of(types.FollowUpKind, escalated.kind if escalated else None),
                due_on=_due_first(case, escalated, rule),
            )
        case Lost(one, late):
            return said.LostToFollowUp(
                case_id=case_id,
                follow_up_id=str(one.id),
                office_id=office_id,
                late=late,
                not_reached=True,
                kind=number_of(types.FollowUpKind, one.kind),
                due_on=one.due_on.isoformat(),
            )
        case Neglected(one, late):
            return said.FollowUpNeglected(
                case_id=case_id,
                follow_up_id=str(one.id),
                kind=number_of(types.FollowUpKind, one.kind),
                office_id=office_id,
                due_on=one.due_on.isoformat(),
                late=late,
            )
        case ContactMade(entry, effect):
            return said.ContactRecorded(
                case_id=case_id,
                office_id=office_id,
                outcome=number_of(types.ContactOutcome, entry.finding.found),
                contacted_on=entry.finding.on.isoformat(),
                search=number_of(types.SearchEffect, effect),
                entry_number=entry.number,
            )
        case Recorded(one, entry, late, missed, effect, period_ended):
            return said.FollowUpRecorded(
                case_id=case_id,
                follow_up_id=str(one.id),
                kind=number_of(types.FollowUpKind, one.kind),
                office_id=office_id,
                visited_on=entry.finding.on.isoformat(),
                late=late,
                search=number_of(types.SearchEffect, effect),
                entry_number=entry.number,
                period_ended=period_ended,
                missed_follow_up_ids=[str(each.id) for each in missed],
                then=number_of(types.AfterDeclined, entry.finding.then),
                first_visit_on=_first_visit_on(case),
            )
        case Revised():
            return _revised(case, event)
        case SafetyNeeded(number, confirm_by):
            by = _time(confirm_by)
            return said.SafetyActNeeded(case_id=case_id, office_id=office_id, entry_number=number, confirm_by_time=by)
        case StepsChanged(why, added, dropped):
            return said.StepsChanged(
                case_id=case_id,
                office_id=office_id,
                cause=number_of(types.StepsCause, why),
                policy_version=case.policy_version,
                added=_scheduled(added),
                dropped=_scheduled(dropped),
            )
        case Rescheduled(one):
            return said.FollowUpRescheduled(
                case_id=case_id,
                follow_up_id=str(one.id),
                kind=number_of(types.FollowUpKind, one.kind),
                office_id=office_id,
                first_due_on=one.first_due_on.isoformat(),
                due_on=one.due_on.isoformat(),
            )
        case SafetyErased(number):
            return said.SafetyActErased(case_id=case_id, office_id=office_id, entry_number=number)
        case SafetyConfirmed(number):
            return said.SafetyActConfirmed(case_id=case_id, office_id=office_id, entry_number=number)
        case ConsentSaid():
            return _consent_told(case, event)


def _consent_told(case: FollowUpCase, event: ConsentSaid) -> said.ConsentTold:
    return said.ConsentTold(
        case_id=str(case.case_id),
        office_id=case.keeper_id,
        entry_number=event.entry_number,
        purpose=ConsentPurpose.FOLLOW_UP,
        state=types.CONSENT_STATE_GIVEN if event.agreed else types.CONSENT_STATE_REFUSED,
        giver=number_of(types.ConsentGiver, event.giver),
        text_version=event.text_version,
        said_on=event.on.isoformat(),
    )


def look_told(one: LookSaid) -> said.ConsentTold:
    """What she said to somebody looking at her home; no text was read."""
    return said.ConsentTold(
        case_id=str(one.case_id),
        office_id=one.office_id,
        purpose=ConsentPurpose.HOME_LOOK,
        state=types.CONSENT_STATE_GIVEN if one.agreed else types.CONSENT_STATE_REFUSED,
        giver=types.CONSENT_GIVER_PERSON,
        said_on=one.on.isoformat(),
    )


def _revised(case: FollowUpCase, event: Revised) -> said.EntryCorrected | said.EntryTakenBack:
    entry, latest = event.entry, event.entry.latest
    search = number_of(types.SearchEffect, event.effect)
    if latest.state is EntryState.TAKEN_BACK:
        return said.EntryTakenBack(
            case_id=str(case.case_id),
            office_id=case.keeper_id,
            entry_number=entry.number,
            taken_back_by_office_id=latest.office_id,
            reason=number_of(types.EntryReason, latest.reason),
            was_visit=event.was_visit,
            visited=event.visited,
            period_ended=event.period_ended,
            search=search,
            asked_again=_scheduled(event.asked_again),
            first_visit_on=_first_visit_on(case),
        )
    return said.EntryCorrected(
        case_id=str(case.case_id),
        office_id=case.keeper_id,
        entry_number=entry.number,
        corrected_by_office_id=latest.office_id,
        reason=number_of(types.EntryReason, latest.reason),
        is_visit=latest.finding.is_visit,
        visited=event.visited,
        period_ended=event.period_ended,
        search=search,
        asked_again=_scheduled(event.asked_again),
        made_follow_up_id=str(event.made.id) if event.made else "",
        first_visit_on=_first_visit_on(case),
    )


def _first_visit_on(case: FollowUpCase) -> str:
    """Since she came to where she is; visits of a former office say nothing of this arrival."""
    since = case.contact_from or date.min
    days = [each.finding.on for each in case.standing if each.finding.is_visit and each.finding.on >= since]
    return min(days).isoformat() if days else ""


def _scheduled(follow_ups: Iterable[FollowUp]) -> list[said.ScheduledFollowUp]:
    return [
        said.ScheduledFollowUp(
            follow_up_id=str(one.id), kind=number_of(types.FollowUpKind, one.kind), due_on=one.due_on.isoformat()
        )
        for one in follow_ups
    ]


def _due_first(case: FollowUpCase, escalated: FollowUp | None, rule: str) -> str:
    """The day on which what was escalated was due, before any escalation; empty where it is not known."""
    if escalated is not None:
        return escalated.due_on.isoformat()
    if rule == SAFETY_ACT:
        return local_date(case.safety.needed_at).isoformat() if case.safety else ""
    due_on = case.contact_due_on if rule == FIRST_CONTACT else case.decision_due_on
    return due_on.isoformat() if due_on is not None else ""


def follow_up(one: ListedFollowUp) -> visits_pb2.FollowUp:
    """A follow-up with its state as of the day it was looked up on."""
    return visits_pb2.FollowUp(
        follow_up_id=str(one.id),
        case_id=str(one.case_id),
        case_number=one.case_number,
        etag=etag_of(one.version),
        kind=number_of(types.FollowUpKind, one.kind),
        state=_state(one),
        office_id=one.office_id,
        arrived_on=one.arrived_on.isoformat(),
        due_on=one.due_on.isoformat(),
        visited_on=one.visited_on.isoformat() if one.visited_on else "",
        outcome=number_of(types.FollowUpOutcome, one.outcome),
        attempts=one.attempt_count,
        lost=one.lost,
        escalation_level=one.escalation_level,
        neglected=one.neglected,
        first_due_on=one.first_due_on.isoformat(),
        earliest_on=one.earliest_on.isoformat(),
        limit_on=one.limit_on.isoformat() if one.limit_on else "",
        always=one.always,
    )


def due_counts(rows: Iterable[DueCounted]) -> list[steps_pb2.DueFollowUpCount]:
    """What was due, by office and kind."""
    return [
        steps_pb2.DueFollowUpCount(
            office_id=row.office_id,
            kind=number_of(types.FollowUpKind, row.kind),
            due=row.due,
            done=row.done,
            done_late=row.done_late,
            missed=row.missed,
        )
        for row in rows
    ]


def overdue(one: ListedOverdue) -> visits_pb2.OverdueFollowUp:
    """A follow-up, or the decision on closing, past its day."""
    return visits_pb2.OverdueFollowUp(
        case_id=str(one.case_id),
        case_number=one.case_number,
        office_id=one.office_id,
        rule=one.rule,
        state=_STATES[one.timeliness],
        due_on=one.due_on.isoformat(),
        overdue_days=one.overdue_days,
        escalation_level=one.escalation_level,
        lost=one.lost,
        neglected=one.neglected,
    )


def follow_up_counts(rows: Iterable[tuple[str, FollowUpsCounted]]) -> list[visits_pb2.FollowUpCount]:
    """Follow-ups, each with its province, added up by province, kind and state, in that order."""
    totals: Counter[tuple[str, types.FollowUpKind.ValueType, types.FollowUpState.ValueType]] = Counter()
    for province, row in rows:
        totals[province, number_of(types.FollowUpKind, row.kind), _state_of(row.standing)] += row.total
    return [
        visits_pb2.FollowUpCount(province=province, kind=kind, state=state, total=total)
        for (province, kind, state), total in sorted(totals.items())
    ]


def overdue_counts(
    rows: Iterable[tuple[str, OverdueCounted]], *, by_office: bool = False
) -> list[visits_pb2.OverdueFollowUpCount]:
    """What is late, each with its province, added up by province, office where asked for, and rule, in that order."""
    merged: dict[tuple[str, str, str], visits_pb2.OverdueFollowUpCount] = {}
    for province, row in rows:
        office_id = row.office_id if by_office else ""
        into = merged.setdefault(
            (province, office_id, row.rule),
            visits_pb2.OverdueFollowUpCount(province=province, office_id=office_id, rule=row.rule),
        )
        into.total += row.total
        into.from_7_days += row.from_7_days
        into.from_30_days += row.from_30_days
        into.oldest_days = max(into.oldest_days, row.oldest_days)
    return [merged[key] for key in sorted(merged)]


def entry(
    entry: Entry,
    withheld: bool = False,
    *,
    signs: bool = False,
    signs_erased: Collection[tuple[int, int]] = (),
) -> entries_pb2.Entry:
    """An entry with its versions; where it is withheld, what they say is left out.

    `signs`: they were opened; `signs_erased`: entry and version, from 1, of those that cannot be.
    """
    return entries_pb2.Entry(
        number=entry.number,
        etag=etag_of(len(entry.versions)),
        versions=[
            _version(each, withheld, signs=signs, signs_erased=(entry.number, number) in signs_erased)
            for number, each in enumerate(entry.versions, start=1)
        ],
    )


def _version(version: Version, withheld: bool, *, signs: bool, signs_erased: bool) -> entries_pb2.EntryVersion:
    written = entries_pb2.EntryVersion(
        record_time=_time(version.at),
        office_id=version.office_id,
        state=number_of(types.EntryState, version.state),
        reason=number_of(types.EntryReason, version.reason),
        withheld=withheld,
    )
    if withheld:
        return written
    finding = version.finding
    written.on = finding.on.isoformat()
    written.kind = number_of(types.FollowUpKind, finding.kind)
    if isinstance(finding.found, ContactOutcome):
        written.contact = number_of(types.ContactOutcome, finding.found)
    else:
        written.outcome = number_of(types.FollowUpOutcome, finding.found)
    if signs:
        written.warning_signs.extend(finding.warning_signs)
    written.signs_erased = signs_erased
    written.then = number_of(types.AfterDeclined, finding.then)
    return written


_MARKS: Final[Mapping[str, type[Message]]] = {
    kind.DESCRIPTOR.full_name: kind
    for kind in (
        said.FollowUpsScheduled,
        said.FollowUpDue,
        said.FollowUpOverdue,
        said.FollowUpEscalated,
        said.FollowUpNeglected,
        said.LostToFollowUp,
        said.FollowUpsCancelled,
        said.FollowUpRescheduled,
        said.StepsChanged,
    )
}
MARKS: Final = tuple(_MARKS)
"""The events that tell what became of the follow-ups of a case."""


def mark(told: Told, kinds: Mapping[uuid.UUID, Kind]) -> Mark:
    """An event as what it tells; `kinds` of the follow-ups of the case."""
    event: Any = _MARKS[told.type].FromString(told.content)
    follow_up_id = getattr(event, "follow_up_id", "")
    return Mark(
        at=told.at,
        office_id=event.office_id,
        event=event.DESCRIPTOR.name,
        kind=kinds.get(uuid.UUID(follow_up_id)) if follow_up_id else None,
        rule=_why(event),
        level=getattr(event, "level", 0),
        due_on=getattr(event, "due_on", ""),
    )


def _why(event: Any) -> str:
    """The rule that passed, or why other follow-ups are to be made."""
    if isinstance(event, said.StepsChanged):
        return code_of(types.StepsCause, event.cause)
    return getattr(event, "rule", "")


def marks(found: Iterable[Mark]) -> list[entries_pb2.Mark]:
    """What was told of the follow-ups of a case."""
    return [
        entries_pb2.Mark(
            mark_time=_time(each.at),
            office_id=each.office_id,
            event=each.event,
            kind=number_of(types.FollowUpKind, each.kind),
            rule=each.rule,
            level=each.level,
            due_on=each.due_on,
        )
        for each in found
    ]


def _state(one: ListedFollowUp) -> types.FollowUpState.ValueType:
    return _state_of(Standing(one.state, one.timeliness if one.state is State.OPEN else None))


def _state_of(standing: Standing) -> types.FollowUpState.ValueType:
    if standing.timeliness is not None:
        return _STATES[standing.timeliness]
    return number_of(types.FollowUpState, standing.state)


def standing_of(state: types.FollowUpState.ValueType) -> Standing | None:
    """How a follow-up stands that is in this state of the wire; None when it is not given."""
    for timeliness, number in _STATES.items():
        if number == state:
            return Standing(State.OPEN, timeliness)
    done = member_of(State, types.FollowUpState, state)
    return Standing(done) if done is not None else None


def _time(instant: datetime) -> Timestamp:
    time = Timestamp()
    time.FromDatetime(instant)
    return time


def custody_change(
    event: transfer_pb2.CustodyChanged, keeper_id: str, province: ProvinceRef | None = None
) -> CustodyChange:
    """The event as the domain takes it; `keeper_id`: who makes the follow-ups for the accountable office, and in which
    province.

    An arrival without a date counts from the local day of the change: a duty must not be lost for a missing field.
    A cause or phase that this version doesn't know moves the custody and does nothing else.
    """
    return CustodyChange(
        case_id=uuid.UUID(event.case_id),
        case_number=event.case_number,
        office_id=event.accountable_office_id,
        keeper_id=keeper_id,
        segment=event.segment,
        phase=member_of(Phase, types.CasePhase, event.phase) or Phase.IN_TRANSIT,
        cause=member_of(CustodyCause, types.CustodyCause, event.cause),
        arrival_on=_arrival_on(event),
        close_reason=member_of(CloseReason, types.CloseReason, event.close_reason),
        under_18=is_under_18(event.age_band),
        province=province,
    )


_UNDER_18: Final = frozenset({types.AGE_BAND_UNDER_16, types.AGE_BAND_FROM_16_TO_17})


def is_under_18(band: types.AgeBand.ValueType) -> bool | None:
    """Whether somebody of that band was under 18; None where no band is told."""
    return band in _UNDER_18 if band != types.AGE_BAND_UNSPECIFIED else None


def corrected_day(event: transfer_pb2.ArrivalCorrected) -> CorrectedDay:
    """The event as the domain takes it."""
    return CorrectedDay(
        segment=event.segment,
        before_on=date.fromisoformat(event.before_on),
        arrived_on=date.fromisoformat(event.arrived_on),
    )


def _arrival_on(event: transfer_pb2.CustodyChanged) -> date | None:
    if event.arrival_on:
        return date.fromisoformat(event.arrival_on)
    if event.HasField("change_time") and event.cause != types.CUSTODY_CAUSE_REASSIGNED:
        return local_date(event.change_time.ToDatetime(tzinfo=UTC))
    return None


# How the work stands.


def workload(one: Workload) -> oversight_pb2.OfficerWorkload:
    """What an officer has to do."""
    return oversight_pb2.OfficerWorkload(
        office_id=one.office_id,
        officer=one.officer,
        open_cases=one.open_cases,
        due_in_7_days=one.due_in_7_days,
        due_in_30_days=one.due_in_30_days,
        overdue=one.overdue,
        visits_written=one.visits_written,
    )


def work(one: Work, me: str) -> oversight_pb2.WorkloadCase:
    """An open case of an officer; `me`: the caller by a pseudonym."""
    return oversight_pb2.WorkloadCase(
        case_id=str(one.case_id),
        case_number=one.case_number,
        office_id=one.office_id,
        officer=one.officer,
        rule=one.next.rule if one.next else "",
        due_on=one.next.due_on.isoformat() if one.next else "",
        state=_STATES[one.next.timeliness] if one.next else types.FOLLOW_UP_STATE_UNSPECIFIED,
        mine=one.officer == me,
        has_wishes=one.has_wishes,
        safety_act=one.safety_act,
    )


def follow_up_month(one: MonthFigures) -> oversight_pb2.FollowUpMonth:
    """What became of the follow-ups of a month."""
    return oversight_pb2.FollowUpMonth(
        month=one.month.isoformat(),
        due=_figure(one.counts[Result.TO_BE_MADE]),
        done_in_time=_figure(one.counts[Result.DONE_IN_TIME]),
        done_late=_figure(one.counts[Result.DONE_LATE]),
        missed=_figure(one.counts[Result.MISSED]),
        overdue=_figure(one.counts[Result.OVERDUE]),
        lost=_figure(one.counts[Result.LOST]),
    )


def _figure(one: Figure) -> oversight_pb2.Figure:
    return oversight_pb2.Figure(count=one.count or 0, hidden=one.count is None)


def waiting_safety(one: WaitingSafety) -> oversight_pb2.SafetyAct:
    """Who waits for a second person."""
    return oversight_pb2.SafetyAct(
        case_id=str(one.case_id),
        case_number=one.case_number,
        office_id=one.office_id,
        needed_on=one.needed_on.isoformat(),
        escalation_level=one.level,
    )


# Care.


def wishes(given: Wishes) -> care_pb2.Wishes:
    """How somebody wishes to be contacted."""
    return care_pb2.Wishes(how=given.how, who=given.who, hours=given.hours, reason=given.reason)


def wishes_version(given: WishesVersion, consent: ConsentKnown | None) -> care_pb2.GetWishesResponse:
    """The wishes that stand, and what she said last to being contacted and visited."""
    return care_pb2.GetWishesResponse(
        version=given.version,
        wishes=wishes(given.wishes) if given.version else None,
        office_id=given.office_id,
        record_time=_time(given.at) if given.at else None,
        follow_up_consent=number_of(types.ConsentState, consent.state if consent else None),
        follow_up_consent_on=consent.on.isoformat() if consent else "",
    )


def visit_revision(one: Revision) -> care_pb2.VisitRevision:
    """A revision of what was said."""
    return care_pb2.VisitRevision(
        revision=one.revision,
        content=_content(one.said),
        office_id=one.office_id,
        record_time=_time(one.at),
        reason=one.reason,
    )


def _content(said: Said) -> care_pb2.VisitContent:
    return care_pb2.VisitContent(
        set=said.set_code,
        questionnaire_version=said.questionnaire_version,
        mode=said.mode,
        visitor=said.visitor,
        consent=said.consent,
        privacy=said.privacy,
        interpreter=said.interpreter,
        answers=map(_answer, said.answers),
        warning_signs=said.signs,
        risk=said.risk,
        risk_reason=said.risk_reason,
        next_steps=said.next_steps,
        note=said.note,
    )


def _answer(answer: Answer) -> care_pb2.Answer:
    return care_pb2.Answer(question=answer.question, codes=answer.codes, text=answer.text, item=answer.item)


def draft(typed: bytes, at: datetime) -> care_pb2.GetVisitDraftResponse:
    """What was typed of a visit so far."""
    return care_pb2.GetVisitDraftResponse(visit=care_pb2.RecordVisitRequest.FromString(typed), save_time=_time(at))


def safety_checked(check: HomeCheck) -> said.SafetyChecked:
    """What counts about a home: verdict and days, and nothing that was said."""
    return said.SafetyChecked(
        case_id=str(check.case_id),
        office_id=check.office_id,
        verdict=number_of(types.HomeSafety, check.verdict),
        valid_until=check.holds_until.isoformat() if check.holds_until else "",
        to_office_id=check.to_office_id,
        against_advice=check.against_advice and not check.is_undecided,
    )


def safety_answer_overdue(check: HomeCheck, level: int, due_on: date, *, late: bool) -> said.FollowUpEscalated:
    """Nobody decided about a home in time; `level` 1 for the first time."""
    return said.FollowUpEscalated(
        case_id=str(check.case_id),
        office_id=check.office_id,
        rule=RuleCode.SAFETY_ANSWER.value,
        level=level,
        late=late,
        due_on=due_on.isoformat(),
    )


def home_check(check: HomeCheck) -> home_safety_pb2.HomeCheck:
    """What became of a check."""
    return home_safety_pb2.HomeCheck(
        case_id=str(check.case_id),
        case_number=check.case_number,
        number=check.number,
        verdict=number_of(types.HomeSafety, check.verdict),
        decided=number_of(types.HomeSafety, check.decided),
        awaits_second=check.awaits_second,
        valid_until=check.holds_until.isoformat() if check.holds_until else "",
        to_office_id=check.to_office_id,
        checked_on=check.checked_on.isoformat(),
        against_advice=check.against_advice,
        office_id=check.office_id,
        record_time=_time(check.at),
    )


def home_answers(answers: Iterable[Answer]) -> list[care_pb2.Answer]:
    """What was said about a home."""
    return [care_pb2.Answer(question=one.question, codes=one.codes) for one in answers]
