"""Signing in with an account, against a provider in this process: what is a sign-in, and everything that is none."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from homeward.handover.v1 import custody_pb2, transfers_pb2
from homeward.notify.v1 import inbox_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.case_number import keyed_case_number
from services.console.pages.sign_in import BEGUN_COOKIE
from services.console.provider import BEGUN_S, ProviderSettings
from services.console.sessions import COOKIE
from services.console.settings import Settings
from tests.support.pages import Browser
from tests.support.provider import CLIENT, CONSOLE, ISSUER, FakeProvider

OFFICER = {"sub": "officer-7", "office": "SA-24", "role": "SUPPORT_AGENCY"}
ANSWERS = {
    "GetTransferBoard": transfers_pb2.GetTransferBoardResponse(),
    "ListMessages": inbox_pb2.ListMessagesResponse(),
}
REFUSED = "Signing in did not work. Begin again."


def browser_for(key: Path, provider: FakeProvider, now_s: Callable[[], float] = time.time) -> Browser:
    """A browser at a console with this provider and clock."""
    return Browser(key, ANSWERS, now_s=now_s, provider=provider.transport)


async def back(browser: Browser, provider: FakeProvider, to: str = "/", **changes: str) -> Any:
    """Begin, sign in over there, and come back; `changes` to the query."""
    begun = await browser.get(f"/sign-in/begin?to={to}")
    answer = provider.authorize(begun.headers["location"]) | changes
    return await browser.get(f"/sign-in/done?{urlencode(answer)}")


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
async def test_an_officer_signs_in_and_acts_with_the_token_of_the_account(key: Path, algorithm: str) -> None:
    provider = FakeProvider(OFFICER, algorithm)
    browser = browser_for(key, provider)
    assert "Sign in with the account" in (await browser.get("/sign-in?to=/inbox")).text
    planted = browser.cookies[COOKIE] = "planted by somebody else"
    reply = await back(browser, provider, "/inbox")
    assert (reply.status, reply.headers["location"]) == (303, "/inbox")
    assert browser.cookies[COOKIE] != planted
    assert BEGUN_COOKIE not in browser.cookies
    assert (await browser.get("/")).status == 200
    token = browser.door.tokens[-1]
    assert token.count(".") == 2
    assert token not in str(browser.cookies) + reply.text


async def test_whoever_signs_in_again_is_asked_who_she_is(key: Path) -> None:
    provider = FakeProvider(OFFICER)
    browser = browser_for(key, provider)
    assert "prompt=" not in (await browser.get("/sign-in/begin?to=/")).headers["location"]
    await back(browser, provider)
    assert "prompt=login" in (await browser.get("/sign-in/begin?to=/signed-in")).headers["location"]


@pytest.mark.parametrize(("grades", "cares"), [([], False), (["DESK"], False), (["CASE"], True), (["CARE"], True)])
async def test_what_is_said_in_confidence_is_offered_by_role_and_grades(
    key: Path, grades: list[str], cares: bool
) -> None:
    case = keyed_case_number(5)
    held = custody_pb2.Custody(case_number=case, phase=types.CASE_PHASE_FOLLOW_UP, accountable_office_id="SA-24")
    provider = FakeProvider(OFFICER, access_changes={"grades": grades})
    browser = browser_for(key, provider)
    browser.door.answers = ANSWERS | {"GetCustody": custody_pb2.GetCustodyResponse(custody=held)}
    await back(browser, provider)
    assert (f"/cases/{case}/wishes" in (await browser.get(f"/cases/{case}")).text) is cares
    reply = await browser.post(f"/cases/{case}/wishes")
    assert ("not for your account" in reply.text) is not cares


@pytest.mark.parametrize(
    "changes", [{"state": "x"}, {"state": ""}, {"iss": "https://other.test"}, {"code": ""}, {"code": "x"}]
)
async def test_an_answer_that_was_not_asked_for_signs_nobody_in(key: Path, changes: dict[str, str]) -> None:
    provider = FakeProvider(OFFICER)
    browser = browser_for(key, provider)
    reply = await back(browser, provider, **changes)
    assert reply.status == 403
    assert REFUSED in reply.text
    assert COOKIE not in browser.cookies


@pytest.mark.parametrize(
    "identity",
    [
        {"nonce": "x"},
        {"nonce": None},
        {"aud": "another-client"},
        {"iss": "https://other.test"},
        {"exp": 1},
        {"sub": "officer-8"},
    ],
)
async def test_an_identity_that_is_not_of_this_sign_in_signs_nobody_in(key: Path, identity: dict[str, Any]) -> None:
    provider = FakeProvider(OFFICER, id_changes=identity)
    browser = browser_for(key, provider)
    assert (await back(browser, provider)).status == 403
    assert COOKIE not in browser.cookies


@pytest.mark.parametrize(
    "access", [{"aud": "elsewhere"}, {"office": None}, {"role": "QUEEN"}, {"exp": 9_999_999_999}, {"scope": "world"}]
)
async def test_a_token_that_the_services_would_not_take_signs_nobody_in(key: Path, access: dict[str, Any]) -> None:
    provider = FakeProvider(OFFICER, access_changes=access)
    browser = browser_for(key, provider)
    assert (await back(browser, provider)).status == 403
    assert COOKIE not in browser.cookies


@pytest.mark.parametrize(
    ("account", "said"),
    [({"office": "SA-99999"}, "There is no such office."), ({"role": "SUPERVISOR"}, "another role")],
)
async def test_an_account_of_no_office_or_another_role_is_told_so(
    key: Path, account: dict[str, str], said: str
) -> None:
    provider = FakeProvider(OFFICER | account)
    browser = browser_for(key, provider)
    reply = await back(browser, provider)
    assert reply.status == 403
    assert said in reply.text


async def test_what_began_in_one_browser_does_not_end_in_another_nor_twice_nor_late(key: Path) -> None:
    now_s = time.time()
    provider = FakeProvider(OFFICER)
    mine, other = browser_for(key, provider), browser_for(key, provider)
    begun = await mine.get("/sign-in/begin?to=/")
    done = f"/sign-in/done?{urlencode(provider.authorize(begun.headers['location']))}"
    await other.get("/sign-in/begin?to=/")
    assert (await other.get(done)).status == 403
    kept = mine.cookies[BEGUN_COOKIE]
    assert (await mine.get(done)).status == 303
    mine.cookies[BEGUN_COOKIE] = kept
    assert (await mine.get(done)).status == 403
    late = browser_for(key, provider, lambda: now_s)
    begun = await late.get("/sign-in/begin?to=/")
    done = f"/sign-in/done?{urlencode(provider.authorize(begun.headers['location']))}"
    now_s += BEGUN_S + 1
    assert (await late.get(done)).status == 403


async def test_the_token_is_renewed_once_for_all_calls_and_a_refusal_ends_the_session(key: Path) -> None:
    now_s = time.time()
    provider = FakeProvider(OFFICER)
    browser = browser_for(key, provider, lambda: now_s)
    await back(browser, provider)
    now_s += provider.lifetime_s
    replies = await asyncio.gather(*(browser.get("/") for _ in range(4)))
    assert [each.status for each in replies] == [200] * 4
    assert provider.refreshed == 1
    now_s += provider.lifetime_s
    provider.away = True
    assert (await browser.get("/")).status == 503
    provider.away, provider.refuses = False, True
    assert (await browser.get("/")).headers["location"] == "/sign-in"
    assert browser.kept.rows == {}


async def test_signing_out_ends_it_at_the_provider_as_well(key: Path) -> None:
    provider = FakeProvider(OFFICER)
    browser = browser_for(key, provider)
    await back(browser, provider)
    policy = (await browser.get("/sign-in")).headers["content-security-policy"]
    assert f"form-action 'self' {ISSUER};" in policy
    reply = await browser.post("/sign-out")
    assert reply.headers["location"].startswith(f"{ISSUER}/leave?")
    assert "token" not in reply.headers["location"]
    assert len(provider.revoked) == 1
    assert browser.kept.rows == {}
    await back(browser, provider)
    provider.away = True
    assert (await browser.post("/sign-out")).headers["location"] == "/sign-in"


async def test_the_offices_are_asked_for_with_the_token_of_whoever_is_signed_in(
    key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    provider = FakeProvider(OFFICER)
    browser = browser_for(key, provider)
    monkeypatch.setattr(browser.console, "_list", asked.append)
    monkeypatch.setattr(browser.console, "_listed_s", float("-inf"))
    await browser.get("/sign-in")
    assert asked == []
    assert (await back(browser, provider)).status == 303
    await browser.get("/")
    assert asked == browser.door.tokens[:1]


async def test_while_the_provider_is_away_signing_in_says_so(key: Path) -> None:
    provider = FakeProvider(OFFICER, away=True)
    reply = await browser_for(key, provider).get("/sign-in/begin?to=/")
    assert reply.status == 503
    assert "Nothing is lost" in reply.text


async def test_no_office_is_chosen_where_accounts_sign_in(key: Path) -> None:
    browser = browser_for(key, FakeProvider(OFFICER))
    assert (await browser.post("/sign-in", {"office": "SA-24"})).status == 422
    assert COOKIE not in browser.cookies


def test_a_provider_is_reached_by_https_and_named_whole(tmp_path: Path) -> None:
    services = {f"HOMEWARD_{name}": "127.0.0.1:1" for name in ("INTAKE", "HANDOVER", "FOLLOWUP", "NOTIFY")}
    services |= {"HOMEWARD_DATABASE_URL": "postgresql://", "HOMEWARD_CONSOLE_SECRET": "console.key"}
    whole = services | {
        "HOMEWARD_OIDC_ISSUER": ISSUER,
        "HOMEWARD_OIDC_CLIENT": CLIENT,
        "HOMEWARD_CONSOLE_ADDRESS": CONSOLE,
    }
    secret = tmp_path / "client"
    secret.write_text("s3cret\n")
    found = Settings.of(whole | {"HOMEWARD_OIDC_CLIENT_SECRET": str(secret)}).provider
    assert found == ProviderSettings(ISSUER, CLIENT, CONSOLE, "s3cret")
    assert "s3cret" not in repr(found)
    for wrong, said in (
        ({"HOMEWARD_OIDC_ISSUER": "http://accounts.test"}, "https"),
        ({"HOMEWARD_CONSOLE_ADDRESS": "http://console.test"}, "https"),
        ({"HOMEWARD_OIDC_CLIENT": ""}, "HOMEWARD_OIDC_CLIENT"),
        ({"HOMEWARD_OIDC_CLIENT_SECRET": str(tmp_path / "none")}, "cannot be read"),
        ({"HOMEWARD_SIGNING_KEY": "issuer.key"}, "not both"),
    ):
        with pytest.raises(ValueError, match=said):
            Settings.of(whole | wrong)
