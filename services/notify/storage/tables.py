"""The tables of notify. SQLModel classes are the schema; rows are read and written by plain statements.

The row of a case is the lock of everything that belongs to it.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ARRAY, CheckConstraint, Column, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class NotifyTable(SQLModel, registry=registry()):
    """Base of notify's own tables."""


class NotifyCaseRow(NotifyTable, table=True):
    """What is known of a case. Kept as long as the case."""

    __tablename__ = "notify_case"
    __table_args__ = (
        CheckConstraint(
            "phase IN ('REGISTERED', 'IN_TRANSIT', 'REJECTED', 'SEARCH', 'ARRIVED', 'FOLLOW_UP', 'CLOSED',"
            " 'WITHDRAWN', 'ADMITTED', 'DISCHARGED')",
            "notify_case_phase",
        ),
    )

    case_id: uuid.UUID = Field(primary_key=True)
    case_number: str | None
    registering_id: str | None
    accountable_id: str | None
    phase: str | None
    receiver_id: str | None
    transfer_id: str | None
    search_office_id: str | None
    search_receiver_id: str | None
    search_level: int
    overdue_follow_ups: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    changed_at: datetime


class NotifyCustodyRow(NotifyTable, table=True):
    """Who was accountable from when on. Kept as long as the case."""

    __tablename__ = "notify_custody"

    case_id: uuid.UUID = Field(primary_key=True, foreign_key="notify_case.case_id")
    segment: int = Field(primary_key=True)
    office_id: str
    since: datetime


class NotifyDecisionRow(NotifyTable, table=True):
    """A decision whose readers follow from custody and registration, which come by other streams."""

    __tablename__ = "notify_decision"
    __table_args__ = (Index("notify_decision_case", "case_id"),)

    event_id: uuid.UUID = Field(primary_key=True)
    case_id: uuid.UUID = Field(foreign_key="notify_case.case_id")
    decided_at: datetime
    params: dict[str, str] = Field(sa_column=Column(JSONB, nullable=False))


class NotifyWaitingRow(NotifyTable, table=True):
    """A message whose reader is known only with the registration."""

    __tablename__ = "notify_waiting"
    __table_args__ = (Index("notify_waiting_case", "case_id"),)

    event_id: uuid.UUID = Field(primary_key=True)
    addressee: str = Field(primary_key=True)
    case_id: uuid.UUID = Field(foreign_key="notify_case.case_id")
    kind: str
    params: dict[str, str] = Field(sa_column=Column(JSONB, nullable=False))
    time: datetime


class MessageRow(NotifyTable, table=True):
    """A message in the inbox of an office: a code and what its text is filled with. Kept as long as the case.

    `told_id` is the office that the event was told to; `office_id`, whose inbox it is in, becomes another one when that
    office ends before it is read, or before what it asks is done. `duty`: what it asks, `about` which transfer, search
    or follow-up, `since` when and with how many `reminders` before it; `done_by` what ended that. Without a duty it is
    for information.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("event_id", "told_id", name="message_once"),
        Index("message_of_office", "office_id", text("posted_at DESC"), text("id DESC")),
        Index(
            "message_unread",
            "office_id",
            text("posted_at DESC"),
            text("id DESC"),
            postgresql_where=text("read_at IS NULL AND done_at IS NULL"),
        ),
        Index(
            "message_to_do",
            "office_id",
            text("posted_at DESC"),
            text("id DESC"),
            postgresql_where=text("duty IS NOT NULL AND done_at IS NULL"),
        ),
        Index("message_case", "case_id"),
    )

    id: uuid.UUID = Field(primary_key=True)
    event_id: uuid.UUID
    told_id: str
    office_id: str
    case_id: uuid.UUID = Field(foreign_key="notify_case.case_id")
    kind: str
    params: dict[str, str] = Field(sa_column=Column(JSONB, nullable=False))
    duty: str | None
    about: str
    posted_at: datetime
    since: datetime
    reminders: int
    read_at: datetime | None
    done_at: datetime | None
    done_by: str | None


class NotifyEndRow(NotifyTable, table=True):
    """What an event ended of a case's duties. Kept as long as the case: what it ends may be heard of later."""

    __tablename__ = "notify_end"
    __table_args__ = (Index("notify_end_case", "case_id"),)

    event_id: uuid.UUID = Field(primary_key=True)
    turn: str = Field(primary_key=True)
    about: str = Field(primary_key=True)
    office_id: str = Field(primary_key=True)
    case_id: uuid.UUID = Field(foreign_key="notify_case.case_id")
    at: datetime
