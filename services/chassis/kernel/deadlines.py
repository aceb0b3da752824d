"""Every deadline of the procedure as data, and the one function that says "overdue".

Three decisions hold everywhere:

- **Passing.** A limit in days, months or years is met by doing the thing on the due day; it has
  passed from the first instant of the next local day. `is_past` is the only place that says so,
  and every list, count and job uses it or `DueDate.due_at`, which is the same moment.
- **No rolling.** A due day on a Sunday or holiday stays there. The rule that ends a period on
  the next working day belongs to court and contract periods; for a person waiting for help the
  earlier day is the safe one [policy of this project].
- **Always a next one.** Whenever a deadline that answers for a case passes, another is armed:
  `Rule.then` names it, or the rule repeats. So no open case is ever without a watched deadline
  [policy of this project].
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, assert_never

from services.chassis.kernel.calendar import WorkingCalendar, add_months, add_years
from services.chassis.kernel.clock import (
    end_of_local_day,
    local_date,
    require_aware,
)
from services.chassis.kernel.roles import FacilityKind


class Unit(StrEnum):
    """What an amount of time counts."""

    HOURS = "HOURS"
    CALENDAR_DAYS = "CALENDAR_DAYS"
    WORKING_DAYS = "WORKING_DAYS"
    MONTHS = "MONTHS"
    YEARS = "YEARS"


class Basis(StrEnum):
    """How sure the amount of a limit is; shown wherever the limit is shown."""

    LAW = "LAW"
    """Text or quotation of a legal instrument."""
    REPORT = "REPORT"
    """Stated in a published assessment."""
    POLICY = "POLICY"
    """This project's own choice."""
    OPEN = "OPEN"
    """Sources conflict or are silent: never to be presented as official."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A limit: `amount` of `unit` after the day or instant that starts it.

    `legal_source` says where the amount comes from, in words for the user; `basis` how sure it
    is. `version` counts from 1 and grows with each change, so that a due date says which wording
    it was counted with. `valid_from` and `valid_to` (inclusive, None = open) say for which start
    dates this version holds.

    `repeats`: once it has passed it is armed again, every same interval, until the case moves
    on. `then`: the code of the rule that is armed when this one has passed.

    `from_day`: the amount names the first day on which the mark holds ("overdue from due date +
    14 days"), not the last day that is still in time; the due date is then one day earlier, and
    the one meaning of "passed" stays intact.
    """

    code: str
    amount: int
    unit: Unit
    legal_source: str
    basis: Basis
    version: int = 1
    repeats: bool = False
    then: str | None = None
    from_day: bool = False
    valid_from: date | None = None
    valid_to: date | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", self.code):
            raise ValueError(f"the rule code {self.code!r} is not UPPER_SNAKE")
        if self.amount < 1 or self.version < 1:
            raise ValueError(f"{self.code}: amount and version count from 1")
        if self.repeats and self.then is not None:
            raise ValueError(f"{self.code}: a rule repeats or hands over, not both")
        if self.from_day and self.unit is not Unit.CALENDAR_DAYS:
            raise ValueError(f"{self.code}: only calendar days can name a first day")

    def holds_on(self, start: date) -> bool:
        """Whether this version holds for a limit that starts on this local date."""
        return (self.valid_from is None or self.valid_from <= start) and (
            self.valid_to is None or start <= self.valid_to
        )

    def revised(self, *, amount: int, unit: Unit, legal_source: str, basis: Basis) -> Rule:
        """The next version of this rule, as an administrator edits it."""
        return replace(
            self,
            amount=amount,
            unit=unit,
            legal_source=legal_source,
            basis=basis,
            version=self.version + 1,
            from_day=self.from_day and unit is Unit.CALENDAR_DAYS,
        )


_POLICY: Final = "policy of this project"
_IMMEDIATELY: Final = (
    "Law 53/2024/QH15 Art 27 and 30: immediately; measuring that as 24 hours is policy of this project"
)
_ARTICLE_NOT_RECORDED: Final = "law; article to be named by the deployment"
_REGIME_CHANGE: Final = date(2025, 7, 1)
_LAST_DAY_OF_OLD_REGIME: Final = date(2025, 6, 30)


