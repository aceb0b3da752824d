"""A bus leaves with those who stand in a file, in a real browser: read, looked at, confirmed, and sent once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Page

from services.chassis.kernel.clock import local_date
from services.client.dates import written
from services.local.office_calls import OfficeCalls
from tests.browser.conftest import Desk, Windows
from tests.e2e import work
from tests.support.whole import Whole

pytestmark = pytest.mark.asyncio(loop_scope="session")
HOME: Final = "42"
AGENCY: Final = "SA-42"
TITLES: Final = (
    *("Số hồ sơ", "Nơi đến", "Ngày dự kiến đến", "Người đi cùng", "Phương tiện", "Sự đồng ý"),
    *("Muốn về nơi này", "Sợ ai ở đó", "Giấy tờ gửi kèm", "Lý do chọn nơi đến", "Ngày khởi hành"),
)
NO_MISTAKES: Final = "Không thấy lỗi nào."
READ: Final = re.compile("^Đọc tệp")
ALREADY: Final = "Người này đang có một lượt chuyển chưa kết thúc"
ON_THE_WAY: Final = "Người này đang trên đường."


def day(offset: int) -> str:
    """A day so far from today, as officers write it."""
    return written((local_date(work.real_now()) + timedelta(days=offset)).isoformat())


def row(number: str, *, to: str = "Hà Tĩnh", arrives: str | None = None) -> tuple[str, ...]:
    """Somebody goes home with a collaborator, as she wants to."""
    return (
        *(number, to, arrives or day(1), "nhân viên công tác xã hội", "xe khách", "người được chuyển đồng ý"),
        *("có", "không", "giấy chứng nhận về nước", "về nhà", day(0)),
    )


def filled(folder: Path, *rows: Sequence[str]) -> Path:
    """The form with these rows, as a spreadsheet saves it."""
    file = folder / "journey.csv"
    file.write_text("".join(f"{';'.join(each)}\n" for each in (TITLES, *rows)), encoding="utf-8-sig")
    return file


def registered(desks: OfficeCalls, calm: Whole, count: int = 2) -> list[str]:
    """Numbers of people who are at the border post; every service has heard of them."""
    cases = work.submit(desks, [work.person(each, home=HOME) for each in range(count)])
    numbers = [work.wait_custody(desks, work.POST, each).case_number for each in cases]
    calm.wait_quiet()
    return numbers


def sent(desks: OfficeCalls, numbers: Sequence[str]) -> list[list[str]]:
    """Where each was sent, as often as she was."""
    return [[each.to_office_id for each in work.custody(desks, work.POST, number).transfers] for number in numbers]


async def read(page: Page, file: Path) -> None:
    """Choose a file, and have it read."""
    await page.get_by_label("Bảng tính, CSV hoặc JSON").set_input_files(file)
    await page.get_by_role("button", name=READ).click()
    await page.get_by_role("heading", name="Nội dung của tệp").wait_for()


async def confirm(page: Page, count: int) -> None:
    """They have left."""
    await page.get_by_role("button", name=f"Xác nhận {count} người đã khởi hành").click()


async def mistakes(page: Page) -> list[tuple[str | None, str]]:
    """What is wrong: where each leads, and what it says."""
    await page.get_by_role("heading", name="Có vấn đề").wait_for()
    found = await page.locator("#summary li a").all()
    return [(await each.get_attribute("href"), await each.inner_text()) for each in found]


async def receipt(desk: Desk, numbers: Sequence[str]) -> str:
    """The journey that is said to be on the way, with just these people; returns its id."""
    await desk.page.wait_for_url("**/transfers?journey=*")
    await desk.page.get_by_role("status").get_by_text(ON_THE_WAY).wait_for()
    assert sorted(await desk.page.locator("td.number a").all_inner_texts()) == sorted(numbers)
    return desk.page.url.partition("journey=")[2].partition("&")[0]


@pytest.mark.parametrize(("phone", "javascript"), [(False, True), (True, True), (False, False)])
async def test_those_of_a_file_leave_together_and_only_once(
    windows: Windows, desks: OfficeCalls, calm: Whole, tmp_path: Path, phone: bool, javascript: bool
) -> None:
    first, second = numbers = registered(desks, calm)
    desk = await windows.open(work.POST, phone=phone, javascript=javascript)
    page = desk.page
    await page.locator("main").get_by_role("link", name="Nhiều người cùng rời đi").click()
    await page.get_by_role("link", name="Danh sách người đi có sẵn trong tệp").click()
    form, file = page.url, filled(tmp_path, row(first), row(second, to=AGENCY))
    await read(page, file)
    await page.get_by_role("status").get_by_text(NO_MISTAKES).wait_for()
    for number, line in ((first, "#row2"), (second, "#row3")):
        understood = await page.locator(line).inner_text()
        for part in (number, f"Sở Y tế tỉnh Hà Tĩnh ({AGENCY})", day(1), "xe khách", "giấy chứng nhận về nước"):
            assert part in understood
    assert sent(desks, numbers) == [[], []], "nothing before it is confirmed"

    await confirm(page, 2)
    journey = await receipt(desk, numbers)
    assert sent(desks, numbers) == [[AGENCY], [AGENCY]]

    # She is not sure that it went through, goes back, and does it all again.
    await page.goto(form)
    await read(page, file)
    await confirm(page, 2)
    assert await receipt(desk, numbers) == journey
    assert sent(desks, numbers) == [[AGENCY], [AGENCY]]

    # A colleague has the same file, and a form of her own.
    other = await windows.open(work.POST, second=True, javascript=javascript)
    await other.go("/journeys/file")
    await read(other.page, file)
    await confirm(other.page, 2)
    told = await mistakes(other.page)
    assert [where for where, said in told if ALREADY in said] == ["#row2", "#row3"], told
    assert sent(desks, numbers) == [[AGENCY], [AGENCY]]

    awaits = await windows.open(AGENCY, phone=phone)
    await awaits.go(f"/transfers?journey={journey}")
    assert sorted(await awaits.page.locator("td.number a").all_inner_texts()) == sorted(numbers)


@pytest.mark.parametrize("javascript", [True, False])
async def test_a_button_pressed_twice_sends_once(
    windows: Windows, desks: OfficeCalls, calm: Whole, tmp_path: Path, javascript: bool
) -> None:
    (number,) = registered(desks, calm, 1)
    desk = await windows.open(work.POST, javascript=javascript)
    await desk.go("/journeys/file")
    await read(desk.page, filled(tmp_path, row(number)))
    await desk.page.get_by_role("button", name="Xác nhận 1 người đã khởi hành").dblclick()
    await receipt(desk, [number])
    assert sent(desks, [number]) == [[AGENCY]]


async def test_a_bad_row_is_told_by_its_line_and_field_and_nobody_leaves(
    windows: Windows, desks: OfficeCalls, calm: Whole, tmp_path: Path
) -> None:
    first, second = numbers = registered(desks, calm)
    desk = await windows.open(work.POST)
    page = desk.page
    await desk.go("/journeys/file")
    await read(page, filled(tmp_path, row(first), row(second, to="Nơi không có thật", arrives="31/02/2027")))
    told = await mistakes(page)
    assert [where for where, _said in told] == ["#row3", "#row3"]
    assert sorted(said.partition(":")[0] for _where, said in told) == ["Dòng 3, Ngày dự kiến đến", "Dòng 3, Nơi đến"]
    assert await page.locator("#row3.wrong .error").count() == 2
    assert await page.locator("#row2 .error").count() == 0
    assert await page.get_by_role("button", name="đã khởi hành").count() == 0
    assert sent(desks, numbers) == [[], []]

    await read(page, filled(tmp_path, row(first), row(second)))
    await page.get_by_role("status").get_by_text(NO_MISTAKES).wait_for()
    await confirm(page, 2)
    await receipt(desk, numbers)
    assert sent(desks, numbers) == [[AGENCY], [AGENCY]]


async def test_whom_a_service_refuses_is_told_by_her_line_and_the_others_stay(
    windows: Windows, desks: OfficeCalls, calm: Whole, tmp_path: Path
) -> None:
    stays, left = numbers = registered(desks, calm)
    work.dispatch(desks, left, HOME)
    desk = await windows.open(work.POST)
    page = desk.page
    await desk.go("/journeys/file")
    await read(page, filled(tmp_path, row(stays), row(left)))
    await confirm(page, 2)
    ((where, said),) = await mistakes(page)
    assert where == "#row3"
    assert said.startswith(f"Dòng 3, Số hồ sơ: {ALREADY}")
    assert sent(desks, numbers) == [[], [AGENCY]]

    await read(page, filled(tmp_path, row(stays)))
    await confirm(page, 1)
    await receipt(desk, [stays])
    assert sent(desks, numbers) == [[AGENCY], [AGENCY]]
