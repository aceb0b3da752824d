"""Follow-up of a returned person: two looks again, what is watched for them, and the end of a case.

Everything here is a value. A decision is the case as it is afterwards, what is to be said of it,
and which deadlines are to be armed and disarmed; nothing is read, written or timed here.

Policies of this project, where law and reports are silent:

- Obligations belong to whichever office acknowledged the arrival, a reception centre too, and
  count from the arrival date stated there. A further arrival (from the centre to home, or to
  another province) moves them with their due dates; only a new return starts a new set, and a
  new return is a new case.
- An arrival taken back cancels its set, unless a follow-up of it was recorded. When the set began
  with an earlier arrival, which stands, the set stays and moves back with the custody.
- A follow-up may be recorded from EARLIEST_DAYS_BEFORE_DUE days before its due date on: a visit in
  the first week is no look after three months.
- First contact at home is due some days after the arrival that began the set (FIRST_CONTACT). It is
  made when the person was reached or a follow-up was recorded; a failed attempt leaves it due, and
  an admission to a facility ends it: she is before the facility's eyes. That it is overdue is told once.
- An admission begins no set. One that stands moves with the custody, and the admission counts as a
  further arrival of it, since it can be taken back like one.
- Marks (late, overdue, lost) lock nothing: a late record is still taken.
- Custody that passes while a case is closed here opens it again: the closing and the change of
  custody crossed each other. Handover knows nothing of a closing by an office that was no longer
  accountable, so otherwise nobody would watch.
- Whoever re-opens gets what was left as it stands: past due dates stay past. A closing decision
  gets its full time again.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import end_of_local_day, local_date, start_of_local_day
from services.chassis.kernel.deadlines import (
    LOST_AFTER_FAILED_CONTACTS,
    DueDate,
    Rule,
    due_date,
    is_past,
    next_due_date,
    rule_on,
    rules_of,
)
from services.chassis.kernel.errors import ErrorKind, FieldViolation, HomewardError, InvalidInput
from services.chassis.kernel.words import CloseReason as CloseReason
from services.chassis.kernel.words import Phase as Phase


class Cause(StrEnum):
    """Why custody changed."""

    UNSPECIFIED = "UNSPECIFIED"
    REGISTERED = "REGISTERED"
    ARRIVED = "ARRIVED"
    ARRIVAL_RETRACTED = "ARRIVAL_RETRACTED"
    HOME_RECORDED = "HOME_RECORDED"
    WITHDRAWN = "WITHDRAWN"
    CLOSED = "CLOSED"
    REOPENED = "REOPENED"
    ADMITTED = "ADMITTED"
    OFFICE_ENDED = "OFFICE_ENDED"
    REASSIGNED = "REASSIGNED"
    FOUND = "FOUND"
    RE_IDENTIFIED = "RE_IDENTIFIED"


class Kind(StrEnum):
    """Which look again."""

    MONTHS_3 = "MONTHS_3"
    YEARS_3 = "YEARS_3"


class State(StrEnum):
    """What became of a follow-up. How an open one stands against its due date is `timeliness`."""

    OPEN = "OPEN"
    RECORDED = "RECORDED"
    CANCELLED = "CANCELLED"


class Stage(StrEnum):
    """Which of its deadlines were fired, so which is watched next."""

    SCHEDULED = "SCHEDULED"
    DUE = "DUE"
    OVERDUE = "OVERDUE"


class Outcome(StrEnum):
    """What a visit found. NOT_REACHED is an attempt and leaves the follow-up open."""

    SETTLED = "SETTLED"
    NEEDS_SUPPORT = "NEEDS_SUPPORT"
    AT_RISK = "AT_RISK"
    NOT_REACHED = "NOT_REACHED"
    DECLINED = "DECLINED"


class ContactOutcome(StrEnum):
    """What an attempt to reach a person at home said."""

    REACHED = "REACHED"
    NOT_AT_ADDRESS = "NOT_AT_ADDRESS"
    MOVED_AWAY = "MOVED_AWAY"


RULE_OF_KIND: Final[Mapping[Kind, str]] = MappingProxyType(
    {Kind.MONTHS_3: "FOLLOW_UP_3M", Kind.YEARS_3: "FOLLOW_UP_3Y"}
)
OVERDUE_RULE_OF_KIND: Final[Mapping[Kind, str]] = MappingProxyType(
    {Kind.MONTHS_3: "FOLLOW_UP_OVERDUE_3M", Kind.YEARS_3: "FOLLOW_UP_OVERDUE_3Y"}
)
ESCALATE: Final = "FOLLOW_UP_ESCALATE"
LOST: Final = "LOST_TO_FOLLOW_UP"
CLOSE_DECISION: Final = "CLOSE_DECISION"
FIRST_CONTACT: Final = "FIRST_CONTACT"

EARLIEST_DAYS_BEFORE_DUE: Final[Mapping[Kind, int]] = MappingProxyType({Kind.MONTHS_3: 30, Kind.YEARS_3: 90})
"""So many days before its due date a follow-up may be recorded [policy]."""

MAX_WARNING_SIGNS: Final = 45


class FollowUpNotStarted(HomewardError):
    """No arrival of this person stands, so there is nothing to follow up yet.

    The arrival was taken back, or the case was withdrawn.
    """


class FollowUpCaseClosed(HomewardError):
    """This case is closed; re-open it before you record a follow-up."""


class FollowUpCaseAlreadyClosed(HomewardError):
    """This case is closed already."""


class FollowUpCaseNotClosed(HomewardError):
    """This case is open; only a closed case can be re-opened."""


class FollowUpAlreadyRecorded(HomewardError):
    """This follow-up was recorded already, with a visit on {visited_on}."""

    kind = ErrorKind.FAILED_PRECONDITION


class FollowUpNoneOpen(HomewardError):
    """Every follow-up of this person is recorded; decide now whether to close the case."""


class FollowUpTooEarly(HomewardError):
    """It is too early for this follow-up: a visit counts for it from {earliest_on} on.

    See EARLIEST_DAYS_BEFORE_DUE.
    """


class FollowUpPeriodNotEnded(HomewardError):
    """The follow-up period has not ended: record the last follow-up, or give another reason."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One look again.

    `counted_from` is the arrival; it and all other dates are local dates in Viet Nam. `attempts`
    are the different days on which nobody was reached. `overdue_after_days`: so many days after the
    due date it is overdue; what the rule says when it falls due stands. `escalate_on`: last day
    before the next escalation, once overdue, counted from `escalate_from`. `lost`: called lost to
    follow-up once; the mark stays. `recorded_by`: the office that did.
    """

    id: uuid.UUID
    kind: Kind
    counted_from: date
    due_on: date
    overdue_after_days: int
    state: State = State.OPEN
    stage: Stage = Stage.SCHEDULED
    escalation_level: int = 0
    escalate_on: date | None = None
    escalate_from: date | None = None
    attempts: tuple[date, ...] = ()
    lost: bool = False
    visited_on: date | None = None
    outcome: Outcome | None = None
    warning_signs: tuple[str, ...] = ()
    recorded_by: str | None = None

    @property
    def overdue_from(self) -> date:
        """The last day before it is overdue."""
        return date.fromordinal(self.due_on.toordinal() + self.overdue_after_days - 1)


@dataclass(frozen=True, slots=True)
class Contact:
    """An attempt to reach the person at home, on a local day."""

    on: date
    outcome: ContactOutcome


@dataclass(frozen=True, slots=True)
class FollowUpCase:
    """A case whose arrival was told, with its current set of follow-ups.

    `arrived_on` is that of the arrival that began the set; None when no set stands. `set_number`
    counts the sets of the case, `standing_arrivals` the acknowledged arrivals of the set that
    were not taken back. `watched_from`: deadlines that passed before fire from here on, and are
    not the scheduler's delay. `decision_due_on`: last day for the closing decision, once nothing
    is open; `decision_on` the end of its present round, counted from `decision_from`. `echoes_due`:
    closings and re-openings of ours that handover has not told back yet. `contact_due_on`: last
    day for the first contact of the set; None once it is made, or no longer asked for. `contact_told`: that
    it is overdue was told. `contacts`: attempts on record, in the order of recording; each day and outcome once.
    """

    case_id: uuid.UUID
    case_number: str
    office_id: str
    phase: Phase
    segment: int
    watched_from: datetime
    set_number: int = 0
    standing_arrivals: int = 0
    arrived_on: date | None = None
    follow_ups: tuple[FollowUp, ...] = ()
    close_reason: CloseReason | None = None
    closed_at: datetime | None = None
    decision_due_on: date | None = None
    decision_on: date | None = None
    decision_from: date | None = None
    decision_level: int = 0
    echoes_due: int = 0
    contact_due_on: date | None = None
    contact_told: bool = False
    contacts: tuple[Contact, ...] = ()

    @property
    def open_follow_ups(self) -> tuple[FollowUp, ...]:
        """Those not recorded and not cancelled, earliest due date first."""
        return tuple(
            sorted(
                (one for one in self.follow_ups if one.state is State.OPEN),
                key=lambda one: one.due_on,
            )
        )

    @property
    def last_follow_up(self) -> FollowUp:
        """The one with the latest due date."""
        return max(self.follow_ups, key=lambda one: one.due_on)


@dataclass(frozen=True, slots=True)
class Watch:
    """A deadline to be watched.

    `follow_up_id` None: the first contact or the closing decision. `fire_at`: when it fires. `level`: how often its
    rule fired before.
    """

    follow_up_id: uuid.UUID | None
    due: DueDate
    fire_at: datetime
    is_primary: bool
    level: int = 0


@dataclass(frozen=True, slots=True)
class CustodyChange:
    """What handover told about accountability; `arrival_on` is set for arrivals."""

    case_id: uuid.UUID
    case_number: str
    office_id: str
    segment: int
    phase: Phase
    cause: Cause
    arrival_on: date | None = None

    @property
    def is_arrival(self) -> bool:
        """Whether the person is home by it, or at the place she chose. Somebody found may be elsewhere: the phase
        tells."""
        found_at_home = self.cause is Cause.FOUND and self.phase is Phase.ARRIVED
        return found_at_home or self.cause in (Cause.ARRIVED, Cause.HOME_RECORDED)


# What is said. All carry the case implicitly; a follow-up is given as it is afterwards.


@dataclass(frozen=True, slots=True)
class Scheduled:
    """The obligations of a custody segment exist."""

    segment: int
    follow_ups: tuple[FollowUp, ...]


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The obligations of an arrival were cancelled; `office_id` was accountable for them."""

    office_id: str


