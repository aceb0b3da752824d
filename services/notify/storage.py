"""Tables of notify, and the one place that reads and writes them.

The row of a case is the lock of everything that belongs to it. SQLModel classes are the schema; rows are read and
written by plain statements.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import ARRAY, CheckConstraint, Column, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.notify.domain import (
    UNREAD_COUNT_MAX,
    Addressee,
    Custody,
    Kind,
    NotifiedCase,
    Param,
)

PageKey: TypeAlias = tuple[datetime, uuid.UUID]
"""Where a page ended: time and id of its last message."""


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
    office ends before it is read.
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
            postgresql_where=text("read_at IS NULL"),
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
    action_required: bool
    posted_at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class Message:
    """A message as it is put into an inbox: that of the office told, or of whoever took over from it."""

    id: uuid.UUID
    event_id: uuid.UUID
    told_id: str
    office_id: str
    case_id: uuid.UUID
    kind: Kind
    params: Mapping[Param, str]
    action_required: bool
    posted_at: datetime


@dataclass(frozen=True)
class ListedMessage:
    """A message as an inbox shows it; the case number may be unknown for a moment."""

    id: uuid.UUID
    office_id: str
    case_id: uuid.UUID
    case_number: str | None
    kind: str
    params: Mapping[str, str]
    action_required: bool
    posted_at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class Waiting:
    """A message that waits for the registration."""

    event_id: uuid.UUID
    addressee: Addressee
    kind: Kind
    params: Mapping[Param, str]
    time: datetime


@dataclass(frozen=True)
class Decision:
    """A decision on the identification, of which only the day and the deciding office are kept."""

    event_id: uuid.UUID
    decided_at: datetime
    params: Mapping[Param, str]


# Cases ----------------------------------------------------------------------------------------

_CASE_COLUMNS: Final = (
    "case_number",
    "registering_id",
    "accountable_id",
    "phase",
    "receiver_id",
    "search_office_id",
    "search_receiver_id",
    "search_level",
    "overdue_follow_ups",
)
_LOCK_CASE: Final = text(
    f"""
    INSERT INTO notify_case (case_id, changed_at) VALUES (:case_id, :now)
    ON CONFLICT (case_id) DO UPDATE SET changed_at = excluded.changed_at
    RETURNING {", ".join(_CASE_COLUMNS)}
    """
)
_SAVE_CASE: Final = text(
    f"UPDATE notify_case SET {', '.join(f'{name} = :{name}' for name in _CASE_COLUMNS)} WHERE case_id = :case_id"
)
_ADD_CUSTODY: Final = text(
    """
    INSERT INTO notify_custody (case_id, segment, office_id, since) VALUES (:case_id, :segment, :office_id, :since)
    ON CONFLICT (case_id, segment) DO NOTHING
    """
)
_CUSTODIES: Final = text(
    "SELECT segment, office_id, since FROM notify_custody WHERE case_id = :case_id ORDER BY segment"
)


async def lock_case(connection: AsyncConnection, case_id: uuid.UUID, now: datetime) -> NotifiedCase:
    """The case, locked until the commit; a new one when nothing was known of it."""
    row = (await connection.execute(_LOCK_CASE, {"case_id": case_id, "now": now})).one()
    return NotifiedCase(**{**row._mapping, "overdue_follow_ups": frozenset(row.overdue_follow_ups)})


async def save_case(connection: AsyncConnection, case_id: uuid.UUID, case: NotifiedCase) -> None:
    """Write what is known now."""
    values = {name: getattr(case, name) for name in _CASE_COLUMNS}
    values["overdue_follow_ups"] = sorted(case.overdue_follow_ups)
    await connection.execute(_SAVE_CASE, values | {"case_id": case_id})


async def add_custody(connection: AsyncConnection, case_id: uuid.UUID, custody: Custody) -> None:
    """Remember who was accountable from then on."""
    await connection.execute(
        _ADD_CUSTODY,
        {
            "case_id": case_id,
            "segment": custody.segment,
            "office_id": custody.office_id,
            "since": custody.since,
        },
    )


async def custodies_of(connection: AsyncConnection, case_id: uuid.UUID) -> list[Custody]:
    """Who was accountable from when on, in order."""
    rows = await connection.execute(_CUSTODIES, {"case_id": case_id})
    return [Custody(row.segment, row.office_id, row.since) for row in rows]


# What waits -----------------------------------------------------------------------------------

_ADD_DECISION: Final = text(
    """
    INSERT INTO notify_decision (event_id, case_id, decided_at, params)
    VALUES (:event_id, :case_id, :decided_at, CAST(:params AS jsonb))
    """
)
_DECISIONS: Final = text(
    "SELECT event_id, decided_at, params FROM notify_decision WHERE case_id = :case_id ORDER BY decided_at, event_id"
)
_ADD_WAITING: Final = text(
    """
    INSERT INTO notify_waiting (event_id, addressee, case_id, kind, params, time)
    VALUES (:event_id, :addressee, :case_id, :kind, CAST(:params AS jsonb), :time)
    """
)
_TAKE_WAITING: Final = text(
    "DELETE FROM notify_waiting WHERE case_id = :case_id RETURNING event_id, addressee, kind, params, time"
)


async def add_decision(connection: AsyncConnection, case_id: uuid.UUID, decision: Decision) -> None:
    """Remember a decision: custody or registration that comes later may name other readers."""
    await connection.execute(
        _ADD_DECISION,
        {
            "event_id": decision.event_id,
            "case_id": case_id,
            "decided_at": decision.decided_at,
            "params": _json(decision.params),
        },
    )


async def decisions_of(connection: AsyncConnection, case_id: uuid.UUID) -> list[Decision]:
    """The case's decisions, oldest first."""
    rows = await connection.execute(_DECISIONS, {"case_id": case_id})
    return [Decision(row.event_id, row.decided_at, _params(row.params)) for row in rows]


