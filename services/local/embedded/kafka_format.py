"""The first files of a Kafka cluster of one node, as ``kafka-storage format --add-scram`` writes them.

That tool is a JVM of its own, which costs half as much as the start of the node. It writes little: who the cluster
is, and a snapshot of its metadata (KIP-630) with the features and the first logins. A test holds the two against one
another, for the Kafka that the lock names.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import struct
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from aiokafka.record.util import calc_crc32c, encode_varint

from services.client.files import sync_folder, write_file

FEATURES: Final[Mapping[str, int]] = {
    "metadata.version": 33,
    "eligible.leader.replicas.version": 1,
    "group.version": 1,
    "share.version": 2,
    "streams.version": 1,
    "transaction.version": 2,
}
"""What Kafka 4.4.0 turns on in a new cluster."""
SNAPSHOT: Final = Path("__cluster_metadata-0", "00000000000000000000-0000000000.checkpoint")
"""In the data folder."""
ITERATIONS: Final = 4096
SALT_BYTES: Final = 24
_SCRAM_SHA_512: Final = 2
_LOGIN_RECORD, _FEATURE_RECORD = 11, 12
_HEADER, _FOOTER = 3, 4
_CONTROL: Final = 0x20
_NOBODY: Final = (-1, -1, -1)
"""A batch without a producer: its id, epoch and first sequence number."""

Record = tuple[bytes | None, bytes]
"""Key and value."""


def write_cluster(data: Path, node_id: int, logins: Mapping[str, str]) -> None:
    """Fill the empty folder of a new cluster. `logins`: password of each user, known by SCRAM-SHA-512."""
    known = {"version": 1, "cluster.id": _new_id(), "node.id": node_id, "directory.id": _new_id()}
    path = data / SNAPSHOT
    path.parent.mkdir(mode=0o700)
    with path.open("xb") as file:
        file.write(snapshot(logins))
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)
    write_file(data / "meta.properties", "".join(f"{name}={value}\n" for name, value in known.items()))


def snapshot(logins: Mapping[str, str]) -> bytes:
    """The metadata of a new cluster in which these users are known, password by name."""
    now_ms = time.time_ns() // 1_000_000
    records = [_feature(name, level) for name, level in FEATURES.items()]
    records += [_login(name, password) for name, password in logins.items()]
    header = struct.pack(">hh", 0, _HEADER), struct.pack(">hq", 0, now_ms) + b"\0"
    footer = struct.pack(">hh", 0, _FOOTER), struct.pack(">h", 0) + b"\0"
    return b"".join(
        [
            _batch(0, _CONTROL, now_ms, [header]),
            _batch(1, 0, now_ms, [(None, value) for value in records]),
            _batch(1 + len(records), _CONTROL, now_ms, [footer]),
        ]
    )


def _new_id() -> str:
    return base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")


def _feature(name: str, level: int) -> bytes:
    return _message(_FEATURE_RECORD, _compact(name.encode()) + struct.pack(">h", level))


def _login(name: str, password: str) -> bytes:
    """What RFC 5802 lets the server keep, from which the password cannot be had."""
    salt = secrets.token_bytes(SALT_BYTES)
    salted = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS)
    stored = hashlib.sha512(hmac.digest(salted, b"Client Key", "sha512")).digest()
    server = hmac.digest(salted, b"Server Key", "sha512")
    keys = b"".join(map(_compact, (salt, stored, server)))
    return _message(
        _LOGIN_RECORD, _compact(name.encode()) + bytes([_SCRAM_SHA_512]) + keys + struct.pack(">i", ITERATIONS)
    )


def _message(kind: int, fields: bytes) -> bytes:
    """Frame and message both of their first version; nothing behind the fields."""
    return bytes([1, kind, 0]) + fields + b"\0"


def _compact(content: bytes) -> bytes:
    # Beyond that a length would take a second byte.
    assert len(content) < 127
    return bytes([len(content) + 1]) + content


def _batch(first_offset: int, attributes: int, time_ms: int, records: Sequence[Record]) -> bytes:
    body = b"".join(_record(number, *each) for number, each in enumerate(records))
    checked = struct.pack(">hiqqqhii", attributes, len(records) - 1, time_ms, time_ms, *_NOBODY, len(records)) + body
    behind_length = struct.pack(">ibI", 0, 2, calc_crc32c(checked)) + checked
    return struct.pack(">qi", first_offset, len(behind_length)) + behind_length


def _record(number: int, key: bytes | None, value: bytes) -> bytes:
    content = bytearray(b"\0")
    for each in (0, number):
        encode_varint(each, content.append)
    for part in (key, value):
        encode_varint(-1 if part is None else len(part), content.append)
        content += part or b""
    encode_varint(0, content.append)
    length = bytearray()
    encode_varint(len(content), length.append)
    return bytes(length + content)
