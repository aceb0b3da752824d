"""What takes more than one person: listed, shown, approved, refused, taken back."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import click

from services.chassis.kernel.texts import Texts
from services.cli.answers import show_list, show_one
from services.cli.options import DefaultGroup, Word, help_text, page_options, verb
from services.client import words
from services.client.pages import every_page
from services.client.session import Session
from services.client.shown import approvals as shown
from services.terminal import output

if TYPE_CHECKING:
    from homeward.handover.v1 import approvals_pb2

_APPROVE = "homeward --as SV-NATIONAL approvals approve 01890a5d-ac96-774b-bcce-b302099a8057"


def approvals(_: Texts) -> click.Command:
    """`homeward approvals`, `… show`, `… approve`, `… refuse` and `… withdraw`."""
    group = DefaultGroup(
        "approvals",
        "list",
        help=help_text(
            _,
            _(
                "Some things take more than one person: one asks, and somebody else approves, for what concerns the "
                "whole country another administrator and a national supervisor. Only then it happens. Each request "
                "says who has approved it, who is still awaited and until when; one that is not decided in time is "
                "told to whoever asked."
            ),
        ),
    )
    for build in (_list, _show, _approve, _refuse, _withdraw):
        group.add_command(build(_))
    return group


def _list(_: Texts) -> click.Command:
    @verb(
        _,
        "list",
        _("Lists what waits for approval: what your office asked for, and what you may decide."),
        examples=(
            ("homeward --as SV-NATIONAL approvals", _("what waits")),
            ("homeward --as AUDIT-NATIONAL approvals --decided", _("also what was decided")),
        ),
    )
    @click.option("--decided", is_flag=True, help=_("Also what waits no more."))
    @page_options(_)
    @click.pass_obj
    def command(session: Session, /, decided: bool, **page: Any) -> None:
        from homeward.handover.v1 import approvals_pb2

        request = approvals_pb2.ListApprovalsRequest(include_decided=decided)
        call = session.calls.approvals.ListApprovals
        found = every_page(session, call, request, lambda answer: answer.approvals, **page)
        show_list(session, found, "approvals", shown.titles(_), lambda each: shown.row(each, _))

    return command


def _show(_: Texts) -> click.Command:
    @verb(
        _,
        "show",
        _("Shows one request: what exactly would happen, who asked, who approved it and who is still awaited."),
        examples=(("homeward approvals show 01890a5d-ac96-774b-bcce-b302099a8057", _("one request")),),
    )
    @click.argument("request", metavar=_("REQUEST"))
    @click.pass_obj
    def command(session: Session, request: str) -> None:
        from homeward.handover.v1 import approvals_pb2

        wanted = approvals_pb2.GetApprovalRequest(approval_id=request)
        _show_approval(session, session.ask(session.calls.approvals.GetApproval, wanted).approval)

    return command


def _show_approval(session: Session, found: approvals_pb2.Approval, done: str = "") -> None:
    _ = session.texts
    show_one(session, "approval", found, shown.facts(found, _), done)
    if found.for_you and not session.as_json:
        output.say(_("You may decide it: homeward approvals approve {id}", id=found.approval_id))


def _approve(_: Texts) -> click.Command:
    @verb(
        _,
        "approve",
        _(
            "Approves a request of somebody else: it happens at once, or as soon as all others have approved it who "
            "have to. When what it is about has changed since, nothing happens, and it has to be asked for again."
        ),
        examples=((_APPROVE, _("as somebody else than who asked")),),
    )
    @click.argument("request", metavar=_("REQUEST"))
    @click.pass_obj
    def command(session: Session, request: str) -> None:
        from homeward.handover.v1 import approvals_pb2

        wanted = approvals_pb2.ApproveRequestRequest(request_id=str(uuid.uuid4()), approval_id=request)
        answer = session.ask(session.calls.approvals.ApproveRequest, wanted)
        _show_approval(session, answer.approval, shown.approved_text(answer.approval, _))

    return command


def _refuse(_: Texts) -> click.Command:
    @verb(
        _,
        "refuse",
        _(
            "Refuses a request of somebody else: it never happens, whoever has approved it. Who asked is told, with "
            "the reason."
        ),
        lists=(_("Reasons:") + "\n" + words.explained(_, words.APPROVAL_REFUSALS),),
        examples=(
            (
                "homeward --as SV-NATIONAL approvals refuse 01890a5d-ac96-774b-bcce-b302099a8057 --reason not-proven",
                _("what it rests on was not shown"),
            ),
        ),
    )
    @click.argument("request", metavar=_("REQUEST"))
    @click.option("--reason", type=Word(_, words.APPROVAL_REFUSALS), required=True, metavar=_("REASON"), help=_("Why."))
    @click.pass_obj
    def command(session: Session, request: str, reason: str) -> None:
        from homeward.handover.v1 import approvals_pb2
        from homeward.type.v1 import types_pb2

        wanted = approvals_pb2.RefuseRequestRequest(
            request_id=str(uuid.uuid4()),
            approval_id=request,
            reason=types_pb2.ApprovalRefusal.Value(f"APPROVAL_REFUSAL_{reason}"),
        )
        answer = session.ask(session.calls.approvals.RefuseRequest, wanted)
        _show_approval(session, answer.approval, _("Refused: it will not happen. Who asked is told."))

    return command


def _withdraw(_: Texts) -> click.Command:
    @verb(
        _,
        "withdraw",
        _("Takes a request of your own office back, before it is decided."),
        examples=(("homeward approvals withdraw 01890a5d-ac96-774b-bcce-b302099a8057", _("it was a mistake")),),
    )
    @click.argument("request", metavar=_("REQUEST"))
    @click.pass_obj
    def command(session: Session, request: str) -> None:
        from homeward.handover.v1 import approvals_pb2

        wanted = approvals_pb2.WithdrawRequestRequest(request_id=str(uuid.uuid4()), approval_id=request)
        answer = session.ask(session.calls.approvals.WithdrawRequest, wanted)
        _show_approval(session, answer.approval, _("Taken back: it will not happen."))

    return command
