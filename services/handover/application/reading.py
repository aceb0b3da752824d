"""What offices may look at: one function per question; nothing is changed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from services.chassis.calls.case_ref import CaseRef
from services.chassis.country.offices import Office
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import CaseNotFound
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import Caller, Role
from services.handover.application import former
from services.handover.application.desk import Ports, answered_for, whole_history
from services.handover.application.expecting import custody_of as expecting_custody
from services.handover.application.expecting import own_part
from services.handover.domain.errors import NoOpenSearch
from services.handover.domain.reading import (
    Board,
    Custody,
    Facility,
    FacilityCounts,
    ListedSearch,
    ListedTransfer,
    LostCounted,
    Page,
)
from services.handover.domain.words import OPEN_STATES, LostReason, TransferState
from services.handover.offices import Offices
from services.handover.storage import cases, lists


class Direction(StrEnum):
    """Which way, seen from the caller's offices."""

    BOTH = "BOTH"
    INCOMING = "INCOMING"
    OUTGOING = "OUTGOING"


_COLUMNS: Final[Mapping[Direction, tuple[str, ...]]] = MappingProxyType(
    {
        Direction.BOTH: ("from_office_id", "to_office_id"),
        Direction.INCOMING: ("to_office_id",),
        Direction.OUTGOING: ("from_office_id",),
    }
)


@dataclass(frozen=True, slots=True)
class WantedTransfers:
    """Which transfers. `state` None: those still open; `office_id`: at either end; `province`: of the caller's end."""

    direction: Direction
    state: TransferState | None
    overdue_only: bool
    not_accepted_only: bool = False
    office_id: str | None = None
    province: ProvinceRef | None = None
    journey_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class WantedSearches:
    """Which open searches; `reason` None: all. `age_days_min`: in full days."""

    reason: LostReason | None
    level_min: int
    province: ProvinceRef | None = None
    age_days_min: int = 0

    @property
    def reasons(self) -> tuple[LostReason, ...]:
        """Those asked for."""
        return tuple(LostReason) if self.reason is None else (self.reason,)

    def opened_by(self, now: datetime) -> datetime | None:
        """When such a search was opened at the latest; None for any."""
        return now - timedelta(days=self.age_days_min) if self.age_days_min else None


# Transfers.


async def get_transfer(uow: UnitOfWork, ports: Ports, caller: Caller, transfer_id: UUID) -> ListedTransfer:
    """One transfer, for sender, addressee, supervisors of either and of her home; else CaseNotFound."""
    found = await lists.find_transfer(uow.connection, transfer_id)
    if found is None:
        raise CaseNotFound
    today = local_date(uow.now)
    visible = ports.offices.sight.seen_by(caller, today)
    home = ProvinceRef.parse(found.home_province) if found.home_province else None
    if _is_home_watched(ports, caller, visible, home, today):
        return found
    ends = {found.transfer.from_office_id, found.transfer.to_office_id}
    if visible is not None and not ends & visible:
        raise CaseNotFound
    return former.as_far_as_known(found, caller, visible)


def _is_home_watched(
    ports: Ports, caller: Caller, seen: frozenset[str] | None, home: ProvinceRef | None, today: date
) -> bool:
    """Whether the caller watches over the province that is her home, and so sees her whole custody."""
    return caller.role is Role.SUPERVISOR and (seen is None or bool(seen & ports.offices.at_home(home, today)))


async def list_transfers(
    uow: UnitOfWork, ports: Ports, caller: Caller, page: Page, wanted: WantedTransfers
) -> Sequence[ListedTransfer]:
    """Transfers from or to the caller's offices, earliest expected arrival first."""
    today = local_date(uow.now)
    own = ports.offices.sight.seen_by(caller, today)
    rows = await lists.list_transfers(
        uow.connection,
        page,
        columns=_COLUMNS[wanted.direction],
        offices=ports.offices.sight.seen_in(caller, today, wanted.province),
        states=OPEN_STATES if wanted.state is None else (wanted.state,),
        overdue_only=wanted.overdue_only,
        not_accepted_only=wanted.not_accepted_only,
        office_id=wanted.office_id,
        journey_id=wanted.journey_id,
        today=today,
    )
    return [former.as_far_as_known(row, caller, own) for row in rows]


async def get_transfer_board(uow: UnitOfWork, ports: Ports, caller: Caller, pressing_max: int) -> Board:
    """How many are expected, sent and with the caller's offices, and what presses most."""
    today = local_date(uow.now)
    offices = ports.offices.sight.seen_by(caller, today)
    incoming, outgoing, own = await lists.count_board(uow.connection, offices=offices, today=today)
    return Board(incoming, outgoing, own, await _pressing(uow, offices, pressing_max, today))


async def _pressing(uow: UnitOfWork, offices: lists.Offices, number: int, today: date) -> Sequence[ListedTransfer]:
    """The overdue transfers of the offices, then the other open ones, each by expected arrival."""

    async def first(*, overdue_only: bool) -> Sequence[ListedTransfer]:
        return await lists.list_transfers(
            uow.connection,
            Page(number, None),
            columns=_COLUMNS[Direction.BOTH],
            offices=offices,
            states=OPEN_STATES,
            overdue_only=overdue_only,
            today=today,
        )

    overdue = await first(overdue_only=True)
    if len(overdue) == number:
        return overdue
    told = {row.transfer.id for row in overdue}
    # Who is overdue was expected early and stands first here as well: a page of both holds enough others.
    others = [row for row in await first(overdue_only=False) if row.transfer.id not in told]
    return [*overdue, *others][:number]


