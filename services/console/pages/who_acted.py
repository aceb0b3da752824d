"""Who did what, joined from the services; for auditors by name, for supervisors without."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from starlette.responses import Response

from homeward.office.v1 import acts_pb2
from services.chassis.kernel.roles import Role
from services.client.services import SERVICES
from services.client.shown.acts import Done, newest_first, row, titles
from services.console.desk import Block, Desk
from services.console.pages.administration import SERVICES as NAMES
from services.console.pages.lists import page_token
from services.console.routes import Page

WORDS_MAX: Final = 128


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
        rows=[_by_names(desk, row(one, _)) for one in _joined(asked, found)],
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


async def _of(desk: Desk, service: str, request: acts_pb2.ListActsRequest) -> acts_pb2.ListActsResponse:
    return await desk.ask(desk.stubs.acts(service).ListActs, request)


PAGES: Final = (Page("/who-did-what", acts, calls=("ListActs",)),)
