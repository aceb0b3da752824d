"""People as the receiving office writes them down, and what a correct record looks like.

Whatever is wrong is said by row and field and code; no violation repeats what was written.
Texts come out in Unicode NFC without blanks at the ends, so that one name is written one way.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Final

from services.chassis.kernel.case_number import InvalidCaseNumber, parse_case_number
from services.chassis.kernel.errors import register_violations
from services.chassis.kernel.findings import Findings
from services.chassis.kernel.letters import DamageKind, diagnose, one_way
from services.chassis.kernel.names import is_name
from services.chassis.kernel.record import (
    AGE_YEARS_MAX,
    CHARS_MAX,
    FAMILY_LINKS_MAX,
    INVERSE_RELATIONS,
    ITEM_CHARS_MAX,
    ITEMS_MAX,
)
from services.chassis.kernel.spoilt import NUMBERS, is_made_a_date, is_shortened, year_typed_into_date_cell

REASON_CHARS_MAX: Final = 500
CHILD_BY_LAW_YEARS: Final = 16
CHILD_FOR_SUPPORT_YEARS: Final = 18

EXAMPLE_CASE: Final = "HW-999-999-957"
"""A number that is never given to a case."""

FOREIGNER: Final = "FOREIGNER"
UNKNOWN: Final = "UNKNOWN"
RELATIONS: Final = ("CHILD", "PARENT", "SPOUSE", "SIBLING", "OTHER")

_BIRTH_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_LANGUAGE: Final = re.compile(r"([a-z]{2,3})(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
_DAMAGE_CODES: Final[Mapping[DamageKind, str]] = {
    DamageKind.TCVN3: "OLD_FONT",
    DamageKind.VNI: "OLD_FONT",
    DamageKind.MOJIBAKE: "MISREAD_LETTERS",
    DamageKind.ENTITIES: "WEB_LETTERS",
    DamageKind.LOST: "LOST_LETTERS",
}
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")


register_violations(
    {
        "NOT_A_NAME": "This is no name: it needs two letters, and begins with a letter.",
        "OLD_FONT": "This is typed in a font of former times (TCVN3 or VNI), not in Unicode.",
        "MISREAD_LETTERS": "This is UTF-8 that was read as another encoding.",
        "WEB_LETTERS": "This has letters that are written as numbers, as in web pages.",
        "LOST_LETTERS": "Letters of this were lost.",
    }
)


class AgeBand(StrEnum):
    """Age on the day of the return, in the bands of statistics."""

    UNDER_16 = "UNDER_16"
    FROM_16_TO_17 = "FROM_16_TO_17"
    ADULT = "ADULT"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class FamilyLink:
    """A tie to the person in another row of the same submission; rows count from 1."""

    row: int
    relation: str


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """A person's record. Its `repr` shows nothing, so that no log line can.

    `birth_date` is YYYY, YYYY-MM, YYYY-MM-DD or empty; `home_province` is "22@2004" or empty;
    `earlier_case` is the number, or the id, of the case of an earlier return; every other field is
    empty when it is not known.
    """

    full_name: str
    sex: str
    birth_date: str = ""
    nationality: str = ""
    ethnicity: str = ""
    language: str = ""
    home_province: str = ""
    home_address: str = ""
    returned_from_country: str = ""
    health_remarks: str = ""
    documents: tuple[str, ...] = ()
    belongings: tuple[str, ...] = ()
    victim_declaration: bool = False
    return_certificate_number: str = ""
    handover_certificate_number: str = ""
    family_links: tuple[FamilyLink, ...] = ()
    earlier_case: str = ""
    remarks: str = ""

    def __repr__(self) -> str:
        return "Person(…)"


def changed_fields(before: Person, after: Person) -> tuple[str, ...]:
    """Names of the fields that differ, never their contents."""
    return tuple(one.name for one in fields(Person) if getattr(before, one.name) != getattr(after, one.name))


@dataclass(frozen=True, slots=True)
class Reference:
    """Code lists that a record is checked against.

    `ethnicities` as "2008:01", `provinces` as "22@2004", `countries` by ISO 3166-1 alpha-2, `languages` by the code
    that a BCP 47 tag begins with.
    `behind`: of each gate the country behind it.
    """

    sexes: frozenset[str]
    ethnicities: frozenset[str]
    provinces: frozenset[str]
    countries: frozenset[str]
    languages: frozenset[str]
    gates: frozenset[str]
    behind: Mapping[str, str] = field(default_factory=dict, hash=False)


def check_person(found: Findings, person: Person, reference: Reference, day: date, *, row: int, rows: int) -> Person:
    """The person with texts normalised; what is wrong goes into `found`.

    `day` is the local day of the return; `row` is the person's own among `rows`.
    """
    if not person.sex:
        found.wrong("sex", "REQUIRED")
    else:
        found.one_of("sex", person.sex, reference.sexes, ", ".join(sorted(reference.sexes)))
    _check_codes(found, person, reference)
    _check_birth_date(found, person.birth_date, day)
    _check_links(found, person.family_links, row, rows)

    def text(name: str, value: str, *, required: bool = False, lines: bool = False) -> str:
        return check_text(found, name, value, CHARS_MAX[name], required=required, lines=lines)

    full_name = text("full_name", person.full_name, required=True)
    if full_name and found.is_right("full_name") and not is_name(full_name):
        found.wrong("full_name", "NOT_A_NAME")
    return Person(
        full_name=full_name,
        sex=person.sex,
        birth_date=person.birth_date,
        nationality=person.nationality,
        ethnicity=person.ethnicity,
        language=person.language,
        home_province=person.home_province,
        home_address=text("home_address", person.home_address, lines=True),
        returned_from_country=person.returned_from_country,
        health_remarks=text("health_remarks", person.health_remarks, lines=True),
        documents=_check_items(found, "documents", person.documents),
        belongings=_check_items(found, "belongings", person.belongings),
        victim_declaration=person.victim_declaration,
        return_certificate_number=text("return_certificate_number", person.return_certificate_number),
        handover_certificate_number=text("handover_certificate_number", person.handover_certificate_number),
        family_links=person.family_links,
        earlier_case=_check_earlier(found, person.earlier_case),
        remarks=text("remarks", person.remarks, lines=True),
    )


def check_text(
    found: Findings, name: str, value: str, limit: int, *, required: bool = False, lines: bool = False
) -> str:
    """A text written one way: in NFC, Đ one letter, blanks single; what happened to its letters is told."""
    plain = found.text(name, value, limit, required=required, lines=lines)
    if not plain:
        return ""
    plain = one_way(
        "\n".join(" ".join(line.split()) for line in plain.split("\n")) if lines else " ".join(plain.split())
    )
    if found.is_right(name) and (damage := diagnose(plain)):
        found.wrong(name, _DAMAGE_CODES[damage.kind])
    if found.is_right(name) and not lines:
        _check_spoilt(found, name, plain)
    return plain


def _check_spoilt(found: Findings, name: str, plain: str) -> None:
    """What a table made of a short text: a number shortened, or a date."""
    number = name.rpartition(".")[2] in NUMBERS
    if (number and is_shortened(plain)) or is_made_a_date(plain, number=number):
        found.wrong(name, "BAD_FORMAT", example="0012/GCN-2026" if number else "12/5")


def check_ties(found: Findings, people: Sequence[Person]) -> None:
    """Two people cannot be each other's child: what one says of the other must agree with what the other says."""
    for row, person in enumerate(people, start=1):
        for number, link in enumerate(person.family_links, start=1):
            if not row < link.row <= len(people):
                continue
            for back in people[link.row - 1].family_links:
                named = {link.relation, back.relation}
                if back.row != row or "OTHER" in named or not named <= set(RELATIONS):
                    continue
                if INVERSE_RELATIONS[link.relation] != back.relation:
                    name = f"family_links[{number}].relation"
                    found.at(row=row).wrong(name, "CONFLICTS_WITH", other="family_links")


