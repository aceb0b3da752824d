"""Each benchmark runs once, tiny: it measures what is there today. How fast that is, `make bench` says.

That of whole ways wants a Homeward: see test_latency.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.perf.__main__ import BENCHES
from tests.perf.engines import Engines, kafka_beside
from tests.support.databases import Databases


@pytest.fixture(scope="module")
def running(databases: Databases, engine_home: Path) -> Iterator[Engines]:
    """A Kafka of the benchmarks' own: its topics hold what they put there."""
    folder = engine_home / "bench"
    folder.mkdir()
    with kafka_beside(databases, folder) as started:
        yield started


@pytest.mark.parametrize("name", [name for name in BENCHES if name != "latency"])
async def test_it_runs(running: Engines, name: str) -> None:
    module = importlib.import_module(f"tests.perf.{name}")
    results = await module.measure(running, module.TINY)
    assert results
    assert all(result.ours > 0 and (result.peer is None or result.peer > 0) for result in results)
