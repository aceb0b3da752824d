"""A long file made submissions of at most thirty people, families together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from services.chassis.kernel.record import PEOPLE_MAX
from services.client.people_file.content import FamilyLink, HandoverContent


class FamilyTooLarge(ValueError):
    """More people are linked to one another than one submission may have."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One submission, and the rows of the file that its people stand in."""

    content: HandoverContent
    rows: tuple[int, ...]


def split(content: HandoverContent, rows: Sequence[int]) -> tuple[Batch, ...]:
    """The batches of a file, the same for the same file, in its order. Raises FamilyTooLarge."""
    groups: list[list[int]] = []
    for family in _families(content):
        if len(family) > PEOPLE_MAX:
            raise FamilyTooLarge
        if not groups or len(groups[-1]) + len(family) > PEOPLE_MAX:
            groups.append([])
        groups[-1] += family
    return tuple(_batch(content, rows, sorted(group)) for group in groups)


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


def _families(content: HandoverContent) -> list[list[int]]:
    leader = list(range(len(content.people)))

    def find(position: int) -> int:
        while leader[position] != position:
            leader[position] = leader[leader[position]]
            position = leader[position]
        return position

    for position, person in enumerate(content.people):
        for link in person.family_links:
            first, second = sorted((find(position), find(link.row - 1)))
            leader[second] = first
    families: dict[int, list[int]] = {}
    for position in range(len(content.people)):
        families.setdefault(find(position), []).append(position)
    return list(families.values())


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
