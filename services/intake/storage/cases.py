"""Cases as rows, and back."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.calls.case_ref import CaseRef
from services.intake.domain.case import Case, Identification, Phase, Withdrawal
from services.intake.domain.people import AgeBand
from services.intake.domain.submissions import Route

_COLUMN_OF: Final = {"row": "row_number", "rows": "row_count"}
_CASE_COLUMNS: Final = {one.name: _COLUMN_OF.get(one.name, one.name) for one in fields(Case)}
SELECT_CASE: Final = f"SELECT {', '.join(_CASE_COLUMNS.values())} FROM intake_case"
_MUTABLE: Final = (
    "home_province",
    "age_band",
    "version",
    "identification",
    "decisions",
    "withdrawal",
    "phase",
    "accountable_office_id",
    "segment",
    "arrivals",
    "followups_segment",
    "transfer_id",
    "addressee_office_id",
    "accepted_transfer_id",
    "in_facility",
    "sent_from_facility",
    "claimed_office_id",
    "closed_on",
    "verifier_office_id",
    "earlier_case_id",
)
_UPDATE_CASE: Final = text(
    f"UPDATE intake_case SET changed_at = :now, {', '.join(f'{n} = :{n}' for n in _MUTABLE)} WHERE id = :id"
)


def row_of(case: Case) -> dict[str, object]:
    """A new case as a row."""
    row = {column: getattr(case, name) for name, column in _CASE_COLUMNS.items()}
    return row | {"changed_at": case.created_at}


def case_of(row: Any) -> Case:
    """The case of a row of SELECT_CASE."""
    values = {name: getattr(row, column) for name, column in _CASE_COLUMNS.items()}
    values["route"] = Route(values["route"])
    values["age_band"] = AgeBand(values["age_band"])
    values["identification"] = Identification(values["identification"])
    values["withdrawal"] = Withdrawal(values["withdrawal"])
    values["phase"] = Phase(values["phase"])
    return Case(**values)


_LOAD_ALL: Final = text(f"{SELECT_CASE} WHERE id = ANY(CAST(:ids AS uuid[]))")


async def load(connection: AsyncConnection, ref: CaseRef, *, lock: bool = False) -> Case | None:
    """A case by id or number, locked until the end of the transaction when asked; None if none."""
    column = "id" if isinstance(ref, uuid.UUID) else "number"
    statement = f"{SELECT_CASE} WHERE {column} = :ref{' FOR UPDATE' if lock else ''}"
    row = (await connection.execute(text(statement), {"ref": ref})).first()
    return case_of(row) if row else None


async def load_all(connection: AsyncConnection, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Case]:
    """Those of the cases that there are, by their ids."""
    rows = await connection.execute(_LOAD_ALL, {"ids": list(ids)})
    return {case.id: case for case in map(case_of, rows)}


async def find(connection: AsyncConnection, refs: Sequence[CaseRef]) -> dict[CaseRef, tuple[uuid.UUID, str]]:
    """Id and number of those of the cases that exist, by the reference they were asked for with."""
    statement = text(
        "SELECT id, number FROM intake_case"
        " WHERE id = ANY(CAST(:ids AS uuid[])) OR number = ANY(CAST(:numbers AS text[]))"
    )
    ids = [ref for ref in refs if isinstance(ref, uuid.UUID)]
    numbers = [ref for ref in refs if isinstance(ref, str)]
    found: dict[CaseRef, tuple[uuid.UUID, str]] = {}
    for row in await connection.execute(statement, {"ids": ids, "numbers": numbers}):
        found[row.id] = found[row.number] = (row.id, row.number)
    return found


async def save(connection: AsyncConnection, case: Case, now: datetime) -> None:
    """Store what may change of a case."""
    values = {name: getattr(case, name) for name in _MUTABLE}
    await connection.execute(_UPDATE_CASE, values | {"id": case.id, "now": now})


_LOCK_FREE: Final = text(
    "SELECT id FROM intake_case WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR UPDATE SKIP LOCKED"
)


async def lock_free(connection: AsyncConnection, ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Lock those of the cases that nobody else holds, in the order of their ids."""
    return {row.id for row in await connection.execute(_LOCK_FREE, {"ids": list(ids)})}
