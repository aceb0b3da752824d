"""Visits: the looks again after months and years.

Policies of this project:

- A follow-up may be recorded from some days before its due date on, as its step says: a visit in the first week is no
  look after three months. A visit counts for the one whose due date is nearest, of those whose time has come.
- Marks (late, overdue, lost, missed) lock nothing: a late record is still taken.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import Timeliness, is_past
from services.chassis.kernel.errors import ErrorKind, HomewardError
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.words import SearchEffect
from services.followup.domain.case import (
    FollowUp,
    FollowUpCase,
    State,
    require_followed,
    require_since_arrival,
)
from services.followup.domain.entry import AfterDeclined, Entry, Finding, Kind, Outcome
from services.followup.domain.events import Event, Lost, Recorded
from services.followup.domain.oversight import Result
from services.followup.domain.recording import Done, Entered, entered
from services.followup.domain.standing import visit_of
from services.followup.domain.watching import Change, decide

MAX_WARNING_SIGNS: Final = 45


class FollowUpAlreadyRecorded(HomewardError):
    """{office_id} recorded this follow-up already on {recorded_on}, as entry {number}: visited on {visited_on}.

    Whoever found something else corrects that entry, or takes it back.
    """

    kind = ErrorKind.FAILED_PRECONDITION


class FollowUpNoneOpen(HomewardError):
    """Every follow-up of this person is recorded; decide now whether to close the case."""


class FollowUpTooEarly(HomewardError):
    """It is too early for this follow-up: a visit counts for it from {earliest_on} on.

    How many days before its due date that is, says the step (domain/policy.py).
    """


class FollowUpNotInSet(HomewardError):
    """This person has no such follow-up; look which ones are to be made."""


class FollowUpDropped(HomewardError):
    """Your office dropped this follow-up; record the visit for another one, or as an extra visit."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What the office tells. `kind` None: the one in whose time the day lies; `visited_on` None: today."""

    kind: Kind | None
    visited_on: date | None
    outcome: Outcome
    warning_signs: tuple[str, ...] = ()
    then: AfterDeclined | None = None


def record(
    case: FollowUpCase, visit: Visit, *, by: str, now: datetime, calendar: WorkingCalendar
) -> tuple[Done, FollowUp]:
    """Record a visit, or an attempt when nobody was reached. Returns the follow-up as well.

    A further attempt on a day that has one already changes nothing; one before the visit that was made is kept, and
    says nothing any more.
    Raises FollowUpNotStarted, FollowUpCaseClosed, FollowUpAlreadyRecorded, FollowUpNoneOpen, FollowUpNotInSet,
    FollowUpDropped, FollowUpTooEarly, FollowUpEntriesExhausted, and InvalidInput on `visited_on` when it lies in the
    future or before the arrival.
    """
    require_followed(case)
    visited_on = visit.visited_on or local_date(now)
    require_since_arrival(case, "visited_on", visited_on, local_date(now))
    one = _follow_up_for(case, visit.kind, visited_on)
    finding = Finding(one.kind, visited_on, visit.outcome, visit.warning_signs, visit.then)
    same = next((each for each in case.standing if not finding.is_seen and each.finding == finding), None)
    if same is not None:
        return Done(decide(case, Change(case), calendar), same), one
    require_room(case, finding)
    made = entered(case, finding, by=by, now=now, calendar=calendar)
    after = follow_up_of(made.case, one.kind)
    decision = decide(case, Change(made.case, _told(made, after)), calendar)
    return Done(decision, made.entry, made.effect, made.missed, made.seen_on), after


def _told(made: Entered, after: FollowUp) -> tuple[Event, ...]:
    if made.entry.finding.is_visit:
        late = is_past(after.first_due_on, made.entry.finding.on)
        ended = made.case.last_follow_up.state is State.RECORDED
        return (Recorded(after, made.entry, late, made.missed, made.effect, ended),)
    return (Lost(after, late=False),) if made.effect is SearchEffect.OPENS_NOT_AT_ADDRESS else ()


def follow_up_of(case: FollowUpCase, kind: Kind) -> FollowUp:
    """The one of that kind. Raises FollowUpNotInSet."""
    for each in case.follow_ups:
        if each.kind is kind:
            return each
    raise FollowUpNotInSet


