"""Pages of the console against the very calls that they stand on, made bare; and the absolute goals of its budget.

The calls of a page are recorded while it is made in this process, then made again through the same kind of door. Both
are asked in turns, from one client over kept connections. First paint is Chromium's, at 50 kbit/s and 800 ms.
"""

from __future__ import annotations

import asyncio
import re
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, cast

import httpx2
import psutil
from playwright.async_api import Browser, async_playwright
from starlette.requests import Request

from services.chassis.country.directory import built_in_directory
from services.client.door import AioDoor, CallPlan
from services.console.console import Console
from services.console.desk import Desk
from services.console.pages import PAGES
from services.console.secret import Secret
from services.console.sessions import Sessions
from services.console.settings import Settings
from services.console.texts import page_texts
from tests.browser.provide import NoBrowserError, environment, provided
from tests.perf.measure import Result
from tests.support.pages import KeptInMemory
from tests.support.whole import Whole

MIB = 1024 * 1024
KIB = 1024
STOP_S = 30.0
SLOW = {"offline": False, "latency": 800, "downloadThroughput": 50_000 / 8, "uploadThroughput": 50_000 / 8}
SAME_ORIGIN = {"sec-fetch-site": "same-origin"}
_LINKED = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@dataclass(frozen=True)
class Sizes:
    """How much is measured: pages of each kind, open sessions, and windows that listen when it ends. `browser`: whether
    Chromium paints."""

    pages: int = 150
    sessions: int = 500
    windows: int = 20
    browser: bool = True


TINY = Sizes(pages=3, sessions=5, windows=2, browser=False)


async def pages(whole: Whole, receiver: str, sizes: Sizes) -> list[Result]:
    """Of a Homeward that serves them: the board of an office to which people are on the way, and its messages."""
    address = whole.run["console"].rstrip("/")
    async with httpx2.AsyncClient(base_url=address, headers=SAME_ORIGIN) as client:
        await _sign_in(client, receiver)
        results = [await _against_calls(whole, client, receiver, path, sizes) for path in ("/", "/inbox")]
        weight, requests = await _weight(client)
        results += [
            Result("first page", "KiB", weight / KIB, None, f"{requests} requests with its files, packed", False),
            Result("first page requests", "", requests, None, "without the stream of messages", False),
        ]
    results.append(await _memory(whole, address, receiver, sizes))
    if sizes.browser:
        results += await _paints(address, receiver)
    # The last one: the launcher starts another console afterwards.
    return [*results, await _end(whole, address, receiver, sizes)]


async def _sign_in(client: httpx2.AsyncClient, office: str) -> None:
    answer = await client.post("/sign-in", data={"office": office, "to": "/"})
    assert answer.status_code == 303, answer.status_code
    # Browsers send what is `Secure` to this machine without TLS as well; this client does not.
    client.headers["cookie"] = answer.headers["set-cookie"].partition(";")[0]


async def _against_calls(whole: Whole, client: httpx2.AsyncClient, office: str, path: str, sizes: Sizes) -> Result:
    async with AioDoor(CallPlan(whole.addresses.__getitem__)) as door:
        calls = await _calls_of(whole, door, office, path)

        async def bare() -> None:
            await asyncio.gather(*(call() for call in calls))

        async def page() -> None:
            answer = await client.get(path)
            assert answer.status_code == 200, answer.status_code

        ours, peer = await _in_turns(page, bare, sizes.pages)
    note = f"p50; its {len(calls)} calls side by side, bare"
    return Result(f"page {path}", "ms", ours, peer, note, False)


async def _in_turns(
    ours: Callable[[], Awaitable[None]], peer: Callable[[], Awaitable[None]], count: int
) -> tuple[float, float]:
    """Medians in milliseconds, one after the other, so that a busy moment meets both."""
    found: tuple[list[float], list[float]] = [], []
    for _ in range(count):
        for work, kept in zip((ours, peer), found, strict=True):
            began = time.perf_counter()
            await work()
            kept.append((time.perf_counter() - began) * 1_000)
    return statistics.median(found[0]), statistics.median(found[1])


