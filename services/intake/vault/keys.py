"""The keys of identities: intake's own ring, and what every vault shares of keys."""

from __future__ import annotations

from typing import ClassVar

from services.chassis.vault import keys
from services.chassis.vault.keys import (
    DESTROYED,
    KEY_BYTES,
    DataKey,
    KeyFileRefused,
    SealBroken,
    WrappedKey,
    create_key_file,
    kek_id,
)

__all__ = [
    "DESTROYED",
    "KEY_BYTES",
    "DataKey",
    "KeyFileRefused",
    "KeyRing",
    "SealBroken",
    "WrappedKey",
    "create_key_file",
    "kek_id",
]


class KeyRing(keys.KeyRing):
    """The key-encryption keys of identities."""

    __slots__ = ()

    context: ClassVar[str] = "homeward.intake"
    setting: ClassVar[str] = "HOMEWARD_KEK"
    without: ClassVar[str] = "intake stores no identity without it"
