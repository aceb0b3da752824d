"""What stands in the address of a list: each filter by its name, so that a page can be handed on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from services.chassis.country.offices import Office
from services.chassis.country.provinces import provinces
from services.chassis.kernel.fold import fold
from services.client import words
from services.client.people_file.values import province_name
from services.console.desk import Desk

_OFFICE_ID: Final = re.compile(r"[A-Z0-9-]{1,40}")
OFFICE_CHARS: Final = 100
NO_OFFICE: Final = "NO-SUCH-OFFICE"
"""No office has this id."""
DAYS: Final = ("1", "7", "30", "90")


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: its name in the address, its title, what may be chosen (nothing: a text), and what is chosen."""

    name: str
    title: str
    options: Sequence[tuple[str, str]]
    value: str
    typed: str = ""
    """Where it means nothing."""

    @property
    def parts(self) -> tuple[str, str, Sequence[tuple[str, str]], str]:
        """As templates take it."""
        return self.name, self.title, self.options, self.typed or self.value


def of_words(desk: Desk, name: str, title: str, known: words.Words, codes: Iterable[str] | None = None) -> Filter:
    """A code of a list of words, or of some of it."""
    options = [(code, words.word(desk.texts, known, code)) for code in (known if codes is None else codes)]
    return _of(desk, name, title, options)


def of_province(desk: Desk) -> Filter:
    """A province of today, as counts name it."""
    today = desk.console.today()
    options = [(str(ref), province_name(ref)) for ref, each in provinces().items() if each.is_valid(today)]
    return _of(desk, "province", desk.texts("Province"), options)


def of_days(desk: Desk, name: str, title: str) -> Filter:
    """So many days, or more."""
    options = [(each, desk.texts.plural("{count} day and more", "{count} days and more", int(each))) for each in DAYS]
    return _of(desk, name, title, options)


def of_options(desk: Desk, name: str, title: str, options: Sequence[tuple[str, str]]) -> Filter:
    """Anything else that may be chosen."""
    return _of(desk, name, title, options)


def of_office(desk: Desk) -> Filter:
    """An office by its id, or by words of its name that only one has.

    What means no office, or several, stays as it was typed, is said, and finds nothing: a list of all offices would be
    taken for that of one.
    """
    given = desk.request.query_params.get("office", "").strip()[:OFFICE_CHARS]
    office_id = _office_id(desk, given) if given else ""
    desk.no_office = office_id == NO_OFFICE
    return Filter("office", desk.texts("Office"), (), office_id, given if desk.no_office else "")


def _office_id(desk: Desk, given: str) -> str:
    if _OFFICE_ID.fullmatch(given.upper()):
        return given.upper()
    wanted = set(fold(given).split())
    named = [each.id for each in desk.directory.offices() if wanted and wanted <= _words_of(each)]
    return named[0] if len(named) == 1 else NO_OFFICE


def _words_of(office: Office) -> set[str]:
    return set(fold(f"{office.name_vi} {office.name_en}").split())


def query_of(filters: Iterable[Filter]) -> str:
    """The filters chosen, as they stand in an address, ready for one more."""
    chosen = urlencode([(each.name, each.typed or each.value) for each in filters if each.value])
    return f"{chosen}&" if chosen else ""


def address(path: str, **chosen: str) -> str:
    """A list with these filters; those empty are left out."""
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"{path}?{query}" if query else path


def _of(desk: Desk, name: str, title: str, options: Sequence[tuple[str, str]]) -> Filter:
    given = desk.request.query_params.get(name, "")
    return Filter(name, title, options, given if given in dict(options) else "")
