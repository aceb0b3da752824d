"""When an office ends, everything open that a service holds for it moves to its heir, in one transaction.

The heir is the successor in the end, or the supervisor of the province where nobody succeeds. What slips past (a
registration committed at the same instant, an event on its way) is found by the look at stragglers.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, Final, Protocol
from uuid import UUID

import structlog
from google.protobuf.message import Message
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from homeward.events.v1 import office_pb2
from homeward.office.v1 import office_end_pb2, office_end_pb2_grpc
from services.chassis.calls.server import Served
from services.chassis.country.directory import Directory
from services.chassis.country.offices import Office, OfficeEnd
from services.chassis.country.overlays import (
    CalendarChange,
    Overlays,
    RuleChange,
    begin_change,
    put_calendar,
    put_end,
    put_office,
    put_revocation,
    put_rule,
)
from services.chassis.country.revocations import Revocation
from services.chassis.events.dispatcher import EventHandler
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import Basis, Unit
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import FacilityKind, Role
from services.chassis.kernel.words import Whose
from services.chassis.service.process import Chassis, Tick

STRAGGLERS_S: Final = 5.0
"""Real time between two looks at what slipped past an end."""

OFFICE_FIELDS: Final = (
    "accountable_office_id",
    "from_office_id",
    "to_office_id",
    "new_to_office_id",
    "office_id",
    "claimed_office_id",
    "claimed_by_office_id",
)
"""Fields by which events about cases name offices that hold something now."""

log = structlog.get_logger(__name__)


class Holdings(Protocol):
    """What one service holds for offices."""

    async def left(self, connection: AsyncConnection, office_ids: Sequence[str]) -> Mapping[str, int]:
        """How much is still with these offices; those with nothing may be left out."""
        ...

    async def move(self, uow: UnitOfWork, office_id: str, heir_id: str) -> Mapping[str, int]:
        """Move everything open to the heir; returns how much, by what it is. Moving twice moves nothing more."""
        ...

    async def recount(self, uow: UnitOfWork) -> int:
        """Count open due dates in working days anew, by the calendar as it stands; returns how many moved."""
        ...


@dataclass(frozen=True, slots=True)
class EndState:
    """How far the end of an office has come in this service. `moved` and `heir_id` are empty before it."""

    done: bool
    heir_id: str
    moved: Mapping[str, int]
    left: int


_END = text("SELECT heir_id, moved FROM office_end WHERE office_id = :office_id")
_MOVED = text("UPDATE office_end SET moved = CAST(:moved AS jsonb) WHERE office_id = :office_id")
_NEXT_HEIR = text("UPDATE office_end SET heir_id = :heir_id WHERE heir_id = :office_id")
_ENDED = text("SELECT office_id FROM office_end ORDER BY office_id")


async def end_state(connection: AsyncConnection, holdings: Holdings, office_id: str) -> EndState:
    """How far the end of an office has come here."""
    row = (await connection.execute(_END, {"office_id": office_id})).first()
    left = (await holdings.left(connection, [office_id])).get(office_id, 0)
    return EndState(row is not None, row.heir_id if row else "", row.moved if row else {}, left)


class OfficeEndServicer(office_end_pb2_grpc.OfficeEndServiceServicer):
    """Tells how far the end of an office has come in this service."""

    def __init__(self, units: Units, holdings: Holdings) -> None:
        self._units = units
        self._holdings = holdings

    async def GetOfficeEnd(  # noqa: N802
        self, request: office_end_pb2.GetOfficeEndRequest, context: Any
    ) -> office_end_pb2.GetOfficeEndResponse:
        """See the contract."""
        state = await self._units.read(lambda uow: end_state(uow.connection, self._holdings, request.office_id))
        return office_end_pb2.GetOfficeEndResponse(
            done=state.done, successor_id=state.heir_id, moved=state.moved, left=state.left
        )


def served(chassis: Chassis, holdings: Holdings) -> Served:
    """The end of offices, as a gRPC service of every service that holds something for them."""
    return Served(office_end_pb2.DESCRIPTOR, OfficeEndServicer(chassis.units, holdings))


async def carry_out(uow: UnitOfWork, holdings: Holdings, end: OfficeEnd, heir_id: str) -> Mapping[str, int] | None:
    """Write the end and move what is the office's; None when it was carried out before."""
    await begin_change(uow.connection)
    if not await put_end(uow.connection, end, heir_id, uow.now):
        return None
    await uow.connection.execute(_NEXT_HEIR, {"office_id": end.office_id, "heir_id": heir_id})
    moved = await holdings.move(uow, end.office_id, heir_id)
    await uow.connection.execute(_MOVED, {"office_id": end.office_id, "moved": json.dumps(dict(moved))})
    log.info("office_ended", office_id=end.office_id, heir_id=heir_id, **moved)
    return moved


# The office stream, as its consumers take it in -----------------------------------------------


