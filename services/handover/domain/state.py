"""One case as handover sees it, and the steps of which its verbs are made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, Self, TypeVar
from uuid import UUID

from services.chassis.kernel.deadlines import DueDate
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import FacilityKind
from services.handover.domain.custody import Segment
from services.handover.domain.errors import CaseHasEnded, NoOpenSearch, NoOpenTransfer
from services.handover.domain.events import (
    CustodyChanged,
    Event,
    PersonAdmitted,
    SearchResolved,
    TransferRecalled,
    TransferSuperseded,
)
from services.handover.domain.moment import Missed, Moment, Watch
from services.handover.domain.search import Search
from services.handover.domain.stay import Stay
from services.handover.domain.transfer import Transfer
from services.handover.domain.words import (
    ENDED,
    STAY_RULES,
    Cause,
    CloseReason,
    Phase,
    Resolution,
    Rule,
    TransferState,
)


@dataclass(frozen=True, slots=True)
class Person:
    """What handover keeps about the person: nothing that identifies."""

    home_province: ProvinceRef | None
    age_band: str


C_co = TypeVar("C_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Decided(Generic[C_co]):
    """What a verb decided: the case afterwards, and what is told, in order."""

    case: C_co
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseState:
    """One case: who is accountable, what is watched, and the journey, stay and search that concern it.

    `transfer` is the latest one, open or not; `search` the open one. `present_since_on`: the day on
    which the accountable office received the person; nobody can leave before it. `arrivals`: the
    segments that began with an arrival, at home or in a facility, which stands; earliest first.
    `stays`: those of them that are stays. `followup_watches`: followup has a deadline for this case.
    `visited`: a visit was recorded since the last arrival. `earlier_case_id`: the case of the person's
    earlier return.
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
    search: Search | None = None
    arrivals: tuple[int, ...] = ()
    stays: tuple[Stay, ...] = ()
    followup_watches: bool = False
    visited: bool = False
    earlier_case_id: UUID | None = None
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
    def open_transfer(self) -> Transfer | None:
        """The transfer that is planned or dispatched."""
        return self.transfer if self.transfer is not None and self.transfer.is_open else None

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

    # What verbs require.

    def _require_open(self) -> None:
        if not self.is_open:
            raise CaseHasEnded

    def _require_transfer(self) -> Transfer:
        if self.open_transfer is None:
            raise NoOpenTransfer
        return self.open_transfer

    def _require_search(self) -> Search:
        if self.search is None:
            raise NoOpenSearch
        return self.search

    # Steps that verbs are made of.

    def _changed(self, **changes: object) -> Self:
        return replace(self, version=self.version + 1, **changes)  # type: ignore[arg-type]

    def _then(self, *events: Event, **changes: object) -> Decided[Self]:
        return Decided(self._changed(**changes), events)

    def _moved(self, phase: Phase, watch: Watch | None, **changes: object) -> Self:
        """In another phase with another deadline; what was missed before is made good."""
        return self._changed(phase=phase, watch=watch, missed=None, **changes)

    def _watch(self, due: DueDate, reference_id: UUID | None = None) -> Watch:
        return Watch(due, is_primary=not self.followup_watches, reference_id=reference_id)

    # The transfer.

    def _transfer_now(self, **changes: object) -> Transfer:
        """The latest transfer with changes, as a new version."""
        assert self.transfer is not None
        return replace(self.transfer, version=self.transfer.version + 1, **changes)  # type: ignore[arg-type]

    def _transfer_ended(self, state: TransferState, at: Moment, **changes: object) -> Transfer:
        """The open transfer as it ends now."""
        late = self._require_transfer().is_overdue(at.today)
        return self._transfer_now(state=state, ended_at=at.now, late=late, **changes)

    def _superseded(self, at: Moment, by_id: UUID | None = None) -> Decided[Self]:
        """Without an open transfer: another takes its place, or the person turned up elsewhere."""
        if self.open_transfer is None:
            return Decided(self)
        ended = self._transfer_ended(TransferState.SUPERSEDED, at)
        return self._then(TransferSuperseded(ended, by_id), transfer=ended)

    def _recalled(self, at: Moment) -> Decided[Self]:
        """Without an open transfer: the sender has the person, or the case ends."""
        if self.open_transfer is None:
            return Decided(self)
        ended = self._transfer_ended(TransferState.RECALLED, at)
        return self._then(TransferRecalled(ended), transfer=ended)

    # Where the person is.

    def _settled(self, at: Moment) -> Self:
        """The case of a person who is with the accountable office again."""
        if self.stay is not None:
            again = replace(self.stay, discharged_on=None, destination=None, province=None)
            case = self._with_stay(again)
            return case._moved(Phase.ADMITTED, case._stay_watch(again, at))
        if not self.arrivals:
            due = at.due(Rule.DISPATCH_DUE, at.today)
            return self._moved(Phase.REGISTERED, self._watch(due))
        if self.followup_watches:
            return self._moved(Phase.FOLLOW_UP, None)
        return self._moved(Phase.ARRIVED, self._watch(at.due(Rule.OBLIGATIONS_CONFIRM, at.now)))

    def _arrive(
        self, office_id: str, cause: Cause, arrived_on: date, at: Moment, facility: FacilityKind | None = None
    ) -> Decided[Self]:
        """The person is with that office now: at home, or in a facility of that kind."""
        found = self._resolved(Resolution.FOUND, office_id, at)
        number = self.segment.number + 1
        arrived = replace(found.case, arrivals=(*self.arrivals, number), visited=False, present_since_on=arrived_on)
        if facility is None:
            # Primary although followup may watch an earlier arrival: that it took in this one is
            # what is waited for, and only its answer says so.
            watch = Watch(at.due(Rule.OBLIGATIONS_CONFIRM, at.now), is_primary=True)
            passed = arrived._moved(Phase.ARRIVED, watch)._pass_custody(office_id, cause, at, arrived_on)
            return Decided(passed.case, (*passed.events, *found.events))
        stay = Stay(number, facility, arrived_on, at.due(STAY_RULES[facility], arrived_on))
        staying = replace(arrived, stays=(*arrived.stays, stay))
        admitted = staying._moved(Phase.ADMITTED, staying._stay_watch(stay, at))
        passed = admitted._pass_custody(office_id, Cause.ADMITTED if cause is Cause.ARRIVED else cause, at)
        told = PersonAdmitted(office_id, arrived_on, stay.due.due_on)
        return Decided(passed.case, (*passed.events, told, *found.events))

    def _with_stay(self, stay: Stay) -> Self:
        """The stay as it stands now."""
        return replace(self, stays=(*self.stays[:-1], stay))

    def _stay_watch(self, stay: Stay, at: Moment) -> Watch:
        """The limit of a stay, to be warned of first; once it was told to have passed, its escalation."""
        if stay.told_over:
            return self._watch(at.next_due(Rule.FACILITY_STAY_ESCALATE, self._over_since(stay)))
        return replace(self._watch(stay.due), fire_at=None if stay.warned else stay.warn_at)

    @staticmethod
    def _over_since(stay: Stay) -> DueDate:
        return replace(stay.due, rule_code=Rule.FACILITY_STAY_ESCALATE.value)

    def _pass_custody(
        self, office_id: str, cause: Cause, at: Moment, arrival_on: date | None = None, note: str = ""
    ) -> Decided[Self]:
        """Begin a segment. It is told with the phase as it stands: move first."""
        segment = Segment(self.segment.number + 1, office_id, cause, at.now, note)
        told = CustodyChanged(
            segment=segment.number,
            phase=self.phase,
            office_id=office_id,
            previous_office_id=self.office_id,
            cause=cause,
            arrival_on=arrival_on,
            changed_at=at.now,
        )
        return Decided(replace(self, segment=segment), (told,))

    # The search, and the end.

    def _resolved(
        self,
        resolution: Resolution,
        office_id: str,
        at: Moment,
        *,
        other_case_id: UUID | None = None,
        close_reason: CloseReason | None = None,
    ) -> Decided[Self]:
        """Without the open search, if there was one."""
        if self.search is None:
            return Decided(self)
        ended = replace(
            self.search,
            resolution=resolution,
            resolved_at=at.now,
            other_case_id=other_case_id or self.search.other_case_id,
            close_reason=close_reason,
            version=self.search.version + 1,
        )
        return Decided(replace(self, search=None), (SearchResolved(ended, resolution, office_id),))

    def _end(self, phase: Phase, cause: Cause, at: Moment, close_reason: CloseReason | None = None) -> Decided[Self]:
        """Recall what is open, end the search, and the case."""
        back = self._recalled(at)
        resolved = back.case._resolved(Resolution.CLOSED, self.office_id, at, close_reason=close_reason)
        ended = resolved.case._ended(phase, cause, at)
        return Decided(ended.case, (*back.events, *resolved.events, *ended.events))

    def _ended(self, phase: Phase, cause: Cause, at: Moment) -> Decided[Self]:
        ended = replace(self, followup_watches=False)._moved(phase, None)
        told = CustodyChanged(
            segment=self.segment.number,
            phase=phase,
            office_id=self.office_id,
            previous_office_id=self.office_id,
            cause=cause,
            arrival_on=None,
            changed_at=at.now,
        )
        return Decided(ended, (told,))
