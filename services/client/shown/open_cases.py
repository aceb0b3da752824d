"""How open cases, their counts and the trend are shown."""

from __future__ import annotations

from typing import Any

from services.chassis.kernel.texts import Texts
from services.client import words
from services.client.dates import written
from services.client.shown import values
from services.client.shown.values import enum_word, province_of_count


def titles(_: Texts) -> tuple[str, ...]:
    """Of a list of open cases."""
    return (_("Case number"), _("Phase"), _("What is due"), _("Due"), _("Days overdue"), _("Accountable"), _("Sent to"))


def row(each: Any, _: Texts) -> tuple[str, ...]:
    """A line of a list of open cases."""
    return (
        each.case_number,
        enum_word(_, each, "phase", words.PHASES),
        words.word(_, words.RULES, each.rule),
        written(each.due_on),
        str(each.overdue_days or ""),
        each.accountable_office_id,
        each.to_office_id,
    )


def count_titles(_: Texts) -> tuple[str, ...]:
    """Of the counts of open cases."""
    return (_("Province"), _("Phase"), _("What is due"), *values.count_titles(_))


def count_row(each: Any, _: Texts) -> tuple[str, ...]:
    """A line of the counts."""
    return (
        province_of_count(each.province, _),
        enum_word(_, each, "phase", words.PHASES),
        words.word(_, words.RULES, each.rule),
        *values.count_numbers(each),
    )


def trend_titles(_: Texts) -> tuple[str, ...]:
    """Of the trend."""
    return (_("Day"), _("On the way"), _("Overdue"), _("Searched for"))


def trend_row(each: Any) -> tuple[str, ...]:
    """A week of the trend."""
    return (written(each.day), str(each.on_the_way), str(each.overdue), str(each.lost))
