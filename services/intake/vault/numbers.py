"""Which case number comes next: a permutation under a secret key, so that no number tells another.

A Feistel network of eight rounds over 30 bits with HMAC-SHA-256; what falls outside the numbers that there are is sent
through again. Two sequence numbers never give one case number. The key must stay the same for ever: under another one
a number may come that was given before, which the database refuses.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from pathlib import Path
from typing import Final, Self

from services.chassis.kernel.case_number import KEYED_NUMBERS, keyed_case_number
from services.intake.vault.keys import KeyFileRefused

KEY_BYTES: Final = 32
MAX_SEQUENCE: Final = KEYED_NUMBERS - 1
_ROUNDS: Final = 8
_HALF_BITS: Final = 15
_HALF: Final = (1 << _HALF_BITS) - 1


class CaseNumberKey:
    """The secret permutation of case numbers; its `repr` shows nothing."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        """Raises ValueError for a key that is shorter than 32 bytes."""
        if len(key) < KEY_BYTES:
            raise ValueError(f"the key of case numbers has {KEY_BYTES} bytes")
        self._key = key

    def __repr__(self) -> str:
        return "CaseNumberKey(…)"

    @classmethod
    def from_file(cls, path: Path | None) -> Self:
        """Read 32 raw bytes, or base64.

        Raises KeyFileRefused when the file is missing, readable by others, or holds no key.
        """
        if path is None:
            raise KeyFileRefused("HOMEWARD_NUMBER_KEY is not set: intake gives no case number without it")
        try:
            mode, content = path.stat().st_mode, path.read_bytes()
        except OSError as error:
            reason = type(error).__name__
            raise KeyFileRefused(f"HOMEWARD_NUMBER_KEY: {path.name} cannot be read ({reason})") from None
        if mode & 0o077:
            raise KeyFileRefused(f"HOMEWARD_NUMBER_KEY: {path.name} must be readable by its owner only")
        try:
            return cls(content if len(content) == KEY_BYTES else base64.b64decode(content.strip(), validate=True))
        except (ValueError, binascii.Error):
            raise KeyFileRefused(
                f"HOMEWARD_NUMBER_KEY: {path.name} holds no key of {KEY_BYTES} bytes, raw or in base64"
            ) from None

    def case_number(self, sequence: int) -> str:
        """The case number of the n-th case; raises ValueError outside of 1 to MAX_SEQUENCE."""
        if not 1 <= sequence <= MAX_SEQUENCE:
            raise ValueError(f"a sequence number lies between 1 and {MAX_SEQUENCE}")
        number = self._permuted(sequence)
        while number >= KEYED_NUMBERS:
            number = self._permuted(number)
        return keyed_case_number(number)

    def _permuted(self, value: int) -> int:
        left, right = value >> _HALF_BITS, value & _HALF
        for number in range(_ROUNDS):
            said = bytes([number]) + right.to_bytes(2, "big")
            mixed = int.from_bytes(hmac.digest(self._key, said, hashlib.sha256)[:2], "big") & _HALF
            left, right = right, left ^ mixed
        return left << _HALF_BITS | right
