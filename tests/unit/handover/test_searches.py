"""The nine reasons of a search, its steps, and the five ways in which it puts custody right."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TypeVar

import pytest

from services.chassis.kernel.errors import InvalidInput
from services.handover.domain import custody, news, searches, stays, transfers
from services.handover.domain.case import CaseCustody, Decided
from services.handover.domain.errors import (
    AlreadyAccountable,
    MakesNoFollowUps,
    ReassignInTransit,
    SearchIsOpen,
    SearchStepsExhausted,
    StaysInFacility,
)
from services.handover.domain.events import (
    CustodyChanged,
    PersonLost,
    SearchResolved,
    TransferDispatched,
    TransferOverdue,
    TransferRecalled,
)
from services.handover.domain.search import MAX_STEPS
from services.handover.domain.words import (
    Cause,
    LostReason,
    Phase,
    ReassignReason,
    Resolution,
    RuleCode,
    SearchEffect,
    StepKind,
)
from tests.unit.handover.cases import (
    ASSESSMENT,
    CENTRE,
    HOME,
    OTHER,
    POST,
    SEARCH_ID,
    SHELTER,
    SUPERVISOR,
    TRANSFER_ID,
    admitted,
    arrived,
    at,
    check_invariant,
    discharged,
    followed,
    lost,
    on,
    passed,
    planned,
    reassigned,
    registered,
    rejected,
    sent,
)

NEXT_ID = uuid.UUID(int=9)
OTHER_CASE = uuid.UUID(int=10)
DAY = 13

E = TypeVar("E")


def names(outcome: Decided) -> list[str]:
    """The names of what is told."""
    return [type(one).__name__ for one in outcome.events]


def one_of(outcome: Decided, kind: type[E]) -> E:
    """The only event of its kind."""
    (found,) = [event for event in outcome.events if isinstance(event, kind)]
    return found


# Reasons --------------------------------------------------------------------------------------

WAYS: dict[LostReason, Callable[[], Decided]] = {
    LostReason.NOT_ACKNOWLEDGED: lambda: passed(passed(sent(), at(5)).case, at(12)),
    LostReason.REJECTED_NOT_REDISPATCHED: lambda: passed(rejected(), at(3)),
    LostReason.DISCHARGED_WITHOUT_TRANSFER: lambda: passed(discharged(), at(3)),
    LostReason.ARRIVED_ELSEWHERE: lambda: searches.lose(
        sent(), LostReason.ARRIVED_ELSEWHERE, SEARCH_ID, at(3), other_case_id=OTHER_CASE
    ),
    LostReason.NOT_AT_ADDRESS: lambda: searches.not_at_address(followed(), SEARCH_ID, at(3)),
    LostReason.LEFT_PROVINCE: lambda: searches.left_province(followed(), SEARCH_ID, at(3)),
    LostReason.REAPPEARED: lambda: searches.lose(
        followed(), LostReason.REAPPEARED, SEARCH_ID, at(3), other_case_id=OTHER_CASE
    ),
    LostReason.OFFICE_ENDED: lambda: custody.orphaned(registered(), SUPERVISOR, SEARCH_ID, at(3)),
    LostReason.NOT_SENT_ON: lambda: never_sent_on(registered()),
}


@pytest.mark.parametrize("reason", LostReason)
def test_each_reason_opens_a_search_that_escalates(reason: LostReason) -> None:
    outcome = WAYS[reason]()
    case = outcome.case
    told = one_of(outcome, PersonLost)
    assert (told.search.reason, told.search.id, told.office_id) == (reason, SEARCH_ID, case.office_id)
    assert case.phase is Phase.SEARCH
    assert case.watch is not None
    assert (case.watch.rule, case.watch.reference_id) == (RuleCode.SEARCH_ESCALATE, SEARCH_ID)
    check_invariant(case)
    risen = passed(case, at(40)).case
    assert risen.search is not None
    assert (risen.search.level, risen.search.version) == (1, 2)
    check_invariant(risen)


def never_sent_on(case: CaseCustody) -> Decided:
    """DISPATCH_DUE passed three times, and nobody sent her on."""
    return passed(passed(passed(case, at(11)).case, at(21)).case, at(31))


def test_whom_nobody_sends_on_is_lost_when_the_third_round_passes() -> None:
    first = passed(registered(), at(11))
    second = passed(first.case, at(21))
    assert [names(each) for each in (first, second)] == [["TransferOverdue"]] * 2
    assert [one_of(each, TransferOverdue).level for each in (first, second)] == [1, 2]
    assert [one_of(each, TransferOverdue).first_due_on for each in (first, second)] == [None, on(10)]
    third = passed(second.case, at(31))
    assert names(third) == ["TransferOverdue", "PersonLost"]
    assert third.case.office_id == POST, "accountability stays where it is"
    assert names(passed(third.case, at(38))) == ["SearchEscalated"], "the rounds do not go on beside the search"


def test_after_a_long_outage_the_office_is_told_once_before_anybody_searches() -> None:
    first = passed(registered(), at(100), late=True)
    assert names(first) == ["TransferOverdue"]
    assert names(passed(first.case, at(101))) == ["TransferOverdue", "PersonLost"]


def test_the_office_that_a_plan_names_is_not_asked_for_who_never_left() -> None:
    assert one_of(never_sent_on(planned()), PersonLost).to_office_id == ""


@pytest.mark.parametrize(
    "ending",
    [
        lambda case: transfers.dispatch(case, NEXT_ID, HOME, None, on(33), at(32)),
        lambda case: stays.admit(case, ASSESSMENT, None, at(32)),
        lambda case: custody.record_home(case, None, at(32)),
        lambda case: searches.returned(case, at(32)),
    ],
)
def test_sending_on_admitting_and_going_home_end_the_search(ending: Callable[[CaseCustody], Decided]) -> None:
    outcome = ending(never_sent_on(registered()).case)
    assert "SearchResolved" in names(outcome)
    assert outcome.case.search is None
    check_invariant(outcome.case)
    assert outcome.case.missed is None, "what was missed is made good"


def test_who_is_searched_for_for_another_reason_is_not_admitted_without_an_answer() -> None:
    with pytest.raises(SearchIsOpen):
        stays.admit(WAYS[LostReason.OFFICE_ENDED]().case, ASSESSMENT, None, at(5))


def test_a_search_keeps_its_first_reason() -> None:
    case = lost()
    for outcome in (
        searches.lose(case, LostReason.OFFICE_ENDED, NEXT_ID, at(DAY)),
        searches.left_province(case, NEXT_ID, at(DAY)),
        searches.not_at_address(case, NEXT_ID, at(DAY)),
    ):
        assert outcome.case is case
        assert outcome.events == ()


def test_but_who_was_handed_over_again_is_searched_for_because_of_that() -> None:
    outcome = searches.lose(lost(), LostReason.REAPPEARED, NEXT_ID, at(DAY), other_case_id=OTHER_CASE)
    told = one_of(outcome, PersonLost)
    assert (told.search.id, told.search.reason) == (SEARCH_ID, LostReason.REAPPEARED)
    assert told.search.other_case_id == OTHER_CASE
    again = searches.lose(outcome.case, LostReason.REAPPEARED, NEXT_ID, at(DAY), other_case_id=uuid.UUID(int=12))
    assert names(again) == []
    check_invariant(outcome.case)


def test_the_other_case_is_linked_to_a_search_that_stands() -> None:
    case = searches.lose(lost(), LostReason.ARRIVED_ELSEWHERE, NEXT_ID, at(DAY), other_case_id=OTHER_CASE).case
    assert case.search is not None
    assert (case.search.reason, case.search.other_case_id) == (LostReason.NOT_ACKNOWLEDGED, OTHER_CASE)


def test_who_is_on_the_way_is_not_missed_at_home() -> None:
    onward = sent(followed(), OTHER)
    assert searches.not_at_address(onward, SEARCH_ID, at(3)).case is onward
    assert searches.left_province(onward, SEARCH_ID, at(3)).case is onward
    about_to = planned(followed(), OTHER)
    assert searches.left_province(about_to, SEARCH_ID, at(3)).case is about_to, "it is known where to"
    assert searches.not_at_address(about_to, SEARCH_ID, at(3)).case.phase is Phase.SEARCH


def test_followup_goes_on_watching_during_a_search() -> None:
    case = searches.not_at_address(followed(), SEARCH_ID, at(3)).case
    assert case.followup_watches
    assert case.watch is not None
    assert not case.watch.is_primary
    unanswered = searches.lose(arrived(), LostReason.REAPPEARED, SEARCH_ID, at(3)).case
    assert unanswered.watch is not None
    assert unanswered.watch.is_primary
    answered = news.follow_ups_scheduled(unanswered, 2).case
    assert answered.phase is Phase.SEARCH
    check_invariant(answered)
    assert searches.returned(answered, at(4)).case.phase is Phase.FOLLOW_UP


# Steps ----------------------------------------------------------------------------------------


def test_steps_are_numbered_and_change_the_search() -> None:
    case = searches.record_step(lost(), StepKind.ADDRESSEE_ASKED, POST, on(12), at(DAY), successful=False).case
    case = searches.record_step(case, StepKind.POLICE_ASKED, HOME, None, at(DAY), successful=True).case
    assert case.search is not None
    assert [(step.number, step.office_id, step.taken_on) for step in case.search.steps] == [
        (1, POST, on(12)),
        (2, HOME, on(DAY)),
    ]
    assert case.search.version == 3


@pytest.mark.parametrize(("day", "code"), [(11, "TOO_EARLY"), (DAY + 1, "IN_THE_FUTURE")])
def test_days_of_a_step(day: int, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        searches.record_step(lost(), StepKind.POLICE_ASKED, POST, on(day), at(DAY), successful=False)
    assert [(one.field, one.code) for one in refused.value.violations] == [("taken_on", code)]


def test_a_search_does_not_go_on_for_ever() -> None:
    case = lost()
    for _ in range(MAX_STEPS):
        case = searches.record_step(case, StepKind.PERSON_CALLED, POST, None, at(DAY), successful=False).case
    with pytest.raises(SearchStepsExhausted):
        searches.record_step(case, StepKind.PERSON_CALLED, POST, None, at(DAY), successful=False)


# Resolutions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "phase"),
    [
        (lost, Phase.REGISTERED),
        (lambda: searches.not_at_address(followed(), SEARCH_ID, at(12)).case, Phase.FOLLOW_UP),
        (lambda: passed(discharged(), at(12)).case, Phase.ADMITTED),
        (lambda: searches.lose(admitted(), LostReason.REAPPEARED, SEARCH_ID, at(12)).case, Phase.ADMITTED),
        (lambda: searches.left_province(arrived(), SEARCH_ID, at(12)).case, Phase.ARRIVED),
    ],
)
def test_found_with_the_accountable_office_or_returned_to_it(make: Callable[[], CaseCustody], phase: Phase) -> None:
    before = make()
    found = searches.found(before, on(12), at(DAY))
    returned = searches.returned(before, at(DAY))
    assert one_of(found, SearchResolved).resolution is Resolution.FOUND
    assert one_of(returned, SearchResolved).resolution is Resolution.RETURNED_TO_SENDER
    for outcome in (found, returned):
        assert (outcome.case.phase, outcome.case.segment) == (phase, before.segment)
        assert any(isinstance(event, TransferRecalled) for event in outcome.events) == before.is_under_way
        check_invariant(outcome.case)


@pytest.mark.parametrize(("day", "code"), [(-1, "TOO_EARLY"), (DAY + 1, "IN_THE_FUTURE")])
def test_days_on_which_she_can_have_been_found(day: int, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        searches.found(lost(), on(day), at(DAY))
    assert [(one.field, one.code) for one in refused.value.violations] == [("on", code)]


def test_on_the_way_to_another_office() -> None:
    outcome = searches.redirected(lost(), NEXT_ID, OTHER, on(15), at(DAY))
    assert names(outcome) == ["TransferRedirected", "TransferDispatched", "SearchResolved"]
    assert one_of(outcome, TransferDispatched).transfer.replaces_id == TRANSFER_ID
    at_home = searches.left_province(followed(), SEARCH_ID, at(12)).case
    sent_on = searches.redirected(at_home, NEXT_ID, OTHER, on(15), at(DAY))
    assert names(sent_on) == ["TransferPlanned", "TransferDispatched", "SearchResolved"]
    about_to = searches.not_at_address(planned(followed(), CENTRE), SEARCH_ID, at(12)).case
    instead = searches.redirected(about_to, NEXT_ID, OTHER, on(15), at(DAY))
    assert names(instead)[0] == "TransferSuperseded"
    for one in (outcome, sent_on, instead):
        assert one.case.phase is Phase.IN_TRANSIT
        assert one_of(one, SearchResolved).resolution is Resolution.REDIRECTED
        check_invariant(one.case)


@pytest.mark.parametrize(("day", "code"), [(DAY - 1, "TOO_EARLY"), (DAY + 61, "TOO_LATE")])
def test_days_on_which_she_can_be_expected(day: int, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        searches.redirected(lost(), NEXT_ID, OTHER, on(day), at(DAY))
    assert [(one.field, one.code) for one in refused.value.violations] == [("on", code)]


# The duty itself ------------------------------------------------------------------------------


def test_a_supervisor_makes_another_office_accountable() -> None:
    for before in (registered(), rejected(), followed(), passed(rejected(), at(3)).case):
        outcome = reassigned(before, OTHER, at(4))
        changed = one_of(outcome, CustodyChanged)
        assert (changed.cause, changed.office_id, changed.phase) == (Cause.REASSIGNED, OTHER, before.phase)
        assert (outcome.case.watch, outcome.case.search) == (before.watch, before.search)
        assert outcome.case.segment.reassigned_for is ReassignReason.OFFICE_CANNOT
        check_invariant(outcome.case)


def test_whoever_is_followed_up_at_home_is_given_to_an_agency_only() -> None:
    for case in (arrived(), followed(), searches.not_at_address(followed(), SEARCH_ID, at()).case):
        with pytest.raises(MakesNoFollowUps):
            reassigned(case, POST, at(), follows_up=False)
        check_invariant(reassigned(case, OTHER, at()).case)


def test_who_stays_in_a_facility_moves_only_with_a_day() -> None:
    with pytest.raises(StaysInFacility) as refused:
        reassigned(admitted(), OTHER, at(3))
    assert refused.value.details == {"office_id": CENTRE}
    outcome = reassigned(admitted(), OTHER, at(3), since_on=on(2))
    changed = one_of(outcome, CustodyChanged)
    assert (changed.cause, changed.phase, changed.arrival_on) == (Cause.REASSIGNED, Phase.ARRIVED, on(2))
    assert outcome.case.stays[-1].discharged_on == on(2)
    check_invariant(outcome.case)
    moved = reassigned(admitted(), "RC-OTHER", at(3), follows_up=False, facility=SHELTER, since_on=on(2)).case
    assert (moved.phase, len(moved.stays)) == (Phase.ADMITTED, 2)
    check_invariant(moved)


def test_that_she_is_with_the_other_office_is_no_way_round_its_own_word() -> None:
    with pytest.raises(SearchIsOpen):
        reassigned(passed(rejected(), at(3)).case, OTHER, at(4), since_on=on(3))
    with pytest.raises(InvalidInput):
        reassigned(registered(), "BP-OTHER", at(4), follows_up=False, since_on=on(3))
    with pytest.raises(InvalidInput):
        reassigned(registered(), OTHER, at(4), since_on=on(5))


def test_a_plan_of_the_former_office_is_recalled() -> None:
    outcome = reassigned(planned(), OTHER, at())
    assert names(outcome) == ["TransferRecalled", "CustodyChanged"]


def test_on_the_way_nobody_is_reassigned() -> None:
    for case in (sent(), lost()):
        with pytest.raises(ReassignInTransit):
            reassigned(case, OTHER, at(DAY))
    with pytest.raises(AlreadyAccountable):
        reassigned(registered(), POST, at())


def test_the_answer_to_an_arrival_counts_after_a_reassignment() -> None:
    case = reassigned(arrived(), OTHER, at()).case
    assert news.follow_ups_scheduled(case, 1).case.phase is Phase.ARRIVED
    assert news.follow_ups_scheduled(case, 2).case.phase is Phase.FOLLOW_UP
    assert news.follow_ups_scheduled(case, 3).case.phase is Phase.FOLLOW_UP


def test_a_successor_takes_over_as_accountable_as_sender_and_as_addressed() -> None:
    case = custody.succeeded(sent(), POST, "BP-HEIR", at(1)).case
    assert (case.office_id, case.segment.cause) == ("BP-HEIR", Cause.OFFICE_ENDED)
    assert case.transfer is not None
    assert (case.transfer.from_office_id, case.transfer.to_office_id) == ("BP-HEIR", HOME)
    check_invariant(case)
    addressed = custody.succeeded(sent(), HOME, "SA-HEIR", at(1)).case
    assert addressed.transfer is not None
    assert (addressed.office_id, addressed.transfer.to_office_id) == (POST, "SA-HEIR")
    strange = sent()
    assert custody.succeeded(strange, "SA-STRANGE", "SA-HEIR", at(1)).case is strange


def test_a_successor_that_is_the_other_end_recalls() -> None:
    case = custody.succeeded(sent(), POST, HOME, at(1)).case
    assert case.transfer is not None
    assert (case.office_id, case.transfer.from_office_id) == (HOME, POST)
    assert transfers.recall(case, at(1)).case.phase is Phase.REGISTERED


def test_a_withdrawal_by_the_successor_of_the_registering_office() -> None:
    assert (
        news.withdraw(custody.succeeded(registered(), POST, "BP-HEIR", at(1)).case, None, at(1)).case.phase
        is Phase.WITHDRAWN
    )


def test_without_a_successor_the_supervisor_answers() -> None:
    outcome = custody.orphaned(sent(), SUPERVISOR, SEARCH_ID, at(1))
    changed, missing = outcome.events
    assert isinstance(changed, CustodyChanged)
    assert isinstance(missing, PersonLost)
    assert (changed.office_id, changed.previous_office_id, changed.phase) == (SUPERVISOR, POST, Phase.SEARCH)
    assert missing.office_id == SUPERVISOR
    check_invariant(outcome.case)
    already = custody.orphaned(lost(), SUPERVISOR, NEXT_ID, at(DAY))
    assert names(already) == ["CustodyChanged"]
    assert already.case.search == lost().search


# What an agency records at home ----------------------------------------------------------------

OPENED = (SearchEffect.OPENS_NOT_AT_ADDRESS, SearchEffect.OPENS_LEFT_PROVINCE)
ENDING = {SearchEffect.ENDS_SEEN: Resolution.FOUND, SearchEffect.ENDS_MISTAKEN: Resolution.MISTAKEN}


@pytest.mark.parametrize("opens", OPENED)
@pytest.mark.parametrize("ends", sorted(ENDING))
def test_what_is_recorded_at_home_opens_a_search_and_ends_it(opens: SearchEffect, ends: SearchEffect) -> None:
    searched = news.searched_by_entry(followed(), opens, SEARCH_ID, at(3)).case
    assert searched.phase is Phase.SEARCH
    ended = news.searched_by_entry(searched, ends, NEXT_ID, at(4))
    assert (ended.case.phase, ended.case.search) == (Phase.FOLLOW_UP, None)
    assert one_of(ended, SearchResolved).resolution is ENDING[ends]
    check_invariant(ended.case)


@pytest.mark.parametrize("ends", sorted(ENDING))
def test_a_search_for_another_reason_goes_on(ends: SearchEffect) -> None:
    for case in (lost(), passed(discharged(), at(3)).case, followed(), registered()):
        assert news.searched_by_entry(case, ends, NEXT_ID, at(DAY)) == Decided(case)


def test_a_visit_taken_back_was_none_unless_another_stands() -> None:
    visited = news.follow_up_recorded(followed(), period_ended=False).case
    assert not news.entry_revised(visited, says_visit=False, visited=False, period_ended=False).case.visited
    assert news.entry_revised(visited, says_visit=False, visited=True, period_ended=False).case.visited
    assert news.entry_revised(followed(), says_visit=True, visited=True, period_ended=False).case.visited
    assert not news.entry_revised(followed(), says_visit=False, visited=True, period_ended=False).case.visited
