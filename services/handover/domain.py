"""Who is accountable for a person, is she on the way, did she arrive, is she lost.

`CaseCustody` is one case as handover sees it; every verb takes it as it stands and gives an
`Outcome`: the case as it stands afterwards, and what is to be told. Nothing here reads a clock, a
database or a directory: the caller says which instant it is, and has checked whose office may.

One rule holds after every verb: an open case has one accountable office and one watched deadline.
The deadline is handover's (`watch`, primary) or followup's. `followup_watches` is what followup
said last, and nothing else: its obligations exist, it cancelled them, it closed, it reopened.
While it watches, a further journey has deadlines of handover besides, which are not primary; they
fire all the same.

Decisions of this project where law and reports are silent:

- A plan changes no phase and no deadline, and neither does the recall or the rejection of a plan:
  the person has not left.
- A recalled journey: the sender states that it has the person, so DISPATCH_DUE runs anew from the
  day of the recall. While a search is open it stays open: recalling finds nobody.
- An acknowledgement is taken back on the local day it was given, by the office that gave it, and
  not after a visit was recorded: then she did arrive. The deadlines go on where they stood; those
  that have passed meanwhile fire at the next look.
- A closing that comes from an office which is no longer accountable changes nothing: it crossed
  the change of custody, and the office accountable now has not closed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, TypeAlias
from uuid import UUID

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import DueDate, due_date, is_past, next_due_date, rule_on
from services.chassis.kernel.errors import ErrorKind, FieldViolation, HomewardError, InvalidInput
from services.chassis.kernel.places import ProvinceRef

MAX_TRAVEL_DAYS: Final = 60
"""A journey home takes days; a longer one is a slip of the year or the month [policy]."""
MAX_PLAN_AHEAD_DAYS: Final = 365
"""Farther ahead nobody plans; it is a slip of the year [policy]."""
MAX_REASON_CHARS: Final = 200


class Rule(StrEnum):
    """Every rule that handover watches, by its code in the kernel."""

    DISPATCH_DUE = "DISPATCH_DUE"
    TRANSFER_ACKNOWLEDGE = "TRANSFER_ACKNOWLEDGE"
    TRANSFER_LOST = "TRANSFER_LOST"
    REDISPATCH_AFTER_REJECT = "REDISPATCH_AFTER_REJECT"
    SEARCH_ESCALATE = "SEARCH_ESCALATE"
    OBLIGATIONS_CONFIRM = "OBLIGATIONS_CONFIRM"


class Phase(StrEnum):
    """Where a case stands; meanings in `homeward.type.v1.CasePhase`."""

    REGISTERED = "REGISTERED"
    IN_TRANSIT = "IN_TRANSIT"
    REJECTED = "REJECTED"
    SEARCH = "SEARCH"
    ARRIVED = "ARRIVED"
    FOLLOW_UP = "FOLLOW_UP"
    CLOSED = "CLOSED"
    WITHDRAWN = "WITHDRAWN"


ENDED: Final = frozenset({Phase.CLOSED, Phase.WITHDRAWN})


class TransferState(StrEnum):
    """Where a transfer stands; meanings in `homeward.type.v1.TransferState`."""

    PLANNED = "PLANNED"
    DISPATCHED = "DISPATCHED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    REJECTED = "REJECTED"
    RECALLED = "RECALLED"


OPEN_STATES: Final = frozenset({TransferState.PLANNED, TransferState.DISPATCHED})


class RejectReason(StrEnum):
    """Why an addressed office rejects."""

    WRONG_PROVINCE = "WRONG_PROVINCE"
    NOT_RESIDENT = "NOT_RESIDENT"
    NOT_SAFE = "NOT_SAFE"
    PERSON_CHOSE_ELSEWHERE = "PERSON_CHOSE_ELSEWHERE"
    OTHER = "OTHER"


class Cause(StrEnum):
    """Why accountability began, passed on or ended."""

    REGISTERED = "REGISTERED"
    ARRIVED = "ARRIVED"
    ARRIVAL_RETRACTED = "ARRIVAL_RETRACTED"
    HOME_RECORDED = "HOME_RECORDED"
    WITHDRAWN = "WITHDRAWN"
    CLOSED = "CLOSED"
    REOPENED = "REOPENED"


class LostReason(StrEnum):
    """Why somebody is called lost."""

    NOT_ACKNOWLEDGED = "NOT_ACKNOWLEDGED"
    REJECTED_NOT_REDISPATCHED = "REJECTED_NOT_REDISPATCHED"


class Resolution(StrEnum):
    """How a search ended."""

    FOUND = "FOUND"
    REDIRECTED = "REDIRECTED"
    RETURNED_TO_SENDER = "RETURNED_TO_SENDER"
    CLOSED = "CLOSED"


# Refusals -------------------------------------------------------------------------------------


class NotAccountable(HomewardError):
    """Only the office that is accountable for this person now may do this."""

    kind = ErrorKind.PERMISSION_DENIED


class NotAddressed(HomewardError):
    """Only the office to which this person is sent may do this, never the sender."""

    kind = ErrorKind.PERMISSION_DENIED


class SenderCannotAnswer(HomewardError):
    """Your office is sender and addressee of this transfer; recall it, since nobody else can answer."""

    kind = ErrorKind.PERMISSION_DENIED


class TransferAlreadyOpen(HomewardError):
    """A transfer of this person is open already; recall it first."""


class NoOpenTransfer(HomewardError):
    """No transfer of this person is open: none was made, or it was answered or recalled."""


class NotDispatched(HomewardError):
    """The sender has not recorded that this person left; ask the sender to record it."""


class PlannedElsewhere(HomewardError):
    """The transfer is planned to another office; recall that plan before sending her elsewhere."""


class AddresseeIsSender(HomewardError):
    """A person cannot be sent to the office that sends her."""


class AddresseeCannotReceive(HomewardError):
    """The office {office_id} cannot receive people; choose a support agency or a centre."""


class AlreadyAtHome(HomewardError):
    """It is recorded already that this person is home."""


class CaseHasEnded(HomewardError):
    """This case has ended; nothing can be changed until it is reopened."""


class NothingToRetract(HomewardError):
    """There is no acknowledged arrival of this person that could be taken back."""


class TooLateToRetract(HomewardError):
    """An acknowledgement can be taken back only on the day on which it was given: {given_on}."""


class VisitAlreadyRecorded(HomewardError):
    """A visit was recorded since this arrival, so the arrival can no longer be taken back."""


# Values ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happens: an aware instant, and how the days from it are counted."""

    now: datetime
    calendar: WorkingCalendar

    @property
    def today(self) -> date:
        """The local day in Viet Nam."""
        return local_date(self.now)

    def due(self, rule: str, start: date | datetime) -> DueDate:
        """When a limit that starts then is due, by the version of the rule that held then."""
        day = local_date(start) if isinstance(start, datetime) else start
        return due_date(rule_on(rule, day), start, self.calendar)

    def next_due(self, rule: str, passed: DueDate) -> DueDate:
        """The first time of a repeating rule that lies ahead, on the grid from one that passed."""
        return next_due_date(rule_on(rule, passed.due_on), passed, self.now, self.calendar)


