"""How acts are asked for and shown: who did what, joined from the services."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from services.chassis.kernel.texts import Texts
from services.client import plain, words
from services.client.dates import written_moment

if TYPE_CHECKING:
    from homeward.office.v1 import acts_pb2

NUMBERS: Final = 1_000_000
"""So many numbers officers are told apart by: those of one list are not confused."""


@dataclass(frozen=True, slots=True)
class Done:
    """An act, and the service in which it was done."""

    service: str
    act: acts_pb2.Act

    def document(self) -> dict[str, Any]:
        """As plain values."""
        return {"service": self.service, **plain.as_dict(self.act)}


def newest_first(done: Iterable[Done]) -> list[Done]:
    """Acts of several services in one order; within a service in that of its own numbers."""
    return sorted(done, key=lambda one: (one.act.at.ToNanoseconds(), one.service, one.act.number), reverse=True)


def titles(_: Texts) -> tuple[str, ...]:
    """The titles of `row`."""
    return (_("When"), _("Office"), _("Done by"), _("Did what"), _("Cases"), _("From where"))


def row(one: Done, _: Texts) -> tuple[str, ...]:
    """A line of the list. Who it was is said to auditors; others are told who are the same."""
    act = one.act
    return (
        written_moment(plain.instant(act.at)),
        act.office_id,
        act.subject or _("officer {number}", number=number_of(act.actor)),
        words.word(_, words.METHODS, act.method),
        cases_text(list(map(_case, act.case_ids, act.case_numbers)) or act.case_ids, _),
        act.peer,
    )


def number_of(actor: str) -> str:
    """The number by which one person is told from others without a name, the same in all lists of a service."""
    digits = f"{int(actor or '0', 16) % NUMBERS:06}"
    return f"{digits[:3]} {digits[3:]}"


def _case(case_id: str, number: str) -> str:
    return number or case_id


def cases_text(case_ids: Sequence[str], _: Texts) -> str:
    """The case that an act was about, and how many more."""
    if not case_ids:
        return ""
    if len(case_ids) == 1:
        return case_ids[0]
    return _("{case} and {count} more", case=case_ids[0], count=len(case_ids) - 1)
