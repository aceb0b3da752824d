"""The table as it is written, read again; and the page for people that is made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("matrix.txt")
PAGE: Final = Path(__file__).parents[3] / "docs" / "who-may-do-what.md"
DONE: Final = ("OK", "APPROVAL_NEEDED")
HEAD: Final = """\
# Who may do what

Made of the table that the tests compare with the running rooms, `tests/integration/matrix/matrix.txt`, where the
answers of all others stand as well. Who is not named is refused. In square brackets: in which states; none named:
whenever an office stands so to it. Before a colon: how much is shown, or that it takes a second person.

| method | who |
|---|---|
"""


@dataclass(frozen=True)
class Line:
    """A line of the table: an answer, and who gets it in which states (empty: whenever they stand so)."""

    method: str
    answer: str
    whom: tuple[tuple[str, str], ...]


def read_lines(table: str) -> Iterator[Line]:
    """The lines of the table."""
    method = ""
    for line in table.splitlines():
        if re.fullmatch(r"[A-Z]\w+( \(\w+\))?", line):
            method = line
        elif method and " | " in line:
            answer, _, whom = line.strip().partition(" | ")
            parts = [re.fullmatch(r"(.*?)( \[.*\])?", part) for part in whom.split("; ")]
            yield Line(
                method,
                answer.strip(),
                tuple((who, part[2] or "") for part in parts if part is not None for who in part[1].split(", ")),
            )


def page_of(table: Sequence[Line]) -> str:
    """The page."""
    methods = dict.fromkeys(line.method for line in table)
    rows = [f"| `{method}` | {'; '.join(_in_words(method, table)) or '–'} |" for method in methods]
    return HEAD + "\n".join(rows) + "\n"


def _in_words(method: str, table: Sequence[Line]) -> Iterator[str]:
    for line in table:
        if line.method != method or not line.answer.startswith((*DONE, "about no one case")):
            continue
        word = {"APPROVAL_NEEDED": "with a second person: "}.get(line.answer, "")
        if line.answer.startswith("OK ") and not line.answer.startswith("OK NONE"):
            word = f"{line.answer.split(':')[0].removeprefix('OK ').lower()} identity: "
        elif line.answer.startswith(("OK NONE", "OK:")):
            word = f"{line.answer.partition(': ')[2]}: " if line.answer.partition(": ")[2] != "all" else ""
        yield word + ", ".join(who + when for who, when in line.whom)
