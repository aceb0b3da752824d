"""The way of an event through one service's database: numbered, taken in, in order, once, or set aside."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import text

from homeward.events.v1 import handover_pb2, notification_pb2, transfer_pb2
from services.chassis.events import dispatcher as dispatching
from services.chassis.events import pausing, quarantine
from services.chassis.events.dispatcher import ATTEMPTS_MAX, Dispatcher, EventHandler
from services.chassis.events.inbox import InboxRow
from services.chassis.events.kafka_admin import KafkaSettings
from services.chassis.events.relay import Relay
from services.chassis.events.signals import Signal
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.deadlines import due_date, rule_on
from services.chassis.service import obligations
from services.chassis.service.process import Chassis
from services.chassis.telemetry.failpoint import arm
from tests.support.clocks import FakeClock
from tests.support.events import EventScript, deliver, dispatcher_of, drain, outbox_events
from tests.support.fixtures import ChassisFor, ServiceDatabase
from tests.support.lasting import close_all

Registered = handover_pb2.CaseRegistered


@pytest.fixture
def chassis(service_database: ServiceDatabase, chassis_for: ChassisFor, clock: FakeClock) -> Chassis:
    """A consumer without rooms."""
    return chassis_for("chassis", service_database("chassis"), clock)


@pytest.fixture
def script(clock: FakeClock) -> EventScript:
    """The producers."""
    return EventScript(clock)


class Recorder:
    """A handler that says an event for each that it was called for, and fails where told to."""

    def __init__(self) -> None:
        self.failing: set[str] = set()

    async def __call__(self, uow: UnitOfWork, event: Registered) -> None:
        if event.case_number in self.failing:
            raise LookupError(event.case_number)
        effect = handover_pb2.CaseCorrected(case_id=event.case_id, fields=[event.case_number])
        uow.append(effect, uuid.UUID(event.case_id))

    @property
    def handlers(self) -> dict[Any, EventHandler]:
        return {Registered: self}


@pytest.fixture
def recorder() -> Recorder:
    """What takes effect."""
    return Recorder()


def registered(case_id: uuid.UUID, name: str) -> Registered:
    """An event that the recorder knows again by its case number."""
    return Registered(case_id=str(case_id), case_number=name)


async def effects(chassis: Chassis) -> list[str]:
    """Case numbers of the events that took effect, in order."""
    return [event.message.fields[0] for event in await outbox_events(chassis)]


async def states(chassis: Chassis) -> dict[int, str]:
    """State of each event by its number; for scripts with one case."""
    async with chassis.engine.connect() as connection:
        rows = await connection.execute(text("SELECT version, state FROM inbox ORDER BY version, id"))
        return {row.version: row.state for row in rows}


async def column(chassis: Chassis, sql: str) -> list[Any]:
    """The first column of a query."""
    async with chassis.engine.connect() as connection:
        return list((await connection.execute(text(sql))).scalars())


async def execute(chassis: Chassis, sql: str) -> None:
    """Change the database behind the chassis' back."""
    async with chassis.engine.begin() as connection:
        await connection.execute(text(sql))


async def due_now(chassis: Chassis) -> None:
    """Let the back-off of everything pending be over."""
    await execute(chassis, "UPDATE inbox SET next_attempt_at = now() WHERE state = 'PENDING'")


async def spend_attempts(chassis: Chassis, dispatcher: Dispatcher) -> None:
    """Step until nothing is pending any more, without waiting for back-offs."""
    for _ in range(ATTEMPTS_MAX + 2):
        await due_now(chassis)
        await dispatcher.step()


# Outbox ---------------------------------------------------------------------------------------


