"""The form of a handover is read by the rules of files, and its sending is one request."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path

import grpc
import pytest

from homeward.intake.v1 import submissions_pb2
from services.chassis.calls.client import RpcFailure
from services.chassis.calls.common import Violation
from services.client.people_file.read import read_people
from services.console.people_form import Typed, checked, of_draft, told, without
from services.console.texts import page_texts
from tests.support.pages import Browser, failure, uploaded

POST = "BP-CN-MONG-CAI"
FIELDS = {
    "count": "1",
    "handover_time": "hôm qua 09:00",
    "gate": "Móng Cái",
    "p1.full_name": "Nguyễn Thị Thí Dụ",
    "p1.sex": "Nữ",
    "p1.birth_date": "2001",
    "p1.home_province": "Bắc Ninh",
}
NOTHING_YET = {"GetReceipt": failure("NOT_FOUND", "RECEIPT_NOT_FOUND")}


async def test_what_is_sent_is_what_a_file_with_the_same_cells_would_send(key: Path) -> None:
    answers = NOTHING_YET | {"SubmitHandover": submissions_pb2.SubmitHandoverResponse()}
    browser = await Browser(key, answers).sign_in(POST)
    path = f"/handovers/{uuid.uuid4()}"
    for _ in range(2):
        reply = await browser.post(path, FIELDS | {"action": "send"})
        assert reply.headers["location"] == f"{path}/receipt"
    first, second = browser.door.named("SubmitHandover")
    assert first == second
    person = first.handover.people[0]
    assert (person.full_name, person.sex, person.birth_date) == ("Nguyễn Thị Thí Dụ", "Feminine", "2001")
    assert first.handover.place.gate_id == "CN-MONG-CAI"


async def test_nothing_is_sent_while_something_is_wrong(key: Path) -> None:
    browser = await Browser(key, NOTHING_YET).sign_in(POST)
    wrong = FIELDS | {"action": "send", "p1.full_name": "", "p1.sex": "?"}
    reply = await browser.post(f"/handovers/{uuid.uuid4()}", wrong)
    assert reply.status == 422
    assert 'href="#p1.full_name"' in reply.text
    assert 'href="#p1.sex"' in reply.text
    assert browser.door.named("SubmitHandover") == []


async def test_a_service_that_is_away_keeps_what_was_typed_and_the_same_form_is_sent_again(key: Path) -> None:
    browser = await Browser(key, NOTHING_YET).sign_in(POST)
    reply = await browser.post(f"/handovers/{uuid.uuid4()}", FIELDS | {"action": "send"})
    assert reply.status == 503
    assert "Nothing is lost" in reply.text
    assert 'value="Nguyễn Thị Thí Dụ"' in reply.text


@pytest.mark.parametrize("given", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}"])
async def test_what_is_typed_never_becomes_a_part_of_the_page(key: Path, given: str) -> None:
    browser = await Browser(key, NOTHING_YET).sign_in(POST)
    reply = await browser.post(f"/handovers/{uuid.uuid4()}", FIELDS | {"action": "check", "p1.full_name": given})
    assert given not in reply.text.replace("&#34;", '"') or "{{" in given
    assert "<script>alert" not in reply.text
    assert "<img src=x" not in reply.text


async def test_people_are_added_and_taken_out_and_what_was_typed_stays(key: Path) -> None:
    browser = await Browser(key, NOTHING_YET).sign_in(POST)
    path = f"/handovers/{uuid.uuid4()}"
    reply = await browser.post(path, FIELDS | {"action": "add"})
    assert 'name="p2.full_name"' in reply.text
    assert 'value="Bắc Ninh"' in reply.text
    two = FIELDS | {"count": "2", "p2.full_name": "Trần Thị Thí Dụ", "action": "remove:1"}
    reply = await browser.post(path, two)
    assert 'value="Trần Thị Thí Dụ"' in reply.text
    assert "Nguyễn Thị Thí Dụ" not in reply.text
    for action in ("remove:9", "remove:x", "nothing"):
        assert (await browser.post(path, FIELDS | {"action": action})).status < 500


async def test_a_refusal_of_the_service_stands_at_the_field_that_it_means(key: Path) -> None:
    refusal: RpcFailure = failure("INVALID_ARGUMENT", "INVALID_INPUT", "No.", "handover.joint_minutes_number")
    browser = await Browser(key, NOTHING_YET | {"SubmitHandover": refusal}).sign_in(POST)
    reply = await browser.post(f"/handovers/{uuid.uuid4()}", FIELDS | {"action": "send"})
    assert 'href="#joint_minutes_number"' in reply.text


def test_a_file_becomes_the_form_and_family_ties_follow_their_people() -> None:
    data = (
        "STT,Họ và tên,Giới tính,Ngày sinh,Quan hệ gia đình,Giờ bàn giao,Ngày bàn giao\n"
        "7,Nguyễn Thị Thí Dụ,Nữ,1990,,09:30,28/11/2026\n8,Nguyễn Văn Thí Dụ,Nam,2015,7: mẹ,,\n"
    )
    typed = of_draft(read_people(data.encode()))
    assert typed.shared["handover_time"] == "28/11/2026 09:30"
    assert [each["full_name"] for each in typed.people] == ["Nguyễn Thị Thí Dụ", "Nguyễn Văn Thí Dụ"]
    assert typed.people[1]["family_links"] == "1: mẹ"
    assert typed.places == ["2", "3"]


def test_a_problem_names_the_person_and_the_row_of_the_file_but_no_name() -> None:
    from datetime import UTC, datetime

    typed = Typed({"handover_time": "28/11/2026 09:00"}, [{"full_name": "Nguyễn Thị Thí Dụ", "sex": "?"}], ["5"])
    understood = checked(typed, POST, datetime(2026, 11, 29, 3, tzinfo=UTC), "en")
    found = told(understood.problems, typed, page_texts("en"))
    assert [each.field for each in found] == ["p1.sex"]
    assert "Person 1 (row 5 of the file)" in found[0].text
    assert "Thí Dụ" not in found[0].text
    assert without(typed, 1).people == []


def test_ties_follow_their_people_when_somebody_is_taken_out() -> None:
    people = [{"full_name": "A"}, {"full_name": "B"}, {"family_links": "2: mẹ; 1: bác"}, {"family_links": "3 : em; x"}]
    left = without(Typed({}, people, ["2", "3", "4", "5"], frozenset({2, 4})), 2)
    assert [each.get("family_links") for each in left.people] == [None, "1: bác", "2: em; x"]
    assert (left.places, left.again) == (["2", "4", "5"], frozenset({3}))
    assert people[2]["family_links"] == "2: mẹ; 1: bác", "what was typed before is not changed"


def test_a_long_file_is_read_part_by_part_with_families_together() -> None:
    ties = {40: "1: con"}
    rows = [f"{number},Nguyễn Thị Thí Dụ {number},Nữ,1990,{ties.get(number, '')}" for number in range(1, 46)]
    draft = read_people(("STT,Họ và tên,Giới tính,Ngày sinh,Quan hệ gia đình\n" + "\n".join(rows)).encode())
    first, second = (of_draft(draft, part) for part in (1, 2))
    assert (len(first.people), len(second.people)) == (30, 15)
    assert first.places[-1] == "41", "she goes with her mother"
    assert first.people[-1]["family_links"] == "1: con"
    assert sorted(map(int, first.places + second.places)) == list(range(2, 47))
    assert of_draft(draft, 9).places == second.places


async def test_an_empty_form_is_there_to_be_filled(key: Path) -> None:
    browser = await Browser(key, NOTHING_YET, language="vi").sign_in(POST)
    page = await browser.get(f"/handovers/{uuid.uuid4()}")
    assert 'href="/handovers/template/handover.xlsx"' in page.text
    given = await browser.get("/handovers/template/handover.csv")
    assert given.headers["content-disposition"] == 'attachment; filename="handover.csv"'
    assert "Họ và tên" in given.text
    assert (await browser.get("/handovers/template/people.exe")).status == 404


async def test_typing_begins_although_the_service_is_away(key: Path) -> None:
    page = await (await Browser(key).sign_in(POST)).get(f"/handovers/{uuid.uuid4()}")
    assert page.status == 200
    assert "cannot be reached at the moment" in page.text
    assert 'name="p1.full_name"' in page.text


async def test_a_tie_is_chosen_from_the_people_of_the_form(key: Path) -> None:
    answers = NOTHING_YET | {"SubmitHandover": submissions_pb2.SubmitHandoverResponse()}
    browser = await Browser(key, answers, language="vi").sign_in(POST)
    path = f"/handovers/{uuid.uuid4()}"
    two = FIELDS | {"count": "2"} | {f"p2.{name[3:]}": text for name, text in FIELDS.items() if name.startswith("p1.")}
    two["p2.full_name"] = "Trần Thị Thí Dụ"
    page = await browser.post(path, two | {"action": "check"})
    assert '<option value="2">Người thứ 2: Trần Thị Thí Dụ</option>' in page.text
    await browser.post(path, two | {"action": "send", "p1.tie_to": "2", "p1.tie_as": "con"})
    (sent,) = browser.door.named("SubmitHandover")
    assert [(each.row, each.relation) for each in sent.handover.people[0].family_links] == [(2, "CHILD")]
    half = await browser.post(path, two | {"action": "send", "p1.tie_to": "2"})
    assert half.status == 422
    assert 'href="#p1.family_links"' in half.text


async def test_what_seldom_is_so_is_asked_once_and_then_registered(key: Path) -> None:
    answers = NOTHING_YET | {"SubmitHandover": submissions_pb2.SubmitHandoverResponse()}
    browser = await Browser(key, answers).sign_in(POST)
    path = f"/handovers/{uuid.uuid4()}"
    old = FIELDS | {"handover_time": "01/02/2026 09:00", "action": "send"}
    asked = await browser.post(path, old)
    assert asked.status == 422
    assert 'href="#looked"' in asked.text
    assert 'href="#handover_time"' in asked.text
    assert browser.door.named("SubmitHandover") == []
    reply = await browser.post(path, old | {"looked": "1"})
    assert reply.status == 303
    (sent,) = browser.door.named("SubmitHandover")
    assert "LONG_AGO" in sent.confirmed
    data = await browser.post(path, old, accept="application/json")
    assert {each["field"] for each in json.loads(data.text)["problems"]} == {"handover_time", "looked"}


async def test_what_the_service_alone_finds_odd_can_be_confirmed_too(key: Path) -> None:
    odd = Violation(None, "handover.place.gate_id", "GATE_OF_ANOTHER", "", "This gate is not your post's.")
    refusal = RpcFailure("/x/Y", grpc.StatusCode.INVALID_ARGUMENT, "INVALID_INPUT", "", (odd,))
    browser = await Browser(key, NOTHING_YET | {"SubmitHandover": refusal}).sign_in(POST)
    reply = await browser.post(f"/handovers/{uuid.uuid4()}", FIELDS | {"action": "send"})
    assert 'href="#looked"' in reply.text
    assert re.search(r'<label class="choice"><input type="checkbox" id="looked"', reply.text)


async def test_who_is_in_the_form_stands_in_a_list_with_what_each_one_misses(key: Path) -> None:
    browser = await Browser(key, NOTHING_YET).sign_in(POST)
    people = {"count": "3", "p2.full_name": "Trần Thị Ví Dụ", "p2.birth_date": "31/02/2001", "p3.sex": "Nữ"}
    reply = await browser.post(f"/handovers/{uuid.uuid4()}", FIELDS | people | {"action": "check"})
    rows = re.findall(r"<li>(.*?)</li>", reply.text.partition('id="people"')[2].partition("</ol>")[0])
    assert len(rows) == 3
    assert "complete" in rows[0]
    assert re.findall(r'href="#([^"]+)"', rows[1]) == ["p2", "p2.birth_date", "p2.sex", "p2.home_province"]
    assert re.findall(r'href="#([^"]+)"', rows[2]) == ["p3", "p3.full_name", "p3.birth_date", "p3.home_province"]


TITLES = "STT;Họ và tên;Giới tính;Ngày sinh;Địa chỉ;Sức khỏe"
ANNA = "1;Nguyễn Thị Thí Dụ;Nữ;2004;Thôn Một;yếu"


@pytest.mark.parametrize(
    ("row", "told_of_it"),
    [
        ("2;Trần Văn Ví Dụ;Nam;1998;Thôn Hai; xã Ba;", "more cells than the titles"),
        ("2;Trần Văn Ví Dụ;Nam;1998;Thôn Hai, xã Ba;ho;nữa", "goes on behind the last title"),
        ("2;Trần Văn Ví Dụ;Nam;1998;Thôn Hai;#REF!", "Excel&#39;s word for a mistake"),
        ("2;Trần Văn Ví Dụ;Nam;1998;nt;ho", "as above"),
    ],
)
async def test_what_is_wrong_with_a_row_of_a_file_is_told_where_the_form_cannot_find_it(
    key: Path, row: str, told_of_it: str
) -> None:
    browser = await Browser(key, NOTHING_YET).sign_in(POST)
    reply = await uploaded(browser, f"/handovers/{uuid.uuid4()}", f"{TITLES}\n{ANNA}\n{row}\n")
    assert told_of_it in reply.text
    whole = await uploaded(browser, f"/handovers/{uuid.uuid4()}", f"{TITLES}\n{ANNA}\n2;Trần Văn Ví Dụ;Nam;1998;A;ho\n")
    assert told_of_it not in whole.text


async def test_who_may_not_be_there_is_asked_about_before_anything_is_sent(key: Path) -> None:
    answers = NOTHING_YET | {"SubmitHandover": submissions_pb2.SubmitHandoverResponse()}
    browser = await Browser(key, answers).sign_in(POST)
    path = f"/handovers/{uuid.uuid4()}"
    there = FIELDS | {"action": "send", "p1.full_name": "Nguyễn Thị Thí Dụ (đã bỏ trốn)"}
    assert (await browser.post(path, there)).status == 422
    assert browser.door.named("SubmitHandover") == []
    assert (await browser.post(path, there | {"looked": "1"})).status == 303
    assert len(browser.door.named("SubmitHandover")) == 1
