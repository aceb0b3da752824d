"""Reads streams from Kafka without a group: nothing is committed, nobody's position moves."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

from services.chassis.events.envelope import BadEnvelope, Envelope, parse
from services.chassis.events.kafka_admin import KafkaSettings, KafkaUnavailable, list_topics
from services.chassis.events.signing import EventKeys

POLL_MS: Final = 500
POLL_RECORDS: Final = 500
FETCH_BYTES_MAX: Final = 8 * 2**20
SILENCE_S: Final = 30.0
"""Without a record for so long although the log goes on, reading to the end gives up."""


@dataclass(frozen=True)
class Seen:
    """A record.

    Attributes:
        envelope: the event; None when it is none that one of our services signed.
        unreadable: why, as a code; empty for an event.
        bytes_count: of the value.
    """

    topic: str
    partition: int
    offset: int
    envelope: Envelope | None
    unreadable: str
    bytes_count: int


@dataclass(frozen=True)
class Source:
    """A cluster, and the keys by which an event is known from any other bytes."""

    kafka: KafkaSettings
    keys: EventKeys

    def existing(self, wanted: Sequence[str]) -> list[str]:
        """Those of the topics that are there.

        Raises:
            KafkaAdminError: Kafka did not answer.
        """
        there = list_topics(self.kafka)
        return [topic for topic in wanted if topic in there]

    def records(self, topics: Sequence[str], *, from_start: bool, follow: bool) -> Iterator[Seen]:
        """Records of topics that exist, those that were fetched together in the order of their time.

        Without `follow` it stops at what is the end now.

        Raises:
            KafkaUnavailable: reading to the end, nothing came for half a minute.
        """
        from kafka import KafkaConsumer, TopicPartition

        with closing(
            KafkaConsumer(
                **self.kafka.kafka_python_arguments(),
                client_id="homeward-tail",
                group_id=None,
                enable_auto_commit=False,
                fetch_max_bytes=FETCH_BYTES_MAX,
                max_poll_records=POLL_RECORDS,
            )
        ) as consumer:
            places = [
                TopicPartition(topic, number) for topic in topics for number in consumer.partitions_for_topic(topic)
            ]
            consumer.assign(places)
            ends = consumer.end_offsets(places)
            if from_start:
                consumer.seek_to_beginning(*places)
            else:
                for place in places:
                    consumer.seek(place, ends[place])
            heard_s = time.monotonic()
            while follow or any(consumer.position(place) < ends[place] for place in places):
                fetched = consumer.poll(timeout_ms=POLL_MS)
                now_s = time.monotonic()
                if fetched:
                    heard_s = now_s
                elif not follow and now_s - heard_s > SILENCE_S:
                    reason = "no records came"
                    raise KafkaUnavailable(bootstrap=self.kafka.bootstrap, timeout_s=SILENCE_S, reason=reason)
                records = (record for records in fetched.values() for record in records)
                for record in sorted(records, key=lambda record: record.timestamp):
                    if follow or record.offset < ends[TopicPartition(record.topic, record.partition)]:
                        yield _seen(record, self.keys)


def _seen(record: Any, keys: EventKeys) -> Seen:
    try:
        envelope, unreadable = parse(record.topic, record.value, record.headers, keys), ""
    except BadEnvelope as bad:
        envelope, unreadable = None, bad.reason
    return Seen(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        envelope=envelope,
        unreadable=unreadable,
        bytes_count=len(record.value or b""),
    )
