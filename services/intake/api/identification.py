"""The decision whether a person is a victim."""

from __future__ import annotations

from typing import Any

from homeward.intake.v1 import identification_pb2 as pb
from homeward.intake.v1 import identification_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.answers import Answers
from services.chassis.calls.fields import Fields
from services.chassis.events.units import UnitOfWork
from services.intake import wire
from services.intake.application import identification
from services.intake.application.ports import Ports
from services.intake.domain.case import Identification
from services.intake.domain.identification import Decision


class IdentificationServicer(identification_pb2_grpc.IdentificationServiceServicer):
    """Records decisions."""

    def __init__(self, ports: Ports, answers: Answers) -> None:
        self._ports = ports
        self._answers = answers

    async def DecideIdentification(  # noqa: N802
        self, request: pb.DecideIdentificationRequest, context: Any
    ) -> pb.DecideIdentificationResponse:
        """Records, or revises, the identification decision."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        ref, version = fields.case(request.case), fields.version(request.etag)
        decision = Decision(
            status=fields.required_member("status", Identification, types.IdentificationStatus, request.status),
            decided_on=fields.required_day("decided_on", request.decided_on),
            grounds=tuple(request.grounds),
            evidence=tuple(request.evidence),
            reason=request.reason,
            certificate_number=request.certificate_number,
        )
        fields.done()

        async def work(uow: UnitOfWork) -> pb.DecideIdentificationResponse:
            seen = await identification.decide(uow, self._ports, asked.caller, ref, version, decision)
            return pb.DecideIdentificationResponse(case=wire.case_message(seen))

        return await self._answers.once(asked, pb.DecideIdentificationResponse, work)
