"""How what is overdue and who is lost are shown: cases of handover and follow-ups of followup in one list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from services.chassis.kernel.texts import Texts
from services.client import plain, words
from services.client.dates import written
from services.client.shown.searches import level_text, with_claims
from services.client.shown.values import province_of_count


def late_case(each: Any) -> dict[str, Any]:
    """A line of handover, for programs."""
    return plain.as_dict(each) | {"source": "handover"}


def late_follow_up(each: Any) -> dict[str, Any]:
    """A line of followup in the form of those of handover, for programs."""
    line = plain.as_dict(each)
    return line | {"accountable_office_id": line.pop("office_id"), "to_office_id": "", "source": "followup"}


def late_by_law(each: Any) -> dict[str, Any]:
    """A step or decision that the law asks for and nobody has taken, in the form of those of handover, for programs."""
    return plain.as_dict(each) | {"to_office_id": "", "source": "intake"}


def late_row(each: dict[str, Any], _: Texts) -> tuple[str, ...]:
    """A line of what is overdue."""
    what = words.word(_, words.RULES, each["rule"])
    return (
        each["case_number"],
        _("{what}; nobody tried", what=what) if each.get("neglected") else what,
        written(each["due_on"]),
        str(each["overdue_days"]),
        each["accountable_office_id"],
        each["to_office_id"],
    )


def lost_case(each: Any) -> dict[str, Any]:
    """A person searched for, for programs."""
    return plain.as_dict(each) | {"source": "handover"}


def lost_row(each: dict[str, Any], _: Texts) -> tuple[str, ...]:
    """A line of who is lost."""
    return (
        each["case_number"],
        with_claims(
            words.word(_, words.LOST_REASONS, each["reason"] or ""),
            [claim["office_id"] for claim in each.get("claims", ())],
            _,
        ),
        str(each["age_days"]),
        each["accountable_office_id"],
        each["to_office_id"],
        level_text(each["escalation_level"], _),
    )


def counted(lost: Iterable[dict[str, Any]], province_of: Callable[[dict[str, Any]], str]) -> list[dict[str, Any]]:
    """The lines of who is lost, counted by province and reason: the counts are always those of the list."""
    ages: dict[tuple[str, str], list[int]] = {}
    for line in lost:
        ages.setdefault((province_of(line), line["reason"]), []).append(line["age_days"])
    return [
        {
            "province": province,
            "reason": reason,
            "total": len(days),
            "from_7_days": sum(day >= 7 for day in days),
            "from_30_days": sum(day >= 30 for day in days),
            "oldest_days": max(days),
        }
        for (province, reason), days in sorted(ages.items())
    ]


def count_titles(_: Texts) -> tuple[str, ...]:
    """Of the counts of who is lost."""
    return (_("Province"), _("Why"), _("People"), _("7 days and more"), _("30 days and more"), _("Oldest, days"))


def count_row(each: dict[str, Any], _: Texts) -> tuple[str, ...]:
    """A line of the counts."""
    return (
        province_of_count(each["province"], _),
        words.word(_, words.LOST_REASONS, each["reason"] or ""),
        str(each["total"]),
        str(each["from_7_days"] or ""),
        str(each["from_30_days"] or ""),
        str(each["oldest_days"]),
    )