def _check_earlier(found: Findings, written: str) -> str:
    """The number, or the id, of the earlier case in its one form. Whether there is such a case is never told."""
    plain = written.strip()
    if not plain:
        return ""
    if _UUID.fullmatch(plain):
        return plain.lower()
    try:
        return parse_case_number(plain)
    except InvalidCaseNumber:
        found.wrong("earlier_case", "BAD_FORMAT", example=EXAMPLE_CASE)
        return ""


def _check_codes(found: Findings, person: Person, reference: Reference) -> None:
    for name, country in (
        ("nationality", person.nationality),
        ("returned_from_country", person.returned_from_country),
    ):
        if country and not _COUNTRY.fullmatch(country):
            found.wrong(name, "BAD_FORMAT", example="VN")
        elif country:
            found.one_of(name, country, reference.countries, "countries (ISO 3166-1)")
    if person.ethnicity not in ("", FOREIGNER, UNKNOWN):
        found.one_of("ethnicity", person.ethnicity, reference.ethnicities, "ethnic groups")
    if person.language:
        tag = _LANGUAGE.fullmatch(person.language)
        if tag is None:
            found.wrong("language", "BAD_FORMAT", example="vi")
        else:
            found.one_of("language", tag[1], reference.languages, "languages (BCP 47)")
    if person.home_province and person.home_province not in reference.provinces:
        found.wrong("home_province", "UNKNOWN_PROVINCE")


