"""What signed events cost: the relay with the signature it sends, and submissions with the one that intake makes.

The peer is the same program without signatures, in the same run.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import Any
from unittest.mock import patch

import psycopg
from sqlalchemy import text

from services.chassis.events import relay as relay_module
from services.chassis.events.envelope import Headers, headers_of
from services.chassis.events.relay import Relay
from services.chassis.events.signals import Signal
from services.chassis.storage.database import create_engine
from services.chassis.telemetry.metrics import Metrics
from services.chassis.telemetry.trace import Trace
from tests.e2e.work import POST
from tests.perf import relay as relay_bench
from tests.perf import submissions as submissions_bench
from tests.perf.engines import Engines
from tests.perf.measure import ROUNDS, Result, in_turns
from tests.support.identities import Identities


@dataclass(frozen=True)
class Sizes:
    """How much is measured: events of a round of the relay, seconds and callers of one of submissions, rounds."""

    events: int = 10_000
    round_s: float = 1.5
    callers: int = 50
    rounds: int = ROUNDS


SIGNATURE_AT = 8
"""Its place among the headers."""
_UNSIGNED = text(relay_module._UNSENT.text.replace(", signature, kid", ""))

TINY = Sizes(events=300, round_s=0.0, callers=2, rounds=1)


async def measure(engines: Engines, sizes: Sizes = Sizes()) -> list[Result]:
    """Two results."""
    return [await _relay(engines, sizes), await _submissions(engines, sizes)]


async def _relay(engines: Engines, sizes: Sizes) -> Result:
    engines.topic(relay_bench.TOPIC)
    url = engines.database("intake")
    engine = create_engine(url, "bench")
    relay = Relay("intake", engine, engines.kafka_settings, Signal(), Metrics("intake"))

    async def rate() -> float:
        with psycopg.connect(url) as connection:
            connection.execute("UPDATE outbox SET sent_at = NULL")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE outbox")
        producer = relay.new_producer()
        await producer.start()
        began = time.perf_counter()
        assert await relay.publish(producer) == sizes.events
        elapsed = time.perf_counter() - began
        await producer.stop()
        return sizes.events / elapsed

    async def unsigned() -> float:
        with patch.multiple(relay_module, _UNSENT=_UNSIGNED, record_of=_unsigned_record):
            return await rate()

    relay_bench.fill(url, sizes.events)
    try:
        signed, bare = await in_turns(rate, unsigned, sizes.rounds)
    finally:
        await engine.dispose()
    return Result("signing: relay", "events/s", signed, bare, "the same relay, without signatures")


def _unsigned_record(source: str, row: Any) -> tuple[bytes, Headers]:
    """Key and headers as they were before there were signatures."""
    trace = Trace(row.correlation_id, row.causation_id, row.traceparent)
    headers = headers_of(row.event_id, row.type, source, row.subject, row.version, row.time, trace, "")
    assert headers.pop(SIGNATURE_AT) == ("ce_signature", b"")
    return row.subject.encode(), headers


async def _submissions(engines: Engines, sizes: Sizes) -> Result:
    folder = engines.folder / "signing"
    folder.mkdir()
    identities = Identities(folder)
    token = identities.token_for(POST)
    serve = partial(submissions_bench.intake, engines, folder=folder, identities=identities)
    async with (
        serve(url=engines.database("intake")) as signing,
        serve(url=engines.database("intake"), module="tests.perf.unsigned_intake") as silent,
    ):
        rate = partial(submissions_bench.rate, token=token, callers=sizes.callers, round_s=sizes.round_s)
        signed, bare = await in_turns(partial(rate, signing), partial(rate, silent), sizes.rounds)
    name = f"signing: submissions@{sizes.callers}"
    return Result(name, "calls/s", signed, bare, "the same intake, without signatures")
