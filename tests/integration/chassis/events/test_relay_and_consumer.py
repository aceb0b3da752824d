"""From one service's outbox to another's inbox over a real Kafka, whatever happens to it on the way."""

from __future__ import annotations

import asyncio
import gc
import itertools
import time
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.consumer.group_coordinator import GroupCoordinator
from google.protobuf.message import Message
from kafka.admin import KafkaAdminClient
from sqlalchemy import text

from homeward.events.v1 import followup_pb2, handover_pb2, identification_pb2, transfer_pb2
from services.chassis.events.consumer import Consumer
from services.chassis.events.envelope import PAYLOAD_BYTES_MAX, Envelope
from services.chassis.events.kafka_admin import ensure_topics, topic_specs
from services.chassis.events.relay import Relay
from services.chassis.events.signals import Signal
from services.chassis.events.streams import FOLLOWUP, HANDOVER, IDENTIFICATION, TRANSFER, Stream
from services.chassis.events.units import UnitOfWork, Units, new_id
from services.chassis.kernel.clock import Clock
from services.chassis.service.process import Chassis
from services.chassis.storage.tables import ChassisTable
from services.chassis.telemetry.trace import Trace
from services.local.embedded import EmbeddedKafka
from tests.support.clocks import FakeClock, eventually
from tests.support.events import inbox_of
from tests.support.fixtures import ChassisFor, ServiceDatabase
from tests.support.schema import schema_differences
from tests.support.signing import signed, signer_of
from tests.support.waiting import patient

# A Faust app that could not start leaves sockets and a loop to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

JOIN_S = 30.0
"""A consumer may have to wait for the session of a dead member."""


def provide_topics(node: EmbeddedKafka) -> None:
    """Make the topics of all streams, as every test that shares the node expects them."""
    ensure_topics(node.settings, topic_specs(embedded=True))


@pytest.fixture
def broker(kafka_node: EmbeddedKafka) -> Iterator[EmbeddedKafka]:
    """The session's node with our topics; running again afterwards, whatever the test does to it."""
    provide_topics(kafka_node)
    yield kafka_node
    ensure_runs(kafka_node)


def ensure_runs(node: EmbeddedKafka) -> None:
    """Start the node unless it runs."""
    if node.process is None or node.process.poll() is not None:
        node.start()
        node.wait_ready(patient(60))


@dataclass
class Ends:
    """The producing and the consuming service."""

    source: Chassis
    sink: Chassis
    node: EmbeddedKafka

    async def say(self, case_id: uuid.UUID, *messages: Message) -> None:
        """Say events of a case, each in a transaction of its own."""
        for message in messages:

            async def unit(uow: UnitOfWork, message: Message = message) -> None:
                uow.append(message, case_id)

            await self.source.units.run(unit)

    def saying_as(self, service: str) -> Ends:
        """The same, with another service's signature."""
        units = Units(self.source.engine, self.source.clock, signer_of(service), Signal())
        return replace(self, source=replace(self.source, units=units))

    async def taken(self, case_id: uuid.UUID) -> list[tuple[int, str]]:
        """Number and state of the case's events in the sink's inbox, in order of their arrival."""
        async with self.sink.engine.connect() as connection:
            rows = await connection.execute(
                text("SELECT version, state FROM inbox WHERE subject = :case_id ORDER BY id"), {"case_id": case_id}
            )
            return [(row.version, row.state) for row in rows]

    async def arrived(self, case_id: uuid.UUID, count: int) -> None:
        """Assert that exactly these events arrived, each once and in order."""
        assert await self.taken(case_id) == [(number, "PENDING") for number in range(1, count + 1)]

    async def has_marked_all(self) -> bool:
        """Whether the source's outbox says of every event that it was sent."""
        async with self.source.engine.connect() as connection:
            return bool(await connection.scalar(text("SELECT count(*) = 0 FROM outbox WHERE sent_at IS NULL")))

    @asynccontextmanager
    async def relaying(self) -> AsyncIterator[None]:
        """The source's relay runs."""
        kafka = self.node.settings
        relay = Relay(self.source.units.signer.service, self.source.engine, kafka, Signal(), self.source.metrics)
        async with running(relay.run):
            yield

    @asynccontextmanager
    async def consuming(self, stream: Stream, group: str) -> AsyncIterator[Consumer]:
        """The sink's consumer and inbox run."""
        inbox = inbox_of(self.sink)
        consumer = Consumer(group, f"{group}-1", [stream.topic], self.node.settings, inbox, self.sink.engine)
        async with running(inbox.run, consumer.run):
            yield consumer
        # Its thread would keep the whole session from ending once the broker is gone.
        await asyncio.to_thread(ensure_runs, self.node)
        assert await consumer.drain(patient(JOIN_S))


