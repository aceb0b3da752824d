"""Looking up a code: the lists that forms and files are written with, searched by words without accents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from services.chassis.kernel.fold import fold, squeeze
from services.client import words
from services.client.code_lists import CODE_LISTS, TITLES
from services.client.people_file.values import province_name
from services.console.desk import Desk
from services.console.pages.filters import of_options
from services.console.routes import Page

WORDS_CHARS: Final = 100
SHOWN_MAX: Final = 300
"""Of one list: more than any has but the offices."""
OFFICES: Final = "offices"
COLUMNS: Final = "columns"


@dataclass(frozen=True, slots=True)
class Found:
    """A list with the lines that were found in it. `more`: how many beyond those shown."""

    name: str
    title: str
    titles: Sequence[str]
    rows: Sequence[Sequence[str]]
    more: int


async def codes(desk: Desk) -> Response:
    """The lists, all of them or one, with the lines in which every word typed stands."""
    _ = desk.texts
    lists = [*((name, _(each.meaning)) for name, each in CODE_LISTS.items()), (OFFICES, _("offices"))]
    chosen = of_options(desk, "list", _("List"), lists)
    sought = desk.request.query_params.get("words", "").strip()[:WORDS_CHARS]
    # What a code is called comes before what the columns of a file are called.
    every = sorted((name for name, _title in lists), key=lambda name: name == COLUMNS)
    names = [chosen.value] if chosen.value else every if fold(sought) else []
    found = [each for name in names if (each := _found(desk, name, sought)).rows]
    return desk.page("codes.html", lists=lists, chosen=chosen, sought=sought, found=found, looked=bool(names))


def _found(desk: Desk, name: str, sought: str) -> Found:
    _ = desk.texts
    titles: tuple[str, ...] = (_("Office"), _("Name"), _("Role"), _("Province"))
    title, rows = _("offices"), _offices(desk) if name == OFFICES else []
    if name != OFFICES:
        listed = CODE_LISTS[name]
        title, titles = _(listed.meaning), tuple(_(TITLES[each]) for each in listed.fields)
        rows = list(listed.rows(_))
    wanted = fold(sought).split()
    matching = [row for row in rows if _stands(wanted, row)]
    return Found(name, title, titles, matching[:SHOWN_MAX], max(0, len(matching) - SHOWN_MAX))


def _stands(wanted: Sequence[str], row: Sequence[str]) -> bool:
    """Whether every word typed begins a word of a line, or a cell of it written without spaces."""
    here = {word for cell in row for word in (*fold(cell).split(), squeeze(cell))}
    return all(any(each.startswith(word) for each in here) for word in wanted)


def _offices(desk: Desk) -> list[tuple[str, ...]]:
    _, today = desk.texts, desk.console.today()
    found: list[tuple[str, ...]] = []
    for each in desk.directory.offices(on=today):
        if desk.directory.was_ended(each.id):
            continue
        ref = desk.directory.province_of(each, today)
        where = province_name(ref) if ref is not None else _("whole country")
        found.append((each.id, desk.name_of(each.id), words.word(_, words.ROLES, each.role), where))
    return found


PAGES: Final = (Page("/codes", codes),)
