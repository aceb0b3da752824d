"""How the work at home stands: who has how much of it, what became of it, and who waits for a second person.

Policies of this project:

- A case is the work of whoever recorded something of it last, for the office that makes the follow-ups now: nobody is
  assigned, and after a change of office it is nobody's until somebody there records something.
- The next visit of a case is the earliest that is open, a first contact included. It counts once: as overdue, or by
  when it is due.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from services.chassis.kernel.deadlines import Timeliness
from services.chassis.kernel.figures import Figure, shown
from services.followup.domain.case import FIRST_CONTACT
from services.followup.domain.entry import Kind
from services.followup.domain.policy import RULE_OF_KIND

NOBODY: Final = "NOBODY"
"""Whose work a case is of which nobody recorded anything yet."""
WEEK_DAYS: Final = 7
MONTH_DAYS: Final = 30
TREND_MONTHS: Final = 12


class Result(StrEnum):
    """What became of a follow-up, as figures tell it. OVERDUE and LOST overlap; none counts those cancelled."""

    TO_BE_MADE = "TO_BE_MADE"
    DONE_IN_TIME = "DONE_IN_TIME"
    DONE_LATE = "DONE_LATE"
    MISSED = "MISSED"
    OVERDUE = "OVERDUE"
    LOST = "LOST"


@dataclass(frozen=True, slots=True)
class Next:
    """The earliest visit of a case that is open; `kind` None: the first contact."""

    kind: Kind | None
    due_on: date
    timeliness: Timeliness

    @property
    def rule(self) -> str:
        """Code of its rule."""
        return RULE_OF_KIND[self.kind] if self.kind is not None else FIRST_CONTACT

    @property
    def is_overdue(self) -> bool:
        """Its grace has passed."""
        return self.timeliness is Timeliness.OVERDUE

    def is_due_within(self, days: int, today: date) -> bool:
        """Due within so many days from today, and not overdue."""
        return not self.is_overdue and self.due_on <= today + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Work:
    """An open case of an officer: a pseudonym, or NOBODY. `safety_act`: a second person is to confirm what was done."""

    case_id: uuid.UUID
    case_number: str
    office_id: str
    officer: str
    next: Next | None
    has_wishes: bool = False
    safety_act: bool = False


@dataclass(frozen=True, slots=True)
class WorkWanted:
    """Which work; what is empty limits nothing."""

    officer: str = ""
    due_within_days: int = 0
    overdue_only: bool = False
    this_week: bool = False

    def takes(self, work: Work, today: date) -> bool:
        """Whether a case is asked for."""
        if self.officer and work.officer != self.officer:
            return False
        if self.overdue_only and not (work.next and work.next.is_overdue):
            return False
        if self.this_week and not is_of_this_week(work, today):
            return False
        return not self.due_within_days or bool(work.next and work.next.is_due_within(self.due_within_days, today))


def is_of_this_week(work: Work, today: date) -> bool:
    """Its next visit is overdue or due within a week, or a second person is to confirm what was done for her safety."""
    return work.safety_act or bool(work.next and (work.next.is_overdue or work.next.is_due_within(WEEK_DAYS, today)))


@dataclass(frozen=True, slots=True)
class Workload:
    """What an officer of an office has to do, in open cases, and the visits written in the last MONTH_DAYS."""

    office_id: str
    officer: str
    open_cases: int
    due_in_7_days: int
    due_in_30_days: int
    overdue: int
    visits_written: int


def in_order(works: Iterable[Work], after: tuple[date, uuid.UUID] | None = None) -> list[Work]:
    """Earliest next visit first, cases without one last; only those behind the row with that sort key."""
    ordered = sorted(works, key=sort_key)
    return ordered if after is None else [work for work in ordered if sort_key(work) > after]


def sort_key(work: Work) -> tuple[date, uuid.UUID]:
    """By which work is listed."""
    return (work.next.due_on if work.next else date.max), work.case_id


def workloads(works: Iterable[Work], written: Mapping[tuple[str, str], int], today: date) -> list[Workload]:
    """The work added up by office and officer; `written`: visits by the same."""
    by_officer: dict[tuple[str, str], list[Work]] = {key: [] for key in written}
    for work in works:
        by_officer.setdefault((work.office_id, work.officer), []).append(work)
    return [
        Workload(
            office_id,
            officer,
            len(found),
            _count(found, WorkWanted(due_within_days=WEEK_DAYS), today),
            _count(found, WorkWanted(due_within_days=MONTH_DAYS), today),
            _count(found, WorkWanted(overdue_only=True), today),
            written.get((office_id, officer), 0),
        )
        for (office_id, officer), found in sorted(by_officer.items())
    ]


def _count(works: Sequence[Work], wanted: WorkWanted, today: date) -> int:
    return sum(wanted.takes(work, today) for work in works)


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """What became of the follow-ups that fall due in a month, by its first day."""

    month: date
    counts: Mapping[Result, Figure]


def months_until(today: date) -> list[date]:
    """The first days of the last TREND_MONTHS months, that of today the last one."""
    last = today.year * 12 + today.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(last - TREND_MONTHS + 1, last + 1)]


def trend(counted: Mapping[date, Mapping[Result, int]], today: date, *, own: bool) -> list[MonthFigures]:
    """The months until today; of others than the own office without what could tell of a person."""
    return [MonthFigures(month, _figures(counted.get(month, {}), own=own)) for month in months_until(today)]


def _figures(counts: Mapping[Result, int], *, own: bool) -> Mapping[Result, Figure]:
    full = {result: counts.get(result, 0) for result in Result}
    if own:
        return MappingProxyType({result: Figure(count) for result, count in full.items()})
    parts = {result.value: count for result, count in full.items() if result is not Result.TO_BE_MADE}
    figures, total = shown(parts, full[Result.TO_BE_MADE])
    return MappingProxyType({Result.TO_BE_MADE: total, **{Result(name): each for name, each in figures.items()}})


@dataclass(frozen=True, slots=True)
class WaitingSafety:
    """A judgement of immediate danger that waits for a second person."""

    case_id: uuid.UUID
    case_number: str
    office_id: str
    needed_on: date
    level: int
