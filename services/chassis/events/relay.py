"""Publishes the outbox: in order, marked only after the broker's acknowledgement.

aiokafka produces, because it recovers at once when the broker returns; a kafka-python producer can stay dead for
ever after an outage. A row is sent again when the mark was lost: consumers deduplicate.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.chassis.events.envelope import Headers, headers_of
from services.chassis.events.kafka_admin import KafkaSettings
from services.chassis.events.signals import Signal
from services.chassis.events.signing import signature_text
from services.chassis.storage.database import UNFLUSHED, plain_array, single_statements
from services.chassis.storage.fast_rows import fast_rows
from services.chassis.storage.leadership import lead
from services.chassis.telemetry.failpoint import failpoint
from services.chassis.telemetry.metrics import Metrics
from services.chassis.telemetry.trace import Trace

BATCH_ROWS = 500
BATCH_BYTES = 256 * 1024
"""Of one partition in one request. A request more costs more than all that it carries, and a partition has only one on
its way at a time: in the 16 KiB that aiokafka would put together there is no room for a quarter of `BATCH_ROWS`. Kafka
takes 1 MiB."""
POLL_S = 1.0
BACKOFF_S = 0.5
SEND_TIMEOUT_S = 30.0
LINGER_MS = 2
REQUEST_TIMEOUT_MS = 10_000
METADATA_MAX_AGE_MS = 5_000

_UNSENT = text(
    """
    SELECT id, CAST(event_id AS text) AS event_id, topic, type, CAST(subject AS text) AS subject, version, time,
           correlation_id, causation_id, traceparent, payload, signature, kid
    FROM outbox WHERE sent_at IS NULL AND id > :after ORDER BY id LIMIT :batch
    """
)
_MARK = text(f"UPDATE outbox SET sent_at = now() FROM {UNFLUSHED} WHERE id = ANY(CAST(:ids AS bigint[]))")

log = structlog.get_logger(__name__)


class Relay:
    """The relay of one service. Any number may run; one at a time publishes."""

    def __init__(
        self,
        service: str,
        engine: AsyncEngine,
        kafka: KafkaSettings,
        outbox_written: Signal,
        metrics: Metrics,
    ) -> None:
        self._service = service
        self._engine = engine
        self._single_statements = single_statements(engine)
        self._kafka = kafka
        self._outbox_written = outbox_written
        self._metrics = metrics

    async def run(self) -> None:
        """Publish until cancelled."""
        await lead(self._engine, f"relay:{self._service}", self._publish_while_leading)

    def new_producer(self) -> AIOKafkaProducer:
        """A producer that is not started yet."""
        return AIOKafkaProducer(
            **self._kafka.aiokafka_arguments(),
            acks="all",
            enable_idempotence=True,
            max_batch_size=BATCH_BYTES,
            linger_ms=LINGER_MS,
            request_timeout_ms=REQUEST_TIMEOUT_MS,
            metadata_max_age_ms=METADATA_MAX_AGE_MS,
        )

    async def _publish_while_leading(self) -> None:
        while True:
            producer = self.new_producer()
            try:
                await producer.start()
                await self._publish_with(producer)
            except (KafkaError, TimeoutError, OSError) as error:
                log.warning("relay_waits_for_broker", error=type(error).__name__)
            finally:
                await _stop(producer)
            await asyncio.sleep(BACKOFF_S)

    async def _publish_with(self, producer: AIOKafkaProducer) -> None:
        while True:
            await self.publish(producer)
            await self._outbox_written.wait(POLL_S)

    async def publish(self, producer: AIOKafkaProducer) -> int:
        """Publish and mark what is unsent. Returns how many rows that were.

        While one batch is sent the next is read and the one before is marked. A batch is sent only after the one
        before was acknowledged, so that the events of a case stay in order.

        Raises:
            KafkaError, TimeoutError: a row was not acknowledged; those that were are marked.
        """
        count, acknowledged = 0, list[int]()
        rows = await self.read(after=0)
        while rows:
            failpoint("relay.after_read")
            async with asyncio.TaskGroup() as group:
                sending = group.create_task(self._send_each(producer, rows))
                reading = group.create_task(self.read(after=rows[-1].id))
                group.create_task(self._mark(acknowledged))
            acknowledged, error = sending.result()
            count += len(acknowledged)
            failpoint("relay.after_send_before_mark")
            if error is not None:
                await self._mark(acknowledged)
                raise error
            rows = reading.result()
        await self._mark(acknowledged)
        failpoint("relay.after_mark")
        return count

    async def read(self, *, after: int, batch: int = BATCH_ROWS) -> Sequence[Any]:
        """The oldest unsent rows behind an id."""
        async with self._single_statements.connect() as connection:
            parameters = {"after": after, "batch": batch}
            return (await fast_rows(connection).execute(_UNSENT, parameters)).fetchall()

    async def _mark(self, ids: Sequence[int]) -> None:
        if ids:
            async with self._single_statements.connect() as connection:
                await fast_rows(connection).execute(_MARK, {"ids": plain_array(ids)})
            self._metrics.relay_sent(len(ids))

    async def _send_each(self, producer: AIOKafkaProducer, rows: Sequence[Any]) -> tuple[list[int], Exception | None]:
        """Send each topic's rows by itself: one that is missing, or whose leader is away, holds up no other."""
        by_topic: dict[str, list[Any]] = {}
        for row in rows:
            by_topic.setdefault(row.topic, []).append(row)
        outcomes = await asyncio.gather(*(self._send(producer, each) for each in by_topic.values()))
        errors = [error for _, error in outcomes if error is not None]
        return [row_id for ids, _ in outcomes for row_id in ids], errors[0] if errors else None

    async def _send(self, producer: AIOKafkaProducer, rows: Sequence[Any]) -> tuple[list[int], Exception | None]:
        """Send the rows of one topic, in order. Returns the ids that were acknowledged, and why others were not."""
        futures: dict[asyncio.Future[Any], int] = {}
        error: Exception | None = None
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                for row in rows:
                    key, headers = record_of(self._service, row)
                    future = await producer.send(row.topic, value=row.payload, key=key, headers=headers)
                    futures[future] = row.id
                if futures:
                    await asyncio.wait(futures)
        except (KafkaError, TimeoutError) as stopped:
            error = stopped
        sent = []
        for future, row_id in futures.items():
            if not future.done() or future.cancelled():
                # It may still arrive, and nobody will ask: sent again, it is a duplicate.
                future.add_done_callback(_forget)
            elif (failure := future.exception()) is None:
                sent.append(row_id)
            elif isinstance(failure, Exception):
                error = failure
        return sent, error


def _forget(future: asyncio.Future[Any]) -> None:
    if not future.cancelled():
        future.exception()


def record_of(source: str, row: Any) -> tuple[bytes, Headers]:
    """Key and headers of an outbox row whose ids were read as text."""
    trace = Trace(row.correlation_id, row.causation_id, row.traceparent)
    signature = signature_text(row.kid, row.signature)
    headers = headers_of(row.event_id, row.type, source, row.subject, row.version, row.time, trace, signature)
    return row.subject.encode(), headers


async def _stop(producer: AIOKafkaProducer) -> None:
    # aiokafka's stop waits for a broker that may be away; what it still held is in the outbox.
    try:
        async with asyncio.timeout(2):
            await producer.stop()
    except (TimeoutError, KafkaError, OSError):
        pass
