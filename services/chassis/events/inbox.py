"""Takes events in: insert first, acknowledge after. No business code runs here.

The agent hands every record over and never fails: bad bytes are stored and quarantined, and while the database is
away the record waits, unacknowledged. Records are inserted in batches, one transaction each: a record waits a moment
for those that were said with it, and where many come at once a little longer, since it is commits that cost.
"""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.chassis.events import pausing
from services.chassis.events.envelope import PAYLOAD_BYTES_MAX, SIGNED_FAULTS, BadEnvelope, parse
from services.chassis.events.outbox import write_quarantined
from services.chassis.events.signals import Signal
from services.chassis.events.signing import EventKeys, Signer
from services.chassis.storage.database import failure_level, plain_array, single_statements
from services.chassis.storage.fast_rows import fast_rows
from services.chassis.telemetry.failpoint import failpoint
from services.chassis.telemetry.metrics import Metrics

BATCH_ROWS = 200
QUEUE_ROWS = 1_000
TOGETHER_S = 0.003
"""Records of one transaction of their producer come within this time, one by one."""
MANY_ROWS = 8
GATHER_S = 0.02
"""So much longer is waited where many come."""
RETRY_S = 0.5
NO_ID_NAMESPACE = uuid.UUID("6b0f7b52-6b6b-5d0e-9f0d-3c5f0b7d9a11")

log = structlog.get_logger(__name__)


