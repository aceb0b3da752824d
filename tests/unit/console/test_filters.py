"""Filters stand in the address, over all pages, each with a label that takes it away."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from homeward.followup.v1 import visits_pb2
from homeward.handover.v1 import directory_pb2, open_cases_pb2, transfers_pb2
from services.chassis.country.provinces import provinces
from services.console.pages.overview import PLACES
from tests.support.pages import Browser

SUPERVISOR = "SV-NATIONAL"


def chips(page: str) -> list[tuple[str, str]]:
    """Each label: where it leads, and what it says."""
    part = page.partition('<ul class="chips"')[2].partition("</ul>")[0]
    found = re.findall(r'<a href="([^"]*)">([^<]*)', part)
    return [(unescape(address), unescape(text).strip()) for address, text in found]


async def test_offices_are_narrowed_by_province_and_day_and_ended_ones_are_shown(key: Path) -> None:
    offices = directory_pb2.ListOfficesResponse(offices=[directory_pb2.Office(office_id="SA-24")], next_page_token="n")
    offices.offices[0].role = "SUPPORT_AGENCY"
    browser = await Browser(key, {"ListOffices": offices}).sign_in(SUPERVISOR)
    page = (await browser.get("/offices?province=24%402025&on=01%2F07%2F2025")).text
    (asked,) = browser.door.named("ListOffices")
    assert (asked.province.code, asked.province.vintage, asked.on) == ("24", "2025", "2025-07-01")
    assert 'href="?province=24%402025&amp;on=01%2F07%2F2025&amp;page=n"' in page
    assert chips(page) == [
        ("?on=01%2F07%2F2025", "Province: Bắc Ninh"),
        ("?province=24%402025", "As on the day: 01/07/2025"),
        ("?", "Take all filters away"),
    ]
    await browser.get("/offices?ended=1")
    assert browser.door.named("ListOffices")[-1].on == ""


async def test_open_and_overdue_cases_are_narrowed_by_the_day_until_which_they_are_due(key: Path) -> None:
    answers = {
        "ListCustodies": open_cases_pb2.ListCustodiesResponse(),
        "ListOverdue": open_cases_pb2.ListOverdueResponse(),
    }
    browser = await Browser(key, answers).sign_in(SUPERVISOR)
    for path, method in (("/custodies", "ListCustodies"), ("/overdue", "ListOverdue")):
        page = (await browser.get(f"{path}?until=31%2F12%2F2026")).text
        assert browser.door.named(method)[0].filter.due_until == "2026-12-31"
        assert chips(page) == [("?", "Due until: 31/12/2026")]


async def test_what_is_no_day_is_said_and_narrows_nothing(key: Path) -> None:
    browser = await Browser(key, {"ListOverdue": open_cases_pb2.ListOverdueResponse()}).sign_in(SUPERVISOR)
    page = (await browser.get("/overdue?until=31%2F02%2F2026")).text
    assert "This is no day: 31/02/2026" in page
    assert browser.door.named("ListOverdue")[0].filter.due_until == ""


def fold(page: str) -> tuple[bool, str]:
    """Whether the filters stand open on a narrow screen, and what stands there in their place."""
    (found,) = re.findall(r'<details class="fold"( open)?><summary>([^<]*)</summary></details>', page)
    return bool(found[0]), unescape(found[1])


async def test_a_narrow_screen_shows_what_is_chosen_in_place_of_the_filters(key: Path) -> None:
    answers = {
        "ListTransfers": transfers_pb2.ListTransfersResponse(),
        "ListFollowUps": visits_pb2.ListFollowUpsResponse(),
    }
    browser = await Browser(key, answers).sign_in("SA-24")
    assert fold((await browser.get("/transfers")).text) == (False, "Filters")
    page = (await browser.get("/transfers?direction=incoming&overdue=1")).text
    assert fold(page) == (False, "Filters: Direction: to your office; overdue only: yes")
    page = (await browser.get("/follow-ups")).text
    assert fold(page) == (False, "Filters: When: due within 31 days"), "also what nobody chose"
    browser = await Browser(key, answers, language="vi").sign_in("SA-24")
    assert fold((await browser.get("/follow-ups?days=7")).text) == (
        False,
        "Điều kiện lọc: Thời gian: đến hạn trong 7 ngày",
    )


async def test_filters_stand_open_where_one_of_them_is_wrong_and_say_so_first(key: Path) -> None:
    answers = {
        "ListOverdue": open_cases_pb2.ListOverdueResponse(),
        "ListTransfers": transfers_pb2.ListTransfersResponse(),
    }
    browser = await Browser(key, answers).sign_in(SUPERVISOR)
    for path, said in (
        ("/overdue?until=31%2F02%2F2026", "This is no day: 31/02/2026"),
        ("/transfers?office=nowhere+at+all", "No office is called so"),
    ):
        page = (await browser.get(path)).text
        assert fold(page)[0]
        assert page.index('class="fold"') < page.index(said) < page.index('class="filters"')


async def test_who_is_on_the_way_has_labels_too(key: Path) -> None:
    browser = await Browser(key, {"ListTransfers": transfers_pb2.ListTransfersResponse()}).sign_in("SA-24")
    page = (await browser.get("/transfers?direction=incoming&overdue=1")).text
    assert [text for _address, text in chips(page)][:2] == ["Direction: to your office", "overdue only: yes"]


def test_each_province_has_a_tile_of_its_own_in_order_from_the_north() -> None:
    assert set(PLACES) == {ref.code for ref in provinces() if ref.vintage == "2025"}
    assert len(set(PLACES.values())) == len(PLACES)
    row = {code: place[0] for code, place in PLACES.items()}
    south = ("04", "19", "01", "37", "38", "40", "42", "46", "51", "52", "66", "56", "79", "92")
    assert [row[code] for code in south] == sorted(row[code] for code in south)
    assert row["96"] == max(row.values())
    coast = [PLACES[code] for code in ("44", "46", "48", "51", "52", "66", "56")]
    assert all(column >= 4 for _row, column in coast)
