"""Visits: the looks again after three months and three years.

Policies of this project:

- A follow-up may be recorded from EARLIEST_DAYS_BEFORE_DUE days before its due date on: a visit in
  the first week is no look after three months.
- Marks (late, overdue, lost) lock nothing: a late record is still taken.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import LOST_AFTER_FAILED_CONTACTS, Timeliness, is_past
from services.chassis.kernel.errors import ErrorKind, HomewardError
from services.followup.domain.case import (
    FollowUp,
    FollowUpCase,
    Kind,
    Outcome,
    State,
    require_followed,
    require_since_arrival,
    with_decision,
    with_follow_up,
)
from services.followup.domain.events import Lost, Recorded
from services.followup.domain.watching import Change, Decision, decide

EARLIEST_DAYS_BEFORE_DUE: Final[Mapping[Kind, int]] = MappingProxyType({Kind.MONTHS_3: 30, Kind.YEARS_3: 90})
"""So many days before its due date a follow-up may be recorded [policy]."""
MAX_WARNING_SIGNS: Final = 45


class FollowUpAlreadyRecorded(HomewardError):
    """This follow-up was recorded already, with a visit on {visited_on}."""

    kind = ErrorKind.FAILED_PRECONDITION


class FollowUpNoneOpen(HomewardError):
    """Every follow-up of this person is recorded; decide now whether to close the case."""


class FollowUpTooEarly(HomewardError):
    """It is too early for this follow-up: a visit counts for it from {earliest_on} on.

    See EARLIEST_DAYS_BEFORE_DUE.
    """


@dataclass(frozen=True, slots=True)
class Visit:
    """What the office tells. `kind` None: the earliest open; `visited_on` None: today."""

    kind: Kind | None
    visited_on: date | None
    outcome: Outcome
    warning_signs: tuple[str, ...] = ()


def record(
    case: FollowUpCase, visit: Visit, *, by: str, now: datetime, calendar: WorkingCalendar
) -> tuple[Decision, FollowUp]:
    """Record a visit, or an attempt when nobody was reached. Returns the follow-up as well.

    A further attempt on a day that counts already changes nothing.
    Raises FollowUpNotStarted, FollowUpCaseClosed, FollowUpAlreadyRecorded, FollowUpNoneOpen,
    FollowUpTooEarly, and InvalidInput on `visited_on` when it lies in the future or before the
    arrival.
    """
    require_followed(case)
    one = _follow_up_for(case, visit.kind)
    visited_on = visit.visited_on or local_date(now)
    _require_day(case, one, visited_on, local_date(now))
    if visit.outcome is Outcome.NOT_REACHED:
        change = _attempted(case, one, visited_on)
    else:
        change = _recorded(case, one, visit, visited_on, by, now, calendar)
    after = next(each for each in change.case.follow_ups if each.id == one.id)
    return decide(case, change, calendar), after


def _follow_up_for(case: FollowUpCase, kind: Kind | None) -> FollowUp:
    if kind is None:
        if not case.open_follow_ups:
            raise FollowUpNoneOpen
        return case.open_follow_ups[0]
    one = next(each for each in case.follow_ups if each.kind is kind)
    if one.state is State.RECORDED:
        assert one.visited_on is not None
        raise FollowUpAlreadyRecorded(visited_on=one.visited_on.isoformat())
    return one


def _require_day(case: FollowUpCase, one: FollowUp, visited_on: date, today: date) -> None:
    require_since_arrival(case, "visited_on", visited_on, today)
    earliest_on = earliest_day(one)
    if visited_on < earliest_on:
        raise FollowUpTooEarly(earliest_on=earliest_on.isoformat())


def earliest_day(one: FollowUp) -> date:
    """The first day on which a visit counts for this follow-up."""
    return date.fromordinal(one.due_on.toordinal() - EARLIEST_DAYS_BEFORE_DUE[one.kind])


def _attempted(case: FollowUpCase, one: FollowUp, day: date) -> Change:
    if day in one.attempts:
        return Change(case)
    attempts = tuple(sorted((*one.attempts, day)))
    newly_lost = not one.lost and len(attempts) >= LOST_AFTER_FAILED_CONTACTS
    one = replace(one, attempts=attempts, lost=one.lost or newly_lost)
    return Change(with_follow_up(case, one), (Lost(one, late=False, not_reached=True),) if newly_lost else ())


def _recorded(
    case: FollowUpCase,
    one: FollowUp,
    visit: Visit,
    visited_on: date,
    by: str,
    now: datetime,
    calendar: WorkingCalendar,
) -> Change:
    one = replace(
        one,
        state=State.RECORDED,
        visited_on=visited_on,
        outcome=visit.outcome,
        warning_signs=visit.warning_signs,
        recorded_by=by,
    )
    case = replace(with_follow_up(case, one), contact_due_on=None)
    if not case.open_follow_ups:
        case = with_decision(case, now, calendar)
    ended = case.last_follow_up.state is State.RECORDED
    return Change(case, (Recorded(one, late=is_past(one.due_on, visited_on), period_ended=ended),))


@dataclass(frozen=True, slots=True)
class ListedFollowUp:
    """A follow-up as lists and answers show it. `timeliness` is that of an open one, today."""

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
    escalation_level: int


@dataclass(frozen=True, slots=True)
class ListedOverdue:
    """A late or overdue follow-up, or (`kind` None) a passed closing decision."""

    id: uuid.UUID
    case_id: uuid.UUID
    case_number: str
    kind: Kind | None
    timeliness: Timeliness
    office_id: str
    due_on: date
    overdue_days: int
    escalation_level: int
    lost: bool
