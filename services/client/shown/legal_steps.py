"""How steps that the law asks for, and all legal deadlines, are shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from homeward.intake.v1 import cases_pb2
from services.chassis.kernel.texts import Texts
from services.client import plain, words
from services.client.dates import written, written_moment
from services.client.shown import values
from services.client.shown.story import Line
from services.client.shown.values import enum_word, province_of_count


def titles(_: Texts) -> tuple[str, ...]:
    """Of a list of legal deadlines."""
    return (_("Case number"), _("What is due"), _("Due"), _("Days overdue"), _("Accountable"), _("Received by"))


def row(each: Any, _: Texts) -> tuple[str, ...]:
    """A line of a list of legal deadlines."""
    return (
        each.case_number,
        words.word(_, words.RULES, each.rule),
        written(each.due_on),
        str(each.overdue_days or ""),
        each.accountable_office_id,
        each.receiving_office_id,
    )


def count_titles(_: Texts) -> tuple[str, ...]:
    """Of the counts of legal deadlines."""
    return (_("Province"), _("What is due"), *values.count_titles(_))


def count_row(each: Any, _: Texts) -> tuple[str, ...]:
    """A line of the counts."""
    return (
        province_of_count(each.province, _),
        words.word(_, words.RULES, each.rule),
        *values.count_numbers(each),
    )


def step_titles(_: Texts) -> tuple[str, ...]:
    """Of the steps of a case."""
    return (_("Step that the law asks for"), _("State"), _("Due"), _("Done on"), _("Recorded by"))


def step_row(each: Any, _: Texts) -> tuple[str, ...]:
    """A step of a case."""
    return (
        words.word(_, words.RULES, each.step),
        enum_word(_, each, "state", words.LEGAL_STEP_STATES),
        written_moment(plain.instant(each.due_time)),
        written(each.done_on) if each.done_on else "",
        each.recording_office_id,
    )


def step_facts(steps: Iterable[Any], _: Texts) -> list[tuple[str, str]]:
    """The steps of a case, by their names."""
    found = []
    for each in steps:
        state = enum_word(_, each, "state", words.LEGAL_STEP_STATES)
        asked = each.state == cases_pb2.LEGAL_STEP_STATE_ASKED
        value = _("{state}, until {due}", state=state, due=written_moment(plain.instant(each.due_time)))
        found.append((words.word(_, words.RULES, each.step), value if asked else state))
    return found


def verification_facts(found: Any, _: Texts) -> list[tuple[str, str]]:
    """Until when the police is to decide, of a case; nothing when it has."""
    if not found.HasField("verification"):
        return []
    awaited = found.verification
    rule = words.word(_, words.RULES, awaited.reply_rule)
    return [
        (_("First verification due"), written(awaited.due_on)),
        (_("Answer of the police due"), _("{day}: {rule}", day=written(awaited.reply_due_on), rule=rule)),
    ]


def step_lines(steps: Iterable[Any], _: Texts) -> list[Line]:
    """What the story of a case tells of them: what was asked, and what was done."""
    return [line for each in steps for line in _lines(each, _)]


def _lines(each: Any, _: Texts) -> Iterable[Line]:
    what = words.word(_, words.RULES, each.step)
    due = written_moment(plain.instant(each.due_time))
    state = enum_word(_, each, "state", words.LEGAL_STEP_STATES)
    text = _("The law asks for this until {due}: {what}. It is {state}.", due=due, what=what, state=state)
    yield Line(plain.instant(each.ask_time), "LEGAL_STEP_ASKED", text)
    if each.done_on:
        text = _(
            "{office} recorded that it was done on {day}: {what}.",
            office=each.recording_office_id,
            day=written(each.done_on),
            what=what,
        )
        yield Line(plain.instant(each.record_time), "LEGAL_STEP_DONE", text, each.recording_office_id)
