"""At home: the looks again, and the boards of what is overdue and who is lost."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import click

from services.chassis.calls.enums import number_of
from services.chassis.kernel.texts import Texts
from services.cli.answers import show_counts, show_list
from services.cli.commands.entries import correct, entries, take_back, told_of, warning_signs
from services.cli.commands.searches import lost_request
from services.cli.options import (
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
from services.client.shown.overdue import (
    count_row,
    count_titles,
    counted,
    late_by_law,
    late_case,
    late_follow_up,
    late_row,
    lost_case,
    lost_row,
)
from services.terminal import output
from services.terminal.exits import Exit

MAX_DAYS: Final = 36_500
"""A hundred years."""


def followups(_: Texts) -> click.Command:
    """`homeward followups`, `… entries`, `… correct` and `… take-back`."""
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
    for build in (_list, entries, correct, take_back):
        group.add_command(build(_))
    return group


def _list(_: Texts) -> click.Command:
    @click.command(
        "list",
        help=help_text(
            _,
            _("Lists the follow-ups of your office, or in your scope, the earliest due first."),
            examples=(
                (
                    "homeward --as SA-24 followups --due-until 31/12/2026",
                    _("which visits to plan until the end of the year"),
                ),
                ("homeward followups --case HW-999-999-957 --done", _("all follow-ups of one case")),
            ),
        ),
    )
    @click.option("--due-from", type=Day(_), help=_("Only those due on or after this day."))
    @click.option("--due-until", type=Day(_), help=_("Only those due on or before this day."))
    @click.option("--case", type=CaseName(_), metavar=_("CASE"), help=_("Only this case."))
    @click.option("--kind", type=Word(_, words.FOLLOW_UP_KINDS), metavar=_("KIND"), help=_("Only this follow-up."))
    @click.option("--state", type=Word(_, words.FOLLOW_UP_STATES), metavar=_("STATE"), help=_("Only this state."))
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
        lists=(_("Outcomes:") + "\n" + words.explained(_, words.CONTACTS),),
        examples=(
            ("homeward --as SA-24 contact HW-999-999-957 --outcome reached", _("reached today")),
            ("homeward contact HW-999-999-957 --outcome moved-away --on yesterday", _("she moved to another province")),
        ),
    )
    @case_argument(_)
    @click.option(
        "--outcome", type=Word(_, words.CONTACTS), metavar=_("OUTCOME"), required=True, help=_("What it said.")
    )
    @click.option("--on", type=Day(_), help=_("The day (today)."))
    @click.pass_obj
    def command(session: Session, case: str, outcome: str, on: date | None) -> None:
        from homeward.followup.v1 import contacts_pb2
        from homeward.type.v1 import types_pb2

        request = contacts_pb2.RecordContactRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            outcome=number_of(types_pb2.ContactOutcome, outcome),
            contacted_on=on.isoformat() if on else "",
        )
        answer = session.ask(session.calls.contacts.RecordContact, request)
        if session.as_json:
            output.document({"contact": plain.as_dict(answer)})
            return
        output.say(_("Recorded, as entry {number}.", number=answer.entry_number))
        for line in effect_lines(answer, case, _):
            output.say(line)

    return command


def overdue(_: Texts) -> click.Command:
    """`homeward overdue`."""

    @verb(
        _,
        "overdue",
        _(
            "Lists every open case whose deadline has passed, the longest overdue first: people not sent home in time, "
            "arrivals not acknowledged, follow-ups late, decisions of the police not taken. A thing due today is not "
            "overdue; it is from tomorrow."
        ),
        examples=(
            ("homeward --as SV-24 overdue", _("in the province of the supervisor")),
            ("homeward overdue --json", _("for a program")),
        ),
    )
    @click.pass_obj
    def command(session: Session) -> int:
        board = _Board(session)
        rows = [late_case(each) for each in board.lines(_overdue_of_handover(session))]
        rows += [late_follow_up(each) for each in board.lines(_overdue_of_followup(session))]
        rows += [late_by_law(each) for each in board.lines(_overdue_of_intake(session))]
        rows.sort(key=lambda each: (-each["overdue_days"], each["case_number"]))
        board.show(
            "overdue",
            rows,
            (_("Case number"), _("What"), _("Due"), _("Days"), _("Accountable"), _("Sent to")),
            lambda each: late_row(each, _),
        )
        return board.exit_code()

    return command


def lost(_: Texts) -> click.Command:
    """`homeward lost`."""

    @verb(
        _,
        "lost",
        _(
            "Counts the people who are lost by province, reason and age, and lists them, the longest lost first: those "
            "between two offices, and those who can no longer be found at home. For each a search is open. A "
            "follow-up that nobody tried to make is overdue, not lost."
        ),
        _("The filters hold for the list and for the counts. To look for one and to end a search: homeward searches"),
        lists=(
            _("Reasons:") + "\n" + words.explained(_, words.LOST_REASONS),
            _("Levels:") + "\n" + words.explained(_, words.LEVELS),
        ),
        examples=(
            ("homeward --as SV-NATIONAL lost", _("in the whole country")),
            ("homeward --as SV-NATIONAL lost --counts", _("only the counts")),
            ('homeward lost --province "Bắc Ninh" --older-than 30', _("in one province, for more than 30 days")),
        ),
    )
    @click.option("--counts", "only_counts", is_flag=True, help=_("Only the counts."))
    @click.option("--reason", type=Word(_, words.LOST_REASONS), metavar=_("REASON"), help=_("Only this reason."))
    @click.option("--level", type=Word(_, words.LEVELS), metavar=_("LEVEL"), help=_("Only at this level or above."))
    @province_option(_)
    @click.option("--older-than", type=Number(_, 0, MAX_DAYS), metavar=_("DAYS"), help=_("Only those lost for longer."))
    @click.pass_obj
    def command(
        session: Session,
        /,
        only_counts: bool,
        reason: str | None,
        level: str | None,
        province: str | None,
        older_than: int | None,
    ) -> int:
        wanted = _Lost(reason, level, counted_province(session, province), older_than)
        board = _Board(session)
        rows = [lost_case(each) for each in board.lines(_searches(session, wanted))]
        rows.sort(key=lambda each: (-each["age_days"], each["case_number"]))
        counts = counted(rows, lambda line: _province_of(session, line["accountable_office_id"]))
        if only_counts:
            board.show("counts", counts, count_titles(_), lambda each: count_row(each, _))
            return board.exit_code()
        if counts and not session.as_json:
            output.table(count_titles(_), [count_row(each, _) for each in counts])
            output.say("")
        board.show(
            "lost",
            rows,
            (_("Case number"), _("Why"), _("Days"), _("Accountable"), _("Sent to"), _("Escalated to")),
            lambda each: lost_row(each, _),
            also={"counts": counts},
        )
        return board.exit_code()

    return command


@dataclass(frozen=True, slots=True)
class _Lost:
    """Which of the lost are asked for; `province` by code and list, such as 24@2025, empty for all."""

    reason: str | None
    level: str | None
    province: str
    older_than: int | None


def _province_of(session: Session, office_id: str) -> str:
    from services.chassis.kernel.errors import HomewardError

    try:
        return str(session.directory.province_of(office_id, session.today()) or "")
    except HomewardError:
        # An office that began after this program was installed: its province is not known here.
        return ""


# The boards: two services, one list -------------------------------------------------------------


@dataclass
class _Board:
    """A list made from several services. One that is away, or not for this office, leaves the others' part."""

    session: Session
    failures: list[Refusal] = field(default_factory=list)
    denials: list[Refusal] = field(default_factory=list)
    answered: int = 0

    def lines(self, ask: Callable[[], tuple[Any, ...]]) -> tuple[Any, ...]:
        try:
            found = ask()
        except Refusal as failure:
            # A border post has no follow-ups, the police nothing else: that part is empty for it, and nothing is wrong.
            denied = failure.reason == "PERMISSION_DENIED"
            (self.denials if denied else self.failures).append(failure)
            return ()
        self.answered += 1
        return found

    def show(
        self,
        name: str,
        rows: list[dict[str, Any]],
        titles: tuple[str, ...],
        row: Callable[[dict[str, Any]], tuple[str, ...]],
        also: dict[str, Any] | None = None,
    ) -> None:
        _ = self.session.texts
        if not self.answered:
            raise (self.failures or self.denials)[0]
        if self.session.as_json:
            output.document({name: rows, **(also or {}), "complete": not self.failures})
        elif rows:
            output.table(titles, map(row, rows), caption=_.plural("{count} line.", "{count} lines.", len(rows)))
        elif not self.failures:
            output.say(_("There is nothing in this list."))
        for failure in self.failures:
            output.warn(
                _("This list is not complete: {problem} ({reason})", problem=failure.message, reason=failure.reason)
            )

    def exit_code(self) -> Exit:
        return Exit.PARTLY_DONE if self.failures else Exit.DONE


