"""Open cases: listed, counted, and how many there were week by week. Nothing is changed here but counts."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import Caller
from services.handover.application.desk import Ports
from services.handover.domain.reading import CasesCounted, CasesWanted, ListedCase, Page, TrendPoint
from services.handover.storage import open_cases

log = structlog.get_logger(__name__)


async def list_cases(
    uow: UnitOfWork, ports: Ports, caller: Caller, page: Page, wanted: CasesWanted
) -> Sequence[ListedCase]:
    """Cases that the caller's offices answer for, the earliest due first; of those overdue, also whom they await."""
    today = local_date(uow.now)
    whose = _whose(uow, ports, caller, wanted)
    return await open_cases.list_cases(uow.connection, page, wanted, whose=whose, today=today)


async def count_cases(
    uow: UnitOfWork, ports: Ports, caller: Caller, wanted: CasesWanted
) -> Sequence[tuple[str, CasesCounted]]:
    """What `list_cases` lists, with the province of each office; empty: not known."""
    today = local_date(uow.now)
    whose = _whose(uow, ports, caller, wanted)
    rows = await open_cases.count_cases(uow.connection, wanted, whose=whose, today=today)
    return [(ports.offices.sight.counted_province(row.office_id, today), row) for row in rows]


def _whose(uow: UnitOfWork, ports: Ports, caller: Caller, wanted: CasesWanted) -> open_cases.Whose:
    """Of the caller's offices those that are asked for; and all of them, where what they await is listed too."""
    today, sight = local_date(uow.now), ports.offices.sight
    seen = sight.seen_by(caller, today)
    asked = sight.offices_in(str(wanted.province)) if wanted.province is not None else None
    if wanted.office_id is not None:
        asked = frozenset({wanted.office_id}) if asked is None else asked & {wanted.office_id}
    answering = asked if seen is None else seen if asked is None else seen & asked
    return open_cases.Whose(answering, seen if wanted.overdue_only else None, asked)


async def list_trend(
    uow: UnitOfWork, ports: Ports, caller: Caller, province: ProvinceRef | None
) -> Sequence[TrendPoint]:
    """What was counted of the caller's offices in each of the last weeks, oldest first."""
    today = local_date(uow.now)
    offices = ports.offices.sight.seen_in(caller, today, province)
    return await open_cases.list_trend(uow.connection, offices=offices, today=today)


async def count_day(uow: UnitOfWork) -> None:
    """Count today, unless that is done."""
    if miscounted := await open_cases.count_day(uow.connection, local_date(uow.now)):
        log.error("open_cases_miscounted", kinds=miscounted)


async def fold_changes(uow: UnitOfWork) -> None:
    """Keep short what a count adds up."""
    await open_cases.fold_changes(uow.connection)
