"""One Chromium and one Homeward for all tests of pages; each test has a browser profile of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
import pytest_asyncio

from tests.browser.provide import environment, provided
from tests.support.waiting import patient

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page, ViewportSize

    from services.local.office_calls import OfficeCalls
    from tests.support.whole import Whole

WAIT_MS = patient(6.0) * 1000
DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}


@dataclass
class Desk:
    """One browser window of an officer."""

    page: Page
    base: str

    async def go(self, path: str) -> None:
        """Open a page."""
        await self.page.goto(self.base + path)

    async def sign_in(self, office: str, *, second: bool = False) -> None:
        """Choose an office, as an officer does, or as another person there."""
        await self.go(f"/sign-in?office={office}")
        if second:
            await self.page.locator("input[name=second]").check()
        await self.page.locator(f"button[value={office}]").click()
        await self.page.wait_for_url(self.base + "/")

    async def text(self) -> str:
        """What the page says."""
        return await self.page.inner_text("main")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The browser."""
    from playwright.async_api import async_playwright

    program = provided()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program,
            # Our own pages on loopback only; in a container there is nothing to make a sandbox of.
            chromium_sandbox=False,
            env=dict(environment(program)),
        )
        yield browser
        await browser.close()


@asynccontextmanager
async def launched(profile: Path) -> AsyncIterator[tuple[BrowserContext, psutil.Process]]:
    """A browser of its own with a profile on the disk, and its process, for a test that kills it."""
    from playwright.async_api import async_playwright

    program = provided()
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            profile, executable_path=program, chromium_sandbox=False, env=dict(environment(program)), locale="vi-VN"
        )
        (process,) = (
            each
            for each in psutil.process_iter(["cmdline"])
            if f"--user-data-dir={profile}" in (each.info["cmdline"] or ())
            and not any(part.startswith("--type=") for part in each.info["cmdline"])
        )
        yield context, process
        if process.is_running():
            await context.close()


class Windows:
    """Browsers of officers, each with a profile of its own."""

    def __init__(self, chromium: Browser, base: str) -> None:
        self._chromium = chromium
        self.base = base
        self._open: list[BrowserContext] = []

    async def open(
        self,
        office: str = "",
        *,
        second: bool = False,
        language: str = "vi",
        phone: bool = False,
        javascript: bool = True,
    ) -> Desk:
        """A window; signed in when an office is named."""
        size = PHONE if phone else DESK
        context = await self._chromium.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            locale="vi-VN" if language == "vi" else "en-GB",
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        context.set_default_timeout(WAIT_MS)
        self._open.append(context)
        desk = Desk(await context.new_page(), self.base.rstrip("/"))
        if office:
            await desk.sign_in(office, second=second)
        return desk

    async def close(self) -> None:
        """All of them."""
        while self._open:
            await self._open.pop().close()


@pytest_asyncio.fixture(loop_scope="session")
async def windows(chromium: Browser, calm: Whole) -> AsyncIterator[Windows]:
    """Windows of a test."""
    opened = Windows(chromium, calm.run["console"])
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def desks(calm: Whole) -> Iterator[OfficeCalls]:
    """Offices that call the services themselves, for what a test needs beforehand."""
    with calm.desks() as opened:
        yield opened
