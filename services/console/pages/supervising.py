"""What a supervisor watches: overdue, searched for, follow-ups overdue; a map of tiles that leads to the rows."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from homeward.followup.v1 import visits_pb2
from homeward.handover.v1 import open_cases_pb2, searches_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.enums import number_of
from services.chassis.country.provinces import provinces
from services.client import words
from services.client.people_file.values import province_name
from services.client.shown import overdue as shown
from services.client.shown.searches import level_text
from services.console.desk import Desk
from services.console.pages.lists import choices, chosen, page_token, shown_list
from services.console.routes import Page

ISLANDS: Final = {"48": "Hoàng Sa", "56": "Trường Sa"}
"""The archipelagos of Đà Nẵng and Khánh Hòa, named in their tiles."""
SHADES: Final = (1, 3, 10, 30)
"""From so many people on a tile is one shade darker."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A province on the map."""

    name: str
    islands: str
    count: int
    shade: int
    link: str


async def overdue(desk: Desk) -> Response:
    """Open cases with a deadline passed, the longest overdue first."""
    _ = desk.texts
    request = open_cases_pb2.ListOverdueRequest(page_token=page_token(desk))
    titles = (_("Case number"), _("What is overdue"), _("Due"), _("Days"), _("Accountable"), _("To"))
    return await shown_list(
        desk,
        _("Overdue"),
        titles,
        lambda: desk.ask(desk.stubs.open_cases.ListOverdue, request),
        lambda answer: [shown.late_row(shown.late_case(each), _) for each in answer.cases],
        beside=[("/follow-ups/overdue", _("Follow-ups overdue"))] if desk.may("ListOverdueFollowUps") else (),
    )


async def overdue_follow_ups(desk: Desk) -> Response:
    """Follow-ups overdue, in the same form."""
    _ = desk.texts
    request = visits_pb2.ListOverdueFollowUpsRequest(page_token=page_token(desk))
    titles = (_("Case number"), _("What is overdue"), _("Due"), _("Days"), _("Accountable"), _("To"))
    return await shown_list(
        desk,
        _("Follow-ups overdue"),
        titles,
        lambda: desk.ask(desk.stubs.visits.ListOverdueFollowUps, request),
        lambda answer: [shown.late_row(shown.late_follow_up(each), _) for each in answer.follow_ups],
        beside=[("/overdue", _("All that is overdue"))] if desk.may("ListOverdue") else (),
    )


async def lost(desk: Desk) -> Response:
    """People searched for: the counts with the map, and the rows by reason and level."""
    _ = desk.texts
    reason = chosen(desk, "reason", words.LOST_REASONS)
    level = desk.request.query_params.get("level", "")
    level = level if level in ("1", "2", "3") else ""
    request = searches_pb2.ListLostRequest(
        page_token=page_token(desk),
        filter=searches_pb2.LostFilter(
            reason=number_of(types_pb2.LostReason, reason or None), escalation_level_min=int(level or 0)
        ),
    )
    found, counted = await asyncio.gather(desk.block(_lost(desk, request)), desk.block(_count(desk)))
    levels = [(str(each), level_text(each, _)) for each in (1, 2, 3)]
    counts = list(counted.found.counts) if counted.found else []
    return desk.page(
        "lost.html",
        found=found,
        counted=counted,
        titles=(_("Case number"), _("Why"), _("Days"), _("Accountable"), _("To"), _("Told to")),
        rows=[shown.lost_row(shown.lost_case(each), _) for each in found.found.searches] if found.found else [],
        filters=(
            ("reason", _("Why"), choices(desk, words.LOST_REASONS), reason),
            ("level", _("Told to"), levels, level),
        ),
        query="".join(f"{name}={value}&" for name, value in (("reason", reason), ("level", level)) if value),
        count_titles=shown.count_titles(_),
        count_rows=[shown.count_row(_plain_count(each), _) for each in counts],
        tiles=tiles(counts, desk),
        total=sum(each.total for each in counts),
    )


def _plain_count(each: Any) -> dict[str, Any]:
    code = types_pb2.LostReason.Name(each.reason).removeprefix("LOST_REASON_")
    return {
        "province": each.province,
        "reason": "" if code == "UNSPECIFIED" else code,
        "total": each.total,
        "from_7_days": each.from_7_days,
        "from_30_days": each.from_30_days,
        "oldest_days": each.oldest_days,
    }


def tiles(counts: Any, desk: Desk) -> list[Tile]:
    """The provinces of today from north to south, with how many people are searched for in each."""
    by_province: defaultdict[str, int] = defaultdict(int)
    for each in counts:
        by_province[each.province] += each.total
    today = desk.console.today()
    return [
        Tile(
            name=province_name(ref),
            islands=ISLANDS.get(ref.code, "") if ref.vintage == "2025" else "",
            count=by_province[f"{ref.code}@{ref.vintage}"],
            shade=sum(by_province[f"{ref.code}@{ref.vintage}"] >= least for least in SHADES),
            link="#rows",
        )
        for ref, province in provinces().items()
        if province.is_valid(today)
    ]


async def _lost(desk: Desk, request: Any) -> searches_pb2.ListLostResponse:
    return await desk.ask(desk.stubs.searches.ListLost, request)


async def _count(desk: Desk) -> searches_pb2.CountLostResponse:
    return await desk.ask(desk.stubs.searches.CountLost, searches_pb2.CountLostRequest())


PAGES: Final = (
    Page("/overdue", overdue, calls=("ListOverdue",)),
    Page("/follow-ups/overdue", overdue_follow_ups, calls=("ListOverdueFollowUps",)),
    Page("/lost", lost, calls=("ListLost",)),
)
