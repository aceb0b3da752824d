"""What is told: each value becomes one event of the stream, in the order of the outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from services.handover.domain.answer import AnswerKind, TakeBackReason
from services.handover.domain.claim import FoundClaim
from services.handover.domain.closed import Closing
from services.handover.domain.reappearance import Reappearance
from services.handover.domain.search import Search
from services.handover.domain.transfer import Transfer
from services.handover.domain.words import (
    ArrivalCorrectionReason,
    Cause,
    CloseReason,
    DischargeDestination,
    Phase,
    Resolution,
)


@dataclass(frozen=True, slots=True)
class CustodyChanged:
    """Accountability began, passed on, or ended. `closing`: how it ended, or the end that is undone.

    It is None for what another service told before, and keeps telling itself. `age_band`: of the person on the day on
    which she was received; empty where it is not told.
    """

    segment: int
    phase: Phase
    office_id: str
    previous_office_id: str
    cause: Cause
    arrival_on: date | None
    changed_at: datetime
    closing: Closing | None = None
    age_band: str = ""


@dataclass(frozen=True, slots=True)
class AgeBandCorrected:
    """Her age was corrected, and it is another band."""

    age_band: str


@dataclass(frozen=True, slots=True)
class TransferPlanned:
    """The accountable office plans to send the person on."""

    transfer: Transfer


@dataclass(frozen=True, slots=True)
class TransferDispatched:
    """The person left."""

    transfer: Transfer


@dataclass(frozen=True, slots=True)
class TransferAccepted:
    """The addressed office expects the person."""

    transfer: Transfer


@dataclass(frozen=True, slots=True)
class TransferAcknowledged:
    """The person arrived; `answered_before`: the answer that stood, although she did."""

    transfer: Transfer
    answered_before: AnswerKind | None = None


@dataclass(frozen=True, slots=True)
class AcknowledgementRetracted:
    """She did not arrive after all. `stands_again`: the answer of before; None: she is on the way again.

    `redispatch_due_on` None: nothing obliges the sender.
    """

    transfer: Transfer
    by_office_id: str
    reason: TakeBackReason
    stands_again: AnswerKind | None
    redispatch_due_on: date | None


@dataclass(frozen=True, slots=True)
class TransferAnswerTakenBack:
    """Another answer was a mistake: `transfer` stands again as it was before."""

    transfer: Transfer
    answer: AnswerKind
    by_office_id: str
    reason: TakeBackReason


@dataclass(frozen=True, slots=True)
class TransferRejected:
    """The addressed office rejected; `redispatch_due_on` None: nothing obliges the sender."""

    transfer: Transfer
    redispatch_due_on: date | None


@dataclass(frozen=True, slots=True)
class TransferNotArrived:
    """The person did not arrive; `redispatch_due_on` None: a search is open already."""

    transfer: Transfer
    redispatch_due_on: date | None


@dataclass(frozen=True, slots=True)
class TransferRecalled:
    """The sender took the transfer back, or (`closed_because`) it ended with the case."""

    transfer: Transfer
    closed_because: CloseReason | None = None


@dataclass(frozen=True, slots=True)
class TransferRedirected:
    """On the way, the person was sent to another office; `transfer` ended, `now` took its place."""

    transfer: Transfer
    now: Transfer


@dataclass(frozen=True, slots=True)
class TransferSuperseded:
    """Another plan took the place of this transfer; `by_id` None: the person turned up elsewhere."""

    transfer: Transfer
    by_id: UUID | None


@dataclass(frozen=True, slots=True)
class TransferOverdue:
    """A deadline of the accountable office or the addressee passed.

    `level`: how often, for rules that repeat, from 1. `first_due_on`: when the first of its rounds was due.
    """

    transfer: Transfer | None
    office_id: str
    rule: str
    due_on: date
    late: bool
    level: int = 1
    first_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class PersonAdmitted:
    """A person stays in a facility from now on."""

    office_id: str
    admitted_on: date
    stay_due_on: date


@dataclass(frozen=True, slots=True)
class ArrivalCorrected:
    """The day of an arrival was corrected; `stay_due_on` None: she did not arrive in a facility."""

    segment: int
    office_id: str
    before_on: date
    arrived_on: date
    reason: ArrivalCorrectionReason
    by_office_id: str
    stay_due_on: date | None


@dataclass(frozen=True, slots=True)
class StayEnding:
    """The limit of a stay is near."""

    office_id: str
    stay_due_on: date
    late: bool


@dataclass(frozen=True, slots=True)
class PersonDischarged:
    """A person left a facility, which stays accountable; `to_office_id` is told."""

    office_id: str
    destination: DischargeDestination
    to_office_id: str
    discharged_on: date
    dispatch_due_on: date


@dataclass(frozen=True, slots=True)
class PersonLost:
    """A search was opened, or goes on for another reason; `to_office_id` is told, where she was to arrive."""

    search: Search
    to_office_id: str
    office_id: str
    late: bool


@dataclass(frozen=True, slots=True)
class SearchEscalated:
    """A search went one level up."""

    search: Search
    office_id: str
    late: bool


@dataclass(frozen=True, slots=True)
class SearchResolved:
    """A search ended; `search` as it ended."""

    search: Search
    resolution: Resolution
    office_id: str
    phase: Phase | None = None


@dataclass(frozen=True, slots=True)
class PersonClaimedFound:
    """Somebody says that she is with an office, which is asked."""

    search: Search
    claim: FoundClaim
    office_id: str


@dataclass(frozen=True, slots=True)
class FoundClaimSettled:
    """A claim was answered, taken back, replaced or overtaken; `claim` as it was settled."""

    search: Search
    claim: FoundClaim
    office_id: str


@dataclass(frozen=True, slots=True)
class ReappearanceClaimed:
    """An office registered her again, as it says; told of the earlier case."""

    link: Reappearance
    later_number: str
    office_id: str
    ended: bool


@dataclass(frozen=True, slots=True)
class ReappearanceDecided:
    """Whether it is she was decided, or is no longer said; told of the earlier case."""

    link: Reappearance
    later_number: str
    office_id: str


@dataclass(frozen=True, slots=True)
class EarlierReturnDecided:
    """The same, told of the later case."""

    link: Reappearance
    earlier_number: str
    office_id: str


@dataclass(frozen=True, slots=True)
class FollowUpsUnconfirmed:
    """Followup has not answered in time that its obligations exist."""

    office_id: str
    late: bool


@dataclass(frozen=True, slots=True)
class WithdrawalRefused:
    """Custody had passed before the withdrawal came."""

    office_id: str


TransferEvent: TypeAlias = (
    TransferPlanned
    | TransferDispatched
    | TransferAccepted
    | TransferAcknowledged
    | AcknowledgementRetracted
    | TransferAnswerTakenBack
    | TransferRejected
    | TransferNotArrived
    | TransferRecalled
    | TransferRedirected
    | TransferSuperseded
)
SearchEvent: TypeAlias = PersonLost | SearchEscalated | SearchResolved
ClaimEvent: TypeAlias = PersonClaimedFound | FoundClaimSettled
ReturnEvent: TypeAlias = ReappearanceClaimed | ReappearanceDecided | EarlierReturnDecided
StayEvent: TypeAlias = ArrivalCorrected | PersonAdmitted | StayEnding | PersonDischarged
Event: TypeAlias = (
    CustodyChanged
    | AgeBandCorrected
    | TransferEvent
    | TransferOverdue
    | StayEvent
    | SearchEvent
    | ClaimEvent
    | ReturnEvent
    | FollowUpsUnconfirmed
    | WithdrawalRefused
)
