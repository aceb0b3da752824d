"""Handovers as a whole. Proto in, answers out."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from homeward.intake.v1 import handovers_pb2 as pb
from homeward.intake.v1 import handovers_pb2_grpc
from services.chassis.calls.fields import Fields
from services.chassis.calls.pages import Pages
from services.chassis.calls.security import current_call
from services.intake import wire
from services.intake.application import handovers
from services.intake.application.ports import Ports
from services.intake.domain.access import PURPOSE_CHARS_MAX


class HandoverServicer(handovers_pb2_grpc.HandoverServiceServicer):
    """Answers what a border post received."""

    def __init__(self, ports: Ports, pages: Pages) -> None:
        self._ports = ports
        self._pages = pages

    async def ListHandovers(  # noqa: N802
        self, request: pb.ListHandoversRequest, context: Any
    ) -> pb.ListHandoversResponse:
        """Lists the handovers of the caller's office."""
        caller, fields = current_call().caller, Fields()
        size = fields.page_size(request.page_size)
        from_on, until_on = fields.day("from_on", request.from_on), fields.day("until_on", request.until_on)
        fields.done()
        page = self._pages.page(caller, "ListHandovers", size, request.page_token, from_on=from_on, until_on=until_on)
        found = await handovers.list_handovers(
            self._ports,
            caller,
            from_on=from_on,
            until_on=until_on,
            before=page.start(datetime.fromisoformat, UUID),
            limit=page.limit,
        )
        given, next_token = page.cut(found, lambda one: [one.handed_over_at, one.id])
        return pb.ListHandoversResponse(handovers=map(wire.handover_message, given), next_page_token=next_token)

    async def GetHandover(self, request: pb.GetHandoverRequest, context: Any) -> pb.GetHandoverResponse:  # noqa: N802
        """Reads one handover with its people."""
        fields = Fields()
        handover_id = fields.uuid("handover_id", request.handover_id)
        purpose = fields.text("purpose", request.purpose, PURPOSE_CHARS_MAX, required=True)
        fields.done()
        shown = await handovers.get_handover(self._ports, current_call().caller, handover_id, purpose)
        return wire.handover_answer(shown.handover, shown.details, shown.cases)
