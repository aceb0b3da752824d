"""What may be true of a submission but seldom is: a slip of the hand, or of a table, that only a person can judge.

The same is asked of whoever gives a file; programs say by its code that somebody has looked at it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from services.chassis.kernel.errors import register_violations
from services.chassis.kernel.findings import Findings
from services.chassis.kernel.names import may_be_several
from services.chassis.kernel.record import ASKED, LONG_AGO, OLD_YEARS
from services.intake.domain.people import FamilyLink, Person

register_violations(
    {
        "LONG_AGO": "This is more than two weeks ago; confirm it with the code LONG_AGO if it is right.",
        "GATE_OF_ANOTHER": "This gate is not your post's; confirm it with the code GATE_OF_ANOTHER if it is right.",
        "OTHER_BORDER": "Behind the gate lies another country; confirm it with the code OTHER_BORDER if it is right.",
        "VERY_OLD": "This person would be older than 100 years; confirm it with the code VERY_OLD if it is right.",
        "OLDER_THAN_PARENT": "This would make the child older than the parent; confirm it with the code "
        "OLDER_THAN_PARENT if it is right.",
        "SEVERAL_PEOPLE": "This may be the names of several people, and only one would be registered; confirm it with "
        "the code SEVERAL_PEOPLE if it is one.",
    }
)
_NEIGHBOURS: Final = frozenset({"CN", "LA", "KH"})
_NOWHERE: Final = frozenset[str]()


class Asking:
    """Gathers what is asked about and was not confirmed; a code that stands for nothing is a violation of its own."""

    def __init__(self, found: Findings, confirmed: Sequence[str]) -> None:
        self._found = found
        self._confirmed = frozenset(confirmed)
        for number, code in enumerate(confirmed[: len(ASKED) + 1], start=1):
            found.one_of(f"confirmed[{number}]", code, ASKED, ", ".join(sorted(ASKED)))

    def time(self, name: str, instant: datetime | None, now: datetime) -> None:
        """A handover of long ago."""
        if instant is not None and self._found.is_right(name) and instant < now - LONG_AGO:
            self._ask(self._found, name, "LONG_AGO")

    def gate(self, name: str, gate_id: str, own_gate: str) -> None:
        """A gate that is not the post's own."""
        if gate_id and own_gate and gate_id != own_gate and self._found.is_right(name):
            self._ask(self._found, name, "GATE_OF_ANOTHER")

    def people(self, people: Sequence[Person], gate_id: str, behind: Mapping[str, str], day: date) -> None:
        """Who is very old, or came from another country than that behind the gate; children older than parents."""
        others = _NEIGHBOURS - {behind[gate_id]} if gate_id in behind else _NOWHERE
        for row, person in enumerate(people, start=1):
            at_row = self._found.at(row=row)
            self.person(at_row, person, day)
            if person.returned_from_country in others:
                self._ask(at_row, "returned_from_country", "OTHER_BORDER")
            for number, link in enumerate(person.family_links, start=1):
                if 1 <= link.row <= len(people) and _is_odd(people, row, link):
                    self._ask(at_row, f"family_links[{number}].relation", "OLDER_THAN_PARENT")

    def person(self, found: Findings, person: Person, day: date) -> None:
        """An age that hardly anybody reaches; a name that may be several."""
        if found.is_right("full_name") and may_be_several(person.full_name):
            self._ask(found, "full_name", "SEVERAL_PEOPLE")
        if found.is_right("birth_date") and person.birth_date and day.year - int(person.birth_date[:4]) > OLD_YEARS:
            self._ask(found, "birth_date", "VERY_OLD")

    def _ask(self, found: Findings, name: str, code: str) -> None:
        if code not in self._confirmed:
            found.wrong(name, code)


def _is_odd(people: Sequence[Person], row: int, link: FamilyLink) -> bool:
    """Whether a tie makes a child older than its parent; of two that say the same the first is meant."""
    person, other = people[row - 1], people[link.row - 1]
    if link.row < row and any(back.row == row for back in other.family_links):
        return False
    return is_older_than_parent(person.birth_date, other.birth_date, link.relation)


def is_older_than_parent(birth: str, other_birth: str, relation: str) -> bool:
    """Whether the child of a tie was certainly born before the parent; `relation` is what the other is."""
    if relation not in ("CHILD", "PARENT") or not birth or not other_birth:
        return False
    parent, child = (birth, other_birth) if relation == "CHILD" else (other_birth, birth)
    exactness = min(len(parent), len(child))
    return child[:exactness] < parent[:exactness]
