"""The border post's form when the line dies: kept sealed on the device, sent until it is known, never sent twice.

The services are played here, so that the line is cut exactly before, during and after their commit.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, Route

from homeward.intake.v1 import submissions_pb2
from services.chassis.kernel.case_number import format_case_number
from services.chassis.storage.key_files import create_signing_key
from tests.browser.conftest import WAIT_MS, Windows, launched
from tests.browser.drafting import begin, enrol
from tests.support.pages import failure
from tests.support.served import Served
from tests.support.waiting import patient

pytestmark = pytest.mark.asyncio(loop_scope="session")
POST = "BP-CN-MONG-CAI"
NAMES = ("Nguyễn Thị Thí Dụ Ngoại Tuyến", "Trần Văn Thí Dụ Ngoại Tuyến")


class Intake:
    """Registers each request id once, as intake does."""

    def __init__(self) -> None:
        self.registered: dict[str, submissions_pb2.SubmitHandoverRequest] = {}
        self.calls = 0
        self.away = False

    def submit(self, request: submissions_pb2.SubmitHandoverRequest) -> submissions_pb2.SubmitHandoverResponse:
        """SubmitHandover."""
        self.calls += 1
        if self.away:
            raise failure("UNAVAILABLE")
        known = self.registered.setdefault(request.request_id, request)
        if known != request:
            raise failure("ALREADY_EXISTS", "REQUEST_ID_REUSED", "other content")
        return submissions_pb2.SubmitHandoverResponse(receipt=self._receipt(request.request_id))

    def receipt(self, request: submissions_pb2.GetReceiptRequest) -> submissions_pb2.GetReceiptResponse:
        """GetReceipt."""
        if request.request_id not in self.registered:
            raise failure("NOT_FOUND", "RECEIPT_NOT_FOUND")
        return submissions_pb2.GetReceiptResponse(receipt=self._receipt(request.request_id))

    def _receipt(self, request_id: str) -> submissions_pb2.Receipt:
        people = self.registered[request_id].handover.people
        entries = [
            submissions_pb2.ReceiptEntry(row=row, case_number=format_case_number(4_000 + row))
            for row in range(1, len(people) + 1)
        ]
        return submissions_pb2.Receipt(entries=entries)


@pytest.fixture(scope="module")
def intake() -> Intake:
    """The service."""
    return Intake()


@pytest.fixture(scope="module")
def served(intake: Intake, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A console before it."""
    key = tmp_path_factory.mktemp("served") / "issuer.key"
    create_signing_key(key)
    with Served(key, {"SubmitHandover": intake.submit, "GetReceipt": intake.receipt}) as console:
        yield console


@pytest_asyncio.fixture(loop_scope="session")
async def post(chromium: Browser, served: Served) -> AsyncIterator[Windows]:
    """Windows of the border post."""
    opened = Windows(chromium, served.address)
    yield opened
    await opened.close()


async def type_two(page: Page) -> None:
    """Two people, one added where there may be no line."""
    for name, text in {"full_name": NAMES[0], "sex": "Nữ", "birth_date": "2004", "home_province": "Bắc Ninh"}.items():
        await page.locator(f"[name='p1.{name}']").fill(text)
    await page.get_by_role("button", name="Thêm một người").click()
    for name, text in {"full_name": NAMES[1], "sex": "Nam", "birth_date": "2001"}.items():
        await page.locator(f"[name='p2.{name}']").fill(text)
    await page.locator("[name='handover_time']").fill("hôm qua 09:00")
    await page.locator("[name='handover_time']").blur()
    await page.get_by_text("Đã lưu trên máy này lúc").wait_for()


