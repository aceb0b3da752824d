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
from services.chassis.kernel.deadlines import OVERDUE_RULES, Rule, due_date, rule_on, rules_of
from services.chassis.kernel.errors import FieldViolation, HomewardError, InvalidInput
from services.chassis.kernel.words import CloseReason, Phase, RuleCode
from services.followup.domain.entry import Entry, Kind, Outcome
from services.followup.domain.policy import OVERDUE_RULE_OF_KIND, RULE_OF_KIND


class State(StrEnum):
    """What became of a follow-up. How an open one stands against its due date is `timeliness`."""

    OPEN = "OPEN"
    RECORDED = "RECORDED"
    CANCELLED = "CANCELLED"
    MISSED = "MISSED"


class SearchReason(StrEnum):
    """Why she is to be searched for, of what entries can say."""

    NOT_AT_ADDRESS = "NOT_AT_ADDRESS"
    LEFT_PROVINCE = "LEFT_PROVINCE"


class Stage(StrEnum):
    """Which of its deadlines were fired, so which is watched next."""

    SCHEDULED = "SCHEDULED"
    ANNOUNCED = "ANNOUNCED"
    """It was said that it will be due soon."""
    DUE = "DUE"
    OVERDUE = "OVERDUE"


class DropReason(StrEnum):
    """Why a follow-up that is not always made was dropped."""

    RISK_FELL = "RISK_FELL"
    SHE_ASKED = "SHE_ASKED"
    NOT_NEEDED = "NOT_NEEDED"
    OTHER = "OTHER"


DUE_SOON: Final = RuleCode.FOLLOW_UP_DUE_SOON.value
ESCALATE: Final = RuleCode.FOLLOW_UP_ESCALATE.value
LOST: Final = RuleCode.LOST_TO_FOLLOW_UP.value
CLOSE_DECISION: Final = RuleCode.CLOSE_DECISION.value
SAFETY_ACT: Final = RuleCode.SAFETY_ACT.value
FIRST_CONTACT: Final = RuleCode.FIRST_CONTACT.value
KIND_OF_RULE: Final[Mapping[str, Kind]] = MappingProxyType({rule: kind for kind, rule in RULE_OF_KIND.items()})
LATE_RULES: Final = frozenset({*OVERDUE_RULES, CLOSE_DECISION, FIRST_CONTACT})
"""The rules under which something is late."""


class FollowUpNotStarted(HomewardError):
    """No arrival of this person stands, so there is nothing to follow up yet.

    The arrival was taken back, or the case was withdrawn.
    """


class FollowUpCaseClosed(HomewardError):
    """This case is closed; re-open it before you record a follow-up."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One look again.

    `counted_from` is the arrival; it and all other dates are local dates in Viet Nam. `overdue_after_days`: so many
    days after the due date it is overdue; what the rule says when it falls due stands; None: it never is, and keeps no
    case open. `always`: every set has it. `earliest_before`: so many days before the first due date a visit counts for
    it. `due_first_on`: the day on which it was due before it was put on another one, which figures go by; None: it was
    not; `put_off_for`: the reason, a code of the questionnaire. `dropped`: the office makes it no more. `escalate_on`:
    last day before the next escalation, once overdue, counted from `escalate_from`. `limit_from`, `limit_on`: the day
    from which LOST_TO_FOLLOW_UP was counted when it passed, and its last day; None when it did not pass.

    What the entries say is repeated here: `attempts`, the different days on which nobody was reached since she was
    last seen, and of a recorded one the visit with `recorded_by`, the office that did.
    """

    id: uuid.UUID
    kind: Kind
    counted_from: date
    due_on: date
    overdue_after_days: int | None
    always: bool = True
    earliest_before: int = 30
    due_first_on: date | None = None
    put_off_for: str = ""
    dropped: DropReason | None = None
    state: State = State.OPEN
    stage: Stage = Stage.SCHEDULED
    escalation_level: int = 0
    escalate_on: date | None = None
    escalate_from: date | None = None
    limit_from: date | None = None
    limit_on: date | None = None
    attempts: tuple[date, ...] = ()
    visited_on: date | None = None
    outcome: Outcome | None = None
    warning_signs: tuple[str, ...] = ()
    recorded_by: str | None = None

    @property
    def has_come_due(self) -> bool:
        """Its day came, and that was said."""
        return self.stage in (Stage.DUE, Stage.OVERDUE)

    @property
    def binds(self) -> bool:
        """It can be overdue, and keeps its case open."""
        return self.overdue_after_days is not None

    @property
    def first_due_on(self) -> date:
        """The day on which it was due first; figures go by it."""
        return self.due_first_on or self.due_on

    @property
    def earliest_on(self) -> date:
        """The first day on which a visit counts for it."""
        return date.fromordinal(self.first_due_on.toordinal() - self.earliest_before)

    @property
    def overdue_from(self) -> date:
        """The last day before it is overdue; of what never is, the due date."""
        return date.fromordinal(self.due_on.toordinal() + (self.overdue_after_days or 1) - 1)


