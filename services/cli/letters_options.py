"""Letters that were damaged or only guessed: what was meant is said by options, and shown before it is taken."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from services.chassis.kernel.texts import Texts
from services.client.refusals import Kind, Refusal, bad_input
from services.client.session import Session
from services.terminal import output

if TYPE_CHECKING:
    from services.client.people_file.draft import Draft


def letters_options(_: Texts) -> Callable[[Any], Any]:
    """`--encoding` and `--convert-letters`."""

    def decorate(function: Any) -> Any:
        for option in (
            click.option(
                "--convert-letters",
                is_flag=True,
                help=_("Turn damaged letters back (.VnTime, VNI, misread UTF-8); what becomes what is shown first."),
            ),
            click.option(
                "--encoding",
                metavar=_("NAME"),
                help=_("How the file is written, such as windows-1258, where it was only guessed."),
            ),
        ):
            function = option(function)
        return function

    return decorate


def with_letters_asked_for(session: Session, draft: Draft, *, convert: bool) -> Draft:
    """The file, its letters turned back if that was asked for: what becomes what is shown."""
    if not convert:
        return draft
    from services.client.people_file.letters import with_letters_mended

    draft, mended = with_letters_mended(draft)
    _ = session.texts
    if mended and not session.as_json:
        output.table(
            (_("Row"), _("Column"), _("In the file"), _("Becomes")),
            [(str(each.row or ""), each.title, each.before, each.after) for each in mended],
        )
    return draft


def require_letters_known(session: Session, draft: Draft, *, convert: bool) -> None:
    """Asks before what was turned back is sent. Raises Refusal for an encoding that was only guessed."""
    from services.client.people_file.letters import guessed_encoding

    _ = session.texts
    guessed = guessed_encoding(draft)
    if guessed and not convert:
        raise bad_input(
            "ENCODING_GUESSED",
            _("It is only a guess that the file is written in {encoding}; nothing was sent.", encoding=guessed),
            advice=(
                _("Save it in Excel as “CSV UTF-8”, and look at the names."),
                _(
                    "If the names are right in “homeward validate”, send it with --encoding {encoding}",
                    encoding=guessed,
                ),
            ),
        )
    asked = convert and not session.as_json and sys.stdin.isatty()
    if asked and not click.confirm(_("Send it with these letters?")):
        raise Refusal(Kind.REFUSED, "NOT_CONFIRMED", _("Nothing was sent."))
