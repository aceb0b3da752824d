"""A later registration is said to be of her: nothing changes by that; what its decision does, and how it is undone."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest

from services.handover.domain import claims, custody, deadlines, news, returns, searches, transfers
from services.handover.domain.case import CaseCustody
from services.handover.domain.closing import Heirs
from services.handover.domain.errors import CannotLookAfter, LaterCaseEnded, LaterCaseOnTheWay, NothingToUndo
from services.handover.domain.events import (
    CustodyChanged,
    EarlierReturnDecided,
    PersonLost,
    ReappearanceClaimed,
    ReappearanceDecided,
    SearchResolved,
)
from services.handover.domain.reappearance import LinkState, Match, Reappearance
from services.handover.domain.returns import Holders, LaterOffice, Linked
from services.handover.domain.words import Cause, LostReason, Phase, Resolution, TransferState
from tests.unit.handover.cases import (
    ASSESSMENT,
    CASE_ID,
    CENTRE,
    HOME,
    IN_PHASE,
    OTHER,
    PERSON,
    POST,
    SEARCH_ID,
    at,
    check_invariant,
    closed,
    discharged,
    followed,
    lost,
    on,
    passed,
    registered,
    rejected,
    sent,
)

LATER_ID = uuid.UUID(int=77)
NEXT_ID = uuid.UUID(int=9)
FAR = LaterOffice(can_receive=True, is_near=False)
OPEN = tuple(phase for phase in Phase if phase not in (Phase.CLOSED, Phase.WITHDRAWN))


def later(office_id: str = OTHER, day: int = 4) -> CaseCustody:
    """As the other office registered her."""
    return custody.register(
        LATER_ID, "HW-2", office_id, PERSON, received_on=on(day), registered_on=on(day), at=at(day)
    ).case


def link(*, at_border: bool = True, match: Match = Match.LIKELY) -> Reappearance:
    """As it is told."""
    return Reappearance(LATER_ID, 1, CASE_ID, match, at_border, OTHER, at(4).now)


def said(case: CaseCustody, one: Reappearance | None = None, *, elsewhere: bool = True) -> Linked:
    """Whoever answers for her is told."""
    told, outcome = returns.claimed(one or link(), case, "HW-2", SEARCH_ID, at(4), elsewhere=elsewhere)
    return Linked(told, outcome, outcome)


def confirmed(
    one: Reappearance, case: CaseCustody, other: CaseCustody | None = None, office: LaterOffice = FAR
) -> Linked:
    """It is she."""
    return returns.confirmed(one, case, other or later(), office, at(5), by_office_id=HOME, subject="x")


def held(earlier: str, later_: str = OTHER, *, addressed: str = HOME, supervised: bool = False) -> Holders:
    """Who holds the duties of today; `supervised`: supervisors only."""
    has_people = not supervised
    return Holders(Heirs(earlier, has_people, addressed), Heirs(later_, has_people), (SEARCH_ID, NEXT_ID))


def names(events: tuple[object, ...]) -> list[str]:
    """The names of what is told."""
    return [type(one).__name__ for one in events]


# Said -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", OPEN)
@pytest.mark.parametrize(
    "one",
    [
        link(match=Match.UNLIKELY),
        link(match=Match.UNKNOWN),
        link(at_border=False, match=Match.UNKNOWN),
        link(at_border=False, match=Match.UNLIKELY),
    ],
)
def test_said_alone_it_changes_nothing(phase: Phase, one: Reappearance) -> None:
    case = IN_PHASE[phase]()
    outcome = said(case, one)
    assert outcome.earlier.case is case
    (told,) = outcome.earlier.events
    assert isinstance(told, ReappearanceClaimed)
    assert (told.office_id, told.ended, told.later_number) == (case.office_id, False, "HW-2")
    assert outcome.link.announced
    assert outcome.link.search_id is None


@pytest.mark.parametrize("phase", OPEN)
def test_likely_at_a_border_a_search_begins_beside_what_runs(phase: Phase) -> None:
    case = IN_PHASE[phase]()
    outcome = said(case)
    after = outcome.earlier.case
    assert after.phase is Phase.SEARCH
    assert after.search is not None
    assert (after.search.reason, after.search.other_case_id) == (LostReason.REAPPEARED, LATER_ID)
    assert (after.transfer, after.office_id, after.stays) == (case.transfer, case.office_id, case.stays)
    check_invariant(after)


def test_the_addressed_office_still_acknowledges() -> None:
    case = said(sent()).earlier.case
    arrived = transfers.acknowledge(case, HOME, None, at(5)).case
    assert (arrived.phase, arrived.office_id) == (Phase.ARRIVED, HOME)


def test_in_the_same_province_without_a_border_nobody_is_searched_for() -> None:
    assert said(sent(), link(at_border=False), elsewhere=False).earlier.case.search is None
    found = said(sent(), link(at_border=False), elsewhere=True).earlier.case.search
    assert found is not None
    assert found.reason is LostReason.ARRIVED_ELSEWHERE


@pytest.mark.parametrize("phase", [Phase.CLOSED, Phase.WITHDRAWN])
def test_an_earlier_case_that_ended_is_told_too(phase: Phase) -> None:
    case = IN_PHASE[phase]()
    outcome = said(case)
    (told,) = outcome.earlier.events
    assert isinstance(told, ReappearanceClaimed)
    assert told.ended
    assert outcome.earlier.case is case


# It was another person ------------------------------------------------------------------------


STOOD: dict[str, Callable[[], CaseCustody]] = {
    "registered": registered,
    "on the way": sent,
    "acknowledgement overdue": lambda: passed(sent(), at(5)).case,
    "rejected": rejected,
    "discharged": discharged,
    "followed": followed,
    "reminded once": lambda: passed(registered(), at(11)).case,
}


@pytest.mark.parametrize("state", [LinkState.DENIED, LinkState.WITHDRAWN])
@pytest.mark.parametrize("name", STOOD)
def test_what_stood_goes_on_as_it_stood(name: str, state: LinkState) -> None:
    before = STOOD[name]()
    claim = said(before)
    outcome = returns.dropped(claim.link, claim.earlier.case, later(), at(6), state, by_office_id=HOME, subject="x")
    after = outcome.earlier.case
    assert (after.phase, after.watch, after.missed) == (before.phase, before.watch, before.missed)
    assert (after.transfer, after.stays, after.office_id) == (before.transfer, before.stays, before.office_id)
    (resolved,) = [one for one in outcome.earlier.events if isinstance(one, SearchResolved)]
    assert (resolved.resolution, resolved.phase) == (Resolution.MISTAKEN, before.phase)
    (decided,) = [one for one in outcome.earlier.events if isinstance(one, ReappearanceDecided)]
    assert decided.link.state is state
    assert names(outcome.later.events) == (["EarlierReturnDecided"] if state is LinkState.DENIED else [])
    check_invariant(after)


@pytest.mark.parametrize("phase", [Phase.ADMITTED, Phase.ARRIVED, Phase.FOLLOW_UP])
def test_who_was_somewhere_is_there(phase: Phase) -> None:
    claim = said(IN_PHASE[phase]())
    outcome = returns.dropped(claim.link, claim.earlier.case, later(), at(6), LinkState.WITHDRAWN)
    assert outcome.earlier.case.phase is phase
    check_invariant(outcome.earlier.case)


def test_who_was_searched_for_before_still_is_and_for_that_reason() -> None:
    claim = said(lost())
    assert claim.link.former_reason is LostReason.NOT_ACKNOWLEDGED
    outcome = returns.dropped(claim.link, claim.earlier.case, later(), at(6), LinkState.DENIED)
    search = outcome.earlier.case.search
    assert search is not None
    assert (search.reason, search.other_case_id) == (LostReason.NOT_ACKNOWLEDGED, None)
    assert [type(one) for one in outcome.earlier.events][:1] == [PersonLost]
    check_invariant(outcome.earlier.case)


def test_what_happened_meanwhile_counts() -> None:
    claim = said(sent())
    missed = transfers.report_not_arrived(claim.earlier.case, at(5)).case
    outcome = returns.dropped(claim.link, missed, later(), at(6), LinkState.DENIED)
    assert outcome.earlier.case.phase is Phase.REJECTED
    check_invariant(outcome.earlier.case)
    recalled = transfers.recall(claim.earlier.case, at(5)).case
    outcome = returns.dropped(claim.link, recalled, later(), at(6), LinkState.DENIED)
    assert outcome.earlier.case.phase is Phase.REGISTERED
    arrived = transfers.acknowledge(claim.earlier.case, HOME, None, at(5)).case
    outcome = returns.dropped(claim.link, arrived, later(), at(6), LinkState.DENIED)
    assert outcome.earlier.case is arrived


def test_a_deadline_that_passed_during_the_search_fires_at_the_next_look() -> None:
    claim = said(sent())
    outcome = returns.dropped(claim.link, claim.earlier.case, later(), at(30), LinkState.DENIED)
    watch = outcome.earlier.case.watch
    assert watch is not None
    assert watch.fires_at <= at(30).now
    fired = deadlines.deadline_passed(outcome.earlier.case, NEXT_ID, at(30), late=True)
    assert fired.case.phase is Phase.IN_TRANSIT


# It is she: a new return ----------------------------------------------------------------------


@pytest.mark.parametrize("phase", OPEN)
def test_registered_again_at_a_border_she_goes_on_under_the_new_case(phase: Phase) -> None:
    outcome = confirmed(link(), IN_PHASE[phase]())
    assert outcome.earlier.case.phase is Phase.CLOSED
    (changed,) = [one for one in outcome.earlier.events if isinstance(one, CustodyChanged)]
    assert changed.cause is Cause.RE_IDENTIFIED
    assert names(outcome.later.events) == ["EarlierReturnDecided"]
    assert outcome.later.case == later()
    assert outcome.link.state is LinkState.CONFIRMED
    check_invariant(outcome.earlier.case)


def test_nobody_goes_on_under_a_case_that_ended() -> None:
    ended = news.withdraw(later(POST), None, at(5)).case
    with pytest.raises(LaterCaseEnded):
        confirmed(link(), followed(), ended)


def test_an_earlier_case_that_ended_stays_so_and_is_linked() -> None:
    outcome = confirmed(link(), closed())
    assert outcome.earlier.case == closed()
    assert outcome.link.state is LinkState.CONFIRMED


# It is she: the same return -------------------------------------------------------------------


def test_who_moved_by_herself_goes_on_there_with_what_is_due() -> None:
    outcome = confirmed(link(at_border=False), followed())
    one, other = outcome.earlier.case, outcome.later.case
    assert (one.phase, one.office_id, one.followup_watches) == (Phase.ARRIVED, OTHER, True)
    (changed,) = [event for event in outcome.earlier.events if isinstance(event, CustodyChanged)]
    assert (changed.cause, changed.arrival_on) == (Cause.FOUND, on(4))
    assert other.phase is Phase.CLOSED
    (told,) = [event for event in outcome.later.events if isinstance(event, EarlierReturnDecided)]
    assert told.link.state is LinkState.CONFIRMED
    check_invariant(one)
    check_invariant(other)


def test_a_centre_that_registered_her_admits_her() -> None:
    office = LaterOffice(can_receive=True, is_near=False, facility=ASSESSMENT)
    outcome = confirmed(link(at_border=False), sent(), later(CENTRE), office)
    assert (outcome.earlier.case.phase, outcome.earlier.case.office_id) == (Phase.ADMITTED, CENTRE)
    check_invariant(outcome.earlier.case)


def test_registered_by_the_office_that_expects_her_she_arrived() -> None:
    outcome = confirmed(link(at_border=False), sent(), later(HOME))
    assert outcome.earlier.case.transfer is not None
    assert outcome.earlier.case.transfer.state is TransferState.ACKNOWLEDGED
    assert (outcome.earlier.case.phase, outcome.earlier.case.office_id) == (Phase.ARRIVED, HOME)


def test_registered_twice_by_one_office_she_stays_where_she_is() -> None:
    before = followed()
    outcome = confirmed(link(at_border=False), before, later(HOME))
    assert outcome.earlier.case is before
    assert outcome.later.case.phase is Phase.CLOSED
    gone = searches.left_province(followed(), SEARCH_ID, at(3)).case
    back = confirmed(link(at_border=False), gone, later(HOME))
    assert back.earlier.case.phase is Phase.FOLLOW_UP
    on_the_way = sent(followed(), OTHER)
    at_the_sender = confirmed(link(at_border=False), on_the_way, later(HOME)).earlier
    assert (at_the_sender.case.phase, at_the_sender.case.office_id) == (Phase.FOLLOW_UP, HOME)
    assert at_the_sender.case.transfer is not None
    assert at_the_sender.case.transfer.state is TransferState.RECALLED


def test_a_commune_of_the_province_leaves_her_to_its_agency() -> None:
    before = followed()
    near = LaterOffice(can_receive=False, is_near=True)
    assert confirmed(link(at_border=False), before, later("CM-TEST"), near).earlier.case is before
    far = LaterOffice(can_receive=False, is_near=False)
    with pytest.raises(CannotLookAfter):
        confirmed(link(at_border=False), before, later("CM-TEST"), far)


def test_who_is_on_the_way_under_the_later_case_has_to_arrive_first() -> None:
    under_way = replace(sent(), case_id=LATER_ID)
    with pytest.raises(LaterCaseOnTheWay):
        confirmed(link(at_border=False), followed(), under_way)


# Undone ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "phase"), [(followed, Phase.ARRIVED), (sent, Phase.IN_TRANSIT), (registered, Phase.REGISTERED)]
)
def test_a_mistaken_new_return_is_undone(make: Callable[[], CaseCustody], phase: Phase) -> None:
    before = make()
    done = confirmed(link(), before)
    outcome = returns.undone(done.link, done.earlier.case, done.later.case, held(before.office_id), at(6))
    after = outcome.earlier.case
    assert (after.phase, after.office_id, after.segment.cause) == (phase, before.office_id, Cause.REOPENED)
    assert after.is_under_way == before.is_under_way
    assert outcome.link.state is LinkState.WITHDRAWN
    check_invariant(after)


def test_also_after_the_search_that_it_had_opened() -> None:
    claim = said(sent())
    done = confirmed(claim.link, claim.earlier.case)
    after = returns.undone(done.link, done.earlier.case, done.later.case, held(POST), at(6)).earlier.case
    assert (after.phase, after.is_under_way) == (Phase.IN_TRANSIT, True)
    check_invariant(after)


def test_a_mistaken_move_is_undone() -> None:
    before = followed()
    done = confirmed(link(at_border=False), before)
    outcome = returns.undone(done.link, done.earlier.case, done.later.case, held(before.office_id), at(6))
    one, other = outcome.earlier.case, outcome.later.case
    assert (one.office_id, one.phase, one.arrivals) == (before.office_id, Phase.FOLLOW_UP, before.arrivals)
    assert (other.office_id, other.phase) == (OTHER, Phase.REGISTERED)
    check_invariant(one)
    check_invariant(other)


@pytest.mark.parametrize("at_border", [True, False])
@pytest.mark.parametrize("supervised", [True, False])
def test_an_office_that_ended_since_is_its_heir_and_a_supervisor_searches(at_border: bool, supervised: bool) -> None:
    before = sent() if at_border else followed()
    done = confirmed(link(at_border=at_border), before)
    heirs = held("SA-HEIR", "SA-HEIR-2", addressed=HOME, supervised=supervised)
    outcome = returns.undone(done.link, done.earlier.case, done.later.case, heirs, at(6))
    one, other = outcome.earlier.case, outcome.later.case
    assert one.office_id == "SA-HEIR"
    if not at_border:
        assert other.office_id == "SA-HEIR-2"
        check_invariant(other)
    for case in (one,) if at_border else (one, other):
        assert (case.search is not None) is supervised
        if case.search is not None:
            assert case.search.reason is LostReason.OFFICE_ENDED
    if at_border and not supervised:
        assert one.transfer is not None
        assert (one.phase, one.transfer.from_office_id) == (Phase.IN_TRANSIT, "SA-HEIR")
    check_invariant(one)


def test_but_not_when_something_else_has_become_of_it() -> None:
    done = confirmed(link(at_border=False), followed())
    visited = news.follow_up_recorded(done.earlier.case, period_ended=False).case
    with pytest.raises(NothingToUndo):
        returns.undone(done.link, visited, done.later.case, held(HOME), at(6))
    sent_on = transfers.plan(done.earlier.case, NEXT_ID, HOME, on(6), on(7), at(6)).case
    with pytest.raises(NothingToUndo):
        returns.undone(done.link, sent_on, done.later.case, held(HOME), at(6))
    with pytest.raises(NothingToUndo):
        returns.undone(link(), followed(), later(), held(HOME), at(6))


def test_a_claim_that_she_is_elsewhere_ends_with_her_case() -> None:
    case = claims.claim(lost(), OTHER, on(3), at(13), by_office_id=POST, subject="x").case
    outcome = confirmed(link(), case)
    assert "FoundClaimSettled" in names(outcome.earlier.events)
