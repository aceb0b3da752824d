"""Earlier and later returns of one person. Proto in, command, proto out."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from homeward.handover.v1 import returns_pb2, returns_pb2_grpc
from services.chassis.calls.fields import Fields
from services.chassis.calls.security import current_call
from services.handover.api.requests import Context
from services.handover.api.verbs import Verbs
from services.handover.application import returns
from services.handover.application.returns import DecideReturn
from services.handover.domain.reading import Page
from services.handover.wire import answers


class ReturnServicer(Verbs, returns_pb2_grpc.ReturnServiceServicer):
    """What whoever answers for an earlier case calls."""

    async def ListReturns(  # noqa: N802
        self, request: returns_pb2.ListReturnsRequest, context: Context
    ) -> returns_pb2.ListReturnsResponse:
        """See the contract."""
        fields, caller = Fields(), current_call().caller
        size = fields.page_size(request.page_size)
        fields.done()
        page = self._pages.page(caller, "returns", size, request.page_token)
        wanted = Page(page.limit, page.start(datetime.fromisoformat, UUID))
        rows = await self._units.read(lambda uow: returns.list_to_decide(uow, self._ports, caller, wanted))
        given, token = page.cut(rows, lambda row: (row.later.link.claimed_at, row.later.link.later_id))
        return returns_pb2.ListReturnsResponse(
            returns=[answers.return_to_decide(row) for row in given], next_page_token=token
        )

    async def ConfirmReappearance(  # noqa: N802
        self, request: returns_pb2.ConfirmReappearanceRequest, context: Context
    ) -> returns_pb2.ConfirmReappearanceResponse:
        """See the contract."""

        def read(fields: Fields) -> DecideReturn:
            return _decision(fields, request)

        return await self.carried_out(
            request,
            returns_pb2.ConfirmReappearanceResponse,
            read,
            returns.confirm,
            lambda shown, _now: returns_pb2.ConfirmReappearanceResponse(custody=answers.custody(shown)),
        )

    async def DenyReappearance(  # noqa: N802
        self, request: returns_pb2.DenyReappearanceRequest, context: Context
    ) -> returns_pb2.DenyReappearanceResponse:
        """See the contract."""

        def read(fields: Fields) -> DecideReturn:
            return _decision(fields, request)

        return await self.carried_out(
            request,
            returns_pb2.DenyReappearanceResponse,
            read,
            returns.deny,
            lambda shown, _now: returns_pb2.DenyReappearanceResponse(custody=answers.custody(shown)),
        )

    async def UndoReappearance(  # noqa: N802
        self, request: returns_pb2.UndoReappearanceRequest, context: Context
    ) -> returns_pb2.UndoReappearanceResponse:
        """See the contract."""

        def read(fields: Fields) -> DecideReturn:
            return _decision(fields, request)

        return await self.carried_out(
            request,
            returns_pb2.UndoReappearanceResponse,
            read,
            returns.undo,
            lambda shown, _now: returns_pb2.UndoReappearanceResponse(custody=answers.custody(shown)),
        )


def _decision(fields: Fields, request: Any) -> DecideReturn:
    return DecideReturn(fields.case(request.case), fields.case(request.later_case, "later_case"))
