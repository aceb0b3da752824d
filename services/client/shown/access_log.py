"""How the access log is shown."""

from __future__ import annotations

from typing import Any

from services.chassis.kernel.texts import Texts
from services.client import plain, words
from services.client.dates import written_moment


def titles(_: Texts) -> tuple[str, ...]:
    """The titles of `row`."""
    return (_("When"), _("Office"), _("Who"), _("Case"), _("How much"), _("Purpose"))


def row(each: Any, _: Texts) -> tuple[str, ...]:
    """A line of the log."""
    view = plain.short_name(each.DESCRIPTOR.fields_by_name["identity_view"].enum_type, each.identity_view)
    return (
        written_moment(plain.instant(each.read_time)),
        each.office_id,
        each.subject,
        each.case_id,
        view.lower(),
        words.word(_, words.LOGGED_PURPOSES, each.purpose),
    )
