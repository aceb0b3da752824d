"""The rows of care: wrapped keys, sealed wishes and visits, attempts. What is sealed says nothing without the keys."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.followup.domain.care import Attempt
from services.followup.storage.tables import VisitRow

__all__ = [
    "VisitRow",
    "add_attempt",
    "add_key",
    "add_safety_act",
    "add_visit",
    "add_wishes",
    "destroy_key",
    "drop_draft",
    "drop_drafts_before",
    "latest_revision",
    "latest_visit",
    "open_signs",
    "read_draft",
    "read_key",
    "read_visit",
    "read_wishes",
    "replace_signs",
    "save_draft",
    "wishes_version",
]

_KEY: Final = text("SELECT kek_id, wrapped_key FROM care_key WHERE case_id = :case_id")
_ADD_KEY: Final = text("INSERT INTO care_key (case_id, kek_id, wrapped_key) VALUES (:case_id, :kek_id, :wrapped_key)")
_DESTROY_KEY: Final = text(
    "INSERT INTO care_key (case_id, kek_id, wrapped_key) VALUES (:case_id, '', :destroyed)"
    " ON CONFLICT (case_id) DO UPDATE SET wrapped_key = excluded.wrapped_key"
)
_WISHES_VERSION: Final = text("SELECT coalesce(max(version), 0) FROM contact_wishes WHERE case_id = :case_id")
_BY: Final = " AND (CAST(:offices AS text[]) IS NULL OR office_id = ANY(CAST(:offices AS text[])))"
_WISHES: Final = text(f"SELECT * FROM contact_wishes WHERE case_id = :case_id{_BY} ORDER BY version DESC LIMIT 1")
_ADD_WISHES: Final = text(
    "INSERT INTO contact_wishes (case_id, version, sealed, office_id, subject, at)"
    " VALUES (:case_id, :version, :sealed, :office_id, :subject, :at)"
)
_ADD_ATTEMPT: Final = text(
    "INSERT INTO attempt (case_id, number, mode, visitor, outcome, wishes_version)"
    " VALUES (:case_id, :number, :mode, :visitor, :outcome, :wishes_version)"
    " ON CONFLICT (case_id, number) DO NOTHING"
)
_ADD_SAFETY: Final = text(
    "INSERT INTO safety_act (id, case_id, number, sealed, office_id, subject, at)"
    " VALUES (:id, :case_id, :number, :sealed, :office_id, :subject, :at)"
)
_SAVE_DRAFT: Final = text(
    "INSERT INTO visit_draft (case_id, subject, sealed, at) VALUES (:case_id, :subject, :sealed, :at)"
    " ON CONFLICT (case_id, subject) DO UPDATE SET sealed = excluded.sealed, at = excluded.at"
)
_DRAFT: Final = text("SELECT sealed, at FROM visit_draft WHERE case_id = :case_id AND subject = :subject")
_DROP_DRAFT: Final = text("DELETE FROM visit_draft WHERE case_id = :case_id AND subject = :subject")
_DROP_OLD: Final = text(
    "WITH old AS ("
    "SELECT case_id, subject FROM visit_draft WHERE at < :before ORDER BY at LIMIT :most FOR UPDATE SKIP LOCKED)"
    " DELETE FROM visit_draft d USING old WHERE d.case_id = old.case_id AND d.subject = old.subject"
)
# The case is locked: what its follow-up repeats of an entry is written by whoever holds it.
_OPEN_SIGNS: Final = text(
    """
    SELECT e.case_id, e.number, e.version, e.warning_signs FROM entry e JOIN followup_case c USING (case_id)
    WHERE e.warning_signs[1] LIKE 'RF__' ORDER BY e.case_id, e.number, e.version LIMIT :most
    FOR UPDATE OF c SKIP LOCKED
    """
)
_REPLACE_SIGNS: Final = text(
    "UPDATE entry SET warning_signs = CAST(:sealed AS text[])"
    " WHERE case_id = :case_id AND number = :number AND version = :version"
)
_REPEAT_SIGNS: Final = text(
    """
    UPDATE follow_up f SET warning_signs = e.warning_signs FROM entry e
    WHERE e.case_id = :case_id AND e.number = :number AND e.version = :version AND f.case_id = e.case_id
      AND f.set_number = e.set_number AND f.kind = e.kind AND f.warning_signs[1] LIKE 'RF__'
      AND f.visited_on = e.on_day
    """
)
_LATEST: Final = text("SELECT coalesce(max(revision), 0) FROM visit WHERE case_id = :case_id AND number = :number")
_VISIT: Final = text("SELECT * FROM visit WHERE case_id = :case_id AND number = :number ORDER BY revision")
_LATEST_VISIT: Final = text(f"SELECT coalesce(max(number), 0) FROM visit WHERE case_id = :case_id{_BY}")
_VISIT_COLUMNS: Final = tuple(VisitRow.model_fields)
_ADD_VISIT: Final = text(
    f"INSERT INTO visit ({', '.join(_VISIT_COLUMNS)}) VALUES"
    f" ({', '.join('CAST(:coded AS jsonb)' if name == 'coded' else f':{name}' for name in _VISIT_COLUMNS)})"
)


async def read_key(connection: AsyncConnection, case_id: uuid.UUID) -> Any:
    """The wrapped key of a case; None when nothing was said of it yet."""
    return (await connection.execute(_KEY, {"case_id": case_id})).first()


async def add_key(connection: AsyncConnection, case_id: uuid.UUID, kek_id: str, wrapped_key: bytes) -> None:
    """Keep the wrapped key of a case."""
    await connection.execute(_ADD_KEY, {"case_id": case_id, "kek_id": kek_id, "wrapped_key": wrapped_key})


async def destroy_key(connection: AsyncConnection, case_id: uuid.UUID, destroyed: bytes) -> None:
    """Put what stands for a destroyed key in the place of that of a case, be there one or none."""
    await connection.execute(_DESTROY_KEY, {"case_id": case_id, "destroyed": destroyed})


async def wishes_version(connection: AsyncConnection, case_id: uuid.UUID) -> int:
    """The version of the wishes that stand; 0 for none."""
    return int(await connection.scalar(_WISHES_VERSION, {"case_id": case_id}) or 0)


async def read_wishes(connection: AsyncConnection, case_id: uuid.UUID, by: Collection[str] | None = None) -> Any:
    """The wishes that stand, or the last that these offices wrote, sealed; None when there are none."""
    return (await connection.execute(_WISHES, {"case_id": case_id, "offices": _offices(by)})).first()


def _offices(by: Collection[str] | None) -> list[str] | None:
    return None if by is None else sorted(by)


async def add_wishes(
    connection: AsyncConnection,
    case_id: uuid.UUID,
    version: int,
    sealed: bytes,
    office_id: str,
    subject: str,
    at: datetime,
) -> None:
    """Add a version of wishes."""
    row = {
        "case_id": case_id,
        "version": version,
        "sealed": sealed,
        "office_id": office_id,
        "subject": subject,
        "at": at,
    }
    await connection.execute(_ADD_WISHES, row)


async def add_attempt(connection: AsyncConnection, case_id: uuid.UUID, number: int, attempt: Attempt) -> None:
    """How somebody tried, beside the entry of that number; the first word on an entry stands."""
    row = {
        "case_id": case_id,
        "number": number,
        "mode": attempt.mode,
        "visitor": attempt.visitor,
        "outcome": attempt.outcome,
        "wishes_version": attempt.wishes_version,
    }
    await connection.execute(_ADD_ATTEMPT, row)


async def latest_revision(connection: AsyncConnection, case_id: uuid.UUID, number: int) -> int:
    """Of a visit; 0 when nothing of it was written."""
    return int(await connection.scalar(_LATEST, {"case_id": case_id, "number": number}) or 0)


async def add_visit(connection: AsyncConnection, row: VisitRow) -> None:
    """Add a revision of a visit."""
    await connection.execute(_ADD_VISIT, row.model_dump() | {"coded": json.dumps(row.coded)})


async def read_visit(connection: AsyncConnection, case_id: uuid.UUID, number: int) -> Sequence[VisitRow]:
    """All revisions of a visit, oldest first."""
    rows = await connection.execute(_VISIT, {"case_id": case_id, "number": number})
    return [VisitRow(**row._mapping) for row in rows]


async def latest_visit(connection: AsyncConnection, case_id: uuid.UUID, by: Collection[str] | None = None) -> int:
    """The latest visit of which something was written, by these offices; 0 when there is none."""
    return int(await connection.scalar(_LATEST_VISIT, {"case_id": case_id, "offices": _offices(by)}) or 0)


async def open_signs(connection: AsyncConnection, most: int) -> Sequence[Any]:
    """Versions of entries, at most so many, whose warning signs are not sealed."""
    return list(await connection.execute(_OPEN_SIGNS, {"most": most}))


async def replace_signs(
    connection: AsyncConnection, case_id: uuid.UUID, number: int, version: int, sealed: Sequence[str]
) -> None:
    """Put the sealed signs into the place of the open ones, in the follow-up as well."""
    row = {"case_id": case_id, "number": number, "version": version}
    await connection.execute(_REPLACE_SIGNS, row | {"sealed": list(sealed)})
    await connection.execute(_REPEAT_SIGNS, row)


async def add_safety_act(connection: AsyncConnection, row: Mapping[str, object]) -> None:
    """Keep what a second person confirmed."""
    await connection.execute(_ADD_SAFETY, dict(row))


async def save_draft(
    connection: AsyncConnection, case_id: uuid.UUID, subject: str, sealed: bytes, at: datetime
) -> None:
    """Keep somebody's draft, in place of the one before."""
    await connection.execute(_SAVE_DRAFT, {"case_id": case_id, "subject": subject, "sealed": sealed, "at": at})


async def read_draft(connection: AsyncConnection, case_id: uuid.UUID, subject: str) -> Any:
    """Somebody's draft, sealed; None when there is none."""
    return (await connection.execute(_DRAFT, {"case_id": case_id, "subject": subject})).first()


async def drop_draft(connection: AsyncConnection, case_id: uuid.UUID, subject: str) -> None:
    """Destroy somebody's draft."""
    await connection.execute(_DROP_DRAFT, {"case_id": case_id, "subject": subject})


async def drop_drafts_before(connection: AsyncConnection, before: datetime, most: int) -> int:
    """Destroy at most so many drafts that nobody came back to; returns how many."""
    return (await connection.execute(_DROP_OLD, {"before": before, "most": most})).rowcount
