"""The sender's part of the way home: planning, leaving, sending elsewhere, calling back."""

from __future__ import annotations

import uuid
from datetime import date
from pathlib import Path
from typing import Any

import click

from services.chassis.kernel.texts import Texts
from services.cli.answers import show_with_warnings
from services.cli.options import CaseName, Day, PeopleFile, case_argument, verb
from services.cli.travel_options import travel_options
from services.client.addressee import addressee
from services.client.refusals import bad_input
from services.client.session import Session
from services.client.travel import travel_lists, travel_plan


def plan(_: Texts) -> click.Command:
    """`homeward plan CASE`."""

    @verb(
        _,
        "plan",
        _("Plans to send a person to the office that is to receive her. She has not left yet."),
        _("OFFICE is an id, a province (the support agency there), or “home”: the agency of her home province."),
        _(
            "One transfer of a person is open at a time: with --supersede this plan takes the place of the one that "
            "stands. Who has left already is redirected instead."
        ),
        lists=travel_lists(_),
        examples=(
            (
                "homeward plan HW-999-999-957 --to home --leaves tomorrow --arrives 25/11/2026",
                _("to her home province"),
            ),
            (
                "homeward plan HW-999-999-957 --to SA-24 --leaves 24/11/2026 --arrives 25/11/2026 --supersede",
                _("another plan in the place of the first"),
            ),
        ),
    )
    @case_argument(_)
    @click.option("--to", required=True, metavar=_("OFFICE"), help=_("Where to: office, province, or home."))
    @click.option("--leaves", type=Day(_), required=True, help=_("When she is expected to leave."))
    @click.option("--arrives", type=Day(_), required=True, help=_("When she is expected to arrive."))
    @click.option("--supersede", is_flag=True, help=_("Take the place of the plan that stands."))
    @travel_options(_)
    @click.pass_obj
    def command(
        session: Session, /, case: str, to: str, leaves: date, arrives: date, supersede: bool, **said: Any
    ) -> None:
        from homeward.handover.v1 import transfers_pb2

        check_days(leaves, arrives, _)
        request = transfers_pb2.PlanTransferRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            to_office_id=addressee(session, to, case, arrives),
            expected_departure_on=leaves.isoformat(),
            expected_arrival_on=arrives.isoformat(),
            travel=travel_plan(said),
            supersede=supersede,
        )
        show_with_warnings(session, session.ask(session.calls.transfers.PlanTransfer, request), _("Planned."))

    return command


def dispatch(_: Texts) -> click.Command:
    """`homeward dispatch CASE` and `homeward dispatch --journey FILE`."""

    @verb(
        _,
        "dispatch",
        _("Records that a person left. Your office stays accountable until the other one acknowledges the arrival."),
        _(
            "OFFICE is an id, a province (the support agency there), or “home”: the agency of her home province. "
            "What was planned need not be said again."
        ),
        _(
            "It is refused when she does not agree, and without a verdict that her home is safe: homeward home-safety. "
            "What else is missing is said as a note, and she is on the way all the same. To a centre she may always go."
        ),
        _(
            "Several people on one bus, to one or several offices, are recorded together with --journey FILE: all of "
            "them or none. A form: homeward template bus.csv --journey. The options hold for everybody whose row does "
            "not say otherwise. Before sending, the id of the request is kept beside the file, so the same command may "
            "be run again after whatever happened."
        ),
        lists=travel_lists(_),
        examples=(
            ("homeward dispatch HW-999-999-957 --to home --arrives 25/11/2026", _("left today for her home province")),
            (
                'homeward dispatch HW-999-999-957 --to "Bắc Ninh" --left yesterday --arrives today',
                _("to the agency there"),
            ),
            ("homeward dispatch HW-999-999-957", _("left today, everything else as planned")),
            (
                "homeward dispatch HW-999-999-957 --to home --arrives tomorrow --escort social-worker --consent given",
                _("with an escort, and she agrees"),
            ),
            ("homeward dispatch --journey bus.csv --means bus", _("everybody on one bus")),
        ),
    )
    @click.argument("case", type=CaseName(_), metavar=_("[CASE]"), required=False)
    @click.option("--to", metavar=_("OFFICE"), help=_("Where to: office, province, or home."))
    @click.option("--left", type=Day(_), help=_("When she left (today)."))
    @click.option("--arrives", type=Day(_), help=_("When she is expected to arrive."))
    @travel_options(_)
    @click.option("--journey", type=PeopleFile(_), metavar=_("FILE"), help=_("Everybody of this file left together."))
    @click.option("--new", is_flag=True, help=_("The file holds another journey than the one sent before."))
    @click.pass_obj
    def command(
        session: Session,
        /,
        case: str | None,
        to: str | None,
        left: date | None,
        arrives: date | None,
        journey: Path | None,
        new: bool,
        **said: Any,
    ) -> int | None:
        if left and arrives:
            check_days(left, arrives, _)
        if journey is not None:
            from services.cli.commands.journey import dispatch_journey

            _no_case_beside_a_file(case, _)
            return dispatch_journey(session, journey, to=to, left=left, arrives=arrives, said=said, new=new)
        if case is None:
            advice = (_("Name the case, or everybody of a bus with --journey FILE."),)
            raise bad_input("CASE_MISSING", _("Nobody is named."), advice=advice)
        from homeward.handover.v1 import transfers_pb2

        on = arrives or left or session.today()
        request = transfers_pb2.DispatchTransferRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            to_office_id=addressee(session, to, case, on) if to else "",
            departed_on=left.isoformat() if left else "",
            expected_arrival_on=arrives.isoformat() if arrives else "",
            travel=travel_plan(said),
        )
        answer = session.ask(session.calls.transfers.DispatchTransfer, request)
        show_with_warnings(session, answer, _("She is on the way."))
        return None

    return command


