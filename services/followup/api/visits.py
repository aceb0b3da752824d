"""Looks again: list, record."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import grpc

from homeward.followup.v1 import entries_pb2, visits_pb2, visits_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.answers import Answers
from services.chassis.calls.enums import number_of
from services.chassis.calls.fields import Fields
from services.chassis.calls.pages import Pages
from services.chassis.calls.security import current_call
from services.chassis.country.reference_lists import warning_signs
from services.chassis.events.units import UnitOfWork, Units
from services.followup import wire
from services.followup.application.case import Ports
from services.followup.application.visits import list_follow_ups, list_overdue, record_follow_up
from services.followup.domain.entry import AfterDeclined, Kind, Outcome
from services.followup.domain.visits import MAX_WARNING_SIGNS, ListedFollowUp, ListedOverdue, Visit

Context = grpc.aio.ServicerContext[Any, Any]


class VisitServicer(visits_pb2_grpc.VisitServiceServicer):
    """What offices look at and record of the looks again."""

    def __init__(self, units: Units, ports: Ports, digest_key: bytes) -> None:
        self._units = units
        self._ports = ports
        self._answers = Answers(units, digest_key)
        self._pages = Pages(digest_key)

    async def RecordFollowUp(  # noqa: N802
        self, request: visits_pb2.RecordFollowUpRequest, context: Context
    ) -> visits_pb2.RecordFollowUpResponse:
        """Record a visit or an attempt."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        reference = fields.case(request.case)
        visit = Visit(
            fields.member("kind", Kind, types.FollowUpKind, request.kind),
            fields.day("visited_on", request.visited_on),
            fields.required_member("outcome", Outcome, types.FollowUpOutcome, request.outcome),
            signs_of(request, fields),
            _then_of(request, fields),
        )
        fields.done()

        async def work(uow: UnitOfWork) -> visits_pb2.RecordFollowUpResponse:
            one, done = await record_follow_up(uow, self._ports, asked.caller, reference, visit)
            return visits_pb2.RecordFollowUpResponse(
                follow_up=wire.follow_up(one),
                entry_number=done.entry.number,
                search=number_of(types.SearchEffect, done.effect),
                missed=[number_of(types.FollowUpKind, each.kind) for each in done.missed],
                seen_on=done.seen_on.isoformat() if done.seen_on else "",
            )

        return await self._answers.once(asked, visits_pb2.RecordFollowUpResponse, work)

    async def ListFollowUps(  # noqa: N802
        self, request: visits_pb2.ListFollowUpsRequest, context: Context
    ) -> visits_pb2.ListFollowUpsResponse:
        """List follow-ups, earliest due date first."""
        caller = current_call().caller
        fields = Fields()
        size = fields.page_size(request.page_size)
        case = fields.case(request.case) if request.case else None
        due_until = fields.day("due_until", request.due_until)
        fields.done()
        include_done = request.include_done
        page = self._pages.page(
            caller,
            "ListFollowUps",
            size,
            request.page_token,
            case=str(case or ""),
            due_until=request.due_until,
            include_done=include_done,
        )
        after = page.start(date.fromisoformat, uuid.UUID)

        async def work(uow: UnitOfWork) -> list[ListedFollowUp]:
            return await list_follow_ups(
                uow,
                self._ports,
                caller,
                case=case,
                due_until=due_until,
                include_done=include_done,
                after=after,
                limit=page.limit,
            )

        given, token = page.cut(await self._units.read(work), lambda one: (one.due_on, one.id))
        return visits_pb2.ListFollowUpsResponse(
            follow_ups=[wire.follow_up(one) for one in given], next_page_token=token
        )

    async def ListOverdueFollowUps(  # noqa: N802
        self, request: visits_pb2.ListOverdueFollowUpsRequest, context: Context
    ) -> visits_pb2.ListOverdueFollowUpsResponse:
        """List what is late or overdue, longest first."""
        caller = current_call().caller
        fields = Fields()
        size = fields.page_size(request.page_size)
        fields.done()
        page = self._pages.page(caller, "ListOverdueFollowUps", size, request.page_token)
        after = page.start(date.fromisoformat, uuid.UUID)

        async def work(uow: UnitOfWork) -> list[ListedOverdue]:
            return await list_overdue(uow, self._ports, caller, after=after, limit=page.limit)

        given, token = page.cut(await self._units.read(work), lambda one: (one.due_on, one.id))
        return visits_pb2.ListOverdueFollowUpsResponse(
            follow_ups=[wire.overdue(one) for one in given], next_page_token=token
        )


def _then_of(request: visits_pb2.RecordFollowUpRequest, fields: Fields) -> AfterDeclined | None:
    then = fields.member("then", AfterDeclined, types.AfterDeclined, request.then)
    if request.outcome == types.FOLLOW_UP_OUTCOME_DECLINED:
        if not request.then:
            fields.wrong("then", "REQUIRED_WITH", other="outcome")
    elif request.then:
        fields.wrong("then", "NOT_ALLOWED_WITH", other="outcome")
    return then


def signs_of(
    request: visits_pb2.RecordFollowUpRequest | entries_pb2.CorrectEntryRequest, fields: Fields
) -> tuple[str, ...]:
    """The warning signs of a request, in the order of their codes."""
    signs = tuple(request.warning_signs)
    if len(signs) > MAX_WARNING_SIGNS:
        fields.wrong("warning_signs", "TOO_MANY", limit=str(MAX_WARNING_SIGNS))
    elif not set(signs) <= {sign.id for sign in warning_signs()}:
        fields.wrong("warning_signs", "NOT_IN_LIST", list="warning signs")
    elif len(set(signs)) < len(signs):
        fields.wrong("warning_signs", "DUPLICATE")
    elif signs and request.outcome == types.FOLLOW_UP_OUTCOME_NOT_REACHED:
        fields.wrong("warning_signs", "NOT_ALLOWED_WITH", other="outcome")
    return tuple(sorted(signs))
