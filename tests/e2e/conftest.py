"""A Homeward that is broken on purpose, and one whose clock is moved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.sharing import Sharing

if TYPE_CHECKING:
    from tests.support.whole import Whole


@pytest.fixture(scope="session")
def rough(whole_state: Callable[[str], Path], sharing: Sharing) -> Whole:
    """A Homeward whose processes are killed and stopped, shared by the files that do so."""
    from tests.support.whole import Whole

    return sharing.enter("rough", Whole(whole_state("rough")))


@pytest.fixture(scope="session")
def moved(whole_state: Callable[[str], Path], sharing: Sharing) -> Whole:
    """A demonstration, whose clock is moved by the files that share it; each service started by itself, as on a machine
    of its own."""
    from tests.support.whole import Whole

    return sharing.enter("moved", Whole(whole_state("moved"), arguments=["--demonstration", "--not-preloaded"]))
