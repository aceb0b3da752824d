"""Bugs that are put into a copy of the product on purpose: the tests must notice each of them.

A bug is a patch in this folder. It begins with what is wrong, and names the tests that have to turn red.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CAUGHT_BY = "Caught by: "
CONTEXT_LINES = 1
"""A patch still applies while so many lines around each change are the same: what else changes doesn't matter."""


@dataclass(frozen=True)
class SeededBug:
    """One patch.

    Attributes:
        name: e.g. "wrong_key".
        meaning: what goes wrong with it, one sentence.
        tests: pytest node ids; each must fail with the bug, and pass without it.
    """

    name: str
    path: Path
    meaning: str
    tests: tuple[str, ...]

    def apply(self, tree: Path, *, check_only: bool = False) -> str:
        """Put the bug into a tree. Returns why that is impossible; empty when it was done."""
        check = ["--check"] if check_only else []
        command = ["git", "apply", f"-C{CONTEXT_LINES}", "--recount", *check, str(self.path)]
        result = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
        return result.stderr.strip() if result.returncode else ""


def seeded_bugs() -> list[SeededBug]:
    """All of them, by name."""
    return [_read(path) for path in sorted(Path(__file__).parent.glob("*.patch"))]


def _read(path: Path) -> SeededBug:
    meaning, _, rest = path.read_text(encoding="utf-8").partition("\n")
    tests = tuple(line.removeprefix(CAUGHT_BY) for line in rest.splitlines() if line.startswith(CAUGHT_BY))
    return SeededBug(path.stem, path, meaning, tests)
