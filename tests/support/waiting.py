"""How long a test waits: a slow machine makes a test slow, not red.

Every bound of time in the tests is written for a quiet machine and multiplied here. How fast things are is measured by
`make bench`; that they happen at all, and not long after they should, is what a test says.

HOMEWARD_TEST_PATIENCE  times a quiet machine's bound that a test waits before it fails  10
"""

from __future__ import annotations

import os

PATIENCE = float(os.environ.get("HOMEWARD_TEST_PATIENCE", "10"))


def patient(quiet_s: float) -> float:
    """The bound for this machine, in seconds, of what takes less than `quiet_s` on a quiet one."""
    return quiet_s * PATIENCE
