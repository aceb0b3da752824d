"""What is read: the values of lists, boards and histories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import UUID

from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.words import Whose
from services.handover.domain.answer import Answer
from services.handover.domain.case import CaseCustody
from services.handover.domain.closed import Closing
from services.handover.domain.families import Parting
from services.handover.domain.reappearance import Reappearance
from services.handover.domain.search import Search
from services.handover.domain.stay import Stay
from services.handover.domain.transfer import Transfer
from services.handover.domain.whereabouts import Link
from services.handover.domain.words import (
    ArrivalCorrectionReason,
    Identification,
    LostReason,
    Phase,
    RevokeReason,
    TransferState,
)


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows of a list: at most `size` after the row with the sort key `after`."""

    size: int
    after: Sequence[Any] | None


@dataclass(frozen=True, slots=True)
class CasesWanted:
    """Which open cases. What is empty limits nothing: `phases` empty are all that are open. `overdue_days_min`: at
    least so many days after the due day."""

    phases: frozenset[Phase] = frozenset()
    province: ProvinceRef | None = None
    office_id: str | None = None
    rule: str = ""
    due_until: date | None = None
    overdue_days_min: int = 0
    overdue_only: bool = False


# Lists ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListedTransfer:
    """A transfer with what is known about its case."""

    case_id: UUID
    case_number: str
    home_province: str | None
    age_band: str
    transfer: Transfer


@dataclass(frozen=True, slots=True)
class ListedCase:
    """An open case with the deadline that is watched, or that passed first. `to_office_id` and what follows it: of its
    open transfer."""

    case_id: UUID
    case_number: str
    phase: Phase
    office_id: str
    rule: str
    due_on: date
    home_province: str | None
    age_band: str
    to_office_id: str
    transfer_state: TransferState | None
    expected_arrival_on: date | None


@dataclass(frozen=True, slots=True)
class ListedSearch:
    """A search with its case. `escalate_on`: its next escalation, while it is open.

    `office_id` answered for it last; `responsible_id` holds that office's duty today.
    """

    search: Search
    case_id: UUID
    case_number: str
    office_id: str
    to_office_id: str
    escalate_on: date | None
    responsible_id: str = ""


@dataclass(frozen=True, slots=True)
class ListedReturn:
    """Another registration of the person of a case, with the number of that other case and the office it is with."""

    link: Reappearance
    other_number: str
    other_is_later: bool
    other_office_id: str = ""


@dataclass(frozen=True, slots=True)
class ReturnToDecide:
    """A later registration that waits for whoever answers for the earlier case, of this number, at this office."""

    later: ListedReturn
    case_number: str
    office_id: str


# One case -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Correction:
    """The person's record was corrected: names of fields, never their contents. `office_id` empty: not known."""

    corrected_at: datetime
    fields: tuple[str, ...]
    office_id: str = ""


@dataclass(frozen=True, slots=True)
class ArrivalCorrection:
    """The day of an arrival was corrected, by an office, for a reason."""

    segment: int
    before_on: date
    arrived_on: date
    reason: ArrivalCorrectionReason
    office_id: str
    corrected_at: datetime


@dataclass(frozen=True, slots=True)
class PastClosing:
    """An end of the case. `other_number`: that of the case as which it goes on, if any. `is_told`: why may be seen."""

    closing: Closing
    other_number: str = ""
    is_told: bool = True


@dataclass(frozen=True, slots=True)
class LinkedCase:
    """Another case of the same person."""

    case_id: UUID
    case_number: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a verifier decided on the identification. `revision`: 1 for the first decision."""

    revision: int
    status: Identification
    office_id: str
    decided_on: date | None
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Passed:
    """A deadline that passed. `level`: how often its rule had passed before; `told_at`: when it was noticed."""

    rule: str
    due_on: date
    level: int
    told_at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """So much of what became of a case as is shown. `answers`: to each transfer, by its id;
    `arrival_days`: YYYY-MM-DD, by the segment that began with the arrival."""

    links: tuple[Link, ...]
    transfers: tuple[Transfer, ...]
    searches: tuple[ListedSearch, ...] = ()
    stays: tuple[Stay, ...] = ()
    corrections: tuple[Correction, ...] = ()
    arrival_days: Mapping[int, str] = field(default_factory=dict)
    arrival_corrections: tuple[ArrivalCorrection, ...] = ()
    answers: Mapping[UUID, tuple[Answer, ...]] = field(default_factory=dict)
    returns: tuple[ListedReturn, ...] = ()
    closings: tuple[PastClosing, ...] = ()
    linked: tuple[LinkedCase, ...] = ()
    decisions: tuple[Decision, ...] = ()
    passed: tuple[Passed, ...] = ()
    partings: tuple[Parting, ...] = ()


@dataclass(frozen=True, slots=True)
class WaysBack:
    """What an office may still say of a transfer that ended without her: that she came all the same, and until which
    day that its answer was a mistake (None: that can no longer be said)."""

    arrival_is_taken: bool = False
    taken_back_until: date | None = None


@dataclass(frozen=True, slots=True)
class Custody:
    """The custody of a case at an instant, with so much of its history as is shown.

    `shows_accountable`: who is accountable now; `shows_state`: in which phase, under which deadline; `shows_person`:
    what is known of her besides. `ways_back`: of an office that has no part in the case any more.
    """

    case: CaseCustody
    history: History
    now: datetime
    shows_accountable: bool = True
    shows_state: bool = True
    shows_person: bool = True
    ways_back: WaysBack = WaysBack()


# Boards ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counted:
    """How many; `more`: than that, which is as far as was counted."""

    count: int
    more: bool


Counts: TypeAlias = dict[str, Counted]
"""What was counted, by name."""


@dataclass(frozen=True, slots=True)
class Board:
    """What offices expect, sent and have, and the transfers that press most."""

    incoming: Counts
    outgoing: Counts
    own: Counts
    pressing: Sequence[ListedTransfer]


@dataclass(frozen=True, slots=True)
class FacilityCounts:
    """Who stays in a facility, is on the way there, and stays beyond the limit; none is counted without end."""

    admitted: int
    expected: int
    over_limit: int


@dataclass(frozen=True, slots=True)
class Facility:
    """A facility and how full it is. `kind` as the directory names it; `capacity` 0: not known."""

    office_id: str
    kind: str
    capacity: int
    counts: FacilityCounts


@dataclass(frozen=True, slots=True)
class LostCounted:
    """Open searches of one office for one reason. `oldest_days`: in full days."""

    office_id: str
    reason: LostReason
    total: int
    from_7_days: int
    from_30_days: int
    oldest_days: int


@dataclass(frozen=True, slots=True)
class CasesCounted:
    """Open cases of one office in one phase under one rule. `oldest_days`: overdue, 0 when none is."""

    office_id: str
    phase: Phase
    rule: str
    total: int
    overdue: int
    from_7_days: int
    from_30_days: int
    oldest_days: int


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """What was counted at the beginning of a day."""

    day: date
    on_the_way: int
    overdue: int
    lost: int


@dataclass(frozen=True, slots=True)
class Revoked:
    """Sign-ins that were ended: `named` an account, an office or a token, `not_before` in real time, and by whom."""

    id: UUID
    done_at: datetime
    whose: Whose
    named: str
    reason: RevokeReason
    not_before: datetime
    by_office_id: str
    by_subject: str
