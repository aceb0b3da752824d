"""How the work at home stands: what is overdue, who is lost, who has how much to do, and month by month."""

from __future__ import annotations

import textwrap
from typing import Any, Final

import click

from services.chassis.calls.enums import number_of
from services.chassis.kernel.texts import Texts
from services.cli.answers import show_list
from services.cli.options import Number, help_text, page_options, province_option
from services.client import plain
from services.client.addressee import counted_province
from services.client.pages import every_page
from services.client.session import Session
from services.client.shown import oversight as shown
from services.terminal import output

MAX_DAYS: Final = 366


def overview(_: Texts) -> click.Command:
    """`homeward followups overview`."""

    @click.command(
        "overview",
        help=help_text(
            _,
            _(
                "Counts how follow-ups stand: what is overdue by office, who is lost to follow-up, how much each "
                "officer has to do, and what became of the visits due in each of the last twelve months. Officers "
                "stand by the sign of homeward acts. Outside your own office small numbers of the months are hidden."
            ),
            examples=(
                ("homeward --as SA-24 followups overview", _("of one's own office")),
                ('homeward --as SV-NATIONAL followups overview --province "Bắc Ninh"', _("of one province")),
                ("homeward followups list --result lost", _("the rows behind a count")),
            ),
        ),
    )
    @province_option(_)
    @click.option("--office", metavar=_("OFFICE"), help=_("Only what this office is to do."))
    @click.pass_obj
    def command(session: Session, /, province: str | None, office: str | None) -> None:
        parts = _asked(session, counted_province(session, province), (office or "").strip().upper())
        if session.as_json:
            output.document({name: [plain.as_dict(each) for each in rows] for name, rows in parts.items()})
            return
        late = [shown.overdue_row(each, _) for each in parts["overdue"]]
        work_titles, work = shown.workload_titles(_), [shown.workload_row(each, _) for each in parts["workload"]]
        if _is_whole(session, province, office):
            counted = sorted(shown.late_by_province(parts["overdue"]).items())
            work_titles, work = shown.province_titles(_), [shown.province_row(*each, _) for each in counted]
        lost = [shown.lost_row(each, _) for each in shown.lost_counts(parts["lost"])]
        for title, titles, rows in (
            (_("Overdue, by office"), shown.overdue_titles(_), late),
            (_("Lost to follow-up"), shown.lost_titles(_), lost),
            (_("Who has how much to do"), work_titles, work),
            (
                _("The last 12 months, by the month in which a visit was due"),
                shown.trend_titles(_),
                [shown.trend_row(each, _) for each in parts["months"]],
            ),
        ):
            output.say(title)
            if rows:
                output.table(titles, rows)
            else:
                output.say(_("There is nothing in this list."))
            output.say("")
        output.say(textwrap.fill(shown.figures_legend(_), output.width()))

    return command


def _is_whole(session: Session, province: str | None, office: str | None) -> bool:
    """Whether it is asked for the whole country: then what is to be done is told by province, not by officer."""
    return session.office(session.office_id).province is None and not (province or office)


def _asked(session: Session, province: str, office: str) -> dict[str, Any]:
    from homeward.followup.v1 import oversight_pb2, visits_pb2
    from homeward.type.v1 import types_pb2

    visits, oversight = session.calls.visits, session.calls.oversight
    overdue = visits_pb2.CountOverdueFollowUpsRequest(
        filter=visits_pb2.OverdueFilter(province=province, office_id=office), by_office=True
    )
    lost = visits_pb2.FollowUpFilter(
        province=province, office_id=office, result=number_of(types_pb2.FollowUpResult, "LOST")
    )
    work = oversight_pb2.CountWorkloadRequest(filter=oversight_pb2.WorkloadFilter(province=province, office_id=office))
    months = oversight_pb2.ListFollowUpTrendRequest(province=province, office_id=office)
    return {
        "overdue": session.ask(visits.CountOverdueFollowUps, overdue).counts,
        "lost": session.ask(visits.CountFollowUps, visits_pb2.CountFollowUpsRequest(filter=lost)).counts,
        "workload": () if _is_whole(session, province, office) else session.ask(oversight.CountWorkload, work).officers,
        "months": session.ask(oversight.ListFollowUpTrend, months).months,
    }


def workload(_: Texts) -> click.Command:
    """`homeward followups workload`."""

    @click.command(
        "workload",
        help=help_text(
            _,
            _(
                "Lists open cases with the officer who recorded something of them last and the next visit, the "
                "earliest first: the rows behind the counts of homeward followups overview."
            ),
            examples=(
                ("homeward --as SA-24 followups workload --overdue", _("what is overdue in one's own office")),
                ("homeward followups workload --office SA-24 --officer nobody", _("cases that nobody has begun")),
            ),
        ),
    )
    @province_option(_)
    @click.option("--office", metavar=_("OFFICE"), help=_("Only what this office is to do."))
    @click.option("--officer", metavar=_("SIGN"), help=_("Only of this officer; nobody: cases that nobody has begun."))
    @click.option("--due-in", type=Number(_, 1, MAX_DAYS), metavar=_("DAYS"), help=_("Only due within so many days."))
    @click.option("--overdue", is_flag=True, help=_("Only what is overdue."))
    @page_options(_)
    @click.pass_obj
    def command(
        session: Session,
        /,
        province: str | None,
        office: str | None,
        officer: str | None,
        due_in: int | None,
        overdue: bool,
        **page: Any,
    ) -> None:
        from homeward.followup.v1 import oversight_pb2

        given = (officer or "").strip()
        wanted = oversight_pb2.WorkloadFilter(
            province=counted_province(session, province),
            office_id=(office or "").strip().upper(),
            officer=shown.NOBODY if given.upper() == shown.NOBODY else given,
            due_within_days=due_in or 0,
            overdue_only=overdue,
        )
        request = oversight_pb2.ListWorkloadRequest(filter=wanted)
        found = every_page(session, session.calls.oversight.ListWorkload, request, lambda answer: answer.cases, **page)
        show_list(session, found, "cases", shown.work_titles(_), lambda each: shown.work_row(each, _))

    return command
