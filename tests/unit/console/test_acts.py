"""What administrators do: an end is tried first, and done only when the id is typed again."""

from __future__ import annotations

import uuid
from pathlib import Path

from homeward.handover.v1 import directory_pb2, sessions_pb2
from tests.support.pages import Browser, failure

END = {"office_id": "sa-24", "successor_id": "SV-24", "ended_on": "30/11/2026"}
COUNTED = directory_pb2.EndOfficeResponse(counts=directory_pb2.OfficeEndCounts(custodies=17))


async def administrator(key: Path) -> Browser:
    """Whose calls are answered."""
    answers = {
        "EndOffice": COUNTED,
        "ChangeRule": directory_pb2.ChangeRuleResponse(),
        "RevokeSessions": sessions_pb2.RevokeSessionsResponse(),
        "ListRevocations": sessions_pb2.ListRevocationsResponse(
            revocations=[sessions_pb2.Revocation(subject="officer-17")]
        ),
    }
    browser = Browser(key, answers)
    office = next(each for each in (await browser.console.directory()).offices() if each.role == "ADMIN")
    return await browser.sign_in(office.id)


async def test_an_end_is_tried_then_confirmed_by_its_id_and_then_done_once(key: Path) -> None:
    browser = await administrator(key)
    path = f"/acts/end-office/{uuid.uuid4()}"
    tried = await browser.post(path, END)
    assert "17" in tried.text
    mistyped = await browser.post(path, END | {"confirmed": "SA-25"})
    assert "This is another id." in mistyped.text
    assert [each.validate_only for each in browser.door.named("EndOffice")] == [True, True]
    done = await browser.post(path, END | {"confirmed": "SA-24"})
    assert "The office is ended" in done.text
    last = browser.door.named("EndOffice")[-1]
    assert not last.validate_only
    assert last.request_id == path.rpartition("/")[2]
    assert (last.office_id, last.ended_on) == ("SA-24", "2026-11-30")


async def test_a_number_that_is_none_and_a_rule_that_is_none_are_told_at_their_fields(key: Path) -> None:
    browser = await administrator(key)
    reply = await browser.post(f"/acts/change-rule/{uuid.uuid4()}", {"code": "NO_RULE", "amount": "a few"})
    for field in ("code", "amount", "unit", "basis", "valid_from"):
        assert f'href="#{field}"' in reply.text
    assert browser.door.named("ChangeRule") == []


async def test_nobody_else_sees_these_forms(key: Path) -> None:
    browser = await Browser(key, {}).sign_in("SA-24")
    assert (await browser.get("/acts/end-office")).status == 403


async def test_sign_ins_are_ended_and_listed(key: Path) -> None:
    browser = await administrator(key)
    reply = await browser.post(f"/acts/revoke-sessions/{uuid.uuid4()}", {"office_id": "sa-24", "reason": "MISUSED"})
    assert "counts no more" in reply.text
    [request] = browser.door.named("RevokeSessions")
    assert (request.office_id, request.subject) == ("SA-24", "")
    listed = await browser.get("/sessions")
    assert "officer-17" in listed.text
    assert "/acts/revoke-sessions" in listed.text


async def test_an_office_whose_sign_ins_were_ended_signs_in_anew(key: Path) -> None:
    browser = await Browser(key, {"ListMessages": failure("UNAUTHENTICATED", "SESSION_REVOKED")}).sign_in("SA-24")
    assert (await browser.get("/inbox")).status == 200
    assert (await browser.get("/inbox")).headers["location"] == "/sign-in?to=/inbox"
