"""My week: who is in danger, what is overdue and due, and how each of them wishes to be contacted, before anybody goes.

Wishes are told in confidence: they come by a form alone, and each reading is recorded.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from homeward.followup.v1 import care_pb2, oversight_pb2
from services.client.shown.care import wishes_version_facts
from services.client.shown.oversight import safety_row, safety_titles, work_row
from services.console.desk import Block, Desk
from services.console.routes import Page

CASES_MAX: Final = 50
"""More than anybody visits in a week; whoever has more pages through the list."""
WISHES_MAX: Final = 20
"""So many wishes are read at once."""
WHOSE: Final = ("mine", "nobody", "office")
_OFFICERS: Final = {"mine": "ME", "nobody": "NOBODY", "office": ""}


@dataclass(frozen=True, slots=True)
class Line:
    """A case of the week; `wishes` None: not asked for."""

    case_number: str
    what: str
    due: str
    state: str
    officer: str
    mine: bool
    has_wishes: bool
    wishes: Sequence[tuple[str, str]] | None


async def week(desk: Desk) -> Response:
    """The page."""
    return await _page(desk, desk.request.query_params.get("whose", ""), read=False)


async def with_wishes(desk: Desk) -> Response:
    """The same with her wishes beside each case."""
    form = await desk.form()
    return await _page(desk, str(form.get("whose", "")), read=True)


async def _page(desk: Desk, given: str, *, read: bool) -> Response:
    whose = given if given in WHOSE else WHOSE[0]
    found, safety = await asyncio.gather(desk.block(_cases(desk, whose)), desk.block(_safety(desk)))
    cases = found.found.cases if found.found is not None else ()
    wishes = await _wishes(desk, [each.case_number for each in cases if each.has_wishes][:WISHES_MAX]) if read else {}
    return desk.page(
        "week.html",
        whose=whose,
        found=found,
        lines=[_line(each, desk, wishes) for each in cases],
        more=found.found.next_page_token if found.found is not None else "",
        unread=any(each.has_wishes for each in cases) and not read,
        safety=safety,
        safety_titles=safety_titles(desk.texts),
        safety_rows=[safety_row(each, desk.texts) for each in safety.found.acts] if safety.found is not None else [],
    )


async def _cases(desk: Desk, whose: str) -> oversight_pb2.ListWorkloadResponse:
    wanted = oversight_pb2.WorkloadFilter(officer=_OFFICERS[whose], this_week=True)
    request = oversight_pb2.ListWorkloadRequest(page_size=CASES_MAX, filter=wanted)
    return await desk.ask(desk.stubs.oversight.ListWorkload, request)


async def _safety(desk: Desk) -> oversight_pb2.ListSafetyActsResponse:
    return await desk.ask(desk.stubs.oversight.ListSafetyActs, oversight_pb2.ListSafetyActsRequest())


async def _wishes(desk: Desk, numbers: Sequence[str]) -> dict[str, Block[Any]]:
    async def ask(number: str) -> care_pb2.GetWishesResponse:
        return await desk.ask(desk.stubs.care.GetWishes, care_pb2.GetWishesRequest(case=number))

    blocks = await asyncio.gather(*(desk.block(ask(number)) for number in numbers))
    return dict(zip(numbers, blocks, strict=True))


def _line(each: Any, desk: Desk, wishes: dict[str, Block[Any]]) -> Line:
    number, what, due, state, officer, _office = work_row(each, desk.texts)
    block = wishes.get(number)
    told: Sequence[tuple[str, str]] | None = None
    if block is not None and block.found is not None:
        told = [fact for fact in wishes_version_facts(block.found, desk.texts) if fact[1]]
    elif block is not None and block.missing is not None:
        told = [("", block.missing.message)]
    return Line(number, what, due, state, officer, each.mine, each.has_wishes, told)


PAGES: Final = (
    Page("/week", week, calls=("ListSafetyActs",)),
    Page("/week", with_wishes, ("POST",), calls=("GetWishes",)),
)
