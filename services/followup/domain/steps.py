"""The steps of a set: switched on by what is known of her, put on another day, dropped.

Policies of this project (SUPPORT, section 1):

- Whatever asks for a step that is not always made switches it on, as long as its day is ahead. A judgement of HIGH or
  IMMEDIATE switches on those that were dropped, too. Nothing switches one off but the office, for a reason.
- What needs her consent to RESEARCH is made as long as that stands.
- A follow-up is put on another day once, at most to the last day before it would be overdue: that is counted from the
  first one, and so is everything that is counted of it.
- What the office dropped it takes up again as long as its day is ahead.
- No change is silent: each is said, with its cause.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import due_date
from services.chassis.kernel.errors import FieldViolation, HomewardError, InvalidInput
from services.chassis.kernel.words import Phase
from services.followup.domain.case import (
    DropReason,
    FollowUp,
    FollowUpCase,
    Stage,
    State,
    overdue_after_days,
    require_followed,
    rule_of,
    with_follow_up,
)
from services.followup.domain.entry import Kind
from services.followup.domain.events import Rescheduled, StepsCause, StepsChanged
from services.followup.domain.policy import (
    POLICIES,
    RULE_OF_KIND,
    Ask,
    Facts,
    Policy,
    Step,
    policy_of,
    switched_on,
)
from services.followup.domain.standing import as_recorded
from services.followup.domain.visits import follow_up_of
from services.followup.domain.watching import Change, Decision, decide


class FollowUpNotOpen(HomewardError):
    """This follow-up is not to be made any more; look how it stands."""


class FollowUpPutOffBefore(HomewardError):
    """This follow-up was put on another day already, from {first_due_on} to {due_on}; that is done once."""


class FollowUpOverdueAlready(HomewardError):
    """This follow-up is overdue since {limit_on}; make it, or record that nobody was reached."""


class FollowUpAlwaysMade(HomewardError):
    """This follow-up is made for everybody; it ends only when the case is closed."""


class FollowUpNotDropped(HomewardError):
    """This follow-up was not dropped, so there is nothing to take up."""


class FollowUpDayPassed(HomewardError):
    """The day of this follow-up has passed, {due_on}; record a visit besides the follow-ups instead."""


class FollowUpNeedsHerWord(HomewardError):
    """This follow-up is made for research alone, and she does not agree to that; record her consent first."""


def count_from(one: FollowUp, arrived_on: date, calendar: WorkingCalendar) -> FollowUp:
    """A look again counted from another arrival. The day on which it was put stays, where it may."""
    due_on = due_date(rule_of(RULE_OF_KIND[one.kind], arrived_on, calendar), arrived_on, calendar).due_on
    fresh = FollowUp(
        one.id,
        one.kind,
        arrived_on,
        due_on,
        overdue_after_days(one.kind, due_on, calendar),
        always=one.always,
        earliest_before=one.earliest_before,
        dropped=one.dropped,
    )
    if one.put_off_for and fresh.earliest_on <= one.due_on <= last_day(fresh):
        return _put_on(fresh, one.due_on, one.put_off_for)
    return fresh


def begun(follow_up_id: uuid.UUID, step: Step, arrived_on: date, calendar: WorkingCalendar) -> FollowUp:
    """The look again of a step, so long after an arrival."""
    one = FollowUp(
        follow_up_id, step.kind, arrived_on, arrived_on, None, always=step.always, earliest_before=step.earliest_before
    )
    return count_from(one, arrived_on, calendar)


def begun_set(
    policy: Policy,
    facts: Facts,
    arrived_on: date,
    today: date,
    new_ids: Mapping[Kind, uuid.UUID],
    calendar: WorkingCalendar,
) -> tuple[FollowUp, ...]:
    """The steps with which a set begins: those always made, and those asked for whose day is ahead."""
    wanted = switched_on(policy, facts)
    found = (begun(new_ids[each.kind], each, arrived_on, calendar) for each in policy.steps if each.kind in wanted)
    return _by_due(one for one in found if one.always or one.due_on >= today)


def switch_on(
    case: FollowUpCase,
    facts: Facts,
    *,
    new_ids: Mapping[Kind, uuid.UUID],
    now: datetime,
    calendar: WorkingCalendar,
    again: bool = False,
    policies: Sequence[Policy] = POLICIES,
) -> tuple[FollowUpCase, tuple[FollowUp, ...]]:
    """The case with the steps that these facts ask for by the policy that its set keeps, and those that are new.

    `again`: with those, too, that the office dropped.
    """
    if case.phase is not Phase.FOLLOW_UP or case.arrived_on is None:
        return case, ()
    policy, today = policy_of(case.policy_version, policies), local_date(now)
    has = {one.kind: one for one in case.follow_ups}
    added = []
    for kind in switched_on(policy, facts):
        step, one = policy.step(kind), has.get(kind)
        if one is None and step is not None:
            added.append(begun(new_ids[kind], step, case.arrived_on, calendar))
        elif one is not None and one.dropped is not None and again:
            added.append(replace(one, dropped=None, stage=Stage.SCHEDULED))
    added = [one for one in added if one.due_on >= today]
    if not added:
        return case, ()
    changed = {one.kind: one for one in added}
    follow_ups = _by_due((*(one for one in case.follow_ups if one.kind not in changed), *added))
    case = as_recorded(replace(case, follow_ups=follow_ups), now, calendar)
    return case, _by_due(one for one in case.open_follow_ups if one.kind in changed)


def know_age(
    case: FollowUpCase,
    *,
    under_18: bool,
    new_ids: Mapping[Kind, uuid.UUID],
    now: datetime,
    calendar: WorkingCalendar,
    policies: Sequence[Policy] = POLICIES,
) -> Decision:
    """Her age was corrected. Whoever is older than was known keeps her steps, until the office drops them."""
    known = replace(case, under_18=under_18)
    facts = Facts(under_18=under_18)
    after, added = switch_on(known, facts, new_ids=new_ids, now=now, calendar=calendar, policies=policies)
    told = (StepsChanged(StepsCause.AGE, added=added),) if added else ()
    return decide(case, Change(after, told), calendar)


def know_research(
    case: FollowUpCase,
    *,
    agrees: bool,
    again: bool,
    new_ids: Mapping[Kind, uuid.UUID],
    now: datetime,
    calendar: WorkingCalendar,
    policies: Sequence[Policy] = POLICIES,
) -> Decision | None:
    """What she says to RESEARCH switches the step that needs it on and, when she agrees no longer, off.

    `again`: she said so just now, so that a step that was dropped is made after all. None where nothing follows.
    """
    if agrees:
        facts = Facts(research=True)
        after, added = switch_on(
            case, facts, new_ids=new_ids, now=now, calendar=calendar, again=again, policies=policies
        )
        told = StepsChanged(StepsCause.CARE, added=added)
        return decide(case, Change(after, (told,)), calendar) if added else None
    if case.phase is not Phase.FOLLOW_UP:
        return None
    alone = _for_research(case, policies)
    needless = [one for one in case.open_follow_ups if one.kind in alone]
    return drop(case, needless[0].kind, DropReason.SHE_ASKED, now=now, calendar=calendar) if needless else None


def last_day(one: FollowUp) -> date:
    """The last day on which a follow-up may be put: it is not overdue there. What never is has as long as before it."""
    if one.binds:
        return one.overdue_from
    return date.fromordinal(one.first_due_on.toordinal() + one.earliest_before)


def reschedule(
    case: FollowUpCase, kind: Kind, on: date, reason: str, *, now: datetime, calendar: WorkingCalendar
) -> Decision:
    """Put a follow-up on another day, once.

    Raises FollowUpCaseClosed, FollowUpNotStarted, FollowUpNotInSet, FollowUpNotOpen, FollowUpPutOffBefore,
    FollowUpOverdueAlready, and InvalidInput on `due_on`.
    """
    require_followed(case)
    one, today = _open_one(case, kind), local_date(now)
    if one.put_off_for:
        first, due_on = one.first_due_on.isoformat(), one.due_on.isoformat()
        raise FollowUpPutOffBefore(first_due_on=first, due_on=due_on)
    if last_day(one) < today:
        raise FollowUpOverdueAlready(limit_on=last_day(one).isoformat())
    _require_day(on, max(one.earliest_on, today), last_day(one), one.due_on)
    moved = replace(_put_on(one, on, reason), stage=Stage.SCHEDULED)
    after = replace(with_follow_up(case, moved), watched_from=now)
    return decide(case, Change(after, (Rescheduled(moved),)), calendar)


def drop(case: FollowUpCase, kind: Kind, reason: DropReason, *, now: datetime, calendar: WorkingCalendar) -> Decision:
    """Make a follow-up no more that is not always made.

    Raises FollowUpCaseClosed, FollowUpNotStarted, FollowUpNotInSet, FollowUpNotOpen, FollowUpAlwaysMade.
    """
    require_followed(case)
    one = _open_one(case, kind)
    if one.always:
        raise FollowUpAlwaysMade
    dropped = replace(one, dropped=reason)
    after = as_recorded(with_follow_up(case, dropped), now, calendar)
    return decide(case, Change(after, (StepsChanged(StepsCause.DROPPED, dropped=(dropped,)),)), calendar)


def take_up(
    case: FollowUpCase,
    kind: Kind,
    *,
    agrees_to_research: bool,
    now: datetime,
    calendar: WorkingCalendar,
    policies: Sequence[Policy] = POLICIES,
) -> Decision:
    """Make a follow-up after all that was dropped.

    Raises FollowUpCaseClosed, FollowUpNotStarted, FollowUpNotInSet, FollowUpNotDropped, FollowUpDayPassed,
    FollowUpNeedsHerWord.
    """
    require_followed(case)
    one = follow_up_of(case, kind)
    if one.dropped is None:
        raise FollowUpNotDropped
    if one.due_on < local_date(now):
        raise FollowUpDayPassed(due_on=one.due_on.isoformat())
    if kind in _for_research(case, policies) and not agrees_to_research:
        raise FollowUpNeedsHerWord
    taken_up = replace(one, dropped=None, stage=Stage.SCHEDULED)
    after = as_recorded(replace(with_follow_up(case, taken_up), watched_from=now), now, calendar)
    told = StepsChanged(StepsCause.TAKEN_UP, added=(follow_up_of(after, kind),))
    return decide(case, Change(after, (told,)), calendar)


def is_for_research(kind: Kind, policies: Sequence[Policy] = POLICIES) -> bool:
    """Whether a step of that kind may be made for research alone."""
    return any(step.kind is kind and step.asked_by == {Ask.RESEARCH} for each in policies for step in each.steps)


def _for_research(case: FollowUpCase, policies: Sequence[Policy]) -> frozenset[Kind]:
    """The steps of a set that are made for research alone."""
    steps = policy_of(case.policy_version, policies).steps
    return frozenset(step.kind for step in steps if step.asked_by == {Ask.RESEARCH})


def _open_one(case: FollowUpCase, kind: Kind) -> FollowUp:
    one = follow_up_of(case, kind)
    if one.state is not State.OPEN:
        raise FollowUpNotOpen
    return one


def _require_day(on: date, earliest: date, latest: date, present: date) -> None:
    if on < earliest:
        raise InvalidInput([FieldViolation(None, "due_on", "TOO_EARLY", {"limit": earliest.isoformat()})])
    if on > latest:
        raise InvalidInput([FieldViolation(None, "due_on", "TOO_LATE", {"limit": latest.isoformat()})])
    if on == present:
        raise InvalidInput([FieldViolation(None, "due_on", "NOT_ALLOWED")])


def _put_on(one: FollowUp, on: date, reason: str) -> FollowUp:
    """What is counted goes on from the first day, and so does when it is overdue."""
    days = one.overdue_after_days
    return replace(
        one,
        due_on=on,
        due_first_on=one.first_due_on,
        put_off_for=reason,
        overdue_after_days=None if days is None else days - (on - one.due_on).days,
    )


def _by_due(found: Iterable[FollowUp]) -> tuple[FollowUp, ...]:
    return tuple(sorted(found, key=lambda one: one.due_on))
