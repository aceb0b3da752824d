"""The receiver's part of the way home: accepting, arriving, not arriving, rejecting."""

from __future__ import annotations

import uuid
from datetime import date

import click

from services.chassis.calls.enums import number_of
from services.chassis.kernel.texts import Texts
from services.cli.answers import show_custody, show_with_warnings
from services.cli.options import Day, Word, case_argument, verb
from services.cli.several import for_each
from services.client import words
from services.client.dates import written
from services.client.session import Session


def accept(_: Texts) -> click.Command:
    """`homeward accept CASE…`."""

    @verb(
        _,
        "accept",
        _(
            "Accepts the duty to receive people: they are expected at your office. From then on your office may read "
            "name, sex, birth year and expected arrival. The sender stays accountable until the arrival is "
            "acknowledged."
        ),
        _("It need not come first: an arrival may be acknowledged without it. Doing it twice changes nothing."),
        examples=(
            ("homeward --as SA-24 accept HW-999-999-957", _("one person")),
            ("homeward accept HW-999-999-957 HW-999-999-923", _("two people of one bus")),
        ),
    )
    @case_argument(_, several=True)
    @click.pass_obj
    def command(session: Session, cases: tuple[str, ...]) -> int:
        from homeward.handover.v1 import transfers_pb2

        def one(case: str) -> transfers_pb2.Transfer:
            request = transfers_pb2.AcceptTransferRequest(request_id=str(uuid.uuid4()), case=case)
            return session.ask(session.calls.transfers.AcceptTransfer, request).transfer

        return for_each(
            session,
            cases,
            one,
            alone=_("Accepted: she is expected. When she is there, acknowledge the arrival."),
            result=lambda each: _("accepted, expected {day}", day=written(each.expected_arrival_on)),
            caption=_("{done} of {count} accepted."),
        )

    return command


def acknowledge(_: Texts) -> click.Command:
    """`homeward acknowledge CASE…`."""

    @verb(
        _,
        "acknowledge",
        _(
            "Acknowledges that people arrived: your office is accountable for them from now on. Only the office they "
            "were sent to can say so. A late acknowledgement counts, and ends a search. Who arrives at a reception "
            "centre is admitted by it."
        ),
        _("Several cases may be named at once, such as all who came with one bus; each is acknowledged on its own."),
        examples=(
            ("homeward --as SA-24 acknowledge HW-999-999-957 --on yesterday", _("one person, arrived yesterday")),
            ("homeward acknowledge HW-999-999-957 HW-999-999-923", _("two people, arrived today")),
        ),
    )
    @case_argument(_, several=True)
    @click.option("--on", type=Day(_), help=_("When they arrived (today)."))
    @click.pass_obj
    def command(session: Session, cases: tuple[str, ...], on: date | None) -> int:
        from homeward.handover.v1 import transfers_pb2

        def one(case: str) -> transfers_pb2.Transfer:
            request = transfers_pb2.AcknowledgeTransferRequest(
                request_id=str(uuid.uuid4()), case=case, arrived_on=on.isoformat() if on else ""
            )
            return session.ask(session.calls.transfers.AcknowledgeTransfer, request).transfer

        return for_each(
            session,
            cases,
            one,
            alone=_("The arrival is acknowledged: your office is accountable now."),
            result=lambda each: _("arrived {day}", day=written(each.arrived_on)),
            caption=_("{done} of {count} acknowledged."),
        )

    return command


def reject(_: Texts) -> click.Command:
    """`homeward reject CASE`."""

    @verb(
        _,
        "reject",
        _("Rejects a transfer addressed to your office. The sender is told and has to send her elsewhere."),
        lists=(_("Reasons:") + "\n" + words.explained(_, words.REASONS_TO_REJECT),),
        examples=(("homeward reject HW-999-999-957 --reason wrong-province", _("she belongs to another province")),),
    )
    @case_argument(_)
    @click.option("--reason", type=Word(_, words.REASONS_TO_REJECT), metavar=_("REASON"), required=True, help=_("Why."))
    @click.pass_obj
    def command(session: Session, case: str, reason: str) -> None:
        from homeward.handover.v1 import transfers_pb2
        from homeward.type.v1 import types_pb2

        request = transfers_pb2.RejectTransferRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            reason=number_of(types_pb2.RejectReason, reason),
        )
        show_with_warnings(session, session.ask(session.calls.transfers.RejectTransfer, request), _("Rejected."))

    return command


def not_arrived(_: Texts) -> click.Command:
    """`homeward not-arrived CASE`."""

    @verb(
        _,
        "not-arrived",
        _(
            "Reports that a person who was expected did not come, from the expected day on. The duty is the sender's, "
            "who is told and has two working days to send her on or to say where she is. Do not wait for it: the "
            "sooner it is said, the sooner somebody looks."
        ),
        examples=(("homeward --as SA-24 not-arrived HW-999-999-957", _("the bus came without her")),),
    )
    @case_argument(_)
    @click.pass_obj
    def command(session: Session, case: str) -> None:
        from homeward.handover.v1 import transfers_pb2

        request = transfers_pb2.ReportNotArrivedRequest(request_id=str(uuid.uuid4()), case=case)
        done = _("Reported: the sender is told, and has to look for her.")
        show_with_warnings(session, session.ask(session.calls.transfers.ReportNotArrived, request), done)

    return command


def home(_: Texts) -> click.Command:
    """`homeward home CASE`."""

    @verb(
        _,
        "home",
        _(
            "Records that a person is home without any transfer, for the support agency accountable for her. "
            "The follow-ups are counted from that day."
        ),
        examples=(("homeward --as SA-22 home HW-999-999-957 --since 20/11/2026", _("at home since that day")),),
    )
    @case_argument(_)
    @click.option("--since", type=Day(_), help=_("First day at home (today)."))
    @click.pass_obj
    def command(session: Session, case: str, since: date | None) -> None:
        from homeward.handover.v1 import custody_pb2

        request = custody_pb2.RecordHomeRequest(
            request_id=str(uuid.uuid4()), case=case, home_on=since.isoformat() if since else ""
        )
        show_custody(session, session.ask(session.calls.custody.RecordHome, request).custody, _("Recorded."))

    return command
