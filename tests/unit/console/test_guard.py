"""What stands before every page: who sent a form, who is signed in, headers, roles."""

from __future__ import annotations

import uuid
from pathlib import Path
from urllib.parse import quote

import pytest

from homeward.handover.v1 import custody_pb2, transfers_pb2
from homeward.notify.v1 import inbox_pb2
from homeward.type.v1 import types_pb2
from services.chassis.kernel.case_number import format_case_number
from services.chassis.kernel.roles import Role
from services.console.pages import PAGES
from services.console.rights import methods_of
from services.console.sessions import COOKIE, IDLE_S, LIFETIME_S
from services.console.settings import Settings
from tests.support.pages import Browser

CASE = format_case_number(4_711)
BOARD = {
    "GetTransferBoard": transfers_pb2.GetTransferBoardResponse(
        pressing=[
            transfers_pb2.Transfer(
                case_number=CASE,
                to_office_id="SA-24",
                from_office_id="BP-CN-MONG-CAI",
                state=types_pb2.TRANSFER_STATE_DISPATCHED,
            )
        ]
    ),
    "ListMessages": inbox_pb2.ListMessagesResponse(),
}


async def test_whoever_is_not_signed_in_is_asked_to_and_comes_back(key: Path) -> None:
    reply = await Browser(key).get(f"/cases/{CASE}")
    assert (reply.status, reply.headers["location"]) == (303, f"/sign-in?to=/cases/{CASE}")


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "", "origin": "https://elsewhere.test"},
    ],
)
async def test_a_form_of_another_site_is_refused(key: Path, headers: dict[str, str]) -> None:
    browser = await Browser(key, BOARD).sign_in("SA-24")
    sent = {name.replace("-", "_"): value for name, value in headers.items()}
    reply = await browser.post(f"/cases/{CASE}/arrived/{uuid.uuid4()}", {"arrived_on": "2026-11-29"}, **sent)
    assert reply.status == 403
    assert browser.door.named("AcknowledgeTransfer") == []


async def test_a_form_without_the_token_of_its_sign_in_is_refused(key: Path) -> None:
    browser = await Browser(key, BOARD).sign_in("SA-24")
    reply = await browser.post(f"/cases/{CASE}/arrived/{uuid.uuid4()}", {"form_token": "x"})
    assert reply.status == 403
    assert browser.door.named("AcknowledgeTransfer") == []


async def test_a_session_begins_anew_at_each_sign_in_and_its_id_is_kept_nowhere(key: Path) -> None:
    browser = await Browser(key, BOARD).sign_in("SA-24")
    first = browser.cookies[COOKIE]
    await browser.sign_in("SA-24")
    assert browser.cookies[COOKIE] != first
    assert await browser.console.sessions.find(first) is None
    assert first.encode() not in b"".join(part for row in browser.kept.rows.values() for part in (row.id, row.sealed))


async def test_the_cookie_is_for_this_host_alone_and_no_script_reads_it(key: Path) -> None:
    reply = await Browser(key).post("/sign-in", {"office": "SA-24"})
    for part in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert part in reply.headers["set-cookie"]
    assert "Domain" not in reply.headers["set-cookie"]


async def test_a_session_ends_when_nothing_is_done_and_at_last_whatever_is_done(key: Path) -> None:
    now_s = 0.0
    browser = await Browser(key, BOARD, now_s=lambda: now_s).sign_in("SA-24")
    now_s = IDLE_S - 1
    assert (await browser.get("/")).status == 200
    while now_s < LIFETIME_S - IDLE_S:
        now_s += IDLE_S - 1
        assert (await browser.get("/")).status == 200
    now_s = LIFETIME_S + 1
    assert (await browser.get("/")).status == 303
    browser = await Browser(key, BOARD, now_s=lambda: now_s).sign_in("SA-24")
    now_s += IDLE_S + 1
    assert (await browser.get("/")).status == 303


async def test_signing_out_ends_the_session_and_empties_the_cache_but_no_draft(key: Path) -> None:
    browser = await Browser(key, BOARD).sign_in("SA-24")
    kept = dict(browser.cookies)
    reply = await browser.post("/sign-out")
    assert reply.headers["clear-site-data"] == '"cache"'
    browser.cookies = kept
    assert (await browser.get("/")).status == 303


async def test_every_page_says_who_may_frame_run_and_keep_it(key: Path) -> None:
    browser = await Browser(key, BOARD).sign_in("SA-24")
    for path in ("/", "/sign-in", "/nothing", f"/cases/{CASE}"):
        reply = await browser.get(path)
        policy = reply.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert reply.headers["cache-control"] == "no-store"
        assert reply.headers["referrer-policy"] == "same-origin"
        assert reply.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["//elsewhere.test", "https://elsewhere.test", "/\\elsewhere.test", "javascript:x"])
async def test_signing_in_leads_to_no_other_site(key: Path, path: str) -> None:
    reply = await Browser(key).post("/sign-in", {"office": "SA-24", "to": path})
    assert reply.headers["location"] == "/"


async def test_an_address_that_is_none_says_so_and_leads_on(key: Path) -> None:
    browser = await Browser(key, BOARD).sign_in("SA-24")
    for reply in (await browser.get("/nothing"), await Browser(key).get("/nothing")):
        assert reply.status == 404
        assert "There is no such page" in reply.text
        assert 'href="/"' in reply.text
    foreign = await browser.post("/inbox/read", sec_fetch_site="cross-site")
    assert foreign.status == 403
    assert "did not come from a page of Homeward" in foreign.text