def _policy(
    code: str,
    amount: int,
    unit: Unit,
    *,
    repeats: bool = False,
    then: str | None = None,
    from_day: bool = False,
    source: str = _POLICY,
) -> Rule:
    return Rule(code, amount, unit, source, Basis.POLICY, repeats=repeats, then=then, from_day=from_day)


_AFTER_PRACTICE: Final = "policy of this project, after reported practice"


def _look(code: str, amount: int, unit: Unit, *, overdue_from: int) -> tuple[Rule, Rule]:
    """A look again so long after the arrival, overdue from so many days after it was due."""
    overdue = f"FOLLOW_UP_OVERDUE_{code}"
    return (
        _policy(f"FOLLOW_UP_{code}", amount, unit, then=overdue, source=_AFTER_PRACTICE),
        _policy(overdue, overdue_from, Unit.CALENDAR_DAYS, then="FOLLOW_UP_ESCALATE", from_day=True),
    )


def facility_stay_code(kind: FacilityKind) -> str:
    """The rule code of the limit of a stay in that kind of facility."""
    return f"FACILITY_STAY_{kind.value}"


_SOCIAL_PROTECTION_STAY: Final = Rule(
    code=facility_stay_code(FacilityKind.SOCIAL_PROTECTION_CENTRE),
    amount=60,
    unit=Unit.CALENDAR_DAYS,
    legal_source="law in force until 2025-06-30; article to be named by the deployment",
    basis=Basis.LAW,
    then="FACILITY_STAY_ESCALATE",
    valid_to=_LAST_DAY_OF_OLD_REGIME,
)
_SUPPORT_APPLY: Final = Rule(
    code="SUPPORT_APPLY_WINDOW",
    amount=12,
    unit=Unit.MONTHS,
    legal_source="regime of Law 66/2011/QH12, for identifications until 2025-06-30",
    basis=Basis.LAW,
    valid_to=_LAST_DAY_OF_OLD_REGIME,
)

