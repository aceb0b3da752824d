from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import VIET_NAM, start_of_local_day
from services.chassis.kernel.deadlines import (
    FACILITY_STAY,
    OVERDUE_AFTER_DAYS,
    RULE_VERSIONS,
    RULES,
    Basis,
    Rule,
    Timeliness,
    Unit,
    due_date,
    facility_stay_code,
    is_past,
    next_due_date,
    remind_at,
    rule_on,
    timeliness,
)
from services.chassis.kernel.roles import FacilityKind

CALENDAR = WorkingCalendar(
    version="test-1",
    days_off=frozenset({date(2024, 4, 29), date(2024, 4, 30), date(2024, 5, 1)}),
    working_weekend_days=frozenset({date(2024, 5, 4)}),
    known_from=date(2024, 1, 1),
    known_until=date(2024, 12, 31),
)


@pytest.mark.parametrize(
    ("code", "amount", "unit", "basis"),
    [
        ("HANDOVER_TO_COMMUNE", 24, Unit.HOURS, Basis.POLICY),
        ("COMMUNE_NOTIFY", 24, Unit.HOURS, Basis.POLICY),
        ("RETURNED_TO_SUPPORT_AGENCY", 24, Unit.HOURS, Basis.POLICY),
        ("INITIAL_VERIFY", 3, Unit.CALENDAR_DAYS, Basis.LAW),
        ("POLICE_VERIFY_REPLY", 20, Unit.CALENDAR_DAYS, Basis.OPEN),
        ("IDENTIFICATION_ESCALATE", 14, Unit.CALENDAR_DAYS, Basis.POLICY),
        ("POLICE_VERIFY_REPLY_COMPLEX", 2, Unit.MONTHS, Basis.OPEN),
        ("TRANSFER_ACKNOWLEDGE", 3, Unit.WORKING_DAYS, Basis.POLICY),
        ("TRANSFER_LOST", 7, Unit.CALENDAR_DAYS, Basis.POLICY),
        ("DISPATCH_DUE", 10, Unit.CALENDAR_DAYS, Basis.POLICY),
        ("NOT_SENT_ON", 20, Unit.CALENDAR_DAYS, Basis.POLICY),
        ("REDISPATCH_AFTER_REJECT", 2, Unit.WORKING_DAYS, Basis.POLICY),
        ("DISPATCH_AFTER_DISCHARGE", 2, Unit.WORKING_DAYS, Basis.POLICY),
        ("SEARCH_ESCALATE", 7, Unit.CALENDAR_DAYS, Basis.POLICY),
        ("FOLLOW_UP_ESCALATE", 14, Unit.CALENDAR_DAYS, Basis.POLICY),
        ("CLOSE_DECISION", 30, Unit.CALENDAR_DAYS, Basis.POLICY),
        ("REINTEGRATION_PLAN", 1, Unit.MONTHS, Basis.REPORT),
        ("SUPPORT_APPLY_WINDOW", 12, Unit.MONTHS, Basis.OPEN),
        ("SUPPORT_DECISION", 9, Unit.WORKING_DAYS, Basis.LAW),
        ("FIRST_CONTACT", 7, Unit.CALENDAR_DAYS, Basis.POLICY),
        ("FOLLOW_UP_3M", 3, Unit.MONTHS, Basis.POLICY),
        ("FOLLOW_UP_3Y", 3, Unit.YEARS, Basis.POLICY),
        ("FOLLOW_UP_OVERDUE_3M", 14, Unit.CALENDAR_DAYS, Basis.POLICY),
        ("FOLLOW_UP_OVERDUE_3Y", 30, Unit.CALENDAR_DAYS, Basis.POLICY),
        ("LOST_TO_FOLLOW_UP", 60, Unit.CALENDAR_DAYS, Basis.POLICY),
    ],
)
def test_the_limits_are_those_of_the_procedure(code: str, amount: int, unit: Unit, basis: Basis) -> None:
    rule = RULES[code]
    assert (rule.amount, rule.unit, rule.basis) == (amount, unit, basis)
    assert rule.legal_source


@pytest.mark.parametrize(
    ("kind", "amount", "unit", "basis"),
    [
        (FacilityKind.SOCIAL_PROTECTION_CENTRE, 60, Unit.CALENDAR_DAYS, Basis.OPEN),
        (FacilityKind.ASSESSMENT_CENTRE, 60, Unit.CALENDAR_DAYS, Basis.OPEN),
        (FacilityKind.SHELTER, 24, Unit.MONTHS, Basis.REPORT),
    ],
)
def test_a_stay_is_limited_by_kind_of_facility(kind: FacilityKind, amount: int, unit: Unit, basis: Basis) -> None:
    rule = FACILITY_STAY[kind]
    assert (rule.amount, rule.unit, rule.basis) == (amount, unit, basis)


@pytest.mark.parametrize(
    "code",
    [facility_stay_code(FacilityKind.SOCIAL_PROTECTION_CENTRE), "SUPPORT_APPLY_WINDOW"],
)
def test_what_was_law_until_june_2025_is_open_since(code: str) -> None:
    assert rule_on(code, date(2025, 6, 30)).basis is Basis.LAW
    assert rule_on(code, date(2025, 7, 1)).basis is Basis.OPEN
    assert [rule.version for rule in RULE_VERSIONS[code]] == [1, 2]