@dataclass(frozen=True, slots=True)
class Due:
    """A follow-up is due today."""

    follow_up: FollowUp
    late: bool


@dataclass(frozen=True, slots=True)
class Overdue:
    """A follow-up is overdue."""

    follow_up: FollowUp
    late: bool


@dataclass(frozen=True, slots=True)
class Escalated:
    """A follow-up, or (None) the first contact or the closing decision, went a level up."""

    follow_up_id: uuid.UUID | None
    rule: str
    level: int
    late: bool


@dataclass(frozen=True, slots=True)
class Lost:
    """A person is lost to follow-up; `not_reached`: after failed attempts."""

    follow_up: FollowUp
    late: bool
    not_reached: bool = False


@dataclass(frozen=True, slots=True)
class ContactMade:
    """The accountable office tried to reach the person at home."""

    contact: Contact


@dataclass(frozen=True, slots=True)
class Recorded:
    """A follow-up was recorded; `late`: visited after the due date."""

    follow_up: FollowUp
    late: bool


@dataclass(frozen=True, slots=True)
class Closed:
    """The case was closed here."""

    reason: CloseReason


@dataclass(frozen=True, slots=True)
class Reopened:
    """The case was re-opened here."""


Event = Scheduled | Cancelled | Due | Overdue | Escalated | Lost | ContactMade | Recorded | Closed | Reopened


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows: the case afterwards, what is said, what is disarmed (first) and armed."""

    case: FollowUpCase
    events: tuple[Event, ...] = ()
    disarm: tuple[Watch, ...] = ()
    arm: tuple[Watch, ...] = ()


@dataclass(frozen=True, slots=True)
class _Change:
    """A case and what is said, before the deadlines are compared."""

    case: FollowUpCase
    events: tuple[Event, ...] = field(default=())


def _decide(before: FollowUpCase | None, change: _Change, calendar: WorkingCalendar) -> Decision:
    old = watches(before, calendar) if before is not None else ()
    new = watches(change.case, calendar)
    return Decision(
        case=change.case,
        events=change.events,
        disarm=tuple(watch for watch in old if watch not in new),
        arm=tuple(watch for watch in new if watch not in old),
    )


# What is watched ------------------------------------------------------------------------------


def watches(case: FollowUpCase, calendar: WorkingCalendar) -> tuple[Watch, ...]:
    """Every deadline that must be armed for a case as it stands.

    Exactly one is primary while the case is in follow-up: that of the earliest open follow-up,
    or the closing decision when none is open. Otherwise there are none at all.
    """
    if case.phase is not Phase.FOLLOW_UP:
        return ()
    found: list[Watch] = []
    for number, one in enumerate(case.open_follow_ups):
        found.append(_next_of(case, one, calendar, is_primary=number == 0))
        if one.stage is Stage.OVERDUE and not one.lost:
            missed = one.overdue_from
            lost = due_date(_rule(LOST, missed, calendar), missed, calendar)
            found.append(Watch(one.id, lost, _not_before(case, lost.due_at), is_primary=False))
    if not found:
        found.append(_decision_watch(case, calendar))
    if case.contact_due_on is not None and not case.contact_told:
        due = _on_day(FIRST_CONTACT, case.contact_due_on, case.arrived_on, calendar)
        found.append(Watch(None, due, _not_before(case, due.due_at), is_primary=False))
    return tuple(found)


def _next_of(case: FollowUpCase, one: FollowUp, calendar: WorkingCalendar, *, is_primary: bool) -> Watch:
    if one.stage is Stage.SCHEDULED:
        due = _on_day(RULE_OF_KIND[one.kind], one.due_on, one.counted_from, calendar)
        # Said on the due day itself: the office is to visit, nothing has passed yet.
        return Watch(one.id, due, _not_before(case, start_of_local_day(one.due_on)), is_primary)
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


def _rule(code: str, start: date, calendar: WorkingCalendar) -> Rule:
    """The version of a rule that holds for what starts then."""
    return rule_on(code, start, rules_of(calendar))


def _on_day(code: str, due_on: date, counted_from: date | None, calendar: WorkingCalendar) -> DueDate:
    return DueDate(
        rule_code=code,
        rule_version=_rule(code, counted_from or due_on, calendar).version,
        calendar_version=calendar.version,
        due_on=due_on,
        due_at=end_of_local_day(due_on),
        provisional=False,
        counted_from=counted_from,
    )


# Custody, as handover tells it ----------------------------------------------------------------


def take_custody(
    case: FollowUpCase | None,
    change: CustodyChange,
    *,
    new_ids: Mapping[Kind, uuid.UUID],
    now: datetime,
    calendar: WorkingCalendar,
) -> Decision | None:
    """Follow accountability: begin, move, cancel or end the obligations.

    `new_ids` are taken when a set begins. None: nothing is known here and nothing begins.
    """
    if case is None and not change.is_arrival:
        return None
    followed = _following(case, change, now)
    if change.is_arrival:
        return _decide(case, _arrive(followed, change, new_ids, now, calendar), calendar)
    match change.cause:
        case Cause.ADMITTED:
            after = _admit(followed, change, now, calendar)
        case Cause.FOUND | Cause.REASSIGNED | Cause.OFFICE_ENDED:
            after = _taken_over(followed, change, now, calendar)
        case Cause.RE_IDENTIFIED:
            after = _goes_on_elsewhere(followed, now)
        case Cause.ARRIVAL_RETRACTED:
            assert case is not None
            after = _retract(followed, change, case.office_id, now, calendar)
        case Cause.WITHDRAWN:
            after = _Change(_end(replace(followed, arrived_on=None), Phase.WITHDRAWN, None, now))
        case Cause.CLOSED:
            after = _closed_elsewhere(followed, now)
        case Cause.REOPENED:
            after = _reopened_elsewhere(followed, now, calendar)
        case _:
            after = _Change(followed)
    return _decide(case, after, calendar)


def _following(case: FollowUpCase | None, change: CustodyChange, now: datetime) -> FollowUpCase:
    if case is None:
        return FollowUpCase(
            case_id=change.case_id,
            case_number=change.case_number,
            office_id=change.office_id,
            phase=Phase.ARRIVED,
            segment=change.segment,
            watched_from=now,
        )
    same_office = change.office_id == case.office_id
    return replace(
        case,
        office_id=change.office_id,
        segment=change.segment,
        # What the former office said and handover hasn't told back came too late: no echo follows.
        echoes_due=case.echoes_due if same_office else 0,
    )


def _arrive(
    case: FollowUpCase,
    change: CustodyChange,
    new_ids: Mapping[Kind, uuid.UUID],
    now: datetime,
    calendar: WorkingCalendar,
) -> _Change:
    if case.arrived_on is None:
        case = _with_new_set(case, change.arrival_on or local_date(now), new_ids, now, calendar)
        return _Change(case, (Scheduled(change.segment, case.open_follow_ups),))
    case = replace(case, standing_arrivals=case.standing_arrivals + 1)
    return _moved(case, now, calendar)


def _admit(case: FollowUpCase, change: CustodyChange, now: datetime, calendar: WorkingCalendar) -> _Change:
    """No set begins with a stay in a facility; one that stands goes on there."""
    if case.arrived_on is None:
        return _Change(replace(case, phase=change.phase))
    stays = replace(case, standing_arrivals=case.standing_arrivals + 1, contact_due_on=None)
    return _moved(stays, now, calendar)


def _taken_over(case: FollowUpCase, change: CustodyChange, now: datetime, calendar: WorkingCalendar) -> _Change:
    """Another office is accountable; what it has to do stands as it stood."""
    if case.arrived_on is None:
        return _Change(replace(case, phase=change.phase))
    return _moved(case, now, calendar)


def _goes_on_elsewhere(case: FollowUpCase, now: datetime) -> _Change:
    """The person goes on under another case; this one ends, and no closing of ours is answered by it."""
    if case.phase is Phase.CLOSED:
        return _Change(replace(case, echoes_due=0))
    return _Change(replace(_end(case, Phase.CLOSED, None, now), echoes_due=0))


def _moved(case: FollowUpCase, now: datetime, calendar: WorkingCalendar) -> _Change:
    """The set stands and goes on at the office accountable now; a crossed closing is undone."""
    events: tuple[Event, ...] = ()
    if case.phase is Phase.CLOSED:
        # An echo of this follows only when handover takes in the closing before it.
        echoes_due = case.echoes_due + 1 if case.echoes_due else 0
        case = replace(_open_again(case, now, calendar), echoes_due=echoes_due)
        events = (Reopened(),)
    return _Change(case, (*events, Scheduled(case.segment, case.open_follow_ups)))


def _with_new_set(
    case: FollowUpCase,
    arrived_on: date,
    new_ids: Mapping[Kind, uuid.UUID],
    now: datetime,
    calendar: WorkingCalendar,
) -> FollowUpCase:
    follow_ups = tuple(_new_follow_up(new_ids[kind], kind, arrived_on, calendar) for kind in RULE_OF_KIND)
    return replace(
        case,
        phase=Phase.FOLLOW_UP,
        set_number=case.set_number + 1,
        standing_arrivals=1,
        arrived_on=arrived_on,
        follow_ups=follow_ups,
        watched_from=now,
        close_reason=None,
        closed_at=None,
        decision_due_on=None,
        decision_on=None,
        decision_from=None,
        decision_level=0,
        echoes_due=0,
        contact_due_on=due_date(_rule(FIRST_CONTACT, arrived_on, calendar), arrived_on, calendar).due_on,
        contact_told=False,
    )


def _new_follow_up(follow_up_id: uuid.UUID, kind: Kind, arrived_on: date, calendar: WorkingCalendar) -> FollowUp:
    due_on = due_date(_rule(RULE_OF_KIND[kind], arrived_on, calendar), arrived_on, calendar).due_on
    return FollowUp(follow_up_id, kind, arrived_on, due_on, _overdue_after_days(kind, due_on, calendar))


def _overdue_after_days(kind: Kind, due_on: date, calendar: WorkingCalendar) -> int:
    return _rule(OVERDUE_RULE_OF_KIND[kind], due_on, calendar).amount


def _retract(
    case: FollowUpCase, change: CustodyChange, former_office_id: str, now: datetime, calendar: WorkingCalendar
) -> _Change:
    if case.arrived_on is None:
        return _Change(replace(case, phase=_elsewhere(change.phase)))
    standing = max(0, case.standing_arrivals - 1)
    case = replace(case, standing_arrivals=standing)
    if standing > 0 or any(one.state is State.RECORDED for one in case.follow_ups):
        return _moved(case, now, calendar)
    cancelled = replace(
        _cancel_open(case),
        phase=_elsewhere(change.phase),
        arrived_on=None,
        close_reason=None,
        closed_at=None,
    )
    return _Change(cancelled, (Cancelled(former_office_id),))


def _elsewhere(told: Phase) -> Phase:
    """The phase of a case that isn't followed up here; taken back means on the way again."""
    return Phase.IN_TRANSIT if told in (Phase.FOLLOW_UP, Phase.ARRIVED, Phase.CLOSED) else told


