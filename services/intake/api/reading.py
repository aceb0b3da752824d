"""Reading cases, and who read whose identity."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from homeward.intake.v1 import reading_pb2 as pb
from homeward.intake.v1 import reading_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.case_ref import CaseRef
from services.chassis.calls.fields import Fields
from services.chassis.calls.pages import Pages, filters_of
from services.chassis.calls.security import current_call
from services.chassis.kernel.roles import MAX_SUBJECT_CHARS
from services.chassis.kernel.words import Phase
from services.intake import wire
from services.intake.application import reading
from services.intake.application.ports import Ports
from services.intake.domain.access import PURPOSE_CHARS_MAX, CasesWanted, ReadsWanted
from services.intake.domain.case import Identification


class ReadingServicer(reading_pb2_grpc.ReadingServiceServicer):
    """Answers with as much as the caller may see."""

    def __init__(self, ports: Ports, pages: Pages) -> None:
        self._ports = ports
        self._pages = pages

    async def GetCase(self, request: pb.GetCaseRequest, context: Any) -> pb.GetCaseResponse:  # noqa: N802
        """Reads one case."""
        caller = current_call().caller
        fields = Fields()
        ref = fields.case(request.case)
        if request.break_glass_id:
            return await self._by_break_glass(request, fields, ref)
        if not request.include_identity:
            fields.done()
            seen, deadlines = await reading.get_case(self._ports, caller, ref)
            return pb.GetCaseResponse(case=wire.case_with_deadlines(seen, deadlines))
        purpose = fields.text("purpose", request.purpose, PURPOSE_CHARS_MAX, required=True)
        fields.done()
        seen, deadlines = await reading.get_identity(self._ports, caller, ref, purpose)
        return pb.GetCaseResponse(case=wire.case_with_deadlines(seen, deadlines))

    async def _by_break_glass(self, request: pb.GetCaseRequest, fields: Fields, ref: CaseRef) -> pb.GetCaseResponse:
        break_glass_id = fields.uuid("break_glass_id", request.break_glass_id)
        if not request.include_identity:
            fields.wrong("include_identity", "REQUIRED_WITH", other="break_glass_id")
        if request.purpose:
            fields.wrong("purpose", "NOT_ALLOWED_WITH", other="break_glass_id")
        fields.done()
        caller = current_call().caller
        seen, deadlines = await reading.get_identity(self._ports, caller, ref, "", break_glass_id)
        return pb.GetCaseResponse(case=wire.case_with_deadlines(seen, deadlines))

    async def ListCases(self, request: pb.ListCasesRequest, context: Any) -> pb.ListCasesResponse:  # noqa: N802
        """Lists cases without identity."""
        caller = current_call().caller
        fields = Fields()
        size = fields.page_size(request.page_size)
        phase = fields.member("phase", Phase, types.CasePhase, request.phase)
        identification = fields.member(
            "identification", Identification, types.IdentificationStatus, request.identification
        )
        wanted = CasesWanted(
            phase=phase,
            identification=identification,
            handover_id=fields.uuid("handover_id", request.handover_id) if request.handover_id else None,
            received_from=fields.day("received_from", request.received_from),
            received_until=fields.day("received_until", request.received_until),
        )
        fields.done()
        page = self._pages.page(caller, "ListCases", size, request.page_token, **filters_of(wanted))
        after = page.start(UUID)
        found = await reading.list_cases(
            self._ports, caller, wanted, before=after[0] if after else None, limit=page.limit
        )
        given, next_token = page.cut(found, lambda seen: [seen.case.id])
        return pb.ListCasesResponse(cases=[wire.case_message(seen) for seen in given], next_page_token=next_token)

    async def ListAccessLog(  # noqa: N802
        self, request: pb.ListAccessLogRequest, context: Any
    ) -> pb.ListAccessLogResponse:
        """Lists who read which identity."""
        caller = current_call().caller
        fields = Fields()
        size = fields.page_size(request.page_size)
        ref = fields.case(request.case) if request.case else None
        wanted = ReadsWanted(
            office_id=fields.office("office_id", request.office_id),
            subject=fields.text("subject", request.subject, MAX_SUBJECT_CHARS) or None,
            read_from=fields.day("read_from", request.read_from),
            read_until=fields.day("read_until", request.read_until),
        )
        fields.done()
        page = self._pages.page(caller, "ListAccessLog", size, request.page_token, case=ref, **filters_of(wanted))
        after = page.start(int)
        found = await reading.list_access_log(
            self._ports, caller, ref=ref, wanted=wanted, before=after[0] if after else None, limit=page.limit
        )
        given, next_token = page.cut(found.reads, lambda read: [read.sequence])
        return pb.ListAccessLogResponse(
            entries=[wire.log_entry_message(read) for read in given],
            chain_intact=found.intact,
            next_page_token=next_token,
        )