_ALL_VERSIONS: Final[tuple[Rule, ...]] = (
    _policy("HANDOVER_TO_COMMUNE", 24, Unit.HOURS, then="LEGAL_STEP_ESCALATE", source=_IMMEDIATELY),
    _policy("COMMUNE_NOTIFY", 24, Unit.HOURS, then="LEGAL_STEP_ESCALATE", source=_IMMEDIATELY),
    _policy("RETURNED_TO_SUPPORT_AGENCY", 24, Unit.HOURS, then="LEGAL_STEP_ESCALATE", source=_IMMEDIATELY),
    # So long before a limit passes whoever has to act is reminded; at half of one that is not twice as long.
    _policy("LEGAL_STEP_DUE_SOON", 12, Unit.HOURS),
    _policy("DECISION_DUE_SOON", 2, Unit.CALENDAR_DAYS),
    _policy("LEGAL_STEP_ESCALATE", 7, Unit.CALENDAR_DAYS, repeats=True),
    # Both count from the registration.
    Rule(
        "INITIAL_VERIFY",
        3,
        Unit.CALENDAR_DAYS,
        _ARTICLE_NOT_RECORDED,
        Basis.LAW,
        then="POLICE_VERIFY_REPLY",
    ),
    Rule(
        "POLICE_VERIFY_REPLY",
        20,
        Unit.CALENDAR_DAYS,
        "not settled: sources conflict",
        Basis.OPEN,
        then="IDENTIFICATION_ESCALATE",
    ),
    _policy("IDENTIFICATION_ESCALATE", 14, Unit.CALENDAR_DAYS, repeats=True),
    Rule(
        "POLICE_VERIFY_REPLY_COMPLEX",
        2,
        Unit.MONTHS,
        "not settled: sources conflict",
        Basis.OPEN,
        then="IDENTIFICATION_ESCALATE",
    ),
    # On the way.
    _policy("TRANSFER_ACKNOWLEDGE", 3, Unit.WORKING_DAYS, then="TRANSFER_LOST"),
    _policy("TRANSFER_LOST", 7, Unit.CALENDAR_DAYS, then="SEARCH_ESCALATE"),
    _policy("DISPATCH_DUE", 10, Unit.CALENDAR_DAYS, repeats=True),
    # Counted from the first DISPATCH_DUE that was missed, and looked at when a further one passes.
    _policy("NOT_SENT_ON", 20, Unit.CALENDAR_DAYS, then="SEARCH_ESCALATE"),
    _policy("REDISPATCH_AFTER_REJECT", 2, Unit.WORKING_DAYS, then="SEARCH_ESCALATE"),
    _policy("DISPATCH_AFTER_DISCHARGE", 2, Unit.WORKING_DAYS, then="SEARCH_ESCALATE"),
    _policy("SEARCH_ESCALATE", 7, Unit.CALENDAR_DAYS, repeats=True),
    # Between the acknowledgement and the answer of the follow-up service.
    _policy("OBLIGATIONS_CONFIRM", 24, Unit.HOURS, repeats=True),
    # In a facility.
    _SOCIAL_PROTECTION_STAY,
    replace(
        _SOCIAL_PROTECTION_STAY,
        legal_source="not settled since 2025-07-01; the former limit is kept as a reminder",
        basis=Basis.OPEN,
        version=2,
        valid_from=_REGIME_CHANGE,
        valid_to=None,
    ),
    Rule(
        code=facility_stay_code(FacilityKind.ASSESSMENT_CENTRE),
        amount=60,
        unit=Unit.CALENDAR_DAYS,
        legal_source="not settled: no source gives a limit; that of social protection centres",
        basis=Basis.OPEN,
        then="FACILITY_STAY_ESCALATE",
    ),
    Rule(
        code=facility_stay_code(FacilityKind.SHELTER),
        amount=24,
        unit=Unit.MONTHS,
        legal_source="assessment report 2012: shelters keep people 12 to 24 months",
        basis=Basis.REPORT,
        then="FACILITY_STAY_ESCALATE",
    ),
    _policy("FACILITY_STAY_ESCALATE", 7, Unit.CALENDAR_DAYS, repeats=True),
    # Support.
    Rule("REINTEGRATION_PLAN", 1, Unit.MONTHS, "IOM practice, reported", Basis.REPORT),
    _SUPPORT_APPLY,
    replace(
        _SUPPORT_APPLY,
        legal_source="not settled for identifications since 2025-07-01",
        basis=Basis.OPEN,
        version=2,
        valid_from=_REGIME_CHANGE,
        valid_to=None,
    ),
    Rule("SUPPORT_DECISION", 9, Unit.WORKING_DAYS, _ARTICLE_NOT_RECORDED, Basis.LAW),
    # Follow-up.
    _policy("FIRST_CONTACT", 7, Unit.CALENDAR_DAYS),
    # In its place for whoever went to a home that is not safe.
    _policy("FIRST_CONTACT_AGAINST_ADVICE", 2, Unit.CALENDAR_DAYS),
    # How long the verdict about a home holds, and how long one may be awaited.
    _policy("HOME_SAFETY_VALID", 30, Unit.CALENDAR_DAYS),
    _policy("SAFETY_ANSWER", 5, Unit.WORKING_DAYS, then="SAFETY_ANSWER_ESCALATE"),
    _policy("SAFETY_ANSWER_ESCALATE", 7, Unit.CALENDAR_DAYS, repeats=True),
    # From a judgement of immediate danger until a second person confirms what was done.
    _policy("SAFETY_ACT", 24, Unit.HOURS, repeats=True),
    # The looks again; which of them a person gets is followup's (domain/policy.py).
    *_look("1M", 1, Unit.MONTHS, overdue_from=7),
    *_look("2M", 2, Unit.MONTHS, overdue_from=7),
    *_look("3M", 3, Unit.MONTHS, overdue_from=14),
    *_look("6M", 6, Unit.MONTHS, overdue_from=14),
    *_look("9M", 9, Unit.MONTHS, overdue_from=14),
    *_look("12M", 12, Unit.MONTHS, overdue_from=14),
    *_look("2Y", 2, Unit.YEARS, overdue_from=30),
    *_look("3Y", 3, Unit.YEARS, overdue_from=30),
    # For whoever agreed to be asked for research: never overdue.
    _policy("FOLLOW_UP_5Y", 5, Unit.YEARS, source=_AFTER_PRACTICE),
    # So long before the day on which one is due has passed.
    _policy("FOLLOW_UP_DUE_SOON", 7, Unit.CALENDAR_DAYS),
    _policy("FOLLOW_UP_ESCALATE", 14, Unit.CALENDAR_DAYS, repeats=True),
    _policy("LOST_TO_FOLLOW_UP", 60, Unit.CALENDAR_DAYS),
    _policy("CLOSE_DECISION", 30, Unit.CALENDAR_DAYS, repeats=True),
    # How long whoever was accountable last still sees who she is.
    _policy("CLOSED_CASE_SEEN", 30, Unit.CALENDAR_DAYS),
    # How long the office that made the follow-ups before still reads what it wrote of them itself (SUPPORT 12).
    _policy("CARE_SEEN_BY_FORMER", 90, Unit.CALENDAR_DAYS),
    # What one person asked for and nobody else approved.
    _policy("APPROVAL_EXPIRES", 7, Unit.CALENDAR_DAYS),
    # What somebody opened by break-glass and nobody else reviewed.
    _policy("BREAK_GLASS_REVIEW", 3, Unit.CALENDAR_DAYS, repeats=True),
)

