"""What the vault gives out, and that it shows nothing of itself."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from services.intake.vault.keys import KeyRing
from services.intake.vault.opening import Vault, VaultRefused


def test_people_leave_the_vault_by_one_door() -> None:
    doors = {
        name
        for name, method in inspect.getmembers(Vault, inspect.isfunction)
        if not name.startswith("_") and {"Person", "SeenCase"} & set(str(method.__annotations__["return"]).split())
    }
    assert doors == {"show"}


def test_a_vault_shows_nothing_of_its_keys() -> None:
    assert repr(Vault(KeyRing(bytes(32)))) == "Vault(…)"


def test_without_a_key_file_there_is_no_vault(tmp_path: Path) -> None:
    with pytest.raises(VaultRefused, match="not set"):
        Vault.with_key_file(None)
    with pytest.raises(VaultRefused, match="cannot be read"):
        Vault.with_key_file(tmp_path / "none")
