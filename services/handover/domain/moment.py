"""When something happens, and what is watched from then on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import DueDate, due_date, next_due_date, rule_on, rules_of


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happens: an aware instant, and how days are counted from it, with the rules as they stand.

    `subject`: the person who does it, as tokens name people; empty when no person does.
    """

    now: datetime
    calendar: WorkingCalendar
    subject: str = ""

    @property
    def today(self) -> date:
        """The local day in Viet Nam."""
        return local_date(self.now)

    def due(self, rule: str, start: date | datetime) -> DueDate:
        """When a limit that starts then is due, by the version of the rule that held then."""
        day = local_date(start) if isinstance(start, datetime) else start
        return due_date(rule_on(rule, day, rules_of(self.calendar)), start, self.calendar)

    def next_due(self, rule: str, passed: DueDate) -> DueDate:
        """The first time of a repeating rule that lies ahead, on the grid from one that passed."""
        return next_due_date(rule_on(rule, passed.due_on, rules_of(self.calendar)), passed, self.now, self.calendar)


@dataclass(frozen=True, slots=True)
class Watch:
    """The deadline that handover watches for a case.

    `level` counts how often it fired. `fire_at`: it fires before its due date, to warn of it.
    """

    due: DueDate
    is_primary: bool
    reference_id: UUID | None = None
    level: int = 0
    fire_at: datetime | None = None

    @property
    def rule(self) -> str:
        """Its code."""
        return self.due.rule_code

    @property
    def fires_at(self) -> datetime:
        """The instant at which it fires next."""
        return self.fire_at or self.due.due_at


@dataclass(frozen=True, slots=True)
class Missed:
    """The first deadline that passed since the case last moved on: overdue is counted from it."""

    rule: str
    due_on: date
