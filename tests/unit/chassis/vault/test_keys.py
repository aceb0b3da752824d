"""Each service that seals has keys of its own: what one sealed opens for no other, by the same key file either."""

from __future__ import annotations

import uuid

import pytest

from services.chassis.kernel.errors import CaseErased
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


def test_what_stands_for_a_destroyed_key_opens_nothing_and_says_that_it_was_erased() -> None:
    ring = KeyRing(KEK)
    key, wrapped = ring.new_key(CASE)
    sealed = key.seal(b"said", "purpose")
    assert ring.open(CASE, wrapped).open(sealed, "purpose") == b"said"
    for kek_id in (wrapped.kek_id, ""):
        with pytest.raises(CaseErased):
            ring.open(CASE, keys.WrappedKey(kek_id, keys.DESTROYED))


def test_a_ring_names_its_own_setting() -> None:
    with pytest.raises(KeyFileRefused, match=r"HOMEWARD_ANOTHER_KEK.*another one stores nothing"):
        Another.from_file(None)
