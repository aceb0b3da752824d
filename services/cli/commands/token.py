"""Tokens of the embedded mode. In production the sign-in of the country gives them."""

from __future__ import annotations

from typing import Final

import click

from services.chassis.kernel.roles import Grade
from services.chassis.kernel.texts import Texts
from services.cli.options import Number, verb
from services.client.refusals import Kind, Refusal
from services.client.session import ENV_TOKEN, Session
from services.client.state import TOKENS
from services.client.tokens import claims_of, scope_of
from services.terminal import output

MAX_HOURS: Final = 12
_FOLDER_MODE: Final = 0o700


def token(_: Texts) -> click.Command:
    """`homeward token OFFICE`."""

    @verb(
        _,
        "token",
        _(
            "Makes a token with which a program may call the services of this machine as an office, for some hours. "
            "Only where Homeward runs on this machine; it needs the signing key in the state folder."
        ),
        _("The token is printed alone, so that it can be put into HOMEWARD_TOKEN. Treat it like a password."),
        examples=(
            ("export HOMEWARD_TOKEN=$(homeward token SA-24)", _("for the commands and programs that follow")),
            ("export HOMEWARD_TOKEN=$(homeward token ADMIN-NATIONAL --account second)", _("another administrator")),
            ("homeward token SV-NATIONAL --save", _("keeps it in the state folder, used by --as SV-NATIONAL")),
        ),
    )
    @click.argument("office", metavar=_("OFFICE"))
    @click.option("--hours", type=Number(_, 1, MAX_HOURS), default=MAX_HOURS, help=_("How long it holds (12)."))
    @click.option(
        "--account",
        metavar=_("NAME"),
        default="",
        help=_("Another person at that office, for what takes several people (the user of this machine)."),
    )
    @click.option(
        "--grade",
        "grades",
        metavar=_("GRADE"),
        type=click.Choice([grade.value for grade in Grade]),
        multiple=True,
        help=_("Only what somebody of this grade may do: CARE, CASE, PAY or DESK; may be repeated (all)."),
    )
    @click.option("--save", is_flag=True, help=_("Keep it in the state folder instead of printing it."))
    @click.pass_obj
    def command(session: Session, office: str, hours: int, account: str, grades: tuple[str, ...], save: bool) -> None:
        found = session.office(office)
        if not found.is_valid(session.today()):
            text = _("The office {office} has ended or not begun.", office=found.id)
            heir = (_("Its successor is {office}.", office=found.successor_id),) if found.successor_id else ()
            raise Refusal(Kind.REFUSED, "OFFICE_NOT_VALID", text, advice=heir)
        made = session.issue_token(found, hours * 3_600, account, map(Grade, grades) if grades else None)
        if save:
            _keep(session, found.id, made)
        if session.as_json:
            output.document(
                {
                    "office_id": found.id,
                    "role": found.role.value,
                    "scope": scope_of(found),
                    "grades": claims_of(made)["grades"],
                    "expires_at": int(claims_of(made)["exp"]),
                    "token": None if save else made,
                }
            )
        elif save:
            output.say(_("Kept for {hours} hours; use it with --as {office}.", hours=hours, office=found.id))
        else:
            output.say(made)
            output.warn(_("Holds for {hours} hours. Put it into {name}.", hours=hours, name=ENV_TOKEN))

    return command


def _keep(session: Session, office_id: str, made: str) -> None:
    from services.client.files import write_file

    folder = session.state / TOKENS
    folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)
    write_file(folder / f"{office_id}.jwt", made + "\n")
