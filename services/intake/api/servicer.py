"""All methods of intake, as one gRPC service."""

from __future__ import annotations

from typing import Any

from homeward.intake.v1 import intake_pb2 as pb
from homeward.intake.v1 import intake_pb2_grpc
from services.chassis.calls.answers import Answers
from services.chassis.calls.pages import Pages
from services.chassis.service.office_end import OfficeEndQuery
from services.intake.api.identification import IdentificationServicer
from services.intake.api.reading import ReadingServicer
from services.intake.api.submissions import SubmissionServicer
from services.intake.application.ports import Ports


class IntakeServicer(
    SubmissionServicer, IdentificationServicer, ReadingServicer, intake_pb2_grpc.IntakeServiceServicer
):
    """Answers the methods of homeward.intake.v1.IntakeService."""

    def __init__(self, ports: Ports, digest_key: bytes, office_end: OfficeEndQuery) -> None:
        answers = Answers(ports.units, digest_key)
        SubmissionServicer.__init__(self, ports, answers)
        IdentificationServicer.__init__(self, ports, answers)
        ReadingServicer.__init__(self, ports, Pages(digest_key))
        self._office_end = office_end

    async def GetOfficeEnd(  # noqa: N802
        self, request: pb.GetOfficeEndRequest, context: Any
    ) -> pb.GetOfficeEndResponse:
        """Tells how far the end of an office has come here."""
        state = await self._office_end(request.office_id)
        return pb.GetOfficeEndResponse(done=state.done, moved=state.moved.get("cases", 0), left=state.left)
