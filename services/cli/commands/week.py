"""My week: who waits for a second person, who is to be visited, and how each of them wishes to be contacted."""

from __future__ import annotations

from typing import Any, Final

import click

from services.chassis.kernel.errors import CaseErased
from services.chassis.kernel.texts import Texts
from services.cli.options import verb
from services.client import plain
from services.client.pages import every_page
from services.client.refusals import of_rpc
from services.client.session import Session
from services.client.shown import oversight as shown
from services.client.shown.care import wishes_version_facts
from services.terminal import output

ME: Final = "ME"


def week(_: Texts) -> click.Command:
    """`homeward week`."""

    @verb(
        _,
        "week",
        _(
            "Shows your week: who is in immediate danger and waits for a second person, and whose visit is overdue or "
            "due within seven days, the earliest first. Read how they wish to be contacted before anybody goes."
        ),
        _("A case is yours when you recorded something of it last. Each reading of wishes is logged."),
        examples=(
            ("homeward --as SA-24 week", _("one's own cases")),
            ("homeward --as SA-24 week --wishes", _("with how each wishes to be contacted")),
            ("homeward --as SA-24 week --all", _("of the whole office, with what nobody has begun")),
        ),
    )
    @click.option("--all", "whole", is_flag=True, help=_("Of the whole office."))
    @click.option("--wishes", "with_wishes", is_flag=True, help=_("Also how each wishes to be contacted."))
    @click.pass_obj
    def command(session: Session, /, whole: bool, with_wishes: bool) -> None:
        acts, cases = _asked(session, "" if whole else ME)
        wishes = _wishes(session, cases) if with_wishes else {}
        if session.as_json:
            output.document(
                {
                    "safety_acts": [plain.as_dict(each) for each in acts],
                    "cases": [plain.as_dict(each) for each in cases],
                    **({"wishes": {number: _document(each) for number, each in wishes.items()}} if wishes else {}),
                }
            )
            return
        if acts:
            output.say(_("In immediate danger: a second person confirms what was done"))
            output.table(shown.safety_titles(_), [shown.safety_row(each, _) for each in acts])
        for number, each in wishes.items():
            told = [("", each)] if isinstance(each, str) else wishes_version_facts(each, _)
            output.facts([(_("Case number"), number), *told])
            output.say("")
        if cases:
            output.table(
                (*shown.work_titles(_), _("Wishes")),
                [(*shown.work_row(each, _), _("recorded") if each.has_wishes else "") for each in cases],
            )
        else:
            output.say(_("No visit is overdue or due within a week."))

    return command


def _asked(session: Session, officer: str) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    from homeward.followup.v1 import oversight_pb2

    calls = session.calls.oversight
    safety = oversight_pb2.ListSafetyActsRequest()
    acts = every_page(session, calls.ListSafetyActs, safety, lambda answer: answer.acts, everything=True)
    wanted = oversight_pb2.WorkloadFilter(officer=officer, this_week=True)
    work = oversight_pb2.ListWorkloadRequest(filter=wanted)
    return acts.rows, every_page(session, calls.ListWorkload, work, lambda answer: answer.cases, everything=True).rows


def _wishes(session: Session, cases: tuple[Any, ...]) -> dict[str, Any]:
    """By case number; of one that was erased the sentence that says so: the others are shown all the same."""
    from homeward.followup.v1 import care_pb2
    from services.chassis.calls.client import RpcFailure

    found: dict[str, Any] = {}
    for number in (each.case_number for each in cases if each.has_wishes):
        try:
            found[number] = session.attempt(session.calls.care.GetWishes, care_pb2.GetWishesRequest(case=number))
        except RpcFailure as failure:
            if failure.reason != CaseErased.reason:
                raise of_rpc(failure, session.texts) from None
            found[number] = failure.message
    return found


def _document(wishes: Any) -> Any:
    return {"refused": CaseErased.reason} if isinstance(wishes, str) else plain.as_dict(wishes)