async def test_events_of_a_case_are_numbered_without_holes_whoever_writes_at_once(chassis: Chassis) -> None:
    cases = [uuid.uuid4() for _ in range(3)]

    async def say(number: int) -> None:
        async def unit(uow: UnitOfWork) -> None:
            # In an order of its own, so that units meet crosswise.
            for case_id in cases if number % 2 else reversed(cases):
                uow.append(registered(case_id, str(number)), case_id)
                uow.append(transfer_pb2.WithdrawalRefused(case_id=str(case_id)), case_id)
            if number % 5 == 0:
                raise RuntimeError("rolled back")

        await chassis.units.run(unit)

    outcomes = await asyncio.gather(*(say(number) for number in range(30)), return_exceptions=True)
    assert sum(isinstance(outcome, RuntimeError) for outcome in outcomes) == 6
    assert sum(outcome is None for outcome in outcomes) == 24
    by_stream: dict[tuple[str, uuid.UUID], list[int]] = {}
    for event in await outbox_events(chassis):
        by_stream.setdefault((event.topic, event.subject), []).append(event.version)
    assert len(by_stream) == 6
    assert all(versions == list(range(1, 25)) for versions in by_stream.values())


async def test_a_caller_who_hangs_up_cannot_cut_a_unit_in_half(chassis: Chassis) -> None:
    case_id, started, go_on = uuid.uuid4(), asyncio.Event(), asyncio.Event()

    async def unit(uow: UnitOfWork) -> None:
        started.set()
        await go_on.wait()
        uow.append(registered(case_id, "1"), case_id)

    caller = asyncio.ensure_future(chassis.units.run(unit))
    await started.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    go_on.set()
    await chassis.units.drain(5)
    assert [event.version for event in await outbox_events(chassis)] == [1]


async def test_reading_cannot_write_and_leaves_the_connection_as_it_was(chassis: Chassis) -> None:
    async def write(uow: UnitOfWork) -> None:
        await uow.connection.execute(text("INSERT INTO watcher VALUES ('x', now(), now())"))

    for _ in range(10):
        with pytest.raises(Exception, match="read-only transaction"):
            await chassis.units.read(write)
    await chassis.units.run(write)
    assert await column(chassis, "SELECT name FROM watcher") == ["x"]
    assert set(await column(chassis, "SHOW transaction_isolation")) == {"read committed"}


# Order and duplicates -------------------------------------------------------------------------


async def test_a_duplicate_takes_effect_once(chassis: Chassis, script: EventScript, recorder: Recorder) -> None:
    case_id = uuid.uuid4()
    event = script.event(case_id, registered(case_id, "a"))
    assert await deliver(chassis, event) == 1
    assert await deliver(chassis, event) == 0
    await drain(chassis, recorder.handlers)
    assert await deliver(chassis, event) == 0
    await drain(chassis, recorder.handlers)
    assert await effects(chassis) == ["a"]
    assert len(await outbox_events(chassis)) == 1


async def test_a_gap_parks_what_follows_until_the_missing_event_is_through(
    chassis: Chassis, script: EventScript, recorder: Recorder
) -> None:
    case_id, other = uuid.uuid4(), uuid.uuid4()
    events = [script.event(case_id, registered(case_id, str(number))) for number in range(1, 6)]
    await deliver(chassis, events[4], events[2], events[0], events[3])
    await deliver(chassis, script.event(other, registered(other, "other")))
    await drain(chassis, recorder.handlers)
    assert sorted(await effects(chassis)) == ["1", "other"]
    assert (await column(chassis, "SELECT count(*) FROM inbox WHERE state = 'PARKED'")) == [3]
    await deliver(chassis, events[1])
    await drain(chassis, recorder.handlers)
    assert [name for name in await effects(chassis) if name != "other"] == ["1", "2", "3", "4", "5"]
    assert set((await states(chassis)).values()) == {"DONE"}


async def test_events_of_a_stream_without_order_take_effect_as_they_come(chassis: Chassis, script: EventScript) -> None:
    case_id = uuid.uuid4()
    seen: list[str] = []

    async def handle(uow: UnitOfWork, event: notification_pb2.MessageSeen) -> None:
        seen.append(event.message_id)

    for name, version in (("of a notify that was rebuilt", 7), ("again", 7), ("before it", 3)):
        message = notification_pb2.MessageSeen(case_id=str(case_id), message_id=name)
        await deliver(chassis, script.event(case_id, message, version=version))
        await drain(chassis, {notification_pb2.MessageSeen: handle})
    assert seen == ["of a notify that was rebuilt", "again", "before it"]
    assert await column(chassis, "SELECT DISTINCT state FROM inbox") == ["DONE"]
    assert await column(chassis, "SELECT version FROM inbox_position") == [7], "no position is taken back"


