"""Which step the law asks for on which return, when its limits pass, and how it stands in which case."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.chassis.country.calendars import viet_nam_calendar
from services.chassis.kernel.errors import InvalidInput
from services.chassis.kernel.roles import Role
from services.chassis.kernel.words import Phase, RuleCode
from services.intake.domain.case import Identification, Withdrawal
from services.intake.domain.legal_steps import (
    LaterStepDone,
    LegalStep,
    LegalStepDone,
    LegalStepNotAsked,
    LegalStepNotDone,
    ListedDeadline,
    StepState,
    asked,
    done,
    first_rule,
    following,
    next_due,
    state_for,
    step_of,
    taken_back,
    watched_again,
)
from services.intake.domain.submissions import Route
from tests.unit.intake.examples import NOW, POST
from tests.unit.intake.test_undecided import case

CALENDAR = viet_nam_calendar()
CASE = uuid.UUID(int=1)
ALONE = (Route.SELF_RETURN, Route.HOTLINE_REFERRAL, Route.DETECTED_IN_COMMUNITY)
TO_COMMUNE, COMMUNE_TELLS, AGENCY_TOLD = (
    RuleCode.HANDOVER_TO_COMMUNE,
    RuleCode.COMMUNE_NOTIFY,
    RuleCode.RETURNED_TO_SUPPORT_AGENCY,
)


def step(rule: RuleCode = TO_COMMUNE) -> LegalStep:
    return asked(CASE, rule, NOW, CALENDAR)


@pytest.mark.parametrize("route", Route)
@pytest.mark.parametrize(
    ("receiver", "alone"),
    [
        (Role.BORDER_POST, TO_COMMUNE),
        (Role.RECEPTION_CENTRE, TO_COMMUNE),
        (Role.COMMUNE, COMMUNE_TELLS),
        (Role.SUPPORT_AGENCY, None),
    ],
)
def test_who_received_her_and_how_she_came_back_say_which_step_is_first(
    route: Route, receiver: Role, alone: RuleCode | None
) -> None:
    otherwise = None if receiver is Role.SUPPORT_AGENCY else AGENCY_TOLD
    assert first_rule(replace(case(), route=route), receiver) == (alone if route in ALONE else otherwise)


def test_a_step_is_due_a_day_later_to_the_minute_and_reminded_every_seven_days() -> None:
    one = step()
    assert (one.due_at, one.level, one.state) == (NOW + timedelta(hours=24), 0, StepState.ASKED)
    first = watched_again(one, NOW, CALENDAR)
    second = next_due(first, first.due_at, CALENDAR)
    third = next_due(second, second.due_at, CALENDAR)
    assert (first.rule_code, first.due_at) == (TO_COMMUNE, one.due_at)
    assert [each.rule_code for each in (second, third)] == [RuleCode.LEGAL_STEP_ESCALATE] * 2
    assert [each.due_on - one.due_on for each in (second, third)] == [timedelta(days=7), timedelta(days=14)]


def test_years_without_a_look_are_one_round() -> None:
    after = next_due(watched_again(step(), NOW, CALENDAR), datetime(2029, 3, 1, tzinfo=UTC), CALENDAR)
    assert date(2029, 3, 1) <= after.due_on <= date(2029, 3, 8)


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("identification", Identification)
def test_a_step_rests_during_a_search_after_the_end_and_while_she_is_no_victim(
    phase: Phase, identification: Identification
) -> None:
    rests = phase in (Phase.SEARCH, Phase.CLOSED, Phase.WITHDRAWN) or identification in (
        Identification.NOT_IDENTIFIED,
        Identification.DECLINED,
    )
    found = state_for(replace(case(), phase=phase, identification=identification), Role.BORDER_POST, None)
    assert found is (StepState.RESTING if rests else StepState.ASKED)


def test_a_step_rests_while_the_case_is_being_withdrawn() -> None:
    withdrawn = replace(case(), withdrawal=Withdrawal.REQUESTED)
    assert state_for(withdrawn, Role.BORDER_POST, None) is StepState.RESTING


@pytest.mark.parametrize(
    ("accountable", "addressee", "state"),
    [
        (Role.BORDER_POST, None, StepState.ASKED),
        (Role.RECEPTION_CENTRE, None, StepState.ASKED),
        (Role.BORDER_POST, Role.RECEPTION_CENTRE, StepState.ASKED),
        (Role.BORDER_POST, Role.SUPPORT_AGENCY, StepState.OVERTAKEN),
        (Role.SUPPORT_AGENCY, None, StepState.OVERTAKEN),
        (None, None, StepState.ASKED),
    ],
)
def test_a_step_is_overtaken_once_the_agency_has_her_or_was_sent_her(
    accountable: Role | None, addressee: Role | None, state: StepState
) -> None:
    assert state_for(case(), accountable, addressee) is state


def test_the_commune_tells_the_agency_a_day_after_it_got_her_at_the_latest() -> None:
    recorded = NOW + timedelta(days=3)
    same_day = following(done(step(), case(), date(2026, 3, 5), POST, recorded), CALENDAR)
    earlier = following(done(step(), case(), date(2026, 3, 3), POST, recorded), CALENDAR)
    assert same_day is not None
    assert earlier is not None
    assert (same_day.rule, same_day.asked_at) == (COMMUNE_TELLS, recorded)
    assert earlier.asked_at == datetime(2026, 3, 3, 17, tzinfo=UTC), "the end of that day in Viet Nam"
    assert following(done(step(AGENCY_TOLD), case(), date(2026, 3, 3), POST, recorded), CALENDAR) is None


@pytest.mark.parametrize(("day", "code"), [(date(2026, 3, 1), "TOO_EARLY"), (date(2026, 3, 3), "IN_THE_FUTURE")])
def test_the_day_of_a_step_lies_between_her_return_and_today(day: date, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        done(step(), case(), day, POST, NOW)
    assert [(one.field, one.code) for one in refused.value.violations] == [("done_on", code)]


def test_what_is_done_is_done_once_and_what_is_not_asked_is_not_done() -> None:
    finished = done(step(), case(), date(2026, 3, 2), POST, NOW)
    assert (finished.state, finished.done_on, finished.recorded_by) == (StepState.DONE, date(2026, 3, 2), POST)
    with pytest.raises(LegalStepDone):
        done(finished, case(), date(2026, 3, 2), POST, NOW)
    with pytest.raises(LegalStepNotAsked):
        done(replace(step(), state=StepState.OVERTAKEN), case(), date(2026, 3, 2), POST, NOW)
    with pytest.raises(LegalStepNotAsked):
        step_of((finished,), AGENCY_TOLD)
    resting = replace(step(), state=StepState.RESTING)
    assert done(resting, case(), date(2026, 3, 2), POST, NOW).state is StepState.DONE


def test_what_was_recorded_by_mistake_is_asked_as_before_unless_the_next_step_is_done() -> None:
    finished = done(replace(step(), level=2), case(), date(2026, 3, 2), POST, NOW)
    then = step(COMMUNE_TELLS)
    assert taken_back(finished, (finished, then)) == replace(step(), level=2)
    with pytest.raises(LaterStepDone):
        taken_back(finished, (finished, done(then, case(), date(2026, 3, 2), POST, NOW)))
    with pytest.raises(LegalStepNotDone):
        taken_back(step(), (step(),))


@pytest.mark.parametrize(
    ("due_on", "has_passed", "days"),
    [
        (date(2026, 3, 3), False, 0),
        (date(2026, 3, 2), True, 1),
        (date(2026, 3, 1), True, 1),
        (date(2026, 2, 20), True, 10),
    ],
)
def test_a_step_that_has_passed_is_overdue_for_a_day_at_least(due_on: date, has_passed: bool, days: int) -> None:
    listed = ListedDeadline(CASE, "HW-999-999-957", POST, POST, TO_COMMUNE, due_on, 1, has_passed)
    assert listed.overdue_days(date(2026, 3, 2)) == days