@pytest.mark.parametrize("cut", ["before", "during", "after"])
async def test_the_line_is_cut_while_it_is_sent_and_everybody_is_registered_once(
    post: Windows, intake: Intake, served: Served, cut: str
) -> None:
    desk = await post.open(POST)
    page = desk.page
    await enrol(page, desk.base)
    request_id = await begin(page, desk.base)
    await type_two(page)
    attempts: list[bytes | None] = []

    async def cutting(route: Route) -> None:
        attempts.append(route.request.post_data_buffer)
        if cut == "after":
            await route.fetch()
        elif cut == "during":
            intake.away = True
            await route.fetch()
            intake.away = False
        await route.abort()

    await page.route(f"**/handovers/{request_id}", cutting)
    await page.get_by_role("button", name="Gửi 2 người").click()
    await page.get_by_text("Mất kết nối, chưa biết nội dung đã tới nơi hay chưa.").wait_for()
    assert (request_id in intake.registered) == (cut == "after")
    # Another window, a reload: the frozen draft is sent as it was.
    await page.unroute(f"**/handovers/{request_id}")
    if cut == "during":
        await page.reload()
    else:
        await page.evaluate("dispatchEvent(new Event('online'))")
    await page.wait_for_url("**/receipt")
    registered = intake.registered[request_id]
    assert [each.full_name for each in registered.handover.people] == list(NAMES)
    kept = await page.evaluate(KEPT)
    assert [(each["id"], each["state"], each.get("sealed"), each.get("key")) for each in kept] == [
        (request_id, "delivered", None, None)
    ]
    assert len(attempts) == 1


KEPT = """async () => {
    const request = indexedDB.open("homeward-drafts");
    await new Promise((done) => { request.onsuccess = done; });
    const rows = request.result.transaction("drafts").objectStore("drafts").getAll();
    await new Promise((done) => { rows.onsuccess = done; });
    request.result.close();
    return rows.result;
}"""


async def test_what_was_changed_after_a_lost_answer_is_not_sent_over_it(
    post: Windows, intake: Intake, served: Served
) -> None:
    desk = await post.open(POST)
    page = desk.page
    await enrol(page, desk.base)
    request_id = await begin(page, desk.base)
    await type_two(page)
    await page.route(f"**/handovers/{request_id}", lost)
    await page.get_by_role("button", name="Gửi 2 người").click()
    await page.get_by_text("Mất kết nối, chưa biết nội dung đã tới nơi hay chưa.").wait_for()
    await page.get_by_role("button", name="Sửa nội dung đã nhập").click()
    await page.unroute(f"**/handovers/{request_id}")
    await page.locator("[name='p2.full_name']").fill("Lê Văn Thí Dụ Khác")
    calls = intake.calls
    await page.get_by_role("button", name="Gửi 2 người").click()
    await page.get_by_text("Nội dung đã được đăng ký như trước lần sửa cuối").wait_for()
    assert intake.calls == calls
    assert intake.registered[request_id].handover.people[1].full_name == NAMES[1]
    await page.get_by_role("button", name="Xóa bản nháp này").click()
    await page.wait_for_url(f"{desk.base}/")
    assert await page.evaluate(KEPT) == []


async def lost(route: Route) -> None:
    """The service answers, and the answer is lost."""
    await route.fetch()
    await route.abort()


async def test_everything_wrong_is_told_and_the_draft_stays(post: Windows, intake: Intake) -> None:
    desk = await post.open(POST)
    page = desk.page
    await enrol(page, desk.base)
    request_id = await begin(page, desk.base)
    await type_two(page)
    await page.locator("[name='p2.birth_date']").fill("31/02/2001")
    await page.get_by_role("button", name="Gửi 2 người").click()
    await page.locator("#summary a").first.wait_for()
    assert [await each.get_attribute("href") for each in await page.locator("#summary a").all()] == ["#p2.birth_date"]
    assert request_id not in intake.registered
    await page.get_by_role("button", name="Bỏ người thứ 1 khỏi biểu mẫu").click()
    assert await page.locator("[name='p1.full_name']").input_value() == NAMES[1]
    await page.locator("[name='p1.birth_date']").fill("2001")
    await page.reload()
    await page.get_by_text("Bản nháp của máy này: trong vòng một giờ.").wait_for()
    assert await page.locator("[name='p1.full_name']").input_value() == NAMES[1]
    second = await page.context.new_page()
    await second.goto(page.url)
    await second.get_by_text("Bản nháp này đang mở ở cửa sổ khác.").wait_for()
    await second.close()
    # Half an hour without input: the key and the names are gone from the window, the draft is not.
    await page.clock.install()
    await page.reload()
    await page.locator("html[data-drafts]").wait_for()
    await page.clock.fast_forward("31:00")
    assert not await page.locator("main").is_visible()
    await page.keyboard.press("Enter")
    await page.locator("#locked").wait_for()
    assert NAMES[1] not in await page.evaluate(
        "[...document.querySelectorAll('input')].map((each) => each.value).join()"
    )
    (kept,) = await page.evaluate(KEPT)
    assert kept["state"] == "draft"
    # Whoever signs in sees what was never sent; signing out leaves it, and the empty form for a dead line.
    await desk.go("/")
    await page.get_by_role("link", name="Lần bàn giao, số người: 1").wait_for()
    await page.get_by_role("button", name="Đăng xuất").click()
    await page.get_by_text("chưa gửi · trong vòng một giờ").wait_for()
    await page.context.set_offline(True)
    await desk.go("/")
    await page.locator("#words").wait_for()


