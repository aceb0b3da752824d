"""A case with its follow-ups, and what every decision about it leans on.

Everything in this room is a value. A decision is the case as it is afterwards, what is to be said of it, and which
deadlines are to be armed and disarmed; nothing is read, written or timed here. Policies of this project, where law
and reports are silent, stand with the capability that they bind.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import Rule, due_date, rule_on, rules_of
from services.chassis.kernel.errors import FieldViolation, HomewardError, InvalidInput
from services.chassis.kernel.words import CloseReason, Phase, RuleCode


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
    {Kind.MONTHS_3: RuleCode.FOLLOW_UP_3M.value, Kind.YEARS_3: RuleCode.FOLLOW_UP_3Y.value}
)
OVERDUE_RULE_OF_KIND: Final[Mapping[Kind, str]] = MappingProxyType(
    {Kind.MONTHS_3: RuleCode.FOLLOW_UP_OVERDUE_3M.value, Kind.YEARS_3: RuleCode.FOLLOW_UP_OVERDUE_3Y.value}
)
ESCALATE: Final = RuleCode.FOLLOW_UP_ESCALATE.value
LOST: Final = RuleCode.LOST_TO_FOLLOW_UP.value
CLOSE_DECISION: Final = RuleCode.CLOSE_DECISION.value
FIRST_CONTACT: Final = RuleCode.FIRST_CONTACT.value


class FollowUpNotStarted(HomewardError):
    """No arrival of this person stands, so there is nothing to follow up yet.

    The arrival was taken back, or the case was withdrawn.
    """


class FollowUpCaseClosed(HomewardError):
    """This case is closed; re-open it before you record a follow-up."""


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
    is open; `decision_on` the end of its present round, counted from `decision_from`. `last_decision_id`:
    the event that said the latest closing or re-opening decided here, as was done before; None once the case was
    ended by handover. `contact_due_on`: last day for the first contact of the set; None once it is made, or no longer
    asked for. `contact_told`: that it is overdue was told. `contacts`: attempts on record, in the order of
    recording; each day and outcome once.
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
    last_decision_id: uuid.UUID | None = None
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


def rule_of(code: str, start: date, calendar: WorkingCalendar) -> Rule:
    """The version of a rule that holds for what starts then."""
    return rule_on(code, start, rules_of(calendar))


def overdue_after_days(kind: Kind, due_on: date, calendar: WorkingCalendar) -> int:
    return rule_of(OVERDUE_RULE_OF_KIND[kind], due_on, calendar).amount


def require_followed(case: FollowUpCase) -> None:
    if case.phase is Phase.CLOSED:
        raise FollowUpCaseClosed
    if case.phase is not Phase.FOLLOW_UP:
        raise FollowUpNotStarted


def require_since_arrival(case: FollowUpCase, field: str, day: date, today: date) -> None:
    assert case.arrived_on is not None
    if day > today:
        raise InvalidInput([FieldViolation(None, field, "IN_THE_FUTURE")])
    if day < case.arrived_on:
        limit = {"limit": case.arrived_on.isoformat()}
        raise InvalidInput([FieldViolation(None, field, "TOO_EARLY", limit)])


def with_follow_up(case: FollowUpCase, changed: FollowUp) -> FollowUpCase:
    return replace(
        case,
        follow_ups=tuple(changed if one.id == changed.id else one for one in case.follow_ups),
    )


def ended(case: FollowUpCase, phase: Phase, reason: CloseReason | None, now: datetime) -> FollowUpCase:
    return replace(cancel_open(case), phase=phase, close_reason=reason, closed_at=now)


def opened_again(case: FollowUpCase, now: datetime, calendar: WorkingCalendar) -> FollowUpCase:
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
    return case if case.open_follow_ups else with_decision(case, now, calendar)


def cancel_open(case: FollowUpCase) -> FollowUpCase:
    return replace(
        case,
        follow_ups=tuple(
            replace(one, state=State.CANCELLED) if one.state is State.OPEN else one for one in case.follow_ups
        ),
    )


def with_decision(case: FollowUpCase, now: datetime, calendar: WorkingCalendar) -> FollowUpCase:
    today = local_date(now)
    due_on = due_date(rule_of(CLOSE_DECISION, today, calendar), today, calendar).due_on
    return replace(case, decision_due_on=due_on, decision_on=due_on, decision_from=today, decision_level=0)
