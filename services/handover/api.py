"""The gRPC face: proto in, command, proto out. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, TypeVar
from uuid import UUID

from google.protobuf.message import Message

from homeward.handover.v1 import handover_pb2 as api
from homeward.handover.v1 import handover_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.case_ref import CaseRef, parse_case_ref
from services.chassis.kernel.errors import FieldViolation, InvalidInput
from services.chassis.security import current_call
from services.handover import application
from services.handover.application import Asked, Handover
from services.handover.domain import MAX_REASON_CHARS, RejectReason, TransferState
from services.handover.queries import Direction, Queries, Wanted, WantedTransfers

EXAMPLE_UUID: Final = "01890a5d-ac96-774b-bcce-b302099a8057"
EXAMPLE_DATE: Final = "2026-03-31"
MAX_OFFICE_CHARS: Final = 64

Context = Any
"""grpc.aio.ServicerContext; its stubs differ between the packages that bring them."""

T = TypeVar("T")

_DIRECTIONS: Final[Mapping[int, Direction]] = {
    api.DIRECTION_UNSPECIFIED: Direction.BOTH,
    api.DIRECTION_INCOMING: Direction.INCOMING,
    api.DIRECTION_OUTGOING: Direction.OUTGOING,
}
_REJECT_REASONS: Final[Mapping[int, RejectReason]] = {
    types.RejectReason.Value(f"REJECT_REASON_{reason.value}"): reason for reason in RejectReason
}
_STATES: Final[Mapping[int, TransferState | None]] = {
    types.TRANSFER_STATE_UNSPECIFIED: None,
    **{
        types.TransferState.Value(f"TRANSFER_STATE_{state.value}"): state for state in TransferState
    },
}


class Fields:
    """Reads the fields of a request and remembers everything that is wrong with them.

    A field that is wrong reads as a harmless value: call `done` before anything is used.
    """

    def __init__(self) -> None:
        self._violations: list[FieldViolation] = []

    def wrong(self, field: str, code: str, **params: str) -> None:
        """Remember a violation."""
        self._violations.append(FieldViolation(None, field, code, params))

    def done(self) -> None:
        """Raise InvalidInput with everything that was wrong."""
        if self._violations:
            raise InvalidInput(self._violations)

    def uuid(self, field: str, text: str) -> UUID:
        """A UUID; required."""
        if not text:
            self.wrong(field, "REQUIRED")
            return UUID(int=0)
        try:
            return UUID(text)
        except ValueError:
            self.wrong(field, "BAD_FORMAT", example=EXAMPLE_UUID)
            return UUID(int=0)

    def case(self, text: str) -> CaseRef:
        """A case id or number; required."""
        try:
            return parse_case_ref(text)
        except InvalidInput as invalid:
            self._violations.extend(invalid.violations)
            return UUID(int=0)

    def day(self, field: str, text: str) -> date | None:
        """A local date; None when empty."""
        if not text:
            return None
        try:
            parsed = date.fromisoformat(text)
        except ValueError:
            parsed = None
        if parsed is None or parsed.isoformat() != text:
            self.wrong(field, "BAD_FORMAT", example=EXAMPLE_DATE)
            return None
        return parsed

    def required_day(self, field: str, text: str) -> date:
        """A local date that must be given."""
        if not text:
            self.wrong(field, "REQUIRED")
        return self.day(field, text) or date.min

    def office(self, field: str, text: str) -> str | None:
        """An office id; None when empty. Whether there is such an office is not asked here."""
        if len(text) > MAX_OFFICE_CHARS:
            self.wrong(field, "UNKNOWN_OFFICE")
        return text or None

    def choice(self, field: str, values: Mapping[int, T], value: int, name: str, fallback: T) -> T:
        """One of the values of an enum."""
        if value not in values:
            self.wrong(field, "NOT_IN_LIST" if value else "REQUIRED", list=name)
        return values.get(value, fallback)

    def reason(self, text: str) -> str:
        """A reason in the user's words; required."""
        plain = text.strip()
        if not plain:
            self.wrong("reason", "REQUIRED")
        elif len(plain) > MAX_REASON_CHARS:
            self.wrong("reason", "TOO_LONG", limit=str(MAX_REASON_CHARS))
        elif not plain.isprintable():
            self.wrong("reason", "BAD_CHARACTERS")
        return plain


