"""How entries are shown: visits, attempts and contacts on record, what became of them, and what follows from one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from services.chassis.kernel.clock import local_date
from services.chassis.kernel.texts import Texts
from services.client import plain, words
from services.client.dates import written
from services.client.shown.values import enum_word

if TYPE_CHECKING:
    from homeward.followup.v1 import entries_pb2


def finding_text(version: entries_pb2.EntryVersion, _: Texts) -> str:
    """What a version of an entry says, in one line without its day."""
    if version.withheld:
        return _("an entry that your office may not see")
    if version.contact:
        return _("contact: {outcome}", outcome=enum_word(_, version, "contact", words.CONTACTS))
    kind = enum_word(_, version, "kind", words.FOLLOW_UP_KINDS)
    outcome = enum_word(_, version, "outcome", words.OUTCOMES)
    text = _("follow-up after {kind}: {outcome}", kind=kind, outcome=outcome)
    if version.then:
        text += "; " + enum_word(_, version, "then", words.AFTER_DECLINED)
    if version.warning_signs:
        text += "; " + _("warning signs: {codes}", codes=", ".join(version.warning_signs))
    if version.signs_erased:
        text += "; " + _("warning signs: erased")
    return text


def titles(_: Texts) -> tuple[str, ...]:
    """Of a list of entries."""
    return ("", _("Day"), _("What was recorded"), _("By"), _("Recorded"), _("State"))


def row(entry: entries_pb2.Entry, _: Texts) -> tuple[str, ...]:
    """A line of a list of entries: each as it is now."""
    latest = entry.versions[-1]
    return (
        str(entry.number),
        written(latest.on),
        finding_text(latest, _),
        entry.versions[0].office_id,
        written(local_date(plain.instant(entry.versions[0].record_time))),
        state_text(latest, _),
    )


def visits_of(entries: Iterable[entries_pb2.Entry], _: Texts) -> list[tuple[str, str]]:
    """The visits on record that may be seen and stand, the latest first: number, and day with what was found."""
    latest = ((str(each.number), each.versions[-1]) for each in entries)
    seen = [(number, one) for number, one in latest if one.outcome and not one.withheld]
    return [(number, f"{written(one.on)}, {finding_text(one, _)}") for number, one in reversed(seen)]


def state_text(version: entries_pb2.EntryVersion, _: Texts) -> str:
    """What became of an entry, and why."""
    state = enum_word(_, version, "state", words.ENTRY_STATES)
    return f"{state}: {enum_word(_, version, 'reason', words.ENTRY_REASONS)}" if version.reason else state


def entry_facts(entry: entries_pb2.Entry, _: Texts) -> list[tuple[str, str]]:
    """An entry as names and values."""
    latest = entry.versions[-1]
    return [
        (_("Entry"), str(entry.number)),
        (_("Day"), written(latest.on)),
        (_("What was recorded"), finding_text(latest, _)),
        (_("By"), entry.versions[0].office_id),
        (_("State"), state_text(latest, _)),
    ]


def effect_lines(answer: Any, case: str, _: Texts) -> list[str]:
    """What an entry, or a change of one, makes of the search and of earlier entries."""
    search = plain.short_name(answer.DESCRIPTOR.fields_by_name["search"].enum_type, answer.search)
    lines = []
    if search in ("OPENS_NOT_AT_ADDRESS", "OPENS_LEFT_PROVINCE"):
        lines.append(_("She is searched for from now on: homeward searches show {case}", case=case))
    elif search == "ENDS_SEEN":
        lines.append(_("She was seen: a search that was opened because nobody found her ends."))
    elif search == "ENDS_MISTAKEN":
        lines.append(_("The search that it had opened ends."))
    if seen_on := getattr(answer, "seen_on", ""):
        day = written(date.fromisoformat(seen_on))
        lines.append(_("She was seen on {day}, which is not earlier: this attempt opens no search.", day=day))
    return lines


def missed_text(answer: Any, _: Texts) -> Iterable[str]:
    """The earlier follow-ups that a visit ended as missed, each in a line."""
    for kind in answer.missed:
        code = plain.short_name(answer.DESCRIPTOR.fields_by_name["missed"].enum_type, kind)
        word = words.word(_, words.FOLLOW_UP_KINDS, code)
        yield _("The follow-up after {kind} was never recorded; it counts as missed now.", kind=word)
