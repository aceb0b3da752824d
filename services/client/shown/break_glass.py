"""What was opened by break-glass: who, why, how often it was read, and what its review said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.chassis.kernel.texts import Texts
from services.client import words
from services.client.dates import written
from services.client.shown.values import enum_word, moment_of

if TYPE_CHECKING:
    from homeward.intake.v1 import break_glass_pb2


def titles(_: Texts) -> tuple[str, ...]:
    """The titles of the list."""
    return (_("Break-glass"), _("Case"), _("Office"), _("Opened"), _("Reason"), _("Read"), _("Review"))


def row(each: break_glass_pb2.BreakGlass, _: Texts) -> tuple[str, ...]:
    """A line of the list."""
    return (
        each.break_glass_id,
        each.case_number,
        each.office_id,
        moment_of(each.open_time),
        enum_word(_, each, "reason", words.BREAK_GLASS_REASONS),
        str(each.reads),
        enum_word(_, each, "verdict", words.BREAK_GLASS_VERDICTS)
        or _("waits until {day}", day=written(each.review_due_on)),
    )


def facts(each: break_glass_pb2.BreakGlass, said: str, _: Texts) -> list[tuple[str, str]]:
    """One of them; `said`: the reason in words, for whoever reviews it."""
    found = [
        (_("Break-glass"), each.break_glass_id),
        (_("Case"), each.case_number),
        (_("Opened by"), _("{office} ({account})", office=each.office_id, account=each.subject)),
        (_("Opened"), moment_of(each.open_time)),
        (_("Reason"), enum_word(_, each, "reason", words.BREAK_GLASS_REASONS)),
    ]
    if said:
        found += [(_("In words"), said)]
    found += [
        (_("Shows"), enum_word(_, each, "identity_view", words.IDENTITY_VIEWS)),
        (_("Can be read until"), moment_of(each.expire_time)),
        (_("Was read"), _("{count} times", count=each.reads)),
    ]
    if not each.HasField("review_time"):
        return [*found, (_("To be reviewed until"), written(each.review_due_on))]
    by = _("{office} ({account})", office=each.reviewed_by_office_id, account=each.reviewed_by_subject)
    return [
        *found,
        (_("Review"), enum_word(_, each, "verdict", words.BREAK_GLASS_VERDICTS)),
        (_("Reviewed by"), by),
        (_("Reviewed"), moment_of(each.review_time)),
    ]
