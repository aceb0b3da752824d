"""Bounds of rules: every limit lies within them, and none can be made to last for years."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.chassis.country.overlays import RuleChange, rules_with
from services.chassis.kernel.deadlines import BOUNDS, RULE_VERSIONS, Basis, Unit, within_bounds


def test_every_rule_has_bounds_and_lies_within_them() -> None:
    assert set(BOUNDS) == set(RULE_VERSIONS)
    beyond = [
        rule
        for versions in RULE_VERSIONS.values()
        for rule in versions
        if not within_bounds(rule.code, rule.amount, rule.unit)
    ]
    assert beyond == []


@pytest.mark.parametrize(
    ("code", "amount", "unit", "holds"),
    [
        ("TRANSFER_LOST", 1, Unit.CALENDAR_DAYS, True),
        ("TRANSFER_LOST", 30, Unit.CALENDAR_DAYS, True),
        ("TRANSFER_LOST", 31, Unit.CALENDAR_DAYS, False),
        ("TRANSFER_LOST", 1, Unit.MONTHS, True),
        ("TRANSFER_LOST", 2, Unit.MONTHS, False),
        ("TRANSFER_LOST", 1, Unit.YEARS, False),
        ("TRANSFER_LOST", 9_999, Unit.CALENDAR_DAYS, False),
        ("TRANSFER_ACKNOWLEDGE", 15, Unit.WORKING_DAYS, True),
        ("TRANSFER_ACKNOWLEDGE", 16, Unit.WORKING_DAYS, False),
        ("OBLIGATIONS_CONFIRM", 72, Unit.HOURS, True),
        ("OBLIGATIONS_CONFIRM", 73, Unit.HOURS, False),
        ("FOLLOW_UP_3Y", 5, Unit.YEARS, True),
        ("FOLLOW_UP_3Y", 6, Unit.YEARS, False),
        ("FOLLOW_UP_3Y", 11, Unit.MONTHS, False),
        ("OF_A_LATER_VERSION", 9_999, Unit.YEARS, True),
    ],
)
def test_a_limit_is_within_its_bounds_in_whatever_unit(code: str, amount: int, unit: Unit, holds: bool) -> None:
    assert within_bounds(code, amount, unit) is holds


@pytest.mark.attack(34, "a rule beyond its bounds is put where rules are kept")
def test_a_change_beyond_the_bounds_counts_nowhere_and_one_within_does() -> None:
    change = RuleChange("TRANSFER_LOST", 2, 9_999, Unit.CALENDAR_DAYS, Basis.POLICY, "Invented", date(2026, 3, 2))
    assert [one.amount for one in rules_with((change,))["TRANSFER_LOST"]] == [7]
    within = replace(change, version=3, amount=9)
    assert [(one.version, one.amount) for one in rules_with((change, within))["TRANSFER_LOST"]] == [(1, 7), (3, 9)]