def _check_items(found: Findings, name: str, items: tuple[str, ...]) -> tuple[str, ...]:
    if len(items) > ITEMS_MAX:
        found.wrong(name, "TOO_MANY", limit=str(ITEMS_MAX))
    return tuple(
        check_text(found, f"{name}[{number}]", item, ITEM_CHARS_MAX, required=True)
        for number, item in enumerate(items[:ITEMS_MAX], start=1)
    )


def _check_links(found: Findings, links: tuple[FamilyLink, ...], row: int, rows: int) -> None:
    if len(links) > FAMILY_LINKS_MAX:
        found.wrong("family_links", "TOO_MANY", limit=str(FAMILY_LINKS_MAX))
        return
    seen = set()
    for number, link in enumerate(links, start=1):
        name = f"family_links[{number}]"
        if not 1 <= link.row <= rows or link.row == row:
            found.wrong(f"{name}.row", "UNKNOWN_ROW", referred_row=str(link.row))
        elif link.row in seen:
            found.wrong(f"{name}.row", "DUPLICATE")
        seen.add(link.row)
        found.one_of(f"{name}.relation", link.relation, RELATIONS, ", ".join(RELATIONS))


def _check_birth_date(found: Findings, text: str, day: date) -> None:
    if not text:
        return
    match = _BIRTH_DATE.fullmatch(text)
    if match is None:
        found.wrong("birth_date", "BAD_FORMAT", example="1998, 1998-04, 1998-04-30")
        return
    year, month, of_month = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    try:
        first = date(year, month, of_month)
    except ValueError:
        found.wrong("birth_date", "NOT_A_DATE")
        return
    if first > day:
        found.wrong("birth_date", "IN_THE_FUTURE")
    elif year_typed_into_date_cell(text):
        found.wrong("birth_date", "NOT_A_DATE")
    elif day.year - year > AGE_YEARS_MAX:
        found.wrong("birth_date", "TOO_EARLY", limit=str(day.year - AGE_YEARS_MAX))


def latest_birth_day(birth_date: str) -> date:
    """The last day that a birth date, known in part, may mean.

    With only the month or the year known, the last day of it counts: in doubt a child is a child
    [policy of this project].
    """
    match = _BIRTH_DATE.fullmatch(birth_date)
    if match is None:
        raise ValueError("this is no birth date")
    year, month = int(match[1]), int(match[2] or 12)
    return date(year, month, int(match[3] or calendar.monthrange(year, month)[1]))


def age_band(birth_date: str, day: date) -> AgeBand:
    """The band of a (checked) birth date on a local day."""
    if not birth_date:
        return AgeBand.UNKNOWN
    born = latest_birth_day(birth_date)
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    if age < CHILD_BY_LAW_YEARS:
        return AgeBand.UNDER_16
    return AgeBand.FROM_16_TO_17 if age < CHILD_FOR_SUPPORT_YEARS else AgeBand.ADULT
