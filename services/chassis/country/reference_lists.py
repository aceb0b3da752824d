"""Gates, peoples, countries, languages, code lists, support matrix, warning signs: packaged in `reference/`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from services.chassis.country.provinces import VINTAGE_2025_FROM, read_reference
from services.chassis.kernel.places import ProvinceRef


@dataclass(frozen=True, slots=True)
class Gate:
    """A land border gate; `id` is this project's own, there is no official list of codes.

    `neighbour` is CN, LA or KH. `kind` None: its official status is not confirmed, show none.
    `existence_confirmed`: two independent sources name it.
    """

    id: str
    name: str
    neighbour: str
    foreign_side: str | None
    province_2004: ProvinceRef
    province_2025: ProvinceRef
    kind: str | None
    existence_confirmed: bool

    def province_on(self, on: date) -> ProvinceRef:
        """The province of the gate, in the vintage valid on a local date."""
        return self.province_2025 if on >= VINTAGE_2025_FROM else self.province_2004


@cache
def gates() -> Mapping[str, Gate]:
    """All border gates, by id."""
    return MappingProxyType(
        {
            row["id"]: Gate(
                id=row["id"],
                name=row["name"],
                neighbour=row["neighbour"],
                foreign_side=row["foreign_side"],
                province_2004=ProvinceRef(row["province_2004"], "2004"),
                province_2025=ProvinceRef(row["province_2025"], "2025"),
                kind=row["kind"],
                existence_confirmed=row["existence_confirmed"],
            )
            for row in read_reference("border_gates")["gates"]
        }
    )


@dataclass(frozen=True, slots=True)
class EthnicGroup:
    """An ethnic group in two official schemes that clash: always store scheme and code.

    A code of 2008 with `gso_2008_confirmed` False has no confirmed source and must not be
    presented as official.
    """

    name: str
    gso_1979: str
    gso_2008: str
    gso_2008_confirmed: bool


@cache
def ethnic_groups() -> tuple[EthnicGroup, ...]:
    """The 54 ethnic groups; "foreigner" and "unknown" are values of the caller's own."""
    return tuple(EthnicGroup(**row) for row in read_reference("ethnic_groups")["groups"])


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory by its code of ISO 3166-1 alpha-2, with its names in English and Vietnamese."""

    code: str
    name_en: str
    name_vi: str


@cache
def countries() -> Mapping[str, Country]:
    """All countries and territories, by code."""
    return MappingProxyType({row["code"]: Country(**row) for row in read_reference("countries")["countries"]})


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """A language by its code in the registry of BCP 47 tags, with its names in English and Vietnamese."""

    code: str
    name_en: str
    name_vi: str


@cache
def languages() -> Mapping[str, SpokenLanguage]:
    """The languages that people may speak, by code."""
    return MappingProxyType({row["code"]: SpokenLanguage(**row) for row in read_reference("languages")["languages"]})


def is_language_tag(tag: str) -> bool:
    """Whether a text is a language of the list, with or without a script and a region: vi, zh-Hant, zh-Hans-CN."""
    code, *parts = tag.split("-")
    if code not in languages():
        return False
    return re.fullmatch(r"(-[A-Z][a-z]{3})?(-[A-Z]{2})?", "".join(f"-{each}" for each in parts)) is not None


@cache
def spellings(name: str) -> Mapping[str, tuple[str, ...]]:
    """How people write the entries of a list besides their names there: by code, or by name where names are the keys.

    `name`: countries, ethnic_groups, gates, languages, provinces; divided_provinces gives the parts by the old name.
    """
    return _tuples(read_reference("spellings")[name])


@dataclass(frozen=True, slots=True)
class SupportMatrix:
    """Which kinds of support a category of person is entitled to, Law 53/2024/QH15 Art 37.

    `kinds` by letter of the article; `entitled` and `by_case` (decided case by case) give the
    letters for each category. `example_tariff` holds rows for a demonstration, as in the file.
    """

    kinds: Mapping[str, str]
    entitled: Mapping[str, tuple[str, ...]]
    by_case: Mapping[str, tuple[str, ...]]
    example_tariff: tuple[Mapping[str, Any], ...]


def _tuples(lists: Mapping[str, list[str]]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({name: tuple(values) for name, values in lists.items()})


@cache
def support_matrix() -> SupportMatrix:
    """The matrix of support kinds; for people identified before 2025-07-01 Law 66/2011 holds."""
    data = read_reference("support_matrix")
    return SupportMatrix(
        kinds=MappingProxyType(data["kinds"]),
        entitled=_tuples(data["categories"]),
        by_case=_tuples(data["by_case"]),
        example_tariff=tuple(MappingProxyType(row) for row in data["example_tariff"]),
    )


@cache
def code_lists() -> Mapping[str, tuple[str, ...]]:
    """The code lists of IOM's Human Trafficking Case Data Standard 2.0 (CC BY 4.0), by name."""
    return _tuples(read_reference("htcds_code_lists")["lists"])


@cache
def consent_questions() -> tuple[str, ...]:
    """The questions on consent of the same standard, in their order."""
    return tuple(read_reference("htcds_code_lists")["consent_questions"])


@dataclass(frozen=True, slots=True)
class WarningSign:
    """A risk factor named by practitioners: a line of a checklist, never a verdict.

    `restricted`: shown to few roles; RF44 is a protective concern only.
    """

    id: str
    group: str
    text: str
    restricted: bool


@cache
def warning_signs() -> tuple[WarningSign, ...]:
    """The warning signs of re-trafficking or reprisal (Asylos and ARC Foundation, 2020)."""
    data = read_reference("red_flags")
    restricted = frozenset(data["restricted"])
    return tuple(WarningSign(row["id"], row["group"], row["text"], row["id"] in restricted) for row in data["flags"])


@cache
def protective_factors() -> tuple[str, ...]:
    """What protects, by the same source."""
    return tuple(read_reference("red_flags")["protective_factors"])


def demonstration_profile() -> Mapping[str, Any]:
    """The proportions of the demonstration's invented people, as in the file."""
    return MappingProxyType(read_reference("demo_profile"))
