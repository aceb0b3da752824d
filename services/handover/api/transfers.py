"""Calls about journeys."""

from __future__ import annotations

from homeward.handover.v1 import handover_pb2 as api
from homeward.handover.v1 import handover_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.fields import Fields
from services.handover import application
from services.handover.api.requests import Context, begin, reason, travel
from services.handover.application import MAX_ROWS, Handover
from services.handover.domain import RejectReason


class TransferCalls(handover_pb2_grpc.HandoverServiceServicer):
    """What sender and addressee call."""

    _handover: Handover

    async def PlanTransfer(  # noqa: N802
        self, request: api.PlanTransferRequest, context: Context
    ) -> api.PlanTransferResponse:
        """See the contract."""
        fields, asked = begin(request)
        command = application.PlanTransfer(
            case=fields.case(request.case),
            to_office_id=fields.required_office("to_office_id", request.to_office_id),
            departure_on=fields.required_day("expected_departure_on", request.expected_departure_on),
            arrival_on=fields.required_day("expected_arrival_on", request.expected_arrival_on),
            travel=travel(fields, request.travel),
            supersede=request.supersede,
        )
        fields.done()
        return await self._handover.plan_transfer(asked, command)

    async def DispatchTransfer(  # noqa: N802
        self, request: api.DispatchTransferRequest, context: Context
    ) -> api.DispatchTransferResponse:
        """See the contract."""
        fields, asked = begin(request)
        command = application.DispatchTransfer(
            case=fields.case(request.case),
            to_office_id=fields.office("to_office_id", request.to_office_id),
            departed_on=fields.day("departed_on", request.departed_on),
            arrival_on=fields.day("expected_arrival_on", request.expected_arrival_on),
            travel=travel(fields, request.travel),
        )
        fields.done()
        return await self._handover.dispatch_transfer(asked, command)

    async def DispatchJourney(  # noqa: N802
        self, request: api.DispatchJourneyRequest, context: Context
    ) -> api.DispatchJourneyResponse:
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

    async def RedirectTransfer(  # noqa: N802
        self, request: api.RedirectTransferRequest, context: Context
    ) -> api.RedirectTransferResponse:
        """See the contract."""
        fields, asked = begin(request)
        command = application.RedirectTransfer(
            case=fields.case(request.case),
            to_office_id=fields.required_office("to_office_id", request.to_office_id),
            arrival_on=fields.required_day("expected_arrival_on", request.expected_arrival_on),
            travel=travel(fields, request.travel),
        )
        fields.done()
        return await self._handover.redirect_transfer(asked, command)

    async def AcceptTransfer(  # noqa: N802
        self, request: api.AcceptTransferRequest, context: Context
    ) -> api.AcceptTransferResponse:
        """See the contract."""
        fields, asked = begin(request)
        command = application.AcceptTransfer(case=fields.case(request.case), etag=request.etag)
        fields.done()
        return await self._handover.accept_transfer(asked, command)

    async def AcknowledgeTransfer(  # noqa: N802
        self, request: api.AcknowledgeTransferRequest, context: Context
    ) -> api.AcknowledgeTransferResponse:
        """See the contract."""
        fields, asked = begin(request)
        command = application.AcknowledgeTransfer(
            case=fields.case(request.case),
            etag=request.etag,
            arrived_on=fields.day("arrived_on", request.arrived_on),
        )
        fields.done()
        return await self._handover.acknowledge_transfer(asked, command)

    async def RetractAcknowledgement(  # noqa: N802
        self, request: api.RetractAcknowledgementRequest, context: Context
    ) -> api.RetractAcknowledgementResponse:
        """See the contract."""
        fields, asked = begin(request)
        command = application.RetractAcknowledgement(
            case=fields.case(request.case), reason=reason(fields, request.reason)
        )
        fields.done()
        return await self._handover.retract_acknowledgement(asked, command)

    async def RejectTransfer(  # noqa: N802
        self, request: api.RejectTransferRequest, context: Context
    ) -> api.RejectTransferResponse:
        """See the contract."""
        fields, asked = begin(request)
        command = application.RejectTransfer(
            case=fields.case(request.case),
            etag=request.etag,
            reason=fields.required_member("reason", RejectReason, types.RejectReason, request.reason),
        )
        fields.done()
        return await self._handover.reject_transfer(asked, command)

    async def ReportNotArrived(  # noqa: N802
        self, request: api.ReportNotArrivedRequest, context: Context
    ) -> api.ReportNotArrivedResponse:
        """See the contract."""
        fields, asked = begin(request)
        command = application.ReportNotArrived(case=fields.case(request.case), etag=request.etag)
        fields.done()
        return await self._handover.report_not_arrived(asked, command)

    async def RecallTransfer(  # noqa: N802
        self, request: api.RecallTransferRequest, context: Context
    ) -> api.RecallTransferResponse:
        """See the contract."""
        fields, asked = begin(request)
        command = application.RecallTransfer(case=fields.case(request.case))
        fields.done()
        return await self._handover.recall_transfer(asked, command)

    async def RecordHome(  # noqa: N802
        self, request: api.RecordHomeRequest, context: Context
    ) -> api.RecordHomeResponse:
        """See the contract."""
        fields, asked = begin(request)
        command = application.RecordHome(case=fields.case(request.case), home_on=fields.day("home_on", request.home_on))
        fields.done()
        return await self._handover.record_home(asked, command)


def _journey_row(fields: Fields, number: int, row: api.JourneyRow) -> application.JourneyRow:
    inner = fields.at(row=number)
    return application.JourneyRow(
        case=inner.case(row.case),
        to_office_id=inner.office("to_office_id", row.to_office_id),
        arrival_on=inner.day("expected_arrival_on", row.expected_arrival_on),
        travel=travel(inner, row.travel),
    )
