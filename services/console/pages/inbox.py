"""The messages of an office: what needs action first; and the live count of those unread."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Final

from starlette.responses import Response, StreamingResponse

from homeward.notify.v1 import inbox_pb2
from services.chassis.calls.client import RpcFailure
from services.client import plain
from services.console.desk import Desk
from services.console.routes import Page
from services.console.sessions import COOKIE

MARKED_MAX: Final = 200
LOOK_S: Final = 5.0
"""How often a window hears whether the count changed; it is asked once for all windows of an office."""
STANDS_S: Final = 30.0
"""How often a window's stream asks whether its session still stands."""
STREAM_S: Final = 600.0
"""Then the browser connects anew."""


async def inbox(desk: Desk) -> Response:
    """What is to be done, then what is new; with `old` also what was read or is done. The service keeps this order over
    all pages."""
    query = desk.request.query_params
    old = query.get("old") == "1"
    request = inbox_pb2.ListMessagesRequest(
        page_token=query.get("page", "")[:500],
        include_read=old,
        language=desk.texts.language,
        to_do_only=query.get("to-do") == "1",
    )
    found = await desk.block(_list(desk, request))
    messages = found.found.messages if found.found else ()
    return desk.page(
        "inbox.html",
        found=found,
        rows=[_row(desk, each) for each in messages],
        old=old,
        to_do=request.to_do_only,
        until=desk.console.now().isoformat(timespec="microseconds"),
        request_id=uuid.uuid4(),
    )


def _row(desk: Desk, each: inbox_pb2.Message) -> tuple[str | bool, ...]:
    """Plain values: a page has fifty of them, and a template looks each field of a message up anew."""
    when, is_read = desk.moment(plain.instant(each.post_time)), each.HasField("read_time")
    acts, done_by = each.action_required, bool(each.done_by)
    return each.message_id, each.title, each.body, address_of(each), acts, done_by, each.done, when, is_read


def address_of(message: inbox_pb2.Message) -> str:
    """The page of what a message is about."""
    if message.approval_id:
        return f"/approvals/{message.approval_id}"
    if message.break_glass_id:
        return f"/break-glass/{message.break_glass_id}"
    return f"/cases/{message.case_number}" if message.case_number else "/approvals"


async def _list(desk: Desk, request: Any) -> inbox_pb2.ListMessagesResponse:
    return await desk.ask(desk.stubs.inbox.ListMessages, request)


async def mark(desk: Desk) -> Response:
    """Mark those ticked, or all that were shown, as read."""
    form = await desk.form()
    ids = [str(each) for each in form.getlist("message")][:MARKED_MAX]
    request = inbox_pb2.MarkMessagesReadRequest(request_id=str(uuid.uuid4()))
    if form.get("all"):
        # What came since the list was shown was not seen.
        request.until_time.FromDatetime(_moment(str(form.get("until", ""))))
    request.message_ids.extend(() if form.get("all") else ids)
    if request.message_ids or request.HasField("until_time"):
        await desk.ask(desk.stubs.inbox.MarkMessagesRead, request)
    return desk.go("/inbox")


def _moment(text: str) -> datetime:
    """When the list was shown; long ago when that cannot be understood, so that nothing is marked."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime.fromtimestamp(0, UTC)


async def live(desk: Desk) -> Response:
    """How many messages are unread, again whenever that changes (server-sent events)."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_counts(desk), media_type="text/event-stream", headers=headers)


async def _counts(desk: Desk) -> AsyncIterator[str]:
    told, asks_s, ends_s = -1, time.monotonic() + STANDS_S, time.monotonic() + STREAM_S
    while time.monotonic() < ends_s and not await desk.request.is_disconnected():
        if time.monotonic() >= asks_s:
            # Looking keeps nobody signed in.
            if await desk.console.sessions.find(desk.request.cookies.get(COOKIE, ""), active=False) is None:
                return
            asks_s = time.monotonic() + STANDS_S
        count = await desk.console.unread(desk.office, lambda: _unread(desk))
        if count is not None and count != told:
            told = count
            yield f"event: unread\ndata: {count}\n\n"
        else:
            yield ":\n\n"
        await asyncio.sleep(LOOK_S)


async def _unread(desk: Desk) -> int | None:
    try:
        request = inbox_pb2.ListMessagesRequest(page_size=1, language=desk.texts.language)
        return (await desk.ask(desk.stubs.inbox.ListMessages, request)).unread_count
    except RpcFailure:
        return None


PAGES: Final = (
    Page("/inbox", inbox, calls=("ListMessages",)),
    Page("/inbox/read", mark, ("POST",), calls=("MarkMessagesRead",)),
    Page("/live", live, calls=("ListMessages",), polled=True),
)
