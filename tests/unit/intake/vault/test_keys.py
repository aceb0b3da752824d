"""Sealed things open by their own key, subject and purpose only."""

from __future__ import annotations

import base64
import uuid
from pathlib import Path

import pytest

from services.intake.vault.keys import (
    KEY_BYTES,
    KeyFileRefused,
    KeyRing,
    SealBroken,
    create_key_file,
    kek_id,
)

CASE, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
OLD, NEW = bytes(KEY_BYTES), bytes([7] * KEY_BYTES)


def test_what_is_sealed_opens_again() -> None:
    ring = KeyRing(OLD)
    key, wrapped = ring.new_key(CASE)
    sealed = key.seal("Người Ví Dụ".encode(), "person")
    assert "Ví".encode() not in sealed
    assert ring.open(CASE, wrapped).open(sealed, "person").decode() == "Người Ví Dụ"
    assert key.seal(b"same", "person") != key.seal(b"same", "person")


def test_nothing_opens_elsewhere() -> None:
    ring = KeyRing(OLD)
    key, wrapped = ring.new_key(CASE)
    sealed = key.seal(b"text", "person")
    with pytest.raises(SealBroken):
        key.open(sealed, "decision")
    with pytest.raises(SealBroken):
        key.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), "person")
    with pytest.raises(SealBroken):
        key.open(b"short", "person")
    with pytest.raises(SealBroken):
        ring.open(OTHER, wrapped)
    with pytest.raises(SealBroken):
        KeyRing(NEW).open(CASE, wrapped)


def test_a_new_key_encryption_key_opens_what_the_old_one_wrapped(tmp_path: Path) -> None:
    _, wrapped = KeyRing(OLD).new_key(CASE)
    file = tmp_path / "kek"
    file.write_bytes(b"\n".join(base64.b64encode(key) for key in (NEW, OLD)))
    file.chmod(0o600)
    ring = KeyRing.from_file(file)
    ring.open(CASE, wrapped)
    assert ring.new_key(OTHER)[1].kek_id == kek_id(NEW) != wrapped.kek_id


def test_a_made_key_file_is_usable_and_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "kek"
    create_key_file(file)
    assert file.stat().st_mode & 0o777 == 0o600
    KeyRing.from_file(file)
    with pytest.raises(FileExistsError):
        create_key_file(file)


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"x" * 33, base64.b64encode(b"x" * 31), b"\xff" * 64])
def test_a_file_without_a_key_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "kek"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(KeyFileRefused, match="holds no key"):
        KeyRing.from_file(file)


def test_a_missing_or_open_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyFileRefused, match="not set"):
        KeyRing.from_file(None)
    with pytest.raises(KeyFileRefused, match="cannot be read"):
        KeyRing.from_file(tmp_path / "none")
    file = tmp_path / "kek"
    file.write_bytes(OLD)
    file.chmod(0o640)
    with pytest.raises(KeyFileRefused, match="owner only"):
        KeyRing.from_file(file)
