"""How acts are asked for and shown: who did what, joined from the services."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.chassis.kernel.texts import Texts
from services.client import plain, words
from services.client.dates import written_moment

if TYPE_CHECKING:
    from homeward.office.v1 import acts_pb2

SHORT_CHARS = 8


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
        act.subject or _("person {actor}", actor=act.actor[:SHORT_CHARS]),
        words.word(_, words.METHODS, act.method),
        cases_text(act.case_ids, _),
        act.peer,
    )


def cases_text(case_ids: Sequence[str], _: Texts) -> str:
    """The case that an act was about, by its id, and how many more."""
    if not case_ids:
        return ""
    if len(case_ids) == 1:
        return case_ids[0]
    return _("{case} and {count} more", case=case_ids[0], count=len(case_ids) - 1)
