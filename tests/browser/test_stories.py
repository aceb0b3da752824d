"""Each user's job in one sitting, from signing in to the end, in Vietnamese, on a phone and at a desk."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

import pytest
from playwright.async_api import Page

from homeward.followup.v1 import care_pb2, entries_pb2, home_safety_pb2
from homeward.intake.v1 import submissions_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.clock import local_date
from services.client.dates import written
from services.local.office_calls import OfficeCalls
from tests.browser.conftest import Desk, Windows
from tests.e2e import confidence, work
from tests.support import homes
from tests.support.erasing import erase
from tests.support.whole import Whole, until

pytestmark = pytest.mark.asyncio(loop_scope="session")
ON_PHONE_AND_DESK: Final = pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
ADMIN: Final = "ADMIN-NATIONAL"
NUMBER: Final = re.compile(r"HW-\d{3}-\d{3}-\d{3}")
APPROVED: Final = "Đã phê duyệt: việc này đã có hiệu lực."
PARTLY: Final = "Đã phê duyệt. Việc này chưa được thực hiện: còn chờ người khác phê duyệt."


def day(offset: int) -> str:
    """A day so far from today, as officers write it."""
    return written((local_date(work.real_now()) + timedelta(days=offset)).isoformat())


async def press(page: Page, button: str) -> None:
    """The one button of this name."""
    await page.get_by_role("button", name=button, exact=True).click()


async def follow(page: Page, link: str) -> None:
    """The one link of this name on the page itself."""
    await page.locator("main").get_by_role("link", name=link, exact=True).click()


async def is_told(page: Page, text: str) -> None:
    """That it is done."""
    await page.get_by_role("status").get_by_text(text).wait_for()


@ON_PHONE_AND_DESK
async def test_a_border_post_registers_two_sends_them_on_and_sees_that_one_arrived(
    windows: Windows, desks: OfficeCalls, calm: Whole, phone: bool
) -> None:
    desk = await windows.open(work.POST, phone=phone)
    page = desk.page
    await follow(page, "Đăng ký một lần bàn giao")
    for row, name in ((1, "Một"), (2, "Hai")):
        if row > 1:
            await press(page, "Thêm một người")
        cells = {"full_name": f"Nguyễn Thị Thí Dụ Câu Chuyện {'Di Động' if phone else 'Để Bàn'} {name}", "sex": "Nữ"}
        for field, text in {**cells, "birth_date": "2004", "home_province": "Bắc Ninh"}.items():
            await page.locator(f"[name='p{row}.{field}']").fill(text)
    await press(page, "Gửi 2 người")
    await page.get_by_text("Đã đăng ký 2 người").wait_for()
    first, second = await page.locator(".receipt .number").all_inner_texts()
    for number in (first, second):
        work.wait_custody(desks, work.POST, number)

    calm.wait_quiet()
    for number in (first, second):
        await desk.go(f"/cases/{number}")
        await is_asked_about_her_home(page)
    calm.wait_quiet()

    await desk.go(f"/cases/{first}")
    await follow(page, "Lập lượt chuyển")
    await page.get_by_label("Đơn vị sẽ tiếp nhận").select_option("SA-24")
    await page.get_by_label("Dự kiến rời đi ngày").fill(day(0))
    await page.get_by_label("Dự kiến đến ngày").fill(day(1))
    await press(page, "Lập")
    await is_told(page, "Đã lập.")
    await leaves(page, first)
    await desk.go(f"/cases/{second}")
    await leaves(page, second)

    work.acknowledge(desks, first, "24")
    await desk.go("/")
    assert first not in await page.locator("section[aria-labelledby=sent]").inner_text()
    assert second in await page.locator("section[aria-labelledby=sent]").inner_text()
    await desk.go(f"/cases/{first}")
    await until_listed(desk, "đã đến nơi")


async def is_asked_about_her_home(page: Page) -> None:
    """Alone: she wants to go there, and fears nobody."""
    await press(page, "Nơi trở về có an toàn không")
    for field, answer in (("to_office_id", "SA-24"), ("H01", "YES"), ("H05", "NO")):
        await page.locator(f"#{field}").select_option(answer)
    await press(page, "Ghi nhận")
    await is_told(page, "Đã ghi điều người đó nói về nơi trở về")


async def leaves(page: Page, number: str) -> None:
    """She is sent home, and is on the way."""
    await follow(page, "Chuyển đi")
    await page.get_by_label("Đơn vị sẽ tiếp nhận").select_option("SA-24")
    await page.get_by_label("Dự kiến đến ngày").fill(day(1))
    await press(page, "Đã rời đi")
    await is_told(page, "Người này đang trên đường.")
    assert page.url.split("?")[0].endswith(number)


@ON_PHONE_AND_DESK
async def test_an_agency_is_told_accepts_receives_visits_and_takes_a_visit_back(
    windows: Windows, desks: OfficeCalls, phone: bool
) -> None:
    home = "37" if phone else "33"
    agency = work.agency(home)
    desk = await windows.open(agency, phone=phone)
    page = desk.page
    (case,) = work.submit(desks, [work.person(home=home)])
    number = work.wait_custody(desks, work.POST, case).case_number
    work.dispatch(desks, case, home)
    await page.locator("#unread:not([hidden])").wait_for()
    await page.get_by_role("link", name="Tin nhắn").click()
    assert number in await desk.text()

    await desk.go("/")
    await page.locator(f"input[value={number}]").check()
    await press(page, "Nhận tiếp nhận những người đã chọn")
    await page.get_by_text("Đã nhận 1 trên 1").wait_for()
    await desk.go("/")
    await page.locator("tr", has_text=number).get_by_role("link", name="Đã đến").click()
    await press(page, "Đúng, đã đến")
    await is_told(page, "Đã xác nhận đến nơi")

    await desk.go(f"/cases/{at_home_since(desks, home, days=75)}")
    await follow(page, "Ghi nhận lần thăm")
    await page.get_by_label("cần hỗ trợ thêm", exact=True).check()
    await press(page, "Ghi nhận")
    await is_told(page, "Đã ghi nhận lần thăm.")
    assert "cần hỗ trợ thêm" in await page.locator(".story").inner_text()
    await follow(page, "Rút lại lần thăm hoặc liên hệ")
    await page.get_by_label("Nội dung ghi nhận").select_option(index=1)
    await page.locator("input[name=reason]").first.check()
    await press(page, "Rút lại")
    await is_told(page, "Đã rút lại: mọi thứ như chưa từng được ghi.")


async def test_a_visitor_reads_her_wishes_before_anything_is_saved_and_takes_a_sheet_that_tells_nothing(
    windows: Windows, desks: OfficeCalls
) -> None:
    """SUPPORT's story 2, in the browser."""
    home = "31"
    desk = await windows.open(work.agency(home), phone=True)
    page, number = desk.page, at_home_since(desks, home, days=75)
    await desk.go(f"/cases/{number}")
    await press(page, "Nguyện vọng liên lạc của người đó")
    for code in ("NO_UNIFORM", "NOT_THROUGH_FAMILY"):
        await page.locator(f"input[name=how][value={code}]").check()
    await page.locator("[name=reason]").fill("hỏi mua lợn bịađặt")
    await press(page, "Ghi nhận")
    await is_told(page, "Đã ghi nguyện vọng")

    await desk.go("/week?whose=office")
    assert number in await desk.text()
    assert "bịađặt" not in await desk.text(), "what is told in confidence is asked for on purpose"
    await press(page, "Trước hết hãy đọc cách họ muốn được liên lạc")
    await page.get_by_text("hỏi mua lợn bịađặt").wait_for()
    assert page.url.endswith("/week")

    await desk.go(f"/cases/{number}/contact")
    await page.locator("input[name=outcome][value=REACHED]").check()
    await press(page, "Ghi nhận")
    await page.get_by_text("Trước hết hãy đọc nguyện vọng liên lạc của người này").first.wait_for()
    entries = desks.at(work.agency(home)).entries
    assert not entries.GetStory(entries_pb2.GetStoryRequest(case=number)).entries
    await page.locator("details:has([name=wishes_read])").evaluate("each => each.open = true")
    await page.locator("[name=wishes_read]").fill("1")
    await press(page, "Ghi nhận")
    await is_told(page, "Đã ghi nhận lần liên hệ.")
    assert len(entries.GetStory(entries_pb2.GetStoryRequest(case=number)).entries) == 1

    await desk.go(f"/cases/{number}/sheet")
    sheet = await page.locator("article.sheet").inner_text()
    assert not re.sub(rf"{number}|[QR]\d\d|[_\s]", "", sheet), "the number and ids of questions alone"


