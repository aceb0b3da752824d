"""What is acknowledged when: an event leaves an outbox, and a record its topic, only after the other side has it.

The broker is played here, so that it can refuse and be silent at the moment that matters; the databases are real.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest
from aiokafka.errors import KafkaConnectionError
from google.protobuf.message import Message
from sqlalchemy import text

from homeward.events.v1 import handover_pb2, transfer_pb2
from services.chassis.events import inbox as inboxes
from services.chassis.events import relay as relays
from services.chassis.events.envelope import Headers
from services.chassis.events.inbox import Inbox
from services.chassis.events.kafka_admin import KafkaSettings
from services.chassis.events.relay import Relay
from services.chassis.events.signals import Signal
from services.chassis.events.streams import HANDOVER
from services.chassis.events.units import UnitOfWork
from services.chassis.service.process import Chassis
from tests.support.clocks import FakeClock, eventually
from tests.support.events import EventScript, inbox_of
from tests.support.fixtures import ChassisFor, ServiceDatabase
from tests.support.processes import NOWHERE
from tests.support.signing import envelope_of, signed

SILENCE_S = 0.2
AGAIN_S = 0.05


@pytest.fixture
def chassis(service_database: ServiceDatabase, chassis_for: ChassisFor, clock: FakeClock) -> Chassis:
    """A service without rooms."""
    return chassis_for("chassis", service_database("chassis"), clock)


# From the outbox to the broker ----------------------------------------------------------------


class Broker:
    """Stands for a producer: what it is sent, in order, and whether that is acknowledged, refused or left open."""

    def __init__(self, answer: Callable[[int], str]) -> None:
        self.sent: list[tuple[str, bytes, bytes]] = []
        self._answer = answer

    async def send(self, topic: str, *, value: bytes, key: bytes, headers: Headers) -> asyncio.Future[None]:
        """Take a record; the future is its acknowledgement."""
        self.sent.append((topic, key, value))
        acknowledgement: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        match self._answer(len(self.sent)):
            case "acknowledged":
                acknowledgement.set_result(None)
            case "refused":
                acknowledgement.set_exception(KafkaConnectionError())
        return acknowledgement


async def publish(chassis: Chassis, broker: Any) -> int:
    """One look of a relay of the service."""
    return await Relay("chassis", chassis.engine, KafkaSettings(NOWHERE), Signal(), chassis.metrics).publish(broker)


async def say(chassis: Chassis, case_id: uuid.UUID, *messages: Message) -> None:
    """Say events of a case in one transaction."""

    async def unit(uow: UnitOfWork) -> None:
        for message in messages:
            uow.append(message, case_id)

    await chassis.units.run(unit)


def registered(case_id: uuid.UUID, number: int) -> handover_pb2.CaseRegistered:
    """An event that tells its number."""
    return handover_pb2.CaseRegistered(case_id=str(case_id), case_number=str(number))


async def unsent(chassis: Chassis) -> list[str]:
    """The case numbers of the events that are not marked as sent."""
    async with chassis.engine.connect() as connection:
        rows = await connection.execute(text("SELECT payload FROM outbox WHERE sent_at IS NULL ORDER BY id"))
        return [handover_pb2.CaseRegistered.FromString(row.payload).case_number for row in rows]


async def test_only_what_the_broker_acknowledged_is_marked(chassis: Chassis) -> None:
    case_id = uuid.uuid4()
    await say(chassis, case_id, *(registered(case_id, number) for number in range(1, 6)))
    with pytest.raises(KafkaConnectionError):
        await publish(chassis, Broker(lambda nth: "acknowledged" if nth <= 2 else "refused"))
    assert await unsent(chassis) == ["3", "4", "5"]

    back = Broker(lambda _: "acknowledged")
    assert await publish(chassis, back) == 3
    assert [handover_pb2.CaseRegistered.FromString(value).case_number for _, _, value in back.sent] == ["3", "4", "5"]
    assert await unsent(chassis) == []


async def test_what_a_silent_broker_holds_is_sent_again(chassis: Chassis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relays, "SEND_TIMEOUT_S", SILENCE_S)
    case_id = uuid.uuid4()
    await say(chassis, case_id, registered(case_id, 1), registered(case_id, 2))
    with pytest.raises(TimeoutError):
        await publish(chassis, Broker(lambda _: "left open"))
    assert await unsent(chassis) == ["1", "2"]
    assert await publish(chassis, Broker(lambda _: "acknowledged")) == 2


async def test_the_key_of_every_record_is_its_case(chassis: Chassis) -> None:
    # Records with one key share a partition: only so do the events of a case keep their order.
    cases = [uuid.uuid4() for _ in range(3)]
    for case_id in cases:
        refused = transfer_pb2.WithdrawalRefused(case_id=str(case_id))
        await say(chassis, case_id, registered(case_id, 1), registered(case_id, 2), refused)
    broker = Broker(lambda _: "acknowledged")
    await publish(chassis, broker)
    for case_id in cases:
        assert sum(key == str(case_id).encode() for _, key, _ in broker.sent) == 3


# From the broker into the inbox ---------------------------------------------------------------


class Record:
    """A record of the handover stream, as Faust hands it over."""

    topic, partition = HANDOVER.topic, 0

    def __init__(self, script: EventScript, case_id: uuid.UUID, number: int) -> None:
        row = script.event(case_id, registered(case_id, number))
        headers = signed(envelope_of(row)).headers()
        self.offset = row.record_offset
        self.key: bytes | None = str(case_id).encode()
        self.value: bytes | None = row.payload
        self.headers: dict[str, bytes] | list[tuple[str, bytes]] | None = list(headers)


class Acknowledgements:
    """The acknowledgements of a consumer: how many rows the inbox holds for others to see, each time one is given."""

    def __init__(self, chassis: Chassis) -> None:
        self.rows_stored: list[int] = []
        self._url = chassis.settings.database_url

    def __call__(self) -> None:
        with psycopg.connect(self._url) as connection:
            (count,) = connection.execute("SELECT count(*) FROM inbox").fetchone() or (0,)
        self.rows_stored.append(count)


@asynccontextmanager
async def storing(chassis: Chassis) -> AsyncIterator[Inbox]:
    """The service's inbox, running."""
    inbox = inbox_of(chassis)
    task = asyncio.create_task(inbox.run())
    try:
        yield inbox
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_record_is_acknowledged_after_the_commit_that_stored_it(chassis: Chassis, clock: FakeClock) -> None:
    script, acknowledgements, case_id = EventScript(clock), Acknowledgements(chassis), uuid.uuid4()
    async with storing(chassis) as inbox:
        for number in range(1, 4):
            await inbox.accept(Record(script, case_id, number), acknowledgements)
            await eventually(lambda: _reached(acknowledgements, number))  # noqa: B023 - called at once
    assert acknowledgements.rows_stored == [1, 2, 3]


