"""Open cases: listed, counted, and how many there were week by week. Nothing is changed here but the count of a day."""

from __future__ import annotations

from collections.abc import Sequence

from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import Caller
from services.handover.application.desk import Ports
from services.handover.domain.reading import CasesCounted, CasesWanted, ListedCase, Page, TrendPoint
from services.handover.storage import lists, open_cases


async def list_cases(
    uow: UnitOfWork, ports: Ports, caller: Caller, page: Page, wanted: CasesWanted
) -> Sequence[ListedCase]:
    """Cases that the caller's offices answer for, the earliest due first."""
    today = local_date(uow.now)
    offices = _offices(uow, ports, caller, wanted)
    return await open_cases.list_cases(uow.connection, page, wanted, offices=offices, today=today)


async def count_cases(
    uow: UnitOfWork, ports: Ports, caller: Caller, wanted: CasesWanted
) -> Sequence[tuple[str, CasesCounted]]:
    """What `list_cases` lists, with the province of each office; empty: not known."""
    today = local_date(uow.now)
    offices = _offices(uow, ports, caller, wanted)
    rows = await open_cases.count_cases(uow.connection, wanted, offices=offices, today=today)
    return [(ports.offices.sight.counted_province(row.office_id, today), row) for row in rows]


def _offices(uow: UnitOfWork, ports: Ports, caller: Caller, wanted: CasesWanted) -> lists.Offices:
    """Of the caller's offices those that are asked for."""
    seen = ports.offices.sight.seen_in(caller, local_date(uow.now), wanted.province)
    if wanted.office_id is None:
        return seen
    return frozenset({wanted.office_id} if seen is None or wanted.office_id in seen else ())


async def list_trend(
    uow: UnitOfWork, ports: Ports, caller: Caller, province: ProvinceRef | None
) -> Sequence[TrendPoint]:
    """What was counted of the caller's offices in each of the last weeks, oldest first."""
    today = local_date(uow.now)
    offices = ports.offices.sight.seen_in(caller, today, province)
    return await open_cases.list_trend(uow.connection, offices=offices, today=today)


async def count_day(uow: UnitOfWork) -> None:
    """Count today, unless that is done."""
    await open_cases.count_day(uow.connection, local_date(uow.now))
