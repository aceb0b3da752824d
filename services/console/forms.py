"""A form of one verb: what was typed becomes a request, or a list of what is wrong, and stays as it was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from starlette.datastructures import FormData

from services.chassis.country.provinces import provinces
from services.chassis.country.questionnaires import questionnaire
from services.chassis.country.reference_lists import warning_signs
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.texts import Texts
from services.client import words
from services.client.dates import DateProblem, parse_day, written
from services.client.people_file.values import province_name
from services.client.visit_file import words_of
from services.console.refusals import FieldProblem
from services.console.verbs import Field, Kind

if TYPE_CHECKING:
    from google.protobuf.message import Message

    from services.console.desk import Desk

MAX_TEXT_CHARS: Final = 500
Option = tuple[str, str]
"""A value and its text."""
Typed = Mapping[str, Sequence[str]]


def typed(form: FormData, fields: Iterable[Field]) -> dict[str, list[str]]:
    """What was typed, by field."""
    return {field.name: [str(each) for each in form.getlist(field.name)] for field in fields}


def prefilled(fields: Iterable[Field], today: date, known: Typed | None = None) -> dict[str, list[str]]:
    """What stands in a new form."""
    given = known or {}
    return {
        field.name: list(given.get(field.name, [written(today.isoformat())] if field.today else [])) for field in fields
    }


def fill(request: Message, fields: Iterable[Field], values: Typed, today: date, _: Texts) -> list[FieldProblem]:
    """Put what was typed into a request. Returns everything that is wrong with it."""
    problems = []
    for field in fields:
        given = [each.strip() for each in values.get(field.name, []) if each.strip()]
        if not given:
            if field.required:
                problems.append(FieldProblem(field.name, _("{field}: this is needed.", field=_(field.label))))
            continue
        try:
            _set(request, field, given, today)
        except DateProblem as problem:
            text = _("{field}: {problem}", field=_(field.label), problem=_(problem.text, **problem.params))
            problems.append(FieldProblem(field.name, text))
        except ValueError:
            problems.append(FieldProblem(field.name, _("{field}: choose one of the list.", field=_(field.label))))
    return problems


def _set(request: Message, field: Field, given: Sequence[str], today: date) -> None:
    """Raises DateProblem or ValueError."""
    target: Any = request
    *way, name = field.name.split(".")
    for step in way:
        target = getattr(target, step)
    descriptor = target.DESCRIPTOR.fields_by_name[name]
    if field.kind is Kind.DAY:
        setattr(target, name, parse_day(given[0], today).isoformat())
    elif field.kind is Kind.DAYS:
        days = [parse_day(each, today).isoformat() for each in given[0].split(";") if each.strip()]
        getattr(target, name).extend(days)
    elif field.kind in (Kind.ENTRY, Kind.NUMBER):
        setattr(target, name, int(given[0]))
    elif field.kind is Kind.FLAG:
        setattr(target, name, True)
    elif field.kind is Kind.PROVINCE:
        code, _at, vintage = given[0].partition("@")
        if ProvinceRef(code, vintage) not in provinces():
            raise ValueError(name)
        target.province.code, target.province.vintage = code, vintage
    elif field.kind in (Kind.CODE, Kind.CODES, Kind.SIGNS):
        _set_codes(target, descriptor, field, given)
    else:
        text = given[0][:MAX_TEXT_CHARS]
        setattr(target, name, text.upper() if field.kind in (Kind.OFFICE, Kind.OFFICE_ID, Kind.CASE) else text)


def _set_codes(target: Any, descriptor: Any, field: Field, given: Sequence[str]) -> None:
    known = set(field.words or dict(field.choices) or (questionnaire().codes(field.listed) if field.listed else ()))
    if field.kind is Kind.SIGNS:
        known = {sign.id for sign in warning_signs()}
    if not known.issuperset(given):
        raise ValueError(descriptor.name)
    values: list[Any] = list(given)
    if descriptor.enum_type is not None:
        prefix = descriptor.enum_type.values_by_number[0].name.removesuffix("UNSPECIFIED")
        values = [descriptor.enum_type.values_by_name[prefix + each].number for each in given]
    if descriptor.is_repeated:
        getattr(target, descriptor.name).extend(values)
    else:
        setattr(target, descriptor.name, values[0])


def options(desk: Desk, field: Field, home: ProvinceRef | None = None, entries: Sequence[Option] = ()) -> list[Option]:
    """What may be chosen, in the officer's language. `entries`: what was recorded at home."""
    _ = desk.texts
    if field.kind is Kind.ENTRY:
        return list(entries)
    if field.words is not None:
        return [(code, words.word(_, field.words, code)) for code in field.words]
    if field.listed:
        return [(each.code, words_of(each, _)) for each in questionnaire().visit[field.listed].values()]
    if field.choices:
        return [(code, _(text)) for code, text in field.choices]
    if field.kind is Kind.SIGNS:
        return _signs(desk)
    today = desk.console.today()
    if field.kind is Kind.PROVINCE:
        return [
            (f"{ref.code}@{ref.vintage}", province_name(ref))
            for ref, province in provinces().items()
            if province.is_valid(today)
        ]
    if field.kind is Kind.OFFICE:
        return _offices(desk, field, today, home)
    return []


def _signs(desk: Desk) -> list[Option]:
    """Warning signs, each group behind an option without a value: its title."""
    _, found = desk.texts, list[Option]()
    group = ""
    for sign in warning_signs():
        if sign.restricted:
            continue
        if sign.group != group:
            group = sign.group
            found.append(("", words.word(_, words.WARNING_SIGN_GROUPS, group)))
        found.append((sign.id, f"{sign.id} {words.word(_, words.WARNING_SIGNS, sign.id)}"))
    return found


def _offices(desk: Desk, field: Field, today: date, home: ProvinceRef | None) -> list[Option]:
    """The offices that may be named, the agency of her home province first."""
    vi = desk.texts.language == "vi"
    found = [
        (each.id, f"{each.name_vi if vi else each.name_en} ({each.id})", desk.directory.province_of(each, today))
        for role in sorted(field.roles)
        for each in desk.directory.offices(role=role, on=today)
        if each.id != desk.office.id and not desk.directory.was_ended(each.id)
    ]
    found.sort(key=lambda each: each[2] != home or not each[0].startswith("SA-"))
    return [(office_id, text) for office_id, text, _province in found]
