"""One service as one asyncio process: API, relay, consumer, dispatcher, ticks, started and stopped independently.

The API serves while Kafka is away; the consumer joins when it comes. SIGTERM ends the process within five seconds,
whatever is away: everything accepted is in the database, so nothing has to be drained.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import NoReturn

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from google.protobuf.message import Message
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.chassis.calls.peers import OtherServices, Peers
from services.chassis.calls.security import TokenVerifier
from services.chassis.calls.server import GrpcServer, Served
from services.chassis.calls.service_tokens import ServiceTokens
from services.chassis.country.admission import Admission
from services.chassis.country.clock import OffsetClock, clock_for
from services.chassis.country.directory import Directory, LiveDirectory
from services.chassis.country.overlays import Overlays
from services.chassis.events.consumer import Consumer
from services.chassis.events.dispatcher import Dispatcher, EventHandler, LockBatch
from services.chassis.events.inbox import Inbox
from services.chassis.events.relay import Relay
from services.chassis.events.signals import Signal
from services.chassis.events.signing import EventKeys, EventSigner
from services.chassis.events.streams import Stream, heard_by
from services.chassis.events.units import Units
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import Clock
from services.chassis.service import excess, lean, lists_read
from services.chassis.service.news import News
from services.chassis.service.safety import UnsafeSettings, effective_user, require_safe
from services.chassis.service.settings import Settings
from services.chassis.storage.database import create_engine, failure_level, is_unavailable
from services.chassis.storage.migrate import SchemaOutOfDate, check_schema
from services.chassis.telemetry.log import configure_logging
from services.chassis.telemetry.metrics import Metrics, MetricsServer

GRPC_STOP_S = 1.0
PARTS_STOP_S = 2.5
TICK_STOP_S = 0.5
EXIT_WITHIN_S = 4.0
GAUGES_S = 5.0
TICKS_IN_A_ROW_MAX = 50
EXIT_UNSAFE = 4
"""The settings are not safe to run with; each fault is named."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Chassis:
    """What the rooms of a service are built from. `news_are_late`: whether what other services said may not be here."""

    service: str
    settings: Settings
    clock: Clock
    engine: AsyncEngine
    units: Units
    directory: LiveDirectory
    metrics: Metrics
    digest_key: bytes
    peers: Peers
    news_are_late: Callable[[], bool] = lambda: False

    @cached_property
    def overlays(self) -> Overlays:
        """Offices, rules and calendar as they stand, in objects that follow the changes."""
        return Overlays(self.engine, self.directory)

    @property
    def admission(self) -> Admission:
        """Who is let in."""
        return Admission(self.directory, self.clock, self.overlays.revocations)

    @property
    def calendar(self) -> WorkingCalendar:
        """Working days and rules; read when first asked for, because it costs memory that not every service needs."""
        return self.overlays.calendar


@dataclass(frozen=True)
class Tick:
    """A look at what is due. `look` returns how many things it did; it is repeated at once while that isn't 0."""

    name: str
    look: Callable[[], Awaitable[int]]


@dataclass(frozen=True)
class Parts:
    """What a service adds to the chassis.

    Attributes:
        services: the gRPC services that it serves.
        handlers: what to do with which event; events without a handler are stepped over.
        lock_batch: locks what a batch of events changes before its handlers run; needed where events lock more than
            their own case.
        ticks: looks at the clock.
        background: loops of the service's own, run until cancelled.
        locale: the folder with the texts of the service's own errors.
    """

    services: Sequence[Served]
    handlers: Mapping[type[Message], EventHandler] = field(default_factory=dict)
    lock_batch: LockBatch | None = None
    ticks: Sequence[Tick] = ()
    background: Sequence[Callable[[], Awaitable[None]]] = ()
    locale: Path | None = None


@dataclass(frozen=True)
class Definition:
    """A service: its name, how its parts are built, and which others it asks before it answers."""

    name: str
    build: Callable[[Chassis], Parts]
    asks: frozenset[str] = frozenset()

    @property
    def streams(self) -> tuple[Stream, ...]:
        """The streams that it consumes: those with an event that it hears."""
        return heard_by(self.name)


