"""Tables that every service's database has: outbox, inbox, request log, obligations, watchers, and what administrators
changed of offices, rules and calendar.

SQLModel classes are the schema only. Hot paths read and write plain rows by Core: the ORM costs more than half of
the throughput. Table classes validate nothing; validation happens at the API edge and in the domain.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


def table_of(model: type[SQLModel]) -> Table:
    """The Core table of a SQLModel class."""
    return cast(Table, cast(Any, model).__table__)


class ChassisTable(SQLModel, registry=registry()):
    """Base of the tables that every database has."""


class Outbox(ChassisTable, table=True):
    """Events to publish, in the order in which a case's were committed. Kept as long as the case."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("event_id"),
        Index("outbox_unsent", "id", postgresql_where=text("sent_at IS NULL")),
        Index("outbox_subject", "subject", postgresql_where=text("sent_at IS NULL")),
    )

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    event_id: uuid.UUID
    topic: str
    type: str
    subject: uuid.UUID
    version: int
    time: datetime
    correlation_id: str
    causation_id: str
    traceparent: str
    payload: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    signature: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    kid: str
    sent_at: datetime | None = None


class StreamVersion(ChassisTable, table=True):
    """Number of the last event of a case on a stream that this service produced."""

    __tablename__ = "stream_version"

    topic: str = Field(primary_key=True)
    subject: uuid.UUID = Field(primary_key=True)
    version: int


