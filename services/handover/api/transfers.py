"""Transfers: plan, send, answer, read. Proto in, command, proto out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID

from homeward.handover.v1 import transfers_pb2, transfers_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.fields import Fields
from services.chassis.calls.pages import filters_of
from services.chassis.calls.security import current_call
from services.chassis.kernel.clock import local_date
from services.handover.api.requests import Context, read_at, travel
from services.handover.api.verbs import Verbs
from services.handover.application import reading, transfers
from services.handover.application.reading import Direction, WantedTransfers
from services.handover.domain.answer import TakeBackReason
from services.handover.domain.reading import Page
from services.handover.domain.words import RejectReason, TransferState
from services.handover.wire import answers

DEFAULT_PRESSING: Final = 20
MAX_PRESSING: Final = 50


class TransferServicer(Verbs, transfers_pb2_grpc.TransferServiceServicer):
    """What sender and addressee call."""

    async def PlanTransfer(  # noqa: N802
        self, request: transfers_pb2.PlanTransferRequest, context: Context
    ) -> transfers_pb2.PlanTransferResponse:
        """See the contract."""

        def read(fields: Fields) -> transfers.PlanTransfer:
            return transfers.PlanTransfer(
                case=fields.case(request.case),
                to_office_id=fields.required_office("to_office_id", request.to_office_id),
                departure_on=fields.required_day("expected_departure_on", request.expected_departure_on),
                arrival_on=fields.required_day("expected_arrival_on", request.expected_arrival_on),
                travel=travel(fields, request.travel),
                supersede=request.supersede,
            )

        return await self.carried_out(
            request,
            transfers_pb2.PlanTransferResponse,
            read,
            transfers.plan_transfer,
            lambda done, _now: transfers_pb2.PlanTransferResponse(
                transfer=answers.latest_transfer(done.case, done.today), warnings=answers.warnings(done.warnings)
            ),
        )

    async def DispatchTransfer(  # noqa: N802
        self, request: transfers_pb2.DispatchTransferRequest, context: Context
    ) -> transfers_pb2.DispatchTransferResponse:
        """See the contract."""

        def read(fields: Fields) -> transfers.DispatchTransfer:
            return transfers.DispatchTransfer(
                case=fields.case(request.case),
                to_office_id=fields.office("to_office_id", request.to_office_id),
                departed_on=fields.day("departed_on", request.departed_on),
                arrival_on=fields.day("expected_arrival_on", request.expected_arrival_on),
                travel=travel(fields, request.travel),
            )

        async def ask_first(command: transfers.DispatchTransfer) -> transfers.DispatchTransfer:
            return replace(command, home=await self._ports.homes.ask([command.case]))

        return await self.carried_out(
            request,
            transfers_pb2.DispatchTransferResponse,
            read,
            transfers.dispatch_transfer,
            lambda done, _now: transfers_pb2.DispatchTransferResponse(
                transfer=answers.latest_transfer(done.case, done.today), warnings=answers.warnings(done.warnings)
            ),
            ask_first,
        )

    async def AcknowledgeTransfer(  # noqa: N802
        self, request: transfers_pb2.AcknowledgeTransferRequest, context: Context
    ) -> transfers_pb2.AcknowledgeTransferResponse:
        """See the contract."""

        def read(fields: Fields) -> transfers.AcknowledgeTransfer:
            return transfers.AcknowledgeTransfer(
                case=fields.case(request.case),
                version=fields.version(request.etag),
                arrived_on=fields.day("arrived_on", request.arrived_on),
            )

        return await self.carried_out(
            request,
            transfers_pb2.AcknowledgeTransferResponse,
            read,
            transfers.acknowledge_transfer,
            lambda done, _now: transfers_pb2.AcknowledgeTransferResponse(
                transfer=answers.latest_transfer(done.case, done.today)
            ),
        )

    async def TakeBackAnswer(  # noqa: N802
        self, request: transfers_pb2.TakeBackAnswerRequest, context: Context
    ) -> transfers_pb2.TakeBackAnswerResponse:
        """See the contract."""

        def read(fields: Fields) -> transfers.TakeBackAnswer:
            return transfers.TakeBackAnswer(
                case=fields.case(request.case),
                reason=fields.required_member("reason", TakeBackReason, types.TakeBackReason, request.reason),
            )

        return await self.carried_out(
            request,
            transfers_pb2.TakeBackAnswerResponse,
            read,
            transfers.take_back_answer,
            lambda done, _now: transfers_pb2.TakeBackAnswerResponse(
                transfer=answers.latest_transfer(done.case, done.today)
            ),
        )

    async def RejectTransfer(  # noqa: N802
        self, request: transfers_pb2.RejectTransferRequest, context: Context
    ) -> transfers_pb2.RejectTransferResponse:
        """See the contract."""

        def read(fields: Fields) -> transfers.RejectTransfer:
            if request.reason == types.REJECT_REASON_OFFICE_ENDED:
                fields.wrong("reason", "NOT_ALLOWED")
            return transfers.RejectTransfer(
                case=fields.case(request.case),
                version=fields.version(request.etag),
                reason=fields.required_member("reason", RejectReason, types.RejectReason, request.reason),
            )

        return await self.carried_out(
            request,
            transfers_pb2.RejectTransferResponse,
            read,
            transfers.reject_transfer,
            lambda done, _now: transfers_pb2.RejectTransferResponse(
                transfer=answers.latest_transfer(done.case, done.today), warnings=answers.warnings(done.warnings)
            ),
        )

    async def RecallTransfer(  # noqa: N802
        self, request: transfers_pb2.RecallTransferRequest, context: Context
    ) -> transfers_pb2.RecallTransferResponse:
        """See the contract."""

        def read(fields: Fields) -> transfers.RecallTransfer:
            return transfers.RecallTransfer(case=fields.case(request.case))

        return await self.carried_out(
            request,
            transfers_pb2.RecallTransferResponse,
            read,
            transfers.recall_transfer,
            lambda done, _now: transfers_pb2.RecallTransferResponse(
                transfer=answers.latest_transfer(done.case, done.today), warnings=answers.warnings(done.warnings)
            ),
        )

    async def AcceptTransfer(  # noqa: N802
        self, request: transfers_pb2.AcceptTransferRequest, context: Context
    ) -> transfers_pb2.AcceptTransferResponse:
        """See the contract."""

        def read(fields: Fields) -> transfers.AcceptTransfer:
            return transfers.AcceptTransfer(case=fields.case(request.case), version=fields.version(request.etag))

        return await self.carried_out(
            request,
            transfers_pb2.AcceptTransferResponse,
            read,
            transfers.accept_transfer,
            lambda done, _now: transfers_pb2.AcceptTransferResponse(
                transfer=answers.latest_transfer(done.case, done.today)
            ),
        )

    async def ReportNotArrived(  # noqa: N802
        self, request: transfers_pb2.ReportNotArrivedRequest, context: Context
    ) -> transfers_pb2.ReportNotArrivedResponse:
        """See the contract."""

        def read(fields: Fields) -> transfers.ReportNotArrived:
            return transfers.ReportNotArrived(case=fields.case(request.case), version=fields.version(request.etag))

        return await self.carried_out(
            request,
            transfers_pb2.ReportNotArrivedResponse,
            read,
            transfers.report_not_arrived,
            lambda done, _now: transfers_pb2.ReportNotArrivedResponse(
                transfer=answers.latest_transfer(done.case, done.today), warnings=answers.warnings(done.warnings)
            ),
        )

    async def RedirectTransfer(  # noqa: N802
        self, request: transfers_pb2.RedirectTransferRequest, context: Context
    ) -> transfers_pb2.RedirectTransferResponse:
        """See the contract."""

        def read(fields: Fields) -> transfers.RedirectTransfer:
            return transfers.RedirectTransfer(
                case=fields.case(request.case),
                to_office_id=fields.required_office("to_office_id", request.to_office_id),
                arrival_on=fields.required_day("expected_arrival_on", request.expected_arrival_on),
                travel=travel(fields, request.travel),
            )

        return await self.carried_out(
            request,
            transfers_pb2.RedirectTransferResponse,
            read,
            transfers.redirect_transfer,
            lambda done, _now: transfers_pb2.RedirectTransferResponse(
                transfer=answers.latest_transfer(done.case, done.today), warnings=answers.warnings(done.warnings)
            ),
        )

    async def GetTransfer(  # noqa: N802
        self, request: transfers_pb2.GetTransferRequest, context: Context
    ) -> transfers_pb2.GetTransferResponse:
        """See the contract."""
        fields, caller = Fields(), current_call().caller
        transfer_id = fields.uuid("transfer_id", request.transfer_id)
        fields.done()
        found, now = await read_at(self._units, lambda uow: reading.get_transfer(uow, self._ports, caller, transfer_id))
        return transfers_pb2.GetTransferResponse(transfer=answers.listed_transfer(found, local_date(now)))

    async def ListTransfers(  # noqa: N802
        self, request: transfers_pb2.ListTransfersRequest, context: Context
    ) -> transfers_pb2.ListTransfersResponse:
        """See the contract."""
        fields, caller = Fields(), current_call().caller
        size = fields.page_size(request.page_size)
        wanted = WantedTransfers(
            direction=fields.member("direction", Direction, transfers_pb2.Direction, request.direction)
            or Direction.BOTH,
            state=fields.member("state", TransferState, types.TransferState, request.state),
            overdue_only=request.overdue_only,
            not_accepted_only=request.not_accepted_only,
            office_id=fields.office("office_id", request.office_id),
            province=fields.counted_province("province", request.province),
            journey_id=fields.uuid("journey_id", request.journey_id) if request.journey_id else None,
        )
        fields.done()
        page = self._pages.page(caller, "transfers", size, request.page_token, **filters_of(wanted))
        rows_wanted = Page(page.limit, page.start(date.fromisoformat, UUID))
        rows, now = await read_at(
            self._units, lambda uow: reading.list_transfers(uow, self._ports, caller, rows_wanted, wanted)
        )
        given, token = page.cut(rows, lambda row: (row.transfer.expected_arrival_on, row.transfer.id))
        return transfers_pb2.ListTransfersResponse(
            transfers=[answers.listed_transfer(row, local_date(now)) for row in given], next_page_token=token
        )

    async def GetTransferBoard(  # noqa: N802
        self, request: transfers_pb2.GetTransferBoardRequest, context: Context
    ) -> transfers_pb2.GetTransferBoardResponse:
        """See the contract."""
        fields, caller = Fields(), current_call().caller
        pressing = min(fields.number("pressing_max", request.pressing_max) or DEFAULT_PRESSING, MAX_PRESSING)
        fields.done()
        shown, now = await read_at(
            self._units, lambda uow: reading.get_transfer_board(uow, self._ports, caller, pressing)
        )
        return answers.board(shown, local_date(now))