async def test_an_event_without_a_handler_is_stepped_over(
    chassis: Chassis, script: EventScript, recorder: Recorder
) -> None:
    case_id = uuid.uuid4()
    corrected = script.event(case_id, handover_pb2.CaseCorrected(case_id=str(case_id)))
    await deliver(chassis, corrected, script.event(case_id, registered(case_id, "2")))
    await drain(chassis, recorder.handlers)
    assert await effects(chassis) == ["2"]
    assert await states(chassis) == {1: "DONE", 2: "DONE"}


async def test_an_old_number_with_a_new_id_is_set_aside_and_holds_up_nobody(
    chassis: Chassis, script: EventScript, recorder: Recorder
) -> None:
    case_id = uuid.uuid4()
    await deliver(chassis, script.event(case_id, registered(case_id, "first")))
    await drain(chassis, recorder.handlers)
    await deliver(chassis, script.event(case_id, registered(case_id, "again"), version=1))
    await deliver(chassis, script.event(case_id, registered(case_id, "second")))
    await drain(chassis, recorder.handlers)
    assert await effects(chassis) == ["first", "second"]
    assert await column(chassis, "SELECT error FROM inbox WHERE state = 'QUARANTINED'") == ["NUMBER_ALREADY_TAKEN"]
    assert await column(chassis, "SELECT topic FROM outbox WHERE topic LIKE '%quarantine'") == [
        "homeward.handover.v1.quarantine"
    ]


# Failures -------------------------------------------------------------------------------------


async def test_a_failure_is_retried_later_and_later_and_spares_its_neighbours(
    chassis: Chassis, script: EventScript, recorder: Recorder
) -> None:
    bad, good = uuid.uuid4(), uuid.uuid4()
    recorder.failing.add("bad")
    await deliver(chassis, script.event(bad, registered(bad, "bad")), script.event(good, registered(good, "good")))
    dispatcher = dispatcher_of(chassis, recorder.handlers)
    delays = []
    for attempt in range(1, 5):
        await dispatcher.step()
        assert await effects(chassis) == ["good"]
        attempts, delay_s, error = (
            await column(chassis, "SELECT attempts FROM inbox WHERE state = 'PENDING'")
            + await column(
                chassis,
                "SELECT extract(epoch FROM next_attempt_at - now()) FROM inbox WHERE state = 'PENDING'",
            )
            + await column(chassis, "SELECT error FROM inbox WHERE state = 'PENDING'")
        )
        assert (attempts, error) == (attempt, "LookupError")
        delays.append(float(delay_s))
        # Before its time it is left alone.
        await execute(chassis, "UPDATE inbox SET next_attempt_at = now() + interval '1 h' WHERE state = 'PENDING'")
        assert await dispatcher.step() == 0
        await due_now(chassis)
    assert delays[3] > 0.2 * 2**3 * 0.4
    recorder.failing.clear()
    await dispatcher.step()
    assert await effects(chassis) == ["good", "bad"]


