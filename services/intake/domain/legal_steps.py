"""Steps that the law wants to be taken at once with somebody who came back, besides all that answers for the case.

Who came back alone goes from whoever received her to the commune (HANDOVER_TO_COMMUNE), and the commune tells the
support agency (COMMUNE_NOTIFY); of all others the office that received them tells the agency
(RETURNED_TO_SUPPORT_AGENCY). Which step follows on which return, and that the accountable office answers for it, is
policy of this project. A step is asked until it is recorded; it rests while she is searched for, while the case is
closed, and while she is no victim or does not want to be one; and it is overtaken when the agency has her or was sent
her, since it knows of her then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import end_of_local_day, local_date
from services.chassis.kernel.deadlines import DueDate, due_date, next_due_date, remind_at, rule_on, rules_of
from services.chassis.kernel.errors import HomewardError
from services.chassis.kernel.findings import Findings
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import Role
from services.chassis.kernel.words import Phase, RuleCode
from services.intake.domain.access import Viewer
from services.intake.domain.case import Case, Identification
from services.intake.domain.submissions import SELF_RETURN_ROUTES
from services.intake.domain.undecided import Undecided

STEPS: Final = (RuleCode.HANDOVER_TO_COMMUNE, RuleCode.COMMUNE_NOTIFY, RuleCode.RETURNED_TO_SUPPORT_AGENCY)
DUE_SOON: Final = RuleCode.LEGAL_STEP_DUE_SOON
RULES: Final = (*STEPS, RuleCode.LEGAL_STEP_ESCALATE, DUE_SOON)
_NO_VICTIM: Final = frozenset({Identification.NOT_IDENTIFIED, Identification.DECLINED})
_RESTING: Final = frozenset({Phase.SEARCH, Phase.CLOSED, Phase.WITHDRAWN})


class LegalStepNotAsked(HomewardError):
    """This step is not asked of this case: she came back in another way, or the support agency knows of her."""


class LegalStepDone(HomewardError):
    """This step is recorded already, for {done_on}; take that back first if it is wrong."""


class LegalStepNotDone(HomewardError):
    """This step has not been recorded, so there is nothing to take back."""


class LaterStepDone(HomewardError):
    """The step that followed this one is recorded already; take that one back first."""


class StepState(StrEnum):
    """How a step stands; meanings in `homeward.intake.v1.LegalStepState`."""

    ASKED = "ASKED"
    RESTING = "RESTING"
    DONE = "DONE"
    OVERTAKEN = "OVERTAKEN"


OVER: Final = frozenset({StepState.DONE, StepState.OVERTAKEN})


@dataclass(frozen=True, slots=True)
class LegalStep:
    """A step of a case.

    Attributes:
        rule: which.
        asked_at: the instant from which its limit counts.
        due_on, due_at: its limit; it stays, however often it is reminded.
        level: how many limits have passed.
        done_on: the day on which it was taken, once that is recorded.
    """

    case_id: UUID
    rule: RuleCode
    asked_at: datetime
    due_on: date
    due_at: datetime
    level: int = 0
    state: StepState = StepState.ASKED
    done_on: date | None = None
    recorded_at: datetime | None = None
    recorded_by: str = ""


def first_rule(case: Case, receiver: Role) -> RuleCode | None:
    """The step with which a registered case begins; None where the support agency itself received her."""
    if receiver is Role.SUPPORT_AGENCY:
        return None
    if case.route not in SELF_RETURN_ROUTES:
        return RuleCode.RETURNED_TO_SUPPORT_AGENCY
    return RuleCode.COMMUNE_NOTIFY if receiver is Role.COMMUNE else RuleCode.HANDOVER_TO_COMMUNE


def asked(case_id: UUID, rule: RuleCode, since: datetime, calendar: WorkingCalendar) -> LegalStep:
    """A step that is asked from an instant on."""
    due = _first_due(rule, since, calendar)
    return LegalStep(case_id, rule, since, due.due_on, due.due_at)


def _first_due(rule: RuleCode, since: datetime, calendar: WorkingCalendar) -> DueDate:
    return due_date(rule_on(rule, local_date(since), rules_of(calendar)), since, calendar)


def following(step: LegalStep, calendar: WorkingCalendar) -> LegalStep | None:
    """The step that is asked once this one is taken: the commune that has her tells the agency."""
    if step.rule is not RuleCode.HANDOVER_TO_COMMUNE or step.done_on is None or step.recorded_at is None:
        return None
    # Only the day is known; the instant of recording is the latest that it can have been.
    since = min(step.recorded_at, end_of_local_day(step.done_on))
    return asked(step.case_id, RuleCode.COMMUNE_NOTIFY, since, calendar)


def state_for(case: Case, accountable: Role | None, addressee: Role | None) -> StepState:
    """How a step that is not over stands in this case. `addressee`: of the office she is on her way to, if any."""
    if Role.SUPPORT_AGENCY in (accountable, addressee):
        return StepState.OVERTAKEN
    if case.shown_phase in _RESTING or case.identification in _NO_VICTIM:
        return StepState.RESTING
    return StepState.ASKED


def next_due(passed: DueDate, now: datetime, calendar: WorkingCalendar) -> DueDate:
    """When a step that was not taken is reminded, after a limit that passed."""
    rule = rule_on(RuleCode.LEGAL_STEP_ESCALATE, passed.due_on, rules_of(calendar))
    return next_due_date(rule, passed, now, calendar)


def watched_again(step: LegalStep, now: datetime, calendar: WorkingCalendar) -> DueDate:
    """What is watched of a step that is asked again after a rest: its limit, or the next reminder on its grid."""
    first = _limit(step, calendar)
    return first if step.level == 0 else next_due(first, now, calendar)


def reminder_of(step: LegalStep, calendar: WorkingCalendar) -> DueDate:
    """When the office is reminded that the limit passes soon (LEGAL_STEP_DUE_SOON)."""
    due = _limit(step, calendar)
    rule = rule_on(DUE_SOON, local_date(step.asked_at), rules_of(calendar))
    at = remind_at(due, step.asked_at, rule)
    # From when it was counted it does not say, so no other calendar moves it.
    return replace(due, rule_code=DUE_SOON.value, rule_version=rule.version, due_at=at, counted_from=None)


def is_told(step: LegalStep, now: datetime, calendar: WorkingCalendar) -> bool:
    """Whether the office that it is asked of has been told of it."""
    return step.level > 0 or reminder_of(step, calendar).has_passed(now)


def _limit(step: LegalStep, calendar: WorkingCalendar) -> DueDate:
    return replace(_first_due(step.rule, step.asked_at, calendar), due_on=step.due_on, due_at=step.due_at)


def step_of(steps: tuple[LegalStep, ...], rule: RuleCode) -> LegalStep:
    """The step of a rule; raises LegalStepNotAsked."""
    found = next((one for one in steps if one.rule is rule), None)
    if found is None:
        raise LegalStepNotAsked
    return found


def done(step: LegalStep, case: Case, done_on: date, office_id: str, now: datetime) -> LegalStep:
    """A step that was taken; raises InvalidInput, LegalStepDone, LegalStepNotAsked."""
    if step.state is StepState.DONE:
        raise LegalStepDone(done_on=(step.done_on or done_on).isoformat())
    if step.state is StepState.OVERTAKEN:
        raise LegalStepNotAsked
    found, earliest = Findings(), local_date(case.handover_time)
    if done_on > local_date(now):
        found.wrong("done_on", "IN_THE_FUTURE")
    elif done_on < earliest:
        found.wrong("done_on", "TOO_EARLY", limit=earliest.isoformat())
    found.done()
    return replace(step, state=StepState.DONE, done_on=done_on, recorded_at=now, recorded_by=office_id)


def taken_back(step: LegalStep, steps: tuple[LegalStep, ...]) -> LegalStep:
    """A step that had not been taken: asked as before. Raises LegalStepNotDone, LaterStepDone."""
    if step.state is not StepState.DONE:
        raise LegalStepNotDone
    if step.rule is RuleCode.HANDOVER_TO_COMMUNE and any(
        one.rule is RuleCode.COMMUNE_NOTIFY and one.state is StepState.DONE for one in steps
    ):
        raise LaterStepDone
    return replace(step, state=StepState.ASKED, done_on=None, recorded_at=None, recorded_by="")


@dataclass(frozen=True, slots=True)
class Deadlines:
    """What runs for a case by law: its steps, and the decision that is awaited with the day of the answer."""

    steps: tuple[LegalStep, ...] = ()
    awaited: Undecided | None = None
    reply: DueDate | None = None


@dataclass(frozen=True, slots=True)
class DeadlinesWanted:
    """Which legal deadlines; what is left empty limits nothing."""

    province: ProvinceRef | None = None
    rule: str = ""
    overdue_only: bool = False
    overdue_days_min: int = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose deadlines somebody sees: of these offices (None: of all) the steps, the decisions awaited, or both."""

    offices: frozenset[str] | None
    steps: bool
    decisions: bool


