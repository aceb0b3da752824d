"""What offices put on record of a case at home: visits, attempts and contacts, each with all its versions.

An entry is never changed: a correction, and taking it back, are further versions of it. What stands is the latest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """Which look again."""

    MONTHS_1 = "MONTHS_1"
    MONTHS_2 = "MONTHS_2"
    MONTHS_3 = "MONTHS_3"
    MONTHS_6 = "MONTHS_6"
    MONTHS_9 = "MONTHS_9"
    MONTHS_12 = "MONTHS_12"
    YEARS_2 = "YEARS_2"
    YEARS_3 = "YEARS_3"
    YEARS_5 = "YEARS_5"


class Outcome(StrEnum):
    """What a visit found. NOT_REACHED is an attempt and leaves the follow-up open."""

    SETTLED = "SETTLED"
    NEEDS_SUPPORT = "NEEDS_SUPPORT"
    AT_RISK = "AT_RISK"
    NOT_REACHED = "NOT_REACHED"
    DECLINED = "DECLINED"


class ContactOutcome(StrEnum):
    """What an attempt to reach a person at home said."""

    REACHED = "REACHED"
    NOT_AT_ADDRESS = "NOT_AT_ADDRESS"
    MOVED_AWAY = "MOVED_AWAY"
    NOT_REACHED = "NOT_REACHED"
    """In vain, and nothing says that she is not there."""
    NOTED = "NOTED"
    """Neither reached nor in vain: heard of through others, unsafe just now."""


IN_VAIN: Final = frozenset(
    {Outcome.NOT_REACHED, ContactOutcome.NOT_REACHED, ContactOutcome.NOT_AT_ADDRESS, ContactOutcome.MOVED_AWAY}
)
"""What somebody found who did not find her."""


class AfterDeclined(StrEnum):
    """What follows when the person asks not to be visited again."""

    CLOSE = "CLOSE"
    KEEP = "KEEP"


class EntryState(StrEnum):
    """What a version makes of its entry."""

    RECORDED = "RECORDED"
    CORRECTED = "CORRECTED"
    TAKEN_BACK = "TAKEN_BACK"


class EntryReason(StrEnum):
    """Why an entry is corrected or taken back."""

    WRONG_CASE = "WRONG_CASE"
    WRONG_DAY = "WRONG_DAY"
    WRONG_OUTCOME = "WRONG_OUTCOME"
    WRONG_FOLLOW_UP = "WRONG_FOLLOW_UP"
    ENTERED_TWICE = "ENTERED_TWICE"
    NOT_MADE = "NOT_MADE"


@dataclass(frozen=True, slots=True)
class Finding:
    """What an entry says: `kind` is the follow-up of a visit or attempt, None for a contact; `on` a local day.

    `warning_signs` are sealed by the vault before they come here, and say nothing to anybody in this room.
    `then` is said with DECLINED, and with nothing else; it is None for what earlier versions of the program recorded.
    """

    kind: Kind | None
    on: date
    found: Outcome | ContactOutcome
    warning_signs: tuple[str, ...] = ()
    then: AfterDeclined | None = None

    @property
    def is_seen(self) -> bool:
        """She was reached or visited."""
        return self.found not in IN_VAIN and self.found is not ContactOutcome.NOTED

    @property
    def is_in_vain(self) -> bool:
        """Somebody tried, and did not find her."""
        return self.found in IN_VAIN

    @property
    def is_visit(self) -> bool:
        """A visit that was made; an attempt is none."""
        return self.kind is not None and self.is_seen


@dataclass(frozen=True, slots=True)
class Version:
    """What an office wrote of an entry, and when. `reason` is set for all but the first."""

    finding: Finding
    office_id: str
    at: datetime
    state: EntryState = EntryState.RECORDED
    reason: EntryReason | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry with its versions, oldest first. `number` counts from 1 within the case, in the order of recording.

    `set_number`: the set of follow-ups that it belongs to; `segment`: the custody segment in which it was recorded.
    """

    number: int
    set_number: int
    segment: int
    versions: tuple[Version, ...]

    @property
    def first(self) -> Version:
        """As it was recorded."""
        return self.versions[0]

    @property
    def latest(self) -> Version:
        """As it is now."""
        return self.versions[-1]

    @property
    def finding(self) -> Finding:
        """What it says now."""
        return self.latest.finding

    @property
    def stands(self) -> bool:
        """It was not taken back."""
        return self.latest.state is not EntryState.TAKEN_BACK

    def revised(self, version: Version) -> Entry:
        """With a further version."""
        return replace(self, versions=(*self.versions, version))
