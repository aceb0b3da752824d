"""Tables of intake, and how rows become cases and back. Plain rows by Core: no ORM sessions."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    TextClause,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.chassis.calls.case_ref import CaseRef
from services.chassis.storage.tables import table_of
from services.intake.domain.case import Case, Identification, Phase, Withdrawal
from services.intake.domain.people import AgeBand, Route
from services.intake.keys import WrappedKey

CASE_NUMBER_BLOCK: Final = 100
"""How many case numbers one call of the sequence reserves: its INCREMENT."""


def _bytes() -> Any:
    return Field(sa_column=Column(LargeBinary, nullable=False))


def _texts() -> Any:
    return Field(sa_column=Column(ARRAY(Text), nullable=False))


def _one_of(column: str, values: type[StrEnum], name: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name)


class IntakeTable(SQLModel, registry=registry()):
    """Base of intake's own tables."""


class HandoverRow(IntakeTable, table=True):
    """One submission. What of it may name people is sealed in `details`."""

    __tablename__ = "handover"
    __table_args__ = (
        _one_of("route", Route, "handover_route"),
        CheckConstraint("people BETWEEN 1 AND 30", "handover_people"),
    )

    id: uuid.UUID = Field(primary_key=True)
    office_id: str
    subject: str
    route: str
    gate_id: str
    handover_time: datetime
    people: int
    kek_id: str
    wrapped_key: bytes = _bytes()
    details: bytes = _bytes()
    created_at: datetime


class CaseRow(IntakeTable, table=True):
    """One return of one person, without the person."""

    __tablename__ = "intake_case"
    __table_args__ = (
        UniqueConstraint("number", name="intake_case_number"),
        _one_of("route", Route, "intake_case_route"),
        _one_of("age_band", AgeBand, "intake_case_age_band"),
        _one_of("identification", Identification, "intake_case_identification"),
        _one_of("withdrawal", Withdrawal, "intake_case_withdrawal"),
        _one_of("phase", Phase, "intake_case_phase"),
        CheckConstraint("(transfer_id IS NULL) = (addressee_office_id = '')", "intake_case_addressee"),
        Index("intake_case_accountable", "accountable_office_id", text("id DESC")),
        Index("intake_case_addressed", "addressee_office_id", postgresql_where=text("transfer_id IS NOT NULL")),
        Index("intake_case_receiving", "receiving_office_id", text("id DESC")),
        Index("intake_case_home", "home_province", text("id DESC")),
    )

    id: uuid.UUID = Field(primary_key=True)
    number: str
    handover_id: uuid.UUID = Field(sa_column=Column(ForeignKey("handover.id"), nullable=False))
    row_number: int
    row_count: int
    receiving_office_id: str
    route: str
    home_province: str
    age_band: str
    handover_time: datetime
    created_at: datetime
    changed_at: datetime
    version: int
    identification: str
    decisions: int
    withdrawal: str
    phase: str
    accountable_office_id: str
    segment: int
    arrivals: int
    followups_segment: int
    transfer_id: uuid.UUID | None = None
    addressee_office_id: str
    accepted_transfer_id: uuid.UUID | None = None
    in_facility: bool
    sent_from_facility: bool
    earlier_case_id: uuid.UUID | None = Field(
        default=None, sa_column=Column(ForeignKey("intake_case.id"), nullable=True)
    )


class IdentityRow(IntakeTable, table=True):
    """The person, sealed, with the wrapped key that everything sealed of the case opens by."""

    __tablename__ = "identity"

    case_id: uuid.UUID = Field(sa_column=Column(ForeignKey("intake_case.id"), primary_key=True, nullable=False))
    kek_id: str
    wrapped_key: bytes = _bytes()
    revision: int
    ciphertext: bytes = _bytes()


class IdentityHistoryRow(IntakeTable, table=True):
    """A record as it stood before a correction, and why it was corrected; both sealed."""

    __tablename__ = "identity_history"

    case_id: uuid.UUID = Field(sa_column=Column(ForeignKey("intake_case.id"), primary_key=True, nullable=False))
    revision: int = Field(primary_key=True)
    ciphertext: bytes = _bytes()
    reason: bytes = _bytes()
    fields: list[str] = _texts()
    office_id: str
    subject: str
    replaced_at: datetime


class DecisionRow(IntakeTable, table=True):
    """An identification decision; evidence, reason and certificate number are sealed."""

    __tablename__ = "identification_decision"
    __table_args__ = (_one_of("status", Identification, "identification_decision_status"),)

    case_id: uuid.UUID = Field(sa_column=Column(ForeignKey("intake_case.id"), primary_key=True, nullable=False))
    revision: int = Field(primary_key=True)
    status: str
    decided_on: date
    grounds: list[str] = _texts()
    details: bytes = _bytes()
    office_id: str
    subject: str
    decided_at: datetime


