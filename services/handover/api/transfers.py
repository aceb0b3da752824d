"""Transfers: plan, send, answer, read. Proto in, command, proto out."""

from __future__ import annotations

from typing import Final

from homeward.handover.v1 import transfers_pb2, transfers_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.fields import Fields
from services.chassis.calls.security import current_call
from services.handover import application
from services.handover.api.requests import Context, begin, reason, travel
from services.handover.application import Handover
from services.handover.domain import RejectReason, TransferState
from services.handover.queries import Direction, Queries, Wanted, WantedTransfers

DEFAULT_PRESSING: Final = 20
MAX_PRESSING: Final = 50


class TransferServicer(transfers_pb2_grpc.TransferServiceServicer):
    """What sender and addressee call."""

    def __init__(self, handover: Handover, queries: Queries) -> None:
        self._handover = handover
        self._queries = queries

    async def PlanTransfer(  # noqa: N802
        self, request: transfers_pb2.PlanTransferRequest, context: Context
    ) -> transfers_pb2.PlanTransferResponse:
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
        self, request: transfers_pb2.DispatchTransferRequest, context: Context
    ) -> transfers_pb2.DispatchTransferResponse:
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

    async def AcknowledgeTransfer(  # noqa: N802
        self, request: transfers_pb2.AcknowledgeTransferRequest, context: Context
    ) -> transfers_pb2.AcknowledgeTransferResponse:
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
        self, request: transfers_pb2.RetractAcknowledgementRequest, context: Context
    ) -> transfers_pb2.RetractAcknowledgementResponse:
        """See the contract."""
        fields, asked = begin(request)
        command = application.RetractAcknowledgement(
            case=fields.case(request.case), reason=reason(fields, request.reason)
        )
        fields.done()
        return await self._handover.retract_acknowledgement(asked, command)

    async def RejectTransfer(  # noqa: N802
        self, request: transfers_pb2.RejectTransferRequest, context: Context
    ) -> transfers_pb2.RejectTransferResponse:
        """See the contract."""
        fields, asked = begin(request)
        command = application.RejectTransfer(
            case=fields.case(request.case),
            etag=request.etag,
            reason=fields.required_member("reason", RejectReason, types.RejectReason, request.reason),
        )
        fields.done()
        return await self._handover.reject_transfer(asked, command)

    async def RecallTransfer(  # noqa: N802
        self, request: transfers_pb2.RecallTransferRequest, context: Context
    ) -> transfers_pb2.RecallTransferResponse:
        """See the contract."""
        fields, asked = begin(request)
        command = application.RecallTransfer(case=fields.case(request.case))
        fields.done()
        return await self._handover.recall_transfer(asked, command)

    async def AcceptTransfer(  # noqa: N802
        self, request: transfers_pb2.AcceptTransferRequest, context: Context
    ) -> transfers_pb2.AcceptTransferResponse:
        """See the contract."""
        fields, asked = begin(request)
        command = application.AcceptTransfer(case=fields.case(request.case), etag=request.etag)
        fields.done()
        return await self._handover.accept_transfer(asked, command)

    async def ReportNotArrived(  # noqa: N802
        self, request: transfers_pb2.ReportNotArrivedRequest, context: Context
    ) -> transfers_pb2.ReportNotArrivedResponse:
        """See the contract."""
        fields, asked = begin(request)
        command = application.ReportNotArrived(case=fields.case(request.case), etag=request.etag)
        fields.done()
        return await self._handover.report_not_arrived(asked, command)

    async def RedirectTransfer(  # noqa: N802
        self, request: transfers_pb2.RedirectTransferRequest, context: Context
    ) -> transfers_pb2.RedirectTransferResponse:
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

    async def GetTransfer(  # noqa: N802
        self, request: transfers_pb2.GetTransferRequest, context: Context
    ) -> transfers_pb2.GetTransferResponse:
        """See the contract."""
        fields = Fields()
        transfer_id = fields.uuid("transfer_id", request.transfer_id)
        fields.done()
        return await self._queries.get_transfer(current_call().caller, transfer_id)

    async def ListTransfers(  # noqa: N802
        self, request: transfers_pb2.ListTransfersRequest, context: Context
    ) -> transfers_pb2.ListTransfersResponse:
        """See the contract."""
        fields = Fields()
        wanted = WantedTransfers(
            page=Wanted(request.page_size, request.page_token),
            direction=fields.member("direction", Direction, transfers_pb2.Direction, request.direction)
            or Direction.BOTH,
            state=fields.member("state", TransferState, types.TransferState, request.state),
            overdue_only=request.overdue_only,
        )
        fields.done()
        return await self._queries.list_transfers(current_call().caller, wanted)

    async def ListOverdue(  # noqa: N802
        self, request: transfers_pb2.ListOverdueRequest, context: Context
    ) -> transfers_pb2.ListOverdueResponse:
        """See the contract."""
        wanted = Wanted(request.page_size, request.page_token)
        return await self._queries.list_overdue(current_call().caller, wanted)

    async def GetTransferBoard(  # noqa: N802
        self, request: transfers_pb2.GetTransferBoardRequest, context: Context
    ) -> transfers_pb2.GetTransferBoardResponse:
        """See the contract."""
        fields = Fields()
        pressing = min(fields.number("pressing_max", request.pressing_max) or DEFAULT_PRESSING, MAX_PRESSING)
        fields.done()
        return await self._queries.get_transfer_board(current_call().caller, pressing)
