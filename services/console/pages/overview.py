"""What a supervisor sees first: five counts, each a link to its very rows; a map of tiles; and 26 weeks as lines."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from homeward.followup.v1 import visits_pb2
from homeward.handover.v1 import open_cases_pb2, searches_pb2
from homeward.intake.v1 import legal_steps_pb2
from homeward.type.v1 import types_pb2
from services.chassis.country.provinces import provinces
from services.client.dates import written
from services.client.people_file.values import province_name
from services.client.shown import open_cases as shown
from services.console.desk import Block, Desk
from services.console.pages.filters import address
from services.console.texts import N_

ISLANDS: Final = {"48": "Hoàng Sa", "56": "Trường Sa"}
"""The archipelagos of Đà Nẵng and Khánh Hòa, named in their tiles."""
PLACES: Final[Mapping[str, tuple[int, int]]] = {
    "12": (1, 1), "15": (1, 2), "08": (1, 3), "04": (1, 4),
    "11": (2, 1), "14": (2, 2), "19": (2, 3), "20": (2, 4),
    "25": (3, 2), "01": (3, 3), "24": (3, 4), "22": (3, 5),
    "37": (4, 3), "33": (4, 4), "31": (4, 5),
    "38": (5, 3),
    "40": (6, 3),
    "42": (7, 3), "44": (7, 4),
    "46": (8, 4), "48": (8, 5),
    "51": (9, 5),
    "52": (10, 5),
    "66": (11, 5),
    "80": (12, 2), "75": (12, 3), "68": (12, 4), "56": (12, 5),
    "91": (13, 1), "82": (13, 2), "79": (13, 3),
    "96": (14, 1), "92": (14, 2), "86": (14, 3),
}  # fmt: skip
"""Row from the north and column from the west of each province's tile, by its code since 2025.

Drawn by hand after the map of the 34 units of Resolution 202/2025/QH15, so that neighbours stand beside one another
where a grid lets them; a province that is not here stands behind the others.
"""
BEHIND: Final = (99, 99)
SHADES: Final = (1, 3, 10, 30)
"""From so many people on a tile is one shade darker."""
MEASURES: Final[tuple[tuple[str, str, str, dict[str, str]], ...]] = (
    ("on-the-way", N_("On the way"), "/custodies", {"phase": "IN_TRANSIT"}),
    ("overdue", N_("Overdue"), "/overdue", {}),
    ("lost", N_("Searched for"), "/lost", {}),
    ("follow-ups", N_("Follow-ups overdue"), "/follow-ups/overdue", {}),
    ("by-law", N_("Overdue by law"), "/legal-deadlines", {"passed": "overdue"}),
)
"""What is counted: its name, its title, and where its rows stand."""
WIDTH, HEIGHT, LEFT, BOTTOM = 640, 200, 40, 24
"""Of the trend, in its own units."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A province on the map."""

    name: str
    islands: str
    count: int
    shade: int
    link: str
    place: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Measure:
    """A count with the address of its rows and of the map that shows it."""

    name: str
    title: str
    total: Block[int]
    rows: str
    map: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the trend: `kind` tells its colour, `points` its way, `end_y` where its last point stands."""

    kind: str
    title: str
    points: str
    end_y: int
    last: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The supervisor's first page."""

    measures: Sequence[Measure]
    shown: Measure
    tiles: Sequence[Tile]
    missing: Any
    trend: Block[Any]
    lines: Sequence[Line]
    top: int
    first_day: str
    last_day: str
    trend_titles: Sequence[str]
    trend_rows: Sequence[Sequence[str]]


