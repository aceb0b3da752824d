"""The record of a person, set right in the browser: only what differs is sent, and who she is never has an address."""

from __future__ import annotations

import re
import uuid
from html import unescape
from pathlib import Path

import pytest

from homeward.intake.v1 import cases_pb2, people_pb2, reading_pb2, submissions_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.case_number import format_case_number
from tests.support.pages import Answer, Browser, failure

POST = "BP-CN-MONG-CAI"
CASE = format_case_number(77)
STANDS = cases_pb2.Case(
    case_number=CASE,
    etag="3",
    identity_view=cases_pb2.IDENTITY_VIEW_FULL,
    receiving_office_id=POST,
    person=people_pb2.Person(
        full_name="Nguyễn Thị Ví Dụ",
        sex="Feminine",
        birth_date="1998-04-30",
        nationality="VN",
        ethnicity="2008:08",
        home_province=types.ProvinceRef(code="24", vintage="2025"),
        home_address="Thôn Bịa Đặt",
        returned_from_country="CN",
        documents=["Giấy tờ ví dụ số 12"],
        belongings=["Túi vải", "Áo ấm"],
    ),
)
ANSWERS: dict[str, Answer] = {
    "GetCase": reading_pb2.GetCaseResponse(case=STANDS),
    "CorrectCase": submissions_pb2.CorrectCaseResponse(case=STANDS),
}


def _fields(page: str) -> dict[str, str]:
    """What stands in the form."""
    found = re.findall(r'<input id="([a-z_]+)" name="\1"(?: type="text")? value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found}


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_what_is_left_as_it_stands_is_not_sent(key: Path, language: str) -> None:
    browser = await Browser(key, ANSWERS, language=language).sign_in(POST)
    page = await browser.post(f"/cases/{CASE}/correct")
    assert page.headers["cache-control"] == "no-store"
    fields = _fields(page.text)
    assert fields["full_name"] == "Nguyễn Thị Ví Dụ"
    assert fields["birth_date"] == "30/04/1998"
    assert fields["belongings"] == "Túi vải; Áo ấm"
    (address,) = re.findall(rf'action="(/cases/{CASE}/correct/[^"]+)"', page.text)
    unchanged = await browser.post(address, fields | {"reason": "năm sinh ghi nhầm"})
    assert unchanged.status == 422, "the form as it came differs in nothing from the record"
    assert not browser.door.named("CorrectCase")
    reply = await browser.post(address, fields | {"birth_date": "30/04/1997", "reason": "năm sinh ghi nhầm"})
    assert reply.headers["location"] == f"/cases/{CASE}?done=correct"
    (asked,) = browser.door.named("CorrectCase")
    assert list(asked.update_mask.paths) == ["birth_date"]
    assert (asked.person.birth_date, asked.etag, asked.reason) == ("1997-04-30", "3", "năm sinh ghi nhầm")
    assert uuid.UUID(asked.request_id) == uuid.UUID(address.rpartition("/")[2]), "pressing twice is one request"
    assert all(each.purpose == "correct" for each in browser.door.named("GetCase"))


async def test_all_that_is_wrong_is_told_and_what_was_typed_stays(key: Path) -> None:
    browser = await Browser(key, ANSWERS).sign_in(POST)
    typed = {"full_name": "Nguyễn Thị Ví Dụ", "birth_date": "31/02/1998", "home_province": "Nơi Nào"}
    reply = await browser.post(f"/cases/{CASE}/correct/{uuid.uuid4()}", typed)
    assert reply.status == 422
    for name in ("birth_date", "home_province", "reason"):
        assert f'href="#{name}"' in reply.text
    assert _fields(reply.text)["birth_date"] == "31/02/1998"
    assert not browser.door.named("GetCase"), "the record is read when there is something to compare"


async def test_who_would_become_another_person_is_asked_about(key: Path) -> None:
    refused = failure("FAILED_PRECONDITION", "ANOTHER_PERSON", "It would become another person.")
    browser = await Browser(key, ANSWERS | {"CorrectCase": refused}).sign_in(POST)
    fields = _fields((await browser.post(f"/cases/{CASE}/correct")).text)
    address = f"/cases/{CASE}/correct/{uuid.uuid4()}"
    reply = await browser.post(address, fields | {"full_name": "Trần Thị Mẫu", "sex": "Nam", "reason": "nhầm dòng"})
    assert "It would become another person." in reply.text
    assert 'name="sure"' in reply.text
    await browser.post(address, fields | {"full_name": "Trần Thị Mẫu", "reason": "nhầm dòng", "sure": "1"})
    assert browser.door.named("CorrectCase")[-1].another_person


async def test_who_may_not_see_all_of_her_gets_the_case_and_an_address_shows_nobody(key: Path) -> None:
    part = cases_pb2.Case(case_number=CASE, identity_view=cases_pb2.IDENTITY_VIEW_PREVIEW)
    browser = await Browser(key, {"GetCase": reading_pb2.GetCaseResponse(case=part)}).sign_in(POST)
    assert (await browser.post(f"/cases/{CASE}/correct")).headers["location"] == f"/cases/{CASE}"
    for path in (f"/cases/{CASE}/correct", f"/cases/{CASE}/correct/{uuid.uuid4()}"):
        assert (await browser.get(path)).headers["location"] == f"/cases/{CASE}"
    assert (await browser.post(f"/cases/{CASE}/correct/1", {"reason": "x"})).status == 404
