"""Events written in the transaction that made them true; the relay publishes them afterwards."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from google.protobuf.message import Message
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.events.signing import Said, Signer
from services.chassis.events.streams import QUARANTINE_SUFFIX, STREAM_OF_TYPE
from services.chassis.storage.database import plain_array
from services.chassis.telemetry.trace import Trace

_NUMBER = text(
    """
    INSERT INTO stream_version (topic, subject, version)
    SELECT * FROM unnest(
        CAST(:topics AS text[]), CAST(:subjects AS uuid[]), CAST(:counts AS int[])
    )
    ON CONFLICT (topic, subject) DO UPDATE SET version = stream_version.version + excluded.version
    RETURNING topic, subject, version
    """
)
_INSERT = text(
    """
    INSERT INTO outbox (event_id, topic, type, subject, version, time, correlation_id, causation_id, traceparent,
                        payload, signature, kid)
    SELECT * FROM unnest(
        CAST(:event_id AS uuid[]), CAST(:topic AS text[]), CAST(:type AS text[]), CAST(:subject AS uuid[]),
        CAST(:version AS int[]), CAST(:time AS timestamptz[]), CAST(:correlation_id AS text[]),
        CAST(:causation_id AS text[]), CAST(:traceparent AS text[]), CAST(:payload AS bytea[]),
        CAST(:signature AS bytea[]), CAST(:kid AS text[])
    )
    """
)


@dataclass(frozen=True)
class PendingEvent:
    """An event of the running unit of work, not yet numbered."""

    event_id: uuid.UUID
    subject: uuid.UUID
    message: Message
    time: datetime
    trace: Trace

    @property
    def type(self) -> str:
        """Full name of the message."""
        return self.message.DESCRIPTOR.full_name

    @property
    def topic(self) -> str:
        """The stream that the type belongs to."""
        return STREAM_OF_TYPE[self.type].topic


async def write_events(connection: AsyncConnection, signer: Signer, events: Sequence[PendingEvent]) -> None:
    """Number the events of each case, sign them and put them into the outbox.

    Numbering locks the case's counter until the commit, so that the order of numbers is the order of commits.
    Counters are locked in a fixed order: two units of work with the same cases cannot deadlock here.
    """
    if not events:
        return
    counts = Counter((event.topic, event.subject) for event in events)
    keys = sorted(counts)
    rows = await connection.execute(
        _NUMBER,
        {
            "topics": plain_array(topic for topic, _ in keys),
            "subjects": plain_array(subject for _, subject in keys),
            "counts": plain_array(counts[key] for key in keys),
        },
    )
    next_version = {(row.topic, row.subject): row.version - counts[row.topic, row.subject] + 1 for row in rows}
    records: list[dict[str, object]] = []
    for event in events:
        key = event.topic, event.subject
        records.append(_row(signer, event, next_version[key]))
        next_version[key] += 1
    await _insert(connection, records)


async def write_quarantined(connection: AsyncConnection, signer: Signer, rows: Sequence[Any]) -> None:
    """Put copies of inbox rows into the outbox, for the quarantine topics of their streams.

    A copy is signed by whoever set the record aside: it says where it lies, and vouches for nothing in it. A record
    that could not be read has its row's id for a subject.
    """
    copies: list[dict[str, object]] = []
    for row in rows:
        said = Said(
            event_id=uuid.uuid4(),
            type=row.type,
            source=signer.service,
            subject=row.subject or row.event_id,
            version=row.version,
            time=row.time or datetime.now(UTC),
            correlation_id=row.correlation_id,
            causation_id=str(row.event_id),
            payload=row.payload,
        )
        copies.append(_record(signer, said, row.topic + QUARANTINE_SUFFIX, traceparent=""))
    if copies:
        await _insert(connection, copies)


def first_rows(signer: Signer, event: PendingEvent) -> tuple[dict[str, object], dict[str, object]]:
    """The rows of `stream_version` and `outbox` for the first event of a new case, for whoever inserts many at once."""
    number = {"topic": event.topic, "subject": event.subject, "version": 1}
    return number, _row(signer, event, 1) | {"sent_at": None}


def _row(signer: Signer, event: PendingEvent, version: int) -> dict[str, object]:
    said = Said(
        event_id=event.event_id,
        type=event.type,
        source=signer.service,
        subject=event.subject,
        version=version,
        time=event.time,
        correlation_id=event.trace.correlation_id,
        causation_id=event.trace.causation_id,
        payload=event.message.SerializeToString(),
    )
    return _record(signer, said, event.topic, event.trace.traceparent)


def _record(signer: Signer, said: Said, topic: str, traceparent: str) -> dict[str, object]:
    return {
        "event_id": said.event_id,
        "topic": topic,
        "type": said.type,
        "subject": said.subject,
        "version": said.version,
        "time": said.time,
        "correlation_id": said.correlation_id,
        "causation_id": said.causation_id,
        "traceparent": traceparent,
        "payload": said.payload,
        "signature": signer.sign(said),
        "kid": signer.kid,
    }


async def _insert(connection: AsyncConnection, records: Sequence[Mapping[str, Any]]) -> None:
    columns = {name: plain_array(record[name] for record in records) for name in records[0]}
    await connection.execute(_INSERT, columns)
