"""The decision whether a person is a victim, and who waits for one."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from homeward.intake.v1 import identification_pb2 as pb
from homeward.intake.v1 import identification_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.answers import Answers
from services.chassis.calls.fields import Fields
from services.chassis.calls.pages import Pages
from services.chassis.calls.security import current_call
from services.chassis.events.units import UnitOfWork
from services.intake import wire
from services.intake.application import identification, undecided
from services.intake.application.ports import Ports
from services.intake.domain.case import Identification
from services.intake.domain.identification import Decision, VerifierReason


class IdentificationServicer(identification_pb2_grpc.IdentificationServiceServicer):
    """Records decisions, and lists who waits for one."""

    def __init__(self, ports: Ports, answers: Answers, pages: Pages) -> None:
        self._ports = ports
        self._answers = answers
        self._pages = pages

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

    async def AssignVerifier(  # noqa: N802
        self, request: pb.AssignVerifierRequest, context: Any
    ) -> pb.AssignVerifierResponse:
        """Gives the decision to another office of the police."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        ref, version = fields.case(request.case), fields.version(request.etag)
        office_id = fields.required_office("office_id", request.office_id)
        reason = fields.required_member("reason", VerifierReason, types.VerifierReason, request.reason)
        fields.done()

        async def work(uow: UnitOfWork) -> pb.AssignVerifierResponse:
            seen = await identification.assign_verifier(uow, self._ports, asked.caller, ref, version, office_id, reason)
            return pb.AssignVerifierResponse(case=wire.case_message(seen))

        return await self._answers.once(asked, pb.AssignVerifierResponse, work)

    async def ListUndecided(  # noqa: N802
        self, request: pb.ListUndecidedRequest, context: Any
    ) -> pb.ListUndecidedResponse:
        """Lists open cases of which nobody has decided yet, those due first at the top."""
        caller = current_call().caller
        fields = Fields()
        size = fields.page_size(request.page_size)
        fields.done()
        overdue_only = request.overdue_only
        page = self._pages.page(caller, "ListUndecided", size, request.page_token, overdue_only=overdue_only)
        after = page.start(date.fromisoformat, UUID)
        found, today = await undecided.list_undecided(
            self._ports, caller, overdue_only=overdue_only, after=after, limit=page.limit
        )
        given, next_token = page.cut(found, lambda one: (one.due_on, one.case_id))
        return pb.ListUndecidedResponse(
            cases=[wire.undecided_message(one, today) for one in given], next_page_token=next_token
        )
