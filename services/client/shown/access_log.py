"""How the access log is shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from services.chassis.kernel.texts import Texts
from services.client import plain, words
from services.client.dates import written, written_moment
from services.client.shown.values import enum_word

if TYPE_CHECKING:
    from homeward.office.v1 import acts_pb2


def titles(_: Texts) -> tuple[str, ...]:
    """The titles of `row`."""
    return (_("When"), _("Office"), _("Who"), _("Case"), _("How much"), _("Purpose"))


def list_titles(_: Texts) -> tuple[str, ...]:
    """The titles of `list_row`."""
    return (_("Day"), _("Office"), _("Who"), _("List"), _("Pages"), _("Rows"))


def newest_lists(lists: Iterable[acts_pb2.ListsRead]) -> list[acts_pb2.ListsRead]:
    """What the services counted, joined: the newest day first, and the most pages of it."""
    return sorted(lists, key=lambda each: (each.day, each.pages), reverse=True)


def list_row(each: Any, _: Texts) -> tuple[str, ...]:
    """What an overseer listed on a day."""
    return (
        written(each.day),
        each.office_id,
        each.subject,
        words.word(_, words.LISTS, each.method),
        str(each.pages),
        str(each.rows),
    )


def row(each: Any, _: Texts) -> tuple[str, ...]:
    """A line of the log."""
    return (
        written_moment(plain.instant(each.read_time)),
        each.office_id,
        each.subject,
        each.case_number or each.case_id,
        enum_word(_, each, "identity_view", words.IDENTITY_VIEWS),
        words.word(_, words.LOGGED_PURPOSES, each.purpose),
    )
