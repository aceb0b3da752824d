"""The story of a case at home: what was recorded, with its corrections, and what was told of the follow-ups."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from services.chassis.kernel.clock import local_date
from services.chassis.kernel.texts import Texts
from services.client import plain, words
from services.client.dates import written
from services.client.shown.entries import finding_text
from services.client.shown.story import Line
from services.client.shown.values import enum_word

if TYPE_CHECKING:
    from homeward.followup.v1 import entries_pb2


def home_story(story: entries_pb2.GetStoryResponse, _: Texts) -> list[Line]:
    """The lines, in no order."""
    return [
        *(line for entry in story.entries for line in _of_entry(entry, _)),
        *(line for mark in story.marks for line in _of_mark(mark, _)),
    ]


def _of_entry(entry: entries_pb2.Entry, _: Texts) -> Iterator[Line]:
    for version in entry.versions:
        at = plain.instant(version.record_time)
        state = plain.short_name(version.DESCRIPTOR.fields_by_name["state"].enum_type, version.state)
        said = {"number": entry.number, "office": version.office_id, "text": finding_text(version, _)}
        if version.withheld:
            text = _("{office}, entry {number}: {text}.", **said)
        elif state == "RECORDED":
            text = _("{office} recorded, as entry {number}, of {day}: {text}.", day=written(version.on), **said)
            if date.fromisoformat(version.on) == local_date(at):
                text = _("{office} recorded, as entry {number}: {text}.", **said)
        elif state == "CORRECTED":
            why = enum_word(_, version, "reason", words.ENTRY_REASONS)
            text = _(
                "{office} corrected entry {number} ({why}); it says now, of {day}: {text}.",
                why=why,
                day=written(version.on),
                **said,
            )
        else:
            why = enum_word(_, version, "reason", words.ENTRY_REASONS)
            text = _("{office} took entry {number} back ({why}).", why=why, **said)
        yield Line(at, f"ENTRY_{state}", text, version.office_id)


def _scheduled(mark: Any, kind: str, _: Texts) -> str:
    return _("{office} makes the follow-ups.", office=mark.office_id)


def _due(mark: Any, kind: str, _: Texts) -> str:
    return _("Follow-up after {kind} came due.", kind=kind)


def _overdue(mark: Any, kind: str, _: Texts) -> str:
    return _("Follow-up after {kind} is overdue: it was due on {day}.", kind=kind, day=written(mark.due_on))


def _escalated(mark: Any, kind: str, _: Texts) -> str:
    rule = words.word(_, words.RULES, mark.rule)
    return _("Told to the next level, time {level}: {rule}.", level=mark.level, rule=rule)


def _neglected(mark: Any, kind: str, _: Texts) -> str:
    return _("Follow-up after {kind}: nobody tried to make it; the supervisors were told.", kind=kind)


def _lost(mark: Any, kind: str, _: Texts) -> str:
    return _("Follow-up after {kind}: whoever tried did not find her.", kind=kind)


def _cancelled(mark: Any, kind: str, _: Texts) -> str:
    return _("The follow-ups were cancelled: the arrival was taken back.")


def _rescheduled(mark: Any, kind: str, _: Texts) -> str:
    return _("Follow-up after {kind} was put on {day}.", kind=kind, day=written(mark.due_on))


def _steps_changed(mark: Any, kind: str, _: Texts) -> str:
    why = words.word(_, words.STEPS_CAUSES, mark.rule)
    return _("Other follow-ups are to be made than before: {why}.", why=why)


_MARKS: Final[Mapping[str, tuple[str, Callable[[Any, str, Texts], str]]]] = {
    "FollowUpsScheduled": ("FOLLOW_UPS_SCHEDULED", _scheduled),
    "FollowUpDue": ("FOLLOW_UP_CAME_DUE", _due),
    "FollowUpOverdue": ("FOLLOW_UP_OVERDUE", _overdue),
    "FollowUpEscalated": ("FOLLOW_UP_ESCALATED", _escalated),
    "FollowUpNeglected": ("FOLLOW_UP_NEGLECTED", _neglected),
    "LostToFollowUp": ("LOST_TO_FOLLOW_UP", _lost),
    "FollowUpRescheduled": ("FOLLOW_UP_RESCHEDULED", _rescheduled),
    "StepsChanged": ("STEPS_CHANGED", _steps_changed),
    "FollowUpsCancelled": ("FOLLOW_UPS_CANCELLED", _cancelled),
}


def _of_mark(mark: entries_pb2.Mark, _: Texts) -> Iterator[Line]:
    """What was told; nothing for what a newer service tells."""
    if mark.event not in _MARKS:
        return
    code, text_of = _MARKS[mark.event]
    kind = enum_word(_, mark, "kind", words.FOLLOW_UP_KINDS)
    yield Line(plain.instant(mark.mark_time), code, text_of(mark, kind, _), mark.office_id)


def still_due(follow_ups: Iterable[Any]) -> list[Any]:
    """The follow-ups that are still to come or to be made: what was recorded is told by its entry."""
    return [each for each in follow_ups if not each.visited_on]
