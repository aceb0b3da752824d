"""Envelope encryption of what may name a person, or tell of her.

One random data key for each subject (a case, a handover), AES-256-GCM, wrapped by a key-encryption key
that lives in a file outside the database. Erasing a case is destroying its wrapped key: the row stays with an empty
one, so that nothing is sealed anew under another key, and whoever opens or seals is told that it was erased. What is
sealed is bound to the service, its subject and purpose: a text moved to another row does not open. Each service that
seals has keys of its own: its ring names them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final, Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.chassis.kernel.errors import CaseErased

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
KEK_ID_CHARS: Final = 16
KEK_FILE_MODE: Final = 0o600
KEKS_MAX: Final = 16


class KeyFileRefused(Exception):
    """The file of the key-encryption key cannot be used; says why and never its content."""


DESTROYED: Final = b""
"""What stands in the place of a wrapped key that was destroyed."""


class SealBroken(Exception):
    """Sealed bytes do not open: another key, subject or purpose, or they were altered."""


@dataclass(frozen=True, slots=True, repr=False)
class WrappedKey:
    """A data key as the database keeps it."""

    kek_id: str
    wrapped: bytes

    @property
    def is_destroyed(self) -> bool:
        """Whether nothing that it sealed opens any more."""
        return self.wrapped == DESTROYED


class DataKey:
    """The open data key of one subject; its `repr` shows nothing."""

    __slots__ = ("_cipher", "_context", "_subject")

    def __init__(self, key: bytes, context: str, subject: UUID) -> None:
        self._cipher = AESGCM(key)
        self._context = context
        self._subject = subject

    def __repr__(self) -> str:
        return "DataKey(…)"

    def seal(self, plain: bytes, purpose: str) -> bytes:
        """Nonce and ciphertext; `purpose` names the field, and is needed to open it."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, self._bound_to(purpose))

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """What was sealed; raises SealBroken."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._bound_to(purpose))
        except (InvalidTag, ValueError):
            raise SealBroken from None

    def _bound_to(self, purpose: str) -> bytes:
        return f"{self._context}|{self._subject}|{purpose}".encode()


class KeyRing:
    """Key-encryption keys: the first wraps new data keys, all of them open old ones.

    Each service that seals has a ring of its own. `context` is bound into all that it seals, `setting` names its file,
    and `without` says what the service does not do without it.
    """

    __slots__ = ("_current", "_keks")

    context: ClassVar[str]
    setting: ClassVar[str]
    without: ClassVar[str]

    def __init__(self, *keks: bytes) -> None:
        """Raises ValueError for a key that has not 32 bytes, or for none."""
        if not keks or any(len(kek) != KEY_BYTES for kek in keks):
            raise ValueError(f"a key-encryption key has {KEY_BYTES} bytes")
        self._keks: Mapping[str, AESGCM] = {kek_id(kek): AESGCM(kek) for kek in keks}
        self._current = kek_id(keks[0])

    def __repr__(self) -> str:
        return "KeyRing(…)"

    @classmethod
    def from_file(cls, path: Path | None) -> Self:
        """Read 32 raw bytes, or lines of base64: the current key first, then older ones.

        Raises KeyFileRefused when the file is missing, readable by others, or holds no keys.
        """
        if path is None:
            raise KeyFileRefused(f"{cls.setting} is not set: {cls.without}")
        try:
            mode, content = path.stat().st_mode, path.read_bytes()
        except OSError as error:
            reason = type(error).__name__
            raise KeyFileRefused(f"{cls.setting}: {path.name} cannot be read ({reason})") from None
        if mode & 0o077:
            raise KeyFileRefused(f"{cls.setting}: {path.name} must be readable by its owner only")
        try:
            return cls(*_keks_in(content))
        except (ValueError, binascii.Error):
            raise KeyFileRefused(
                f"{cls.setting}: {path.name} holds no key of {KEY_BYTES} bytes, raw or in base64"
            ) from None

    def new_key(self, subject: UUID) -> tuple[DataKey, WrappedKey]:
        """A fresh data key, open and wrapped."""
        key = os.urandom(KEY_BYTES)
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._keks[self._current].encrypt(nonce, key, self._wrapped_for(subject))
        return DataKey(key, self.context, subject), WrappedKey(self._current, nonce + sealed)

    def open(self, subject: UUID, wrapped: WrappedKey) -> DataKey:
        """The data key of a subject.

        Raises SealBroken, also when its KEK is not in the file, and CaseErased when it was destroyed.
        """
        if wrapped.is_destroyed:
            raise CaseErased
        kek = self._keks.get(wrapped.kek_id)
        if kek is None:
            raise SealBroken
        nonce, sealed = wrapped.wrapped[:NONCE_BYTES], wrapped.wrapped[NONCE_BYTES:]
        try:
            key = kek.decrypt(nonce, sealed, self._wrapped_for(subject))
        except (InvalidTag, ValueError):
            raise SealBroken from None
        return DataKey(key, self.context, subject)

    def _wrapped_for(self, subject: UUID) -> bytes:
        return f"{self.context}|data-key|{subject}".encode()


def kek_id(kek: bytes) -> str:
    """Names a key without telling it: the start of its SHA-256 in hex."""
    return hashlib.sha256(b"homeward kek id" + kek).hexdigest()[:KEK_ID_CHARS]


def create_key_file(path: Path) -> None:
    """Make a new key file, readable by its owner only; raises FileExistsError."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, KEK_FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.b64encode(os.urandom(KEY_BYTES)) + b"\n")


def _keks_in(content: bytes) -> list[bytes]:
    if len(content) == KEY_BYTES:
        return [content]
    lines = content.split()
    if len(lines) > KEKS_MAX:
        raise ValueError("too many keys")
    return [base64.b64decode(line, validate=True) for line in lines]
