"""What is said of a case. All carry the case implicitly; a follow-up is given as it is afterwards."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from services.followup.domain.case import Contact, FollowUp


@dataclass(frozen=True, slots=True)
class Scheduled:
    """The obligations of a custody segment exist."""

    segment: int
    follow_ups: tuple[FollowUp, ...]


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The obligations of an arrival were cancelled; `office_id` was accountable for them."""

    office_id: str


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
    """A person is lost to follow-up; `not_reached`: after failed attempts."""

    follow_up: FollowUp
    late: bool
    not_reached: bool = False


@dataclass(frozen=True, slots=True)
class ContactMade:
    """The accountable office tried to reach the person at home."""

    contact: Contact


@dataclass(frozen=True, slots=True)
class Recorded:
    """A follow-up was recorded; `late`: visited after the due date. `period_ended`: the last of the set is."""

    follow_up: FollowUp
    late: bool
    period_ended: bool = False


Event = Scheduled | Cancelled | Due | Overdue | Escalated | Lost | ContactMade | Recorded
