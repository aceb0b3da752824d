"""Searches for people who are lost. Proto in, command, proto out."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from homeward.handover.v1 import searches_pb2, searches_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.fields import Fields
from services.chassis.calls.pages import filters_of
from services.chassis.calls.security import current_call
from services.chassis.events.units import Units
from services.handover.api.by_two import Act, ByTwo
from services.handover.api.requests import MAX_DAYS, Context, read_at
from services.handover.api.verbs import Verbs
from services.handover.application import reading, searches
from services.handover.application.desk import Ports
from services.handover.application.reading import WantedSearches
from services.handover.application.searches import Found, GivenUp, Redirected, ReIdentified, Returned
from services.handover.domain.reading import Page
from services.handover.domain.words import CloseReason, LostReason, Resolution, StepKind
from services.handover.wire import answers


class SearchServicer(Verbs, searches_pb2_grpc.SearchServiceServicer):
    """What whoever searches calls."""

    def __init__(self, units: Units, ports: Ports, by_two: ByTwo, digest_key: bytes) -> None:
        super().__init__(units, ports, digest_key)
        self._by_two = by_two
        by_two.add("ResolveSearch", searches_pb2.ResolveSearchRequest, self._resolving)

    async def ListLost(  # noqa: N802
        self, request: searches_pb2.ListLostRequest, context: Context
    ) -> searches_pb2.ListLostResponse:
        """See the contract."""
        fields, caller = Fields(), current_call().caller
        size = fields.page_size(request.page_size)
        wanted = _wanted(fields, request.filter)
        fields.done()
        page = self._pages.page(caller, "lost", size, request.page_token, **filters_of(wanted))
        rows_wanted = Page(page.limit, page.start(datetime.fromisoformat, UUID))
        rows, now = await read_at(
            self._units, lambda uow: reading.list_lost(uow, self._ports, caller, rows_wanted, wanted)
        )
        given, token = page.cut(rows, lambda row: (row.search.opened_at, row.search.id))
        return searches_pb2.ListLostResponse(
            searches=[answers.search(row, now) for row in given], next_page_token=token
        )

    async def CountLost(  # noqa: N802
        self, request: searches_pb2.CountLostRequest, context: Context
    ) -> searches_pb2.CountLostResponse:
        """See the contract."""
        fields, caller = Fields(), current_call().caller
        wanted = _wanted(fields, request.filter)
        fields.done()
        rows = await self._units.read(lambda uow: reading.count_lost(uow, self._ports, caller, wanted))
        return searches_pb2.CountLostResponse(counts=answers.lost_counts(rows))

    async def GetSearch(  # noqa: N802
        self, request: searches_pb2.GetSearchRequest, context: Context
    ) -> searches_pb2.GetSearchResponse:
        """See the contract."""
        fields, caller = Fields(), current_call().caller
        ref = fields.case(request.case)
        fields.done()
        found, now = await read_at(self._units, lambda uow: reading.get_search(uow, self._ports, caller, ref))
        return searches_pb2.GetSearchResponse(search=answers.search(found, now))

    async def RecordSearchStep(  # noqa: N802
        self, request: searches_pb2.RecordSearchStepRequest, context: Context
    ) -> searches_pb2.RecordSearchStepResponse:
        """See the contract."""

        def read(fields: Fields) -> searches.RecordSearchStep:
            return searches.RecordSearchStep(
                case=fields.case(request.case),
                kind=fields.required_member("kind", StepKind, types.SearchStepKind, request.kind),
                taken_on=fields.day("taken_on", request.taken_on),
                successful=request.successful,
            )

        return await self.carried_out(
            request,
            searches_pb2.RecordSearchStepResponse,
            read,
            searches.record_search_step,
            lambda found, now: searches_pb2.RecordSearchStepResponse(search=answers.search(found, now)),
        )

    async def ResolveSearch(  # noqa: N802
        self, request: searches_pb2.ResolveSearchRequest, context: Context
    ) -> searches_pb2.ResolveSearchResponse:
        """See the contract."""
        return await self._by_two.answer(request, searches_pb2.ResolveSearchResponse)

    def _resolving(self, fields: Fields, request: searches_pb2.ResolveSearchRequest) -> Act[Any]:
        command = searches.ResolveSearch(
            case=fields.case(request.case), version=fields.version(request.etag), how=_resolution(fields, request)
        )
        return self.act(
            command,
            searches.resolving_matter,
            searches.resolve_search,
            lambda done, now: searches_pb2.ResolveSearchResponse(
                search=answers.search(done[0], now), custody=answers.custody(done[1])
            ),
        )


def _wanted(fields: Fields, given: searches_pb2.LostFilter) -> WantedSearches:
    part = fields.at("filter.")
    return WantedSearches(
        reason=part.member("reason", LostReason, types.LostReason, given.reason),
        level_min=part.number("escalation_level_min", given.escalation_level_min),
        province=part.counted_province("province", given.province),
        age_days_min=part.number("age_days_min", given.age_days_min, most=MAX_DAYS),
    )


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
        case Resolution.MISTAKEN:
            # Only what opened it can be taken back, by whoever recorded that.
            fields.wrong("resolution", "NOT_ALLOWED")
            return Returned()
