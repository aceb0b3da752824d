"""Who did what, joined from the services; for auditors by name, for supervisors without."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from starlette.responses import Response

from homeward.handover.v1 import custody_pb2
from homeward.office.v1 import acts_pb2
from services.chassis.kernel.roles import Role
from services.client.services import SERVICES
from services.client.shown.acts import Done, newest_first, row, titles
from services.console.desk import Block, Desk
from services.console.pages.administration import SERVICES as NAMES
from services.console.pages.lists import page_token
from services.console.routes import Page

WORDS_MAX: Final = 128
AT_ONCE: Final = 4
LOOKED_UP_MAX: Final = 40
"""Cases of one page whose numbers are asked for."""


async def acts(desk: Desk) -> Response:
    """Acts, newest first; the pages behind the first are those of one service."""
    _ = desk.texts
    query = desk.request.query_params
    case, office, person = (query.get(name, "").strip()[:WORDS_MAX] for name in ("case", "office", "person"))
    service = query.get("service", "")
    service = service if service in SERVICES else ""
    person = person if desk.office.role is Role.AUDITOR else ""
    request = acts_pb2.ListActsRequest(case=case, office_id=office, subject=person)
    if service:
        request.page_token = page_token(desk)
    asked = [service] if service else list(SERVICES)
    found = await asyncio.gather(*(desk.block(_of(desk, one, request)) for one in asked))
    parts = dict(NAMES)
    by_person = (("person", _("Person"), (), person),) if desk.office.role is Role.AUDITOR else ()
    filters = (
        ("case", _("Case number"), (), case),
        ("office", _("Office"), (), office),
        *by_person,
        ("service", _("Part"), [(name, _(text)) for name, text in NAMES], service),
    )
    return desk.page(
        "acts.html",
        titles=titles(_),
        missing=[
            (_(parts[one]), block.missing) for one, block in zip(asked, found, strict=True) if block.missing is not None
        ],
        rows=[_by_names(desk, row(one, _)) for one in await _numbered(desk, _joined(asked, found))],
        filters=filters,
        query="".join(f"{name}={value}&" for name, _title, _options, value in filters if value),
        next=found[0].found.next_page_token if service and found[0].found else "",
        more=not service and any(block.found.next_page_token for block in found if block.found),
    )


def _by_names(desk: Desk, shown: tuple[str, ...]) -> tuple[str, ...]:
    at, office_id, *rest = shown
    return at, desk.with_id(office_id), *rest


def _joined(asked: list[str], found: list[Block[Any]]) -> list[Done]:
    answers = zip(asked, found, strict=True)
    return newest_first(Done(name, act) for name, block in answers if block.found for act in block.found.acts)


async def _numbered(desk: Desk, done: list[Done]) -> list[Done]:
    """With the number of the case that each act names first, where its own service did not know one."""
    numbers = {
        case: number for one in done for case, number in zip(one.act.case_ids, one.act.case_numbers, strict=False)
    }
    lacking = list(dict.fromkeys(one.act.case_ids[0] for one in done if one.act.case_ids))
    lacking = [case for case in lacking if not numbers.get(case)]
    limit = asyncio.Semaphore(AT_ONCE)

    async def asked(case: str) -> str:
        async with limit:
            return (await desk.block(_number(desk, case))).found or ""

    found = await asyncio.gather(*map(asked, lacking[:LOOKED_UP_MAX]))
    numbers |= dict(zip(lacking, found, strict=False))
    unseen = desk.texts("a case that is not visible to you")
    for one in done:
        known = [numbers.get(case) or unseen for case in one.act.case_ids]
        del one.act.case_numbers[:]
        one.act.case_numbers.extend(known)
    return done


async def _number(desk: Desk, case: str) -> str:
    """The number of a case: handover's, where that may be asked; else what intake's acts say. Raises RpcFailure."""
    if desk.may("GetCustody"):
        asked = custody_pb2.GetCustodyRequest(case=case)
        return str((await desk.ask(desk.stubs.custody.GetCustody, asked)).custody.case_number)
    found = await _of(desk, "intake", acts_pb2.ListActsRequest(case=case, page_size=1))
    pairs = [pair for act in found.acts for pair in zip(act.case_ids, act.case_numbers, strict=False)]
    return dict(pairs).get(case, "")


async def _of(desk: Desk, service: str, request: acts_pb2.ListActsRequest) -> acts_pb2.ListActsResponse:
    return await desk.ask(desk.stubs.acts(service).ListActs, request)


PAGES: Final = (Page("/who-did-what", acts, calls=("ListActs",)),)
