"""A file as read: cells with the row and column where they stand, not yet understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Final

MAX_FILE_BYTES: Final = 2_000_000
"""Thirty people need some 20,000 bytes; a whole month of a busy post 400,000."""
MAX_PEOPLE_IN_FILE: Final = 2_000


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


@dataclass(frozen=True, slots=True)
class DraftPerson:
    """One person: the row of the file, the label that family links call her by, cells by field."""

    row: int
    label: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Draft:
    """A file as read. `shared` holds the cells of the handover by field, in the order of their rows."""

    people: tuple[DraftPerson, ...]
    shared: Mapping[str, tuple[Cell, ...]]
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    titles: Mapping[str, str] = dataclass_field(default_factory=dict, hash=False)


class UnreadableFile(Exception):
    """A file cannot be read as people at all; `text` is an English msgid with placeholders `params`."""

    def __init__(self, reason: str, text: str, **params: str) -> None:
        super().__init__(text)
        self.reason = reason
        self.text = text
        self.params = params