# Custody.


async def get_custody(uow: UnitOfWork, ports: Ports, caller: Caller, ref: CaseRef) -> Custody:
    """The custody of a case; else CaseNotFound.

    Whole for the office accountable now and supervisors: of an office that has or had her, or expects her, and of her
    home, who see the case in intake as well. Who expects her, or is said to have her, sees how she comes
    (`expecting`).
    An office that had custody before, or to which she was on the way, sees its own part (`former`): how and where
    the person is today is no longer its business.
    """
    today = local_date(uow.now)
    case = await cases.load_case(uow.connection, ref)
    if case is None:
        raise CaseNotFound
    own = ports.offices.sight.seen_by(caller, today)
    whole = await whole_history(uow, ports.offices, case, today, own)
    expecting = {each.to_office_id for each in whole.transfers if each.is_open}
    if case.closing is not None and case.closing.addressed_id:
        # Who awaited her learns that she does not come, and why, and may say that it is not so.
        expecting.add(case.closing.addressed_id)
    if case.search is not None and case.search.claim is not None:
        expecting.add(case.search.claim.office_id)
    involved = {case.office_id}
    if caller.role is Role.SUPERVISOR:
        involved |= {each.office_id for each in whole.links}
        # An office that she never reached watches nothing any more, and nor does its supervisor.
        involved |= {each.to_office_id for each in whole.transfers if not former.is_over(each)}
    is_home = _is_home_watched(ports, caller, own, case.person.home_province, today)
    if own is None or is_home or involved & own:
        return Custody(case, whole, uow.now)
    if expecting & own:
        return expecting_custody(case, whole, uow.now, own)
    return former.custody_of(ports.moment(uow), ports.offices, case, whole, caller, own)


# Searches.


async def get_search(uow: UnitOfWork, ports: Ports, caller: Caller, ref: CaseRef) -> ListedSearch:
    """The open search of a case or the latest one, for the accountable office, supervisors of it and of her home, and
    for an office that is said to have her.

    Raises CaseNotFound, NoOpenSearch when the person was never searched for.
    """
    today = local_date(uow.now)
    case = await cases.load_case(uow.connection, ref)
    if case is None:
        raise CaseNotFound
    visible = ports.offices.sight.seen_by(caller, today)
    found = await lists.latest_search(uow.connection, case.case_id)
    searching = {case.office_id} | ({found.office_id} if found is not None else set())
    claimed = found.search.claim if found is not None and found.search.is_open else None
    whole = _is_home_watched(ports, caller, visible, case.person.home_province, today)
    whole = whole or visible is None or bool(searching & visible)
    if not whole and (claimed is None or visible is None or claimed.office_id not in visible):
        raise CaseNotFound
    if found is None:
        raise NoOpenSearch
    shown = found if whole or visible is None else own_part(found, visible)
    return answered_for(ports.offices, shown, today)


async def list_lost(
    uow: UnitOfWork, ports: Ports, caller: Caller, page: Page, wanted: WantedSearches
) -> Sequence[ListedSearch]:
    """Open searches that the caller's offices answer for, oldest first."""
    today = local_date(uow.now)
    rows = await lists.list_searches(
        uow.connection,
        page,
        offices=ports.offices.sight.seen_in(caller, today, wanted.province),
        reasons=wanted.reasons,
        level_min=wanted.level_min,
        opened_by=wanted.opened_by(uow.now),
    )
    return [answered_for(ports.offices, row, today) for row in rows]


async def count_lost(
    uow: UnitOfWork, ports: Ports, caller: Caller, wanted: WantedSearches
) -> Sequence[tuple[str, LostCounted]]:
    """What `list_lost` lists, with the province of each office; empty: not known."""
    today = local_date(uow.now)
    rows = await lists.count_lost(
        uow.connection,
        offices=ports.offices.sight.seen_in(caller, today, wanted.province),
        now=uow.now,
        reasons=wanted.reasons,
        level_min=wanted.level_min,
        opened_by=wanted.opened_by(uow.now),
    )
    return [(ports.offices.sight.counted_province(row.office_id, today), row) for row in rows]


# Stays.


async def list_facilities(uow: UnitOfWork, ports: Ports, caller: Caller, page: Page) -> Sequence[Facility]:
    """The facilities among the caller's offices, by id, and how full they are."""
    today = local_date(uow.now)
    after = page.after[0] if page.after is not None else ""
    facilities = ports.offices.facilities(ports.offices.sight.seen_by(caller, today), today)
    rows = [office for office in facilities if office.id > after][: page.size]
    counts = await lists.count_facilities(uow.connection, [office.id for office in rows], today=today)
    return [_facility(ports.offices, office, counts[office.id]) for office in rows]


def _facility(offices: Offices, office: Office, counts: FacilityCounts) -> Facility:
    kind = offices.facility_kind(office.id)
    return Facility(office.id, kind.value if kind is not None else "", office.capacity or 0, counts)
