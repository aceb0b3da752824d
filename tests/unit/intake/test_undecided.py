"""When a decision on the identification is awaited, and when its limits pass."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.chassis.country.calendars import viet_nam_calendar
from services.chassis.kernel.clock import start_of_local_day
from services.chassis.kernel.deadlines import DueDate
from services.chassis.kernel.words import Phase, RuleCode
from services.intake.domain.case import Case, Identification, Withdrawal, registered
from services.intake.domain.undecided import (
    ListedUndecided,
    ReplyIsOverdue,
    Undecided,
    awaited_from,
    first_due,
    is_awaited,
    limited_by,
    next_due,
    reminder_of,
    rests,
    watched_again,
)
from tests.unit.intake.examples import NOW, POST, handover

CALENDAR = viet_nam_calendar()
ASKED_ON = date(2026, 3, 2)


def case() -> Case:
    """Registered today."""
    return registered(
        handover(),
        1,
        case_id=uuid.UUID(int=1),
        number="HW-999-999-957",
        handover_id=uuid.UUID(int=2),
        office_id=POST,
        earlier_case_id=None,
        now=NOW,
    )


@pytest.mark.parametrize("phase", Phase)
def test_a_decision_is_awaited_of_every_open_case(phase: Phase) -> None:
    assert is_awaited(replace(case(), phase=phase)) == (phase not in (Phase.CLOSED, Phase.WITHDRAWN))


@pytest.mark.parametrize("status", Identification)
def test_a_decision_is_awaited_until_it_is_taken_whatever_it_says(status: Identification) -> None:
    assert is_awaited(replace(case(), identification=status)) == (status is Identification.IN_PROCESS)


def test_of_a_case_that_is_being_withdrawn_nothing_is_awaited() -> None:
    assert not is_awaited(replace(case(), withdrawal=Withdrawal.REQUESTED))


def test_it_counts_from_the_registration_and_anew_from_a_decision_taken_back() -> None:
    later = NOW + timedelta(days=40)
    assert awaited_from(case(), later) == ASKED_ON
    assert awaited_from(replace(case(), decisions=2), later) == date(2026, 4, 11)


def test_its_limits_follow_each_other_and_then_repeat() -> None:
    awaited = Undecided(uuid.UUID(int=1), ASKED_ON, date(2026, 3, 5))
    passed = first_due(ASKED_ON, CALENDAR)
    found: list[DueDate] = [passed]
    for _ in range(3):
        passed = next_due(awaited, passed, passed.due_at, CALENDAR)
        found.append(passed)
    assert [(one.rule_code, one.due_on) for one in found] == [
        (RuleCode.INITIAL_VERIFY, date(2026, 3, 5)),
        (RuleCode.POLICE_VERIFY_REPLY, date(2026, 3, 22)),
        (RuleCode.IDENTIFICATION_ESCALATE, date(2026, 4, 5)),
        (RuleCode.IDENTIFICATION_ESCALATE, date(2026, 4, 19)),
    ]


def test_a_reminder_precedes_each_limit_and_no_other_calendar_moves_it() -> None:
    awaited = Undecided(uuid.uuid4(), ASKED_ON, ASKED_ON)
    passed = first_due(ASKED_ON, CALENDAR)
    reminded = reminder_of(awaited, passed, start_of_local_day(ASKED_ON), CALENDAR)
    assert reminded is not None
    assert (reminded.due_on, reminded.due_at, reminded.counted_from) == (
        passed.due_on,
        passed.due_at - timedelta(days=2),
        None,
    )
    assert reminder_of(awaited, passed, reminded.due_at, CALENDAR) is None, "it is over"
    reply = next_due(awaited, passed, passed.due_at, CALENDAR)
    assert reminder_of(awaited, reply, passed.due_at, CALENDAR) is not None
    escalation = next_due(awaited, reply, reply.due_at, CALENDAR)
    assert reminder_of(awaited, escalation, reply.due_at, CALENDAR) is None, "that reminds itself"


def test_years_without_a_look_are_one_round() -> None:
    awaited = Undecided(uuid.UUID(int=1), ASKED_ON, date(2026, 3, 5))
    reply = next_due(awaited, first_due(ASKED_ON, CALENDAR), NOW, CALENDAR)
    after = next_due(awaited, reply, datetime(2029, 3, 1, tzinfo=UTC), CALENDAR)
    assert date(2029, 3, 1) <= after.due_on <= date(2029, 3, 15)


@pytest.mark.parametrize(
    ("level", "rule"),
    [
        (0, RuleCode.INITIAL_VERIFY),
        (1, RuleCode.INITIAL_VERIFY),
        (2, RuleCode.POLICE_VERIFY_REPLY),
        (3, RuleCode.IDENTIFICATION_ESCALATE),
        (40, RuleCode.IDENTIFICATION_ESCALATE),
    ],
)
def test_a_list_says_which_limit_passed_last_and_how_long_it_is_overdue(level: int, rule: RuleCode) -> None:
    listed = ListedUndecided(uuid.UUID(int=1), "HW-999-999-957", POST, POST, date(2026, 3, 5), level)
    assert listed.rule is rule
    assert [listed.overdue_days(date(2026, 3, day)) for day in (4, 5, 6, 15)] == [0, 0, 1, 10]


@pytest.mark.parametrize(
    ("level", "is_complex", "rule", "due_on"),
    [
        (0, False, RuleCode.INITIAL_VERIFY, date(2026, 3, 5)),
        (0, True, RuleCode.INITIAL_VERIFY, date(2026, 3, 5)),
        (1, False, RuleCode.POLICE_VERIFY_REPLY, date(2026, 3, 22)),
        (1, True, RuleCode.POLICE_VERIFY_REPLY_COMPLEX, date(2026, 5, 2)),
        (2, False, RuleCode.IDENTIFICATION_ESCALATE, date(2026, 4, 5)),
        (2, True, RuleCode.IDENTIFICATION_ESCALATE, date(2026, 5, 16)),
        (9, False, RuleCode.IDENTIFICATION_ESCALATE, date(2026, 4, 5)),
    ],
)
def test_after_a_rest_the_limit_that_has_not_passed_is_watched(
    level: int, is_complex: bool, rule: RuleCode, due_on: date
) -> None:
    awaited = Undecided(uuid.UUID(int=1), ASKED_ON, date(2026, 3, 5), level, is_complex)
    again = watched_again(awaited, NOW, CALENDAR)
    assert (again.rule_code, again.due_on) == (rule, due_on)


def test_a_verification_is_called_complex_before_the_time_for_the_answer_has_passed() -> None:
    awaited = Undecided(uuid.UUID(int=1), ASKED_ON, date(2026, 3, 5), 1)
    longer = limited_by(awaited, RuleCode.POLICE_VERIFY_REPLY_COMPLEX)
    assert longer == replace(awaited, is_complex=True)
    assert limited_by(longer, RuleCode.POLICE_VERIFY_REPLY) == awaited
    with pytest.raises(ReplyIsOverdue):
        limited_by(replace(awaited, level=2), RuleCode.POLICE_VERIFY_REPLY_COMPLEX)


@pytest.mark.parametrize("phase", Phase)
def test_nobody_is_reminded_and_nothing_is_overdue_while_she_is_searched_for(phase: Phase) -> None:
    assert rests(replace(case(), phase=phase)) == (phase is Phase.SEARCH)
    listed = ListedUndecided(uuid.UUID(int=1), "HW-999-999-957", POST, POST, date(2026, 3, 5), 2, rests=True)
    assert listed.overdue_days(date(2026, 3, 15)) == 0
