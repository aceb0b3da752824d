"""Handovers as rows: those of an office, and one with its cases."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.domain.case import Case
from services.intake.domain.handovers import Handover
from services.intake.domain.submissions import Route
from services.intake.storage.cases import SELECT_CASE, case_of
from services.intake.storage.reading import start_of

_WITH_NUMBERS: Final = (
    "SELECT h.id, h.office_id, h.route, h.gate_id, h.handover_time, h.created_at,"
    " ARRAY(SELECT c.number FROM intake_case c WHERE c.handover_id = h.id ORDER BY c.row_number) AS numbers"
    " FROM handover h WHERE "
)
_ONE: Final = text(f"{_WITH_NUMBERS} h.id = :id")
_CASES: Final = text(f"{SELECT_CASE} WHERE handover_id = :id ORDER BY row_number")
_SEALED: Final = text("SELECT kek_id, wrapped_key, details FROM handover WHERE id = :id")


_DESTROY_KEY: Final = text(
    "UPDATE handover SET wrapped_key = :destroyed WHERE id = :id AND NOT EXISTS (SELECT FROM intake_case c"
    " JOIN identity i ON i.case_id = c.id WHERE c.handover_id = :id AND i.wrapped_key <> :destroyed)"
)


async def list_handovers(
    connection: AsyncConnection,
    offices: Collection[str],
    *,
    from_on: date | None,
    until_on: date | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Handover]:
    """Handovers that these offices registered, the latest first; the sort key is (handed_over_at, id), falling."""
    where, values = ["h.office_id = ANY(CAST(:offices AS text[]))"], dict[str, object](offices=list(offices))
    if from_on is not None:
        where.append(f"h.handover_time >= {start_of(':from_on')}")
        values["from_on"] = from_on
    if until_on is not None:
        where.append(f"h.handover_time < {start_of(':until_on', 1)}")
        values["until_on"] = until_on
    if before is not None:
        where.append("(h.handover_time, h.id) < (CAST(:time AS timestamptz), CAST(:id AS uuid))")
        values["time"], values["id"] = before
    ordered = f"{_WITH_NUMBERS} {' AND '.join(where)} ORDER BY h.handover_time DESC, h.id DESC LIMIT :limit"
    return [_handover_of(row) for row in await connection.execute(text(ordered), values | {"limit": limit})]


async def find(connection: AsyncConnection, handover_id: UUID) -> Handover | None:
    """One handover; None when there is none."""
    row = (await connection.execute(_ONE, {"id": handover_id})).first()
    return None if row is None else _handover_of(row)


async def cases_of(connection: AsyncConnection, handover_id: UUID) -> Sequence[Case]:
    """The cases of a handover, in the order submitted."""
    return [case_of(row) for row in await connection.execute(_CASES, {"id": handover_id})]


async def sealed_details(connection: AsyncConnection, handover_id: UUID) -> tuple[str, bytes, bytes]:
    """What of a handover may name people, sealed: id of the key-encryption key, wrapped key, details."""
    row = (await connection.execute(_SEALED, {"id": handover_id})).one()
    return row.kek_id, row.wrapped_key, row.details


async def destroy_key_with_the_last(connection: AsyncConnection, handover_id: UUID, destroyed: bytes) -> None:
    """Put what stands for a destroyed key in the place of that of a handover all of whose people were erased."""
    await connection.execute(_DESTROY_KEY, {"id": handover_id, "destroyed": destroyed})


def _handover_of(row: Any) -> Handover:
    return Handover(
        row.id, row.office_id, Route(row.route), row.gate_id, row.handover_time, row.created_at, tuple(row.numbers)
    )
