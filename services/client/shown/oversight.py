"""How the work at home stands, as it is shown: what is overdue, who has how much, and month by month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from services.chassis.kernel.figures import SMALLEST_SHOWN
from services.chassis.kernel.texts import Texts
from services.client import words
from services.client.dates import written
from services.client.shown.values import enum_word, province_of_count

NOBODY: Final = "NOBODY"
"""Instead of an officer: nobody recorded anything of the case yet."""
RESULT_FIELDS: Final = (
    ("due", "TO_BE_MADE"),
    ("done_in_time", "DONE_IN_TIME"),
    ("done_late", "DONE_LATE"),
    ("missed", "MISSED"),
    ("overdue", "OVERDUE"),
    ("lost", "LOST"),
)
"""What is counted of a month, and which follow-ups these are."""


@dataclass(frozen=True, slots=True)
class LostCount:
    """Follow-ups of a province of one kind that are lost."""

    province: str
    kind: Any
    total: int


def overdue_titles(_: Texts) -> tuple[str, ...]:
    """Of what is overdue by office."""
    return (
        _("Province"),
        _("Office"),
        _("What"),
        _("Lines"),
        _("7 days and more"),
        _("30 days and more"),
        _("Oldest, days"),
    )


def overdue_row(each: Any, _: Texts) -> tuple[str, ...]:
    """A line of it."""
    return (
        province_of_count(each.province, _),
        each.office_id,
        words.word(_, words.RULES, each.rule),
        str(each.total),
        str(each.from_7_days or ""),
        str(each.from_30_days or ""),
        str(each.oldest_days),
    )


@dataclass(frozen=True, slots=True)
class LateCount:
    """Follow-ups of a province that are overdue: all, and for how long."""

    total: int = 0
    from_7_days: int = 0
    from_30_days: int = 0


def late_by_province(counts: Iterable[Any]) -> dict[str, LateCount]:
    """What is overdue by office, added up: of the whole country it tells in which province to look closer."""
    found: dict[str, LateCount] = {}
    for each in counts:
        one = found.get(each.province, LateCount())
        found[each.province] = LateCount(
            one.total + each.total, one.from_7_days + each.from_7_days, one.from_30_days + each.from_30_days
        )
    return found


def province_titles(_: Texts) -> tuple[str, ...]:
    """Of what is overdue by province."""
    return (_("Province"), _("Overdue"), _("7 days and more"), _("30 days and more"))


def province_row(province: str, each: LateCount, _: Texts) -> tuple[str, ...]:
    """A line of it."""
    numbers = (each.total, each.from_7_days, each.from_30_days)
    return province_of_count(province, _), *(str(number or "") for number in numbers)


def lost_counts(counts: Iterable[Any]) -> list[LostCount]:
    """Counts of follow-ups, added up over their states."""
    found: dict[tuple[str, Any], int] = {}
    for each in counts:
        found[each.province, each.kind] = found.get((each.province, each.kind), 0) + each.total
    return [LostCount(province, kind, total) for (province, kind), total in sorted(found.items())]


def lost_titles(_: Texts) -> tuple[str, ...]:
    """Of who is lost to follow-up."""
    return (_("Province"), _("Follow-up"), _("Lost to follow-up"))


def lost_row(each: LostCount, _: Texts) -> tuple[str, ...]:
    """A line of it."""
    from homeward.type.v1 import types_pb2

    kind = types_pb2.FollowUpKind.Name(each.kind).removeprefix("FOLLOW_UP_KIND_")
    return province_of_count(each.province, _), words.word(_, words.FOLLOW_UP_KINDS, kind), str(each.total)


def workload_titles(_: Texts) -> tuple[str, ...]:
    """Of what each officer has to do."""
    return (
        _("Office"),
        _("Officer"),
        _("Open cases"),
        _("Due in 7 days"),
        _("Due in 30 days"),
        _("Overdue"),
        _("Visits written in 30 days"),
    )


def workload_row(each: Any, _: Texts) -> tuple[str, ...]:
    """A line of it."""
    numbers = (each.open_cases, each.due_in_7_days, each.due_in_30_days, each.overdue, each.visits_written)
    return each.office_id, officer(each.officer, _), *(str(number or "") for number in numbers)


def officer(code: str, _: Texts) -> str:
    """An officer by the pseudonym of the log of acts."""
    return _("nobody yet") if code == NOBODY else code


def work_titles(_: Texts) -> tuple[str, ...]:
    """Of the cases of an officer."""
    return (_("Case number"), _("What is due"), _("Due"), _("State"), _("Officer"), _("Office"))


def work_row(each: Any, _: Texts) -> tuple[str, ...]:
    """A case of an officer."""
    return (
        each.case_number,
        words.word(_, words.RULES, each.rule) if each.rule else "",
        written(each.due_on),
        enum_word(_, each, "state", words.FOLLOW_UP_STATES),
        officer(each.officer, _),
        each.office_id,
    )


def trend_titles(_: Texts) -> tuple[str, ...]:
    """Of what became of follow-ups, month by month."""
    return (
        _("Month"),
        _("Due"),
        _("Done in time"),
        _("Done late"),
        _("Missed"),
        _("Overdue"),
        _("Lost to follow-up"),
    )


def trend_row(each: Any, _: Texts) -> tuple[str, ...]:
    """A month of it."""
    return (month_text(each.month), *(_figure(getattr(each, name), _) for name, _result in RESULT_FIELDS))


def figures_legend(_: Texts) -> str:
    """What an empty cell means, and one that is not told."""
    return _(
        "An empty cell means none. Outside the own office no number under {limit} is told, nor one from which such a "
        "number could be reckoned: it could tell of a person.",
        limit=SMALLEST_SHOWN,
    )


def month_text(first_day: str) -> str:
    """A month as officers write it."""
    return f"{date.fromisoformat(first_day):%m/%Y}"


def month_end(first_day: str) -> str:
    """Its last day."""
    return ((date.fromisoformat(first_day) + timedelta(days=32)).replace(day=1) - timedelta(days=1)).isoformat()


def _figure(figure: Any, _: Texts) -> str:
    return _("under {limit}, or hidden with it", limit=SMALLEST_SHOWN) if figure.hidden else str(figure.count or "")


def safety_titles(_: Texts) -> tuple[str, ...]:
    """Of who waits for a second person."""
    return (_("Case number"), _("Judged on"), _("Told so often"), _("Office"))


def safety_row(each: Any, _: Texts) -> tuple[str, ...]:
    """A line of it."""
    return each.case_number, written(each.needed_on), str(each.escalation_level or ""), each.office_id
