"""What receiving offices write down."""

from __future__ import annotations

from typing import Any

from homeward.intake.v1 import submissions_pb2, submissions_pb2_grpc
from services.chassis.calls.security import current_call
from services.intake import wire
from services.intake.api.mutations import mutation
from services.intake.application import Intake


class SubmissionServicer(submissions_pb2_grpc.SubmissionServiceServicer):
    """Registers people, corrects and withdraws."""

    def __init__(self, intake: Intake, digest_key: bytes) -> None:
        self._intake = intake
        self._digest_key = digest_key

    async def SubmitHandover(  # noqa: N802
        self, request: submissions_pb2.SubmitHandoverRequest, context: Any
    ) -> submissions_pb2.SubmitHandoverResponse:
        """Registers the people of one handover."""
        return await self._intake.submit_handover(
            mutation(request, self._digest_key), wire.handover_of(request.handover)
        )

    async def RegisterSelfReturn(  # noqa: N802
        self, request: submissions_pb2.RegisterSelfReturnRequest, context: Any
    ) -> submissions_pb2.RegisterSelfReturnResponse:
        """Registers one person who came back alone."""
        return await self._intake.register_self_return(
            mutation(request, self._digest_key), wire.self_return_of(request)
        )

    async def GetReceipt(  # noqa: N802
        self, request: submissions_pb2.GetReceiptRequest, context: Any
    ) -> submissions_pb2.GetReceiptResponse:
        """Returns the receipt of an earlier submission."""
        receipt = await self._intake.get_receipt(current_call().caller, request.request_id)
        return submissions_pb2.GetReceiptResponse(receipt=receipt)

    async def CorrectCase(  # noqa: N802
        self, request: submissions_pb2.CorrectCaseRequest, context: Any
    ) -> submissions_pb2.CorrectCaseResponse:
        """Replaces the person's record."""
        return await self._intake.correct_case(
            mutation(request, self._digest_key),
            request.case,
            request.etag,
            request.reason,
            wire.person_of(request.person),
        )

    async def WithdrawCase(  # noqa: N802
        self, request: submissions_pb2.WithdrawCaseRequest, context: Any
    ) -> submissions_pb2.WithdrawCaseResponse:
        """Withdraws a case registered by mistake."""
        return await self._intake.withdraw_case(
            mutation(request, self._digest_key),
            request.case,
            request.etag,
            wire.withdraw_reason_of(request.reason),
        )
