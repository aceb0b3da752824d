"""What takes two people, in the browser: it is said before, waits on a page of its own, and is decided there."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any

import grpc

from homeward.handover.v1 import approvals_pb2, custody_pb2, directory_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from services.chassis.kernel.case_number import format_case_number
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


async def test_the_form_says_that_a_second_person_is_asked_and_leads_to_what_waits(key: Path) -> None:
    needed = RpcFailure(
        "ChangeRule", grpc.StatusCode.FAILED_PRECONDITION, "APPROVAL_NEEDED", "It waits.", (), {"approval_id": APPROVAL}
    )
    answers: dict[str, Answer] = {"ChangeRule": needed, "GetApproval": waiting(from_you=True)}
    browser = await Browser(key, answers).sign_in("ADMIN-NATIONAL")
    path = f"/acts/change-rule/{uuid.uuid4()}"
    assert "This asks a second person" in (await browser.get(path)).text
    reply = await browser.post(path, RULE)
    assert (reply.status, reply.headers["location"]) == (303, f"/approvals/{APPROVAL}?done=asked")
    shown = (await browser.get(f"/approvals/{APPROVAL}?done=asked")).text
    assert "waits for a second person" in shown
    assert "Take it back" in shown
    assert "Approve it" not in shown


async def test_who_may_approve_reads_what_would_happen_and_decides(key: Path) -> None:
    done = approvals_pb2.ApproveRequestResponse()
    answers: dict[str, Answer] = {"GetApproval": waiting(for_you=True), "ApproveRequest": done}
    browser = await Browser(key, answers).sign_in("SV-NATIONAL")
    shown = (await browser.get(f"/approvals/{APPROVAL}")).text
    assert "becomes 9 calendar days" in shown
    assert "Approve it" in shown
    request_id = str(uuid.uuid4())
    reply = await browser.post(f"/approvals/{APPROVAL}/approve", {"request_id": request_id})
    assert reply.status == 303
    (sent,) = browser.door.named("ApproveRequest")
    assert (sent.approval_id, sent.request_id) == (APPROVAL, request_id)


async def test_a_refusal_says_why(key: Path) -> None:
    done = approvals_pb2.RefuseRequestResponse()
    answers: dict[str, Answer] = {"GetApproval": waiting(for_you=True), "RefuseRequest": done}
    browser = await Browser(key, answers).sign_in("SV-NATIONAL")
    form = {"request_id": str(uuid.uuid4()), "reason": "NOT_PROVEN"}
    await browser.post(f"/approvals/{APPROVAL}/refuse", form)
    (sent,) = browser.door.named("RefuseRequest")
    assert sent.reason == types.APPROVAL_REFUSAL_NOT_PROVEN


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
