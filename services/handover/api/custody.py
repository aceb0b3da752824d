"""Custody: who is accountable. Proto in, command, proto out."""

from __future__ import annotations

from homeward.handover.v1 import custody_pb2, custody_pb2_grpc
from services.chassis.calls.case_ref import parse_case_ref
from services.chassis.calls.security import current_call
from services.handover import application
from services.handover.api.requests import Context, begin, reason
from services.handover.application import Handover
from services.handover.queries import Queries


class CustodyServicer(custody_pb2_grpc.CustodyServiceServicer):
    """What tells and changes who is accountable, without a transfer."""

    def __init__(self, handover: Handover, queries: Queries) -> None:
        self._handover = handover
        self._queries = queries

    async def RecordHome(  # noqa: N802
        self, request: custody_pb2.RecordHomeRequest, context: Context
    ) -> custody_pb2.RecordHomeResponse:
        """See the contract."""
        fields, asked = begin(request)
        command = application.RecordHome(case=fields.case(request.case), home_on=fields.day("home_on", request.home_on))
        fields.done()
        return await self._handover.record_home(asked, command)

    async def GetCustody(  # noqa: N802
        self, request: custody_pb2.GetCustodyRequest, context: Context
    ) -> custody_pb2.GetCustodyResponse:
        """See the contract."""
        return await self._queries.get_custody(current_call().caller, parse_case_ref(request.case))

    async def ReassignCase(  # noqa: N802
        self, request: custody_pb2.ReassignCaseRequest, context: Context
    ) -> custody_pb2.ReassignCaseResponse:
        """See the contract."""
        fields, asked = begin(request)
        command = application.ReassignCase(
            case=fields.case(request.case),
            office_id=fields.required_office("office_id", request.office_id),
            reason=reason(fields, request.reason),
        )
        fields.done()
        return await self._handover.reassign_case(asked, command)