def scope_of(viewer: Viewer) -> Scope:
    """The police sees what it has to decide, an office its own steps, a supervisor both."""
    if viewer.role is Role.SUPERVISOR:
        return Scope(None if viewer.is_national else viewer.scope_offices, steps=True, decisions=True)
    if viewer.role is Role.VERIFIER:
        offices = None if viewer.is_national else viewer.scope_offices | viewer.holds
        return Scope(offices, steps=False, decisions=True)
    return Scope(viewer.holds, steps=True, decisions=False)


@dataclass(frozen=True, slots=True)
class ListedDeadline:
    """A legal deadline of an open case, as lists show it. `has_passed`: so that a step of hours is overdue at once."""

    case_id: UUID
    case_number: str
    receiving_office_id: str
    accountable_office_id: str
    rule: str
    due_on: date
    level: int
    has_passed: bool

    def overdue_days(self, today: date) -> int:
        """Days since it passed, at least 1; 0 while it has not."""
        return max(1, (today - self.due_on).days) if self.has_passed else 0


@dataclass(frozen=True, slots=True)
class DeadlinesCounted:
    """Legal deadlines of an office under one rule."""

    office_id: str
    rule: str
    total: int
    overdue: int
    from_7_days: int
    from_30_days: int
    oldest_days: int
