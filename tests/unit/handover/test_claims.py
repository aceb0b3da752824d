"""That somebody who is searched for is with an office: who says so moves nothing, who answers does."""

from __future__ import annotations

from datetime import date

import pytest

from services.chassis.kernel.errors import InvalidInput
from services.handover.domain import claims, closing, custody, searches, steps, transfers
from services.handover.domain.case import CaseCustody, Decided
from services.handover.domain.claim import CLAIMS_MAX, ClaimState
from services.handover.domain.closing import Ending
from services.handover.domain.errors import ClaimsExhausted, NoClaim, NoOpenSearch
from services.handover.domain.events import (
    CustodyChanged,
    FoundClaimSettled,
    PersonClaimedFound,
    SearchResolved,
    TransferAcknowledged,
)
from services.handover.domain.moment import Moment
from services.handover.domain.words import Cause, CloseReason, Phase, Resolution
from tests.unit.handover.cases import (
    ASSESSMENT,
    CENTRE,
    HOME,
    OTHER,
    POST,
    SEARCH_ID,
    SUPERVISOR,
    TRANSFER_ID,
    at,
    check_invariant,
    followed,
    lost,
    on,
    sent,
)

DAY = 13
SINCE = on(3)
OFFICER = "officer-1"


def claimed(case: CaseCustody, office_id: str = OTHER, since_on: date = SINCE, by: str = POST) -> Decided:
    """Somebody says that she is there."""
    return claims.claim(case, office_id, since_on, at(DAY), by_office_id=by, subject=OFFICER)


def confirmed(case: CaseCustody, office_id: str = OTHER, moment: Moment | None = None) -> Decided:
    """And she is."""
    facility = ASSESSMENT if office_id == CENTRE else None
    return claims.confirm(case, office_id, None, moment or at(DAY), facility=facility)


def names(outcome: Decided) -> list[str]:
    """The names of what is told."""
    return [type(one).__name__ for one in outcome.events]


@pytest.mark.parametrize("by", [POST, SUPERVISOR])
@pytest.mark.parametrize("office_id", [HOME, OTHER, CENTRE])
def test_who_says_so_moves_nothing(office_id: str, by: str) -> None:
    before = lost()
    outcome = claimed(before, office_id, by=by)
    after = outcome.case
    (told,) = outcome.events
    assert isinstance(told, PersonClaimedFound)
    assert (told.claim.office_id, told.claim.since_on, told.claim.claimed_by_id) == (office_id, on(3), by)
    assert (after.office_id, after.phase, after.watch, after.segment) == (
        before.office_id,
        Phase.SEARCH,
        before.watch,
        before.segment,
    )
    assert after.transfer == before.transfer, "the journey stands"
    check_invariant(after)


def test_the_same_again_changes_nothing_and_another_takes_its_place() -> None:
    once = claimed(lost()).case
    assert claimed(once).case is once
    outcome = claimed(once, CENTRE)
    assert names(outcome) == ["FoundClaimSettled", "PersonClaimedFound"]
    assert outcome.case.search is not None
    assert [one.state for one in outcome.case.search.claims] == [ClaimState.REPLACED, ClaimState.STANDING]
    assert outcome.case.search.claim == outcome.case.search.claims[-1]


def test_claims_come_to_an_end() -> None:
    case = lost()
    for number in range(CLAIMS_MAX):
        case = claimed(case, HOME if number % 2 else OTHER).case
    with pytest.raises(ClaimsExhausted):
        claimed(case, CENTRE)