@dataclass(frozen=True, slots=True)
class Watch:
    """The deadline that handover watches for a case; `level` counts how often it fired."""

    due: DueDate
    is_primary: bool
    reference_id: UUID | None = None
    level: int = 0

    @property
    def rule(self) -> str:
        """Its code."""
        return self.due.rule_code


@dataclass(frozen=True, slots=True)
class Missed:
    """The first deadline that passed since the case last moved on: overdue is counted from it."""

    rule: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of accountability of one office; numbered from 1 within the case."""

    number: int
    office_id: str
    cause: Cause
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Transfer:
    """One person on one journey from office to office. Dates are local.

    `number` counts the transfers of the case from 1. `acknowledge_due_on` is set from the
    dispatch on. `told_overdue`: its passing was told. `late`: that day had passed when the
    transfer was answered or recalled. `retract_reason` is the addressee's text for the last
    acknowledgement that was taken back, at most MAX_REASON_CHARS; it stays in this service.
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
    acknowledge_due_on: date | None = None
    arrived_on: date | None = None
    acknowledged_at: datetime | None = None
    reject_reason: RejectReason | None = None
    retract_reason: str = ""
    told_overdue: bool = False
    late: bool = False
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Planned or dispatched, and not answered."""
        return self.state in OPEN_STATES

    def is_overdue(self, today: date) -> bool:
        """Whether the day for the acknowledgement passed without one, or before it."""
        if self.state is not TransferState.DISPATCHED or self.acknowledge_due_on is None:
            return self.late
        return is_past(self.acknowledge_due_on, today)


@dataclass(frozen=True, slots=True)
class Search:
    """Somebody is lost. `opened_at`: when the deadline passed, whenever that was noticed."""

    id: UUID
    reason: LostReason
    opened_at: datetime
    level: int = 0
    resolution: Resolution | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """What handover keeps about the person: nothing that identifies."""

    home_province: ProvinceRef | None
    age_band: str


# What is told ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CustodyChanged:
    """Accountability began, passed on, or ended."""

    segment: int
    phase: Phase
    office_id: str
    previous_office_id: str
    cause: Cause
    arrival_on: date | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class TransferPlanned:
    """The accountable office plans to send the person on."""

    transfer: Transfer


@dataclass(frozen=True, slots=True)
class TransferDispatched:
    """The person left."""

    transfer: Transfer


@dataclass(frozen=True, slots=True)
class TransferAcknowledged:
    """The person arrived."""

    transfer: Transfer


@dataclass(frozen=True, slots=True)
class AcknowledgementRetracted:
    """She did not arrive after all."""

    transfer: Transfer


@dataclass(frozen=True, slots=True)
class TransferRejected:
    """The addressed office rejected; `redispatch_due_on` None: nothing obliges the sender."""

    transfer: Transfer
    redispatch_due_on: date | None


@dataclass(frozen=True, slots=True)
class TransferRecalled:
    """The sender took the transfer back."""

    transfer: Transfer


@dataclass(frozen=True, slots=True)
class TransferOverdue:
    """A deadline of the accountable office or the addressee passed."""

    transfer: Transfer | None
    office_id: str
    rule: str
    due_on: date
    late: bool


@dataclass(frozen=True, slots=True)
class PersonLost:
    """A search was opened."""

    search: Search
    transfer: Transfer | None
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
    """A search ended."""

    search: Search
    resolution: Resolution
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


Event: TypeAlias = (
    CustodyChanged
    | TransferPlanned
    | TransferDispatched
    | TransferAcknowledged
    | AcknowledgementRetracted
    | TransferRejected
    | TransferRecalled
    | TransferOverdue
    | PersonLost
    | SearchEscalated
    | SearchResolved
    | FollowUpsUnconfirmed
    | WithdrawalRefused
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verb decided: the case afterwards, and what is told, in order."""

    case: CaseCustody
    events: tuple[Event, ...] = ()


