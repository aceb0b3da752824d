"""The audit trail of what administrators changed, and the ends of offices as they were carried out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.events.units import UnitOfWork
from services.handover.domain.directory import Change
from services.handover.domain.reading import Page
from services.handover.storage.approvals import given_to

_RECORD = text(
    """
    INSERT INTO administration (id, done_at, office_id, subject, method, object, details)
    VALUES (:id, :now, :office_id, :subject, :method, :object, CAST(:details AS jsonb))
    """
)
_LIST = text(
    """
    SELECT c.id, c.done_at, c.office_id, c.subject, c.method, c.object AS about, c.details,
        d.office_id AS approved_by_office_id, d.subject AS approved_by_subject, d.approval_id
    FROM administration c
    LEFT JOIN LATERAL (
        SELECT d.approval_id, d.office_id, d.subject FROM approval a JOIN approval_decision d ON d.approval_id = a.id
        -- Both were written in one unit of work, so at one instant.
        WHERE a.method = c.method AND d.state = 'APPROVED' AND d.decided_at = c.done_at LIMIT 1
    ) d ON TRUE
    WHERE CAST(:after_time AS timestamptz) IS NULL OR (c.done_at, c.id) < (:after_time, CAST(:after_id AS uuid))
    ORDER BY c.done_at DESC, c.id DESC LIMIT :limit
    """
)
_END = text("SELECT valid_to, successor_id, heir_id, moved FROM office_end WHERE office_id = :office_id")


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """The end of an office as it was carried out; `moved`: how much, by what it is."""

    valid_to: date
    successor_id: str | None
    heir_id: str
    moved: Mapping[str, int]


async def end_of(connection: AsyncConnection, office_id: str) -> CarriedOut | None:
    """The end of an office; None when it was not ended here."""
    row = (await connection.execute(_END, {"office_id": office_id})).first()
    return CarriedOut(row.valid_to, row.successor_id, row.heir_id, row.moved) if row is not None else None


async def list_changes(connection: AsyncConnection, page: Page) -> Sequence[Change]:
    """What administrators changed, the newest first, with who approved it."""
    after = page.after or (None, None)
    parameters = {"after_time": after[0], "after_id": after[1], "limit": page.size}
    rows = list(await connection.execute(_LIST, parameters))
    given = await given_to(connection, [row.approval_id for row in rows if row.approval_id is not None])
    return [
        Change(
            id=row.id,
            done_at=row.done_at,
            office_id=row.office_id,
            subject=row.subject,
            method=row.method,
            about=row.about,
            details=row.details,
            approved_by_office_id=row.approved_by_office_id,
            approved_by_subject=row.approved_by_subject,
            approvals=given.get(row.approval_id, ()),
        )
        for row in rows
    ]


async def record(
    uow: UnitOfWork, office_id: str, subject: str, method: str, changed: str, details: Mapping[str, object]
) -> None:
    """Add to the audit trail: who changed what, by which call. `changed`: an office, a rule, a calendar."""
    values = {
        "id": uow.new_id(),
        "now": uow.now,
        "office_id": office_id,
        "subject": subject,
        "method": method,
        "object": changed,
        "details": json.dumps(details, sort_keys=True),
    }
    await uow.connection.execute(_RECORD, values)
