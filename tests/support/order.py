"""Which tests one worker runs together, and the slowest first.

A file stays together, for what its module sets up. So do the files that ask for something of which one is enough for
all workers, such as a Kafka node: see `SHARED`. With several workers, what is slow and starts last is waited for by all
others; so the slowest comes first. How long each file took, and what it shares, stands in tests/durations.json; `make
durations` writes it anew. A file that is not in it comes before all others, and shares nothing.
"""

from __future__ import annotations

import json
import math
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECORDED = ROOT / "tests" / "durations.json"
OPTION = "--record-durations"
SHARED = ("kafka_node", "calm", "rough", "moved")
"""Fixtures that are worth waiting for one another: all files that ask for one run on one worker."""
FIRST = "needs_it_new"
"""Mark of a file that looks at all that is in a shared thing: nobody else was there before."""
LAST = "leaves_it_broken"
"""Mark of a file after which a shared thing is of no use to others."""


SHARES = "shares"
"""Property of a test's report: what all files that ask for it have in common."""


@dataclass(frozen=True)
class Recorded:
    """What an earlier run knows of a file."""

    took_s: float
    shares: str = ""


def file_of(node_id: str) -> str:
    """The file of a test, as it stands in the record."""
    return node_id.partition("::")[0]


def shared_by(item: pytest.Item) -> str:
    """What the file of an arranged test has in common with others; empty for a file by itself."""
    return next((str(shared) for said, shared in item.user_properties if said == SHARES), "")


def reads_from_the_other_end(worker: str, given: Sequence[str]) -> bool:
    """Whether a worker of xdist, as it is called, reads the folders that were given in the opposite order.

    What a worker compiles, with pytest's own words for each assertion, is kept for the others: two that read the same
    file at the same time would do all of it twice.
    """
    return worker.startswith("gw") and int(worker[2:]) % 2 == 1 and all(map(os.path.isdir, given))


def as_given(items: list[pytest.Item], given: Sequence[str]) -> None:
    """Put tests that were read folder by folder into the order of these folders; the order within one stays."""
    place = {folder.rstrip("/"): number for number, folder in enumerate(given)}
    items.sort(key=lambda item: next((place[up] for up in _folders(file_of(item.nodeid)) if up in place), len(place)))


def _folders(name: str) -> list[str]:
    return [str(up) for up in PurePosixPath(name).parents]


def arrange(items: list[pytest.Item], recorded: Mapping[str, Recorded]) -> None:
    """Put together what runs on one worker, and the slowest first; the order within a file stays."""
    unit_of = _units(items)
    files = list(dict.fromkeys(file_of(item.nodeid) for item in items))
    took_s: defaultdict[str, float] = defaultdict(float)
    for name in files:
        took_s[unit_of[name]] += recorded[name].took_s if name in recorded else math.inf
    new, broken = ({file_of(item.nodeid) for item in items if item.get_closest_marker(mark)} for mark in (FIRST, LAST))
    first_of = {unit: number for number, unit in reversed(list(enumerate(unit_of[name] for name in files)))}
    place = {name: number for number, name in enumerate(files)}

    def key(item: pytest.Item) -> tuple[float, int, bool, bool, int]:
        name = file_of(item.nodeid)
        unit = unit_of[name]
        return -took_s[unit], first_of[unit], name not in new, name in broken, place[name]

    items.sort(key=key)
    for item in items:
        unit = unit_of[file_of(item.nodeid)]
        if unit in SHARED:
            item.user_properties.append((SHARES, unit))


def _units(items: Sequence[pytest.Item]) -> dict[str, str]:
    """By file: the shared thing that any of its tests asks for, else the file itself."""
    units: dict[str, str] = {}
    for item in items:
        name = file_of(item.nodeid)
        asked: Sequence[str] = getattr(item, "fixturenames", ())
        shared = next((one for one in SHARED if one in asked), None)
        if shared or name not in units:
            units[name] = shared or name
    return units


def recorded_files(path: Path = RECORDED) -> dict[str, Recorded]:
    """What is known by file; empty when nothing was recorded."""
    if not path.exists():
        return {}
    return {name: Recorded(*found) for name, found in json.loads(path.read_text(encoding="utf-8")).items()}


class Recorder:
    """Adds up what each file takes, and writes it at the end of the run."""

    def __init__(self, path: Path = RECORDED, root: Path = ROOT) -> None:
        self._path = path
        self._root = root
        self._took_s: defaultdict[str, float] = defaultdict(float)
        self._shares: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add a test's setup, body or teardown."""
        name = file_of(report.nodeid)
        self._took_s[name] += report.duration
        for said, shared in report.user_properties:
            if said == SHARES:
                self._shares[name] = str(shared)

    def pytest_sessionfinish(self) -> None:
        """Write the record: files that were not run keep what they had, files that are gone go."""
        new = {name: Recorded(took_s, self._shares.get(name, "")) for name, took_s in self._took_s.items()}
        found = recorded_files(self._path) | new
        lines = [
            f"{json.dumps(name)}: {json.dumps([round(one.took_s, 1), one.shares])}"
            for name, one in sorted(found.items())
            if (self._root / name).exists()
        ]
        self._path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