def run(definition: Definition) -> NoReturn:
    """Run the service until SIGTERM or SIGINT, then leave within five seconds."""
    settings = Settings()
    try:
        require_safe(settings, os.environ, effective_user(), definition.asks)
    except UnsafeSettings as unsafe:
        for fault in unsafe.faults:
            sys.stderr.write(f"{definition.name} cannot start: {fault}\n")
        sys.exit(EXIT_UNSAFE)
    configure_logging(definition.name, level=settings.log_level, file=settings.log_file)
    code = 0
    try:
        asyncio.run(_Process(definition, settings).run())
    except SchemaOutOfDate as error:
        log.error("schema_out_of_date", service=definition.name, detail=str(error))
        code = 3
    logging.shutdown()
    # Faust keeps a thread whose end may wait for a broker that is away.
    os._exit(code)


class _Process:
    def __init__(self, definition: Definition, settings: Settings) -> None:
        self._definition = definition
        self._settings = settings
        self._stop = asyncio.Event()
        self._outbox_written = Signal()
        self._inbox_written = Signal()
        self._metrics = Metrics(definition.name)
        self._engine = create_engine(settings.database_url, f"homeward-{definition.name}")
        self._signer = EventSigner.from_file(definition.name, settings.event_key)
        self._event_keys = EventKeys.from_file(settings.event_keys)
        clock = clock_for(settings.clock_file)
        self._news = News(self._engine, settings.kafka)
        self._chassis = Chassis(
            service=definition.name,
            settings=settings,
            clock=clock,
            engine=self._engine,
            units=Units(self._engine, clock, self._signer, self._outbox_written),
            directory=LiveDirectory(Directory.load(settings.offices_file)),
            metrics=self._metrics,
            digest_key=settings.digest_key.read_bytes(),
            peers=OtherServices(
                self._signer, {name: settings.peer(name) for name in definition.asks}, settings.peer_tls()
            ),
            news_are_late=self._news.are_late,
        )
        self._parts = definition.build(self._chassis)
        self._ticking = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    async def run(self) -> None:
        lean.settle()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        await self._until_schema_is_known()
        self._start([self._chassis.overlays.follow])
        metrics_server = MetricsServer(
            self._metrics, host=self._settings.metrics_host, port=self._settings.metrics_port
        )
        server = await self._start_api() if self._settings.only != "worker" else None
        scheduler = AsyncIOScheduler(timezone="UTC")
        if self._settings.only != "api":
            self._start_workers(scheduler)
        self._start(self._parts.background)
        self._start([self._gauge])
        log.info("service_started", service=self._definition.name)
        await self._stop.wait()
        await self._leave(server, scheduler)
        metrics_server.close()

    async def _until_schema_is_known(self) -> None:
        while not self._stop.is_set():
            try:
                await check_schema(self._definition.name, self._engine)
                return
            except Exception as error:
                if not is_unavailable(error):
                    raise
                log.warning("service_waits_for_database", error=type(error).__name__)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(1):
                        await self._stop.wait()

    async def _start_api(self) -> GrpcServer:
        settings = self._settings
        verifier = TokenVerifier.from_jwks_file(
            settings.token_keys, settings.token_issuer, unreadable=self._metrics.token_keys_unreadable
        )
        parts = self._parts
        server = GrpcServer(
            verifier,
            self._metrics,
            parts.services,
            settings.grpc_settings(),
            admit=self._chassis.admission,
            actor_key=self._chassis.digest_key,
            locale=parts.locale,
            peers=ServiceTokens(self._definition.name, self._event_keys),
            tried=excess.telling(excess.NUMBERS_TRIED, self._definition.name, self._chassis.units),
            news_are_late=self._news.are_late,
            listed=lists_read.counting(
                self._chassis.units,
                lists_read.Listing(),
                excess.telling(excess.PEOPLE_LISTED, self._definition.name, self._chassis.units),
            ),
        )
        await server.start()
        return server

    def _start_workers(self, scheduler: AsyncIOScheduler) -> None:
        name, settings = self._definition.name, self._settings
        kafka = settings.kafka_settings()
        relay = Relay(name, self._engine, kafka, self._outbox_written, self._metrics)
        self._start([relay.run])
        if self._definition.streams:
            inbox = Inbox(name, self._engine, self._signer, self._event_keys, self._inbox_written, self._metrics)
            consumer = Consumer(
                f"homeward-{name}",
                f"{name}-{settings.instance}",
                [stream.topic for stream in self._definition.streams],
                kafka,
                inbox,
                self._engine,
            )
            dispatcher = Dispatcher(
                name,
                self._chassis.units,
                self._parts.handlers,
                self._inbox_written,
                self._outbox_written,
                self._metrics,
                self._parts.lock_batch,
            )
            self._start([inbox.run, consumer.run, dispatcher.run])
        for tick in self._parts.ticks:
            scheduler.add_job(
                self._look,
                "interval",
                seconds=settings.tick_s,
                args=[tick],
                id=tick.name,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
        scheduler.start()
        if self._parts.ticks and isinstance(self._chassis.clock, OffsetClock):
            self._start([partial(self._heed, self._chassis.clock)])

    async def _heed(self, clock: OffsetClock) -> None:
        """Look at what is due as soon as business time is moved."""
        offset = clock.offset()
        while True:
            offset = await clock.moved_from(offset)
            for tick in self._parts.ticks:
                await self._look(tick)

    async def _look(self, tick: Tick) -> None:
        async with self._ticking:
            try:
                for _ in range(TICKS_IN_A_ROW_MAX):
                    done = await tick.look()
                    self._metrics.watcher_ticked(tick.name)
                    if done == 0 or self._stop.is_set():
                        return
            except Exception as error:
                log.log(failure_level(error), "tick_failed", tick=tick.name, error=type(error).__name__)

    def _start(self, loops: Sequence[Callable[[], Awaitable[None]]]) -> None:
        for loop in loops:
            self._tasks.append(asyncio.ensure_future(_forever(loop)))

    async def _gauge(self) -> None:
        """Measure what waits, for the metrics."""
        while True:
            try:
                await measure(self._engine, self._metrics, self._definition.name)
                await self._news.look()
            except Exception as error:
                if not is_unavailable(error):
                    raise
            await asyncio.sleep(GAUGES_S)

    async def _leave(self, server: GrpcServer | None, scheduler: AsyncIOScheduler) -> None:
        log.info("service_stopping", service=self._definition.name)
        deadman = threading.Timer(EXIT_WITHIN_S, os._exit, args=[0])
        deadman.daemon = True
        deadman.start()
        if server is not None:
            await server.stop(GRPC_STOP_S)
        if scheduler.running:
            # A shut-down scheduler cancels a running tick: wait for its lock first.
            scheduler.pause()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK_STOP_S):
                    await self._ticking.acquire()
            scheduler.shutdown(wait=False)
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=PARTS_STOP_S)
        await self._chassis.units.drain(TICK_STOP_S)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TICK_STOP_S):
                await self._engine.dispose()


