"""Every page by every kind of office, in both languages, on a phone: nothing that axe finds, nothing wider than it."""

from __future__ import annotations

from typing import Any, Final

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page

from services.local.office_calls import OfficeCalls
from tests.browser.conftest import Windows
from tests.e2e import work

pytestmark = pytest.mark.asyncio(loop_scope="session")
PAGES: Final = {
    work.POST: (
        *("/", "/handovers/new", "/returns/new", "/journeys/new", "/inbox", "/transfers", "/cases"),
        *("/cases/{case}", "/cases/{case}/dispatch", "/hidden"),
        *("/handovers/drafts", "/handovers/shell?language=vi", "/sign-ins"),
    ),
    "SA-12": ("/", "/inbox?old=1", "/follow-ups", "/cases/{case}", "/cases/{case}/arrived", "/cases/{case}/reject"),
    work.NATIONAL_SUPERVISOR: (
        *("/", "/lost", "/overdue", "/follow-ups/overdue", "/cases", "/cases/{case}/reassign", "/who-did-what"),
    ),
    work.AUDITOR: ("/access-log", "/who-did-what", "/offices?words=Lào+Cai", "/rules", "/health"),
    "ADMIN-NATIONAL": ("/offices", "/acts/open-office", "/acts/end-office", "/acts/change-rule"),
    work.VERIFIER: ("/", "/undecided"),
    "": ("/sign-in", "/sign-in?office=Lào+Cai"),
}
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What passes is left in the browser: to write it down and to read it here would take longer than to look.
VIOLATIONS: Final = """
    async rules => (await axe.run(document, {runOnly: rules, resultTypes: ["violations"]})).violations
        .map(each => [each.id, each.nodes[0].html])
"""
WIDER: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def _listen(page: Page, said: list[str]) -> None:
    """Keep what the browser complains about: a policy broken, a script that failed."""
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_nothing_stands_in_anybodys_way(windows: Windows, desks: OfficeCalls, language: str) -> None:
    case = work.submit(desks, [work.person(3, home="12")])[0]
    number = work.wait_custody(desks, work.POST, case).case_number
    work.dispatch(desks, case, "12")
    found: list[Any] = []
    for office, paths in PAGES.items():
        desk = await windows.open(office, language=language, phone=True)
        said: list[str] = []
        _listen(desk.page, said)
        await desk.page.add_init_script(AXE_SCRIPT)
        for path in paths:
            await desk.go(path.replace("{case}", number))
            found += [(path, *each) for each in await desk.page.evaluate(VIOLATIONS, RULES)]
            if await desk.page.evaluate(WIDER) > 0:
                found.append((path, "wider than a phone"))
        found += [(office, each) for each in said]
    assert found == []
