"""What the law wants to be done at once: recorded, taken back, listed; and how long the police has to answer."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from services.chassis.kernel.texts import Texts
from services.cli.answers import show_counts, show_list
from services.cli.options import Day, Word, case_argument, page_options, province_option, verb
from services.cli.several import MAX_CASES_AT_ONCE
from services.client import plain, words
from services.client.addressee import counted_province
from services.client.pages import every_page
from services.client.refusals import Refusal, bad_input
from services.client.session import Session
from services.client.shown.legal_steps import (
    count_row,
    count_titles,
    row,
    step_row,
    step_titles,
    titles,
    verification_facts,
)
from services.terminal import output
from services.terminal.exits import Exit, exit_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from homeward.intake.v1 import cases_pb2


def legal_step(_: Texts) -> click.Command:
    """`homeward legal-step CASE...`."""

    @verb(
        _,
        "legal-step",
        _(
            "Shows the steps that the law wants to be taken at once with a person who came back, and records one that "
            "was taken. Who came back alone is handed over to the commune, which tells the support agency; of all "
            "others the office that received them tells the agency. For the office that is accountable."
        ),
        _("Sending a person to the support agency by homeward dispatch tells it as well; then no step is asked."),
        lists=(_("Steps:") + "\n" + words.explained(_, words.LEGAL_STEPS),),
        examples=(
            ("homeward legal-step HW-999-999-957", _("what is asked, and until when")),
            (
                "homeward legal-step HW-999-999-957 --done returned-to-support-agency",
                _("the agency was told today"),
            ),
            (
                "homeward legal-step HW-999-999-957 HW-999-999-965 --done returned-to-support-agency",
                _("for all of one bus"),
            ),
            (
                "homeward legal-step HW-999-999-957 --take-back returned-to-support-agency",
                _("that was recorded by mistake"),
            ),
        ),
    )
    @case_argument(_, several=True)
    @click.option("--done", type=Word(_, words.LEGAL_STEPS), metavar=_("STEP"), help=_("The step that was taken."))
    @click.option("--on", type=Day(_), help=_("Day on which it was taken (today)."))
    @click.option(
        "--take-back",
        type=Word(_, words.LEGAL_STEPS),
        metavar=_("STEP"),
        help=_("The step that had not been taken after all."),
    )
    @click.pass_obj
    def command(
        session: Session, cases: tuple[str, ...], done: str | None, on: date | None, take_back: str | None
    ) -> int:
        cases = tuple(dict.fromkeys(cases))
        if len(cases) > MAX_CASES_AT_ONCE:
            raise bad_input("TOO_MANY_CASES", _("At most {limit} cases at once.", limit=MAX_CASES_AT_ONCE))
        day = (on or session.today()).isoformat()
        said = _("Recorded.") if done else _("Taken back.") if take_back else ""
        if len(cases) == 1:
            _show(session, _steps(session, cases[0], done, day, take_back), said)
            return Exit.DONE
        return _for_each(session, cases, lambda case: _steps(session, case, done, day, take_back))

    return command


def _steps(
    session: Session, case: str, done: str | None, day: str, take_back: str | None
) -> Iterable[cases_pb2.LegalStep]:
    """What the law asks for in a case, after what is to be recorded or taken back."""
    from homeward.intake.v1 import legal_steps_pb2, reading_pb2

    calls = session.calls.legal_steps
    if done is not None:
        record = legal_steps_pb2.RecordLegalStepRequest(request_id=str(uuid.uuid4()), case=case, step=done, done_on=day)
        return session.ask(calls.RecordLegalStep, record).steps
    if take_back is not None:
        taken = legal_steps_pb2.TakeBackLegalStepRequest(request_id=str(uuid.uuid4()), case=case, step=take_back)
        return session.ask(calls.TakeBackLegalStep, taken).steps
    return session.ask(session.calls.reading.GetCase, reading_pb2.GetCaseRequest(case=case)).case.legal_steps


def _for_each(session: Session, cases: Sequence[str], one: Callable[[str], Iterable[cases_pb2.LegalStep]]) -> int:
    """The same for several cases, each by itself: what one refuses leaves the others."""
    _ = session.texts
    found: dict[str, list[cases_pb2.LegalStep]] = {}
    failed: dict[str, Refusal] = {}
    for case in cases:
        try:
            found[case] = list(one(case))
        except Refusal as refused:
            failed[case] = refused
    if session.as_json:
        output.document(
            {
                "cases": [
                    {"case": case, "legal_steps": [plain.as_dict(each) for each in steps]}
                    for case, steps in found.items()
                ],
                "failed": [
                    {"case": case, "reason": why.reason, "message": why.message} for case, why in failed.items()
                ],
            }
        )
    else:
        rows = [(case, *step_row(each, _)) for case, steps in found.items() for each in steps]
        if rows:
            output.table((_("Case number"), *step_titles(_)), rows)
        for case, why in failed.items():
            text = _("not done: {problem} ({reason})", problem=why.message, reason=why.reason)
            output.warn(f"{case}: {text}")
    if not failed:
        return Exit.DONE
    return Exit.PARTLY_DONE if found else exit_of(next(iter(failed.values())))


def _show(session: Session, steps: Iterable[cases_pb2.LegalStep], done: str = "") -> None:
    _ = session.texts
    found = list(steps)
    if session.as_json:
        output.document({"legal_steps": [plain.as_dict(each) for each in found]})
        return
    if done:
        output.say(done)
    if found:
        output.table(step_titles(_), [step_row(each, _) for each in found])
    else:
        output.say(_("The law asks for no step in this case."))


def reply_limit(_: Texts) -> click.Command:
    """`homeward reply-limit CASE`."""

    @verb(
        _,
        "reply-limit",
        _(
            "Says that the verification of a case is complex, so that the police has longer to answer; or that it is "
            "not. For the police that decides, before the time for the answer has passed."
        ),
        examples=(
            ("homeward --as VF-22 reply-limit HW-999-999-957 --complex", _("it is complex")),
            ("homeward --as VF-22 reply-limit HW-999-999-957 --ordinary", _("it is not, after all")),
        ),
    )
    @case_argument(_)
    @click.option("--complex/--ordinary", "is_complex", required=True, help=_("Complex, or not."))
    @click.pass_obj
    def command(session: Session, case: str, is_complex: bool) -> None:
        from homeward.intake.v1 import legal_steps_pb2

        ordinary, complex_ = words.REPLY_LIMITS.codes
        request = legal_steps_pb2.SetReplyLimitRequest(
            request_id=str(uuid.uuid4()), case=case, rule=complex_ if is_complex else ordinary
        )
        answer = session.ask(session.calls.legal_steps.SetReplyLimit, request)
        if session.as_json:
            output.document({"verification": plain.as_dict(answer.verification)})
            return
        output.say(_("Recorded."))
        output.facts(verification_facts(answer, _))

    return command


def legal_deadlines(_: Texts) -> click.Command:
    """`homeward legal-deadlines`."""

    @verb(
        _,
        "legal-deadlines",
        _(
            "Lists what the law wants to be done: steps of your office, those due first at the top; for supervisors "
            "also decisions of the police. With --counts the same are counted, by province and rule."
        ),
        lists=(_("Rules:") + "\n" + words.explained(_, words.LEGAL_DEADLINES),),
        examples=(
            ("homeward legal-deadlines", _("what your office still has to do")),
            ("homeward --as SV-NATIONAL legal-deadlines --overdue --counts", _("overdue, by province and rule")),
        ),
    )
    @click.option("--overdue", is_flag=True, help=_("Only those overdue."))
    @click.option("--rule", type=Word(_, words.LEGAL_DEADLINES), metavar=_("RULE"), help=_("Only of this rule."))
    @province_option(_)
    @click.option("--counts", "only_counts", is_flag=True, help=_("Only the counts."))
    @page_options(_)
    @click.pass_obj
    def command(
        session: Session, /, overdue: bool, rule: str | None, province: str | None, only_counts: bool, **page: Any
    ) -> None:
        from homeward.intake.v1 import legal_steps_pb2

        wanted = legal_steps_pb2.LegalDeadlineFilter(
            rule=rule or "", province=counted_province(session, province), overdue_only=overdue
        )
        if only_counts:
            counted = legal_steps_pb2.CountLegalDeadlinesRequest(filter=wanted)
            counts = session.ask(session.calls.legal_steps.CountLegalDeadlines, counted).counts
            show_counts(session, counts, count_titles(_), lambda each: count_row(each, _))
            return
        request = legal_steps_pb2.ListLegalDeadlinesRequest(filter=wanted)
        rows = every_page(
            session, session.calls.legal_steps.ListLegalDeadlines, request, lambda answer: answer.deadlines, **page
        )
        show_list(session, rows, "deadlines", titles(_), lambda each: row(each, _))

    return command
