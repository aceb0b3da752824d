"""The story of a case: custody, transfers, searches and follow-ups, one line after the other, oldest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from services.chassis.kernel.texts import Texts
from services.cli.commands.entries import story_of
from services.cli.options import case_argument, help_text
from services.client import plain
from services.client.pages import every_page
from services.client.refusals import Refusal
from services.client.session import Session
from services.client.shown.custody import custody_facts
from services.client.shown.family import tie_lines
from services.client.shown.home_story import home_story, still_due
from services.client.shown.legal_steps import step_lines
from services.client.shown.story import Line, in_charge, story
from services.terminal import output
from services.terminal.exits import Exit

if TYPE_CHECKING:
    from homeward.followup.v1 import entries_pb2, visits_pb2
    from homeward.handover.v1 import custody_pb2

_NOT_FOR_THIS_OFFICE: Final = frozenset({"PERMISSION_DENIED", "CASE_NOT_FOUND"})


def history(_: Texts) -> click.Command:
    """`homeward case history CASE`."""

    @click.command(
        "history",
        help=help_text(
            _,
            _(
                "Tells the story of a case, oldest first: who was accountable and where she was, each transfer with "
                "what was seen, accepted and acknowledged, searches with their steps, and what was recorded at "
                "home with its corrections. It never says who she is."
            ),
            _("An office that was accountable once sees its own part."),
            examples=(("homeward --as SV-24 case history HW-999-999-957", _("the whole story")),),
        ),
    )
    @case_argument(_)
    @click.pass_obj
    def command(session: Session, case: str) -> int:
        from homeward.handover.v1 import custody_pb2

        request = custody_pb2.GetCustodyRequest(case=case)
        custody = session.ask(session.calls.custody.GetCustody, request).custody
        follow_ups, home, missing = _at_home(session, case)
        told = still_due(follow_ups) if home is not None else follow_ups
        at_home = home_story(home, _) if home is not None else []
        kin = tie_lines(_ties(session, case), _)
        by_law = step_lines(_legal_steps(session, case), _)
        lines = sorted([*story(custody, told, _), *at_home, *kin, *by_law], key=lambda line: line.at)
        if session.as_json:
            output.document(
                {
                    "case_number": custody.case_number,
                    "story": [line.document() for line in lines],
                    "custody": plain.as_dict(custody),
                    "follow_ups": [plain.as_dict(each) for each in follow_ups],
                    "at_home": plain.as_dict(home) if home is not None else {},
                    "complete": missing is None,
                }
            )
        else:
            _show(custody, lines, _)
        if missing is None:
            return Exit.DONE
        output.warn(
            _("The follow-ups are missing: {problem} ({reason})", problem=missing.message, reason=missing.reason)
        )
        return Exit.PARTLY_DONE

    return command


def _at_home(
    session: Session, case: str
) -> tuple[tuple[visits_pb2.FollowUp, ...], entries_pb2.GetStoryResponse | None, Refusal | None]:
    """The follow-ups of a case and its story at home, and why they are missing; many offices have none to see."""
    from homeward.followup.v1 import visits_pb2

    request = visits_pb2.ListFollowUpsRequest(filter=visits_pb2.FollowUpFilter(case=case, include_done=True))
    follow_ups: tuple[visits_pb2.FollowUp, ...] = ()
    home = None
    failures = []
    try:
        home = story_of(session, case)
    except Refusal as failure:
        failures.append(failure)
    try:
        follow_ups = every_page(
            session, session.calls.visits.ListFollowUps, request, lambda answer: answer.follow_ups, everything=True
        ).rows
    except Refusal as failure:
        failures.append(failure)
    missing = next((each for each in failures if each.reason not in _NOT_FOR_THIS_OFFICE), None)
    return follow_ups, home, missing


def _ties(session: Session, case: str) -> Sequence[Any]:
    """Who is and was said to be a relative, as far as the office may know; the rest is told without intake, too."""
    from homeward.intake.v1 import family_pb2

    try:
        return session.ask(session.calls.family.GetFamily, family_pb2.GetFamilyRequest(case=case)).ties
    except Refusal:
        return ()


def _legal_steps(session: Session, case: str) -> Sequence[Any]:
    """What the law wants to be done at once, as far as the office may know; the rest is told without intake, too."""
    from homeward.intake.v1 import reading_pb2

    try:
        return session.ask(session.calls.reading.GetCase, reading_pb2.GetCaseRequest(case=case)).case.legal_steps
    except Refusal:
        return ()


def _show(custody: custody_pb2.Custody, lines: Sequence[Line], _: Texts) -> None:
    output.facts(custody_facts(custody, _))
    output.say("")
    rows = [(line.when, line.text, *in_charge(custody.segments, line.at, _)) for line in lines]
    output.table((_("When"), _("What happened"), _("Where"), _("Accountable")), rows)


# The story --------------------------------------------------------------------------------------
