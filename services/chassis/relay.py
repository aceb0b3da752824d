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
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT
from sqlalchemy.ext.asyncio import AsyncEngine

from services.chassis.envelope import Envelope
from services.chassis.failpoint import failpoint
from services.chassis.kafka_admin import KafkaSettings
from services.chassis.leadership import lead
from services.chassis.metrics import Metrics
from services.chassis.signals import Signal
from services.chassis.trace import Trace

BATCH_ROWS = 500
POLL_S = 1.0
BACKOFF_S = 0.5
SEND_TIMEOUT_S = 30.0
LINGER_MS = 2

_UNSENT = text(
    """
    SELECT id, event_id, topic, type, subject, version, time, correlation_id, causation_id, traceparent, payload
    FROM outbox WHERE sent_at IS NULL ORDER BY id LIMIT :batch
    """
)
_MARK = text("UPDATE outbox SET sent_at = now() WHERE id = ANY(:ids)").bindparams(
    bindparam("ids", type_=ARRAY(BIGINT))
)

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
        self._kafka = kafka
        self._outbox_written = outbox_written
        self._metrics = metrics

    async def run(self) -> None:
        """Publish until cancelled."""
        await lead(self._engine, f"relay:{self._service}", self._publish_while_leading)

    async def _publish_while_leading(self) -> None:
        while True:
            producer = AIOKafkaProducer(
                **self._kafka.aiokafka_arguments(),
                acks="all",
                enable_idempotence=True,
                linger_ms=LINGER_MS,
                request_timeout_ms=10_000,
                metadata_max_age_ms=5_000,
            )
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
            if await self.publish_batch(producer) < BATCH_ROWS:
                await self._outbox_written.wait(POLL_S)

    async def publish_batch(self, producer: AIOKafkaProducer) -> int:
        """Publish and mark the oldest unsent rows. Returns how many were there.

        Raises:
            KafkaError, TimeoutError: at least one row was not acknowledged; those that were are marked.
        """
        async with self._engine.connect() as connection:
            rows = (await connection.execute(_UNSENT, {"batch": BATCH_ROWS})).fetchall()
        if not rows:
            return 0
        failpoint("relay.after_read")
        by_topic: dict[str, list[Any]] = {}
        for row in rows:
            by_topic.setdefault(row.topic, []).append(row)
        # Each topic by itself: one that is missing, or whose leader is away, holds up no other.
        outcomes = await asyncio.gather(*(self._send(producer, each) for each in by_topic.values()))
        failpoint("relay.after_send_before_mark")
        sent = [row_id for ids, _ in outcomes for row_id in ids]
        if sent:
            async with self._engine.begin() as connection:
                await connection.execute(_MARK, {"ids": sent})
            self._metrics.relay_sent(len(sent))
        failpoint("relay.after_mark")
        for _, error in outcomes:
            if error is not None:
                raise error
        return len(rows)

    async def _send(
        self, producer: AIOKafkaProducer, rows: Sequence[Any]
    ) -> tuple[list[int], Exception | None]:
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


def record_of(source: str, row: Any) -> tuple[bytes, list[tuple[str, bytes]]]:
    """Key and headers of an outbox row."""
    envelope = Envelope(
        event_id=row.event_id,
        type=row.type,
        source=source,
        subject=row.subject,
        version=row.version,
        time=row.time,
        trace=Trace(row.correlation_id, row.causation_id, row.traceparent),
        payload=row.payload,
    )
    return envelope.key(), envelope.headers()


async def _stop(producer: AIOKafkaProducer) -> None:
    # aiokafka's stop waits for a broker that may be away; what it still held is in the outbox.
    try:
        async with asyncio.timeout(2):
            await producer.stop()
    except (TimeoutError, KafkaError, OSError):
        pass
