"""Keys that tests sign events with: made from the services' names, so that every process of a test has the same."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import fields, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from google.protobuf.message import Message

from services.chassis.events.envelope import Envelope
from services.chassis.events.inbox import InboxRow
from services.chassis.events.signing import EventKeys, EventSigner, Said, signature_text, write_event_keys
from services.chassis.events.streams import HANDOVER, STREAM_OF_TYPE
from services.chassis.telemetry.trace import Trace
from services.client.services import SERVICES


@cache
def signer_of(service: str) -> EventSigner:
    """The signer of a service; one without streams of its own signs as intake."""
    name = service if service in SERVICES else HANDOVER.producer
    return EventSigner.of(name, Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest()))


@cache
def event_keys() -> EventKeys:
    """The public keys of all services."""
    signers = map(signer_of, SERVICES)
    return EventKeys({one.kid: (one.service, one.key.public_key()) for one in signers})


def signed(envelope: Envelope) -> Envelope:
    """The event, signed by its source."""
    signer = signer_of(envelope.source)
    return replace(envelope, signature=signature_text(signer.kid, signer.sign(envelope.said())))


def envelope_of(row: InboxRow) -> Envelope:
    """What arrived as this row, without a signature."""
    assert row.subject is not None
    assert row.time is not None
    source = STREAM_OF_TYPE[row.type].producer
    trace = Trace(row.correlation_id, str(row.causation_id or ""))
    return Envelope(row.event_id, row.type, source, row.subject, row.version, row.time, trace, row.payload, "")


def outbox_row(service: str, subject: uuid.UUID, message: Message, version: int, time: datetime) -> dict[str, object]:
    """A row of the service's outbox, as its unit of work writes it."""
    signer, name = signer_of(service), message.DESCRIPTOR.full_name
    said = Said(uuid.uuid4(), name, service, subject, version, time, str(uuid.uuid4()), "", message.SerializeToString())
    topic = STREAM_OF_TYPE[name].topic
    row = {field.name: getattr(said, field.name) for field in fields(Said) if field.name != "source"}
    return row | {"topic": topic, "traceparent": "", "signature": signer.sign(said), "kid": signer.kid}


def event_key_environment(folder: Path, service: str) -> dict[str, str]:
    """What a service's process is told of keys."""
    private, public = write_key_files(folder, service)
    return {"HOMEWARD_EVENT_KEY": str(private), "HOMEWARD_EVENT_KEYS": str(public)}


def write_key_files(folder: Path, service: str) -> tuple[Path, Path]:
    """The service's private key, and the public keys of all, as files."""
    private, public = folder / f"{service}.event.pem", folder / "event-keys.json"
    if not private.exists():
        private.touch(0o600)
        private.write_bytes(signer_of(service).key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        write_event_keys(public, [(one, signer_of(one).key.public_key()) for one in SERVICES])
    return private, public
