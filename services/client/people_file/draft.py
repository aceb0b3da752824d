"""A file as read: cells with the row and column where they stand, not yet understood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Final

from services.chassis.kernel import record
from services.chassis.kernel.fold import clean
from services.chassis.kernel.texts import Texts
from services.client.words import Words, spoken

MAX_FILE_BYTES: Final = 2_000_000
"""Thirty people need some 20,000 bytes; a whole month of a busy post 400,000."""
MAX_WORKBOOK_BYTES: Final = 10_000_000
"""A workbook may carry the picture of a stamp."""
MAX_PEOPLE_IN_FILE: Final = 2_000
MAX_TITLE_CHARS: Final = 60
"""What of a title is shown: a quote that was never closed can make a title of half a file."""

ASKED: Final = record.ASKED | {
    *("TOTAL_DIFFERS", "PEOPLE_IN_OTHER_SHEETS", "STRUCK_OUT", "DAYS_MAY_BE_SWAPPED", "LONE_NAME", "NOT_THERE"),
    *("TITLE_BEFORE_NAME", "IN_BRACKETS", "ADDRESS_ELSEWHERE", "PROVINCE_OF_ADDRESS"),
    *("HIDDEN_ROWS", "HIDDEN_SHEET", "SHORT_ROWS", "FIRST_OF_JANUARY"),
}
"""Codes of what a file is asked about before it is sent: those of a person's record, and those of a list as such."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A text of the file. `row` is the file's own number of the row, None for one of the whole file; `title` the
    column as the file calls it. `parts`: the values of a list, where the format has lists."""

    text: str
    row: int | None
    title: str
    parts: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong, or to be looked at: `text` is an English msgid with placeholders `params`."""

    row: int | None
    title: str
    field: str
    code: str
    text: str
    params: Mapping[str, str] = dataclass_field(default_factory=dict, hash=False)
    words: Words | None = None
    """A list whose words, in the reader's language, are the placeholder `values`."""

    def said(self, _: Texts) -> str:
        """What is wrong, as a sentence in the reader's language."""
        if self.words is None:
            return _(self.text, **self.params)
        return _(self.text, values="; ".join(spoken(self.words, _.language)), **self.params)


@dataclass(frozen=True, slots=True)
class DraftPerson:
    """One person: the row of the file, the label that family links call her by, cells by field.

    `emptied`: fields whose cells are there and empty; of the others the file says nothing. `is_numbered`: the label is
    written in the file, and no count of its rows.
    """

    row: int
    label: str
    cells: Mapping[str, Cell]
    emptied: frozenset[str] = frozenset()
    is_numbered: bool = True


@dataclass(frozen=True, slots=True)
class Lines:
    """What became of every row of a file but that of its titles, by the file's own numbers.

    `above`: rows above the titles. `no_people`: repeated titles, totals, signatures, headings. `shared`: rows that
    hold only what concerns everybody. `numbers`: rows with a number and nothing else.
    """

    people: tuple[int, ...] = ()
    above: tuple[int, ...] = ()
    remarks: tuple[int, ...] = ()
    no_people: tuple[int, ...] = ()
    shared: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()
    faulty: tuple[int, ...] = ()
    empty: tuple[int, ...] = ()

    def __len__(self) -> int:
        return sum(len(getattr(self, name)) for name in self.__slots__)


@dataclass(frozen=True, slots=True)
class Draft:
    """A file as read. `shared` holds the cells of the handover by field, in the order of their rows."""

    people: tuple[DraftPerson, ...]
    shared: Mapping[str, tuple[Cell, ...]]
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    titles: Mapping[str, str] = dataclass_field(default_factory=dict, hash=False)
    lines: Lines | None = None


def short(title: str) -> str:
    """A title as it is shown: one line, cut. What is long or holds separators may have drawn in people's rows: of
    that only the first line is the title."""
    first, _, rest = clean(title).partition("\n")
    line = first if re.search(r"[;,|]", rest) or len(title) > MAX_TITLE_CHARS else " ".join(clean(title).split())
    return line if len(line) <= MAX_TITLE_CHARS else line[: MAX_TITLE_CHARS - 1] + "…"


_LABEL: Final = re.compile(r"0*(\d+)(?:\.0|[.)])?")


def label_of(text: str) -> str:
    """A running number in its one form: 01, 1. and 1.0 are 1; another text is left as it is."""
    match = _LABEL.fullmatch(text.strip())
    return match[1] if match else text


_ROWS_UNREAD: Final = frozenset({"ROWS_IN_CELL", "OTHER_SEPARATOR"})
_DAMAGED: Final = _ROWS_UNREAD | {"EXCEL_ERROR", "HASH_BEFORE_NUMBER", "AS_ABOVE", "NOT_ONE_TICK"}


def once(problems: Iterable[Problem]) -> list[Problem]:
    """Each cause once: what is wrong with a cell as such says all of it, and what its text would mean is not asked any
    more; nor is what the whole file lacks, when it may stand in a row that could not be read."""
    several = list(problems)
    damaged = {(each.row, each.title) for each in several if each.code in _DAMAGED and each.title}
    unread = any(each.code in _ROWS_UNREAD for each in several)
    return [
        each
        for each in several
        if each.code in _DAMAGED
        or not ((each.row, each.title) in damaged or (unread and each.row is None and each.code == "REQUIRED"))
    ]


class UnreadableFile(Exception):
    """A file cannot be read as people at all; `text` is an English msgid with placeholders `params`."""

    def __init__(self, reason: str, text: str, **params: str) -> None:
        super().__init__(text)
        self.reason = reason
        self.text = text
        self.params = params
