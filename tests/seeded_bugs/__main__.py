"""`make seeded-bugs`: the tests are green, and each bug turns those red that are named for it.

Every bug goes into a copy of the tree; the tree itself is never patched. Names as arguments choose some of them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from rich.console import Console
from rich.table import Table

from tests.seeded_bugs import ROOT, SeededBug, seeded_bugs

COPIED = ("services", "tests", "proto", "pyproject.toml")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", ".pytest_cache", ".hypothesis")
RUN_S = 1_800.0
"""For the tests of one bug; they take seconds on a quiet machine."""
TEST_S = 600
IMPATIENT = {"HOMEWARD_TEST_PATIENCE": "2"}
"""With a bug, some wait in vain for what does not come: for that there is no need to wait as long as without."""
GREEN, RED = 0, 1
"""Exit statuses of pytest; any other one means that the tests were not run."""


@dataclass(frozen=True)
class Run:
    """What became of some tests.

    Attributes:
        status: pytest's exit status; None when it had to be stopped.
        failed: names of the tests that failed in their own body, not in a fixture or at import.
    """

    status: int | None
    failed: frozenset[str]
    took_s: float
    said: str


@dataclass(frozen=True)
class Verdict:
    """What became of a bug; `problem` is empty when it was caught."""

    bug: SeededBug
    caught_by: Sequence[str]
    took_s: float
    problem: str = ""
    said: str = ""


def copy_tree(to: Path) -> None:
    """What is needed to run tests, without what earlier runs left."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, to / name, ignore=LEFT_OUT)
        else:
            shutil.copy2(source, to / name)


def run_tests(tree: Path, tests: Collection[str], environment: Mapping[str, str] | None = None) -> Run:
    """Run these tests of a tree, in a process of its own."""
    began_s = time.monotonic()
    report = tree / "report.xml"
    paths = os.pathsep.join([str(tree), str(tree / "proto" / "gen")])
    options = ["-q", "-p", "no:cacheprovider", "--timeout", str(TEST_S), f"--junitxml={report}"]
    try:
        result = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *tests],
            cwd=tree,
            env=os.environ | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"} | dict(environment or {}),
            capture_output=True,
            text=True,
            timeout=RUN_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Run(None, frozenset(), time.monotonic() - began_s, f"not done after {RUN_S:.0f} s")
    failed = failed_tests(report) if report.exists() else frozenset()
    return Run(result.returncode, failed, time.monotonic() - began_s, result.stdout + result.stderr)


def failed_tests(report: Path) -> frozenset[str]:
    """Names of the tests that a report in JUnit's format calls failed; errors of fixtures are none."""
    cases = ElementTree.parse(report).iter("testcase")
    return frozenset(case.get("name", "") for case in cases if case.find("failure") is not None)


def seed(bug: SeededBug) -> Verdict:
    """Put a bug into a copy, and see whether every test that is named for it fails."""
    with tempfile.TemporaryDirectory(prefix="homeward-seeded-") as folder:
        tree = Path(folder)
        copy_tree(tree)
        if refused := bug.apply(tree):
            return Verdict(bug, (), 0.0, "the patch no longer applies", refused)
        run = run_tests(tree, bug.tests, IMPATIENT)
    names = {test.rpartition("::")[2] for test in bug.tests}
    if run.status == RED and run.failed == names:
        return Verdict(bug, sorted(run.failed), run.took_s)
    passed = ", ".join(sorted(names - run.failed))
    problem = f"not caught by {passed}" if run.status in (GREEN, RED) else "its tests could not be run"
    return Verdict(bug, sorted(run.failed), run.took_s, problem, run.said)


def without_bugs(bugs: Sequence[SeededBug]) -> Run:
    """The tests of all bugs on an unchanged copy."""
    with tempfile.TemporaryDirectory(prefix="homeward-seeded-") as folder:
        copy_tree(Path(folder))
        return run_tests(Path(folder), sorted({test for bug in bugs for test in bug.tests}))


def table_of(green: Run, verdicts: Sequence[Verdict]) -> Table:
    """One row per bug."""
    table = Table(title="Seeded bugs")
    for column in ("bug", "what goes wrong", "caught by", "s"):
        table.add_column(column, justify="right" if column == "s" else "left")
    table.add_row("(none)", "", "all green" if green.status == GREEN else "NOT GREEN", f"{green.took_s:.0f}")
    for one in verdicts:
        caught = f"NO: {one.problem}" if one.problem else "\n".join(one.caught_by)
        table.add_row(one.bug.name, one.bug.meaning, caught, f"{one.took_s:.0f}")
    return table


def main(names: Sequence[str]) -> int:
    """Exit status: 1 when a bug was not caught, a patch no longer applies, or a test fails without any bug."""
    bugs = seeded_bugs()
    unknown = sorted(set(names) - {bug.name for bug in bugs})
    if unknown:
        sys.stderr.write(f"no such bug: {', '.join(unknown)}; there are {', '.join(bug.name for bug in bugs)}\n")
        return 2
    chosen = [bug for bug in bugs if not names or bug.name in names]
    green = without_bugs(chosen)
    verdicts = [] if green.status != GREEN else [seed(bug) for bug in chosen]
    for said in [green.said] if green.status != GREEN else [one.said for one in verdicts if one.problem]:
        sys.stderr.write(said + "\n")
    Console(width=170).print(table_of(green, verdicts))
    return int(green.status != GREEN or any(one.problem for one in verdicts))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
