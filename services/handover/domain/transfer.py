"""One person on one journey from office to office: what is agreed before it, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.chassis.kernel.deadlines import is_past
from services.handover.domain.errors import ConsentRefused, HomeNotSafe, HomeSafetyUndecided
from services.handover.domain.words import (
    OPEN_STATES,
    Consent,
    DestinationChoice,
    Document,
    Escort,
    HomeSafety,
    RejectReason,
    TransferState,
    TransferWarning,
    TravelMeans,
)

CHILDREN: Final = frozenset({"UNDER_16", "FROM_16_TO_17"})
"""Age bands of those who should not travel alone."""


@dataclass(frozen=True, slots=True)
class TravelPlan:
    """How a person travels, and what was asked before; None: not recorded."""

    escort: Escort | None = None
    means: TravelMeans | None = None
    consent: Consent | None = None
    home_safety: HomeSafety | None = None
    documents: frozenset[Document] = frozenset()
    destination: DestinationChoice | None = None

    def over(self, before: TravelPlan) -> TravelPlan:
        """This plan, and where it says nothing the one before: what was once said is not lost by silence."""
        return TravelPlan(
            escort=self.escort or before.escort,
            means=self.means or before.means,
            consent=self.consent or before.consent,
            home_safety=self.home_safety or before.home_safety,
            documents=self.documents or before.documents,
            destination=self.destination or before.destination,
        )

    def elsewhere(self) -> TravelPlan:
        """What of it holds for another place: consent, safety and choice were asked about the former one."""
        return replace(self, consent=None, home_safety=None, destination=None)

    def require_agreed(self, *, to_centre: bool, against_advice: bool = False) -> None:
        """Refuse a journey against the person's will, or to a home that is not safe.

        A centre is no home: whoever cannot go home may always go there; and whoever decided so herself may go against
        advice. Raises ConsentRefused, HomeNotSafe, HomeSafetyUndecided.
        """
        if self.consent is Consent.REFUSED:
            raise ConsentRefused
        if to_centre or against_advice:
            return
        if self.home_safety is HomeSafety.NOT_SAFE:
            raise HomeNotSafe
        if self.home_safety is HomeSafety.WARNING_SIGNS:
            raise HomeSafetyUndecided


NOTHING_RECORDED: Final = TravelPlan()


@dataclass(frozen=True, slots=True)
class Destination:
    """What has to be known about an addressed office, to warn of it.

    `is_home`: of the person's home province, or that is not known. `is_full`: no place is free.
    """

    is_centre: bool
    is_home: bool
    is_full: bool = False


def warnings_of(travel: TravelPlan, age_band: str, to: Destination) -> tuple[TransferWarning, ...]:
    """What an office should think about before a person leaves."""
    chosen = travel.destination is DestinationChoice.PERSON
    found = {
        TransferWarning.HOME_SAFETY_NOT_CHECKED: not to.is_centre and travel.home_safety is None,
        TransferWarning.CONSENT_NOT_RECORDED: travel.consent is None,
        TransferWarning.DESTINATION_NOT_HOME: not (to.is_centre or to.is_home or chosen),
        TransferWarning.CENTRE_FULL: to.is_full,
        TransferWarning.CHILD_WITHOUT_ESCORT: age_band in CHILDREN and travel.escort in (None, Escort.NONE),
    }
    return tuple(warning for warning, stands in found.items() if stands)


@dataclass(frozen=True, slots=True)
class Transfer:
    """One person on one journey from office to office. Dates are local, instants aware.

    `number` counts the transfers of the case from 1. `seen_at`, `accepted_at` and `acknowledged_at`
    are three facts that imply nothing about one another: the message was read, the duty accepted, the
    person arrived. `dispatched_in`: the custody segment in which the person left. `ended_at`: when it
    was answered, recalled, or another took its place. `acknowledge_due_on` is set from the dispatch
    on. `told_overdue`: its passing was told. `late`: that day had passed when the transfer ended.
    `replaces_id`: the transfer whose place it took. `dispatched_by`: the person who said that she left, or that she
    goes there instead; empty where nobody knows.
    """

    id: UUID
    number: int
    from_office_id: str
    to_office_id: str
    state: TransferState
    expected_departure_on: date
    expected_arrival_on: date
    planned_at: datetime
    departed_on: date | None = None
    dispatched_at: datetime | None = None
    dispatched_in: int | None = None
    acknowledge_due_on: date | None = None
    seen_at: datetime | None = None
    accepted_at: datetime | None = None
    arrived_on: date | None = None
    acknowledged_at: datetime | None = None
    ended_at: datetime | None = None
    reject_reason: RejectReason | None = None
    told_overdue: bool = False
    late: bool = False
    travel: TravelPlan = NOTHING_RECORDED
    journey_id: UUID | None = None
    replaces_id: UUID | None = None
    dispatched_by: str = ""
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Planned or dispatched, and not answered."""
        return self.state in OPEN_STATES

    @property
    def is_under_way(self) -> bool:
        """The person has left and is expected."""
        return self.state is TransferState.DISPATCHED

    def is_overdue(self, today: date) -> bool:
        """Whether the day for the acknowledgement passed without one, or before it."""
        return self.was_late_on(today) if self.is_under_way else self.late

    def was_late_on(self, day: date) -> bool:
        """Whether the day for the acknowledgement had passed on that one."""
        return self.acknowledge_due_on is not None and is_past(self.acknowledge_due_on, day)
