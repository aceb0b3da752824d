"""What offices may look at: one function per reading call; nothing is changed here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from homeward.handover.v1 import handover_pb2 as api
from services.chassis.case_ref import CaseRef
from services.chassis.directory import Directory
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import CaseNotFound
from services.chassis.kernel.roles import Role
from services.chassis.paging import decode_token, encode_token, page_size_of
from services.chassis.security import Caller
from services.chassis.units import UnitOfWork, Units
from services.handover import messages, storage
from services.handover.domain import OPEN_STATES, TransferState
from services.handover.offices import Offices
from services.handover.storage import Page

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


class Queries:
    """The reading calls of handover."""

    def __init__(self, units: Units, directory: Directory, page_key: bytes) -> None:
        self._units = units
        self._offices = Offices(directory)
        self._page_key = page_key

    async def get_transfer(self, caller: Caller, transfer_id: UUID) -> api.GetTransferResponse:
        """One transfer, for sender, addressee and supervisors of either; else CaseNotFound."""

        async def read(uow: UnitOfWork) -> api.GetTransferResponse:
            today = local_date(uow.now)
            found = await storage.find_transfer(uow.connection, transfer_id)
            if found is None:
                raise CaseNotFound
            visible = self._offices.visible_to(caller, today)
            ends = {found.transfer.from_office_id, found.transfer.to_office_id}
            if visible is not None and not ends & visible:
                raise CaseNotFound
            return api.GetTransferResponse(transfer=messages.listed_transfer(found, today))

        return await self._units.read(read)

    async def get_custody(self, caller: Caller, ref: CaseRef) -> api.GetCustodyResponse:
        """The custody of a case; else CaseNotFound.

        Whole for the office accountable now, the addressee of an open transfer, and supervisors.
        An office that had custody before sees the phase, its own part and to whom it handed over:
        where the person is today is no longer its business.
        """

        async def read(uow: UnitOfWork) -> api.GetCustodyResponse:
            today = local_date(uow.now)
            case = await storage.load_case(uow.connection, ref)
            if case is None:
                raise CaseNotFound
            segments = await storage.segments_of(uow.connection, case.case_id)
            transfers = await storage.transfers_of(uow.connection, case.case_id)
            own = self._offices.visible_to(caller, today)
            involved = {each.to_office_id for each in transfers if each.is_open} | {case.office_id}
            if caller.role is Role.SUPERVISOR:
                involved |= {each.segment.office_id for each in segments}
                involved |= {each.to_office_id for each in transfers}
            if own is None or involved & own:
                custody = messages.custody(case, segments, transfers, today)
                return api.GetCustodyResponse(custody=custody)
            had = {each.segment.number for each in segments if each.segment.office_id in own}
            if not had:
                raise CaseNotFound
            shown = had | {number + 1 for number in had}
            custody = messages.custody(
                case,
                [each for each in segments if each.segment.number in shown],
                [each for each in transfers if {each.from_office_id, each.to_office_id} & own],
                today,
                accountable_is_shown=case.segment.number in shown,
            )
            return api.GetCustodyResponse(custody=custody)

        return await self._units.read(read)

    async def list_transfers(
        self, caller: Caller, wanted: WantedTransfers
    ) -> api.ListTransfersResponse:
        """Transfers from or to the caller's offices, earliest expected arrival first."""
        filters = self._filters(
            caller,
            "transfers",
            direction=wanted.direction,
            state=wanted.state,
            overdue_only=wanted.overdue_only,
        )
        page = self._page(wanted.page, filters)

        async def read(uow: UnitOfWork) -> api.ListTransfersResponse:
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
            return api.ListTransfersResponse(
                transfers=[messages.listed_transfer(row, today) for row in given],
                next_page_token=token,
            )

        return await self._units.read(read)

    async def list_overdue(self, caller: Caller, wanted: Wanted) -> api.ListOverdueResponse:
        """Cases that the caller's offices answer for with a deadline passed, longest first."""
        filters = self._filters(caller, "overdue")
        page = self._page(wanted, filters)

        async def read(uow: UnitOfWork) -> api.ListOverdueResponse:
            today = local_date(uow.now)
            offices = self._offices.visible_to(caller, today)
            rows = await storage.list_overdue(
                uow.connection, _one_more(page), offices=offices, today=today
            )
            given, token = self._cut(rows, page, filters, lambda row: (row.due_on, row.case_id))
            return api.ListOverdueResponse(
                cases=[messages.overdue_case(row, today) for row in given], next_page_token=token
            )

        return await self._units.read(read)

    async def list_lost(self, caller: Caller, wanted: Wanted) -> api.ListLostResponse:
        """Open searches that the caller's offices answer for, oldest first."""
        filters = self._filters(caller, "lost")
        page = self._page(wanted, filters)

        async def read(uow: UnitOfWork) -> api.ListLostResponse:
            offices = self._offices.visible_to(caller, local_date(uow.now))
            rows = await storage.list_searches(uow.connection, _one_more(page), offices=offices)
            given, token = self._cut(
                rows, page, filters, lambda row: (row.search.opened_at, row.search.id)
            )
            return api.ListLostResponse(
                searches=[messages.search(row, uow.now) for row in given], next_page_token=token
            )

        return await self._units.read(read)

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
        key: Callable[[Row], Sequence[date | UUID]],
    ) -> tuple[Sequence[Row], str]:
        """The rows of the page, and the token of the next one when there is one."""
        if len(rows) <= page.size:
            return rows, ""
        given = rows[: page.size]
        return given, encode_token(filters, key(given[-1]), self._page_key)


def _one_more(page: Page) -> Page:
    """One row more than is given says whether there is a next page."""
    return Page(page.size + 1, page.after)
