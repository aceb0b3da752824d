"""Closing cases, and opening them again. Proto in, command, proto out."""

from __future__ import annotations

from typing import Any

from homeward.handover.v1 import closing_pb2, closing_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.fields import Fields
from services.chassis.events.units import Units
from services.handover.api.by_two import Act, ByTwo
from services.handover.api.requests import Context
from services.handover.api.verbs import Verbs
from services.handover.application import closing
from services.handover.application.desk import Ports
from services.handover.domain.words import CloseReason, LeftFor, ReopenReason, WithdrawReason
from services.handover.wire import answers


class ClosingServicer(Verbs, closing_pb2_grpc.ClosingServiceServicer):
    """Closes cases, and opens them again."""

    def __init__(self, units: Units, ports: Ports, by_two: ByTwo, digest_key: bytes) -> None:
        super().__init__(units, ports, digest_key)
        self._by_two = by_two
        by_two.add("CloseCase", closing_pb2.CloseCaseRequest, self._closing)
        by_two.add("WithdrawUnderWay", closing_pb2.WithdrawUnderWayRequest, self._withdrawing)

    async def CloseCase(  # noqa: N802
        self, request: closing_pb2.CloseCaseRequest, context: Context
    ) -> closing_pb2.CloseCaseResponse:
        """See the contract."""
        return await self._by_two.answer(request, closing_pb2.CloseCaseResponse)

    def _closing(self, fields: Fields, request: closing_pb2.CloseCaseRequest) -> Act[Any]:
        command = closing.CloseCase(
            case=fields.case(request.case),
            reason=fields.required_member("reason", CloseReason, types.CloseReason, request.reason),
            on=fields.day("on", request.on),
            other_case=fields.case(request.other_case, "other_case") if request.other_case else None,
            left_for=fields.member("left_for", LeftFor, types.LeftFor, request.left_for),
            province=fields.province("to_province", request.to_province if request.HasField("to_province") else None),
        )
        return self.act(
            command,
            closing.closing_matter,
            closing.close_case,
            lambda shown, _now: closing_pb2.CloseCaseResponse(custody=answers.custody(shown)),
        )

    async def WithdrawUnderWay(  # noqa: N802
        self, request: closing_pb2.WithdrawUnderWayRequest, context: Context
    ) -> closing_pb2.WithdrawUnderWayResponse:
        """See the contract."""
        return await self._by_two.answer(request, closing_pb2.WithdrawUnderWayResponse)

    def _withdrawing(self, fields: Fields, request: closing_pb2.WithdrawUnderWayRequest) -> Act[Any]:
        command = closing.WithdrawUnderWay(
            case=fields.case(request.case),
            reason=fields.required_member("reason", WithdrawReason, types.WithdrawReason, request.reason),
        )
        return self.act(
            command,
            closing.withdrawal_matter,
            closing.withdraw_under_way,
            lambda shown, _now: closing_pb2.WithdrawUnderWayResponse(custody=answers.custody(shown)),
        )

    async def ReopenCase(  # noqa: N802
        self, request: closing_pb2.ReopenCaseRequest, context: Context
    ) -> closing_pb2.ReopenCaseResponse:
        """See the contract."""

        def read(fields: Fields) -> closing.ReopenCase:
            return closing.ReopenCase(
                case=fields.case(request.case),
                reason=fields.required_member("reason", ReopenReason, types.ReopenReason, request.reason),
            )

        return await self.carried_out(
            request,
            closing_pb2.ReopenCaseResponse,
            read,
            closing.reopen_case,
            lambda shown, _now: closing_pb2.ReopenCaseResponse(custody=answers.custody(shown)),
        )
