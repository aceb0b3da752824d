"""Who is a relative of whom: ties between cases, of one submission or of several.

What one person is to another is nobody's business but theirs and their office's: it is kept sealed, and leaves this
service for nobody but who may see the whole person. Others learn that there is a relative, and whether the two must
not be parted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.chassis.kernel.errors import HomewardError, register_violations
from services.chassis.kernel.findings import Findings
from services.chassis.kernel.record import FAMILY_LINKS_MAX, INVERSE_RELATIONS
from services.intake.domain.case import Case
from services.intake.domain.people import RELATIONS, AgeBand, FamilyLink, Person

register_violations(
    {
        "SAME_CASE": "This is the same case.",
        "PARENT_IS_A_CHILD": "The parent would be a child, and the child grown up.",
    }
)

_YOUNG: Final = frozenset({AgeBand.UNDER_16, AgeBand.FROM_16_TO_17})


class PersonNotWithYou(HomewardError):
    """Only an office that has the person with it may say who is a relative of hers."""


class NoSuchTie(HomewardError):
    """These two cases are not linked as relatives."""


class TooManyRelatives(HomewardError):
    """A person may have at most {limit} relatives with cases of their own."""


class Togetherness(StrEnum):
    """Whether two relatives may be parted, where somebody decided it."""

    KEEP_TOGETHER = "KEEP_TOGETHER"
    MAY_PART = "MAY_PART"


@dataclass(frozen=True, slots=True)
class Tie:
    """Two cases of relatives; the ids are in their order, so that two people have one tie.

    `relation` is what the other is to the first. `by_rule`: whether they may be parted follows from it and from
    their ages, so it is looked at again when an age is corrected.
    """

    id: UUID
    case_id: UUID
    other_case_id: UUID
    relation: str
    keep_together: bool
    by_rule: bool
    linked_at: datetime
    linked_by: str
    unlinked_at: datetime | None = None
    unlinked_by: str = ""

    def other_than(self, case_id: UUID) -> UUID:
        """The relative of one of the two."""
        return self.other_case_id if case_id == self.case_id else self.case_id

    def relation_to(self, case_id: UUID) -> str:
        """What the relative is to one of the two; empty where it is not known any more, or not to be told."""
        if case_id == self.case_id or not self.relation:
            return self.relation
        return INVERSE_RELATIONS[self.relation]


@dataclass(frozen=True, slots=True)
class SeenRelative:
    """A relative as far as somebody may know: no number where the case may not be seen, no relation likewise."""

    case_number: str
    keep_together: bool
    relation: str = ""


@dataclass(frozen=True, slots=True)
class SeenTie:
    """A tie that stands, or stood."""

    relative: SeenRelative
    linked_at: datetime
    linked_by: str
    unlinked_at: datetime | None
    unlinked_by: str


def tie(
    new_id: UUID,
    case: Case,
    other: Case,
    relation: str,
    by_office_id: str,
    now: datetime,
    togetherness: Togetherness | None = None,
) -> Tie:
    """The tie by which the other is `relation` to the case."""
    first, second, is_to_first = case, other, relation
    if second.id < first.id:
        first, second, is_to_first = other, case, INVERSE_RELATIONS[relation]
    return Tie(
        id=new_id,
        case_id=first.id,
        other_case_id=second.id,
        relation=is_to_first,
        keep_together=togetherness is Togetherness.KEEP_TOGETHER
        if togetherness
        else must_stay_together(is_to_first, first.age_band, second.age_band),
        by_rule=togetherness is None,
        linked_at=now,
        linked_by=by_office_id,
    )


def must_stay_together(relation: str, age: AgeBand, other_age: AgeBand) -> bool:
    """Whether two relatives must not be parted: a small child and its parent, or a small child and its siblings.

    A child below 16 is a child by the Law on Children 2016 (Art. 1), which lets it live with its parents (Art. 22).
    Of a child whose age is not known it is assumed: in doubt a child is a child [policy of this project].
    """
    match relation:
        case "CHILD":
            return other_age in (AgeBand.UNDER_16, AgeBand.UNKNOWN)
        case "PARENT":
            return age in (AgeBand.UNDER_16, AgeBand.UNKNOWN)
        case "SIBLING":
            return AgeBand.UNDER_16 in (age, other_age)
        case _:
            return False


def check_relation(relation: str, case: Case, other: Case) -> None:
    """Raise InvalidInput for a relation that is none, or that cannot be."""
    found = Findings()
    found.one_of("relation", relation, RELATIONS, ", ".join(RELATIONS))
    if case.id == other.id:
        found.wrong("other_case", "SAME_CASE")
    elif relation in ("CHILD", "PARENT"):
        child, parent = (other, case) if relation == "CHILD" else (case, other)
        if child.age_band is AgeBand.ADULT and parent.age_band in _YOUNG:
            found.wrong("relation", "PARENT_IS_A_CHILD")
    found.done()


def require_room(standing: Iterable[Tie], other_id: UUID, case_id: UUID) -> None:
    """Raise TooManyRelatives when one more would be too many for a person."""
    others = {each.other_than(case_id) for each in standing} - {other_id}
    if len(others) >= FAMILY_LINKS_MAX:
        raise TooManyRelatives(limit=str(FAMILY_LINKS_MAX))


def ended(standing: Tie, by_office_id: str, now: datetime) -> Tie:
    """Taken back."""
    return replace(standing, unlinked_at=now, unlinked_by=by_office_id)


def ties_of_submission(
    cases: Sequence[Case], people: Sequence[Person], new_id: Callable[[], UUID], by_office_id: str, now: datetime
) -> list[Tie]:
    """The ties that the people of one submission say of one another, each pair once.

    Where two say different things of each other, the check before has let pass only a vague word beside a clear one:
    the clear one counts.
    """
    said: dict[tuple[int, int], str] = {}
    for row, other_row, relation in _said(people):
        pair, is_to_first = (row, other_row), relation
        if other_row < row:
            pair, is_to_first = (other_row, row), INVERSE_RELATIONS[relation]
        if said.get(pair, "OTHER") == "OTHER":
            said[pair] = is_to_first
    return [
        tie(new_id(), cases[first - 1], cases[second - 1], relation, by_office_id, now)
        for (first, second), relation in said.items()
    ]


def _said(people: Sequence[Person]) -> Iterator[tuple[int, int, str]]:
    for row, person in enumerate(people, start=1):
        for link in person.family_links:
            yield row, link.row, link.relation


def corrected_links(
    case: Case,
    links: Sequence[FamilyLink],
    former: Sequence[FamilyLink],
    cases_by_row: Mapping[int, Case],
    standing: Sequence[Tie],
) -> tuple[dict[UUID, str], list[Tie]]:
    """What a corrected record says anew of others of the same submission, and the ties that it said and says no more.

    Ties that others said, and ties to people of other submissions, are none of the record's.
    """
    rows = {row: each.id for row, each in cases_by_row.items() if each.id != case.id}
    says = {rows[link.row]: link.relation for link in links if link.row in rows}
    said = {rows[link.row] for link in former if link.row in rows}
    if links == former:
        return {}, []
    known = {each.other_than(case.id): each for each in standing}
    new = {
        other_id: relation
        for other_id, relation in says.items()
        if other_id not in known or known[other_id].relation_to(case.id) not in ("", relation)
    }
    return new, [tie for other_id, tie in known.items() if other_id in said and other_id not in says]