_DAY_H: Final = 24
_NOMINAL_HOURS: Final[Mapping[Unit, int]] = MappingProxyType(
    {
        Unit.HOURS: 1,
        Unit.CALENDAR_DAYS: _DAY_H,
        # Five days of a week are worked; a holiday more does not matter to a bound.
        Unit.WORKING_DAYS: _DAY_H * 7 // 5,
        Unit.MONTHS: 30 * _DAY_H,
        Unit.YEARS: 365 * _DAY_H,
    }
)
"""How long a unit is for a bound; due dates are counted exactly."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Within which a limit may be changed; both are limits that are still allowed."""

    least: int
    most: int
    unit: Unit

    def least_in(self, unit: Unit) -> int:
        """The least amount of a unit that is allowed; 1 where that is less."""
        return max(1, -(-self.least * _NOMINAL_HOURS[self.unit] // _NOMINAL_HOURS[unit]))

    def most_in(self, unit: Unit) -> int:
        """The greatest amount of a unit that is allowed; 0 when one is too much."""
        return self.most * _NOMINAL_HOURS[self.unit] // _NOMINAL_HOURS[unit]

    def holds(self, amount: int, unit: Unit) -> bool:
        """Whether a limit lies within them."""
        return self.least_in(unit) <= amount <= self.most_in(unit)


def _days(least: int, most: int) -> Bounds:
    return Bounds(least, most, Unit.CALENDAR_DAYS)


def _months(least: int, most: int) -> Bounds:
    return Bounds(least, most, Unit.MONTHS)


_STAY: Final = _months(1, 36)

BOUNDS: Final[Mapping[str, Bounds]] = MappingProxyType(
    {
        "HANDOVER_TO_COMMUNE": Bounds(1, 72, Unit.HOURS),
        "COMMUNE_NOTIFY": Bounds(1, 72, Unit.HOURS),
        "RETURNED_TO_SUPPORT_AGENCY": Bounds(1, 72, Unit.HOURS),
        "LEGAL_STEP_DUE_SOON": Bounds(1, 48, Unit.HOURS),
        "DECISION_DUE_SOON": _days(1, 14),
        "LEGAL_STEP_ESCALATE": _days(1, 30),
        "INITIAL_VERIFY": _days(1, 14),
        "POLICE_VERIFY_REPLY": _days(1, 92),
        "POLICE_VERIFY_REPLY_COMPLEX": _months(1, 6),
        "IDENTIFICATION_ESCALATE": _days(1, 31),
        "TRANSFER_ACKNOWLEDGE": _days(1, 21),
        "TRANSFER_LOST": _days(1, 30),
        "DISPATCH_DUE": _days(1, 60),
        "NOT_SENT_ON": _days(1, 90),
        "REDISPATCH_AFTER_REJECT": _days(1, 21),
        "DISPATCH_AFTER_DISCHARGE": _days(1, 21),
        "SEARCH_ESCALATE": _days(1, 30),
        "OBLIGATIONS_CONFIRM": Bounds(1, 72, Unit.HOURS),
        "FACILITY_STAY_SOCIAL_PROTECTION_CENTRE": _STAY,
        "FACILITY_STAY_ASSESSMENT_CENTRE": _STAY,
        "FACILITY_STAY_SHELTER": _STAY,
        "FACILITY_STAY_ESCALATE": _days(1, 30),
        "REINTEGRATION_PLAN": _months(1, 6),
        "SUPPORT_APPLY_WINDOW": _months(1, 60),
        "SUPPORT_DECISION": _days(1, 60),
        "FIRST_CONTACT": _days(1, 30),
        "FIRST_CONTACT_AGAINST_ADVICE": _days(1, 7),
        "SAFETY_ACT": Bounds(1, 72, Unit.HOURS),
        "FOLLOW_UP_1M": _days(14, 61),
        "FOLLOW_UP_2M": _months(1, 3),
        "HOME_SAFETY_VALID": _days(7, 92),
        "SAFETY_ANSWER": _days(1, 30),
        "SAFETY_ANSWER_ESCALATE": _days(1, 30),
        "FOLLOW_UP_3M": _months(1, 6),
        "FOLLOW_UP_6M": _months(4, 8),
        "FOLLOW_UP_9M": _months(7, 11),
        "FOLLOW_UP_12M": _months(10, 18),
        "FOLLOW_UP_2Y": Bounds(1, 3, Unit.YEARS),
        "FOLLOW_UP_3Y": Bounds(1, 5, Unit.YEARS),
        "FOLLOW_UP_5Y": Bounds(4, 7, Unit.YEARS),
        "FOLLOW_UP_OVERDUE_1M": _days(1, 21),
        "FOLLOW_UP_OVERDUE_2M": _days(1, 21),
        "FOLLOW_UP_OVERDUE_3M": _days(1, 60),
        "FOLLOW_UP_OVERDUE_6M": _days(1, 60),
        "FOLLOW_UP_OVERDUE_9M": _days(1, 60),
        "FOLLOW_UP_OVERDUE_12M": _days(1, 60),
        "FOLLOW_UP_OVERDUE_2Y": _days(1, 92),
        "FOLLOW_UP_OVERDUE_3Y": _days(1, 92),
        "FOLLOW_UP_DUE_SOON": _days(2, 30),
        "FOLLOW_UP_ESCALATE": _days(1, 31),
        "LOST_TO_FOLLOW_UP": _days(7, 180),
        "CLOSE_DECISION": _days(7, 180),
        "APPROVAL_EXPIRES": _days(1, 30),
        "CLOSED_CASE_SEEN": _days(1, 90),
        "CARE_SEEN_BY_FORMER": _days(1, 365),
        "BREAK_GLASS_REVIEW": _days(1, 7),
    }
)
"""The bounds of every rule by its code [policy of this project]: nobody is lost for years by a number that was typed.

A stay is bound by the longest that is reported, and each bound leaves the built-in limit well inside."""


def within_bounds(code: str, amount: int, unit: Unit) -> bool:
    """Whether a limit may be that. A rule that only a newer program knows has no bounds here."""
    bounds = BOUNDS.get(code)
    return bounds is None or bounds.holds(amount, unit)


LOST_AFTER_FAILED_CONTACTS: Final = 3
"""So many failed attempts, each on another local day, make a person lost to follow-up [policy]."""


def _versions(rules: tuple[Rule, ...]) -> Mapping[str, tuple[Rule, ...]]:
    by_code: dict[str, list[Rule]] = {}
    for rule in rules:
        by_code.setdefault(rule.code, []).append(rule)
    return MappingProxyType(
        {code: tuple(sorted(rules_of_code, key=lambda rule: rule.version)) for code, rules_of_code in by_code.items()}
    )


RULE_VERSIONS: Final[Mapping[str, tuple[Rule, ...]]] = _versions(_ALL_VERSIONS)
"""Every built-in version of every rule, oldest first, by code."""

RULES: Final[Mapping[str, Rule]] = MappingProxyType({code: versions[-1] for code, versions in RULE_VERSIONS.items()})
"""The latest built-in version of every rule, by code."""

FACILITY_STAY: Final[Mapping[FacilityKind, Rule]] = MappingProxyType(
    {kind: RULES[facility_stay_code(kind)] for kind in FacilityKind}
)
"""The latest limit of a stay by kind of facility; for an older admission ask `rule_on`."""

OVERDUE_RULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        code: rule.then
        for code, rule in RULES.items()
        if rule.then is not None and rule.then.startswith("FOLLOW_UP_OVERDUE_")
    }
)
"""The rule by which a look again is overdue, by the rule by which it is due."""
OVERDUE_AFTER_DAYS: Final[Mapping[str, int]] = MappingProxyType(
    {code: RULES[overdue].amount for code, overdue in OVERDUE_RULES.items()}
)
"""Days from the due date at which a follow-up turns from late to overdue, by follow-up rule."""


