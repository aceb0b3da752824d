"""The minutes of a handover, to be printed: with who everybody is, so they are asked for by a form, and each reading is
recorded."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from homeward.intake.v1 import handovers_pb2
from services.client.plain import instant
from services.client.shown.cases import person_facts
from services.client.shown.handovers import place_text
from services.console.desk import Desk
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
    """Who they are never has an address: whoever comes by GET gets the first page."""
    return desk.go("/")


PAGES: Final = (
    Page("/handovers/{request_id}/minutes", again, calls=("GetHandover",)),
    Page("/handovers/{request_id}/minutes", minutes, ("POST",), calls=("GetHandover",)),
)
