"""What an operator does with events that could not take effect: look, try again, or skip by name and with a reason.

A quarantined event holds up the later ones of its case on its stream, and only those. Redriving it, after the cause is
mended, loses nothing. Skipping gives up what the event says: whoever does it is recorded beside it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.events import pausing

LIST_MAX: Final = 500
BY_CHARS_MAX: Final = 100
REASON_CHARS_MAX: Final = 500


class QuarantineError(Exception):
    """The operator asked for what cannot be done."""


class NotQuarantined(QuarantineError):
    """This consumer has no such event in quarantine; it may have been redriven or skipped meanwhile."""


class NotReadable(QuarantineError):
    """The record is no event that could be read: skip it, and republish the event from its producer's outbox."""


class EarlierEventMissing(QuarantineError):
    """An earlier event of the case has not taken effect yet: redrive, skip or republish that one first."""


@dataclass(frozen=True)
class Quarantined:
    """One quarantined record.

    Attributes:
        number: names it towards `redrive` and `skip`.
        type: full name of the event; empty when the record could not be read.
        case_id: None when the record could not be read.
        version: number among the events of the case on its stream; 0 when the record could not be read.
        error: why, as a code.
        received_at: real time at which it was taken in.
        waiting: later events of the case on the same stream that it holds up.
    """

    number: int
    event_id: uuid.UUID
    topic: str
    partition: int
    offset: int
    type: str
    case_id: uuid.UUID | None
    version: int
    attempts: int
    error: str
    received_at: datetime
    waiting: int


_LIST = text(
    """
    SELECT q.id AS number, q.event_id, q.topic, q.partition, q.record_offset AS offset, q.type, q.subject AS case_id,
           q.version, q.attempts, q.error, q.received_at,
           (SELECT count(*) FROM inbox p WHERE p.consumer = q.consumer AND p.state = 'PARKED'
              AND p.topic = q.topic AND p.subject = q.subject AND p.version > q.version) AS waiting
    FROM inbox q
    WHERE q.consumer = :consumer AND q.state = 'QUARANTINED' AND q.id > :after
      AND (CAST(:case_id AS uuid) IS NULL OR q.subject = :case_id)
    ORDER BY q.id LIMIT :limit
    """
)
_LOCK = text(
    """
    SELECT topic, subject, version FROM inbox
    WHERE consumer = :consumer AND id = :number AND state = 'QUARANTINED' FOR UPDATE
    """
)
_REDRIVE = text(
    """
    UPDATE inbox SET state = 'PENDING', attempts = 0, next_attempt_at = now(), decided_by = :by
    WHERE id = :number
    """
)
_SKIP = text(
    """
    UPDATE inbox SET state = 'SKIPPED', done_at = now(), decided_by = :by, decided_reason = :reason
    WHERE id = :number
    """
)
_LOCK_POSITION = text(
    """
    INSERT INTO inbox_position (consumer, topic, subject, version) VALUES (:consumer, :topic, :subject, 0)
    ON CONFLICT (consumer, topic, subject) DO UPDATE SET version = inbox_position.version
    RETURNING version
    """
)
_MOVE_POSITION = text(
    """
    UPDATE inbox_position SET version = :version
    WHERE consumer = :consumer AND topic = :topic AND subject = :subject
    """
)
_UNPARK = text(
    """
    UPDATE inbox SET state = 'PENDING', attempts = 0, next_attempt_at = now()
    WHERE consumer = :consumer AND state = 'PARKED' AND topic = :topic AND subject = :subject
      AND version <= :version + 1
    """
)


async def list_quarantined(
    connection: AsyncConnection,
    consumer: str,
    *,
    case_id: uuid.UUID | None = None,
    after: int = 0,
    limit: int = LIST_MAX,
) -> Sequence[Quarantined]:
    """What is in quarantine, oldest first, at most 500; go on with the last one's number as `after`."""
    rows = await connection.execute(
        _LIST,
        {"consumer": consumer, "case_id": case_id, "after": after, "limit": min(limit, LIST_MAX)},
    )
    return [Quarantined(**row._mapping) for row in rows]


async def redrive(connection: AsyncConnection, consumer: str, number: int, *, by: str) -> None:
    """Let the event be tried again, with all its attempts.

    Raises:
        NotQuarantined: there is no such event in quarantine.
        NotReadable: the record was no event; nothing could be tried.
        ValueError: nobody is named.
    """
    by = _text("by", by, BY_CHARS_MAX)
    row = await _lock(connection, consumer, number)
    if row.subject is None:
        raise NotReadable(str(number))
    await connection.execute(_REDRIVE, {"number": number, "by": by})


async def skip(connection: AsyncConnection, consumer: str, number: int, *, by: str, reason: str) -> None:
    """Give the event up for ever, and let the following ones of its case through.

    Args:
        by: who decided, as the operators know them.
        reason: why, without anything that tells who the case is about.

    Raises:
        NotQuarantined: there is no such event in quarantine.
        EarlierEventMissing: it is not the next one of its case.
        ValueError: nobody is named, or no reason given.
    """
    decision = {"by": _text("by", by, BY_CHARS_MAX), "reason": _text("reason", reason, REASON_CHARS_MAX)}
    row = await _lock(connection, consumer, number)
    if row.subject is not None:
        await _pass_over(connection, {"consumer": consumer, "topic": row.topic, "subject": row.subject}, row.version)
    await connection.execute(_SKIP, {"number": number, **decision})


async def resume(connection: AsyncConnection, consumer: str) -> None:
    """Let a consumer that holds, by an operator's word or its quarantine budget, run again."""
    await pausing.resume(connection, consumer)


async def _lock(connection: AsyncConnection, consumer: str, number: int) -> Any:
    row = (await connection.execute(_LOCK, {"consumer": consumer, "number": number})).first()
    if row is None:
        raise NotQuarantined(str(number))
    return row


async def _pass_over(connection: AsyncConnection, key: dict[str, object], version: int) -> None:
    position = (await connection.execute(_LOCK_POSITION, key)).scalar_one()
    if version > position + 1:
        raise EarlierEventMissing(f"number {position + 1} is awaited, this is {version}")
    if version == position + 1:
        await connection.execute(_MOVE_POSITION, key | {"version": version})
        await connection.execute(_UNPARK, key | {"version": version})


def _text(name: str, value: str, chars_max: int) -> str:
    value = value.strip()
    if not value or len(value) > chars_max or not value.isprintable():
        raise ValueError(f"`{name}` is needed, on one line of at most {chars_max} characters")
    return value
