"""What became of a file of people: by the file beside it, and where that is lost by who the people are."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from services.chassis.kernel.texts import Texts
from services.cli.options import PeopleFile, verb
from services.cli.people_file import read, understand
from services.cli.people_sending import found, show_receipts, show_standing
from services.client.refusals import Kind, Refusal
from services.client.session import Session
from services.client.sidecar import BatchState
from services.terminal import output
from services.terminal.exits import Exit

if TYPE_CHECKING:
    from services.client.people_file.check import Checked
    from services.client.people_file.standing import Standing
    from services.client.sidecar import SentBatch, Sidecar


def receipt(_: Texts) -> click.Command:
    """`homeward receipt FILE`."""

    @verb(
        _,
        "receipt",
        _("Shows which case numbers the people of a file became. It asks the service where the outcome is not known."),
        _(
            "Whose number is whose is told by who stands in a row, not by the row: the file may have been sorted, "
            "renamed or copied. Where nothing is kept beside it, the service is asked for these people, among those "
            "whom your office registered."
        ),
        examples=(("homeward receipt handover.csv", _("row and case number of each person")),),
    )
    @click.argument("file", type=PeopleFile(_, missing_ok=True), metavar=_("FILE"))
    @click.option(
        "--encoding",
        metavar=_("NAME"),
        help=_("How the file is written, such as windows-1258, where it was only guessed."),
    )
    @click.pass_obj
    def command(session: Session, file: Path, encoding: str | None) -> int:
        from services.client.submission import load

        known = load(file, _)
        if known is not None and known.batches and known.command not in ("submit", "register"):
            from services.cli.commands.journey import show_receipt

            return show_receipt(session, known)
        checked = _understood(session, file, known, encoding)
        if known is not None and known.batches:
            known = _ask_for_receipts(session, file, known)
        return _show(session, file, known, checked)

    return command


def _understood(session: Session, file: Path, known: Sidecar | None, encoding: str | None) -> Checked | None:
    """The people of the file as they stand there now; None when it is not there, or cannot be read any more.

    Raises Refusal for that where nothing is kept beside it.
    """
    from services.client.people_file.letters import with_letters_mended

    _ = session.texts
    try:
        if not file.exists():
            return None
        draft = read(file, _, encoding)
    except Refusal as refusal:
        if known is None:
            raise
        text = _("the file cannot be read now ({cause}); the rows are those of when it was sent", cause=refusal.message)
        output.warn(_("Note: {text}", text=text))
        return None
    # Whoever was sent with letters turned back is known by these.
    draft = with_letters_mended(draft)[0]
    return understand(session, draft, {}, alone=known is not None and known.command == "register")


def _ask_for_receipts(session: Session, file: Path, known: Sidecar) -> Sidecar:
    from services.client.submission import keep_receipt

    for batch in known.batches:
        if batch.state is BatchState.PREPARED and (arrived := found(session, batch)) is not None:
            known = known.with_batch(arrived)
            keep_receipt(file, known, session.texts, session.tell)
    return known


def _show(session: Session, file: Path, known: Sidecar | None, checked: Checked | None) -> int:
    from services.client.people_file.standing import delivered_of

    _ = session.texts
    waiting = sum(batch.state is BatchState.PREPARED for batch in known.batches) if known else 0
    standing = _standing(session, file, known, checked) if checked is not None else None
    sent = delivered_of(known.batches) if known else ()
    if standing is not None and (standing.registered or standing.gone):
        # Of those who were not delivered yet it is told below.
        show_standing(session, file, replace(standing, new=()) if waiting else standing)
        code = Exit.PARTLY_DONE if standing.new else Exit.DONE
    elif sent:
        show_receipts(session, file, sent)
        code = Exit.DONE
    elif waiting:
        show_receipts(session, file, ())
        code = Exit.UNREACHABLE
    else:
        raise _never_sent(checked, _)
    if waiting:
        assert known is not None, "somebody waits in it"
        output.warn(
            _("Not delivered yet: {count}. Run the same “{command}” again.", count=waiting, command=known.command)
        )
    return code


def _never_sent(checked: Checked | None, _: Texts) -> Refusal:
    text = _("Nothing was sent from this file, and your office has registered none of its people.")
    if checked is None:
        text = _("Nothing was sent from this file, at least not from this folder.")
    return Refusal(Kind.NOT_FOUND, "NEVER_SENT", text, advice=(_("Send it with: homeward submit FILE"),))


def _standing(session: Session, file: Path, known: Sidecar | None, checked: Checked) -> Standing | None:
    """Who of the file became which case; None when that is as it stands beside the file.

    What is not known there is asked of the service, and kept. Raises Refusal when it cannot be reached and nothing is
    known without it.
    """
    from services.client.people_file.standing import delivered_of, has_marks, standing_of

    sent = delivered_of(known.batches) if known else ()
    sent = with_marks(sent, checked)
    if not has_marks(sent):
        sent = ()
    standing = standing_of(sent, checked.rows, checked.people)
    if not standing.new:
        return standing
    try:
        more = _of_the_service(session, checked, standing.new)
    except Refusal as refusal:
        if refusal.kind is not Kind.UNREACHABLE or not (known and delivered_of(known.batches)):
            raise
        text = session.texts("whether the others are registered is not known: the service cannot be reached")
        output.warn(session.texts("Note: {text}", text=text))
        return standing if sent else None
    if more:
        _keep(session, file, known, checked, more)
    return standing_of(sent + more, checked.rows, checked.people)


def with_marks(sent: tuple[SentBatch, ...], checked: Checked) -> tuple[SentBatch, ...]:
    """Batches from before there were marks, where the file still holds what was sent."""
    from services.client.people_file.batches import FamilyTooLarge, split
    from services.client.people_file.standing import has_marks, marks_of

    if has_marks(sent) or checked.content is None:
        return sent
    try:
        of_file = {batch.content.digest(): batch for batch in split(checked.content, checked.rows)}
    except FamilyTooLarge:
        return sent
    marked = []
    for batch in sent:
        same = of_file.get(batch.sha256)
        if same is not None and not batch.marks and len(same.rows) == len(batch.rows):
            marks, about = marks_of(same.content, batch.request_id)
            batch = replace(batch, marks=marks, about=about)
        marked.append(batch)
    return tuple(marked)


def _of_the_service(session: Session, checked: Checked, new: tuple[int, ...]) -> tuple[SentBatch, ...]:
    from services.client.people_file.batches import part_of
    from services.client.people_file.sending import find_registered, rebuilt

    everybody = len(new) == len(checked.rows)
    content = checked.content
    if content is not None and not everybody:
        content = part_of(content, checked.rows, new)[0]
    of_row = dict(zip(checked.rows, checked.people, strict=True))
    people = [of_row[row] for row in new]
    ask = partial(session.ask, session.calls.submissions.FindRegistered)
    of_service = find_registered(ask, new, content, people)
    return rebuilt(checked.rows, checked.content if everybody else None, checked.people, of_service)


def _keep(session: Session, file: Path, known: Sidecar | None, checked: Checked, more: tuple[SentBatch, ...]) -> None:
    """Keep beside the file what the service told, so that it need not be asked again."""
    from services.client.sidecar import Sidecar
    from services.client.submission import keep_receipt

    _ = session.texts
    command = "submit" if checked.content is None or checked.content.gate or len(checked.rows) > 1 else "register"
    kept = known or Sidecar(command, session.office_id)
    # What was prepared and never arrived has arrived another way.
    rows = {row for batch in more for row in batch.rows}
    kept = replace(kept, batches=tuple(each for each in kept.batches if each.entries or not set(each.rows) <= rows))
    for batch in more:
        kept = kept.with_batch(batch)
    keep_receipt(file, kept, _, session.tell)
    output.warn(_("Note: {text}", text=_("found at the service by name, sex and birth date, and kept beside the file")))
