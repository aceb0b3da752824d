"""Reading calls."""

from __future__ import annotations

from typing import Final

from homeward.handover.v1 import handover_pb2 as api
from homeward.handover.v1 import handover_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.case_ref import parse_case_ref
from services.chassis.calls.fields import Fields
from services.chassis.calls.security import current_call
from services.handover.api.requests import Context
from services.handover.domain import LostReason, TransferState
from services.handover.queries import Direction, Queries, Wanted, WantedSearches, WantedTransfers

DEFAULT_PRESSING: Final = 20
MAX_PRESSING: Final = 50


class ListCalls(handover_pb2_grpc.HandoverServiceServicer):
    """What offices look at."""

    _queries: Queries

    async def GetTransfer(  # noqa: N802
        self, request: api.GetTransferRequest, context: Context
    ) -> api.GetTransferResponse:
        """See the contract."""
        fields = Fields()
        transfer_id = fields.uuid("transfer_id", request.transfer_id)
        fields.done()
        return await self._queries.get_transfer(current_call().caller, transfer_id)

    async def GetCustody(  # noqa: N802
        self, request: api.GetCustodyRequest, context: Context
    ) -> api.GetCustodyResponse:
        """See the contract."""
        return await self._queries.get_custody(current_call().caller, parse_case_ref(request.case))

    async def GetSearch(  # noqa: N802
        self, request: api.GetSearchRequest, context: Context
    ) -> api.GetSearchResponse:
        """See the contract."""
        return await self._queries.get_search(current_call().caller, parse_case_ref(request.case))

    async def ListTransfers(  # noqa: N802
        self, request: api.ListTransfersRequest, context: Context
    ) -> api.ListTransfersResponse:
        """See the contract."""
        fields = Fields()
        wanted = WantedTransfers(
            page=Wanted(request.page_size, request.page_token),
            direction=fields.member("direction", Direction, api.Direction, request.direction) or Direction.BOTH,
            state=fields.member("state", TransferState, types.TransferState, request.state),
            overdue_only=request.overdue_only,
        )
        fields.done()
        return await self._queries.list_transfers(current_call().caller, wanted)

    async def ListOverdue(  # noqa: N802
        self, request: api.ListOverdueRequest, context: Context
    ) -> api.ListOverdueResponse:
        """See the contract."""
        wanted = Wanted(request.page_size, request.page_token)
        return await self._queries.list_overdue(current_call().caller, wanted)

    async def ListLost(  # noqa: N802
        self, request: api.ListLostRequest, context: Context
    ) -> api.ListLostResponse:
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
        self, request: api.CountLostRequest, context: Context
    ) -> api.CountLostResponse:
        """See the contract."""
        return await self._queries.count_lost(current_call().caller)

    async def GetTransferBoard(  # noqa: N802
        self, request: api.GetTransferBoardRequest, context: Context
    ) -> api.GetTransferBoardResponse:
        """See the contract."""
        fields = Fields()
        pressing = min(fields.number("pressing_max", request.pressing_max) or DEFAULT_PRESSING, MAX_PRESSING)
        fields.done()
        return await self._queries.get_transfer_board(current_call().caller, pressing)

    async def ListFacilities(  # noqa: N802
        self, request: api.ListFacilitiesRequest, context: Context
    ) -> api.ListFacilitiesResponse:
        """See the contract."""
        wanted = Wanted(request.page_size, request.page_token)
        return await self._queries.list_facilities(current_call().caller, wanted)
