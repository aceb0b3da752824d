"""Who is accountable for a case, and how it came to be so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from services import terminal
from services.cli.commands.cases import enum_word
from services.cli.options import case_argument, verb
from services.client import plain, words
from services.client.dates import written
from services.client.desk import Session
from services.client.shown import transfers as transfer_view
from services.client.shown.transfers import moment_of
from services.client.texts import Translator

if TYPE_CHECKING:
    from homeward.handover.v1 import handover_pb2


def custody(_: Translator) -> click.Command:
    """`homeward custody CASE`."""

    @verb(
        _,
        "custody",
        _("Tells who is accountable for a case now, until when what must happen, and how it came to be so."),
        _("The same as one story, with searches and follow-ups: homeward case history CASE"),
        examples=(("homeward custody HW-999-999-957", _("offices and transfers, oldest first")),),
    )
    @case_argument(_)
    @click.pass_obj
    def command(session: Session, case: str) -> None:
        from homeward.handover.v1 import handover_pb2

        request = handover_pb2.GetCustodyRequest(case=case)
        show_custody(session, session.ask(session.handover.GetCustody, request).custody)

    return command


def show_custody(session: Session, found: handover_pb2.Custody, done: str = "") -> None:
    """The custody of a case as facts and tables, or JSON; `done` says before it what was done."""
    _ = session.translator
    if session.as_json:
        terminal.document({"custody": plain.as_dict(found)})
        return
    if done:
        terminal.say(done)
    terminal.facts(standing(found, _))
    _tables(found.segments, found.transfers, _)


def standing(found: handover_pb2.Custody, _: Translator) -> list[tuple[str, str]]:
    """Where a case stands now, as names and values."""
    deadline = words.word(_, words.RULES, found.deadline_rule) if found.deadline_rule else ""
    ended = found.segments and found.segments[-1].HasField("end_time")
    kind = enum_word(_, found.segments[-1], "kind", words.CUSTODY_KINDS) if found.segments and not ended else ""
    return [
        (_("Case number"), found.case_number),
        (_("Phase"), enum_word(_, found, "phase", words.PHASES)),
        (_("Accountable now"), found.accountable_office_id),
        (_("Where she is"), kind),
        (_("Deadline"), f"{deadline}: {written(found.deadline_on)}" if deadline else ""),
    ]


def _tables(segments: Sequence[Any], transfers: Iterable[Any], _: Translator) -> None:
    numbers = [each.segment for each in segments]
    stretches = [
        (
            str(each.segment),
            each.office_id,
            _where(each, _),
            # Journeys are stretches of a segment: what began it is said once.
            enum_word(_, each, "cause", words.CUSTODY_CAUSES) if each.segment not in numbers[:position] else "",
            moment_of(each.start_time),
            moment_of(each.end_time) if each.HasField("end_time") else _("now"),
        )
        for position, each in enumerate(segments)
    ]
    if stretches:
        terminal.table(("", _("Accountable"), _("Where"), _("Because"), _("Since"), _("Until")), stretches)
    rows = [transfer_view.row(each, _) for each in transfers]
    if rows:
        terminal.table(transfer_view.titles(_), rows)


def _where(segment: Any, _: Translator) -> str:
    kind = enum_word(_, segment, "kind", words.CUSTODY_KINDS)
    return f"{kind} → {segment.to_office_id}" if segment.to_office_id else kind
