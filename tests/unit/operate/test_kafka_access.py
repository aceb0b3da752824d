"""What each login may do in Kafka: the whole table."""

from __future__ import annotations

from services.chassis.events.streams import AUDIT, STREAMS, heard_by
from services.client.services import SERVICES
from services.operate.kafka_access import access_of, everybodys_access, operators_access

WRITES = {
    "intake": {"homeward.handover.v1", "homeward.identification.v1", "homeward.consent.v1"},
    "handover": {"homeward.transfer.v1", "homeward.office.v1"},
    "followup": {"homeward.followup.v1"},
    "notify": {"homeward.notification.v1"},
}


def test_a_service_writes_to_its_own_streams_and_what_it_sets_aside_to_quarantine() -> None:
    for service in SERVICES:
        written = {one.name for one in access_of(service) if "WRITE" in one.operations}
        own = WRITES[service] | {stream.topic for stream in AUDIT if stream.producer == service}
        assert {topic for topic in written if not topic.endswith(".quarantine")} == own
        assert written - own == {stream.quarantine_topic for stream in heard_by(service)}


def test_every_stream_has_one_writer() -> None:
    for stream in STREAMS:
        writers = {one.login for one in everybodys_access() if one.name == stream.topic and "WRITE" in one.operations}
        assert writers == {f"homeward_{stream.producer}"}


def test_a_service_reads_what_it_hears_in_its_own_group() -> None:
    for service in SERVICES:
        read = {(one.resource, one.name) for one in access_of(service) if "READ" in one.operations}
        heard = {("TOPIC", stream.topic) for stream in heard_by(service)}
        assert read == heard | {("GROUP", f"homeward-{service}")}
        assert not any(one.is_prefix for one in access_of(service))


def test_the_operator_writes_no_record_and_gives_nobody_access() -> None:
    given = {operation for one in operators_access() for operation in one.operations}
    assert given == {"READ", "DESCRIBE", "CREATE", "DELETE"}
