"""CloudEvents 1.0 in the Kafka protocol binding, binary mode: attributes in headers, protobuf as value."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from google.protobuf.message import DecodeError, Message

from services.chassis.events.signing import EventKeys, Said
from services.chassis.events.streams import (
    AUDIT,
    MESSAGE_OF_TYPE,
    OFFICE,
    OFFICE_SUBJECT,
    STREAM_OF_TOPIC,
    STREAM_OF_TYPE,
    log_subject,
)
from services.chassis.telemetry.trace import Trace

PAYLOAD_BYTES_MAX = 256 * 1024
HEADER_BYTES_MAX = 512
CONTENT_TYPE = b"application/protobuf"
_AUDIT_TOPICS = frozenset(stream.topic for stream in AUDIT)
YEAR_FIRST, YEAR_LAST = 2000, 2999
"""No event of ours is older, and PostgreSQL and Python disagree about the far ends of their calendars."""

Headers = list[tuple[str, bytes]]


SIGNED_FAULTS = frozenset({"UNKNOWN_TYPE", "PAYLOAD_NOT_DECODABLE"})
"""Faults of events that their service did sign: a bad deployment. For all others no service of ours answers."""


class BadEnvelope(Exception):
    """A record is not an event of ours: it goes to quarantine with this reason.

    `envelope` is there when only the type is unknown: a newer program may know it, and then take it in.
    """

    def __init__(self, reason: str, envelope: Envelope | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.envelope = envelope


@dataclass(frozen=True)
class Envelope:
    """One event as it travels.

    Attributes:
        event_id: UUIDv7, made once in the unit of work; consumers deduplicate by it.
        type: full name of the protobuf message.
        source: the service that produced it.
        subject: the case (UUID).
        version: number of the event among those of its case on its stream, from 1, without holes.
        time: business time at which it happened.
        trace: what caused it.
        payload: the serialized message.
        signature: of the source, as it travels.
    """

    event_id: uuid.UUID
    type: str
    source: str
    subject: uuid.UUID
    version: int
    time: datetime
    trace: Trace
    payload: bytes
    signature: str

    @property
    def topic(self) -> str:
        """The topic that the type belongs to."""
        return STREAM_OF_TYPE[self.type].topic

    def key(self) -> bytes:
        """Record key: all events of a case go to one partition, so that they keep their order."""
        return str(self.subject).encode()

    def headers(self) -> Headers:
        """Record headers."""
        event_id, subject = str(self.event_id), str(self.subject)
        return headers_of(
            event_id, self.type, self.source, subject, self.version, self.time, self.trace, self.signature
        )

    def said(self) -> Said:
        """What its source must have signed."""
        return Said(
            event_id=self.event_id,
            type=self.type,
            source=self.source,
            subject=self.subject,
            version=self.version,
            time=self.time,
            correlation_id=self.trace.correlation_id,
            causation_id=self.trace.causation_id,
            payload=self.payload,
        )

    def message(self) -> Message:
        """Decode the payload.

        Raises:
            BadEnvelope: the type is unknown, or the bytes are not of that type.
        """
        return decode(self.type, self.payload)


def headers_of(
    event_id: str,
    type_name: str,
    source: str,
    subject: str,
    version: int,
    time: datetime,
    trace: Trace,
    signature: str,
) -> Headers:
    """Record headers of an event; ids as text, since the relay builds them by the thousand."""
    headers: Headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", event_id.encode()),
        ("ce_type", type_name.encode()),
        ("ce_source", source.encode()),
        ("ce_subject", subject.encode()),
        ("ce_time", time.astimezone(UTC).isoformat().encode()),
        ("ce_aggregateversion", b"%d" % version),
        ("ce_correlationid", trace.correlation_id.encode()),
        ("ce_signature", signature.encode()),
        ("content-type", CONTENT_TYPE),
    ]
    if trace.causation_id:
        headers.append(("ce_causationid", trace.causation_id.encode()))
    if trace.traceparent:
        headers.append(("ce_traceparent", trace.traceparent.encode()))
    return headers


def decode(type_name: str, payload: bytes) -> Message:
    """Decode the bytes of an event.

    Raises:
        BadEnvelope: the type is unknown, or the bytes are not of that type.
    """
    message_type = MESSAGE_OF_TYPE.get(type_name)
    if message_type is None:
        raise BadEnvelope("UNKNOWN_TYPE")
    try:
        return message_type.FromString(payload)
    except DecodeError:
        raise BadEnvelope("PAYLOAD_NOT_DECODABLE") from None


def parse(topic: str, value: bytes | None, headers: Iterable[tuple[str, bytes]] | None, keys: EventKeys) -> Envelope:
    """Read a record, and make sure that the service whose stream this is said it.

    The payload must decode too: what cannot be understood is quarantined before it is called taken in.

    Raises:
        BadEnvelope: with the reason, as a code.
    """
    envelope = read(value, headers)
    stream = STREAM_OF_TOPIC.get(topic)
    if stream is None or envelope.source != stream.producer:
        raise BadEnvelope("WRONG_SOURCE")
    if not keys.has_signed(envelope.said(), envelope.signature):
        raise BadEnvelope("BAD_SIGNATURE")
    if envelope.type not in STREAM_OF_TYPE:
        raise BadEnvelope("UNKNOWN_TYPE", envelope)
    if envelope.topic != topic:
        raise BadEnvelope("WRONG_STREAM")
    if _named(envelope) != str(envelope.subject):
        raise BadEnvelope("WRONG_SUBJECT")
    return envelope


def _named(envelope: Envelope) -> str:
    """The subject that the payload is about."""
    message: Any = envelope.message()
    if envelope.topic == OFFICE.topic:
        return str(OFFICE_SUBJECT)
    if envelope.topic in _AUDIT_TOPICS:
        return str(log_subject(envelope.source, message.log))
    return str(getattr(message, "case_id", ""))


def read(value: bytes | None, headers: Iterable[tuple[str, bytes]] | None) -> Envelope:
    """What a record claims to be, whoever said it.

    Raises:
        BadEnvelope: it has not the form of an event.
    """
    if value is None:
        raise BadEnvelope("TOMBSTONE")
    if len(value) > PAYLOAD_BYTES_MAX:
        raise BadEnvelope("PAYLOAD_TOO_LARGE")
    if not headers:
        raise BadEnvelope("NO_HEADERS")
    attributes = _attributes(headers)
    return Envelope(
        event_id=_uuid(attributes, "ce_id"),
        type=_required(attributes, "ce_type"),
        source=_required(attributes, "ce_source"),
        subject=_uuid(attributes, "ce_subject"),
        version=_version(attributes),
        time=_time(attributes),
        trace=Trace(
            attributes.get("ce_correlationid", ""),
            attributes.get("ce_causationid", ""),
            attributes.get("ce_traceparent", ""),
        ),
        payload=value,
        signature=attributes.get("ce_signature", ""),
    )


def _attributes(headers: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    attributes: dict[str, str] = {}
    for name, raw in headers:
        if raw is None or len(raw) > HEADER_BYTES_MAX:
            raise BadEnvelope("BAD_HEADER")
        try:
            value = raw.decode()
        except UnicodeDecodeError:
            raise BadEnvelope("BAD_HEADER") from None
        if not value.isprintable():
            # PostgreSQL cannot store a NUL, and no attribute of ours needs a control character.
            raise BadEnvelope("BAD_HEADER")
        attributes[name] = value
    return attributes


def _required(attributes: dict[str, str], name: str) -> str:
    value = attributes.get(name, "")
    if not value:
        raise BadEnvelope(f"NO_{name.upper()}")
    return value


def _uuid(attributes: dict[str, str], name: str) -> uuid.UUID:
    try:
        return uuid.UUID(_required(attributes, name))
    except ValueError:
        raise BadEnvelope(f"BAD_{name.upper()}") from None


def _version(attributes: dict[str, str]) -> int:
    try:
        version = int(_required(attributes, "ce_aggregateversion"))
    except ValueError:
        raise BadEnvelope("BAD_CE_AGGREGATEVERSION") from None
    if not 0 < version < 2**31:
        raise BadEnvelope("BAD_CE_AGGREGATEVERSION")
    return version


def _time(attributes: dict[str, str]) -> datetime:
    try:
        time = datetime.fromisoformat(_required(attributes, "ce_time"))
    except ValueError:
        raise BadEnvelope("BAD_CE_TIME") from None
    if time.tzinfo is None or not YEAR_FIRST <= time.year <= YEAR_LAST:
        raise BadEnvelope("BAD_CE_TIME")
    return time
