"""The promise under any sequence of commands, events, deaths and jumps of the clock, on the real services.

HOMEWARD_MACHINE_EXAMPLES  stories to make up   8, and 600 by `make robustness`
HOMEWARD_MACHINE_STEPS     steps of each       50
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.integration.handover.machine import CaseMachine
from tests.support.examples import machine_examples
from tests.support.fixtures import ServiceDatabase
from tests.support.pair import Loop, Pair, pair_on

IN_SUITE = 8
"""On real services, so fewer than of a machine of the domain alone."""
STEPS = int(os.environ.get("HOMEWARD_MACHINE_STEPS", "50"))


@pytest.fixture
def loop() -> Iterator[Loop]:
    """Where the services run: hypothesis' machines are not asynchronous."""
    loop = Loop()
    yield loop
    loop.close()


@pytest.mark.timeout(36_000)
def test_nobody_is_lost_whatever_happens(
    loop: Loop, service_database: ServiceDatabase, tmp_path: Path, jwks: Path
) -> None:
    urls = service_database("handover"), service_database("followup")

    class Machine(CaseMachine):
        def __init__(self) -> None:
            super().__init__()
            self.run = loop
            self.pair: Pair = pair_on(urls, tmp_path, jwks)

        def teardown(self) -> None:
            try:
                super().teardown()
            finally:
                loop(self.pair.dispose())

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=machine_examples(IN_SUITE),
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
