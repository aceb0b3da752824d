"""`make bench`: every benchmark, or those named, and a table of ours against the peer.

Bounds are ratios, kept in bounds.json with a tolerance of 1.25; a run that misses one says so and exits with 1. Goals
stand beside them and are said to be met or missed, no more: absolute ones say as much about the machine.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import signal
import sys
import time
import traceback
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.perf.engines import engines
from tests.perf.measure import Result

BENCHES = (
    "submissions",
    "relay",
    "signing",
    "acts",
    "inbox",
    "obligations",
    "claims",
    "handover_board",
    "lists",
    "latency",
)
BOUNDS = json.loads((Path(__file__).parent / "bounds.json").read_text())
TOLERANCE = 1.25


def _verdict(result: Result) -> str:
    bound = BOUNDS.get(result.key, {})
    if "ratio" not in bound or result.ratio is None:
        return ""
    if result.higher_is_better:
        return "ok" if result.ratio * TOLERANCE >= bound["ratio"] else "BELOW"
    return "ok" if result.ratio <= bound["ratio"] * TOLERANCE else "ABOVE"


def _goal(result: Result) -> str:
    goal = BOUNDS.get(result.key, {})
    ratio = result.ratio or 0.0
    met = [
        *([ratio >= goal["ratio_min"]] if "ratio_min" in goal else []),
        *([ratio <= goal["ratio_max"]] if "ratio_max" in goal else []),
        *([result.ours >= goal["ours_min"]] if "ours_min" in goal else []),
        *([result.ours <= goal["ours_max"]] if "ours_max" in goal else []),
    ]
    if not met:
        return ""
    return "met" if all(met) else "missed"


def _table(results: list[Result]) -> Table:
    table = Table(title="Homeward against a bare peer in the same run (medians)")
    for column in ("benchmark", "ours", "peer", "unit", "ratio", "bound", "goal", "goal is", "", "note"):
        table.add_column(column, justify="right" if column in ("ours", "peer", "ratio", "bound", "goal") else "left")
    for result in results:
        bound = BOUNDS.get(result.key, {})
        table.add_row(
            result.key,
            f"{result.ours:,.1f}",
            "" if result.peer is None else f"{result.peer:,.1f}",
            result.unit,
            "" if result.ratio is None else f"{result.ratio:.2f}",
            str(bound.get("ratio", "")),
            str(bound.get("goal", "")),
            _goal(result),
            _verdict(result),
            result.note,
        )
    return table


async def _run(names: list[str]) -> tuple[list[Result], bool]:
    """What was found, and whether a benchmark failed; what the others found is shown nevertheless."""
    results: list[Result] = []
    failed = False
    with engines() as running:
        for name in names:
            began = time.monotonic()
            sys.stderr.write(f"{name} …\n")
            try:
                results += await importlib.import_module(f"tests.perf.{name}").measure(running)
            except Exception:
                failed = True
                traceback.print_exc()
            sys.stderr.write(f"{name} took {time.monotonic() - began:.0f} s\n")
    return results, failed


def main() -> int:
    """Exit status: 1 when a bound was missed."""
    # The engines are processes of their own: leave by way of their clean-up.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    names = sys.argv[1:] or list(BENCHES)
    unknown = sorted(set(names) - set(BENCHES))
    if unknown:
        sys.stderr.write(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(BENCHES)}\n")
        return 2
    results, failed = asyncio.run(_run(names))
    Console(width=160).print(_table(results))
    for details in filter(None, (result.details for result in results)):
        sys.stdout.write(f"\n{details}\n")
    return int(failed or any(_verdict(result) in ("BELOW", "ABOVE") for result in results))


if __name__ == "__main__":
    sys.exit(main())
