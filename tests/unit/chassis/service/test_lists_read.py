"""Which answers are lists of cases; that each has its word is in `tests/unit/client/test_words.py`."""

from __future__ import annotations

import pytest

from homeward.handover.v1 import directory_pb2, open_cases_pb2
from homeward.intake.v1 import reading_pb2
from homeward.notify.v1 import inbox_pb2
from services.chassis.kernel.errors import TooManyListed
from services.chassis.kernel.roles import Caller, Role
from services.chassis.service.lists_read import (
    PEOPLE_OF_DAY_MAX,
    PEOPLE_OF_HOUR_MAX,
    PEOPLE_TOLD,
    Listing,
    people_of,
    rows_of,
)

SUPERVISOR = Caller("a.supervisor", "SV-NATIONAL", Role.SUPERVISOR, "national")
OTHER = Caller("another", "SV-22", Role.SUPERVISOR, "22@2025")


class Now:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def people(first: int, count: int) -> list[str]:
    return [f"case-{number}" for number in range(first, first + count)]


@pytest.mark.attack(18, "a supervisor lists the whole country, page by page")
def test_whoever_lists_far_more_than_anybody_works_on_is_told_of_once_and_then_given_no_more() -> None:
    now = Now()
    listing, told, given = Listing(now), list[int](), 0
    while given < PEOPLE_OF_HOUR_MAX:
        listing.give(SUPERVISOR, people(given, 200))
        given += 200
        if listing.is_to_be_told(SUPERVISOR):
            told.append(given)
    with pytest.raises(TooManyListed) as refused:
        listing.give(SUPERVISOR, people(given, 200))
    assert told == [600]
    assert refused.value.details["limit"] == str(PEOPLE_OF_HOUR_MAX)
    listing.give(SUPERVISOR, people(0, 50))
    listing.give(SUPERVISOR, ())
    listing.give(OTHER, people(0, 200))
    assert not listing.is_to_be_told(OTHER), "what others list is theirs"
    now.now_s += 3_601
    listing.give(SUPERVISOR, people(given, 200))


def test_nobody_is_refused_who_looks_at_the_same_people_again_and_again() -> None:
    listing = Listing(Now())
    for _ in range(200):
        listing.give(SUPERVISOR, people(0, 200))
    assert not listing.is_to_be_told(SUPERVISOR)
    assert PEOPLE_TOLD < PEOPLE_OF_HOUR_MAX


def test_a_day_has_a_bound_of_its_own() -> None:
    now = Now()
    listing, given = Listing(now), 0
    while given < PEOPLE_OF_DAY_MAX:
        listing.give(SUPERVISOR, people(given, 200))
        given += 200
        now.now_s += 180
    with pytest.raises(TooManyListed):
        listing.give(SUPERVISOR, people(given, 1))


def test_the_cases_of_a_page_are_found_wherever_they_stand() -> None:
    answer = open_cases_pb2.ListCustodiesResponse(cases=[open_cases_pb2.OpenCase(case_id=one) for one in "aab"])
    assert people_of(answer) == {"a", "b"}
    assert people_of(inbox_pb2.ListMessagesResponse(messages=[inbox_pb2.Message()])) == frozenset()


@pytest.mark.parametrize("rows", [0, 3])
def test_the_rows_of_a_list_of_cases_are_counted(rows: int) -> None:
    answer = open_cases_pb2.ListCustodiesResponse(cases=[open_cases_pb2.OpenCase() for _ in range(rows)])
    assert rows_of(answer) == rows


def test_what_is_no_list_of_cases_is_none() -> None:
    assert rows_of(reading_pb2.GetCaseResponse()) is None
    assert rows_of(directory_pb2.ListOfficesResponse(offices=[directory_pb2.Office()])) is None
