"""Closing a case, and opening it again."""

from __future__ import annotations

from typing import Any

import grpc

from homeward.followup.v1 import closing_pb2, closing_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.answers import Answers
from services.chassis.calls.fields import Fields
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.words import CloseReason
from services.followup import wire
from services.followup.application.case import Ports
from services.followup.application.closing import close_case, reopen_case
from services.followup.application.deadlines import primary_deadline

Context = grpc.aio.ServicerContext[Any, Any]


class ClosingServicer(closing_pb2_grpc.ClosingServiceServicer):
    """Closes cases and opens them again."""

    def __init__(self, units: Units, ports: Ports, digest_key: bytes) -> None:
        self._ports = ports
        self._answers = Answers(units, digest_key)

    async def CloseCase(  # noqa: N802
        self, request: closing_pb2.CloseCaseRequest, context: Context
    ) -> closing_pb2.CloseCaseResponse:
        """Close a case."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        reference = fields.case(request.case)
        reason = fields.required_member("reason", CloseReason, types.CloseReason, request.reason)
        fields.done()

        async def work(uow: UnitOfWork) -> closing_pb2.CloseCaseResponse:
            case = await close_case(uow, self._ports, asked.caller, reference, reason)
            return closing_pb2.CloseCaseResponse(case=wire.case(case, primary_deadline(self._ports, case)))

        return await self._answers.once(asked, closing_pb2.CloseCaseResponse, work)

    async def ReopenCase(  # noqa: N802
        self, request: closing_pb2.ReopenCaseRequest, context: Context
    ) -> closing_pb2.ReopenCaseResponse:
        """Open a closed case again."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        reference = fields.case(request.case)
        fields.done()

        async def work(uow: UnitOfWork) -> closing_pb2.ReopenCaseResponse:
            case = await reopen_case(uow, self._ports, asked.caller, reference)
            return closing_pb2.ReopenCaseResponse(case=wire.case(case, primary_deadline(self._ports, case)))

        return await self._answers.once(asked, closing_pb2.ReopenCaseResponse, work)
