"""Looks again: list, record."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, Final

import grpc

from homeward.followup.v1 import entries_pb2, visits_pb2, visits_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.answers import Answers
from services.chassis.calls.enums import number_of
from services.chassis.calls.fields import Fields
from services.chassis.calls.pages import Pages, filters_of
from services.chassis.calls.security import current_call
from services.chassis.country.reference_lists import warning_signs
from services.chassis.events.units import UnitOfWork, Units
from services.followup import wire
from services.followup.application import visits
from services.followup.application.case import Ports
from services.followup.application.confidence import Confidence
from services.followup.domain.case import LATE_RULES
from services.followup.domain.entry import AfterDeclined, Kind, Outcome
from services.followup.domain.oversight import Result
from services.followup.domain.visits import (
    MAX_WARNING_SIGNS,
    FollowUpsWanted,
    ListedFollowUp,
    ListedOverdue,
    OverdueWanted,
    Visit,
)

MAX_VERSION: Final = 1_000_000
MAX_DAYS: Final = 36_500
"""For how long at most something is asked to be overdue."""
Context = grpc.aio.ServicerContext[Any, Any]


class VisitServicer(visits_pb2_grpc.VisitServiceServicer):
    """What offices look at and record of the looks again."""

    def __init__(self, units: Units, ports: Ports, vault: Confidence, digest_key: bytes) -> None:
        self._units = units
        self._vault = vault
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
        read = fields.number("wishes_read", request.wishes_read, most=MAX_VERSION)
        fields.done()

        async def work(uow: UnitOfWork) -> visits_pb2.RecordFollowUpResponse:
            one, done = await visits.record_follow_up(
                uow, self._ports, self._vault, asked.caller, reference, visit, read
            )
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
        fields, caller = Fields(), current_call().caller
        size = fields.page_size(request.page_size)
        wanted = _wanted(fields, request.filter)
        fields.done()
        page = self._pages.page(caller, "ListFollowUps", size, request.page_token, **filters_of(wanted))
        after = page.start(date.fromisoformat, uuid.UUID)

        async def work(uow: UnitOfWork) -> list[ListedFollowUp]:
            return await visits.list_follow_ups(uow, self._ports, caller, wanted, after=after, limit=page.limit)

        given, token = page.cut(await self._units.read(work), lambda one: (one.due_on, one.id))
        return visits_pb2.ListFollowUpsResponse(
            follow_ups=[wire.follow_up(one) for one in given], next_page_token=token
        )

    async def CountFollowUps(  # noqa: N802
        self, request: visits_pb2.CountFollowUpsRequest, context: Context
    ) -> visits_pb2.CountFollowUpsResponse:
        """Count what is listed."""
        fields, caller = Fields(), current_call().caller
        wanted = _wanted(fields, request.filter)
        fields.done()
        rows = await self._units.read(lambda uow: visits.count_follow_ups(uow, self._ports, caller, wanted))
        return visits_pb2.CountFollowUpsResponse(counts=wire.follow_up_counts(rows))

    async def ListOverdueFollowUps(  # noqa: N802
        self, request: visits_pb2.ListOverdueFollowUpsRequest, context: Context
    ) -> visits_pb2.ListOverdueFollowUpsResponse:
        """List what is late or overdue, longest first."""
        fields, caller = Fields(), current_call().caller
        size = fields.page_size(request.page_size)
        wanted = _overdue_wanted(fields, request.filter)
        fields.done()
        page = self._pages.page(caller, "ListOverdueFollowUps", size, request.page_token, **filters_of(wanted))
        after = page.start(date.fromisoformat, uuid.UUID)

        async def work(uow: UnitOfWork) -> list[ListedOverdue]:
            return await visits.list_overdue(uow, self._ports, caller, wanted, after=after, limit=page.limit)

        given, token = page.cut(await self._units.read(work), lambda one: (one.due_on, one.id))
        return visits_pb2.ListOverdueFollowUpsResponse(
            follow_ups=[wire.overdue(one) for one in given], next_page_token=token
        )

    async def CountOverdueFollowUps(  # noqa: N802
        self, request: visits_pb2.CountOverdueFollowUpsRequest, context: Context
    ) -> visits_pb2.CountOverdueFollowUpsResponse:
        """Count what is late or overdue."""
        fields, caller = Fields(), current_call().caller
        wanted = _overdue_wanted(fields, request.filter)
        fields.done()
        rows = await self._units.read(lambda uow: visits.count_overdue(uow, self._ports, caller, wanted))
        return visits_pb2.CountOverdueFollowUpsResponse(counts=wire.overdue_counts(rows, by_office=request.by_office))


def _wanted(fields: Fields, given: visits_pb2.FollowUpFilter) -> FollowUpsWanted:
    part = fields.at("filter.")
    standing = wire.standing_of(given.state)
    if given.state and standing is None:
        part.wrong("state", "NOT_IN_LIST", list="states of a follow-up")
    if given.state and given.result:
        part.wrong("result", "NOT_ALLOWED_WITH", other="state")
    return FollowUpsWanted(
        case=part.case(given.case) if given.case else None,
        due_from=part.day("due_from", given.due_from),
        due_until=part.day("due_until", given.due_until),
        include_done=given.include_done,
        kind=part.member("kind", Kind, types.FollowUpKind, given.kind),
        standing=standing,
        province=part.counted_province("province", given.province),
        office_id=part.office("office_id", given.office_id),
        result=part.member("result", Result, types.FollowUpResult, given.result),
    )


def _overdue_wanted(fields: Fields, given: visits_pb2.OverdueFilter) -> OverdueWanted:
    part = fields.at("filter.")
    if given.rule:
        part.one_of("rule", given.rule, LATE_RULES, ", ".join(sorted(LATE_RULES)))
    return OverdueWanted(
        province=part.counted_province("province", given.province),
        rule=given.rule,
        overdue_days_min=part.number("overdue_days_min", given.overdue_days_min, most=MAX_DAYS),
        level_min=part.number("escalation_level_min", given.escalation_level_min),
        office_id=part.office("office_id", given.office_id),
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
