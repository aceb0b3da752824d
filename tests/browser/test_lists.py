"""Lists on a phone: what is listed comes first, and the filters are one touch, or one key, away."""

from __future__ import annotations

from typing import Final

import pytest

from services.local.office_calls import OfficeCalls
from tests.browser.conftest import PHONE, Desk, Windows
from tests.e2e import work

pytestmark = pytest.mark.asyncio(loop_scope="session")
HOME: Final = "20"
AGENCY: Final = "SA-20"
LISTS: Final = {
    AGENCY: ("/transfers?direction=incoming", "/cases", "/follow-ups?days=all"),
    work.NATIONAL_SUPERVISOR: ("/overdue", "/custodies", f"/transfers?office={AGENCY}&overdue=1", "/offices"),
    work.POST: ("/handovers", "/cases"),
    work.AUDITOR: ("/who-did-what",),
}
FIRST: Final = "tbody tr:not(.under), .handed"


@pytest.fixture(scope="module")
def late(desks: OfficeCalls) -> str:
    """The number of somebody who is overdue at the agency, where somebody else has arrived."""
    number = work.sent_late(desks, HOME, 8)
    (case,) = work.submit(desks, [work.person(2, home=HOME)])
    arrived = work.wait_custody(desks, work.POST, case).case_number
    work.dispatch(desks, arrived, HOME)
    work.acknowledge(desks, arrived, HOME)
    work.wait_custody(desks, AGENCY, arrived, "FOLLOW_UP")
    return number


async def bottom(desk: Desk, selector: str) -> float:
    """How far down the first of these ends."""
    box = await desk.page.locator("main").locator(selector).first.bounding_box()
    assert box is not None, desk.page.url
    return box["y"] + box["height"]


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_the_first_row_is_on_the_first_screen_of_a_phone(windows: Windows, late: str, language: str) -> None:
    for office, paths in LISTS.items():
        desk = await windows.open(office, language=language, phone=True)
        for path in paths:
            await desk.go(path)
            assert await bottom(desk, FIRST) <= PHONE["height"], (office, path)


@pytest.mark.parametrize("javascript", [True, False])
async def test_filters_open_by_the_keyboard_and_say_what_they_narrow(
    windows: Windows, late: str, javascript: bool
) -> None:
    desk = await windows.open(AGENCY, phone=True, javascript=javascript)
    page = desk.page
    await desk.go("/transfers")
    fold, overdue = page.locator(".fold summary"), page.get_by_label("chỉ quá hạn")
    assert await fold.inner_text() == "Điều kiện lọc"
    assert not await overdue.is_visible()
    await fold.focus()
    await page.keyboard.press("Enter")
    await overdue.wait_for()
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.id") == "direction", "they are next"
    await overdue.check()
    await page.get_by_role("button", name="Xem", exact=True).click()
    await page.wait_for_url("**overdue=1*")
    assert await fold.inner_text() == "Điều kiện lọc: chỉ quá hạn: có"
    assert not await page.locator(".chips").is_visible()
    await page.get_by_role("link", name=late).wait_for()
    await fold.click()
    await page.locator(".chips").get_by_role("link").click()
    await page.wait_for_url("**/transfers?")
    assert await fold.inner_text() == "Điều kiện lọc"


async def test_what_is_wrong_with_a_filter_is_on_the_first_screen_with_its_field(windows: Windows) -> None:
    desk = await windows.open(AGENCY, phone=True)
    await desk.go("/follow-ups?until=31/02/2026")
    assert await bottom(desk, "[role=alert]") <= PHONE["height"]
    assert await bottom(desk, "#until") <= PHONE["height"]


async def test_at_a_desk_the_filters_stand_above_the_list(windows: Windows, late: str) -> None:
    desk = await windows.open(AGENCY)
    await desk.go("/transfers?overdue=1")
    assert not await desk.page.locator(".fold").is_visible()
    assert await desk.page.get_by_label("chỉ quá hạn").is_checked()
    assert await desk.page.locator(".chips").is_visible()
    assert await bottom(desk, "form.filters") < await bottom(desk, FIRST)
