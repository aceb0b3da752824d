"""The form of a handover: the same cells as a file's, so it is read and checked by the same rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from starlette.datastructures import FormData

from services.chassis.country.reference_lists import gates
from services.chassis.kernel.record import PEOPLE_MAX
from services.chassis.kernel.texts import Texts
from services.client.people_file.batches import parts_of
from services.client.people_file.check import Checked, Defaults, check_handover
from services.client.people_file.columns import BY_FIELD, PERSON_FIELDS, SHARED_FIELDS, title_of
from services.client.people_file.draft import Cell, Draft, DraftPerson, Problem
from services.console.refusals import FieldProblem
from services.console.said import said

SHARED: Final = tuple(name for name in SHARED_FIELDS if name != "handover_clock")
FIRST_SHARED: Final = ("handover_time", "gate", "handing_body", "joint_minutes_number")
FIRST: Final = ("full_name", "sex", "birth_date", "home_province", "home_address")
"""What is asked of everybody first; the rest is there when it is opened."""
NEEDED: Final = ("full_name", "sex")
"""Without these nobody is registered."""
WISHED: Final = ("birth_date", "home_province")
"""Without these she is registered, and her way home cannot be planned."""
LISTED: Final[Mapping[str, str]] = {
    "gate": "gates",
    "route": "routes",
    "sex": "sex",
    "nationality": "countries",
    "ethnicity": "ethnic-groups",
    "language": "languages",
    "home_province": "provinces",
    "returned_from_country": "countries",
}
"""Fields that are written with a list of codes, which can be looked up."""
MAX_CHARS: Final = 2_000
LOOKED: Final = "looked"


@dataclass(slots=True)
class Typed:
    """What stands in the form: texts by field, of the handover and of each person.

    `places`: where a person's row stood in the file that filled the form, empty when none did. `again`: positions of
    people, from 1, who are others than those whom they are like. `looked`: what seldom is so was looked at, and is so.
    """

    shared: dict[str, str] = field(default_factory=dict)
    people: list[dict[str, str]] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    again: frozenset[int] = frozenset()
    looked: bool = False


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody in the list beside the form: her fields that are wrong, needed, and good to know."""

    number: int
    name: str
    wrong: tuple[str, ...]
    missing: tuple[str, ...]
    unsaid: tuple[str, ...]


def entered(typed: Typed, problems: Iterable[FieldProblem]) -> list[Entered]:
    """Everybody in the form, with what still has to be done."""
    told_of = {each.field for each in problems}
    found = []
    for number, person in enumerate(typed.people, start=1):
        wrong = tuple(name for name in PERSON_FIELDS if person.get(name) and f"p{number}.{name}" in told_of)
        missing, unsaid = (tuple(name for name in names if not person.get(name)) for names in (NEEDED, WISHED))
        found.append(Entered(number, person.get("full_name", ""), wrong, missing, unsaid))
    return found


def of_form(form: FormData) -> Typed:
    """What was sent: `handover_time`, `p1.full_name` …"""
    shared = {name: _text(form, name) for name in SHARED}
    count = min(number_in(form, "count"), PEOPLE_MAX)
    people = [_with_tie(form, row) for row in range(1, count + 1)]
    places = [_text(form, f"p{row}.place") for row in range(1, count + 1)]
    again = frozenset(row for row in range(1, count + 1) if form.get(f"p{row}.again"))
    return Typed(shared, people, places, again, form.get(LOOKED) == "1")


def fields_of(typed: Typed) -> list[tuple[str, str]]:
    """The same as a form sends it."""
    found = [("count", str(len(typed.people))), *typed.shared.items(), (LOOKED, "1" if typed.looked else "")]
    for row, (person, place) in enumerate(zip(typed.people, typed.places, strict=True), start=1):
        found += [(f"p{row}.{name}", text) for name, text in person.items()]
        found += [(f"p{row}.place", place), (f"p{row}.again", "1" if row in typed.again else "")]
    return found


def _with_tie(form: FormData, row: int) -> dict[str, str]:
    """A person, with the tie that was chosen from the list of the others behind those that were written."""
    person = {name: _text(form, f"p{row}.{name}") for name in PERSON_FIELDS}
    other, relation = number_in(form, f"p{row}.tie_to"), _text(form, f"p{row}.tie_as")
    if other:
        person["family_links"] = "; ".join(filter(None, (person["family_links"], f"{other}: {relation}".strip())))
    return person


def of_draft(draft: Draft, part: int = 1) -> Typed:
    """What a file says, as the form shows it: of the people of a part that one handover takes, counted from 1."""
    shared = {name: cells[0].text for name, cells in draft.shared.items() if name in SHARED and cells}
    if clock := draft.shared.get("handover_clock"):
        shared["handover_time"] = f"{shared.get('handover_time', '')} {clock[0].text}".strip()
    parts = parts_of(draft) or [[]]
    people = [draft.people[position] for position in parts[min(max(part, 1), len(parts)) - 1]]
    labels = {person.label: str(number) for number, person in enumerate(people, start=1)}
    typed = Typed(shared)
    for person in people:
        typed.people.append(
            {name: _of_cell(cell, name, labels) for name, cell in person.cells.items() if name in PERSON_FIELDS}
        )
        typed.places.append(str(person.row))
    return typed


