"""A long file made submissions of at most thirty people, families together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from services.chassis.kernel.record import PEOPLE_MAX
from services.client.people_file.content import FamilyLink, HandoverContent
from services.client.people_file.draft import Draft


class FamilyTooLarge(ValueError):
    """More people are linked to one another than one submission may have."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One submission, and the rows of the file that its people stand in."""

    content: HandoverContent
    rows: tuple[int, ...]


def split(content: HandoverContent, rows: Sequence[int]) -> tuple[Batch, ...]:
    """The batches of a file, the same for the same file, in its order. Raises FamilyTooLarge."""
    ties = ((position, link.row - 1) for position, one in enumerate(content.people) for link in one.family_links)
    families = _families(len(content.people), ties)
    if any(len(family) > PEOPLE_MAX for family in families):
        raise FamilyTooLarge
    return tuple(_batch(content, rows, members) for members in _packed(families))


def parts_of(draft: Draft) -> list[list[int]]:
    """The positions, from 0, of the people of each submission of a file that nobody checked yet.

    Ties that cannot be understood bind nobody; a family that is larger than a submission is divided.
    """
    families = _families(len(draft.people), _ties(draft))
    return _packed([part for family in families for part in _cut(family)])


def part_of(
    content: HandoverContent, rows: Sequence[int], wanted: Collection[int]
) -> tuple[HandoverContent, tuple[int, ...], tuple[int, ...]]:
    """The people of the wanted rows as a handover of their own, their rows, and the rows that lost ties to others."""
    members = [position for position, row in enumerate(rows) if row in wanted]
    kept = {member + 1 for member in members}
    cut = tuple(
        rows[member] for member in members if any(link.row not in kept for link in content.people[member].family_links)
    )
    without = content.with_people(
        tuple(
            replace(person, family_links=tuple(link for link in person.family_links if link.row in kept))
            for person in content.people
        )
    )
    batch = _batch(without, rows, members)
    return batch.content, batch.rows, cut


def _ties(draft: Draft) -> Iterator[tuple[int, int]]:
    positions = {person.label: position for position, person in enumerate(draft.people)}
    for position, person in enumerate(draft.people):
        cell = person.cells.get("family_links")
        for each in (cell.parts or cell.text.split(";")) if cell is not None else ():
            other = positions.get(each.partition(":")[0].strip())
            if other is not None:
                yield position, other


def _families(count: int, ties: Iterable[tuple[int, int]]) -> list[Sequence[int]]:
    leader = list(range(count))

    def find(position: int) -> int:
        while leader[position] != position:
            leader[position] = leader[leader[position]]
            position = leader[position]
        return position

    for position, other in ties:
        first, second = sorted((find(position), find(other)))
        leader[second] = first
    families: dict[int, list[int]] = {}
    for position in range(count):
        families.setdefault(find(position), []).append(position)
    return list(families.values())


def _cut(family: Sequence[int]) -> Iterator[Sequence[int]]:
    return (family[start : start + PEOPLE_MAX] for start in range(0, len(family), PEOPLE_MAX))


def _packed(families: Iterable[Sequence[int]]) -> list[list[int]]:
    groups: list[list[int]] = []
    for family in families:
        if not groups or len(groups[-1]) + len(family) > PEOPLE_MAX:
            groups.append([])
        groups[-1] += family
    return [sorted(group) for group in groups]


def _batch(content: HandoverContent, rows: Sequence[int], members: Sequence[int]) -> Batch:
    position_in_batch = {member: number for number, member in enumerate(members, start=1)}
    people = tuple(
        replace(
            content.people[member],
            family_links=tuple(
                FamilyLink(position_in_batch[link.row - 1], link.relation)
                for link in content.people[member].family_links
            ),
        )
        for member in members
    )
    return Batch(content.with_people(people), tuple(rows[member] for member in members))
