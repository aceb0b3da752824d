"""What receiving offices write down, and set right."""

from __future__ import annotations

from typing import Any

from homeward.intake.v1 import submissions_pb2 as pb
from homeward.intake.v1 import submissions_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.answers import Answers
from services.chassis.calls.fields import Fields
from services.chassis.calls.security import current_call
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.record import PEOPLE_MAX
from services.intake import wire
from services.intake.application import corrections, submissions
from services.intake.application.ports import Ports
from services.intake.application.submissions import Check
from services.intake.domain.case import WithdrawReason
from services.intake.domain.submissions import Receipt, Route, Submission, check_handover, check_self_return


class SubmissionServicer(submissions_pb2_grpc.SubmissionServiceServicer):
    """Registers people, corrects and withdraws."""

    def __init__(self, ports: Ports, answers: Answers) -> None:
        self._ports = ports
        self._answers = answers

    async def SubmitHandover(  # noqa: N802
        self, request: pb.SubmitHandoverRequest, context: Any
    ) -> pb.SubmitHandoverResponse:
        """Registers the people of one handover."""
        # Counted before anything is read of them.
        fields = Fields()
        fields.at_most("handover.people", request.handover.people, PEOPLE_MAX)
        fields.done()
        route = ("handover.route", request.handover.route)
        submission = wire.handover_of(request.handover, request.also_register_again, request.confirmed)
        receipt = await self._register(request, submission, check_handover, route)
        return pb.SubmitHandoverResponse(receipt=wire.receipt_message(receipt))

    async def RegisterSelfReturn(  # noqa: N802
        self, request: pb.RegisterSelfReturnRequest, context: Any
    ) -> pb.RegisterSelfReturnResponse:
        """Registers one person who came back alone."""
        route = ("route", request.route)
        receipt = await self._register(request, wire.self_return_of(request), check_self_return, route)
        return pb.RegisterSelfReturnResponse(receipt=wire.receipt_message(receipt))

    async def _register(self, request: Any, submission: Submission, check: Check, route: tuple[str, int]) -> Receipt:
        fields = Fields()
        asked = self._answers.asked(fields, request)
        name, number = route
        if number and submission.route is None:
            # Given, but of no meaning: not the same as a route that is missing.
            fields.wrong(name, "NOT_IN_LIST", list=", ".join(Route))
        fields.done()
        return await submissions.register(self._ports, asked, submission, check)

    async def GetReceipt(  # noqa: N802
        self, request: pb.GetReceiptRequest, context: Any
    ) -> pb.GetReceiptResponse:
        """Returns the receipt of an earlier submission."""
        fields = Fields()
        request_id = fields.request_id(request)
        fields.done()
        receipt = await submissions.get_receipt(self._ports, current_call().caller, request_id)
        return pb.GetReceiptResponse(receipt=wire.receipt_message(receipt))

    async def FindRegistered(  # noqa: N802
        self, request: pb.FindRegisteredRequest, context: Any
    ) -> pb.FindRegisteredResponse:
        """Finds whom the caller's office registered already."""
        fields = Fields()
        fields.at_most("handover.people", request.handover.people, PEOPLE_MAX, required=True)
        fields.done()
        submission = wire.handover_of(request.handover)
        found = await submissions.find_registered(self._ports, current_call().caller, submission)
        return pb.FindRegisteredResponse(registered=[wire.registered_message(one) for one in found])

    async def CorrectCase(  # noqa: N802
        self, request: pb.CorrectCaseRequest, context: Any
    ) -> pb.CorrectCaseResponse:
        """Corrects fields of the person's record."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        ref, version = fields.case(request.case), fields.version(request.etag)
        fields.done()
        correction = wire.correction_of(request)

        async def work(uow: UnitOfWork) -> pb.CorrectCaseResponse:
            seen = await corrections.correct(uow, self._ports, asked.caller, ref, version, correction)
            return pb.CorrectCaseResponse(case=wire.case_message(seen))

        return await self._answers.once(asked, pb.CorrectCaseResponse, work)

    async def WithdrawCase(  # noqa: N802
        self, request: pb.WithdrawCaseRequest, context: Any
    ) -> pb.WithdrawCaseResponse:
        """Withdraws a case registered by mistake."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        ref, version = fields.case(request.case), fields.version(request.etag)
        reason = fields.required_member("reason", WithdrawReason, types.WithdrawReason, request.reason)
        fields.done()

        async def work(uow: UnitOfWork) -> pb.WithdrawCaseResponse:
            seen = await corrections.withdraw(uow, self._ports, asked.caller, ref, version, reason)
            return pb.WithdrawCaseResponse(case=wire.case_message(seen))

        return await self._answers.once(asked, pb.WithdrawCaseResponse, work)
