"""Journeys: several people who leave together. Proto in, command, proto out."""

from __future__ import annotations

from homeward.handover.v1 import journeys_pb2, journeys_pb2_grpc
from services.chassis.calls.fields import Fields
from services.handover import application
from services.handover.api.requests import Context, begin, travel
from services.handover.application import MAX_ROWS, Handover


class JourneyServicer(journeys_pb2_grpc.JourneyServiceServicer):
    """What an office calls whose people leave together."""

    def __init__(self, handover: Handover) -> None:
        self._handover = handover

    async def DispatchJourney(  # noqa: N802
        self, request: journeys_pb2.DispatchJourneyRequest, context: Context
    ) -> journeys_pb2.DispatchJourneyResponse:
        """See the contract."""
        fields, asked = begin(request)
        rows = fields.at_most("rows", request.rows, MAX_ROWS, required=True)
        command = application.DispatchJourney(
            departed_on=fields.day("departed_on", request.departed_on),
            travel=travel(fields, request.travel),
            rows=tuple(_journey_row(fields, number, row) for number, row in enumerate(rows, start=1)),
        )
        fields.done()
        return await self._handover.dispatch_journey(asked, command)


def _journey_row(fields: Fields, number: int, row: journeys_pb2.JourneyRow) -> application.JourneyRow:
    inner = fields.at(row=number)
    return application.JourneyRow(
        case=inner.case(row.case),
        to_office_id=inner.office("to_office_id", row.to_office_id),
        arrival_on=inner.day("expected_arrival_on", row.expected_arrival_on),
        travel=travel(inner, row.travel),
    )
