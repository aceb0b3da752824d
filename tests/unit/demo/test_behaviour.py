"""Offices forget in the profile's shares, and what they do keeps to the rules where it is meant to."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.country.calendars import viet_nam_calendar
from services.chassis.country.directory import built_in_directory
from services.chassis.country.reference_lists import demonstration_profile
from services.chassis.kernel.deadlines import RULES, Unit
from services.chassis.kernel.roles import Role
from services.demo.behaviour import (
    ANSWERED_AFTER,
    CHASED_SHARE,
    CLOSED_AFTER,
    DETOURS,
    DISPATCHED_AFTER,
    LOOK_BEFORE_DUE,
    LOOK_LATE,
    STAY,
    TRAVEL,
    Answer,
    CasePlan,
    Detour,
    Ending,
    FollowUpPlan,
    Look,
    Slip,
    acknowledge_due_on,
    plan_cases,
    three_months_due_on,
    three_years_due_on,
)
from services.demo.days import OFFICE_WEEKDAYS, VISITING_WEEKDAYS, next_office_day, next_visiting_day
from services.demo.population import REAPPEARS_AFTER_DAYS
from services.followup.domain.entry import Kind
from services.followup.domain.policy import POLICIES
from tests.unit.demo.invented import plans, year

PROFILE = demonstration_profile()
FORGET = PROFILE["offices_that_forget"]
CALENDAR = viet_nam_calendar()


def test_the_same_seed_decides_the_same() -> None:
    assert plans() == plan_cases(PROFILE, year(), 1, built_in_directory())


def test_answers_have_the_profiles_shares_of_those_who_are_sent() -> None:
    answers = Counter(plan.answer for plan in plans())
    sent = len(plans()) - answers.pop(Answer.AT_HOME, 0)
    assert sent > 900
    for answer, share in (
        (Answer.LATE, FORGET["acknowledge_late"]),
        (Answer.NEVER, FORGET["never_acknowledge"]),
        (Answer.REJECTS, FORGET["reject"]),
    ):
        assert abs(answers[answer] - share * sent) < 1


def test_identification_has_the_profiles_shares() -> None:
    wanted = PROFILE["identified_share_of_received"]
    decided = Counter(plan.identification for plan in plans())
    assert abs(decided["IDENTIFIED"] - wanted["share"] * len(plans())) < 1
    assert abs(decided["IN_PROCESS"] - wanted["in_process_share"] * len(plans())) < 1
    assert abs(decided["DECLINED"] - wanted["declined_share"] * len(plans())) < 1


def test_looks_have_the_profiles_shares() -> None:
    for name, looks in (
        ("3m", Counter(plan.three_months.look for plan in plans())),
        ("3y", Counter(plan.three_years.look for plan in plans())),
    ):
        assert abs(looks[Look.LATE] - FORGET[f"follow_up_{name}_late"] * len(plans())) < 1
        assert abs(looks[Look.NEVER] - FORGET[f"follow_up_{name}_never"] * len(plans())) < 1


def test_most_of_the_silent_give_in_to_a_supervisor_and_nobody_else() -> None:
    silent = [plan for plan in plans() if plan.answer is Answer.NEVER]
    given_in = sum(plan.gives_in for plan in silent)
    assert abs(given_in - len(silent) * CHASED_SHARE) <= 1
    assert 0 < given_in < len(silent)
    assert not any(plan.gives_in for plan in plans() if plan.answer is not Answer.NEVER)


def test_detours_are_of_those_whom_a_border_post_sends_and_who_are_acknowledged_in_time() -> None:
    ways = Counter(plan.detour for plan in plans())
    sent = [plan for plan in plans() if plan.answer is Answer.IN_TIME and plan.submission.office_id.startswith("BP-")]
    assert all(plan in sent for plan in plans() if plan.detour is not Detour.NONE)
    for detour, share in DETOURS.items():
        assert abs(ways[detour] - share * len(sent)) < 1
    centres = {office.id for office in built_in_directory().offices(role=Role.RECEPTION_CENTRE)}
    assert {plan.centre_id for plan in plans()} <= centres


def test_stays_are_shorter_than_every_limit_and_over_before_anybody_reappears() -> None:
    longest = DISPATCHED_AFTER[1] + TRAVEL[1] + STAY[1] + TRAVEL[1] + ANSWERED_AFTER[1] + 10
    assert longest < REAPPEARS_AFTER_DAYS[0]
    limits = [rule for code, rule in RULES.items() if code.startswith("FACILITY_STAY_") and not rule.repeats]
    assert all(rule.unit is Unit.MONTHS or rule.amount > STAY[1] for rule in limits)


def test_only_searches_of_the_silent_are_ended_by_the_supervisor() -> None:
    endings = Counter(plan.ending for plan in plans() if plan.answer is Answer.NEVER and not plan.gives_in)
    assert max(endings.values()) - min(endings.values()) <= 1
    assert set(endings) == set(Ending)
    others = [plan for plan in plans() if plan.answer is not Answer.NEVER or plan.gives_in]
    assert all(plan.ending is Ending.NONE for plan in others)


def test_everybody_is_sent_within_the_limit_and_rejected_ones_sent_on_in_time() -> None:
    for plan in plans():
        due = timedelta(RULES["DISPATCH_DUE"].amount)
        if plan.slip is Slip.NOT_SENT_ON:
            assert plan.dispatched_on > plan.received_on + 3 * due, "searched for by then"
        else:
            assert plan.received_on < plan.dispatched_on <= plan.received_on + due
        # The next day, or the Monday after it, is never after the second working day.
        assert plan.redispatched_after == 1
        assert plan.dispatched_on.weekday() in OFFICE_WEEKDAYS
        assert len({plan.home_office_id, plan.wrong_office_id, plan.submission.office_id}) == (
            2 if plan.answer is Answer.AT_HOME else 3
        )


@pytest.mark.parametrize("expected_on", [date(2027, 2, 4), date(2027, 4, 30), date(2027, 6, 12)])
def test_answers_come_on_the_side_of_the_deadline_that_is_meant(expected_on: date) -> None:
    due_on = acknowledge_due_on(expected_on, CALENDAR)
    for plan in plans():
        day = plan.answer_on(expected_on, CALENDAR)
        if plan.answer is Answer.NEVER:
            assert day is None
        elif plan.answer is Answer.LATE:
            assert day is not None
            assert day > due_on
            assert day.weekday() in OFFICE_WEEKDAYS
        else:
            assert day is not None
            assert expected_on <= day <= due_on
            assert day.weekday() in OFFICE_WEEKDAYS


@given(st.dates(date(2027, 1, 1), date(2031, 12, 31)), st.integers(*ANSWERED_AFTER))
def test_an_answer_that_waits_for_monday_is_in_time_still(expected_on: date, days: int) -> None:
    assert next_office_day(expected_on + timedelta(days=days)) <= acknowledge_due_on(expected_on, CALENDAR)


def test_late_answers_fall_on_both_sides_of_being_called_lost() -> None:
    after = [plan.answered_after for plan in plans() if plan.answer is Answer.LATE]
    assert min(after) <= RULES["TRANSFER_LOST"].amount < max(after)


@given(st.dates(date(2027, 1, 1), date(2031, 12, 31)), st.integers(*LOOK_BEFORE_DUE))
def test_a_visit_in_time_is_on_a_visiting_day_and_not_too_early(due_on: date, days: int) -> None:
    day = FollowUpPlan(Look.IN_TIME, days, gives_in=False, outcome="SETTLED").visit_on(due_on)
    assert day is not None
    assert day.weekday() in VISITING_WEEKDAYS
    step = POLICIES[-1].step(Kind.MONTHS_3)
    assert step is not None
    assert due_on - timedelta(days=step.earliest_before) <= day <= due_on


@given(st.dates(date(2027, 1, 1), date(2031, 12, 31)), st.integers(*LOOK_LATE["3y"]))
def test_a_late_visit_is_on_a_visiting_day_after_the_due_date(due_on: date, days: int) -> None:
    day = FollowUpPlan(Look.LATE, days, gives_in=False, outcome="SETTLED").visit_on(due_on)
    assert day is not None
    assert day.weekday() in VISITING_WEEKDAYS
    assert day > due_on


def test_who_never_looks_has_no_day() -> None:
    assert FollowUpPlan(Look.NEVER, 1, gives_in=True, outcome="SETTLED").visit_on(date(2027, 3, 31)) is None


def test_closing_comes_within_the_time_for_the_decision() -> None:
    latest = max(
        next_visiting_day(date(2030, 1, day) + timedelta(CLOSED_AFTER[1])) - date(2030, 1, day) for day in range(1, 15)
    )
    assert latest <= timedelta(RULES["CLOSE_DECISION"].amount)


def test_due_dates_are_those_of_the_kernel() -> None:
    assert three_months_due_on(date(2026, 11, 30)) == date(2027, 2, 28)
    assert three_years_due_on(date(2028, 2, 29)) == date(2031, 2, 28)


def test_each_plan_belongs_to_one_row() -> None:
    def key(plan: CasePlan) -> tuple[int, int]:
        return plan.submission.number, plan.row

    assert len({key(plan) for plan in plans()}) == len(plans())
    assert all(plan.submission.people[plan.row - 1] is plan.person for plan in plans())
