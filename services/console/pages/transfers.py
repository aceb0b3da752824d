"""Who is on the way: the list, and accepting several at once."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from homeward.handover.v1 import transfers_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.client import RpcFailure
from services.chassis.calls.enums import number_of
from services.chassis.kernel.case_number import InvalidCaseNumber, parse_case_number
from services.chassis.kernel.roles import Role
from services.client import words
from services.console.desk import Desk
from services.console.notes import notes
from services.console.pages.filters import of_office, of_province
from services.console.pages.home import coming
from services.console.refusals import Refused
from services.console.routes import Page
from services.console.verbs import BY_NAME

AT_ONCE: Final = 4
CASES_MAX: Final = 60
"""Two buses."""
DIRECTIONS: Final = ("incoming", "outgoing")


async def transfers(desk: Desk) -> Response:
    """The list, by the filters in the address."""
    query = desk.request.query_params
    direction = query.get("direction") if query.get("direction") in DIRECTIONS else None
    state = query.get("state", "")
    state = state if state in words.TRANSFER_STATES.codes else ""
    province, office = of_province(desk), of_office(desk)
    request = transfers_pb2.ListTransfersRequest(
        page_token=query.get("page", "")[:500],
        direction=number_of(transfers_pb2.Direction, direction.upper() if direction else None),
        state=number_of(types_pb2.TransferState, state or None),
        overdue_only=query.get("overdue") == "1",
        not_accepted_only=query.get("accept") == "1",
        office_id=office.value,
        province=province.value,
        journey_id=query.get("journey", "")[:36],
    )
    found = await desk.block(_list(desk, request))
    rows = (
        [coming(each, desk.own, desk.console.today(), desk.texts) for each in found.found.transfers]
        if found.found
        else []
    )
    kept = {"direction": direction or "", "state": state, "overdue": "1" if request.overdue_only else ""}
    kept |= {"accept": "1" if request.not_accepted_only else "", "office": office.typed or office.value}
    kept |= {"province": province.value, "journey": request.journey_id}
    return desk.page(
        "transfers.html",
        found=found,
        done=BY_NAME["dispatch"] if query.get("done") == "dispatch" else None,
        notes=notes(desk),
        rows=rows,
        kept=kept,
        filters=_chosen(desk, kept, province.options),
        states=[(code, words.word(desk.texts, words.TRANSFER_STATES, code)) for code in words.TRANSFER_STATES],
        provinces=province.options if desk.office.role is Role.SUPERVISOR else (),
        query=urlencode({name: value for name, value in kept.items() if value} | {"page": ""}).removesuffix("page="),
    )


def _chosen(
    desk: Desk, kept: Mapping[str, str], provinces: Sequence[tuple[str, str]]
) -> list[tuple[str, str, Sequence[tuple[str, str]], str]]:
    """The filters as their labels need them."""
    _, yes = desk.texts, [("1", desk.texts("yes"))]
    states = [(code, words.word(_, words.TRANSFER_STATES, code)) for code in words.TRANSFER_STATES]
    ways = [("incoming", _("to your office")), ("outgoing", _("from your office"))]
    return [
        ("direction", _("Direction"), ways, kept["direction"]),
        ("state", _("State"), states, kept["state"]),
        ("province", _("Province"), provinces, kept["province"]),
        ("office", _("Office"), (), kept["office"]),
        ("journey", _("Journey"), [(kept["journey"], _("one that left together"))], kept["journey"]),
        ("accept", _("not accepted yet"), yes, kept["accept"]),
        ("overdue", _("overdue only"), yes, kept["overdue"]),
    ]


async def _list(desk: Desk, request: Any) -> transfers_pb2.ListTransfersResponse:
    return await desk.ask(desk.stubs.transfers.ListTransfers, request)


async def accept(desk: Desk) -> Response:
    """Accept several; each by itself, and the result of each is told."""
    form = await desk.form()
    cases = []
    for each in dict.fromkeys(map(str, form.getlist("case"))):
        try:
            cases.append(parse_case_number(each))
        except InvalidCaseNumber:
            continue
    limit = asyncio.Semaphore(AT_ONCE)

    async def one(case: str) -> tuple[str, Refused | None]:
        # Accepting twice changes nothing, so an id of this attempt's own is enough.
        request = transfers_pb2.AcceptTransferRequest(request_id=str(uuid.uuid4()), case=case)
        async with limit:
            try:
                await desk.ask(desk.stubs.transfers.AcceptTransfer, request)
            except RpcFailure as failure:
                return case, desk.refused(failure)
            return case, None

    results = await asyncio.gather(*map(one, cases[:CASES_MAX]))
    return desk.page("accepted.html", results=results)


PAGES: Final = (
    Page("/transfers", transfers, calls=("ListTransfers",)),
    Page("/transfers/accept", accept, ("POST",), calls=("AcceptTransfer",)),
)
