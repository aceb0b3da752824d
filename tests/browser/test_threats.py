"""What another site, or a text that became markup, could do in a real browser: nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Route

from homeward.handover.v1 import transfers_pb2
from homeward.notify.v1 import inbox_pb2
from services.chassis.storage.key_files import create_signing_key
from tests.browser.conftest import Windows
from tests.support.served import Served

pytestmark = pytest.mark.asyncio(loop_scope="session")
AGENCY = "SA-24"
ELSEWHERE = "http://elsewhere.test"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A console before services that have nothing to tell."""
    key = tmp_path_factory.mktemp("threats") / "issuer.key"
    create_signing_key(key)
    answers = {
        "GetTransferBoard": transfers_pb2.GetTransferBoardResponse(),
        "ListMessages": inbox_pb2.ListMessagesResponse(),
    }
    with Served(key, answers) as console:
        yield console


@pytest_asyncio.fixture(loop_scope="session")
async def agency(chromium: Browser, served: Served) -> AsyncIterator[Windows]:
    """Windows of an agency."""
    opened = Windows(chromium, served.address)
    yield opened
    await opened.close()


TRIED = """async () => {
    const tried = {};
    const what = {
        markup: () => { document.body.innerHTML = "<p>planted</p>"; },
        policy: () => trustedTypes.createPolicy("planted", { createHTML: (text) => text }),
    };
    for (const [name, work] of Object.entries(what)) {
        try { work(); tried[name] = "done"; } catch (error) { tried[name] = error.name; }
    }
    const script = document.createElement("script");
    try { script.textContent = "window.ran = 2"; } catch (error) { tried.inline = error.name; }
    document.body.append(script);
    const style = document.createElement("style");
    style.textContent = "body { display: none }";
    document.body.append(style);
    tried.styled = getComputedStyle(document.body).display;
    tried.ran = window.ran ?? null;
    tried.sent = await fetch("http://elsewhere.test/").then(() => "done", (error) => error.name);
    tried.readable = [document.cookie, localStorage.length, sessionStorage.length].join();
    return tried;
}"""


async def test_what_gets_into_a_page_runs_nothing_and_sends_nothing(agency: Windows) -> None:
    desk = await agency.open(AGENCY)
    assert await desk.page.evaluate(TRIED) == {
        "markup": "TypeError",
        "policy": "TypeError",
        "inline": "TypeError",
        "styled": "block",
        "ran": None,
        "sent": "TypeError",
        "readable": ",0,0",
    }


async def test_another_site_frames_nothing_and_its_forms_do_nothing(agency: Windows, served: Served) -> None:
    desk = await agency.open(AGENCY)
    lure = await desk.page.context.new_page()

    async def elsewhere(route: Route) -> None:
        body = (
            f'<iframe src="{served.address}/"></iframe>'
            f'<form method="post" action="{served.address}/sign-out"><button>Win</button></form>'
        )
        await route.fulfill(body=body, content_type="text/html")

    await lure.route(f"{ELSEWHERE}/", elsewhere)
    await lure.goto(f"{ELSEWHERE}/")
    framed = lure.frames[1]
    await framed.wait_for_load_state()
    assert not framed.url.startswith(served.address)
    async with lure.expect_response(f"{served.address}/sign-out") as answer:
        await lure.get_by_role("button", name="Win").click()
    assert (await answer.value).status == 403
    await desk.go("/inbox")
    assert desk.page.url.endswith("/inbox")