def _of_cell(cell: Cell, name: str, labels: Mapping[str, str]) -> str:
    text = "; ".join(cell.parts) if cell.parts is not None else cell.text
    if name != "family_links":
        return text
    # People are numbered anew in the form.
    links = (each.partition(":") for each in text.split(";"))
    return "; ".join(f"{labels.get(label.strip(), label.strip())}{colon}{rest}" for label, colon, rest in links)


def without(typed: Typed, row: int) -> Typed:
    """The same without one person, position from 1: those behind her move up, and ties follow their people."""
    moved = {old: old - (old > row) for old in range(1, len(typed.people) + 1) if old != row}
    people = [{**typed.people[old - 1]} for old in moved]
    for person in people:
        if links := person.get("family_links"):
            person["family_links"] = _tied_anew(links, row, moved)
    again = frozenset(new for old, new in moved.items() if old in typed.again)
    return Typed(typed.shared, people, [typed.places[old - 1] for old in moved], again, typed.looked)


def _tied_anew(links: str, gone: int, moved: Mapping[int, int]) -> str:
    """What cannot be understood stays as it was typed, for the check to say so."""
    kept = []
    for each in links.split(";"):
        label, colon, rest = each.strip().partition(":")
        number = int(label) if label.strip().isdecimal() and len(label) < 4 else 0
        if number != gone:
            kept.append(f"{moved.get(number, label)}{colon}{rest}")
    return "; ".join(kept)


def checked(typed: Typed, office_id: str, now: datetime, language: Any, *, alone: bool = False) -> Checked:
    """The form understood as a file is. `alone`: one person who came back by herself."""
    people = tuple(
        DraftPerson(
            row,
            str(row),
            {name: Cell(text, row, title_of(name, language)) for name, text in person.items() if text},
            frozenset(name for name, text in person.items() if not text),
        )
        for row, person in enumerate(typed.people, start=1)
    )
    shared = {name: (Cell(text, None, title_of(name, language)),) for name, text in typed.shared.items() if text}
    titles = {name: title_of(name, language) for name in BY_FIELD}
    draft = Draft(people, shared, titles=titles)
    return check_handover(draft, Defaults({}, gate_of(office_id), again=typed.again), now, self_return=alone)


def gate_of(office_id: str) -> str:
    """The gate that a border post stands at, when its id says so."""
    gate = office_id.removeprefix("BP-")
    return gate if gate != office_id and gate in gates() else ""


def told(problems: Iterable[Problem], typed: Typed, _: Texts) -> list[FieldProblem]:
    """Mistakes as they are shown, at their fields; with the row of the file where one filled the form."""
    found = []
    for each in problems:
        title = title_of(each.field, _.language) if each.field in BY_FIELD else each.title
        if each.row is None or not 1 <= each.row <= len(typed.people):
            text = _("{column}: {problem}", column=title, problem=said(each, _)) if title else said(each, _)
            found.append(FieldProblem(each.field if each.field in SHARED else "", text))
            continue
        place = typed.places[each.row - 1] if each.row <= len(typed.places) else ""
        where = _("Person {number} (row {row} of the file)", number=each.row, row=place)
        if not place:
            where = _("Person {number}", number=each.row)
        text = _("{person}, {column}: {problem}", person=where, column=title, problem=said(each, _))
        found.append(FieldProblem(f"p{each.row}.{each.field}" if each.field in PERSON_FIELDS else "", text))
    return found


def told_of_file(problems: Iterable[Problem], typed: Typed, _: Texts) -> list[FieldProblem]:
    """What is wrong with a file as such, by its own rows: at the people who were read out of them."""
    positions = {place: number for number, place in enumerate(typed.places, start=1) if place}
    found = []
    for each in problems:
        position = positions.get(str(each.row))
        if each.row is None or position is not None:
            found += told([replace(each, row=position)], typed, _)
        else:
            row = _("row {row} of the file", row=each.row)
            found.append(FieldProblem("", _("{column}: {problem}", column=row, problem=said(each, _))))
    return found


def told_of_one(problems: Iterable[Problem], _: Texts) -> list[FieldProblem]:
    """Mistakes of a form of one person, at their fields."""
    return [
        FieldProblem(
            each.field if each.field in PERSON_FIELDS else "",
            _("{column}: {problem}", column=title_of(each.field, _.language), problem=said(each, _))
            if each.field in BY_FIELD
            else said(each, _),
        )
        for each in problems
    ]


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip()[:MAX_CHARS] if isinstance(value, str) else ""


def number_in(form: FormData, name: str) -> int:
    """A small number as our own form carries it; 0 for anything else."""
    text = _text(form, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
