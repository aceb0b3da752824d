"""Break-glass: opened from the page of a case, the person read by it, listed, and reviewed by another office."""

from __future__ import annotations

import uuid
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from homeward.intake.v1 import break_glass_pb2, reading_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from services.client import words
from services.client.shown import break_glass as shown
from services.client.shown.cases import person_facts
from services.console.desk import Desk, without_codes
from services.console.kept import kept
from services.console.pages.answers import case_of
from services.console.pages.case import SHOWN_S
from services.console.pages.lists import choices, page_token, shown_list
from services.console.refusals import Refused
from services.console.routes import Page
from services.console.texts import N_

WORDS_CHARS_MAX: Final = 500
DONE: Final = {
    "open": N_("It is open to you for two hours. Those concerned are told, and somebody of another office reviews it."),
    "review": N_("Your review is recorded. Those concerned are told."),
}


async def break_glasses(desk: Desk) -> Response:
    """What was opened; with `waiting=1` only what nobody has reviewed yet."""
    _, query = desk.texts, desk.request.query_params
    waiting, case = query.get("waiting") == "1", query.get("case", "")[:40]
    request = break_glass_pb2.ListBreakGlassRequest(page_token=page_token(desk), waiting_only=waiting, case=case)
    return await shown_list(
        desk,
        _("Opened by break-glass"),
        shown.titles(_),
        lambda: desk.ask(desk.stubs.break_glass.ListBreakGlass, request),
        lambda answer: [shown.row(each, _) for each in answer.break_glasses],
        filters=(
            ("waiting", _("Only those to be reviewed"), (("1", _("yes")),), "1" if waiting else ""),
            ("case", _("Case number"), (), case),
        ),
        link="/break-glass/",
        called=_("Show"),
    )


async def form(desk: Desk) -> Response:
    """What somebody says who opens a record."""
    return _form(desk, uuid.uuid4(), {"reason": "", "words": ""})


async def open_record(desk: Desk) -> Response:
    """Open it."""
    given, case = await desk.form(), case_of(desk)
    reason, said = str(given.get("reason", "")), str(given.get("words", ""))[: 4 * WORDS_CHARS_MAX]
    request_id = _uuid(str(given.get("request_id", "")))
    request = break_glass_pb2.OpenBreakGlassRequest(request_id=request_id, case=case, words=said)
    if reason in words.BREAK_GLASS_REASONS.codes:
        request.reason = types.BreakGlassReason.Value(f"BREAK_GLASS_REASON_{reason}")
    try:
        opened = (await desk.ask(desk.stubs.break_glass.OpenBreakGlass, request)).break_glass
    except RpcFailure as failure:
        return _form(desk, uuid.UUID(request_id), {"reason": reason, "words": said}, desk.refused(failure))
    return desk.go(f"/break-glass/{opened.break_glass_id}?done=open")


def _form(desk: Desk, request_id: uuid.UUID, given: dict[str, str], refused: Refused | None = None) -> Response:
    status = 200 if refused is None else 503 if refused.away else 422
    return desk.page(
        "break_glass_open.html",
        status,
        case=case_of(desk),
        reasons=choices(desk, words.BREAK_GLASS_REASONS),
        given=given,
        refused=refused,
        words_max=WORDS_CHARS_MAX,
        request_id=request_id,
    )


async def break_glass(desk: Desk) -> Response:
    """One of them, with the buttons that this officer has."""
    return await _page(desk, done=desk.request.query_params.get("done", ""))


async def review(desk: Desk) -> Response:
    """Say whether there was a reason."""
    given, one = await desk.form(), _id(desk)
    request_id, verdict = _uuid(str(given.get("request_id", ""))), str(given.get("verdict", ""))
    request = break_glass_pb2.ReviewBreakGlassRequest(request_id=request_id, break_glass_id=one)
    if verdict in words.BREAK_GLASS_VERDICTS.codes:
        request.verdict = types.BreakGlassVerdict.Value(f"BREAK_GLASS_VERDICT_{verdict}")
    try:
        await desk.ask(desk.stubs.break_glass.ReviewBreakGlass, request)
    except RpcFailure as failure:
        refused = desk.refused(failure)
        return await _page(desk, refused=refused, verdict=verdict, status=503 if refused.away else 422)
    return desk.go(f"/break-glass/{one}?done=review")


async def person(desk: Desk) -> Response:
    """Who she is, by what was opened; nothing of it is kept in the browser."""
    one = _id(desk)
    opened = await _get(desk, one)
    case = opened.break_glass.case_number
    request = reading_pb2.GetCaseRequest(case=case, include_identity=True, break_glass_id=one)
    try:
        found = (await desk.ask(desk.stubs.reading.GetCase, request)).case
    except RpcFailure as failure:
        refused = desk.refused(failure)
        return await _page(desk, refused=refused, status=503 if refused.away else 422)
    return desk.page(
        "identity.html",
        case=case,
        facts=[(name, without_codes(value)) for name, value in person_facts(found, desk.texts) if value],
        known=found.HasField("person"),
        shown_s=SHOWN_S,
        letter=False,
        purpose=desk.texts("break-glass"),
    )


async def again(desk: Desk) -> Response:
    """Who she is never has an address: whoever comes by GET gets what was opened."""
    return desk.go(f"/break-glass/{_id(desk)}")


async def _page(
    desk: Desk, *, done: str = "", refused: Refused | None = None, verdict: str = "", status: int = 200
) -> Response:
    found = await desk.block(_get(desk, _id(desk)))
    answer = found.found
    if refused is not None and found.found is None:
        # There is no form to stand in: it is kept beside what went wrong.
        page = kept(desk, status, desk.texts("This did not work"), refused)
        if page is not None:
            return page
    return desk.page(
        "break_glass.html",
        status,
        found=found,
        facts=[
            (name, desk.named(value)) for name, value in shown.facts(answer.break_glass, answer.words, desk.texts)[1:]
        ]
        if answer is not None
        else (),
        done=DONE.get(done, ""),
        refused=refused,
        verdicts=choices(desk, words.BREAK_GLASS_VERDICTS),
        verdict=verdict,
        request_id=uuid.uuid4(),
    )


async def _get(desk: Desk, one: str) -> Any:
    request = break_glass_pb2.GetBreakGlassRequest(break_glass_id=one)
    return await desk.ask(desk.stubs.break_glass.GetBreakGlass, request)


def _id(desk: Desk) -> str:
    return _uuid(desk.request.path_params["break_glass_id"])


def _uuid(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise HTTPException(404) from None


PAGES: Final = (
    Page("/break-glass", break_glasses, calls=("ListBreakGlass",)),
    Page("/break-glass/{break_glass_id}", break_glass, calls=("GetBreakGlass",)),
    Page("/break-glass/{break_glass_id}/review", review, ("POST",), calls=("ReviewBreakGlass",)),
    Page("/break-glass/{break_glass_id}/person", again, calls=("OpenBreakGlass",)),
    Page("/break-glass/{break_glass_id}/person", person, ("POST",), calls=("OpenBreakGlass",)),
    Page("/cases/{case}/break-glass", form, calls=("OpenBreakGlass",)),
    Page("/cases/{case}/break-glass", open_record, ("POST",), calls=("OpenBreakGlass",)),
)
