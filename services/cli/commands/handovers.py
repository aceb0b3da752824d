"""Handovers as a whole: which there were, and one with its people."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from services.chassis.kernel.texts import Texts
from services.cli.answers import show_list
from services.cli.options import Day, DefaultGroup, help_text, page_options
from services.client import plain
from services.client.pages import every_page
from services.client.session import Session
from services.client.shown import handovers as shown
from services.client.shown.cases import person_facts
from services.terminal import output


def handovers(_: Texts) -> click.Command:
    """`homeward handovers` and `homeward handovers show ID`."""
    group = DefaultGroup("handovers", "list", help=help_text(_, _("Shows the handovers that your office registered.")))
    for build in (_list, _show):
        group.add_command(build(_))
    return group


def _list(_: Texts) -> click.Command:
    @click.command(
        "list",
        help=help_text(
            _,
            _("Lists the handovers that your office registered, the latest first. No list shows who anybody is."),
            examples=(("homeward handovers --from today", _("those of today, with their case numbers")),),
        ),
    )
    @click.option("--from", "from_on", type=Day(_), help=_("Only those of this day and later."))
    @click.option("--until", "until_on", type=Day(_), help=_("Only those of this day and earlier."))
    @page_options(_)
    @click.pass_obj
    def command(session: Session, /, from_on: date | None, until_on: date | None, **page: Any) -> None:
        from homeward.intake.v1 import handovers_pb2

        request = handovers_pb2.ListHandoversRequest(
            from_on=from_on.isoformat() if from_on else "", until_on=until_on.isoformat() if until_on else ""
        )
        found = every_page(
            session, session.calls.handovers.ListHandovers, request, lambda answer: answer.handovers, **page
        )
        show_list(session, found, "handovers", shown.titles(_), lambda each: shown.row(each, _))

    return command


def _show(_: Texts) -> click.Command:
    @click.command(
        "show",
        help=help_text(
            _,
            _(
                "Shows one handover with everybody in it, as far as your office may still know them. Each reading is "
                "recorded with its purpose, for each person."
            ),
            examples=(
                (
                    "homeward handovers show 0198b2c4-0000-7000-8000-000000000001 --purpose minutes",
                    _("to write the minutes"),
                ),
            ),
        ),
    )
    @click.argument("handover_id", metavar=_("ID"))
    @click.option("--purpose", required=True, metavar=_("TEXT"), help=_("Why you read it; goes into the access log."))
    @click.pass_obj
    def command(session: Session, handover_id: str, purpose: str) -> None:
        from homeward.intake.v1 import handovers_pb2

        request = handovers_pb2.GetHandoverRequest(handover_id=handover_id, purpose=purpose)
        found = session.ask(session.calls.handovers.GetHandover, request)
        if session.as_json:
            output.document(plain.as_dict(found))
            return
        output.facts(shown.handover_facts(found, _))
        for each in found.cases:
            output.say("")
            known = person_facts(each, _) if each.HasField("person") or each.erased else []
            output.facts([(_("Case number"), each.case_number), *known])

    return command
