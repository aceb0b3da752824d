"""Cases of which a decision is awaited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.kernel.roles import Role
from services.intake.domain.access import Viewer
from services.intake.domain.undecided import ListedUndecided, Undecided
from services.intake.storage.reading import visible_to

_LOAD: Final = text("SELECT case_id, asked_on, due_on, level, is_complex FROM undecided WHERE case_id = :case_id")
_ADD: Final = text(
    "INSERT INTO undecided (case_id, asked_on, due_on, level, is_complex)"
    " VALUES (:case_id, :asked_on, :due_on, :level, :is_complex)"
)
_SAVE: Final = text("UPDATE undecided SET level = :level, is_complex = :is_complex WHERE case_id = :case_id")
_REMOVE: Final = text("DELETE FROM undecided WHERE case_id = :case_id")


def _decided_by(viewer: Viewer) -> tuple[str, dict[str, object]]:
    """The condition by which this is the verifier of a case (`Viewer.verifies`)."""
    given = "verifier_office_id = ANY(CAST(:holds AS text[]))"
    parameters: dict[str, object] = {"holds": sorted(viewer.holds)}
    if viewer.is_national:
        return f"{given} OR verifier_office_id = ''", parameters
    received = "verifier_office_id = '' AND receiving_office_id = ANY(CAST(:offices AS text[]))"
    return f"{given} OR {received}", parameters | {"offices": sorted(viewer.scope_offices)}


async def load(connection: AsyncConnection, case_id: UUID) -> Undecided | None:
    """What is awaited of a case, if anything."""
    row = (await connection.execute(_LOAD, {"case_id": case_id})).first()
    return None if row is None else Undecided(**row._mapping)


async def add(connection: AsyncConnection, one: Undecided) -> None:
    """A decision is awaited from now on."""
    await connection.execute(_ADD, asdict(one))


async def save(connection: AsyncConnection, one: Undecided) -> None:
    """One more limit has passed, or the answer has another one."""
    await connection.execute(_SAVE, {"case_id": one.case_id, "level": one.level, "is_complex": one.is_complex})


async def remove(connection: AsyncConnection, case_id: UUID) -> None:
    """Nothing is awaited any more."""
    await connection.execute(_REMOVE, {"case_id": case_id})


async def list_undecided(
    connection: AsyncConnection,
    viewer: Viewer,
    *,
    due_before: date | None,
    after: tuple[date, UUID] | None,
    limit: int,
) -> Sequence[ListedUndecided]:
    """Cases that the viewer decides or whose decision it watches, those due first at the top; the sort key is
    (due_on, case_id).

    `due_before`: only those of which the first limit passed before that day; nobody is late for whom is searched for.
    """
    visible, parameters = _decided_by(viewer) if viewer.role is Role.VERIFIER else visible_to(viewer, is_filtered=True)
    where = [f"({visible})"]
    if due_before is not None:
        where.append("u.due_on < :due_before AND c.phase <> 'SEARCH'")
        parameters["due_before"] = due_before
    if after is not None:
        where.append("(u.due_on, u.case_id) > (:after_day, :after_id)")
        parameters["after_day"], parameters["after_id"] = after
    statement = text(
        f"""
        SELECT u.case_id, c.number, c.receiving_office_id, c.accountable_office_id, u.due_on, u.level,
            u.is_complex, c.phase = 'SEARCH' AS rests
        FROM undecided u JOIN intake_case c ON c.id = u.case_id
        WHERE {" AND ".join(where)} ORDER BY u.due_on, u.case_id LIMIT :limit
        """
    )
    return [
        ListedUndecided(
            row.case_id,
            row.number,
            row.receiving_office_id,
            row.accountable_office_id,
            row.due_on,
            row.level,
            row.is_complex,
            row.rests,
        )
        for row in await connection.execute(statement, parameters | {"limit": limit})
    ]
