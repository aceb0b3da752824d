"""My week: danger first, then visits with wishes that are read before anybody goes, by a form alone."""

from __future__ import annotations

from pathlib import Path

from homeward.followup.v1 import care_pb2, oversight_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.case_number import format_case_number
from tests.support.pages import Answer, Browser, failure

AGENCY = "SA-24"
FIRST, SECOND = (format_case_number(each) for each in (301, 302))
SAID = "không mặc đồng phục"
ANSWERS: dict[str, Answer] = {
    "ListWorkload": oversight_pb2.ListWorkloadResponse(
        cases=[
            oversight_pb2.WorkloadCase(
                case_number=number,
                office_id=AGENCY,
                officer="0123456789abcdef",
                rule="FOLLOW_UP_3M",
                due_on="2026-12-01",
                state=types.FOLLOW_UP_STATE_OVERDUE,
                mine=True,
                has_wishes=wished,
            )
            for number, wished in ((FIRST, True), (SECOND, False))
        ]
    ),
    "ListSafetyActs": oversight_pb2.ListSafetyActsResponse(
        acts=[oversight_pb2.SafetyAct(case_number=SECOND, office_id=AGENCY, needed_on="2026-11-29")]
    ),
    "GetWishes": care_pb2.GetWishesResponse(version=1, wishes=care_pb2.Wishes(who=SAID)),
}


async def test_a_week_shows_danger_first_and_whose_wishes_are_to_be_read(key: Path) -> None:
    browser = await Browser(key, ANSWERS).sign_in(AGENCY)
    page = (await browser.get("/week")).text
    assert 0 < page.index("In immediate danger") < page.index("Visits of this week")
    assert page.count(f'href="/cases/{FIRST}/sheet"') == 1
    assert "recorded: read them first" in page
    assert "none yet: ask her" in page
    assert not browser.door.named("GetWishes"), "what is told in confidence is asked for on purpose alone"
    wanted = browser.door.named("ListWorkload")[-1].filter
    assert (wanted.officer, wanted.this_week) == ("ME", True)
    await browser.get("/week?whose=nobody")
    assert browser.door.named("ListWorkload")[-1].filter.officer == "NOBODY"
    await browser.get("/week?whose=office")
    assert browser.door.named("ListWorkload")[-1].filter.officer == ""


async def test_wishes_come_by_a_form_alone_and_only_where_there_are_any(key: Path) -> None:
    browser = await Browser(key, ANSWERS).sign_in(AGENCY)
    reply = await browser.post("/week", {"whose": "office"})
    assert SAID in reply.text
    assert reply.headers["cache-control"] == "no-store"
    assert [each.case for each in browser.door.named("GetWishes")] == [FIRST]
    assert browser.door.named("ListWorkload")[-1].filter.officer == ""


async def test_wishes_that_may_not_be_read_say_so_and_the_rest_stands(key: Path) -> None:
    answers = ANSWERS | {"GetWishes": failure("PERMISSION_DENIED", "GRADE_MISSING", "Not your grade.")}
    page = (await (await Browser(key, answers).sign_in(AGENCY)).post("/week")).text
    assert "Not your grade." in page
    assert FIRST in page
