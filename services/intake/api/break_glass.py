"""Records that are opened by break-glass. Proto in, answers out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from homeward.intake.v1 import break_glass_pb2 as pb
from homeward.intake.v1 import break_glass_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.answers import Answers
from services.chassis.calls.fields import Fields
from services.chassis.calls.pages import Pages
from services.chassis.calls.security import current_call
from services.chassis.events.units import UnitOfWork
from services.intake import wire
from services.intake.application import break_glass
from services.intake.application.ports import Ports
from services.intake.domain.break_glass import Reason, Verdict


class BreakGlassServicer(break_glass_pb2_grpc.BreakGlassServiceServicer):
    """Opens records, lists what was opened, and takes what a second person says of it."""

    def __init__(self, ports: Ports, answers: Answers, pages: Pages) -> None:
        self._ports = ports
        self._answers = answers
        self._pages = pages

    async def OpenBreakGlass(  # noqa: N802
        self, request: pb.OpenBreakGlassRequest, context: Any
    ) -> pb.OpenBreakGlassResponse:
        """Opens one record."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        ref = fields.case(request.case)
        reason = fields.required_member("reason", Reason, types.BreakGlassReason, request.reason)
        fields.done()

        async def work(uow: UnitOfWork) -> pb.OpenBreakGlassResponse:
            seen = await break_glass.open_record(uow, self._ports, asked.caller, ref, reason, request.words)
            return pb.OpenBreakGlassResponse(break_glass=wire.break_glass_message(seen))

        return await self._answers.once(asked, pb.OpenBreakGlassResponse, work)

    async def ReviewBreakGlass(  # noqa: N802
        self, request: pb.ReviewBreakGlassRequest, context: Any
    ) -> pb.ReviewBreakGlassResponse:
        """Says whether there was a reason."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        break_glass_id = fields.uuid("break_glass_id", request.break_glass_id)
        verdict = fields.required_member("verdict", Verdict, types.BreakGlassVerdict, request.verdict)
        fields.done()

        async def work(uow: UnitOfWork) -> pb.ReviewBreakGlassResponse:
            seen = await break_glass.review(uow, self._ports, asked.caller, break_glass_id, verdict)
            return pb.ReviewBreakGlassResponse(break_glass=wire.break_glass_message(seen))

        return await self._answers.once(asked, pb.ReviewBreakGlassResponse, work)

    async def GetBreakGlass(  # noqa: N802
        self, request: pb.GetBreakGlassRequest, context: Any
    ) -> pb.GetBreakGlassResponse:
        """Reads one."""
        fields = Fields()
        break_glass_id = fields.uuid("break_glass_id", request.break_glass_id)
        fields.done()
        seen, words = await break_glass.get(self._ports, current_call().caller, break_glass_id)
        return pb.GetBreakGlassResponse(break_glass=wire.break_glass_message(seen), words=words)

    async def ListBreakGlass(  # noqa: N802
        self, request: pb.ListBreakGlassRequest, context: Any
    ) -> pb.ListBreakGlassResponse:
        """Lists what was opened, newest first."""
        caller, fields = current_call().caller, Fields()
        size = fields.page_size(request.page_size)
        ref = fields.case(request.case) if request.case else None
        fields.done()
        page = self._pages.page(
            caller, "ListBreakGlass", size, request.page_token, waiting_only=request.waiting_only, case=ref
        )
        after = page.start(UUID)
        found = await break_glass.list_opened(
            self._ports,
            caller,
            ref=ref,
            waiting_only=request.waiting_only,
            before=after[0] if after else None,
            limit=page.limit,
        )
        given, next_token = page.cut(found, lambda seen: [seen.one.id])
        return pb.ListBreakGlassResponse(break_glasses=map(wire.break_glass_message, given), next_page_token=next_token)