async def test_whoever_signs_in_again_finds_the_list_with_its_filters(key: Path) -> None:
    reply = await Browser(key).get("/overdue?province=24%402025&days=7&done=arrived")
    to = "/overdue?province=24%402025&days=7"
    assert reply.headers["location"] == f"/sign-in?to={quote(to, safe='/')}"
    page = await Browser(key).get(reply.headers["location"])
    assert f'name="to" value="{to.replace("&", "&amp;")}"' in page.text


async def test_too_much_is_refused_before_it_is_read(key: Path) -> None:
    browser = await Browser(key, BOARD).sign_in("SA-24")
    reply = await browser.post("/language", content_length="3000000")
    assert reply.status == 413


OFFICE_OF = {
    Role.BORDER_POST: "BP-CN-MONG-CAI",
    Role.RECEPTION_CENTRE: "RC-",
    Role.VERIFIER: "VF-24",
    Role.SUPPORT_AGENCY: "SA-24",
    Role.SUPERVISOR: "SV-NATIONAL",
}


@pytest.mark.parametrize("role", list(Role))
async def test_every_route_is_open_to_a_role_exactly_when_the_contracts_let_it_call(key: Path, role: Role) -> None:
    browser = Browser(key, BOARD)
    office = next(
        each
        for each in (await browser.console.directory()).offices(role=role, on=browser.console.today())
        if not OFFICE_OF.get(role) or each.id.startswith(OFFICE_OF[role])
    )
    await browser.sign_in(office.id)
    for page in PAGES:
        if page.open or not page.calls or page.path == "/live":
            continue
        wanted = any(call in methods_of(role) for call in page.calls)
        path = page.path.replace("{case}", CASE).replace("{verb}", "arrived").replace("{request_id}", str(uuid.uuid4()))
        reply = await (browser.get(path) if page.methods == ("GET",) else browser.post(path))
        assert ("This page is not for your office" in reply.text) != wanted, page.path


async def test_a_form_says_what_is_wrong_and_keeps_what_was_typed(key: Path) -> None:
    browser = await Browser(key, BOARD | {"GetCustody": custody_pb2.GetCustodyResponse()}).sign_in("SA-24")
    path = f"/cases/{CASE}/arrived/{uuid.uuid4()}"
    reply = await browser.post(path, {"arrived_on": "31/02/2026"})
    assert reply.status == 422
    assert "There is a problem" in reply.text
    assert 'href="#arrived_on"' in reply.text
    assert 'value="31/02/2026"' in reply.text
    assert browser.door.named("AcknowledgeTransfer") == []


async def test_pressing_twice_and_coming_back_are_one_request(key: Path) -> None:
    answers = BOARD | {"AcknowledgeTransfer": transfers_pb2.AcknowledgeTransferResponse()}
    browser = await Browser(key, answers).sign_in("SA-24")
    begun = await browser.get(f"/cases/{CASE}/arrived")
    path = begun.headers["location"]
    for _ in range(2):
        reply = await browser.post(path, {"arrived_on": "2026-11-29", "etag": "e1"})
        assert reply.headers["location"] == f"/cases/{CASE}?done=arrived"
    first, second = browser.door.named("AcknowledgeTransfer")
    assert first.request_id == second.request_id == path.rpartition("/")[2]
    assert first.etag == "e1"


async def test_a_form_that_was_sent_behind_its_page_is_told_where_to_go_on(key: Path) -> None:
    answers = BOARD | {"AcknowledgeTransfer": transfers_pb2.AcknowledgeTransferResponse()}
    browser = await Browser(key, answers).sign_in("SA-24")
    path = f"/cases/{CASE}/arrived/{uuid.uuid4()}"
    reply = await browser.post(path, {"arrived_on": "2026-11-29"}, x_sent_behind="1")
    assert (reply.status, reply.headers["x-goes-on"]) == (204, f"/cases/{CASE}?done=arrived")
    assert "location" not in reply.headers
    wrong = await browser.post(path, {"arrived_on": "?"}, x_sent_behind="1")
    assert wrong.status == 422
    assert "There is a problem" in wrong.text


async def test_a_name_in_the_address_of_a_verb_is_no_verb(key: Path) -> None:
    browser = await Browser(key, BOARD).sign_in("SA-24")
    for path in (f"/cases/{CASE}/nothing", f"/cases/{CASE}/reassign", "/cases/HW-1/arrived"):
        assert (await browser.get(path)).status == 404


async def test_a_name_that_another_page_gave_this_machine_is_answered_nothing(key: Path) -> None:
    browser = Browser(key, BOARD)
    assert (await browser.get("/sign-in", host="lured.test")).status == 400
    assert (await browser.post("/sign-in", {"office": "SA-24"}, host="lured.test")).status == 400


def test_offices_are_chosen_on_this_machine_alone() -> None:
    services = {f"HOMEWARD_{name}": "127.0.0.1:1" for name in ("INTAKE", "HANDOVER", "FOLLOWUP", "NOTIFY")}
    services |= {"HOMEWARD_DATABASE_URL": "postgresql://", "HOMEWARD_CONSOLE_SECRET": "console.key"}
    key = {"HOMEWARD_SIGNING_KEY": "issuer.key"}
    assert Settings.of(services | key).hosts == ("127.0.0.1", "localhost")
    with pytest.raises(ValueError, match=r"serve them on 127\.0\.0\.1"):
        Settings.of(services | key | {"HOMEWARD_CONSOLE_HOST": "0.0.0.0"})
    with pytest.raises(ValueError, match="HOMEWARD_NOTIFY"):
        Settings.of({name: value for name, value in services.items() if "NOTIFY" not in name})


async def test_the_screen_can_be_hidden_without_scripts(key: Path) -> None:
    browser = await Browser(key, BOARD).sign_in("SA-24")
    page = await browser.get("/hidden")
    assert page.status == 200
    assert "SA-24" not in page.text
