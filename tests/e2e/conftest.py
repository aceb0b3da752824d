"""A Homeward that is broken on purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.whole import Whole


@pytest.fixture(scope="session")
def rough(whole_state: Callable[[str], Path]) -> Iterator[Whole]:
    """A Homeward whose processes are killed and stopped, shared by the files that do so."""
    with Whole(whole_state("rough")) as whole:
        yield whole
