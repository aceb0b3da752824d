"""Events watched, published again and set free, on a real Kafka and four real databases."""

from __future__ import annotations

import asyncio
import json
import threading
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message

from homeward.events.v1 import handover_pb2, notification_pb2
from homeward.type.v1 import types_pb2
from services.chassis.events.envelope import Envelope
from services.chassis.events.kafka_admin import (
    KafkaSettings,
    KafkaUnavailable,
    consumer_lag,
    ensure_topics,
    list_topics,
    topic_specs,
)
from services.chassis.events.pausing import QUARANTINE_BUDGET
from services.chassis.events.relay import Relay
from services.chassis.events.signals import Signal
from services.chassis.events.streams import HANDOVER, NOTIFICATION
from services.chassis.kernel.case_number import format_case_number
from services.chassis.storage.database import create_engine
from services.chassis.telemetry.metrics import Metrics
from services.chassis.telemetry.trace import Trace
from services.client.refusals import Kind, Refusal
from services.client.services import SERVICES
from services.local.embedded import EmbeddedKafka
from services.operate import events, republishing
from services.operate.event_reader import Source
from services.operate.kafka_access import OPERATOR
from services.operate.republishing import StillConsuming, republish
from services.terminal.exits import Exit
from tests.integration.operate.conftest import FourDatabases, Invoke
from tests.support.clocks import eventually, viet_nam
from tests.support.signing import event_keys, outbox_row, signed
from tests.support.waiting import patient

AT = viet_nam(2026, 3, 2)
NUMBER = "HW-999-999-957"
SPECS = topic_specs(embedded=True)
JUNK = b"\xff no event of ours"
MEMBER_WITHIN_S = 30.0


@pytest.fixture(autouse=True)
def nobody_joins_just_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """No service runs in these tests, so nobody can be about to join."""
    monkeypatch.setattr(republishing, "QUIET_S", 0.0)


@pytest.fixture
def kafka(kafka_node: EmbeddedKafka) -> KafkaSettings:
    return kafka_node.settings


@pytest.fixture
def running(state: Path, kafka: KafkaSettings) -> Path:
    """A state directory whose launcher's Kafka runs."""
    (state / "kafka").mkdir()
    (state / "kafka" / "logins.json").write_text(json.dumps({OPERATOR: kafka.sasl_password}))
    (state / "run.json").write_text(json.dumps({"kafka": kafka.bootstrap}))
    return state


def registered(case_id: uuid.UUID) -> Message:
    return handover_pb2.CaseRegistered(
        case_id=str(case_id),
        case_number=NUMBER,
        handover_id=str(uuid.uuid4()),
        receiving_office_id="BP-CN-MONG-CAI",
        gate_id="CN-MONG-CAI",
        home_province=types_pb2.ProvinceRef(code="04", vintage="2025"),
        age_band=types_pb2.AGE_BAND_FROM_16_TO_17,
    )


def corrected(case_id: uuid.UUID) -> Message:
    return handover_pb2.CaseCorrected(case_id=str(case_id), fields=["home_province"])


def said(four: FourDatabases, service: str, case_id: uuid.UUID, *messages: Message) -> None:
    """Events that the service published once."""
    for version, message in enumerate(messages, start=1):
        row = outbox_row(service, case_id, message, version, AT)
        columns, places = ", ".join(row), ", ".join(["%s"] * len(row))
        four.run(service, f"INSERT INTO outbox ({columns}, sent_at) VALUES ({places}, now())", tuple(row.values()))


@pytest.fixture
def produce(kafka: KafkaSettings) -> Iterator[Any]:
    """Put a record into a topic; returns when the broker has it."""
    from kafka import KafkaProducer

    ensure_topics(kafka, SPECS)
    with closing(KafkaProducer(**kafka.kafka_python_arguments())) as producer:

        def send(topic: str, value: bytes, key: bytes | None = None, headers: Any = None) -> Any:
            return producer.send(topic, value=value, key=key, headers=headers or []).get(timeout=patient(30))

        yield send


def produce_event(produce: Any, case_id: uuid.UUID, message: Message, version: int = 1) -> None:
    envelope = Envelope(
        event_id=uuid.uuid4(),
        type=message.DESCRIPTOR.full_name,
        source="intake",
        subject=case_id,
        version=version,
        time=AT,
        trace=Trace("", "", ""),
        payload=message.SerializeToString(),
        signature="",
    )
    envelope = signed(envelope)
    produce(envelope.topic, envelope.payload, envelope.key(), envelope.headers())


