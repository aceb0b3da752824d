"""The boards of what is overdue and of who is lost: several services, one list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import click

from services.chassis.kernel.texts import Texts
from services.cli.commands.searches import lost_request
from services.cli.options import Number, Word, province_option, verb
from services.client import plain, words
from services.client.addressee import counted_province
from services.client.pages import every_page
from services.client.refusals import Refusal
from services.client.session import Session
from services.client.shown.overdue import (
    CASE_RULES,
    FOLLOW_UP_RULES,
    LAW_RULES,
    by_rule,
    count_row,
    count_titles,
    counted,
    late_by_law,
    late_case,
    late_count_row,
    late_count_titles,
    late_counted,
    late_follow_up,
    late_row,
    lost_case,
    lost_row,
)
from services.terminal import output
from services.terminal.exits import Exit

MAX_DAYS: Final = 36_500
"""A hundred years."""
LATE: Final = words.Words(words.RULES.name, (*CASE_RULES, *FOLLOW_UP_RULES, *LAW_RULES))


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
        _("With --counts the same lines are counted, by province and by what is overdue."),
        lists=(_("What may be overdue:") + "\n" + words.explained(_, LATE),),
        examples=(
            ("homeward --as SV-24 overdue", _("in the province of the supervisor")),
            ("homeward --as SV-NATIONAL overdue --counts", _("how many of each there are in the country")),
            ('homeward overdue --province "Bắc Ninh" --rule follow-up-3m --overdue-for 30', _("some of them")),
            ("homeward overdue --json", _("for a program")),
        ),
    )
    @click.option("--rule", type=Word(_, LATE), metavar=_("RULE"), help=_("Only where this is overdue."))
    @click.option("--office", metavar=_("OFFICE"), help=_("Only what this office is to do."))
    @province_option(_)
    @click.option(
        "--overdue-for", type=Number(_, 1, MAX_DAYS), metavar=_("DAYS"), help=_("Only those so many days overdue.")
    )
    @click.option("--counts", "only_counts", is_flag=True, help=_("Only the counts."))
    @click.pass_obj
    def command(
        session: Session,
        /,
        rule: str | None,
        office: str | None,
        province: str | None,
        overdue_for: int | None,
        only_counts: bool,
    ) -> int:
        board = _Board(session)
        wanted = _Late(
            rule or "", (office or "").strip().upper(), counted_province(session, province), overdue_for or 0
        )
        parts = [each for each in _PARTS if wanted.rule in ("", *each.rules)]
        if only_counts:
            counts = [line for each in parts for line in board.lines(partial(each.counts, session, wanted))]
            counts.sort(key=lambda each: (each["province"], each["rule"]))
            board.show("counts", counts, late_count_titles(_), lambda each: late_count_row(each, _))
            return board.exit_code()
        rows = [line for each in parts for line in board.lines(partial(each.lines, session, wanted))]
        rows.sort(key=lambda each: (-each["overdue_days"], each["case_number"]))
        board.show(
            "overdue",
            rows,
            (_("Case number"), _("What"), _("Due"), _("Days"), _("Accountable"), _("Sent to")),
            lambda each: late_row(each, _),
        )
        return board.exit_code()

    return command


@dataclass(frozen=True, slots=True)
class _Late:
    """Which of what is overdue; what is empty limits nothing."""

    rule: str
    office: str
    province: str
    days_min: int


@dataclass(frozen=True, slots=True)
class _Part:
    """One service's part of the board: the rules that it watches, its lines, and their counts."""

    rules: Sequence[str]
    lines: Callable[[Session, _Late], Sequence[dict[str, Any]]]
    counts: Callable[[Session, _Late], Sequence[dict[str, Any]]]


def _all(
    session: Session, call: Any, request: Any, field: str, shown: Callable[[Any], dict[str, Any]]
) -> list[dict[str, Any]]:
    """Every line of a list of a service, however many pages it has."""
    found = every_page(session, call, request, lambda answer: getattr(answer, field), everything=True).rows
    return [shown(each) for each in found]


def _counts(session: Session, call: Any, request: Any, source: str) -> list[dict[str, Any]]:
    """The counts of the same."""
    return [plain.as_dict(each) | {"source": source} for each in session.ask(call, request).counts]


