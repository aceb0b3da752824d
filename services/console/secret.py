"""The console's one secret, and the keys that come from it: for sessions, for forms, for drafts on a device.

Several consoles behind one name share the file. Another secret signs everybody out, and drafts kept on devices open
with their four words alone.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SECRET_BYTES: Final = 32
NONCE_BYTES: Final = 12


class SealBroken(Exception):
    """Sealed bytes do not open: another secret, another place, or they were altered."""


class Secret:
    """Keys for each purpose; its `repr` shows nothing."""

    __slots__ = ("_cipher", "_forms", "_root")

    def __init__(self, root: bytes) -> None:
        """Raises ValueError for a secret that has not 32 bytes."""
        if len(root) != SECRET_BYTES:
            raise ValueError(f"the console's secret has {SECRET_BYTES} bytes")
        self._root = root
        self._cipher = AESGCM(self._key("sessions"))
        self._forms = self._key("forms")

    def __repr__(self) -> str:
        return "Secret(…)"

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """32 bytes in base64. Raises ValueError, also when others than the owner may read the file."""
        try:
            mode, content = path.stat().st_mode, path.read_bytes()
        except OSError as error:
            raise ValueError(f"HOMEWARD_CONSOLE_SECRET: {path.name} cannot be read ({type(error).__name__})") from None
        if mode & 0o077:
            raise ValueError(f"HOMEWARD_CONSOLE_SECRET: {path.name} must be readable by its owner only")
        try:
            return cls(base64.b64decode(content.strip(), validate=True))
        except (ValueError, binascii.Error):
            raise ValueError(f"HOMEWARD_CONSOLE_SECRET: {path.name} holds no 32 bytes in base64") from None

    def seal(self, plain: bytes, place: bytes) -> bytes:
        """Nonce and ciphertext, which opens at this place only."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, place)

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """What was sealed; raises SealBroken."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place)
        except (InvalidTag, ValueError):
            raise SealBroken from None

    def signed(self, text: str) -> str:
        """What only this console can have written beside a text."""
        return hmac.new(self._forms, text.encode(), "sha256").hexdigest()

    def half_of(self, office_id: str, device: str) -> bytes:
        """What opens the drafts of an office on one device, once somebody of it has signed in."""
        return self._key(f"drafts|{office_id}|{device}")

    def _key(self, purpose: str) -> bytes:
        derived = HKDF(algorithm=SHA256(), length=SECRET_BYTES, salt=None, info=f"homeward.console|{purpose}".encode())
        return derived.derive(self._root)