def groups_of(kafka: KafkaSettings) -> set[str]:
    from kafka.admin import KafkaAdminClient

    with closing(KafkaAdminClient(**kafka.kafka_python_arguments())) as admin:
        return {str(group["group_id"]) for group in admin.list_groups()}


# Watching -------------------------------------------------------------------------------------


def test_events_of_a_case_are_shown_with_their_codes(running: Path, produce: Any, invoke: Invoke) -> None:
    case_id = uuid.uuid4()
    produce_event(produce, case_id, registered(case_id))
    produce_event(produce, case_id, corrected(case_id), version=2)
    result = invoke(events.build, "tail", "--state", running, "--case", case_id, "--no-follow")
    assert result.exit_code == Exit.DONE, result.output
    first, second = result.output.splitlines()
    assert first.split()[:4] == ["2026-03-02", "09:00:00", "CaseRegistered", NUMBER]
    assert "receiving_office_id=BP-CN-MONG-CAI" in first
    assert "home_province=04/2025" in first
    assert "age_band=FROM_16_TO_17" in first
    assert "handover_id" not in first
    assert second.split()[2:] == ["CaseCorrected", NUMBER, "fields=[home_province]"]


def test_a_case_is_found_by_the_number_that_people_say(running: Path, produce: Any, invoke: Invoke) -> None:
    case_id = uuid.uuid4()
    number = format_case_number(7)
    message = handover_pb2.CaseRegistered(case_id=str(case_id), case_number=number)
    produce_event(produce, case_id, message)
    lines = invoke(
        events.build, "tail", "--state", running, "--case", number, "--no-follow", "--json"
    ).output.splitlines()
    facts = [json.loads(line) for line in lines]
    assert [(one["case_id"], one["case_number"], one["version"]) for one in facts] == [(str(case_id), number, 1)]


def test_a_number_that_no_event_names_is_not_found(running: Path, produce: Any, invoke: Invoke) -> None:
    produce(HANDOVER.topic, JUNK)
    result = invoke(events.build, "tail", "--state", running, "--case", format_case_number(8), "--no-follow")
    assert isinstance(result.exception, Refusal)
    assert result.exception.kind is Kind.NOT_FOUND


def test_a_name_typed_instead_of_a_number_is_not_repeated(running: Path, produce: Any, invoke: Invoke) -> None:
    result = invoke(events.build, "tail", "--state", running, "--case", "Nguyễn Thị Thí Dụ")
    assert isinstance(result.exception, Refusal)
    assert result.exception.kind is Kind.USAGE
    assert "Thí Dụ" not in str(result.exception)


def test_unknown_bytes_are_counted_and_not_shown(running: Path, produce: Any, invoke: Invoke) -> None:
    place = produce(NOTIFICATION.topic, JUNK)
    result = invoke(events.build, "tail", "--state", running, "--stream", "notification", "--no-follow")
    expected = f"{place.topic}/{place.partition}/{place.offset}: unknown bytes ({len(JUNK)}), NO_HEADERS"
    assert expected in result.output.splitlines()
    assert "no event of ours" not in result.output


def test_watching_makes_no_group(running: Path, kafka: KafkaSettings, produce: Any, invoke: Invoke) -> None:
    before = groups_of(kafka)
    produce(HANDOVER.topic, JUNK)
    assert invoke(events.build, "tail", "--state", running, "--from-start", "--limit", 1).exit_code == Exit.DONE
    assert groups_of(kafka) == before


def test_following_shows_what_comes_next(kafka: KafkaSettings, produce: Any) -> None:
    case_id, seen = uuid.uuid4(), threading.Event()

    def speak() -> None:
        version = 0
        while not seen.wait(0.05):
            version += 1
            produce_event(produce, case_id, corrected(case_id), version)

    produce(HANDOVER.topic, JUNK)
    speaker = threading.Thread(target=speak)
    speaker.start()
    try:
        source = Source(kafka, event_keys())
        with closing(source.records([HANDOVER.topic], from_start=False, follow=True)) as records:  # type: ignore[type-var]
            first = next(records)
    finally:
        seen.set()
        speaker.join()
    assert first.envelope is not None
    assert first.envelope.subject == case_id


# Publishing again -----------------------------------------------------------------------------