RuleVersions = Mapping[str, tuple[Rule, ...]]
"""All versions of every rule, oldest first, by code."""


@dataclass(frozen=True, slots=True)
class Counting(WorkingCalendar):
    """All that due dates are counted with: the working days, and the rules as they stand."""

    rules: RuleVersions = field(default_factory=lambda: RULE_VERSIONS)


def rules_of(calendar: WorkingCalendar) -> RuleVersions:
    """The rules that come with a calendar; the built-in ones with a bare calendar."""
    return calendar.rules if isinstance(calendar, Counting) else RULE_VERSIONS


def rule_on(code: str, start: date, versions: Mapping[str, tuple[Rule, ...]] = RULE_VERSIONS) -> Rule:
    """The version of a rule that holds for a limit starting on this local date.

    The newest wins where an edit overlaps. Raises KeyError for an unknown code, and LookupError
    when no version holds on that date.
    """
    for rule in reversed(versions[code]):
        if rule.holds_on(start):
            return rule
    raise LookupError(f"no version of {code} holds on {start}")


@dataclass(frozen=True, slots=True)
class DueDate:
    """When something is due, and what it was counted with.

    `due_on` is the last local day that is in time. `due_at` is the instant in UTC at which it
    counts as passed: the start of the next local day, or the exact instant for a rule in hours.
    `provisional`: counted in working days that reach beyond the announced calendar, so it is to
    be counted again when `calendar_version` changes. `counted_from`: the local day from which the
    last interval was counted, so that it can be; None where it isn't known.
    """

    rule_code: str
    rule_version: int
    calendar_version: str
    due_on: date
    due_at: datetime
    provisional: bool
    counted_from: date | None = None

    def has_passed(self, now: datetime) -> bool:
        """Whether it has passed at an aware instant; for days the same answer as `is_past`."""
        return require_aware(now) >= self.due_at