async def test_a_record_that_cannot_be_stored_is_not_acknowledged(
    chassis: Chassis, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inboxes, "RETRY_S", AGAIN_S)
    script, acknowledgements, case_id = EventScript(clock), Acknowledgements(chassis), uuid.uuid4()
    tried = _count_tries(monkeypatch)
    await _execute(chassis, "ALTER TABLE inbox ADD CONSTRAINT away CHECK (false)")
    async with storing(chassis) as inbox:
        await inbox.accept(Record(script, case_id, 1), acknowledgements)
        await eventually(lambda: _true(len(tried) >= 3 or acknowledgements.rows_stored))
        assert acknowledgements.rows_stored == []
        await _execute(chassis, "ALTER TABLE inbox DROP CONSTRAINT away")
        await eventually(lambda: _reached(acknowledgements, 1))
    assert acknowledgements.rows_stored == [1]


def _count_tries(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    tried: list[int] = []
    insert_rows = inboxes.insert_rows

    async def counted(connection: Any, consumer: str, rows: Any) -> Any:
        tried.append(len(rows))
        return await insert_rows(connection, consumer, rows)

    monkeypatch.setattr(inboxes, "insert_rows", counted)
    return tried


async def _reached(acknowledgements: Acknowledgements, count: int) -> bool:
    return len(acknowledgements.rows_stored) >= count


async def _true(condition: object) -> bool:
    return bool(condition)


async def _execute(chassis: Chassis, sql: str) -> None:
    async with chassis.engine.begin() as connection:
        await connection.execute(text(sql))
