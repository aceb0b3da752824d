"""`homeward followups reschedule`, `… drop`, `… take-up` and `… due`: the steps of a set of follow-ups."""

from __future__ import annotations

import uuid
from datetime import date

import click

from services.chassis.calls.enums import number_of
from services.chassis.country.questionnaires import questionnaire
from services.chassis.kernel.texts import Texts
from services.cli.answers import show_counts, show_one
from services.cli.commands.care import listed
from services.cli.options import Day, Word, case_argument, help_text
from services.client import words
from services.client.session import Session
from services.client.shown.follow_ups import due_row, due_titles, follow_up_facts


def reschedule(_: Texts) -> click.Command:
    """`homeward followups reschedule CASE`."""

    @click.command(
        "reschedule",
        help=help_text(
            _,
            _(
                "Puts a follow-up on another day, once: at most to the last day on which it is not overdue. Counts go "
                "by the first day."
            ),
            lists=(
                _("Which follow-up:") + "\n" + words.explained(_, words.FOLLOW_UP_KINDS),
                _("Reasons:") + "\n" + listed("reschedule_reasons", _),
            ),
            examples=(
                (
                    "homeward followups reschedule HW-999-999-957 --which months-3 --to 12/06/2026 "
                    "--reason PERSON_ASKED",
                    _("she asked for another day"),
                ),
            ),
        ),
    )
    @case_argument(_)
    @click.option("--which", type=Word(_, words.FOLLOW_UP_KINDS), metavar=_("KIND"), required=True, help=_("Which."))
    @click.option("--to", "on", type=Day(_), required=True, help=_("The day on which it is due from now on."))
    @click.option(
        "--reason",
        type=click.Choice(list(questionnaire().visit["reschedule_reasons"]), case_sensitive=False),
        metavar=_("CODE"),
        required=True,
        help=_("Why."),
    )
    @click.pass_obj
    def command(session: Session, /, case: str, which: str, on: date, reason: str) -> None:
        from homeward.followup.v1 import steps_pb2
        from homeward.type.v1 import types_pb2

        request = steps_pb2.RescheduleFollowUpRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            kind=number_of(types_pb2.FollowUpKind, which),
            due_on=on.isoformat(),
            reason=reason,
        )
        answer = session.ask(session.calls.steps.RescheduleFollowUp, request)
        facts = follow_up_facts(answer.follow_up, _)
        show_one(session, "follow_up", answer.follow_up, facts, _("It is due on another day now."))

    return command


def drop(_: Texts) -> click.Command:
    """`homeward followups drop CASE`."""

    @click.command(
        "drop",
        help=help_text(
            _,
            _(
                "Drops a follow-up that not everybody gets: it is not made any more. A judgement of high or immediate "
                "danger adds it again while its day is ahead. Those after three months and three years end with the "
                "case alone."
            ),
            lists=(
                _("Which follow-up:") + "\n" + words.explained(_, words.OPTIONAL_STEPS),
                _("Reasons:") + "\n" + words.explained(_, words.DROP_REASONS),
            ),
            examples=(
                (
                    "homeward followups drop HW-999-999-957 --which months-9 --reason risk-fell",
                    _("the danger is less now"),
                ),
            ),
        ),
    )
    @case_argument(_)
    @click.option("--which", type=Word(_, words.OPTIONAL_STEPS), metavar=_("KIND"), required=True, help=_("Which."))
    @click.option("--reason", type=Word(_, words.DROP_REASONS), metavar=_("REASON"), required=True, help=_("Why."))
    @click.pass_obj
    def command(session: Session, /, case: str, which: str, reason: str) -> None:
        from homeward.followup.v1 import steps_pb2
        from homeward.type.v1 import types_pb2

        request = steps_pb2.DropFollowUpRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            kind=number_of(types_pb2.FollowUpKind, which),
            reason=number_of(types_pb2.StepDropReason, reason),
        )
        answer = session.ask(session.calls.steps.DropFollowUp, request)
        facts = follow_up_facts(answer.follow_up, _)
        show_one(session, "follow_up", answer.follow_up, facts, _("This follow-up is not made any more."))

    return command


def take_up(_: Texts) -> click.Command:
    """`homeward followups take-up CASE`."""

    @click.command(
        "take-up",
        help=help_text(
            _,
            _("Takes up a follow-up again that was dropped, as long as its day is ahead."),
            lists=(_("Which follow-up:") + "\n" + words.explained(_, words.OPTIONAL_STEPS),),
            examples=(("homeward followups take-up HW-999-999-957 --which months-9", _("it was dropped by mistake")),),
        ),
    )
    @case_argument(_)
    @click.option("--which", type=Word(_, words.OPTIONAL_STEPS), metavar=_("KIND"), required=True, help=_("Which."))
    @click.pass_obj
    def command(session: Session, /, case: str, which: str) -> None:
        from homeward.followup.v1 import steps_pb2
        from homeward.type.v1 import types_pb2

        request = steps_pb2.TakeUpFollowUpRequest(
            request_id=str(uuid.uuid4()), case=case, kind=number_of(types_pb2.FollowUpKind, which)
        )
        answer = session.ask(session.calls.steps.TakeUpFollowUp, request)
        facts = follow_up_facts(answer.follow_up, _)
        show_one(session, "follow_up", answer.follow_up, facts, _("This follow-up is made after all."))

    return command


def due(_: Texts) -> click.Command:
    """`homeward followups due`."""

    @click.command(
        "due",
        help=help_text(
            _,
            _(
                "Counts the follow-ups that were due in a period, and what of them was made, as everything stood at "
                "the end of a day. Asked for the same day later, the numbers are the same."
            ),
            examples=(
                (
                    "homeward --as SA-24 followups due --from 01/01/2026 --until 31/03/2026 --as-of 31/03/2026",
                    _("of a quarter, as it stood at its end"),
                ),
            ),
        ),
    )
    @click.option("--from", "since", type=Day(_), help=_("Due on or after this day."))
    @click.option("--until", type=Day(_), help=_("Due on or before this day (the day as of which is counted)."))
    @click.option("--as-of", type=Day(_), help=_("As everything stood at the end of this day (today)."))
    @click.pass_obj
    def command(session: Session, /, since: date | None, until: date | None, as_of: date | None) -> None:
        from homeward.followup.v1 import steps_pb2

        request = steps_pb2.CountDueFollowUpsRequest(
            due_from=since.isoformat() if since else "",
            due_until=until.isoformat() if until else "",
            stood_on=as_of.isoformat() if as_of else "",
        )
        counts = session.ask(session.calls.steps.CountDueFollowUps, request).counts
        show_counts(session, counts, due_titles(_), lambda each: due_row(each, _))

    return command
