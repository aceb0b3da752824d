"""Who looked through lists: of whoever sees beyond the own office each page is counted, never what stood on it.

The gate counts, so no list can be forgotten: what a `List` method answers with rows about cases. Whoever is given far
more people than anybody works on is told of, and given no more for a while.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from google.protobuf.message import Message
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from homeward.office.v1 import acts_pb2
from services.chassis.calls.server import Listed
from services.chassis.calls.windows import MovingWindow
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.errors import TooManyListed
from services.chassis.kernel.roles import Caller, Role

Told = Callable[[Caller], Awaitable[None]]
LISTS_MAX: Final = 200
"""So many counts are given at a time."""
OVERSEERS: Final = frozenset({Role.SUPERVISOR, Role.VERIFIER, Role.AUDITOR})
"""Who sees beyond the own office."""
_LIST: Final = "List"
_OF_CASES: Final = frozenset({"case_id", "case_ids"})
_ADD: Final = text(
    "INSERT INTO list_read (read_at, method, office_id, role, subject, listed)"
    " VALUES (:read_at, :method, :office_id, :role, :subject, :listed)"
)


@dataclass(frozen=True, slots=True)
class ListsRead:
    """What an overseer listed on a local day: so many pages of a list, with so many rows."""

    day: date
    office_id: str
    role: str
    subject: str
    method: str
    pages: int
    rows: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which counts; None limits nothing. The days are local and both belong to it; `offices`: what the caller sees."""

    office_id: str | None = None
    subject: str | None = None
    read_from: date | None = None
    read_until: date | None = None
    offices: Collection[str] | None = None


PEOPLE_TOLD: Final = 500
"""After so many different people within an hour it is told: a supervisor of the whole country works on fewer."""
PEOPLE_OF_HOUR_MAX: Final = 5_000
PEOPLE_OF_DAY_MAX: Final = 20_000
_HOUR_S: Final = 3_600.0
_TOLD: Final = "people_listed"


class Listing:
    """How many different people each overseer was given in lists lately. One for each process, in memory.

    Whoever looks at the same people again is given nobody new: that counts once, and is never refused.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._watched = MovingWindow(PEOPLE_TOLD, _HOUR_S, now_s)
        self._bounds = {
            1: MovingWindow(PEOPLE_OF_HOUR_MAX, _HOUR_S, now_s),
            24: MovingWindow(PEOPLE_OF_DAY_MAX, 24 * _HOUR_S, now_s),
        }
        self._told = MovingWindow(1, _HOUR_S, now_s)

    def give(self, caller: Caller, people: Collection[str]) -> None:
        """Count a page that is about to be given; raises TooManyListed when there are too many already."""
        for hours, window in self._bounds.items():
            full_for_s = window.full_for_s(caller)
            if full_for_s and not window.holds(caller, people):
                minutes = max(1, round(full_for_s / 60))
                raise TooManyListed(limit=str(window.most), within_hours=str(hours), retry_after_minutes=str(minutes))
        for window in (self._watched, *self._bounds.values()):
            window.add(caller, people)

    def is_to_be_told(self, caller: Caller) -> bool:
        """Whether so many were given that it is told, and it was not within the last hour: true once."""
        if not self._watched.full_for_s(caller) or self._told.full_for_s(caller):
            return False
        self._told.add(caller, [_TOLD])
        return True


def counting(units: Units, listing: Listing, tell: Told | None = None) -> Listed:
    """What the gate asks before a page is given: it is counted, or it is not given. `tell`: that there are so many."""

    async def count(caller: Caller, method: str, answer: Message) -> None:
        name, listed = method.rpartition("/")[2], rows_of(answer)
        if caller.role not in OVERSEERS or not name.startswith(_LIST) or listed is None:
            return
        listing.give(caller, people_of(answer))

        async def add(uow: UnitOfWork) -> None:
            values = {"office_id": caller.office_id, "role": caller.role.value, "subject": caller.subject}
            values |= {"method": name}
            await uow.connection.execute(_ADD, {"read_at": uow.now, "listed": listed, **values})

        await units.run(add)
        if tell is not None and listing.is_to_be_told(caller):
            await tell(caller)

    return count


def people_of(answer: Message) -> frozenset[str]:
    """The cases that stand on a page."""
    found: set[str] = set()
    for field in answer.DESCRIPTOR.fields:
        row = field.message_type
        if field.is_repeated and row is not None and _OF_CASES & set(row.fields_by_name):
            for each in getattr(answer, field.name):
                for name in _OF_CASES & set(row.fields_by_name):
                    value: Any = getattr(each, name)
                    found.update([value] if isinstance(value, str) else value)
    return frozenset(found - {""})


def rows_of(answer: Message) -> int | None:
    """How many rows about cases an answer holds; None for one that is no list of such."""
    for field in answer.DESCRIPTOR.fields:
        row = field.message_type
        if field.is_repeated and row is not None and _OF_CASES & set(row.fields_by_name):
            rows: Any = getattr(answer, field.name)
            return len(rows)
    return None


_CONDITIONS: Final = {
    "office_id": "office_id = :office_id",
    "subject": "subject = :subject",
    "offices": "office_id = ANY(CAST(:offices AS text[]))",
    "read_from": "read_at >= CAST(CAST(:read_from AS date) AS timestamp) AT TIME ZONE 'Asia/Ho_Chi_Minh'",
    "read_until": "read_at < CAST(CAST(:read_until AS date) + 1 AS timestamp) AT TIME ZONE 'Asia/Ho_Chi_Minh'",
}


async def counted(connection: AsyncConnection, wanted: Wanted) -> Sequence[ListsRead]:
    """How many pages and rows each account was given of each list on each local day, the newest day first."""
    given: dict[str, object] = {
        "office_id": wanted.office_id,
        "subject": wanted.subject,
        "offices": None if wanted.offices is None else sorted(wanted.offices),
        "read_from": wanted.read_from,
        "read_until": wanted.read_until,
    }
    given = {name: value for name, value in given.items() if value is not None}
    where = " AND ".join(_CONDITIONS[name] for name in given) or "true"
    statement = f"""
        SELECT CAST(read_at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date) AS day, office_id, role, subject, method,
            count(*) AS pages, sum(listed) AS rows
        FROM list_read WHERE {where}
        GROUP BY 1, 2, 3, 4, 5 ORDER BY 1 DESC, 6 DESC, 2, 4, 5 LIMIT :limit
    """
    found = await connection.execute(text(statement), {**given, "limit": LISTS_MAX})
    return [ListsRead(**row._mapping) for row in found]


def message_of(read: ListsRead) -> acts_pb2.ListsRead:
    """What an overseer listed, for the auditor."""
    return acts_pb2.ListsRead(
        day=read.day.isoformat(),
        office_id=read.office_id,
        role=read.role,
        subject=read.subject,
        method=read.method,
        pages=read.pages,
        rows=read.rows,
    )
