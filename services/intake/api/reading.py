"""Reading cases, and who read whose identity."""

from __future__ import annotations

from typing import Any

from homeward.intake.v1 import reading_pb2, reading_pb2_grpc
from services.chassis.calls.security import current_call
from services.intake import wire
from services.intake.application import Intake


class ReadingServicer(reading_pb2_grpc.ReadingServiceServicer):
    """Answers with as much as the caller may see."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def GetCase(  # noqa: N802
        self, request: reading_pb2.GetCaseRequest, context: Any
    ) -> reading_pb2.GetCaseResponse:
        """Reads one case."""
        case = await self._intake.get_case(
            current_call().caller,
            request.case,
            include_identity=request.include_identity,
            purpose=request.purpose,
        )
        return reading_pb2.GetCaseResponse(case=case)

    async def ListCases(  # noqa: N802
        self, request: reading_pb2.ListCasesRequest, context: Any
    ) -> reading_pb2.ListCasesResponse:
        """Lists cases without identity."""
        return await self._intake.list_cases(
            current_call().caller,
            page_size=request.page_size,
            page_token=request.page_token,
            phase=wire.phase_of(request.phase),
            identification=wire.identification_of(request.identification),
        )

    async def ListAccessLog(  # noqa: N802
        self, request: reading_pb2.ListAccessLogRequest, context: Any
    ) -> reading_pb2.ListAccessLogResponse:
        """Lists who read which identity."""
        return await self._intake.list_access_log(
            current_call().caller,
            page_size=request.page_size,
            page_token=request.page_token,
            ref=request.case,
        )
