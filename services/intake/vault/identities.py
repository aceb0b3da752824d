"""The rows of sealed people. What stands in them says nothing without the keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.vault.keys import WrappedKey

_IDENTITY: Final = text("SELECT kek_id, wrapped_key, revision, ciphertext FROM identity WHERE case_id = :case_id")
_IDENTITIES: Final = text(
    "SELECT case_id, kek_id, wrapped_key, ciphertext FROM identity WHERE case_id = ANY(CAST(:case_ids AS uuid[]))"
)
_KEYS: Final = text("SELECT case_id, kek_id, wrapped_key FROM identity WHERE case_id = ANY(CAST(:case_ids AS uuid[]))")
_KEEP: Final = text(
    "INSERT INTO identity_history (case_id, revision, ciphertext, reason, fields, office_id, subject, replaced_at)"
    " SELECT case_id, revision, ciphertext, :reason, CAST(:fields AS text[]), :office_id, :subject, :replaced_at"
    " FROM identity WHERE case_id = :case_id"
)
_REPLACE: Final = text("UPDATE identity SET revision = revision + 1, ciphertext = :ciphertext WHERE case_id = :case_id")


@dataclass(frozen=True, slots=True, repr=False)
class SealedIdentity:
    """A sealed person with the wrapped key of the case."""

    key: WrappedKey
    ciphertext: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Replacement:
    """Why a record is replaced (sealed), which of its fields differ, by whom and when."""

    reason: bytes
    fields: Sequence[str]
    office_id: str
    subject: str
    replaced_at: datetime


async def load(connection: AsyncConnection, case_id: UUID) -> SealedIdentity:
    """The sealed person of a case."""
    row = (await connection.execute(_IDENTITY, {"case_id": case_id})).one()
    return SealedIdentity(WrappedKey(row.kek_id, row.wrapped_key), row.ciphertext)


async def load_some(connection: AsyncConnection, case_ids: Sequence[UUID]) -> Mapping[UUID | None, SealedIdentity]:
    """The sealed people of those of the cases that there are."""
    rows = await connection.execute(_IDENTITIES, {"case_ids": list(case_ids)})
    return {row.case_id: SealedIdentity(WrappedKey(row.kek_id, row.wrapped_key), row.ciphertext) for row in rows}


async def load_keys(connection: AsyncConnection, case_ids: Sequence[UUID]) -> Mapping[UUID, WrappedKey]:
    """The wrapped keys of cases."""
    rows = await connection.execute(_KEYS, {"case_ids": list(case_ids)})
    return {row.case_id: WrappedKey(row.kek_id, row.wrapped_key) for row in rows}


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
