"""The JSON form: the fields of the contract by their names, with the same freedom of writing as a table."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from services.chassis.kernel.fold import clean
from services.client.people_file.columns import PERSON_FIELDS, SHARED_FIELDS, field_of
from services.client.people_file.decode import Decoded
from services.client.people_file.draft import (
    MAX_PEOPLE_IN_FILE,
    Cell,
    Draft,
    DraftPerson,
    Lines,
    Problem,
    UnreadableFile,
    short,
)
from services.client.texts import N_

_PLACES: Final = {"gate_id": "gate", "gate": "gate", "marker": "marker", "other": "other_place"}
_LISTS: Final = frozenset({"documents", "belongings", "family_links"})


def json_document(decoded: Decoded) -> Any:
    """What a JSON text says. Raises UnreadableFile, naming the line of the first mistake."""
    try:
        document = json.loads(decoded.text.removeprefix("\ufeff"), object_pairs_hook=_object)
        return _whole_letters(document)
    except (ValueError, RecursionError) as error:
        line = str(getattr(error, "lineno", 1))
        text = N_("The file is not valid JSON; the first mistake is in line {line}.")
        raise UnreadableFile("NOT_JSON", text, line=line) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two fields with one name the later would win without a word."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        text = N_("The field {name} stands twice in one object; keep one.")
        raise UnreadableFile("DUPLICATE_FIELD", text, name=short(_whole(twice)))
    return found


def _whole(text: str) -> str:
    """Half of a letter that needs two, as programs cut texts, is a lost one; nothing could be sent with it."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def _whole_letters(value: Any) -> Any:
    if isinstance(value, str):
        return _whole(value)
    if isinstance(value, list):
        return [_whole_letters(each) for each in value]
    if isinstance(value, dict):
        return {_whole(name): _whole_letters(each) for name, each in value.items()}
    return value


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
    lines = Lines(people=tuple(person.row for person in read))
    return Draft(people=read, shared=shared, problems=tuple(each_once(problems)), lines=lines)


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
                    title = f"place.{kind}"
                    if _PLACES[kind] in cells:
                        problem = N_("two fields have this meaning; keep one")
                        problems.append(Problem(None, title, _PLACES[kind], "DUPLICATE", problem))
                    cells[_PLACES[kind]] = (_cell(text, None, title),)
                elif kind not in _PLACES:
                    problems.append(_unknown(None, f"place.{kind}"))
        elif name in SHARED_FIELDS:
            if _written(value) and name in cells:
                problem = N_("two fields have this meaning; keep one")
                problems.append(Problem(None, name, name, "DUPLICATE", problem))
            elif _written(value):
                cells[name] = (_cell(value, None, name),)
        else:
            problems.append(_unknown(None, name))
    return cells


def _person(number: int, person: Any, problems: list[Problem]) -> DraftPerson:
    if not isinstance(person, dict):
        problems.append(Problem(number, "people", "", "BAD_FORMAT", N_("each person is an object with named fields")))
        return DraftPerson(number, str(number), {})
    cells, emptied = {}, set()
    for name, value in person.items():
        if name not in PERSON_FIELDS:
            problems.append(_unknown(number, str(name)))
        elif isinstance(value, dict | list) and not (name in _LISTS or name == "home_province"):
            problems.append(Problem(number, name, name, "BAD_FORMAT", N_("this is one text, not a list or an object")))
        elif _written(value):
            cells[name] = _cell(value, number, name)
        else:
            emptied.add(name)
    return DraftPerson(number, str(number), cells, frozenset(emptied))


def _unknown(row: int | None, name: str) -> Problem:
    if meant := field_of(name):
        text = N_("there is no such field; write it as {name}")
        return Problem(row, short(name), "", "UNKNOWN_FIELD", text, {"name": meant})
    text = N_("there is no such field; all of them: homeward template FILE --form json")
    return Problem(row, short(name), "", "UNKNOWN_FIELD", text)


def each_once(problems: Iterable[Problem]) -> list[Problem]:
    """A field that does not exist, once for all the people that have it."""
    seen: set[str] = set()
    kept = []
    for each in problems:
        if each.code != "UNKNOWN_FIELD" or each.title not in seen:
            kept.append(each)
        if each.code == "UNKNOWN_FIELD":
            seen.add(each.title)
    return kept


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
