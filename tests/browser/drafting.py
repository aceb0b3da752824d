"""What an officer does to keep drafts on a device."""

from __future__ import annotations

from playwright.async_api import Page


async def enrol(page: Page, base: str) -> str:
    """Allow drafts on this device; returns the four words."""
    await page.goto(f"{base}/handovers/drafts")
    await page.get_by_role("button", name="Lưu bản nháp trên máy này").click()
    words = await page.locator("#words").inner_text()
    await page.locator("#typed").fill("ba bo bi bu")
    await page.get_by_role("button", name="Lưu bản nháp từ bây giờ").click()
    await page.get_by_text("Đây không phải các từ ở trên.").wait_for()
    await page.locator("#typed").fill(words)
    await page.get_by_role("button", name="Lưu bản nháp từ bây giờ").click()
    told = page.locator("#told").filter(has_not_text="Đây không phải")
    await told.wait_for()
    assert await told.inner_text() == "Từ nay bản nháp được lưu trên máy này."
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return words


async def begin(page: Page, base: str) -> str:
    """A form on an enrolled device; returns its id."""
    await page.goto(f"{base}/handovers/new")
    await page.locator("html[data-drafts]").wait_for()
    return page.url.rpartition("/")[2]