class AccessLogRow(IntakeTable, table=True):
    """One read of an identity, or one refused. The database refuses to change it."""

    __tablename__ = "access_log"
    __table_args__ = (
        CheckConstraint("identity_view IN ('NONE', 'PREVIEW', 'VERIFICATION', 'FULL')", "access_log_view"),
        Index("access_log_case", "case_id", text("sequence DESC")),
    )

    sequence: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    read_at: datetime
    subject: str
    office_id: str
    role: str
    case_id: uuid.UUID
    identity_view: str
    purpose: bytes = _bytes()
    hash: bytes = _bytes()


# Many rows at once ---------------------------------------------------------------------------


@cache
def _bulk_insert(table: Table) -> TextClause:
    """One statement for any number of rows: a column is an array, so it is planned once."""
    return text(bulk_insert(table))


def bulk_insert(table: Table, prefix: str = "", condition: str = "true", *, one_row: bool = False) -> str:
    """SQL that inserts rows given as an array for each column, under an SQL condition made from constants.

    With `one_row` the parameters are the row's own values: an array of one is an expensive way to say them. `prefix`
    stands before the names of the parameters.
    """
    dialect: Any = postgresql.dialect
    columns = [column for column in table.columns if column.identity is None]
    names = ", ".join(column.name for column in columns)
    array = "" if one_row else "[]"
    values = ", ".join(
        f"CAST(:{prefix}{column.name} AS {column.type.compile(dialect=dialect())}{array})" for column in columns
    )
    rows = f"SELECT {values}" if one_row else f"SELECT * FROM unnest({values})"
    return f"INSERT INTO {table.name} ({names}) {rows} WHERE {condition}"


def columns_of(rows: Sequence[Mapping[str, object]], prefix: str = "", *, one_row: bool = False) -> dict[str, object]:
    """The parameters of `bulk_insert`: of at least one row, each column as a list, or as its value."""
    if one_row:
        return {prefix + name: value for name, value in rows[0].items()}
    return {prefix + name: [row[name] for row in rows] for name in rows[0]}


