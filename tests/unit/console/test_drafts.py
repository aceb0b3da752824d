"""What an enrolled device gets of the console, and what it does not."""

from __future__ import annotations

import base64
import json
import re
import uuid
from pathlib import Path

import pytest

from homeward.intake.v1 import submissions_pb2
from services.chassis.kernel.case_number import format_case_number
from services.console.rendering import SHELL, STATIC, static_address, static_files
from tests.support.pages import Answer, Browser, failure

POST = "BP-CN-MONG-CAI"
NUMBER = format_case_number(4_711)
RECEIPT = submissions_pb2.Receipt(entries=[submissions_pb2.ReceiptEntry(row=1, case_number=NUMBER)])
NOTHING_YET: dict[str, Answer] = {"GetReceipt": failure("NOT_FOUND", "RECEIPT_NOT_FOUND")}
FIELDS = {"count": "1", "handover_time": "28/11/2026 09:00", "p1.full_name": "Nguyễn Thị Thí Dụ", "p1.sex": "Nữ"}
DATA = {"accept": "application/json"}


async def half(browser: Browser, device: str) -> bytes:
    """The console's half for a device of whoever is signed in."""
    reply = await browser.post("/handovers/half", {"device": device})
    assert reply.status == 200, reply.text
    return base64.b64decode(json.loads(reply.text)["half"])


async def test_the_half_is_of_one_office_and_one_device_and_the_same_after_each_sign_in(key: Path) -> None:
    device, other = str(uuid.uuid4()), str(uuid.uuid4())
    browser = await Browser(key).sign_in(POST)
    first = await half(browser, device)
    assert len(first) == 32
    assert await half(browser, other) != first
    assert await half(await Browser(key).sign_in(POST), device) == first
    assert await half(await Browser(key).sign_in("BP-CN-LAO-CAI"), device) != first
    assert (await browser.post("/handovers/half", {"device": "../x"})).status == 422
    for reply in (
        await browser.post("/handovers/half", {"device": device, "form_token": "x"}),
        await (await Browser(key).sign_in("SA-24")).post("/handovers/half", {"device": device}),
    ):
        assert reply.status == 403


async def test_who_is_signed_in_is_told_to_our_own_pages(key: Path) -> None:
    browser = Browser(key)
    assert (await browser.get("/handovers/token")).status == 401
    await browser.sign_in(POST)
    told = json.loads((await browser.get("/handovers/token")).text)
    assert told["office"] == POST
    reply = await browser.post("/handovers/half", {"device": str(uuid.uuid4()), "form_token": told["token"]})
    assert reply.status == 200


async def test_what_became_of_a_request_whose_answer_was_lost(key: Path) -> None:
    request_id = str(uuid.uuid4())
    browser = await Browser(key, NOTHING_YET).sign_in(POST)
    assert json.loads((await browser.get(f"/handovers/{request_id}/state")).text)["numbers"] == []
    answers: dict[str, Answer] = {"GetReceipt": submissions_pb2.GetReceiptResponse(receipt=RECEIPT)}
    browser = await Browser(key, answers).sign_in(POST)
    assert json.loads((await browser.get(f"/handovers/{request_id}/state")).text) == {
        "numbers": [NUMBER],
        "receipt": f"/handovers/{request_id}/receipt",
    }


async def test_a_script_is_answered_with_data_that_names_nobody(key: Path) -> None:
    path = f"/handovers/{uuid.uuid4()}"
    answers = NOTHING_YET | {"SubmitHandover": submissions_pb2.SubmitHandoverResponse(receipt=RECEIPT)}
    browser = await Browser(key, answers).sign_in(POST)
    sent = await browser.post(path, FIELDS | {"action": "send"}, **DATA)
    assert (sent.status, json.loads(sent.text)["numbers"]) == (200, [NUMBER])
    wrong = await browser.post(path, FIELDS | {"action": "send", "p1.sex": "?"}, **DATA)
    assert wrong.status == 422
    assert [each["field"] for each in json.loads(wrong.text)["problems"]] == ["p1.sex"]
    assert "Thí Dụ" not in sent.text + wrong.text
    away = await (await Browser(key, NOTHING_YET).sign_in(POST)).post(path, FIELDS | {"action": "send"}, **DATA)
    assert away.status == 503


async def test_other_content_under_an_id_that_was_registered_is_told_by_its_receipt(key: Path) -> None:
    answers: dict[str, Answer] = {
        "GetReceipt": submissions_pb2.GetReceiptResponse(receipt=RECEIPT),
        "SubmitHandover": failure("ALREADY_EXISTS", "REQUEST_ID_REUSED", "Other content."),
    }
    browser = await Browser(key, answers).sign_in(POST)
    reply = await browser.post(f"/handovers/{uuid.uuid4()}", FIELDS | {"action": "send"}, **DATA)
    assert (reply.status, json.loads(reply.text)["numbers"]) == (422, [NUMBER])


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_the_empty_form_is_nobodys(key: Path, language: str) -> None:
    signed_in = await (await Browser(key).sign_in(POST)).get(f"/handovers/shell?language={language}")
    nobodys = await Browser(key).get(f"/handovers/shell?language={language}")
    assert signed_in.text == nobodys.text
    assert POST not in nobodys.text
    assert "form_token" not in nobodys.text
    assert f'lang="{language}"' in nobodys.text


async def test_the_worker_keeps_every_module_and_nothing_of_an_office(key: Path) -> None:
    reply = await Browser(key).get("/worker.js")
    kept = json.loads(re.search(r"const KEPT = (.*);", reply.text)[1])  # type: ignore[index]
    assert kept["files"] == [static_address(name) for name in SHELL]
    wanted, found = {"handover.js", "homeward.js"}, set[str]()
    while wanted - found:
        name = (wanted - found).pop()
        found.add(name)
        wanted |= set(re.findall(r'from "\./([a-z]+\.js)"', (STATIC / name).read_text()))
    assert found <= set(SHELL)
    assert all(address.startswith("/handovers/shell?") for address in kept["shells"])
    assert reply.headers["cache-control"] == "no-cache"


def test_modules_import_one_another_by_names_that_change_with_what_they_are() -> None:
    files = static_files()
    imported = {name for content in files.values() for name in re.findall(rb'"\./([^"]+)"', content)}
    assert imported
    assert {name.decode() for name in imported} <= set(files)
