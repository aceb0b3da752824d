"""How the work at home stands: workload, trend, who waits for a second person."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

import grpc

from homeward.followup.v1 import oversight_pb2, oversight_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.fields import Fields
from services.chassis.calls.pages import Pages, filters_of
from services.chassis.calls.security import actor_of, current_call
from services.chassis.events.units import UnitOfWork, Units
from services.followup import wire
from services.followup.application import oversight
from services.followup.application.case import Ports
from services.followup.application.oversight import Whose
from services.followup.domain.entry import Kind
from services.followup.domain.oversight import WaitingSafety, Work, WorkWanted, sort_key

MAX_OFFICER_CHARS: Final = 16
ME: Final = "ME"
"""Instead of a sign: the caller."""
MAX_DAYS: Final = 366
Context = grpc.aio.ServicerContext[Any, Any]


class OversightServicer(oversight_pb2_grpc.OversightServiceServicer):
    """What whoever answers for the work looks at."""

    def __init__(self, units: Units, ports: Ports, digest_key: bytes) -> None:
        self._units = units
        self._ports = ports
        self._digest_key = digest_key
        self._pages = Pages(digest_key)

    async def CountWorkload(  # noqa: N802
        self, request: oversight_pb2.CountWorkloadRequest, context: Context
    ) -> oversight_pb2.CountWorkloadResponse:
        """Count the open cases of each officer."""
        fields, caller = Fields(), current_call().caller
        whose = _whose(fields.at("filter."), request.filter)
        fields.done()
        found = await self._units.read(
            lambda uow: oversight.count_workload(uow, self._ports, caller, whose, self._officer_of)
        )
        return oversight_pb2.CountWorkloadResponse(officers=map(wire.workload, found))

    async def ListWorkload(  # noqa: N802
        self, request: oversight_pb2.ListWorkloadRequest, context: Context
    ) -> oversight_pb2.ListWorkloadResponse:
        """List what is counted."""
        fields, caller = Fields(), current_call().caller
        size = fields.page_size(request.page_size)
        part, me = fields.at("filter."), self._officer_of(caller.subject)
        whose = _whose(part, request.filter)
        officer = part.text("officer", request.filter.officer, MAX_OFFICER_CHARS)
        wanted = WorkWanted(
            me if officer == ME else officer,
            part.number("due_within_days", request.filter.due_within_days, most=MAX_DAYS),
            request.filter.overdue_only,
            request.filter.this_week,
        )
        fields.done()
        page = self._pages.page(
            caller, "ListWorkload", size, request.page_token, **filters_of(whose), **filters_of(wanted)
        )
        after = page.start(date.fromisoformat, uuid.UUID)

        async def work(uow: UnitOfWork) -> list[Work]:
            return await oversight.list_workload(
                uow, self._ports, caller, whose, wanted, self._officer_of, after=after, limit=page.limit
            )

        given, token = page.cut(await self._units.read(work), sort_key)
        return oversight_pb2.ListWorkloadResponse(cases=[wire.work(each, me) for each in given], next_page_token=token)

    async def ListFollowUpTrend(  # noqa: N802
        self, request: oversight_pb2.ListFollowUpTrendRequest, context: Context
    ) -> oversight_pb2.ListFollowUpTrendResponse:
        """Count what became of follow-ups, month by month."""
        fields, caller = Fields(), current_call().caller
        whose = _whose(fields, request)
        kind = fields.member("kind", Kind, types.FollowUpKind, request.kind)
        fields.done()
        months, today = await self._units.read(lambda uow: oversight.list_trend(uow, self._ports, caller, whose, kind))
        return oversight_pb2.ListFollowUpTrendResponse(
            months=map(wire.follow_up_month, months), as_of=today.isoformat()
        )

    async def ListSafetyActs(  # noqa: N802
        self, request: oversight_pb2.ListSafetyActsRequest, context: Context
    ) -> oversight_pb2.ListSafetyActsResponse:
        """List who waits for a second person, longest first."""
        fields, caller = Fields(), current_call().caller
        size = fields.page_size(request.page_size)
        fields.done()
        page = self._pages.page(caller, "ListSafetyActs", size, request.page_token)
        after = page.start(datetime.fromisoformat, uuid.UUID)

        async def work(uow: UnitOfWork) -> Sequence[tuple[datetime, WaitingSafety]]:
            return await oversight.list_safety(uow, self._ports, caller, after=after, limit=page.limit)

        given, token = page.cut(await self._units.read(work), lambda one: (one[0], one[1].case_id))
        return oversight_pb2.ListSafetyActsResponse(
            acts=[wire.waiting_safety(each) for _at, each in given], next_page_token=token
        )

    def _officer_of(self, subject: str) -> str:
        return actor_of(subject, self._digest_key)


def _whose(fields: Fields, given: oversight_pb2.WorkloadFilter | oversight_pb2.ListFollowUpTrendRequest) -> Whose:
    return Whose(fields.counted_province("province", given.province), fields.office("office_id", given.office_id))
