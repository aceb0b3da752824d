"""Journeys: several people who leave together. Proto in, command, proto out."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from homeward.handover.v1 import journeys_pb2, journeys_pb2_grpc
from services.chassis.calls.fields import Fields
from services.chassis.calls.security import current_call
from services.handover.api.requests import Context, travel
from services.handover.api.verbs import Verbs
from services.handover.application import home, journeys
from services.handover.application.journeys import MAX_ROWS
from services.handover.domain.home import NO_DAY
from services.handover.domain.reading import Page
from services.handover.wire import answers


class JourneyServicer(Verbs, journeys_pb2_grpc.JourneyServiceServicer):
    """What an office calls whose people leave together."""

    async def DispatchJourney(  # noqa: N802
        self, request: journeys_pb2.DispatchJourneyRequest, context: Context
    ) -> journeys_pb2.DispatchJourneyResponse:
        """See the contract."""

        def read(fields: Fields) -> journeys.DispatchJourney:
            rows = fields.at_most("rows", request.rows, MAX_ROWS, required=True)
            return journeys.DispatchJourney(
                departed_on=fields.day("departed_on", request.departed_on),
                travel=travel(fields, request.travel),
                rows=tuple(_journey_row(fields, number, row) for number, row in enumerate(rows, start=1)),
            )

        async def ask_first(command: journeys.DispatchJourney) -> journeys.DispatchJourney:
            return replace(command, homes=await self._ports.homes.ask({row.case for row in command.rows}))

        return await self.carried_out(
            request,
            journeys_pb2.DispatchJourneyResponse,
            read,
            journeys.dispatch_journey,
            lambda journey, _now: journeys_pb2.DispatchJourneyResponse(
                journey_id=str(journey.id),
                transfers=[answers.latest_transfer(one.case, one.today) for one in journey.people],
                warnings=[
                    journeys_pb2.JourneyWarning(row=number, warning=warning)
                    for number, one in enumerate(journey.people, start=1)
                    for warning in answers.warnings(one.warnings)
                ],
            ),
            ask_first,
        )

    async def ListAwaitingVerdict(  # noqa: N802
        self, request: journeys_pb2.ListAwaitingVerdictRequest, context: Context
    ) -> journeys_pb2.ListAwaitingVerdictResponse:
        """See the contract."""
        fields, caller = Fields(), current_call().caller
        size = fields.page_size(request.page_size)
        province = fields.counted_province("province", request.province)
        office_id = fields.office("office_id", request.office_id)
        fields.done()
        limits = {"province": str(province or ""), "office_id": office_id or ""}
        page = self._pages.page(caller, "awaiting_verdict", size, request.page_token, **limits)
        wanted = Page(page.limit, page.start(str, UUID))
        rows = await self._units.read(
            lambda uow: home.list_awaiting(uow, self._ports, caller, wanted, province, office_id)
        )
        given, token = page.cut(rows, lambda row: (str(row.departure_on or NO_DAY), row.case_id))
        return journeys_pb2.ListAwaitingVerdictResponse(
            people=[answers.awaiting_verdict(one) for one in given if one.missing], next_page_token=token
        )


def _journey_row(fields: Fields, number: int, row: journeys_pb2.JourneyRow) -> journeys.JourneyRow:
    inner = fields.at(row=number)
    return journeys.JourneyRow(
        case=inner.case(row.case),
        to_office_id=inner.office("to_office_id", row.to_office_id),
        arrival_on=inner.day("expected_arrival_on", row.expected_arrival_on),
        travel=travel(inner, row.travel),
    )