async def overview(desk: Desk) -> Overview | None:
    """All of it; None for who watches over nobody."""
    if not (desk.may("CountOverdue") and desk.may("CountFollowUps") and desk.may("ReassignCase")):
        return None
    _, given = desk.texts, desk.request.query_params.get("map", "overdue")
    counts, trend = await asyncio.gather(
        asyncio.gather(*(desk.block(_counts(desk, each[0])) for each in MEASURES)), desk.block(_trend(desk))
    )
    measures = [
        Measure(
            name,
            _(title),
            Block(sum(total for _province, total in block.found), None)
            if block.found is not None
            else Block(None, block.missing),
            address(path, **chosen),
            address("/", map=name),
            name == given,
        )
        for (name, title, path, chosen), block in zip(MEASURES, counts, strict=True)
    ]
    at = next((position for position, each in enumerate(measures) if each.chosen), 1)
    found, (_name, _title, path, chosen) = counts[at], MEASURES[at]
    points = list(trend.found.points) if trend.found is not None else []
    lines, top = lines_of(points, desk)
    return Overview(
        measures,
        measures[at],
        tiles(found.found or (), desk, path, **chosen),
        found.missing,
        trend,
        lines,
        top,
        written(points[0].day) if points else "",
        written(points[-1].day) if points else "",
        shown.trend_titles(_),
        [shown.trend_row(each) for each in points],
    )


async def _counts(desk: Desk, name: str) -> list[tuple[str, int]]:
    """So many in each province; a province may come several times."""
    stubs = desk.stubs
    answer: Any
    match name:
        case "on-the-way":
            wanted = open_cases_pb2.CaseFilter(phases=[types_pb2.CASE_PHASE_IN_TRANSIT])
            answer = await desk.ask(stubs.open_cases.CountOpen, open_cases_pb2.CountOpenRequest(filter=wanted))
        case "overdue":
            answer = await desk.ask(stubs.open_cases.CountOverdue, open_cases_pb2.CountOverdueRequest())
        case "lost":
            answer = await desk.ask(stubs.searches.CountLost, searches_pb2.CountLostRequest())
        case "by-law":
            asked = legal_steps_pb2.CountLegalDeadlinesRequest(
                filter=legal_steps_pb2.LegalDeadlineFilter(overdue_only=True)
            )
            answer = await desk.ask(stubs.legal_steps.CountLegalDeadlines, asked)
        case _:
            answer = await desk.ask(stubs.visits.CountOverdueFollowUps, visits_pb2.CountOverdueFollowUpsRequest())
    return [(each.province, each.total) for each in answer.counts]


async def _trend(desk: Desk) -> open_cases_pb2.ListTrendResponse:
    return await desk.ask(desk.stubs.open_cases.ListTrend, open_cases_pb2.ListTrendRequest())


def tiles(counts: Iterable[tuple[str, int]], desk: Desk, path: str, **chosen: str) -> list[Tile]:
    """The provinces of today from north to south, each with its count and a link to its rows."""
    by_province: defaultdict[str, int] = defaultdict(int)
    for province, total in counts:
        by_province[province] += total
    today = desk.console.today()
    found = [
        Tile(
            name=province_name(ref),
            islands=ISLANDS.get(ref.code, "") if ref.vintage == "2025" else "",
            count=by_province[str(ref)],
            shade=sum(by_province[str(ref)] >= least for least in SHADES),
            link=address(path, **chosen, province=str(ref)),
            place=PLACES.get(ref.code) if ref.vintage == "2025" else None,
        )
        for ref, province in provinces().items()
        if province.is_valid(today)
    ]
    return sorted(found, key=lambda each: each.place or BEHIND)


def lines_of(points: Sequence[Any], desk: Desk) -> tuple[list[Line], int]:
    """The trend as ways of lines, and the number at its top; nothing of it where there are fewer than two weeks."""
    if len(points) < 2:
        return [], 0
    _, series = desk.texts, (("overdue", N_("Overdue")), ("on_the_way", N_("On the way")), ("lost", N_("Searched for")))
    top = max(1, *(getattr(point, name) for point in points for name, _title in series))
    step = (WIDTH - LEFT) / (len(points) - 1)
    lines = []
    for name, title in series:
        heights = [round(HEIGHT - BOTTOM - getattr(point, name) * (HEIGHT - BOTTOM - 12) / top) for point in points]
        way = " ".join(f"{LEFT + round(step * week)},{height}" for week, height in enumerate(heights))
        lines.append(Line(name.replace("_", "-"), _(title), way, heights[-1], getattr(points[-1], name)))
    return lines, top