def _follow_up_for(case: FollowUpCase, kind: Kind | None, day: date) -> FollowUp:
    """The one that is asked for; else of those whose time had come on the day the one whose due date is nearest to it,
    or the next one where that is made; and before all times the first.
    """
    if kind is not None:
        return follow_up_of(case, kind)
    by_due = sorted((one for one in case.follow_ups if one.dropped is None), key=lambda one: one.due_on)
    come = [one for one in by_due if one.earliest_on <= day]
    if all(one.state is State.RECORDED for one in by_due):
        raise FollowUpNoneOpen
    if not come:
        return by_due[0]
    nearest = min(come, key=lambda one: abs((one.due_on - day).days))
    following = [one for one in come if one.due_on >= nearest.due_on and one.state is not State.RECORDED]
    return following[0] if following else nearest


def require_room(case: FollowUpCase, finding: Finding, but: Entry | None = None) -> None:
    """A visit or attempt can be recorded as that; `but`: the entry that says it takes the place of.

    Raises FollowUpTooEarly, FollowUpAlreadyRecorded.
    """
    assert finding.kind is not None
    one = follow_up_of(case, finding.kind)
    if one.dropped is not None:
        raise FollowUpDropped
    earliest_on = one.earliest_on
    if finding.on < earliest_on:
        raise FollowUpTooEarly(earliest_on=earliest_on.isoformat())
    made = visit_of(case, finding.kind)
    if made is None or (but is not None and made.number == but.number):
        return
    if not finding.is_visit and finding.on <= made.finding.on:
        return
    raise FollowUpAlreadyRecorded(
        number=str(made.number),
        outcome=made.finding.found.value,
        visited_on=made.finding.on.isoformat(),
        office_id=made.latest.office_id,
        recorded_on=local_date(made.latest.at).isoformat(),
    )


@dataclass(frozen=True, slots=True)
class ListedFollowUp:
    """A follow-up as lists and answers show it. `timeliness` is that of an open one, today; `limit_on` the last day on
    which it is not overdue, None for one that never is."""

    id: uuid.UUID
    case_id: uuid.UUID
    case_number: str
    version: int
    kind: Kind
    state: State
    timeliness: Timeliness
    office_id: str
    arrived_on: date
    due_on: date
    visited_on: date | None
    outcome: Outcome | None
    attempt_count: int
    lost: bool
    neglected: bool
    escalation_level: int
    first_due_on: date
    earliest_on: date
    limit_on: date | None
    always: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How a follow-up stands; the timeliness is that of an open one, today, and None for others."""

    state: State
    timeliness: Timeliness | None = None


@dataclass(frozen=True, slots=True)
class FollowUpsWanted:
    """Which follow-ups; None limits nothing. `case`: its id or number. Without `standing`, `result` and
    `include_done`: those that are open."""

    case: uuid.UUID | str | None = None
    due_from: date | None = None
    due_until: date | None = None
    include_done: bool = False
    kind: Kind | None = None
    standing: Standing | None = None
    province: ProvinceRef | None = None
    office_id: str | None = None
    result: Result | None = None


@dataclass(frozen=True, slots=True)
class FollowUpsCounted:
    """Follow-ups of one office of one kind that stand alike."""

    office_id: str
    kind: Kind
    standing: Standing
    total: int


@dataclass(frozen=True, slots=True)
class DueWanted:
    """Which due follow-ups are counted: those due in a period, as they stood at the end of `as_of`."""

    due_from: date | None
    due_until: date
    as_of: date


@dataclass(frozen=True, slots=True)
class DueCounted:
    """Follow-ups of one kind that were due at one office: all, those made, those made late, those missed."""

    office_id: str
    kind: Kind
    due: int
    done: int
    done_late: int
    missed: int


@dataclass(frozen=True, slots=True)
class OverdueWanted:
    """Which late and overdue follow-ups; what is empty limits nothing."""

    province: ProvinceRef | None = None
    rule: str = ""
    overdue_days_min: int = 0
    level_min: int = 0
    office_id: str | None = None


@dataclass(frozen=True, slots=True)
class OverdueCounted:
    """Late and overdue follow-ups of one office under one rule."""

    office_id: str
    rule: str
    total: int
    from_7_days: int
    from_30_days: int
    oldest_days: int


@dataclass(frozen=True, slots=True)
class ListedOverdue:
    """A late or overdue follow-up, a passed closing decision or a first contact that was not made, as the rule says."""

    id: uuid.UUID
    case_id: uuid.UUID
    case_number: str
    rule: str
    timeliness: Timeliness
    office_id: str
    due_on: date
    overdue_days: int
    escalation_level: int
    lost: bool
    neglected: bool
