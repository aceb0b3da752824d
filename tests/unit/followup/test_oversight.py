"""Whose work a case is, what of it is due, and what became of the follow-ups of a month."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.chassis.kernel.deadlines import Timeliness
from services.chassis.kernel.figures import Figure
from services.followup.domain.entry import Kind
from services.followup.domain.oversight import (
    NOBODY,
    Next,
    Result,
    Work,
    Workload,
    WorkWanted,
    in_order,
    months_until,
    sort_key,
    trend,
    workloads,
)

TODAY = date(2026, 11, 30)


def work(number: int, days: int | None, *, overdue: bool = False, officer: str = "aa", office: str = "SA-01") -> Work:
    """A case whose next visit is due in so many days; None: none is open."""
    timeliness = Timeliness.OVERDUE if overdue else Timeliness.ON_TIME
    due = None if days is None else Next(Kind.MONTHS_3, TODAY + timedelta(days=days), timeliness)
    return Work(uuid.UUID(int=number), f"HW-{number}", office, officer, due)


def test_an_open_case_counts_once_by_its_next_visit() -> None:
    works = [work(1, 0), work(2, 7), work(3, 8), work(4, 30), work(5, 31), work(6, -40, overdue=True), work(7, None)]
    assert workloads(works, {("SA-01", "aa"): 3}, TODAY) == [Workload("SA-01", "aa", 7, 2, 4, 1, 3)]


def test_officers_are_told_apart_by_office_and_those_who_wrote_without_an_open_case_are_there_too() -> None:
    works = [work(1, 1), work(2, 1, officer=NOBODY), work(3, 1, office="SA-22")]
    found = workloads(works, {("SA-01", "bb"): 2}, TODAY)
    assert [(each.office_id, each.officer, each.open_cases, each.visits_written) for each in found] == [
        ("SA-01", NOBODY, 1, 0),
        ("SA-01", "aa", 1, 0),
        ("SA-01", "bb", 0, 2),
        ("SA-22", "aa", 1, 0),
    ]


@pytest.mark.parametrize(
    ("wanted", "cases"),
    [
        (WorkWanted(), {1, 2, 3, 4}),
        (WorkWanted(officer="bb"), {2}),
        (WorkWanted(due_within_days=7), {1, 2}),
        (WorkWanted(overdue_only=True), {3}),
        (WorkWanted(officer="bb", overdue_only=True), set()),
    ],
)
def test_the_rows_are_those_that_are_counted(wanted: WorkWanted, cases: set[int]) -> None:
    works = [work(1, 1), work(2, 2, officer="bb"), work(3, -30, overdue=True), work(4, None)]
    assert {each.case_id.int for each in works if wanted.takes(each, TODAY)} == cases


def test_the_week_is_what_is_overdue_or_due_within_seven_days_and_whoever_is_in_danger() -> None:
    works = [work(1, 7), work(2, 8), work(3, -90, overdue=True), work(4, None), replace(work(5, 400), safety_act=True)]
    week = WorkWanted(this_week=True)
    assert {each.case_id.int for each in works if week.takes(each, TODAY)} == {1, 3, 5}


def test_work_comes_in_the_order_of_its_days_and_page_by_page() -> None:
    works = [work(4, None), work(2, 5), work(1, 5), work(3, -1)]
    ordered = in_order(works)
    assert [each.case_id.int for each in ordered] == [3, 1, 2, 4]
    assert in_order(works, sort_key(ordered[1])) == ordered[2:]


def test_the_rule_of_a_first_contact_is_its_own() -> None:
    assert Next(None, TODAY, Timeliness.DUE).rule == "FIRST_CONTACT"
    assert Next(Kind.YEARS_3, TODAY, Timeliness.DUE).rule == "FOLLOW_UP_3Y"


def test_twelve_months_end_with_that_of_today() -> None:
    assert months_until(TODAY) == [date(2025, 12, 1), *(date(2026, month, 1) for month in range(1, 12))]
    assert months_until(date(2026, 1, 31))[-1] == date(2026, 1, 1)


def test_an_office_sees_all_of_its_own_and_others_nothing_small() -> None:
    counted = {date(2026, 10, 1): {Result.TO_BE_MADE: 40, Result.DONE_IN_TIME: 37, Result.DONE_LATE: 3}}
    own, others = (trend(counted, TODAY, own=each)[-2].counts for each in (True, False))
    assert own[Result.DONE_LATE] == Figure(3)
    assert own[Result.LOST] == Figure(0)
    assert others[Result.TO_BE_MADE] == Figure(40)
    assert others[Result.DONE_LATE] == others[Result.DONE_IN_TIME] == Figure(None)
    assert others[Result.LOST] == Figure(0)
