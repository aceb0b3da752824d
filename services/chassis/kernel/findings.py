"""What is wrong with what somebody wrote: gathered, so that all of it is told at once.

No violation repeats what was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, Self, TypeVar
from uuid import UUID

from services.chassis.kernel.errors import FieldViolation, InvalidInput

EXAMPLE_UUID: Final = "01890a5d-ac96-774b-bcce-b302099a8057"
EXAMPLE_DAY: Final = "2026-03-31"

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Zero-width joiners belong to names in some scripts of the region; other invisible marks do not.
_JOINERS: Final = frozenset("\u200c\u200d")
_UNPRINTABLE: Final = frozenset({"Cc", "Cf", "Cn", "Cs", "Co", "Zl", "Zp"})

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


class BadDay(ValueError):
    """A text that is no day; `code` says why: BAD_FORMAT, or NOT_A_DATE for a day that the calendar lacks."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_day(text: str) -> date:
    """A day written YYYY-MM-DD and in no other form of ISO 8601; raises BadDay."""
    if not _DAY.fullmatch(text):
        raise BadDay("BAD_FORMAT")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadDay("NOT_A_DATE") from None


@dataclass(slots=True)
class Findings:
    """Reads texts and gathers everything that is wrong with them; `row` and `prefix` stand before every field.

    What is wrong reads as a harmless value: call `done` before anything is used.
    """

    row: int | None = None
    prefix: str = ""
    violations: list[FieldViolation] = field(default_factory=list)

    def at(self, prefix: str = "", *, row: int | None = None) -> Self:
        """The same gathering about a part: a row, which counts from 1, or the fields that begin with a prefix."""
        return type(self)(self.row if row is None else row, f"{self.prefix}{prefix}", self.violations)

    def wrong(self, name: str, code: str, **params: str) -> None:
        """Gather a violation; `params` never hold what was submitted."""
        self.violations.append(FieldViolation(self.row, f"{self.prefix}{name}", code, params))

    def is_right(self, name: str) -> bool:
        """Whether nothing wrong was found with a field yet."""
        return not any((each.row, each.field) == (self.row, f"{self.prefix}{name}") for each in self.violations)

    def done(self) -> None:
        """Raise InvalidInput with everything that was wrong."""
        if self.violations:
            raise InvalidInput(self.violations)

    def day(self, name: str, text: str) -> date | None:
        """A local date; None when empty. BAD_FORMAT unless written YYYY-MM-DD, NOT_A_DATE when there is no such day."""
        if not text:
            return None
        try:
            return parse_day(text)
        except BadDay as bad:
            self.wrong(name, bad.code, **({"example": EXAMPLE_DAY} if bad.code == "BAD_FORMAT" else {}))
            return None

    def required_day(self, name: str, text: str) -> date:
        """A local date that must be given."""
        if not text:
            self.wrong(name, "REQUIRED")
        return self.day(name, text) or date.min

    def uuid(self, name: str, text: str) -> UUID:
        """A UUID; required."""
        if not text:
            self.wrong(name, "REQUIRED")
            return UUID(int=0)
        try:
            return UUID(text)
        except ValueError:
            self.wrong(name, "BAD_FORMAT", example=EXAMPLE_UUID)
            return UUID(int=0)

    def text(self, name: str, value: str, limit: int, *, required: bool = False, lines: bool = False) -> str:
        """A text in NFC without blanks at its ends, so that one name is written one way; `limit` counts code points.

        `lines` allows line breaks and tabs.
        """
        if not value:
            if required:
                self.wrong(name, "REQUIRED")
            return ""
        # Normalising is not free for a hostile text: what is far too long isn't looked at.
        if len(value) > 4 * limit:
            self.wrong(name, "TOO_LONG", limit=str(limit))
            return ""
        plain = unicodedata.normalize("NFC", value.replace("\r\n", "\n") if lines else value).strip()
        if required and not plain:
            self.wrong(name, "REQUIRED")
        if len(plain) > limit:
            self.wrong(name, "TOO_LONG", limit=str(limit))
        if unprintable(plain, lines=lines):
            self.wrong(name, "BAD_CHARACTERS")
        return plain

    def one_of(self, name: str, value: str, known: Container[str], list_name: str) -> None:
        """Gather a value that is not in a code list."""
        if value not in known:
            self.wrong(name, "NOT_IN_LIST", list=list_name)

    def word(self, name: str, words: type[E], text: str, otherwise: E | None = None) -> E:
        """A word that is written out; required. A wrong one reads as `otherwise`, or the first word."""
        try:
            return words(text)
        except ValueError:
            self.wrong(name, "NOT_IN_LIST" if text else "REQUIRED", list=", ".join(words))
            return otherwise or next(iter(words))

    def number(self, name: str, value: int, *, least: int = 0, most: int | None = None) -> int:
        """A number within bounds."""
        if value < least:
            self.wrong(name, "TOO_SMALL", limit=str(least))
            return least
        if most is not None and value > most:
            self.wrong(name, "TOO_LARGE", limit=str(most))
            return most
        return value

    def at_most(self, name: str, values: Sequence[T], limit: int, *, required: bool = False) -> Sequence[T]:
        """A list as far as its limit: what is beyond it is told and not looked at."""
        if required and not values:
            self.wrong(name, "REQUIRED")
        if len(values) > limit:
            self.wrong(name, "TOO_MANY", limit=str(limit))
        return values[:limit]

    def gather(self, invalid: InvalidInput) -> None:
        """Gather what another reader refused."""
        for each in invalid.violations:
            self.violations.append(FieldViolation(self.row, f"{self.prefix}{each.field}", each.code, each.params))


def unprintable(text: str, *, lines: bool) -> str:
    """The first character that nobody can read: a control, half an emoji, a bullet of Word; empty when there is none.

    `lines` allows line breaks and tabs.
    """
    if text.isprintable() and text.isascii():
        return ""
    allowed = _JOINERS | (frozenset("\n\t") if lines else frozenset())
    return next((c for c in text if unicodedata.category(c) in _UNPRINTABLE and c not in allowed), "")
