"""Relay events/s against a raw aiokafka producer that sends the same records from memory, in batches of the same size.

Both wait for the acknowledgement of a batch (acks=all, idempotent) before the next; the relay reads its rows from
PostgreSQL before, and marks them after.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass

import psycopg
from aiokafka import AIOKafkaProducer

from homeward.events.v1.handover_pb2 import CaseRegistered
from services.chassis.events.relay import BATCH_ROWS, Relay, record_of
from services.chassis.events.signals import Signal
from services.chassis.storage.database import create_engine
from services.chassis.telemetry.metrics import Metrics
from tests.perf.engines import Engines
from tests.perf.measure import ROUNDS, Result, in_turns

TOPIC = "bench.relay"


@dataclass(frozen=True)
class Sizes:
    """How much is measured: events of a round, and rounds."""

    events: int = 10_000
    rounds: int = ROUNDS


TINY = Sizes(events=300, rounds=1)

_FILL = """
    INSERT INTO outbox (event_id, topic, type, subject, version, time, correlation_id, causation_id, traceparent,
                        payload, signature, kid)
    SELECT gen_random_uuid(), %s, %s, gen_random_uuid(), 1, now(), gen_random_uuid()::text, '', '', %s,
           decode(repeat('5a', 64), 'hex'), repeat('k', 43)
    FROM generate_series(1, %s)
"""


def payload(case_id: uuid.UUID | None = None) -> bytes:
    """An event as intake says it, of any case unless told."""
    event = CaseRegistered(
        case_id=str(case_id or uuid.uuid4()),
        case_number="HW-999-999-957",
        handover_id=str(uuid.uuid4()),
        receiving_office_id="BP-CN-MONG-CAI",
        gate_id="CN-MONG-CAI",
    )
    return event.SerializeToString()


def fill(url: str, events: int) -> None:
    """An outbox of so many unsent events, and nothing else."""
    with psycopg.connect(url) as connection:
        connection.execute("TRUNCATE outbox")
        connection.execute(_FILL, (TOPIC, CaseRegistered.DESCRIPTOR.full_name, payload(), events))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE outbox")


async def measure(engines: Engines, sizes: Sizes = Sizes()) -> list[Result]:
    """One result."""
    engines.topic(TOPIC)
    url = engines.database("intake")
    engine = create_engine(url, "bench")
    relay = Relay("intake", engine, engines.kafka_settings, Signal(), Metrics("intake"))

    async def ours() -> float:
        fill(url, sizes.events)
        producer = relay.new_producer()
        await producer.start()
        began = time.perf_counter()
        assert await relay.publish(producer) == sizes.events
        elapsed = time.perf_counter() - began
        await producer.stop()
        return sizes.events / elapsed

    async def raw() -> float:
        fill(url, sizes.events)
        rows = await relay.read(after=0, batch=sizes.events)
        producer: AIOKafkaProducer = relay.new_producer()
        await producer.start()
        began = time.perf_counter()
        for start in range(0, sizes.events, BATCH_ROWS):
            futures = []
            for row in rows[start : start + BATCH_ROWS]:
                key, headers = record_of("intake", row)
                futures.append(await producer.send(TOPIC, value=row.payload, key=key, headers=headers))
            await asyncio.gather(*futures)
        elapsed = time.perf_counter() - began
        await producer.stop()
        return sizes.events / elapsed

    try:
        mine, peer = await in_turns(ours, raw, sizes.rounds)
    finally:
        await engine.dispose()
    return [Result("relay", "events/s", mine, peer, f"raw aiokafka producer, batches of {BATCH_ROWS}")]
