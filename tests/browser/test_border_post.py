"""The border post in a real browser: people one by one, a file, everything wrong at once, and one sending."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest

from services.local.office_calls import OfficeCalls
from tests.browser.conftest import Desk, Windows
from tests.browser.drafting import begin, enrol
from tests.e2e import work
from tests.support.whole import Whole

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def fill(desk: Desk, row: int, **cells: str) -> None:
    """What is known of a person."""
    for name, text in cells.items():
        await desk.page.locator(f"[name='p{row}.{name}']").fill(text)


@pytest.mark.parametrize(("phone", "javascript"), [(True, True), (False, False)])
async def test_two_people_are_registered_once_however_often_it_is_sent(
    windows: Windows, desks: OfficeCalls, phone: bool, javascript: bool
) -> None:
    desk = await windows.open(work.POST, phone=phone, javascript=javascript)
    page = desk.page
    await page.get_by_role("link", name="Đăng ký một lần bàn giao").click()
    form = page.url
    names = [f"Trần Thị Kiểm Thử {'Di Động' if phone else 'Để Bàn'} {word}" for word in ("Một", "Hai")]
    await fill(desk, 1, full_name=names[0], sex="Nữ", birth_date="2004", home_province="Bắc Ninh")
    await page.get_by_role("button", name="Thêm một người").click()
    await fill(desk, 2, full_name=names[1], sex="Nam", birth_date="31/02/2001", home_province="Atlantis")
    await page.get_by_role("button", name="Gửi 2 người").click()
    problems = page.locator("#summary a")
    await problems.first.wait_for()
    assert {await each.get_attribute("href") for each in await problems.all()} == {
        "#p2.birth_date",
        "#p2.home_province",
    }
    assert await page.locator("[name='p1.full_name']").input_value() == names[0]
    await fill(desk, 2, birth_date=f"28/02/{2001 + phone}", home_province="Thanh Hóa")
    await page.get_by_role("button", name="Gửi 2 người").click()
    await page.get_by_text("Đã đăng ký 2 người").wait_for()
    numbers = await page.locator(".receipt .number").all_inner_texts()
    assert len(numbers) == 2
    shown = await page.content()
    assert not any(name in shown for name in names)
    # Coming back to the form leads to the receipt: there is nothing to be sent again.
    await page.goto(form)
    assert await page.locator(".receipt .number").all_inner_texts() == numbers
    for number in numbers:
        work.wait_custody(desks, work.POST, number)


async def test_the_list_of_people_is_in_step_with_what_is_typed(windows: Windows) -> None:
    desk = await windows.open(work.POST, phone=True)
    page = desk.page
    await desk.go("/handovers/new")
    people = page.locator("#people")
    assert not await people.is_visible()
    await fill(desk, 1, full_name="Trần Thị Thí Dụ", sex="Nữ", birth_date="2004", home_province="Bắc Ninh")
    await page.get_by_role("button", name="Thêm một người").click()
    rows = people.locator("li")
    await rows.nth(1).get_by_text("còn thiếu").wait_for()
    assert "đủ" in await rows.nth(0).inner_text()
    await fill(desk, 2, full_name="Lê Văn Thí Dụ", birth_date="31/02/2001")
    await rows.nth(1).get_by_text("Lê Văn Thí Dụ").wait_for()
    await page.locator(".bar").get_by_role("button", name="Kiểm tra").click()
    await rows.nth(1).get_by_role("link", name="Ngày sinh").wait_for()
    await rows.nth(1).get_by_role("link", name="Giới tính").click()
    assert page.url.endswith("#p2.sex")
    await fill(desk, 2, sex="Nam", birth_date="2001", home_province="Thanh Hóa")
    await rows.nth(1).get_by_text("đủ").wait_for()


async def test_after_a_reload_what_was_typed_is_there(windows: Windows) -> None:
    desk = await windows.open(work.POST, phone=True)
    page = desk.page
    await desk.go("/handovers/new")
    await fill(desk, 1, full_name="Trần Thị Ví Dụ", birth_date="31/02/2001")
    await page.get_by_role("button", name="Gửi 1 người").click()
    await page.locator("#summary").wait_for()
    page.on("dialog", lambda dialog: dialog.accept())
    await page.reload()
    assert await page.locator("[name='p1.full_name']").input_value() == "Trần Thị Ví Dụ"
    assert await page.locator("#summary a[href='#p1.birth_date']").count() == 1
    await page.get_by_role("link", name="Làm lại từ đầu").click()
    await page.locator("[name='p1.full_name']").wait_for()
    assert await page.locator("[name='p1.full_name']").input_value() == ""


async def test_a_file_fills_the_form_and_what_is_wrong_names_its_row(windows: Windows, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(
        "STT,Họ và tên,Giới tính,Ngày sinh,Tỉnh/thành phố quê quán\n"
        "1,Lê Thị Thí Dụ Tệp,Nữ,2003,Nghệ An\n2,Lê Văn Thí Dụ Tệp,Nam,hôm nọ,Nghệ An\n",
        encoding="utf-8",
    )
    desk = await windows.open(work.POST)
    page = desk.page
    await desk.go("/handovers/new")
    await page.get_by_text("Danh sách người có sẵn trong tệp").click()
    await page.locator("#file").set_input_files(file)
    await page.get_by_role("button", name="Đọc tệp vào biểu mẫu").click()
    await page.get_by_text("dòng 3 của tệp").first.wait_for()
    assert await page.locator("[name='p1.full_name']").input_value() == "Lê Thị Thí Dụ Tệp"
    assert [await each.get_attribute("href") for each in await page.locator("#summary a").all()] == ["#p2.birth_date"]
    await page.get_by_role("button", name="Bỏ người thứ 2 khỏi biểu mẫu").click()
    await page.locator("#p2").wait_for(state="detached")
    await page.get_by_role("button", name="Kiểm tra", exact=True).click()
    await page.get_by_text("Không thấy lỗi nào").wait_for()


async def test_a_draft_is_registered_and_its_names_stand_in_no_log_and_no_row_of_the_console(
    windows: Windows, desks: OfficeCalls, calm: Whole
) -> None:
    name = "Hoàng Thị Thí Dụ Bản Nháp"
    desk = await windows.open(work.POST)
    await enrol(desk.page, desk.base)
    await begin(desk.page, desk.base)
    await fill(desk, 1, full_name=name, sex="Nữ", birth_date="2004", home_province="Bắc Ninh")
    await desk.page.get_by_role("button", name="Gửi 1 người").click()
    await desk.page.get_by_text("Đã đăng ký 1 người").wait_for()
    number = await desk.page.locator(".receipt .number").inner_text()
    work.wait_custody(desks, work.POST, number)
    kept = "".join(str(row) for row in calm.rows("console", "SELECT id, encode(sealed, 'escape') FROM session"))
    logged = "".join(file.read_text() for file in calm.home.logs.glob("console*.log"))
    assert kept
    for planted in (name, "Bản Nháp", json.dumps(name), quote(name)):
        assert planted not in kept
        assert planted not in logged


async def test_who_she_is_is_shown_on_purpose_and_leaves_no_trace(windows: Windows, desks: OfficeCalls) -> None:
    name = "Phạm Thị Thí Dụ Riêng"
    case = work.submit(desks, [work.person(1, name=name)])[0]
    number = work.wait_custody(desks, work.POST, case).case_number
    desk = await windows.open(work.POST, language="en")
    page = desk.page
    await desk.go(f"/cases/{number}")
    assert name not in await page.content()
    await page.get_by_label("Why you need to know").select_option("PAPERS")
    await page.get_by_role("button", name="Show it for a minute").click()
    await page.get_by_text(name).wait_for()
    assert name not in await page.title()
    assert name not in page.url
    # Another window in front of it: the person is gone, and going back does not bring her back.
    await page.evaluate(
        """() => {
            Object.defineProperty(document, "hidden", { value: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    await page.wait_for_url(f"**/cases/{number}")
    assert name not in await page.content()
    await page.go_back()
    assert name not in await page.content()


async def test_after_signing_out_nothing_comes_back(windows: Windows) -> None:
    desk = await windows.open(work.POST, language="en")
    await desk.go("/cases")
    await desk.page.get_by_role("button", name="Sign out").click()
    await desk.page.get_by_role("heading", name="Sign in").wait_for()
    await desk.page.go_back()
    await desk.page.get_by_role("heading", name="Sign in").wait_for()


async def test_the_screen_is_hidden_by_two_presses_of_escape(windows: Windows) -> None:
    desk = await windows.open(work.POST)
    await desk.page.keyboard.press("Escape")
    await desk.page.keyboard.press("Escape")
    assert not await desk.page.get_by_role("heading", level=1).is_visible()
    await desk.page.keyboard.press("Enter")
    assert await desk.page.get_by_role("heading", level=1).is_visible()


async def test_a_new_message_shows_by_itself(windows: Windows, desks: OfficeCalls) -> None:
    agency = "SA-11"
    desk = await windows.open(agency)
    case = work.submit(desks, [work.person(2, home="11")])[0]
    work.wait_custody(desks, work.POST, case)
    work.dispatch(desks, case, "11")
    await desk.page.locator("#unread:not([hidden])").wait_for()
