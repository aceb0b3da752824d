"""The working calendar by the year, its change, and how far the end of an office has come."""

from __future__ import annotations

from pathlib import Path

from homeward.handover.v1 import directory_pb2
from homeward.office.v1 import office_end_pb2
from tests.support.pages import Answer, Browser, failure

ADMIN = "ADMIN-NATIONAL"


async def test_the_calendar_shows_a_year_and_what_was_changed_here(key: Path) -> None:
    changed = directory_pb2.ListRulesResponse(
        changed_days=[directory_pb2.ChangedDay(on="2027-03-03", working=False)], calendar_version="1"
    )
    browser = await Browser(key, {"ListRules": changed}).sign_in(ADMIN)
    year = browser.console.today().year
    page = (await browser.get("/calendar?year=2027")).text
    assert "03/03/2027" in page
    assert "/acts/change-calendar" in page
    assert "03/03/2027" not in (await browser.get(f"/calendar?year={year + 50}")).text, "another year is this one"


async def test_several_days_are_changed_at_once_and_a_day_that_is_none_is_told(key: Path) -> None:
    answers: dict[str, Answer] = {"ChangeCalendar": directory_pb2.ChangeCalendarResponse(calendar_version="2")}
    browser = await Browser(key, answers).sign_in(ADMIN)
    address = (await browser.get("/acts/change-calendar")).headers["location"]
    wrong = await browser.post(address, {"days_off": "02/01/2027; 31/02/2027"})
    assert wrong.status == 422
    assert "02/01/2027; 31/02/2027" in wrong.text, "what was typed stays"
    await browser.post(address, {"days_off": "01/01/2027; 04/01/2027", "days_worked": "09/01/2027"})
    (asked,) = browser.door.named("ChangeCalendar")
    assert list(asked.days_off) == ["2027-01-01", "2027-01-04"]
    assert list(asked.days_worked) == ["2027-01-09"]


async def test_an_end_is_whole_when_all_four_have_confirmed(key: Path) -> None:
    done = office_end_pb2.GetOfficeEndResponse(done=True, successor_id="SA-24", moved={"cases": 3})
    browser = await Browser(key, {"GetOfficeEnd": done}).sign_in(ADMIN)
    page = (await browser.get("/offices/SA-20/end")).text
    assert page.count("SA-24") == 4
    assert "All four services have confirmed" in page
    left = office_end_pb2.GetOfficeEndResponse(done=True, left=1)
    assert (
        "Not all have confirmed yet"
        in (await (await Browser(key, {"GetOfficeEnd": left}).sign_in(ADMIN)).get("/offices/SA-20/end")).text
    )
    away = await Browser(key, {"GetOfficeEnd": failure("UNAVAILABLE")}).sign_in(ADMIN)
    assert (await away.get("/offices/SA-20/end")).status == 200, "one that is away is told in its row"