def _overdue_of_handover(session: Session) -> Callable[[], tuple[Any, ...]]:
    def ask() -> tuple[Any, ...]:
        from homeward.handover.v1 import open_cases_pb2

        request = open_cases_pb2.ListOverdueRequest()
        return every_page(
            session, session.calls.open_cases.ListOverdue, request, lambda answer: answer.cases, everything=True
        ).rows

    return ask


def _overdue_of_followup(session: Session) -> Callable[[], tuple[Any, ...]]:
    def ask() -> tuple[Any, ...]:
        from homeward.followup.v1 import visits_pb2

        request = visits_pb2.ListOverdueFollowUpsRequest()
        return every_page(
            session,
            session.calls.visits.ListOverdueFollowUps,
            request,
            lambda answer: answer.follow_ups,
            everything=True,
        ).rows

    return ask


def _overdue_of_intake(session: Session) -> Callable[[], tuple[Any, ...]]:
    def ask() -> tuple[Any, ...]:
        from homeward.intake.v1 import legal_steps_pb2

        wanted = legal_steps_pb2.LegalDeadlineFilter(overdue_only=True)
        return every_page(
            session,
            session.calls.legal_steps.ListLegalDeadlines,
            legal_steps_pb2.ListLegalDeadlinesRequest(filter=wanted),
            lambda answer: answer.deadlines,
            everything=True,
        ).rows

    return ask


def _searches(session: Session, wanted: _Lost) -> Callable[[], tuple[Any, ...]]:
    def ask() -> tuple[Any, ...]:
        request = lost_request(wanted.reason, wanted.level, wanted.province, wanted.older_than)
        return every_page(
            session, session.calls.searches.ListLost, request, lambda answer: answer.searches, everything=True
        ).rows

    return ask
