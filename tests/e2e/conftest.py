"""Whole Homewards for the tests: in folders that PostgreSQL's own user can reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.whole import Whole


@pytest.fixture(scope="session")
def whole_state(engine_home: Path) -> Callable[[str], Path]:
    """A fresh state directory by name."""

    def state(name: str) -> Path:
        path = engine_home / name
        assert not path.exists(), name
        return path

    return state


@pytest.fixture(scope="session")
def calm(whole_state: Callable[[str], Path]) -> Iterator[Whole]:
    """A Homeward to which nothing bad happens, shared by the tests that only look and ask."""
    with Whole(whole_state("calm")) as whole:
        yield whole


@pytest.fixture(scope="session")
def rough(whole_state: Callable[[str], Path]) -> Iterator[Whole]:
    """A Homeward whose processes are killed and stopped, shared by the files that do so."""
    with Whole(whole_state("rough")) as whole:
        yield whole
