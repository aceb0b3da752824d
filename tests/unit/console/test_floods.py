"""Too much, too many and too slow are refused; what goes wrong is logged without anything of a person."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urlencode

import pytest
from structlog.testing import capture_logs

from homeward.notify.v1 import inbox_pb2
from services.console import guard
from services.console.app import build
from services.console.guard import MAX_BODY_BYTES, MAX_FIELDS
from tests.support.pages import HOST, Browser

POST = "BP-CN-MONG-CAI"
NAME = "Nguyễn Thị Thí Dụ"


async def test_more_fields_than_any_form_has_are_refused(key: Path) -> None:
    browser = await Browser(key).sign_in(POST)
    fields = {f"p{number}.x": "1" for number in range(MAX_FIELDS + 1)}
    assert (await browser.post("/language", fields)).status == 400
    assert (await browser.post("/language", dict(list(fields.items())[: MAX_FIELDS - 5]))).status == 303


@pytest.mark.parametrize("length", [str(MAX_BODY_BYTES + 1), "", "-1", "1e3", "٣"])
async def test_more_bytes_or_no_length_are_refused_before_anything_is_read(key: Path, length: str) -> None:
    assert (await Browser(key).post("/language", content_length=length)).status == 413


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_who_sends_too_much_reads_what_to_do_now(key: Path, language: str) -> None:
    browser = await Browser(key, language=language).sign_in(POST)
    reply = await browser.post("/inbox/read", content_length=str(MAX_BODY_BYTES + 1))
    assert reply.status == 413
    assert ("Mỗi lần gửi được tối đa 2 MB" if language == "vi" else "At most 2 MB") in reply.text
    assert POST in reply.text, "whoever is signed in stays so"


async def test_a_body_that_never_comes_is_not_waited_for(key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "BODY_S", 0.05)
    app = build(Browser(key).console)
    sent: list[int] = []
    body = urlencode({"language": "en"}).encode()
    headers = {
        "host": HOST,
        "content-length": str(len(body)),
        "content-type": "application/x-www-form-urlencoded",
        "sec-fetch-site": "same-origin",
    }
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "https",
        "path": "/language",
        "raw_path": b"/language",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": (HOST, 443),
    }

    async def receive() -> dict[str, object]:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: object) -> None:
        if isinstance(message, dict) and message["type"] == "http.response.start":
            sent.append(message["status"])

    await app(scope, receive, send)
    assert sent == [408]


async def test_a_failure_is_logged_by_the_route_and_names_nobody(key: Path) -> None:
    def broken(_request: object) -> inbox_pb2.ListMessagesResponse:
        raise RuntimeError(f"about {NAME}")

    browser = await Browser(key, {"ListMessages": broken, "MarkMessagesRead": broken}).sign_in(POST)
    with capture_logs() as lines:
        replies = [
            await browser.get(f"/inbox?{urlencode({'page': NAME})}"),
            await browser.post("/inbox/read", {"message": "typed"}),
        ]
    assert [each.status for each in replies] == [500, 500]
    assert [(line["event"], line["page"]) for line in lines] == [
        ("page_failed", "/inbox"),
        ("page_failed", "/inbox/read"),
    ]
    assert NAME not in str(lines) + "".join(each.text for each in replies)