async def add_waiting(connection: AsyncConnection, case_id: uuid.UUID, waiting: Waiting) -> None:
    """Keep a message until the registration is known."""
    await connection.execute(
        _ADD_WAITING,
        {
            "event_id": waiting.event_id,
            "addressee": waiting.addressee.value,
            "case_id": case_id,
            "kind": waiting.kind.value,
            "params": _json(waiting.params),
            "time": waiting.time,
        },
    )


async def take_waiting(connection: AsyncConnection, case_id: uuid.UUID) -> list[Waiting]:
    """Take what waited for the registration, in the order in which it happened."""
    rows = await connection.execute(_TAKE_WAITING, {"case_id": case_id})
    waiting = [
        Waiting(row.event_id, Addressee(row.addressee), Kind(row.kind), _params(row.params), row.time) for row in rows
    ]
    order = list(Addressee)
    return sorted(waiting, key=lambda one: (one.time, one.event_id, order.index(one.addressee)))


# Messages -------------------------------------------------------------------------------------

_POST: Final = text(
    """
    INSERT INTO message (id, event_id, told_id, office_id, case_id, kind, params, action_required, posted_at)
    VALUES (:id, :event_id, :told_id, :office_id, :case_id, :kind, CAST(:params AS jsonb), :action_required, :posted_at)
    ON CONFLICT (event_id, told_id) DO NOTHING
    """
)
_RETRACT: Final = text(
    """
    DELETE FROM message WHERE event_id = :event_id
      AND NOT EXISTS (SELECT 1 FROM unnest(CAST(:offices AS text[]), CAST(:kinds AS text[])) AS told (office_id, kind)
                      WHERE told.office_id = message.told_id AND told.kind = message.kind)
    """
)
_MARK_READ: Final = text(
    """
    UPDATE message SET read_at = :now
    WHERE id = ANY(CAST(:ids AS uuid[])) AND office_id = ANY(CAST(:offices AS text[])) AND read_at IS NULL
    RETURNING id, office_id, case_id
    """
)
_LIST: Final = """
    SELECT m.id, m.office_id, m.case_id, c.case_number, m.kind, m.params, m.action_required, m.posted_at, m.read_at
    FROM message m JOIN notify_case c ON c.case_id = m.case_id
    WHERE m.office_id = ANY(CAST(:offices AS text[])) {condition}
      AND (CAST(:after_time AS timestamptz) IS NULL OR (m.posted_at, m.id) < (:after_time, CAST(:after_id AS uuid)))
    ORDER BY m.posted_at DESC, m.id DESC LIMIT :limit
    """
_LIST_ALL: Final = text(_LIST.format(condition=""))
_LIST_UNREAD: Final = text(_LIST.format(condition="AND m.read_at IS NULL"))
_COUNT_UNREAD: Final = text(
    """
    SELECT count(*) FROM (
        SELECT 1 FROM message WHERE office_id = ANY(CAST(:offices AS text[])) AND read_at IS NULL LIMIT :limit
    ) AS unread
    """
)


async def post(connection: AsyncConnection, message: Message) -> bool:
    """Put a message into an inbox unless the office was told of this event already. Returns whether it is new."""
    inserted = await connection.execute(
        _POST,
        {
            "id": message.id,
            "event_id": message.event_id,
            "told_id": message.told_id,
            "office_id": message.office_id,
            "case_id": message.case_id,
            "kind": message.kind.value,
            "params": _json(message.params),
            "action_required": message.action_required,
            "posted_at": message.posted_at,
        },
    )
    return bool(inserted.rowcount)


async def retract_all_but(connection: AsyncConnection, event_id: uuid.UUID, told: Mapping[str, Kind]) -> None:
    """Take back the messages of an event that are not for these offices, of these kinds."""
    await connection.execute(
        _RETRACT,
        {"event_id": event_id, "offices": list(told), "kinds": [kind.value for kind in told.values()]},
    )


async def mark_read(
    connection: AsyncConnection, offices: Iterable[str], ids: Iterable[uuid.UUID], now: datetime
) -> Sequence[Any]:
    """Mark those of the messages as read that are these offices' and unread. Returns id, office and case of each."""
    rows = await connection.execute(_MARK_READ, {"offices": sorted(offices), "ids": sorted(ids), "now": now})
    return sorted(rows, key=lambda row: (row.case_id, row.id))


async def list_messages(
    connection: AsyncConnection,
    offices: Iterable[str],
    *,
    include_read: bool,
    after: PageKey | None,
    limit: int,
) -> list[ListedMessage]:
    """Messages of these offices, newest first."""
    after_time, after_id = after or (None, None)
    rows = await connection.execute(
        _LIST_ALL if include_read else _LIST_UNREAD,
        {"offices": sorted(offices), "after_time": after_time, "after_id": after_id, "limit": limit},
    )
    return [ListedMessage(**row._mapping) for row in rows]


async def count_unread(connection: AsyncConnection, offices: Iterable[str]) -> int:
    """How many messages of these offices are unread, counted up to 1,000."""
    count = await connection.scalar(_COUNT_UNREAD, {"offices": sorted(offices), "limit": UNREAD_COUNT_MAX})
    return int(count or 0)


def _json(params: Mapping[Param, str]) -> str:
    return json.dumps({name.value: value for name, value in params.items()}, sort_keys=True)


def _params(stored: Mapping[str, str]) -> Mapping[Param, str]:
    return {Param(name): value for name, value in stored.items()}
