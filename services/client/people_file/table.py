"""A table as Excel saves it: separator, row of titles, remarks; whatever its columns mean."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Sequence
from typing import Final

from services.chassis.kernel.fold import clean, fold
from services.client.people_file.draft import Problem, UnreadableFile
from services.client.texts import N_

_SEPARATORS: Final = (";", ",", "\t", "|")
_HEADER_WITHIN_ROWS: Final = 15
"""Above the titles a file may have its own heading: the name of the post, of the list, of the day."""
_MIN_KNOWN_TITLES: Final = 2
_SEP_LINE: Final = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
_COMMENT: Final = "#"

FieldOf = Callable[[str], str | None]
"""The field that a column title means; None for other columns."""

csv.field_size_limit(1_000_000)


def rows_of(text: str, field_of: FieldOf) -> list[list[str]]:
    """The rows, by the separator under which most titles are known. Raises UnreadableFile."""
    text = text.removeprefix("\ufeff")
    separator = None
    # Excel takes this line as an instruction and does not count it as a row.
    if match := _SEP_LINE.match(text):
        separator, text = match[1], text[match.end() :]
    candidates = [separator] if separator else _SEPARATORS
    try:
        tables = [list(csv.reader(io.StringIO(text, newline=""), delimiter=each)) for each in candidates]
    except csv.Error:
        raise UnreadableFile(
            "NOT_A_TABLE", N_("The file is no table that can be read; save it as CSV UTF-8.")
        ) from None
    return max(tables, key=lambda rows: _known_titles(rows, field_of))


def _known_titles(rows: Sequence[Sequence[str]], field_of: FieldOf) -> int:
    return max((sum(1 for cell in row if field_of(cell)) for row in rows[:_HEADER_WITHIN_ROWS]), default=0)


def header_of(rows: Sequence[Sequence[str]], field_of: FieldOf, example: str) -> tuple[int, list[str | None]]:
    """Position of the row of titles, and the field of each column. Raises UnreadableFile, naming `example` titles."""
    best = max(
        range(min(len(rows), _HEADER_WITHIN_ROWS)),
        key=lambda at: (sum(1 for cell in rows[at] if field_of(cell)), -at),
        default=None,
    )
    fields = [] if best is None else [field_of(cell) for cell in rows[best]]
    if best is None or sum(1 for name in fields if name) < _MIN_KNOWN_TITLES:
        raise UnreadableFile(
            "NO_TITLES", N_("No row with column titles was found, such as {example}."), example=example
        )
    return best, fields


def without_formula(text: str) -> str:
    """The text of a cell; people write ="01" to keep the zero in Excel."""
    match = re.fullmatch(r'\s*="(.*)"\s*', text, re.DOTALL)
    return match[1] if match else text


def is_comment(row: Sequence[str]) -> bool:
    """Whether a row is a remark, never read: it begins with #."""
    first = next((cell.strip() for cell in row if cell.strip()), "")
    return first.startswith(_COMMENT)


def check_titles(
    header: Sequence[str], fields: list[str | None], row: int, *, unremarkable: Collection[str]
) -> tuple[list[Problem], list[Problem]]:
    """Problems with the titles in that row, and warnings of columns that mean nothing.

    Of two columns with one meaning the later is not used: its place in `fields` becomes None.
    """
    problems, warnings = [], []
    seen: set[str] = set()
    for position, (title, name) in enumerate(zip(header, fields, strict=True)):
        if name is None:
            if fold(title) not in unremarkable:
                text = N_("this column is not used; nothing of it is sent")
                warnings.append(Problem(row, clean(title), "", "COLUMN_NOT_USED", text))
        elif name in seen:
            text = N_("two columns have this meaning; keep one")
            problems.append(Problem(row, clean(title), name, "DUPLICATE", text))
            fields[position] = None
        else:
            seen.add(name)
    return problems, warnings
