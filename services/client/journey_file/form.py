"""Reads a file of a journey: a table as Excel saves it, or JSON, into cells that know where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from services.chassis.kernel.fold import clean
from services.client.journey_file.columns import CASE, COLUMNS, LEFT, ROW_FIELDS, field_of
from services.client.people_file.decode import Decoded
from services.client.people_file.draft import Cell, Draft, DraftPerson, Problem, UnreadableFile
from services.client.people_file.json_form import json_document
from services.client.people_file.read import is_json, read_text
from services.client.people_file.table import check_titles, header_of, is_comment, rows_of, without_formula
from services.client.texts import N_

MAX_ROWS: Final = 60
"""People of one journey (handover.proto): two buses."""
MAX_NAME_CHARS: Final = 60
_UNREMARKABLE: Final = frozenset({"ghi chu", "note", "notes", "remarks", "stt", "no", "so thu tu", ""})


def read_journey_file(path: Path) -> Draft:
    """The rows of a file, each with a case, and the day they left. Raises UnreadableFile, OSError."""
    decoded = read_text(path)
    return _read_json(decoded) if is_json(decoded) else _read_table(decoded)


def _bounded(rows: Sequence[DraftPerson]) -> tuple[DraftPerson, ...]:
    if not rows:
        raise UnreadableFile("NO_PEOPLE", N_("The file has no row with a case number."))
    if len(rows) > MAX_ROWS:
        text = N_("The file has {count} people; one journey takes at most {limit}.")
        raise UnreadableFile("FILE_TOO_LONG", text, count=str(len(rows)), limit=str(MAX_ROWS))
    return tuple(rows)


# Tables -----------------------------------------------------------------------------------------


def _read_table(decoded: Decoded) -> Draft:
    rows = rows_of(decoded.text, field_of)
    header_at, fields = header_of(rows, field_of, "Số hồ sơ; Nơi đến; Ngày dự kiến đến")
    problems, warnings = check_titles(rows[header_at], fields, header_at + 1, unremarkable=_UNREMARKABLE)
    if CASE not in fields:
        text = N_("the column with the case numbers is missing")
        problems.append(Problem(header_at + 1, COLUMNS[0].title_vi, CASE, "REQUIRED", text))
    titles = {name: clean(title) for title, name in zip(rows[header_at], fields, strict=False) if name}
    people = []
    left = []
    for number, row in enumerate(rows[header_at + 1 :], start=header_at + 2):
        if is_comment(row):
            continue
        cells = {
            name: Cell(text, number, titles[name])
            for raw, name in zip(row, fields, strict=False)
            if name and (text := clean(without_formula(raw)))
        }
        if LEFT in cells:
            left.append(cells.pop(LEFT))
        if cells:
            people.append(DraftPerson(number, str(number), cells))
    shared = {LEFT: tuple(left)} if left else {}
    return Draft(_bounded(people), shared, tuple(problems), tuple(warnings), titles)


# JSON -------------------------------------------------------------------------------------------


def _read_json(decoded: Decoded) -> Draft:
    document = json_document(decoded)
    if isinstance(document, dict) and isinstance(document.get("journey"), dict):
        document = document["journey"]
    if isinstance(document, list):
        document = {"people": document}
    people = document.get("people") if isinstance(document, dict) else None
    if not isinstance(people, list):
        raise UnreadableFile("NO_PEOPLE", N_('The file has no journey; it needs a list "people".'))
    problems: list[Problem] = []
    shared = {}
    for name, value in document.items():
        if name == LEFT and value:
            shared[LEFT] = (Cell(clean(str(value)), None, LEFT),)
        elif name not in ("people", LEFT):
            problems.append(_unknown(None, str(name)))
    rows = [_row(number, person, problems) for number, person in enumerate(people, start=1)]
    return Draft(_bounded(rows), shared, tuple(problems))


def _row(number: int, person: Any, problems: list[Problem]) -> DraftPerson:
    cells: dict[str, Cell] = {}
    if not isinstance(person, Mapping):
        text = N_("each person is an object with named fields")
        problems.append(Problem(number, "people", "", "BAD_FORMAT", text))
        return DraftPerson(number, str(number), cells)
    for name, value in person.items():
        if name not in ROW_FIELDS:
            problems.append(_unknown(number, str(name)))
        elif isinstance(value, list) and name == "documents":
            parts = tuple(clean(str(each)) for each in value)
            if parts:
                cells[name] = Cell("\n".join(parts), number, name, parts)
        elif isinstance(value, list | dict):
            text = N_("this is one text, not a list or an object")
            problems.append(Problem(number, name, name, "BAD_FORMAT", text))
        elif value not in (None, ""):
            cells[name] = Cell(clean(str(value)), number, name)
    return DraftPerson(number, str(number), cells)


def _unknown(row: int | None, name: str) -> Problem:
    text = N_("there is no such field; look at: homeward template journey.json --journey")
    return Problem(row, clean(name)[:MAX_NAME_CHARS], "", "UNKNOWN_FIELD", text)
