"""Custody, as handover tells it: sets begin, move, are cancelled, end and begin again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from services.chassis.kernel.words import CloseReason, CustodyCause, Phase
from services.followup.domain.case import FollowUpCase, Safety, State
from services.followup.domain.custody import take_custody
from services.followup.domain.entry import Kind
from services.followup.domain.events import Cancelled, SafetyNeeded, Scheduled
from tests.unit.followup.cases import (
    CALENDAR,
    DAY,
    DUE_3M,
    DUE_3Y,
    ELSEWHERE,
    HERE,
    arrived,
    awaits_contact,
    change,
    closed_before,
    custody,
    fired,
    morning,
    recorded,
    reopened_before,
    watched,
)


def test_an_arrival_without_a_date_counts_from_today() -> None:
    case = custody(None, change(CustodyCause.ARRIVED), morning(DAY)).case
    assert case.arrived_on == DAY


@pytest.mark.parametrize("cause", [CustodyCause.ARRIVED, CustodyCause.HOME_RECORDED])
def test_an_arrival_begins_a_set_and_answers_its_segment(cause: CustodyCause) -> None:
    decision = custody(None, change(cause, segment=3, on=DAY), morning(DAY))
    assert decision.events == (Scheduled(3, decision.case.follow_ups),)
    assert decision.disarm == ()
    assert len(decision.arm) == 3


@pytest.mark.parametrize(
    "cause",
    sorted(set(CustodyCause) - {CustodyCause.ARRIVED, CustodyCause.HOME_RECORDED}),
)
def test_before_an_arrival_nothing_is_kept(cause: CustodyCause) -> None:
    told = change(cause, phase=Phase.ADMITTED)
    assert take_custody(None, told, new_ids={}, now=morning(DAY), calendar=CALENDAR) is None


def test_custody_that_moves_keeps_the_dates() -> None:
    case = fired(arrived(DAY), "FOLLOW_UP_3M", morning(DUE_3M)).case
    later = change(CustodyCause.ARRIVED, segment=2, office_id=ELSEWHERE, on=DUE_3M)
    decision = custody(case, later, morning(DUE_3M), first_id=500)
    assert decision.case.office_id == ELSEWHERE
    assert decision.case.follow_ups == case.follow_ups
    assert decision.case.arrived_on == DAY
    assert decision.events == (Scheduled(2, case.open_follow_ups),)
    assert (decision.disarm, decision.arm) == ((), ()), "the visit that is due is the first contact, too"


def test_an_arrival_taken_back_cancels_and_a_later_one_begins_anew() -> None:
    case = arrived(DAY)
    back = change(CustodyCause.ARRIVAL_RETRACTED, segment=2, office_id=ELSEWHERE, phase=Phase.IN_TRANSIT)
    decision = custody(case, back, morning(DAY))
    assert decision.events == (Cancelled(HERE),)
    assert decision.case.phase is Phase.IN_TRANSIT
    assert {one.state for one in decision.case.follow_ups} == {State.CANCELLED}
    assert watched(decision.case) == []
    again = custody(decision.case, change(CustodyCause.ARRIVED, segment=3, on=DUE_3M), morning(DUE_3M), first_id=500)
    assert [one.due_on for one in again.case.follow_ups] == [date(2026, 9, 1), date(2029, 6, 1)]
    assert again.case.set_number == 2
    assert not {one.id for one in again.case.follow_ups} & {one.id for one in case.follow_ups}


def test_an_arrival_taken_back_leaves_what_an_earlier_one_began() -> None:
    case = arrived(DAY)
    case = custody(case, change(CustodyCause.ARRIVED, segment=2, office_id=ELSEWHERE, on=DUE_3M), morning(DUE_3M)).case
    back = change(CustodyCause.ARRIVAL_RETRACTED, segment=3, office_id=HERE, phase=Phase.IN_TRANSIT)
    decision = custody(case, back, morning(DUE_3M))
    assert (decision.case.office_id, decision.case.keeper_id) == (HERE, HERE)
    assert decision.case.phase is Phase.FOLLOW_UP
    assert decision.events == (Scheduled(3, case.open_follow_ups),)
    assert (decision.arm, decision.disarm) == ((), ())


def test_an_arrival_taken_back_after_a_record_cancels_nothing() -> None:
    case = recorded(arrived(DAY, now=morning(DUE_3M)), Kind.MONTHS_3, DUE_3M)
    back = change(CustodyCause.ARRIVAL_RETRACTED, segment=2, office_id=ELSEWHERE, phase=Phase.IN_TRANSIT)
    decision = custody(case, back, morning(DUE_3M))
    assert watched(decision.case) == [("FOLLOW_UP_3Y", True, DUE_3Y)]


@pytest.mark.parametrize(
    ("cause", "phase"), [(CustodyCause.WITHDRAWN, Phase.WITHDRAWN), (CustodyCause.CLOSED, Phase.CLOSED)]
)
def test_ended_by_others_nothing_stays_open(cause: CustodyCause, phase: Phase) -> None:
    decision = custody(arrived(DAY), change(cause, segment=2, phase=phase), morning(DAY))
    assert decision.case.phase is phase
    assert watched(decision.case) == []
    assert decision.case.open_follow_ups == ()
    assert decision.events == ()


def test_reopened_by_others_is_watched_and_answered() -> None:
    case = custody(arrived(DAY), change(CustodyCause.CLOSED, segment=1, phase=Phase.CLOSED), morning(DAY)).case
    decision = custody(case, change(CustodyCause.REOPENED, segment=2, phase=Phase.FOLLOW_UP), morning(DAY))
    assert decision.events == (Scheduled(2, decision.case.open_follow_ups),)
    assert len(watched(decision.case)) == 3


def test_answers_to_closings_of_before_undo_nothing() -> None:
    now = morning(DAY)
    case = closed_before(arrived(DAY), 901)
    case = reopened_before(case, 902)
    case = closed_before(case, 903)
    for cause, event_id in (
        (CustodyCause.CLOSED, 901),
        (CustodyCause.REOPENED, 902),
        (CustodyCause.CLOSED, 903),
        (CustodyCause.CLOSED, 903),
    ):
        decision = custody(case, change(cause, answers=UUID(int=event_id)), now)
        assert (decision.case, decision.events) == (case, ())


def test_an_end_decided_elsewhere_is_no_answer_to_a_reopening() -> None:
    now = morning(DAY)
    case = closed_before(arrived(DAY), 901)
    case = reopened_before(case, 902)
    ended = custody(case, change(CustodyCause.CLOSED), now).case
    assert ended.phase is Phase.CLOSED
    again = custody(ended, change(CustodyCause.REOPENED, segment=2, answers=UUID(int=902)), now)
    assert again.case.phase is Phase.FOLLOW_UP
    assert again.events == (Scheduled(2, again.case.open_follow_ups),)


def test_after_an_end_decided_elsewhere_even_an_overtaken_answer_is_followed() -> None:
    """Handover had closed the case and opened it again by it, before it heard the later one: which changed nothing."""
    now = morning(DAY)
    case = closed_before(arrived(DAY), 901)
    case = reopened_before(case, 902)
    case = closed_before(case, 903)
    crossed = custody(case, change(CustodyCause.ARRIVED, segment=2, office_id=ELSEWHERE, on=DAY), now)
    ended = custody(crossed.case, change(CustodyCause.CLOSED, segment=2, office_id=ELSEWHERE), now).case
    told = change(CustodyCause.REOPENED, segment=3, office_id=ELSEWHERE, answers=UUID(int=902))
    assert custody(ended, told, now).case.phase is Phase.FOLLOW_UP


def test_custody_that_passes_undoes_a_closing_it_crossed() -> None:
    case = closed_before(arrived(DAY), 901)
    told = change(CustodyCause.ARRIVED, segment=2, office_id=ELSEWHERE, on=DUE_3M)
    decision = custody(case, told, morning(DAY))
    assert [type(event) for event in decision.events] == [Scheduled]
    assert len(decision.arm) == 3


def test_an_admission_moves_a_set_and_can_be_taken_back_like_an_arrival() -> None:
    home = arrived(DAY)
    admitted = custody(
        home, change(CustodyCause.ADMITTED, segment=2, office_id="RC-01", phase=Phase.ADMITTED), morning(DAY)
    )
    stays = admitted.case
    assert admitted.events == (Scheduled(2, home.follow_ups, kept=True),)
    assert (stays.office_id, stays.keeper_id, stays.arrived_on, stays.set_number) == ("RC-01", HERE, DAY, 1)
    assert not awaits_contact(stays)
    back = custody(stays, change(CustodyCause.ARRIVAL_RETRACTED, segment=3, phase=Phase.IN_TRANSIT), morning(DAY))
    assert (back.case.phase, back.case.office_id) == (Phase.FOLLOW_UP, HERE)
    assert back.case.open_follow_ups == home.follow_ups


def test_an_admission_after_an_arrival_taken_back_begins_no_set() -> None:
    back = custody(
        arrived(DAY), change(CustodyCause.ARRIVAL_RETRACTED, segment=2, phase=Phase.IN_TRANSIT), morning(DAY)
    ).case
    admitted = custody(back, change(CustodyCause.ADMITTED, segment=3, phase=Phase.ADMITTED), morning(DAY))
    assert (admitted.case.phase, admitted.case.arrived_on) == (Phase.ADMITTED, None)
    assert (admitted.events, admitted.arm) == ((), ())
    home = custody(admitted.case, change(CustodyCause.ARRIVED, segment=4, on=DAY), morning(DAY), first_id=200)
    assert home.case.set_number == 2


def test_somebody_found_at_home_begins_a_set_from_the_day_she_has_been_there() -> None:
    found = custody(None, change(CustodyCause.FOUND, segment=2, on=DAY), morning(DAY + timedelta(days=20)))
    assert (found.case.arrived_on, found.case.phase) == (DAY, Phase.FOLLOW_UP)
    assert found.events == (Scheduled(2, found.case.follow_ups),)


def test_somebody_found_again_keeps_her_set() -> None:
    home = arrived(DAY)
    found = custody(home, change(CustodyCause.FOUND, segment=2, office_id=ELSEWHERE, on=DUE_3M), morning(DUE_3M))
    assert (found.case.arrived_on, found.case.office_id) == (DAY, ELSEWHERE)
    assert found.events == (Scheduled(2, home.follow_ups),)


@pytest.mark.parametrize("cause", [CustodyCause.REASSIGNED, CustodyCause.OFFICE_ENDED, CustodyCause.FOUND])
@pytest.mark.parametrize("phase", [Phase.FOLLOW_UP, Phase.SEARCH, Phase.ADMITTED])
def test_whoever_takes_over_gets_the_set_as_it_stands(cause: CustodyCause, phase: Phase) -> None:
    home = fired(arrived(DAY), "FOLLOW_UP_3M", morning(DUE_3M)).case
    moved = custody(home, change(cause, segment=2, office_id=ELSEWHERE, phase=phase), morning(DUE_3M))
    assert (moved.case.office_id, moved.case.phase) == (ELSEWHERE, Phase.FOLLOW_UP)
    assert moved.events == (Scheduled(2, moved.case.open_follow_ups),)
    assert (moved.arm, moved.disarm) == ((), ())


def test_a_case_that_goes_on_as_another_ends() -> None:
    ended = custody(arrived(DAY), change(CustodyCause.RE_IDENTIFIED, phase=Phase.CLOSED), morning(DAY))
    assert (ended.case.phase, ended.case.close_reason) == (Phase.CLOSED, None)
    assert watched(ended.case) == []
    assert ended.events == ()


def test_the_end_as_another_case_is_no_answer_to_a_closing_of_before() -> None:
    case = closed_before(arrived(DAY), 901)
    ended = custody(case, change(CustodyCause.RE_IDENTIFIED, phase=Phase.CLOSED), morning(DAY)).case
    assert (ended.phase, ended.close_reason) == (Phase.CLOSED, CloseReason.LEFT_AREA)


def in_danger() -> FollowUpCase:
    """A case whose visit found her in immediate danger; no second person has confirmed anything yet."""
    return replace(arrived(DAY), safety=Safety(1, "care-1", morning(DAY)))


@pytest.mark.parametrize(
    ("cause", "on"),
    [(CustodyCause.ARRIVED, DUE_3M), (CustodyCause.REASSIGNED, None), (CustodyCause.OFFICE_ENDED, None)],
)
def test_who_makes_the_follow_ups_from_now_on_is_told_at_once_of_a_danger(cause: CustodyCause, on: date | None) -> None:
    case, now = in_danger(), morning(DAY) + timedelta(hours=5)
    decision = custody(case, change(cause, segment=2, office_id=ELSEWHERE, on=on), now)
    confirm_by = morning(DAY) + timedelta(hours=24)
    scheduled, told = decision.events
    assert isinstance(scheduled, Scheduled), "what was asked of the office before ends first"
    assert told == SafetyNeeded(1, confirm_by), "the day for it does not begin anew"
    assert decision.case.safety == case.safety


def test_who_goes_on_with_the_follow_ups_is_not_told_again_of_a_danger() -> None:
    facility = change(CustodyCause.ADMITTED, segment=2, office_id="RC-01", phase=Phase.ADMITTED)
    decision = custody(in_danger(), facility, morning(DAY))
    assert not any(isinstance(each, SafetyNeeded) for each in decision.events)
    assert ("SAFETY_ACT", False, DAY + timedelta(days=1)) in watched(decision.case)


def test_an_arrival_taken_back_leaves_no_danger_that_would_hide_the_next_one() -> None:
    back = change(CustodyCause.ARRIVAL_RETRACTED, segment=2, office_id=ELSEWHERE, phase=Phase.IN_TRANSIT)
    decision = custody(in_danger(), back, morning(DAY))
    assert decision.case.safety is None
    assert "SAFETY_ACT" in [each.due.rule_code for each in decision.disarm]
    # As a version left it that kept the danger of a cancelled set.
    left = replace(decision.case, safety=Safety(1, "care-1", morning(DAY)))
    again = custody(left, change(CustodyCause.ARRIVED, segment=3, on=DUE_3M), morning(DUE_3M), first_id=500)
    assert (again.case.safety, "SAFETY_ACT" in [rule for rule, _, _ in watched(again.case)]) == (None, False)
