"""Sign-ins that were ended, as the audit trail of administrators has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.kernel.roles import Caller
from services.chassis.kernel.words import Whose
from services.handover.domain.reading import Page, Revoked
from services.handover.domain.words import RevokeReason

_LIST: Final = """
    SELECT id, done_at, office_id, subject, object, details FROM administration
    WHERE method = 'RevokeSessions' {after} ORDER BY done_at DESC, id DESC LIMIT :size
"""
_AFTER: Final = "AND (done_at, id) < (CAST(:at AS timestamptz), CAST(:id AS uuid))"


_IS_REVOKED: Final = text(
    """
    SELECT EXISTS (
        SELECT 1 FROM administration WHERE method = 'RevokeSessions' AND done_at >= :since
          AND (details ->> 'whose', object) IN (('SUBJECT', :subject), ('OFFICE', :office_id), ('TOKEN', :token_id))
    )
    """
)


def details_of(whose: Whose, reason: RevokeReason, not_before: datetime) -> Mapping[str, object]:
    """What the audit trail keeps beside what was named."""
    return {"whose": whose.value, "reason": reason.value, "not_before": not_before.isoformat()}


async def is_revoked(connection: AsyncConnection, caller: Caller, since: datetime) -> bool:
    """Whether the sign-in with which somebody asked for something then was ended afterwards.

    Services forget a revocation when no token can be as old; what was asked for waits for longer.
    """
    named = {"subject": caller.subject, "office_id": caller.office_id, "token_id": caller.token_id}
    return bool(await connection.scalar(_IS_REVOKED, {**named, "since": since}))


async def list_revoked(connection: AsyncConnection, page: Page) -> Sequence[Revoked]:
    """Newest first; the sort key is (done_at, id)."""
    parameters: dict[str, object] = {"size": page.size}
    if page.after is not None:
        parameters["at"], parameters["id"] = page.after
    statement = text(_LIST.format(after="" if page.after is None else _AFTER))
    return [_revoked(row) for row in await connection.execute(statement, parameters)]


def _revoked(row: Any) -> Revoked:
    return Revoked(
        row.id,
        row.done_at,
        Whose(row.details["whose"]),
        row.object,
        RevokeReason(row.details["reason"]),
        datetime.fromisoformat(row.details["not_before"]),
        row.office_id,
        row.subject,
    )
