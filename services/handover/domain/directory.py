"""What may be changed about rules and calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from services.chassis.kernel.deadlines import Rule, RuleVersions, Unit
from services.chassis.kernel.errors import FieldViolation, InvalidInput
from services.handover.domain.errors import RuleNotFound, RuleUnitStands

CALENDAR_DAYS_MAX: Final = 60
"""So many days of one kind fit into one change."""
CALENDAR_DAYS_KEPT_MAX: Final = 2_000
"""So many days may differ from the published calendar altogether; an event holds them all."""
_DAYS_FIXED: Final = frozenset({"FOLLOW_UP_OVERDUE_3M", "FOLLOW_UP_OVERDUE_3Y", "CLOSED_CASE_SEEN"})
"""Lists, counts and jobs go by a number of calendar days."""


def latest_to_change(rules: RuleVersions, code: str, unit: Unit) -> Rule:
    """The latest version of a rule, to which one counted in that unit is added; raises RuleNotFound, RuleUnitStands."""
    versions = rules.get(code)
    if versions is None:
        raise RuleNotFound(rule=code)
    latest = versions[-1]
    in_hours = Unit.HOURS in (latest.unit, unit)
    if unit is not latest.unit and (in_hours or latest.code in _DAYS_FIXED):
        raise RuleUnitStands(rule=latest.code, unit=latest.unit.value)
    return latest


def check_calendar_days(days_off: Sequence[date], days_worked: Sequence[date], today: date) -> None:
    """Raise InvalidInput unless some days change, each once, and none that is over."""
    violations = []
    for field, days in (("days_off", days_off), ("days_worked", days_worked)):
        if len(days) > CALENDAR_DAYS_MAX:
            violations.append(FieldViolation(None, field, "TOO_MANY", {"limit": str(CALENDAR_DAYS_MAX)}))
        if any(day < today for day in days):
            violations.append(FieldViolation(None, field, "TOO_EARLY", {"limit": today.isoformat()}))
    if not days_off and not days_worked:
        violations.append(FieldViolation(None, "days_off", "REQUIRED"))
    if set(days_off) & set(days_worked):
        violations.append(FieldViolation(None, "days_worked", "DUPLICATE"))
    if violations:
        raise InvalidInput(violations)
