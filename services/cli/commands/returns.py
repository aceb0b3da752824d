"""That a person was registered again under another case: listed, confirmed, denied, taken back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

import click

from services.chassis.kernel.texts import Texts
from services.cli.answers import show_custody, show_list
from services.cli.options import CaseName, DefaultGroup, case_argument, help_text, page_options
from services.client.pages import every_page
from services.client.session import Session
from services.client.shown.returns import decide_row


def returns(_: Texts) -> click.Command:
    """`homeward returns`, `… confirm`, `… deny` and `… undo`."""
    group = DefaultGroup(
        "returns",
        "list",
        help=help_text(
            _,
            _(
                "People who were registered again, as another office says. Whoever answers for the earlier case "
                "decides; until then nothing changes, and who is on the way stays expected."
            ),
        ),
    )
    for build in (_list, _confirm, _deny, _undo):
        group.add_command(build(_))
    return group


def _list(_: Texts) -> click.Command:
    @click.command(
        "list",
        help=help_text(
            _,
            _("Lists what waits for the decision of your office, or in your scope, the oldest first."),
            examples=(("homeward --as SV-24 returns", _("all that is to be decided in the province")),),
        ),
    )
    @page_options(_)
    @click.pass_obj
    def command(session: Session, /, **page: Any) -> None:
        from homeward.handover.v1 import returns_pb2

        request = returns_pb2.ListReturnsRequest()
        found = every_page(session, session.calls.returns.ListReturns, request, lambda answer: answer.returns, **page)
        titles = (
            _("Case number"),
            _("Later case"),
            _("Says"),
            _("Said on"),
            _("The two records"),
            _("Accountable"),
        )
        show_list(session, found, "returns", titles, lambda each: decide_row(each, _))

    return command


def _confirm(_: Texts) -> click.Command:
    return _decision(
        _,
        "confirm",
        (
            _(
                "It is the same person. Registered again at a border post she came back anew: this case ends and goes "
                "on as the later one. Otherwise she moved: this case goes on at the office that has her, with the "
                "follow-ups that are due, and the later one ends."
            ),
            _("When your office registered the later case itself and the records differ, a supervisor decides."),
        ),
        _("it is she"),
        _("Confirmed."),
        "ConfirmReappearance",
    )


def _deny(_: Texts) -> click.Command:
    return _decision(
        _,
        "deny",
        (_("It is another person. A search that was opened because of it ends, and what stood before goes on."),),
        _("it is not she"),
        _("Recorded: it is another person."),
        "DenyReappearance",
    )


def _undo(_: Texts) -> click.Command:
    return _decision(
        _,
        "undo",
        (
            _(
                "Takes a mistaken confirmation back, for a supervisor, as long as nothing else has become of the two "
                "cases: both go on."
            ),
        ),
        _("it was not she after all"),
        _("Taken back."),
        "UndoReappearance",
    )


def _decision(_: Texts, name: str, paragraphs: Sequence[str], meaning: str, done: str, method: str) -> click.Command:
    example = f"homeward returns {name} HW-999-999-957 --later HW-999-999-923"

    @click.command(name, help=help_text(_, *paragraphs, examples=((example, meaning),)))
    @case_argument(_)
    @click.option(
        "--later", type=CaseName(_), metavar=_("CASE"), required=True, help=_("The case of the later registration.")
    )
    @click.pass_obj
    def command(session: Session, case: str, later: str) -> None:
        from homeward.handover.v1 import returns_pb2

        request: Any = getattr(returns_pb2, f"{method}Request")(
            request_id=str(uuid.uuid4()), case=case, later_case=later
        )
        ask: Callable[[Any], Any] = getattr(session.calls.returns, method)
        show_custody(session, session.ask(ask, request).custody, done)

    return command