@asynccontextmanager
async def running(*loops: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Loops that run until the block is left."""
    tasks = [asyncio.create_task(loop()) for loop in loops]
    try:
        yield
        assert not any(task.done() for task in tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture(autouse=True)
def nothing_left_for_other_tests() -> Iterator[None]:
    """What a test leaves to the garbage collector is collected with it."""
    yield
    gc.collect()


@pytest.fixture
def group() -> str:
    """A consumer group of the test's own."""
    return f"test-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def ends(service_database: ServiceDatabase, chassis_for: ChassisFor, clock: FakeClock, broker: EmbeddedKafka) -> Ends:
    """Two services with a database each."""
    return Ends(
        chassis_for("chassis", service_database("chassis"), clock),
        chassis_for("chassis", service_database("chassis"), clock),
        broker,
    )


def registered(case_id: uuid.UUID, number: int) -> handover_pb2.CaseRegistered:
    """An event that tells its number."""
    return handover_pb2.CaseRegistered(case_id=str(case_id), case_number=str(number))


# Relay ----------------------------------------------------------------------------------------


async def records(node: EmbeddedKafka, topic: str, case_id: uuid.UUID, count: int) -> list[Any]:
    """The first records of a case on its topic, in order."""
    consumer = AIOKafkaConsumer(topic, **node.settings.aiokafka_arguments(), auto_offset_reset="earliest")
    await consumer.start()
    found = []
    try:
        async with asyncio.timeout(patient(20)):
            async for record in consumer:
                if record.key == str(case_id).encode():
                    found.append(record)
                if len(found) == count:
                    break
    finally:
        await consumer.stop()
    return found


async def test_the_relay_publishes_in_order_and_marks_what_was_acknowledged(ends: Ends) -> None:
    cases = [uuid.uuid4() for _ in range(5)]
    for number in range(20):
        for case_id in cases:
            await ends.say(case_id, registered(case_id, number))

    async with ends.relaying():
        await eventually(ends.has_marked_all, 20)
    for case_id in cases:
        found = await records(ends.node, HANDOVER.topic, case_id, 20)
        payloads = [handover_pb2.CaseRegistered.FromString(record.value) for record in found]
        assert [payload.case_number for payload in payloads] == [str(number) for number in range(20)]
        assert len({record.partition for record in found}) == 1
        headers = dict(found[0].headers)
        assert headers["ce_type"] == b"homeward.events.v1.CaseRegistered"
        assert headers["ce_aggregateversion"] == b"1"
        assert headers["content-type"] == b"application/protobuf"


async def test_a_missing_topic_holds_up_no_other(ends: Ends, group: str) -> None:
    case_id = uuid.uuid4()
    await ends.say(case_id, registered(case_id, 1))
    async with ends.source.engine.begin() as connection:
        await connection.execute(text("UPDATE outbox SET topic = 'homeward.nowhere.v1'"))
    other = uuid.uuid4()
    await ends.say(other, registered(other, 1))

    async def through() -> bool:
        await ends.arrived(other, 1)
        return True

    async with ends.consuming(HANDOVER, group), ends.relaying():
        await eventually(through, JOIN_S)

        async def marked() -> bool:
            async with ends.source.engine.connect() as connection:
                unsent = await connection.execute(text("SELECT subject FROM outbox WHERE sent_at IS NULL"))
                return [row.subject for row in unsent] == [case_id]

        await eventually(marked, JOIN_S)


async def test_two_relays_publish_as_one(ends: Ends, group: str) -> None:
    cases = [uuid.uuid4() for _ in range(3)]
    async with ends.consuming(HANDOVER, group), ends.relaying(), ends.relaying():
        for number in range(10):
            for case_id in cases:
                await ends.say(case_id, registered(case_id, number))

        async def through() -> bool:
            for case_id in cases:
                await ends.arrived(case_id, 10)
            return True

        await eventually(through, JOIN_S)
        async with ends.source.engine.connect() as connection:
            leaders = await connection.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
        assert leaders == 1


async def test_events_flow_within_five_seconds_of_the_brokers_return(ends: Ends, group: str) -> None:
    case_id, ends = uuid.uuid4(), ends.saying_as("handover")

    def refused(number: int) -> transfer_pb2.WithdrawalRefused:
        return transfer_pb2.WithdrawalRefused(case_id=str(case_id), accountable_office_id=str(number))

    async with ends.consuming(TRANSFER, group), ends.relaying():
        await ends.say(case_id, refused(1))
        await eventually(lambda: _holds(ends.arrived(case_id, 1)), JOIN_S)
        ends.node.kill()
        await ends.say(case_id, refused(2), refused(3))
        # Long enough for the clients to notice and to back off.
        down = time.monotonic()
        await eventually(lambda: _after(time.monotonic() - down > 6), 10)
        await asyncio.to_thread(ensure_runs, ends.node)
        back = time.monotonic()
        await ends.say(case_id, refused(4))
        await eventually(lambda: _holds(ends.arrived(case_id, 4)), JOIN_S)
        assert time.monotonic() - back < patient(5)


async def _holds(check: Coroutine[Any, Any, None]) -> bool:
    await check
    return True


async def _after(over: bool) -> bool:
    return over


# Consumer -------------------------------------------------------------------------------------


async def test_a_consumer_that_started_without_a_broker_joins_when_it_comes(ends: Ends, group: str) -> None:
    case_id = uuid.uuid4()
    await ends.say(case_id, registered(case_id, 1))
    ends.node.stop()
    async with ends.consuming(HANDOVER, group) as consumer, ends.relaying():
        await eventually(lambda: _after(consumer.attempts >= 2), 20)
        assert not consumer.running
        await asyncio.to_thread(ensure_runs, ends.node)
        await eventually(lambda: _holds(ends.arrived(case_id, 1)), JOIN_S)


async def test_a_consumer_that_gives_up_its_group_as_it_starts_begins_again(
    ends: Ends, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a broker that is just back knows of no broker: aiokafka gives up, and Faust waits on."""
    monkeypatch.setattr("services.chassis.events.consumer.START_TIMEOUT_S", 3_600.0)
    known, asked = GroupCoordinator.ensure_coordinator_known, itertools.count()

    async def unknown_at_first(self: GroupCoordinator) -> None:
        if next(asked) == 0:
            raise LookupError("no broker is known")
        await known(self)

    monkeypatch.setattr(GroupCoordinator, "ensure_coordinator_known", unknown_at_first)
    case_id = uuid.uuid4()
    async with ends.consuming(HANDOVER, group) as consumer, ends.relaying():
        await ends.say(case_id, registered(case_id, 1))
        await eventually(lambda: _holds(ends.arrived(case_id, 1)), JOIN_S)
        assert consumer.attempts == 2


async def test_a_cancelled_consumer_loses_nothing_while_its_database_is_away(ends: Ends, group: str) -> None:
    case_id = uuid.uuid4()
    async with ends.relaying():
        async with ends.consuming(HANDOVER, group):
            await ends.say(case_id, registered(case_id, 1))
            await eventually(lambda: _holds(ends.arrived(case_id, 1)), JOIN_S)
            # Nothing can be stored any more, and this consumer ends with an event in its hands.
            async with ends.sink.engine.begin() as connection:
                await connection.execute(text("ALTER TABLE inbox RENAME TO inbox_away"))
            await ends.say(case_id, registered(case_id, 2), registered(case_id, 3))
            topic = HANDOVER.topic
            assert len(await records(ends.node, topic, case_id, 3)) == 3
        async with ends.sink.engine.begin() as connection:
            await connection.execute(text("ALTER TABLE inbox_away RENAME TO inbox"))
        async with ends.consuming(HANDOVER, group):
            await eventually(lambda: _holds(ends.arrived(case_id, 3)), JOIN_S)


async def test_a_held_consumer_takes_nothing_until_it_is_resumed(ends: Ends, group: str) -> None:
    case_id = uuid.uuid4()
    async with ends.sink.engine.begin() as connection:
        await connection.execute(text("INSERT INTO consumer_control VALUES ('chassis', 'HOLD', 'TEST', now())"))
    async with ends.consuming(HANDOVER, group) as consumer, ends.relaying():
        await ends.say(case_id, registered(case_id, 1))
        assert len(await records(ends.node, HANDOVER.topic, case_id, 1)) == 1
        assert not consumer.running
        async with ends.sink.engine.begin() as connection:
            await connection.execute(text("UPDATE consumer_control SET desired = 'RUN'"))
        await eventually(lambda: _holds(ends.arrived(case_id, 1)), JOIN_S)


def good_event(case_id: uuid.UUID, number: int, clock: Clock) -> Envelope:
    """An event that followup signed."""
    message = followup_pb2.FollowUpsCancelled(case_id=str(case_id), office_id="SA-22")
    envelope = Envelope(
        event_id=new_id(),
        type=message.DESCRIPTOR.full_name,
        source="followup",
        subject=case_id,
        version=number,
        time=clock.now(),
        trace=Trace("test"),
        payload=message.SerializeToString(),
        signature="",
    )
    return signed(envelope)


def with_header(headers: list[tuple[str, bytes]], name: str, value: bytes) -> list[tuple[str, bytes]]:
    """The headers with one of them replaced."""
    return [(key, value if key == name else old) for key, old in headers]


async def test_bad_bytes_are_set_aside_and_their_neighbours_come_through(
    ends: Ends, group: str, clock: FakeClock
) -> None:
    case_id = uuid.uuid4()
    good = good_event(case_id, 1, clock)
    key, value, headers = good.key(), good.payload, good.headers()
    cut, elsewhere, others = (
        signed(replace(good, **changes)).headers()
        for changes in (
            {"payload": value[:-1]},
            {"type": handover_pb2.CaseRegistered.DESCRIPTOR.full_name},
            {"subject": uuid.uuid4()},
        )
    )
    bad: Sequence[tuple[str, bytes | None, bytes | None, list[tuple[str, bytes]]]] = [
        ("TOMBSTONE", key, None, headers),
        ("NO_HEADERS", key, value, []),
        ("KEY_IS_NOT_SUBJECT", b"\xff\xfe\x00", value, headers),
        ("KEY_IS_NOT_SUBJECT", None, value, headers),
        ("BAD_CE_ID", key, value, with_header(headers, "ce_id", b"no-uuid")),
        ("BAD_CE_SUBJECT", key, value, with_header(headers, "ce_subject", b"case 7")),
        ("PAYLOAD_NOT_DECODABLE", key, value[:-1], cut),
        ("PAYLOAD_TOO_LARGE", key, b"x" * (PAYLOAD_BYTES_MAX + 1), headers),
        ("WRONG_STREAM", key, value, elsewhere),
        ("WRONG_SUBJECT", key, value, others),
        ("WRONG_SOURCE", key, value, with_header(headers, "ce_source", b"handover")),
        ("BAD_SIGNATURE", key, value, with_header(headers, "ce_time", b"2026-03-02T00:00:00+00:00")),
        ("BAD_SIGNATURE", key, value, [header for header in headers if header[0] != "ce_signature"]),
        ("BAD_HEADER", key, value, with_header(headers, "ce_correlationid", b"\xff")),
        ("BAD_HEADER", key, value, with_header(headers, "ce_correlationid", b"a\x00b")),
        ("BAD_CE_AGGREGATEVERSION", key, value, with_header(headers, "ce_aggregateversion", b"0")),
        ("BAD_CE_TIME", key, value, with_header(headers, "ce_time", b"yesterday")),
        ("BAD_CE_TIME", key, value, with_header(headers, "ce_time", b"0001-01-01T00:00:00+00:00")),
    ]
    newer = signed(replace(good_event(case_id, 99, clock), type="homeward.events.v1.FromTheFuture", payload=b"\x99"))
    producer = AIOKafkaProducer(**ends.node.settings.aiokafka_arguments())
    await producer.start()
    async with producer:
        for number, (_, bad_key, bad_value, bad_headers) in enumerate(bad, start=1):
            await producer.send_and_wait(FOLLOWUP.topic, bad_value, bad_key, 0, headers=bad_headers)
            between = good_event(case_id, number, clock)
            await producer.send_and_wait(FOLLOWUP.topic, between.payload, between.key(), 0, headers=between.headers())
        await producer.send_and_wait(FOLLOWUP.topic, newer.payload, key, 0, headers=newer.headers())

    async def all_taken() -> bool:
        taken = await ends.taken(case_id)
        assert taken == [*((number, "PENDING") for number in range(1, len(bad) + 1)), (99, "QUARANTINED")]
        return True

    async with ends.consuming(FOLLOWUP, group):
        await eventually(all_taken, JOIN_S)
    async with ends.sink.engine.connect() as connection:
        rows = await connection.execute(text("SELECT error FROM inbox WHERE state = 'QUARANTINED' ORDER BY id"))
        assert [row.error for row in rows] == [*(reason for reason, *_ in bad), "UNKNOWN_TYPE"]


async def test_a_consumer_goes_on_when_its_topic_was_deleted_and_made_again(ends: Ends, group: str) -> None:
    case_id = uuid.uuid4()

    def decided(revision: int) -> identification_pb2.IdentificationDecided:
        return identification_pb2.IdentificationDecided(case_id=str(case_id), revision=revision)

    async with ends.consuming(IDENTIFICATION, group), ends.relaying():
        await ends.say(case_id, *(decided(number) for number in range(1, 6)))
        await eventually(lambda: _holds(ends.arrived(case_id, 5)), JOIN_S)
        await asyncio.to_thread(remake_topic, ends.node, IDENTIFICATION.topic)
        await ends.say(case_id, *(decided(number) for number in range(6, 12)))
        # What is marked a moment later would not be published again.
        await eventually(ends.has_marked_all, JOIN_S)
        # The outbox is published again from the start, as after the loss of a cluster.
        async with ends.source.engine.begin() as connection:
            await connection.execute(text("UPDATE outbox SET sent_at = NULL"))

        async def all_taken() -> bool:
            # A position in the old topic means other records in the new one, so the numbers of a case may arrive in
            # any order: taking effect in order is for whoever takes them out of the inbox.
            return sorted(await ends.taken(case_id)) == [(number, "PENDING") for number in range(1, 12)]

        await eventually(all_taken, 60)


def remake_topic(node: EmbeddedKafka, topic: str) -> None:
    """Delete a topic and make it again, empty."""
    admin = KafkaAdminClient(**node.settings.kafka_python_arguments())
    try:
        admin.delete_topics([topic])
        until = time.monotonic() + patient(20)
        while topic in admin.list_topics():
            assert time.monotonic() < until
    finally:
        admin.close()
    provide_topics(node)


# Schema ---------------------------------------------------------------------------------------


def test_the_migrated_tables_are_those_of_the_models(service_database: ServiceDatabase) -> None:
    assert schema_differences(service_database("chassis"), ChassisTable.metadata) == []
