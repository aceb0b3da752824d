"""What takes more than one person, at the command line: what waits, what would happen, and the decision."""

from __future__ import annotations

from typing import Any

import grpc
import pytest

from homeward.handover.v1 import approvals_pb2, directory_pb2
from homeward.type.v1 import options_pb2, types_pb2
from services.terminal.exits import Exit
from tests.integration.cli.commands.conftest import Desk
from tests.integration.cli.commands.fake_services import Refusal

ADMIN, SECOND = ("--as", "ADMIN-NATIONAL"), ("--as", "SV-NATIONAL")
APPROVAL = "0197f0a4-7d3c-7b52-9c0e-2f6a5b1d4e90"
BOTH = (options_pb2.APPROVER_ADMIN, options_pb2.APPROVER_NATIONAL_SUPERVISOR)


def waiting(**more: Any) -> approvals_pb2.Approval:
    return approvals_pb2.Approval(
        approval_id=APPROVAL,
        method="EndOffice",
        object="SA-24",
        state=types_pb2.APPROVAL_STATE_WAITING,
        asked_by_office_id="ADMIN-NATIONAL",
        asked_by_subject="somebody",
        expires_on="2026-03-09",
        approving_office_ids=["ADMIN-NATIONAL", "SV-NATIONAL"],
        end_office=directory_pb2.EndOfficeRequest(office_id="SA-24", successor_id="SA-27"),
        approvers=BOTH,
        **more,
    )


def by_one(**more: Any) -> approvals_pb2.Approval:
    """Somebody approved; the supervisor is awaited."""
    first = directory_pb2.GivenApproval(
        approver=options_pb2.APPROVER_ADMIN, office_id="ADMIN-NATIONAL", subject="second"
    )
    return waiting(given=[first], awaited=[options_pb2.APPROVER_NATIONAL_SUPERVISOR], **more)


def test_who_asks_is_told_that_it_waits_and_how_to_follow_it(desk: Desk) -> None:
    details = {"approval_id": APPROVAL, "expires_on": "2026-03-09", "offices": "SV-NATIONAL"}
    needed = Refusal(grpc.StatusCode.FAILED_PRECONDITION, "APPROVAL_NEEDED", "It waits.", details=details)
    desk.services.answer("EndOffice", needed)
    done = desk.homeward(*ADMIN, "offices", "end", "SA-24", "--successor", "SA-27")
    assert done.code == Exit.PARTLY_DONE
    assert f"homeward approvals show {APPROVAL}" in done.err


def test_what_waits_is_listed_and_shown_in_plain_words(desk: Desk) -> None:
    desk.services.answer("ListApprovals", approvals_pb2.ListApprovalsResponse(approvals=[waiting()]))
    listed = desk.homeward(*SECOND, "approvals")
    assert listed.code == 0, listed.err
    assert {"end", "office"} <= set(listed.out.split())
    desk.services.answer("GetApproval", approvals_pb2.GetApprovalResponse(approval=waiting(for_you=True)))
    shown = desk.homeward(*SECOND, "approvals", "show", APPROVAL)
    assert "SA-24 ends" in " ".join(shown.out.split())
    assert f"homeward approvals approve {APPROVAL}" in shown.out


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("ADMIN-NATIONAL (second), as another administrator", "a national supervisor")),
        ("vi", ("ADMIN-NATIONAL (second), với tư cách một quản trị viên khác", "giám sát quốc gia")),
    ],
)
def test_who_has_approved_and_who_is_awaited_is_shown(desk: Desk, language: str, told: tuple[str, str]) -> None:
    first, awaited = told
    desk.services.answer("GetApproval", approvals_pb2.GetApprovalResponse(approval=by_one(for_you=True)))
    shown = " ".join(desk.homeward(*SECOND, "--lang", language, "approvals", "show", APPROVAL).out.split())
    assert first in shown
    assert awaited in shown
    desk.services.answer("ListApprovals", approvals_pb2.ListApprovalsResponse(approvals=[by_one()]))
    listed = desk.homeward(*SECOND, "--json", "approvals").document["approvals"][0]
    assert [each["subject"] for each in listed["given"]] == ["second"]
    assert listed["awaited"] == ["NATIONAL_SUPERVISOR"]
    desk.services.answer("ListApprovals", approvals_pb2.ListApprovalsResponse(approvals=[by_one()]))
    table = desk.homeward(*SECOND, "--lang", language, "approvals").out
    assert set(awaited.split()) <= set(table.split())


def test_the_first_of_two_is_told_that_nothing_has_happened_yet(desk: Desk) -> None:
    desk.services.answer("ApproveRequest", approvals_pb2.ApproveRequestResponse(approval=by_one()))
    done = desk.homeward(*SECOND, "approvals", "approve", APPROVAL)
    assert done.code == 0
    assert "has taken effect" not in done.out
    assert "Nothing has happened yet; still awaited: a national supervisor." in " ".join(done.out.split())


def test_it_is_approved_refused_and_taken_back(desk: Desk) -> None:
    desk.services.answer("ApproveRequest", approvals_pb2.ApproveRequestResponse(approval=waiting()))
    assert "has taken effect" in desk.homeward(*SECOND, "approvals", "approve", APPROVAL).out
    desk.services.answer("RefuseRequest", approvals_pb2.RefuseRequestResponse(approval=waiting()))
    refused = desk.homeward(*SECOND, "approvals", "refuse", APPROVAL, "--reason", "not-proven")
    assert "will not happen" in refused.out
    [request] = desk.services.requests("RefuseRequest")
    assert request.reason == types_pb2.APPROVAL_REFUSAL_NOT_PROVEN
    desk.services.answer("WithdrawRequest", approvals_pb2.WithdrawRequestResponse(approval=waiting()))
    assert "Taken back" in desk.homeward(*ADMIN, "approvals", "withdraw", APPROVAL).out


def test_the_log_says_who_asked_and_who_approved(desk: Desk) -> None:
    change = directory_pb2.AdministrativeChange(
        method="ChangeRule",
        object="TRANSFER_LOST",
        details={"amount": "9"},
        asked_by_office_id="ADMIN-NATIONAL",
        asked_by_subject="first",
        approved_by_office_id="SV-NATIONAL",
        approved_by_subject="second",
        approvals=[
            directory_pb2.GivenApproval(office_id="ADMIN-NATIONAL", subject="third"),
            directory_pb2.GivenApproval(office_id="SV-NATIONAL", subject="second"),
        ],
    )
    desk.services.answer("ListAdministration", directory_pb2.ListAdministrationResponse(changes=[change]))
    done = desk.homeward("--as", "AUDIT-NATIONAL", "--json", "administration", "log")
    assert done.code == 0, done.err
    (listed,) = done.document["changes"]
    assert (listed["asked_by_subject"], listed["approved_by_subject"]) == ("first", "second")
    desk.services.answer("ListAdministration", directory_pb2.ListAdministrationResponse(changes=[change]))
    words = desk.homeward("--as", "AUDIT-NATIONAL", "administration", "log").out
    assert {"(third),", "(second)"} <= set(words.split())