def _closed_elsewhere(case: FollowUpCase, now: datetime) -> _Change:
    if _is_echo(case, Cause.CLOSED):
        return _Change(replace(case, echoes_due=case.echoes_due - 1))
    if case.phase is Phase.CLOSED:
        return _Change(case)
    return _Change(replace(_end(case, Phase.CLOSED, None, now), echoes_due=0))


def _reopened_elsewhere(case: FollowUpCase, now: datetime, calendar: WorkingCalendar) -> _Change:
    if _is_echo(case, Cause.REOPENED):
        return _Change(replace(case, echoes_due=case.echoes_due - 1))
    if case.phase is not Phase.CLOSED:
        return _Change(case)
    if case.arrived_on is None:
        return _Change(replace(case, phase=Phase.IN_TRANSIT, closed_at=None))
    case = replace(_open_again(case, now, calendar), echoes_due=0)
    return _Change(case, (Scheduled(case.segment, case.open_follow_ups),))


def _is_echo(case: FollowUpCase, cause: Cause) -> bool:
    """Whether this is our own closing or re-opening coming back.

    Ours alternate, and the last one made the phase what it is: so the number outstanding says
    which of the two comes back next. A late echo must not undo what was decided after it.
    """
    if case.echoes_due == 0:
        return False
    last_was_closing = case.phase is Phase.CLOSED
    next_is_closing = last_was_closing == (case.echoes_due % 2 == 1)
    return next_is_closing == (cause is Cause.CLOSED)


