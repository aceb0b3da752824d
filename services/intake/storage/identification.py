"""Identification decisions as rows."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_INSERT: Final = text(
    "INSERT INTO identification_decision (case_id, revision, status, decided_on, grounds,"
    " details, office_id, subject, decided_at) VALUES (:case_id, :revision, :status,"
    " :decided_on, CAST(:grounds AS text[]), :details, :office_id, :subject, :decided_at)"
)


@dataclass(frozen=True, slots=True, repr=False)
class DecisionRecord:
    """A decision as it is kept; `details` are sealed."""

    case_id: UUID
    revision: int
    status: str
    decided_on: date
    grounds: list[str]
    details: bytes
    office_id: str
    subject: str
    decided_at: datetime


_LAST_OFFICE: Final = text(
    "SELECT office_id FROM identification_decision WHERE case_id = :case_id ORDER BY revision DESC LIMIT 1"
)


async def last_office(connection: AsyncConnection, case_id: UUID) -> str:
    """The office that decided last; empty before the first decision."""
    return str(await connection.scalar(_LAST_OFFICE, {"case_id": case_id}) or "")


async def insert(connection: AsyncConnection, record: DecisionRecord) -> None:
    """Add a decision."""
    await connection.execute(_INSERT, asdict(record))


_ASSIGN: Final = text(
    "INSERT INTO verification (id, case_id, office_id, reason, by_office_id, by_subject, assigned_at)"
    " VALUES (:id, :case_id, :office_id, :reason, :by_office_id, :by_subject, :assigned_at)"
)


@dataclass(frozen=True, slots=True)
class Assignment:
    """That a case was given to an office of the police."""

    id: UUID
    case_id: UUID
    office_id: str
    reason: str
    by_office_id: str
    by_subject: str
    assigned_at: datetime


async def assign(connection: AsyncConnection, one: Assignment) -> None:
    """Add one."""
    await connection.execute(_ASSIGN, asdict(one))
