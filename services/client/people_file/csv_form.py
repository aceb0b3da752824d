"""Tables as Excel saves them: comma, semicolon or tab, titles in Vietnamese or English, rows numbered as Excel does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.chassis.kernel.fold import clean
from services.client.people_file.columns import FULL_NAME, NUMBER, SHARED_FIELDS, field_of
from services.client.people_file.decode import Decoded
from services.client.people_file.draft import (
    MAX_PEOPLE_IN_FILE,
    Cell,
    Draft,
    DraftPerson,
    Problem,
    UnreadableFile,
)
from services.client.people_file.table import check_titles, header_of, is_comment, rows_of, without_formula
from services.client.texts import N_

_UNREMARKABLE: Final = frozenset({"ghi chu", "note", "notes", "remarks", ""})


def read_csv(decoded: Decoded) -> Draft:
    """Read a table. Raises UnreadableFile when it holds no titles that are known, or no people."""
    rows = rows_of(decoded.text, field_of)
    header_at, fields = header_of(rows, field_of, "Họ và tên; Giới tính; Ngày sinh")
    problems, warnings = check_titles(rows[header_at], fields, header_at + 1, unremarkable=_UNREMARKABLE)
    if FULL_NAME not in fields:
        text = N_("the column with the names is missing")
        problems.append(Problem(header_at + 1, "Họ và tên", FULL_NAME, "REQUIRED", text))
    if decoded.guessed:
        warnings.append(_guessed(decoded))
    titles = {name: clean(title) for title, name in zip(rows[header_at], fields, strict=False) if name}
    people: list[DraftPerson] = []
    shared: dict[str, list[Cell]] = {}
    for number, row in enumerate(rows[header_at + 1 :], start=header_at + 2):
        cells = _cells(row, fields, titles, number)
        if not cells or is_comment(row):
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


def _cells(row: Sequence[str], fields: Sequence[str | None], titles: dict[str, str], number: int) -> dict[str, Cell]:
    cells = {}
    for text, name in zip(row, fields, strict=False):
        plain = clean(without_formula(text))
        if name and plain:
            cells[name] = Cell(plain, number, titles[name])
    return cells


def _guessed(decoded: Decoded) -> Problem:
    text = N_(
        "the file is not in UTF-8 but in an old Windows encoding ({encoding}): "
        "check that the names are right, or save it as CSV UTF-8"
    )
    names = {"cp1258": "Windows-1258", "cp1252": "Windows-1252"}
    return Problem(None, "", "", "OLD_ENCODING", text, {"encoding": names[decoded.encoding]})
