"""Setting a record right: field by field, so that what nobody wrote about stays as it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Final

from services.chassis.kernel.errors import InvalidInput
from services.chassis.kernel.findings import Findings
from services.intake.domain.people import REASON_CHARS_MAX, Person, Reference, check_person
from services.intake.domain.registered import require_same_person

PERSON_FIELDS: Final = tuple(one.name for one in fields(Person))
ALL: Final = "*"


@dataclass(frozen=True, slots=True, repr=False)
class Correction:
    """What is to stand in a record, and why.

    Attributes:
        given: the fields that are to stand otherwise.
        named: which of its fields are taken over, also where they are empty; None for those that are not empty.
        another_person: the record was of somebody else.
    """

    reason: str
    given: Person
    named: tuple[str, ...] | None = None
    another_person: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that are taken over."""
        if self.named is None:
            return tuple(name for name in PERSON_FIELDS if getattr(self.given, name))
        return PERSON_FIELDS if ALL in self.named else self.named


def read_reason(found: Findings, correction: Correction) -> str:
    """Why, with its text normalised; what is wrong with it, or with the names of fields, goes into `found`."""
    if not set(correction.named or ()) <= {*PERSON_FIELDS, ALL}:
        found.wrong("update_mask", "NOT_IN_LIST", list=", ".join(PERSON_FIELDS))
    return found.text("reason", correction.reason, REASON_CHARS_MAX, required=True, lines=True)


def corrected(
    found: Findings, before: Person, correction: Correction, reference: Reference, day: date, *, row: int, rows: int
) -> Person:
    """The record after a correction. What stays is not judged anew.

    Which case is the earlier one may be set right too, and taken out.
    `found` holds what was wrong with the rest of the request; `day`, `row` and `rows` as in `check_person`. Raises
    InvalidInput with all of it, AnotherPerson.
    """
    names = [name for name in PERSON_FIELDS if name in correction.names]
    of_record = Findings()
    merged = _with(before, correction.given, names)
    checked = check_person(of_record.at("person."), merged, reference, day, row=row, rows=rows)
    wrong = [each for each in of_record.violations if _root(each.field) in names]
    if wrong:
        found.gather(InvalidInput(wrong))
    found.done()
    after = _with(before, checked, names)
    if not correction.another_person:
        require_same_person(before, after)
    return after


def _with(before: Person, given: Person, names: Collection[str]) -> Person:
    return replace(before, **{name: getattr(given, name) for name in names})


def _root(field: str) -> str:
    return field.removeprefix("person.").partition("[")[0].partition(".")[0]
