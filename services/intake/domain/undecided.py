"""A decision on the identification is awaited: from the registration until it is taken, or the case ends.

Policy of this project: the first verification is due by law (INITIAL_VERIFY); what follows it has no settled limit
(POLICE_VERIFY_REPLY), and after that the verifiers, their supervisor and the nation are reminded at intervals
(IDENTIFICATION_ESCALATE). A decision that is taken back is due anew, from that day on. Waiting for it holds up neither
support nor the way home.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import DueDate, due_date, is_past, next_due_date, rule_on, rules_of
from services.chassis.kernel.words import Phase, RuleCode
from services.intake.domain.case import Case, Identification

RULES: Final = (RuleCode.INITIAL_VERIFY, RuleCode.POLICE_VERIFY_REPLY, RuleCode.IDENTIFICATION_ESCALATE)
_ENDED: Final = frozenset({Phase.CLOSED, Phase.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Undecided:
    """That a decision is awaited.

    Attributes:
        asked_on: the local day from which its limits count: of the registration, or of a decision taken back.
        due_on: the day by which it was to be decided first.
        level: how many limits have passed.
    """

    case_id: UUID
    asked_on: date
    due_on: date
    level: int = 0


@dataclass(frozen=True, slots=True)
class ListedUndecided:
    """A case of which nobody has decided, as lists show it. `rule`: the limit that passed last."""

    case_id: UUID
    case_number: str
    receiving_office_id: str
    accountable_office_id: str
    due_on: date
    level: int

    @property
    def rule(self) -> RuleCode:
        """The limit that passed last; the first one before any has."""
        return RULES[min(max(self.level, 1), len(RULES)) - 1]

    def overdue_days(self, today: date) -> int:
        """Days since the first limit passed; 0 while it has not."""
        return (today - self.due_on).days if is_past(self.due_on, today) else 0


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
        reply = _due(RuleCode.POLICE_VERIFY_REPLY, undecided.asked_on, calendar)
        # A rule may have been changed to end before the first: the next one is at least a day later.
        return reply if reply.due_on > passed.due_on else _escalation(passed, now, calendar)
    return _escalation(passed, now, calendar)


def _due(rule: RuleCode, asked_on: date, calendar: WorkingCalendar) -> DueDate:
    return due_date(rule_on(rule, asked_on, rules_of(calendar)), asked_on, calendar)


def _escalation(passed: DueDate, now: datetime, calendar: WorkingCalendar) -> DueDate:
    rule = rule_on(RuleCode.IDENTIFICATION_ESCALATE, passed.due_on, rules_of(calendar))
    return next_due_date(rule, passed, now, calendar)
