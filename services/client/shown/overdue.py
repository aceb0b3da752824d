"""How what is overdue and who is lost are shown: cases of handover and follow-ups of followup in one list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from services.chassis.kernel.texts import Texts
from services.client import plain, words
from services.client.dates import written
from services.client.shown.searches import level_text, with_claims
from services.client.shown.values import province_of_count

CASE_RULES: Final = (
    "DISPATCH_DUE",
    "TRANSFER_ACKNOWLEDGE",
    "TRANSFER_LOST",
    "REDISPATCH_AFTER_REJECT",
    "DISPATCH_AFTER_DISCHARGE",
    "SEARCH_ESCALATE",
    "OBLIGATIONS_CONFIRM",
    "FACILITY_STAY_ASSESSMENT_CENTRE",
    "FACILITY_STAY_SOCIAL_PROTECTION_CENTRE",
    "FACILITY_STAY_SHELTER",
    "FACILITY_STAY_ESCALATE",
)
"""What handover watches; its lists and counts refuse other rules."""
FOLLOW_UP_RULES: Final = (
    "FIRST_CONTACT",
    "FOLLOW_UP_1M",
    "FOLLOW_UP_2M",
    "FOLLOW_UP_3M",
    "FOLLOW_UP_6M",
    "FOLLOW_UP_9M",
    "FOLLOW_UP_12M",
    "FOLLOW_UP_2Y",
    "FOLLOW_UP_3Y",
    "CLOSE_DECISION",
)
"""What followup lists as late."""
LAW_RULES: Final = words.LEGAL_DEADLINES.codes
"""What intake lists: steps that the law asks for, and what passes while nobody decides on the identification."""
_SUMMED: Final = ("total", "from_7_days", "from_30_days")


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


def late_counted(late: Iterable[dict[str, Any]], province_of: Callable[[dict[str, Any]], str]) -> list[dict[str, Any]]:
    """Lines of what is overdue, counted by province and rule as services count them."""
    ages: dict[tuple[str, str], list[int]] = {}
    sources = {}
    for line in late:
        key = province_of(line), line["rule"]
        ages.setdefault(key, []).append(line["overdue_days"])
        sources[key] = line["source"]
    return [
        {"province": key[0], "rule": key[1], **_ages(days), "source": sources[key]}
        for key, days in sorted(ages.items())
    ]


def by_rule(counts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Counts of handover, which tells phases apart, in the form of those of the others."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for each in counts:
        line = {name: each[name] for name in ("province", "rule", "source", *_SUMMED, "oldest_days")}
        before = found.setdefault((each["province"], each["rule"]), line)
        if before is not line:
            before.update({name: before[name] + line[name] for name in _SUMMED})
            before["oldest_days"] = max(before["oldest_days"], line["oldest_days"])
    return list(found.values())


def late_count_titles(_: Texts) -> tuple[str, ...]:
    """Of the counts of what is overdue."""
    return (_("Province"), _("What"), _("Lines"), _("7 days and more"), _("30 days and more"), _("Oldest, days"))


def late_count_row(each: dict[str, Any], _: Texts) -> tuple[str, ...]:
    """A line of these counts."""
    return (province_of_count(each["province"], _), words.word(_, words.RULES, each["rule"]), *_numbers(each))


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
        {"province": province, "reason": reason, **_ages(days)} for (province, reason), days in sorted(ages.items())
    ]


def _ages(days: Sequence[int]) -> dict[str, int]:
    return {
        "total": len(days),
        "from_7_days": sum(day >= 7 for day in days),
        "from_30_days": sum(day >= 30 for day in days),
        "oldest_days": max(days),
    }


def count_titles(_: Texts) -> tuple[str, ...]:
    """Of the counts of who is lost."""
    return (_("Province"), _("Why"), _("People"), _("7 days and more"), _("30 days and more"), _("Oldest, days"))


def count_row(each: dict[str, Any], _: Texts) -> tuple[str, ...]:
    """A line of the counts."""
    return (
        province_of_count(each["province"], _),
        words.word(_, words.LOST_REASONS, each["reason"] or ""),
        *_numbers(each),
    )


def _numbers(each: dict[str, Any]) -> tuple[str, ...]:
    return (
        str(each["total"]),
        str(each["from_7_days"] or ""),
        str(each["from_30_days"] or ""),
        str(each["oldest_days"]),
    )