def is_past(due_on: date, today: date) -> bool:
    """The one meaning of "passed": a thing due today is in time; from the next day it is not.

    Both are local dates in Viet Nam.
    """
    return today > due_on


def _end_day(rule: Rule, start: date, times: int, calendar: WorkingCalendar) -> date:
    amount = rule.amount * times
    match rule.unit:
        case Unit.CALENDAR_DAYS:
            return start + timedelta(days=amount)
        case Unit.WORKING_DAYS:
            return calendar.add_working_days(start, amount)
        case Unit.MONTHS:
            return add_months(start, amount)
        case Unit.YEARS:
            return add_years(start, amount)
        case Unit.HOURS:
            raise ValueError(f"{rule.code} counts hours and needs an instant to start from")
        case _:
            assert_never(rule.unit)


def _due(rule: Rule, start: datetime | date, times: int, calendar: WorkingCalendar) -> DueDate:
    if rule.unit is Unit.HOURS:
        if not isinstance(start, datetime):
            raise ValueError(f"{rule.code} counts hours and needs an instant to start from")
        due_at = require_aware(start).astimezone(UTC) + timedelta(hours=rule.amount * times)
        due_on = local_date(due_at)
        start_day = local_date(start)
    else:
        start_day = local_date(start) if isinstance(start, datetime) else start
        due_on = _end_day(rule, start_day, times, calendar)
        if rule.from_day:
            due_on -= timedelta(days=1)
        due_at = end_of_local_day(due_on)
    return DueDate(
        rule_code=rule.code,
        rule_version=rule.version,
        calendar_version=calendar.version,
        due_on=due_on,
        due_at=due_at,
        provisional=rule.unit is Unit.WORKING_DAYS and calendar.is_provisional(due_on),
        counted_from=start_day,
    )


