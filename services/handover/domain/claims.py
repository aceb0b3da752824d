"""A person who is searched for is said to be with an office: that office is asked, and custody passes by its word.

Whoever answers for the search says so, a supervisor too, and moves nothing by it: the search and its deadline go on.
One claim stands at a time; another takes its place. It is settled by the answer, by whoever claimed, or by the end of
the search.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.chassis.kernel.roles import FacilityKind
from services.handover.domain import searches, steps, transfers
from services.handover.domain.case import CaseCustody, Decided
from services.handover.domain.checks import check_past
from services.handover.domain.claim import CLAIMS_MAX, ClaimState, FoundClaim
from services.handover.domain.errors import ClaimsExhausted, NoClaim
from services.handover.domain.events import PersonClaimedFound
from services.handover.domain.moment import Moment
from services.handover.domain.words import Cause


def claim(case: CaseCustody, office_id: str, since_on: date, at: Moment, *, by_office_id: str, subject: str) -> Decided:
    """She is said to be with another office since that day. The same again changes nothing.

    Raises CaseHasEnded, NoOpenSearch, ClaimsExhausted, InvalidInput (`on`).
    """
    steps.require_open(case)
    search = steps.require_search(case)
    _check_since(case, since_on, at)
    standing = search.claim
    if standing is not None and (standing.office_id, standing.since_on) == (office_id, since_on):
        return Decided(case)
    if len(search.claims) >= CLAIMS_MAX:
        raise ClaimsExhausted(limit=str(CLAIMS_MAX))
    replaced = steps.claim_settled(case, ClaimState.REPLACED, by_office_id, at)
    search = steps.require_search(replaced.case)
    new = FoundClaim(len(search.claims) + 1, office_id, since_on, by_office_id, subject, at.now)
    search = replace(search, claims=(*search.claims, new), version=search.version + 1)
    told = PersonClaimedFound(search, new, case.office_id)
    return Decided(steps.changed(replaced.case, search=search), (*replaced.events, told))


def confirm(
    case: CaseCustody,
    by_office_id: str,
    since_on: date | None,
    at: Moment,
    *,
    facility: FacilityKind | None = None,
) -> Decided:
    """The named office has her, at home or in a facility of that kind: it is accountable from now on.

    `since_on` None: as claimed. When a transfer is under way to it, she arrived, late; when it has become the
    accountable office meanwhile, she is back. The caller has checked that the claim names this office. Raises
    CaseHasEnded, NoOpenSearch, NoClaim, SamePersonOnBothSides, InvalidInput (`on`).
    """
    steps.require_open(case)
    standing = require_claim(case)
    since_on = since_on or standing.since_on
    transfers.require_another_person(standing.subject, at)
    if by_office_id == case.office_id:
        return searches.found(case, since_on, at)
    case = _named(case, standing, by_office_id)
    transfer = case.open_transfer
    if transfer is not None:
        transfers.require_another_person(transfer.dispatched_by, at)
    if transfer is not None and transfer.is_under_way and transfer.to_office_id == by_office_id:
        return transfers.acknowledge(case, by_office_id, since_on, at, facility=facility, field="on")
    _check_since(case, since_on, at)
    ended = steps.superseded(case, at)
    arrived = steps.arrive(ended.case, by_office_id, Cause.FOUND, since_on, at, facility)
    return Decided(arrived.case, (*ended.events, *arrived.events))


def deny(case: CaseCustody, by_office_id: str, at: Moment) -> Decided:
    """The named office does not have her: the search goes on. Raises CaseHasEnded, NoOpenSearch, NoClaim."""
    return _dropped(case, ClaimState.DENIED, by_office_id, at)


def withdraw(case: CaseCustody, by_office_id: str, at: Moment) -> Decided:
    """The claim is taken back. Raises CaseHasEnded, NoOpenSearch, NoClaim."""
    return _dropped(case, ClaimState.WITHDRAWN, by_office_id, at)


def require_claim(case: CaseCustody) -> FoundClaim:
    """The claim that stands; raises NoOpenSearch, NoClaim."""
    standing = steps.require_search(case).claim
    if standing is None:
        raise NoClaim
    return standing


def _dropped(case: CaseCustody, state: ClaimState, by_office_id: str, at: Moment) -> Decided:
    steps.require_open(case)
    require_claim(case)
    return steps.claim_settled(case, state, by_office_id, at)


def _named(case: CaseCustody, standing: FoundClaim, by_office_id: str) -> CaseCustody:
    """The claim by the name of the office that answers: its own, where it took over from the one that was named."""
    assert case.search is not None
    claims = (*case.search.claims[:-1], replace(standing, office_id=by_office_id))
    return replace(case, search=replace(case.search, claims=claims))


def _check_since(case: CaseCustody, since_on: date, at: Moment) -> None:
    left_on = case.open_transfer.departed_on if case.open_transfer is not None else None
    check_past("on", since_on, left_on or case.present_since_on, at)
