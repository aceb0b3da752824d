"""What follows when deadlines come, and who is watched for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.chassis.kernel.clock import end_of_local_day
from services.followup.domain.case import Stage
from services.followup.domain.entry import Kind
from services.followup.domain.events import (
    Due,
    Escalated,
    Lost,
    Neglected,
    Overdue,
)
from services.followup.domain.standing import is_lost
from services.followup.domain.watching import watches
from tests.unit.followup.cases import (
    CALENDAR,
    DAY,
    DUE_3M,
    DUE_3Y,
    arrived,
    fired,
    morning,
    of_kind,
    recorded,
    tried,
    watched,
)


def test_the_timetable_of_a_follow_up() -> None:
    case = arrived(DAY)
    due = fired(case, "FOLLOW_UP_3M", morning(DUE_3M))
    assert due.events == (Due(of_kind(due.case, Kind.MONTHS_3), False),)
    assert watched(due.case)[0] == ("FOLLOW_UP_OVERDUE_3M", True, DUE_3M + timedelta(days=13))

    overdue_day = DUE_3M + timedelta(days=14)
    overdue = fired(due.case, "FOLLOW_UP_OVERDUE_3M", morning(overdue_day))
    assert overdue.events == (Overdue(of_kind(overdue.case, Kind.MONTHS_3), False),)
    assert watched(overdue.case)[:2] == [
        ("FOLLOW_UP_ESCALATE", True, overdue_day + timedelta(days=13)),
        ("LOST_TO_FOLLOW_UP", False, overdue_day + timedelta(days=59)),
    ]

    escalated = fired(overdue.case, "FOLLOW_UP_ESCALATE", morning(overdue_day + timedelta(days=14)))
    one = of_kind(escalated.case, Kind.MONTHS_3)
    assert escalated.events == (Escalated(one.id, "FOLLOW_UP_ESCALATE", 1, False),)
    assert watched(escalated.case)[0] == ("FOLLOW_UP_ESCALATE", True, overdue_day + timedelta(days=27))

    neglected = fired(escalated.case, "LOST_TO_FOLLOW_UP", morning(overdue_day + timedelta(days=60)))
    assert neglected.events == (Neglected(of_kind(neglected.case, Kind.MONTHS_3), False),)
    assert "LOST_TO_FOLLOW_UP" not in [rule for rule, _, _ in watched(neglected.case)]


def test_the_three_year_follow_up_is_overdue_after_thirty_days() -> None:
    case = recorded(arrived(DAY), Kind.MONTHS_3, DUE_3M)
    case = fired(case, "FOLLOW_UP_3Y", morning(DUE_3Y), Kind.YEARS_3).case
    [(rule, is_primary, due_on)] = watched(case)
    assert (rule, is_primary, due_on) == ("FOLLOW_UP_OVERDUE_3Y", True, DUE_3Y + timedelta(days=29))


def test_escalations_missed_in_an_outage_are_said_once() -> None:
    case = fired(arrived(DAY), "FOLLOW_UP_3M", morning(DUE_3M)).case
    case = fired(case, "FOLLOW_UP_OVERDUE_3M", morning(DUE_3M + timedelta(days=14))).case
    long_after = DUE_3M + timedelta(days=14 + 100)
    case = fired(case, "FOLLOW_UP_ESCALATE", morning(long_after)).case
    one = of_kind(case, Kind.MONTHS_3)
    assert one.escalation_level == 1
    assert one.escalate_on is not None
    assert long_after <= one.escalate_on < long_after + timedelta(days=14)
    assert (one.escalate_on - DUE_3M - timedelta(days=13)).days % 14 == 0


def test_both_follow_ups_are_watched_when_the_first_was_never_recorded() -> None:
    case = fired(arrived(DAY), "FOLLOW_UP_3M", morning(DUE_3M)).case
    case = fired(case, "FOLLOW_UP_OVERDUE_3M", morning(DUE_3M + timedelta(days=14))).case
    decision = fired(case, "FOLLOW_UP_3Y", morning(DUE_3Y), Kind.YEARS_3)
    assert decision.events == (Due(of_kind(decision.case, Kind.YEARS_3), False),)
    assert [(each.due.rule_code, each.is_primary) for each in decision.arm] == [("FOLLOW_UP_OVERDUE_3Y", False)]
    primaries = [rule for rule, is_primary, _ in watched(decision.case) if is_primary]
    assert primaries == ["FOLLOW_UP_ESCALATE"]


def test_the_lost_mark_is_set_once_whichever_comes_first() -> None:
    case = fired(arrived(DAY), "FOLLOW_UP_3M", morning(DUE_3M)).case
    case = fired(case, "FOLLOW_UP_OVERDUE_3M", morning(DUE_3M + timedelta(days=14))).case
    for number in (15, 16, 17):
        decision = tried(case, DUE_3M + timedelta(days=number))
        case = decision.case
    assert [each.due.rule_code for each in decision.disarm] == ["LOST_TO_FOLLOW_UP"]
    assert "LOST_TO_FOLLOW_UP" not in [rule for rule, _, _ in watched(case)]


def test_after_the_last_record_the_closing_decision_is_watched_and_repeats() -> None:
    case = recorded(arrived(DAY), Kind.MONTHS_3, DUE_3M)
    case = recorded(case, Kind.YEARS_3, DUE_3Y)
    decide_by = DUE_3Y + timedelta(days=30)
    assert watched(case) == [("CLOSE_DECISION", True, decide_by)]
    first = fired(case, "CLOSE_DECISION", end_of_local_day(decide_by), None)
    assert first.events == (Escalated(None, "CLOSE_DECISION", 1, False),)
    assert watched(first.case) == [("CLOSE_DECISION", True, decide_by + timedelta(days=30))]
    assert first.case.decision_due_on == decide_by


def test_a_deadline_that_is_not_watched_cannot_fire() -> None:
    with pytest.raises(ValueError, match="not watched"):
        fired(arrived(DAY), "LOST_TO_FOLLOW_UP", morning(DAY))


def test_an_arrival_long_ago_is_said_in_one_go() -> None:
    case = arrived(DAY, now=morning(DUE_3M + timedelta(days=100)))
    assert of_kind(case, Kind.MONTHS_3).stage is Stage.SCHEDULED
    assert watches(case, CALENDAR)[0].fire_at == morning(DUE_3M + timedelta(days=100))


@pytest.mark.parametrize(("tries", "told"), [(0, Neglected), (1, Lost), (2, Lost)])
def test_the_limit_passes_for_whoever_was_tried_as_lost_and_else_as_neglected(tries: int, told: type) -> None:
    case = arrived(DAY)
    for rule in ("FOLLOW_UP_3M", "FOLLOW_UP_OVERDUE_3M"):
        case = fired(case, rule, morning(DUE_3M + timedelta(days=20))).case
    for number in range(tries):
        case = tried(case, DUE_3M + timedelta(days=20 + number)).case
    [said] = fired(case, "LOST_TO_FOLLOW_UP", morning(DUE_3M + timedelta(days=90))).events
    assert isinstance(said, told)


def test_who_is_tried_in_vain_after_the_limit_passed_is_lost_until_she_is_seen() -> None:
    case = arrived(DAY)
    for rule in ("FOLLOW_UP_3M", "FOLLOW_UP_OVERDUE_3M"):
        case = fired(case, rule, morning(DUE_3M + timedelta(days=20))).case
    case = fired(case, "LOST_TO_FOLLOW_UP", morning(DUE_3M + timedelta(days=90))).case
    assert not is_lost(case), "nobody tried"
    case = tried(case, DUE_3M + timedelta(days=95)).case
    assert is_lost(case), "ninety days overdue, and somebody tried"
    assert not is_lost(recorded(case, Kind.MONTHS_3, DUE_3M + timedelta(days=96)))