def _cancel_open(case: FollowUpCase) -> FollowUpCase:
    return replace(
        case,
        follow_ups=tuple(
            replace(one, state=State.CANCELLED) if one.state is State.OPEN else one for one in case.follow_ups
        ),
    )


def _end(case: FollowUpCase, phase: Phase, reason: CloseReason | None, now: datetime) -> FollowUpCase:
    return replace(_cancel_open(case), phase=phase, close_reason=reason, closed_at=now)


def _open_again(case: FollowUpCase, now: datetime, calendar: WorkingCalendar) -> FollowUpCase:
    case = replace(
        case,
        phase=Phase.FOLLOW_UP,
        close_reason=None,
        closed_at=None,
        watched_from=now,
        follow_ups=tuple(
            replace(one, state=State.OPEN) if one.state is State.CANCELLED else one for one in case.follow_ups
        ),
    )
    return case if case.open_follow_ups else _with_decision(case, now, calendar)


def _with_decision(case: FollowUpCase, now: datetime, calendar: WorkingCalendar) -> FollowUpCase:
    today = local_date(now)
    due_on = due_date(_rule(CLOSE_DECISION, today, calendar), today, calendar).due_on
    return replace(case, decision_due_on=due_on, decision_on=due_on, decision_from=today, decision_level=0)


