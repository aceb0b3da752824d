"""The JSON form: the fields of the contract by their names, with the same freedom of writing as a table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from services.chassis.kernel.fold import clean
from services.client.people_file.columns import PERSON_FIELDS, SHARED_FIELDS
from services.client.people_file.decode import Decoded
from services.client.people_file.draft import (
    MAX_PEOPLE_IN_FILE,
    Cell,
    Draft,
    DraftPerson,
    Problem,
    UnreadableFile,
)
from services.client.texts import N_

_PLACES: Final = {"gate_id": "gate", "gate": "gate", "marker": "marker", "other": "other_place"}
MAX_NAME_CHARS: Final = 60
_LISTS: Final = frozenset({"documents", "belongings", "family_links"})


def json_document(decoded: Decoded) -> Any:
    """What a JSON text says. Raises UnreadableFile, naming the line of the first mistake."""
    try:
        return json.loads(decoded.text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        line = str(getattr(error, "lineno", 1))
        text = N_("The file is not valid JSON; the first mistake is in line {line}.")
        raise UnreadableFile("NOT_JSON", text, line=line) from None


def read_json(decoded: Decoded) -> Draft:
    """Read a handover, a list of people, or one person. Raises UnreadableFile when it is none of them."""
    handover, people = _parts(json_document(decoded))
    if not people:
        raise UnreadableFile("NO_PEOPLE", N_('The file has no person; it needs a list "people".'))
    if len(people) > MAX_PEOPLE_IN_FILE:
        text = N_("The file has more than {limit} people.")
        raise UnreadableFile("FILE_TOO_LONG", text, limit=str(MAX_PEOPLE_IN_FILE))
    problems: list[Problem] = []
    shared = _shared(handover, problems)
    read = tuple(_person(number, person, problems) for number, person in enumerate(people, start=1))
    return Draft(people=read, shared=shared, problems=tuple(problems))


def _parts(document: Any) -> tuple[dict[str, Any], list[Any]]:
    if isinstance(document, list):
        return {}, document
    if isinstance(document, dict):
        for name in ("handover", "person"):
            if isinstance(document.get(name), dict) and set(document) == {name}:
                document = document[name]
        if "people" in document:
            people = document["people"]
            return {key: value for key, value in document.items() if key != "people"}, (
                people if isinstance(people, list) else []
            )
        if "full_name" in document:
            return {}, [document]
    raise UnreadableFile("NO_PEOPLE", N_('The file has no person; it needs a list "people".'))


def _shared(handover: Mapping[str, Any], problems: list[Problem]) -> dict[str, tuple[Cell, ...]]:
    cells: dict[str, tuple[Cell, ...]] = {}
    for name, value in handover.items():
        if name == "place" and isinstance(value, dict):
            for kind, text in value.items():
                if kind in _PLACES and text:
                    cells[_PLACES[kind]] = (_cell(text, None, f"place.{kind}"),)
                elif kind not in _PLACES:
                    problems.append(_unknown(None, f"place.{kind}"))
        elif name in SHARED_FIELDS:
            if _written(value):
                cells[name] = (_cell(value, None, name),)
        else:
            problems.append(_unknown(None, name))
    return cells


def _person(number: int, person: Any, problems: list[Problem]) -> DraftPerson:
    if not isinstance(person, dict):
        problems.append(Problem(number, "people", "", "BAD_FORMAT", N_("each person is an object with named fields")))
        return DraftPerson(number, str(number), {})
    cells = {}
    for name, value in person.items():
        if name not in PERSON_FIELDS:
            problems.append(_unknown(number, str(name)))
        elif isinstance(value, dict | list) and not (name in _LISTS or name == "home_province"):
            problems.append(Problem(number, name, name, "BAD_FORMAT", N_("this is one text, not a list or an object")))
        elif _written(value):
            cells[name] = _cell(value, number, name)
    return DraftPerson(number, str(number), cells)


def _unknown(row: int | None, name: str) -> Problem:
    return Problem(
        row,
        clean(name)[:MAX_NAME_CHARS],
        "",
        "UNKNOWN_FIELD",
        N_("there is no such field; look at: homeward template --form json"),
    )


def _written(value: Any) -> bool:
    return value is not None and value not in ("", [], {})


def _cell(value: Any, row: int | None, title: str) -> Cell:
    if isinstance(value, list):
        parts = tuple(clean(_plain(each)) for each in value)
        return Cell("\n".join(parts), row, title, parts)
    return Cell(clean(_plain(value)), row, title)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        if {"code", "vintage"} <= set(value):
            return f"{value['code']}@{value['vintage']}"
        if {"row", "relation"} <= set(value):
            return f"{value['row']}: {value['relation']}"
        return "?"
    return str(value)
