"""Who did what, on a page: joined from the services, by name for auditors alone."""

from __future__ import annotations

from pathlib import Path

from google.protobuf.timestamp_pb2 import Timestamp

from homeward.handover.v1 import custody_pb2
from homeward.intake.v1 import cases_pb2, reading_pb2
from homeward.office.v1 import acts_pb2
from services.chassis.kernel.case_number import keyed_case_number
from tests.support.pages import Browser, failure

ONE = "0197f0a4-7d3c-7b52-9c0e-2f6a5b1d4e90"
CASE = keyed_case_number(5)
AUDITOR, SUPERVISOR = "AUDIT-NATIONAL", "SV-NATIONAL"


def listed(*subjects: str, more: str = "") -> acts_pb2.ListActsResponse:
    """Acts of these people, a second apart, newest first."""
    acts = [
        acts_pb2.Act(
            number=100 - index,
            at=Timestamp(seconds=1_770_000_000 - index),
            method="AcknowledgeTransfer",
            office_id="SA-24",
            actor="0123456789abcdef",
            case_ids=[ONE],
            case_numbers=[CASE],
            subject=subject,
        )
        for index, subject in enumerate(subjects)
    ]
    return acts_pb2.ListActsResponse(acts=acts, next_page_token=more)


async def test_an_auditor_reads_who_it_was_and_may_ask_for_one(key: Path) -> None:
    browser = await Browser(key, {"ListActs": listed("an.officer")}).sign_in(AUDITOR)
    reply = await browser.get("/who-did-what?person=an.officer&case=HW-1")
    assert reply.status == 200
    assert reply.text.count("an.officer</td>") == 4
    assert "acknowledged an arrival" in reply.text
    asked = browser.door.named("ListActs")
    assert [(request.subject, request.case) for request in asked] == [("an.officer", "HW-1")] * 4


async def test_a_supervisor_reads_which_are_one_person_and_cannot_ask_for_anybody(key: Path) -> None:
    browser = await Browser(key, {"ListActs": listed("")}).sign_in(SUPERVISOR)
    reply = await browser.get("/who-did-what?person=an.officer")
    assert "officer 486 895" in reply.text
    assert f"{CASE}</td>" in reply.text
    assert "(SA-24)" in reply.text, "the office stands by its name"
    assert ONE not in reply.text, "nobody says a case by its id"
    assert 'name="person"' not in reply.text
    assert {request.subject for request in browser.door.named("ListActs")} == {""}


def without_number(case: str) -> acts_pb2.ListActsResponse:
    """An act of a service that knows no number of its case."""
    found = listed("")
    del found.acts[0].case_numbers[:]
    found.acts[0].case_ids[:] = [case]
    return found


async def test_a_number_that_a_service_does_not_know_is_asked_of_the_one_that_does(key: Path) -> None:
    custody = custody_pb2.GetCustodyResponse(custody=custody_pb2.Custody(case_number=CASE))
    browser = await Browser(key, {"ListActs": without_number(ONE), "GetCustody": custody}).sign_in(SUPERVISOR)
    reply = await browser.get("/who-did-what?service=followup")
    assert f"{CASE}</td>" in reply.text
    assert [each.case for each in browser.door.named("GetCustody")] == [ONE]


async def test_an_auditor_is_told_the_number_that_intake_knows(key: Path) -> None:
    def acts(request: acts_pb2.ListActsRequest) -> acts_pb2.ListActsResponse:
        return listed("an.officer") if request.case else without_number(ONE)

    browser = await Browser(key, {"ListActs": acts}).sign_in(AUDITOR)
    reply = await browser.get("/who-did-what?service=notify")
    assert f"{CASE}</td>" in reply.text
    assert browser.door.named("GetCustody") == []


async def test_a_case_that_is_not_visible_is_no_id(key: Path) -> None:
    nothing = failure("NOT_FOUND", "CASE_NOT_FOUND")
    browser = await Browser(key, {"ListActs": without_number(ONE), "GetCustody": nothing}).sign_in(SUPERVISOR)
    reply = await browser.get("/who-did-what")
    assert ONE not in reply.text
    assert "a case that is not visible to you" in reply.text


async def test_older_ones_are_those_of_one_service(key: Path) -> None:
    browser = await Browser(key, {"ListActs": listed("a", "b", more="next")}).sign_in(AUDITOR)
    assert "There are older ones" in (await browser.get("/who-did-what")).text
    reply = await browser.get("/who-did-what?service=handover&page=this")
    assert "service=handover&amp;page=next" in reply.text
    assert browser.door.named("ListActs")[-1].page_token == "this"


async def test_what_is_away_is_said_beside_what_came(key: Path) -> None:
    browser = await Browser(key, {}).sign_in(AUDITOR)
    reply = await browser.get("/who-did-what")
    for part in ("registration and identity", "custody and transfers", "follow-ups", "messages"):
        assert f"Missing here: {part}." in reply.text


async def test_the_access_log_is_asked_for_by_office_account_and_day_and_says_it_in_words(key: Path) -> None:
    entry = reading_pb2.AccessLogEntry(
        case_number="HW-1", subject="an.officer", purpose="PAPERS", identity_view=cases_pb2.IDENTITY_VIEW_FULL
    )
    lists = acts_pb2.ListsRead(
        day="2026-03-02", office_id="SV-04", subject="giam.sat", method="ListCases", pages=3, rows=120
    )
    found = reading_pb2.ListAccessLogResponse(entries=[entry], chain_intact=True, next_page_token="2")
    counts = acts_pb2.CountListsReadResponse(lists=[lists])
    answers = {"ListAccessLog": found, "CountListsRead": counts}
    browser = await Browser(key, answers, language="vi").sign_in(AUDITOR)
    query = "office=sa-24&person=an.officer%20%26&from=01/11/2026&until=30/11/2026"
    page = (await browser.get(f"/access-log?{query}")).text
    (asked,) = browser.door.named("ListAccessLog")
    assert (asked.office_id, asked.subject) == ("SA-24", "an.officer &")
    assert (asked.read_from, asked.read_until) == ("2026-11-01", "2026-11-30")
    assert [one.subject for one in browser.door.named("CountListsRead")] == ["an.officer &"] * 4
    for said in ("HW-1", "toàn bộ", "page=2", "person=an.officer%20%26", "giam.sat", "120"):
        assert said in page
    await browser.get("/access-log?from=someday")
    assert browser.door.named("ListAccessLog")[-1].read_from == ""