async def test_the_last_attempt_quarantines_and_only_its_case_waits_until_redriven(
    chassis: Chassis, script: EventScript, recorder: Recorder
) -> None:
    bad, good = uuid.uuid4(), uuid.uuid4()
    recorder.failing.add("bad")
    first = script.event(bad, registered(bad, "bad"))
    await deliver(chassis, first, script.event(bad, registered(bad, "after")))
    dispatcher = dispatcher_of(chassis, recorder.handlers)
    await spend_attempts(chassis, dispatcher)
    assert await states(chassis) == {1: "QUARANTINED", 2: "PARKED"}
    assert await column(chassis, "SELECT attempts FROM inbox WHERE version = 1") == [ATTEMPTS_MAX]
    assert await column(chassis, "SELECT causation_id FROM outbox WHERE topic LIKE '%quarantine'") == [
        str(first.event_id)
    ]
    await deliver(chassis, script.event(good, registered(good, "good")))
    await dispatcher.step()
    assert await effects(chassis) == ["good"]

    recorder.failing.clear()
    async with chassis.engine.begin() as connection:
        (one,) = await quarantine.list_quarantined(connection, "chassis")
        assert (one.case_id, one.error, one.waiting) == (bad, "LookupError", 1)
        await quarantine.redrive(connection, "chassis", one.number, by="operator")
    await drain(chassis, recorder.handlers)
    assert await effects(chassis) == ["good", "bad", "after"]
    async with chassis.engine.begin() as connection:
        with pytest.raises(quarantine.NotQuarantined):
            await quarantine.redrive(connection, "chassis", one.number, by="operator")


async def test_skipping_needs_a_name_and_a_reason_and_lets_the_following_through(
    chassis: Chassis, script: EventScript, recorder: Recorder
) -> None:
    case_id = uuid.uuid4()
    recorder.failing.add("bad")
    for name in ("bad", "second", "third"):
        await deliver(chassis, script.event(case_id, registered(case_id, name)))
    await spend_attempts(chassis, dispatcher_of(chassis, recorder.handlers))
    async with chassis.engine.begin() as connection:
        (one,) = await quarantine.list_quarantined(connection, "chassis", case_id=case_id)
        assert await quarantine.list_quarantined(connection, "chassis", case_id=uuid.uuid4()) == []
        assert await quarantine.list_quarantined(connection, "another") == []
        for by, reason in (("", "mended by hand"), ("operator", " ")):
            with pytest.raises(ValueError, match="is needed"):
                await quarantine.skip(connection, "chassis", one.number, by=by, reason=reason)
        await quarantine.skip(connection, "chassis", one.number, by="operator", reason="mended by hand")
    await drain(chassis, recorder.handlers)
    assert await effects(chassis) == ["second", "third"]
    assert await column(chassis, "SELECT decided_by || ': ' || decided_reason FROM inbox WHERE state = 'SKIPPED'") == [
        "operator: mended by hand"
    ]


async def test_an_event_that_is_not_the_next_one_cannot_be_skipped(chassis: Chassis, script: EventScript) -> None:
    case_id = uuid.uuid4()
    await deliver(chassis, script.event(case_id, registered(case_id, "far"), version=3))
    await execute(chassis, "UPDATE inbox SET state = 'QUARANTINED', error = 'UNKNOWN_TYPE'")
    async with chassis.engine.begin() as connection:
        (one,) = await quarantine.list_quarantined(connection, "chassis")
        with pytest.raises(quarantine.EarlierEventMissing, match="number 1 is awaited"):
            await quarantine.skip(connection, "chassis", one.number, by="operator", reason="tidying up")


async def test_an_event_that_kills_the_process_spends_its_own_attempts_only(
    chassis: Chassis, script: EventScript, recorder: Recorder
) -> None:
    cases = [uuid.uuid4() for _ in range(5)]
    events = [script.event(case_id, registered(case_id, str(number))) for number, case_id in enumerate(cases)]
    await deliver(chassis, *events)
    died = 0

    async def die(uow: UnitOfWork, event: Registered) -> None:
        nonlocal died
        if event.case_number == "0":
            died += 1
            # As far as the database can tell, this is a kill -9: the claim stands, nothing else happened.
            raise asyncio.CancelledError
        await recorder(uow, event)

    for _ in range(ATTEMPTS_MAX + 3):
        # Every death is followed by a new process.
        try:
            await dispatcher_of(chassis, {Registered: die}).step()
        except asyncio.CancelledError:
            await due_now(chassis)
    assert sorted(await effects(chassis)) == ["1", "2", "3", "4"]
    assert died == ATTEMPTS_MAX
    assert await column(chassis, "SELECT error FROM inbox WHERE state = 'QUARANTINED'") == ["ATTEMPTS_EXHAUSTED"]
    assert await column(chassis, "SELECT max(attempts) FROM inbox WHERE state = 'DONE'") == [2]


