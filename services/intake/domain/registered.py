"""Whom an office registered already: the same people under another request are asked about, and never twice by mistake.

A likeness of name, sex and birth is no proof: two women may share all three. So nobody is refused for good; whoever
submits names the row of the other person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.chassis.kernel.clock import VIET_NAM
from services.chassis.kernel.errors import ErrorKind, FieldViolation, HomewardError, InvalidInput, register_violations
from services.chassis.kernel.findings import Findings
from services.chassis.kernel.who import births_agree, name_key
from services.intake.domain.people import Person

SAME_RETURN_DAYS: Final = 30
"""Handovers that lie so near may be one: the day of a list may have been wrong. Later she may have come back again."""
WHO: Final = frozenset({"full_name", "sex", "birth_date"})
"""The fields by which somebody is found again."""

register_violations(
    {
        "ALREADY_REGISTERED": "Your office has registered this person already, as {case_number}, on {registered_at}.",
        "UNDER_OTHER_NAME": "All but the name is as your office registered {case_number} on {registered_at}.",
        "SAME_PERSON": "The same name, sex and birth date stand in row {other_row}.",
    }
)


@dataclass(frozen=True, slots=True)
class Trace:
    """By what a person is found again; it tells nobody who she is.

    Attributes:
        digest: of name and sex.
        year: of the year of birth, or that it is not known.
        birth: of the whole birth date; None when it is known in part, and so agrees with any of its year.
        day: local day of the return.
        handover: of moment, place and minutes: who is added to a handover that was sent, under the name of somebody of
            it, is asked about whatever her birth date.
        record: of everything that was registered of her and of the handover, ties apart.
        nameless: of the same without her name: a list whose names were mended is no list of other people. None when
            her birth is not known to the day, and others may well share the rest.
    """

    digest: bytes
    year: bytes
    birth: bytes | None
    day: date
    handover: bytes
    record: bytes
    nameless: bytes | None


@dataclass(frozen=True, slots=True)
class Registered:
    """Somebody in `row` of a submission, and the case that the office made of her, or of one like her, before.

    `other_name`: everything is as it was registered, but for the name.
    """

    row: int
    case_id: UUID
    case_number: str
    handover_id: UUID
    handover_row: int
    handover_people: int
    registered_at: datetime
    same_content: bool
    other_name: bool


class AlreadyRegistered(InvalidInput):
    """Your office has registered some of these people already ({violation_count}); nobody was registered now."""

    kind = ErrorKind.ALREADY_EXISTS


class AnotherPerson(HomewardError):
    """This would be the record of another person: the name differs, and birth date or sex too; nothing was changed.

    The detail `fields` names which of them.
    """


def already_registered(found: Sequence[Registered], is_handover: bool) -> AlreadyRegistered:
    """The refusal that names every row once, with the newest of its cases; a return of one alone has no rows."""
    newest: dict[int, Registered] = {}
    for one in found:
        newest.setdefault(one.row, one)
    return AlreadyRegistered(
        FieldViolation(row, "full_name", _reason(one), _params(one))
        if is_handover
        else FieldViolation(None, "person.full_name", _reason(one), _params(one))
        for row, one in sorted(newest.items())
    )


def _reason(one: Registered) -> str:
    return "UNDER_OTHER_NAME" if one.other_name else "ALREADY_REGISTERED"


def _params(one: Registered) -> dict[str, str]:
    return {"case_number": one.case_number, "registered_at": f"{one.registered_at.astimezone(VIET_NAM):%d/%m/%Y %H:%M}"}


def may_be_one(person: Person, other: Person) -> bool:
    """Whether two records agree in name, sex and birth as far as it is known."""
    return (
        person.sex == other.sex
        and name_key(person.full_name) == name_key(other.full_name)
        and births_agree(person.birth_date, other.birth_date)
    )


def check_each_once(found: Findings, people: Sequence[Person], again: Collection[int]) -> None:
    """Nobody stands in two rows, unless a row is named as that of another person."""
    for number, row in enumerate(again, start=1):
        if not 1 <= row <= len(people):
            found.wrong(f"also_register_again[{number}]", "UNKNOWN_ROW", referred_row=str(row))
    # By sex and name first: thirty people are not compared with one another.
    alike: dict[tuple[str, str], list[int]] = {}
    for row, person in enumerate(people, start=1):
        others = alike.setdefault((person.sex, name_key(person.full_name)), [])
        agreeing = (
            other
            for other in others
            if person.full_name and births_agree(person.birth_date, people[other - 1].birth_date)
        )
        if (other := next(agreeing, None)) and not {row, other}.intersection(again):
            found.at(row=row).wrong("full_name", "SAME_PERSON", other_row=str(other))
        others.append(row)


def require_same_person(before: Person, after: Person) -> None:
    """Raise AnotherPerson when a correction leaves too little of her: name and birth, or name and sex, differ."""
    if name_key(before.full_name) == name_key(after.full_name):
        return
    differing = [
        name
        for name, differs in (
            ("birth_date", not births_agree(before.birth_date, after.birth_date) and before.birth_date),
            ("sex", before.sex != after.sex),
        )
        if differs
    ]
    if differing:
        raise AnotherPerson(fields=", ".join(differing))


def nth_of_its_like(traces: Iterable[Trace]) -> list[int]:
    """Of each the number, from 0, among those of the same digest in one submission."""
    seen: dict[bytes, int] = {}
    numbers = []
    for trace in traces:
        number = seen.get(trace.digest, 0)
        seen[trace.digest] = number + 1
        numbers.append(number)
    return numbers
