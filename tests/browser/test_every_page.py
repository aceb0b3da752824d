"""Every page by every kind of office, in both languages, on a phone: nothing that axe finds, nothing wider than it.

Also with text of twice the size, and by the keyboard alone.
"""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page, ViewportSize

from services.console.pages import PAGES as ROUTES
from services.local.office_calls import OfficeCalls
from tests.browser.conftest import DESK, Windows
from tests.e2e import work

pytestmark = pytest.mark.asyncio(loop_scope="session")
PAGES: Final = {
    work.POST: (
        *("/", "/handovers/new", "/returns/new", "/journeys/new", "/inbox", "/transfers", "/cases"),
        *("/cases/{case}", "/cases/{case}/dispatch", "/hidden"),
        *("/handovers/drafts", "/handovers/shell?language=vi"),
        *("/handovers/{request}/receipt", "/returns/{request}/receipt", "/sign-ins", "/signed-in"),
    ),
    "SA-12": ("/", "/inbox?old=1", "/follow-ups", "/cases/{case}", "/cases/{case}/arrived", "/cases/{case}/reject"),
    work.NATIONAL_SUPERVISOR: (
        *("/", "/lost", "/overdue", "/follow-ups/overdue", "/cases", "/custodies"),
        *("/cases/{case}/reassign", "/who-did-what"),
    ),
    work.AUDITOR: (
        *("/access-log", "/administration", "/approvals?decided=1", "/who-did-what"),
        *("/offices?words=Lào+Cai", "/rules", "/calendar", "/health"),
    ),
    "RC-LAO-CAI": ("/", "/facilities"),
    "ADMIN-NATIONAL": (
        "/offices",
        "/sessions",
        "/approvals",
        "/acts/open-office",
        "/acts/end-office",
        "/acts/change-rule",
    ),
    work.VERIFIER: ("/", "/undecided"),
    "": ("/sign-in", "/sign-in?office=Lào+Cai"),
}
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What passes is left in the browser: to write it down and to read it here would take longer than to look.
VIOLATIONS: Final = """
    async rules => (await axe.run(document, {runOnly: rules, resultTypes: ["violations"]})).violations
        .map(each => [each.id, each.nodes[0].html])
"""
NARROW: Final[ViewportSize] = {"width": 320, "height": 640}
"""1280 pixels at 400 %, as WCAG 1.4.10 asks."""
NO_PAGES: Final = frozenset(
    {
        *("/live", "/worker.js", "/handovers/token", "/handovers/{request_id}/state"),
        # The address before leads there, or they lead on to another page.
        *("/acts/{act}/{request_id}", "/cases/{case}/{verb}/{request_id}"),
        # These are there once somebody proposed something, or is searched for.
        *("/approvals/{approval_id}", "/searches/{case}", "/offices/{office}/end"),
        # Who she is stands in it.
        *("/cases/{case}/correct", "/cases/{case}/correct/{request_id}"),
        *("/find", "/sign-in/begin", "/sign-in/done", "/cases/{case}/identity", "/cases/{case}/letter"),
        "/handovers/{request_id}/minutes",
    }
)
KEYBOARD: Final = {
    work.POST: ("/", "/handovers/new", "/cases/{case}", "/cases/{case}/dispatch"),
    "SA-12": ("/", "/inbox?old=1", "/cases/{case}", "/cases/{case}/reject"),
}
_NAMED: Final = "each.id || each.name || each.getAttribute('href') || each.textContent.trim()"
REACHABLE: Final = f"""() => {{
    const radios = new Set();
    return [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
        .filter((each) => each.checkVisibility() && each.type !== "hidden" && each.tabIndex >= 0 && !each.disabled)
        // The keyboard reaches one of a group of radio buttons, and the arrows the others.
        .filter((each) => each.type !== "radio" || (!radios.has(each.name) && radios.add(each.name)))
        .map((each) => {_NAMED});
}}"""
HERE: Final = f"""() => {{
    const each = document.activeElement, style = getComputedStyle(each);
    return [{_NAMED}, style.outlineStyle !== "none" && each.getBoundingClientRect().width > 0];
}}"""
WIDER: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def _listen(page: Page, said: list[str]) -> None:
    """Keep what the browser complains about: a policy broken, a script that failed."""
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_nothing_stands_in_anybodys_way(windows: Windows, desks: OfficeCalls, language: str) -> None:
    sent = work.submission([work.person(3, home="12")])
    case = desks.at(work.POST).submissions.SubmitHandover(sent).receipt.entries[0].case_id
    number = work.wait_custody(desks, work.POST, case).case_number
    work.dispatch(desks, case, "12")
    found: list[Any] = []
    for office, paths in PAGES.items():
        desk = await windows.open(office, language=language, phone=True)
        await desk.page.set_viewport_size(NARROW)
        said: list[str] = []
        _listen(desk.page, said)
        await desk.page.add_init_script(AXE_SCRIPT)
        for path in paths:
            await desk.go(path.replace("{case}", number).replace("{request}", sent.request_id))
            found += [(path, *each) for each in await desk.page.evaluate(VIOLATIONS, RULES)]
            if await desk.page.evaluate(WIDER) > 0:
                found.append((path, "wider than a phone"))
            await desk.page.set_viewport_size(DESK)
            if await desk.page.evaluate(f"document.documentElement.style.fontSize = '200%'; {WIDER}") > 0:
                found.append((path, "wider than a desk, with text of twice the size"))
            await desk.page.set_viewport_size(NARROW)
        found += [(office, each) for each in said]
    assert found == []


async def test_every_page_is_looked_at() -> None:
    looked_at = [re.sub(r"{[a-z]+}", "x", path.partition("?")[0]) for paths in PAGES.values() for path in paths]
    missing = []
    for page in ROUTES:
        pattern = re.sub(r"{[a-z_]+}", "[^/]+", page.path)
        if "GET" in page.methods and not any(re.fullmatch(pattern, each) for each in looked_at):
            missing.append(page.path)
    assert set(missing) <= NO_PAGES


@pytest.mark.parametrize("office", [work.POST, "SA-12"])
async def test_the_keyboard_alone_reaches_everything_and_shows_where_it_is(
    windows: Windows, desks: OfficeCalls, office: str
) -> None:
    case = work.submit(desks, [work.person(4, home="12")])[0]
    number = work.wait_custody(desks, work.POST, case).case_number
    work.dispatch(desks, case, "12")
    desk = await windows.open(office, phone=True)
    for path in KEYBOARD[office]:
        await desk.go(path.replace("{case}", number))
        await desk.page.evaluate("document.activeElement.blur()")
        await desk.page.keyboard.press("Tab")
        assert await desk.page.evaluate("document.activeElement.className") == "skip", path
        reached: list[str] = []
        wanted = await desk.page.evaluate(REACHABLE)
        for _ in range(len(wanted)):
            name, shown = await desk.page.evaluate(HERE)
            reached.append(name)
            assert shown, (path, name)
            await desk.page.keyboard.press("Tab")
        assert reached == wanted, path
    await desk.go("/")
    await desk.page.keyboard.press("Tab")
    await desk.page.keyboard.press("Enter")
    await desk.page.keyboard.press("Tab")
    assert await desk.page.evaluate("document.querySelector('main').contains(document.activeElement)")
