"""What offices may look at: one function per reading call; nothing is changed here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from homeward.handover.v1 import custody_pb2, searches_pb2, stays_pb2, transfers_pb2
from services.chassis.calls.case_ref import CaseRef
from services.chassis.calls.pages import decode_token, encode_token, page_size_of
from services.chassis.country.directory import Directory
from services.chassis.country.offices import Office
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import CaseNotFound
from services.chassis.kernel.roles import Caller, Role
from services.handover import messages, storage
from services.handover.application import whole_history
from services.handover.domain import OPEN_STATES, CaseCustody, Link, LostReason, NoOpenSearch, TransferState
from services.handover.messages import History
from services.handover.offices import Offices
from services.handover.storage import FacilityCounts, ListedTransfer, Page

Row = TypeVar("Row")


class Direction(StrEnum):
    """Which way, seen from the caller's offices."""

    BOTH = "BOTH"
    INCOMING = "INCOMING"
    OUTGOING = "OUTGOING"


_COLUMNS: Mapping[Direction, tuple[str, ...]] = {
    Direction.BOTH: ("from_office_id", "to_office_id"),
    Direction.INCOMING: ("to_office_id",),
    Direction.OUTGOING: ("from_office_id",),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page of a list, as asked for."""

    page_size: int
    page_token: str


@dataclass(frozen=True, slots=True)
class WantedTransfers:
    """Which transfers; `state` None: those still open."""

    page: Wanted
    direction: Direction
    state: TransferState | None
    overdue_only: bool


@dataclass(frozen=True, slots=True)
class WantedSearches:
    """Which open searches; `reason` None: all."""

    page: Wanted
    reason: LostReason | None
    level_min: int


class Queries:
    """The reading calls of handover."""

    def __init__(self, units: Units, directory: Directory, page_key: bytes) -> None:
        self._units = units
        self._offices = Offices(directory)
        self._page_key = page_key

    async def get_transfer(self, caller: Caller, transfer_id: UUID) -> transfers_pb2.GetTransferResponse:
        """One transfer, for sender, addressee and supervisors of either; else CaseNotFound."""

        async def read(uow: UnitOfWork) -> transfers_pb2.GetTransferResponse:
            today = local_date(uow.now)
            found = await storage.find_transfer(uow.connection, transfer_id)
            if found is None:
                raise CaseNotFound
            visible = self._offices.visible_to(caller, today)
            ends = {found.transfer.from_office_id, found.transfer.to_office_id}
            if visible is not None and not ends & visible:
                raise CaseNotFound
            return transfers_pb2.GetTransferResponse(transfer=messages.listed_transfer(found, today))

        return await self._units.read(read)

    async def get_custody(self, caller: Caller, ref: CaseRef) -> custody_pb2.GetCustodyResponse:
        """The custody of a case; else CaseNotFound.

        Whole for the office accountable now, the addressee of an open transfer, and supervisors.
        An office that had custody before sees its own part and to whom it handed over: how and where
        the person is today is no longer its business.
        """

        async def read(uow: UnitOfWork) -> custody_pb2.GetCustodyResponse:
            today = local_date(uow.now)
            case = await storage.load_case(uow.connection, ref)
            if case is None:
                raise CaseNotFound
            whole = await whole_history(uow, case, self._offices)
            own = self._offices.visible_to(caller, today)
            involved = {each.to_office_id for each in whole.transfers if each.is_open} | {case.office_id}
            if caller.role is Role.SUPERVISOR:
                involved |= {each.office_id for each in whole.links}
                involved |= {each.to_office_id for each in whole.transfers}
            if own is None or involved & own:
                return custody_pb2.GetCustodyResponse(custody=self._custody(case, whole, uow.now))
            part = self._part_of(whole, own)
            shown = {each.number for each in part.links}
            custody = self._custody(case, part, uow.now, is_accountable_shown=case.segment.number in shown)
            # How she is now is no business of an office that handed her over: a border post learns a status word.
            for field in ("phase", "deadline_rule", "deadline_on"):
                custody.ClearField(field)
            return custody_pb2.GetCustodyResponse(custody=custody)

        return await self._units.read(read)

    def _part_of(self, whole: History, own: frozenset[str]) -> History:
        """What a former custodian may see: its own part, and to whom it handed over. Else CaseNotFound."""
        had = {each.number for each in whole.links if each.office_id in own}
        if not had:
            raise CaseNotFound
        links: list[Link] = []
        for each in whole.links:
            if each.number in had:
                links.append(each)
            elif each.number - 1 in had:
                # One link for the next office: whether it sent her on since is not told.
                at_next = replace(each, kind=self._offices.place_of(each.office_id), to_office_id="")
                if links and links[-1].number == each.number:
                    links[-1] = replace(links[-1], ended_at=each.ended_at)
                else:
                    links.append(at_next)
        transfers = [each for each in whole.transfers if {each.from_office_id, each.to_office_id} & own]
        return History(tuple(links), tuple(transfers))

    def _custody(
        self, case: CaseCustody, history: History, now: datetime, *, is_accountable_shown: bool = True
    ) -> custody_pb2.Custody:
        today = local_date(now)
        return messages.custody(
            case,
            history,
            now,
            today,
            lambda office_id: self._offices.holder(office_id, today),
            accountable_is_shown=is_accountable_shown,
        )

    async def get_search(self, caller: Caller, ref: CaseRef) -> searches_pb2.GetSearchResponse:
        """The open search of a case or the latest one, for the accountable office and its supervisors.

        Raises CaseNotFound, NoOpenSearch when the person was never searched for.
        """

        async def read(uow: UnitOfWork) -> searches_pb2.GetSearchResponse:
            today = local_date(uow.now)
            case = await storage.load_case(uow.connection, ref)
            if case is None:
                raise CaseNotFound
            visible = self._offices.visible_to(caller, today)
            found = await storage.latest_search(uow.connection, case.case_id)
            answering = {case.office_id} | ({found.office_id} if found is not None else set())
            if visible is not None and not answering & visible:
                raise CaseNotFound
            if found is None:
                raise NoOpenSearch
            responsible = self._offices.holder(found.office_id, today)
            return searches_pb2.GetSearchResponse(search=messages.search(found, uow.now, responsible))

        return await self._units.read(read)

    async def list_transfers(self, caller: Caller, wanted: WantedTransfers) -> transfers_pb2.ListTransfersResponse:
        """Transfers from or to the caller's offices, earliest expected arrival first."""
        filters = self._filters(
            caller,
            "transfers",
            direction=wanted.direction,
            state=wanted.state,
            overdue_only=wanted.overdue_only,
        )
        page = self._page(wanted.page, filters)

        async def read(uow: UnitOfWork) -> transfers_pb2.ListTransfersResponse:
            today = local_date(uow.now)
            rows = await storage.list_transfers(
                uow.connection,
                _one_more(page),
                columns=_COLUMNS[wanted.direction],
                offices=self._offices.visible_to(caller, today),
                states=OPEN_STATES if wanted.state is None else (wanted.state,),
                overdue_only=wanted.overdue_only,
                today=today,
            )
            given, token = self._cut(
                rows, page, filters, lambda row: (row.transfer.expected_arrival_on, row.transfer.id)
            )
            return transfers_pb2.ListTransfersResponse(
                transfers=[messages.listed_transfer(row, today) for row in given],
                next_page_token=token,
            )

        return await self._units.read(read)

    async def list_overdue(self, caller: Caller, wanted: Wanted) -> transfers_pb2.ListOverdueResponse:
        """Cases that the caller's offices answer for with a deadline passed, longest first."""
        filters = self._filters(caller, "overdue")
        page = self._page(wanted, filters)

        async def read(uow: UnitOfWork) -> transfers_pb2.ListOverdueResponse:
            today = local_date(uow.now)
            offices = self._offices.visible_to(caller, today)
            rows = await storage.list_overdue(uow.connection, _one_more(page), offices=offices, today=today)
            given, token = self._cut(rows, page, filters, lambda row: (row.due_on, row.case_id))
            return transfers_pb2.ListOverdueResponse(
                cases=[messages.overdue_case(row, today) for row in given], next_page_token=token
            )

        return await self._units.read(read)

    async def list_lost(self, caller: Caller, wanted: WantedSearches) -> searches_pb2.ListLostResponse:
        """Open searches that the caller's offices answer for, oldest first."""
        filters = self._filters(caller, "lost", reason=wanted.reason, level_min=wanted.level_min)
        page = self._page(wanted.page, filters)

        async def read(uow: UnitOfWork) -> searches_pb2.ListLostResponse:
            today = local_date(uow.now)
            rows = await storage.list_searches(
                uow.connection,
                _one_more(page),
                offices=self._offices.visible_to(caller, today),
                reasons=tuple(LostReason) if wanted.reason is None else (wanted.reason,),
                level_min=wanted.level_min,
            )
            given, token = self._cut(rows, page, filters, lambda row: (row.search.opened_at, row.search.id))
            searches = [messages.search(row, uow.now, self._offices.holder(row.office_id, today)) for row in given]
            return searches_pb2.ListLostResponse(searches=searches, next_page_token=token)

        return await self._units.read(read)

    async def count_lost(self, caller: Caller) -> searches_pb2.CountLostResponse:
        """Open searches that the caller's offices answer for, by province and reason."""

        async def read(uow: UnitOfWork) -> searches_pb2.CountLostResponse:
            today = local_date(uow.now)
            offices = self._offices.visible_to(caller, today)
            rows = await storage.count_lost(uow.connection, offices=offices, now=uow.now)

            def province_of(office_id: str) -> str:
                province = self._offices.province_of(office_id, today)
                return str(province) if province is not None else ""

            return searches_pb2.CountLostResponse(counts=messages.lost_counts(rows, province_of))

        return await self._units.read(read)

    async def get_transfer_board(self, caller: Caller, pressing_max: int) -> transfers_pb2.GetTransferBoardResponse:
        """How many are expected, sent and with the caller's offices, and what presses most."""

        async def read(uow: UnitOfWork) -> transfers_pb2.GetTransferBoardResponse:
            today = local_date(uow.now)
            offices = self._offices.visible_to(caller, today)
            incoming, outgoing, own = await storage.count_board(uow.connection, offices=offices, today=today)
            pressing = await _pressing(uow, offices, pressing_max, today)
            return transfers_pb2.GetTransferBoardResponse(
                incoming=messages.counts(incoming),
                outgoing=messages.counts(outgoing),
                own=messages.counts(own),
                pressing=[messages.listed_transfer(row, today) for row in pressing],
            )

        return await self._units.read(read)

    async def list_facilities(self, caller: Caller, wanted: Wanted) -> stays_pb2.ListFacilitiesResponse:
        """The facilities among the caller's offices, by id, and how full they are."""
        filters = self._filters(caller, "facilities")
        page = self._page(wanted, filters)

        async def read(uow: UnitOfWork) -> stays_pb2.ListFacilitiesResponse:
            today = local_date(uow.now)
            facilities = self._offices.facilities(self._offices.visible_to(caller, today), today)
            after = page.after[0] if page.after is not None else ""
            rows = [office for office in facilities if office.id > after][: page.size + 1]
            given, token = self._cut(rows, page, filters, lambda office: (office.id,))
            counts = await storage.count_facilities(uow.connection, [office.id for office in given], today=today)
            return stays_pb2.ListFacilitiesResponse(
                facilities=[self._facility(office, counts[office.id]) for office in given],
                next_page_token=token,
            )

        return await self._units.read(read)

    def _facility(self, office: Office, counts: FacilityCounts) -> stays_pb2.Facility:
        kind = self._offices.facility_kind(office.id)
        return stays_pb2.Facility(
            office_id=office.id,
            facility_kind=kind.value if kind is not None else "",
            capacity=office.capacity or 0,
            admitted=counts.admitted,
            expected=counts.expected,
            over_limit=counts.over_limit,
        )

    def _filters(self, caller: Caller, name: str, **more: object) -> dict[str, object]:
        return {"list": name, "office": caller.office_id, "scope": caller.scope, **more}

    def _page(self, wanted: Wanted, filters: Mapping[str, object]) -> Page:
        after = decode_token(wanted.page_token, filters, self._page_key)
        return Page(page_size_of(wanted.page_size), after)

    def _cut(
        self,
        rows: Sequence[Row],
        page: Page,
        filters: Mapping[str, object],
        key: Callable[[Row], Sequence[date | UUID | str]],
    ) -> tuple[Sequence[Row], str]:
        """The rows of the page, and the token of the next one when there is one."""
        if len(rows) <= page.size:
            return rows, ""
        given = rows[: page.size]
        return given, encode_token(filters, key(given[-1]), self._page_key)


def _one_more(page: Page) -> Page:
    """One row more than is given says whether there is a next page."""
    return Page(page.size + 1, page.after)


async def _pressing(uow: UnitOfWork, offices: storage.Offices, number: int, today: date) -> Sequence[ListedTransfer]:
    """The overdue transfers of the offices, then the other open ones, each by expected arrival."""

    async def first(*, overdue_only: bool) -> Sequence[ListedTransfer]:
        return await storage.list_transfers(
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