@dataclass(frozen=True, slots=True)
class Fresh:
    """From where on attempts count: those before the entry of this `number`, or of a day before `on`, do not.

    She was found, came to another office, or the case was opened again: whoever looks for her begins anew.
    """

    number: int = 1
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """The search for the person that handover has open, since a local day. `reason`: one of handover's."""

    reason: str
    since: date


@dataclass(frozen=True, slots=True)
class Safety:
    """A judgement of immediate danger that waits for a second person: the visit, whose account wrote it, and when.

    `level`: how often it was told that nobody confirmed; `round_from`: the instant from which the present round counts.
    """

    entry_number: int
    subject: str
    needed_at: datetime
    level: int = 0
    round_from: datetime | None = None

    @property
    def counted_from(self) -> datetime:
        """The instant from which the present round counts."""
        return self.round_from or self.needed_at


@dataclass(frozen=True, slots=True)
class FollowUpCase:
    """A case whose arrival was told, with its current set of follow-ups.

    `office_id` is accountable. `keepers`: the offices that made her follow-ups one after the other; the last one
    makes them now, also while she is in a facility, or with an office that makes none.

    `arrived_on` is that of the arrival that began the set; None when no set stands. `set_segment`: the segment of
    custody that began with it, None of sets from before it was kept. `set_number` counts the sets of the case;
    `policy_version` is that of the policy by which the set began, and which it keeps. `under_18`: she was when she was
    received. `standing_arrivals`: the acknowledged arrivals of the set that were not taken back. `watched_from`:
    deadlines that passed before fire from here on, and are not the scheduler's delay. `decision_due_on`: last day for
    the closing decision, once nothing is open; `decision_on` the end of its present round, counted from
    `decision_from`. `last_decision_id`: the event that said the latest closing or re-opening decided here, as was done
    before; None once the case was ended by handover. `contact_from`: the arrival after which a first contact is asked
    for, None when none is; `contact_due_on` its last day, `contact_told`: that it is overdue was told,
    `contact_raised`: also to the supervisor. `entries`: all of the case, in the order of recording; `fresh`: those that
    count for a search; `opened_with`: the number of the first one since the case was last opened. `search`: the open
    one of handover. `safety`: the judgement of immediate danger that waits for a second person.
    """

    case_id: uuid.UUID
    case_number: str
    office_id: str
    keepers: tuple[str, ...]
    phase: Phase
    segment: int
    watched_from: datetime
    set_number: int = 0
    policy_version: int = 1
    under_18: bool = False
    standing_arrivals: int = 0
    arrived_on: date | None = None
    set_segment: int | None = None
    follow_ups: tuple[FollowUp, ...] = ()
    close_reason: CloseReason | None = None
    closed_at: datetime | None = None
    decision_due_on: date | None = None
    decision_on: date | None = None
    decision_from: date | None = None
    decision_level: int = 0
    last_decision_id: uuid.UUID | None = None
    contact_from: date | None = None
    contact_due_on: date | None = None
    contact_told: bool = False
    contact_raised: bool = False
    entries: tuple[Entry, ...] = ()
    fresh: Fresh = Fresh()
    opened_with: int = 1
    search: Search | None = None
    safety: Safety | None = None

    @property
    def keeper_id(self) -> str:
        """The office that makes the follow-ups."""
        return self.keepers[-1]

    @property
    def is_away(self) -> bool:
        """She is with another office than the one that makes the follow-ups: in a facility, say."""
        return self.office_id != self.keeper_id

    @property
    def next_number(self) -> int:
        """Of the next entry."""
        return self.entries[-1].number + 1 if self.entries else 1

    @property
    def standing(self) -> tuple[Entry, ...]:
        """The entries of this set that were not taken back."""
        return tuple(each for each in self.entries if each.stands and each.set_number == self.set_number)

    @property
    def open_follow_ups(self) -> tuple[FollowUp, ...]:
        """Those not recorded, missed or cancelled, earliest due date first."""
        return tuple(
            sorted(
                (one for one in self.follow_ups if one.state is State.OPEN),
                key=lambda one: one.due_on,
            )
        )

    @property
    def binding_follow_ups(self) -> tuple[FollowUp, ...]:
        """The open ones that keep the case open, earliest due date first."""
        return tuple(one for one in self.open_follow_ups if one.binds)

    @property
    def last_follow_up(self) -> FollowUp:
        """The one with the latest due date of those that keep the case open."""
        return max((one for one in self.follow_ups if one.binds), key=lambda one: one.due_on)


def rule_of(code: str, start: date, calendar: WorkingCalendar) -> Rule:
    """The version of a rule that holds for what starts then."""
    return rule_on(code, start, rules_of(calendar))


def overdue_after_days(kind: Kind, due_on: date, calendar: WorkingCalendar) -> int | None:
    """So many days after its due date a follow-up is overdue; None: it never is."""
    rule = OVERDUE_RULE_OF_KIND.get(kind)
    return rule_of(rule, due_on, calendar).amount if rule is not None else None


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
    """An ended case. A judgement of immediate danger goes on waiting for its second person, without a deadline: it is
    listed until somebody confirms what was done, or waives it with a reason [policy: SUPPORT 0]."""
    return replace(cancel_open(case), phase=phase, close_reason=reason, closed_at=now)


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