async def test_a_girl_whose_uncle_sold_her_leaves_by_the_word_of_two_people(
    windows: Windows, desks: OfficeCalls, calm: Whole
) -> None:
    """SUPPORT's story 3, in the browser."""
    shelter, girl = "RC-PEACE-HOUSE", work.person(8, home="24")
    girl.birth_date = "2011"
    register = submissions_pb2.RegisterSelfReturnRequest(
        request_id=work.request_id(), person=girl, route=types.ROUTE_OF_RETURN_SELF_RETURN
    )
    register.report_time.FromDatetime(work.real_now() - timedelta(hours=1))
    number = desks.at(shelter).submissions.RegisterSelfReturn(register).receipt.entries[0].case_number
    work.wait_custody(desks, shelter, number)
    desk = await windows.open(shelter)
    page = desk.page
    await desk.go(f"/cases/{number}")
    await press(page, "Nơi trở về có an toàn không")
    await page.locator("#to_office_id").select_option("SA-24")
    for answer in homes.answers(H03="YES"):
        await page.locator(f"#{answer.question}").select_option(answer.codes[0])
    await page.locator("#guardian").fill(homes.GUARDIAN)
    await page.locator("#verdict").select_option("WARNING_SIGNS_DECIDED")
    await page.locator("input[name=measures][value=OTHER_PROVINCE]").check()
    await press(page, "Ghi nhận")
    await is_told(page, "Đã ghi điều người đó nói về nơi trở về")

    # One person decides nothing, and is told who must not be asked.
    calm.wait_quiet()
    await follow(page, "Chuyển đi")
    await page.get_by_label("Đơn vị sẽ tiếp nhận").select_option("SA-24")
    await page.get_by_label("Dự kiến đến ngày").fill(day(1))
    await press(page, "Đã rời đi")
    await page.get_by_text("Chưa có kết luận về an toàn nơi trở về").first.wait_for()
    await desk.go(f"/cases/{number}")
    await press(page, "Nơi trở về có an toàn không")
    await page.get_by_text("không báo cho gia đình và không xin gia đình đồng ý").wait_for()
    await press(page, "Tôi đồng ý")
    await page.get_by_text("người khác trong đơn vị phải xác nhận").first.wait_for()

    check = home_safety_pb2.HomeCheck(case_id=number, number=1)
    desks.at(shelter, "the nurse").home_safety.ConfirmHomeSafety(homes.confirmation(check))
    calm.wait_quiet()
    await desk.go(f"/cases/{number}")
    await leaves(page, number)


