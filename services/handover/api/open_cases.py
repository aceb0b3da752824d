"""Open cases, listed and counted. Proto in, answers out."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from homeward.handover.v1 import open_cases_pb2, open_cases_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.fields import Fields
from services.chassis.calls.pages import Pages, filters_of
from services.chassis.calls.security import current_call
from services.chassis.events.units import Units
from services.chassis.kernel.clock import local_date
from services.handover.api.requests import MAX_DAYS, Context, read_at
from services.handover.application import open_cases
from services.handover.application.desk import Ports
from services.handover.domain.reading import CasesWanted, Page
from services.handover.domain.words import WATCHED_RULES, Phase
from services.handover.wire import answers


class OpenCaseServicer(open_cases_pb2_grpc.OpenCaseServiceServicer):
    """What whoever answers for people, or watches over that, calls."""

    def __init__(self, units: Units, ports: Ports, digest_key: bytes) -> None:
        self._units = units
        self._ports = ports
        self._pages = Pages(digest_key)

    async def ListCustodies(  # noqa: N802
        self, request: open_cases_pb2.ListCustodiesRequest, context: Context
    ) -> open_cases_pb2.ListCustodiesResponse:
        """See the contract."""
        cases, token = await self._list(request, overdue_only=False)
        return open_cases_pb2.ListCustodiesResponse(cases=cases, next_page_token=token)

    async def CountOpen(  # noqa: N802
        self, request: open_cases_pb2.CountOpenRequest, context: Context
    ) -> open_cases_pb2.CountOpenResponse:
        """See the contract."""
        return open_cases_pb2.CountOpenResponse(counts=await self._count(request.filter, overdue_only=False))

    async def ListOverdue(  # noqa: N802
        self, request: open_cases_pb2.ListOverdueRequest, context: Context
    ) -> open_cases_pb2.ListOverdueResponse:
        """See the contract."""
        cases, token = await self._list(request, overdue_only=True)
        return open_cases_pb2.ListOverdueResponse(cases=cases, next_page_token=token)

    async def CountOverdue(  # noqa: N802
        self, request: open_cases_pb2.CountOverdueRequest, context: Context
    ) -> open_cases_pb2.CountOverdueResponse:
        """See the contract."""
        return open_cases_pb2.CountOverdueResponse(counts=await self._count(request.filter, overdue_only=True))

    async def ListTrend(  # noqa: N802
        self, request: open_cases_pb2.ListTrendRequest, context: Context
    ) -> open_cases_pb2.ListTrendResponse:
        """See the contract."""
        fields, caller = Fields(), current_call().caller
        province = fields.counted_province("province", request.province)
        fields.done()
        points = await self._units.read(lambda uow: open_cases.list_trend(uow, self._ports, caller, province))
        return open_cases_pb2.ListTrendResponse(points=map(answers.trend_point, points))

    async def _list(
        self, request: open_cases_pb2.ListCustodiesRequest | open_cases_pb2.ListOverdueRequest, *, overdue_only: bool
    ) -> tuple[list[open_cases_pb2.OpenCase], str]:
        fields, caller = Fields(), current_call().caller
        size = fields.page_size(request.page_size)
        wanted = _wanted(fields, request.filter, overdue_only=overdue_only)
        fields.done()
        page = self._pages.page(caller, "open_cases", size, request.page_token, **filters_of(wanted))
        rows_wanted = Page(page.limit, page.start(date.fromisoformat, UUID))
        rows, now = await read_at(
            self._units, lambda uow: open_cases.list_cases(uow, self._ports, caller, rows_wanted, wanted)
        )
        given, token = page.cut(rows, lambda row: (row.due_on, row.case_id))
        return [answers.open_case(row, local_date(now)) for row in given], token

    async def _count(self, given: open_cases_pb2.CaseFilter, *, overdue_only: bool) -> list[open_cases_pb2.CaseCount]:
        fields, caller = Fields(), current_call().caller
        wanted = _wanted(fields, given, overdue_only=overdue_only)
        fields.done()
        rows = await self._units.read(lambda uow: open_cases.count_cases(uow, self._ports, caller, wanted))
        return answers.case_counts(rows)


def _wanted(fields: Fields, given: open_cases_pb2.CaseFilter, *, overdue_only: bool) -> CasesWanted:
    part = fields.at("filter.")
    if given.rule:
        part.one_of("rule", given.rule, WATCHED_RULES, "rules")
    return CasesWanted(
        phases=part.members("phases", Phase, types.CasePhase, given.phases),
        province=part.counted_province("province", given.province),
        office_id=part.office("office_id", given.office_id),
        rule=given.rule,
        due_until=part.day("due_until", given.due_until),
        overdue_days_min=part.number("overdue_days_min", given.overdue_days_min, most=MAX_DAYS),
        overdue_only=overdue_only,
    )
