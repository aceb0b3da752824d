"""What the ties between the people of a file say against one another, and against their birth dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from services.chassis.kernel.record import INVERSE_RELATIONS
from services.client.people_file.content import FamilyLink, PersonContent
from services.client.people_file.draft import DraftPerson, Problem
from services.client.texts import N_

_OTHER: Final = "OTHER"


def family_problems(drafts: Sequence[DraftPerson], people: Sequence[PersonContent]) -> Iterator[Problem]:
    """Ties that cannot both hold (CONFLICTS_WITH), and children who would be older than their parents (a note)."""
    links = [{link.row: link for link in person.family_links} for person in people]
    for position, (draft, own) in enumerate(zip(drafts, links, strict=True), start=1):
        for other, link in own.items():
            back = links[other - 1].get(position) if other <= len(links) else None
            if back is not None and other > position and not _agree(link, back):
                yield _problem(
                    draft,
                    "CONFLICTS_WITH",
                    N_("this does not agree with what row {row} says of the same two people"),
                    {"row": str(drafts[other - 1].row)},
                )
            elif other <= len(people) and _is_older_than_parent(people[position - 1], people[other - 1], link, back):
                yield _problem(
                    draft,
                    "OLDER_THAN_PARENT",
                    N_(
                        "by the birth dates the child is older than the parent in this row or row {row}: is that right?"
                    ),
                    {"row": str(drafts[other - 1].row)},
                )


def _problem(draft: DraftPerson, code: str, text: str, params: Mapping[str, str]) -> Problem:
    cell = draft.cells["family_links"]
    return Problem(cell.row, cell.title, "family_links", code, text, params)


def _agree(link: FamilyLink, back: FamilyLink) -> bool:
    return _OTHER in (link.relation, back.relation) or INVERSE_RELATIONS[link.relation] == back.relation


def _is_older_than_parent(
    person: PersonContent, other: PersonContent, link: FamilyLink, back: FamilyLink | None
) -> bool:
    """Whether the child of a tie was certainly born before the parent; told at the first of the two ties."""
    if back is not None and link.row < back.row:
        return False
    parent, child = (person, other) if link.relation == "CHILD" else (other, person)
    if link.relation not in ("CHILD", "PARENT") or not parent.birth_date or not child.birth_date:
        return False
    exactness = min(len(parent.birth_date), len(child.birth_date))
    return child.birth_date[:exactness] < parent.birth_date[:exactness]
