"""Only what the service of a stream signed, as it signed it, is an event."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from homeward.events.v1 import handover_pb2, office_pb2, transfer_pb2
from services.chassis.events import inbox as inboxes
from services.chassis.events.envelope import SIGNED_FAULTS, BadEnvelope, Envelope, Headers, parse
from services.chassis.events.inbox import InboxRow, is_refused, row_of
from services.chassis.events.signing import EventKeys, EventSigner, Said, signature_text, write_event_keys
from services.chassis.events.streams import AUDIT, HANDOVER, OFFICE, OFFICE_SUBJECT, STREAMS, TRANSFER, Stream
from services.chassis.storage.key_files import create_signing_key
from services.chassis.telemetry.trace import Trace
from tests.support.signing import event_keys, signed, signer_of

CASE, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
AT = datetime(2026, 3, 2, 2, tzinfo=UTC)


def custody_changed(case_id: uuid.UUID = CASE, **changes: object) -> Envelope:
    """An event as handover says it."""
    message = transfer_pb2.CustodyChanged(case_id=str(case_id), accountable_office_id="SA-04")
    said = Envelope(
        event_id=uuid.UUID(int=7),
        type=message.DESCRIPTOR.full_name,
        source="handover",
        subject=case_id,
        version=3,
        time=AT,
        trace=Trace("correlation", "cause", "trace"),
        payload=message.SerializeToString(),
        signature="",
    )
    return replace(said, **changes)  # type: ignore[arg-type]


def refused(envelope: Envelope, topic: str = TRANSFER.topic, headers: Headers | None = None) -> str:
    """Why it is turned away."""
    with pytest.raises(BadEnvelope) as caught:
        parse(topic, envelope.payload, envelope.headers() if headers is None else headers, event_keys())
    return caught.value.reason


def test_what_its_service_signed_comes_through() -> None:
    said = signed(custody_changed())
    assert parse(TRANSFER.topic, said.payload, said.headers(), event_keys()) == said


CHANGED: dict[str, Callable[[Envelope], Envelope]] = {
    "id": lambda said: replace(said, event_id=uuid.UUID(int=8)),
    "type": lambda said: replace(said, type="homeward.events.v1.TransferPlanned"),
    "subject": lambda said: replace(said, subject=OTHER),
    "version": lambda said: replace(said, version=4),
    "time": lambda said: replace(said, time=AT + timedelta(microseconds=1)),
    "correlation id": lambda said: replace(said, trace=replace(said.trace, correlation_id="other")),
    "causation id": lambda said: replace(said, trace=replace(said.trace, causation_id="other")),
    "payload": lambda said: replace(said, payload=custody_changed(OTHER).payload),
    "signature of another event": lambda said: replace(said, signature=signed(custody_changed(OTHER)).signature),
    "no signature": lambda said: replace(said, signature=""),
    "no key": lambda said: replace(said, signature=said.signature.partition(":")[2]),
    "no base64": lambda said: replace(said, signature=said.signature[:-4] + "*é=="),
    "another service's signature": lambda said: replace(
        said, signature=signed(replace(said, source="notify")).signature
    ),
}


@pytest.mark.parametrize("what", CHANGED)
def test_what_was_changed_on_the_way_is_refused(what: str) -> None:
    assert refused(CHANGED[what](signed(custody_changed()))) == "BAD_SIGNATURE"


def test_the_trace_context_is_nobodys_business() -> None:
    said = signed(custody_changed())
    other = replace(said, trace=replace(said.trace, traceparent=""))
    assert parse(TRANSFER.topic, other.payload, other.headers(), event_keys()).subject == CASE


def test_no_part_lends_its_end_to_another() -> None:
    one = Said(CASE, "ab", "c", CASE, 1, AT, "", "", b"")
    assert one.to_sign() != replace(one, type="a", source="bc").to_sign()
    assert replace(one, correlation_id="x").to_sign() != replace(one, causation_id="x").to_sign()


def test_a_service_speaks_on_its_own_streams_only() -> None:
    assert refused(signed(custody_changed(source="notify"))) == "WRONG_SOURCE"
    assert refused(signed(custody_changed()), topic=HANDOVER.topic) == "WRONG_SOURCE"
    assert refused(signed(custody_changed()), topic="homeward.unheard.v1") == "WRONG_SOURCE"
    # Handover owns both streams, so source and signature are right.
    assert refused(signed(custody_changed()), topic=OFFICE.topic) == "WRONG_STREAM"


def test_the_source_comes_before_the_signature_and_that_before_the_subject() -> None:
    assert refused(custody_changed(OTHER, source="notify", subject=CASE)) == "WRONG_SOURCE"
    assert refused(custody_changed(OTHER, subject=CASE)) == "BAD_SIGNATURE"
    assert refused(signed(custody_changed(OTHER, subject=CASE))) == "WRONG_SUBJECT"


def test_what_is_said_of_offices_has_one_subject() -> None:
    message = office_pb2.OfficeEnded(office_id="SA-15")
    ended = custody_changed(
        type=message.DESCRIPTOR.full_name, payload=message.SerializeToString(), subject=OFFICE_SUBJECT
    )
    assert parse(OFFICE.topic, ended.payload, signed(ended).headers(), event_keys()).subject == OFFICE_SUBJECT
    assert refused(signed(replace(ended, subject=OTHER)), topic=OFFICE.topic) == "WRONG_SUBJECT"


class Record:
    """As Faust hands it over."""

    partition, offset = 0, 1

    def __init__(self, said: Envelope, key: bytes | None = None) -> None:
        self.topic = TRANSFER.topic
        self.key: bytes | None = key or said.key()
        self.value: bytes | None = said.payload
        self.headers: dict[str, bytes] | Headers | None = said.headers()


def test_a_forged_record_takes_no_events_place_and_holds_up_no_case() -> None:
    row = row_of(Record(custody_changed()), event_keys())
    assert (row.state, row.error, row.subject, row.type) == ("QUARANTINED", "BAD_SIGNATURE", None, "")
    assert row.event_id != custody_changed().event_id


def rows(*errors: str) -> list[InboxRow]:
    """Rows of records that were set aside, or taken in where there is no error."""
    row = row_of(Record(signed(custody_changed())), event_keys())
    return [replace(row, state="QUARANTINED" if error else "PENDING", error=error) for error in errors]


@pytest.mark.parametrize(
    ("errors", "spent"),
    [
        (["BAD_SIGNATURE"] * 100, False),
        (["NO_HEADERS"] * 100, False),
        (["WRONG_SUBJECT", "KEY_IS_NOT_SUBJECT"] * 50, False),
        (["UNKNOWN_TYPE"] * 19 + ["BAD_SIGNATURE"] * 50, False),
        (["UNKNOWN_TYPE", "BAD_SIGNATURE"] * 20, True),
        (["PAYLOAD_NOT_DECODABLE"] * 20, True),
        (["PAYLOAD_NOT_DECODABLE"] * 19 + [""] + ["PAYLOAD_NOT_DECODABLE"] * 19, False),
    ],
)
def test_only_what_a_service_signed_spends_the_budget(errors: list[str], spent: bool) -> None:
    inbox = inboxes.Inbox.__new__(inboxes.Inbox)
    inbox._unreadable_in_a_row = 0
    assert inbox._spend_budget(rows(*errors)) is spent
    assert [is_refused(row) for row in rows(*errors)] == [bool(one) and one not in SIGNED_FAULTS for one in errors]


def test_keys_come_from_files_and_old_ones_stay(tmp_path: Path) -> None:
    for name in ("old", "new", "other"):
        create_signing_key(tmp_path / name)
    old, new = (EventSigner.from_file("handover", tmp_path / name) for name in ("old", "new"))
    other = EventSigner.from_file("intake", tmp_path / "other")
    write_event_keys(tmp_path / "keys", [(one.service, one.key.public_key()) for one in (old, new, other)])
    keys = EventKeys.from_file(tmp_path / "keys")
    said = custody_changed().said()
    assert [keys.has_signed(said, text_of(one, said)) for one in (old, new, other)] == [True, True, False]
    assert not keys.has_signed(said, text_of(signer_of("handover"), said))


def text_of(signer: EventSigner, said: Said) -> str:
    """The header that the signer's service sends."""
    return signature_text(signer.kid, signer.sign(said))


