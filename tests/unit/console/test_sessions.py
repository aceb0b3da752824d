"""What an officer meets of sessions: what was typed stays when one ends, and they can be ended from elsewhere."""

from __future__ import annotations

import re
import uuid
from html import unescape
from pathlib import Path

import pytest

from homeward.handover.v1 import transfers_pb2
from homeward.notify.v1 import inbox_pb2
from services.chassis.kernel.case_number import format_case_number
from services.console.secret import Secret
from services.console.sessions import FORM_S, IDLE_S, SIGN_INS_A_MINUTE
from tests.support.pages import Browser

CASE = format_case_number(4_711)
AGENCY = "SA-24"
ANSWERS = {
    "GetTransferBoard": transfers_pb2.GetTransferBoardResponse(),
    "ListMessages": inbox_pb2.ListMessagesResponse(),
    "RejectTransfer": transfers_pb2.RejectTransferResponse(),
}


def hidden_fields(page: str) -> dict[str, str]:
    """What a page keeps to be sent."""
    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page)}


async def test_what_was_typed_when_the_sign_in_ended_is_sent_after_the_next_one(key: Path) -> None:
    now_s = 1_000_000.0
    browser = await Browser(key, ANSWERS, now_s=lambda: now_s).sign_in(AGENCY)
    path, typed = f"/cases/{CASE}/reject/{uuid.uuid4()}", {"reason": "WRONG_PROVINCE", "note": 'Chật "quá" <hôm nay>'}
    token = await browser.form_token()
    now_s += IDLE_S + 1
    ended = await browser.post(path, typed | {"form_token": token})
    assert ended.status == 401
    assert browser.door.named("RejectTransfer") == []
    kept = hidden_fields(ended.text.partition("<main")[2])
    assert kept == typed | {"form_token": token}
    # Another office must not send it, the same one may.
    await browser.sign_in("SA-38")
    assert (await browser.post(path, kept)).status == 403
    await browser.sign_in(AGENCY)
    assert (await browser.post(path, kept)).status == 303
    assert [each.case for each in browser.door.named("RejectTransfer")] == [CASE]


async def test_signing_out_after_the_end_asks_nothing(key: Path) -> None:
    browser = Browser(key, ANSWERS)
    assert (await browser.post("/sign-out")).headers["location"] == "/sign-in"


async def test_a_form_lasts_a_shift(key: Path) -> None:
    now_s = 1_000_000.0
    browser = await Browser(key, ANSWERS, now_s=lambda: now_s).sign_in(AGENCY)
    token = await browser.form_token()
    now_s += FORM_S + 1
    await browser.sign_in(AGENCY)
    for given in (token, f"{token}0", "0.", "", "x"):
        assert (await browser.post("/inbox/read", {"form_token": given})).status == 403


async def test_an_officer_ends_her_other_sign_ins_and_an_administrator_those_of_an_office(key: Path) -> None:
    here, there, admin = (Browser(key, ANSWERS) for _ in range(3))
    for other in (there, admin):
        other.console.sessions = here.console.sessions
        other.kept = here.kept
    await here.sign_in(AGENCY)
    await there.sign_in(AGENCY)
    assert "End all others" in (await here.get("/sign-ins")).text
    assert (await here.post("/sign-ins/others")).headers["location"] == "/sign-ins?ended=1"
    assert (await there.get("/")).status == 303
    assert (await here.get("/")).status == 200
    assert (await here.post("/sign-ins/office", {"office": AGENCY})).status == 403
    await admin.sign_in("ADMIN-NATIONAL")
    assert (await admin.post("/sign-ins/office", {"office": AGENCY})).headers["location"] == "/sign-ins?ended=1"
    assert (await here.get("/")).status == 303
    assert "1 sign-in was ended." in (await admin.get("/sign-ins?ended=1")).text


async def test_while_the_sessions_are_away_pages_say_so(key: Path) -> None:
    browser = await Browser(key, ANSWERS).sign_in(AGENCY)
    browser.kept.away = True
    for reply in (await browser.get("/"), await browser.get("/sign-in")):
        assert reply.status == 503
        assert "Nothing is lost" in reply.text
    browser.kept.away = False
    assert (await browser.get("/")).status == 200


async def test_nobody_can_push_others_out_by_signing_in_without_end(key: Path) -> None:
    now_s = 1_000_000.0
    browser = Browser(key, ANSWERS, now_s=lambda: now_s)
    sessions = browser.console.sessions
    for _ in range(SIGN_INS_A_MINUTE):
        await sessions.begin(AGENCY, "officer")
    reply = await browser.post("/sign-in", {"office": AGENCY})
    assert reply.status == 429
    now_s += 60
    assert (await browser.post("/sign-in", {"office": AGENCY})).status == 303


@pytest.mark.parametrize("content", [b"", b"too short", b"A" * 44 + b"!", b"AAAA"])
def test_a_secret_that_is_none_is_refused_without_being_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "console.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(ValueError, match=r"console\.key") as refused:
        Secret.from_file(path)
    assert content.decode() not in str(refused.value) or not content
    path.chmod(0o644)
    with pytest.raises(ValueError, match="owner only"):
        Secret.from_file(path)
    with pytest.raises(ValueError, match="cannot be read"):
        Secret.from_file(tmp_path / "none")