async def test_after_a_death_the_others_come_before_the_suspect(
    chassis: Chassis, script: EventScript, recorder: Recorder
) -> None:
    cases = [uuid.uuid4() for _ in range(2)]
    await deliver(chassis, *(script.event(case_id, registered(case_id, "x")) for case_id in cases))
    await execute(chassis, "UPDATE inbox SET attempts = 1")
    dispatcher = dispatcher_of(chassis, recorder.handlers)
    (first,) = await dispatcher._claim(suspect=True, batch=1)
    (second,) = await dispatcher._claim(suspect=True, batch=1)
    assert first.id != second.id
    assert await dispatcher._claim(suspect=True, batch=1) == []


async def test_no_more_is_claimed_than_asked_for_whichever_way_the_server_goes(
    chassis: Chassis, script: EventScript
) -> None:
    cases = [uuid.uuid4() for _ in range(5)]
    await deliver(chassis, *(script.event(case_id, registered(case_id, "x")) for case_id in cases))
    claim = {"consumer": "chassis", "batch": 2, "suspect": False, "backoff_first_s": 1, "backoff_max_s": 1}
    async with chassis.engine.connect() as connection:
        # What is left is to look at what is claimed once for each row, as with a table whose size it misjudges.
        for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material", "memoize", "bitmapscan", "indexscan"):
            await connection.execute(text(f"SET LOCAL enable_{way} = off"))
        assert len((await connection.execute(dispatching._CLAIM, claim)).fetchall()) == 2


async def test_a_statement_that_gives_up_is_one_events_trouble_not_an_outage(
    chassis: Chassis, script: EventScript, recorder: Recorder
) -> None:
    slow, good = uuid.uuid4(), uuid.uuid4()

    async def handler(uow: UnitOfWork, event: Registered) -> None:
        if event.case_number == "slow":
            await uow.connection.execute(text("SET LOCAL statement_timeout = 10"))
            await uow.connection.execute(text("SELECT pg_sleep(5)"))
        await recorder(uow, event)

    await deliver(chassis, script.event(slow, registered(slow, "slow")), script.event(good, registered(good, "good")))
    await dispatcher_of(chassis, {Registered: handler}).step()
    assert await effects(chassis) == ["good"]
    assert await column(chassis, "SELECT error FROM inbox WHERE state = 'PENDING'") == ["OperationalError"]


async def test_twenty_quarantined_in_a_row_hold_the_consumer_until_it_is_resumed(
    chassis: Chassis, script: EventScript, recorder: Recorder
) -> None:
    cases = [uuid.uuid4() for _ in range(pausing.QUARANTINED_IN_A_ROW_MAX + 5)]
    recorder.failing.add("bad")
    await deliver(chassis, *(script.event(case_id, registered(case_id, "bad")) for case_id in cases))
    await execute(chassis, f"UPDATE inbox SET attempts = {ATTEMPTS_MAX - 1}")
    dispatcher = dispatcher_of(chassis, recorder.handlers)
    for _ in range(3):
        await dispatcher.step()
    quarantined = await column(chassis, "SELECT count(*) FROM inbox WHERE state = 'QUARANTINED'")
    assert quarantined == [pausing.QUARANTINED_IN_A_ROW_MAX]
    assert await column(chassis, "SELECT desired || ' ' || reason FROM consumer_control") == ["HOLD QUARANTINE_BUDGET"]
    recorder.failing.clear()
    assert await dispatcher.step() == 0
    async with chassis.engine.begin() as connection:
        await quarantine.resume(connection, "chassis")
    await dispatcher.step()
    assert await effects(chassis) == ["bad"] * 5