@pytest.fixture
def outboxes(four: FourDatabases) -> uuid.UUID:
    """A case of which intake and notify spoke."""
    case_id = uuid.uuid4()
    said(four, "intake", case_id, registered(case_id), corrected(case_id))
    said(four, "notify", case_id, notification_pb2.MessagePosted(case_id=str(case_id), kind="CASE_REGISTERED"))
    return case_id


def unsent(four: FourDatabases) -> dict[str, int]:
    return {
        service: four.run(service, "SELECT count(*) FROM outbox WHERE sent_at IS NULL")[0][0] for service in SERVICES
    }


def control_of(four: FourDatabases) -> dict[str, tuple[str, str]]:
    rows = {
        service: four.run(service, "SELECT desired, reason FROM consumer_control WHERE consumer = %s", (service,))
        for service in SERVICES
    }
    return {service: found[0] for service, found in rows.items() if found}


NOTHING_UNSENT = dict.fromkeys(SERVICES, 0)
ALL_RUN = dict.fromkeys(SERVICES, ("RUN", ""))


def test_everything_is_published_again_and_read_from_the_start(
    running: Path, four: FourDatabases, outboxes: uuid.UUID, kafka: KafkaSettings, produce: Any, invoke: Invoke
) -> None:
    commit_offset(kafka, "homeward-handover", produce)
    assert consumer_lag(kafka, "homeward-handover")
    result = invoke(events.build, "republish", "--state", running, "--yes", "--json")
    assert result.exit_code == Exit.DONE, result.output
    done = json.loads(result.stdout)
    assert done["events"] == {"intake": 2, "handover": 0, "followup": 0, "notify": 1}
    assert done["groups"] == ["homeward-handover"]
    assert unsent(four) == {"intake": 2, "handover": 0, "followup": 0, "notify": 1}
    assert control_of(four) == ALL_RUN
    assert consumer_lag(kafka, "homeward-handover") == {}
    assert {spec.name: spec.partitions for spec in SPECS}.items() <= list_topics(kafka).items()


async def test_what_was_published_again_arrives_in_order(
    four: FourDatabases, outboxes: uuid.UUID, kafka: KafkaSettings
) -> None:
    await republish(four.urls, kafka, SPECS, tell=silent)
    engine = create_engine(four.urls["intake"], "homeward-test-intake")

    async def everything_sent() -> bool:
        return unsent(four)["intake"] == 0

    relay = Relay("intake", engine, kafka, Signal(), Metrics("intake"))
    task = asyncio.ensure_future(relay.run())
    try:
        await eventually(everything_sent, deadline_s=30)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await engine.dispose()
    records = Source(kafka, event_keys()).records([HANDOVER.topic], from_start=True, follow=False)
    found = [one.envelope.version for one in records if one.envelope and one.envelope.subject == outboxes]
    assert found == [1, 2]


def silent(sentence: str, facts: Mapping[str, object]) -> None:
    """Nobody looks."""


