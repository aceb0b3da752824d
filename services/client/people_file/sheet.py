"""A sheet before anybody knows what its columns mean: rows of texts, by the file's own numbers of rows from 1."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from services.client.people_file.draft import Problem, UnreadableFile
from services.client.texts import N_

MAX_ROWS: Final = 20_000
"""A file of the largest number of people has a tenth of them."""
SEPARATORS: Final = (";", ",", "\t", "|")
_SEP_LINE: Final = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
_HEAD_LINES: Final = 250
_HEAD_CHARS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells that are one on the screen: first and last row from 1, first and last column from 0."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of texts, all that a workbook says beside them, and what is wrong with the rows as such.

    `separator`: that of a text, empty in a workbook. `dated`: row from 1 and column from 0 of cells that the workbook
    holds as a date or a time. `hidden_rows`, `noted_rows`, with a note on one of their cells, and `struck_rows`, with
    one that is crossed out, from 1; `hidden_columns` from 0.
    """

    rows: Sequence[Sequence[str]]
    separator: str = ""
    dated: frozenset[tuple[int, int]] = frozenset()
    merged: tuple[Merged, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    noted_rows: frozenset[int] = frozenset()
    struck_rows: frozenset[int] = frozenset()
    swallowing: frozenset[int] = field(default=frozenset())
    """Rows with a quoted cell that goes over several lines and on behind its closing quote."""
    uncomputed: frozenset[tuple[int, int]] = frozenset()
    """Row from 1 and column from 0 of formulas that the workbook has no value of."""
    warnings: tuple[Problem, ...] = ()


def separators_of(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without Excel's own line about the separator, and the separators that it may have."""
    text = text.removeprefix("\ufeff")
    # Excel takes this line as an instruction and does not count it as a row.
    if match := _SEP_LINE.match(text):
        return text[match.end() :], (match[1],)
    return text, SEPARATORS


def head_of(text: str, separator: str) -> list[list[str]]:
    """The first rows of a text, to look for titles in; a quote that is never closed is no mistake yet."""
    head = "".join(text[:_HEAD_CHARS].splitlines(keepends=True)[:_HEAD_LINES])
    return [row for row, _ in _rows(head, separator, forgiving=True)]


def sheet_of(text: str, separator: str) -> Sheet:
    """All rows of a text. Raises UnreadableFile when a quote is never closed, naming the line where it opens."""
    rows = []
    swallowing = set()
    for row, swallowed in _rows(text, separator, forgiving=False):
        rows.append(row)
        if swallowed:
            swallowing.add(len(rows))
        if len(rows) > MAX_ROWS:
            raise too_many_rows()
    return Sheet(rows, separator, swallowing=frozenset(swallowing))


def too_many_rows() -> UnreadableFile:
    """The refusal of a sheet that is no list of people."""
    return UnreadableFile("FILE_TOO_LONG", N_("The file has more than {limit} rows."), limit=str(MAX_ROWS))


def _rows(text: str, separator: str, *, forgiving: bool) -> Iterator[tuple[list[str], bool]]:
    sign = re.escape(separator)
    cell = re.compile(
        rf'(?:"(?P<quoted>(?:[^"]++|"")*+)(?P<close>"?)(?P<rest>[^{sign}\r\n]*+)|(?P<plain>[^{sign}\r\n]*+))'
        rf"(?P<end>{sign}|\r\n|\r|\n|\Z)"
    )
    position, row, swallowed = 0, list[str](), False
    while position < len(text) or row:
        match = cell.match(text, position)
        assert match is not None, "the pattern takes any text"
        if match["plain"] is not None:
            row.append(match["plain"])
        else:
            if not match["close"] and not forgiving:
                raise _never_closed(text, position)
            quoted = match["quoted"].replace('""', '"')
            row.append(quoted + match["rest"])
            swallowed = swallowed or bool(match["rest"].strip() and re.search(r"[\r\n]", quoted))
        position = match.end()
        if match["end"] != separator or (position == len(text) and not match["end"]):
            yield row, swallowed
            row, swallowed = [], False


def _never_closed(text: str, position: int) -> UnreadableFile:
    line = len(re.findall(r"\r\n|\r|\n", text[:position])) + 1
    problem = N_('In line {line} a cell begins with " and is never closed: remove the sign or close it with another.')
    return UnreadableFile("QUOTE_NOT_CLOSED", problem, line=str(line))
