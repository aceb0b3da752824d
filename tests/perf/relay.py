"""Relay events/s against a raw aiokafka producer that sends the same records from memory, in batches of the same size.

Both wait for the acknowledgement of a batch (acks=all, idempotent) before the next; the relay reads its rows from
PostgreSQL before, and marks them after.
"""

from __future__ import annotations

import asyncio
import time
import uuid

import psycopg
from aiokafka import AIOKafkaProducer

from homeward.events.v1.handover_pb2 import CaseRegistered
from services.chassis.events.relay import BATCH_ROWS, Relay, record_of
from services.chassis.events.signals import Signal
from services.chassis.storage.database import create_engine
from services.chassis.telemetry.metrics import Metrics
from tests.perf.engines import Engines
from tests.perf.measure import Result, in_turns

EVENTS = 10_000
TOPIC = "bench.relay"

_FILL = """
    INSERT INTO outbox (event_id, topic, type, subject, version, time, correlation_id, causation_id, traceparent,
                        payload)
    SELECT gen_random_uuid(), %s, %s, gen_random_uuid(), 1, now(), gen_random_uuid()::text, '', '', %s
    FROM generate_series(1, %s)
"""


def payload() -> bytes:
    """An event as intake says it."""
    event = CaseRegistered(
        case_id=str(uuid.uuid4()),
        case_number="HW-999-999-957",
        handover_id=str(uuid.uuid4()),
        receiving_office_id="BP-CN-MONG-CAI",
        gate_id="CN-MONG-CAI",
    )
    return event.SerializeToString()


async def measure(engines: Engines) -> list[Result]:
    """One result."""
    engines.topic(TOPIC)
    url = engines.database("intake")
    engine = create_engine(url, "bench")
    relay = Relay("intake", engine, engines.kafka_settings, Signal(), Metrics("intake"))
    type_name = CaseRegistered.DESCRIPTOR.full_name

    def fill() -> None:
        with psycopg.connect(url) as connection:
            connection.execute("TRUNCATE outbox")
            connection.execute(_FILL, (TOPIC, type_name, payload(), EVENTS))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE outbox")

    async def ours() -> float:
        fill()
        producer = relay.new_producer()
        await producer.start()
        began = time.perf_counter()
        assert await relay.publish(producer) == EVENTS
        elapsed = time.perf_counter() - began
        await producer.stop()
        return EVENTS / elapsed

    async def raw() -> float:
        fill()
        rows = await relay.read(after=0, batch=EVENTS)
        producer: AIOKafkaProducer = relay.new_producer()
        await producer.start()
        began = time.perf_counter()
        for start in range(0, EVENTS, BATCH_ROWS):
            futures = []
            for row in rows[start : start + BATCH_ROWS]:
                key, headers = record_of("intake", row)
                futures.append(await producer.send(TOPIC, value=row.payload, key=key, headers=headers))
            await asyncio.gather(*futures)
        elapsed = time.perf_counter() - began
        await producer.stop()
        return EVENTS / elapsed

    try:
        mine, peer = await in_turns(ours, raw)
    finally:
        await engine.dispose()
    return [Result("relay", "events/s", mine, peer, f"raw aiokafka producer, batches of {BATCH_ROWS}")]
