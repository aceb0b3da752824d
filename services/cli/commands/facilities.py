"""Staying in a reception centre or shelter: coming in, leaving, and how full the facilities are."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import click

from services.chassis.kernel.texts import Texts
from services.cli.answers import show_custody, show_list, show_warnings
from services.cli.options import Day, case_argument, page_options, verb
from services.client import plain
from services.client.addressee import named_province
from services.client.pages import every_page
from services.client.session import Session
from services.client.shown.custody import custody_facts
from services.client.shown.facilities import row, titles
from services.client.travel import warning_codes
from services.terminal import output


def admit(_: Texts) -> click.Command:
    """`homeward admit CASE`."""

    @verb(
        _,
        "admit",
        _(
            "Admits a person who reported at your facility herself. Who comes by a transfer is admitted by "
            "acknowledging the arrival. From then on the limit of the stay is watched, by the kind of the facility."
        ),
        _(
            "She stays because she agrees to: record that first (homeward consent give CASE stay). Where she cannot be "
            "asked yet she is admitted all the same, and asked later; where she said no she is not."
        ),
        examples=(
            ("homeward --as RC-PEACE-HOUSE admit HW-999-999-957 --on today", _("she stays from today on")),
            ("homeward --as RC-PEACE-HOUSE admit HW-999-999-957 --cannot-be-asked", _("she is too ill to be asked")),
        ),
    )
    @case_argument(_)
    @click.option("--on", type=Day(_), help=_("Day of the admission (today)."))
    @click.option(
        "--cannot-be-asked",
        is_flag=True,
        help=_("She cannot be asked yet whether she stays: ill, no interpreter, no guardian known."),
    )
    @click.pass_obj
    def command(session: Session, case: str, on: date | None, cannot_be_asked: bool) -> None:
        from homeward.handover.v1 import stays_pb2

        request = stays_pb2.AdmitPersonRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            admitted_on=on.isoformat() if on else "",
            cannot_be_asked=cannot_be_asked,
        )
        answer = session.ask(session.calls.stays.AdmitPerson, request)
        codes = warning_codes(answer.warnings)
        if session.as_json:
            output.document({"custody": plain.as_dict(answer.custody), "warnings": codes})
            return
        output.say(_("Admitted."))
        output.facts(custody_facts(answer.custody, _))
        show_warnings(codes, _)

    return command


def discharge(_: Texts) -> click.Command:
    """`homeward discharge CASE`."""

    @verb(
        _,
        "discharge",
        _(
            "Records that a person left your facility: towards the planned transfer, or with --own-choice to a "
            "province that she chose herself. Nobody is discharged into nowhere. Your facility stays accountable until "
            "a transfer is recorded and its arrival acknowledged; two working days are given to record it."
        ),
        _("Who is sent on the same day needs no discharge: “dispatch” implies it."),
        examples=(
            ("homeward discharge HW-999-999-957", _("towards the office of the planned transfer")),
            ('homeward discharge HW-999-999-957 --own-choice "Bắc Ninh"', _("she goes there by her own choice")),
        ),
    )
    @case_argument(_)
    @click.option("--own-choice", metavar=_("PROVINCE"), help=_("The province that she goes to by her own choice."))
    @click.option("--on", type=Day(_), help=_("Day of the discharge (today)."))
    @click.pass_obj
    def command(session: Session, case: str, own_choice: str | None, on: date | None) -> None:
        from homeward.handover.v1 import stays_pb2
        from homeward.type.v1 import types_pb2

        request = stays_pb2.DischargePersonRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            destination=types_pb2.DISCHARGE_DESTINATION_PLANNED_TRANSFER,
            discharged_on=on.isoformat() if on else "",
        )
        if own_choice:
            province = named_province(session, own_choice, on or session.today(), "--own-choice")
            request.destination = types_pb2.DISCHARGE_DESTINATION_OWN_CHOICE
            request.province.CopyFrom(types_pb2.ProvinceRef(code=province.code, vintage=province.vintage))
        done = _("Recorded. Your facility stays accountable until she arrives: record her departure with dispatch.")
        show_custody(session, session.ask(session.calls.stays.DischargePerson, request).custody, done)

    return command


def facilities(_: Texts) -> click.Command:
    """`homeward facilities`."""

    @verb(
        _,
        "facilities",
        _(
            "Shows how full the facilities are: places, people who stay, people on the way there, free places, and "
            "people whose stay is beyond its limit. Your own facility, or all in the scope of a supervisor."
        ),
        examples=(("homeward --as SV-NATIONAL facilities --all", _("all reception centres and shelters")),),
    )
    @page_options(_)
    @click.pass_obj
    def command(session: Session, /, **page: Any) -> None:
        from homeward.handover.v1 import stays_pb2

        request = stays_pb2.ListFacilitiesRequest()
        found = every_page(
            session, session.calls.stays.ListFacilities, request, lambda answer: answer.facilities, **page
        )
        show_list(session, found, "facilities", titles(_), lambda each: row(each, _))

    return command
