"""What a correction takes from a file: the fields that are written there and stand otherwise in the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from services.client.people_file.content import FamilyLink, PersonContent
from services.client.people_file.draft import DraftPerson

if TYPE_CHECKING:
    from homeward.intake.v1 import people_pb2

_DIVIDED: Final = "home_address"
"""A whole address under the province is read into both."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Names of fields: those that are taken over, and those that are left because their cells are empty."""

    changed: tuple[str, ...]
    left: tuple[str, ...]


def content_of(person: people_pb2.Person) -> PersonContent:
    """A record as the service holds it, with the values of the file."""
    province = person.home_province
    return PersonContent(
        full_name=person.full_name,
        sex=person.sex,
        birth_date=person.birth_date,
        nationality=person.nationality,
        ethnicity=person.ethnicity,
        language=person.language,
        home_province=f"{province.code}@{province.vintage}" if person.HasField("home_province") else "",
        home_address=person.home_address,
        returned_from_country=person.returned_from_country,
        health_remarks=person.health_remarks,
        documents=tuple(person.documents),
        belongings=tuple(person.belongings),
        victim_declaration=person.victim_declaration,
        return_certificate_number=person.return_certificate_number,
        handover_certificate_number=person.handover_certificate_number,
        family_links=tuple(FamilyLink(link.row, link.relation) for link in person.family_links),
        earlier_case=person.earlier_case,
        remarks=person.remarks,
    )


def difference(draft: DraftPerson, written: PersonContent, stands: PersonContent, *, empty: bool) -> Difference:
    """What of a row differs from the record. A column that is not in the file is left as it is.

    `empty`: an empty cell empties the field; else it is left, too.
    """
    changed: list[str] = []
    left: list[str] = []
    for name in PersonContent.__slots__:
        if _plain(getattr(written, name)) == _plain(getattr(stands, name)):
            continue
        if name in draft.cells or (name == _DIVIDED and written.home_address):
            changed.append(name)
        elif name in draft.emptied:
            (changed if empty else left).append(name)
    return Difference(tuple(changed), tuple(left))


def _plain(value: object) -> object:
    if isinstance(value, tuple) and value and isinstance(value[0], FamilyLink):
        return sorted((link.row, link.relation) for link in value)
    return value
