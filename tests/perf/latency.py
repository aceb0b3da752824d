"""From DispatchTransfer to the addressed office's inbox at 20 calls/s, against a bare Kafka round trip at 20/s.

A whole Homeward: handover commits, its relay publishes, notify takes the event in and writes the message. A latency
is from the start of the call, repetitions included, to the moment at which notify marks the event done, in the
transaction that holds the message. The peer produces with acks=all, consumes, and commits one row. How long Homeward
takes to be ready, and the memory of its services after the load, are read on the way.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import psutil
import psycopg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from homeward.handover.v1 import transfers_pb2, transfers_pb2_grpc
from services.chassis.calls.client import Client
from services.chassis.calls.security import TokenIssuer
from services.chassis.country.directory import built_in_directory
from services.chassis.kernel.clock import local_date
from services.client.services import SERVICES
from services.client.tokens import TOKEN_ISSUER, OfficeTokens
from tests.e2e.work import POST, person, request_id, submission
from tests.perf import hops
from tests.perf.engines import Engines
from tests.perf.hops import Busy, Way
from tests.perf.measure import Result, percentile
from tests.perf.pages import TINY as TINY_PAGES
from tests.perf.pages import Sizes as PageSizes
from tests.perf.pages import pages
from tests.perf.relay import payload
from tests.support import homes
from tests.support.whole import Whole

RATE_PER_S = 20
PEOPLE_A_SUBMISSION = 30
CHECKS_AT_ONCE = 60
HOME = "04"
TOPIC = "bench.latency"
MIB = 1024 * 1024


@dataclass(frozen=True)
class Sizes:
    """How much is measured: calls and records, after those that only warm up."""

    calls: int = 400
    records_peer: int = 160
    warm_up: int = 40
    pages: PageSizes = field(default_factory=PageSizes)


TINY = Sizes(calls=10, records_peer=10, warm_up=2, pages=TINY_PAGES)


async def measure(engines: Engines, sizes: Sizes = Sizes()) -> list[Result]:
    """Latencies, then readiness and memory."""
    peer = await bare_round_trips(engines, sizes)
    began = time.monotonic()
    # Each service by itself, as on a machine of its own: nothing is shared with the others.
    with Whole(engines.folder / "whole", arguments=["--not-preloaded"], console=True) as whole:
        return await measured_in(whole, peer, time.monotonic() - began, sizes)


async def measured_in(whole: Whole, peer: Sequence[float], ready_s: float, sizes: Sizes) -> list[Result]:
    """The same of a Homeward that runs, with its console; `peer`: what the bare round trips took, in milliseconds."""
    measured, busy = await _dispatches(whole, sizes)
    shown = await pages(whole, f"SA-{HOME}", sizes.pages)
    memory = {name: psutil.Process(whole.pid(name)).memory_info().rss / MIB for name in SERVICES}
    note = f"bare Kafka round trip, {RATE_PER_S}/s"
    ours = [way.whole_ms for way in measured]
    return [
        Result("latency p50", "ms", percentile(ours, 0.5), percentile(peer, 0.5), note, False, hops.told(measured)),
        Result("latency p99", "ms", percentile(ours, 0.99), percentile(peer, 0.99), note, False, busy),
        Result(
            "memory", "MiB RSS", max(memory.values()), None, f"the largest of {_each(memory)}; after the load", False
        ),
        Result("ready", "s", ready_s, None, "`homeward up` of a new state directory", False),
        *shown,
    ]


def _each(memory: dict[str, float]) -> str:
    return ", ".join(f"{name} {mib:.0f}" for name, mib in memory.items())


async def _at_rate(count: int, work: Callable[[int], Awaitable[None]]) -> None:
    """Start one each 1/RATE_PER_S s, whether or not the earlier ones are done: a slow system meets a queue."""
    began = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for index in range(count):
            await asyncio.sleep(max(0.0, began + index / RATE_PER_S - time.monotonic()))
            group.create_task(_awaited(work(index)))


async def _awaited(work: Awaitable[None]) -> None:
    await work


async def _dispatches(whole: Whole, sizes: Sizes) -> tuple[list[Way], str]:
    """The way of each dispatch after the warm-up, and how busy the processors were."""
    cases = _registered(whole, sizes.warm_up + sizes.calls)
    today = local_date(datetime.now(UTC))
    issuer = TokenIssuer.from_file(whole.home.signing_key, TOKEN_ISSUER)
    token = OfficeTokens(issuer, built_in_directory()).of(POST)
    client = Client(whole.addresses["handover"], token=lambda: token)
    started: dict[str, float] = {}
    busy = Busy()
    async with client.aio_channel() as channel:
        stub = transfers_pb2_grpc.TransferServiceStub(channel)

        async def dispatch(index: int) -> None:
            request = transfers_pb2.DispatchTransferRequest(
                request_id=request_id(),
                case=cases[index],
                to_office_id=f"SA-{HOME}",
                departed_on=today.isoformat(),
                expected_arrival_on=(today + timedelta(days=1)).isoformat(),
            )
            started[cases[index]] = time.time()
            await stub.DispatchTransfer(request)

        await asyncio.to_thread(_checked, whole, cases)
        with busy.over(whole):
            await _at_rate(len(cases), dispatch)
    await asyncio.to_thread(whole.wait_quiet)
    measured = hops.ways(whole, {case: started[case] for case in cases[sizes.warm_up :]})
    return list(measured.values()), busy.told


def _checked(whole: Whole, cases: Sequence[str]) -> None:
    """Each was asked about her home, and may go."""
    with whole.desks() as desks:
        for first in range(0, len(cases), CHECKS_AT_ONCE):
            rows = [homes.short_check(case, f"SA-{HOME}") for case in cases[first : first + CHECKS_AT_ONCE]]
            desks.at(POST).home_safety.RecordShortChecks(homes.short_checks(*rows))
    whole.wait_quiet()


def _registered(whole: Whole, count: int) -> list[str]:
    """Cases at the border post that handover knows."""
    cases: list[str] = []
    with whole.desks() as desks:
        while len(cases) < count:
            people = [person(index, home=HOME) for index in range(min(PEOPLE_A_SUBMISSION, count - len(cases)))]
            answer = desks.at(POST).submissions.SubmitHandover(submission(people))
            cases += [entry.case_id for entry in answer.receipt.entries]
    whole.wait_quiet()
    return cases


async def bare_round_trips(engines: Engines, sizes: Sizes) -> list[float]:
    """Milliseconds from producing a record to the commit of a row about it."""
    engines.topic(TOPIC)
    url = engines.database("chassis")
    arguments = engines.kafka_settings.aiokafka_arguments()
    producer = AIOKafkaProducer(**arguments, acks="all")
    consumer = AIOKafkaConsumer(TOPIC, **arguments, group_id=TOPIC, auto_offset_reset="earliest")
    await producer.start()
    await consumer.start()
    count = sizes.warm_up + sizes.records_peer
    started: dict[bytes, float] = {}
    latencies: list[float] = []

    async def produce(index: int) -> None:
        key = uuid.uuid4().bytes
        started[key] = time.monotonic()
        await producer.send_and_wait(TOPIC, value=payload(), key=key)

    async def consume() -> None:
        async with await psycopg.AsyncConnection.connect(url) as connection:
            await connection.execute("CREATE TABLE arrival (id uuid PRIMARY KEY, value bytea NOT NULL)")
            await connection.commit()
            while len(latencies) < count:
                record = await consumer.getone()
                row = (uuid.UUID(bytes=record.key), record.value)
                await connection.execute("INSERT INTO arrival (id, value) VALUES (%s, %s)", row)
                await connection.commit()
                latencies.append((time.monotonic() - started[record.key]) * 1_000)

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(consume())
            group.create_task(_at_rate(count, produce))
    finally:
        await consumer.stop()
        await producer.stop()
    return latencies[sizes.warm_up :]