async def test_a_crash_before_the_commit_leaves_no_trace_but_the_attempt(
    chassis: Chassis, script: EventScript, recorder: Recorder
) -> None:
    case_id = uuid.uuid4()
    await deliver(chassis, script.event(case_id, registered(case_id, "a")))
    arm("dispatch.after_handle_before_commit:raise")
    try:
        await dispatcher_of(chassis, recorder.handlers).step()
    finally:
        arm("")
    assert await states(chassis) == {1: "PENDING"}
    assert await outbox_events(chassis) == []
    assert await column(chassis, "SELECT version FROM inbox_position") == []
    await due_now(chassis)
    await drain(chassis, recorder.handlers)
    assert await effects(chassis) == ["a"]


async def test_two_dispatchers_at_once_share_the_work_and_double_nothing(
    chassis: Chassis, script: EventScript, recorder: Recorder
) -> None:
    cases = [uuid.uuid4() for _ in range(20)]
    events: list[InboxRow] = []
    for number in range(10):
        events += [script.event(case_id, registered(case_id, f"{number}")) for case_id in cases]
    await deliver(chassis, *events)

    async def run() -> None:
        dispatcher = dispatcher_of(chassis, recorder.handlers)
        for _ in range(30):
            await dispatcher.step()

    await asyncio.gather(run(), run())
    await due_now(chassis)
    await drain(chassis, recorder.handlers)
    assert set(await column(chassis, "SELECT state FROM inbox")) == {"DONE"}
    said = await outbox_events(chassis)
    assert len(said) == len(events)
    assert len({(event.subject, event.version) for event in said}) == len(events)


async def test_the_cause_of_an_event_is_known_to_its_handler_and_traced(
    chassis: Chassis, script: EventScript, clock: FakeClock
) -> None:
    cases = [uuid.uuid4() for _ in range(3)]
    causing_id = uuid.uuid4()
    rows = [script.event(case_id, registered(case_id, "x"), causation_id=causing_id) for case_id in cases]
    causes = []

    async def handler(uow: UnitOfWork, event: Registered) -> None:
        causes.append((event.case_id, uow.cause.event_id, uow.cause.time, uow.cause.version, uow.cause.causation_id))
        uow.append(handover_pb2.CaseCorrected(case_id=event.case_id), uuid.UUID(event.case_id))

    await deliver(chassis, *rows)
    await drain(chassis, {Registered: handler})
    assert sorted(causes) == sorted((str(row.subject), row.event_id, clock.now(), 1, causing_id) for row in rows)
    assert sorted(await column(chassis, "SELECT causation_id FROM outbox")) == sorted(str(row.event_id) for row in rows)
    assert sorted(await column(chassis, "SELECT correlation_id FROM outbox")) == sorted(
        row.correlation_id for row in rows
    )


# Deadlines ------------------------------------------------------------------------------------


async def _arm(chassis: Chassis, case_id: uuid.UUID, clock: FakeClock, *, is_primary: bool = True) -> None:
    async def unit(uow: UnitOfWork) -> None:
        due = due_date(rule_on("INITIAL_VERIFY", clock.now().date()), clock.now(), chassis.calendar)
        one = obligations.obligation_of(uow, case_id, due, is_primary=is_primary, fire_at=clock.now())
        await obligations.arm(uow.connection, [one])

    await chassis.units.run(unit)


async def _all(uow: UnitOfWork, cases: Any) -> set[uuid.UUID]:
    return set(cases)


Fire = Callable[[UnitOfWork, obligations.ArmedObligation, bool], Awaitable[None]]


async def test_a_deadline_that_cannot_be_fired_holds_up_no_other_case(chassis: Chassis, clock: FakeClock) -> None:
    cases = [uuid.uuid4() for _ in range(5)]
    for case_id in cases:
        await _arm(chassis, case_id, clock)
    fired: list[uuid.UUID] = []

    async def fire(uow: UnitOfWork, one: obligations.ArmedObligation, late: bool) -> None:
        if one.case_id in (cases[0], cases[2]):
            raise LookupError
        fired.append(one.case_id)
        uow.append(registered(one.case_id, "fired"), one.case_id)

    for _ in range(2):
        await obligations.fire_due(chassis.units, "test", _all, fire, batch=2)
    assert {event.subject for event in await outbox_events(chassis)} == {cases[1], cases[3], cases[4]}
    assert await column(chassis, "SELECT count(*) FROM obligation WHERE state = 'ARMED'") == [2]


