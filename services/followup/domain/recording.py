"""How a finding becomes an entry, and what is told of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.errors import HomewardError
from services.chassis.kernel.words import SearchEffect
from services.followup.domain.case import FollowUp, FollowUpCase, State
from services.followup.domain.entry import Entry, Finding, Version
from services.followup.domain.standing import as_recorded, effect_on_search, last_seen
from services.followup.domain.watching import Decision

MAX_ENTRIES: Final = 1_000
"""Entries of one case [policy]: who needs more is being tried by a program."""


class FollowUpEntriesExhausted(HomewardError):
    """This case has {limit} entries already; take back those that are wrong."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was made of an entry.

    `missed`: the follow-ups that it ended as missed. `seen_on`: the later day on which she was seen, by which a failed
    attempt says nothing any more; None otherwise.
    """

    decision: Decision
    entry: Entry
    effect: SearchEffect = SearchEffect.NONE
    missed: tuple[FollowUp, ...] = ()
    seen_on: date | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """A case with an entry more, or with a further version of one, and what follows from it."""

    case: FollowUpCase
    entry: Entry
    effect: SearchEffect
    missed: tuple[FollowUp, ...]
    seen_on: date | None


def entered(case: FollowUpCase, finding: Finding, *, by: str, now: datetime, calendar: WorkingCalendar) -> Entered:
    """With a new entry. Raises FollowUpEntriesExhausted."""
    if len(case.entries) >= MAX_ENTRIES:
        raise FollowUpEntriesExhausted(limit=str(MAX_ENTRIES))
    entry = Entry(case.next_number, case.set_number, case.segment, (Version(finding, by, now),))
    return with_entries(case, (*case.entries, entry), entry, now, calendar)


def with_entries(
    case: FollowUpCase, entries: tuple[Entry, ...], entry: Entry, now: datetime, calendar: WorkingCalendar
) -> Entered:
    """With these entries, of which one is news."""
    after = as_recorded(replace(case, entries=entries), now, calendar)
    missed = {one.id for one in case.follow_ups if one.state is State.MISSED}
    seen = last_seen(after)
    return Entered(
        case=after,
        entry=entry,
        effect=effect_on_search(case, after),
        missed=tuple(one for one in after.follow_ups if one.state is State.MISSED and one.id not in missed),
        seen_on=seen.finding.on if seen and not entry.finding.is_seen and seen.finding.on >= entry.finding.on else None,
    )