# Commands -------------------------------------------------------------------------------------


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
    _require_follow_up(case)
    one = _follow_up_for(case, visit.kind)
    visited_on = visit.visited_on or local_date(now)
    _require_day(case, one, visited_on, local_date(now))
    if visit.outcome is Outcome.NOT_REACHED:
        change = _attempted(case, one, visited_on)
    else:
        change = _recorded(case, one, visit, visited_on, by, now, calendar)
    after = next(each for each in change.case.follow_ups if each.id == one.id)
    return _decide(case, change, calendar), after


def _require_follow_up(case: FollowUpCase) -> None:
    if case.phase is Phase.CLOSED:
        raise FollowUpCaseClosed
    if case.phase is not Phase.FOLLOW_UP:
        raise FollowUpNotStarted


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
    _require_since_arrival(case, "visited_on", visited_on, today)
    earliest_on = earliest_day(one)
    if visited_on < earliest_on:
        raise FollowUpTooEarly(earliest_on=earliest_on.isoformat())


def _require_since_arrival(case: FollowUpCase, field: str, day: date, today: date) -> None:
    assert case.arrived_on is not None
    if day > today:
        raise InvalidInput([FieldViolation(None, field, "IN_THE_FUTURE")])
    if day < case.arrived_on:
        limit = {"limit": case.arrived_on.isoformat()}
        raise InvalidInput([FieldViolation(None, field, "TOO_EARLY", limit)])


