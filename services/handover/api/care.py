"""Calls about stays in a facility, and about people who are lost."""

from __future__ import annotations

from homeward.handover.v1 import handover_pb2 as api
from homeward.handover.v1 import handover_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.fields import Fields
from services.handover import application
from services.handover.api.requests import Context, begin, reason
from services.handover.application import Found, GivenUp, Handover, Redirected, ReIdentified, Returned
from services.handover.domain import CloseReason, DischargeDestination, Resolution, StepKind


class CareCalls(handover_pb2_grpc.HandoverServiceServicer):
    """What facilities call, and whoever searches."""

    _handover: Handover

    async def AdmitPerson(  # noqa: N802
        self, request: api.AdmitPersonRequest, context: Context
    ) -> api.AdmitPersonResponse:
        """See the contract."""
        fields, asked = begin(request)
        command = application.AdmitPerson(
            case=fields.case(request.case), admitted_on=fields.day("admitted_on", request.admitted_on)
        )
        fields.done()
        return await self._handover.admit_person(asked, command)

    async def DischargePerson(  # noqa: N802
        self, request: api.DischargePersonRequest, context: Context
    ) -> api.DischargePersonResponse:
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

    async def RecordSearchStep(  # noqa: N802
        self, request: api.RecordSearchStepRequest, context: Context
    ) -> api.RecordSearchStepResponse:
        """See the contract."""
        fields, asked = begin(request)
        command = application.RecordSearchStep(
            case=fields.case(request.case),
            kind=fields.required_member("kind", StepKind, types.SearchStepKind, request.kind),
            taken_on=fields.day("taken_on", request.taken_on),
            successful=request.successful,
        )
        fields.done()
        return await self._handover.record_search_step(asked, command)

    async def ResolveSearch(  # noqa: N802
        self, request: api.ResolveSearchRequest, context: Context
    ) -> api.ResolveSearchResponse:
        """See the contract."""
        fields, asked = begin(request)
        command = application.ResolveSearch(
            case=fields.case(request.case), etag=request.etag, how=_resolution(fields, request)
        )
        fields.done()
        return await self._handover.resolve_search(asked, command)

    async def ReassignCase(  # noqa: N802
        self, request: api.ReassignCaseRequest, context: Context
    ) -> api.ReassignCaseResponse:
        """See the contract."""
        fields, asked = begin(request)
        command = application.ReassignCase(
            case=fields.case(request.case),
            office_id=fields.required_office("office_id", request.office_id),
            reason=reason(fields, request.reason),
        )
        fields.done()
        return await self._handover.reassign_case(asked, command)


def _resolution(
    fields: Fields, request: api.ResolveSearchRequest
) -> Found | Redirected | Returned | ReIdentified | GivenUp:
    given, harmless = request.resolution, Resolution.RETURNED_TO_SENDER
    match fields.required_member("resolution", Resolution, types.SearchResolution, given, harmless):
        case Resolution.FOUND:
            office_id = fields.required_office("office_id", request.office_id)
            return Found(office_id, fields.required_day("on", request.on))
        case Resolution.REDIRECTED:
            office_id = fields.required_office("office_id", request.office_id)
            return Redirected(office_id, fields.required_day("on", request.on))
        case Resolution.RETURNED_TO_SENDER:
            return Returned()
        case Resolution.RE_IDENTIFIED:
            return ReIdentified(fields.case(request.other_case, "other_case"))
        case Resolution.CLOSED:
            why = request.close_reason
            return GivenUp(fields.required_member("close_reason", CloseReason, types.CloseReason, why))