async def _calls_of(whole: Whole, door: AioDoor, office: str, path: str) -> list[Callable[[], Awaitable[Any]]]:
    """The calls that the console makes for a page, each to be made again."""
    recorder, secret, key = Recorder(door), Secret(bytes(32)), whole.home.signing_key
    settings = Settings("127.0.0.1", 0, whole.addresses, "postgresql://127.0.0.1:1/none", key, signing_key=key)
    console = Console(settings, secret, cast(AioDoor, recorder), Sessions(KeptInMemory(), secret))
    session = await console.sessions.find(await console.sessions.begin(office, "bench"))
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
    directory = built_in_directory()
    desk = Desk(console, Request(scope), page_texts("vi"), directory, session, directory.office(office))
    page = next(each for each in PAGES if each.path == path and "GET" in each.methods)
    await page.handle(desk)
    return recorder.calls


class Recorder:
    """A door that remembers how to make the same calls again."""

    def __init__(self, door: AioDoor) -> None:
        self._door = door
        self.stubs = door.stubs
        self.calls: list[Callable[[], Awaitable[Any]]] = []

    async def ask(self, method: Any, request: Any, *, token: str, language: Any = None) -> Any:
        """One call."""
        self.calls.append(lambda: self._door.ask(method, request, token=token, language=language))
        return await self._door.ask(method, request, token=token, language=language)


async def _weight(client: httpx2.AsyncClient) -> tuple[float, int]:
    """Bytes on the way and requests of a first page, with what it links to."""
    first = await client.get("/")
    files = dict.fromkeys(_LINKED.findall(first.text))
    sizes = [first.num_bytes_downloaded]
    for file in files:
        sizes.append((await client.get(file)).num_bytes_downloaded)
    return float(sum(sizes)), len(sizes)


async def _memory(whole: Whole, address: str, office: str, sizes: Sizes) -> Result:
    for _ in range(sizes.sessions):
        async with httpx2.AsyncClient(base_url=address, headers=SAME_ORIGIN) as client:
            await _sign_in(client, office)
            await client.get("/")
    held = psutil.Process(whole.pid("console")).memory_info().rss / MIB
    return Result("console memory", "MiB RSS", held, None, f"after {sizes.sessions} sign-ins", False)


async def _end(whole: Whole, address: str, office: str, sizes: Sizes) -> Result:
    """How long the console takes to end while windows listen for new messages."""
    process = psutil.Process(whole.pid("console"))
    async with AsyncExitStack() as windows:
        for _ in range(sizes.windows):
            client = await windows.enter_async_context(httpx2.AsyncClient(base_url=address, headers=SAME_ORIGIN))
            await _sign_in(client, office)
            stream = await windows.enter_async_context(client.stream("GET", "/live"))
            assert stream.status_code == 200, stream.status_code
        began_s = time.perf_counter()
        process.terminate()
        await asyncio.to_thread(process.wait, STOP_S)
        took_s = time.perf_counter() - began_s
    return Result("console SIGTERM", "s", took_s, None, f"{sizes.windows} windows listen for messages", False)


async def _paints(address: str, office: str) -> list[Result]:
    try:
        program = provided()
    except NoBrowserError:
        return []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program, chromium_sandbox=False, env=dict(environment(program))
        )
        cold = [await _paint(browser, address, office, warm=False) for _ in range(3)]
        warm = [await _paint(browser, address, office, warm=True) for _ in range(3)]
        await browser.close()
    return [
        Result(f"2G first paint, {name}", "s", statistics.median(found), None, "50 kbit/s, 800 ms", False)
        for name, found in (("cold", cold), ("warm", warm))
    ]


async def _paint(browser: Browser, address: str, office: str, *, warm: bool) -> float:
    """Seconds to the first paint of the first page by an officer who is signed in."""
    context = await browser.new_context()
    page = await context.new_page()
    answer = await context.request.post(
        f"{address}/sign-in", form={"office": office, "to": "/"}, headers=SAME_ORIGIN, max_redirects=0
    )
    assert answer.status == 303, answer.status
    if warm:
        await page.goto(address)
    throttled = await context.new_cdp_session(page)
    await throttled.send("Network.enable")
    await throttled.send("Network.emulateNetworkConditions", SLOW)
    await page.goto(address, timeout=60_000, wait_until="commit")
    painted = await page.evaluate(
        """() => new Promise((done) => {
            const told = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
            if (told()) done(told());
            new PerformanceObserver(() => { if (told()) done(told()); }).observe({ type: "paint", buffered: true });
        })"""
    )
    await context.close()
    return float(painted) / 1_000
