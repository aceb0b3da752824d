"""The event streams: who produces them, which messages they carry, and who hears those.

All of it is read from the contracts, one file of events for each stream. Each stream has one producing service,
which numbers the events of a case on it from 1 without holes.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from google.protobuf.descriptor import FileDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from homeward.events.v1 import (
    audit_followup_pb2,
    audit_handover_pb2,
    audit_intake_pb2,
    audit_notify_pb2,
    consent_pb2,
    followup_pb2,
    handover_pb2,
    identification_pb2,
    notification_pb2,
    office_pb2,
    transfer_pb2,
)
from homeward.type.v1 import options_pb2

PARTITION_COUNT = 4
QUARANTINE_SUFFIX = ".quarantine"


@dataclass(frozen=True)
class Stream:
    """One topic and the events it carries.

    `is_ordered`: the events of a case take effect in the order of their numbers. Otherwise each stands alone and
    takes effect as it comes.
    """

    topic: str
    producer: str
    types: tuple[type[Message], ...]
    is_ordered: bool = True

    @property
    def quarantine_topic(self) -> str:
        """Where consumers copy what they could not take in."""
        return self.topic + QUARANTINE_SUFFIX


def stream_of(file: FileDescriptor) -> Stream:
    """The stream that the events of this file make."""
    told = file.GetOptions().Extensions[options_pb2.stream]
    events = (one for one in file.message_types_by_name.values() if one.GetOptions().HasExtension(options_pb2.event))
    return Stream(told.topic, _service(told.producer), tuple(map(GetMessageClass, events)), not told.unordered)


def readers_of(event: type[Message]) -> frozenset[str]:
    """The services that hear an event."""
    return frozenset(map(_service, event.DESCRIPTOR.GetOptions().Extensions[options_pb2.event].readers))


def _service(number: options_pb2.Service.ValueType) -> str:
    return options_pb2.Service.Name(number).removeprefix("SERVICE_").lower()


HANDOVER = stream_of(handover_pb2.DESCRIPTOR)
IDENTIFICATION = stream_of(identification_pb2.DESCRIPTOR)
CONSENT = stream_of(consent_pb2.DESCRIPTOR)
TRANSFER = stream_of(transfer_pb2.DESCRIPTOR)
FOLLOWUP = stream_of(followup_pb2.DESCRIPTOR)
NOTIFICATION = stream_of(notification_pb2.DESCRIPTOR)
OFFICE = stream_of(office_pb2.DESCRIPTOR)
OFFICE_SUBJECT = uuid.UUID("6f0c4c5e-0b6b-5d0e-9a34-3f1d6f0e8a11")
"""The one subject of all events of the office stream: it puts them into one order for everybody. It is no case."""

AUDIT: tuple[Stream, ...] = tuple(
    stream_of(file.DESCRIPTOR) for file in (audit_intake_pb2, audit_handover_pb2, audit_followup_pb2, audit_notify_pb2)
)
"""The heads of each service's logs, kept by the others. Their subjects are logs, not cases: `log_subject`."""

STREAMS: tuple[Stream, ...] = (HANDOVER, IDENTIFICATION, CONSENT, TRANSFER, FOLLOWUP, NOTIFICATION, OFFICE, *AUDIT)

STREAM_OF_TOPIC: Mapping[str, Stream] = {stream.topic: stream for stream in STREAMS}
STREAM_OF_TYPE: Mapping[str, Stream] = {
    message.DESCRIPTOR.full_name: stream for stream in STREAMS for message in stream.types
}
MESSAGE_OF_TYPE: Mapping[str, type[Message]] = {
    message.DESCRIPTOR.full_name: message for stream in STREAMS for message in stream.types
}


def log_subject(service: str, log: str) -> uuid.UUID:
    """The subject of the heads of a service's log."""
    return uuid.uuid5(OFFICE_SUBJECT, f"{service}.{log}")


def heard_by(service: str) -> tuple[Stream, ...]:
    """The streams on which there is something for a service to hear."""
    return tuple(stream for stream in STREAMS if any(service in readers_of(event) for event in stream.types))