async def _forever(loop: Callable[[], Awaitable[None]]) -> None:
    """Keep a loop running: one that raised is started again, and the log says so."""
    while True:
        try:
            await loop()
        except Exception as error:
            log.log(failure_level(error), "part_failed", exc_info=error, error=type(error).__name__)
        await asyncio.sleep(1)


async def measure(engine: AsyncEngine, metrics: Metrics, consumer: str) -> None:
    """Count what waits in outbox and inbox."""
    async with engine.connect() as connection:
        unsent = await connection.scalar(text("SELECT count(*) FROM outbox WHERE sent_at IS NULL"))
        waiting = await connection.execute(
            text(
                "SELECT state, count(*) AS n, count(DISTINCT subject) AS cases FROM inbox"
                " WHERE state IN ('PENDING', 'PARKED', 'QUARANTINED') GROUP BY state"
            )
        )
        counted = {row.state: row for row in waiting}
    metrics.outbox_unsent(int(unsent or 0))
    for state in ("PENDING", "PARKED", "QUARANTINED"):
        metrics.inbox_waiting(consumer, state.lower(), counted[state].n if state in counted else 0)
    blocked = counted["QUARANTINED"].cases if "QUARANTINED" in counted else 0
    metrics.blocked_cases(consumer, blocked)
