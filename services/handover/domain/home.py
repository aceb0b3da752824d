"""What counts about the home to which somebody is to be sent: followup tells it, and nobody types it.

Followup is asked whenever somebody leaves. Where it does not answer, what it told last counts as long as news come in
time; what it did not tell may be on its way.

Policies of this project:

- A verdict is about one place, of the office that is accountable, and holds until a day: whoever becomes accountable,
  or chooses another place, asks her anew.
- A centre is no home: whoever cannot go home may always go there, without any verdict.
- She may go to a home that is not safe when that was recorded as her own decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from services.chassis.kernel.deadlines import is_past
from services.chassis.kernel.errors import HomewardError
from services.handover.domain.errors import (
    HomeCheckedElsewhere,
    HomeCheckExpired,
    HomeNotChecked,
    HomeNotSafe,
    HomeSafetyUndecided,
)
from services.handover.domain.words import HomeSafety


@dataclass(frozen=True, slots=True)
class HomeVerdict:
    """What counts: which office decided about which place (the agency there), and the last day on which she may leave.

    `valid_until` None: she may not. `against_advice`: not safe, and she goes by her own decision.
    """

    office_id: str
    to_office_id: str
    verdict: HomeSafety
    valid_until: date | None
    against_advice: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What followup answered a moment ago about some homes, by case; None: it did not answer.

    `is_late`: what it told last may be behind.
    """

    answered: Mapping[UUID, HomeVerdict] | None = None
    is_late: bool = False

    @property
    def is_known(self) -> bool:
        """Whether what counts is known."""
        return self.answered is not None or not self.is_late


NOT_ASKED: Final = Asked()


def require_verdict(told: HomeVerdict | None, to_office_id: str, left_on: date) -> HomeSafety:
    """The verdict on which somebody leaves for a home on a local day.

    Raises HomeNotChecked, HomeCheckedElsewhere, HomeSafetyUndecided, HomeNotSafe, HomeCheckExpired.
    """
    if told is None:
        raise HomeNotChecked
    if told.to_office_id != to_office_id:
        raise HomeCheckedElsewhere(office_id=told.to_office_id)
    if told.valid_until is None:
        raise HomeNotSafe if told.verdict is HomeSafety.NOT_SAFE else HomeSafetyUndecided
    if is_past(told.valid_until, left_on):
        raise HomeCheckExpired(valid_until=told.valid_until.isoformat())
    return told.verdict


def known_verdict(told: HomeVerdict | None, to_office_id: str, on: date) -> HomeSafety | None:
    """What is known of a home, where nothing is asked for; None: nothing that counts on that day."""
    if told is None or told.to_office_id != to_office_id:
        return None
    return None if told.valid_until is not None and is_past(told.valid_until, on) else told.verdict


def missing(told: HomeVerdict | None, to_office_id: str, left_on: date) -> str:
    """The reason for which nobody leaves for a home on a local day; empty where she may."""
    try:
        require_verdict(told, to_office_id, left_on)
    except HomewardError as refused:
        return refused.reason
    return ""


NO_DAY: Final = "infinity"
"""Where whoever is without a plan stands among the days of departure."""


@dataclass(frozen=True, slots=True)
class Awaiting:
    """Somebody who may have to wait: where she is to go and when (None: nothing is planned), and what was told."""

    case_id: UUID
    case_number: str
    office_id: str
    age_band: str
    planned_to: str | None
    departure_on: date | None
    told: HomeVerdict | None
    missing: str = ""

    @property
    def to_office_id(self) -> str:
        """Where she is to go; where nothing is planned, the place about which she was asked."""
        return self.planned_to or (self.told.to_office_id if self.told is not None else "")
