"""Takes records from Kafka with Faust and hands them to the inbox. Nothing else happens in an agent.

A Faust app that was started while no broker answered raises and is spent, so each attempt gets a new app. The same
happens when the app crashes, when a record could not be handed over, when a partition makes no progress, and when
the consumer is told to run after a hold.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from functools import partial
from types import coroutine
from typing import Any

import faust
import structlog
from faust.app.base import BootStrategy
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from mode.services import Service, WaitResults
from sqlalchemy.ext.asyncio import AsyncEngine

from services.chassis.events import pausing
from services.chassis.events.inbox import Inbox
from services.chassis.events.kafka_admin import KafkaSettings
from services.chassis.storage.database import failure_level, single_statements

BACKOFF_FIRST_S = 0.5
BACKOFF_MAX_S = 2.0
START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 2.5
LOOK_S = 1.0
STUCK_S = 60.0
LOST_S = 10.0
"""The same while nothing waits here for the database."""
STUCK_DOUBLINGS_MAX = 8
SESSION_TIMEOUT_S = 10.0
FETCH_MAX_WAIT_MS = 500
"""How long the broker may sit on a fetch when there is nothing new. Whatever comes is answered at once."""
FETCH_WITHOUT_SOME_MAX_WAIT_MS = 100
"""The same for a fetch that leaves partitions out, because their records are still being handed over: they cannot be
asked for again before it is answered, so theirs wait so long."""

Place = tuple[str, int]
"""Topic and partition."""
Position = tuple[Place, int]
"""The offset that a partition is at."""

log = structlog.get_logger(__name__)


class _ConsumerOnly(BootStrategy):
    enable_kafka_producer = False
    enable_web = False


class _Thread(driver.AIOKafkaConsumerThread):
    async def on_start(self) -> None:
        await super().on_start()
        # Faust asks for 1.5 s and has no setting for it.
        consumer: Any = self._consumer
        fetcher = consumer._fetcher
        fetcher._get_actions_per_node = partial(_patient_when_idle, fetcher, fetcher._get_actions_per_node)

    async def _serve(self) -> None:
        try:
            await super()._serve()
        finally:
            # Left out where the end of the thread fails: a task that is pending when its loop is closed is an error.
            await self._gather_remaining_tasks()

    def _start_thread(self) -> None:
        try:
            super()._start_thread()
        except Exception as error:
            # The app has crashed of it and is replaced: nobody else is to be told, as of an error nobody caught.
            log.warning("consumer_thread_ended", error=type(error).__name__)


def _patient_when_idle(fetcher: Any, actions: Callable[[Any], Any], assignment: Any) -> Any:
    """What is to be fetched next, and how long the broker may take for it."""
    fetcher._fetch_max_wait_ms = FETCH_WITHOUT_SOME_MAX_WAIT_MS if fetcher._records else FETCH_MAX_WAIT_MS
    return actions(assignment)


class _Delivering(Service):
    async def wait_first(self, *coros: Any, timeout: Any = None) -> Any:
        """Wait for one of several, as Faust does for each record: for its delivery, or for a rebalance.

        Faust makes four tasks for that, which costs more than all else that it does with a record. A delivery that
        has nothing to wait for needs none.
        """
        delivery, *others = coros
        if not others or not all(asyncio.iscoroutine(one) for one in coros):
            return await super().wait_first(*coros, timeout=timeout)
        try:
            awaited = delivery.send(None)
        except StopIteration as delivered:
            for other in others:
                other.close()
            return WaitResults([delivery], [delivered.value], False)
        return await super().wait_first(_resumed(delivery, awaited), *others, timeout=timeout)


class _Driver(_Delivering, driver.Consumer):
    def _new_consumer_thread(self) -> _Thread:
        return _Thread(self, loop=self.loop, beacon=self.beacon)


# Faust names a logger after the module of the class. What it says of its own accord is its own word all the same:
# the guard against a flood of lines, and whoever reads the log, know it by that name.
_Thread.logger = _Driver.logger = logging.getLogger(driver.__name__)


async def _resumed(begun: Any, awaited: Any) -> Any:
    """The rest of a coroutine that has begun, and waits."""
    return await _steps(begun, awaited)


@coroutine
def _steps(begun: Any, awaited: Any) -> Generator[Any, Any, Any]:
    while True:
        try:
            answer = yield awaited
        except BaseException as error:
            step = partial(begun.throw, error)
        else:
            step = partial(begun.send, answer)
        try:
            awaited = step()
        except StopIteration as ended:
            return ended.value


class Consumer:
    """The consumer of one service: all its streams, one Faust app at a time."""

    def __init__(
        self,
        group: str,
        instance: str,
        topics: Sequence[str],
        kafka: KafkaSettings,
        inbox: Inbox,
        engine: AsyncEngine,
    ) -> None:
        self._group = group
        self._instance = instance
        self._topics = tuple(topics)
        self._kafka = kafka
        self._inbox = inbox
        self._single_statements = single_statements(engine)
        self._app: faust.App | None = None
        self._missed_one = False
        self._next: dict[Place, int] = {}
        self._true_holes: set[Position] = set()
        self._stuck_at: Counter[Position] = Counter()
        self.running = False
        self.attempts = 0
        self._stopping: set[asyncio.Future[None]] = set()

    async def run(self) -> None:
        """Consume until cancelled, whatever the broker does."""
        # Faust wants a folder, and leaves it empty: it keeps no tables here.
        with tempfile.TemporaryDirectory(prefix="homeward-") as folder:
            await self._run(folder)

    async def _run(self, folder: str) -> None:
        delay_s = BACKOFF_FIRST_S
        while True:
            if await self._held():
                await asyncio.sleep(LOOK_S)
                continue
            self._missed_one = False
            self._next.clear()
            self._app = self._new_app(folder)
            self.attempts += 1
            try:
                async with asyncio.timeout(START_TIMEOUT_S):
                    await _started(self._app)
                self.running = True
                delay_s = BACKOFF_FIRST_S
                log.info("consumer_started", group=self._group)
                await self._watch(self._app)
            except Exception as error:
                log.warning("consumer_waits_for_broker", error=type(error).__name__)
            finally:
                await self._stop_app()
            await asyncio.sleep(delay_s)
            delay_s = min(BACKOFF_MAX_S, delay_s * 2)

    async def _watch(self, app: faust.App) -> None:
        """Return when this app must be replaced."""
        progress = _Progress(lambda place: self._expected(app, place))
        while True:
            await asyncio.sleep(LOOK_S)
            if app.crashed or app.should_stop:
                log.warning("consumer_crashed", group=self._group)
                return
            if self._missed_one:
                log.warning("consumer_begins_again", group=self._group)
                return
            if await self._held():
                log.warning("consumer_held", group=self._group)
                return
            if stuck := progress.stuck(app, self._patience_s):
                log.error("consumer_stuck", group=self._group)
                self._stuck_at[stuck] += 1
                return

    def _patience_s(self, position: Position) -> float:
        """A new app that gets no further shows that none will: records that the topic no longer has, for one."""
        patience_s = LOST_S if self._inbox.is_idle else STUCK_S
        return float(patience_s * 2 ** min(self._stuck_at[position], STUCK_DOUBLINGS_MAX))

    async def _held(self) -> bool:
        try:
            async with self._single_statements.connect() as connection:
                return await pausing.is_held(connection, self._inbox.consumer)
        except Exception:
            # While the database is away the inbox waits anyway, and the last word stands.
            return False

    async def _stop_app(self) -> None:
        self.running = False
        app, self._app = self._app, None
        if app is None:
            return
        # Faust's stop does not end while no broker answers. Cancelled, it would leave the app's thread behind for
        # ever; left alone, it ends when the broker is back.
        stopping = asyncio.ensure_future(_stop(app))
        self._stopping.add(stopping)
        stopping.add_done_callback(self._stopping.discard)
        await asyncio.wait([stopping], timeout=STOP_TIMEOUT_S)

    async def drain(self, timeout_s: float) -> bool:
        """Wait for apps that are still stopping. Returns whether all of them have."""
        if self._stopping:
            await asyncio.wait(self._stopping, timeout=timeout_s)
        return not self._stopping

    def _new_app(self, folder: str) -> faust.App:
        app = faust.App(
            self._group,
            broker=[f"aiokafka://{address}" for address in self._kafka.bootstrap.split(",")],
            broker_credentials=_credentials(self._kafka),
            store="memory://",
            datadir=folder,
            version=1,
            autodiscover=False,
            BootStrategy=_ConsumerOnly,
            web_enabled=False,
            topic_disable_leader=True,
            topic_allow_declare=False,
            broker_session_timeout=SESSION_TIMEOUT_S,
            broker_request_timeout=20.0,
            broker_commit_interval=0.5,
            broker_commit_every=200,
            broker_max_poll_records=500,
            # When it is full Faust looks again after a second: it must hold more than that takes to work off.
            stream_buffer_maxsize=2_048,
            # What is not acknowledged yet is delivered again; waiting for it would hold up every stop.
            stream_wait_empty=False,
            consumer_auto_offset_reset="earliest",
            consumer_metadata_max_age_ms=5_000,
            consumer_group_instance_id=self._instance,
            worker_redirect_stdouts=False,
        )
        transport: Any = app.transport
        transport.Consumer = _Driver
        topic = app.topic(
            *self._topics,
            key_type=bytes,
            value_type=bytes,
            key_serializer="raw",
            value_serializer="raw",
        )
        inbox = self._inbox

        async def take_in(stream: Any) -> None:
            # noack: cancelling an agent acknowledges the event in its hands otherwise.
            async for event in stream.noack().events():
                message = event.message
                if self._missed_one or self._is_behind_a_hole(app, message):
                    # Faust commits beyond a missing first acknowledgement as soon as there is a later one.
                    self._missed_one = True
                    continue
                try:
                    await inbox.accept(message, event.ack)
                    self._next[message.topic, message.partition] = message.offset + 1
                except Exception as error:
                    # This record, and what comes after it, comes again to the next app.
                    log.log(failure_level(error), "record_not_taken_in", group=self._group, error=type(error).__name__)
                    self._missed_one = True

        app.agent(topic, name=f"{self._group}.inbox")(take_in)
        return app

    def _is_behind_a_hole(self, app: faust.App, message: Any) -> bool:
        """Whether records before this one were lost on their way through Faust.

        It may drop what it has fetched when the group is rebalanced, and read on behind it. A hole that is there
        again for the next app is one of the topic.
        """
        place = message.topic, message.partition
        if message.offset <= self._expected(app, place) or (place, message.offset) in self._true_holes:
            return False
        log.warning("records_missed", group=self._group, topic=message.topic, partition=message.partition)
        self._true_holes.add((place, message.offset))
        return True

    def _expected(self, app: faust.App, place: Place) -> int:
        """The offset that comes next: after the last one handed over, or committed by whoever had the partition."""
        consumer: Any = app.consumer
        committed = consumer._committed_offset.get(TP(*place))
        return max(self._next.get(place, 0), committed or 0)


class _GroupLeft(Exception):
    """aiokafka gave up its group while the app starts, as when a broker just back knows of no broker yet."""


async def _started(app: faust.App) -> None:
    """Start an app. Faust waits for a group that nobody joins any more as well: that is seen here."""
    starting = asyncio.ensure_future(app.start())
    try:
        while not (await asyncio.wait([starting], timeout=LOOK_S))[0]:
            if _has_left_its_group(app):
                raise _GroupLeft
        await starting
    finally:
        starting.cancel()
        await asyncio.wait([starting])


def _has_left_its_group(app: Any) -> bool:
    consumer = getattr(getattr(app.consumer, "_thread", None), "_consumer", None)
    joining = getattr(getattr(consumer, "_coordinator", None), "_coordination_task", None)
    return joining is not None and bool(joining.done())


async def _stop(app: faust.App) -> None:
    with contextlib.suppress(Exception):
        await app.stop()


def _credentials(kafka: KafkaSettings) -> Any:
    arguments = kafka.aiokafka_arguments()
    tls = arguments.get("ssl_context")
    if kafka.sasl_mechanism is None:
        return tls and faust.SSLCredentials(context=tls)
    return faust.SASLCredentials(
        username=kafka.sasl_username,
        password=kafka.sasl_password,
        mechanism=kafka.sasl_mechanism,
        ssl_context=tls,
    )


class _Progress:
    """Watches that a partition with records waiting moves."""

    def __init__(self, expected: Callable[[Place], int]) -> None:
        self._expected = expected
        self._since: dict[Position, float] = {}

    def stuck(self, app: faust.App, patience_s: Callable[[Position], float]) -> Position | None:
        """A position that has not moved for longer than its patience, with records behind it."""
        now = time.monotonic()
        consumer: Any = app.consumer
        waiting = {}
        for partition in consumer.assignment():
            place = partition.topic, partition.partition
            # Not Faust's own position: what it has read it may have dropped.
            position = place, self._expected(place)
            end = consumer.highwater(partition)
            if end is not None and position[1] < end:
                waiting[position] = self._since.get(position, now)
        self._since = waiting
        return next((at for at, since in waiting.items() if now - since > patience_s(at)), None)
