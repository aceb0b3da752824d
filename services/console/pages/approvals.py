"""What takes more than one person: the list of what waits, and one request with what exactly would happen."""

from __future__ import annotations

import uuid
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from homeward.handover.v1 import approvals_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from services.chassis.kernel.case_number import InvalidCaseNumber, parse_case_number
from services.client import words
from services.client.refusals import APPROVAL_NEEDED
from services.client.shown import approvals as shown
from services.console.desk import Desk
from services.console.kept import kept
from services.console.pages.lists import choices, page_token, shown_list
from services.console.refusals import Refused
from services.console.routes import Page
from services.console.texts import N_

DONE: Final = {
    "asked": N_("It is asked for, and waits for approval. You are told when it is decided."),
    "approve": N_("Approved: it has taken effect."),
    "given": N_("Approved. Nothing has happened yet: it waits for the approval of others."),
    "refuse": N_("Refused: it will not happen. Who asked is told."),
    "withdraw": N_("Taken back: it will not happen."),
}
"""What was done, by the last part of the address that it was sent to; `given`: others have to approve as well."""


def waiting_page(failure: RpcFailure) -> str:
    """Where somebody goes whose request waits for a second person; empty when it does not."""
    if failure.reason != APPROVAL_NEEDED:
        return ""
    return f"/approvals/{failure.metadata.get('approval_id', '')}?done=asked"


async def approvals(desk: Desk) -> Response:
    """What waits, or with `decided=1` also what was decided."""
    _ = desk.texts
    decided = desk.request.query_params.get("decided") == "1"
    request = approvals_pb2.ListApprovalsRequest(page_token=page_token(desk), include_decided=decided)
    return await shown_list(
        desk,
        _("Requests that take more than one person"),
        shown.titles(_),
        lambda: desk.ask(desk.stubs.approvals.ListApprovals, request),
        lambda answer: [shown.row(each, _) for each in answer.approvals],
        filters=(("decided", _("Also decided ones"), (("1", _("yes")),), "1" if decided else ""),),
        link="/approvals/",
        called=_("Show"),
        beside=(("/break-glass", _("Opened by break-glass")),) if desk.may("ListBreakGlass") else (),
    )


async def approval(desk: Desk) -> Response:
    """One request, with the buttons that this officer has."""
    return await _page(desk, done=desk.request.query_params.get("done", ""))


async def decide(desk: Desk) -> Response:
    """Approve, refuse or take back."""
    form, verb = await desk.form(), desk.request.path_params["verb"]
    request_id, approval_id = _uuid(str(form.get("request_id", ""))), _approval_id(desk)
    stubs = desk.stubs.approvals
    try:
        if verb == "approve":
            approve = approvals_pb2.ApproveRequestRequest(request_id=request_id, approval_id=approval_id)
            if (await desk.ask(stubs.ApproveRequest, approve)).approval.awaited:
                verb = "given"
        elif verb == "refuse":
            refuse = approvals_pb2.RefuseRequestRequest(request_id=request_id, approval_id=approval_id)
            reason = str(form.get("reason", ""))
            if reason in words.APPROVAL_REFUSALS:
                refuse.reason = types.ApprovalRefusal.Value(f"APPROVAL_REFUSAL_{reason}")
            await desk.ask(stubs.RefuseRequest, refuse)
        else:
            withdraw = approvals_pb2.WithdrawRequestRequest(request_id=request_id, approval_id=approval_id)
            await desk.ask(stubs.WithdrawRequest, withdraw)
    except RpcFailure as failure:
        refused = desk.refused(failure)
        reason = str(form.get("reason", ""))
        return await _page(desk, refused=refused, reason=reason, status=503 if refused.away else 422)
    return desk.go(f"/approvals/{approval_id}?done={verb}")


async def _page(
    desk: Desk, *, done: str = "", refused: Refused | None = None, reason: str = "", status: int = 200
) -> Response:
    request = approvals_pb2.GetApprovalRequest(approval_id=_approval_id(desk))
    found = await desk.block(_get(desk, request))
    if refused is not None and found.found is None:
        # There is no form to stand in: it is kept beside what went wrong.
        page = kept(desk, status, desk.texts("This did not work"), refused)
        if page is not None:
            return page
    return desk.page(
        "approval.html",
        status,
        found=found,
        facts=[(name, desk.named(value)) for name, value in shown.facts(found.found, desk.texts)[1:]]
        if found.found is not None
        else (),
        case=case_number_of(found.found.object) if found.found is not None and desk.may("GetCase") else "",
        done=DONE.get(done, ""),
        refused=refused,
        reasons=choices(desk, words.APPROVAL_REFUSALS),
        reason=reason,
        request_id=uuid.uuid4(),
    )


def case_number_of(text: str) -> str:
    """A case number; empty for anything else that a request may be about."""
    try:
        return str(parse_case_number(text))
    except InvalidCaseNumber:
        return ""


async def _get(desk: Desk, request: Any) -> approvals_pb2.Approval:
    return (await desk.ask(desk.stubs.approvals.GetApproval, request)).approval


def _approval_id(desk: Desk) -> str:
    return _uuid(desk.request.path_params["approval_id"])


def _uuid(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise HTTPException(404) from None


PAGES: Final = (
    Page("/approvals", approvals, calls=("ListApprovals",)),
    Page("/approvals/{approval_id}", approval, calls=("GetApproval",)),
    Page("/approvals/{approval_id}/{verb}", decide, ("POST",), calls=("ApproveRequest", "WithdrawRequest")),
)
