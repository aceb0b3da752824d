"""How the work at home stands is read."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import FieldViolation, InvalidInput
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import OWN, Caller, Role
from services.followup.application.case import Ports
from services.followup.domain import oversight as domain
from services.followup.domain.entry import Kind
from services.followup.domain.oversight import MonthFigures, WaitingSafety, Work, Workload, WorkWanted
from services.followup.storage import oversight as storage
from services.followup.storage.visits import Offices

OfficerOf = Callable[[str], str]
"""The pseudonym of an account."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Of which offices; None limits nothing."""

    province: ProvinceRef | None = None
    office_id: str | None = None


def seen(uow: UnitOfWork, ports: Ports, caller: Caller, whose: Whose) -> Offices:
    """The offices asked for, as far as the caller sees them; None for all. Raises ProvinceNotFound."""
    found = ports.sight.seen_in(caller, local_date(uow.now), whose.province)
    if whose.office_id is None:
        return found
    return frozenset({whose.office_id} if found is None or whose.office_id in found else ())


def _few(uow: UnitOfWork, ports: Ports, caller: Caller, whose: Whose) -> Collection[str]:
    """Offices whose open cases are looked through one by one. Raises InvalidInput for the whole country."""
    found = seen(uow, ports, caller, whose)
    if found is None:
        raise InvalidInput([FieldViolation(None, "filter.province", "REQUIRED")])
    return found


async def count_workload(
    uow: UnitOfWork, ports: Ports, caller: Caller, whose: Whose, officer_of: OfficerOf
) -> list[Workload]:
    """What each officer has to do. Raises InvalidInput when nothing limits it, ProvinceNotFound."""
    today, offices = local_date(uow.now), _few(uow, ports, caller, whose)
    works = await storage.read_work(uow.connection, offices, today, officer_of)
    since = uow.now - timedelta(days=domain.MONTH_DAYS)
    written = await storage.count_written(uow.connection, offices, since, officer_of)
    return domain.workloads(works, written, today)


async def list_workload(
    uow: UnitOfWork,
    ports: Ports,
    caller: Caller,
    whose: Whose,
    wanted: WorkWanted,
    officer_of: OfficerOf,
    *,
    after: tuple[date, uuid.UUID] | None,
    limit: int,
) -> list[Work]:
    """The cases that `count_workload` counts. Raises InvalidInput when nothing limits it, ProvinceNotFound."""
    today, offices = local_date(uow.now), _few(uow, ports, caller, whose)
    works = await storage.read_work(uow.connection, offices, today, officer_of)
    return domain.in_order((work for work in works if wanted.takes(work, today)), after)[:limit]


async def list_trend(
    uow: UnitOfWork, ports: Ports, caller: Caller, whose: Whose, kind: Kind | None
) -> tuple[list[MonthFigures], date]:
    """What became of the follow-ups month by month, and the day as of which. Raises ProvinceNotFound."""
    today = local_date(uow.now)
    months = domain.months_until(today)
    counted = await storage.count_months(
        uow.connection,
        months[0],
        (months[-1] + timedelta(days=32)).replace(day=1),
        offices=seen(uow, ports, caller, whose),
        kind=kind,
        today=today,
    )
    own = caller.role is not Role.SUPERVISOR or caller.scope == OWN
    return domain.trend(counted, today, own=own), today


async def list_safety(
    uow: UnitOfWork, ports: Ports, caller: Caller, *, after: tuple[datetime, uuid.UUID] | None, limit: int
) -> list[tuple[datetime, WaitingSafety]]:
    """Who waits for a second person, with the instant of the judgement, longest first. Raises ProvinceNotFound."""
    offices = seen(uow, ports, caller, Whose())
    return await storage.list_safety(uow.connection, offices=offices, after=after, limit=limit)
