"""What was opened by break-glass and what its review said: both are only ever added."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.kernel.roles import Role
from services.intake.domain.access import IdentityView, Viewer
from services.intake.domain.break_glass import BreakGlass, Reason, Review, Verdict
from services.intake.storage.reading import visible_to

_TAKE_TURNS: Final = text("SELECT pg_advisory_xact_lock(49851218, hashtext(:subject))")
_COUNT: Final = text("SELECT count(*) FROM break_glass WHERE subject = :subject AND opened_at >= :since")
_ADD: Final = text(
    "INSERT INTO break_glass (id, case_id, subject, office_id, role, reason_code, reason, identity_view, opened_at,"
    " expires_at, review_due_on) VALUES (:id, :case_id, :subject, :office_id, :role, :reason_code, :reason,"
    " :identity_view, :opened_at, :expires_at, :review_due_on)"
)
_REVIEW: Final = text(
    "INSERT INTO break_glass_review (break_glass_id, verdict, office_id, subject, reviewed_at)"
    " VALUES (:id, :verdict, :office_id, :subject, :reviewed_at) ON CONFLICT (break_glass_id) DO NOTHING"
)
_SELECT: Final = """
    SELECT b.id, b.case_id, b.subject, b.office_id, b.role, b.reason_code, b.identity_view, b.opened_at, b.expires_at,
        b.review_due_on, r.verdict, r.office_id AS reviewed_by_office_id, r.subject AS reviewed_by_subject,
        r.reviewed_at
    FROM break_glass b JOIN intake_case c ON c.id = b.case_id
        LEFT JOIN break_glass_review r ON r.break_glass_id = b.id
"""
_ONE: Final = text(f"{_SELECT} WHERE b.id = :id")
_SEALED: Final = text("SELECT reason FROM break_glass WHERE id = :id")
_READS: Final = text(
    "SELECT break_glass_id, count(*) AS reads FROM access_log"
    " WHERE break_glass_id = ANY(CAST(:ids AS uuid[])) AND identity_view <> 'NONE' GROUP BY break_glass_id"
)


async def opened_since(connection: AsyncConnection, subject: str, since: datetime) -> int:
    """How many an account opened since then; whoever asks waits for another that does until its commit."""
    await connection.execute(_TAKE_TURNS, {"subject": subject})
    return int(await connection.scalar(_COUNT, {"subject": subject, "since": since}) or 0)


async def add(connection: AsyncConnection, one: BreakGlass, reason: bytes) -> None:
    """Write what was opened, with the sealed words of its reason."""
    values = {
        "id": one.id,
        "case_id": one.case_id,
        "subject": one.subject,
        "office_id": one.office_id,
        "role": one.role.value,
        "reason_code": one.reason.value,
        "reason": reason,
        "identity_view": one.view.value,
        "opened_at": one.opened_at,
        "expires_at": one.expires_at,
        "review_due_on": one.review_due_on,
    }
    await connection.execute(_ADD, values)


async def review(connection: AsyncConnection, break_glass_id: UUID, said: Review) -> bool:
    """Write what its review said; returns False when somebody else did: of two at once, the first."""
    values = {
        "id": break_glass_id,
        "verdict": said.verdict.value,
        "office_id": said.office_id,
        "subject": said.subject,
        "reviewed_at": said.at,
    }
    return bool((await connection.execute(_REVIEW, values)).rowcount)


async def find(connection: AsyncConnection, break_glass_id: UUID) -> BreakGlass | None:
    """One of them; None when there is none."""
    row = (await connection.execute(_ONE, {"id": break_glass_id})).first()
    return _one(row) if row is not None else None


async def sealed_reason(connection: AsyncConnection, break_glass_id: UUID) -> bytes:
    """The sealed words of its reason."""
    return bytes(await connection.scalar(_SEALED, {"id": break_glass_id}) or b"")


async def reads(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, int]:
    """How often a person was read with each."""
    return {row.break_glass_id: row.reads for row in await connection.execute(_READS, {"ids": list(ids)})}


async def list_opened(
    connection: AsyncConnection,
    *,
    own: Collection[str] | None,
    overseen: Viewer | None,
    case_id: UUID | None,
    waiting_only: bool,
    before: UUID | None,
    limit: int,
) -> Sequence[BreakGlass]:
    """The newest first, older than `before`: opened by these offices (None: by all), or of what a supervisor sees."""
    conditions, parameters = ["true"], dict[str, object]({"limit": limit})
    if own is not None:
        seen = ["b.office_id = ANY(CAST(:own AS text[]))"]
        parameters["own"] = sorted(own)
        if overseen is not None:
            visible, more = visible_to(overseen, is_filtered=True)
            seen.append(visible)
            parameters |= more
        conditions.append(f"({' OR '.join(seen)})")
    if case_id is not None:
        conditions.append("b.case_id = :case_id")
        parameters["case_id"] = case_id
    if waiting_only:
        conditions.append("r.verdict IS NULL")
    if before is not None:
        conditions.append("b.id < :before")
        parameters["before"] = before
    statement = f"{_SELECT} WHERE {' AND '.join(conditions)} ORDER BY b.id DESC LIMIT :limit"
    return [_one(row) for row in await connection.execute(text(statement), parameters)]


def _one(row: Any) -> BreakGlass:
    said = None
    if row.verdict is not None:
        said = Review(Verdict(row.verdict), row.reviewed_by_office_id, row.reviewed_by_subject, row.reviewed_at)
    return BreakGlass(
        id=row.id,
        case_id=row.case_id,
        subject=row.subject,
        office_id=row.office_id,
        role=Role(row.role),
        reason=Reason(row.reason_code),
        view=IdentityView(row.identity_view),
        opened_at=row.opened_at,
        expires_at=row.expires_at,
        review_due_on=row.review_due_on,
        review=said,
    )
