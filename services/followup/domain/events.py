"""What is said of a case. All carry the case implicitly; a follow-up is given as it is afterwards."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.chassis.kernel.words import ConsentGiver, SearchEffect
from services.followup.domain.case import FollowUp
from services.followup.domain.entry import Entry


@dataclass(frozen=True, slots=True)
class Scheduled:
    """The obligations of a custody segment exist. `kept`: the office that makes them is the one that did before."""

    segment: int
    follow_ups: tuple[FollowUp, ...]
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The obligations of an arrival were cancelled; `office_id` was accountable for them."""

    office_id: str


@dataclass(frozen=True, slots=True)
class DueSoon:
    """A follow-up will be due soon."""

    follow_up: FollowUp
    late: bool


@dataclass(frozen=True, slots=True)
class Due:
    """A follow-up is due today."""

    follow_up: FollowUp
    late: bool


@dataclass(frozen=True, slots=True)
class Overdue:
    """A follow-up is overdue."""

    follow_up: FollowUp
    late: bool


@dataclass(frozen=True, slots=True)
class Escalated:
    """A follow-up, or (None) the first contact or the closing decision, went a level up."""

    follow_up_id: uuid.UUID | None
    rule: str
    level: int
    late: bool


@dataclass(frozen=True, slots=True)
class Lost:
    """A person is lost to follow-up: whoever tried did not find her."""

    follow_up: FollowUp
    late: bool


@dataclass(frozen=True, slots=True)
class Neglected:
    """A follow-up is overdue for long, and nobody tried to make it."""

    follow_up: FollowUp
    late: bool


@dataclass(frozen=True, slots=True)
class ContactMade:
    """An office tried to reach the person at home."""

    entry: Entry
    effect: SearchEffect


@dataclass(frozen=True, slots=True)
class Recorded:
    """A follow-up was recorded; `late`: visited after the due date. `missed`: those that it ended. `period_ended`: the
    last one of the set is."""

    follow_up: FollowUp
    entry: Entry
    late: bool
    missed: tuple[FollowUp, ...]
    effect: SearchEffect
    period_ended: bool = False


@dataclass(frozen=True, slots=True)
class Revised:
    """An entry was corrected or taken back. `was_visit`: it was one before; `visited`: any visit of the set stands.
    `period_ended`: the last follow-up is recorded. `asked_again`: follow-ups that are to be made after all; `made`: the
    one that is made by it now."""

    entry: Entry
    was_visit: bool
    visited: bool
    period_ended: bool
    asked_again: tuple[FollowUp, ...]
    made: FollowUp | None
    effect: SearchEffect


class StepsCause(StrEnum):
    """Why other follow-ups are to be made than before. What the office knows of her is never told apart."""

    CARE = "CARE"
    AGE = "AGE"
    PROVINCE = "PROVINCE"
    DROPPED = "DROPPED"
    TAKEN_UP = "TAKEN_UP"


@dataclass(frozen=True, slots=True)
class StepsChanged:
    """Other follow-ups of the set are to be made than before."""

    cause: StepsCause
    added: tuple[FollowUp, ...] = ()
    dropped: tuple[FollowUp, ...] = ()


@dataclass(frozen=True, slots=True)
class Rescheduled:
    """A follow-up was put on another day."""

    follow_up: FollowUp


@dataclass(frozen=True, slots=True)
class SafetyNeeded:
    """A worker judged that she is in immediate danger; a second person is to confirm what was done."""

    entry_number: int
    confirm_by: datetime


@dataclass(frozen=True, slots=True)
class SafetyErased:
    """What was done for her safety is confirmed by nobody any more: her case was erased."""

    entry_number: int


@dataclass(frozen=True, slots=True)
class SafetyConfirmed:
    """A second person confirmed what was done for her safety."""

    entry_number: int


@dataclass(frozen=True, slots=True)
class ConsentSaid:
    """What was said at a visit about being met and asked. `text_version`: of what was read; 0 for nothing."""

    entry_number: int
    on: date
    giver: ConsentGiver
    text_version: int
    agreed: bool


Event = (
    Scheduled
    | Cancelled
    | DueSoon
    | Due
    | Overdue
    | Escalated
    | Lost
    | Neglected
    | ContactMade
    | Recorded
    | Revised
    | StepsChanged
    | Rescheduled
    | SafetyNeeded
    | SafetyConfirmed
    | SafetyErased
    | ConsentSaid
)
