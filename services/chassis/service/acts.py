"""What people did in a service, and what overseers looked through, listed for those who watch over it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from homeward.office.v1 import acts_pb2, acts_pb2_grpc
from services.chassis.calls.case_ref import CaseRef
from services.chassis.calls.fields import Fields
from services.chassis.calls.pages import Pages
from services.chassis.calls.security import actor_of, current_call
from services.chassis.calls.server import Served
from services.chassis.country.sight import Sight
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.roles import MAX_SUBJECT_CHARS, Role
from services.chassis.service.lists_read import ListsRead, counted, message_of
from services.chassis.service.lists_read import Wanted as Counted
from services.chassis.service.process import Chassis

_OVERSEERS: Final = frozenset({Role.SUPERVISOR, Role.AUDITOR})
_CONDITIONS: Final = {
    "case_id": "case_ids @> ARRAY[CAST(:case_id AS uuid)]",
    "office_id": "office_id = :office_id",
    "subject": "subject = :subject",
    "offices": "office_id = ANY(CAST(:offices AS text[]))",
    "before": "id < :before",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which acts: None does not narrow. `offices`: what the caller sees; `before`: the last number of a page."""

    case_id: uuid.UUID | None
    office_id: str | None
    subject: str | None
    offices: frozenset[str] | None
    before: int | None
    limit: int


@dataclass(frozen=True, slots=True)
class CasesHere:
    """Where a service keeps its cases: a table, and its columns of ids and numbers."""

    table: str
    id: str
    number: str

    async def id_of(self, connection: AsyncConnection, number: str) -> uuid.UUID | None:
        """The case that a number names; None for one that nobody knows here."""
        found = text(f"SELECT {self.id} FROM {self.table} WHERE {self.number} = :number")
        row = (await connection.execute(found, {"number": number})).first()
        return None if row is None else row[0]

    async def numbers_of(self, connection: AsyncConnection, ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, str]:
        """The numbers of those that are known here, by their ids."""
        found = text(
            f"SELECT {self.id}, {self.number} FROM {self.table}"
            f" WHERE {self.id} = ANY(CAST(:ids AS uuid[])) AND {self.number} IS NOT NULL"
        )
        return {row[0]: row[1] for row in await connection.execute(found, {"ids": list(ids)})}


async def list_acts(connection: AsyncConnection, wanted: Wanted) -> Sequence[Any]:
    """Rows of the table `act`, the newest first."""
    given: dict[str, object] = {
        "case_id": wanted.case_id,
        "office_id": wanted.office_id,
        "subject": wanted.subject,
        "offices": None if wanted.offices is None else sorted(wanted.offices),
        "before": wanted.before,
    }
    given = {name: value for name, value in given.items() if value is not None}
    where = " AND ".join(_CONDITIONS[name] for name in given) or "true"
    found = await connection.execute(
        text(f"SELECT * FROM act WHERE {where} ORDER BY id DESC LIMIT :limit"), given | {"limit": wanted.limit}
    )
    return found.all()


class ActServicer(acts_pb2_grpc.ActServiceServicer):
    """Lists what people did in this service."""

    def __init__(self, units: Units, sight: Sight, digest_key: bytes, cases: CasesHere) -> None:
        self._units = units
        self._sight = sight
        self._digest_key = digest_key
        self._pages = Pages(digest_key)
        self._cases = cases

    async def ListActs(  # noqa: N802
        self, request: acts_pb2.ListActsRequest, context: Any
    ) -> acts_pb2.ListActsResponse:
        """See the contract."""
        caller = current_call().caller
        fields = Fields()
        size = fields.page_size(request.page_size)
        case = fields.case(request.case) if request.case else None
        office_id = fields.office("office_id", request.office_id)
        subject = fields.text("subject", request.subject, MAX_SUBJECT_CHARS) or None
        if subject and caller.role is not Role.AUDITOR:
            fields.wrong("subject", "NOT_ALLOWED")
        fields.done()
        page = self._pages.page(
            caller, "ListActs", size, request.page_token, case=case, office_id=office_id, subject=subject
        )
        after = page.start(int)

        numbers: dict[uuid.UUID, str] = {}

        async def find(uow: UnitOfWork) -> Sequence[Any]:
            case_id = await self._case_id(uow.connection, case)
            if case is not None and case_id is None:
                return ()
            seen = self._sight.seen_by(caller, local_date(uow.now), _OVERSEERS)
            wanted = Wanted(case_id, office_id, subject, seen, after[0] if after else None, page.limit)
            found = await list_acts(uow.connection, wanted)
            ids = {each for row in found for each in row.case_ids}
            numbers.update(await self._cases.numbers_of(uow.connection, ids))
            return found

        given, next_token = page.cut(await self._units.read(find), lambda row: [row.id])
        by_name = caller.role is Role.AUDITOR
        return acts_pb2.ListActsResponse(
            acts=[self._message(row, numbers, by_name=by_name) for row in given], next_page_token=next_token
        )

    async def CountListsRead(  # noqa: N802
        self, request: acts_pb2.CountListsReadRequest, context: Any
    ) -> acts_pb2.CountListsReadResponse:
        """See the contract."""
        caller, fields = current_call().caller, Fields()
        office_id = fields.office("office_id", request.office_id)
        subject = fields.text("subject", request.subject, MAX_SUBJECT_CHARS) or None
        read_from = fields.day("read_from", request.read_from)
        read_until = fields.day("read_until", request.read_until)
        fields.done()

        async def find(uow: UnitOfWork) -> Sequence[ListsRead]:
            seen = self._sight.audits(caller)
            return await counted(uow.connection, Counted(office_id, subject, read_from, read_until, seen))

        return acts_pb2.CountListsReadResponse(lists=map(message_of, await self._units.read(find)))

    async def _case_id(self, connection: AsyncConnection, ref: CaseRef | None) -> uuid.UUID | None:
        """The case that a number names here; a case that nobody knows here has no acts here."""
        if ref is None or isinstance(ref, uuid.UUID):
            return ref
        return await self._cases.id_of(connection, ref)

    def _message(self, row: Any, numbers: Mapping[uuid.UUID, str], *, by_name: bool) -> acts_pb2.Act:
        act = acts_pb2.Act(
            number=row.id,
            method=row.method,
            case_ids=[str(case_id) for case_id in row.case_ids],
            case_numbers=[numbers.get(case_id, "") for case_id in row.case_ids],
            office_id=row.office_id,
            role=row.role,
            actor=actor_of(row.subject, self._digest_key),
            request_id=str(row.request_id),
            correlation_id=row.correlation_id,
        )
        act.at.FromDatetime(row.at)
        if by_name:
            act.subject, act.token_id, act.peer = row.subject, row.token_id, row.peer
        return act


def served(chassis: Chassis, cases: CasesHere) -> Served:
    """What people did, as a gRPC service of every service."""
    servicer = ActServicer(chassis.units, Sight(chassis.directory), chassis.digest_key, cases)
    return Served(acts_pb2.DESCRIPTOR, servicer)
