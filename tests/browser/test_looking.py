"""That what is wrong with a page is found, in the language in which it is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from homeward.handover.v1 import transfers_pb2
from homeward.notify.v1 import inbox_pb2
from services.chassis.storage.key_files import create_signing_key
from tests.browser.conftest import Desk, Windows
from tests.browser.looking import FIRST, Looker, read_in
from tests.support.served import Served

pytestmark = pytest.mark.asyncio(loop_scope="session")
AGENCY: Final = "SA-24"
OTHER: Final = "en"
# As a longer word would, these leave the page as it is but for how large something is.
OF_LENGTH: Final = {
    "wider than a phone": "main { min-width: 500px !important }",
    "wider than a desk, with text of twice the size": "footer { min-width: calc(200rem - 2900px) !important }",
    "target-size": """.tools * { display: block !important; width: 9px !important; height: 9px !important;
        min-height: 0 !important; padding: 0 !important; margin: 0 !important; overflow: hidden !important }""",
}
OF_COLOUR: Final = {"color-contrast": "main h1 { color: #ccc !important }"}
DRAWN: Final = """(rules) => {
    const sheet = document.styleSheets[0];
    for (const each of rules) sheet.insertRule(each, sheet.cssRules.length);
}"""
# These leave another page.
BUILT: Final = {
    "button-name": "document.querySelector('form.find button').textContent = ' '",
    "tabindex": "document.querySelector('#hide').tabIndex = 3",
    "not by the keyboard": "",
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A console before services that have nothing to tell."""
    key = tmp_path_factory.mktemp("looking") / "issuer.key"
    create_signing_key(key)
    answers = {
        "GetTransferBoard": transfers_pb2.GetTransferBoardResponse(),
        "ListMessages": inbox_pb2.ListMessagesResponse(),
    }
    with Served(key, answers) as console:
        yield console


@pytest_asyncio.fixture(loop_scope="session")
async def desk(chromium: Browser, served: Served) -> AsyncIterator[Desk]:
    """A window of an agency."""
    opened = Windows(chromium, served.address)
    yield await opened.open(AGENCY, language=FIRST)
    await opened.close()


async def test_what_is_wrong_is_found_in_the_language_in_which_it_is(desk: Desk) -> None:
    page, looker = desk.page, Looker(desk.page)
    assert await looker.look("clean", FIRST) == []
    await _draw(desk, OF_LENGTH | OF_COLOUR)
    await _build(desk)
    found = await Looker(page).look("clean", FIRST)
    assert _kinds(found) == {*OF_LENGTH, *OF_COLOUR, *BUILT}

    await read_in(page, OTHER)
    assert await looker.look("clean", OTHER) == []
    assert ("clean", OTHER) not in looker.whole
    await _draw(desk, OF_LENGTH)
    assert _kinds(await looker.look("clean", OTHER)) == {*OF_LENGTH}
    assert ("clean", OTHER) not in looker.whole
    await page.reload()
    await _build(desk)
    assert _kinds(await looker.look("clean", OTHER)) == {*BUILT}
    assert ("clean", OTHER) in looker.whole


async def _draw(desk: Desk, rules: dict[str, str]) -> None:
    await desk.page.evaluate(DRAWN, list(rules.values()))


async def _build(desk: Desk) -> None:
    await desk.page.evaluate("; ".join(BUILT.values()))


def _kinds(found: list[tuple[str, ...]]) -> set[str]:
    return {each[2] for each in found}
