"""Which looks again a person gets: a policy with versions, and what switches a step on.

Policies of this project, after reported practice (SUPPORT, section 1; A: monthly in the first three months; Y: every
three months, closing after six to twelve, impact after five years):

- A set keeps the version with which it began. Steps that are always made end with the case alone.
- The other steps are switched on by what is known of her, as long as their day is ahead. Nothing that changes later
  switches one off again: the office may drop it, for a reason.
- What is never overdue (YEARS_5) keeps no case open.

The first contact (FIRST_CONTACT) is a step as well, always made; `contacts` has it, since it is asked for anew after
each arrival at home.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from services.chassis.kernel.deadlines import OVERDUE_RULES
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.words import RuleCode
from services.followup.domain.entry import Kind


class Ask(StrEnum):
    """What can ask for a step that is not always made."""

    UNDER_18 = "UNDER_18"
    HIGH_RISK = "HIGH_RISK"
    PROVINCE = "PROVINCE"
    OPEN_PLAN = "OPEN_PLAN"
    RESEARCH = "RESEARCH"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of her that may ask for steps.

    `under_18`: on the day on which she was received. `high_risk`: a worker judged HIGH or IMMEDIATE. `province`: of the
    office that makes the follow-ups. `open_plan`: she has a plan for her reintegration that is not ended; None: that is
    not known, as long as plans are kept nowhere here, so it asks for nothing. `research`: she agreed to be asked for
    research.
    """

    under_18: bool = False
    high_risk: bool = False
    province: ProvinceRef | None = None
    open_plan: bool | None = None
    research: bool = False

    @property
    def asks(self) -> frozenset[Ask]:
        """What these facts ask for, but for provinces, whose rules say which steps."""
        told = {
            Ask.UNDER_18: self.under_18,
            Ask.HIGH_RISK: self.high_risk,
            Ask.OPEN_PLAN: self.open_plan,
            Ask.RESEARCH: self.research,
        }
        return frozenset(each for each, holds in told.items() if holds)


@dataclass(frozen=True, slots=True)
class Step:
    """A look again. `asked_by` is empty for one that is always made.

    `earliest_before`: so many days before its due date a visit counts for it. How long after the arrival it is due,
    and from when on it is overdue, say the rules of `RULE_OF_KIND` and `OVERDUE_RULE_OF_KIND`.
    """

    kind: Kind
    earliest_before: int
    asked_by: frozenset[Ask] = frozenset()

    @property
    def always(self) -> bool:
        """Every set has it."""
        return not self.asked_by


@dataclass(frozen=True, slots=True)
class Policy:
    """A version of the policy. Sets begin with the latest whose `valid_from` has come; None: with this one no more.

    `provinces`: the steps that the rules of a province switch on for whoever is followed up there.
    """

    version: int
    valid_from: date | None
    steps: tuple[Step, ...]
    provinces: Mapping[ProvinceRef, frozenset[Kind]] = field(default_factory=lambda: MappingProxyType({}))

    def step(self, kind: Kind) -> Step | None:
        """The step of that kind; None when this version has none."""
        return next((each for each in self.steps if each.kind is kind), None)


RULE_OF_KIND: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.MONTHS_1: RuleCode.FOLLOW_UP_1M.value,
        Kind.MONTHS_2: RuleCode.FOLLOW_UP_2M.value,
        Kind.MONTHS_3: RuleCode.FOLLOW_UP_3M.value,
        Kind.MONTHS_6: RuleCode.FOLLOW_UP_6M.value,
        Kind.MONTHS_9: RuleCode.FOLLOW_UP_9M.value,
        Kind.MONTHS_12: RuleCode.FOLLOW_UP_12M.value,
        Kind.YEARS_2: RuleCode.FOLLOW_UP_2Y.value,
        Kind.YEARS_3: RuleCode.FOLLOW_UP_3Y.value,
        Kind.YEARS_5: RuleCode.FOLLOW_UP_5Y.value,
    }
)
OVERDUE_RULE_OF_KIND: Final[Mapping[Kind, str]] = MappingProxyType(
    {kind: OVERDUE_RULES[rule] for kind, rule in RULE_OF_KIND.items() if rule in OVERDUE_RULES}
)
"""Which rule says from when on it is overdue; a kind that is never overdue has none."""

_ALWAYS_MADE: Final = (Step(Kind.MONTHS_3, 30), Step(Kind.YEARS_3, 90))
_IN_DANGER: Final = frozenset({Ask.UNDER_18, Ask.HIGH_RISK})
_BY_PROVINCE: Final = _IN_DANGER | {Ask.PROVINCE}
_WITH_PLAN: Final = _BY_PROVINCE | {Ask.OPEN_PLAN}
POLICIES: Final = (
    # Sets from before there were other steps.
    Policy(1, None, _ALWAYS_MADE),
    # No source names a province with steps of its own: the next version that knows one says so in `provinces`.
    Policy(
        2,
        date.min,
        (
            *_ALWAYS_MADE,
            Step(Kind.MONTHS_1, 7, _BY_PROVINCE),
            Step(Kind.MONTHS_2, 7, _BY_PROVINCE),
            Step(Kind.MONTHS_6, 30, _WITH_PLAN),
            Step(Kind.MONTHS_9, 30, _WITH_PLAN),
            Step(Kind.MONTHS_12, 30, _WITH_PLAN),
            Step(Kind.YEARS_2, 90, _IN_DANGER),
            Step(Kind.YEARS_5, 90, frozenset({Ask.RESEARCH})),
        ),
    ),
)
"""Every version, oldest first. One that sets keep is never changed."""


def policy_on(day: date, policies: Sequence[Policy] = POLICIES) -> Policy:
    """The version with which a set begins on a local day."""
    return [each for each in policies if each.valid_from is not None and each.valid_from <= day][-1]


def policy_of(version: int, policies: Sequence[Policy] = POLICIES) -> Policy:
    """The version that a set keeps."""
    return next(each for each in policies if each.version == version)


def switched_on(policy: Policy, facts: Facts) -> frozenset[Kind]:
    """The steps of a set about whom this is known, those that are always made with them."""
    by_province = policy.provinces.get(facts.province, frozenset()) if facts.province else frozenset()
    return frozenset(
        each.kind
        for each in policy.steps
        if each.always or each.asked_by & facts.asks or (Ask.PROVINCE in each.asked_by and each.kind in by_province)
    )
