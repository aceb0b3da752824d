"""Steps: switched on, put on another day, dropped; and what rests while she is searched for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

import pytest

from services.chassis.kernel.errors import InvalidInput
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.words import CustodyCause, Phase
from services.followup.domain.arrival_day import CorrectedDay, correct_day
from services.followup.domain.case import DropReason, FollowUpCase, FollowUpCaseClosed, Stage, State
from services.followup.domain.custody import take_custody
from services.followup.domain.entry import Kind, Outcome
from services.followup.domain.events import Rescheduled, Scheduled, StepsCause, StepsChanged
from services.followup.domain.policy import POLICIES, Facts
from services.followup.domain.steps import (
    FollowUpAlwaysMade,
    FollowUpDayPassed,
    FollowUpNeedsHerWord,
    FollowUpNotDropped,
    FollowUpNotOpen,
    FollowUpOverdueAlready,
    FollowUpPutOffBefore,
    drop,
    know_age,
    reschedule,
    switch_on,
    take_up,
)
from services.followup.domain.visits import FollowUpDropped, FollowUpNotInSet, Visit, follow_up_of, record
from services.followup.domain.watching import Decision, watches
from services.followup.domain.whereabouts import search_ended, searched_for
from tests.unit.followup.cases import (
    CALENDAR,
    DAY,
    DUE_3M,
    ELSEWHERE,
    HERE,
    arrived,
    change,
    closed,
    custody,
    fired,
    ids,
    morning,
    of_kind,
    recorded,
    reopened,
    watched,
)

LANG_SON = ProvinceRef("20", "2025")
DUE_1M = date(2026, 4, 1)
DUE_5Y = date(2031, 3, 1)


def kinds(case: FollowUpCase) -> list[str]:
    """The follow-ups that are to be made, in the order of their due dates."""
    return [one.kind.value for one in case.open_follow_ups]


def known(case: FollowUpCase, facts: Facts, on: date, *, again: bool = False) -> FollowUpCase:
    """The case with what these facts ask for."""
    return switch_on(case, facts, new_ids=ids(300), now=morning(on), calendar=CALENDAR, again=again)[0]


def child(on: date = DAY) -> FollowUpCase:
    """Somebody under 18 who arrived."""
    told = replace(change(CustodyCause.ARRIVED, on=on), under_18=True)
    return custody(None, told, morning(on)).case


def put(case: FollowUpCase, kind: Kind, on: date, today: date) -> Decision:
    """The case with a follow-up on another day."""
    return reschedule(case, kind, on, "PERSON_ASKED", now=morning(today), calendar=CALENDAR)


def dropped(case: FollowUpCase, kind: Kind, today: date) -> Decision:
    """The case with a follow-up less."""
    return drop(case, kind, DropReason.RISK_FELL, now=morning(today), calendar=CALENDAR)


def taken_up(case: FollowUpCase, kind: Kind, today: date, *, agrees: bool = False) -> Decision:
    """It is made after all."""
    return take_up(case, kind, agrees_to_research=agrees, now=morning(today), calendar=CALENDAR)


def test_everybody_gets_two_looks_and_a_child_all_but_that_of_research() -> None:
    assert kinds(arrived(DAY)) == ["MONTHS_3", "YEARS_3"]
    case = child()
    assert kinds(case) == [
        "MONTHS_1", "MONTHS_2", "MONTHS_3", "MONTHS_6", "MONTHS_9", "MONTHS_12", "YEARS_2", "YEARS_3",
    ]  # fmt: skip
    assert case.policy_version == POLICIES[-1].version
    assert [primary for _, primary, _ in watched(case)].count(True) == 1
    assert watched(case)[0] == ("FOLLOW_UP_1M", True, DUE_1M)


def test_of_an_arrival_long_ago_only_what_is_ahead_is_switched_on() -> None:
    told = replace(change(CustodyCause.ARRIVED, on=DAY), under_18=True)
    late = custody(None, told, morning(date(2026, 7, 1))).case
    assert kinds(late) == ["MONTHS_3", "MONTHS_6", "MONTHS_9", "MONTHS_12", "YEARS_2", "YEARS_3"]


def test_danger_switches_on_what_is_ahead_and_nothing_switches_it_off() -> None:
    case = recorded(arrived(DAY), Kind.MONTHS_3, DUE_3M)
    case = known(case, Facts(high_risk=True), DUE_3M, again=True)
    assert kinds(case) == ["MONTHS_6", "MONTHS_9", "MONTHS_12", "YEARS_2", "YEARS_3"]
    assert known(case, Facts(), DUE_3M) == case


def test_a_correction_of_her_age_is_said_and_takes_nothing_away() -> None:
    case, now = arrived(DAY), morning(DAY + timedelta(days=40))
    younger = know_age(case, under_18=True, new_ids=ids(300), now=now, calendar=CALENDAR)
    [told] = younger.events
    assert isinstance(told, StepsChanged)
    assert told.cause is StepsCause.AGE
    assert [each.kind.value for each in told.added] == [
        "MONTHS_2", "MONTHS_6", "MONTHS_9", "MONTHS_12", "YEARS_2",
    ]  # fmt: skip
    older = know_age(younger.case, under_18=False, new_ids=ids(400), now=now, calendar=CALENDAR)
    assert (older.events, kinds(older.case)) == ((), kinds(younger.case))


def test_steps_go_on_with_custody_and_a_province_adds_those_of_its_rules() -> None:
    rules = MappingProxyType({LANG_SON: frozenset({Kind.MONTHS_6})})
    policies = (*POLICIES[:-1], replace(POLICIES[-1], provinces=rules))
    case, now = arrived(DAY), morning(date(2026, 5, 1))
    told = replace(change(CustodyCause.ARRIVED, segment=2, office_id=ELSEWHERE, on=date(2026, 5, 1)), province=LANG_SON)
    moved = take_custody(case, told, new_ids=ids(300), now=now, calendar=CALENDAR, policies=policies)
    assert moved is not None
    assert [type(each) for each in moved.events] == [Scheduled, StepsChanged]
    assert kinds(moved.case) == ["MONTHS_3", "MONTHS_6", "YEARS_3"]
    back = replace(change(CustodyCause.ARRIVED, segment=3, office_id=HERE, on=date(2026, 5, 2)), province=None)
    home = take_custody(moved.case, back, new_ids=ids(400), now=now, calendar=CALENDAR, policies=policies)
    assert home is not None
    assert kinds(home.case) == kinds(moved.case)


def test_a_set_keeps_its_version_whatever_is_known_later() -> None:
    case = replace(arrived(DAY), policy_version=1)
    assert known(case, Facts(under_18=True, high_risk=True), DAY) == case


def test_a_step_is_dropped_and_only_danger_asks_for_it_again() -> None:
    case = dropped(child(), Kind.MONTHS_6, DAY).case
    assert "MONTHS_6" not in kinds(case)
    assert "FOLLOW_UP_6M" not in [rule for rule, _, _ in watched(case)]
    assert known(case, Facts(under_18=True), DAY) == case
    assert "MONTHS_6" in kinds(known(case, Facts(high_risk=True), DAY, again=True))
    with pytest.raises(FollowUpNotOpen):
        dropped(case, Kind.MONTHS_6, DAY)
    with pytest.raises(FollowUpDropped):
        recorded(case, Kind.MONTHS_6, date(2026, 9, 1))
    reborn = reopened(closed(case, morning(DAY)).case, morning(DAY)).case
    assert kinds(reborn) == kinds(case), "re-opened as it was"


def test_what_was_dropped_by_mistake_is_taken_up_while_its_day_is_ahead() -> None:
    before = child()
    case = dropped(before, Kind.MONTHS_6, DAY).case
    decision = taken_up(case, Kind.MONTHS_6, DAY)
    assert kinds(decision.case) == kinds(before)
    assert [rule for rule, _, _ in watched(decision.case)] == [rule for rule, _, _ in watched(before)]
    [told] = decision.events
    assert isinstance(told, StepsChanged)
    assert (told.cause, [one.kind for one in told.added]) == (StepsCause.TAKEN_UP, [Kind.MONTHS_6])
    with pytest.raises(FollowUpNotDropped):
        taken_up(before, Kind.MONTHS_6, DAY)
    due_on = follow_up_of(before, Kind.MONTHS_6).due_on
    taken_up(case, Kind.MONTHS_6, due_on)
    with pytest.raises(FollowUpDayPassed):
        taken_up(case, Kind.MONTHS_6, due_on + timedelta(days=1))


def test_what_is_made_for_research_is_taken_up_by_her_word_alone() -> None:
    case = dropped(known(arrived(DAY), Facts(research=True), DAY), Kind.YEARS_5, DAY).case
    with pytest.raises(FollowUpNeedsHerWord):
        taken_up(case, Kind.YEARS_5, DAY)
    assert "YEARS_5" in kinds(taken_up(case, Kind.YEARS_5, DAY, agrees=True).case)


def test_a_later_look_is_recorded_and_what_was_dropped_before_it_is_no_missed_one() -> None:
    case = dropped(child(), Kind.MONTHS_6, DAY).case
    case = recorded(case, Kind.MONTHS_12, date(2027, 3, 1))
    states = {one.kind: one.state for one in case.follow_ups}
    assert states[Kind.MONTHS_6] is State.CANCELLED
    assert states[Kind.MONTHS_9] is State.MISSED


def test_what_everybody_gets_is_never_dropped_and_what_a_set_has_not_is_refused() -> None:
    with pytest.raises(FollowUpAlwaysMade):
        dropped(arrived(DAY), Kind.MONTHS_3, DAY)
    with pytest.raises(FollowUpNotInSet):
        dropped(arrived(DAY), Kind.MONTHS_6, DAY)
    with pytest.raises(FollowUpCaseClosed):
        dropped(closed(child(), morning(DAY)).case, Kind.MONTHS_6, DAY)


def test_a_follow_up_is_put_on_another_day_once_and_is_overdue_when_it_was() -> None:
    case, limit = arrived(DAY), DUE_3M + timedelta(days=13)
    decision = put(case, Kind.MONTHS_3, limit, DUE_3M)
    one = of_kind(decision.case, Kind.MONTHS_3)
    assert decision.events == (Rescheduled(one),)
    assert (one.due_on, one.first_due_on, one.overdue_from) == (limit, DUE_3M, limit)
    assert one.earliest_on == of_kind(case, Kind.MONTHS_3).earliest_on
    assert ("FOLLOW_UP_3M", True, limit) in watched(decision.case)
    with pytest.raises(FollowUpPutOffBefore):
        put(decision.case, Kind.MONTHS_3, DUE_3M + timedelta(days=5), DUE_3M)
    due = fired(decision.case, "FOLLOW_UP_3M", morning(limit)).case
    assert of_kind(due, Kind.MONTHS_3).overdue_from == limit
    assert ("FOLLOW_UP_OVERDUE_3M", True, limit) in watched(due)


def test_what_came_due_already_is_asked_for_anew_on_the_other_day() -> None:
    due = fired(arrived(DAY), "FOLLOW_UP_3M", morning(DUE_3M)).case
    moved = put(due, Kind.MONTHS_3, DUE_3M + timedelta(days=5), DUE_3M + timedelta(days=2)).case
    assert of_kind(moved, Kind.MONTHS_3).stage is Stage.SCHEDULED


@pytest.mark.parametrize(
    ("days", "code"),
    [(14, "TOO_LATE"), (0, "NOT_ALLOWED"), (-1, "TOO_EARLY")],
)
def test_a_day_that_cannot_be_is_refused(days: int, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        put(arrived(DAY), Kind.MONTHS_3, DUE_3M + timedelta(days=days), DUE_3M)
    assert [each.code for each in refused.value.violations] == [code]


def test_what_is_overdue_or_made_is_put_on_no_other_day() -> None:
    case, late = arrived(DAY), DUE_3M + timedelta(days=14)
    with pytest.raises(FollowUpOverdueAlready):
        put(case, Kind.MONTHS_3, late, late)
    with pytest.raises(FollowUpNotOpen):
        put(recorded(case, Kind.MONTHS_3, DUE_3M), Kind.MONTHS_3, DUE_3M, DUE_3M)


def test_a_visit_is_late_by_the_first_day() -> None:
    case = put(arrived(DAY), Kind.MONTHS_3, DUE_3M + timedelta(days=10), DUE_3M).case
    on = DUE_3M + timedelta(days=9)
    done, _ = record(case, Visit(None, on, Outcome.SETTLED), by=HERE, now=morning(on), calendar=CALENDAR)
    assert done.decision.events[0].late  # type: ignore[union-attr]


def test_the_day_on_which_it_was_put_stays_where_the_arrival_is_corrected_as_far_as_it_may() -> None:
    case = put(arrived(DAY), Kind.MONTHS_3, DUE_3M + timedelta(days=10), DUE_3M).case
    for days, due_on in ((1, DUE_3M + timedelta(days=10)), (-10, date(2026, 5, 19))):
        told = CorrectedDay(1, DAY, DAY + timedelta(days=days))
        after = of_kind(correct_day(case, told, morning(DUE_3M), CALENDAR).case, Kind.MONTHS_3)
        assert after.due_on == due_on


def test_what_is_not_made_always_rests_while_she_is_searched_for() -> None:
    case = child()
    lost = searched_for(case, "NOT_AT_ADDRESS", DAY, CALENDAR).case
    assert [rule for rule, _, _ in watched(lost)] == ["FOLLOW_UP_3M", "FOLLOW_UP_3Y", "FIRST_CONTACT"]
    assert watched(lost)[0][1], "what everybody gets answers for the case meanwhile"
    found = search_ended(lost, by_entry=True, now=morning(DUE_3M), calendar=CALENDAR).case
    assert watched(found) == watched(case)


def test_a_deadline_that_passed_while_a_step_rested_fires_when_she_is_found() -> None:
    lost = searched_for(child(), "NOT_AT_ADDRESS", DAY, CALENDAR).case
    found_at = morning(DUE_3M)
    found = search_ended(lost, by_entry=False, now=found_at, calendar=CALENDAR)
    fires = {each.due.rule_code: each.fire_at for each in found.arm}
    assert fires["FOLLOW_UP_1M"] == fires["FOLLOW_UP_2M"] == found_at
    assert fires["FOLLOW_UP_6M"] > found_at


def test_the_look_after_five_years_is_never_overdue_and_keeps_no_case_open() -> None:
    case = known(arrived(DAY), Facts(research=True), DAY)
    assert kinds(case) == ["MONTHS_3", "YEARS_3", "YEARS_5"]
    case = recorded(recorded(case, Kind.MONTHS_3, DUE_3M), Kind.YEARS_3, date(2029, 3, 1))
    assert case.phase is Phase.FOLLOW_UP
    assert [rule for rule, primary, _ in watched(case) if primary] == ["CLOSE_DECISION"]
    due = fired(case, "FOLLOW_UP_5Y", morning(DUE_5Y), Kind.YEARS_5).case
    assert [rule for rule, _, _ in watched(due)] == ["CLOSE_DECISION"]
    assert of_kind(closed(due, morning(DUE_5Y)).case, Kind.YEARS_5).state is State.CANCELLED
    made = recorded(due, Kind.YEARS_5, DUE_5Y + timedelta(days=200))
    assert of_kind(made, Kind.YEARS_5).state is State.RECORDED


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 4, 3), Kind.MONTHS_1),
        (date(2026, 5, 3), Kind.MONTHS_2),
        (date(2026, 5, 20), Kind.MONTHS_3),
        (date(2027, 1, 5), Kind.MONTHS_9),
        (date(2027, 6, 1), Kind.MONTHS_12),
    ],
)
def test_a_visit_counts_for_the_look_whose_due_date_is_nearest(day: date, kind: Kind) -> None:
    done, one = record(child(), Visit(None, day, Outcome.SETTLED), by=HERE, now=morning(day), calendar=CALENDAR)
    assert one.kind is kind
    earlier = [each for each in done.decision.case.follow_ups if each.due_on < one.due_on]
    assert {each.state for each in earlier} <= {State.MISSED}
    assert len(watches(done.decision.case, CALENDAR)) >= 1


def test_a_second_visit_counts_for_the_next_look_when_its_time_has_come() -> None:
    case = recorded(child(), Kind.MONTHS_2, date(2026, 5, 1))
    on = date(2026, 5, 4)
    _, one = record(case, Visit(None, on, Outcome.SETTLED), by=HERE, now=morning(on), calendar=CALENDAR)
    assert one.kind is Kind.MONTHS_3
