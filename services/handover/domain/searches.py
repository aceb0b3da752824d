"""Somebody is lost: how a search begins, goes on, and puts custody right when it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from services.chassis.kernel.clock import local_date
from services.chassis.kernel.record import TRAVEL_DAYS_MAX
from services.handover.domain import steps, transfers
from services.handover.domain.case import CaseCustody, Decided
from services.handover.domain.checks import check_days, check_past
from services.handover.domain.errors import SearchStepsExhausted
from services.handover.domain.events import PersonLost
from services.handover.domain.moment import Moment
from services.handover.domain.search import MAX_STEPS, Departure, Search, Step
from services.handover.domain.words import (
    BY_ENTRIES,
    LostReason,
    Phase,
    Resolution,
    RuleCode,
    StepKind,
)

# How a search begins, besides by a deadline that passed.


def lose(
    case: CaseCustody,
    reason: LostReason,
    search_id: UUID,
    at: Moment,
    *,
    other_case_id: UUID | None = None,
    departure: Departure | None = None,
) -> Decided:
    """Open a search; the accountable office stays accountable. `departure`: she left on her own.

    One that is open stays, and for its own reason; but who was handed over again at a border is
    searched for because of that. Ended cases are not searched for.
    """
    if not case.is_open:
        return Decided(case)
    if case.search is not None:
        return _lost_again(case, case.search, reason, other_case_id)
    search = Search(search_id, reason, opened_at=at.now, other_case_id=other_case_id, departure=departure)
    watch = steps.watch_for(case, at.due(RuleCode.SEARCH_ESCALATE, at.today), search_id)
    case = steps.moved(case, Phase.SEARCH, watch, search=search)
    return Decided(case, (PersonLost(search, case.addressee_id, case.office_id, late=False),))


def _lost_again(case: CaseCustody, search: Search, reason: LostReason, other_case_id: UUID | None) -> Decided:
    linked = replace(search, other_case_id=search.other_case_id or other_case_id)
    if reason is not LostReason.REAPPEARED or search.reason is LostReason.REAPPEARED:
        return Decided(case) if linked == search else steps.decided(case, search=linked)
    other = other_case_id or search.other_case_id
    worse = replace(search, reason=reason, other_case_id=other, version=search.version + 1)
    told = PersonLost(worse, case.addressee_id, case.office_id, late=False)
    return steps.decided(case, told, search=worse)


def not_at_address(case: CaseCustody, search_id: UUID, at: Moment) -> Decided:
    """Nobody was found at the address. Who is on the way is not expected there."""
    return Decided(case) if case.is_under_way else lose(case, LostReason.NOT_AT_ADDRESS, search_id, at)


def left_province(case: CaseCustody, search_id: UUID, at: Moment) -> Decided:
    """The person moved to another province. With a transfer open it is known where to."""
    if case.open_transfer is not None:
        return Decided(case)
    return lose(case, LostReason.LEFT_PROVINCE, search_id, at)


# How it goes on.


def record_step(
    case: CaseCustody, kind: StepKind, office_id: str, taken_on: date | None, at: Moment, *, successful: bool
) -> Decided:
    """Record what an office did to find the person. `taken_on` None: today.

    Raises CaseHasEnded, NoOpenSearch, SearchStepsExhausted, InvalidInput (date).
    """
    steps.require_open(case)
    search = steps.require_search(case)
    if len(search.steps) >= MAX_STEPS:
        raise SearchStepsExhausted(limit=str(MAX_STEPS))
    taken_on = taken_on or at.today
    check_past("taken_on", taken_on, local_date(search.opened_at), at)
    step = Step(len(search.steps) + 1, kind, office_id, taken_on, successful)
    return steps.decided(case, search=replace(search, steps=(*search.steps, step), version=search.version + 1))


# How it ends. Each puts custody right, and raises CaseHasEnded and NoOpenSearch.


def found(case: CaseCustody, since_on: date, at: Moment) -> Decided:
    """The person is with the accountable office since that day: as if she had come back.

    That she is with another office is a claim, which that office answers (`claims`). Raises InvalidInput (`on`).
    """
    steps.require_open(case)
    steps.require_search(case)
    check_past("on", since_on, case.present_since_on, at)
    return _back(case, Resolution.FOUND, at)


def redirected(case: CaseCustody, transfer_id: UUID, to_office_id: str, expected_on: date, at: Moment) -> Decided:
    """The person is on the way to that office, and expected on that day.

    Raises AddresseeIsSender, InvalidInput (`on`).
    """
    steps.require_open(case)
    steps.require_search(case)
    check_days("on", expected_on, at.today, at.today + timedelta(days=TRAVEL_DAYS_MAX))
    if case.is_under_way:
        return transfers.redirect(case, transfer_id, to_office_id, expected_on, at)
    ended = steps.superseded(case, at, by_id=transfer_id)
    sent = transfers.dispatch(ended.case, transfer_id, to_office_id, None, expected_on, at)
    return Decided(sent.case, (*ended.events, *sent.events))


def returned(case: CaseCustody, at: Moment) -> Decided:
    """The person is with the accountable office."""
    steps.require_open(case)
    steps.require_search(case)
    return _back(case, Resolution.RETURNED_TO_SENDER, at)


def ended_by_entry(case: CaseCustody, resolution: Resolution, at: Moment) -> Decided:
    """What is on record at home says that she is there, or that she never was gone: a search that it opened ends.

    Any other search goes on, and so does one for somebody who is on the way by now.
    """
    search = case.search
    if not case.is_open or search is None or search.reason not in BY_ENTRIES or case.is_under_way:
        return Decided(case)
    resolved = steps.resolved(case, resolution, case.office_id, at)
    return Decided(steps.settled(resolved.case, at), resolved.events)


def _back(case: CaseCustody, resolution: Resolution, at: Moment) -> Decided:
    recalled = steps.recalled(case, at)
    resolved = steps.resolved(recalled.case, resolution, case.office_id, at)
    return Decided(steps.settled(resolved.case, at), (*recalled.events, *resolved.events))