@pytest.mark.parametrize("text", ["", "[]", '{"keys": []}', '{"keys": [{"kid": "x", "kty": "OKP"}]}', '{"keys": 1}'])
def test_a_file_that_holds_no_keys_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "keys").write_text(text)
    with pytest.raises(ValueError, match="keys"):
        EventKeys.from_file(tmp_path / "keys")


def test_a_private_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    create_signing_key(tmp_path / "key")
    (tmp_path / "key").chmod(0o640)
    with pytest.raises(PermissionError):
        EventSigner.from_file("handover", tmp_path / "key")


def test_the_key_is_not_shown() -> None:
    assert "PrivateKey" not in repr(signer_of("handover"))


def test_a_registration_names_its_case() -> None:
    message = handover_pb2.CaseRegistered(case_id=str(CASE))
    said = custody_changed(type=message.DESCRIPTOR.full_name, source="intake", payload=message.SerializeToString())
    assert parse(HANDOVER.topic, said.payload, signed(said).headers(), event_keys()).subject == CASE
    assert refused(signed(replace(said, subject=OTHER)), topic=HANDOVER.topic) == "WRONG_SUBJECT"


@pytest.mark.parametrize("stream", [one for one in STREAMS if one not in (OFFICE, *AUDIT)], ids=lambda one: one.topic)
def test_every_event_names_the_case_that_it_is_about(stream: Stream) -> None:
    assert [event.__name__ for event in stream.types if "case_id" not in event.DESCRIPTOR.fields_by_name] == []