def _cases(session: Session, wanted: _Late) -> list[dict[str, Any]]:
    from homeward.handover.v1 import open_cases_pb2

    request = open_cases_pb2.ListOverdueRequest(filter=_case_filter(wanted))
    return _all(session, session.calls.open_cases.ListOverdue, request, "cases", late_case)


def _cases_counted(session: Session, wanted: _Late) -> list[dict[str, Any]]:
    from homeward.handover.v1 import open_cases_pb2

    request = open_cases_pb2.CountOverdueRequest(filter=_case_filter(wanted))
    return by_rule(_counts(session, session.calls.open_cases.CountOverdue, request, "handover"))


def _case_filter(wanted: _Late) -> Any:
    from homeward.handover.v1 import open_cases_pb2

    return open_cases_pb2.CaseFilter(
        rule=wanted.rule,
        office_id=wanted.office,
        province=wanted.province,
        overdue_days_min=wanted.days_min,
    )


def _follow_ups(session: Session, wanted: _Late) -> list[dict[str, Any]]:
    from homeward.followup.v1 import visits_pb2

    request = visits_pb2.ListOverdueFollowUpsRequest(filter=_follow_up_filter(wanted))
    return _all(session, session.calls.visits.ListOverdueFollowUps, request, "follow_ups", late_follow_up)


def _follow_ups_counted(session: Session, wanted: _Late) -> list[dict[str, Any]]:
    from homeward.followup.v1 import visits_pb2

    request = visits_pb2.CountOverdueFollowUpsRequest(filter=_follow_up_filter(wanted))
    return _counts(session, session.calls.visits.CountOverdueFollowUps, request, "followup")


def _follow_up_filter(wanted: _Late) -> Any:
    from homeward.followup.v1 import visits_pb2

    return visits_pb2.OverdueFilter(
        rule=wanted.rule, province=wanted.province, overdue_days_min=wanted.days_min, office_id=wanted.office
    )


def _by_law(session: Session, wanted: _Late) -> list[dict[str, Any]]:
    from homeward.intake.v1 import legal_steps_pb2

    request = legal_steps_pb2.ListLegalDeadlinesRequest(filter=_law_filter(wanted))
    lines = _all(session, session.calls.legal_steps.ListLegalDeadlines, request, "deadlines", late_by_law)
    return [line for line in lines if wanted.office in ("", line["accountable_office_id"])]


def _by_law_counted(session: Session, wanted: _Late) -> list[dict[str, Any]]:
    from homeward.intake.v1 import legal_steps_pb2

    if wanted.office:
        # The service counts by province only: the lines of one office are few, and are counted here.
        return _counted_here(session, _by_law(session, wanted))
    request = legal_steps_pb2.CountLegalDeadlinesRequest(filter=_law_filter(wanted))
    return _counts(session, session.calls.legal_steps.CountLegalDeadlines, request, "intake")


def _law_filter(wanted: _Late) -> Any:
    from homeward.intake.v1 import legal_steps_pb2

    return legal_steps_pb2.LegalDeadlineFilter(
        rule=wanted.rule, province=wanted.province, overdue_days_min=wanted.days_min, overdue_only=True
    )


def _counted_here(session: Session, lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return late_counted(lines, lambda line: _province_of(session, line["accountable_office_id"]))


_PARTS: Final = (
    _Part(CASE_RULES, _cases, _cases_counted),
    _Part(FOLLOW_UP_RULES, _follow_ups, _follow_ups_counted),
    _Part(LAW_RULES, _by_law, _by_law_counted),
)


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


@dataclass
class _Board:
    """A list made from several services. One that is away, or not for this office, leaves the others' part."""

    session: Session
    failures: list[Refusal] = field(default_factory=list)
    denials: list[Refusal] = field(default_factory=list)
    answered: int = 0

    def lines(self, ask: Callable[[], Sequence[Any]]) -> Sequence[Any]:
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


def _searches(session: Session, wanted: _Lost) -> Callable[[], tuple[Any, ...]]:
    def ask() -> tuple[Any, ...]:
        request = lost_request(wanted.reason, wanted.level, wanted.province, wanted.older_than)
        return every_page(
            session, session.calls.searches.ListLost, request, lambda answer: answer.searches, everything=True
        ).rows

    return ask
