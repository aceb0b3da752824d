"""What takes more than one person, in the browser: said before, waiting on a page of its own, and decided there."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any

import grpc
import pytest

from homeward.handover.v1 import approvals_pb2, custody_pb2, directory_pb2
from homeward.type.v1 import options_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure, Violation
from services.chassis.kernel.case_number import format_case_number
from services.client.tokens import claims_of
from tests.support.pages import Answer, Browser

APPROVAL = "0197f0a4-7d3c-7b52-9c0e-2f6a5b1d4e90"
RULE = {
    "code": "TRANSFER_LOST",
    "amount": "9",
    "unit": "CALENDAR_DAYS",
    "basis": "POLICY",
    "legal_source": "Invented circular",
    "valid_from": "today",
}


def waiting(**more: Any) -> approvals_pb2.GetApprovalResponse:
    asked = directory_pb2.ChangeRuleRequest(code="TRANSFER_LOST", amount=9, unit="CALENDAR_DAYS", basis="POLICY")
    return approvals_pb2.GetApprovalResponse(
        approval=approvals_pb2.Approval(
            approval_id=APPROVAL,
            method="ChangeRule",
            object="TRANSFER_LOST",
            state=types.APPROVAL_STATE_WAITING,
            asked_by_office_id="ADMIN-NATIONAL",
            asked_by_subject="somebody",
            expires_on="2026-03-09",
            change_rule=asked,
            **more,
        )
    )


async def test_the_form_says_that_others_are_asked_and_leads_to_what_waits(key: Path) -> None:
    needed = RpcFailure(
        "ChangeRule", grpc.StatusCode.FAILED_PRECONDITION, "APPROVAL_NEEDED", "It waits.", (), {"approval_id": APPROVAL}
    )
    answers: dict[str, Answer] = {"ChangeRule": needed, "GetApproval": waiting(from_you=True)}
    browser = await Browser(key, answers).sign_in("ADMIN-NATIONAL")
    path = f"/acts/change-rule/{uuid.uuid4()}"
    form = (await browser.get(path)).text
    assert "when each of these has approved it: another administrator, a national supervisor." in form
    reply = await browser.post(path, RULE)
    assert (reply.status, reply.headers["location"]) == (303, f"/approvals/{APPROVAL}?done=asked")
    shown = (await browser.get(f"/approvals/{APPROVAL}?done=asked")).text
    assert "waits for approval" in shown
    assert "Take it back" in shown
    assert "Approve it" not in shown


async def test_who_may_approve_reads_what_would_happen_and_decides(key: Path) -> None:
    done = approvals_pb2.ApproveRequestResponse()
    found = waiting(for_you=True, refusable_by_you=True)
    answers: dict[str, Answer] = {"GetApproval": found, "ApproveRequest": done}
    browser = await Browser(key, answers).sign_in("SV-NATIONAL")
    shown = (await browser.get(f"/approvals/{APPROVAL}")).text
    assert "becomes 9 calendar days" in shown
    assert "Approve it" in shown
    request_id = str(uuid.uuid4())
    reply = await browser.post(f"/approvals/{APPROVAL}/approve", {"request_id": request_id})
    assert reply.status == 303
    (sent,) = browser.door.named("ApproveRequest")
    assert (sent.approval_id, sent.request_id) == (APPROVAL, request_id)
    assert reply.headers["location"] == f"/approvals/{APPROVAL}?done=approve"


@pytest.mark.parametrize(
    ("language", "told", "approved_by"),
    [
        ("en", "Nothing has happened yet", "as another administrator"),
        ("vi", "Việc này chưa được thực hiện", "với tư cách một quản trị viên khác"),
    ],
)
async def test_the_first_of_two_reads_who_is_still_awaited(
    key: Path, language: str, told: str, approved_by: str
) -> None:
    first = directory_pb2.GivenApproval(
        approver=options_pb2.APPROVER_ADMIN, office_id="ADMIN-NATIONAL", subject="second"
    )
    awaited = [options_pb2.APPROVER_NATIONAL_SUPERVISOR]
    partly = waiting(given=[first], awaited=awaited, refusable_by_you=True, approving_office_ids=["SV-NATIONAL"])
    answers: dict[str, Answer] = {
        "GetApproval": partly,
        "ApproveRequest": approvals_pb2.ApproveRequestResponse(approval=partly.approval),
        "ListApprovals": approvals_pb2.ListApprovalsResponse(approvals=[partly.approval]),
    }
    browser = await Browser(key, answers, language=language).sign_in("ADMIN-NATIONAL")
    reply = await browser.post(f"/approvals/{APPROVAL}/approve", {"request_id": str(uuid.uuid4())})
    assert reply.headers["location"] == f"/approvals/{APPROVAL}?done=given"
    shown = (await browser.get(f"/approvals/{APPROVAL}?done=given")).text
    supervisor = {"en": "a national supervisor", "vi": "giám sát quốc gia"}[language]
    assert told in shown
    assert approved_by in shown
    assert supervisor in shown
    assert f'action="/approvals/{APPROVAL}/approve"' not in shown
    assert f'action="/approvals/{APPROVAL}/refuse"' in shown, "who has approved may still refuse"
    assert supervisor in (await browser.get("/approvals")).text


async def test_in_a_demonstration_another_person_of_the_office_signs_in(key: Path) -> None:
    browser = Browser(key, {"GetApproval": waiting(for_you=True)})
    for second, account in (({}, "console"), ({"second": "1"}, "second")):
        await browser.post("/sign-in", {"office": "ADMIN-NATIONAL", "to": "/", **second})
        await browser.get(f"/approvals/{APPROVAL}")
        assert claims_of(browser.door.tokens[-1])["sub"] == f"{account}@ADMIN-NATIONAL"


async def test_a_refusal_says_why(key: Path) -> None:
    done = approvals_pb2.RefuseRequestResponse()
    answers: dict[str, Answer] = {"GetApproval": waiting(refusable_by_you=True), "RefuseRequest": done}
    browser = await Browser(key, answers).sign_in("SV-NATIONAL")
    form = {"request_id": str(uuid.uuid4()), "reason": "NOT_PROVEN"}
    await browser.post(f"/approvals/{APPROVAL}/refuse", form)
    (sent,) = browser.door.named("RefuseRequest")
    assert sent.reason == types.APPROVAL_REFUSAL_NOT_PROVEN


async def test_whoever_approves_reads_what_stands_in_the_way_once(key: Path) -> None:
    why = "The office NGO-01 has this name already; choose one that tells them apart."
    taken = RpcFailure(
        "ApproveRequest",
        grpc.StatusCode.INVALID_ARGUMENT,
        "INVALID_INPUT",
        "Some fields need correction before this can be accepted: 2.",
        tuple(Violation(None, field, "NAME_TAKEN", "", why) for field in ("name_vi", "name_en")),
        {},
    )
    found = waiting(for_you=True)
    browser = await Browser(key, {"GetApproval": found, "ApproveRequest": taken}).sign_in("SV-NATIONAL")
    reply = await browser.post(f"/approvals/{APPROVAL}/approve", {"request_id": str(uuid.uuid4())})
    assert reply.status == 422
    assert reply.text.count(why) == 1
    assert "Approve it" in reply.text


async def test_others_have_no_such_buttons(key: Path) -> None:
    browser = await Browser(key, {"GetApproval": waiting()}).sign_in("AUDIT-NATIONAL")
    shown = (await browser.get(f"/approvals/{APPROVAL}")).text
    assert "Approve it" not in shown
    assert (await browser.post(f"/approvals/{APPROVAL}/approve", {"request_id": str(uuid.uuid4())})).status == 403


async def test_whoever_approves_reads_which_case_it_is_about_and_no_ids_of_the_machine(key: Path) -> None:
    number = format_case_number(77)
    asked = custody_pb2.ReassignCaseRequest(case=number, office_id="SA-24", reason=types.REASSIGN_REASON_HOME_IS_THERE)
    found = approvals_pb2.Approval(
        approval_id=APPROVAL,
        method="ReassignCase",
        object=number,
        asked_by_office_id="SV-NATIONAL",
        approving_office_ids=["SV-24"],
        reassign_case=asked,
        for_you=True,
    )
    answers: dict[str, Answer] = {
        "GetApproval": approvals_pb2.GetApprovalResponse(approval=found),
        "ListApprovals": approvals_pb2.ListApprovalsResponse(approvals=[found]),
    }
    browser = await Browser(key, answers, language="vi").sign_in("SV-24")
    for path in (f"/approvals/{APPROVAL}", "/approvals"):
        text = re.sub(r"<[^>]+>", " ", (await browser.get(path)).text.partition("<main")[2])
        assert number in text
        assert APPROVAL not in text
        assert "Giám sát quốc gia" in text
    assert f'href="/cases/{number}"' in (await browser.get(f"/approvals/{APPROVAL}")).text