def test_every_date_has_exactly_one_built_in_version() -> None:
    for versions in RULE_VERSIONS.values():
        for day in (date(2004, 1, 1), date(2025, 6, 30), date(2025, 7, 1), date(2040, 1, 1)):
            assert sum(rule.holds_on(day) for rule in versions) == 1


@pytest.mark.parametrize(
    "code",
    [
        "DISPATCH_DUE",
        "INITIAL_VERIFY",
        *(rule.code for rule in FACILITY_STAY.values()),
        "TRANSFER_ACKNOWLEDGE",
        "REDISPATCH_AFTER_REJECT",
        "DISPATCH_AFTER_DISCHARGE",
        "SEARCH_ESCALATE",
        "OBLIGATIONS_CONFIRM",
        "FOLLOW_UP_3M",
        "FOLLOW_UP_3Y",
        "CLOSE_DECISION",
    ],
)
def test_a_case_never_runs_out_of_deadlines(code: str) -> None:
    rule = RULES[code]
    seen = {code}
    while not rule.repeats:
        assert rule.then is not None
        assert rule.then not in seen
        rule = RULES[rule.then]
        seen.add(rule.code)


@pytest.mark.parametrize(
    ("code", "start", "due_on"),
    [
        ("INITIAL_VERIFY", date(2024, 5, 10), date(2024, 5, 13)),
        ("TRANSFER_ACKNOWLEDGE", date(2024, 4, 26), date(2024, 5, 4)),
        ("FOLLOW_UP_3M", date(2024, 11, 30), date(2025, 2, 28)),
        ("FOLLOW_UP_3Y", date(2024, 2, 29), date(2027, 2, 28)),
        # The first overdue day is the 14th after; the last before it is the 13th.
        ("FOLLOW_UP_OVERDUE_3M", date(2024, 5, 1), date(2024, 5, 14)),
        # A due day on a Sunday stays there.
        ("FIRST_CONTACT", date(2024, 5, 5), date(2024, 5, 12)),
    ],
)
def test_due_dates(code: str, start: date, due_on: date) -> None:
    due = due_date(RULES[code], start, CALENDAR)
    assert due.due_on == due_on
    assert due.due_at == start_of_local_day(due_on + timedelta(days=1))
    assert due.due_at.tzinfo is UTC
    assert (due.rule_code, due.rule_version, due.calendar_version) == (code, 1, "test-1")


def test_an_instant_stands_for_its_local_day() -> None:
    late_evening_utc = datetime(2024, 5, 9, 17, 30, tzinfo=UTC)
    assert due_date(RULES["FIRST_CONTACT"], late_evening_utc, CALENDAR).due_on == date(2024, 5, 17)


def test_hours_run_to_the_instant() -> None:
    start = datetime(2024, 5, 9, 8, 15, 30, tzinfo=VIET_NAM)
    due = due_date(RULES["COMMUNE_NOTIFY"], start, CALENDAR)
    assert due.due_at == datetime(2024, 5, 10, 1, 15, 30, tzinfo=UTC)
    assert due.due_on == date(2024, 5, 10)
    assert not due.has_passed(due.due_at - timedelta(microseconds=1))
    assert due.has_passed(due.due_at)


def test_hours_need_an_aware_instant() -> None:
    with pytest.raises(ValueError, match="instant"):
        due_date(RULES["COMMUNE_NOTIFY"], date(2024, 5, 9), CALENDAR)
    naive = datetime.fromisoformat("2024-05-09T08:15")
    with pytest.raises(ValueError, match="time zone"):
        due_date(RULES["COMMUNE_NOTIFY"], naive, CALENDAR)
    with pytest.raises(ValueError, match="time zone"):
        due_date(RULES["FIRST_CONTACT"], naive, CALENDAR)


def test_only_working_days_beyond_the_announced_calendar_are_provisional() -> None:
    late_december = date(2024, 12, 30)
    assert due_date(RULES["TRANSFER_ACKNOWLEDGE"], late_december, CALENDAR).provisional
    assert not due_date(RULES["FOLLOW_UP_3Y"], late_december, CALENDAR).provisional
    assert not due_date(RULES["TRANSFER_ACKNOWLEDGE"], date(2024, 12, 2), CALENDAR).provisional


def test_a_limit_after_a_missed_one_runs_from_the_moment_of_missing() -> None:
    missed = due_date(RULES["TRANSFER_ACKNOWLEDGE"], date(2024, 5, 6), CALENDAR)
    lost = due_date(RULES["TRANSFER_LOST"], missed.due_on, CALENDAR)
    assert lost.due_at - missed.due_at == timedelta(days=7)


