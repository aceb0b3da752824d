"""First pages: each number leads to its very rows, and a service that is away leaves the other blocks standing."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from homeward.followup.v1 import visits_pb2
from homeward.handover.v1 import custody_pb2, open_cases_pb2, returns_pb2, searches_pb2, stays_pb2, transfers_pb2
from homeward.intake.v1 import cases_pb2, handovers_pb2, legal_steps_pb2, people_pb2, submissions_pb2
from homeward.notify.v1 import inbox_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.case_number import format_case_number
from tests.support.pages import Answer, Browser, failure

POST = "BP-CN-MONG-CAI"
NATION = "SV-NATIONAL"
NUMBERS = [format_case_number(each) for each in range(201, 206)]
HANDOVER = "0198b2c4-0000-7000-8000-000000000001"


def _open(number: str, **fields: object) -> open_cases_pb2.OpenCase:
    return open_cases_pb2.OpenCase(
        case_number=number,
        phase=types.CASE_PHASE_REGISTERED,
        accountable_office_id=POST,
        rule="DISPATCH_DUE",
        due_on="2026-11-28",
        age_band=types.AGE_BAND_ADULT,
        home_province=types.ProvinceRef(code="24", vintage="2025"),
        **fields,  # type: ignore[arg-type]
    )


def _counts(*provinces: tuple[str, int]) -> list[open_cases_pb2.CaseCount]:
    return [
        open_cases_pb2.CaseCount(province=province, phase=types.CASE_PHASE_REGISTERED, rule="DISPATCH_DUE", total=total)
        for province, total in provinces
    ]


def _count(name: str, count: int) -> transfers_pb2.Count:
    return transfers_pb2.Count(name=name, count=count)


BOARD = transfers_pb2.GetTransferBoardResponse(
    incoming=[_count("TO_ACCEPT", 2), _count("ON_THE_WAY", 3)],
    outgoing=[_count("OVERDUE", 1)],
    own=[_count("TO_SEND_ON", 4), _count("SENT_BACK", 1), _count("LOST", 1), _count("IN_FACILITY", 2)],
)
TREND = [
    open_cases_pb2.TrendPoint(
        day=(date(2026, 6, 7) + timedelta(weeks=week)).isoformat(),
        on_the_way=30 + week,
        overdue=40 - week,
        lost=week % 7,
    )
    for week in range(26)
]
ANSWERS: dict[str, Answer] = {
    "GetTransferBoard": BOARD,
    "ListMessages": inbox_pb2.ListMessagesResponse(),
    "ListReturns": returns_pb2.ListReturnsResponse(),
    "ListHandovers": handovers_pb2.ListHandoversResponse(
        handovers=[handovers_pb2.HandoverSummary(handover_id=HANDOVER, gate_id="CN-MONG-CAI", case_numbers=NUMBERS)]
    ),
    "ListCustodies": open_cases_pb2.ListCustodiesResponse(
        cases=[
            _open(NUMBERS[0], overdue_days=1),
            _open(NUMBERS[1], to_office_id="SA-24", transfer_state=types.TRANSFER_STATE_PLANNED),
        ]
    ),
    "CountOpen": open_cases_pb2.CountOpenResponse(counts=_counts(("24@2025", 40), ("01@2025", 2))),
    "CountOverdue": open_cases_pb2.CountOverdueResponse(counts=_counts(("24@2025", 3), ("24@2025", 4), ("", 1))),
    "CountLost": searches_pb2.CountLostResponse(
        counts=[searches_pb2.LostCount(province="48@2025", reason=types.LOST_REASON_NOT_ACKNOWLEDGED, total=5)]
    ),
    "CountOverdueFollowUps": visits_pb2.CountOverdueFollowUpsResponse(
        counts=[visits_pb2.OverdueFollowUpCount(province="56@2025", rule="FOLLOW_UP_3M", total=11)]
    ),
    "CountLegalDeadlines": legal_steps_pb2.CountLegalDeadlinesResponse(
        counts=[
            legal_steps_pb2.LegalDeadlineCount(province="24@2025", rule="COMMUNE_NOTIFY", total=6, overdue=6),
            legal_steps_pb2.LegalDeadlineCount(province="01@2025", rule="INITIAL_VERIFY", total=7, overdue=7),
        ]
    ),
    "ListLegalDeadlines": legal_steps_pb2.ListLegalDeadlinesResponse(
        deadlines=[
            legal_steps_pb2.LegalDeadline(
                case_number=NUMBERS[0], rule="COMMUNE_NOTIFY", due_on="2026-11-28", overdue_days=1
            )
        ]
    ),
    "ListTrend": open_cases_pb2.ListTrendResponse(points=TREND),
    "ListOverdue": open_cases_pb2.ListOverdueResponse(cases=[_open(NUMBERS[0], overdue_days=1)]),
    "ListLost": searches_pb2.ListLostResponse(),
    "ListOverdueFollowUps": visits_pb2.ListOverdueFollowUpsResponse(),
    "ListTransfers": transfers_pb2.ListTransfersResponse(),
    "GetHandover": handovers_pb2.GetHandoverResponse(
        handover=handovers_pb2.HandoverSummary(handover_id=HANDOVER, case_numbers=NUMBERS[:2]),
        place=submissions_pb2.Place(marker="1116/2"),
        handing_body="Công an Bịa Đặt",
        joint_minutes_number="BB-7",
        cases=[
            cases_pb2.Case(
                case_number=NUMBERS[0],
                person=people_pb2.Person(full_name="Nguyễn Thị Ví Dụ", sex="F", belongings=["một túi vải"]),
            ),
            cases_pb2.Case(case_number=NUMBERS[1]),
        ],
    ),
}


def _links(page: str, start: str) -> list[str]:
    return [unescape(each) for each in re.findall(r'href="([^"]+)"', page) if each.startswith(start)]


async def test_a_supervisor_sees_five_numbers_and_a_map_that_lead_to_their_rows(key: Path) -> None:
    browser = await Browser(key, ANSWERS).sign_in(NATION)
    page = (await browser.get("/")).text
    for number, rows in (
        ("42", "/custodies?phase=IN_TRANSIT"),
        ("8", "/overdue"),
        ("5", "/lost"),
        ("11", "/follow-ups/overdue"),
        ("13", "/legal-deadlines?passed=overdue"),
    ):
        assert re.search(rf'href="{re.escape(rows)}"><strong>{number}</strong>', page), rows
    links = _links(page, "/overdue?province=")
    assert len(set(links)) == 34, "each province has a tile"
    assert set(links[:34]) == set(links[34:]), "and stands in the list"
    await browser.get("/overdue?province=24@2025&rule=DISPATCH_DUE&days=7")
    asked = browser.door.named("ListOverdue")[-1].filter
    assert (asked.province, asked.rule, asked.overdue_days_min) == ("24@2025", "DISPATCH_DUE", 7)


async def test_what_is_due_by_law_is_counted_and_each_count_leads_to_its_rows(key: Path) -> None:
    browser = await Browser(key, ANSWERS).sign_in(NATION)
    page = (await browser.get("/legal-deadlines?passed=overdue&days=7")).text
    assert f"/cases/{NUMBERS[0]}" in page
    counted, listed = (browser.door.named(each)[-1].filter for each in ("CountLegalDeadlines", "ListLegalDeadlines"))
    assert counted == listed
    assert (listed.overdue_only, listed.overdue_days_min) == (True, 7)
    rows = _links(page, "/legal-deadlines?province=24")
    assert len(rows) == 1
    await browser.get(rows[0].partition("#")[0])
    asked = browser.door.named("ListLegalDeadlines")[-1].filter
    assert (asked.province, asked.rule, asked.overdue_only) == ("24@2025", "COMMUNE_NOTIFY", True)
    assert "/legal-deadlines?passed=overdue" in _links((await browser.get("/overdue")).text, "/legal")


@pytest.mark.parametrize(
    ("measure", "path", "islands"),
    [("lost", "/lost", "Hoàng Sa"), ("follow-ups", "/follow-ups/overdue", "Trường Sa"), ("?", "/overdue", "Hoàng Sa")],
)
async def test_the_map_shows_what_was_chosen(key: Path, measure: str, path: str, islands: str) -> None:
    browser = await Browser(key, ANSWERS).sign_in(NATION)
    page = (await browser.get(f"/?map={measure}")).text
    tiles = _links(page, f"{path}?province=")
    assert len(set(tiles)) == 34
    assert islands in page
    await browser.get(tiles[0])
    chosen = parse_qs(urlsplit(tiles[0]).query)["province"][0]
    asked = browser.door.calls[-1][1] if path != "/lost" else browser.door.named("CountLost")[-1]
    assert asked.filter.province == chosen, "the rows are asked for by the province of the tile"


async def test_the_trend_is_drawn_and_stands_in_a_table_too(key: Path) -> None:
    browser = await Browser(key, ANSWERS).sign_in(NATION)
    page = (await browser.get("/")).text
    lines = re.findall(r'<polyline class="[a-z-]+" points="([^"]+)"', page)
    assert len(lines) == 3
    assert all(len(line.split()) == 26 for line in lines)
    heights = [int(point.partition(",")[2]) for line in lines for point in line.split()]
    assert min(heights) == 12, "the highest number touches the top"
    assert max(heights) <= 176
    assert page.count("<td data-title=") >= 26 * 4
    few = ANSWERS | {"ListTrend": open_cases_pb2.ListTrendResponse(points=TREND[:1])}
    assert "<polyline" not in (await (await Browser(key, few).sign_in(NATION)).get("/")).text


@pytest.mark.parametrize(
    ("away", "part"),
    [
        ("CountOverdue", "Overdue"),
        ("ListTrend", "The last 26 weeks"),
        ("GetTransferBoard", "Who is on the way"),
        ("CountOverdueFollowUps", "Follow-ups overdue"),
    ],
)
async def test_a_service_that_is_away_leaves_the_other_blocks_standing(key: Path, away: str, part: str) -> None:
    answers = ANSWERS | {away: failure("UNAVAILABLE")}
    reply = await (await Browser(key, answers).sign_in(NATION)).get("/")
    assert reply.status == 200
    assert f"Missing here: {part}." in reply.text
    assert "By province" in reply.text
    assert sum(f"<strong>{number}</strong>" in reply.text for number in ("42", "5")) == 2


async def test_each_count_of_a_board_is_a_link_to_the_rows_that_it_counted(key: Path) -> None:
    browser = await Browser(key, ANSWERS).sign_in(POST)
    page = (await browser.get("/")).text
    for path in (
        "/transfers?direction=incoming&accept=1",
        "/transfers?direction=incoming&state=DISPATCHED",
        "/transfers?direction=outgoing&overdue=1",
        "/custodies?phase=to-send-on",
        "/custodies?phase=REJECTED",
        "/custodies?phase=ADMITTED",
        "/lost",
    ):
        assert path in _links(page, "/"), path
    await browser.get("/transfers?direction=incoming&accept=1&office=sa-24")
    asked = browser.door.named("ListTransfers")[-1]
    assert (asked.not_accepted_only, asked.office_id) == (True, "SA-24")
    assert asked.direction == transfers_pb2.DIRECTION_INCOMING
    await browser.get("/custodies?phase=to-send-on")
    phases = set(browser.door.named("ListCustodies")[-1].filter.phases)
    assert phases == {types.CASE_PHASE_REGISTERED, types.CASE_PHASE_DISCHARGED}


async def test_a_post_sees_who_is_with_it_and_the_handovers_of_today(key: Path) -> None:
    browser = await Browser(key, ANSWERS).sign_in(POST)
    page = (await browser.get("/")).text
    assert "With you, and until when" in page
    assert page.count('<span class="tag red">overdue</span>') == 2
    law = page.partition('id="law"')[2].partition("</section>")[0]
    assert (f"/cases/{NUMBERS[0]}" in law, "28/11/2026" in law) == (True, True), "before a message says that it is late"
    assert "5 people" in page
    (asked,) = browser.door.named("ListHandovers")
    assert asked.from_on == asked.until_on == browser.console.today().isoformat()
    assert not browser.door.named("GetHandover"), "who they are is asked for on purpose alone"


async def test_the_minutes_come_by_a_form_alone_and_name_the_purpose(key: Path) -> None:
    browser = await Browser(key, ANSWERS, language="vi").sign_in(POST)
    assert (await browser.get(f"/handovers/{HANDOVER}/minutes")).headers["location"] == "/handovers"
    reply = await browser.post(f"/handovers/{HANDOVER}/minutes")
    assert reply.headers["cache-control"] == "no-store"
    (asked,) = browser.door.named("GetHandover")
    assert (asked.handover_id, asked.purpose) == (HANDOVER, "PAPERS")
    for text in ("BIÊN BẢN BÀN GIAO", "Nguyễn Thị Ví Dụ", "mốc biên giới 1116/2", "Công an Bịa Đặt", "một túi vải"):
        assert text in reply.text
    assert "Nguyễn" not in re.findall(r"<title>(.*?)</title>", reply.text)[0]
    assert "đã chuyển đi" in reply.text, "who was handed on stands there by her number"
    assert (await browser.post("/handovers/1/minutes")).status == 404


async def test_a_search_has_a_page_with_its_steps(key: Path) -> None:
    found = custody_pb2.Search(
        case_number=NUMBERS[0],
        reason=types.LOST_REASON_NOT_ACKNOWLEDGED,
        steps=[custody_pb2.SearchStep(kind=types.SEARCH_STEP_KIND_ADDRESSEE_ASKED, taken_on="2026-11-28")],
    )
    answers = ANSWERS | {"GetSearch": searches_pb2.GetSearchResponse(search=found)}
    browser = await Browser(key, answers).sign_in(NATION)
    page = (await browser.get(f"/searches/{NUMBERS[0]}")).text
    assert "28/11/2026" in page
    assert f"/cases/{NUMBERS[0]}/search-step" in _links(page, "/cases/")
    assert f"/cases/{NUMBERS[0]}/resolve" in _links(page, "/cases/")


async def test_an_inbox_keeps_the_order_of_the_service_and_says_what_is_still_to_be_done(key: Path) -> None:
    news = [
        inbox_pb2.Message(message_id=HANDOVER, title="Chưa làm", action_required=True),
        inbox_pb2.Message(message_id=HANDOVER, title="Tin mới"),
        inbox_pb2.Message(message_id=HANDOVER, title="Việc cũ", done_by="ACKNOWLEDGED", done="Đã đến nơi."),
    ]
    # Read, but nobody has done it yet: the service puts it first, on whichever page.
    news[0].read_time.FromSeconds(1)
    messages = inbox_pb2.ListMessagesResponse(messages=news, next_page_token="2")
    browser = await Browser(key, ANSWERS | {"ListMessages": messages}).sign_in(POST)
    page = (await browser.get("/inbox?old=1&to-do=1")).text
    assert [page.index(each.title) for each in news] == sorted(page.index(each.title) for each in news)
    assert page.count('<li class="act">') == 1
    assert "Đã đến nơi." in page
    assert "?old=1&amp;to-do=1&amp;page=2" in page, "the next page is of the same question"


async def test_an_inbox_is_narrowed_and_marked_as_it_was_shown(key: Path) -> None:
    messages = inbox_pb2.ListMessagesResponse(messages=[inbox_pb2.Message(message_id=HANDOVER, title="Một tin")])
    read = {"MarkMessagesRead": inbox_pb2.MarkMessagesReadResponse(marked_count=1), "ListMessages": messages}
    browser = await Browser(key, ANSWERS | read).sign_in(POST)
    page = (await browser.get("/inbox?to-do=1")).text
    assert browser.door.named("ListMessages")[-1].to_do_only
    (until,) = re.findall(r'name="until" value="([^"]+)"', page)
    await browser.post("/inbox/read", {"message": HANDOVER, "until": unescape(until), "all": "1"})
    marked = browser.door.named("MarkMessagesRead")[-1]
    assert not marked.message_ids
    assert marked.until_time.ToDatetime().isoformat()[:16] == unescape(until)[:16]
    await browser.post("/inbox/read", {"until": "soon", "all": "1"})
    assert browser.door.named("MarkMessagesRead")[-1].until_time.seconds == 0, "nothing is marked by a spoilt form"
    await browser.post("/inbox/read", {"message": HANDOVER})
    assert list(browser.door.named("MarkMessagesRead")[-1].message_ids) == [HANDOVER]


async def test_follow_ups_are_narrowed_by_kind_state_and_time(key: Path) -> None:
    answers = ANSWERS | {"ListFollowUps": visits_pb2.ListFollowUpsResponse()}
    browser = await Browser(key, answers).sign_in("SA-24")
    today = browser.console.today()
    for query, until in (
        ("", today + timedelta(days=31)),
        ("?days=7", today + timedelta(days=7)),
        ("?days=late", today - timedelta(days=1)),
        ("?days=all&kind=YEARS_3&state=OVERDUE", None),
    ):
        await browser.get(f"/follow-ups{query}")
        asked = browser.door.named("ListFollowUps")[-1].filter
        assert asked.due_until == (until.isoformat() if until else "")
    assert asked.kind == types.FOLLOW_UP_KIND_YEARS_3
    assert asked.state == types.FOLLOW_UP_STATE_OVERDUE


async def test_follow_ups_stand_under_the_weeks_and_months_in_which_they_are_due(key: Path) -> None:
    browser = await Browser(key).sign_in("SA-24")
    today = browser.console.today()
    monday = today + timedelta(days=7 - today.weekday())
    dues = [today - timedelta(days=1), today, today, monday, monday + timedelta(days=7), monday + timedelta(days=60)]
    found = visits_pb2.ListFollowUpsResponse(
        follow_ups=[visits_pb2.FollowUp(case_number=NUMBERS[0], due_on=due.isoformat()) for due in dues]
    )
    browser = await Browser(key, ANSWERS | {"ListFollowUps": found}).sign_in("SA-24")
    page = (await browser.get("/follow-ups")).text
    headings = re.findall(r'<th scope="rowgroup" colspan="7">([^<]+)</th>', page)
    months = [f"In {due:%m/%Y}" for due in dues[-2:]]
    assert headings == ["Due before today", "This week", "Next week", *dict.fromkeys(months)]
    assert page.count("<tbody>") == len(headings)


async def test_centres_and_supervisors_see_the_free_places_on_their_first_page(key: Path) -> None:
    full = stays_pb2.Facility(office_id="RC-LAO-CAI", facility_kind="SHELTER", capacity=20, admitted=11, expected=2)
    places: dict[str, Answer] = {"ListFacilities": stays_pb2.ListFacilitiesResponse(facilities=[full])}
    for office in ("RC-LAO-CAI", NATION):
        page = (await (await Browser(key, ANSWERS | places).sign_in(office)).get("/")).text
        row = page.partition('id="places"')[2].partition("</section>")[0]
        assert re.findall(r"<td[^>]*>(\d+)</td>", row) == ["20", "11", "2", "7"]
    post = await Browser(key, ANSWERS | places).sign_in(POST)
    assert 'id="places"' not in (await post.get("/")).text
    assert not post.door.named("ListFacilities")
    away = (await (await Browser(key, ANSWERS).sign_in("RC-LAO-CAI")).get("/")).text
    assert "Missing here: Places in facilities." in away


async def test_the_state_of_the_services_tells_how_old_each_last_answer_is(key: Path) -> None:
    browser = await Browser(key, ANSWERS).sign_in(NATION)
    await browser.get("/lost")
    page = (await browser.get("/health")).text
    # Handover answered a page; that it does not answer now, at an address where nobody is, is told beside it.
    rows = re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2], re.DOTALL)
    assert ["does not answer" in row for row in rows] == [True] * 4
    assert ["never since" in row for row in rows] == [True, False, True, True]
    assert "second" in rows[1]


async def test_warning_signs_stand_in_groups_in_the_officers_language(key: Path) -> None:
    browser = await Browser(key, ANSWERS, language="vi").sign_in("SA-24")
    address = (await browser.get(f"/cases/{NUMBERS[0]}/visit")).headers["location"]
    page = (await browser.get(address)).text
    groups = re.findall(r'<h2 class="group">([^<]+)</h2>', page)
    assert groups[0] == "Tiền bạc và nợ"
    assert len(groups) == 6
    assert page.index(groups[1]) < page.index("RF10 không có căn cước") < page.index(groups[2])
    assert "RF26" not in page, "what few may see is not offered"


async def test_offices_are_called_by_their_names_and_an_empty_first_page_says_so(key: Path) -> None:
    page = (await (await Browser(key, ANSWERS, language="vi").sign_in(POST)).get("/")).text
    assert "Sở Y tế tỉnh Bắc Ninh <small>SA-24</small>" in page, "whom she is planned for"
    quiet: dict[str, Answer] = {"ListMessages": inbox_pb2.ListMessagesResponse()}
    for office, said in (("CM-24-01", "Nothing waits for your office"), ("NGO-01", "Nothing is asked of your office")):
        assert said in (await (await Browser(key, quiet).sign_in(office)).get("/")).text
    full = inbox_pb2.ListMessagesResponse(messages=[inbox_pb2.Message(message_id=HANDOVER, title="Một tin")])
    page = (await (await Browser(key, {"ListMessages": full}).sign_in("CM-24-01")).get("/")).text
    assert "Nothing waits" not in page


@pytest.mark.parametrize("days", [-1, 0])
async def test_a_case_says_first_where_she_is_and_until_when(key: Path, days: int) -> None:
    browser = await Browser(key).sign_in("SA-24")
    due_on = browser.console.today() + timedelta(days=days)
    custody = custody_pb2.Custody(
        case_number=NUMBERS[0],
        phase=types.CASE_PHASE_IN_TRANSIT,
        accountable_office_id=POST,
        deadline_rule="TRANSFER_ACKNOWLEDGE",
        deadline_on=due_on.isoformat(),
    )
    answers: dict[str, Answer] = {"GetCustody": custody_pb2.GetCustodyResponse(custody=custody)}
    page = (await (await Browser(key, answers).sign_in("SA-24")).get(f"/cases/{NUMBERS[0]}")).text
    stands = page.partition('<p class="stands">')[2].partition("</p>")[0]
    assert due_on.strftime("%d/%m/%Y") in stands
    assert ("overdue" in stands) == (days < 0), "due today is in time"
    assert f"({POST})" in page, "who answers for her is called by name and id"


async def test_the_handovers_of_any_day_lead_to_their_minutes(key: Path) -> None:
    browser = await Browser(key, ANSWERS).sign_in(POST)
    assert 'href="/handovers"' in (await browser.get("/")).text
    page = await browser.get("/handovers?from=01/10/2026&until=31/10/2026")
    asked = browser.door.named("ListHandovers")[-1]
    assert (asked.from_on, asked.until_on) == ("2026-10-01", "2026-10-31")
    assert f'action="/handovers/{HANDOVER}/minutes"' in page.text
    assert not browser.door.named("GetHandover")


async def test_lists_name_offices_as_people_do(key: Path) -> None:
    page = (await (await Browser(key, ANSWERS, language="vi").sign_in(NATION)).get("/custodies")).text
    assert "SA-24" not in page
    assert "Sở Y tế tỉnh Bắc Ninh" in page


@pytest.mark.parametrize(
    ("typed", "asked"),
    [("sa-24", "SA-24"), ("Sở Y tế tỉnh Bắc Ninh", "SA-24"), ("so y te", "NO-SUCH-OFFICE"), ("?", "NO-SUCH-OFFICE")],
)
async def test_an_office_is_filtered_by_its_name_and_what_means_none_is_said(key: Path, typed: str, asked: str) -> None:
    browser = await Browser(key, ANSWERS).sign_in(NATION)
    page = (await browser.get(f"/overdue?{urlencode({'office': typed})}")).text
    assert browser.door.named("ListOverdue")[-1].filter.office_id == asked
    assert ("No office is called so" in page) == (asked == "NO-SUCH-OFFICE")
    assert f'value="{typed if asked == "NO-SUCH-OFFICE" else asked}"' in page
