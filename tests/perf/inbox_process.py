"""The event path of one service as a process of its own: consumer, inbox, dispatcher, and one row of effect an event.

Says the seconds from the first event taken in to the last one that took effect, and leaves as a service leaves.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any

from sqlalchemy import text

from homeward.events.v1.handover_pb2 import CaseRegistered
from services.chassis.country.clock import SystemClock
from services.chassis.events.consumer import Consumer
from services.chassis.events.dispatcher import Dispatcher
from services.chassis.events.inbox import Inbox
from services.chassis.events.kafka_admin import KafkaSettings
from services.chassis.events.signals import Signal
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.storage.database import create_engine
from services.chassis.telemetry.metrics import Metrics
from tests.perf.inbox import CONSUMER, TOPIC
from tests.support.signing import event_keys, signer_of

LOOK_S = 0.2

_EFFECT = text("INSERT INTO effect (id, case_id, type) VALUES (:id, :case_id, :type)")
_DONE = text("SELECT count(*) FROM effect")
_TOOK = text("SELECT extract(epoch FROM max(done_at) - min(received_at)) FROM inbox")


async def _effect(uow: UnitOfWork, event: Any) -> None:
    row = {"id": uow.new_id(), "case_id": event.case_id, "type": CaseRegistered.DESCRIPTOR.full_name}
    await uow.connection.execute(_EFFECT, row)


async def _consume(url: str, kafka: str, group: str, total: int) -> float:
    engine = create_engine(url, "bench")
    outbox_written, inbox_written, metrics = Signal(), Signal(), Metrics("bench")
    units = Units(engine, SystemClock(), signer_of(CONSUMER), outbox_written)
    inbox = Inbox(CONSUMER, engine, units.signer, event_keys(), inbox_written, metrics)
    consumer = Consumer(group, group, [TOPIC], KafkaSettings(**json.loads(kafka)), inbox, engine)
    dispatcher = Dispatcher(CONSUMER, units, {CaseRegistered: _effect}, inbox_written, outbox_written, metrics)
    # Held until the process leaves: a task that nobody holds may vanish.
    tasks = [asyncio.ensure_future(loop()) for loop in (inbox.run, consumer.run, dispatcher.run)]
    while await _scalar(engine, _DONE) < total:
        assert not any(task.done() for task in tasks), "a part ended"
        await asyncio.sleep(LOOK_S)
    sys.stdout.write(f"\n{await _scalar(engine, _TOOK)}\n")
    sys.stdout.flush()
    os._exit(0)


async def _scalar(engine: Any, statement: Any) -> float:
    async with engine.connect() as connection:
        return float(await connection.scalar(statement))


if __name__ == "__main__":
    asyncio.run(_consume(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
