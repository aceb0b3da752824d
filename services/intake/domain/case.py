"""A case: what intake decides about it, and what the other services said about its custody.

Accountability has one owner, the handover service. The fields of custody here are a projection of
its events; until its first event comes, the office that registered is accountable.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import EtagMismatch, HomewardError
from services.chassis.kernel.words import CustodyCause as CustodyCause
from services.chassis.kernel.words import Identification as Identification
from services.chassis.kernel.words import Phase as Phase
from services.chassis.kernel.words import WithdrawReason as WithdrawReason
from services.intake.domain.people import AgeBand, age_band
from services.intake.domain.submissions import Route, Submission

_ARRIVING: Final = frozenset({CustodyCause.ARRIVED, CustodyCause.HOME_RECORDED, CustodyCause.FOUND})
"""Somebody who is found may be at home, or at a facility: the phase tells."""
_AT_HOME: Final = frozenset({Phase.ARRIVED, Phase.FOLLOW_UP})
_IN_FACILITY: Final = frozenset({Phase.ADMITTED, Phase.DISCHARGED})


class Withdrawal(StrEnum):
    """A withdrawal is asked for here, and confirmed or refused by the handover service."""

    NONE = "NONE"
    REQUESTED = "REQUESTED"
    CONFIRMED = "CONFIRMED"


class StatusWord(StrEnum):
    """All that a border post may know after custody has passed."""

    RECEIVED = "RECEIVED"
    IDENTIFIED = "IDENTIFIED"
    ARRIVED = "ARRIVED"
    WITHDRAWN = "WITHDRAWN"
    CLOSED = "CLOSED"


class CustodyHasPassed(HomewardError):
    """Custody of this case has passed to another office: it has to make this change, or close the case instead."""


class PersonIsOnTheWay(HomewardError):
    """This person is on the way to {office_id}: withdrawing the case takes two people; ask for it as under way."""


class PersonIsSearchedFor(HomewardError):
    """This person is searched for: withdrawing the case takes two people; ask for it as under way."""


class NobodyReceivedHer(HomewardError):
    """This person left, and no other office has said since that it has her: withdrawing the case takes two people; ask
    for it as under way.
    """


class PersonIsHome(HomewardError):
    """This person is home already, so the case is not withdrawn; close it with the reason that is true."""


class CaseIsWithdrawn(HomewardError):
    """This case has been withdrawn and cannot be changed; register the person again if needed."""


@dataclass(frozen=True, slots=True)
class Case:
    """One return of one person; it holds no identity.

    Attributes:
        row: the person's row in the submission, from 1, of `rows`.
        home_province: "22@2004", empty when not known.
        version: changes with every change.
        decisions: identification decisions so far, revisions included.
        segment: number of the last custody segment that handover announced, 0 before the first.
        arrivals: how often she arrived at home or at the place she chose, arrivals taken back left
            out; a stay in a facility is none.
        followups_segment: the custody segment whose follow-ups exist, 0 for none.
        transfer_id: the transfer under way (dispatched, not yet answered), if any.
        addressee_office_id: its addressed office; empty without one.
        accepted_transfer_id: the transfer whose addressed office accepted last.
        in_facility: the accountable office is a facility that admitted her.
        sent_from_facility: so was the office accountable before the last arrival.
        earlier_case_id: the case of an earlier return of the same person, where the registering
            office named it.
        claimed_office_id: the office that is said to have her, while it is asked; empty otherwise.
        closed_on: the local day on which it was closed; None while it is open.
        verifier_office_id: the police to which the case was given; empty: that of the province that received her.
    """

    id: UUID
    number: str
    handover_id: UUID
    row: int
    rows: int
    receiving_office_id: str
    route: Route
    home_province: str
    age_band: AgeBand
    handover_time: datetime
    created_at: datetime
    version: int
    identification: Identification
    decisions: int
    withdrawal: Withdrawal
    phase: Phase
    accountable_office_id: str
    segment: int
    arrivals: int
    followups_segment: int
    transfer_id: UUID | None
    addressee_office_id: str
    accepted_transfer_id: UUID | None = None
    in_facility: bool = False
    sent_from_facility: bool = False
    earlier_case_id: UUID | None = None
    claimed_office_id: str = ""
    closed_on: date | None = None
    verifier_office_id: str = ""

    @property
    def is_awaited(self) -> bool:
        """Whether she is under way to an office that accepted to receive her."""
        return self.transfer_id is not None and self.transfer_id == self.accepted_transfer_id

    @property
    def shown_phase(self) -> Phase:
        """The phase for readers: a withdrawal stands at once, unless it is refused later."""
        return self.phase if self.withdrawal is Withdrawal.NONE else Phase.WITHDRAWN

    @property
    def status_word(self) -> StatusWord:
        """One word for everyone who may see the case at all."""
        if self.shown_phase is Phase.WITHDRAWN:
            return StatusWord.WITHDRAWN
        if self.shown_phase is Phase.CLOSED:
            # The same word for every reason: who left by death is not told from who was followed up for three years.
            return StatusWord.CLOSED
        if self.arrivals > 0:
            return StatusWord.ARRIVED
        if self.identification is Identification.IN_PROCESS:
            return StatusWord.RECEIVED
        return StatusWord.IDENTIFIED

    def require_version(self, version: int | None) -> None:
        """Raise EtagMismatch unless the version is the present one, or none is named."""
        if version not in (None, self.version):
            raise EtagMismatch

    def require_not_withdrawn(self) -> None:
        """Raise CaseIsWithdrawn when it is."""
        if self.shown_phase is Phase.WITHDRAWN:
            raise CaseIsWithdrawn

    def require_still_with_registrar(self) -> None:
        """Raise CaseIsWithdrawn or CustodyHasPassed unless the registering office has custody."""
        self.require_not_withdrawn()
        if self.accountable_office_id != self.receiving_office_id or self.phase is Phase.CLOSED:
            raise CustodyHasPassed

    def require_withdrawable(self) -> None:
        """Raise unless nothing came of the registration yet: she is with the office that made it, and not home.

        CaseIsWithdrawn, CustodyHasPassed, PersonIsHome, PersonIsOnTheWay, PersonIsSearchedFor.
        """
        self.require_still_with_registrar()
        if self.transfer_id is not None:
            raise PersonIsOnTheWay(office_id=self.addressee_office_id)
        if self.phase is Phase.SEARCH:
            raise PersonIsSearchedFor
        if self.arrivals > 0:
            raise PersonIsHome


def registered(
    submission: Submission,
    row: int,
    *,
    case_id: UUID,
    number: str,
    handover_id: UUID,
    office_id: str,
    earlier_case_id: UUID | None,
    now: datetime,
) -> Case:
    """The case of the person in a row, from 1, of a checked submission."""
    assert submission.route is not None, "a checked submission has a route"
    assert submission.handover_time is not None, "a checked submission has a time"
    person = submission.people[row - 1]
    return Case(
        id=case_id,
        number=number,
        handover_id=handover_id,
        row=row,
        rows=len(submission.people),
        receiving_office_id=office_id,
        route=submission.route,
        home_province=person.home_province,
        age_band=age_band(person.birth_date, local_date(submission.handover_time)),
        handover_time=submission.handover_time,
        created_at=now,
        version=1,
        identification=Identification.IN_PROCESS,
        decisions=0,
        withdrawal=Withdrawal.NONE,
        phase=Phase.REGISTERED,
        accountable_office_id=office_id,
        segment=0,
        arrivals=0,
        followups_segment=0,
        transfer_id=None,
        addressee_office_id="",
        earlier_case_id=earlier_case_id,
    )


def corrected(case: Case, home_province: str, band: AgeBand) -> Case:
    """After a correction; raises CustodyHasPassed, CaseIsWithdrawn."""
    case.require_still_with_registrar()
    return changed(replace(case, home_province=home_province, age_band=band))


def withdrawn(case: Case) -> Case:
    """After the registering office withdrew; raises what `Case.require_withdrawable` raises."""
    case.require_withdrawable()
    return changed(replace(case, withdrawal=Withdrawal.REQUESTED))


def withdrawal_refused(case: Case, accountable_office_id: str) -> Case:
    """After handover answered that custody had passed: the case is open as before."""
    if case.withdrawal is not Withdrawal.REQUESTED:
        return case
    office = accountable_office_id or case.accountable_office_id
    return changed(replace(case, withdrawal=Withdrawal.NONE, accountable_office_id=office))


# What the other services said. A projection believes: it never refuses an event. -----------------


def custody_changed(
    case: Case, segment: int, phase: Phase, office_id: str, cause: CustodyCause | None, today: date
) -> Case:
    """Handover said who is accountable from now on, and in which phase the case is.

    `cause` is None when this program does not know it.
    """
    if phase is Phase.ARRIVED and case.followups_segment >= segment:
        # Followup's answer came on its own stream before the question came on this one.
        phase = Phase.FOLLOW_UP
    moved = _settled_somewhere(case, phase, cause)
    return changed(
        replace(
            moved,
            segment=segment,
            phase=phase,
            accountable_office_id=office_id,
            withdrawal=_withdrawal_after(case, phase, cause),
            closed_on=(case.closed_on or today) if phase is Phase.CLOSED else None,
        )
    )


def _withdrawal_after(case: Case, phase: Phase, cause: CustodyCause | None) -> Withdrawal:
    if phase is Phase.WITHDRAWN:
        return Withdrawal.CONFIRMED
    return Withdrawal.NONE if cause is CustodyCause.REOPENED else case.withdrawal


def _settled_somewhere(case: Case, phase: Phase, cause: CustodyCause | None) -> Case:
    """Whether she arrived, and whether she is in a facility, after a change of custody."""
    if cause is CustodyCause.ARRIVAL_RETRACTED:
        # What was taken back may have been an admission: that had been no arrival.
        arrivals = case.arrivals if case.in_facility else max(0, case.arrivals - 1)
        return replace(case, arrivals=arrivals, in_facility=case.sent_from_facility, sent_from_facility=False)
    if phase in _AT_HOME and cause in _ARRIVING:
        return replace(case, arrivals=case.arrivals + 1, in_facility=False, sent_from_facility=case.in_facility)
    if phase in _IN_FACILITY:
        left = case.in_facility if cause in (CustodyCause.ADMITTED, CustodyCause.FOUND) else case.sent_from_facility
        return replace(case, in_facility=True, sent_from_facility=left)
    return case


def admitted(case: Case) -> Case:
    """A facility admitted her; who is accountable does not change by that."""
    return changed(replace(case, phase=Phase.ADMITTED, in_facility=True))


def discharged(case: Case) -> Case:
    """She left the facility, which stays accountable until the next office acknowledges."""
    return changed(replace(case, phase=Phase.DISCHARGED))


def dispatched(case: Case, transfer_id: UUID, to_office_id: str) -> Case:
    """The person left towards an office, which learns who comes as soon as it accepts."""
    return changed(
        replace(
            case,
            phase=Phase.IN_TRANSIT,
            transfer_id=transfer_id,
            addressee_office_id=to_office_id,
        )
    )


def accepted(case: Case, transfer_id: UUID) -> Case:
    """The addressed office accepted: it may see a preview while the person is on the way to it."""
    return changed(replace(case, accepted_transfer_id=transfer_id))


def acceptance_taken_back(case: Case, transfer_id: UUID) -> Case:
    """The addressed office does not expect her after all: it may see no preview any more."""
    if case.accepted_transfer_id != transfer_id:
        return case
    return changed(replace(case, accepted_transfer_id=None))


def on_the_way_again(case: Case, transfer_id: UUID, to_office_id: str) -> Case:
    """An answer was taken back: the transfer is under way as before. A search that is open goes on."""
    phase = case.phase if case.phase is Phase.SEARCH else Phase.IN_TRANSIT
    return changed(replace(case, phase=phase, transfer_id=transfer_id, addressee_office_id=to_office_id))


def transfer_ended(case: Case, transfer_id: UUID) -> Case:
    """A transfer was answered, recalled, redirected or superseded: its addressee may see nothing any more.

    A transfer that was only planned, or an older one, changes nothing.
    """
    if case.transfer_id != transfer_id:
        return case
    return changed(replace(case, transfer_id=None, addressee_office_id=""))


def transfer_rejected(case: Case, transfer_id: UUID) -> Case:
    """The addressed office rejected a transfer under way, or said that she did not arrive, also one called lost."""
    if case.transfer_id != transfer_id:
        return case
    return replace(transfer_ended(case, transfer_id), phase=Phase.REJECTED)


def transfer_recalled(case: Case, transfer_id: UUID) -> Case:
    """The sender recalled. The person is with him again; an open search stays open."""
    ended = transfer_ended(case, transfer_id)
    if ended is case or case.phase is not Phase.IN_TRANSIT:
        return ended
    return replace(ended, phase=_phase_where_she_is(case))


def _phase_where_she_is(case: Case) -> Phase:
    """The phase of somebody who is with the accountable office again."""
    if case.in_facility:
        return Phase.ADMITTED
    if case.arrivals == 0:
        return Phase.REGISTERED
    return Phase.FOLLOW_UP if case.followups_segment else Phase.ARRIVED


def claimed_found(case: Case, office_id: str) -> Case:
    """She is said to be with an office, which may look whether it is she."""
    return changed(replace(case, claimed_office_id=office_id))


def claim_settled(case: Case, office_id: str) -> Case:
    """That she is with an office was answered, taken back or overtaken: it may see nothing by that any more."""
    return changed(replace(case, claimed_office_id="")) if case.claimed_office_id == office_id else case


def search_opened(case: Case) -> Case:
    """The person is called lost. A transfer under way stays so: a late arrival is still taken."""
    return changed(replace(case, phase=Phase.SEARCH))


def search_ended(case: Case) -> Case:
    """The search ended with the person at the accountable office; other ends have an event of their own beside it."""
    if case.phase is not Phase.SEARCH:
        return case
    return changed(replace(case, phase=_phase_where_she_is(case)))


def search_mistaken(case: Case, phase: Phase | None) -> Case:
    """The search was opened because of another person: the case goes on in the phase that handover says."""
    if case.phase is not Phase.SEARCH:
        return case
    return changed(replace(case, phase=phase or _phase_where_she_is(case)))


def followups_scheduled(case: Case, segment: int) -> Case:
    """Followup watches the obligations of the arrival that began this custody segment."""
    watches = case.phase is Phase.ARRIVED and segment == case.segment
    return changed(
        replace(
            case,
            followups_segment=max(segment, case.followups_segment),
            phase=Phase.FOLLOW_UP if watches else case.phase,
        )
    )


def changed(case: Case) -> Case:
    """With a new version, as every change has it."""
    return replace(case, version=case.version + 1)
