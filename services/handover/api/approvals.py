"""What one person asked for, and others decide. Proto in, command, proto out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from homeward.handover.v1 import approvals_pb2, approvals_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.answers import Answers
from services.chassis.calls.fields import Fields
from services.chassis.calls.pages import Pages
from services.chassis.calls.security import current_call
from services.chassis.events.units import UnitOfWork, Units
from services.handover.api.by_two import ByTwo
from services.handover.api.requests import Context
from services.handover.application import approvals
from services.handover.domain.approvals import Refusal
from services.handover.domain.reading import Page
from services.handover.wire.approvals import approval as shown_approval


class ApprovalServicer(approvals_pb2_grpc.ApprovalServiceServicer):
    """What whoever approves calls, and whoever asked."""

    def __init__(self, units: Units, by_two: ByTwo, digest_key: bytes) -> None:
        self._units = units
        self._by_two = by_two
        self._approving = by_two.approving
        self._answers = Answers(units, digest_key)
        self._pages = Pages(digest_key)

    async def ListApprovals(  # noqa: N802
        self, request: approvals_pb2.ListApprovalsRequest, context: Context
    ) -> approvals_pb2.ListApprovalsResponse:
        """See the contract."""
        fields, caller = Fields(), current_call().caller
        size = fields.page_size(request.page_size)
        fields.done()
        decided = request.include_decided
        page = self._pages.page(caller, "approvals", size, request.page_token, decided=decided)
        wanted = Page(page.limit, page.start(datetime.fromisoformat, UUID))
        rows = await self._units.read(
            lambda uow: approvals.list_approvals(uow, self._approving, caller, wanted, decided_too=decided)
        )
        given, token = page.cut(rows, lambda row: (row.approval.asked_at, row.approval.id))
        return approvals_pb2.ListApprovalsResponse(
            approvals=[shown_approval(row) for row in given], next_page_token=token
        )

    async def GetApproval(  # noqa: N802
        self, request: approvals_pb2.GetApprovalRequest, context: Context
    ) -> approvals_pb2.GetApprovalResponse:
        """See the contract."""
        fields, caller = Fields(), current_call().caller
        approval_id = fields.uuid("approval_id", request.approval_id)
        fields.done()
        found = await self._units.read(lambda uow: approvals.get(uow, self._approving, caller, approval_id))
        return approvals_pb2.GetApprovalResponse(approval=shown_approval(found))

    async def ApproveRequest(  # noqa: N802
        self, request: approvals_pb2.ApproveRequestRequest, context: Context
    ) -> approvals_pb2.ApproveRequestResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        approval_id = fields.uuid("approval_id", request.approval_id)
        fields.done()

        async def work(uow: UnitOfWork) -> approvals_pb2.ApproveRequestResponse:
            approved = await self._by_two.approve(uow, asked.caller, approval_id)
            shown = approvals.shown(uow, self._approving, asked.caller, approved)
            return approvals_pb2.ApproveRequestResponse(approval=shown_approval(shown))

        try:
            return await self._answers.once(asked, approvals_pb2.ApproveRequestResponse, work)
        finally:
            await self._by_two.settled()

    async def RefuseRequest(  # noqa: N802
        self, request: approvals_pb2.RefuseRequestRequest, context: Context
    ) -> approvals_pb2.RefuseRequestResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        approval_id = fields.uuid("approval_id", request.approval_id)
        why = fields.required_member("reason", Refusal, types.ApprovalRefusal, request.reason)
        fields.done()

        async def work(uow: UnitOfWork) -> approvals_pb2.RefuseRequestResponse:
            refused = await approvals.refuse(uow, self._approving, asked.caller, approval_id, why)
            shown = approvals.shown(uow, self._approving, asked.caller, refused)
            return approvals_pb2.RefuseRequestResponse(approval=shown_approval(shown))

        return await self._answers.once(asked, approvals_pb2.RefuseRequestResponse, work)

    async def WithdrawRequest(  # noqa: N802
        self, request: approvals_pb2.WithdrawRequestRequest, context: Context
    ) -> approvals_pb2.WithdrawRequestResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        approval_id = fields.uuid("approval_id", request.approval_id)
        fields.done()

        async def work(uow: UnitOfWork) -> approvals_pb2.WithdrawRequestResponse:
            withdrawn = await approvals.withdraw(uow, self._approving, asked.caller, approval_id)
            shown = approvals.shown(uow, self._approving, asked.caller, withdrawn)
            return approvals_pb2.WithdrawRequestResponse(approval=shown_approval(shown))

        return await self._answers.once(asked, approvals_pb2.WithdrawRequestResponse, work)
