"""The gRPC face of followup: proto in, command, proto out."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any, Final, TypeVar

import grpc
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from homeward.followup.v1 import followup_pb2 as pb
from homeward.followup.v1 import followup_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.answers import Answers, Asked, digest_of, method_name
from services.chassis.calls.case_ref import CaseRef, parse_case_ref
from services.chassis.calls.pages import decode_token, encode_token, page_size_of
from services.chassis.calls.security import current_call
from services.chassis.country.reference_lists import warning_signs
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.deadlines import Timeliness
from services.chassis.kernel.errors import BadPageToken, FieldViolation, InvalidInput
from services.chassis.kernel.roles import Caller
from services.chassis.kernel.words import CloseReason, Phase
from services.chassis.service.office_end import OfficeEndQuery
from services.followup.application.case import Ports
from services.followup.application.closing import close_case, reopen_case
from services.followup.application.contacts import record_contact
from services.followup.application.deadlines import primary_deadline
from services.followup.application.visits import list_follow_ups, list_overdue, record_follow_up
from services.followup.domain.case import (
    CLOSE_DECISION,
    RULE_OF_KIND,
    ContactOutcome,
    FollowUpCase,
    Kind,
    Outcome,
    State,
)
from services.followup.domain.visits import MAX_WARNING_SIGNS, Visit
from services.followup.storage.visits import ListedFollowUp, ListedOverdue, PageKey

M = TypeVar("M", bound=Message)
Context = grpc.aio.ServicerContext[Any, Any]

EXAMPLE_DATE: Final = "2026-03-31"
EXAMPLE_ID: Final = "0197f0a4-7d3c-7b52-9c0e-2f6a5b1d4e83"

_STATES: Final[Mapping[Timeliness, types.FollowUpState.ValueType]] = {
    Timeliness.ON_TIME: types.FOLLOW_UP_STATE_SCHEDULED,
    Timeliness.DUE: types.FOLLOW_UP_STATE_DUE,
    Timeliness.LATE: types.FOLLOW_UP_STATE_LATE,
    Timeliness.OVERDUE: types.FOLLOW_UP_STATE_OVERDUE,
}


class FollowUpServicer(followup_pb2_grpc.FollowUpServiceServicer):
    """Answers the methods of FollowUpService. Who may call which is decided before, by chassis/policy.py."""

    def __init__(self, units: Units, ports: Ports, digest_key: bytes, office_end: OfficeEndQuery) -> None:
        self._units = units
        self._office_end = office_end
        self._ports = ports
        self._digest_key = digest_key

    async def GetOfficeEnd(  # noqa: N802
        self, request: pb.GetOfficeEndRequest, context: Context
    ) -> pb.GetOfficeEndResponse:
        """Tell how far the end of an office has come here."""
        state = await self._office_end(request.office_id)
        return pb.GetOfficeEndResponse(done=state.done, moved=state.moved.get("cases", 0), left=state.left)

    async def RecordFollowUp(  # noqa: N802
        self, request: pb.RecordFollowUpRequest, context: Context
    ) -> pb.RecordFollowUpResponse:
        """Record a visit or an attempt."""
        caller = current_call().caller
        reference, visit = _visit_of(request)

        async def work(uow: UnitOfWork) -> pb.RecordFollowUpResponse:
            one = await record_follow_up(uow, self._ports, caller, reference, visit)
            return pb.RecordFollowUpResponse(follow_up=_follow_up(one))

        return await self._once(caller, request, pb.RecordFollowUpResponse, work)

    async def RecordContact(  # noqa: N802
        self, request: pb.RecordContactRequest, context: Context
    ) -> pb.RecordContactResponse:
        """Record an attempt to reach the person at home."""
        caller = current_call().caller
        reference, outcome, contacted_on = _contact_of(request)

        async def work(uow: UnitOfWork) -> pb.RecordContactResponse:
            case = await record_contact(uow, self._ports, caller, reference, outcome, contacted_on)
            return pb.RecordContactResponse(case_id=str(case.case_id), contacts=len(case.contacts))

        return await self._once(caller, request, pb.RecordContactResponse, work)

    async def CloseCase(  # noqa: N802
        self, request: pb.CloseCaseRequest, context: Context
    ) -> pb.CloseCaseResponse:
        """Close a case."""
        caller = current_call().caller
        reference, reason = _closing_of(request)

        async def work(uow: UnitOfWork) -> pb.CloseCaseResponse:
            case = await close_case(uow, self._ports, caller, reference, reason)
            return pb.CloseCaseResponse(case=self._case(case))

        return await self._once(caller, request, pb.CloseCaseResponse, work)

    async def ReopenCase(  # noqa: N802
        self, request: pb.ReopenCaseRequest, context: Context
    ) -> pb.ReopenCaseResponse:
        """Open a closed case again."""
        caller = current_call().caller
        fields = _Fields()
        reference = fields.case(request.case)
        fields.request_id(request.request_id)
        fields.refuse()

        async def work(uow: UnitOfWork) -> pb.ReopenCaseResponse:
            case = await reopen_case(uow, self._ports, caller, reference)
            return pb.ReopenCaseResponse(case=self._case(case))

        return await self._once(caller, request, pb.ReopenCaseResponse, work)

    async def ListFollowUps(  # noqa: N802
        self, request: pb.ListFollowUpsRequest, context: Context
    ) -> pb.ListFollowUpsResponse:
        """List follow-ups, earliest due date first."""
        caller = current_call().caller
        size = page_size_of(request.page_size)
        fields = _Fields()
        case = fields.case(request.case) if request.case else None
        due_until = fields.day("due_until", request.due_until)
        fields.refuse()
        filters = _filters(
            "ListFollowUps",
            caller,
            case=str(case or ""),
            due_until=request.due_until,
            include_done=request.include_done,
        )
        after = self._page(request.page_token, filters)

        async def work(uow: UnitOfWork) -> list[ListedFollowUp]:
            return await list_follow_ups(
                uow,
                self._ports,
                caller,
                case=case,
                due_until=due_until,
                include_done=request.include_done,
                after=after,
                limit=size + 1,
            )

        found = await self._units.read(work)
        return pb.ListFollowUpsResponse(
            follow_ups=[_follow_up(one) for one in found[:size]],
            next_page_token=self._next_token(found, size, filters),
        )

    async def ListOverdueFollowUps(  # noqa: N802
        self, request: pb.ListOverdueFollowUpsRequest, context: Context
    ) -> pb.ListOverdueFollowUpsResponse:
        """List what is late or overdue, longest first."""
        caller = current_call().caller
        size = page_size_of(request.page_size)
        filters = _filters("ListOverdueFollowUps", caller)
        after = self._page(request.page_token, filters)

        async def work(uow: UnitOfWork) -> list[ListedOverdue]:
            return await list_overdue(uow, self._ports, caller, after=after, limit=size + 1)

        found = await self._units.read(work)
        return pb.ListOverdueFollowUpsResponse(
            follow_ups=[_overdue(one) for one in found[:size]],
            next_page_token=self._next_token(found, size, filters),
        )

    async def _once(
        self,
        caller: Caller,
        request: Any,
        response_type: type[M],
        work: Callable[[UnitOfWork], Awaitable[M]],
    ) -> M:
        digest, method = digest_of(request, self._digest_key), method_name(current_call().method)
        asked = Asked(caller, uuid.UUID(request.request_id), method, digest)
        return await Answers(self._units, self._digest_key).once(asked, response_type, work)

    def _page(self, token: str, filters: Mapping[str, object]) -> PageKey | None:
        key = decode_token(token, filters, self._digest_key)
        if key is None:
            return None
        try:
            due_on, row_id = key
            return date.fromisoformat(due_on), uuid.UUID(row_id)
        except (TypeError, ValueError):
            raise BadPageToken from None

    def _next_token(
        self,
        found: list[ListedFollowUp] | list[ListedOverdue],
        size: int,
        filters: Mapping[str, object],
    ) -> str:
        if len(found) <= size:
            return ""
        last = found[size - 1]
        return encode_token(filters, (last.due_on, last.id), self._digest_key)

    def _case(self, case: FollowUpCase) -> pb.FollowUpCase:
        watched = primary_deadline(self._ports, case)
        return pb.FollowUpCase(
            case_id=str(case.case_id),
            case_number=case.case_number,
            phase=types.CasePhase.Value(f"CASE_PHASE_{case.phase.value}"),
            office_id=case.office_id,
            close_reason=_close_reason(case),
            close_time=_close_time(case),
            deadline_rule=watched.rule_code if watched else "",
            deadline_on=watched.due_on.isoformat() if watched else "",
        )


def _filters(method: str, caller: Caller, **filters: object) -> Mapping[str, object]:
    return {"method": method, "office": caller.office_id, "scope": caller.scope} | filters


# Requests -------------------------------------------------------------------------------------


class _Fields:
    """Reads fields and gathers everything that is wrong, so that it is told at once."""

    def __init__(self) -> None:
        self._violations: list[FieldViolation] = []

    def wrong(self, field: str, code: str, **params: str) -> None:
        self._violations.append(FieldViolation(None, field, code, params))

    def refuse(self) -> None:
        """Raise InvalidInput if anything was wrong."""
        if self._violations:
            raise InvalidInput(self._violations)

    def request_id(self, value: str) -> None:
        if not value:
            self.wrong("request_id", "REQUIRED")
            return
        try:
            uuid.UUID(value)
        except ValueError:
            self.wrong("request_id", "BAD_FORMAT", example=EXAMPLE_ID)

    def case(self, value: str) -> CaseRef:
        try:
            return parse_case_ref(value)
        except InvalidInput as error:
            self._violations.extend(error.violations)
            return ""

    def day(self, field: str, value: str) -> date | None:
        if not value:
            return None
        if len(value) != len(EXAMPLE_DATE):
            self.wrong(field, "BAD_FORMAT", example=EXAMPLE_DATE)
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.wrong(field, "NOT_A_DATE")
            return None


_KINDS: Final[Mapping[int, Kind | None]] = {types.FOLLOW_UP_KIND_UNSPECIFIED: None} | {
    types.FollowUpKind.Value(f"FOLLOW_UP_KIND_{kind.value}"): kind for kind in Kind
}
_OUTCOMES: Final[Mapping[int, Outcome]] = {
    types.FollowUpOutcome.Value(f"FOLLOW_UP_OUTCOME_{outcome.value}"): outcome for outcome in Outcome
}
_CONTACTS: Final[Mapping[int, ContactOutcome]] = {
    types.ContactOutcome.Value(f"CONTACT_OUTCOME_{outcome.value}"): outcome for outcome in ContactOutcome
}
_REASONS: Final[Mapping[int, CloseReason]] = {
    types.CloseReason.Value(f"CLOSE_REASON_{reason.value}"): reason for reason in CloseReason
}


def _visit_of(request: pb.RecordFollowUpRequest) -> tuple[CaseRef, Visit]:
    fields = _Fields()
    fields.request_id(request.request_id)
    reference = fields.case(request.case)
    if request.kind not in _KINDS:
        fields.wrong("kind", "NOT_IN_LIST", list="FollowUpKind")
    outcome = _OUTCOMES.get(request.outcome)
    if request.outcome == types.FOLLOW_UP_OUTCOME_UNSPECIFIED:
        fields.wrong("outcome", "REQUIRED")
    elif outcome is None:
        fields.wrong("outcome", "NOT_IN_LIST", list="FollowUpOutcome")
    visited_on = fields.day("visited_on", request.visited_on)
    signs = _signs_of(request, fields)
    fields.refuse()
    assert outcome is not None
    return reference, Visit(_KINDS[request.kind], visited_on, outcome, signs)


def _signs_of(request: pb.RecordFollowUpRequest, fields: _Fields) -> tuple[str, ...]:
    signs = tuple(request.warning_signs)
    if len(signs) > MAX_WARNING_SIGNS:
        fields.wrong("warning_signs", "TOO_MANY", limit=str(MAX_WARNING_SIGNS))
    elif not set(signs) <= {sign.id for sign in warning_signs()}:
        fields.wrong("warning_signs", "NOT_IN_LIST", list="red_flags")
    elif len(set(signs)) < len(signs):
        fields.wrong("warning_signs", "DUPLICATE")
    elif signs and request.outcome == types.FOLLOW_UP_OUTCOME_NOT_REACHED:
        fields.wrong("warning_signs", "NOT_ALLOWED_WITH", other="outcome")
    return tuple(sorted(signs))


def _contact_of(request: pb.RecordContactRequest) -> tuple[CaseRef, ContactOutcome, date | None]:
    fields = _Fields()
    fields.request_id(request.request_id)
    reference = fields.case(request.case)
    outcome = _CONTACTS.get(request.outcome)
    if request.outcome == types.CONTACT_OUTCOME_UNSPECIFIED:
        fields.wrong("outcome", "REQUIRED")
    elif outcome is None:
        fields.wrong("outcome", "NOT_IN_LIST", list="ContactOutcome")
    contacted_on = fields.day("contacted_on", request.contacted_on)
    fields.refuse()
    assert outcome is not None
    return reference, outcome, contacted_on


def _closing_of(request: pb.CloseCaseRequest) -> tuple[CaseRef, CloseReason]:
    fields = _Fields()
    fields.request_id(request.request_id)
    reference = fields.case(request.case)
    reason = _REASONS.get(request.reason)
    if request.reason == types.CLOSE_REASON_UNSPECIFIED:
        fields.wrong("reason", "REQUIRED")
    elif reason is None:
        fields.wrong("reason", "NOT_IN_LIST", list="CloseReason")
    fields.refuse()
    assert reason is not None
    return reference, reason


# Answers --------------------------------------------------------------------------------------


def _state(one: ListedFollowUp) -> types.FollowUpState.ValueType:
    if one.state is State.RECORDED:
        return types.FOLLOW_UP_STATE_RECORDED
    if one.state is State.CANCELLED:
        return types.FOLLOW_UP_STATE_CANCELLED
    return _STATES[one.timeliness]


def _follow_up(one: ListedFollowUp) -> pb.FollowUp:
    return pb.FollowUp(
        follow_up_id=str(one.id),
        case_id=str(one.case_id),
        case_number=one.case_number,
        etag=f'"{one.version}"',
        kind=types.FollowUpKind.Value(f"FOLLOW_UP_KIND_{one.kind.value}"),
        state=_state(one),
        office_id=one.office_id,
        arrived_on=one.arrived_on.isoformat(),
        due_on=one.due_on.isoformat(),
        visited_on=one.visited_on.isoformat() if one.visited_on else "",
        outcome=types.FollowUpOutcome.Value(f"FOLLOW_UP_OUTCOME_{one.outcome.value}")
        if one.outcome
        else types.FOLLOW_UP_OUTCOME_UNSPECIFIED,
        attempts=one.attempt_count,
        lost=one.lost,
        escalation_level=one.escalation_level,
    )


def _overdue(one: ListedOverdue) -> pb.OverdueFollowUp:
    return pb.OverdueFollowUp(
        case_id=str(one.case_id),
        case_number=one.case_number,
        office_id=one.office_id,
        rule=RULE_OF_KIND[one.kind] if one.kind else CLOSE_DECISION,
        state=_STATES[one.timeliness],
        due_on=one.due_on.isoformat(),
        overdue_days=one.overdue_days,
        escalation_level=one.escalation_level,
        lost=one.lost,
    )


def _close_reason(case: FollowUpCase) -> types.CloseReason.ValueType:
    if case.close_reason is None:
        return types.CLOSE_REASON_UNSPECIFIED
    return types.CloseReason.Value(f"CLOSE_REASON_{case.close_reason.value}")


def _close_time(case: FollowUpCase) -> Timestamp | None:
    if case.phase is not Phase.CLOSED or case.closed_at is None:
        return None
    time = Timestamp()
    time.FromDatetime(case.closed_at)
    return time
