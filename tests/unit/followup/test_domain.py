"""What followup decides: dates, order, who is watched for, and what ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from services.chassis.kernel.clock import end_of_local_day
from services.chassis.kernel.errors import InvalidInput
from services.followup import domain
from services.followup.domain import (
    Cancelled,
    Cause,
    Closed,
    CloseReason,
    Contact,
    ContactMade,
    ContactOutcome,
    Decision,
    Due,
    Escalated,
    FollowUpCase,
    Kind,
    Lost,
    Outcome,
    Overdue,
    Phase,
    Recorded,
    Reopened,
    Scheduled,
    Stage,
    State,
    Visit,
)
from tests.unit.followup.cases import (
    CALENDAR,
    ELSEWHERE,
    HERE,
    arrived,
    change,
    custody,
    morning,
    of_kind,
    recorded,
)

DAY = date(2026, 3, 1)
DUE_3M = date(2026, 6, 1)
DUE_3Y = date(2029, 3, 1)


def watched(case: FollowUpCase) -> list[tuple[str, bool, date]]:
    """Rule, whether primary, due day of everything that is to be armed."""
    return [(each.due.rule_code, each.is_primary, each.due.due_on) for each in domain.watches(case, CALENDAR)]


def fired(case: FollowUpCase, rule: str, now: datetime, kind: Kind | None = Kind.MONTHS_3) -> Decision:
    """The case after a deadline."""
    follow_up_id = of_kind(case, kind).id if kind else None
    return domain.fire(case, rule, follow_up_id, late=False, now=now, calendar=CALENDAR)


def tried(case: FollowUpCase, on: date) -> Decision:
    """The case after nobody was reached."""
    visit = Visit(Kind.MONTHS_3, on, Outcome.NOT_REACHED)
    return domain.record(case, visit, by=HERE, now=morning(on), calendar=CALENDAR)[0]


@pytest.mark.parametrize(
    ("arrival", "three_months", "three_years"),
    [
        (date(2026, 3, 1), date(2026, 6, 1), date(2029, 3, 1)),
        (date(2026, 1, 31), date(2026, 4, 30), date(2029, 1, 31)),
        (date(2025, 11, 30), date(2026, 2, 28), date(2028, 11, 30)),
        (date(2027, 11, 30), date(2028, 2, 29), date(2030, 11, 30)),
        (date(2028, 2, 29), date(2028, 5, 29), date(2031, 2, 28)),
        (date(2025, 12, 31), date(2026, 3, 31), date(2028, 12, 31)),
    ],
)
def test_due_dates_are_calendar_months_and_years(arrival: date, three_months: date, three_years: date) -> None:
    case = arrived(arrival)
    assert [one.due_on for one in case.follow_ups] == [three_months, three_years]
    assert watched(case) == [
        ("FOLLOW_UP_3M", True, three_months),
        ("FOLLOW_UP_3Y", False, three_years),
        ("FIRST_CONTACT", False, arrival + timedelta(days=7)),
    ]


def test_an_arrival_without_a_date_counts_from_today() -> None:
    case = custody(None, change(Cause.ARRIVED), morning(DAY)).case
    assert case.arrived_on == DAY


@pytest.mark.parametrize("cause", [Cause.ARRIVED, Cause.HOME_RECORDED])
def test_an_arrival_begins_a_set_and_answers_its_segment(cause: Cause) -> None:
    decision = custody(None, change(cause, segment=3, on=DAY), morning(DAY))
    assert decision.events == (Scheduled(3, decision.case.follow_ups),)
    assert decision.disarm == ()
    assert len(decision.arm) == 3


@pytest.mark.parametrize(
    "cause",
    sorted(set(Cause) - {Cause.ARRIVED, Cause.HOME_RECORDED}),
)
def test_before_an_arrival_nothing_is_kept(cause: Cause) -> None:
    told = change(cause, phase=Phase.ADMITTED)
    assert domain.take_custody(None, told, new_ids={}, now=morning(DAY), calendar=CALENDAR) is None


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

    lost = fired(escalated.case, "LOST_TO_FOLLOW_UP", morning(overdue_day + timedelta(days=60)))
    assert lost.events == (Lost(of_kind(lost.case, Kind.MONTHS_3), False),)
    assert "LOST_TO_FOLLOW_UP" not in [rule for rule, _, _ in watched(lost.case)]


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


def test_recording_the_first_makes_the_second_primary() -> None:
    case = arrived(DAY)
    visit = Visit(None, None, Outcome.NEEDS_SUPPORT, ("RF01",))
    decision, one = domain.record(case, visit, by=HERE, now=morning(DUE_3M), calendar=CALENDAR)
    assert (one.kind, one.state, one.visited_on) == (Kind.MONTHS_3, State.RECORDED, DUE_3M)
    assert (one.outcome, one.warning_signs, one.recorded_by) == (Outcome.NEEDS_SUPPORT, ("RF01",), HERE)
    assert decision.events == (Recorded(one, late=False),)
    assert [each.due.rule_code for each in decision.disarm] == ["FOLLOW_UP_3M", "FOLLOW_UP_3Y", "FIRST_CONTACT"]
    assert [(each.due.rule_code, each.is_primary) for each in decision.arm] == [("FOLLOW_UP_3Y", True)]


@pytest.mark.parametrize(("days_after", "late"), [(-30, False), (0, False), (1, True), (400, True)])
def test_a_visit_after_the_due_date_is_late_and_taken(days_after: int, late: bool) -> None:
    day = DUE_3M + timedelta(days=days_after)
    visit = Visit(Kind.MONTHS_3, day, Outcome.SETTLED)
    decision, one = domain.record(arrived(DAY), visit, by=HERE, now=morning(day), calendar=CALENDAR)
    assert decision.events == (Recorded(one, late=late),)


@pytest.mark.parametrize(("kind", "days", "due_on"), [(Kind.MONTHS_3, 30, DUE_3M), (Kind.YEARS_3, 90, DUE_3Y)])
def test_a_visit_counts_from_some_days_before_the_due_date(kind: Kind, days: int, due_on: date) -> None:
    case = arrived(DAY)
    first = due_on - timedelta(days=days)
    too_early = Visit(kind, first - timedelta(days=1), Outcome.SETTLED)
    with pytest.raises(domain.FollowUpTooEarly) as refusal:
        domain.record(case, too_early, by=HERE, now=morning(due_on), calendar=CALENDAR)
    assert refusal.value.details == {"earliest_on": first.isoformat()}
    recorded(case, kind, first)


def test_a_visit_lies_between_the_arrival_and_today() -> None:
    case = arrived(DAY)
    for day, code in ((DUE_3M + timedelta(days=1), "IN_THE_FUTURE"), (DAY - timedelta(days=1), "TOO_EARLY")):
        visit = Visit(Kind.MONTHS_3, day, Outcome.SETTLED)
        with pytest.raises(InvalidInput) as refusal:
            domain.record(case, visit, by=HERE, now=morning(DUE_3M), calendar=CALENDAR)
        assert [(one.field, one.code) for one in refusal.value.violations] == [("visited_on", code)]


def test_three_attempts_on_three_days_are_lost_to_follow_up() -> None:
    case = arrived(DAY)
    first = tried(case, DUE_3M)
    assert first.events == ()
    same_day = tried(first.case, DUE_3M)
    assert (same_day.case, same_day.events) == (first.case, ())
    second = tried(first.case, DUE_3M + timedelta(days=1))
    third = tried(second.case, DUE_3M + timedelta(days=5))
    one = of_kind(third.case, Kind.MONTHS_3)
    assert third.events == (Lost(one, late=False, not_reached=True),)
    assert (one.state, one.lost, len(one.attempts)) == (State.OPEN, True, 3)
    fourth = tried(third.case, DUE_3M + timedelta(days=6))
    assert fourth.events == ()


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


def test_recording_twice_is_refused_with_the_day_of_the_first() -> None:
    case = recorded(arrived(DAY), Kind.MONTHS_3, DUE_3M)
    with pytest.raises(domain.FollowUpAlreadyRecorded) as refusal:
        recorded(case, Kind.MONTHS_3, DUE_3M)
    assert refusal.value.details == {"visited_on": DUE_3M.isoformat()}
    case = recorded(case, Kind.YEARS_3, DUE_3Y)
    with pytest.raises(domain.FollowUpNoneOpen):
        domain.record(case, Visit(None, None, Outcome.SETTLED), by=HERE, now=morning(DUE_3Y), calendar=CALENDAR)


def test_custody_that_moves_keeps_the_dates() -> None:
    case = fired(arrived(DAY), "FOLLOW_UP_3M", morning(DUE_3M)).case
    later = change(Cause.ARRIVED, segment=2, office_id=ELSEWHERE, on=DUE_3M)
    decision = custody(case, later, morning(DUE_3M), first_id=500)
    assert decision.case.office_id == ELSEWHERE
    assert decision.case.follow_ups == case.follow_ups
    assert decision.case.arrived_on == DAY
    assert decision.events == (Scheduled(2, case.open_follow_ups),)
    assert (decision.arm, decision.disarm) == ((), ())


def test_an_arrival_taken_back_cancels_and_a_later_one_begins_anew() -> None:
    case = arrived(DAY)
    back = change(Cause.ARRIVAL_RETRACTED, segment=2, office_id=ELSEWHERE, phase=Phase.IN_TRANSIT)
    decision = custody(case, back, morning(DAY))
    assert decision.events == (Cancelled(HERE),)
    assert decision.case.phase is Phase.IN_TRANSIT
    assert {one.state for one in decision.case.follow_ups} == {State.CANCELLED}
    assert watched(decision.case) == []
    again = custody(decision.case, change(Cause.ARRIVED, segment=3, on=DUE_3M), morning(DUE_3M), first_id=500)
    assert [one.due_on for one in again.case.follow_ups] == [date(2026, 9, 1), date(2029, 6, 1)]
    assert again.case.set_number == 2
    assert not {one.id for one in again.case.follow_ups} & {one.id for one in case.follow_ups}


def test_an_arrival_taken_back_leaves_what_an_earlier_one_began() -> None:
    case = arrived(DAY)
    case = custody(case, change(Cause.ARRIVED, segment=2, office_id=ELSEWHERE, on=DUE_3M), morning(DUE_3M)).case
    back = change(Cause.ARRIVAL_RETRACTED, segment=3, office_id=HERE, phase=Phase.IN_TRANSIT)
    decision = custody(case, back, morning(DUE_3M))
    assert decision.case.office_id == HERE
    assert decision.case.phase is Phase.FOLLOW_UP
    assert decision.events == (Scheduled(3, case.open_follow_ups),)
    assert (decision.arm, decision.disarm) == ((), ())


def test_an_arrival_taken_back_after_a_record_cancels_nothing() -> None:
    case = recorded(arrived(DAY, now=morning(DUE_3M)), Kind.MONTHS_3, DUE_3M)
    back = change(Cause.ARRIVAL_RETRACTED, segment=2, office_id=ELSEWHERE, phase=Phase.IN_TRANSIT)
    decision = custody(case, back, morning(DUE_3M))
    assert watched(decision.case) == [("FOLLOW_UP_3Y", True, DUE_3Y)]


@pytest.mark.parametrize(("cause", "phase"), [(Cause.WITHDRAWN, Phase.WITHDRAWN), (Cause.CLOSED, Phase.CLOSED)])
def test_ended_by_others_nothing_stays_open(cause: Cause, phase: Phase) -> None:
    decision = custody(arrived(DAY), change(cause, segment=2, phase=phase), morning(DAY))
    assert decision.case.phase is phase
    assert watched(decision.case) == []
    assert decision.case.open_follow_ups == ()
    assert decision.events == ()


def test_reopened_by_others_is_watched_and_answered() -> None:
    case = custody(arrived(DAY), change(Cause.CLOSED, segment=1, phase=Phase.CLOSED), morning(DAY)).case
    decision = custody(case, change(Cause.REOPENED, segment=2, phase=Phase.FOLLOW_UP), morning(DAY))
    assert decision.events == (Scheduled(2, decision.case.open_follow_ups),)
    assert len(watched(decision.case)) == 3


@pytest.mark.parametrize("reason", [each for each in CloseReason if each is not CloseReason.PERIOD_ENDED])
def test_any_reason_but_the_end_of_the_period_closes_at_any_time(reason: CloseReason) -> None:
    decision = domain.close(arrived(DAY), reason, now=morning(DAY), calendar=CALENDAR)
    assert decision.events == (Closed(reason),)
    assert decision.arm == ()
    assert len(decision.disarm) == 3
    assert {one.state for one in decision.case.follow_ups} == {State.CANCELLED}


def test_the_period_ends_with_the_last_follow_up_even_without_the_first() -> None:
    case = arrived(DAY)
    with pytest.raises(domain.FollowUpPeriodNotEnded):
        domain.close(case, CloseReason.PERIOD_ENDED, now=morning(DUE_3Y), calendar=CALENDAR)
    case = recorded(case, Kind.YEARS_3, DUE_3Y)
    closed = domain.close(case, CloseReason.PERIOD_ENDED, now=morning(DUE_3Y), calendar=CALENDAR).case
    assert of_kind(closed, Kind.MONTHS_3).state is State.CANCELLED
    assert of_kind(closed, Kind.YEARS_3).state is State.RECORDED


def test_a_reopened_case_is_overdue_at_once_and_not_by_delay() -> None:
    case = domain.close(arrived(DAY), CloseReason.LEFT_AREA, now=morning(DAY), calendar=CALENDAR).case
    now = morning(DUE_3M + timedelta(days=200))
    decision = domain.reopen(case, now=now, calendar=CALENDAR)
    assert decision.events == (Reopened(),)
    assert [one.due_on for one in decision.case.open_follow_ups] == [DUE_3M, DUE_3Y]
    [primary] = [each for each in decision.arm if each.is_primary]
    assert (primary.due.due_on, primary.fire_at) == (DUE_3M, now)
    due = fired(decision.case, "FOLLOW_UP_3M", now)
    assert [each.fire_at for each in due.arm] == [now]


def test_a_case_reopened_after_its_last_record_gets_the_full_time_to_decide() -> None:
    case = recorded(recorded(arrived(DAY), Kind.MONTHS_3, DUE_3M), Kind.YEARS_3, DUE_3Y)
    case = domain.close(case, CloseReason.PERIOD_ENDED, now=morning(DUE_3Y), calendar=CALENDAR).case
    year_later = DUE_3Y + timedelta(days=365)
    case = domain.reopen(case, now=morning(year_later), calendar=CALENDAR).case
    assert watched(case) == [("CLOSE_DECISION", True, year_later + timedelta(days=30))]


def test_closing_and_reopening_know_where_the_case_stands() -> None:
    case = arrived(DAY)
    with pytest.raises(domain.FollowUpCaseNotClosed):
        domain.reopen(case, now=morning(DAY), calendar=CALENDAR)
    closed = domain.close(case, CloseReason.DIED, now=morning(DAY), calendar=CALENDAR).case
    with pytest.raises(domain.FollowUpCaseAlreadyClosed):
        domain.close(closed, CloseReason.DIED, now=morning(DAY), calendar=CALENDAR)
    with pytest.raises(domain.FollowUpCaseClosed):
        recorded(closed, Kind.MONTHS_3, DUE_3M)
    back = change(Cause.ARRIVAL_RETRACTED, segment=2, phase=Phase.IN_TRANSIT)
    elsewhere = custody(case, back, morning(DAY)).case
    for verb in (
        lambda: recorded(elsewhere, Kind.MONTHS_3, DUE_3M),
        lambda: domain.close(elsewhere, CloseReason.DIED, now=morning(DAY), calendar=CALENDAR),
        lambda: domain.reopen(elsewhere, now=morning(DAY), calendar=CALENDAR),
    ):
        with pytest.raises(domain.FollowUpNotStarted):
            verb()


def test_our_own_closings_coming_back_late_undo_nothing() -> None:
    now = morning(DAY)
    case = domain.close(arrived(DAY), CloseReason.LEFT_AREA, now=now, calendar=CALENDAR).case
    case = domain.reopen(case, now=now, calendar=CALENDAR).case
    case = domain.close(case, CloseReason.SECURITY, now=now, calendar=CALENDAR).case
    for cause in (Cause.CLOSED, Cause.REOPENED, Cause.CLOSED):
        decision = custody(case, change(cause), now)
        assert decision.events == ()
        assert replace(decision.case, echoes_due=0) == replace(case, echoes_due=0)
        case = decision.case
    assert case.echoes_due == 0


def test_custody_that_passes_undoes_a_closing_it_crossed() -> None:
    case = domain.close(arrived(DAY), CloseReason.LEFT_AREA, now=morning(DAY), calendar=CALENDAR).case
    told = change(Cause.ARRIVED, segment=2, office_id=ELSEWHERE, on=DUE_3M)
    decision = custody(case, told, morning(DAY))
    assert [type(event) for event in decision.events] == [Reopened, Scheduled]
    assert decision.case.echoes_due == 0
    assert len(decision.arm) == 3


def test_a_deadline_that_is_not_watched_cannot_fire() -> None:
    with pytest.raises(ValueError, match="not watched"):
        fired(arrived(DAY), "LOST_TO_FOLLOW_UP", morning(DAY))


def test_an_arrival_long_ago_is_said_in_one_go() -> None:
    case = arrived(DAY, now=morning(DUE_3M + timedelta(days=100)))
    assert of_kind(case, Kind.MONTHS_3).stage is Stage.SCHEDULED
    assert domain.watches(case, CALENDAR)[0].fire_at == morning(DUE_3M + timedelta(days=100))


# First contact --------------------------------------------------------------------------------

CONTACT_BY = DAY + timedelta(days=7)


def contacted(case: FollowUpCase, outcome: ContactOutcome, on: date | None = None, *, now: date = DAY) -> Decision:
    """The case after an attempt at home."""
    return domain.record_contact(case, outcome, on, now=morning(now), calendar=CALENDAR)


def awaits_contact(case: FollowUpCase) -> bool:
    """Whether the first contact is watched."""
    return "FIRST_CONTACT" in [rule for rule, _, _ in watched(case)]


def test_whoever_is_reached_needs_no_first_contact_any_more() -> None:
    decision = contacted(arrived(DAY), ContactOutcome.REACHED)
    assert decision.events == (ContactMade(Contact(DAY, ContactOutcome.REACHED)),)
    assert [each.due.rule_code for each in decision.disarm] == ["FIRST_CONTACT"]
    assert not awaits_contact(decision.case)


@pytest.mark.parametrize("outcome", [ContactOutcome.NOT_AT_ADDRESS, ContactOutcome.MOVED_AWAY])
def test_a_failed_attempt_is_told_and_leaves_the_first_contact_due(outcome: ContactOutcome) -> None:
    decision = contacted(arrived(DAY), outcome, now=DAY + timedelta(days=1))
    assert decision.events == (ContactMade(Contact(DAY + timedelta(days=1), outcome)),)
    assert (decision.arm, decision.disarm) == ((), ())
    assert awaits_contact(decision.case)


def test_an_attempt_counts_once_a_day_for_each_outcome() -> None:
    case = contacted(arrived(DAY), ContactOutcome.NOT_AT_ADDRESS).case
    again = contacted(case, ContactOutcome.NOT_AT_ADDRESS)
    assert (again.case, again.events) == (case, ())
    other = contacted(case, ContactOutcome.REACHED)
    assert len(other.case.contacts) == 2


def test_an_overdue_first_contact_is_told_once() -> None:
    case = arrived(DAY)
    passed = morning(CONTACT_BY + timedelta(days=1))
    decision = fired(case, "FIRST_CONTACT", passed, None)
    assert decision.events == (Escalated(None, "FIRST_CONTACT", 1, False),)
    assert not awaits_contact(decision.case)
    assert [rule for rule, is_primary, _ in watched(decision.case) if is_primary] == ["FOLLOW_UP_3M"]
    late = contacted(decision.case, ContactOutcome.REACHED, now=CONTACT_BY + timedelta(days=9))
    assert len(late.events) == 1


def test_a_recorded_follow_up_is_a_contact() -> None:
    assert not awaits_contact(recorded(arrived(DAY), Kind.MONTHS_3, DUE_3M))


@pytest.mark.parametrize(
    ("on", "code"), [(DAY + timedelta(days=3), "IN_THE_FUTURE"), (DAY - timedelta(days=1), "TOO_EARLY")]
)
def test_an_attempt_lies_between_the_arrival_and_today(on: date, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        contacted(arrived(DAY), ContactOutcome.REACHED, on, now=DAY + timedelta(days=2))
    assert [(one.field, one.code) for one in caught.value.violations] == [("contacted_on", code)]


def test_nobody_is_contacted_before_the_arrival_or_after_the_end() -> None:
    back = custody(arrived(DAY), change(Cause.ARRIVAL_RETRACTED, segment=2, phase=Phase.IN_TRANSIT), morning(DAY)).case
    with pytest.raises(domain.FollowUpNotStarted):
        contacted(back, ContactOutcome.REACHED)
    closed = domain.close(arrived(DAY), CloseReason.DIED, now=morning(DAY), calendar=CALENDAR).case
    assert not awaits_contact(closed)
    with pytest.raises(domain.FollowUpCaseClosed):
        contacted(closed, ContactOutcome.REACHED)


# Custody that passes otherwise ----------------------------------------------------------------


def test_days_overdue_are_no_failed_attempts() -> None:
    case = arrived(DAY)
    for rule in ("FOLLOW_UP_3M", "FOLLOW_UP_OVERDUE_3M"):
        case = fired(case, rule, morning(DUE_3M + timedelta(days=90))).case
    [lost] = fired(case, "LOST_TO_FOLLOW_UP", morning(DUE_3M + timedelta(days=90))).events
    assert isinstance(lost, Lost)
    assert not lost.not_reached


def test_an_admission_moves_a_set_and_can_be_taken_back_like_an_arrival() -> None:
    home = arrived(DAY)
    admitted = custody(home, change(Cause.ADMITTED, segment=2, office_id="RC-01", phase=Phase.ADMITTED), morning(DAY))
    stays = admitted.case
    assert admitted.events == (Scheduled(2, home.follow_ups),)
    assert (stays.office_id, stays.arrived_on, stays.set_number) == ("RC-01", DAY, 1)
    assert not awaits_contact(stays)
    back = custody(stays, change(Cause.ARRIVAL_RETRACTED, segment=3, phase=Phase.IN_TRANSIT), morning(DAY))
    assert (back.case.phase, back.case.office_id) == (Phase.FOLLOW_UP, HERE)
    assert back.case.open_follow_ups == home.follow_ups


def test_an_admission_after_an_arrival_taken_back_begins_no_set() -> None:
    back = custody(arrived(DAY), change(Cause.ARRIVAL_RETRACTED, segment=2, phase=Phase.IN_TRANSIT), morning(DAY)).case
    admitted = custody(back, change(Cause.ADMITTED, segment=3, phase=Phase.ADMITTED), morning(DAY))
    assert (admitted.case.phase, admitted.case.arrived_on) == (Phase.ADMITTED, None)
    assert (admitted.events, admitted.arm) == ((), ())
    home = custody(admitted.case, change(Cause.ARRIVED, segment=4, on=DAY), morning(DAY), first_id=200)
    assert home.case.set_number == 2


def test_somebody_found_at_home_begins_a_set_from_the_day_she_has_been_there() -> None:
    found = custody(None, change(Cause.FOUND, segment=2, on=DAY), morning(DAY + timedelta(days=20)))
    assert (found.case.arrived_on, found.case.phase) == (DAY, Phase.FOLLOW_UP)
    assert found.events == (Scheduled(2, found.case.follow_ups),)


def test_somebody_found_again_keeps_her_set() -> None:
    home = arrived(DAY)
    found = custody(home, change(Cause.FOUND, segment=2, office_id=ELSEWHERE, on=DUE_3M), morning(DUE_3M))
    assert (found.case.arrived_on, found.case.office_id) == (DAY, ELSEWHERE)
    assert found.events == (Scheduled(2, home.follow_ups),)


@pytest.mark.parametrize("cause", [Cause.REASSIGNED, Cause.OFFICE_ENDED, Cause.FOUND])
@pytest.mark.parametrize("phase", [Phase.FOLLOW_UP, Phase.SEARCH, Phase.ADMITTED])
def test_whoever_takes_over_gets_the_set_as_it_stands(cause: Cause, phase: Phase) -> None:
    home = fired(arrived(DAY), "FOLLOW_UP_3M", morning(DUE_3M)).case
    moved = custody(home, change(cause, segment=2, office_id=ELSEWHERE, phase=phase), morning(DUE_3M))
    assert (moved.case.office_id, moved.case.phase) == (ELSEWHERE, Phase.FOLLOW_UP)
    assert moved.events == (Scheduled(2, moved.case.open_follow_ups),)
    assert (moved.arm, moved.disarm) == ((), ())


def test_a_case_that_goes_on_as_another_ends() -> None:
    ended = custody(arrived(DAY), change(Cause.RE_IDENTIFIED, phase=Phase.CLOSED), morning(DAY))
    assert (ended.case.phase, ended.case.close_reason) == (Phase.CLOSED, None)
    assert watched(ended.case) == []
    assert ended.events == ()


def test_the_end_as_another_case_is_no_answer_to_our_closing() -> None:
    case = domain.close(arrived(DAY), CloseReason.LEFT_AREA, now=morning(DAY), calendar=CALENDAR).case
    ended = custody(case, change(Cause.RE_IDENTIFIED, phase=Phase.CLOSED), morning(DAY)).case
    assert (ended.phase, ended.close_reason, ended.echoes_due) == (Phase.CLOSED, CloseReason.LEFT_AREA, 0)
