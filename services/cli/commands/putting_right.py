"""What puts right what was recorded: an answer taken back, the day of an arrival, another office accountable."""

from __future__ import annotations

import uuid
from datetime import date

import click

from services.chassis.calls.enums import number_of
from services.chassis.kernel.texts import Texts
from services.cli.answers import show_custody, show_transfer
from services.cli.options import Day, Word, case_argument, verb
from services.client import words
from services.client.addressee import addressee
from services.client.session import Session


def take_back(_: Texts) -> click.Command:
    """`homeward take-back CASE`."""

    @verb(
        _,
        "take-back",
        _(
            "Takes back the last answer of your office to a transfer, when it was a mistake: an acceptance, an "
            "acknowledged arrival, a rejection, a report that she did not arrive, or a recall. The transfer stands "
            "again as before, with the deadlines of then, and those concerned are told. The history keeps both."
        ),
        _(
            "Your office can do it for seven days, as long as nothing else was recorded since; its supervisor can do "
            "it later, too. Who arrived after all needs no taking back: acknowledge the arrival."
        ),
        lists=(_("Reasons:") + "\n" + words.explained(_, words.TAKE_BACK_REASONS),),
        examples=(
            ("homeward --as SA-24 take-back HW-999-999-957 --reason wrong-person", _("another number was meant")),
            ("homeward --as SV-24 take-back HW-999-999-957 --reason wrong-news", _("a supervisor, weeks later")),
        ),
    )
    @case_argument(_)
    @click.option("--reason", type=Word(_, words.TAKE_BACK_REASONS), metavar=_("REASON"), required=True, help=_("Why."))
    @click.pass_obj
    def command(session: Session, case: str, reason: str) -> None:
        from homeward.handover.v1 import transfers_pb2
        from homeward.type.v1 import types_pb2

        request = transfers_pb2.TakeBackAnswerRequest(
            request_id=str(uuid.uuid4()), case=case, reason=number_of(types_pb2.TakeBackReason, reason)
        )
        done = _("Taken back: the transfer stands as before.")
        show_transfer(session, session.ask(session.calls.transfers.TakeBackAnswer, request).transfer, done)

    return command


def correct_arrival(_: Texts) -> click.Command:
    """`homeward correct-arrival CASE`."""

    @verb(
        _,
        "correct-arrival",
        _(
            "Corrects the day of the latest arrival, at home or in a facility. What counts from it is counted anew: "
            "the dates of the follow-ups that are not recorded, or the limit of the stay."
        ),
        _("Your office can do it for 14 days after it recorded the arrival; its supervisor can do it later, too."),
        lists=(_("Reasons:") + "\n" + words.explained(_, words.ARRIVAL_CORRECTION_REASONS),),
        examples=(
            (
                "homeward --as SA-24 correct-arrival HW-999-999-957 --on 11/03/2026 --reason mistyped",
                _("she came a day earlier than was typed"),
            ),
        ),
    )
    @case_argument(_)
    @click.option("--on", type=Day(_), required=True, help=_("The day on which she arrived."))
    @click.option(
        "--reason",
        type=Word(_, words.ARRIVAL_CORRECTION_REASONS),
        metavar=_("REASON"),
        required=True,
        help=_("Why."),
    )
    @click.pass_obj
    def command(session: Session, case: str, on: date, reason: str) -> None:
        from homeward.handover.v1 import custody_pb2
        from homeward.type.v1 import types_pb2

        request = custody_pb2.CorrectArrivalRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            arrived_on=on.isoformat(),
            reason=number_of(types_pb2.ArrivalCorrectionReason, reason),
        )
        show_custody(session, session.ask(session.calls.custody.CorrectArrival, request).custody, _("Corrected."))

    return command


def reassign(_: Texts) -> click.Command:
    """`homeward reassign CASE`."""

    @verb(
        _,
        "reassign",
        _(
            "Makes another office accountable, for a supervisor with both offices in the scope. What must happen, and "
            "until when, stays the same, so the office must be one that can do it: whoever is followed up at home "
            "needs a support agency. Who is on the way is recalled or redirected instead."
        ),
        _(
            "By this she is where she was. If she is with the other office, say since when: then she has arrived "
            "there. Whoever stays in a facility is that facility's until then."
        ),
        _("When the other office is of another province, a supervisor of that one approves first."),
        lists=(_("Reasons:") + "\n" + words.explained(_, words.REASSIGN_REASONS),),
        examples=(
            (
                "homeward --as SV-24 reassign HW-999-999-957 --to SA-24 --reason office-cannot",
                _("the agency is accountable from now on"),
            ),
            (
                "homeward --as SV-24 reassign HW-999-999-957 --to SA-24 --reason person-is-there --since 11/03/2026",
                _("she lives there since that day"),
            ),
        ),
    )
    @case_argument(_)
    @click.option("--to", required=True, metavar=_("OFFICE"), help=_("The office accountable from now on."))
    @click.option("--reason", type=Word(_, words.REASSIGN_REASONS), metavar=_("REASON"), required=True, help=_("Why."))
    @click.option("--since", type=Day(_), help=_("She is with that office since this day."))
    @click.pass_obj
    def command(session: Session, case: str, to: str, reason: str, since: date | None) -> None:
        from homeward.handover.v1 import custody_pb2
        from homeward.type.v1 import types_pb2

        request = custody_pb2.ReassignCaseRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            office_id=addressee(session, to, case, session.today()),
            reason=number_of(types_pb2.ReassignReason, reason),
            with_office_since=since.isoformat() if since else "",
        )
        show_custody(session, session.ask(session.calls.custody.ReassignCase, request).custody, _("Reassigned."))

    return command
