"""The slowest files first: with several workers, a slow file that starts last is waited for by all the others.

How long each file took stands in tests/durations.json; `make durations` writes it anew. A file that is not in it comes
first.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECORDED = ROOT / "tests" / "durations.json"
OPTION = "--record-durations"


def file_of(node_id: str) -> str:
    """The file of a test, as it stands in the record."""
    return node_id.partition("::")[0]


def sort_by_duration(items: list[pytest.Item], recorded: dict[str, float]) -> None:
    """Put the tests of the slowest files first; the order within a file stays."""
    files = [file_of(item.nodeid) for item in items]
    place = {name: number for number, name in enumerate(dict.fromkeys(files))}
    items.sort(
        key=lambda item: (-recorded.get(file_of(item.nodeid), math.inf), place[file_of(item.nodeid)])
    )


def recorded_durations(path: Path = RECORDED) -> dict[str, float]:
    """Seconds by file; empty when nothing was recorded."""
    if not path.exists():
        return {}
    return {str(name): float(took_s) for name, took_s in json.loads(path.read_text(encoding="utf-8")).items()}


class Recorder:
    """Adds up what each file takes, and writes it at the end of the run."""

    def __init__(self, path: Path = RECORDED, root: Path = ROOT) -> None:
        self._path = path
        self._root = root
        self._took_s: defaultdict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add a test's setup, body or teardown."""
        self._took_s[file_of(report.nodeid)] += report.duration

    def pytest_sessionfinish(self) -> None:
        """Write the record: files that were not run keep what they had, files that are gone go."""
        found = {**recorded_durations(self._path), **self._took_s}
        kept = {name: round(found[name], 1) for name in sorted(found) if (self._root / name).exists()}
        self._path.write_text(json.dumps(kept, indent=0) + "\n", encoding="utf-8")