# The case -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CaseCustody:
    """One case: who is accountable, what is watched, and the journey and search that concern it.

    `transfer` is the latest one, open or not; `search` the open one. `present_since_on`: the day
    on which the accountable office received the person; nobody can leave before it. `arrivals`:
    the segments that began with an arrival, at home or at a centre, which stands; earliest first.
    `followup_watches`: followup has a deadline
    for this case. `visited`: a visit was recorded since the last arrival.
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
    followup_watches: bool = False
    visited: bool = False
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

    # Verbs of the accountable office.

    def plan(
        self,
        transfer_id: UUID,
        to_office_id: str,
        departure_on: date,
        arrival_on: date,
        at: Moment,
    ) -> Outcome:
        """Plan to send the person on.

        Raises CaseHasEnded, TransferAlreadyOpen, AddresseeIsSender, InvalidInput (dates).
        """
        self._require_open()
        if self.open_transfer is not None:
            raise TransferAlreadyOpen
        if to_office_id == self.office_id:
            raise AddresseeIsSender
        _check_days("expected_departure_on", departure_on, self.present_since_on, _ahead(at))
        _check_arrival(departure_on, arrival_on)
        transfer = Transfer(
            id=transfer_id,
            number=1 if self.transfer is None else self.transfer.number + 1,
            from_office_id=self.office_id,
            to_office_id=to_office_id,
            state=TransferState.PLANNED,
            expected_departure_on=departure_on,
            expected_arrival_on=arrival_on,
            planned_at=at.now,
        )
        return self._then(TransferPlanned(transfer), transfer=transfer)

    def dispatch(
        self,
        transfer_id: UUID,
        to_office_id: str | None,
        departed_on: date | None,
        arrival_on: date | None,
        at: Moment,
    ) -> Outcome:
        """Record that the person left; plan it first when nothing is planned.

        `to_office_id` and `arrival_on` None: as planned; `departed_on` None: today. Raises what
        `plan` raises, PlannedElsewhere, and InvalidInput for what is missing.
        """
        departed_on = departed_on or at.today
        _check_not_future("departed_on", departed_on, at)
        planned, told = self._planned(transfer_id, to_office_id, departed_on, arrival_on, at)
        assert planned.transfer is not None
        arrival_on = arrival_on or planned.transfer.expected_arrival_on
        _check_days("departed_on", departed_on, self.present_since_on, at.today)
        _check_arrival(departed_on, arrival_on)
        due = at.due(Rule.TRANSFER_ACKNOWLEDGE, arrival_on)
        transfer = planned._transfer_now(
            state=TransferState.DISPATCHED,
            departed_on=departed_on,
            expected_arrival_on=arrival_on,
            acknowledge_due_on=due.due_on,
        )
        leaving = planned._resolved(Resolution.REDIRECTED, self.office_id)
        moved = leaving.case._moved(
            Phase.IN_TRANSIT, planned._watch(due, transfer.id), transfer=transfer
        )
        return Outcome(moved, (*told, TransferDispatched(transfer), *leaving.events))

    def _planned(
        self,
        transfer_id: UUID,
        to_office_id: str | None,
        departed_on: date,
        arrival_on: date | None,
        at: Moment,
    ) -> tuple[CaseCustody, tuple[Event, ...]]:
        """The case with a plan to dispatch, and what is told if it had to be made."""
        self._require_open()
        transfer = self.open_transfer
        if transfer is not None:
            if transfer.state is TransferState.DISPATCHED:
                raise TransferAlreadyOpen
            if to_office_id not in (None, transfer.to_office_id):
                raise PlannedElsewhere
            return self, ()
        missing = [
            FieldViolation(None, field, "REQUIRED")
            for field, given in (
                ("to_office_id", to_office_id),
                ("expected_arrival_on", arrival_on),
            )
            if given is None
        ]
        if missing or to_office_id is None or arrival_on is None:
            raise InvalidInput(missing)
        _check_days("departed_on", departed_on, self.present_since_on, at.today)
        planned = self.plan(transfer_id, to_office_id, departed_on, arrival_on, at)
        return planned.case, planned.events

    def recall(self, at: Moment) -> Outcome:
        """Take the open transfer back. Raises CaseHasEnded, NoOpenTransfer."""
        self._require_open()
        before = self._require_transfer()
        recalled = self._transfer_now(
            state=TransferState.RECALLED, late=before.is_overdue(at.today)
        )
        told = TransferRecalled(recalled)
        if self.phase is not Phase.IN_TRANSIT:
            return self._then(told, transfer=recalled)
        return Outcome(replace(self, transfer=recalled)._settled(at), (told,))

    def record_home(self, home_on: date | None, at: Moment) -> Outcome:
        """Record that the person is home, without a transfer. `home_on` None: today.

        Raises CaseHasEnded, AlreadyAtHome, TransferAlreadyOpen, InvalidInput (date).
        """
        self._require_open()
        if self.phase in (Phase.ARRIVED, Phase.FOLLOW_UP):
            raise AlreadyAtHome
        if self.open_transfer is not None:
            raise TransferAlreadyOpen
        home_on = home_on or at.today
        _check_not_future("home_on", home_on, at)
        _check_days("home_on", home_on, self.present_since_on, at.today)
        return self._arrive(self.office_id, Cause.HOME_RECORDED, home_on, at)

    # Verbs of the addressed office.

    def acknowledge(self, by_office_id: str, arrived_on: date | None, at: Moment) -> Outcome:
        """The person arrived: accountability passes to the office that says so.

        `arrived_on` None: today. A late one counts, and ends an open search as found. Raises
        CaseHasEnded, NoOpenTransfer, NotDispatched, SenderCannotAnswer, InvalidInput (date).
        """
        self._require_open()
        before = self._require_transfer()
        if by_office_id == before.from_office_id:
            raise SenderCannotAnswer
        if before.departed_on is None:
            raise NotDispatched
        arrived_on = arrived_on or at.today
        _check_not_future("arrived_on", arrived_on, at)
        _check_days("arrived_on", arrived_on, before.departed_on, at.today)
        transfer = self._transfer_now(
            state=TransferState.ACKNOWLEDGED,
            # An office that took over the addressee's duty is the one that received.
            to_office_id=by_office_id,
            arrived_on=arrived_on,
            acknowledged_at=at.now,
            late=before.is_overdue(at.today),
        )
        arrived = replace(self, transfer=transfer)._arrive(
            by_office_id, Cause.ARRIVED, arrived_on, at
        )
        return Outcome(arrived.case, (TransferAcknowledged(transfer), *arrived.events))

    def retract(self, reason: str, at: Moment) -> Outcome:
        """Take a mistaken acknowledgement back, on the local day it was given.

        Followup goes on watching until it says that it ceased: it may keep what it has for an
        earlier arrival, or for a visit that crossed this.

        Raises CaseHasEnded, NothingToRetract, TransferAlreadyOpen, VisitAlreadyRecorded,
        TooLateToRetract.
        """
        self._require_open()
        before = self._acknowledged_transfer()
        assert before.acknowledged_at is not None
        assert before.departed_on is not None
        if self.visited:
            raise VisitAlreadyRecorded
        given_on = local_date(before.acknowledged_at)
        if given_on != at.today:
            raise TooLateToRetract(given_on=given_on.isoformat())
        due = at.due(Rule.TRANSFER_ACKNOWLEDGE, before.expected_arrival_on)
        transfer = self._transfer_now(
            state=TransferState.DISPATCHED,
            arrived_on=None,
            acknowledged_at=None,
            acknowledge_due_on=due.due_on,
            retract_reason=reason,
            late=False,
        )
        back = replace(
            self,
            arrivals=self.arrivals[:-1],
            present_since_on=before.departed_on,
        )
        missed = None
        if before.told_overdue:
            missed = Missed(Rule.TRANSFER_ACKNOWLEDGE, due.due_on)
            due = at.due(Rule.TRANSFER_LOST, due.due_on)
        moved = back._moved(Phase.IN_TRANSIT, back._watch(due, transfer.id), transfer=transfer)
        passed = replace(moved, missed=missed)._pass_custody(
            before.from_office_id, Cause.ARRIVAL_RETRACTED, None, at
        )
        return Outcome(passed.case, (AcknowledgementRetracted(transfer), *passed.events))

    def _acknowledged_transfer(self) -> Transfer:
        if self.open_transfer is not None:
            raise TransferAlreadyOpen
        transfer = self.transfer
        began_here = self.segment.cause is Cause.ARRIVED
        if not began_here or transfer is None or transfer.state is not TransferState.ACKNOWLEDGED:
            raise NothingToRetract
        return transfer

    def reject(self, reason: RejectReason, at: Moment) -> Outcome:
        """The addressed office does not take the person: the duty is the sender's.

        Raises CaseHasEnded, NoOpenTransfer.
        """
        self._require_open()
        before = self._require_transfer()
        transfer = self._transfer_now(
            state=TransferState.REJECTED,
            reject_reason=reason,
            late=before.is_overdue(at.today),
        )
        if before.state is TransferState.PLANNED:
            return self._then(TransferRejected(transfer, self._leave_by()), transfer=transfer)
        due = at.due(Rule.REDISPATCH_AFTER_REJECT, at.today)
        back = self._resolved(Resolution.RETURNED_TO_SENDER, self.office_id)
        moved = back.case._moved(Phase.REJECTED, self._watch(due, transfer.id), transfer=transfer)
        return Outcome(moved, (TransferRejected(transfer, due.due_on), *back.events))

    def _leave_by(self) -> date | None:
        """The last day to send the person on, where one runs."""
        watch = self.watch
        if watch is None or watch.rule not in (Rule.DISPATCH_DUE, Rule.REDISPATCH_AFTER_REJECT):
            return None
        return watch.due.due_on

    # What the other services tell.

    def correct(self, person: Person) -> Outcome:
        """The registering office corrected the record."""
        return self._then(person=person)

    def withdraw(self, at: Moment) -> Outcome:
        """The registering office withdrew: it takes effect until custody has passed."""
        if self.phase is Phase.WITHDRAWN:
            return Outcome(self)
        passed = bool(self.arrivals) or self.office_id != self.registering_office_id
        if passed or not self.is_open:
            return Outcome(self, (WithdrawalRefused(self.office_id),))
        return self._end(Phase.WITHDRAWN, Cause.WITHDRAWN, at)

    def close(self, at: Moment) -> Outcome:
        """The accountable office closed the case. A second closing changes nothing."""
        if not self.is_open:
            return Outcome(self)
        return self._end(Phase.CLOSED, Cause.CLOSED, at)

    def followup_ceased(self, at: Moment) -> Outcome:
        """Followup no longer watches, and the case is open: handover's own deadline is primary.

        It cancelled after an arrival was taken back, or an office closed that was accountable no
        more: such a closing closes nothing. Where handover has no deadline of its own it waits
        again for followup's answer, and supervisors learn of it each day until that comes.
        """
        if not self.is_open or not self.followup_watches:
            return Outcome(self)
        unwatched = replace(self, followup_watches=False)
        if self.watch is None:
            return Outcome(unwatched._settled(at))
        return unwatched._then(watch=replace(self.watch, is_primary=True))

    def reopen(self, at: Moment) -> Outcome:
        """The accountable office reopened the case; followup watches it.

        One that is open here stays as it is: its closing was none (`followup_ceased`).
        """
        if self.phase is Phase.CLOSED:
            opened = replace(self, followup_watches=True)._moved(Phase.FOLLOW_UP, None)
            return opened._pass_custody(self.office_id, Cause.REOPENED, None, at)
        if not self.is_open or self.followup_watches:
            return Outcome(self)
        return Outcome(self._watched_by_followup())

    def follow_ups_scheduled(self, segment: int) -> Outcome:
        """Followup watches; its answer to the latest arrival ends the wait for it."""
        if not self.is_open:
            return Outcome(self)
        return Outcome(self._watched_by_followup(answered=segment))

    def follow_up_recorded(self) -> Outcome:
        """A visit was recorded: she did arrive."""
        return self._then(visited=True)

    def _watched_by_followup(self, answered: int | None = None) -> CaseCustody:
        """Followup has a deadline; handover's own is primary only while an answer is awaited."""
        watched = replace(self, followup_watches=True)
        if self.phase is not Phase.ARRIVED:
            secondary = replace(self.watch, is_primary=False) if self.watch is not None else None
            return watched._changed(watch=secondary)
        awaited = self.arrivals[-1]
        if self.segment.number == awaited != answered:
            return watched._changed()
        return watched._moved(Phase.FOLLOW_UP, None)

    # What time tells.

    def deadline_passed(self, search_id: UUID, at: Moment, *, late: bool) -> Outcome:
        """The watched deadline passed: tell it, and watch the next one.

        `late`: fired long after its time. Raises ValueError when nothing is watched, or by a rule
        that is not handover's.
        """
        watch = self.watch
        if watch is None:
            raise ValueError("no deadline is watched for this case")
        missed = self.missed or Missed(watch.rule, watch.due.due_on)
        case = replace(self, missed=missed)
        match Rule(watch.rule):
            case Rule.DISPATCH_DUE:
                return case._repeats(watch, case._overdue(watch, late), at)
            case Rule.TRANSFER_ACKNOWLEDGE:
                return case._acknowledge_missed(watch, at, late)
            case Rule.TRANSFER_LOST:
                return case._lost(LostReason.NOT_ACKNOWLEDGED, search_id, watch, at, late)
            case Rule.REDISPATCH_AFTER_REJECT:
                reason = LostReason.REJECTED_NOT_REDISPATCHED
                lost = case._lost(reason, search_id, watch, at, late)
                return Outcome(lost.case, (case._overdue(watch, late), *lost.events))
            case Rule.SEARCH_ESCALATE:
                return case._escalated(watch, at, late)
            case Rule.OBLIGATIONS_CONFIRM:
                return case._repeats(watch, FollowUpsUnconfirmed(case.office_id, late), at)

    def _acknowledge_missed(self, watch: Watch, at: Moment, late: bool) -> Outcome:
        transfer = self._transfer_now(told_overdue=True)
        due = at.due(Rule.TRANSFER_LOST, watch.due.due_on)
        case = self._changed(transfer=transfer, watch=self._watch(due, transfer.id))
        return Outcome(case, (case._overdue(watch, late),))

    def _lost(
        self, reason: LostReason, search_id: UUID, watch: Watch, at: Moment, late: bool
    ) -> Outcome:
        search = Search(search_id, reason, opened_at=watch.due.due_at)
        escalate = self._watch(at.next_due(Rule.SEARCH_ESCALATE, watch.due), search_id)
        case = self._changed(phase=Phase.SEARCH, search=search, watch=escalate)
        return Outcome(case, (PersonLost(search, self.open_transfer, self.office_id, late),))

    def _escalated(self, watch: Watch, at: Moment, late: bool) -> Outcome:
        assert self.search is not None
        search = replace(self.search, level=self.search.level + 1)
        told = SearchEscalated(search, self.office_id, late)
        return replace(self, search=search)._repeats(watch, told, at)

    def _repeats(self, watch: Watch, told: Event, at: Moment) -> Outcome:
        again = replace(watch, due=at.next_due(watch.rule, watch.due), level=watch.level + 1)
        return self._then(told, watch=again)

    def _overdue(self, watch: Watch, late: bool) -> TransferOverdue:
        return TransferOverdue(
            self.open_transfer, self.office_id, watch.rule, watch.due.due_on, late
        )

    # Steps that verbs are made of.

    def _require_open(self) -> None:
        if not self.is_open:
            raise CaseHasEnded

    def _require_transfer(self) -> Transfer:
        if self.open_transfer is None:
            raise NoOpenTransfer
        return self.open_transfer

    def _transfer_now(self, **changes: object) -> Transfer:
        """The latest transfer with changes, as a new version."""
        assert self.transfer is not None
        return replace(self.transfer, version=self.transfer.version + 1, **changes)  # type: ignore[arg-type]

    def _changed(self, **changes: object) -> CaseCustody:
        return replace(self, version=self.version + 1, **changes)  # type: ignore[arg-type]

    def _then(self, *events: Event, **changes: object) -> Outcome:
        return Outcome(self._changed(**changes), events)

    def _moved(self, phase: Phase, watch: Watch | None, **changes: object) -> CaseCustody:
        """In another phase with another deadline; what was missed before is made good."""
        return self._changed(phase=phase, watch=watch, missed=None, **changes)

    def _watch(self, due: DueDate, reference_id: UUID | None = None) -> Watch:
        return Watch(due, is_primary=not self.followup_watches, reference_id=reference_id)

    def _settled(self, at: Moment) -> CaseCustody:
        """The case of a person who is with the accountable office again."""
        if not self.arrivals:
            due = at.due(Rule.DISPATCH_DUE, at.today)
            return self._moved(Phase.REGISTERED, self._watch(due))
        if self.followup_watches:
            return self._moved(Phase.FOLLOW_UP, None)
        return self._moved(Phase.ARRIVED, self._watch(at.due(Rule.OBLIGATIONS_CONFIRM, at.now)))

    def _arrive(self, office_id: str, cause: Cause, arrived_on: date, at: Moment) -> Outcome:
        found = self._resolved(Resolution.FOUND, office_id)
        arrived = replace(
            found.case,
            arrivals=(*self.arrivals, self.segment.number + 1),
            visited=False,
            present_since_on=arrived_on,
        )
        # Primary although followup may watch an earlier arrival: that it took in this one is
        # what is waited for, and only its answer says so.
        watch = Watch(at.due(Rule.OBLIGATIONS_CONFIRM, at.now), is_primary=True)
        moved = arrived._moved(Phase.ARRIVED, watch)
        passed = moved._pass_custody(office_id, cause, arrived_on, at)
        return Outcome(passed.case, (*passed.events, *found.events))

    def _resolved(self, resolution: Resolution, office_id: str) -> Outcome:
        """Without the open search, if there was one."""
        if self.search is None:
            return Outcome(self)
        told = SearchResolved(self.search, resolution, office_id)
        return Outcome(replace(self, search=None), (told,))

    def _pass_custody(
        self, office_id: str, cause: Cause, arrival_on: date | None, at: Moment
    ) -> Outcome:
        """Begin a segment. It is told with the phase as it stands: move first."""
        segment = Segment(self.segment.number + 1, office_id, cause, at.now)
        told = CustodyChanged(
            segment=segment.number,
            phase=self.phase,
            office_id=office_id,
            previous_office_id=self.office_id,
            cause=cause,
            arrival_on=arrival_on,
            changed_at=at.now,
        )
        return Outcome(replace(self, segment=segment), (told,))

    def _end(self, phase: Phase, cause: Cause, at: Moment) -> Outcome:
        events: list[Event] = []
        transfer = self.transfer
        if self.open_transfer is not None:
            overdue = self.open_transfer.is_overdue(at.today)
            transfer = self._transfer_now(state=TransferState.RECALLED, late=overdue)
            events.append(TransferRecalled(transfer))
        resolved = self._resolved(Resolution.CLOSED, self.office_id)
        ended = replace(resolved.case, followup_watches=False)._moved(
            phase, None, transfer=transfer
        )
        told = CustodyChanged(
            segment=self.segment.number,
            phase=phase,
            office_id=self.office_id,
            previous_office_id=self.office_id,
            cause=cause,
            arrival_on=None,
            changed_at=at.now,
        )
        return Outcome(ended, (*events, *resolved.events, told))