class Record(Protocol):
    """A Kafka record as Faust hands it over."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: dict[str, bytes] | list[tuple[str, bytes]] | None


@dataclass(frozen=True)
class InboxRow:
    """A record as it is stored."""

    event_id: uuid.UUID
    topic: str
    partition: int
    record_offset: int
    type: str
    subject: uuid.UUID | None
    version: int
    time: datetime | None
    correlation_id: str
    causation_id: uuid.UUID | None
    payload: bytes
    state: str
    error: str


def row_of(record: Record, keys: EventKeys) -> InboxRow:
    """The row of a record; one that is no event of ours becomes a quarantined row, with the reason. Never raises."""
    headers = record.headers
    pairs = list(headers.items()) if isinstance(headers, dict) else headers
    error = ""
    try:
        envelope = parse(record.topic, record.value, pairs, keys)
    except BadEnvelope as bad:
        if bad.envelope is None:
            return _unreadable(record, bad.reason)
        envelope, error = bad.envelope, bad.reason
    if record.key != envelope.key():
        # It may have come by another partition than the rest of its case.
        return _unreadable(record, "KEY_IS_NOT_SUBJECT")
    return InboxRow(
        event_id=envelope.event_id,
        topic=record.topic,
        partition=record.partition,
        record_offset=record.offset,
        type=envelope.type,
        subject=envelope.subject,
        version=envelope.version,
        time=envelope.time,
        correlation_id=envelope.trace.correlation_id,
        causation_id=_event_id(envelope.trace.causation_id),
        payload=envelope.payload,
        state="QUARANTINED" if error else "PENDING",
        error=error,
    )


def _event_id(causation_id: str) -> uuid.UUID | None:
    # Only what we said has one, and an event is not turned away for what a stranger wrote there.
    try:
        return uuid.UUID(causation_id)
    except ValueError:
        return None


def _unreadable(record: Record, reason: str) -> InboxRow:
    value = record.value or b""
    place = f"{record.topic}/{record.partition}/{record.offset}/{hashlib.sha256(value).hexdigest()}"
    return InboxRow(
        event_id=uuid.uuid5(NO_ID_NAMESPACE, place),
        topic=record.topic,
        partition=record.partition,
        record_offset=record.offset,
        type="",
        subject=None,
        version=0,
        time=None,
        correlation_id="",
        causation_id=None,
        payload=value[:PAYLOAD_BYTES_MAX],
        state="QUARANTINED",
        error=reason,
    )


_ACCEPT = text(
    """
    INSERT INTO inbox (
        consumer, event_id, topic, partition, record_offset, type, subject, version, time, correlation_id, causation_id,
        payload, state, error, attempts, next_attempt_at, received_at
    )
    SELECT :consumer, r.event_id, r.topic, r.partition, r.record_offset, r.type, r.subject, r.version, r.time,
           r.correlation_id, r.causation_id, r.payload, r.state, r.error, 0, now(), now()
    FROM unnest(
        CAST(:event_id AS uuid[]), CAST(:topic AS text[]), CAST(:partition AS int[]),
        CAST(:record_offset AS bigint[]), CAST(:type AS text[]), CAST(:subject AS uuid[]), CAST(:version AS int[]),
        CAST(:time AS timestamptz[]), CAST(:correlation_id AS text[]), CAST(:causation_id AS uuid[]),
        CAST(:payload AS bytea[]), CAST(:state AS text[]), CAST(:error AS text[])
    ) AS r (
        event_id, topic, partition, record_offset, type, subject, version, time, correlation_id, causation_id, payload,
        state, error
    )
    ON CONFLICT (consumer, event_id) DO NOTHING
    RETURNING event_id, topic, state, error
    """
)
_COLUMNS = tuple(InboxRow.__dataclass_fields__)


async def insert_rows(connection: AsyncConnection, consumer: str, rows: Sequence[InboxRow]) -> Sequence[Any]:
    """Insert the rows that are new. Returns id, topic, state and error of each; a duplicate leaves no trace."""
    columns = {name: plain_array(getattr(row, name) for row in rows) for name in _COLUMNS}
    result = await connection.execute(_ACCEPT, columns | {"consumer": consumer})
    return result.fetchall()


def is_refused(row: Any) -> bool:
    """Whether an inbox row is a record that none of our services signed as it came here."""
    return row.state == "QUARANTINED" and row.error not in SIGNED_FAULTS


class Inbox:
    """The inbox of one consumer."""

    def __init__(
        self,
        consumer: str,
        engine: AsyncEngine,
        signer: Signer,
        keys: EventKeys,
        inbox_written: Signal,
        metrics: Metrics,
    ) -> None:
        """`keys` of all services whose events are heard; `signer` for copies of what is set aside."""
        self.consumer = consumer
        self._engine = engine
        self._signer = signer
        self._keys = keys
        self._single_statements = single_statements(engine)
        self._inbox_written = inbox_written
        self._metrics = metrics
        self._unreadable_in_a_row = 0
        self._queue: asyncio.Queue[tuple[InboxRow, Callable[[], object]]] = asyncio.Queue(QUEUE_ROWS)
        self._storing = False

    @property
    def is_idle(self) -> bool:
        """Whether no record waits to be stored."""
        return self._queue.empty() and not self._storing

    async def accept(self, record: Record, acknowledge: Callable[[], object]) -> None:
        """Queue a record; it is acknowledged after the commit that stored it. Waits while the queue is full.

        A record still queued when the process ends was not acknowledged, and is delivered again.
        """
        failpoint("stream.before_inbox")
        await self._queue.put((row_of(record, self._keys), acknowledge))

    async def run(self) -> None:
        """Store queued records until cancelled."""
        while True:
            self._storing = False
            batch = [await self._queue.get()]
            self._storing = True
            await asyncio.sleep(TOGETHER_S)
            self._take_waiting(batch)
            if MANY_ROWS < len(batch) < BATCH_ROWS:
                await asyncio.sleep(GATHER_S)
                self._take_waiting(batch)
            await self._store([row for row, _ in batch])
            failpoint("stream.after_inbox_before_ack")
            for _, acknowledge in batch:
                _acknowledge(acknowledge)

    def _take_waiting(self, batch: list[tuple[InboxRow, Callable[[], object]]]) -> None:
        while len(batch) < BATCH_ROWS and not self._queue.empty():
            batch.append(self._queue.get_nowait())

    async def _store(self, rows: Sequence[InboxRow]) -> None:
        over_budget = self._spend_budget(rows)
        new = await self._until_available(lambda: self._insert(rows, over_budget))
        for topic, count in Counter(row.topic for row in rows).items():
            accepted = sum(1 for one in new if one.topic == topic)
            quarantined = sum(1 for one in new if one.topic == topic and one.state == "QUARANTINED")
            self._metrics.inbox_accepted(self.consumer, topic, accepted)
            self._metrics.inbox_duplicate(self.consumer, topic, count - accepted)
            self._metrics.inbox_quarantined(self.consumer, topic, quarantined)
        for reason, count in Counter(row.error for row in new if is_refused(row)).items():
            self._metrics.events_refused(self.consumer, reason, count)
            log.error("records_refused", consumer=self.consumer, reason=reason, records=count)
        if new:
            self._inbox_written.set()

    async def _insert(self, rows: Sequence[InboxRow], over_budget: bool) -> Sequence[Any]:
        if all(row.state == "PENDING" for row in rows):
            async with self._single_statements.connect() as connection:
                return await insert_rows(fast_rows(connection), self.consumer, rows)
        async with self._engine.begin() as connection:
            new = await insert_rows(connection, self.consumer, rows)
            ids = {row.event_id for row in new}
            aside = [row for row in rows if row.state == "QUARANTINED" and row.event_id in ids]
            await write_quarantined(connection, self._signer, aside)
            if over_budget and any(not is_refused(row) for row in aside):
                await pausing.hold(connection, self.consumer, pausing.QUARANTINE_BUDGET)
                self._metrics.quarantine_budget_stop(self.consumer)
        return new

    def _spend_budget(self, rows: Sequence[InboxRow]) -> bool:
        """Whether this batch makes too many unreadable events in a row: a bad deployment, not bad records.

        What no service of ours signed says nothing about a deployment: whoever wrote it must not stop a consumer.
        """
        over_budget = False
        for row in rows:
            if is_refused(row):
                continue
            unreadable = row.state == "QUARANTINED"
            self._unreadable_in_a_row = self._unreadable_in_a_row + 1 if unreadable else 0
            if self._unreadable_in_a_row >= pausing.QUARANTINED_IN_A_ROW_MAX:
                over_budget = True
                self._unreadable_in_a_row = 0
        return over_budget

    async def _until_available(self, work: Callable[[], Awaitable[Sequence[Any]]]) -> Sequence[Any]:
        while True:
            try:
                return await work()
            except Exception as error:
                # What cannot be stored must not be acknowledged: wait, whatever the reason, and say so.
                log.log(failure_level(error), "inbox_waits_for_database", error=type(error).__name__)
                await asyncio.sleep(RETRY_S)


def _acknowledge(acknowledge: Callable[[], object]) -> None:
    # The consumer it came from may be gone by now. The row is stored: delivered again, it is a duplicate.
    try:
        acknowledge()
    except Exception as error:
        log.warning("record_not_acknowledged", error=type(error).__name__)
