"""Searches for people who are lost. Proto in, command, proto out."""

from __future__ import annotations

from homeward.handover.v1 import searches_pb2, searches_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.case_ref import parse_case_ref
from services.chassis.calls.fields import Fields
from services.chassis.calls.security import current_call
from services.handover import application
from services.handover.api.requests import Context, begin
from services.handover.application import Found, GivenUp, Handover, Redirected, ReIdentified, Returned
from services.handover.domain import CloseReason, LostReason, Resolution, StepKind
from services.handover.queries import Queries, Wanted, WantedSearches


class SearchServicer(searches_pb2_grpc.SearchServiceServicer):
    """What whoever searches calls."""

    def __init__(self, handover: Handover, queries: Queries) -> None:
        self._handover = handover
        self._queries = queries

    async def ListLost(  # noqa: N802
        self, request: searches_pb2.ListLostRequest, context: Context
    ) -> searches_pb2.ListLostResponse:
        """See the contract."""
        fields = Fields()
        wanted = WantedSearches(
            page=Wanted(request.page_size, request.page_token),
            reason=fields.member("reason", LostReason, types.LostReason, request.reason),
            level_min=fields.number("escalation_level_min", request.escalation_level_min),
        )
        fields.done()
        return await self._queries.list_lost(current_call().caller, wanted)

    async def CountLost(  # noqa: N802
        self, request: searches_pb2.CountLostRequest, context: Context
    ) -> searches_pb2.CountLostResponse:
        """See the contract."""
        return await self._queries.count_lost(current_call().caller)

    async def GetSearch(  # noqa: N802
        self, request: searches_pb2.GetSearchRequest, context: Context
    ) -> searches_pb2.GetSearchResponse:
        """See the contract."""
        return await self._queries.get_search(current_call().caller, parse_case_ref(request.case))

    async def RecordSearchStep(  # noqa: N802
        self, request: searches_pb2.RecordSearchStepRequest, context: Context
    ) -> searches_pb2.RecordSearchStepResponse:
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
        self, request: searches_pb2.ResolveSearchRequest, context: Context
    ) -> searches_pb2.ResolveSearchResponse:
        """See the contract."""
        fields, asked = begin(request)
        command = application.ResolveSearch(
            case=fields.case(request.case), etag=request.etag, how=_resolution(fields, request)
        )
        fields.done()
        return await self._handover.resolve_search(asked, command)


def _resolution(
    fields: Fields, request: searches_pb2.ResolveSearchRequest
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
