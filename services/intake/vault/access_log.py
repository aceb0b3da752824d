"""Who read whom: entries in a chain of hashes, so that a change of the past shows.

Every entry carries the SHA-256 of itself and of the entry before. Writers take turns by an
advisory lock until their commit, so the chain has no forks and its order is that of the commits.
The stated purpose may name people and is sealed by the key of the case; the hash is over the
sealed bytes, so the chain can be checked without a key, also after a case was erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.storage.chained import ACCESS_LOG, CHAIN_START, entry_hash
from services.intake.domain.access import IdentityView

_LOCK: Final = text("SELECT pg_advisory_xact_lock(49851217, 1)")
_LAST: Final = text("SELECT sequence, hash FROM access_log ORDER BY sequence DESC LIMIT 1")
_ADD: Final = text(
    "INSERT INTO access_log"
    " (sequence, read_at, subject, office_id, role, case_id, identity_view, purpose, purpose_code, hash)"
    " VALUES (:sequence, :read_at, :subject, :office_id, :role, :case_id, :identity_view,"
    " :purpose, :purpose_code, :hash)"
)


@dataclass(frozen=True, slots=True)
class Read:
    """One read of an identity, or one refused (view NONE). `purpose` is sealed; None: of before purposes were codes."""

    read_at: datetime
    subject: str
    office_id: str
    role: str
    case_id: UUID
    identity_view: IdentityView
    purpose: bytes
    purpose_code: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A read in its place of the chain; `intact`: it and the one before are as they were."""

    read: Read
    sequence: int
    hash: bytes
    intact: bool


async def append(connection: AsyncConnection, read: Read) -> int:
    """Add an entry to the running transaction. Returns its place."""
    await connection.execute(_LOCK)
    last = (await connection.execute(_LAST)).first()
    sequence, previous = (last.sequence + 1, last.hash) if last else (1, CHAIN_START)
    row = {
        "sequence": sequence,
        "read_at": read.read_at,
        "subject": read.subject,
        "office_id": read.office_id,
        "role": read.role,
        "case_id": read.case_id,
        "identity_view": read.identity_view.value,
        "purpose": read.purpose,
        "purpose_code": read.purpose_code,
    }
    await connection.execute(_ADD, row | {"hash": entry_hash(previous, ACCESS_LOG.values(row))})
    return sequence


async def page(
    connection: AsyncConnection,
    case_id: UUID | None,
    before: int | None,
    limit: int,
    offices: frozenset[str] | None = None,
) -> list[Entry]:
    """Entries of reads by these offices (None: all), newest first, each checked against the one before it."""
    conditions = ["true"]
    parameters: dict[str, object] = {"limit": limit}
    if case_id is not None:
        conditions.append("l.case_id = :case_id")
        parameters["case_id"] = case_id
    if offices is not None:
        conditions.append("l.office_id = ANY(CAST(:offices AS text[]))")
        parameters["offices"] = sorted(offices)
    if before is not None:
        conditions.append("l.sequence < :before")
        parameters["before"] = before
    rows = await connection.execute(
        text(
            "SELECT l.*, p.hash AS previous FROM access_log l"
            " LEFT JOIN access_log p ON p.sequence = l.sequence - 1"
            f" WHERE {' AND '.join(conditions)} ORDER BY l.sequence DESC LIMIT :limit"
        ),
        parameters,
    )
    return [_entry_of(row._mapping) for row in rows]


def _entry_of(row: Mapping[Any, Any]) -> Entry:
    read = Read(
        row["read_at"],
        row["subject"],
        row["office_id"],
        row["role"],
        row["case_id"],
        IdentityView(row["identity_view"]),
        row["purpose"],
        row["purpose_code"],
    )
    sequence = row["sequence"]
    previous = row["previous"] if sequence > 1 else CHAIN_START
    intact = previous is not None and entry_hash(previous, ACCESS_LOG.values(row)) == row["hash"]
    return Entry(read, sequence, row["hash"], intact)


def chain_is_intact(entries: list[Entry], *, consecutive: bool) -> bool:
    """Whether no entry of a page was changed and, where they follow one another, none is missing."""
    if not all(entry.intact for entry in entries):
        return False
    if not consecutive:
        return True
    first = entries[0].sequence if entries else 0
    return [entry.sequence for entry in entries] == list(range(first, first - len(entries), -1))
