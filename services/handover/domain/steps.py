"""The steps of which verbs are made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID

from services.chassis.kernel.deadlines import DueDate
from services.chassis.kernel.roles import FacilityKind
from services.handover.domain.case import ArrivalDay, CaseCustody, Decided, Segment
from services.handover.domain.claim import ClaimState, with_last
from services.handover.domain.closed import Closing
from services.handover.domain.errors import CaseHasEnded, NoOpenSearch, NoOpenTransfer
from services.handover.domain.events import (
    CustodyChanged,
    Event,
    FoundClaimSettled,
    PersonAdmitted,
    SearchResolved,
    TransferRecalled,
    TransferSuperseded,
)
from services.handover.domain.moment import Moment, Watch
from services.handover.domain.search import Search
from services.handover.domain.stay import Stay
from services.handover.domain.transfer import Transfer
from services.handover.domain.words import (
    STAY_RULES,
    Cause,
    CloseReason,
    Phase,
    ReassignReason,
    Resolution,
    RuleCode,
    TransferState,
)

# What verbs require.


def require_open(case: CaseCustody) -> None:
    """Raise CaseHasEnded for a case that is closed or withdrawn."""
    if not case.is_open:
        raise CaseHasEnded


def require_transfer(case: CaseCustody) -> Transfer:
    """The open transfer; raises NoOpenTransfer."""
    if case.open_transfer is None:
        raise NoOpenTransfer
    return case.open_transfer


def require_search(case: CaseCustody) -> Search:
    """The open search; raises NoOpenSearch."""
    if case.search is None:
        raise NoOpenSearch
    return case.search


# Steps that verbs are made of.


def changed(case: CaseCustody, **changes: object) -> CaseCustody:
    """With changes, as a new version."""
    return replace(case, version=case.version + 1, **changes)  # type: ignore[arg-type]


def decided(case: CaseCustody, *events: Event, **changes: object) -> Decided:
    """Changed, and what is told of it."""
    return Decided(changed(case, **changes), events)


def moved(case: CaseCustody, phase: Phase, watch: Watch | None, **changes: object) -> CaseCustody:
    """In another phase with another deadline; what was missed before is made good."""
    return changed(case, phase=phase, watch=watch, missed=None, **changes)


def watch_for(case: CaseCustody, due: DueDate, reference_id: UUID | None = None) -> Watch:
    """A deadline of handover; primary unless followup watches."""
    return Watch(due, is_primary=not case.followup_watches, reference_id=reference_id)


# The transfer.


def transfer_now(case: CaseCustody, **changes: object) -> Transfer:
    """The latest transfer with changes, as a new version."""
    assert case.transfer is not None
    return replace(case.transfer, version=case.transfer.version + 1, **changes)  # type: ignore[arg-type]


def transfer_ended(case: CaseCustody, state: TransferState, at: Moment, **changes: object) -> Transfer:
    """The open transfer as it ends now."""
    late = require_transfer(case).is_overdue(at.today)
    return transfer_now(case, state=state, ended_at=at.now, late=late, **changes)


def superseded(case: CaseCustody, at: Moment, by_id: UUID | None = None) -> Decided:
    """Without an open transfer: another takes its place, or the person turned up elsewhere."""
    if case.open_transfer is None:
        return Decided(case)
    ended = transfer_ended(case, TransferState.SUPERSEDED, at)
    return decided(case, TransferSuperseded(ended, by_id), transfer=ended)


def recalled(case: CaseCustody, at: Moment, closed_because: CloseReason | None = None) -> Decided:
    """Without an open transfer: the sender has the person, or the case ends."""
    if case.open_transfer is None:
        return Decided(case)
    ended = transfer_ended(case, TransferState.RECALLED, at)
    return decided(case, TransferRecalled(ended, closed_because), transfer=ended)


def receiver(transfer: Transfer, by_office_id: str) -> str:
    """Who received her: the office that says so. One that has become sender and addressee received for the latter."""
    return transfer.to_office_id if by_office_id == transfer.from_office_id else by_office_id


# Where the person is.


def left_facility(case: CaseCustody, departed_on: date) -> CaseCustody:
    """The case of a person who left on that day: a stay has ended with it at the latest."""
    if case.stay is None or case.stay.discharged_on is not None:
        return case
    return with_stay(case, replace(case.stay, discharged_on=max(departed_on, case.stay.admitted_on)))


def settled(case: CaseCustody, at: Moment) -> CaseCustody:
    """The case of a person who is with the accountable office again."""
    if case.stay is not None:
        again = replace(case.stay, discharged_on=None, destination=None, province=None)
        case = with_stay(case, again)
        return moved(case, Phase.ADMITTED, stay_watch(case, again, at))
    if not case.arrivals:
        due = at.due(RuleCode.DISPATCH_DUE, at.today)
        return moved(case, Phase.REGISTERED, watch_for(case, due))
    if case.followup_watches:
        return moved(case, Phase.FOLLOW_UP, None)
    return moved(case, Phase.ARRIVED, watch_for(case, at.due(RuleCode.OBLIGATIONS_CONFIRM, at.now)))


def arrive(
    case: CaseCustody,
    office_id: str,
    cause: Cause,
    arrived_on: date,
    at: Moment,
    facility: FacilityKind | None = None,
    *,
    reassigned_for: ReassignReason | None = None,
) -> Decided:
    """The person is with that office now: at home, or in a facility of that kind."""
    found = resolved(case, Resolution.FOUND, office_id, at)
    number = case.segment.number + 1
    arrived = replace(
        found.case,
        arrivals=(*case.arrivals, number),
        days=(*case.days, _day(case, number, office_id, cause, arrived_on, at)),
        visited=False,
        visited_on=None,
        present_since_on=arrived_on,
    )
    if facility is None:
        # Primary although followup may watch an earlier arrival: that it took in this one is
        # what is waited for, and only its answer says so.
        watch = Watch(at.due(RuleCode.OBLIGATIONS_CONFIRM, at.now), is_primary=True)
        passed = pass_custody(moved(arrived, Phase.ARRIVED, watch), office_id, cause, at, arrived_on, reassigned_for)
        return Decided(passed.case, (*passed.events, *found.events))
    stay = Stay(number, facility, arrived_on, at.due(STAY_RULES[facility], arrived_on))
    staying = replace(arrived, stays=(*arrived.stays, stay))
    admitted = moved(staying, Phase.ADMITTED, stay_watch(staying, stay, at))
    cause = Cause.ADMITTED if cause is Cause.ARRIVED else cause
    passed = pass_custody(admitted, office_id, cause, at, reassigned_for=reassigned_for)
    told = PersonAdmitted(office_id, arrived_on, stay.due.due_on)
    return Decided(passed.case, (*passed.events, told, *found.events))


OWN_WORD: Final = frozenset({Cause.HOME_RECORDED, Cause.REASSIGNED})
"""Arrivals that no other office says: the accountable one, or a supervisor. So is an admission where she was before."""


def _day(case: CaseCustody, number: int, office_id: str, cause: Cause, arrived_on: date, at: Moment) -> ArrivalDay:
    own_word = cause in OWN_WORD or (cause is Cause.ADMITTED and office_id == case.office_id)
    return ArrivalDay(number, arrived_on, min(_left_on(case, at), arrived_on), at.now, own_word)


def _left_on(case: CaseCustody, at: Moment) -> date:
    """The earliest day on which she can have arrived who arrives now."""
    transfer = case.transfer
    if transfer is not None and transfer.acknowledged_at == at.now and transfer.departed_on is not None:
        return transfer.departed_on
    return case.present_since_on


def with_stay(case: CaseCustody, stay: Stay) -> CaseCustody:
    """The stay as it stands now."""
    return replace(case, stays=(*case.stays[:-1], stay))


def stay_watch(case: CaseCustody, stay: Stay, at: Moment) -> Watch:
    """The limit of a stay, to be warned of first; once it was told to have passed, its escalation."""
    if stay.told_over:
        return watch_for(case, at.next_due(RuleCode.FACILITY_STAY_ESCALATE, _over_since(stay)))
    return replace(watch_for(case, stay.due), fire_at=None if stay.warned else stay.warn_at)


def _over_since(stay: Stay) -> DueDate:
    return replace(stay.due, rule_code=RuleCode.FACILITY_STAY_ESCALATE.value)


def pass_custody(
    case: CaseCustody,
    office_id: str,
    cause: Cause,
    at: Moment,
    arrival_on: date | None = None,
    reassigned_for: ReassignReason | None = None,
) -> Decided:
    """Begin a segment. It is told with the phase as it stands: move first."""
    segment = Segment(case.segment.number + 1, office_id, cause, at.now, reassigned_for)
    told = CustodyChanged(
        segment=segment.number,
        phase=case.phase,
        office_id=office_id,
        previous_office_id=case.office_id,
        cause=cause,
        arrival_on=arrival_on,
        changed_at=at.now,
        age_band=case.person.age_band,
    )
    return Decided(replace(case, segment=segment), (told,))


# The search, and the end.


def resolved(
    case: CaseCustody,
    resolution: Resolution,
    office_id: str,
    at: Moment,
    *,
    other_case_id: UUID | None = None,
    close_reason: CloseReason | None = None,
) -> Decided:
    """Without the open search, if there was one."""
    if case.search is None:
        return Decided(case)
    settled = claim_settled(case, _settled_by(case.search, resolution, office_id), office_id, at)
    assert settled.case.search is not None
    ended = replace(
        settled.case.search,
        resolution=resolution,
        resolved_at=at.now,
        other_case_id=other_case_id or case.search.other_case_id,
        close_reason=close_reason,
        version=case.search.version + 1,
    )
    return Decided(replace(case, search=None), (SearchResolved(ended, resolution, office_id), *settled.events))


def claim_settled(case: CaseCustody, state: ClaimState, by_office_id: str, at: Moment) -> Decided:
    """Without a claim that stands, if there was one; the search goes on."""
    search = case.search
    if search is None or search.claim is None:
        return Decided(case)
    claim = search.claim.settled(state, by_office_id, at.now)
    after = replace(search, claims=with_last(search.claims, claim), version=search.version + 1)
    return decided(case, FoundClaimSettled(after, claim, case.office_id), search=after)


def _settled_by(search: Search, resolution: Resolution, office_id: str) -> ClaimState:
    is_there = search.claim is not None and search.claim.office_id == office_id
    return ClaimState.CONFIRMED if is_there and resolution is Resolution.FOUND else ClaimState.OVERTAKEN


def closing_of(case: CaseCustody, cause: Cause, by_office_id: str, at: Moment) -> Closing:
    """How this case ends now, with what ends with it; the reasons are still to be said."""
    transfer = case.open_transfer
    return Closing(
        segment=case.segment.number,
        cause=cause,
        at=at.now,
        office_id=by_office_id,
        before=case.phase,
        transfer_id=transfer.id if transfer is not None else None,
        addressed_id=transfer.to_office_id if transfer is not None else "",
        lost=case.search.reason if case.search is not None else None,
    )


def end(case: CaseCustody, closing: Closing, at: Moment, *, told_before: bool = False) -> Decided:
    """Recall what is open, end the search, and the case. `told_before`: another service told who ended it, and why."""
    back = recalled(case, at, closing.reason)
    without = resolved(back.case, Resolution.CLOSED, case.office_id, at, close_reason=closing.reason)
    over = ended(without.case, closing, at, told_before=told_before)
    return Decided(over.case, (*back.events, *without.events, *over.events))


def ended(case: CaseCustody, closing: Closing, at: Moment, *, told_before: bool = False) -> Decided:
    """The case as it ends, closed or withdrawn: nothing is watched any more."""
    phase = Phase.WITHDRAWN if closing.cause is Cause.WITHDRAWN else Phase.CLOSED
    told = CustodyChanged(
        segment=case.segment.number,
        phase=phase,
        office_id=case.office_id,
        previous_office_id=case.office_id,
        cause=closing.cause,
        arrival_on=None,
        changed_at=at.now,
        closing=None if told_before else closing,
    )
    return Decided(moved(replace(case, followup_watches=False), phase, None, closing=closing), (told,))


def goes_on_as(case: CaseCustody, other_case_id: UUID, by_office_id: str, at: Moment) -> Decided:
    """The case ends, and the person goes on under the other one."""
    without = superseded(case, at)
    found = resolved(without.case, Resolution.RE_IDENTIFIED, case.office_id, at, other_case_id=other_case_id)
    closing = replace(closing_of(case, Cause.RE_IDENTIFIED, by_office_id, at), other_case_id=other_case_id)
    over = ended(found.case, closing, at)
    return Decided(over.case, (*without.events, *found.events, *over.events))
