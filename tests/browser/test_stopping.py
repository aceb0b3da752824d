"""The console's process: it ends in time with windows open, and the launcher starts it again."""

from __future__ import annotations

import os
import signal
import time

import pytest

from services.local.launcher import shows_pages
from tests.browser.conftest import Windows
from tests.e2e import work
from tests.support.waiting import patient
from tests.support.whole import Whole, until

pytestmark = pytest.mark.asyncio(loop_scope="session")
STOP_S = 5.0


async def test_it_ends_in_time_while_windows_listen_and_comes_back(windows: Windows, calm: Whole) -> None:
    desk = await windows.open(work.POST)
    async with desk.page.expect_response("**/live"):
        await desk.go("/inbox")
    pid = calm.pid("console")
    began_s = time.monotonic()
    os.kill(pid, signal.SIGTERM)
    until(lambda: calm.pid("console") != pid, what="the console was started again")
    assert time.monotonic() - began_s < patient(STOP_S) + 2
    until(lambda: shows_pages(calm.run["console"]))
    # Whoever was signed in still is.
    await desk.go("/inbox")
    assert desk.page.url.endswith("/inbox")
