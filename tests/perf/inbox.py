"""Inbox events/s of one service, accepted and dispatched, against a raw consumer that commits the same rows.

Both read the same topic into the same tables: an inbox row, the case's position, and one row of effect per event, and
neither takes in what its source did not sign. The raw consumer has no choice to make besides: it takes up to 200
records, inserts inbox rows and positions at once, calls the same effect per event, commits all in one transaction, then
its offsets, and goes on.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from homeward.events.v1.handover_pb2 import CaseRegistered
from services.chassis.events.envelope import Envelope, read
from services.chassis.telemetry.trace import Trace
from tests.perf.engines import Engines, python_process
from tests.perf.measure import ROUNDS, Result, in_turns
from tests.perf.relay import payload
from tests.support.signing import event_keys, signed
from tests.support.waiting import patient

CONSUMER = "bench"
BATCH = 200
ROUND_S = 60.0
TOPIC = "homeward.handover.v1"

EFFECT = "INSERT INTO effect (id, case_id, type) VALUES (%s, %s, %s)"
_INBOX = """
    INSERT INTO inbox (consumer, event_id, topic, partition, record_offset, type, subject, version, time,
                       correlation_id, payload, state, error, attempts, next_attempt_at, received_at, done_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'DONE', '', 1, now(), now(), now())
"""
_POSITION = "INSERT INTO inbox_position (consumer, topic, subject, version) VALUES (%s, %s, %s, 1)"


@dataclass(frozen=True)
class Sizes:
    """How much is measured: events of a round, and rounds."""

    events: int = 2_000
    rounds: int = ROUNDS


TINY = Sizes(events=50, rounds=1)


async def _fill(engines: Engines, events: int) -> None:
    producer = AIOKafkaProducer(**engines.kafka_settings.aiokafka_arguments(), acks="all")
    await producer.start()
    for _ in range(events):
        case_id = uuid.uuid4()
        envelope = Envelope(
            event_id=uuid.uuid4(),
            type=CaseRegistered.DESCRIPTOR.full_name,
            source="intake",
            subject=case_id,
            version=1,
            time=datetime.now(UTC),
            trace=Trace(str(uuid.uuid4())),
            payload=payload(case_id),
            signature="",
        )
        envelope = signed(envelope)
        await producer.send(TOPIC, value=envelope.payload, key=envelope.key(), headers=envelope.headers())
    await producer.flush()
    await producer.stop()


async def measure(engines: Engines, sizes: Sizes = Sizes()) -> list[Result]:
    """One result."""
    await _fill(engines, sizes.events)
    url = engines.database("intake")
    groups = itertools.count()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE effect (id uuid PRIMARY KEY, case_id uuid NOT NULL, type text NOT NULL)")
        total = await _total(engines)

        def empty() -> None:
            connection.execute("TRUNCATE inbox, inbox_position, effect")
            connection.execute("VACUUM ANALYZE inbox")

        async def ours() -> float:
            empty()
            return total / await _consume(engines, url, f"bench-{next(groups)}", total)

        async def raw() -> float:
            empty()
            return total / await _consume_raw(engines, url, f"bench-{next(groups)}", total)

        mine, peer = await in_turns(ours, raw, sizes.rounds)
    return [Result("inbox", "events/s", mine, peer, f"raw consumer, {BATCH} records a transaction")]


async def _total(engines: Engines) -> int:
    """Records in the topic."""
    consumer = AIOKafkaConsumer(TOPIC, **engines.kafka_settings.aiokafka_arguments())
    await consumer.start()
    ends = await consumer.end_offsets(consumer.assignment())
    await consumer.stop()
    return int(sum(ends.values()))


async def _consume(engines: Engines, url: str, group: str, total: int) -> float:
    """Seconds that a process of its own takes, as a service does: Faust does not always let go of its loop."""
    arguments = (url, json.dumps(asdict(engines.kafka_settings)), group, str(total))
    async with python_process("tests.perf.inbox_process", *arguments) as process, asyncio.timeout(patient(ROUND_S)):
        said, _ = await process.communicate()
    return float(said.split()[-1])


async def _consume_raw(engines: Engines, url: str, group: str, total: int) -> float:
    consumer = AIOKafkaConsumer(
        TOPIC,
        **engines.kafka_settings.aiokafka_arguments(),
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_poll_records=BATCH,
    )
    await consumer.start()
    keys = event_keys()
    done, began = 0, 0.0
    async with await psycopg.AsyncConnection.connect(url) as connection:
        while done < total:
            polled = await consumer.getmany(timeout_ms=1_000, max_records=BATCH)
            began = began or time.perf_counter()
            records = [record for batch in polled.values() for record in batch]
            rows = [(record, read(record.value, record.headers)) for record in records]
            assert all(keys.has_signed(envelope.said(), envelope.signature) for _, envelope in rows)
            async with connection.transaction(), connection.cursor() as cursor:
                await cursor.executemany(_INBOX, [_inbox_row(record, envelope) for record, envelope in rows])
                await cursor.executemany(_POSITION, [(CONSUMER, TOPIC, envelope.subject) for _, envelope in rows])
                for _, envelope in rows:
                    await cursor.execute(EFFECT, (uuid.uuid4(), envelope.subject, envelope.type))
            await consumer.commit()
            done += len(rows)
    elapsed = time.perf_counter() - began
    await consumer.stop()
    return elapsed


def _inbox_row(record: Any, envelope: Envelope) -> tuple[object, ...]:
    return (
        CONSUMER,
        envelope.event_id,
        TOPIC,
        record.partition,
        record.offset,
        envelope.type,
        envelope.subject,
        envelope.version,
        envelope.time,
        envelope.trace.correlation_id,
        envelope.payload,
    )
