"""Custody: who is accountable. Proto in, command, proto out."""

from __future__ import annotations

from typing import Any

from homeward.handover.v1 import custody_pb2, custody_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.fields import Fields
from services.chassis.calls.security import current_call
from services.chassis.events.units import Units
from services.handover.api.by_two import Act, ByTwo
from services.handover.api.requests import Context
from services.handover.api.verbs import Verbs
from services.handover.application import custody, reading
from services.handover.application.desk import Ports
from services.handover.domain.words import ArrivalCorrectionReason, ReassignReason
from services.handover.wire import answers


class CustodyServicer(Verbs, custody_pb2_grpc.CustodyServiceServicer):
    """What tells and changes who is accountable, without a transfer."""

    def __init__(self, units: Units, ports: Ports, by_two: ByTwo, digest_key: bytes) -> None:
        super().__init__(units, ports, digest_key)
        self._by_two = by_two
        by_two.add("ReassignCase", custody_pb2.ReassignCaseRequest, self._reassignment)

    async def RecordHome(  # noqa: N802
        self, request: custody_pb2.RecordHomeRequest, context: Context
    ) -> custody_pb2.RecordHomeResponse:
        """See the contract."""

        def read(fields: Fields) -> custody.RecordHome:
            return custody.RecordHome(case=fields.case(request.case), home_on=fields.day("home_on", request.home_on))

        return await self.carried_out(
            request,
            custody_pb2.RecordHomeResponse,
            read,
            custody.record_home,
            lambda shown, _now: custody_pb2.RecordHomeResponse(custody=answers.custody(shown)),
        )

    async def GetCustody(  # noqa: N802
        self, request: custody_pb2.GetCustodyRequest, context: Context
    ) -> custody_pb2.GetCustodyResponse:
        """See the contract."""
        fields, caller = Fields(), current_call().caller
        ref = fields.case(request.case)
        fields.done()
        shown = await self._units.read(lambda uow: reading.get_custody(uow, self._ports, caller, ref))
        return custody_pb2.GetCustodyResponse(custody=answers.custody(shown))

    async def CorrectArrival(  # noqa: N802
        self, request: custody_pb2.CorrectArrivalRequest, context: Context
    ) -> custody_pb2.CorrectArrivalResponse:
        """See the contract."""

        def read(fields: Fields) -> custody.CorrectArrival:
            return custody.CorrectArrival(
                case=fields.case(request.case),
                arrived_on=fields.required_day("arrived_on", request.arrived_on),
                reason=fields.required_member(
                    "reason", ArrivalCorrectionReason, types.ArrivalCorrectionReason, request.reason
                ),
            )

        return await self.carried_out(
            request,
            custody_pb2.CorrectArrivalResponse,
            read,
            custody.correct_arrival,
            lambda shown, _now: custody_pb2.CorrectArrivalResponse(custody=answers.custody(shown)),
        )

    async def ReassignCase(  # noqa: N802
        self, request: custody_pb2.ReassignCaseRequest, context: Context
    ) -> custody_pb2.ReassignCaseResponse:
        """See the contract."""
        return await self._by_two.answer(request, custody_pb2.ReassignCaseResponse)

    def _reassignment(self, fields: Fields, request: custody_pb2.ReassignCaseRequest) -> Act[Any]:
        command = custody.ReassignCase(
            case=fields.case(request.case),
            office_id=fields.required_office("office_id", request.office_id),
            reason=fields.required_member("reason", ReassignReason, types.ReassignReason, request.reason),
            since_on=fields.day("with_office_since", request.with_office_since),
        )
        return self.act(
            command,
            custody.reassign_matter,
            custody.reassign_case,
            lambda shown, _now: custody_pb2.ReassignCaseResponse(custody=answers.custody(shown)),
        )