def earliest_day(one: FollowUp) -> date:
    """The first day on which a visit counts for this follow-up."""
    return date.fromordinal(one.due_on.toordinal() - EARLIEST_DAYS_BEFORE_DUE[one.kind])


def _attempted(case: FollowUpCase, one: FollowUp, day: date) -> _Change:
    if day in one.attempts:
        return _Change(case)
    attempts = tuple(sorted((*one.attempts, day)))
    newly_lost = not one.lost and len(attempts) >= LOST_AFTER_FAILED_CONTACTS
    one = replace(one, attempts=attempts, lost=one.lost or newly_lost)
    return _Change(_with(case, one), (Lost(one, late=False, not_reached=True),) if newly_lost else ())


def _recorded(
    case: FollowUpCase,
    one: FollowUp,
    visit: Visit,
    visited_on: date,
    by: str,
    now: datetime,
    calendar: WorkingCalendar,
) -> _Change:
    one = replace(
        one,
        state=State.RECORDED,
        visited_on=visited_on,
        outcome=visit.outcome,
        warning_signs=visit.warning_signs,
        recorded_by=by,
    )
    case = replace(_with(case, one), contact_due_on=None)
    if not case.open_follow_ups:
        case = _with_decision(case, now, calendar)
    return _Change(case, (Recorded(one, late=is_past(one.due_on, visited_on)),))


