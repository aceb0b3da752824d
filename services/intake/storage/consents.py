"""What was said to purposes, as rows that are only added. A guardian's name is sealed: the vault alone opens it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.kernel.words import ConsentGiver, ConsentState
from services.intake.domain.consents import Consent, GuardianRelation

_COLUMNS: Final = (
    "case_id, number, purpose, state, giver, said_on, text_version, office_id, recorded_at, relation, language,"
    " entry_number, subject"
)
_OF_CASE: Final = text(
    f"SELECT {_COLUMNS}, guardian IS NOT NULL AS guardian_named FROM consent WHERE case_id = :case_id ORDER BY number"
)
_ADD: Final = text(f"INSERT INTO consent ({_COLUMNS}, guardian) VALUES (:{_COLUMNS.replace(', ', ', :')}, :guardian)")
_GUARDIAN: Final = text("SELECT guardian FROM consent WHERE case_id = :case_id AND number = :number")


async def of_case(connection: AsyncConnection, case_id: UUID) -> tuple[Consent, ...]:
    """All of a case, in the order in which they were recorded."""
    return tuple(_consent(row) for row in await connection.execute(_OF_CASE, {"case_id": case_id}))


async def add(connection: AsyncConnection, one: Consent, guardian: bytes | None) -> None:
    """Write one, with the sealed name of the guardian."""
    row = asdict(one) | {"guardian": guardian}
    del row["guardian_named"]
    await connection.execute(_ADD, row)


async def sealed_guardian(connection: AsyncConnection, case_id: UUID, number: int) -> bytes | None:
    """The sealed name; None where there is none."""
    found = await connection.scalar(_GUARDIAN, {"case_id": case_id, "number": number})
    return bytes(found) if found is not None else None


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
        relation=GuardianRelation(row.relation) if row.relation else None,
        guardian_named=row.guardian_named,
        language=row.language,
        entry_number=row.entry_number,
        subject=row.subject,
    )
