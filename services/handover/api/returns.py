"""Earlier and later returns of one person. Proto in, command, proto out."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from homeward.handover.v1 import returns_pb2, returns_pb2_grpc
from services.chassis.calls.answers import Answers
from services.chassis.calls.fields import Fields
from services.chassis.calls.pages import Pages
from services.chassis.calls.security import current_call
from services.chassis.events.units import UnitOfWork, Units
from services.handover.api.requests import Context
from services.handover.application import returns
from services.handover.application.desk import Ports
from services.handover.application.returns import DecideReturn
from services.handover.domain.reading import Page
from services.handover.wire import answers


class ReturnServicer(returns_pb2_grpc.ReturnServiceServicer):
    """What whoever answers for an earlier case calls."""

    def __init__(self, units: Units, ports: Ports, digest_key: bytes) -> None:
        self._units = units
        self._ports = ports
        self._answers = Answers(units, digest_key)
        self._pages = Pages(digest_key)

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
        fields = Fields()
        asked = self._answers.asked(fields, request)
        command = _decision(fields, request)

        async def work(uow: UnitOfWork) -> returns_pb2.ConfirmReappearanceResponse:
            shown = await returns.confirm(uow, self._ports, asked.caller, command)
            return returns_pb2.ConfirmReappearanceResponse(custody=answers.custody(shown))

        return await self._answers.once(asked, returns_pb2.ConfirmReappearanceResponse, work)

    async def DenyReappearance(  # noqa: N802
        self, request: returns_pb2.DenyReappearanceRequest, context: Context
    ) -> returns_pb2.DenyReappearanceResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        command = _decision(fields, request)

        async def work(uow: UnitOfWork) -> returns_pb2.DenyReappearanceResponse:
            shown = await returns.deny(uow, self._ports, asked.caller, command)
            return returns_pb2.DenyReappearanceResponse(custody=answers.custody(shown))

        return await self._answers.once(asked, returns_pb2.DenyReappearanceResponse, work)

    async def UndoReappearance(  # noqa: N802
        self, request: returns_pb2.UndoReappearanceRequest, context: Context
    ) -> returns_pb2.UndoReappearanceResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        command = _decision(fields, request)

        async def work(uow: UnitOfWork) -> returns_pb2.UndoReappearanceResponse:
            shown = await returns.undo(uow, self._ports, asked.caller, command)
            return returns_pb2.UndoReappearanceResponse(custody=answers.custody(shown))

        return await self._answers.once(asked, returns_pb2.UndoReappearanceResponse, work)


def _decision(fields: Fields, request: Any) -> DecideReturn:
    command = DecideReturn(fields.case(request.case), fields.case(request.later_case, "later_case"))
    fields.done()
    return command