async def test_steps_that_danger_switched_on_stay_and_so_does_the_figure_of_a_day(
    windows: Windows, desks: OfficeCalls
) -> None:
    """SUPPORT's story 7, in the browser: HIGH at the first visit, LOW at a later one."""
    home = "19"
    agency, number = work.agency(home), at_home_since(desks, home, days=100)
    desk = await windows.open(agency)
    page = desk.page
    figures: list[str] = []
    for risk, back in (("HIGH", 1), ("LOW", 0)):
        visit = care_pb2.RecordVisitRequest(
            request_id=work.request_id(),
            case=number,
            outcome=types.FOLLOW_UP_OUTCOME_SETTLED,
            visited_on=(local_date(work.real_now()) - timedelta(days=back)).isoformat(),
            extra=True,
            content=confidence.content("bịađặt", risk),
        )
        desks.at(agency).care.RecordVisit(visit)
        await desk.go("/follow-ups?kind=YEARS_2&days=all")
        await page.get_by_text(number).first.wait_for()
        await desk.go(f"/follow-ups/due?as-of={day(0)}")
        figures.append(await page.locator("main table").inner_text())
    assert figures[0] == figures[1]
    assert "3 tháng" in figures[0]


async def test_what_was_erased_is_refused_on_each_page_and_by_each_command_and_all_else_stays(
    windows: Windows, desks: OfficeCalls, calm: Whole
) -> None:
    """SUPPORT's story 8, in the browser and on the terminal."""
    home = "42"
    agency, number = work.agency(home), at_home_since(desks, home, days=88)
    at = desks.at(agency)
    wishes = care_pb2.Wishes(how=["NO_UNIFORM"], reason="hỏi mua lợn bịađặt")
    at.care.SetWishes(care_pb2.SetWishesRequest(request_id=work.request_id(), case=number, wishes=wishes))
    visit = care_pb2.RecordVisitRequest(
        request_id=work.request_id(),
        case=number,
        outcome=types.FOLLOW_UP_OUTCOME_SETTLED,
        extra=True,
        wishes_read=1,
        content=confidence.content("bịađặt"),
    )
    at.care.RecordVisit(visit)
    desk = await windows.open(agency)
    page, erased = desk.page, "đã bị xóa"
    await desk.go(f"/cases/{number}")
    before = await page.locator("ol.story").inner_text()
    case = work.custody(desks, agency, number).case_id
    home_of = calm.home
    people, care = (calm.database_url(service) for service in ("intake", "followup"))
    await erase(case, (people, home_of.kek), (care, home_of.care_kek))

    await desk.go(f"/cases/{number}")
    assert await page.locator("ol.story").inner_text() == before
    await page.locator("#purpose").select_option("PAPERS")
    await page.locator("form.identity button").click()
    await page.get_by_text(erased).first.wait_for()
    for button in (
        "Nguyện vọng liên lạc của người đó",
        "Điều đã nói ở các lần thăm",
        "Nơi trở về có an toàn không",
    ):
        await desk.go(f"/cases/{number}")
        await press(page, button)
        await page.get_by_text(erased).first.wait_for()
        assert "bịađặt" not in await desk.text()
    await desk.go("/week?whose=office")
    assert number in await desk.text()
    await press(page, "Trước hết hãy đọc cách họ muốn được liên lạc")
    await page.get_by_text(erased).first.wait_for()

    for command in (("wishes", "show", number), ("visit", "show", number)):
        told = work.homeward(calm, "--as", agency, *command)
        assert told.returncode
        assert "was erased" in told.stdout + told.stderr, command
    told = work.homeward(calm, "--as", agency, "week", "--all", "--wishes")
    assert (told.returncode, "was erased" in told.stdout) == (0, True), told.stderr
    calm.wait_quiet()
    for looks in ("audit", "doctor"):
        told = work.homeward(calm, looks)
        assert told.returncode == 0, told.stdout + told.stderr


