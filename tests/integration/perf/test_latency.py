"""The benchmark of whole ways runs once, tiny, on the Homeward that others look at, too."""

from __future__ import annotations

from pathlib import Path

import psutil

from services.local.launcher import shows_pages
from tests.perf import latency
from tests.perf.engines import Engines
from tests.support.databases import Databases
from tests.support.whole import Whole, until


async def test_it_runs(calm: Whole, databases: Databases, tmp_path: Path) -> None:
    sizes, ready_s = latency.TINY, calm.ready_at_s - psutil.Process(calm.process.pid).create_time()
    peer = await latency.bare_round_trips(Engines(tmp_path, calm.kafka(), databases), sizes)
    results = await latency.measured_in(calm, peer, ready_s, sizes)
    assert results
    assert all(result.ours > 0 and (result.peer is None or result.peer > 0) for result in results)
    # It ends the console, which is started again.
    until(lambda: shows_pages(calm.run["console"]), what="the pages are there for others")
