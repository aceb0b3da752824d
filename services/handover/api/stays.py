"""Stays in a facility. Proto in, command, proto out."""

from __future__ import annotations

from dataclasses import replace

from homeward.handover.v1 import stays_pb2, stays_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.fields import Fields
from services.chassis.calls.security import current_call
from services.chassis.kernel.words import ConsentPurpose
from services.handover.api.requests import Context
from services.handover.api.verbs import Verbs
from services.handover.application import reading, stays
from services.handover.domain.reading import Page
from services.handover.domain.words import DischargeDestination
from services.handover.wire import answers


class StayServicer(Verbs, stays_pb2_grpc.StayServiceServicer):
    """What facilities call."""

    async def AdmitPerson(  # noqa: N802
        self, request: stays_pb2.AdmitPersonRequest, context: Context
    ) -> stays_pb2.AdmitPersonResponse:
        """See the contract."""

        def read(fields: Fields) -> stays.AdmitPerson:
            return stays.AdmitPerson(
                case=fields.case(request.case),
                admitted_on=fields.day("admitted_on", request.admitted_on),
                cannot_be_asked=request.cannot_be_asked,
            )

        async def ask_first(command: stays.AdmitPerson) -> stays.AdmitPerson:
            return replace(command, consent=await self._ports.consents.ask(command.case, [ConsentPurpose.STAY]))

        return await self.carried_out(
            request,
            stays_pb2.AdmitPersonResponse,
            read,
            stays.admit_person,
            lambda both, _now: stays_pb2.AdmitPersonResponse(
                custody=answers.custody(both[0]), warnings=answers.warnings(both[1])
            ),
            ask_first,
        )

    async def DischargePerson(  # noqa: N802
        self, request: stays_pb2.DischargePersonRequest, context: Context
    ) -> stays_pb2.DischargePersonResponse:
        """See the contract."""

        def read(fields: Fields) -> stays.DischargePerson:
            return stays.DischargePerson(
                case=fields.case(request.case),
                destination=fields.required_member(
                    "destination", DischargeDestination, types.DischargeDestination, request.destination
                ),
                province=fields.province("province", request.province if request.HasField("province") else None),
                discharged_on=fields.day("discharged_on", request.discharged_on),
            )

        return await self.carried_out(
            request,
            stays_pb2.DischargePersonResponse,
            read,
            stays.discharge_person,
            lambda shown, _now: stays_pb2.DischargePersonResponse(custody=answers.custody(shown)),
        )

    async def ListFacilities(  # noqa: N802
        self, request: stays_pb2.ListFacilitiesRequest, context: Context
    ) -> stays_pb2.ListFacilitiesResponse:
        """See the contract."""
        fields, caller = Fields(), current_call().caller
        size = fields.page_size(request.page_size)
        fields.done()
        page = self._pages.page(caller, "facilities", size, request.page_token)
        rows_wanted = Page(page.limit, page.start(str))
        rows = await self._units.read(lambda uow: reading.list_facilities(uow, self._ports, caller, rows_wanted))
        given, token = page.cut(rows, lambda row: (row.office_id,))
        return stays_pb2.ListFacilitiesResponse(
            facilities=[answers.facility(row) for row in given], next_page_token=token
        )
