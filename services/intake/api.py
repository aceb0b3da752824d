"""gRPC: a message in, a verb, a message out. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from google.protobuf.message import Message

from homeward.intake.v1 import intake_pb2, intake_pb2_grpc
from services.chassis.calls.answers import Answers, Asked, digest_of
from services.chassis.calls.security import current_call
from services.chassis.events.units import UnitOfWork
from services.chassis.service.office_end import OfficeEndQuery
from services.intake import wire
from services.intake.answers import request_uuid
from services.intake.application import corrections, identification, reading, submissions
from services.intake.application.ports import Ports
from services.intake.domain.access import SeenCase
from services.intake.domain.submissions import check_handover, check_self_return

M = TypeVar("M", bound=Message)


class IntakeServicer(intake_pb2_grpc.IntakeServiceServicer):
    """Answers the methods of homeward.intake.v1.IntakeService."""

    def __init__(self, ports: Ports, digest_key: bytes, office_end: OfficeEndQuery) -> None:
        self._ports = ports
        self._digest_key = digest_key
        self._answers = Answers(ports.units, digest_key)
        self._office_end = office_end

    def _asked(self, request: Any) -> Asked:
        method = type(request).__name__.removesuffix("Request")
        digest = digest_of(request, self._digest_key)
        return Asked(current_call().caller, request_uuid(request.request_id), method, digest)

    async def _once(
        self, request: Message, response_type: type[M], change: Callable[[UnitOfWork], Awaitable[SeenCase]]
    ) -> M:
        asked = self._asked(request)

        async def work(uow: UnitOfWork) -> M:
            answer: Callable[..., M] = response_type
            return answer(case=wire.case_message(await change(uow)))

        return await self._answers.once(asked, response_type, work)

    async def SubmitHandover(  # noqa: N802
        self, request: intake_pb2.SubmitHandoverRequest, context: Any
    ) -> intake_pb2.SubmitHandoverResponse:
        """Registers the people of one handover."""
        submission = wire.handover_of(request.handover)
        receipt = await submissions.register(self._ports, self._asked(request), submission, check_handover)
        return intake_pb2.SubmitHandoverResponse(receipt=wire.receipt_message(receipt))

    async def RegisterSelfReturn(  # noqa: N802
        self, request: intake_pb2.RegisterSelfReturnRequest, context: Any
    ) -> intake_pb2.RegisterSelfReturnResponse:
        """Registers one person who came back alone."""
        submission = wire.self_return_of(request)
        receipt = await submissions.register(self._ports, self._asked(request), submission, check_self_return)
        return intake_pb2.RegisterSelfReturnResponse(receipt=wire.receipt_message(receipt))

    async def GetReceipt(  # noqa: N802
        self, request: intake_pb2.GetReceiptRequest, context: Any
    ) -> intake_pb2.GetReceiptResponse:
        """Returns the receipt of an earlier submission."""
        receipt = await submissions.get_receipt(self._ports, current_call().caller, request.request_id)
        return intake_pb2.GetReceiptResponse(receipt=wire.receipt_message(receipt))

    async def CorrectCase(  # noqa: N802
        self, request: intake_pb2.CorrectCaseRequest, context: Any
    ) -> intake_pb2.CorrectCaseResponse:
        """Replaces the person's record."""
        caller, person = current_call().caller, wire.person_of(request.person)
        return await self._once(
            request,
            intake_pb2.CorrectCaseResponse,
            lambda uow: corrections.correct(
                uow, self._ports, caller, request.case, request.etag, request.reason, person
            ),
        )

    async def WithdrawCase(  # noqa: N802
        self, request: intake_pb2.WithdrawCaseRequest, context: Any
    ) -> intake_pb2.WithdrawCaseResponse:
        """Withdraws a case registered by mistake."""
        caller, reason = current_call().caller, wire.withdraw_reason_of(request.reason)
        return await self._once(
            request,
            intake_pb2.WithdrawCaseResponse,
            lambda uow: corrections.withdraw(uow, self._ports, caller, request.case, request.etag, reason),
        )

    async def DecideIdentification(  # noqa: N802
        self, request: intake_pb2.DecideIdentificationRequest, context: Any
    ) -> intake_pb2.DecideIdentificationResponse:
        """Records, or revises, the identification decision."""
        caller, decision = current_call().caller, wire.decision_of(request)
        return await self._once(
            request,
            intake_pb2.DecideIdentificationResponse,
            lambda uow: identification.decide(uow, self._ports, caller, request.case, request.etag, decision),
        )

    async def GetCase(  # noqa: N802
        self, request: intake_pb2.GetCaseRequest, context: Any
    ) -> intake_pb2.GetCaseResponse:
        """Reads one case."""
        caller = current_call().caller
        if request.include_identity:
            seen = await reading.get_identity(self._ports, caller, request.case, request.purpose)
        else:
            seen = await reading.get_case(self._ports, caller, request.case)
        return intake_pb2.GetCaseResponse(case=wire.case_message(seen))

    async def ListCases(  # noqa: N802
        self, request: intake_pb2.ListCasesRequest, context: Any
    ) -> intake_pb2.ListCasesResponse:
        """Lists cases without identity."""
        page = await reading.list_cases(
            self._ports,
            current_call().caller,
            page_size=request.page_size,
            page_token=request.page_token,
            phase=wire.phase_of(request.phase),
            identification=wire.identification_of(request.identification),
        )
        return intake_pb2.ListCasesResponse(
            cases=[wire.case_message(seen) for seen in page.cases], next_page_token=page.next_token
        )

    async def ListAccessLog(  # noqa: N802
        self, request: intake_pb2.ListAccessLogRequest, context: Any
    ) -> intake_pb2.ListAccessLogResponse:
        """Lists who read which identity."""
        page = await reading.list_access_log(
            self._ports,
            current_call().caller,
            page_size=request.page_size,
            page_token=request.page_token,
            ref=request.case,
        )
        return intake_pb2.ListAccessLogResponse(
            entries=[wire.log_entry_message(read) for read in page.reads],
            chain_intact=page.intact,
            next_page_token=page.next_token,
        )

    async def GetOfficeEnd(  # noqa: N802
        self, request: intake_pb2.GetOfficeEndRequest, context: Any
    ) -> intake_pb2.GetOfficeEndResponse:
        """Tells how far the end of an office has come here."""
        state = await self._office_end(request.office_id)
        return intake_pb2.GetOfficeEndResponse(done=state.done, moved=state.moved.get("cases", 0), left=state.left)
