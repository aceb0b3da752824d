"""Transfers: plan, send, answer, read. Proto in, command, proto out."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from homeward.handover.v1 import transfers_pb2, transfers_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.answers import Answers
from services.chassis.calls.fields import Fields
from services.chassis.calls.pages import Pages, filters_of
from services.chassis.calls.security import current_call
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.clock import local_date
from services.handover.api.requests import Context, read_at, travel
from services.handover.application import reading, transfers
from services.handover.application.desk import Ports
from services.handover.application.reading import Direction, WantedTransfers
from services.handover.domain.answer import TakeBackReason
from services.handover.domain.reading import Page
from services.handover.domain.words import RejectReason, TransferState
from services.handover.wire import answers

DEFAULT_PRESSING: Final = 20
MAX_PRESSING: Final = 50


class TransferServicer(transfers_pb2_grpc.TransferServiceServicer):
    """What sender and addressee call."""

    def __init__(self, units: Units, ports: Ports, digest_key: bytes) -> None:
        self._units = units
        self._ports = ports
        self._answers = Answers(units, digest_key)
        self._pages = Pages(digest_key)

    async def PlanTransfer(  # noqa: N802
        self, request: transfers_pb2.PlanTransferRequest, context: Context
    ) -> transfers_pb2.PlanTransferResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        command = transfers.PlanTransfer(
            case=fields.case(request.case),
            to_office_id=fields.required_office("to_office_id", request.to_office_id),
            departure_on=fields.required_day("expected_departure_on", request.expected_departure_on),
            arrival_on=fields.required_day("expected_arrival_on", request.expected_arrival_on),
            travel=travel(fields, request.travel),
            supersede=request.supersede,
        )
        fields.done()

        async def work(uow: UnitOfWork) -> transfers_pb2.PlanTransferResponse:
            done = await transfers.plan_transfer(uow, self._ports, asked.caller, command)
            return transfers_pb2.PlanTransferResponse(
                transfer=answers.latest_transfer(done.case, done.today), warnings=answers.warnings(done.warnings)
            )

        return await self._answers.once(asked, transfers_pb2.PlanTransferResponse, work)

    async def DispatchTransfer(  # noqa: N802
        self, request: transfers_pb2.DispatchTransferRequest, context: Context
    ) -> transfers_pb2.DispatchTransferResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        command = transfers.DispatchTransfer(
            case=fields.case(request.case),
            to_office_id=fields.office("to_office_id", request.to_office_id),
            departed_on=fields.day("departed_on", request.departed_on),
            arrival_on=fields.day("expected_arrival_on", request.expected_arrival_on),
            travel=travel(fields, request.travel),
        )
        fields.done()

        async def work(uow: UnitOfWork) -> transfers_pb2.DispatchTransferResponse:
            done = await transfers.dispatch_transfer(uow, self._ports, asked.caller, command)
            return transfers_pb2.DispatchTransferResponse(
                transfer=answers.latest_transfer(done.case, done.today), warnings=answers.warnings(done.warnings)
            )

        return await self._answers.once(asked, transfers_pb2.DispatchTransferResponse, work)

    async def AcknowledgeTransfer(  # noqa: N802
        self, request: transfers_pb2.AcknowledgeTransferRequest, context: Context
    ) -> transfers_pb2.AcknowledgeTransferResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        command = transfers.AcknowledgeTransfer(
            case=fields.case(request.case),
            version=fields.version(request.etag),
            arrived_on=fields.day("arrived_on", request.arrived_on),
        )
        fields.done()

        async def work(uow: UnitOfWork) -> transfers_pb2.AcknowledgeTransferResponse:
            done = await transfers.acknowledge_transfer(uow, self._ports, asked.caller, command)
            return transfers_pb2.AcknowledgeTransferResponse(transfer=answers.latest_transfer(done.case, done.today))

        return await self._answers.once(asked, transfers_pb2.AcknowledgeTransferResponse, work)

    async def TakeBackAnswer(  # noqa: N802
        self, request: transfers_pb2.TakeBackAnswerRequest, context: Context
    ) -> transfers_pb2.TakeBackAnswerResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        command = transfers.TakeBackAnswer(
            case=fields.case(request.case),
            reason=fields.required_member("reason", TakeBackReason, types.TakeBackReason, request.reason),
        )
        fields.done()

        async def work(uow: UnitOfWork) -> transfers_pb2.TakeBackAnswerResponse:
            done = await transfers.take_back_answer(uow, self._ports, asked.caller, command)
            return transfers_pb2.TakeBackAnswerResponse(transfer=answers.latest_transfer(done.case, done.today))

        return await self._answers.once(asked, transfers_pb2.TakeBackAnswerResponse, work)

    async def RejectTransfer(  # noqa: N802
        self, request: transfers_pb2.RejectTransferRequest, context: Context
    ) -> transfers_pb2.RejectTransferResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        if request.reason == types.REJECT_REASON_OFFICE_ENDED:
            fields.wrong("reason", "NOT_ALLOWED")
        command = transfers.RejectTransfer(
            case=fields.case(request.case),
            version=fields.version(request.etag),
            reason=fields.required_member("reason", RejectReason, types.RejectReason, request.reason),
        )
        fields.done()

        async def work(uow: UnitOfWork) -> transfers_pb2.RejectTransferResponse:
            done = await transfers.reject_transfer(uow, self._ports, asked.caller, command)
            return transfers_pb2.RejectTransferResponse(
                transfer=answers.latest_transfer(done.case, done.today), warnings=answers.warnings(done.warnings)
            )

        return await self._answers.once(asked, transfers_pb2.RejectTransferResponse, work)

    async def RecallTransfer(  # noqa: N802
        self, request: transfers_pb2.RecallTransferRequest, context: Context
    ) -> transfers_pb2.RecallTransferResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        command = transfers.RecallTransfer(case=fields.case(request.case))
        fields.done()

        async def work(uow: UnitOfWork) -> transfers_pb2.RecallTransferResponse:
            done = await transfers.recall_transfer(uow, self._ports, asked.caller, command)
            return transfers_pb2.RecallTransferResponse(
                transfer=answers.latest_transfer(done.case, done.today), warnings=answers.warnings(done.warnings)
            )

        return await self._answers.once(asked, transfers_pb2.RecallTransferResponse, work)

    async def AcceptTransfer(  # noqa: N802
        self, request: transfers_pb2.AcceptTransferRequest, context: Context
    ) -> transfers_pb2.AcceptTransferResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        command = transfers.AcceptTransfer(case=fields.case(request.case), version=fields.version(request.etag))
        fields.done()

        async def work(uow: UnitOfWork) -> transfers_pb2.AcceptTransferResponse:
            done = await transfers.accept_transfer(uow, self._ports, asked.caller, command)
            return transfers_pb2.AcceptTransferResponse(transfer=answers.latest_transfer(done.case, done.today))

        return await self._answers.once(asked, transfers_pb2.AcceptTransferResponse, work)

    async def ReportNotArrived(  # noqa: N802
        self, request: transfers_pb2.ReportNotArrivedRequest, context: Context
    ) -> transfers_pb2.ReportNotArrivedResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        command = transfers.ReportNotArrived(case=fields.case(request.case), version=fields.version(request.etag))
        fields.done()

        async def work(uow: UnitOfWork) -> transfers_pb2.ReportNotArrivedResponse:
            done = await transfers.report_not_arrived(uow, self._ports, asked.caller, command)
            return transfers_pb2.ReportNotArrivedResponse(
                transfer=answers.latest_transfer(done.case, done.today), warnings=answers.warnings(done.warnings)
            )

        return await self._answers.once(asked, transfers_pb2.ReportNotArrivedResponse, work)

    async def RedirectTransfer(  # noqa: N802
        self, request: transfers_pb2.RedirectTransferRequest, context: Context
    ) -> transfers_pb2.RedirectTransferResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        command = transfers.RedirectTransfer(
            case=fields.case(request.case),
            to_office_id=fields.required_office("to_office_id", request.to_office_id),
            arrival_on=fields.required_day("expected_arrival_on", request.expected_arrival_on),
            travel=travel(fields, request.travel),
        )
        fields.done()

        async def work(uow: UnitOfWork) -> transfers_pb2.RedirectTransferResponse:
            done = await transfers.redirect_transfer(uow, self._ports, asked.caller, command)
            return transfers_pb2.RedirectTransferResponse(
                transfer=answers.latest_transfer(done.case, done.today), warnings=answers.warnings(done.warnings)
            )

        return await self._answers.once(asked, transfers_pb2.RedirectTransferResponse, work)

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
