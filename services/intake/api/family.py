"""Who is a relative of whom."""

from __future__ import annotations

from typing import Any

from homeward.intake.v1 import cases_pb2, family_pb2_grpc
from homeward.intake.v1 import family_pb2 as pb
from services.chassis.calls.answers import Answers
from services.chassis.calls.case_ref import CaseRef
from services.chassis.calls.fields import Fields
from services.chassis.calls.security import current_call
from services.chassis.events.units import UnitOfWork
from services.intake import wire
from services.intake.application import family
from services.intake.application.ports import Ports
from services.intake.domain.family import Togetherness
from services.intake.domain.people import RELATIONS


class FamilyServicer(family_pb2_grpc.FamilyServiceServicer):
    """Links the cases of relatives."""

    def __init__(self, ports: Ports, answers: Answers) -> None:
        self._ports = ports
        self._answers = answers

    async def LinkFamily(self, request: pb.LinkFamilyRequest, context: Any) -> pb.LinkFamilyResponse:  # noqa: N802
        """Says that two people are relatives."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        ref, other = fields.case(request.case), fields.case(request.other_case, "other_case")
        if not request.relation:
            fields.wrong("relation", "REQUIRED")
        else:
            fields.one_of("relation", request.relation, RELATIONS, ", ".join(RELATIONS))
        togetherness = fields.member("togetherness", Togetherness, pb.Togetherness, request.togetherness)
        fields.done()

        async def work(uow: UnitOfWork) -> pb.LinkFamilyResponse:
            await family.link(uow, self._ports, asked.caller, ref, other, request.relation, togetherness)
            return pb.LinkFamilyResponse()

        answer = await self._answers.once(asked, pb.LinkFamilyResponse, work)
        answer.relatives.extend(await self._relatives(ref))
        return answer

    async def UnlinkFamily(  # noqa: N802
        self, request: pb.UnlinkFamilyRequest, context: Any
    ) -> pb.UnlinkFamilyResponse:
        """Says that two people are no relatives."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        ref, other = fields.case(request.case), fields.case(request.other_case, "other_case")
        fields.done()

        async def work(uow: UnitOfWork) -> pb.UnlinkFamilyResponse:
            await family.unlink(uow, self._ports, asked.caller, ref, other)
            return pb.UnlinkFamilyResponse()

        answer = await self._answers.once(asked, pb.UnlinkFamilyResponse, work)
        answer.relatives.extend(await self._relatives(ref))
        return answer

    async def _relatives(self, ref: CaseRef) -> list[cases_pb2.Relative]:
        """Told with each repetition anew: what one is to the other is kept nowhere without a seal."""
        found = await family.list_relatives(self._ports, current_call().caller, ref)
        return [wire.relative_message(each) for each in found]

    async def GetFamily(self, request: pb.GetFamilyRequest, context: Any) -> pb.GetFamilyResponse:  # noqa: N802
        """Lists her relatives, now and before."""
        fields = Fields()
        ref = fields.case(request.case)
        fields.done()
        ties = await family.list_ties(self._ports, current_call().caller, ref)
        return pb.GetFamilyResponse(ties=[wire.tie_message(each) for each in ties])