def test_a_repeating_rule_keeps_its_grid_and_fires_once_for_an_outage() -> None:
    rule = RULES["SEARCH_ESCALATE"]
    first = due_date(rule, date(2024, 5, 1), CALENDAR)
    on_time = next_due_date(rule, first, first.due_at, CALENDAR)
    assert on_time.due_on == first.due_on + timedelta(days=7)
    after_an_outage = next_due_date(rule, first, first.due_at + timedelta(days=17), CALENDAR)
    assert after_an_outage.due_on == first.due_on + timedelta(days=21)


def test_a_repeating_rule_in_hours_steps_from_instant_to_instant() -> None:
    rule = RULES["OBLIGATIONS_CONFIRM"]
    first = due_date(rule, datetime(2024, 5, 1, 9, 30, tzinfo=UTC), CALENDAR)
    second = next_due_date(rule, first, first.due_at, CALENDAR)
    assert second.due_at - first.due_at == timedelta(hours=24)


def test_a_rule_that_does_not_repeat_is_not_armed_again() -> None:
    rule = RULES["TRANSFER_LOST"]
    due = due_date(rule, date(2024, 5, 1), CALENDAR)
    with pytest.raises(ValueError, match="does not repeat"):
        next_due_date(rule, due, due.due_at, CALENDAR)


@pytest.mark.parametrize(("amount", "before_h"), [(1, 24), (3, 72), (9, 9 * 24), (11, 10 * 24), (30, 10 * 24)])
def test_a_reminder_comes_so_long_before_and_at_half_of_a_short_limit(amount: int, before_h: int) -> None:
    asked_at = start_of_local_day(date(2026, 3, 2))
    due = due_date(replace(RULES["DISPATCH_DUE"], amount=19), asked_at, CALENDAR)
    reminder = replace(RULES["DECISION_DUE_SOON"], amount=amount)
    assert remind_at(due, asked_at, reminder) == due.due_at - timedelta(hours=before_h)


def test_a_thing_due_today_is_in_time() -> None:
    assert not is_past(date(2024, 5, 1), date(2024, 5, 1))
    assert is_past(date(2024, 5, 1), date(2024, 5, 2))


@pytest.mark.parametrize(
    ("days_after_due", "expected"),
    [
        (-1, Timeliness.ON_TIME),
        (0, Timeliness.DUE),
        (1, Timeliness.LATE),
        (13, Timeliness.LATE),
        (14, Timeliness.OVERDUE),
        (400, Timeliness.OVERDUE),
    ],
)
def test_timeliness_of_the_three_month_follow_up(days_after_due: int, expected: Timeliness) -> None:
    due_on = date(2024, 8, 10)
    start_of_day = start_of_local_day(due_on + timedelta(days=days_after_due))
    last_of_day = start_of_day + timedelta(hours=23, minutes=59, seconds=59)
    for now in (start_of_day, last_of_day):
        assert timeliness(due_on, OVERDUE_AFTER_DAYS["FOLLOW_UP_3M"], now) is expected


def test_the_three_year_follow_up_is_overdue_on_the_thirtieth_day() -> None:
    due_on = date(2024, 8, 10)
    now = start_of_local_day(due_on + timedelta(days=30))
    assert timeliness(due_on, OVERDUE_AFTER_DAYS["FOLLOW_UP_3Y"], now) is Timeliness.OVERDUE
    earlier = now - timedelta(microseconds=1)
    assert timeliness(due_on, OVERDUE_AFTER_DAYS["FOLLOW_UP_3Y"], earlier) is Timeliness.LATE


def test_timeliness_needs_at_least_one_day() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        timeliness(date(2024, 5, 1), 0, datetime(2024, 5, 1, tzinfo=UTC))


def test_an_edited_rule_is_a_new_version() -> None:
    edited = RULES["FIRST_CONTACT"].revised(
        amount=5, unit=Unit.WORKING_DAYS, legal_source="provincial plan", basis=Basis.POLICY
    )
    assert (edited.code, edited.version, edited.amount) == ("FIRST_CONTACT", 2, 5)


def test_the_newest_version_that_holds_wins_and_a_gap_is_an_error() -> None:
    first = Rule("EXAMPLE", 1, Unit.MONTHS, "test", Basis.POLICY, valid_from=date(2024, 1, 1))
    second = first.revised(amount=2, unit=Unit.MONTHS, legal_source="test", basis=Basis.POLICY)
    versions = {"EXAMPLE": (first, second)}
    assert rule_on("EXAMPLE", date(2024, 1, 1), versions) is second
    with pytest.raises(LookupError):
        rule_on("EXAMPLE", date(2023, 12, 31), versions)


@pytest.mark.parametrize(
    "change",
    [
        {"code": "lower"},
        {"amount": 0},
        {"version": 0},
        {"repeats": True, "then": "OTHER"},
        {"from_day": True, "unit": Unit.MONTHS},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(change: dict[str, object]) -> None:
    given: dict[str, object] = {
        "code": "EXAMPLE",
        "amount": 1,
        "unit": Unit.CALENDAR_DAYS,
        "legal_source": "test",
        "basis": Basis.POLICY,
    }
    with pytest.raises(ValueError, match=r"code|amount|repeats|calendar days"):
        Rule(**(given | change))  # type: ignore[arg-type]