async def test_a_browser_is_killed_opened_without_a_line_and_nothing_in_its_profile_names_anybody(
    served: Served, intake: Intake, tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    async with launched(profile) as (context, process):
        page = await signed_in(context, served.address)
        words = await enrol(page, served.address)
        request_id = await begin(page, served.address)
        await type_two(page)
        process.kill()
        process.wait(patient(5.0))
    async with launched(profile) as (context, process):
        await context.set_offline(True)
        page = context.pages[0]
        page.set_default_timeout(WAIT_MS)
        await page.goto(served.address)
        await page.locator("#words").fill("ba bo bi bu")
        await page.get_by_role("button", name="Mở các bản nháp").click()
        await page.get_by_text("Đây không phải các từ của máy này.").wait_for()
        await page.locator("#words").fill(f" {words.upper()} ")
        await page.get_by_role("button", name="Mở các bản nháp").click()
        await page.get_by_role("link", name="Lần bàn giao, số người: 2").click()
        assert await page.locator("[name='p2.full_name']").input_value() == NAMES[1]
        assert not re.search("hôm", await page.locator("[name='handover_time']").input_value())
        await page.get_by_role("button", name="Gửi 2 người").click()
        await page.get_by_text("Mất kết nối").wait_for()
        await context.set_offline(False)
        # The session cookie went with the browser: sign in, and what waits is sent by itself.
        await page.get_by_text("Chưa có ai đăng nhập").wait_for()
        await signed_in(context, served.address)
        await page.bring_to_front()
        await page.get_by_text("Họ tên đã được xóa khỏi máy này.").wait_for()
        await context.close()
    assert [each.full_name for each in intake.registered[request_id].handover.people] == list(NAMES)
    planted = [text.encode(code) for text in (*NAMES, words) for code in ("utf-8", "utf-16-le")]
    for file in profile.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert not [each for each in planted if each in content], file
    kept = b"".join(part for row in served.kept.rows.values() for part in (row.id, row.sealed))
    assert not any(each in kept for each in planted)


async def signed_in(context: BrowserContext, address: str) -> Page:
    """A page of the border post."""
    page = await context.new_page()
    page.set_default_timeout(WAIT_MS)
    await page.goto(f"{address}/sign-in?office={POST}")
    await page.locator(f"button[value={POST}]").click()
    await page.wait_for_url(f"{address}/")
    return page


async def test_a_sign_in_that_ended_while_typing_loses_nothing(post: Windows, intake: Intake, served: Served) -> None:
    desk = await post.open(POST)
    page = desk.page
    await desk.go("/handovers/new")
    request_id = page.url.rpartition("/")[2]
    for name, text in {"full_name": NAMES[0], "sex": "Nữ", "birth_date": "2004", "home_province": "Bắc Ninh"}.items():
        await page.locator(f"[name='p1.{name}']").fill(text)
    served.kept.rows.clear()
    await page.get_by_role("button", name="Gửi 1 người").click()
    async with page.expect_popup() as opened:
        await page.get_by_role("link", name="Đăng nhập", exact=True).click()
    window = await opened.value
    await window.locator(f"button[value={POST}]").click()
    await window.get_by_role("heading", name="Đã đăng nhập").wait_for()
    await page.get_by_role("button", name="Đã đăng nhập: gửi").click()
    await page.get_by_text("Đã đăng ký 1 người").wait_for()
    assert [each.full_name for each in intake.registered[request_id].handover.people] == [NAMES[0]]
