"""Who did what: the acts of all services, for auditors and supervisors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from services.chassis.kernel.texts import Texts
from services.cli.answers import show_list
from services.cli.options import page_options, verb
from services.client.pages import Found, every_page
from services.client.refusals import bad_input
from services.client.services import SERVICES
from services.client.session import Session
from services.client.shown.acts import Done, newest_first, row, titles
from services.terminal import output

if TYPE_CHECKING:
    from homeward.office.v1 import acts_pb2


def acts(_: Texts) -> click.Command:
    """`homeward acts`."""

    @verb(
        _,
        "acts",
        _(
            "Lists what people did, newest first: who, for which office, when and from where. What they read is in the "
            "access log; what was refused changed nothing and is not here."
        ),
        _("An auditor sees who it was. A supervisor sees which acts are of one person, and not who that is."),
        _(
            "Each service keeps the acts that were done in it. Without --service the newest of each are shown "
            "together; to go on to older ones name the service, or say --all."
        ),
        examples=(
            ("homeward --as AUDIT-NATIONAL acts --case HW-999-999-957 --all", _("everything done with a case")),
            ("homeward --as SV-24 acts --office SA-24", _("the newest acts of an office")),
            ("homeward acts --person nguyen.van.a --service handover", _("of one person, in one service")),
        ),
    )
    @click.option("--case", metavar=_("CASE"), default="", help=_("Only about this case, by its number or id."))
    @click.option("--office", metavar=_("OFFICE"), default="", help=_("Only of this office."))
    @click.option("--person", metavar=_("SUBJECT"), default="", help=_("Only of this person; for auditors."))
    @click.option("--service", type=click.Choice(SERVICES), help=_("Only what was done in this service."))
    @page_options(_)
    @click.pass_obj
    def command(session: Session, /, case: str, office: str, person: str, service: str | None, **page: Any) -> None:
        from homeward.office.v1 import acts_pb2

        if page["page_token"] and service is None:
            raise bad_input("SERVICE_MISSING", _("A page belongs to one service: name it with --service."))

        def ask(one: str) -> Found:
            request = acts_pb2.ListActsRequest(case=case, office_id=office, subject=person)
            return _acts_in(session, one, request, **page)

        found = [ask(one) for one in ([service] if service else SERVICES)]
        done = newest_first(each for some in found for each in some.rows)
        _show(session, done, found[0].next_page_token if service else "")
        if not service and any(some.next_page_token for some in found) and not session.as_json:
            output.say(_("There are older ones: --all, or --service with a name."))

    return command


def _acts_in(session: Session, service: str, request: acts_pb2.ListActsRequest, **page: Any) -> Found:
    found = every_page(session, session.calls.acts(service).ListActs, request, lambda answer: answer.acts, **page)
    return Found(tuple(Done(service, act) for act in found.rows), found.next_page_token)


def _show(session: Session, done: list[Done], next_page_token: str) -> None:
    _ = session.texts
    if session.as_json:
        output.document({"acts": [one.document() for one in done], "next_page_token": next_page_token})
        return
    show_list(session, Found(tuple(done), next_page_token), "acts", titles(_), lambda one: row(one, _))
