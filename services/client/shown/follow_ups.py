"""How follow-ups are shown: a line of a list, and all facts of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.chassis.kernel.texts import Texts
from services.client import words
from services.client.dates import written
from services.client.shown.values import enum_word, province_of_count

if TYPE_CHECKING:
    from homeward.followup.v1 import visits_pb2


def row(each: Any, _: Texts) -> tuple[str, ...]:
    """A line of a list of follow-ups."""
    state = enum_word(_, each, "state", words.FOLLOW_UP_STATES)
    return (
        each.case_number,
        enum_word(_, each, "kind", words.FOLLOW_UP_KINDS),
        _due(each, _),
        _marked(each, state, _),
        enum_word(_, each, "outcome", words.OUTCOMES),
        str(each.attempts) if each.attempts else "",
        each.office_id,
    )


def count_titles(_: Texts) -> tuple[str, ...]:
    """Of the counts of follow-ups."""
    return (_("Province"), _("Follow-up"), _("State"), _("Number"))


def count_row(each: Any, _: Texts) -> tuple[str, ...]:
    """A line of the counts."""
    return (
        province_of_count(each.province, _),
        enum_word(_, each, "kind", words.FOLLOW_UP_KINDS),
        enum_word(_, each, "state", words.FOLLOW_UP_STATES),
        str(each.total),
    )


def due_titles(_: Texts) -> tuple[str, ...]:
    """Of the counts of what was due."""
    return (_("Office"), _("Follow-up"), _("Were due"), _("Made"), _("Of these, late"), _("Missed"))


def due_row(each: Any, _: Texts) -> tuple[str, ...]:
    """A line of these counts."""
    return (
        each.office_id,
        enum_word(_, each, "kind", words.FOLLOW_UP_KINDS),
        *(str(number) for number in (each.due, each.done, each.done_late, each.missed)),
    )


def _due(each: Any, _: Texts) -> str:
    """The due date, with the first one where it was put on another day."""
    if each.first_due_on in ("", each.due_on):
        return written(each.due_on)
    return _("{day}, at first {first}", day=written(each.due_on), first=written(each.first_due_on))


def _marked(each: Any, state: str, _: Texts) -> str:
    if each.lost:
        return _("{state}, lost", state=state)
    return _("{state}, nobody tried", state=state) if each.neglected else state


def follow_up_facts(found: visits_pb2.FollowUp, _: Texts) -> list[tuple[str, str]]:
    """A follow-up as names and values."""
    return [
        (_("Case number"), found.case_number),
        (_("Follow-up"), enum_word(_, found, "kind", words.FOLLOW_UP_KINDS)),
        (_("State"), enum_word(_, found, "state", words.FOLLOW_UP_STATES)),
        (_("Due"), _due(found, _)),
        (_("A visit counts from"), written(found.earliest_on)),
        (_("Not overdue until"), written(found.limit_on)),
        (_("Visited"), written(found.visited_on)),
        (_("Found"), enum_word(_, found, "outcome", words.OUTCOMES)),
        (_("Attempts"), str(found.attempts) if found.attempts else ""),
    ]