def handlers(overlays: Overlays, holdings: Holdings) -> Mapping[type[Message], EventHandler]:
    """What a service does with the events of the office stream."""

    async def opened(uow: UnitOfWork, event: office_pb2.OfficeOpened) -> None:
        await begin_change(uow.connection)
        await put_office(uow.connection, office_of(event), uow.now)
        await overlays.look(uow.connection)

    async def ended(uow: UnitOfWork, event: office_pb2.OfficeEnded) -> None:
        end = OfficeEnd(event.office_id, date.fromisoformat(event.valid_to), event.successor_id or None)
        await carry_out(uow, holdings, end, event.heir_id)
        await overlays.look(uow.connection)

    async def rule_changed(uow: UnitOfWork, event: office_pb2.RuleChanged) -> None:
        await begin_change(uow.connection)
        change = RuleChange(
            event.rule,
            event.version,
            event.amount,
            Unit(event.unit),
            Basis(event.basis),
            event.legal_source,
            date.fromisoformat(event.valid_from),
        )
        await put_rule(uow.connection, change, uow.now)
        await overlays.look(uow.connection)

    async def calendar_changed(uow: UnitOfWork, event: office_pb2.CalendarChanged) -> None:
        await begin_change(uow.connection)
        days = {date.fromisoformat(day.on): day.working for day in event.days}
        await put_calendar(uow.connection, CalendarChange(event.version, days), uow.now)
        await overlays.look(uow.connection)
        await holdings.recount(uow)

    async def sessions_revoked(uow: UnitOfWork, event: office_pb2.SessionsRevoked) -> None:
        await begin_change(uow.connection)
        await put_revocation(uow.connection, revocation_of(event), event.reason)
        await overlays.look(uow.connection)

    return {
        office_pb2.OfficeOpened: opened,
        office_pb2.OfficeEnded: ended,
        office_pb2.RuleChanged: rule_changed,
        office_pb2.CalendarChanged: calendar_changed,
        office_pb2.SessionsRevoked: sessions_revoked,
    }


def revocation_of(event: office_pb2.SessionsRevoked) -> Revocation:
    """The revocation that an event tells; raises ValueError for one that names nothing."""
    named = {Whose.SUBJECT: event.subject_digest, Whose.OFFICE: event.office_id, Whose.TOKEN: event.token_id}
    ((whose, name),) = [(whose, name) for whose, name in named.items() if name]
    return Revocation(UUID(event.revocation_id), whose, name, datetime.fromisoformat(event.not_before))


def office_of(event: office_pb2.OfficeOpened) -> Office:
    """The office that an event opens."""
    return Office(
        id=event.office_id,
        role=Role(event.role),
        province=ProvinceRef.parse(event.province) if event.province else None,
        name_en=event.name_en,
        name_vi=event.name_vi,
        valid_from=date.fromisoformat(event.valid_from),
        facility_kind=FacilityKind(event.facility_kind) if event.facility_kind else None,
        capacity=event.capacity or None,
    )


def resolving(
    of_cases: Mapping[type[Message], EventHandler], directory: Directory
) -> Mapping[type[Message], EventHandler]:
    """Handlers to which offices whose end was carried out are named as those that took over.

    Streams are not ordered among each other: an event said before an end may be taken in after it.
    """
    return {kind: _resolving(handler, directory) for kind, handler in of_cases.items()}


def _resolving(handler: EventHandler, directory: Directory) -> EventHandler:
    async def resolved(uow: UnitOfWork, event: Message) -> None:
        await handler(uow, with_holders(event, directory, local_date(uow.now)))

    return resolved


def with_holders(event: Message, directory: Directory, today: date) -> Message:
    """The event as it would be said today: itself, unless it names an office whose end was carried out."""
    said: Any = event
    held = {
        name: directory.heir(getattr(said, name), today)
        for name in OFFICE_FIELDS
        if name in event.DESCRIPTOR.fields_by_name and getattr(said, name)
    }
    others = {name: holder for name, holder in held.items() if holder != getattr(said, name)}
    if not others:
        return event
    resolved = type(event)()
    resolved.CopyFrom(event)
    for name, holder in others.items():
        setattr(resolved, name, holder)
    return resolved


# Stragglers -----------------------------------------------------------------------------------


class Stragglers:
    """Moves what turned up with an office after its end was carried out here."""

    def __init__(self, units: Units, directory: Directory, holdings: Holdings) -> None:
        self._units = units
        self._directory = directory
        self._holdings = holdings
        self._next_at = 0.0
        self._edition = -1

    async def look(self) -> int:
        """Move stragglers; looks every STRAGGLERS_S, and at once after a change.

        Returns 0 always: what nobody succeeds stays, and is not to be looked for again at once.
        """
        now_s = time.monotonic()
        if now_s < self._next_at and self._edition == self._directory.edition:
            return 0
        self._next_at, self._edition = now_s + STRAGGLERS_S, self._directory.edition
        for office_id in await self._units.read(self._found):
            # One office a transaction: the cases of two would be locked against the order of their ids.
            await self._units.run(partial(self._move, office_id))
        return 0

    async def _found(self, uow: UnitOfWork) -> Sequence[str]:
        ended = [row.office_id for row in await uow.connection.execute(_ENDED)]
        left = await self._holdings.left(uow.connection, ended) if ended else {}
        return sorted(office_id for office_id, count in left.items() if count)

    async def _move(self, office_id: str, uow: UnitOfWork) -> None:
        heir_id = self._directory.holder(office_id, local_date(uow.now))
        if heir_id != office_id:
            moved = await self._holdings.move(uow, office_id, heir_id)
            log.info("stragglers_moved", office_id=office_id, heir_id=heir_id, **moved)


def stragglers_tick(chassis: Chassis, holdings: Holdings) -> Tick:
    """The look at stragglers as a tick of a service."""
    return Tick(f"{chassis.service}.offices", Stragglers(chassis.units, chassis.directory, holdings).look)


def day_before(now: datetime) -> date:
    """Yesterday in Viet Nam: the last day of an office of which nothing else is said."""
    return date.fromordinal(local_date(now.astimezone(UTC)).toordinal() - 1)
