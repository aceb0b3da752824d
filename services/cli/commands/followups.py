"""At home: the looks again, and the boards of what is overdue and who is lost."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any, Final

import click

from services.chassis.calls.enums import number_of
from services.chassis.country.questionnaires import questionnaire
from services.chassis.kernel.texts import Texts
from services.cli.answers import show_counts, show_list
from services.cli.commands.care import listed
from services.cli.commands.entries import correct, entries, take_back, told_of, warning_signs
from services.cli.commands.oversight import overview, workload
from services.cli.commands.steps import drop, due, reschedule, take_up
from services.cli.options import (
    MAX_NUMBER,
    CaseName,
    Day,
    DefaultGroup,
    Number,
    Word,
    case_argument,
    help_text,
    page_options,
    province_option,
    verb,
)
from services.client import plain, words
from services.client.addressee import counted_province
from services.client.pages import every_page
from services.client.refusals import Refusal, bad_input
from services.client.session import Session
from services.client.shown.entries import effect_lines, missed_text
from services.client.shown.follow_ups import count_row as count_row_of_follow_ups
from services.client.shown.follow_ups import count_titles as count_titles_of_follow_ups
from services.client.shown.follow_ups import follow_up_facts, row
from services.terminal import output

MAX_DAYS: Final = 36_500
"""A hundred years."""


def followups(_: Texts) -> click.Command:
    """`homeward followups` and what is below it."""
    group = DefaultGroup(
        "followups",
        "list",
        help=help_text(
            _,
            _(
                "Lists the follow-ups of your office, or in your scope, and puts right what was recorded. While she is "
                "in a facility they stay with the agency that visited her last."
            ),
        ),
    )
    for build in (_list, overview, workload, entries, correct, take_back, reschedule, drop, take_up, due):
        group.add_command(build(_))
    return group


def _list(_: Texts) -> click.Command:
    @click.command(
        "list",
        help=help_text(
            _,
            _("Lists the follow-ups of your office, or in your scope, the earliest due first."),
            lists=(_("Results:") + "\n" + words.explained(_, words.FOLLOW_UP_RESULTS),),
            examples=(
                (
                    "homeward --as SA-24 followups --due-until 31/12/2026",
                    _("which visits to plan until the end of the year"),
                ),
                ("homeward --as SV-24 followups --result lost", _("who is lost to follow-up")),
                ("homeward followups --case HW-999-999-957 --done", _("all follow-ups of one case")),
            ),
        ),
    )
    @click.option("--due-from", type=Day(_), help=_("Only those due on or after this day."))
    @click.option("--due-until", type=Day(_), help=_("Only those due on or before this day."))
    @click.option("--case", type=CaseName(_), metavar=_("CASE"), help=_("Only this case."))
    @click.option("--kind", type=Word(_, words.FOLLOW_UP_KINDS), metavar=_("KIND"), help=_("Only this follow-up."))
    @click.option("--state", type=Word(_, words.FOLLOW_UP_STATES), metavar=_("STATE"), help=_("Only this state."))
    @click.option(
        "--result",
        type=Word(_, words.FOLLOW_UP_RESULTS),
        metavar=_("RESULT"),
        help=_("Only those of which this became, in place of --state."),
    )
    @click.option("--office", metavar=_("OFFICE"), help=_("Only what this office is to do."))
    @province_option(_)
    @click.option("--done", is_flag=True, help=_("Also those recorded, missed or cancelled."))
    @click.option("--counts", "only_counts", is_flag=True, help=_("Only the counts."))
    @page_options(_)
    @click.pass_obj
    def command(
        session: Session,
        /,
        due_from: date | None,
        due_until: date | None,
        case: str | None,
        kind: str | None,
        state: str | None,
        result: str | None,
        office: str | None,
        province: str | None,
        done: bool,
        only_counts: bool,
        **page: Any,
    ) -> None:
        from homeward.followup.v1 import visits_pb2
        from homeward.type.v1 import types_pb2

        wanted = visits_pb2.FollowUpFilter(
            case=case or "",
            due_from=due_from.isoformat() if due_from else "",
            due_until=due_until.isoformat() if due_until else "",
            include_done=done,
            kind=number_of(types_pb2.FollowUpKind, kind),
            state=number_of(types_pb2.FollowUpState, state),
            result=number_of(types_pb2.FollowUpResult, result),
            office_id=(office or "").strip().upper(),
            province=counted_province(session, province),
        )
        if only_counts:
            count = visits_pb2.CountFollowUpsRequest(filter=wanted)
            counts = session.ask(session.calls.visits.CountFollowUps, count).counts
            show_counts(session, counts, count_titles_of_follow_ups(_), lambda each: count_row_of_follow_ups(each, _))
            return

        request = visits_pb2.ListFollowUpsRequest(filter=wanted)
        found = every_page(
            session, session.calls.visits.ListFollowUps, request, lambda answer: answer.follow_ups, **page
        )
        titles = (_("Case number"), _("Follow-up"), _("Due"), _("State"), _("Found"), _("Attempts"), _("Office"))
        show_list(session, found, "follow_ups", titles, lambda each: row(each, _))

    return command


def record(_: Texts) -> click.Command:
    """`homeward record CASE`."""

    @verb(
        _,
        "record",
        _("Records a follow-up visit and what it found. “Not reached” counts as an attempt and leaves it open."),
        lists=(
            _("Outcomes:") + "\n" + words.explained(_, words.OUTCOMES),
            _("Which follow-up:") + "\n" + words.explained(_, words.FOLLOW_UP_KINDS),
            _("After “asked not to be visited again”:") + "\n" + words.explained(_, words.AFTER_DECLINED),
        ),
        examples=(
            (
                "homeward --as SA-24 record HW-999-999-957 --outcome settled --on yesterday",
                _("the one in whose time the day lies"),
            ),
            (
                "homeward record HW-999-999-957 --outcome declined --then close",
                _("she asked not to be visited again, and the case is to be closed"),
            ),
            ("homeward record HW-999-999-957 --outcome at-risk --sign RF10 --sign RF12", _("with warning signs")),
        ),
    )
    @case_argument(_)
    @click.option(
        "--outcome", type=Word(_, words.OUTCOMES), metavar=_("OUTCOME"), required=True, help=_("What it found.")
    )
    @click.option("--on", type=Day(_), help=_("Day of the visit (today)."))
    @click.option(
        "--which",
        type=Word(_, words.FOLLOW_UP_KINDS),
        metavar=_("KIND"),
        help=_("Which follow-up; the one in whose time the day lies if not said."),
    )
    @click.option("--sign", "signs", multiple=True, metavar=_("CODE"), help=_("Warning sign (homeward codes signs)."))
    @click.option(
        "--then",
        type=Word(_, words.AFTER_DECLINED),
        metavar=_("WHAT"),
        help=_("What is to follow, where she asked not to be visited again."),
    )
    @_read_option(_)
    @click.pass_obj
    def command(
        session: Session,
        /,
        case: str,
        outcome: str,
        on: date | None,
        which: str | None,
        signs: tuple[str, ...],
        then: str | None,
        wishes_read: int,
    ) -> None:
        from homeward.followup.v1 import visits_pb2
        from homeward.type.v1 import types_pb2

        if outcome == "DECLINED" and then is None:
            text = _("Say with --then what follows: close, or keep when she agrees to be asked another time.")
            raise bad_input("WHAT_FOLLOWS_MISSING", text)
        request = visits_pb2.RecordFollowUpRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            kind=number_of(types_pb2.FollowUpKind, which),
            visited_on=on.isoformat() if on else "",
            outcome=number_of(types_pb2.FollowUpOutcome, outcome),
            warning_signs=warning_signs(signs, _),
            then=number_of(types_pb2.AfterDeclined, then),
            wishes_read=wishes_read,
        )
        try:
            answer = session.ask(session.calls.visits.RecordFollowUp, request)
        except Refusal as refused:
            if refused.reason != "FOLLOW_UP_ALREADY_RECORDED":
                raise
            raise told_of(session, case, refused) from refused
        if session.as_json:
            output.document(plain.as_dict(answer))
            return
        output.say(_("Recorded, as entry {number}.", number=answer.entry_number))
        output.facts(follow_up_facts(answer.follow_up, _))
        for line in (*missed_text(answer, _), *effect_lines(answer, case, _)):
            output.say(line)
        if then == "CLOSE":
            output.say(
                _(
                    "The case is closed with it, as she asked; "
                    "it stays open only while she is on the way or searched for."
                )
            )

    return command


def contact(_: Texts) -> click.Command:
    """`homeward contact CASE`."""

    @verb(
        _,
        "contact",
        _(
            "Records an attempt to reach a person at home. When nobody of that name lives there, or she moved to "
            "another province, she is searched for from then on, unless she was seen since; when she is reached, that "
            "search ends. The family is not asked without her consent."
        ),
        lists=(
            _("Outcomes:") + "\n" + words.explained(_, words.CONTACTS),
            _("Attempts:") + "\n" + listed("attempt_outcomes", _),
            _("How:") + "\n" + listed("mode", _),
            _("Who went:") + "\n" + listed("visitor", _),
        ),
        examples=(
            ("homeward --as SA-24 contact HW-999-999-957 --outcome reached", _("reached today")),
            ("homeward contact HW-999-999-957 --outcome moved-away --on yesterday", _("she moved to another province")),
        ),
    )
    @case_argument(_)
    @click.option("--outcome", type=Word(_, words.CONTACTS), metavar=_("OUTCOME"), help=_("What it said."))
    @click.option("--on", type=Day(_), help=_("The day (today)."))
    @click.option(
        "--attempt",
        type=_code("attempt_outcomes"),
        metavar=_("CODE"),
        help=_("What came of it, in place of --outcome."),
    )
    @click.option("--mode", type=_code("mode"), metavar=_("CODE"), help=_("How, with --attempt."))
    @click.option("--visitor", type=_code("visitor"), metavar=_("CODE"), help=_("Who went, with --attempt."))
    @_read_option(_)
    @click.pass_obj
    def command(
        session: Session,
        /,
        case: str,
        outcome: str | None,
        on: date | None,
        attempt: str | None,
        mode: str | None,
        visitor: str | None,
        wishes_read: int,
    ) -> None:
        from homeward.followup.v1 import contacts_pb2
        from homeward.type.v1 import types_pb2

        if (outcome is None) == (attempt is None):
            raise bad_input("OUTCOME_MISSING", _("Say what came of it: with --outcome, or with --attempt."))
        request = contacts_pb2.RecordContactRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            outcome=number_of(types_pb2.ContactOutcome, outcome),
            contacted_on=on.isoformat() if on else "",
            attempt=attempt or "",
            mode=mode or "",
            visitor=visitor or "",
            wishes_read=wishes_read,
        )
        answer = session.ask(session.calls.contacts.RecordContact, request)
        if session.as_json:
            output.document({"contact": plain.as_dict(answer)})
            return
        output.say(_("Recorded, as entry {number}.", number=answer.entry_number))
        for line in effect_lines(answer, case, _):
            output.say(line)

    return command


def _read_option(_: Texts) -> Callable[[Any], Any]:
    return click.option(
        "--wishes-read",
        type=Number(_, 0, MAX_NUMBER),
        default=0,
        help=_("The version of her wishes that whoever went has read (homeward wishes)."),
    )


def _code(name: str) -> click.ParamType:
    return click.Choice(list(questionnaire().visit[name]), case_sensitive=False)
