"""What the whole country stands on: the working calendar by the year, and how far the end of an office has come."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any, Final

from starlette.responses import Response

from homeward.handover.v1 import directory_pb2
from homeward.office.v1 import office_end_pb2
from services.chassis.country.calendars import viet_nam_calendar
from services.client.dates import written
from services.console.desk import Block, Desk
from services.console.pages import acts
from services.console.pages.administration import SERVICES
from services.console.pages.lists import shown_list
from services.console.routes import Page

SATURDAY: Final = 5
YEARS_AHEAD: Final = 3


async def calendar(desk: Desk) -> Response:
    """Weekdays that are off and weekend days that are worked in one year, as published and as changed here."""
    _, this_year = desk.texts, desk.console.today().year
    years = [str(this_year + each) for each in range(-1, YEARS_AHEAD)]
    given = desk.request.query_params.get("year", "")
    year = int(given) if given in years else this_year
    return await shown_list(
        desk,
        _("Working calendar"),
        (_("Day"), _("What"), _("Changed here")),
        lambda: desk.ask(desk.stubs.directory.ListRules, directory_pb2.ListRulesRequest(code="TRANSFER_ACKNOWLEDGE")),
        lambda answer: _days(desk, answer, year),
        filters=(("year", _("Year"), [(each, each) for each in years], str(year)),),
        link="",
        beside=acts.offered(desk, "/calendar"),
    )


def _days(desk: Desk, answer: directory_pb2.ListRulesResponse, year: int) -> list[tuple[str, ...]]:
    _ = desk.texts
    changed = {date.fromisoformat(each.on): each.working for each in answer.changed_days}
    off, worked = viet_nam_calendar().days_changed(changed)
    days = sorted(day for day in {*off, *worked} if day.year == year and (day in worked or day.weekday() < SATURDAY))
    return [
        (written(day.isoformat()), _("worked") if day in worked else _("off"), _("yes") if day in changed else "")
        for day in days
    ]


async def end(desk: Desk) -> Response:
    """What each of the four services says of the end of an office: whether it has moved everything, and what."""
    _, office_id = desk.texts, desk.request.path_params["office"][:64]
    blocks = await asyncio.gather(*(desk.block(_end(desk, name, office_id)) for name, _text in SERVICES))
    return desk.page(
        "office_end.html",
        office=office_id,
        rows=[(_(text), block) for (_name, text), block in zip(SERVICES, blocks, strict=True)],
        whole=all(block.found is not None and block.found.done and not block.found.left for block in blocks),
        told=_told,
    )


async def _end(desk: Desk, service: str, office_id: str) -> office_end_pb2.GetOfficeEndResponse:
    request = office_end_pb2.GetOfficeEndRequest(office_id=office_id)
    return await desk.ask(desk.stubs.office_end(service).GetOfficeEnd, request)


def _told(block: Block[Any]) -> int:
    """How much moved."""
    return sum(block.found.moved.values()) if block.found is not None else 0


PAGES: Final = (
    Page("/calendar", calendar, calls=("ListRules",)),
    Page("/offices/{office}/end", end, calls=("GetOfficeEnd",)),
)
