"""The contract of transports on the short way that most tests use, and on Faust over a real Kafka."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from services.chassis.events.consumer import Consumer
from services.chassis.events.envelope import Headers
from services.chassis.events.inbox import insert_rows, row_of
from services.chassis.events.kafka_admin import TopicSpec, ensure_topics
from services.chassis.events.streams import HANDOVER, PARTITION_COUNT
from services.chassis.service.process import Chassis
from services.local.embedded import EmbeddedKafka
from tests.contract.chassis.events.transport_contract import Sent, TransportContract
from tests.support.events import inbox_of
from tests.support.signing import event_keys
from tests.support.waiting import patient

STOP_S = 5


@dataclass
class _Record:
    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: dict[str, bytes] | Headers | None


class TestShortWay(TransportContract):
    async def carry(self, chassis: Chassis, records: Sequence[Sent]) -> None:
        for offset, record in enumerate(records):
            row = row_of(_Record(HANDOVER.topic, 0, offset, record.key, record.value, record.headers), event_keys())
            async with chassis.engine.begin() as connection:
                await insert_rows(connection, chassis.service, [row])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
class TestOverKafka(TransportContract):
    @pytest.fixture(autouse=True)
    async def _consumers(self, kafka_node: EmbeddedKafka) -> object:
        self.kafka = kafka_node.settings
        ensure_topics(self.kafka, [TopicSpec(HANDOVER.topic, PARTITION_COUNT)])
        self.tasks: list[asyncio.Task[None]] = []
        yield
        for task in self.tasks:
            task.cancel()
        with contextlib.suppress(Exception):
            await asyncio.wait(self.tasks, timeout=patient(STOP_S))

    async def carry(self, chassis: Chassis, records: Sequence[Sent]) -> None:
        name = f"contract-{uuid.uuid4()}"
        await self._begin_here(name)
        producer = AIOKafkaProducer(**self.kafka.aiokafka_arguments())
        await producer.start()
        for record in records:
            await producer.send_and_wait(HANDOVER.topic, value=record.value, key=record.key, headers=record.headers)
        await producer.stop()
        inbox = inbox_of(chassis)
        consumer = Consumer(name, name, [HANDOVER.topic], self.kafka, inbox, chassis.engine)
        self.tasks += [asyncio.create_task(inbox.run()), asyncio.create_task(consumer.run())]

    async def _begin_here(self, group: str) -> None:
        """Let the group begin behind what other tests wrote to the topic."""
        consumer = AIOKafkaConsumer(**self.kafka.aiokafka_arguments(), group_id=group, enable_auto_commit=False)
        await consumer.start()
        partitions = [TopicPartition(HANDOVER.topic, number) for number in range(PARTITION_COUNT)]
        consumer.assign(partitions)
        await consumer.commit(await consumer.end_offsets(partitions))
        await consumer.stop()
