from __future__ import annotations

import uuid
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from homeward.events.v1.handover_pb2 import CaseRegistered
from services.chassis.events.kafka_admin import KafkaSettings
from services.chassis.events.relay import BATCH_ROWS, Relay, record_of
from services.chassis.events.signals import Signal
from services.chassis.storage.database import create_engine
from services.chassis.telemetry.metrics import Metrics
from tests.perf.relay import payload
from tests.support.signing import outbox_row


async def test_half_of_what_is_read_at_once_goes_to_one_partition_in_one_request() -> None:
    engine = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing", "relay")
    relay = Relay("intake", engine, KafkaSettings("127.0.0.1:1"), Signal(), Metrics("intake"))
    producer = relay.new_producer()
    batch = producer.create_batch()

    taken = [batch.append(timestamp=None, **_record()) for _ in range(BATCH_ROWS // 2)]

    assert None not in taken
    await producer.stop()
    await engine.dispose()


def _record() -> dict[str, Any]:
    case_id = uuid.uuid4()
    row = outbox_row("intake", case_id, CaseRegistered.FromString(payload(case_id)), 1, datetime.now(UTC))
    as_text = {name: str(row[name]) for name in ("event_id", "subject")}
    key, headers = record_of("intake", SimpleNamespace(**row | as_text))
    return {"key": key, "value": row["payload"], "headers": headers}