def at_home_since(desks: OfficeCalls, home: str, *, days: int) -> str:
    """The number of somebody who arrived in her home province so many days ago, and is watched over there."""
    number = work.sent_late(desks, home, days)
    arrived_on = local_date(work.real_now()) - timedelta(days=days)
    work.acknowledge(desks, number, home, today=arrived_on)
    until(lambda: work.follow_ups(desks, work.agency(home), number), what="her follow-ups are watched")
    return number


async def test_a_verifier_finds_who_waits_and_decides(windows: Windows, desks: OfficeCalls) -> None:
    (case,) = work.submit(desks, [work.person(5, home="24")])
    number = work.wait_custody(desks, work.POST, case).case_number
    desk = await windows.open(work.VERIFIER)
    page = desk.page
    await page.get_by_role("navigation").get_by_role("link", name="Chưa quyết định").click()
    await until_listed(desk, number)
    await follow(page, number)
    await follow(page, "Quyết định xác định nạn nhân")
    await page.get_by_label("là nạn nhân", exact=True).check()
    await press(page, "Ghi nhận quyết định")
    await page.get_by_role("alert").wait_for()
    assert await page.get_by_label("là nạn nhân", exact=True).is_checked()
    await page.get_by_label("cưỡng ép kết hôn").check()
    await press(page, "Ghi nhận quyết định")
    await is_told(page, "Đã ghi nhận quyết định.")
    assert "là nạn nhân" in await desk.text()
    await desk.go("/undecided")
    assert number not in await desk.text()


