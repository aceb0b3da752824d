"""Who read whom: entries in a chain of hashes, so that a change of the past shows.

The stated purpose may name people and is sealed by the key of the case; the hash is over the
sealed bytes, so the chain can be checked without a key, also after a case was erased.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.kernel.clock import end_of_local_day, start_of_local_day
from services.chassis.storage.chained import ACCESS_LOG
from services.chassis.vault.access_chain import AccessChain, Link, chain_is_intact
from services.intake.domain.access import IdentityView, ReadsWanted

__all__ = ["Entry", "Read", "append", "chain_is_intact", "page"]


@dataclass(frozen=True, slots=True)
class Read:
    """One read of an identity, or one refused (view NONE). `purpose` is sealed; None: of before purposes were codes.

    `break_glass_id`: by what it was allowed where nothing else allowed it, or with what it was tried.
    """

    read_at: datetime
    subject: str
    office_id: str
    role: str
    case_id: UUID
    identity_view: IdentityView
    purpose: bytes
    purpose_code: str | None
    break_glass_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A read in its place of the chain; `intact`: it and the one before are as they were."""

    read: Read
    sequence: int
    hash: bytes
    intact: bool


_CHAIN: Final = AccessChain(ACCESS_LOG)


async def append(connection: AsyncConnection, read: Read) -> int:
    """Add an entry to the running transaction. Returns its place."""
    row = {
        "read_at": read.read_at,
        "subject": read.subject,
        "office_id": read.office_id,
        "role": read.role,
        "case_id": read.case_id,
        "identity_view": read.identity_view.value,
        "purpose": read.purpose,
        "purpose_code": read.purpose_code,
        "break_glass_id": read.break_glass_id,
    }
    return await _CHAIN.append(connection, row)


async def page(
    connection: AsyncConnection,
    wanted: ReadsWanted,
    before: int | None,
    limit: int,
) -> list[Entry]:
    """Entries that are wanted, newest first, older than `before`, each checked against the one before it."""
    # None: of all; no office at all is another thing.
    seen = None if wanted.offices is None else sorted(wanted.offices)
    given: dict[str, tuple[str, object]] = {
        "case_id": ("l.case_id = :case_id", wanted.case_id),
        "office_id": ("l.office_id = :office_id", wanted.office_id),
        "subject": ("l.subject = :subject", wanted.subject),
        "read_from": ("l.read_at >= :read_from", wanted.read_from and start_of_local_day(wanted.read_from)),
        "read_until": ("l.read_at < :read_until", wanted.read_until and end_of_local_day(wanted.read_until)),
        "offices": ("l.office_id = ANY(CAST(:offices AS text[]))", seen),
        "before": ("l.sequence < :before", before),
    }
    asked = {name: each for name, each in given.items() if each[1] is not None}
    conditions = [condition for condition, _value in asked.values()]
    parameters = {name: value for name, (_condition, value) in asked.items()}
    return [_entry_of(link) for link in await _CHAIN.page(connection, conditions, parameters, limit)]


def _entry_of(link: Link) -> Entry:
    row = link.row
    read = Read(
        row["read_at"],
        row["subject"],
        row["office_id"],
        row["role"],
        row["case_id"],
        IdentityView(row["identity_view"]),
        row["purpose"],
        row["purpose_code"],
        row["break_glass_id"],
    )
    return Entry(read, row["sequence"], row["hash"], link.intact)
