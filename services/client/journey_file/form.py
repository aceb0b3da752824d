"""Reads a file of a journey: a table as Excel saves it, or JSON, into cells that know where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from services.chassis.kernel.fold import clean
from services.client.journey_file.columns import (
    ARRIVES,
    CASE,
    COLUMNS,
    LEFT,
    ROW_FIELDS,
    TYPED_VERDICT,
    field_of,
)
from services.client.people_file.decode import Decoded
from services.client.people_file.draft import Cell, Draft, DraftPerson, Lines, Problem, UnreadableFile, short
from services.client.people_file.json_form import each_once, json_document
from services.client.people_file.read import content_of, read_file
from services.client.people_file.sheet import Sheet
from services.client.people_file.table import Meaning, read_table
from services.client.texts import N_

MAX_ROWS: Final = 60
"""People of one journey (handover.proto): two buses."""
JOURNEY: Final = Meaning(
    field_of=field_of,
    example="Số hồ sơ; Nơi đến; Ngày dự kiến đến",
    number="",
    main=CASE,
    telling=frozenset({CASE}),
    shared=frozenset({LEFT}),
    dates=frozenset({ARRIVES, LEFT}),
    unremarkable=frozenset({"stt", "tt", "no", "so thu tu"}),
)


def read_journey_file(path: Path) -> Draft:
    """The rows of a file, each with a case, and the day they left. Raises UnreadableFile, OSError."""
    return _journey(read_file(path, JOURNEY))


def read_journey(data: bytes) -> Draft:
    """The same of the bytes of a file. Raises UnreadableFile."""
    return _journey(content_of(data, JOURNEY))


def _journey(content: Decoded | Sheet) -> Draft:
    return _read_json(content) if isinstance(content, Decoded) else _read_table(content)


def _bounded(rows: Sequence[DraftPerson]) -> tuple[DraftPerson, ...]:
    if not rows:
        raise UnreadableFile("NO_PEOPLE", N_("The file has no row with a case number."))
    if len(rows) > MAX_ROWS:
        text = N_("The file has {count} people; one journey takes at most {limit}.")
        raise UnreadableFile("FILE_TOO_LONG", text, count=str(len(rows)), limit=str(MAX_ROWS))
    return tuple(rows)


# Tables -----------------------------------------------------------------------------------------


def _read_table(sheet: Sheet) -> Draft:
    table = read_table(sheet, JOURNEY)
    if CASE not in table.titles:
        text = N_("the column with the case numbers is missing")
        table.problems.append(Problem(table.header, COLUMNS[0].title_vi, CASE, "REQUIRED", text))
    people = tuple(DraftPerson(row.number, str(row.number), row.cells) for row in table.rows)
    shared = {name: tuple(cells) for name, cells in table.shared.items()}
    bounded = people if table.problems and not people else _bounded(people)
    return Draft(bounded, shared, tuple(table.problems), tuple(table.warnings), table.titles, table.lines)


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
    lines = Lines(people=tuple(row.row for row in rows))
    return Draft(_bounded(rows), shared, tuple(each_once(problems)), lines=lines)


def _row(number: int, person: Any, problems: list[Problem]) -> DraftPerson:
    cells: dict[str, Cell] = {}
    if not isinstance(person, Mapping):
        text = N_("each person is an object with named fields")
        problems.append(Problem(number, "people", "", "BAD_FORMAT", text))
        return DraftPerson(number, str(number), cells)
    for name, value in person.items():
        if name not in ROW_FIELDS and name != TYPED_VERDICT.field:
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
    return Problem(row, short(name), "", "UNKNOWN_FIELD", text)
