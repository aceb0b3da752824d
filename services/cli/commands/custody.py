"""Who is accountable for a case, and how it came to be so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from services.chassis.kernel.texts import Texts
from services.cli.answers import show_custody
from services.cli.options import case_argument, verb
from services.client.session import Session

if TYPE_CHECKING:
    pass
    pass


def custody(_: Texts) -> click.Command:
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
        from homeward.handover.v1 import custody_pb2

        request = custody_pb2.GetCustodyRequest(case=case)
        show_custody(session, session.ask(session.calls.custody.GetCustody, request).custody)

    return command
