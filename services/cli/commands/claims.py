"""That somebody who is searched for is with an office: that office answers, and whoever said so may take it back."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from services.chassis.kernel.texts import Texts
from services.cli.answers import show_list, show_one
from services.cli.options import Day, case_argument, help_text, page_options
from services.client import plain
from services.client.pages import every_page
from services.client.session import Session
from services.client.shown.custody import custody_facts
from services.client.shown.searches import claim_row, search_facts
from services.terminal import output

if TYPE_CHECKING:
    from collections.abc import Callable


def commands(_: Texts) -> tuple[click.Command, ...]:
    """`homeward searches claims`, `… confirm-found`, `… deny-found` and `… withdraw-claim`."""
    build: tuple[Callable[[Texts], click.Command], ...] = (_claims, _confirm, _deny, _withdraw)
    return tuple(each(_) for each in build)


def _claims(_: Texts) -> click.Command:
    @click.command(
        "claims",
        help=help_text(
            _,
            _("Lists the people who are searched for and are said to be with your office: it is asked to answer."),
            examples=(("homeward searches claims", _("who is said to be here")),),
        ),
    )
    @page_options(_)
    @click.pass_obj
    def command(session: Session, /, **page: Any) -> None:
        from homeward.handover.v1 import claims_pb2

        request = claims_pb2.ListClaimsRequest()
        found = every_page(session, session.calls.claims.ListClaims, request, lambda answer: answer.searches, **page)
        titles = (_("Case number"), _("Said to be at"), _("Since"), _("Says"), _("Said on"), _("Why searched for"))
        show_list(session, found, "searches", titles, lambda each: claim_row(each, _))

    return command


def _confirm(_: Texts) -> click.Command:
    @click.command(
        "confirm-found",
        help=help_text(
            _,
            _(
                "Confirms that a person who is searched for is with your office: it is accountable for her from now "
                "on, and the search ends. Only the office that is said to have her can say so."
            ),
            _("Who she is, as far as you need it to answer: homeward case show CASE --identity --purpose …"),
            examples=(
                ("homeward searches confirm-found HW-999-999-957", _("since the day that is claimed")),
                ("homeward searches confirm-found HW-999-999-957 --on yesterday", _("she came yesterday")),
            ),
        ),
    )
    @case_argument(_)
    @click.option("--on", type=Day(_), help=_("Since when she is there (as claimed)."))
    @click.pass_obj
    def command(session: Session, case: str, on: date | None) -> None:
        from homeward.handover.v1 import claims_pb2

        request = claims_pb2.ConfirmFoundRequest(
            request_id=str(uuid.uuid4()), case=case, on=on.isoformat() if on else ""
        )
        answer = session.ask(session.calls.claims.ConfirmFound, request)
        if session.as_json:
            output.document({"search": plain.as_dict(answer.search), "custody": plain.as_dict(answer.custody)})
            return
        output.say(_("Confirmed: your office is accountable from now on."))
        output.facts(custody_facts(answer.custody, _))

    return command


def _deny(_: Texts) -> click.Command:
    @click.command(
        "deny-found",
        help=help_text(
            _,
            _(
                "Says that a person who is searched for is not with your office. The search goes on, and whoever "
                "claimed it is told."
            ),
            examples=(("homeward searches deny-found HW-999-999-957", _("she is not here")),),
        ),
    )
    @case_argument(_)
    @click.pass_obj
    def command(session: Session, case: str) -> None:
        from homeward.handover.v1 import claims_pb2

        request = claims_pb2.DenyFoundRequest(request_id=str(uuid.uuid4()), case=case)
        answer = session.ask(session.calls.claims.DenyFound, request)
        show_one(session, "answer", answer, (), _("Recorded: she is not with your office. The search goes on."))

    return command


def _withdraw(_: Texts) -> click.Command:
    @click.command(
        "withdraw-claim",
        help=help_text(
            _,
            _("Takes back that a person was found at another office, before that office has answered."),
            examples=(("homeward searches withdraw-claim HW-999-999-957", _("it was a mistake")),),
        ),
    )
    @case_argument(_)
    @click.pass_obj
    def command(session: Session, case: str) -> None:
        from homeward.handover.v1 import claims_pb2

        request = claims_pb2.WithdrawClaimRequest(request_id=str(uuid.uuid4()), case=case)
        search = session.ask(session.calls.claims.WithdrawClaim, request).search
        show_one(session, "search", search, search_facts(search, _), _("Taken back. The search goes on."))

    return command
