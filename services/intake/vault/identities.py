"""The rows of sealed people. What stands in them says nothing without the keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.vault.keys import DESTROYED, WrappedKey

_COLUMNS: Final = "case_id, kek_id, wrapped_key, revision, ciphertext, bound"
_IDENTITY: Final = text(f"SELECT {_COLUMNS} FROM identity WHERE case_id = :case_id")
_IDENTITIES: Final = text(f"SELECT {_COLUMNS} FROM identity WHERE case_id = ANY(CAST(:case_ids AS uuid[]))")
_KEYS: Final = text("SELECT case_id, kek_id, wrapped_key FROM identity WHERE case_id = ANY(CAST(:case_ids AS uuid[]))")
_KEEP: Final = text(
    "INSERT INTO identity_history (case_id, revision, ciphertext, reason, fields, office_id, subject, replaced_at)"
    " SELECT case_id, revision, ciphertext, :reason, CAST(:fields AS text[]), :office_id, :subject, :replaced_at"
    " FROM identity WHERE case_id = :case_id"
)
_REPLACE: Final = text(
    "UPDATE identity SET revision = revision + 1, ciphertext = :ciphertext, bound = true WHERE case_id = :case_id"
)
_DESTROY_KEY: Final = text("UPDATE identity SET wrapped_key = :destroyed WHERE case_id = :case_id")
_UNBOUND: Final = text(
    f"SELECT {_COLUMNS} FROM identity WHERE NOT bound AND case_id > :after ORDER BY case_id LIMIT :limit"
    " FOR UPDATE SKIP LOCKED"
)
_BIND: Final = text("UPDATE identity SET ciphertext = :ciphertext, bound = true WHERE case_id = :case_id")


@dataclass(frozen=True, slots=True, repr=False)
class SealedIdentity:
    """A sealed person with the wrapped key of the case. `is_bound`: the seal says of which revision it is."""

    case_id: UUID
    key: WrappedKey
    revision: int
    ciphertext: bytes
    is_bound: bool


@dataclass(frozen=True, slots=True, repr=False)
class Replacement:
    """Why a record is replaced (sealed), which of its fields differ, by whom and when."""

    reason: bytes
    fields: Sequence[str]
    office_id: str
    subject: str
    replaced_at: datetime


def _identity_of(row: Any) -> SealedIdentity:
    return SealedIdentity(row.case_id, WrappedKey(row.kek_id, row.wrapped_key), row.revision, row.ciphertext, row.bound)


async def load(connection: AsyncConnection, case_id: UUID) -> SealedIdentity:
    """The sealed person of a case."""
    row = (await connection.execute(_IDENTITY, {"case_id": case_id})).one()
    return _identity_of(row)


async def load_some(connection: AsyncConnection, case_ids: Sequence[UUID]) -> Mapping[UUID | None, SealedIdentity]:
    """The sealed people of those of the cases that there are."""
    rows = await connection.execute(_IDENTITIES, {"case_ids": list(case_ids)})
    return {row.case_id: _identity_of(row) for row in rows}


async def lock_unbound(connection: AsyncConnection, after: UUID, limit: int) -> Sequence[SealedIdentity]:
    """Some records whose seal does not say of which revision they are, locked, in the order of their cases."""
    rows = await connection.execute(_UNBOUND, {"after": after, "limit": limit})
    return [_identity_of(row) for row in rows]


async def bind(connection: AsyncConnection, case_id: UUID, ciphertext: bytes) -> None:
    """Put the same record there, with a seal that says of which revision it is."""
    await connection.execute(_BIND, {"case_id": case_id, "ciphertext": ciphertext})


async def load_keys(connection: AsyncConnection, case_ids: Sequence[UUID]) -> Mapping[UUID, WrappedKey]:
    """The wrapped keys of cases."""
    rows = await connection.execute(_KEYS, {"case_ids": list(case_ids)})
    return {row.case_id: WrappedKey(row.kek_id, row.wrapped_key) for row in rows}


async def destroy_key(connection: AsyncConnection, case_id: UUID) -> None:
    """Nothing that was sealed with the key of a case opens any more."""
    await connection.execute(_DESTROY_KEY, {"case_id": case_id, "destroyed": DESTROYED})


async def replace(connection: AsyncConnection, case_id: UUID, ciphertext: bytes, why: Replacement) -> None:
    """Keep the sealed record in the history and put the corrected one in its place."""
    kept = {
        "case_id": case_id,
        "reason": why.reason,
        "fields": list(why.fields),
        "office_id": why.office_id,
        "subject": why.subject,
        "replaced_at": why.replaced_at,
    }
    await connection.execute(_KEEP, kept)
    await connection.execute(_REPLACE, {"case_id": case_id, "ciphertext": ciphertext})
