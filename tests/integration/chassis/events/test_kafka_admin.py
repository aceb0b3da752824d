"""The operator's commands against a real Kafka node."""

from __future__ import annotations

import socket
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.structs import OffsetAndMetadata

from services.chassis.events.kafka_admin import (
    GroupNotDeleted,
    KafkaSettings,
    KafkaUnavailable,
    TopicNotCreated,
    TopicSpec,
    cluster_is_ready,
    consumer_lag,
    delete_groups,
    ensure_topics,
    group_members,
    list_topics,
)
from services.local.embedded import EmbeddedKafka
from services.local.embedded.ports import free_port
from tests.support.waiting import patient

DEADLINE_S = patient(30.0)


@pytest.fixture
def name() -> str:
    """A name that no other test of this session has used."""
    return f"homeward.test-{uuid.uuid4().hex[:8]}.v1"


def send(kafka: KafkaSettings, topic: str, count: int) -> None:
    producer = KafkaProducer(**kafka.kafka_python_arguments())
    for _ in range(count):
        producer.send(topic, b"x", partition=0)
    producer.flush()
    producer.close()


def commit(kafka: KafkaSettings, group: str, topic: str, offset: int) -> None:
    consumer = KafkaConsumer(**kafka.kafka_python_arguments(), group_id=group, enable_auto_commit=False)
    place = TopicPartition(topic, 0)
    consumer.assign([place])
    consumer.commit({place: OffsetAndMetadata(offset, "", -1)})
    consumer.close()


def test_creates_what_is_missing_and_leaves_the_rest(kafka_node: EmbeddedKafka, name: str) -> None:
    first, second = TopicSpec(name, partitions=3), TopicSpec(f"{name}.quarantine", partitions=1)
    assert ensure_topics(kafka_node.settings, [first]) == [name]
    assert ensure_topics(kafka_node.settings, [first, second]) == [second.name]
    assert ensure_topics(kafka_node.settings, [first, second]) == []
    assert ensure_topics(kafka_node.settings, []) == []
    topics = list_topics(kafka_node.settings)
    assert (topics[name], topics[second.name]) == (3, 1)


def test_topics_keep_their_records_for_ever(kafka_node: EmbeddedKafka, name: str) -> None:
    ensure_topics(kafka_node.settings, [TopicSpec(name, partitions=1)])
    with KafkaAdminClient(**kafka_node.settings.kafka_python_arguments()) as admin:
        described = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)], config_filter="all")
    values = described["topic"][name]
    assert str(values["retention.ms"]["value"]) == "-1"
    assert str(values["min.insync.replicas"]["value"]) == "1"


def test_two_processes_may_create_the_same_topics(kafka_node: EmbeddedKafka, name: str) -> None:
    specs = [TopicSpec(f"{name}.{number}", partitions=1) for number in range(5)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: ensure_topics(kafka_node.settings, specs), range(2)))
    assert sorted(answers[0] + answers[1]) == sorted(spec.name for spec in specs)


def test_says_which_topic_was_refused(kafka_node: EmbeddedKafka, name: str) -> None:
    with pytest.raises(TopicNotCreated, match=name):
        ensure_topics(kafka_node.settings, [TopicSpec(name, partitions=1, replication=3)])


def test_lag_counts_what_lies_after_the_committed_offset(kafka_node: EmbeddedKafka, name: str) -> None:
    ensure_topics(kafka_node.settings, [TopicSpec(name, partitions=2)])
    send(kafka_node.settings, name, 5)
    assert consumer_lag(kafka_node.settings, name) == {}
    commit(kafka_node.settings, name, name, 2)
    assert consumer_lag(kafka_node.settings, name) == {(name, 0): 3}


def test_a_group_can_be_deleted_once_it_has_no_members(kafka_node: EmbeddedKafka, name: str) -> None:
    ensure_topics(kafka_node.settings, [TopicSpec(name, partitions=1)])
    assert group_members(kafka_node.settings, name) == 0
    assert delete_groups(kafka_node.settings, [name]) == []
    consumer = KafkaConsumer(name, **kafka_node.settings.kafka_python_arguments(), group_id=name)
    end = time.monotonic() + DEADLINE_S
    while not consumer.assignment() and time.monotonic() < end:
        consumer.poll(timeout_ms=100)
    assert group_members(kafka_node.settings, name) == 1
    with pytest.raises(GroupNotDeleted, match=name):
        delete_groups(kafka_node.settings, [name])
    consumer.close()
    assert group_members(kafka_node.settings, name) == 0
    commit(kafka_node.settings, name, name, 0)
    assert delete_groups(kafka_node.settings, [name]) == [name]
    assert consumer_lag(kafka_node.settings, name) == {}


def test_says_that_nobody_answers() -> None:
    address = f"127.0.0.1:{free_port()}"
    threads = threading.active_count()
    with pytest.raises(KafkaUnavailable, match=address):
        list_topics(address, timeout_s=0.5)
    assert threading.active_count() == threads
    assert not cluster_is_ready(address, timeout_s=0.5)


def test_says_that_something_else_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(KafkaUnavailable, match=address):
            list_topics(address, timeout_s=0.5)


def test_a_ready_cluster_says_so(kafka_node: EmbeddedKafka) -> None:
    assert cluster_is_ready(kafka_node.settings, timeout_s=patient(5))
