"""`make pictures`: the pictures of README, taken of real pages of a Homeward that played its first handover."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, Page, async_playwright

from tests.browser.provide import environment, provided
from tests.e2e import work
from tests.support.whole import ROOT, Whole, until

FOLDER: Final = ROOT / "docs" / "pictures"
POST: Final = "BP-CN-MONG-CAI"
AGENCY: Final = "SA-38"
"""Somebody is on the way to it when the first handover was played."""
DESK: Final = (1100, 760)
PHONE: Final = (360, 740)
LATE: Final = (("24", 9), ("38", 9), ("01", 12), ("24", 25), ("56", 30))
"""Home provinces of people who are overdue, and since how many days they are expected; some are searched for."""


async def _signed_in(browser: Browser, base: str, office: str, size: tuple[int, int], locale: str) -> Page:
    context = await browser.new_context(viewport={"width": size[0], "height": size[1]}, locale=locale)
    page = await context.new_page()
    await page.goto(f"{base}sign-in?office={office}")
    await page.locator(f"button[value={office}]").click()
    return page


async def take(base: str) -> None:
    """All pictures, of the console at an address."""
    program = provided()
    FOLDER.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program, chromium_sandbox=False, env=dict(environment(program))
        )
        board = await _signed_in(browser, base, AGENCY, DESK, "en-GB")
        await board.screenshot(path=FOLDER / "board.png")
        phone = await _signed_in(browser, base, AGENCY, PHONE, "vi-VN")
        await phone.get_by_role("link", name="Đã đến").first.click()
        await phone.screenshot(path=FOLDER / "arrived-phone.png")
        post = await _signed_in(browser, base, POST, DESK, "en-GB")
        await post.goto(f"{base}handovers/new")
        await post.locator("[name='p1.full_name']").fill("Nguyễn Thị Thí Dụ")
        await post.locator("[name='p1.birth_date']").fill("31/02/2004")
        await post.get_by_role("button", name="Check", exact=True).last.click()
        await post.get_by_role("alert").wait_for()
        await post.screenshot(path=FOLDER / "handover.png")
        country = await _signed_in(browser, base, work.NATIONAL_SUPERVISOR, DESK, "vi-VN")
        await country.screenshot(path=FOLDER / "country.png")
        case = await _signed_in(browser, base, POST, DESK, "vi-VN")
        await case.goto(f"{base}cases")
        await case.locator("td.number a").first.click()
        await case.screenshot(path=FOLDER / "case.png")
        await browser.close()


def main() -> None:
    """Take them of a Homeward of their own, or of the one whose address is given."""
    if len(sys.argv) > 1:
        asyncio.run(take(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        with Whole(Path(folder) / "pictures", arguments=["--play"], console=True) as whole:
            until(whole.home.played_marker.exists, 120, what="the first handover was played")
            with whole.desks() as desks:
                for home, days in LATE:
                    work.sent_late(desks, home, days)
            whole.wait_quiet()
            asyncio.run(take(whole.run["console"]))


if __name__ == "__main__":
    main()
