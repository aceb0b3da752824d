"""Break-glass in the browser: opened from a case, the person read by a form, reviewed by another office."""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from typing import Any

from homeward.handover.v1 import custody_pb2
from homeward.intake.v1 import break_glass_pb2, cases_pb2, people_pb2, reading_pb2
from homeward.notify.v1 import inbox_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.case_number import keyed_case_number
from services.client.tokens import claims_of
from tests.support.pages import Answer, Browser, failure

ONE = "0197f0a4-7d3c-7b52-9c0e-2f6a5b1d4e90"
CASE = keyed_case_number(5)
NAME = "Nguyễn Thị Một Ví Dụ"


def opened(**more: Any) -> break_glass_pb2.BreakGlass:
    return break_glass_pb2.BreakGlass(
        break_glass_id=ONE,
        case_number=CASE,
        reason=types.BREAK_GLASS_REASON_DANGER,
        office_id="SV-04",
        subject="somebody",
        review_due_on="2026-03-05",
        **more,
    )


def got(words: str = "", **more: Any) -> break_glass_pb2.GetBreakGlassResponse:
    return break_glass_pb2.GetBreakGlassResponse(break_glass=opened(**more), words=words)


def case(**more: Any) -> reading_pb2.GetCaseResponse:
    return reading_pb2.GetCaseResponse(case=cases_pb2.Case(case_number=CASE, **more))


async def test_a_supervisor_opens_it_from_the_case_and_reads_the_person_by_a_form_alone(key: Path) -> None:
    person = people_pb2.Person(full_name=NAME)
    answers: dict[str, Answer] = {
        "GetCustody": custody_pb2.GetCustodyResponse(custody=custody_pb2.Custody(case_number=CASE)),
        "GetCase": case(),
        "OpenBreakGlass": break_glass_pb2.OpenBreakGlassResponse(break_glass=opened(yours=True)),
        "GetBreakGlass": got(yours=True),
    }
    browser = await Browser(key, answers).sign_in("SV-04")
    assert f"/cases/{CASE}/break-glass" in (await browser.get(f"/cases/{CASE}")).text
    assert "one more person knowing" in (await browser.get(f"/cases/{CASE}/break-glass")).text
    request_id = str(uuid.uuid4())
    form = {"request_id": request_id, "reason": "DANGER", "words": "Ví dụ"}
    reply = await browser.post(f"/cases/{CASE}/break-glass", form)
    assert (reply.status, reply.headers["location"]) == (303, f"/break-glass/{ONE}?done=open")
    (sent,) = browser.door.named("OpenBreakGlass")
    assert (sent.request_id, sent.reason, sent.words) == (request_id, types.BREAK_GLASS_REASON_DANGER, "Ví dụ")
    page = (await browser.get(f"/break-glass/{ONE}?done=open")).text
    assert "Show it for a minute" in page
    assert "Record the review" not in page
    browser.door.answers = {**answers, "GetCase": case(person=person)}
    assert NAME not in (await browser.get(f"/break-glass/{ONE}/person")).text
    assert NAME in (await browser.post(f"/break-glass/{ONE}/person", {})).text
    asked = browser.door.named("GetCase")[-1]
    assert (asked.break_glass_id, asked.include_identity, asked.purpose) == (ONE, True, "")


async def test_what_is_refused_is_said_and_what_was_typed_stays(key: Path) -> None:
    refused = failure("FAILED_PRECONDITION", "TOO_MANY_BREAK_GLASS", "No further one today.")
    browser = await Browser(key, {"OpenBreakGlass": refused}).sign_in("SV-04")
    request_id = str(uuid.uuid4())
    form = {"request_id": request_id, "reason": "DANGER", "words": "Ví dụ"}
    reply = await browser.post(f"/cases/{CASE}/break-glass", form)
    assert reply.status == 422
    assert "No further one today." in reply.text
    assert request_id in reply.text
    assert "Ví dụ" in reply.text


async def test_whoever_signed_in_long_ago_signs_in_anew_beside_what_is_typed(key: Path) -> None:
    now_s = time.time()
    old = failure("FAILED_PRECONDITION", "SIGN_IN_TOO_OLD", "You signed in more than 15 minutes ago.")
    browser = await Browser(key, {"OpenBreakGlass": old}, now_s=lambda: now_s).sign_in("SV-04")
    began_s, now_s = int(now_s), now_s + 1_000
    form = {"request_id": str(uuid.uuid4()), "reason": "DANGER", "words": "Ví dụ"}
    reply = await browser.post(f"/cases/{CASE}/break-glass", form)
    assert reply.status == 422
    assert 'href="/sign-in?to=/signed-in"' in reply.text
    assert "Ví dụ" in reply.text
    await browser.sign_in("SV-04")
    await browser.post(f"/cases/{CASE}/break-glass", form)
    assert [claims_of(each)["auth_time"] - began_s for each in browser.door.tokens[-2:]] == [0, 1_000]


async def test_a_reviewer_reads_the_words_and_decides(key: Path) -> None:
    done = break_glass_pb2.ReviewBreakGlassResponse(break_glass=opened())
    answers: dict[str, Answer] = {"GetBreakGlass": got("Bằng lời ví dụ", for_you=True), "ReviewBreakGlass": done}
    browser = await Browser(key, answers).sign_in("SV-NATIONAL")
    assert "Bằng lời ví dụ" in (await browser.get(f"/break-glass/{ONE}")).text
    form = {"request_id": str(uuid.uuid4()), "verdict": "UNJUSTIFIED"}
    assert (await browser.post(f"/break-glass/{ONE}/review", form)).status == 303
    (sent,) = browser.door.named("ReviewBreakGlass")
    assert (sent.break_glass_id, sent.verdict) == (ONE, types.BREAK_GLASS_VERDICT_UNJUSTIFIED)


async def test_it_is_listed_and_a_message_leads_to_what_is_to_be_reviewed(key: Path) -> None:
    listed = break_glass_pb2.ListBreakGlassResponse(break_glasses=[opened()])
    message = inbox_pb2.Message(message_id=str(uuid.uuid4()), case_number=CASE, title="Ví dụ", break_glass_id=ONE)
    messages = inbox_pb2.ListMessagesResponse(messages=[message])
    browser = await Browser(key, {"ListBreakGlass": listed, "ListMessages": messages}).sign_in("SV-NATIONAL")
    assert f'href="/break-glass/{ONE}"' in (await browser.get("/break-glass?waiting=1")).text
    assert browser.door.named("ListBreakGlass")[-1].waiting_only
    assert f'href="/break-glass/{ONE}"' in (await browser.get("/inbox")).text


async def test_an_auditor_looks_and_has_no_buttons_and_an_administrator_sees_nothing(key: Path) -> None:
    browser = await Browser(key, {"GetBreakGlass": got()}).sign_in("AUDIT-NATIONAL")
    page = (await browser.get(f"/break-glass/{ONE}")).text
    assert "Show it for a minute" not in page
    assert "Record the review" not in page
    assert (await browser.post(f"/break-glass/{ONE}/review", {"verdict": "JUSTIFIED"})).status == 403
    other = await Browser(key, {"GetBreakGlass": got()}).sign_in("ADMIN-NATIONAL")
    assert (await other.get(f"/break-glass/{ONE}")).status == 403