async def insert_rows(connection: AsyncConnection, model: type[SQLModel], rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows; each has a value for every column that the database doesn't make itself."""
    if rows:
        await connection.execute(_bulk_insert(table_of(model)), columns_of(rows))


# Cases ---------------------------------------------------------------------------------------

_COLUMN_OF: Final = {"row": "row_number", "rows": "row_count"}
_CASE_COLUMNS: Final = {one.name: _COLUMN_OF.get(one.name, one.name) for one in fields(Case)}
_SELECT_CASE: Final = f"SELECT {', '.join(_CASE_COLUMNS.values())} FROM intake_case"
_MUTABLE: Final = (
    "home_province",
    "age_band",
    "version",
    "identification",
    "decisions",
    "withdrawal",
    "phase",
    "accountable_office_id",
    "segment",
    "arrivals",
    "followups_segment",
    "transfer_id",
    "addressee_office_id",
    "accepted_transfer_id",
    "in_facility",
    "sent_from_facility",
)
_UPDATE_CASE: Final = text(
    f"UPDATE intake_case SET changed_at = :now, {', '.join(f'{n} = :{n}' for n in _MUTABLE)} WHERE id = :id"
)


def case_row(case: Case) -> dict[str, object]:
    """A new case as a row."""
    row = {column: getattr(case, name) for name, column in _CASE_COLUMNS.items()}
    return row | {"changed_at": case.created_at}


def _case_of(row: Any) -> Case:
    values = {name: getattr(row, column) for name, column in _CASE_COLUMNS.items()}
    values["route"] = Route(values["route"])
    values["age_band"] = AgeBand(values["age_band"])
    values["identification"] = Identification(values["identification"])
    values["withdrawal"] = Withdrawal(values["withdrawal"])
    values["phase"] = Phase(values["phase"])
    return Case(**values)


async def load_case(connection: AsyncConnection, ref: CaseRef, *, lock: bool = False) -> Case | None:
    """A case by id or number, locked until the end of the transaction when asked; None if none."""
    column = "id" if isinstance(ref, uuid.UUID) else "number"
    statement = f"{_SELECT_CASE} WHERE {column} = :ref{' FOR UPDATE' if lock else ''}"
    row = (await connection.execute(text(statement), {"ref": ref})).first()
    return _case_of(row) if row else None


async def find_cases(connection: AsyncConnection, refs: Sequence[CaseRef]) -> dict[CaseRef, tuple[uuid.UUID, str]]:
    """Id and number of those of the cases that exist, by the reference they were asked for with."""
    statement = text(
        "SELECT id, number FROM intake_case"
        " WHERE id = ANY(CAST(:ids AS uuid[])) OR number = ANY(CAST(:numbers AS text[]))"
    )
    ids = [ref for ref in refs if isinstance(ref, uuid.UUID)]
    numbers = [ref for ref in refs if isinstance(ref, str)]
    found: dict[CaseRef, tuple[uuid.UUID, str]] = {}
    for row in await connection.execute(statement, {"ids": ids, "numbers": numbers}):
        found[row.id] = found[row.number] = (row.id, row.number)
    return found


async def save_case(connection: AsyncConnection, case: Case, now: datetime) -> None:
    """Store what may change of a case."""
    values = {name: getattr(case, name) for name in _MUTABLE}
    await connection.execute(_UPDATE_CASE, values | {"id": case.id, "now": now})


async def list_cases(
    connection: AsyncConnection,
    condition: str,
    parameters: Mapping[str, object],
    before: uuid.UUID | None,
    limit: int,
) -> list[Case]:
    """Cases that meet an SQL condition made from constants, newest first, older than `before`."""
    keyset = " AND id < :before" if before else ""
    statement = f"{_SELECT_CASE} WHERE ({condition}){keyset} ORDER BY id DESC LIMIT :limit"
    values = dict(parameters) | {"limit": limit} | ({"before": before} if before else {})
    return [_case_of(row) for row in await connection.execute(text(statement), values)]


async def next_number_block(connection: AsyncConnection) -> int:
    """The first of CASE_NUMBER_BLOCK case sequence numbers that nobody else gets."""
    return int(await connection.scalar(text("SELECT nextval('case_number_block')")))


# Sealed things -------------------------------------------------------------------------------


class SealedIdentity:
    """A sealed person with the wrapped key of the case."""

    __slots__ = ("ciphertext", "key", "revision")

    def __init__(self, key: WrappedKey, revision: int, ciphertext: bytes) -> None:
        self.key, self.revision, self.ciphertext = key, revision, ciphertext


async def load_identity(connection: AsyncConnection, case_id: uuid.UUID) -> SealedIdentity:
    """The sealed person of a case."""
    statement = text("SELECT kek_id, wrapped_key, revision, ciphertext FROM identity WHERE case_id = :case_id")
    row = (await connection.execute(statement, {"case_id": case_id})).one()
    return SealedIdentity(WrappedKey(row.kek_id, row.wrapped_key), row.revision, row.ciphertext)


async def load_keys(connection: AsyncConnection, case_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, WrappedKey]:
    """The wrapped keys of cases."""
    statement = text("SELECT case_id, kek_id, wrapped_key FROM identity WHERE case_id = ANY(CAST(:case_ids AS uuid[]))")
    rows = await connection.execute(statement, {"case_ids": list(case_ids)})
    return {row.case_id: WrappedKey(row.kek_id, row.wrapped_key) for row in rows}


async def replace_identity(
    connection: AsyncConnection,
    old: SealedIdentity,
    ciphertext: bytes,
    history: Mapping[str, object],
) -> None:
    """Keep the sealed record in the history and put the corrected one in its place."""
    await connection.execute(
        text(
            "INSERT INTO identity_history"
            " (case_id, revision, ciphertext, reason, fields, office_id, subject, replaced_at)"
            " VALUES (:case_id, :revision, :old_ciphertext, :reason, CAST(:fields AS text[]),"
            " :office_id, :subject, :now)"
        ),
        dict(history) | {"revision": old.revision, "old_ciphertext": old.ciphertext},
    )
    await connection.execute(
        text("UPDATE identity SET revision = revision + 1, ciphertext = :ciphertext WHERE case_id = :case_id"),
        {"case_id": history["case_id"], "ciphertext": ciphertext},
    )


async def insert_decision(connection: AsyncConnection, row: Mapping[str, object]) -> None:
    """Add a decision."""
    await connection.execute(
        text(
            "INSERT INTO identification_decision (case_id, revision, status, decided_on, grounds,"
            " details, office_id, subject, decided_at) VALUES (:case_id, :revision, :status,"
            " :decided_on, CAST(:grounds AS text[]), :details, :office_id, :subject, :now)"
        ),
        row,
    )
