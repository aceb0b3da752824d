"""What the consumer makes of records that Faust dropped, and of partitions that do not move."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread
from faust.types import TP
from mode.services import Service
from structlog.testing import capture_logs

from services.chassis.events.consumer import (
    FETCH_MAX_WAIT_MS,
    FETCH_WITHOUT_SOME_MAX_WAIT_MS,
    LOST_S,
    STUCK_S,
    Consumer,
    _Delivering,
    _Driver,
    _patient_when_idle,
    _Progress,
    _Thread,
)
from services.chassis.events.kafka_admin import KafkaSettings
from services.chassis.storage.database import create_engine
from services.chassis.telemetry.log import NOISY_LOGGERS

TOPIC = "homeward.handover.v1"
PLACE = (TOPIC, 0)


def app_with(committed: int | None = None, end: int | None = None) -> Any:
    """What of a Faust app the consumer looks at."""
    partition = TP(*PLACE)
    return SimpleNamespace(
        consumer=SimpleNamespace(
            _committed_offset={partition: committed}, assignment=lambda: {partition}, highwater=lambda _: end
        )
    )


def record(offset: int) -> Any:
    return SimpleNamespace(topic=TOPIC, partition=0, offset=offset)


@pytest.fixture
def consumer() -> Consumer:
    inbox: Any = SimpleNamespace(is_idle=True)
    # Nobody asks the database here.
    engine = create_engine("postgresql://127.0.0.1:1/none", "test")
    return Consumer("group", "instance", [TOPIC], KafkaSettings("127.0.0.1:1"), inbox, engine)


@pytest.mark.parametrize(
    ("committed", "handed_over", "offset", "hole"),
    [
        (None, 0, 0, False),
        (None, 0, 1, True),
        (7, 0, 7, False),
        (7, 0, 9, True),
        (7, 9, 9, False),
        (7, 9, 10, True),
        (7, 9, 3, False),
    ],
)
def test_a_record_behind_missing_ones_is_noticed(
    consumer: Consumer, committed: int | None, handed_over: int, offset: int, hole: bool
) -> None:
    consumer._next[PLACE] = handed_over
    assert consumer._is_behind_a_hole(app_with(committed), record(offset)) is hole


def test_a_hole_that_comes_again_is_one_of_the_topic(consumer: Consumer) -> None:
    assert consumer._is_behind_a_hole(app_with(), record(40))
    consumer._next.clear()
    assert not consumer._is_behind_a_hole(app_with(), record(40))


def test_a_partition_is_stuck_when_records_wait_for_longer_than_its_patience(
    consumer: Consumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    app = app_with(committed=3, end=5)
    progress = _Progress(lambda place: consumer._expected(app, place))
    assert progress.stuck(app, consumer._patience_s) is None
    now = LOST_S
    assert progress.stuck(app, consumer._patience_s) is None
    now = LOST_S + 1
    assert progress.stuck(app, consumer._patience_s) == (PLACE, 3)
    consumer._next[PLACE] = 4
    assert progress.stuck(app, consumer._patience_s) is None
    consumer._next[PLACE] = 5
    now += STUCK_S
    assert progress.stuck(app, consumer._patience_s) is None


def test_patience_grows_where_a_new_app_gets_no_further(consumer: Consumer) -> None:
    assert consumer._patience_s((PLACE, 3)) == LOST_S
    consumer._stuck_at[PLACE, 3] += 2
    assert consumer._patience_s((PLACE, 3)) == 4 * LOST_S
    consumer._stuck_at[PLACE, 3] += 1_000
    assert consumer._patience_s((PLACE, 3)) < 3_600


def test_records_that_wait_for_the_database_are_not_lost(consumer: Consumer) -> None:
    consumer._inbox.is_idle = False  # type: ignore[misc]
    assert consumer._patience_s((PLACE, 3)) == STUCK_S


async def test_a_delivery_is_awaited_only_where_it_waits() -> None:
    driver: Any = _Delivering()
    gate, suspended = asyncio.Event(), asyncio.Event()
    said: list[str] = []

    async def at_once() -> str:
        said.append("at once")
        return "done"

    async def later() -> str:
        await asyncio.sleep(0)
        await gate.wait()
        said.append("later")
        return "done later"

    results = await driver.wait_first(at_once(), suspended.wait())
    assert (results.results, results.stopped) == (["done"], False)
    waiting = asyncio.create_task(driver.wait_first(later(), suspended.wait()))
    await asyncio.sleep(0)
    assert said == ["at once"]
    gate.set()
    results = await waiting
    assert (results.results, results.stopped) == (["done later"], False)
    assert said == ["at once", "later"]


async def test_a_delivery_that_waits_is_cut_off_by_a_rebalance_and_its_errors_are_raised() -> None:
    driver: Any = _Delivering()
    suspended = asyncio.Event()
    suspended.set()
    cut_off: list[str] = []

    async def for_ever() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cut_off.append("cut off")
            raise

    async def failing() -> None:
        await asyncio.sleep(0)
        raise LookupError

    results = await driver.wait_first(for_ever(), suspended.wait())
    assert results.results == [True]
    await asyncio.sleep(0)
    assert cut_off == ["cut off"]
    with pytest.raises(LookupError):
        await driver.wait_first(failing(), asyncio.Event().wait())


@pytest.mark.parametrize(
    ("handed_over", "wait_ms"),
    [({}, FETCH_MAX_WAIT_MS), ({TP(*PLACE): "records"}, FETCH_WITHOUT_SOME_MAX_WAIT_MS)],
)
def test_a_fetch_is_long_unless_it_leaves_something_out(handed_over: dict[TP, str], wait_ms: int) -> None:
    fetcher = SimpleNamespace(_records=handed_over, _fetch_max_wait_ms=0)

    def actions(assignment: str) -> tuple[str, int]:
        return assignment, fetcher._fetch_max_wait_ms

    assert _patient_when_idle(fetcher, actions, "assigned") == ("assigned", wait_ms)


@pytest.mark.parametrize("part", [_Thread, _Driver])
def test_what_faust_says_of_its_own_accord_is_known_as_its_word(part: type[Service]) -> None:
    assert part.logger.name.split(".")[0] in NOISY_LOGGERS


def test_what_ends_the_thread_of_an_app_is_told_by_the_app_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(thread: object) -> None:
        raise KafkaConnectionError

    monkeypatch.setattr(AIOKafkaConsumerThread, "_start_thread", lost)
    with capture_logs() as lines:
        _Thread.__new__(_Thread)._start_thread()
    assert [(line["log_level"], line["error"]) for line in lines] == [("warning", "KafkaConnectionError")]


async def test_a_thread_whose_end_fails_leaves_nothing_pending(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[asyncio.Task[None]] = []

    async def lost(thread: object) -> None:
        left.append(asyncio.create_task(asyncio.sleep(3_600)))
        await asyncio.sleep(0)
        raise KafkaConnectionError

    monkeypatch.setattr(AIOKafkaConsumerThread, "_serve", lost)
    thread = _Thread.__new__(_Thread)
    thread.thread_loop = asyncio.get_running_loop()
    with pytest.raises(KafkaConnectionError):
        await thread._serve()
    assert [task.cancelled() for task in left] == [True]
