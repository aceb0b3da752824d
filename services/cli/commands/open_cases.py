"""Open cases, listed and counted, and how many there were week by week."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from services.chassis.calls.enums import number_of
from services.chassis.kernel.texts import Texts
from services.cli.answers import show_counts, show_list
from services.cli.options import Day, Number, Word, page_options, province_option, verb
from services.client import plain, words
from services.client.addressee import counted_province
from services.client.pages import every_page
from services.client.session import Session
from services.client.shown import open_cases as shown
from services.terminal import output

if TYPE_CHECKING:
    from homeward.handover.v1 import open_cases_pb2

MAX_DAYS = 36_500


def custodies(_: Texts) -> click.Command:
    """`homeward custodies`."""

    @verb(
        _,
        "custodies",
        _(
            "Lists the open cases that your office, or the offices in your scope, answer for, the earliest due first: "
            "in which phase, and until when what must happen. Who is followed up at home is listed by: homeward "
            "followups"
        ),
        _("With --counts the same cases are counted, by province, phase and rule."),
        lists=(_("Phases:") + "\n" + words.explained(_, words.PHASES),),
        examples=(
            ("homeward custodies --phase registered", _("who is still with you, and until when")),
            ("homeward --as SV-NATIONAL custodies --counts", _("how many of each there are in the country")),
            ('homeward --as SV-NATIONAL custodies --province "Bắc Ninh" --due-until friday', _("in one province")),
        ),
    )
    @click.option("--phase", type=Word(_, words.PHASES), metavar=_("PHASE"), multiple=True, help=_("Only this phase."))
    @click.option("--rule", type=Word(_, words.RULES), metavar=_("RULE"), help=_("Only where this is due."))
    @click.option("--office", metavar=_("OFFICE"), help=_("Only those for which this office answers."))
    @province_option(_)
    @click.option("--due-until", type=Day(_), metavar=_("DAY"), help=_("Only those due on or before this day."))
    @click.option(
        "--overdue-for", type=Number(_, 1, MAX_DAYS), metavar=_("DAYS"), help=_("Only those so many days overdue.")
    )
    @click.option("--counts", "only_counts", is_flag=True, help=_("Only the counts."))
    @page_options(_)
    @click.pass_obj
    def command(
        session: Session,
        /,
        phase: tuple[str, ...],
        rule: str | None,
        office: str | None,
        province: str | None,
        due_until: date | None,
        overdue_for: int | None,
        only_counts: bool,
        **page: Any,
    ) -> None:
        from homeward.handover.v1 import open_cases_pb2
        from homeward.type.v1 import types_pb2

        wanted = open_cases_pb2.CaseFilter(
            phases=[number_of(types_pb2.CasePhase, each) for each in phase],
            province=counted_province(session, province),
            office_id=office or "",
            rule=rule or "",
            due_until=due_until.isoformat() if due_until else "",
            overdue_days_min=overdue_for or 0,
        )
        if only_counts:
            _show_counts(session, wanted)
            return
        request = open_cases_pb2.ListCustodiesRequest(filter=wanted)
        found = every_page(
            session, session.calls.open_cases.ListCustodies, request, lambda answer: answer.cases, **page
        )
        show_list(session, found, "custodies", shown.titles(_), lambda each: shown.row(each, _))

    return command


def _show_counts(session: Session, wanted: open_cases_pb2.CaseFilter) -> None:
    from homeward.handover.v1 import open_cases_pb2

    _, request = session.texts, open_cases_pb2.CountOpenRequest(filter=wanted)
    counts = session.ask(session.calls.open_cases.CountOpen, request).counts
    show_counts(session, counts, shown.count_titles(_), lambda each: shown.count_row(each, _))


def trend(_: Texts) -> click.Command:
    """`homeward trend`."""

    @verb(
        _,
        "trend",
        _(
            "Tells how many people were on the way, overdue and searched for in each of the last 26 weeks, in your "
            "office or scope. Each day is counted at its beginning; the last day counted of a week stands for it."
        ),
        examples=(
            ("homeward --as SV-24 trend", _("in the province of the supervisor")),
            ('homeward --as SV-NATIONAL trend --province "Bắc Ninh"', _("in one province")),
        ),
    )
    @province_option(_)
    @click.pass_obj
    def command(session: Session, province: str | None) -> None:
        from homeward.handover.v1 import open_cases_pb2

        request = open_cases_pb2.ListTrendRequest(province=counted_province(session, province))
        points = session.ask(session.calls.open_cases.ListTrend, request).points
        if session.as_json:
            output.document({"trend": [plain.as_dict(each) for each in points]})
        elif points:
            output.table(shown.trend_titles(_), map(shown.trend_row, points))
        else:
            output.say(_("Nothing was counted yet: the first day is counted at its beginning."))

    return command