def redirect(_: Texts) -> click.Command:
    """`homeward redirect CASE`."""

    @verb(
        _,
        "redirect",
        _(
            "Sends a person who is on the way to another office. The first office is told that she does not come any "
            "more; a search for her ends as redirected. Your office stays accountable until she arrives."
        ),
        _(
            "How she travels stays as it was, unless it is said again. Her consent and the check of her home were "
            "asked about another place: say the one anew, and record the other (home-safety)."
        ),
        lists=travel_lists(_),
        examples=(
            (
                "homeward redirect HW-999-999-957 --to SA-24 --arrives tomorrow",
                _("she goes to Bắc Ninh instead"),
            ),
        ),
    )
    @case_argument(_)
    @click.option("--to", required=True, metavar=_("OFFICE"), help=_("Where to: office, province, or home."))
    @click.option("--arrives", type=Day(_), required=True, help=_("When she is expected to arrive."))
    @travel_options(_)
    @click.pass_obj
    def command(session: Session, /, case: str, to: str, arrives: date, **said: Any) -> None:
        from homeward.handover.v1 import transfers_pb2

        request = transfers_pb2.RedirectTransferRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            to_office_id=addressee(session, to, case, arrives),
            expected_arrival_on=arrives.isoformat(),
            travel=travel_plan(said),
        )
        show_with_warnings(session, session.ask(session.calls.transfers.RedirectTransfer, request), _("Redirected."))

    return command


def recall(_: Texts) -> click.Command:
    """`homeward recall CASE`."""

    @verb(
        _,
        "recall",
        _("Recalls a transfer that your office planned or recorded: she stays, or goes elsewhere."),
        examples=(("homeward recall HW-999-999-957", _("the journey does not take place")),),
    )
    @case_argument(_)
    @click.pass_obj
    def command(session: Session, case: str) -> None:
        from homeward.handover.v1 import transfers_pb2

        request = transfers_pb2.RecallTransferRequest(request_id=str(uuid.uuid4()), case=case)
        show_with_warnings(session, session.ask(session.calls.transfers.RecallTransfer, request), _("Recalled."))

    return command


def check_days(leaves: date, arrives: date, _: Texts) -> None:
    """Raises Refusal when somebody would arrive before leaving."""
    if arrives < leaves:
        raise bad_input("ARRIVES_BEFORE_LEAVING", _("She cannot arrive before she leaves."))


def _no_case_beside_a_file(case: str | None, _: Texts) -> None:
    if case is not None:
        text = _("A case and a file were named: name one of them.")
        raise bad_input("CASE_AND_JOURNEY", text)
