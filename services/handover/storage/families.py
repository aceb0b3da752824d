"""Which cases belong together, and since when two of them are apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.handover.domain.families import Parting, PartingReason, Relative, Whereabouts
from services.handover.domain.words import Phase

_PUT: Final = text(
    "INSERT INTO relative (case_id, other_case_id, keep_together) VALUES (:case_id, :other_id, :keep_together)"
    " ON CONFLICT (case_id, other_case_id) DO UPDATE SET keep_together = excluded.keep_together"
)
_REMOVE: Final = text("DELETE FROM relative WHERE case_id = :case_id AND other_case_id = :other_id")
# A hash that two pairs share only makes them wait for one another.
_LOCK_PAIR: Final = text("SELECT pg_advisory_xact_lock(hashtextextended(CAST(:pair AS text), 0))")
# Both cases must have told of the tie: their news come by two streams.
_RELATIVES: Final = text(
    """
    SELECT c.case_id, c.case_number, c.phase, c.accountable_office_id,
        coalesce(t.to_office_id, '') AS to_office_id, coalesce(t.state = 'DISPATCHED', false) AS under_way
    FROM relative one
    JOIN relative back ON back.case_id = one.other_case_id AND back.other_case_id = one.case_id
    JOIN custody c ON c.case_id = one.other_case_id
    LEFT JOIN transfer t ON t.case_id = c.case_id AND t.state IN ('PLANNED', 'DISPATCHED')
    WHERE one.case_id = :case_id AND one.keep_together AND back.keep_together
    ORDER BY c.case_id
    """
)
_ALL_PARTINGS: Final = text(
    "SELECT * FROM parting WHERE case_id = :case_id OR other_case_id = :case_id ORDER BY parted_at, id"
)
_PART: Final = text(
    "INSERT INTO parting (id, case_id, other_case_id, reason, parted_at)"
    " VALUES (:id, :case_id, :other_id, :reason, :parted_at)"
)
_WITH_RELATIVES: Final = text(
    """
    SELECT case_id FROM relative WHERE keep_together AND case_id = ANY(CAST(:cases AS uuid[]))
    UNION SELECT case_id FROM parting WHERE reunited_at IS NULL AND case_id = ANY(CAST(:cases AS uuid[]))
    UNION SELECT other_case_id FROM parting WHERE reunited_at IS NULL AND other_case_id = ANY(CAST(:cases AS uuid[]))
    ORDER BY 1
    """
)
_REUNITE: Final = text("UPDATE parting SET reunited_at = :at WHERE id = :id")


async def put_relative(connection: AsyncConnection, case_id: UUID, relative: Relative) -> None:
    """Remember what a case told of a relative."""
    values = {"case_id": case_id, "other_id": relative.case_id, "keep_together": relative.keep_together}
    await connection.execute(_PUT, values)


async def remove_relative(connection: AsyncConnection, case_id: UUID, other_id: UUID) -> None:
    """Forget a relative of a case."""
    await connection.execute(_REMOVE, {"case_id": case_id, "other_id": other_id})


async def lock_pairs(connection: AsyncConnection, case_id: UUID, others: Iterable[UUID]) -> None:
    """Lock the case with each of the others until the commit, always in one order.

    Whoever changes one of two relatives holds the lock of that case alone; by this lock the second of two who do so at
    once sees what the first one did.
    """
    pairs = sorted("|".join(sorted((str(case_id), str(other)))) for other in others)
    for pair in pairs:
        await connection.execute(_LOCK_PAIR, {"pair": pair})


async def relatives_of(connection: AsyncConnection, case_id: UUID) -> list[Whereabouts]:
    """Those who must not be parted from the person of a case, as they stand."""
    rows = await connection.execute(_RELATIVES, {"case_id": case_id})
    return [
        Whereabouts(
            row.case_id, row.case_number, Phase(row.phase), row.accountable_office_id, row.to_office_id, row.under_way
        )
        for row in rows
    ]


async def with_relatives(connection: AsyncConnection, cases: Sequence[UUID]) -> list[UUID]:
    """Those of the cases of whose people somebody must not be parted, or is, in the order of their ids."""
    return [row.case_id for row in await connection.execute(_WITH_RELATIVES, {"cases": list(cases)})]


async def partings_of(connection: AsyncConnection, case_id: UUID) -> list[Parting]:
    """When she was apart from relatives, oldest first."""
    rows = await connection.execute(_ALL_PARTINGS, {"case_id": case_id})
    return [
        Parting(row.id, row.case_id, row.other_case_id, PartingReason(row.reason), row.parted_at, row.reunited_at)
        for row in rows
    ]


async def save_parting(connection: AsyncConnection, parting: Parting) -> None:
    """Add a parting, or its end."""
    if parting.reunited_at is not None:
        await connection.execute(_REUNITE, {"id": parting.id, "at": parting.reunited_at})
        return
    values = {
        "id": parting.id,
        "case_id": parting.case_id,
        "other_id": parting.other_case_id,
        "reason": parting.reason.value,
        "parted_at": parting.parted_at,
    }
    await connection.execute(_PART, values)