async def test_a_deadline_disarmed_by_the_one_before_it_does_not_fire(chassis: Chassis, clock: FakeClock) -> None:
    case_id = uuid.uuid4()
    await _arm(chassis, case_id, clock)
    await _arm(chassis, case_id, clock, is_primary=False)
    fired = []

    async def fire(uow: UnitOfWork, one: obligations.ArmedObligation, late: bool) -> None:
        fired.append(one.id)
        await obligations.disarm(uow.connection, one.case_id)

    assert await obligations.fire_due(chassis.units, "test", _all, fire) == 1
    assert await obligations.fire_due(chassis.units, "test", _all, fire) == 0
    assert len(fired) == 1


async def test_many_lookers_fire_each_deadline_once(chassis: Chassis, clock: FakeClock) -> None:
    cases = [uuid.uuid4() for _ in range(20)]
    for case_id in cases:
        await _arm(chassis, case_id, clock)

    async def fire(uow: UnitOfWork, one: obligations.ArmedObligation, late: bool) -> None:
        uow.append(registered(one.case_id, "fired"), one.case_id)

    looks = (obligations.fire_due(chassis.units, "test", _all, fire, batch=5) for _ in range(8))
    await asyncio.gather(*looks, return_exceptions=True)
    while await obligations.fire_due(chassis.units, "test", _all, fire):
        pass
    assert sorted(event.subject for event in await outbox_events(chassis)) == sorted(cases)


def test_the_attempts_last_long_enough_for_a_passing_trouble() -> None:
    patience_s = sum(
        min(dispatching.BACKOFF_MAX_S, dispatching.BACKOFF_FIRST_S * 2**attempt) for attempt in range(ATTEMPTS_MAX - 1)
    )
    assert patience_s > 20


_TELL_WHO_WAITS = """
    DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = on', current_database()); END $$;
    CREATE TABLE written (id bigint GENERATED ALWAYS AS IDENTITY, what text);
    CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO written (what) VALUES (concat_ws(' ', TG_OP, TG_TABLE_NAME, current_setting('synchronous_commit')));
        RETURN NULL;
    END $$;
    CREATE TRIGGER tell AFTER INSERT OR UPDATE ON inbox FOR EACH ROW EXECUTE FUNCTION tell();
    CREATE TRIGGER tell AFTER INSERT OR UPDATE ON outbox FOR EACH ROW EXECUTE FUNCTION tell();
"""


class Acknowledging:
    """A producer whose broker has everything at once."""

    async def send(self, *_: Any, **__: Any) -> asyncio.Future[None]:
        acknowledged = asyncio.get_running_loop().create_future()
        acknowledged.set_result(None)
        return acknowledged


async def test_only_what_can_be_done_again_does_not_wait_for_the_disk(
    chassis: Chassis, script: EventScript, recorder: Recorder
) -> None:
    case_id = uuid.uuid4()
    await execute(chassis, _TELL_WHO_WAITS)
    await chassis.engine.dispose()
    # Nor may it go on with a connection of a test before, which knows nothing of the setting.
    close_all(str(chassis.engine.url.database))
    relay = Relay(chassis.service, chassis.engine, KafkaSettings("127.0.0.1:1"), Signal(), chassis.metrics)
    producer: Any = Acknowledging()

    await deliver(chassis, script.event(case_id, registered(case_id, "1")))
    assert await dispatcher_of(chassis, recorder.handlers).step() == 1
    assert await relay.publish(producer) == 1

    assert await column(chassis, "SELECT what FROM written ORDER BY id") == [
        "INSERT inbox on",
        "UPDATE inbox off",
        "UPDATE inbox on",
        "INSERT outbox on",
        "UPDATE outbox off",
    ]
