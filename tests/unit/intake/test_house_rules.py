"""What the rooms of intake may import."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

INTAKE = Path(__file__).parents[3] / "services" / "intake"
FILES = sorted(INTAKE.rglob("*.py"))
OTHER_SERVICES = ("services.handover", "services.followup", "services.notify", "services.console")
OUTSIDE = ("sqlalchemy", "sqlmodel", "grpc", "google", "homeward", "cryptography", "structlog", "babel", "uuid6")


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(INTAKE)))
def test_no_room_knows_another_service(file: Path) -> None:
    assert not [name for name in imports(file) if name.startswith(OTHER_SERVICES)]


@pytest.mark.parametrize("file", sorted((INTAKE / "domain").glob("*.py")), ids=lambda file: file.name)
def test_the_rules_know_no_machinery(file: Path) -> None:
    names = list(imports(file))
    assert not [name for name in names if name.startswith(OUTSIDE)]
    chassis = [name for name in names if name.startswith("services.chassis")]
    assert not [name for name in chassis if not name.startswith("services.chassis.kernel")]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(INTAKE)))
def test_only_the_vault_knows_keys(file: Path) -> None:
    inside = file.parent == INTAKE / "vault"
    sealing = "cryptography", "services.intake.vault.keys", "services.chassis.vault"
    keys = [name for name in imports(file) if name.startswith(sealing)]
    assert inside or not keys