def register(
    case_id: UUID,
    case_number: str,
    office_id: str,
    person: Person,
    *,
    received_on: date,
    registered_on: date,
    at: Moment,
) -> Outcome:
    """Custody begins with the office that received the person.

    DISPATCH_DUE is counted from `registered_on`, however long the news took to come here.
    """
    segment = Segment(1, office_id, Cause.REGISTERED, at.now)
    case = CaseCustody(
        case_id=case_id,
        case_number=case_number,
        phase=Phase.REGISTERED,
        segment=segment,
        registering_office_id=office_id,
        present_since_on=min(received_on, registered_on),
        person=person,
        watch=Watch(at.due(Rule.DISPATCH_DUE, registered_on), is_primary=True),
    )
    told = CustodyChanged(
        segment=1,
        phase=case.phase,
        office_id=office_id,
        previous_office_id="",
        cause=Cause.REGISTERED,
        arrival_on=None,
        changed_at=at.now,
    )
    return Outcome(case, (told,))


def _ahead(at: Moment) -> date:
    return at.today + timedelta(days=MAX_PLAN_AHEAD_DAYS)


def _check_not_future(field: str, day: date, at: Moment) -> None:
    if day > at.today:
        raise InvalidInput([FieldViolation(None, field, "IN_THE_FUTURE")])


def _check_days(field: str, day: date, earliest: date, latest: date) -> None:
    if day < earliest:
        limit = {"limit": earliest.isoformat()}
        raise InvalidInput([FieldViolation(None, field, "TOO_EARLY", limit)])
    if day > latest:
        limit = {"limit": latest.isoformat()}
        raise InvalidInput([FieldViolation(None, field, "TOO_LATE", limit)])


def _check_arrival(departure_on: date, arrival_on: date) -> None:
    latest = departure_on + timedelta(days=MAX_TRAVEL_DAYS)
    _check_days("expected_arrival_on", arrival_on, departure_on, latest)
