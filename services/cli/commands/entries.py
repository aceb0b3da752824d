"""Entries of a case at home: what is on record, corrected, and taken back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

from services.chassis.calls.enums import number_of
from services.chassis.kernel.texts import Texts
from services.cli.options import Day, Number, Word, case_argument, help_text
from services.client import plain, words
from services.client.refusals import Refusal, bad_input
from services.client.session import Session
from services.client.shown import entries as shown
from services.terminal import output

if TYPE_CHECKING:
    from homeward.followup.v1 import entries_pb2

MAX_ENTRY: Final = 1_000
"""The highest number of an entry."""


def entries(_: Texts) -> click.Command:
    """`homeward followups entries CASE`."""

    @click.command(
        "entries",
        help=help_text(
            _,
            _("Lists what is on record of a case at home, with the number of each entry: visits, attempts, contacts."),
            examples=(("homeward --as SA-24 followups entries HW-999-999-957", _("which entry was the mistake")),),
        ),
    )
    @case_argument(_)
    @click.pass_obj
    def command(session: Session, case: str) -> None:
        story = story_of(session, case)
        if session.as_json:
            output.document({"entries": [plain.as_dict(each) for each in story.entries]})
        elif story.entries:
            output.table(shown.titles(_), [shown.row(each, _) for each in story.entries])
        else:
            output.say(_("There is nothing in this list."))

    return command


def correct(_: Texts) -> click.Command:
    """`homeward followups correct CASE`."""

    @click.command(
        "correct",
        help=help_text(
            _,
            _(
                "Corrects an entry: its day, what was found, or the follow-up that it belongs to. What is not said "
                "stays. The first version is kept. Your office can do it for 14 days, its supervisor later."
            ),
            lists=(
                _("Reasons:") + "\n" + words.explained(_, words.REASONS_TO_CORRECT),
                _("Outcomes:") + "\n" + words.explained(_, words.OUTCOMES),
            ),
            examples=(
                (
                    "homeward followups correct HW-999-999-957 --entry 3 --reason wrong-day --on 12/06/2026",
                    _("the visit was on another day"),
                ),
            ),
        ),
    )
    @case_argument(_)
    @_entry_option(_)
    @click.option(
        "--reason", type=Word(_, words.REASONS_TO_CORRECT), metavar=_("REASON"), required=True, help=_("Why.")
    )
    @click.option("--on", type=Day(_), help=_("The right day."))
    @click.option("--outcome", type=Word(_, words.OUTCOMES), metavar=_("OUTCOME"), help=_("What the visit found."))
    @click.option("--contact", type=Word(_, words.CONTACTS), metavar=_("OUTCOME"), help=_("What the contact said."))
    @click.option(
        "--which", type=Word(_, words.FOLLOW_UP_KINDS), metavar=_("KIND"), help=_("The follow-up that it belongs to.")
    )
    @click.option("--sign", "signs", multiple=True, metavar=_("CODE"), help=_("All warning signs, where others."))
    @click.option("--no-signs", is_flag=True, help=_("There were no warning signs."))
    @click.option("--then", type=Word(_, words.AFTER_DECLINED), metavar=_("WHAT"), help=_("What is to follow."))
    @click.pass_obj
    def command(session: Session, /, case: str, entry: int, reason: str, **said: Any) -> None:
        request = _correction(session, case, entry, reason, **said)
        _show(session, case, session.ask(session.calls.entries.CorrectEntry, request), _("Corrected."))

    return command


def _correction(
    session: Session,
    case: str,
    entry: int,
    reason: str,
    *,
    on: date | None,
    outcome: str | None,
    contact: str | None,
    which: str | None,
    signs: tuple[str, ...],
    no_signs: bool,
    then: str | None,
) -> entries_pb2.CorrectEntryRequest:
    from homeward.followup.v1 import entries_pb2
    from homeward.type.v1 import types_pb2

    return entries_pb2.CorrectEntryRequest(
        request_id=str(uuid.uuid4()),
        case=case,
        entry_number=entry,
        reason=number_of(types_pb2.EntryReason, reason),
        kind=number_of(types_pb2.FollowUpKind, which),
        on=on.isoformat() if on else "",
        outcome=number_of(types_pb2.FollowUpOutcome, outcome),
        contact=number_of(types_pb2.ContactOutcome, contact),
        warning_signs=warning_signs(signs, session.texts),
        no_warning_signs=no_signs,
        then=number_of(types_pb2.AfterDeclined, then),
    )


def take_back(_: Texts) -> click.Command:
    """`homeward followups take-back CASE`."""

    @click.command(
        "take-back",
        help=help_text(
            _,
            _(
                "Takes an entry back, as if it had never been: due dates, deadlines and searches follow. It stays in "
                "the history with the reason. Your office can do it for 14 days, its supervisor later."
            ),
            lists=(_("Reasons:") + "\n" + words.explained(_, words.REASONS_TO_TAKE_BACK),),
            examples=(
                (
                    "homeward followups take-back HW-999-999-957 --entry 3 --reason wrong-case",
                    _("the visit was another person's"),
                ),
            ),
        ),
    )
    @case_argument(_)
    @_entry_option(_)
    @click.option(
        "--reason", type=Word(_, words.REASONS_TO_TAKE_BACK), metavar=_("REASON"), required=True, help=_("Why.")
    )
    @click.pass_obj
    def command(session: Session, case: str, entry: int, reason: str) -> None:
        from homeward.followup.v1 import entries_pb2
        from homeward.type.v1 import types_pb2

        request = entries_pb2.TakeBackEntryRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            entry_number=entry,
            reason=number_of(types_pb2.EntryReason, reason),
        )
        _show(session, case, session.ask(session.calls.entries.TakeBackEntry, request), _("Taken back."))

    return command


def _entry_option(_: Texts) -> Callable[[Any], Any]:
    return click.option(
        "--entry",
        type=Number(_, 1, MAX_ENTRY),
        metavar=_("NUMBER"),
        required=True,
        help=_("Its number (homeward followups entries CASE)."),
    )


def story_of(session: Session, case: str) -> entries_pb2.GetStoryResponse:
    """The story of a case at home. Raises Refusal."""
    from homeward.followup.v1 import entries_pb2

    return session.ask(session.calls.entries.GetStory, entries_pb2.GetStoryRequest(case=case))


def told_of(session: Session, case: str, refused: Refusal) -> Refusal:
    """The refusal of a second visit, with what the first one said, where it can be read."""
    _ = session.texts
    try:
        story = story_of(session, case)
    except Refusal:
        return refused
    visits = [each for each in story.entries if each.versions[-1].outcome and each.versions[-1].state != _taken_back()]
    details = [_("Entry {number}: {text}", number=each.number, text=shown.row(each, _)[2]) for each in visits]
    advice = [_("Where it is wrong: homeward followups correct, or homeward followups take-back")]
    return Refusal(refused.kind, refused.reason, refused.message, advice=advice, details=details)


def _taken_back() -> int:
    from homeward.type.v1 import types_pb2

    return types_pb2.ENTRY_STATE_TAKEN_BACK


def warning_signs(signs: tuple[str, ...], _: Texts) -> list[str]:
    """The codes of warning signs that were said, once each. Raises Refusal for one that there is not."""
    from services.chassis.country.reference_lists import warning_signs as listed

    known = {sign.id for sign in listed()}
    given = list(dict.fromkeys(part.strip().upper() for sign in signs for part in sign.split(",") if part.strip()))
    if wrong := [each for each in given if each not in known]:
        text = _("There is no warning sign {code}; all of them: homeward codes signs", code=wrong[0][:10])
        raise bad_input("UNKNOWN_WARNING_SIGN", text)
    return given


def _show(session: Session, case: str, answer: Any, done: str) -> None:
    _ = session.texts
    if session.as_json:
        output.document(plain.as_dict(answer))
        return
    output.say(done)
    output.facts(shown.entry_facts(answer.entry, _))
    for line in shown.effect_lines(answer, case, _):
        output.say(line)
