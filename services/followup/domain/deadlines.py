"""What follows when a watched deadline has come."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date, start_of_local_day
from services.chassis.kernel.deadlines import due_date, next_due_date
from services.followup.domain.case import (
    CLOSE_DECISION,
    ESCALATE,
    FIRST_CONTACT,
    LOST,
    SAFETY_ACT,
    FollowUp,
    FollowUpCase,
    Stage,
    overdue_after_days,
    rule_of,
    with_follow_up,
)
from services.followup.domain.events import Due, DueSoon, Escalated, Event, Lost, Neglected, Overdue
from services.followup.domain.standing import as_recorded, lost_because
from services.followup.domain.watching import Change, Decision, Watch, decide, watches


def fire(
    case: FollowUpCase,
    rule: str,
    follow_up_id: uuid.UUID | None,
    *,
    late: bool,
    now: datetime,
    calendar: WorkingCalendar,
) -> Decision:
    """A watched deadline has come: say so, and watch what follows.

    Raises ValueError when the case doesn't watch this deadline: state and obligations were
    changed apart from each other.
    """
    watch = next(
        (each for each in watches(case, calendar) if each.due.rule_code == rule and each.follow_up_id == follow_up_id),
        None,
    )
    if watch is None:
        raise ValueError(f"{rule} is not watched for this case")
    if rule == FIRST_CONTACT:
        level = 2 if case.contact_told else 1
        told = replace(case, contact_told=True, contact_raised=case.contact_told)
        return decide(case, Change(told, (Escalated(None, FIRST_CONTACT, level, late),)), calendar)
    if rule == SAFETY_ACT:
        return decide(case, _safety_passed(case, watch, late, now, calendar), calendar)
    if watch.follow_up_id is None:
        return decide(case, _decision_passed(case, watch, late, now, calendar), calendar)
    one = next(each for each in case.follow_ups if each.id == watch.follow_up_id)
    change = _passed(case, one, watch, late, now, calendar)
    # A version that knew no missed follow-ups may have left one open beside a later one that was made.
    return decide(case, replace(change, case=as_recorded(change.case, now, calendar)), calendar)


def _passed(
    case: FollowUpCase,
    one: FollowUp,
    watch: Watch,
    late: bool,
    now: datetime,
    calendar: WorkingCalendar,
) -> Change:
    event: Event
    if watch.due.rule_code == LOST:
        return _past_limit(case, one, watch, late)
    if one.stage is Stage.SCHEDULED and now < start_of_local_day(one.due_on):
        one = replace(one, stage=Stage.ANNOUNCED)
        event = DueSoon(one, late)
    elif not one.has_come_due:
        # Where its day came before anybody could say that it would, its day alone is said; on the day that is in time.
        late = late and (one.stage is Stage.ANNOUNCED or local_date(now) > one.due_on)
        one = replace(one, stage=Stage.DUE, overdue_after_days=_counted(one, calendar))
        event = Due(one, late)
    elif one.stage is Stage.DUE:
        missed = watch.due.due_on
        first = due_date(rule_of(ESCALATE, missed, calendar), missed, calendar).due_on
        one = replace(one, stage=Stage.OVERDUE, escalate_on=first, escalate_from=missed)
        event = Overdue(one, late)
    else:
        following = next_due_date(rule_of(ESCALATE, watch.due.due_on, calendar), watch.due, now, calendar)
        level = one.escalation_level + 1
        one = replace(one, escalation_level=level, escalate_on=following.due_on, escalate_from=following.counted_from)
        event = Escalated(one.id, ESCALATE, level, late)
    return Change(with_follow_up(case, one), (event,))


def _counted(one: FollowUp, calendar: WorkingCalendar) -> int | None:
    """By the rule of now; a follow-up that was put on another day is overdue no later by it."""
    days = overdue_after_days(one.kind, one.first_due_on, calendar)
    return None if days is None else max(1, days - (one.due_on - one.first_due_on).days)


def _past_limit(case: FollowUpCase, one: FollowUp, watch: Watch, late: bool) -> Change:
    """Whoever tried did not find her, so she is lost; where nobody tried, the follow-up is neglected."""
    one = replace(one, limit_from=watch.due.counted_from, limit_on=watch.due.due_on)
    after = with_follow_up(case, one)
    return Change(after, (Lost(one, late) if lost_because(after) is not None else Neglected(one, late),))


def _decision_passed(case: FollowUpCase, watch: Watch, late: bool, now: datetime, calendar: WorkingCalendar) -> Change:
    rule = rule_of(CLOSE_DECISION, watch.due.due_on, calendar)
    following = next_due_date(rule, watch.due, now, calendar)
    level = case.decision_level + 1
    case = replace(case, decision_level=level, decision_on=following.due_on, decision_from=following.counted_from)
    return Change(case, (Escalated(None, CLOSE_DECISION, level, late),))


def _safety_passed(case: FollowUpCase, watch: Watch, late: bool, now: datetime, calendar: WorkingCalendar) -> Change:
    """Nobody confirmed what was done for her: told, with the supervisors, and told again as long as it stays so."""
    assert case.safety is not None
    rule = rule_of(SAFETY_ACT, watch.due.due_on, calendar)
    following = next_due_date(rule, watch.due, now, calendar)
    level = case.safety.level + 1
    safety = replace(case.safety, level=level, round_from=following.due_at - timedelta(hours=rule.amount))
    return Change(replace(case, safety=safety), (Escalated(None, SAFETY_ACT, level, late),))
