"""What is read of a case at home: its entries and what was told of its follow-ups, for whoever may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.followup.domain.entry import Entry, Kind


@dataclass(frozen=True, slots=True)
class Told:
    """An event that was said of the case: the name of its type, and its bytes."""

    type: str
    content: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """What was told of the follow-ups; `event` is the name of it, `due_on` as it was written."""

    at: datetime
    office_id: str
    event: str
    kind: Kind | None = None
    rule: str = ""
    level: int = 0
    due_on: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """The story at home. `sees_all`: the caller may see what every entry says; otherwise what `own_offices` wrote.

    `signs_erased`: entry and version, from 1, of the warning signs that the caller might see, had they not been erased.
    """

    keeper_id: str
    entries: tuple[Entry, ...]
    marks: tuple[Mark, ...]
    sees_all: bool
    own_offices: frozenset[str]
    signs_erased: frozenset[tuple[int, int]] = frozenset()

    def withholds(self, entry: Entry) -> bool:
        """Whether the caller may know only that the entry is there."""
        return not self.sees_all and not any(each.office_id in self.own_offices for each in entry.versions)
