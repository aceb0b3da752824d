"""Searches for people who are lost, their steps and their end; and another office made accountable."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

from services.chassis.calls.enums import number_of
from services.chassis.kernel.texts import Texts
from services.cli.answers import show_list, show_one
from services.cli.commands import claims
from services.cli.options import CaseName, Day, DefaultGroup, Word, case_argument, help_text, page_options
from services.client import plain, words
from services.client.addressee import addressee
from services.client.dates import written
from services.client.pages import every_page
from services.client.refusals import bad_input
from services.client.session import Session
from services.client.shown.custody import custody_facts
from services.client.shown.searches import row, search_facts
from services.client.shown.values import enum_word
from services.terminal import output

if TYPE_CHECKING:
    from homeward.handover.v1 import custody_pb2, searches_pb2

_ENDINGS: Final[Mapping[str, str]] = {
    "found_at": "FOUND",
    "redirected_to": "REDIRECTED",
    "returned": "RETURNED_TO_SENDER",
    "re_identified_as": "RE_IDENTIFIED",
    "closed": "CLOSED",
}


def searches(_: Texts) -> click.Command:
    """`homeward searches`, `… show`, `… step`, `… resolve`, and the answers to a claim."""
    group = DefaultGroup(
        "searches",
        "list",
        help=help_text(
            _,
            _(
                "Searches for people who are lost. A search stays open, and is told to the next level every seven "
                "days, until somebody resolves it."
            ),
            _("Counts by province, reason and age: homeward lost"),
        ),
    )
    for build in (_list, _show, _step, _resolve):
        group.add_command(build(_))
    for command in claims.commands(_):
        group.add_command(command)
    return group


def _list(_: Texts) -> click.Command:
    @click.command(
        "list",
        help=help_text(
            _,
            _("Lists the open searches of your office, or in your scope, the oldest first."),
            lists=(
                _("Reasons:") + "\n" + words.explained(_, words.LOST_REASONS),
                _("Levels:") + "\n" + words.explained(_, words.LEVELS),
            ),
            examples=(
                ("homeward --as SV-24 searches", _("all open searches of the province")),
                ("homeward searches --reason reappeared", _("handed over again at a border")),
                ("homeward --as SV-NATIONAL searches --level national", _("those that reached the national level")),
            ),
        ),
    )
    @click.option("--reason", type=Word(_, words.LOST_REASONS), metavar=_("REASON"), help=_("Only this reason."))
    @click.option("--level", type=Word(_, words.LEVELS), metavar=_("LEVEL"), help=_("Only at this level or above."))
    @page_options(_)
    @click.pass_obj
    def command(session: Session, /, reason: str | None, level: str | None, **page: Any) -> None:
        request = lost_request(reason, level)
        found = every_page(session, session.calls.searches.ListLost, request, lambda answer: answer.searches, **page)
        titles = (_("Case number"), _("Why"), _("Days"), _("Answers for it"), _("Level"), _("Next told on"))
        show_list(session, found, "searches", titles, lambda each: row(each, _))

    return command


def lost_request(
    reason: str | None, level: str | None, province: str = "", older_than: int | None = None
) -> searches_pb2.ListLostRequest:
    """The list of open searches, by the short names of reason and level; `older_than` so many days."""
    from homeward.handover.v1 import searches_pb2
    from homeward.type.v1 import types_pb2

    return searches_pb2.ListLostRequest(
        filter=searches_pb2.LostFilter(
            reason=number_of(types_pb2.LostReason, reason),
            escalation_level_min=list(words.LEVELS).index(level) if level else 0,
            province=province,
            age_days_min=older_than + 1 if older_than is not None else 0,
        )
    )


def _show(_: Texts) -> click.Command:
    @click.command(
        "show",
        help=help_text(
            _,
            _("Shows the open search of a case, or its latest one: why, since when, who answers for it, every step."),
            examples=(("homeward searches show HW-999-999-957", _("what was done so far")),),
        ),
    )
    @case_argument(_)
    @click.pass_obj
    def command(session: Session, case: str) -> None:
        from homeward.handover.v1 import searches_pb2

        request = searches_pb2.GetSearchRequest(case=case)
        _show_search(session, session.ask(session.calls.searches.GetSearch, request).search)

    return command


def _step(_: Texts) -> click.Command:
    @click.command(
        "step",
        help=help_text(
            _,
            _(
                "Records a step of a search. It says whom you asked, never what was answered about her. The family is "
                "not asked without her consent."
            ),
            lists=(_("Steps:") + "\n" + words.explained(_, words.SEARCH_STEPS),),
            examples=(
                ("homeward searches step HW-999-999-957 --kind addressee-asked", _("today, without success")),
                (
                    "homeward searches step HW-999-999-957 --kind address-visited --on yesterday --led-to-her",
                    _("it led to her; now resolve the search"),
                ),
            ),
        ),
    )
    @case_argument(_)
    @click.option(
        "--kind", type=Word(_, words.SEARCH_STEPS), metavar=_("STEP"), required=True, help=_("What was done.")
    )
    @click.option("--on", type=Day(_), help=_("The day (today)."))
    @click.option("--led-to-her", "successful", is_flag=True, help=_("It led to her."))
    @click.pass_obj
    def command(session: Session, case: str, kind: str, on: date | None, successful: bool) -> None:
        from homeward.handover.v1 import searches_pb2
        from homeward.type.v1 import types_pb2

        request = searches_pb2.RecordSearchStepRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            kind=number_of(types_pb2.SearchStepKind, kind),
            taken_on=on.isoformat() if on else "",
            successful=successful,
        )
        _show_search(session, session.ask(session.calls.searches.RecordSearchStep, request).search, _("Recorded."))

    return command


def _resolve(_: Texts) -> click.Command:
    @click.command(
        "resolve",
        help=help_text(
            _,
            _(
                "Ends a search, and puts right who is accountable. Say one of five things: she was found at an office; "
                "she is on the way to another office; she is with your office again; she goes on as another case; or "
                "the case is closed with a reason."
            ),
            _(
                "That she was found at another office is asked of that office: the search goes on until it confirms, "
                "and it is accountable from then on."
            ),
            _("That she goes on as another case, or that the case is closed, a supervisor approves first."),
            lists=(_("Reasons to close:") + "\n" + words.explained(_, words.CLOSE_REASONS),),
            examples=(
                (
                    "homeward searches resolve HW-999-999-957 --found-at SA-24 --on yesterday",
                    _("she is said to be there since yesterday: that agency is asked to confirm"),
                ),
                (
                    "homeward searches resolve HW-999-999-957 --redirected-to home --on 25/11/2026",
                    _("she is on the way home, expected on that day"),
                ),
                ("homeward searches resolve HW-999-999-957 --returned", _("she is with your office again")),
                (
                    "homeward searches resolve HW-999-999-957 --re-identified-as HW-999-999-923",
                    _("she was registered again: that case goes on, this one ends"),
                ),
                (
                    "homeward searches resolve HW-999-999-957 --closed abroad-again",
                    _("nobody looks for her any more"),
                ),
            ),
        ),
    )
    @case_argument(_)
    @click.option("--found-at", metavar=_("OFFICE"), help=_("The office that has her."))
    @click.option("--redirected-to", metavar=_("OFFICE"), help=_("The office that she is on the way to."))
    @click.option("--returned", is_flag=True, help=_("She is with the accountable office again."))
    @click.option("--re-identified-as", type=CaseName(_), metavar=_("CASE"), help=_("The case that goes on."))
    @click.option("--closed", type=Word(_, words.CLOSE_REASONS), metavar=_("REASON"), help=_("Closed for this reason."))
    @click.option(
        "--on", type=Day(_), help=_("Found: since when she is there (today). Redirected: when she is expected.")
    )
    @click.pass_obj
    def command(session: Session, /, case: str, on: date | None, **ending: Any) -> None:
        request = _resolution(session, case, on, ending)
        answer = session.ask(session.calls.searches.ResolveSearch, request)
        if session.as_json:
            output.document({"search": plain.as_dict(answer.search), "custody": plain.as_dict(answer.custody)})
            return
        if answer.search.resolution:
            output.say(_("The search is resolved."))
        else:
            office = answer.search.claims[-1].office_id
            output.say(
                _("{office} is asked to confirm that she is there. Until then the search goes on.", office=office)
            )
        output.facts(search_facts(answer.search, _))
        output.say("")
        output.facts(custody_facts(answer.custody, _)[1:])

    return command


def _resolution(
    session: Session, case: str, on: date | None, ending: Mapping[str, Any]
) -> searches_pb2.ResolveSearchRequest:
    """The one ending that was said. Raises Refusal when there is not exactly one, or its day is missing."""
    from homeward.handover.v1 import searches_pb2
    from homeward.type.v1 import types_pb2

    _ = session.texts
    said = [name for name in _ENDINGS if ending[name]]
    if len(said) != 1:
        text = _("Say exactly one of --found-at, --redirected-to, --returned, --re-identified-as and --closed.")
        raise bad_input("ENDING_NOT_CLEAR", text)
    how = said[0]
    if how == "redirected_to" and on is None:
        raise bad_input("DAY_MISSING", _("Say with --on when she is expected there."))
    if on is not None and how not in ("found_at", "redirected_to"):
        raise bad_input("DAY_NOT_USED", _("--on belongs to --found-at and --redirected-to only."))
    request = searches_pb2.ResolveSearchRequest(
        request_id=str(uuid.uuid4()),
        case=case,
        resolution=number_of(types_pb2.SearchResolution, _ENDINGS[how]),
    )
    if how in ("found_at", "redirected_to"):
        day = on or session.today()
        request.office_id = addressee(session, ending[how], case, day)
        request.on = day.isoformat()
    elif how == "re_identified_as":
        request.other_case = ending[how]
    elif how == "closed":
        request.close_reason = number_of(types_pb2.CloseReason, ending[how])
    return request


# Showing ----------------------------------------------------------------------------------------


def _show_search(session: Session, search: custody_pb2.Search, done: str = "") -> None:
    _ = session.texts
    if not show_one(session, "search", search, search_facts(search, _), done):
        return
    if not search.steps:
        output.say(_("No step is on record yet."))
        return
    output.say("")
    rows = [
        (
            str(step.number),
            written(step.taken_on),
            enum_word(_, step, "kind", words.SEARCH_STEPS),
            step.office_id,
            _("led to her") if step.successful else "",
        )
        for step in search.steps
    ]
    output.table(("", _("Day"), _("Step"), _("By"), _("Result")), rows)