def _with(case: FollowUpCase, changed: FollowUp) -> FollowUpCase:
    return replace(
        case,
        follow_ups=tuple(changed if one.id == changed.id else one for one in case.follow_ups),
    )


def record_contact(
    case: FollowUpCase,
    outcome: ContactOutcome,
    contacted_on: date | None,
    *,
    now: datetime,
    calendar: WorkingCalendar,
) -> Decision:
    """Record an attempt to reach the person at home. `contacted_on` None: today.

    The same outcome on a day that has it already changes nothing. Raises FollowUpNotStarted,
    FollowUpCaseClosed, and InvalidInput on `contacted_on` when it lies in the future or before the
    arrival.
    """
    _require_follow_up(case)
    contact = Contact(contacted_on or local_date(now), outcome)
    _require_since_arrival(case, "contacted_on", contact.on, local_date(now))
    if contact in case.contacts:
        return _decide(case, _Change(case), calendar)
    after = replace(case, contacts=(*case.contacts, contact))
    if outcome is ContactOutcome.REACHED:
        after = replace(after, contact_due_on=None)
    return _decide(case, _Change(after, (ContactMade(contact),)), calendar)


def close(case: FollowUpCase, reason: CloseReason, *, now: datetime, calendar: WorkingCalendar) -> Decision:
    """Close the case; what is open is cancelled, and nothing is watched any more.

    Raises FollowUpCaseAlreadyClosed, FollowUpNotStarted, and FollowUpPeriodNotEnded when the
    period is given as the reason and the last follow-up isn't recorded. An earlier one that
    never was recorded doesn't hinder: nobody can visit three years back.
    """
    if case.phase is Phase.CLOSED:
        raise FollowUpCaseAlreadyClosed
    _require_follow_up(case)
    if reason is CloseReason.PERIOD_ENDED and case.last_follow_up.state is not State.RECORDED:
        raise FollowUpPeriodNotEnded
    closed = replace(_end(case, Phase.CLOSED, reason, now), echoes_due=case.echoes_due + 1)
    return _decide(case, _Change(closed, (Closed(reason),)), calendar)