def due_date(rule: Rule, start: datetime | date, calendar: WorkingCalendar) -> DueDate:
    """When a limit that starts then is due.

    `start` is a local date or an aware instant, which stands for the local day it falls on; a
    rule in hours needs the instant. The starting day never counts. A limit that follows on a
    missed one ("7 days after it was missed") starts from the `due_on` of that one: the 7 days
    are then full days after the moment of missing. Raises ValueError for a naive instant, or for
    a date where an instant is needed. So `FOLLOW_UP_OVERDUE_3M` and `LOST_TO_FOLLOW_UP` start from
    the due date that was missed, of the follow-up and of the overdue mark.
    """
    return _due(rule, start, 1, calendar)


def remind_at(due: DueDate, since: datetime, rule: Rule) -> datetime:
    """When whoever has to act is reminded of what is due, and asked since an instant: so long before it passes as the
    rule says, at half of a limit that is not twice as long."""
    before = timedelta(hours=rule.amount * _NOMINAL_HOURS[rule.unit])
    return max(due.due_at - before, since + (due.due_at - since) / 2)


def next_due_date(rule: Rule, previous: DueDate, now: datetime, calendar: WorkingCalendar) -> DueDate:
    """The next time a repeating rule is due, on its own grid and not yet passed.

    Counted on from the previous due date and never from the moment of firing, so that delays do
    not add up; and intervals that went by during an outage are stepped over, so that a day of
    downtime fires once and not once for each. Raises ValueError when the rule does not repeat.
    """
    if not rule.repeats:
        raise ValueError(f"{rule.code} does not repeat")
    # One unit of grid is the time until passing, so an hours rule steps from instant to instant.
    start = previous.due_at if rule.unit is Unit.HOURS else previous.due_on
    times = 1
    counted_from: date | None = previous.due_on
    while (due := _due(rule, start, times, calendar)).has_passed(now):
        counted_from = due.due_on
        times += 1
    return replace(due, counted_from=counted_from)


def recounted(due: DueDate, rule: Rule, now: datetime, calendar: WorkingCalendar) -> DueDate:
    """A due date as another calendar counts it.

    Only what is counted in working days and has not passed changes: a past due date never moves,
    and none moves back behind today, which nobody could have known.
    """
    today = local_date(now)
    if rule.unit is not Unit.WORKING_DAYS or due.counted_from is None or is_past(due.due_on, today):
        return due
    again = _due(rule, due.counted_from, 1, calendar)
    if not is_past(again.due_on, today):
        return again
    return replace(again, due_on=today, due_at=end_of_local_day(today))


class Timeliness(StrEnum):
    """How a follow-up that is not recorded yet stands against its due date."""

    ON_TIME = "ON_TIME"
    """The due date lies ahead."""
    DUE = "DUE"
    """Due today: neither late nor overdue."""
    LATE = "LATE"
    """From the day after the due date."""
    OVERDUE = "OVERDUE"
    """From the day that lies the given number of days after the due date."""


def timeliness(due_on: date, overdue_after_days: int, now: datetime) -> Timeliness:
    """How something due on a local date stands at an aware instant.

    Decision: "overdue from due date + 14 days" names the first overdue day. So on due + 13 it is
    late and on due + 14 it is overdue; equally, due + 13 is the last day before the mark, and
    `is_past` of that day decides, as it does everywhere. This agrees to the instant with
    `due_date(RULES["FOLLOW_UP_OVERDUE_3M"], due_on, …).due_at`. Raises ValueError for a number
    of days below 1 or a naive instant.
    """
    if overdue_after_days < 1:
        raise ValueError("a thing due today is not overdue: at least one day")
    today = local_date(now)
    if is_past(due_on + timedelta(days=overdue_after_days - 1), today):
        return Timeliness.OVERDUE
    if is_past(due_on, today):
        return Timeliness.LATE
    return Timeliness.DUE if today == due_on else Timeliness.ON_TIME