async def until_listed(desk: Desk, text: str) -> None:
    """The page of a list that says so, be it the tenth; news reach its service a moment after the other."""
    found = await desk.page.wait_for_function(
        """async (text) => {
            for (let at = location.href; at; ) {
                const page = await (await fetch(at)).text();
                if (page.includes(text)) return at;
                const next = page.match(/href="(\\?[^"]*page=[^"]*)"/);
                at = next && new URL(next[1].replaceAll("&amp;", "&"), at).href;
            }
            return "";
        }""",
        arg=text,
    )
    await desk.page.goto(await found.json_value())


@ON_PHONE_AND_DESK
async def test_a_supervisor_finds_who_is_lost_and_gives_her_to_another_province_by_two(
    windows: Windows, desks: OfficeCalls, phone: bool
) -> None:
    overdue, lost = work.sent_late(desks, "19", 8), work.sent_late(desks, "19", 25)
    work.wait_custody(desks, work.NATIONAL_SUPERVISOR, lost, "SEARCH")
    desk = await windows.open(work.NATIONAL_SUPERVISOR, phone=phone)
    page = desk.page
    await page.locator(".watch").get_by_role("link", name="Quá hạn").first.click()
    await until_listed(desk, overdue)
    await desk.go("/")
    await page.locator(".watch").get_by_role("link", name="Đang tìm").first.click()
    await page.locator("main").get_by_role("link", name=lost).click()
    await follow(page, "Ghi nhận một bước tìm kiếm")
    await page.get_by_label("đã hỏi đơn vị nơi đến").check()
    await press(page, "Ghi nhận")
    await is_told(page, "Đã ghi nhận bước tìm kiếm.")

    await follow(page, "Kết thúc tìm kiếm")
    await page.get_by_label("đã tìm thấy", exact=True).check()
    await page.get_by_label("Đơn vị nơi người này đang ở hoặc sẽ đến").select_option("SA-25")
    await page.get_by_label("Ngày xảy ra").fill(day(-1))
    await press(page, "Kết thúc tìm kiếm")
    await page.get_by_role("status").wait_for()
    claimed = await windows.open("SA-25", phone=phone)
    await claimed.page.locator("li", has_text=lost).get_by_role("link", name="Người này ở đây").click()
    await press(claimed.page, "Đúng, đang ở đây")
    await is_told(claimed.page, "Đã xác nhận: từ nay đơn vị chịu trách nhiệm, việc tìm kiếm kết thúc.")

    await desk.go(f"/cases/{lost}")
    await follow(page, "Giao lại")
    await page.get_by_label("Đơn vị sẽ chịu trách nhiệm").select_option("SA-24")
    await page.get_by_label("nơi cư trú thuộc địa bàn đơn vị đó").check()
    await press(page, "Giao lại")
    await is_told(page, "Đã gửi yêu cầu và đang chờ phê duyệt.")
    assert work.custody(desks, "SA-25", lost).accountable_office_id == "SA-25"
    await approves(windows, "SV-24", page.url, phone=phone)
    assert work.custody(desks, work.NATIONAL_SUPERVISOR, lost).accountable_office_id == "SA-24"


async def approves(
    windows: Windows, office: str, address: str, *, told: str = APPROVED, second: bool = False, phone: bool = False
) -> None:
    """Somebody else finds what waits at the address in her own list, reads what would happen, and approves."""
    approval = address.partition("?")[0].rpartition("/")[2]
    desk = await windows.open(office, second=second, phone=phone)
    await desk.go("/approvals")
    await desk.page.locator(f"main a[href='/approvals/{approval}']").click()
    await desk.page.wait_for_url(f"**/approvals/{approval}")
    assert "Việc sẽ xảy ra" in await desk.text()
    await press(desk.page, "Phê duyệt")
    await is_told(desk.page, told)


