"""A sheet as a list of people: titles in Vietnamese or English, rows numbered as Excel does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from services.chassis.kernel.fold import fold
from services.client.people_file.columns import (
    FAMILY_NAME,
    FULL_NAME,
    GIVEN_NAME,
    NAME_PARTS,
    NUMBER,
    PERSON_FIELDS,
    SHARED_FIELDS,
    field_of,
    settle_names,
)
from services.client.people_file.draft import (
    MAX_PEOPLE_IN_FILE,
    Cell,
    Draft,
    DraftPerson,
    Problem,
    UnreadableFile,
    label_of,
)
from services.client.people_file.sheet import Sheet
from services.client.people_file.table import Meaning, Row, Table, ranges, read_table
from services.client.people_file.values import ValueProblem, parse_yes_no
from services.client.texts import N_

_BIRTHS: Final = {"birth_of_man": ("Nam", "male"), "birth_of_woman": ("Nữ", "female")}
"""Forms of offices have the year of birth in one of two columns, by sex."""
_TICKS: Final = {"tick_of_man": ("Nam", "male"), "tick_of_woman": ("Nữ", "female")}
"""Other forms have two columns for the sex, and a tick in one of them."""


def _settle(titles: Sequence[str], fields: list[str | None]) -> None:
    """Names in several columns, and the two columns of the sex where they stand without a common title."""
    settle_names(titles, fields)
    words = {fold(word): name for name, words in _TICKS.items() for word in words}
    ticks = {at: words[fold(title)] for at, title in enumerate(titles) if fold(title) in words}
    if "sex" not in fields and len(ticks) == len(set(ticks.values())) == len(_TICKS):
        for at, name in ticks.items():
            fields[at] = name


PEOPLE: Final = Meaning(
    field_of=field_of,
    example="Họ và tên; Giới tính; Ngày sinh",
    number=NUMBER,
    main=FULL_NAME,
    telling=frozenset({"sex", "birth_date", *_BIRTHS, *_TICKS}),
    shared=frozenset(SHARED_FIELDS),
    dates=frozenset({"birth_date", "handover_time", "handover_clock", *_BIRTHS}),
    settle=_settle,
    under={
        (field, fold(word)): name
        for field, columns in (("birth_date", _BIRTHS), ("sex", _TICKS))
        for name, words in columns.items()
        for word in words
    },
)


def read_sheet(sheet: Sheet) -> Draft:
    """Read a sheet. Raises UnreadableFile when it holds no titles that are known, or no people."""
    table = read_table(sheet, PEOPLE)
    _join_names(table)
    _join_ticks(table)
    _join_births(table)
    _tell_missing_columns(table)
    if len(table.rows) > MAX_PEOPLE_IN_FILE:
        raise UnreadableFile(
            "FILE_TOO_LONG", N_("The file has more than {limit} people."), limit=str(MAX_PEOPLE_IN_FILE)
        )
    titled = frozenset(PERSON_FIELDS).intersection(table.titles)
    people = tuple(_person(position, row, titled) for position, row in enumerate(table.rows, start=1))
    if not people and not table.problems and table.lines.remarks:
        text = N_("No row has a person; rows that begin with # are not read: {rows}")
        raise UnreadableFile("NO_PEOPLE", text, rows=ranges(table.lines.remarks))
    if not people and not table.problems:
        raise UnreadableFile("NO_PEOPLE", N_("The file has titles, but no row with a person."))
    return Draft(
        people=people,
        shared={name: tuple(cells) for name, cells in table.shared.items()},
        problems=tuple(table.problems),
        warnings=tuple(table.warnings),
        titles=table.titles,
        lines=table.lines,
    )


def _person(position: int, row: Row, titled: frozenset[str]) -> DraftPerson:
    cells = dict(row.cells)
    number = cells.pop(NUMBER, None)
    label = label_of(number.text) if number else str(position)
    return DraftPerson(row.number, label, cells, titled.difference(cells), is_numbered=number is not None)


def _tell_missing_columns(table: Table) -> None:
    names = N_("the column with the names is missing")
    missing = N_("this column is missing; every person needs it")
    for name, title, text in ((FULL_NAME, "Họ và tên", names), ("sex", "Giới tính", missing)):
        if name not in table.titles:
            table.problems.append(Problem(table.header, title, name, "REQUIRED", text))


def _join_ticks(table: Table) -> None:
    """A tick in the column for men or in that for women is the sex."""
    titles = {name: table.titles.pop(name) for name in _TICKS if name in table.titles}
    if not titles:
        return
    table.titles["sex"] = ", ".join(dict.fromkeys(title.partition(",")[0] for title in titles.values()))
    for row in table.rows:
        cells = {name: cell for name in titles if (cell := row.cells.pop(name, None))}
        ticked = [name for name, cell in cells.items() if _is_ticked(cell.text, _TICKS[name])]
        if len(ticked) == 1:
            row.cells["sex"] = Cell(_TICKS[ticked[0]][0], row.number, titles[ticked[0]])
        elif cells:
            text = N_("put one x into the column for men or that for women, and nothing into the other")
            table.problems.append(Problem(row.number, table.titles["sex"], "sex", "NOT_ONE_TICK", text))


def _is_ticked(text: str, words: Collection[str]) -> bool:
    try:
        return fold(text) in map(fold, words) or parse_yes_no(text)
    except ValueProblem:
        return False


def _join_births(table: Table) -> None:
    """A birth in the column for men or in that for women is a birth, and says the sex too."""
    titles = {name: table.titles.pop(name) for name in _BIRTHS if name in table.titles}
    if not titles:
        return
    title = next(iter(titles.values())).partition(",")[0]
    table.titles["birth_date"] = title
    said = "sex" in table.titles
    table.titles.setdefault("sex", title)
    for row in table.rows:
        births = {name: cell for name in titles if (cell := row.cells.pop(name, None))}
        if len(births) > 1:
            text = N_("only one of the columns for men and women may have the birth")
            table.problems.append(Problem(row.number, title, "birth_date", "NOT_ALLOWED_WITH", text))
        for name, cell in births.items():
            row.cells["birth_date"] = Cell(cell.text, row.number, titles[name])
            word = _BIRTHS[name][0]
            sex = row.cells.setdefault("sex", Cell(word, row.number, titles[name]))
            if said and fold(sex.text) in ("nam", "nu", "m", "f", "male", "female") and _sex(sex.text) != _sex(word):
                text = N_("the birth stands in the column for the other sex")
                table.problems.append(Problem(row.number, titles[name], "birth_date", "CONFLICTS_WITH", text))


def _sex(text: str) -> bool:
    return fold(text) in ("nam", "m", "male")


def _join_names(table: Table) -> None:
    """A name in two or three columns is one name."""
    parts = [name for name in NAME_PARTS if name in table.titles]
    if not parts:
        return
    title = ", ".join(table.titles.pop(name) for name in parts)
    table.titles[FULL_NAME] = title
    if GIVEN_NAME not in parts:
        text = N_("this is a part of the name only; the column with the given name is missing")
        table.problems.append(Problem(table.header, title, FULL_NAME, "REQUIRED", text))
    for row in table.rows:
        cells = {name: cell for name in parts if (cell := row.cells.pop(name, None))}
        if not cells:
            continue
        row.cells[FULL_NAME] = Cell(" ".join(cell.text for cell in cells.values()), row.number, title)
        if GIVEN_NAME in parts and GIVEN_NAME not in cells:
            text = N_("the given name is missing; only a part of the name is written here")
            table.problems.append(Problem(row.number, title, FULL_NAME, "HALF_NAME", text))
        elif FAMILY_NAME in parts and FAMILY_NAME not in cells:
            text = N_("the family name is empty: is this the whole name?")
            table.warnings.append(Problem(row.number, title, FULL_NAME, "HALF_NAME", text))
