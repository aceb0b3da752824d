"""Handovers that were registered: which there were, and the minutes of one, to be printed.

The minutes say who everybody is, so they are asked for by a form, and each reading is recorded.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import Response

from homeward.intake.v1 import handovers_pb2
from services.client.dates import written
from services.client.plain import instant
from services.client.shown.cases import person_facts
from services.client.shown.handovers import gate_text, place_text
from services.console.desk import Desk
from services.console.pages.lists import day_in_address, page_token
from services.console.routes import Page

PURPOSE: Final = "PAPERS"


@dataclass(frozen=True, slots=True)
class Listed:
    """A person in the minutes; `name` is empty where the office may not know her any more."""

    number: str
    name: str = ""
    sex: str = ""
    born: str = ""
    home: str = ""
    carried: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """A handover in a list."""

    id: str
    moment: str
    gate: str
    numbers: Sequence[str]


def registered(each: handovers_pb2.HandoverSummary, desk: Desk) -> Registered:
    """As a list shows it."""
    moment = desk.moment(instant(each.handover_time))
    return Registered(each.handover_id, moment, gate_text(each.gate_id), each.case_numbers)


async def of_handovers(desk: Desk) -> Response:
    """The handovers that the office registered, the latest first; each leads to its minutes."""
    _ = desk.texts
    request = handovers_pb2.ListHandoversRequest(
        page_token=page_token(desk), from_on=day_in_address(desk, "from"), until_on=day_in_address(desk, "until")
    )
    found = await desk.block(desk.ask(desk.stubs.handovers.ListHandovers, request))
    filters = (
        ("from", _("Handed over from"), (), written(request.from_on)),
        ("until", _("Handed over until"), (), written(request.until_on)),
    )
    chosen = urlencode([(name, value) for name, _title, _options, value in filters if value])
    return desk.page(
        "handovers.html",
        found=found,
        handed=[registered(each, desk) for each in found.found.handovers] if found.found else [],
        filters=filters,
        query=f"{chosen}&" if chosen else "",
    )


async def minutes(desk: Desk) -> Response:
    """One handover as its minutes."""
    try:
        handover_id = str(uuid.UUID(desk.request.path_params["request_id"]))
    except ValueError:
        raise HTTPException(404) from None
    request = handovers_pb2.GetHandoverRequest(handover_id=handover_id, purpose=PURPOSE)
    found = await desk.ask(desk.stubs.handovers.GetHandover, request)
    return desk.page(
        "minutes.html",
        office=desk.name_of(desk.office.id),
        number=found.joint_minutes_number,
        moment=desk.moment(instant(found.handover.handover_time)),
        place=place_text(found, desk.texts),
        body=found.handing_body,
        people=[_listed(each, desk) for each in found.cases],
    )


def _listed(each: Any, desk: Desk) -> Listed:
    if not each.HasField("person"):
        return Listed(each.case_number, desk.texts("was erased") if each.erased else "")
    facts = dict(person_facts(each, desk.texts))
    _ = desk.texts
    carried = "; ".join(text for text in (facts[_("Documents")], facts[_("Belongings")]) if text)
    home = ", ".join(text for text in (facts[_("Home address")], facts[_("Home province")].partition(" (")[0]) if text)
    return Listed(each.case_number, facts[_("Full name")], facts[_("Sex")], facts[_("Born")], home, carried)


async def again(desk: Desk) -> Response:
    """Who they are never has an address: whoever comes by GET gets the list."""
    return desk.go("/handovers")


PAGES: Final = (
    Page("/handovers", of_handovers, calls=("ListHandovers",)),
    Page("/handovers/{request_id}/minutes", again, calls=("GetHandover",)),
    Page("/handovers/{request_id}/minutes", minutes, ("POST",), calls=("GetHandover",)),
)
