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
        sent, error = await self._send(producer, rows)
        failpoint("relay.after_send_before_mark")
        if sent:
            async with self._engine.begin() as connection:
                await connection.execute(_MARK, {"ids": sent})
            self._metrics.relay_sent(len(sent))
        failpoint("relay.after_mark")
        if error is not None:
            raise error
        return len(rows)

    async def _send(
        self, producer: AIOKafkaProducer, rows: Sequence[Any]
    ) -> tuple[list[int], Exception | None]:
        async with asyncio.timeout(SEND_TIMEOUT_S):
            futures = []
            for row in rows:
                key, headers = record_of(self._service, row)
                futures.append(
                    await producer.send(row.topic, value=row.payload, key=key, headers=headers)
                )
            outcomes = await asyncio.gather(*futures, return_exceptions=True)
        sent = [
            row.id
            for row, outcome in zip(rows, outcomes, strict=True)
            if not isinstance(outcome, BaseException)
        ]
        errors = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        return sent, errors[0] if errors else None


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
