"""A decision on the identification is awaited: from the registration until it is taken, or the case ends.

Policy of this project: the first verification is due by law (INITIAL_VERIFY); what follows it has no settled limit
(POLICE_VERIFY_REPLY), and after that the verifiers, their supervisor and the nation are reminded at intervals
(IDENTIFICATION_ESCALATE). Before a limit passes the verifiers are reminded of it (DECISION_DUE_SOON). A verification
that is called complex has longer to be answered (POLICE_VERIFY_REPLY_COMPLEX). A decision that is taken back is due
anew, from that day on; while she is searched for nobody is reminded. Waiting for it holds up neither support nor the
way home.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date, start_of_local_day
from services.chassis.kernel.deadlines import DueDate, due_date, is_past, next_due_date, remind_at, rule_on, rules_of
from services.chassis.kernel.errors import HomewardError
from services.chassis.kernel.words import Phase, RuleCode
from services.intake.domain.case import Case, Identification

REPLY_RULES: Final = (RuleCode.POLICE_VERIFY_REPLY, RuleCode.POLICE_VERIFY_REPLY_COMPLEX)
LIMITS: Final = (RuleCode.INITIAL_VERIFY, *REPLY_RULES)
DUE_SOON: Final = RuleCode.DECISION_DUE_SOON
RULES: Final = (*LIMITS, RuleCode.IDENTIFICATION_ESCALATE)
WATCHED: Final = (*RULES, DUE_SOON)
"""With what reminds of a limit before it passes."""
_REPLY_PASSED: Final = 2
"""From so many limits passed on the answer of the police is overdue."""
_ENDED: Final = frozenset({Phase.CLOSED, Phase.WITHDRAWN})


class NothingAwaited(HomewardError):
    """No decision on the identification is awaited in this case, so no time runs for one."""


class ReplyIsOverdue(HomewardError):
    """The time for the answer has passed already; a verification is called complex before that. Decide, or go on."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """That a decision is awaited.

    Attributes:
        asked_on: the local day from which its limits count: of the registration, or of a decision taken back.
        due_on: the day by which it was to be decided first.
        level: how many limits have passed.
        is_complex: the police has longer to answer.
    """

    case_id: UUID
    asked_on: date
    due_on: date
    level: int = 0
    is_complex: bool = False

    @property
    def next_limit(self) -> RuleCode:
        """The limit that passes next, while there is one."""
        return RuleCode.INITIAL_VERIFY if self.level == 0 else self.reply_rule

    @property
    def reply_rule(self) -> RuleCode:
        """The limit of the answer."""
        return RuleCode.POLICE_VERIFY_REPLY_COMPLEX if self.is_complex else RuleCode.POLICE_VERIFY_REPLY


@dataclass(frozen=True, slots=True)
class ListedUndecided:
    """A case of which nobody has decided, as lists show it. `rule`: the limit that passed last."""

    case_id: UUID
    case_number: str
    receiving_office_id: str
    accountable_office_id: str
    due_on: date
    level: int
    is_complex: bool = False
    rests: bool = False

    @property
    def rule(self) -> RuleCode:
        """The limit that passed last; the first one before any has."""
        limits = (RuleCode.INITIAL_VERIFY, REPLY_RULES[self.is_complex], RuleCode.IDENTIFICATION_ESCALATE)
        return limits[min(max(self.level, 1), len(limits)) - 1]

    def overdue_days(self, today: date) -> int:
        """Days since the first limit passed; 0 while it has not, and while she is searched for."""
        return (today - self.due_on).days if not self.rests and is_past(self.due_on, today) else 0


def is_awaited(case: Case) -> bool:
    """Whether somebody has to decide."""
    return case.identification is Identification.IN_PROCESS and case.shown_phase not in _ENDED


def awaited_from(case: Case, now: datetime) -> date:
    """The local day from which the limits count."""
    return local_date(case.created_at if case.decisions == 0 else now)


def first_due(asked_on: date, calendar: WorkingCalendar) -> DueDate:
    """When the first limit passes."""
    return _due(RuleCode.INITIAL_VERIFY, asked_on, calendar)


def next_due(undecided: Undecided, passed: DueDate, now: datetime, calendar: WorkingCalendar) -> DueDate:
    """When the next limit passes, after one that did."""
    if passed.rule_code == RuleCode.INITIAL_VERIFY:
        reply = reply_due(undecided, calendar)
        # A rule may have been changed to end before the first: the next one is at least a day later.
        return reply if reply.due_on > passed.due_on else _escalation(passed, now, calendar)
    return _escalation(passed, now, calendar)


def reply_due(undecided: Undecided, calendar: WorkingCalendar) -> DueDate:
    """When the police is to have answered."""
    return _due(undecided.reply_rule, undecided.asked_on, calendar)


def reminder_of(undecided: Undecided, due: DueDate, now: datetime, calendar: WorkingCalendar) -> DueDate | None:
    """When the verifiers are reminded of a limit that passes soon; None where that is over, and of what reminds."""
    if due.rule_code not in LIMITS:
        return None
    rule = rule_on(DUE_SOON, undecided.asked_on, rules_of(calendar))
    at = remind_at(due, start_of_local_day(undecided.asked_on), rule)
    if at <= now:
        return None
    # From when it was counted it does not say, so no other calendar moves it.
    return replace(due, rule_code=DUE_SOON.value, rule_version=rule.version, due_at=at, counted_from=None)


def rests(case: Case) -> bool:
    """Whether nobody is reminded for the time being."""
    return case.phase is Phase.SEARCH


def watched_again(undecided: Undecided, now: datetime, calendar: WorkingCalendar) -> DueDate:
    """What is watched after a rest, or under another limit: the one that has not passed, or the next reminder."""
    first = first_due(undecided.asked_on, calendar)
    if undecided.level == 0:
        return first
    reply = next_due(undecided, first, now, calendar)
    return reply if undecided.level < _REPLY_PASSED else _escalation(reply, now, calendar)


def limited_by(undecided: Undecided, rule: RuleCode) -> Undecided:
    """With that limit for the answer; raises ReplyIsOverdue."""
    if undecided.level >= _REPLY_PASSED:
        raise ReplyIsOverdue
    return replace(undecided, is_complex=rule is RuleCode.POLICE_VERIFY_REPLY_COMPLEX)


def _due(rule: RuleCode, asked_on: date, calendar: WorkingCalendar) -> DueDate:
    return due_date(rule_on(rule, asked_on, rules_of(calendar)), asked_on, calendar)


def _escalation(passed: DueDate, now: datetime, calendar: WorkingCalendar) -> DueDate:
    rule = rule_on(RuleCode.IDENTIFICATION_ESCALATE, passed.due_on, rules_of(calendar))
    return next_due_date(rule, passed, now, calendar)