def reopen(case: FollowUpCase, *, now: datetime, calendar: WorkingCalendar) -> Decision:
    """Open a closed case again: what was left is watched again, or else the closing decision.

    Raises FollowUpCaseNotClosed, FollowUpNotStarted.
    """
    if case.phase is Phase.FOLLOW_UP:
        raise FollowUpCaseNotClosed
    if case.phase is not Phase.CLOSED or case.arrived_on is None:
        raise FollowUpNotStarted
    opened = replace(_open_again(case, now, calendar), echoes_due=case.echoes_due + 1)
    return _decide(case, _Change(opened, (Reopened(),)), calendar)


# Deadlines ------------------------------------------------------------------------------------


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
        told = _Change(replace(case, contact_told=True), (Escalated(None, FIRST_CONTACT, 1, late),))
        return _decide(case, told, calendar)
    if watch.follow_up_id is None:
        return _decide(case, _decision_passed(case, watch, late, now, calendar), calendar)
    one = next(each for each in case.follow_ups if each.id == watch.follow_up_id)
    change = _passed(case, one, watch, late, now, calendar)
    return _decide(case, change, calendar)


def _passed(
    case: FollowUpCase,
    one: FollowUp,
    watch: Watch,
    late: bool,
    now: datetime,
    calendar: WorkingCalendar,
) -> _Change:
    event: Event
    if watch.due.rule_code == LOST:
        one = replace(one, lost=True)
        event = Lost(one, late)
    elif one.stage is Stage.SCHEDULED:
        counted = _overdue_after_days(one.kind, one.due_on, calendar)
        one = replace(one, stage=Stage.DUE, overdue_after_days=counted)
        event = Due(one, late)
    elif one.stage is Stage.DUE:
        missed = watch.due.due_on
        first = due_date(_rule(ESCALATE, missed, calendar), missed, calendar).due_on
        one = replace(one, stage=Stage.OVERDUE, escalate_on=first, escalate_from=missed)
        event = Overdue(one, late)
    else:
        following = next_due_date(_rule(ESCALATE, watch.due.due_on, calendar), watch.due, now, calendar)
        level = one.escalation_level + 1
        one = replace(one, escalation_level=level, escalate_on=following.due_on, escalate_from=following.counted_from)
        event = Escalated(one.id, ESCALATE, level, late)
    return _Change(_with(case, one), (event,))


def _decision_passed(case: FollowUpCase, watch: Watch, late: bool, now: datetime, calendar: WorkingCalendar) -> _Change:
    rule = _rule(CLOSE_DECISION, watch.due.due_on, calendar)
    following = next_due_date(rule, watch.due, now, calendar)
    level = case.decision_level + 1
    case = replace(case, decision_level=level, decision_on=following.due_on, decision_from=following.counted_from)
    return _Change(case, (Escalated(None, CLOSE_DECISION, level, late),))
