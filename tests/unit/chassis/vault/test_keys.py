"""Each service that seals has keys of its own: what one sealed opens for no other, by the same key file either."""

from __future__ import annotations

import uuid

import pytest

from services.chassis.vault import keys
from services.intake.vault.keys import KEY_BYTES, KeyFileRefused, KeyRing, SealBroken

CASE = uuid.UUID(int=1)
KEK = bytes(KEY_BYTES)


class Another(keys.KeyRing):
    """Of another service."""

    context = "homeward.another"
    setting = "HOMEWARD_ANOTHER_KEK"
    without = "another one stores nothing without it"


def test_the_same_key_file_opens_nothing_of_another_service() -> None:
    _, wrapped = KeyRing(KEK).new_key(CASE)
    with pytest.raises(SealBroken):
        Another(KEK).open(CASE, wrapped)


def test_a_ring_names_its_own_setting() -> None:
    with pytest.raises(KeyFileRefused, match=r"HOMEWARD_ANOTHER_KEK.*another one stores nothing"):
        Another.from_file(None)
