"""The lists of codes that files and forms are written with, and the words that may be written for each code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from services.chassis.country.provinces import province, provinces
from services.chassis.country.reference_lists import countries, ethnic_groups, gates, languages, warning_signs
from services.chassis.kernel.texts import Texts
from services.client import words
from services.client.people_file.columns import COLUMNS
from services.client.texts import N_

Row = tuple[str, ...]

TITLES: Final[Mapping[str, str]] = {
    "code": N_("Code"),
    "name": N_("Name"),
    "successor": N_("Since 01/07/2025"),
    "province": N_("Province"),
    "meaning": N_("Meaning"),
    "column": N_("Column"),
    "also": N_("Also taken"),
}


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list: what it is (an English sentence), the fields of a line by the names of TITLES, its lines."""

    meaning: str
    fields: tuple[str, ...]
    rows: Callable[[Texts], Iterable[Row]]


def _gates(_: Texts) -> Iterable[Row]:
    for gate in gates().values():
        yield gate.id, gate.name, f"{province(gate.province_2025).short_name} ({gate.province_2025})"


def _provinces(_: Texts) -> Iterable[Row]:
    for unit in provinces().values():
        heir = province(unit.successor).short_name if unit.successor else ""
        yield str(unit.ref), unit.name, f"{heir} ({unit.successor})" if unit.successor else ""


def _ethnic_groups(_: Texts) -> Iterable[Row]:
    yield from ((f"2008:{group.gso_2008}", group.name) for group in ethnic_groups())
    yield "FOREIGNER", _("foreigner")
    yield "UNKNOWN", _("not known")


def _in_both(code: str, vi: str, en: str, _: Texts) -> Row:
    """A line with the name in the reader's language, and the other one."""
    return (code, vi, en) if _.language == "vi" else (code, en, vi)


def _countries(_: Texts) -> Iterable[Row]:
    return (_in_both(each.code, each.name_vi, each.name_en, _) for each in countries().values())


def _languages(_: Texts) -> Iterable[Row]:
    return (_in_both(each.code, each.name_vi, each.name_en, _) for each in languages().values())


def _signs(_: Texts) -> Iterable[Row]:
    return ((sign.id, words.word(_, words.WARNING_SIGNS, sign.id)) for sign in warning_signs())


def _columns(_: Texts) -> Iterable[Row]:
    for column in COLUMNS:
        title = column.title_vi if _.language == "vi" else column.title_en
        yield title, _(column.hint), column.title_en if _.language == "vi" else column.title_vi


def _words(known: words.Words) -> Callable[[Texts], Iterable[Row]]:
    return lambda _: ((code, words.word(_, known, code)) for code in known)


CODE_LISTS: Final[Mapping[str, CodeList]] = {
    "columns": CodeList(N_("columns of a table of people"), ("column", "meaning", "also"), _columns),
    "gates": CodeList(N_("border gates"), ("code", "name", "province"), _gates),
    "provinces": CodeList(N_("provinces, before and since 2025"), ("code", "name", "successor"), _provinces),
    "countries": CodeList(N_("countries and nationalities"), ("code", "name", "also"), _countries),
    "ethnic-groups": CodeList(N_("ethnic groups"), ("code", "name"), _ethnic_groups),
    "languages": CodeList(N_("languages"), ("code", "name", "also"), _languages),
    "sex": CodeList(N_("sex"), ("code", "meaning"), _words(words.SEXES)),
    "routes": CodeList(N_("routes of return"), ("code", "meaning"), _words(words.ROUTES)),
    "relations": CodeList(N_("family relations"), ("code", "meaning"), _words(words.RELATIONS)),
    "escorts": CodeList(N_("who travels along"), ("code", "meaning"), _words(words.ESCORTS)),
    "means": CodeList(N_("means of travel"), ("code", "meaning"), _words(words.MEANS)),
    "documents": CodeList(N_("papers that travel along"), ("code", "meaning"), _words(words.TRANSFER_DOCUMENTS)),
    "purposes": CodeList(N_("purposes of reading who somebody is"), ("code", "meaning"), _words(words.PURPOSES)),
    "grounds": CodeList(N_("grounds of identification"), ("code", "meaning"), _words(words.GROUNDS)),
    "signs": CodeList(N_("warning signs of re-trafficking"), ("code", "meaning"), _signs),
}
