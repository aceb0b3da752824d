"""How long these tests may take, and where their state lies.

HOMEWARD_ROBUSTNESS_SEED      makes a run again                                        a new one each time
HOMEWARD_ROBUSTNESS_ROUNDS    rounds of the failpoint matrix; 0 covers all of it       12
HOMEWARD_ROBUSTNESS_KILLS     kills of the storm                                       16
HOMEWARD_ROBUSTNESS_OUTAGE_S  how long Kafka is away                                   120
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


def setting(name: str, default: int) -> int:
    """A number from the environment."""
    return int(os.environ.get(f"HOMEWARD_ROBUSTNESS_{name}", default))


@pytest.fixture
def seed() -> int:
    """What the dice are made from; printed, so that a failing run can be made again."""
    found = setting("SEED", random.SystemRandom().randrange(1_000_000))
    sys.stdout.write(f"HOMEWARD_ROBUSTNESS_SEED={found}\n")
    return found


@pytest.fixture(scope="session")
def whole_state(engine_home: Path) -> Callable[[str], Path]:
    """A fresh state directory by name."""

    def state(name: str) -> Path:
        path = engine_home / name
        assert not path.exists(), name
        return path

    return state
