"""What was said to purposes, as rows that are only added. Who a guardian is stands sealed: the vault alone opens it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.kernel.words import ConsentGiver, ConsentState
from services.intake.domain.consents import Consent

_COLUMNS: Final = (
    "case_id, number, purpose, state, giver, said_on, text_version, office_id, recorded_at, language, entry_number,"
    " subject"
)
_GUARDIANS: Final = (
    "(SELECT case_id, number, sealed, NULL AS relation FROM guardian"
    " UNION ALL SELECT case_id, number, name, relation FROM unsealed_guardian) g"
)
_OF_CASE: Final = text(
    f"SELECT {_COLUMNS}, g.sealed IS NOT NULL AS guardian_named FROM consent LEFT JOIN {_GUARDIANS}"
    " USING (case_id, number) WHERE case_id = :case_id ORDER BY number"
)
_ADD: Final = text(f"INSERT INTO consent ({_COLUMNS}) VALUES (:{_COLUMNS.replace(', ', ', :')})")
_GUARDIAN: Final = text(f"SELECT * FROM {_GUARDIANS} WHERE case_id = :case_id AND number = :number")
_ADD_GUARDIAN: Final = text("INSERT INTO guardian (case_id, number, sealed) VALUES (:case_id, :number, :sealed)")
_UNSEALED: Final = text(
    "SELECT case_id, number, name AS sealed, relation FROM unsealed_guardian"
    " WHERE (case_id, number) > (:case_id, :number) ORDER BY case_id, number LIMIT :limit FOR UPDATE SKIP LOCKED"
)
_DROP_UNSEALED: Final = text("DELETE FROM unsealed_guardian WHERE case_id = :case_id AND number = :number")
_FORGET: Final = text(
    "WITH gone AS (DELETE FROM unsealed_guardian WHERE case_id = :case_id RETURNING case_id, number, name)"
    " INSERT INTO guardian (case_id, number, sealed) SELECT case_id, number, name FROM gone"
)


@dataclass(frozen=True, slots=True, repr=False)
class SealedGuardian:
    """Who gave a consent. `relation`: of before it was sealed, where only the name is; None: both are."""

    case_id: UUID
    number: int
    sealed: bytes
    relation: str | None


async def of_case(connection: AsyncConnection, case_id: UUID) -> tuple[Consent, ...]:
    """All of a case, in the order in which they were recorded."""
    return tuple(_consent(row) for row in await connection.execute(_OF_CASE, {"case_id": case_id}))


async def add(connection: AsyncConnection, one: Consent, guardian: bytes | None) -> None:
    """Write one, with the sealed guardian."""
    row = asdict(one)
    del row["guardian_named"]
    await connection.execute(_ADD, row)
    if guardian is not None:
        await _add_guardian(connection, one.case_id, one.number, guardian)


async def sealed_guardian(connection: AsyncConnection, case_id: UUID, number: int) -> SealedGuardian | None:
    """The sealed guardian; None where there is none."""
    row = (await connection.execute(_GUARDIAN, {"case_id": case_id, "number": number})).first()
    return _guardian(row) if row is not None else None


async def lock_unsealed(connection: AsyncConnection, after: tuple[UUID, int], limit: int) -> Sequence[SealedGuardian]:
    """Some guardians of before, whose relation is not sealed, locked, in the order of case and number."""
    case_id, number = after
    rows = await connection.execute(_UNSEALED, {"case_id": case_id, "number": number, "limit": limit})
    return [_guardian(row) for row in rows]


async def replace_unsealed(connection: AsyncConnection, one: SealedGuardian, sealed: bytes) -> None:
    """Put the guardian with a sealed relation in the place of the one of before."""
    await _add_guardian(connection, one.case_id, one.number, sealed)
    await connection.execute(_DROP_UNSEALED, {"case_id": one.case_id, "number": one.number})


async def forget_unsealed(connection: AsyncConnection, case_id: UUID) -> None:
    """Nobody learns any more what the guardians of before are to her; that they were named stays."""
    await connection.execute(_FORGET, {"case_id": case_id})


async def _add_guardian(connection: AsyncConnection, case_id: UUID, number: int, sealed: bytes) -> None:
    await connection.execute(_ADD_GUARDIAN, {"case_id": case_id, "number": number, "sealed": sealed})


def _guardian(row: Any) -> SealedGuardian:
    return SealedGuardian(row.case_id, row.number, bytes(row.sealed), row.relation)


def _consent(row: Any) -> Consent:
    return Consent(
        case_id=row.case_id,
        number=row.number,
        purpose=row.purpose,
        state=ConsentState(row.state),
        giver=ConsentGiver(row.giver),
        said_on=row.said_on,
        text_version=row.text_version,
        office_id=row.office_id,
        recorded_at=row.recorded_at,
        guardian_named=row.guardian_named,
        language=row.language,
        entry_number=row.entry_number,
        subject=row.subject,
    )
