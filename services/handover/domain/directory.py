"""What may be changed about offices, rules and calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.chassis.kernel.deadlines import BOUNDS, OVERDUE_RULES, Rule, RuleVersions, Unit
from services.chassis.kernel.errors import FieldViolation, InvalidInput, register_violations
from services.chassis.kernel.fold import exact, squeeze
from services.handover.domain.approvals import Given
from services.handover.domain.errors import RuleNotFound, RuleUnitStands


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was changed.

    `approved_by_…`: who approved it, of several the last one; None: one person was enough then. `approvals`: all who
    did; empty for what an earlier version carried out.
    """

    id: UUID
    done_at: datetime
    office_id: str
    subject: str
    method: str
    about: str
    details: Mapping[str, object]
    approved_by_office_id: str | None
    approved_by_subject: str | None
    approvals: tuple[Given, ...] = ()


CALENDAR_DAYS_MAX: Final = 60
"""So many days of one kind fit into one change."""
CALENDAR_DAYS_KEPT_MAX: Final = 2_000
"""So many days may differ from the published calendar altogether; an event holds them all."""
NAME_TAKEN: Final = "NAME_TAKEN"
register_violations({NAME_TAKEN: "The office {office_id} has this name already; choose one that tells them apart."})
_DAYS_FIXED: Final = frozenset({*OVERDUE_RULES.values(), "CLOSED_CASE_SEEN", "CARE_SEEN_BY_FORMER"})
"""Lists, counts and jobs go by a number of calendar days."""


def check_names(named: Mapping[str, str], taken: Mapping[str, Sequence[str]]) -> None:
    """Raise InvalidInput for each of these names, by their fields, that an office has; `taken`: names by office.

    Whoever chooses from a list goes by the name: accents, capitals, spaces and punctuation tell no two offices apart,
    and neither does the language.
    """
    holders: dict[str, str] = {}
    for office_id, names in taken.items():
        for name in names:
            holders.setdefault(_as_read(name), office_id)
    held = {field: holders[_as_read(name)] for field, name in named.items() if _as_read(name) in holders}
    if held:
        raise InvalidInput(
            [FieldViolation(None, field, NAME_TAKEN, {"office_id": office_id}) for field, office_id in held.items()]
        )


def _as_read(name: str) -> str:
    # Of another script nothing is left when it is folded.
    return squeeze(name) or exact(name)


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


def check_amount(code: str, amount: int, unit: Unit) -> None:
    """Raise InvalidInput unless the limit lies within the bounds of its rule; says them in the unit asked for."""
    bounds = BOUNDS[code]
    least, most = bounds.least_in(unit), bounds.most_in(unit)
    if most < least:
        raise InvalidInput([FieldViolation(None, "unit", "NOT_ALLOWED")])
    if amount < least:
        raise InvalidInput([FieldViolation(None, "amount", "TOO_SMALL", {"limit": str(least)})])
    if amount > most:
        raise InvalidInput([FieldViolation(None, "amount", "TOO_LARGE", {"limit": str(most)})])


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
