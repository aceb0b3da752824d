"""The migrations of each service are one chain, and their files bear its numbers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

import services

ROOT = Path(services.__path__[0])
WITH_MIGRATIONS = sorted(path.parent.parent.name for path in ROOT.glob("*/migrations/0001_*.py"))


@pytest.mark.parametrize("service", WITH_MIGRATIONS)
def test_they_are_one_chain(service: str) -> None:
    folder = ROOT / service / "migrations"
    scripts = ScriptDirectory(str(folder), version_locations=[str(folder)])
    chain = [script.revision for script in scripts.walk_revisions()]
    assert chain[::-1] == [f"{number:04d}" for number in range(1, len(chain) + 1)]
    numbered = sorted(re.match(r"\d{4}", path.name)[0] for path in folder.glob("[0-9]*.py"))  # type: ignore[index]
    assert numbered == chain[::-1], "each file begins with the number of its revision"
