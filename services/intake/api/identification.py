"""The decision whether a person is a victim."""

from __future__ import annotations

from typing import Any

from homeward.intake.v1 import identification_pb2, identification_pb2_grpc
from services.intake import wire
from services.intake.api.mutations import mutation
from services.intake.application import Intake


class IdentificationServicer(identification_pb2_grpc.IdentificationServiceServicer):
    """Records decisions."""

    def __init__(self, intake: Intake, digest_key: bytes) -> None:
        self._intake = intake
        self._digest_key = digest_key

    async def DecideIdentification(  # noqa: N802
        self, request: identification_pb2.DecideIdentificationRequest, context: Any
    ) -> identification_pb2.DecideIdentificationResponse:
        """Records, or revises, the identification decision."""
        return await self._intake.decide_identification(
            mutation(request, self._digest_key), request.case, request.etag, wire.decision_of(request)
        )
