"""How many stories a test makes up: few in each run, many when somebody looks for new ones (`make robustness`)."""

from __future__ import annotations

import os

EXPLORE = "HOMEWARD_EXPLORE" in os.environ
"""Whether each run makes up stories of its own; without it all runs make up the same."""
EACH = 50
"""Of a property that says nothing else."""
IN_SUITE = 15
DEEP = 600
"""Of a machine of many steps; the environment's HOMEWARD_MACHINE_EXAMPLES comes before both."""


def examples(in_suite: int, deep: int = DEEP) -> int:
    """`in_suite`, or `deep` when exploring."""
    return deep if EXPLORE else in_suite


def machine_examples(in_suite: int = IN_SUITE) -> int:
    """Stories of a state machine."""
    return int(os.environ.get("HOMEWARD_MACHINE_EXAMPLES", examples(in_suite)))
