"""gRPC: a message in, a command, a message out. Nothing is decided here."""

from __future__ import annotations

from typing import Any

from google.protobuf.message import Message

from homeward.intake.v1 import intake_pb2, intake_pb2_grpc
from services.chassis.calls.answers import digest_of
from services.chassis.calls.security import current_call
from services.chassis.service.office_end import OfficeEndQuery
from services.intake import wire
from services.intake.application import Intake, Mutation


class IntakeServicer(intake_pb2_grpc.IntakeServiceServicer):
    """Answers the methods of homeward.intake.v1.IntakeService."""

    def __init__(self, intake: Intake, digest_key: bytes, office_end: OfficeEndQuery) -> None:
        self._intake = intake
        self._digest_key = digest_key
        self._office_end = office_end

    def _mutation(self, request: Any) -> Mutation:
        message: Message = request
        digest = digest_of(message, self._digest_key)
        return Mutation(current_call().caller, request.request_id, digest)

    async def SubmitHandover(  # noqa: N802
        self, request: intake_pb2.SubmitHandoverRequest, context: Any
    ) -> intake_pb2.SubmitHandoverResponse:
        """Registers the people of one handover."""
        return await self._intake.submit_handover(self._mutation(request), wire.handover_of(request.handover))

    async def RegisterSelfReturn(  # noqa: N802
        self, request: intake_pb2.RegisterSelfReturnRequest, context: Any
    ) -> intake_pb2.RegisterSelfReturnResponse:
        """Registers one person who came back alone."""
        return await self._intake.register_self_return(self._mutation(request), wire.self_return_of(request))

    async def GetReceipt(  # noqa: N802
        self, request: intake_pb2.GetReceiptRequest, context: Any
    ) -> intake_pb2.GetReceiptResponse:
        """Returns the receipt of an earlier submission."""
        receipt = await self._intake.get_receipt(current_call().caller, request.request_id)
        return intake_pb2.GetReceiptResponse(receipt=receipt)

    async def CorrectCase(  # noqa: N802
        self, request: intake_pb2.CorrectCaseRequest, context: Any
    ) -> intake_pb2.CorrectCaseResponse:
        """Replaces the person's record."""
        return await self._intake.correct_case(
            self._mutation(request),
            request.case,
            request.etag,
            request.reason,
            wire.person_of(request.person),
        )

    async def WithdrawCase(  # noqa: N802
        self, request: intake_pb2.WithdrawCaseRequest, context: Any
    ) -> intake_pb2.WithdrawCaseResponse:
        """Withdraws a case registered by mistake."""
        return await self._intake.withdraw_case(
            self._mutation(request),
            request.case,
            request.etag,
            wire.withdraw_reason_of(request.reason),
        )

    async def DecideIdentification(  # noqa: N802
        self, request: intake_pb2.DecideIdentificationRequest, context: Any
    ) -> intake_pb2.DecideIdentificationResponse:
        """Records, or revises, the identification decision."""
        return await self._intake.decide_identification(
            self._mutation(request), request.case, request.etag, wire.decision_of(request)
        )

    async def GetCase(  # noqa: N802
        self, request: intake_pb2.GetCaseRequest, context: Any
    ) -> intake_pb2.GetCaseResponse:
        """Reads one case."""
        case = await self._intake.get_case(
            current_call().caller,
            request.case,
            include_identity=request.include_identity,
            purpose=request.purpose,
        )
        return intake_pb2.GetCaseResponse(case=case)

    async def ListCases(  # noqa: N802
        self, request: intake_pb2.ListCasesRequest, context: Any
    ) -> intake_pb2.ListCasesResponse:
        """Lists cases without identity."""
        return await self._intake.list_cases(
            current_call().caller,
            page_size=request.page_size,
            page_token=request.page_token,
            phase=wire.phase_of(request.phase),
            identification=wire.identification_of(request.identification),
        )

    async def ListAccessLog(  # noqa: N802
        self, request: intake_pb2.ListAccessLogRequest, context: Any
    ) -> intake_pb2.ListAccessLogResponse:
        """Lists who read which identity."""
        return await self._intake.list_access_log(
            current_call().caller,
            page_size=request.page_size,
            page_token=request.page_token,
            ref=request.case,
        )

    async def GetOfficeEnd(  # noqa: N802
        self, request: intake_pb2.GetOfficeEndRequest, context: Any
    ) -> intake_pb2.GetOfficeEndResponse:
        """Tells how far the end of an office has come here."""
        state = await self._office_end(request.office_id)
        return intake_pb2.GetOfficeEndResponse(done=state.done, moved=state.moved.get("cases", 0), left=state.left)
