"""The keys of care: followup's own ring. Destroying the key of a case destroys all that was said of it."""

from __future__ import annotations

from typing import ClassVar

from services.chassis.vault import keys


class KeyRing(keys.KeyRing):
    """The key-encryption keys of care."""

    __slots__ = ()

    context: ClassVar[str] = "homeward.followup"
    setting: ClassVar[str] = "HOMEWARD_KEK"
    without: ClassVar[str] = "followup keeps nothing that is said at home without it"
