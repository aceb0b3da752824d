"""The day of an arrival was corrected: what counts from it is counted anew, and what is recorded stays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.words import Phase
from services.followup.domain.case import FollowUp, FollowUpCase, State
from services.followup.domain.custody import is_soon, to_contact
from services.followup.domain.events import Event, Scheduled
from services.followup.domain.standing import as_recorded
from services.followup.domain.steps import count_from
from services.followup.domain.watching import Change, Decision, decide


@dataclass(frozen=True, slots=True)
class CorrectedDay:
    """The arrival that began a segment of custody was on another day than was said."""

    segment: int
    before_on: date
    arrived_on: date


def correct_day(case: FollowUpCase, told: CorrectedDay, now: datetime, calendar: WorkingCalendar) -> Decision:
    """Count the set anew that began with that arrival, and the first contact after it.

    A deadline that had passed by the wrong day is watched anew, and one that has passed by the right one fires at once.
    """
    after, events = case, tuple[Event, ...]()
    if _began_set(case, told):
        follow_ups = tuple(_counted_anew(one, told.arrived_on, calendar) for one in case.follow_ups)
        after = replace(case, arrived_on=told.arrived_on, follow_ups=follow_ups, watched_from=now)
        after = as_recorded(after, now, calendar)
        if after.phase is Phase.FOLLOW_UP and after.open_follow_ups:
            events = (Scheduled(after.segment, after.open_follow_ups),)
    if case.contact_due_on is not None and case.contact_from == told.before_on:
        after = to_contact(after, told.arrived_on, calendar, soon=is_soon(case, calendar))
    return decide(case, Change(after, events), calendar)


def _began_set(case: FollowUpCase, told: CorrectedDay) -> bool:
    if case.arrived_on is None:
        return False
    # Of sets from before it was kept the segment is not known: the day tells.
    return case.set_segment == told.segment if case.set_segment is not None else case.arrived_on == told.before_on


def _counted_anew(one: FollowUp, arrived_on: date, calendar: WorkingCalendar) -> FollowUp:
    if one.state is State.RECORDED:
        return one
    return replace(count_from(one, arrived_on, calendar), state=one.state, attempts=one.attempts)