class HandoverServicer(handover_pb2_grpc.HandoverServiceServicer):
    """Answers the calls of HandoverService."""

    def __init__(self, handover: Handover, queries: Queries) -> None:
        self._handover = handover
        self._queries = queries

    async def PlanTransfer(  # noqa: N802
        self, request: api.PlanTransferRequest, context: Context
    ) -> api.PlanTransferResponse:
        """See the contract."""
        fields, asked = _begin(request)
        if not request.to_office_id:
            fields.wrong("to_office_id", "REQUIRED")
        command = application.PlanTransfer(
            case=fields.case(request.case),
            to_office_id=fields.office("to_office_id", request.to_office_id) or "",
            departure_on=fields.required_day(
                "expected_departure_on", request.expected_departure_on
            ),
            arrival_on=fields.required_day("expected_arrival_on", request.expected_arrival_on),
        )
        fields.done()
        return await self._handover.plan_transfer(asked, command)

    async def DispatchTransfer(  # noqa: N802
        self, request: api.DispatchTransferRequest, context: Context
    ) -> api.DispatchTransferResponse:
        """See the contract."""
        fields, asked = _begin(request)
        command = application.DispatchTransfer(
            case=fields.case(request.case),
            to_office_id=fields.office("to_office_id", request.to_office_id),
            departed_on=fields.day("departed_on", request.departed_on),
            arrival_on=fields.day("expected_arrival_on", request.expected_arrival_on),
        )
        fields.done()
        return await self._handover.dispatch_transfer(asked, command)

    async def AcknowledgeTransfer(  # noqa: N802
        self, request: api.AcknowledgeTransferRequest, context: Context
    ) -> api.AcknowledgeTransferResponse:
        """See the contract."""
        fields, asked = _begin(request)
        command = application.AcknowledgeTransfer(
            case=fields.case(request.case),
            etag=request.etag,
            arrived_on=fields.day("arrived_on", request.arrived_on),
        )
        fields.done()
        return await self._handover.acknowledge_transfer(asked, command)

    async def RetractAcknowledgement(  # noqa: N802
        self, request: api.RetractAcknowledgementRequest, context: Context
    ) -> api.RetractAcknowledgementResponse:
        """See the contract."""
        fields, asked = _begin(request)
        command = application.RetractAcknowledgement(
            case=fields.case(request.case), reason=fields.reason(request.reason)
        )
        fields.done()
        return await self._handover.retract_acknowledgement(asked, command)

    async def RejectTransfer(  # noqa: N802
        self, request: api.RejectTransferRequest, context: Context
    ) -> api.RejectTransferResponse:
        """See the contract."""
        fields, asked = _begin(request)
        command = application.RejectTransfer(
            case=fields.case(request.case),
            etag=request.etag,
            reason=fields.choice(
                "reason", _REJECT_REASONS, request.reason, "RejectReason", RejectReason.OTHER
            ),
        )
        fields.done()
        return await self._handover.reject_transfer(asked, command)

    async def RecallTransfer(  # noqa: N802
        self, request: api.RecallTransferRequest, context: Context
    ) -> api.RecallTransferResponse:
        """See the contract."""
        fields, asked = _begin(request)
        command = application.RecallTransfer(case=fields.case(request.case))
        fields.done()
        return await self._handover.recall_transfer(asked, command)

    async def RecordHome(  # noqa: N802
        self, request: api.RecordHomeRequest, context: Context
    ) -> api.RecordHomeResponse:
        """See the contract."""
        fields, asked = _begin(request)
        command = application.RecordHome(
            case=fields.case(request.case), home_on=fields.day("home_on", request.home_on)
        )
        fields.done()
        return await self._handover.record_home(asked, command)

    async def GetTransfer(  # noqa: N802
        self, request: api.GetTransferRequest, context: Context
    ) -> api.GetTransferResponse:
        """See the contract."""
        fields = Fields()
        transfer_id = fields.uuid("transfer_id", request.transfer_id)
        fields.done()
        return await self._queries.get_transfer(current_call().caller, transfer_id)

    async def GetCustody(  # noqa: N802
        self, request: api.GetCustodyRequest, context: Context
    ) -> api.GetCustodyResponse:
        """See the contract."""
        return await self._queries.get_custody(current_call().caller, parse_case_ref(request.case))

    async def ListTransfers(  # noqa: N802
        self, request: api.ListTransfersRequest, context: Context
    ) -> api.ListTransfersResponse:
        """See the contract."""
        fields = Fields()
        wanted = WantedTransfers(
            page=Wanted(request.page_size, request.page_token),
            direction=fields.choice(
                "direction", _DIRECTIONS, request.direction, "Direction", Direction.BOTH
            ),
            state=fields.choice("state", _STATES, request.state, "TransferState", None),
            overdue_only=request.overdue_only,
        )
        fields.done()
        return await self._queries.list_transfers(current_call().caller, wanted)

    async def ListOverdue(  # noqa: N802
        self, request: api.ListOverdueRequest, context: Context
    ) -> api.ListOverdueResponse:
        """See the contract."""
        wanted = Wanted(request.page_size, request.page_token)
        return await self._queries.list_overdue(current_call().caller, wanted)

    async def ListLost(  # noqa: N802
        self, request: api.ListLostRequest, context: Context
    ) -> api.ListLostResponse:
        """See the contract."""
        wanted = Wanted(request.page_size, request.page_token)
        return await self._queries.list_lost(current_call().caller, wanted)


def _begin(request: Message) -> tuple[Fields, Asked]:
    """What every mutation begins with: the fields, and who asks under which request id."""
    fields, call = Fields(), current_call()
    request_id = fields.uuid("request_id", getattr(request, "request_id", ""))
    return fields, Asked(call.caller, request_id, call.method, request)
