"""Looking up a code: found by words without accents, in one list or all."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest

from services.client.code_lists import CODE_LISTS
from services.console.people_form import LISTED
from tests.support.pages import Browser

POST = "BP-CN-MONG-CAI"


@pytest.mark.parametrize(
    ("sought", "code"),
    [
        ("quang ninh", "22@2025"),
        ("Quảng  NINH", "22@2025"),
        ("hmong", "2008:"),
        ("viet nam", "VN"),
        ("mong cai", "CN-MONG-CAI"),
        ("SA-24", "SA-24"),
        ("bus", "BUS"),
    ],
)
async def test_a_code_is_found_by_words_without_accents(key: Path, sought: str, code: str) -> None:
    browser = await Browser(key).sign_in(POST)
    page = (await browser.get(f"/codes?words={quote(sought)}")).text.partition("<main")[2]
    assert re.search(rf"<td[^>]*>{re.escape(code)}", page)
    assert "Lạng Sơn</td>" not in page


async def test_every_list_has_a_page_and_the_form_leads_to_its_own(key: Path) -> None:
    browser = await Browser(key).sign_in(POST)
    start = (await browser.get("/codes")).text
    for name in (*CODE_LISTS, "offices"):
        assert f'href="/codes?list={name}"' in start
        assert "<td" in (await browser.get(f"/codes?list={name}")).text, name
    assert set(LISTED.values()) <= set(CODE_LISTS)
    form = (await browser.get("/returns/11111111-1111-4111-8111-111111111111")).text
    assert 'href="/codes?list=provinces" target="_blank"' in form


@pytest.mark.parametrize("query", ["words=xyzzy", "words=%3Cscript%3E", "words=%CC%80&list=gates", "list=none"])
async def test_nothing_found_is_said_and_nothing_breaks(key: Path, query: str) -> None:
    browser = await Browser(key).sign_in(POST)
    reply = await browser.get(f"/codes?{query}")
    assert reply.status == 200
    assert "<script>" not in reply.text
