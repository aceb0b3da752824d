"""Tables as Excel saves them: comma, semicolon or tab, titles in Vietnamese or English, rows numbered as Excel does."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import Final

from services.cli.fold import clean, fold
from services.cli.people_file.columns import FULL_NAME, NUMBER, SHARED_FIELDS, field_of
from services.cli.people_file.decode import Decoded
from services.cli.people_file.draft import (
    MAX_PEOPLE_IN_FILE,
    Cell,
    Draft,
    DraftPerson,
    Problem,
    UnreadableFile,
)
from services.cli.texts import N_

_SEPARATORS: Final = (";", ",", "\t", "|")
_HEADER_WITHIN_ROWS: Final = 15
"""Above the titles a file may have its own heading: the name of the post, of the list, of the day."""
_MIN_KNOWN_TITLES: Final = 2
_SEP_LINE: Final = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
_COMMENT: Final = "#"
_UNREMARKABLE: Final = frozenset({"ghi chu", "note", "notes", "remarks", ""})

csv.field_size_limit(1_000_000)


def read_csv(decoded: Decoded) -> Draft:
    """Read a table. Raises UnreadableFile when it holds no titles that are known, or no people."""
    rows = _rows(decoded.text)
    header_at, fields = _header(rows)
    problems, warnings = _check_titles(rows[header_at], fields, header_at + 1)
    if decoded.guessed:
        warnings.append(_guessed(decoded))
    titles = {name: clean(title) for title, name in zip(rows[header_at], fields, strict=False) if name}
    people: list[DraftPerson] = []
    shared: dict[str, list[Cell]] = {}
    for number, row in enumerate(rows[header_at + 1 :], start=header_at + 2):
        cells = _cells(row, fields, titles, number)
        if not cells or _is_comment(row):
            continue
        person = {name: cell for name, cell in cells.items() if name not in SHARED_FIELDS}
        for name in cells.keys() - person.keys():
            shared.setdefault(name, []).append(cells[name])
        if set(person) - {NUMBER}:
            label = person.pop(NUMBER).text.removesuffix(".0") if NUMBER in person else str(len(people) + 1)
            people.append(DraftPerson(number, label, person))
        if len(people) > MAX_PEOPLE_IN_FILE:
            raise UnreadableFile(
                "FILE_TOO_LONG", N_("The file has more than {limit} people."), limit=str(MAX_PEOPLE_IN_FILE)
            )
    if not people:
        raise UnreadableFile("NO_PEOPLE", N_("The file has titles, but no row with a person."))
    return Draft(
        people=tuple(people),
        shared={name: tuple(cells) for name, cells in shared.items()},
        problems=tuple(problems),
        warnings=tuple(warnings),
        titles=titles,
    )


def _rows(text: str) -> list[list[str]]:
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
    return max(tables, key=_known_titles)


def _known_titles(rows: Sequence[Sequence[str]]) -> int:
    return max((sum(1 for cell in row if field_of(cell)) for row in rows[:_HEADER_WITHIN_ROWS]), default=0)


def _header(rows: Sequence[Sequence[str]]) -> tuple[int, list[str | None]]:
    best = max(
        range(min(len(rows), _HEADER_WITHIN_ROWS)),
        key=lambda at: (sum(1 for cell in rows[at] if field_of(cell)), -at),
        default=None,
    )
    fields = [] if best is None else [field_of(cell) for cell in rows[best]]
    if best is None or sum(1 for name in fields if name) < _MIN_KNOWN_TITLES:
        raise UnreadableFile(
            "NO_TITLES",
            N_("No row with column titles was found, such as Họ và tên; Giới tính; Ngày sinh."),
        )
    return best, fields


def _check_titles(header: Sequence[str], fields: list[str | None], row: int) -> tuple[list[Problem], list[Problem]]:
    problems, warnings = [], []
    seen: set[str] = set()
    for position, (title, name) in enumerate(zip(header, fields, strict=True)):
        if name is None:
            if fold(title) not in _UNREMARKABLE:
                text = N_("this column is not used; nothing of it is sent")
                warnings.append(Problem(row, clean(title), "", "COLUMN_NOT_USED", text))
        elif name in seen:
            problems.append(
                Problem(row, clean(title), name, "DUPLICATE", N_("two columns have this meaning; keep one"))
            )
            fields[position] = None
        else:
            seen.add(name)
    if FULL_NAME not in seen:
        text = N_("the column with the names is missing")
        problems.append(Problem(row, "Họ và tên", FULL_NAME, "REQUIRED", text))
    return problems, warnings


def _cells(row: Sequence[str], fields: Sequence[str | None], titles: dict[str, str], number: int) -> dict[str, Cell]:
    cells = {}
    for text, name in zip(row, fields, strict=False):
        plain = clean(_without_formula(text))
        if name and plain:
            cells[name] = Cell(plain, number, titles[name])
    return cells


def _without_formula(text: str) -> str:
    # People write ="01" to keep the zero in Excel.
    match = re.fullmatch(r'\s*="(.*)"\s*', text, re.DOTALL)
    return match[1] if match else text


def _is_comment(row: Sequence[str]) -> bool:
    first = next((cell.strip() for cell in row if cell.strip()), "")
    return first.startswith(_COMMENT)


def _guessed(decoded: Decoded) -> Problem:
    text = N_(
        "the file is not in UTF-8 but in an old Windows encoding ({encoding}): "
        "check that the names are right, or save it as CSV UTF-8"
    )
    names = {"cp1258": "Windows-1258", "cp1252": "Windows-1252"}
    return Problem(None, "", "", "OLD_ENCODING", text, {"encoding": names[decoded.encoding]})
