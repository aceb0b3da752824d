"""What administrators changed, by whom, and who approved it."""

from __future__ import annotations

from typing import Any

import click

from services.chassis.kernel.texts import Texts
from services.cli.answers import show_list
from services.cli.options import DefaultGroup, help_text, page_options, verb
from services.client.pages import every_page
from services.client.session import Session
from services.client.shown.administration import change_row, change_titles


def administration(_: Texts) -> click.Command:
    """`homeward administration log`."""
    group = DefaultGroup(
        "administration", "log", help=help_text(_, _("Shows what administrators changed for the whole country."))
    )
    group.add_command(_log(_))
    return group


def _log(_: Texts) -> click.Command:
    @verb(
        _,
        "log",
        _(
            "Lists what was changed of offices, rules and the calendar, the newest first: what it became, who asked, "
            "and who approved it. For the auditor and the national supervisor."
        ),
        examples=(("homeward --as AUDIT-NATIONAL administration log", _("all that was changed")),),
    )
    @page_options(_)
    @click.pass_obj
    def command(session: Session, /, **page: Any) -> None:
        from homeward.handover.v1 import directory_pb2

        request = directory_pb2.ListAdministrationRequest()
        call = session.calls.directory.ListAdministration
        found = every_page(session, call, request, lambda answer: answer.changes, **page)
        show_list(session, found, "changes", change_titles(_), lambda each: change_row(each, _))

    return command
