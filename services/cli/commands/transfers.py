"""Transfers of an office: the list, one of them, and the board of the morning."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

import click

from services.chassis.kernel.texts import Texts
from services.cli.answers import show_list, show_transfer
from services.cli.options import CaseName, DefaultGroup, Number, Word, help_text, page_options
from services.client import plain, words
from services.client.dates import written
from services.client.pages import every_page
from services.client.refusals import Kind, Refusal
from services.client.session import Session
from services.client.shown import transfers as shown
from services.terminal import output

if TYPE_CHECKING:
    from homeward.handover.v1 import transfers_pb2

MAX_PRESSING: Final = 50
"""Lines that the service gives at most (handover.proto)."""


def transfers(_: Texts) -> click.Command:
    """`homeward transfers`, `homeward transfers board` and `homeward transfers show`."""
    group = DefaultGroup(
        "transfers",
        "list",
        help=help_text(
            _,
            _("Lists the transfers to and from your office; those still open unless --state says otherwise."),
            _("The board of the morning: homeward transfers board. All about one: homeward transfers show CASE"),
        ),
    )
    group.add_command(_list(_))
    group.add_command(_board(_))
    group.add_command(_show(_))
    return group


def _list(_: Texts) -> click.Command:
    @click.command(
        "list",
        help=help_text(
            _,
            _("Lists the transfers to and from your office; those still open unless --state says otherwise."),
            _(
                "“Seen” says that the office read the message, “accepted” that it took over the duty to receive her; "
                "neither says that she arrived."
            ),
            lists=(_("States:") + "\n" + words.explained(_, words.TRANSFER_STATES),),
            examples=(
                ("homeward transfers --incoming", _("who is coming to you, the earliest first")),
                ("homeward transfers --outgoing --overdue", _("of whom no arrival was acknowledged in time")),
            ),
        ),
    )
    @click.option("--incoming", "direction", flag_value="INCOMING", help=_("Addressed to your office."))
    @click.option("--outgoing", "direction", flag_value="OUTGOING", help=_("Sent by your office."))
    @click.option(
        "--state", "state", type=Word(_, words.TRANSFER_STATES), metavar=_("STATE"), help=_("Only this state.")
    )
    @click.option("--overdue", is_flag=True, help=_("Only those overdue."))
    @page_options(_)
    @click.pass_obj
    def command(session: Session, /, direction: str | None, state: str | None, overdue: bool, **page: Any) -> None:
        from homeward.handover.v1 import transfers_pb2
        from homeward.type.v1 import types_pb2

        request = transfers_pb2.ListTransfersRequest(
            direction=transfers_pb2.Direction.Value(f"DIRECTION_{direction or 'UNSPECIFIED'}"),
            state=types_pb2.TransferState.Value(f"TRANSFER_STATE_{state or 'UNSPECIFIED'}"),
            overdue_only=overdue,
        )
        found = every_page(
            session, session.calls.transfers.ListTransfers, request, lambda answer: answer.transfers, **page
        )
        show_list(session, found, "transfers", shown.titles(_), lambda each: shown.row(each, _))

    return command


def _board(_: Texts) -> click.Command:
    @click.command(
        "board",
        help=help_text(
            _,
            _(
                "The board to begin the day with: how many people are coming to your office, were sent by it, and wait "
                "in it, and those that press most. For a supervisor, the same over all offices in the scope."
            ),
            _("Overdue ones come first, then by the day on which they are expected."),
            examples=(
                ("homeward --as SA-24 transfers board", _("the agency in the morning")),
                ("homeward --as SV-NATIONAL transfers board --pressing 50", _("the whole country, fifty lines")),
            ),
        ),
    )
    @click.option("--pressing", type=Number(_, 1, MAX_PRESSING), help=_("How many of the pressing ones (20)."))
    @click.pass_obj
    def command(session: Session, pressing: int | None) -> None:
        from homeward.handover.v1 import transfers_pb2

        request = transfers_pb2.GetTransferBoardRequest(pressing_max=pressing or 0)
        found = session.ask(session.calls.transfers.GetTransferBoard, request)
        if session.as_json:
            output.document({"board": plain.as_dict(found)})
            return
        output.say(_("Board of {office}, {day}", office=session.office_id, day=written(session.today())))
        output.facts(
            (
                (_("Coming"), _counts(found.incoming, _)),
                (_("Sent"), _counts(found.outgoing, _)),
                (_("Here"), _counts(found.own, _)),
            )
        )
        if not found.pressing:
            output.say(_("Nothing presses."))
            return
        output.say("")
        rows = [shown.row(each, _) for each in found.pressing]
        output.table(shown.titles(_), rows)

    return command


def _counts(counts: Iterable[Any], _: Texts) -> str:
    return "; ".join(f"{_count_name(each.name, _)}: {each.count}{'+' if each.more else ''}" for each in counts)


def _count_name(name: str, _: Texts) -> str:
    code = words.find(words.BOARD, name)
    return words.word(_, words.BOARD, code) if code else name


def _show(_: Texts) -> click.Command:
    @click.command(
        "show",
        help=help_text(
            _,
            _(
                "Shows all about the latest transfer of a case: how she travels, which papers come along, what was "
                "seen, accepted and acknowledged, and when. An earlier one is named by its id, as --json shows it."
            ),
            examples=(("homeward transfers show HW-999-999-957", _("the latest transfer of the case")),),
        ),
    )
    @click.argument("case", type=CaseName(_), metavar=_("CASE"))
    @click.pass_obj
    def command(session: Session, case: str) -> None:
        show_transfer(session, _latest(session, case), "")

    return command


def _latest(session: Session, case: str) -> transfers_pb2.Transfer:
    """The transfer with this id, or the latest one of this case number."""
    from homeward.handover.v1 import custody_pb2, transfers_pb2
    from services.chassis.kernel.case_number import InvalidCaseNumber, parse_case_number

    try:
        parse_case_number(case)
    except InvalidCaseNumber:
        request = transfers_pb2.GetTransferRequest(transfer_id=case)
        return session.ask(session.calls.transfers.GetTransfer, request).transfer
    found = session.ask(session.calls.custody.GetCustody, custody_pb2.GetCustodyRequest(case=case)).custody
    if not found.transfers:
        _ = session.texts
        raise Refusal(Kind.NOT_FOUND, "NO_TRANSFER", _("No transfer of this case is on record."))
    return found.transfers[-1]
