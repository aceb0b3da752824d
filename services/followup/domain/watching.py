"""What is watched for a case as it stands, and a decision: the case compared with what was watched before it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import end_of_local_day, local_date, start_of_local_day
from services.chassis.kernel.deadlines import DueDate, due_date, remind_at
from services.chassis.kernel.words import Phase
from services.followup.domain.case import (
    CLOSE_DECISION,
    DUE_SOON,
    ESCALATE,
    FIRST_CONTACT,
    LOST,
    SAFETY_ACT,
    FollowUp,
    FollowUpCase,
    Stage,
    rule_of,
)
from services.followup.domain.events import Event
from services.followup.domain.policy import OVERDUE_RULE_OF_KIND, RULE_OF_KIND
from services.followup.domain.standing import asks_for_contact, is_lost, is_past_limit, limit_from


@dataclass(frozen=True, slots=True)
class Watch:
    """A deadline to be watched.

    `follow_up_id` None: the first contact, the closing decision or the safety of whoever is in danger. `fire_at`: when
    it fires. `level`: how often its rule fired before.
    """

    follow_up_id: uuid.UUID | None
    due: DueDate
    fire_at: datetime
    is_primary: bool
    level: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows: the case afterwards, what is said, what is disarmed (first) and armed."""

    case: FollowUpCase
    events: tuple[Event, ...] = ()
    disarm: tuple[Watch, ...] = ()
    arm: tuple[Watch, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A case and what is said, before the deadlines are compared."""

    case: FollowUpCase
    events: tuple[Event, ...] = ()


def decide(before: FollowUpCase | None, change: Change, calendar: WorkingCalendar) -> Decision:
    old = watches(before, calendar) if before is not None else ()
    new = watches(change.case, calendar)
    return Decision(
        case=change.case,
        events=change.events,
        disarm=tuple(watch for watch in old if watch not in new),
        arm=tuple(watch for watch in new if watch not in old),
    )


def watches(case: FollowUpCase, calendar: WorkingCalendar) -> tuple[Watch, ...]:
    """Every deadline that must be armed for a case as it stands.

    Exactly one is primary while the case is in follow-up: that of the earliest open follow-up that keeps it open,
    or the closing decision when there is none. Otherwise there are none at all. While she is searched for, those that
    are not always made rest: they go on as they stood when she is found. One of the others stays the primary deadline:
    handover's SEARCH_ESCALATE, which runs besides, could take its place only by a handing over and back between two
    services, and until the second had heard of it a case would have two primary deadlines, or none.
    """
    if case.phase is not Phase.FOLLOW_UP:
        return ()
    found: list[Watch] = []
    primary = _primary(case)
    for one in case.open_follow_ups:
        if one is not primary and _rests(case, one):
            continue
        if not one.binds and one.has_come_due:
            continue
        found.append(_next_of(case, one, calendar, is_primary=one is primary))
        if one.binds and one.stage is Stage.OVERDUE and not is_lost(case) and not is_past_limit(case, one):
            start = limit_from(case, one)
            limit = due_date(rule_of(LOST, start, calendar), start, calendar)
            found.append(Watch(one.id, limit, _not_before(case, limit.due_at), is_primary=False))
    if primary is None:
        found.append(_decision_watch(case, calendar))
    if not case.contact_raised and asks_for_contact(case):
        found.append(_contact_watch(case, calendar))
    if case.safety is not None:
        start = case.safety.counted_from
        due = due_date(rule_of(SAFETY_ACT, local_date(start), calendar), start, calendar)
        found.append(Watch(None, due, _not_before(case, due.due_at), is_primary=False, level=case.safety.level))
    return tuple(found)


def _primary(case: FollowUpCase) -> FollowUp | None:
    binding = case.binding_follow_ups
    awake = [one for one in binding if not _rests(case, one)]
    return next(iter(awake or binding), None)


def _rests(case: FollowUpCase, one: FollowUp) -> bool:
    return case.search is not None and not one.always


def _contact_watch(case: FollowUpCase, calendar: WorkingCalendar) -> Watch:
    """The first contact: when it is due, and once more as long after that."""
    assert case.contact_due_on is not None
    if not case.contact_told:
        due = _on_day(FIRST_CONTACT, case.contact_due_on, case.contact_from, calendar)
    else:
        due = due_date(rule_of(FIRST_CONTACT, case.contact_due_on, calendar), case.contact_due_on, calendar)
    return Watch(None, due, _not_before(case, due.due_at), is_primary=False, level=int(case.contact_told))


def _next_of(case: FollowUpCase, one: FollowUp, calendar: WorkingCalendar, *, is_primary: bool) -> Watch:
    if not one.has_come_due:
        # Of what was put on another day it is not said from when it was counted: no other calendar moves it.
        counted_from = None if one.put_off_for else one.counted_from
        due = _on_day(RULE_OF_KIND[one.kind], one.due_on, counted_from, calendar)
        # Said some days before, and on the due day itself: the office is to visit, nothing has passed yet.
        said_at = start_of_local_day(one.due_on)
        if one.stage is Stage.SCHEDULED:
            rule = rule_of(DUE_SOON, one.counted_from, calendar)
            said_at = min(said_at, remind_at(due, start_of_local_day(one.counted_from), rule))
        return Watch(one.id, due, _not_before(case, said_at), is_primary)
    if one.stage is Stage.DUE:
        due = _on_day(OVERDUE_RULE_OF_KIND[one.kind], one.overdue_from, one.due_on, calendar)
        return Watch(one.id, due, _not_before(case, due.due_at), is_primary)
    assert one.escalate_on is not None
    due = _on_day(ESCALATE, one.escalate_on, one.escalate_from, calendar)
    return Watch(one.id, due, _not_before(case, due.due_at), is_primary, one.escalation_level)


def _decision_watch(case: FollowUpCase, calendar: WorkingCalendar) -> Watch:
    assert case.decision_on is not None
    due = _on_day(CLOSE_DECISION, case.decision_on, case.decision_from, calendar)
    return Watch(None, due, _not_before(case, due.due_at), is_primary=True, level=case.decision_level)


def _not_before(case: FollowUpCase, instant: datetime) -> datetime:
    return max(instant, case.watched_from)


def _on_day(code: str, due_on: date, counted_from: date | None, calendar: WorkingCalendar) -> DueDate:
    return DueDate(
        rule_code=code,
        rule_version=rule_of(code, counted_from or due_on, calendar).version,
        calendar_version=calendar.version,
        due_on=due_on,
        due_at=end_of_local_day(due_on),
        provisional=False,
        counted_from=counted_from,
    )