@pytest.mark.parametrize(("day", "code"), [(-1, "TOO_EARLY"), (DAY + 1, "IN_THE_FUTURE")])
def test_days_since_which_she_can_be_there(day: int, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        claimed(lost(), OTHER, on(day))
    assert [(one.field, one.code) for one in refused.value.violations] == [("on", code)]
    with pytest.raises(InvalidInput) as refused:
        claims.confirm(claimed(lost()).case, OTHER, on(day), at(DAY))
    assert [(one.field, one.code) for one in refused.value.violations] == [("on", code)]


def test_who_is_not_searched_for_is_not_said_to_be_anywhere() -> None:
    for case in (sent(), followed()):
        with pytest.raises(NoOpenSearch):
            claimed(case)
    for answer in (claims.deny, claims.withdraw):
        with pytest.raises(NoClaim):
            answer(lost(), OTHER, at(DAY))
    with pytest.raises(NoClaim):
        confirmed(lost())


def test_confirmed_custody_passes_to_the_office_that_says_so() -> None:
    outcome = confirmed(claimed(lost()).case)
    assert names(outcome) == ["TransferSuperseded", "CustodyChanged", "SearchResolved", "FoundClaimSettled"]
    (changed,) = [one for one in outcome.events if isinstance(one, CustodyChanged)]
    assert (changed.cause, changed.office_id, changed.arrival_on) == (Cause.FOUND, OTHER, on(3))
    assert (outcome.case.phase, outcome.case.office_id) == (Phase.ARRIVED, OTHER)
    settled = outcome.events[-1]
    assert isinstance(settled, FoundClaimSettled)
    assert (settled.claim.state, settled.claim.settled_by_id) == (ClaimState.CONFIRMED, OTHER)
    check_invariant(outcome.case)


def test_confirmed_by_a_facility_she_is_admitted() -> None:
    outcome = confirmed(claimed(lost(), CENTRE).case, CENTRE)
    (changed,) = [one for one in outcome.events if isinstance(one, CustodyChanged)]
    assert (changed.cause, changed.phase, changed.arrival_on) == (Cause.FOUND, Phase.ADMITTED, None)
    check_invariant(outcome.case)


def test_confirmed_by_the_addressed_office_she_arrived_late() -> None:
    outcome = confirmed(claimed(lost(), HOME).case, HOME)
    assert names(outcome) == ["TransferAcknowledged", "CustodyChanged", "SearchResolved", "FoundClaimSettled"]
    assert (outcome.case.phase, outcome.case.office_id) == (Phase.ARRIVED, HOME)


def test_the_addressed_office_simply_acknowledges_whatever_is_claimed() -> None:
    for office_id, state in ((HOME, ClaimState.CONFIRMED), (OTHER, ClaimState.OVERTAKEN)):
        outcome = transfers.acknowledge(claimed(lost(), office_id).case, HOME, None, at(DAY))
        (acknowledged,) = [one for one in outcome.events if isinstance(one, TransferAcknowledged)]
        assert acknowledged.transfer.to_office_id == HOME
        (settled,) = [one for one in outcome.events if isinstance(one, FoundClaimSettled)]
        assert settled.claim.state is state


def test_who_took_over_from_the_named_office_answers_by_its_own_name() -> None:
    outcome = confirmed(claimed(lost()).case, "SA-HEIR")
    assert outcome.case.office_id == "SA-HEIR"
    settled = outcome.events[-1]
    assert isinstance(settled, FoundClaimSettled)
    assert (settled.claim.office_id, settled.claim.state) == ("SA-HEIR", ClaimState.CONFIRMED)


def test_the_accountable_office_that_is_said_to_have_her_has_her() -> None:
    # Both have become one office since.
    case = custody.succeeded(claimed(lost(), OTHER).case, POST, OTHER, at(DAY)).case
    outcome = confirmed(case)
    (resolved,) = [one for one in outcome.events if isinstance(one, SearchResolved)]
    assert resolved.resolution is Resolution.FOUND
    assert (outcome.case.office_id, outcome.case.segment) == (OTHER, case.segment)
    check_invariant(outcome.case)


@pytest.mark.parametrize(("drop", "state"), [(claims.deny, ClaimState.DENIED), (claims.withdraw, ClaimState.WITHDRAWN)])
def test_a_claim_that_drops_leaves_the_search(drop: object, state: ClaimState) -> None:
    before = claimed(lost()).case
    outcome = drop(before, OTHER, at(DAY))  # type: ignore[operator]
    (settled,) = outcome.events
    assert settled.claim.state is state
    after = outcome.case
    assert (after.phase, after.office_id, after.watch) == (Phase.SEARCH, POST, before.watch)
    assert after.search is not None
    assert after.search.claim is None
    assert claimed(after).case.search is not None, "and may be said again"
    check_invariant(after)


def test_whatever_ends_the_search_settles_the_claim() -> None:
    case = claimed(lost()).case
    ends = (
        searches.found(case, on(12), at(DAY)),
        searches.returned(case, at(DAY)),
        searches.redirected(case, TRANSFER_ID, CENTRE, on(15), at(DAY)),
        closing.give_up(case, Ending(CloseReason.DIED, POST), at(DAY)),
        steps.goes_on_as(case, SEARCH_ID, POST, at(DAY)),
    )
    for outcome in ends:
        (resolved,) = [one for one in outcome.events if isinstance(one, SearchResolved)]
        assert [one.state for one in resolved.search.claims] == [ClaimState.OVERTAKEN]
        assert names(outcome).count("FoundClaimSettled") == 1
        check_invariant(outcome.case)
