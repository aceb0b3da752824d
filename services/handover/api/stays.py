"""Stays in a facility. Proto in, command, proto out."""

from __future__ import annotations

from homeward.handover.v1 import stays_pb2, stays_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.security import current_call
from services.handover import application
from services.handover.api.requests import Context, begin
from services.handover.application import Handover
from services.handover.domain import DischargeDestination
from services.handover.queries import Queries, Wanted


class StayServicer(stays_pb2_grpc.StayServiceServicer):
    """What facilities call."""

    def __init__(self, handover: Handover, queries: Queries) -> None:
        self._handover = handover
        self._queries = queries

    async def AdmitPerson(  # noqa: N802
        self, request: stays_pb2.AdmitPersonRequest, context: Context
    ) -> stays_pb2.AdmitPersonResponse:
        """See the contract."""
        fields, asked = begin(request)
        command = application.AdmitPerson(
            case=fields.case(request.case), admitted_on=fields.day("admitted_on", request.admitted_on)
        )
        fields.done()
        return await self._handover.admit_person(asked, command)

    async def DischargePerson(  # noqa: N802
        self, request: stays_pb2.DischargePersonRequest, context: Context
    ) -> stays_pb2.DischargePersonResponse:
        """See the contract."""
        fields, asked = begin(request)
        command = application.DischargePerson(
            case=fields.case(request.case),
            destination=fields.required_member(
                "destination", DischargeDestination, types.DischargeDestination, request.destination
            ),
            province=fields.province("province", request.province if request.HasField("province") else None),
            discharged_on=fields.day("discharged_on", request.discharged_on),
        )
        fields.done()
        return await self._handover.discharge_person(asked, command)

    async def ListFacilities(  # noqa: N802
        self, request: stays_pb2.ListFacilitiesRequest, context: Context
    ) -> stays_pb2.ListFacilitiesResponse:
        """See the contract."""
        wanted = Wanted(request.page_size, request.page_token)
        return await self._queries.list_facilities(current_call().caller, wanted)
