"""One value of an answer as a person reads it."""

from __future__ import annotations

from typing import Any

from services.chassis.kernel.texts import Texts
from services.client import plain, words
from services.client.dates import written_moment


def enum_word(_: Texts, message: Any, field: str, known: Any) -> str:
    """The officer's word for an enum field of a message; empty when it is not given."""
    descriptor = message.DESCRIPTOR.fields_by_name[field]
    code = plain.short_name(descriptor.enum_type, getattr(message, field))
    return words.word(_, known, code) if code else ""


def province_text(ref: Any) -> str:
    """A province by name and code; empty when it is not known."""
    if not ref.code:
        return ""
    from services.chassis.kernel.places import ProvinceRef
    from services.client.people_file.values import province_name

    return f"{province_name(ProvinceRef(ref.code, ref.vintage))} ({ref.code}@{ref.vintage})"


def day_of(stamp: Any) -> str:
    """The local day of an instant, as officers write it."""
    return moment_of(stamp).partition(" ")[0]


def moment_of(stamp: Any) -> str:
    """An instant as officers write it."""
    return written_moment(plain.instant(stamp))


def person(office_id: str, subject: str, _: Texts) -> str:
    """Who did something, and where; empty for nobody."""
    return _("{office} ({account})", office=office_id, account=subject) if office_id else ""


def province_of_count(counted: str, _: Texts) -> str:
    """A province as counts name it, such as "22@2025", in words; offices of the whole country have none."""
    from services.chassis.kernel.places import ProvinceRef
    from services.client.people_file.values import province_name

    return province_name(ProvinceRef.parse(counted)) if counted else _("whole country")


def count_titles(_: Texts) -> tuple[str, ...]:
    """Of the numbers of cases by how long they are overdue."""
    return (_("Cases"), _("Overdue"), _("7 days and more"), _("30 days and more"), _("Oldest, days"))


def count_numbers(each: Any) -> tuple[str, ...]:
    """Under these titles; none is an empty cell."""
    numbers = (each.total, each.overdue, each.from_7_days, each.from_30_days, each.oldest_days)
    return tuple(str(number or "") for number in numbers)