class Inbox(ChassisTable, table=True):
    """Events taken in. The primary key makes a second delivery a no-op. Kept as long as the case."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("consumer", "event_id"),
        CheckConstraint("state IN ('PENDING', 'PARKED', 'DONE', 'QUARANTINED', 'SKIPPED')", "inbox_state"),
        Index("inbox_pending", "next_attempt_at", "id", postgresql_where=text("state = 'PENDING'")),
        Index(
            "inbox_waiting",
            "topic",
            "subject",
            "version",
            postgresql_where=text("state IN ('PARKED', 'QUARANTINED')"),
        ),
    )

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    consumer: str
    event_id: uuid.UUID
    topic: str
    partition: int
    record_offset: int = Field(sa_column=Column(BigInteger, nullable=False))
    type: str
    subject: uuid.UUID | None
    version: int
    time: datetime | None
    correlation_id: str
    causation_id: uuid.UUID | None = None
    payload: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    state: str
    attempts: int
    next_attempt_at: datetime
    error: str
    received_at: datetime
    done_at: datetime | None = None
    decided_by: str = ""
    decided_reason: str = ""


class InboxPosition(ChassisTable, table=True):
    """Number of the last event of a case on a stream that this consumer took effect of."""

    __tablename__ = "inbox_position"

    consumer: str = Field(primary_key=True)
    topic: str = Field(primary_key=True)
    subject: uuid.UUID = Field(primary_key=True)
    version: int


class ConsumerControl(ChassisTable, table=True):
    """What an operator, or the quarantine budget, told a consumer to do."""

    __tablename__ = "consumer_control"
    __table_args__ = (CheckConstraint("desired IN ('RUN', 'HOLD')", "consumer_control_desired"),)

    consumer: str = Field(primary_key=True)
    desired: str
    reason: str
    changed_at: datetime


class RequestLog(ChassisTable, table=True):
    """Answered mutations, so that a repeated request gets the same answer. Kept as long as the case."""

    __tablename__ = "request_log"

    office_id: str = Field(primary_key=True)
    request_id: uuid.UUID = Field(primary_key=True)
    method: str
    digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    response: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    created_at: datetime


class Act(ChassisTable, table=True):
    """Who did what: a row for each mutation that was answered, only ever added."""

    __tablename__ = "act"
    __table_args__ = (
        Index("act_cases", "case_ids", postgresql_using="gin"),
        Index("act_office", "office_id", "id"),
        Index("act_subject", "subject", "id"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    at: datetime
    method: str
    case_ids: list[uuid.UUID] = Field(sa_column=Column(ARRAY(Uuid), nullable=False))
    office_id: str
    role: str
    subject: str
    token_id: str
    request_id: uuid.UUID
    correlation_id: str
    peer: str


class ActLink(ChassisTable, table=True):
    """The place of an act in the chain of acts."""

    __tablename__ = "act_link"

    sequence: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    act_id: int = Field(sa_column=Column(BigInteger, ForeignKey("act.id"), nullable=False, unique=True))
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class ListRead(ChassisTable, table=True):
    """A page of a list that an overseer was given. The database refuses to change it."""

    __tablename__ = "list_read"
    __table_args__ = (Index("list_read_at", "read_at"),)

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    read_at: datetime
    method: str
    office_id: str
    role: str
    subject: str
    listed: int


class LogHead(ChassisTable, table=True):
    """A signed head of a chained log, of this service or kept for another one."""

    __tablename__ = "log_head"

    service: str = Field(primary_key=True)
    log: str = Field(primary_key=True)
    sequence: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    at: datetime
    kid: str
    signature: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Obligation(ChassisTable, table=True):
    """Something that must happen, or be said, when its time has passed.

    At most one armed primary obligation per case: the database refuses a second.
    """

    __tablename__ = "obligation"
    __table_args__ = (
        CheckConstraint("state IN ('ARMED', 'FIRED', 'DISARMED')", "obligation_state"),
        Index(
            "obligation_one_primary",
            "case_id",
            unique=True,
            postgresql_where=text("state = 'ARMED' AND is_primary"),
        ),
        Index("obligation_due", "due_at", postgresql_where=text("state = 'ARMED'")),
        Index("obligation_case", "case_id"),
    )

    id: uuid.UUID = Field(primary_key=True)
    case_id: uuid.UUID
    reference_id: uuid.UUID | None
    rule: str
    rule_version: int
    calendar_version: str
    is_primary: bool
    due_on: date
    due_at: datetime
    state: str
    level: int
    counted_from: date | None = None
    fired_at: datetime | None = None
    late: bool = False


class OverlayEdition(ChassisTable, table=True):
    """One row: the lock of all that administrators changed, and the number of their changes."""

    __tablename__ = "overlay_edition"
    __table_args__ = (CheckConstraint("one", "overlay_edition_one"),)

    one: bool = Field(default=True, sa_column=Column(Boolean, primary_key=True, server_default=text("true")))
    edition: int


class KnownConsent(SQLModel):
    """What was said to a purpose, as intake told it: the columns of a table of the services that need it."""

    __tablename__ = "known_consent"

    case_id: uuid.UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    purpose: str
    state: str
    text_version: int
    said_on: date


class OfficeOverlay(ChassisTable, table=True):
    """An office that an administrator opened."""

    __tablename__ = "office_overlay"

    office_id: str = Field(primary_key=True)
    role: str
    province: str | None
    name_en: str
    name_vi: str
    valid_from: date
    facility_kind: str | None
    capacity: int | None
    opened_at: datetime


class OfficeEndRow(ChassisTable, table=True):
    """An end of an office that was carried out here, and how much moved with it to whom."""

    __tablename__ = "office_end"

    office_id: str = Field(primary_key=True)
    valid_to: date
    successor_id: str | None
    heir_id: str
    moved: dict[str, int] = Field(sa_column=Column(JSONB, nullable=False))
    ended_at: datetime


class RuleOverlay(ChassisTable, table=True):
    """A version of a rule that an administrator added."""

    __tablename__ = "rule_overlay"

    code: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    amount: int
    unit: str
    basis: str
    legal_source: str
    valid_from: date
    changed_at: datetime


class CalendarOverlay(ChassisTable, table=True):
    """All days that differ from the published calendar; the latest version holds."""

    __tablename__ = "calendar_overlay"
    __table_args__ = (CheckConstraint("version >= 1", "calendar_overlay_from_1"),)

    version: int = Field(primary_key=True)
    days_off: list[date] = Field(sa_column=Column(ARRAY(Date), nullable=False))
    days_worked: list[date] = Field(sa_column=Column(ARRAY(Date), nullable=False))
    changed_at: datetime


class SessionRevocation(ChassisTable, table=True):
    """Sign-ins that were ended before their time: an account by its digest, an office or a token by its id."""

    __tablename__ = "session_revocation"
    __table_args__ = (
        CheckConstraint("whose IN ('SUBJECT', 'OFFICE', 'TOKEN')", "session_revocation_whose"),
        Index("session_revocation_recent", "not_before"),
    )

    id: uuid.UUID = Field(primary_key=True)
    whose: str
    named: str
    not_before: datetime
    reason: str


class Watcher(ChassisTable, table=True):
    """When a tick last looked, in business time: an audit sees here that a watcher stands still."""

    __tablename__ = "watcher"

    name: str = Field(primary_key=True)
    ticked_at: datetime
    ticked_real_at: datetime