async def test_large_outboxes_go_in_batches(
    four: FourDatabases, outboxes: uuid.UUID, kafka: KafkaSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(republishing, "BATCH_ROWS", 1)
    told = []
    done = await republish(four.urls, kafka, SPECS, tell=lambda sentence, facts: told.append((sentence, facts)))
    assert done.events["intake"] == 2
    counts = [facts["count"] for sentence, facts in told if sentence == republishing.OUTBOX]
    assert counts == [1, 2, 1]


async def test_a_consumer_that_its_budget_stopped_stays_stopped(
    four: FourDatabases, outboxes: uuid.UUID, kafka: KafkaSettings
) -> None:
    four.run("followup", "INSERT INTO consumer_control VALUES ('followup', 'HOLD', %s, now())", (QUARANTINE_BUDGET,))
    done = await republish(four.urls, kafka, SPECS, tell=silent)
    assert done.left_held == ["followup"]
    assert control_of(four) == {**ALL_RUN, "followup": ("HOLD", QUARANTINE_BUDGET)}


async def test_a_budget_that_runs_out_meanwhile_is_not_forgotten(four: FourDatabases, kafka: KafkaSettings) -> None:
    def run_out(sentence: str, facts: Mapping[str, object]) -> None:
        if sentence == republishing.TOPICS:
            four.run("notify", "UPDATE consumer_control SET reason = %s", (QUARANTINE_BUDGET,))

    await republish(four.urls, kafka, SPECS, tell=run_out)
    assert control_of(four)["notify"] == ("HOLD", QUARANTINE_BUDGET)


async def test_a_republish_that_was_killed_is_finished_by_the_next(four: FourDatabases, kafka: KafkaSettings) -> None:
    four.run("intake", "INSERT INTO consumer_control VALUES ('intake', 'HOLD', 'REPUBLISHING', now())")
    await republish(four.urls, kafka, SPECS, tell=silent)
    assert control_of(four) == ALL_RUN


async def test_nothing_is_changed_while_a_service_still_consumes(
    four: FourDatabases, outboxes: uuid.UUID, kafka: KafkaSettings, member: str
) -> None:
    with pytest.raises(StillConsuming) as caught:
        await republish(four.urls, kafka, SPECS, tell=silent, members_gone_s=0)
    assert caught.value.groups == (member,)
    assert unsent(four) == NOTHING_UNSENT
    assert control_of(four) == ALL_RUN


async def test_control_c_lets_the_consumers_run_again(
    four: FourDatabases, outboxes: uuid.UUID, kafka: KafkaSettings, member: str
) -> None:
    held: list[dict[str, tuple[str, str]]] = []

    def press(sentence: str, facts: Mapping[str, object]) -> None:
        if sentence == republishing.LEAVING:
            held.append(control_of(four))
        if sentence in (republishing.LEAVING, republishing.RESUMING):
            task.cancel()

    task = asyncio.ensure_future(republish(four.urls, kafka, SPECS, tell=press))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert held == [dict.fromkeys(SERVICES, ("HOLD", "REPUBLISHING"))]
    assert control_of(four) == ALL_RUN
    assert unsent(four) == NOTHING_UNSENT


async def test_a_kafka_that_goes_away_lets_the_consumers_run_again(
    four: FourDatabases, outboxes: uuid.UUID, kafka: KafkaSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> list[str]:
        raise KafkaUnavailable(bootstrap="-", timeout_s=0, reason="away")

    monkeypatch.setattr(republishing, "ensure_topics", away)
    with pytest.raises(KafkaUnavailable):
        await republish(four.urls, kafka, SPECS, tell=silent)
    assert control_of(four) == ALL_RUN
    assert unsent(four) == NOTHING_UNSENT


def test_a_database_that_is_away_stops_it_before_anything_changed(
    running: Path, four: FourDatabases, outboxes: uuid.UUID, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOMEWARD_NOTIFY_DATABASE_URL", "postgresql://x:x@127.0.0.1:1/nowhere")
    monkeypatch.setattr(republishing, "RESUME_PAUSE_S", 0.0)
    result = invoke(events.build, "republish", "--state", running, "--yes")
    assert isinstance(result.exception, Refusal)
    assert "notify" in result.exception.message
    assert unsent(four) == NOTHING_UNSENT
    assert {service: said for service, said in control_of(four).items() if said[0] == "HOLD"} == {}


def test_it_asks_first(running: Path, four: FourDatabases, outboxes: uuid.UUID, invoke: Invoke) -> None:
    result = invoke(events.build, "republish", "--state", running)
    assert result.exit_code != Exit.DONE
    assert unsent(four) == NOTHING_UNSENT
    assert control_of(four) == {}


def commit_offset(kafka: KafkaSettings, group: str, produce: Any) -> None:
    """Let a consumer of the group take a record in and leave."""
    from kafka import KafkaConsumer

    produce(HANDOVER.topic, JUNK)
    consumer = KafkaConsumer(
        HANDOVER.topic,
        **kafka.kafka_python_arguments(),
        group_id=group,
        auto_offset_reset="earliest",
        consumer_timeout_ms=int(patient(MEMBER_WITHIN_S) * 1000),
    )
    with closing(consumer):
        assert next(consumer)
        consumer.commit()


@pytest.fixture
async def member(kafka: KafkaSettings) -> AsyncIterator[str]:
    """A group of a service with a member that does not leave."""
    from aiokafka import AIOKafkaConsumer

    group = "homeward-notify"
    await asyncio.to_thread(ensure_topics, kafka, SPECS)
    consumer = AIOKafkaConsumer(HANDOVER.topic, **kafka.aiokafka_arguments(), group_id=group)

    async def joined() -> bool:
        return bool(consumer.assignment())

    await consumer.start()
    try:
        await eventually(joined, deadline_s=MEMBER_WITHIN_S)
        yield group
    finally:
        await consumer.stop()
