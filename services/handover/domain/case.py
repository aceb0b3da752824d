"""One case as handover sees it, and what a verb makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.chassis.kernel.places import ProvinceRef
from services.handover.domain.closed import Closing
from services.handover.domain.events import Event
from services.handover.domain.moment import Missed, Watch
from services.handover.domain.search import Search
from services.handover.domain.stay import Stay
from services.handover.domain.transfer import Transfer
from services.handover.domain.words import ENDED, Cause, Identification, Phase, ReassignReason


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of accountability of one office; numbered from 1 within the case.

    `reassigned_for`: why a supervisor made the office accountable.
    """

    number: int
    office_id: str
    cause: Cause
    started_at: datetime
    reassigned_for: ReassignReason | None = None


@dataclass(frozen=True, slots=True)
class ArrivalDay:
    """The day of an arrival that began a segment. `earliest_on`: she cannot have come before; `said_at`: when it was
    said that she did. `own_word`: no other office has received her by it; the one that was accountable says that she is
    there, or a supervisor does."""

    segment: int
    arrived_on: date
    earliest_on: date
    said_at: datetime
    own_word: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """What handover keeps about the person: nothing that identifies."""

    home_province: ProvinceRef | None
    age_band: str


@dataclass(frozen=True, slots=True)
class CaseCustody:
    """One case: who is accountable, what is watched, and the journey, stay and search that concern it.

    `transfer` is the open one, or the one that ended last, of the `transfers_made` so far; `search` the open one.
    `present_since_on`: the day on which the accountable office received the person; nobody can leave before it.
    `arrivals`: the segments that began with an arrival, at home or in a facility, which stands; earliest first. `days`:
    the day of each.
    `stays`: those of them that are stays. `followup_watches`: followup has a deadline for this case.
    `visited`: a visit was recorded since the last arrival; `visited_on`: the day of the earliest that stands, where it
    is known. `period_ended`: so was the last follow-up.
    `earlier_case_id`: the case of the person's earlier return. `identification`: as decided last; None before the
    first decision. `closing`: how the case ended last; loaded only while it is ended.
    `belongs_together`: there is a relative from whom she must not be parted.
    """

    case_id: UUID
    case_number: str
    phase: Phase
    segment: Segment
    registering_office_id: str
    present_since_on: date
    person: Person
    watch: Watch | None
    missed: Missed | None = None
    transfer: Transfer | None = None
    transfers_made: int = 0
    search: Search | None = None
    arrivals: tuple[int, ...] = ()
    days: tuple[ArrivalDay, ...] = ()
    stays: tuple[Stay, ...] = ()
    followup_watches: bool = False
    visited: bool = False
    visited_on: date | None = None
    period_ended: bool = False
    earlier_case_id: UUID | None = None
    identification: Identification | None = None
    closing: Closing | None = None
    belongs_together: bool = False
    version: int = 1

    @property
    def office_id(self) -> str:
        """The accountable office; the last one when the case ended."""
        return self.segment.office_id

    @property
    def is_open(self) -> bool:
        """Until a closure or a withdrawal."""
        return self.phase not in ENDED

    @property
    def arrival(self) -> ArrivalDay | None:
        """The day of the latest arrival that stands."""
        return self.days[-1] if self.days else None

    @property
    def next_transfer(self) -> int:
        """The number of the next transfer."""
        return max(self.transfers_made, self.transfer.number if self.transfer is not None else 0) + 1

    @property
    def open_transfer(self) -> Transfer | None:
        """The transfer that is planned or dispatched."""
        return self.transfer if self.transfer is not None and self.transfer.is_open else None

    @property
    def addressee_id(self) -> str:
        """The office to which the open transfer is addressed; empty when none is open."""
        return self.open_transfer.to_office_id if self.open_transfer is not None else ""

    @property
    def is_under_way(self) -> bool:
        """The person has left and nobody has answered for it: also while she is searched for."""
        return self.transfer is not None and self.transfer.is_under_way

    @property
    def stay(self) -> Stay | None:
        """The stay that is the latest arrival: where she is, or whence she was sent."""
        if not self.stays or not self.arrivals or self.stays[-1].segment != self.arrivals[-1]:
            return None
        return self.stays[-1]


@dataclass(frozen=True, slots=True)
class Decided:
    """What a verb decided: the case afterwards, and what is told, in order."""

    case: CaseCustody
    events: tuple[Event, ...] = ()
