"""Sign-ins that administrators end before their time."""

from __future__ import annotations

import uuid

import click

from services.chassis.kernel.texts import Texts
from services.cli.options import DefaultGroup, Number, Word, help_text, verb
from services.client import plain, words
from services.client.dates import written_moment
from services.client.pages import LARGEST_PAGE
from services.client.session import Session
from services.client.shown.administration import revocation_row, revocation_titles
from services.terminal import output


def sessions(_: Texts) -> click.Command:
    """`homeward sessions`."""
    group = DefaultGroup("sessions", "list", help=help_text(_, _("Ends sign-ins, and lists those that were ended.")))
    group.add_command(_revoke(_))
    group.add_command(_list(_))
    return group


def _revoke(_: Texts) -> click.Command:
    @verb(
        _,
        "revoke",
        _(
            "Ends what was signed in until now: of an account, of everybody at an office, or one token. All services "
            "refuse it within seconds. It cannot be taken back; whoever still may sign in signs in again."
        ),
        _("An account is not closed by it: whoever keeps the accounts does that."),
        lists=(_("Reasons:") + "\n" + words.explained(_, words.REVOKE_REASONS),),
        examples=(
            (
                "homeward --as ADMIN-NATIONAL sessions revoke --account officer-17 --reason left-office",
                _("everything that this account is signed in with"),
            ),
            (
                "homeward --as ADMIN-NATIONAL sessions revoke --office BP-CN-MONG-CAI --reason device-lost",
                _("everybody at the border post signs in again"),
            ),
        ),
    )
    @click.option("--account", metavar=_("ACCOUNT"), help=_("The account, as the sign-in names it."))
    @click.option("--office", metavar=_("OFFICE"), help=_("Everybody at this office."))
    @click.option("--token", metavar=_("ID"), help=_("One token, by its id."))
    @click.option(
        "--reason", type=Word(_, words.REVOKE_REASONS), required=True, metavar=_("REASON"), help=_("Why; see below.")
    )
    @click.pass_obj
    def command(session: Session, account: str | None, office: str | None, token: str | None, reason: str) -> None:
        from homeward.handover.v1 import sessions_pb2
        from homeward.type.v1 import types_pb2
        from services.chassis.calls.enums import number_of

        if sum(each is not None for each in (account, office, token)) != 1:
            raise click.UsageError(_("Name one of --account, --office and --token."))
        request = sessions_pb2.RevokeSessionsRequest(
            request_id=str(uuid.uuid4()),
            subject=account or "",
            office_id=(office or "").strip().upper(),
            token_id=token or "",
            reason=number_of(types_pb2.RevokeReason, reason),
        )
        answer = session.ask(session.calls.sessions.RevokeSessions, request)
        if session.as_json:
            output.document(plain.as_dict(answer.revocation))
            return
        moment = written_moment(plain.instant(answer.revocation.not_before))
        output.say(_("Ended: what was signed in until {moment} counts no more.", moment=moment))

    return command


def _list(_: Texts) -> click.Command:
    @verb(
        _,
        "list",
        _("Shows which sign-ins were ended, when, why and by whom, newest first."),
        examples=(("homeward --as ADMIN-NATIONAL sessions", _("the last ones")),),
    )
    @click.option("--limit", type=Number(_, 1, LARGEST_PAGE), default=LARGEST_PAGE, help=_("At most so many."))
    @click.pass_obj
    def command(session: Session, limit: int) -> None:
        from homeward.handover.v1 import sessions_pb2

        request = sessions_pb2.ListRevocationsRequest(page_size=limit)
        answer = session.ask(session.calls.sessions.ListRevocations, request)
        if session.as_json:
            output.document({"revocations": [plain.as_dict(each) for each in answer.revocations]})
        elif answer.revocations:
            output.table(revocation_titles(_), [revocation_row(each, _) for each in answer.revocations])
        else:
            output.say(_("No sign-in was ended."))

    return command
