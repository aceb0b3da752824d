"""The home-province agency in a real browser: its board, two clicks for an arrival, and the way back."""

from __future__ import annotations

import pytest

from services.local.office_calls import OfficeCalls
from tests.browser.conftest import Windows
from tests.e2e import work

pytestmark = pytest.mark.asyncio(loop_scope="session")
HOME = "14"
AGENCY = "SA-14"


def on_the_way(desks: OfficeCalls, count: int = 1) -> list[str]:
    """Numbers of cases on the way to the agency."""
    cases = work.submit(desks, [work.person(index, home=HOME) for index in range(count)])
    numbers = []
    for case in cases:
        work.wait_custody(desks, work.POST, case)
        numbers.append(work.dispatch(desks, case, HOME).case_number)
    return numbers


@pytest.mark.parametrize(("phone", "javascript"), [(False, True), (True, False)])
async def test_an_arrival_is_acknowledged_in_two_clicks_and_taken_back(
    windows: Windows, desks: OfficeCalls, phone: bool, javascript: bool
) -> None:
    number = on_the_way(desks)[0]
    desk = await windows.open(AGENCY, phone=phone, javascript=javascript)
    page = desk.page
    await page.locator("tr", has_text=number).get_by_role("link", name="Đã đến").click()
    await page.get_by_role("button", name="Đúng, đã đến").click()
    await page.get_by_text("Đã xác nhận đến nơi").wait_for()
    assert page.url.endswith(f"/cases/{number}?done=arrived")
    assert work.custody(desks, AGENCY, number).accountable_office_id == AGENCY
    await page.get_by_role("link", name="Nhầm? Rút lại").click()
    await page.get_by_role("button", name="Rút lại").click()
    await page.get_by_text("bắt buộc nhập").first.wait_for()
    await page.locator("input[name=reason]").first.check()
    await page.get_by_role("button", name="Rút lại").click()
    await page.get_by_text("Đã rút lại: việc chuyển có hiệu lực như trước.").wait_for()
    assert work.custody(desks, AGENCY, number).accountable_office_id == work.POST


async def test_several_are_accepted_at_once(windows: Windows, desks: OfficeCalls) -> None:
    numbers = on_the_way(desks, 2)
    desk = await windows.open(AGENCY, phone=True)
    for number in numbers:
        await desk.page.locator(f"input[value={number}]").check()
    await desk.page.get_by_role("button", name="Nhận tiếp nhận những người đã chọn").click()
    await desk.page.get_by_text("Đã nhận 2 trên 2").wait_for()
    assert all(work.custody(desks, AGENCY, each).transfers[-1].HasField("accept_time") for each in numbers)


async def test_who_was_quicker_is_told(windows: Windows, desks: OfficeCalls) -> None:
    number = on_the_way(desks)[0]
    first, second = await windows.open(AGENCY), await windows.open(AGENCY)
    for desk in (first, second):
        await desk.go(f"/cases/{number}/reject")
        await desk.page.get_by_role("radio").first.check()
    await first.page.get_by_role("button", name="Từ chối").click()
    await first.page.get_by_text("Đã từ chối").wait_for()
    await second.page.get_by_role("button", name="Từ chối").click()
    await second.page.get_by_role("heading", name="Có vấn đề").wait_for()
    assert "Đơn vị đã từ chối việc chuyển này từ ngày" in await second.text()
    assert await second.page.get_by_role("button", name="Từ chối").count() == 0


async def test_a_mistake_is_left_and_come_back_to_and_a_dead_line_keeps_the_form(
    windows: Windows, desks: OfficeCalls
) -> None:
    number = on_the_way(desks)[0]
    desk = await windows.open(AGENCY)
    page = desk.page
    await desk.go(f"/cases/{number}/arrived")
    address = page.url
    day = page.locator("#arrived_on")
    right = await day.input_value()
    await day.fill("31/02/2026")
    await page.get_by_role("button", name="Đúng, đã đến").click()
    await page.get_by_role("heading", name="Có vấn đề").wait_for()
    assert await day.input_value() == "31/02/2026"
    await page.locator(".back a").click()
    await page.wait_for_url(desk.base + f"/cases/{number}")
    await page.go_back()
    assert page.url == address
    await page.get_by_text("Biểu mẫu này chưa được gửi thành công").wait_for()
    assert await day.input_value() == "31/02/2026"
    await day.fill(right)
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Đúng, đã đến").click()
    await page.get_by_text("Mất kết nối").wait_for()
    assert await day.input_value() == right
    await page.context.set_offline(False)
    await page.get_by_role("button", name="Đúng, đã đến").click()
    await page.get_by_text("Đã xác nhận đến nơi").wait_for()
    assert work.custody(desks, AGENCY, number).accountable_office_id == AGENCY


async def test_the_letters_of_vietnamese_are_drawn(windows: Windows) -> None:
    desk = await windows.open()
    await desk.go("/sign-in")
    widths = await desk.page.evaluate(
        """() => ["Đồn biên phòng cửa khẩu", "\\u{10ffff}"].map((text) => {
            const span = document.createElement("span");
            span.textContent = text;
            document.body.append(span);
            return span.getBoundingClientRect().width;
        })"""
    )
    assert widths[0] > 100
