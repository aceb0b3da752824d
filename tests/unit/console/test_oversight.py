"""How follow-ups stand: each number of the page leads to the rows that it counted, and what is hidden to none."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from homeward.followup.v1 import oversight_pb2, steps_pb2, visits_pb2
from homeward.type.v1 import types_pb2 as types
from tests.support.pages import Answer, Browser, failure

NATION, PROVINCE, AGENCY = "SV-NATIONAL", "SV-24", "SA-24"
OFFICER = "0123456789abcdef"


def _figure(count: int = 0, *, hidden: bool = False) -> oversight_pb2.Figure:
    return oversight_pb2.Figure(count=count, hidden=hidden)


ANSWERS: dict[str, Answer] = {
    "CountOverdueFollowUps": visits_pb2.CountOverdueFollowUpsResponse(
        counts=[
            visits_pb2.OverdueFollowUpCount(
                province="24@2025", office_id=AGENCY, rule="FOLLOW_UP_3M", total=12, from_7_days=8, oldest_days=20
            )
        ]
    ),
    "CountFollowUps": visits_pb2.CountFollowUpsResponse(
        counts=[
            visits_pb2.FollowUpCount(province="24@2025", kind=types.FOLLOW_UP_KIND_MONTHS_3, state=state, total=total)
            for state, total in ((types.FOLLOW_UP_STATE_OVERDUE, 3), (types.FOLLOW_UP_STATE_LATE, 2))
        ]
    ),
    "CountWorkload": oversight_pb2.CountWorkloadResponse(
        officers=[
            oversight_pb2.OfficerWorkload(office_id=AGENCY, officer=OFFICER, open_cases=40, due_in_7_days=6, overdue=2),
            oversight_pb2.OfficerWorkload(office_id=AGENCY, officer="NOBODY", open_cases=1),
        ]
    ),
    "ListFollowUpTrend": oversight_pb2.ListFollowUpTrendResponse(
        as_of="2026-11-30",
        months=[
            oversight_pb2.FollowUpMonth(
                month="2026-10-01", due=_figure(70), done_in_time=_figure(50), overdue=_figure(hidden=True)
            )
        ],
    ),
    "ListWorkload": oversight_pb2.ListWorkloadResponse(
        cases=[
            oversight_pb2.WorkloadCase(
                case_number="HW-000-000-018",
                office_id=AGENCY,
                officer=OFFICER,
                rule="FOLLOW_UP_3M",
                due_on="2026-12-01",
            )
        ]
    ),
    "ListFollowUps": visits_pb2.ListFollowUpsResponse(),
    "ListOverdueFollowUps": visits_pb2.ListOverdueFollowUpsResponse(),
}


def _links(page: str) -> dict[str, str]:
    """The addresses of numbers, by the address."""
    return {unescape(link): text for link, text in re.findall(r'<td[^>]*><a href="([^"]+)">([^<]*)</a>', page)}


async def test_each_number_leads_to_its_rows(key: Path) -> None:
    browser = await Browser(key, ANSWERS).sign_in(PROVINCE)
    links = _links((await browser.get("/follow-ups/overview")).text)
    assert links == {
        "/follow-ups/overdue?office=SA-24&rule=FOLLOW_UP_3M": "12",
        "/follow-ups/overdue?office=SA-24&rule=FOLLOW_UP_3M&days=7": "8",
        "/follow-ups?result=LOST&kind=MONTHS_3&province=24%402025": "5",
        f"/follow-ups/workload?office=SA-24&officer={OFFICER}": "40",
        f"/follow-ups/workload?office=SA-24&officer={OFFICER}&days=7": "6",
        f"/follow-ups/workload?office=SA-24&officer={OFFICER}&overdue=1": "2",
        "/follow-ups/workload?office=SA-24&officer=NOBODY": "1",
        "/follow-ups?result=TO_BE_MADE&from=2026-10-01&until=2026-10-31": "70",
        "/follow-ups?result=DONE_IN_TIME&from=2026-10-01&until=2026-10-31": "50",
    }
    for link in links:
        await browser.get(link)
    listed = browser.door.named("ListFollowUps")[-1].filter
    assert (listed.due_from, listed.due_until) == ("2026-10-01", "2026-10-31")
    assert listed.result == types.FOLLOW_UP_RESULT_DONE_IN_TIME
    work = browser.door.named("ListWorkload")[2].filter
    assert (work.office_id, work.officer, work.overdue_only) == (AGENCY, OFFICER, True)
    late = browser.door.named("ListOverdueFollowUps")[1].filter
    assert (late.office_id, late.rule, late.overdue_days_min) == (AGENCY, "FOLLOW_UP_3M", 7)


async def test_what_is_hidden_says_so_and_leads_nowhere(key: Path) -> None:
    page = (await (await Browser(key, ANSWERS).sign_in(PROVINCE)).get("/follow-ups/overview")).text
    assert "under 11" in page
    assert "result=OVERDUE" not in page


async def test_the_whole_country_is_told_by_province_and_each_leads_to_its_officers(key: Path) -> None:
    browser = await Browser(key, ANSWERS).sign_in(NATION)
    page = (await browser.get("/follow-ups/overview")).text
    assert not browser.door.named("CountWorkload")
    links = _links(page)
    places = {link: text for link, text in links.items() if link.startswith("/follow-ups/overview?province=")}
    assert len(places) == 34
    assert next(iter(places.items())) == ("/follow-ups/overview?province=24%402025#work", "Bắc Ninh"), "most overdue"
    assert links["/follow-ups/overdue?province=24%402025&days=7"] == "8"
    assert "/follow-ups/overdue?province=01%402025" not in links, "where nothing is overdue there are no rows"
    await browser.get("/follow-ups/overview?province=24@2025")
    assert browser.door.named("CountWorkload")[-1].filter.province == "24@2025"
    assert browser.door.named("CountOverdueFollowUps")[-1].filter.province == "24@2025"


async def test_it_says_what_an_empty_cell_means(key: Path) -> None:
    page = (await (await Browser(key, ANSWERS).sign_in(PROVINCE)).get("/follow-ups/overview")).text
    assert "An empty cell means none. Outside the own office no number under 11 is told" in page


async def test_what_was_due_is_told_as_it_stood_at_the_end_of_a_day(key: Path) -> None:
    counted = steps_pb2.DueFollowUpCount(
        office_id=AGENCY, kind=types.FOLLOW_UP_KIND_MONTHS_3, due=30, done=21, done_late=4, missed=2
    )
    answers = ANSWERS | {"CountDueFollowUps": steps_pb2.CountDueFollowUpsResponse(counts=[counted])}
    browser = await Browser(key, answers).sign_in(PROVINCE)
    assert 'href="/follow-ups/due"' in (await browser.get("/follow-ups/overview")).text
    page = (await browser.get("/follow-ups/due?from=01/01/2026&until=31/03/2026&as-of=31/03/2026")).text
    (asked,) = browser.door.named("CountDueFollowUps")
    assert (asked.due_from, asked.due_until, asked.stood_on) == ("2026-01-01", "2026-03-31", "2026-03-31")
    assert [unescape(text) for text in re.findall(r"<td[^>]*>([^<]*)</td>", page)][2:] == ["30", "21", "4", "2"]
    assert "Asked for the same day later, the numbers are the same" in page


async def test_an_office_sees_its_own_and_a_service_that_is_away_leaves_the_rest(key: Path) -> None:
    answers = ANSWERS | {"CountFollowUps": failure("UNAVAILABLE")}
    page = (await (await Browser(key, answers).sign_in(AGENCY)).get("/follow-ups/overview")).text
    assert page.count("This part is missing:") == 1
    assert "nobody yet" in page
    assert '<form class="filters"' not in page


async def test_officers_stand_by_the_number_that_tells_them_apart_elsewhere(key: Path) -> None:
    browser = await Browser(key, ANSWERS).sign_in(PROVINCE)
    for path in ("/follow-ups/overview", f"/follow-ups/workload?office={AGENCY}"):
        text = re.sub(r"<[^>]+>", " ", (await browser.get(path)).text)
        assert "officer 486 895" in text
        assert OFFICER not in text