async def narrow(page: Page, number: str) -> None:
    """A list of the whole country is asked for one case."""
    await page.locator("main").get_by_label("Số hồ sơ").fill(number)
    await press(page, "Xem")
    await page.wait_for_url(f"**case={number}*")


async def test_an_auditor_sees_who_looked_and_who_acted(windows: Windows, desks: OfficeCalls) -> None:
    (case,) = work.submit(desks, [work.person(6, home="24")])
    number = work.wait_custody(desks, work.POST, case).case_number
    post = await windows.open(work.POST)
    await post.go(f"/cases/{number}")
    await post.page.get_by_label("Vì sao cần biết").select_option("PAPERS")
    await press(post.page, "Xem trong một phút")
    await post.page.get_by_text(work.invented_name(6)).wait_for()

    desk = await windows.open(work.AUDITOR)
    page = desk.page
    await page.get_by_role("navigation").get_by_role("link", name="Nhật ký truy cập").click()
    await narrow(page, number)
    read = page.locator("tbody tr", has_text="giấy tờ")
    assert f"console@{work.POST}" in await read.inner_text()
    await page.get_by_text("Chuỗi nhật ký nguyên vẹn").wait_for()
    await page.get_by_role("navigation").get_by_role("link", name="Ai đã làm gì").click()
    await narrow(page, number)
    await page.locator("tbody tr", has_text=work.POST).first.wait_for()
    assert work.invented_name(6) not in await page.content()
    await press(page, "Đăng xuất")
    await page.get_by_role("heading", name="Đăng nhập").wait_for()


async def test_an_administrator_changes_nothing_alone(windows: Windows) -> None:
    desk = await windows.open(ADMIN)
    page = desk.page
    await page.get_by_role("navigation").get_by_role("link", name="Quy định").click()
    await follow(page, "Thay đổi quy định")
    await page.get_by_label("Quy định", exact=True).select_option("APPROVAL_EXPIRES")
    await page.get_by_label("Số lượng").fill("6")
    await page.get_by_label("ngày theo lịch").check()
    await page.get_by_label("lựa chọn của dự án này").check()
    await page.get_by_label("Nguồn").fill("Quyết định ví dụ")
    await page.get_by_label("Có hiệu lực từ").fill(written(date(2035, 1, 1).isoformat()))
    await press(page, "Thay đổi")
    await is_told(page, "Đã gửi yêu cầu và đang chờ phê duyệt.")
    assert await page.get_by_role("button", name="Phê duyệt").count() == 0
    waiting = page.url
    await approves(windows, work.NATIONAL_SUPERVISOR, waiting, told=PARTLY)
    await page.goto(waiting)
    assert "Còn chờ" in await desk.text()
    await desk.go("/rules")
    assert "01/01/2035" not in await desk.text(), "a supervisor alone is not enough"
    await approves(windows, ADMIN, waiting, second=True)
    await desk.go("/rules")
    assert "01/01/2035" in await desk.text()

    await desk.go("/offices")
    await follow(page, "Ngừng hoạt động một đơn vị")
    await page.get_by_label("Đơn vị ngừng hoạt động").fill("NGO-02")
    await page.get_by_label("Đơn vị kế tục").fill("NGO-01")
    await page.get_by_label("Ngày cuối cùng").fill(day(-1))
    await press(page, "Xem sẽ ảnh hưởng đến đâu")
    await page.get_by_label("Gõ lại mã của đơn vị ngừng hoạt động").fill("NGO-02")
    await press(page, "Ngừng hoạt động")
    await is_told(page, "Đã gửi yêu cầu và đang chờ phê duyệt.")
    await approves(windows, ADMIN, page.url, told=PARTLY, second=True)
    await approves(windows, work.NATIONAL_SUPERVISOR, page.url)
    await desk.go("/offices/NGO-02/end")
    await page.wait_for_function(
        "async () => ((await (await fetch(location.href)).text()).match(/tag ok/g) || []).length === 4"
    )
