"""Which looks again a person gets, by the versions of the policy."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

import pytest

from services.chassis.kernel.deadlines import OVERDUE_RULES, RULES
from services.chassis.kernel.places import ProvinceRef
from services.followup.domain.entry import Kind
from services.followup.domain.policy import (
    OVERDUE_RULE_OF_KIND,
    POLICIES,
    RULE_OF_KIND,
    Facts,
    Policy,
    policy_of,
    policy_on,
    switched_on,
)

NEWEST = POLICIES[-1]
ALWAYS = {Kind.MONTHS_3, Kind.YEARS_3}
MONTHLY = {Kind.MONTHS_1, Kind.MONTHS_2}
IN_FIRST_YEAR = {Kind.MONTHS_6, Kind.MONTHS_9, Kind.MONTHS_12}
LANG_SON = ProvinceRef("20", "2025")


@pytest.mark.parametrize(
    ("facts", "more"),
    [
        (Facts(), set()),
        (Facts(under_18=True), MONTHLY | IN_FIRST_YEAR | {Kind.YEARS_2}),
        (Facts(high_risk=True), MONTHLY | IN_FIRST_YEAR | {Kind.YEARS_2}),
        (Facts(open_plan=True), IN_FIRST_YEAR),
        (Facts(research=True), {Kind.YEARS_5}),
        (Facts(under_18=True, research=True), MONTHLY | IN_FIRST_YEAR | {Kind.YEARS_2, Kind.YEARS_5}),
    ],
)
def test_what_is_known_of_her_switches_steps_on(facts: Facts, more: set[Kind]) -> None:
    assert switched_on(NEWEST, facts) == ALWAYS | more
    assert switched_on(POLICIES[0], facts) == ALWAYS, "sets from before there were other steps keep the two"


def test_a_province_switches_on_what_its_rules_say_and_no_other_province_does() -> None:
    rules = MappingProxyType({LANG_SON: frozenset({Kind.MONTHS_1, Kind.YEARS_2})})
    policy = Policy(3, date(2027, 1, 1), NEWEST.steps, rules)
    assert switched_on(policy, Facts(province=LANG_SON)) == ALWAYS | {Kind.MONTHS_1}, "no province asks for YEARS_2"
    assert switched_on(policy, Facts(province=ProvinceRef("01", "2025"))) == ALWAYS
    assert switched_on(NEWEST, Facts(province=LANG_SON)) == ALWAYS


def test_a_set_begins_with_the_latest_version_that_holds_and_keeps_it() -> None:
    later = Policy(3, date(2027, 1, 1), NEWEST.steps)
    policies = (*POLICIES, later)
    assert policy_on(date(2026, 12, 31), policies) is NEWEST
    assert policy_on(date(2027, 1, 1), policies) is later
    assert [policy_of(each.version, policies) for each in policies] == list(policies)
    assert [each.version for each in POLICIES] == [1, 2]


@pytest.mark.parametrize(
    ("kind", "earliest", "overdue"),
    [
        (Kind.MONTHS_1, 7, 7),
        (Kind.MONTHS_2, 7, 7),
        (Kind.MONTHS_3, 30, 14),
        (Kind.MONTHS_6, 30, 14),
        (Kind.MONTHS_9, 30, 14),
        (Kind.MONTHS_12, 30, 14),
        (Kind.YEARS_2, 90, 30),
        (Kind.YEARS_3, 90, 30),
        (Kind.YEARS_5, 90, None),
    ],
)
def test_the_table_of_steps(kind: Kind, earliest: int, overdue: int | None) -> None:
    step = NEWEST.step(kind)
    assert step is not None
    assert step.earliest_before == earliest
    unit, _, amount = kind.value.partition("_")
    rule = RULES[RULE_OF_KIND[kind]]
    assert (rule.unit.value, rule.amount) == (unit, int(amount))
    assert (RULES[OVERDUE_RULE_OF_KIND[kind]].amount if kind in OVERDUE_RULE_OF_KIND else None) == overdue
    assert (RULE_OF_KIND[kind] in OVERDUE_RULES) == (overdue is not None)
