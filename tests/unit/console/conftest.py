"""A key of the built-in issuer, which makes a console one for demonstration."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.chassis.storage.key_files import create_signing_key


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its file."""
    path = tmp_path_factory.mktemp("console") / "issuer.key"
    create_signing_key(path)
    return path
