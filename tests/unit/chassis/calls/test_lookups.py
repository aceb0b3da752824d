"""Cases that are asked for in vain are counted, and after so many nothing is looked up any more."""

from __future__ import annotations

import pytest

from homeward.handover.v1 import journeys_pb2, transfers_pb2
from homeward.handover.v1.custody_pb2 import GetCustodyRequest
from services.chassis.calls.lookups import LATE_MAX, UNKNOWN_MAX, WINDOW_S, Lookups
from services.chassis.kernel.errors import CaseNotFound, FieldViolation, InvalidInput, TooManyUnknownCases
from services.chassis.kernel.roles import OWN, Caller, Role

ME = Caller("me", "SA-24", Role.SUPPORT_AGENCY, OWN)
OTHERS = (Caller("you", "SA-22", Role.SUPPORT_AGENCY, OWN), Caller("he", "SA-24", Role.SUPPORT_AGENCY, OWN))


class Time:
    """Seconds that are set."""

    s = 0.0

    def __call__(self) -> float:
        """Now."""
        return self.s


def asked(number: int) -> GetCustodyRequest:
    """One case after the other."""
    return GetCustodyRequest(case=f"HW-{number}")


@pytest.mark.attack(30, "hundreds of numbers are tried out")
def test_after_so_many_nothing_is_looked_up_any_more_for_an_hour() -> None:
    time = Time()
    lookups = Lookups(time)
    for number in range(UNKNOWN_MAX):
        lookups.require_room(ME, asked(number))
        assert lookups.missed(ME, asked(number), CaseNotFound()) == 1
        time.s += 60
    with pytest.raises(TooManyUnknownCases) as refused:
        lookups.require_room(ME, asked(99))
    assert refused.value.details == {"limit": "20", "retry_after_minutes": "40"}
    for other in OTHERS:
        lookups.require_room(other, asked(0))
    lookups.require_room(ME, transfers_pb2.ListTransfersRequest())
    time.s = WINDOW_S + 1
    lookups.require_room(ME, asked(0))


def test_that_an_account_came_to_the_limit_is_to_be_told_once_an_hour() -> None:
    time = Time()
    lookups = Lookups(time)
    for number in range(UNKNOWN_MAX):
        assert not lookups.is_to_be_told(ME)
        lookups.missed(ME, asked(number), CaseNotFound())
        time.s += 60
    assert [lookups.is_to_be_told(ME), lookups.is_to_be_told(ME)] == [True, False]
    assert not any(map(lookups.is_to_be_told, OTHERS))
    # The oldest are forgotten, and it goes on trying: full again, but told of already.
    time.s = WINDOW_S + 1
    lookups.missed(ME, asked(99), CaseNotFound())
    assert not lookups.is_to_be_told(ME)
    time.s = 2 * WINDOW_S + 1
    for number in range(UNKNOWN_MAX):
        lookups.missed(ME, asked(number), CaseNotFound())
    assert lookups.is_to_be_told(ME)


def test_the_same_case_again_and_again_is_one() -> None:
    lookups = Lookups(Time())
    for _ in range(5 * UNKNOWN_MAX):
        lookups.missed(ME, asked(1), CaseNotFound())
    lookups.require_room(ME, asked(2))


def test_what_is_there_a_moment_later_was_not_asked_for_in_vain() -> None:
    lookups = Lookups(Time())
    for number in range(5 * UNKNOWN_MAX):
        lookups.missed(ME, asked(number), CaseNotFound())
        lookups.found(ME, "/homeward.handover.v1.CustodyService/GetCustody", asked(number))
    lookups.require_room(ME, asked(0))


def test_what_was_asked_for_already_may_be_asked_for_again_and_makes_room_once_it_is_there() -> None:
    lookups = Lookups(Time())
    for number in range(UNKNOWN_MAX):
        lookups.missed(ME, asked(number), CaseNotFound())
    lookups.require_room(ME, asked(7))
    lookups.found(ME, "/homeward.handover.v1.CustodyService/GetCustody", asked(7))
    lookups.require_room(ME, asked(99))


def test_whoever_opens_what_she_registered_while_news_are_late_is_no_prober() -> None:
    time, late = Time(), True
    lookups = Lookups(time, lambda: late)
    for number in range(LATE_MAX):
        lookups.require_room(ME, asked(number))
        lookups.missed(ME, asked(number), CaseNotFound())
        time.s += 1
    with pytest.raises(TooManyUnknownCases) as refused:
        lookups.require_room(ME, asked(9_999))
    assert refused.value.details["limit"] == str(LATE_MAX)
    for number in range(LATE_MAX):
        lookups.found(ME, "/homeward.handover.v1.CustodyService/GetCustody", asked(number))
    late = False
    for number in range(UNKNOWN_MAX):
        lookups.require_room(ME, asked(number))
        lookups.missed(ME, asked(number), CaseNotFound())
    with pytest.raises(TooManyUnknownCases):
        lookups.require_room(ME, asked(9_999))


@pytest.mark.attack(30, "a list that is empty makes no number known")
def test_a_list_says_nothing_of_whether_there_is_a_case() -> None:
    lookups = Lookups(Time())
    for number in range(UNKNOWN_MAX):
        lookups.missed(ME, asked(number), CaseNotFound())
        lookups.found(ME, "/homeward.intake.v1.BreakGlassService/ListBreakGlass", asked(number))
    with pytest.raises(TooManyUnknownCases):
        lookups.require_room(ME, asked(99))


def test_rows_count_each_and_other_errors_do_not() -> None:
    lookups = Lookups(Time())
    journey = journeys_pb2.DispatchJourneyRequest(
        rows=[journeys_pb2.JourneyRow(case=f"HW-{number}") for number in range(60)]
    )
    wrong = InvalidInput([FieldViolation(row, "case", "REQUIRED") for row in range(1, 61)])
    assert lookups.missed(ME, journey, wrong) == 0
    assert lookups.missed(ME, journey, ValueError()) == 0
    lookups.require_room(ME, journey)


def test_the_accounts_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.chassis.calls.windows.ACCOUNTS_MAX", 3)
    lookups = Lookups(Time())
    for number in range(9):
        lookups.missed(Caller(f"s{number}", "SA-24", Role.SUPPORT_AGENCY, OWN), asked(1), CaseNotFound())
    assert len(lookups._missed._done) == 3


@pytest.mark.attack(30, "hundreds of numbers are tried out by one person, with tokens of several offices")
@pytest.mark.parametrize(("subject", "office_id"), [("me", "SA-22"), ("Me ", "SA-24"), ("ｍｅ", "SV-22")])
def test_another_office_or_another_spelling_is_no_other_person(subject: str, office_id: str) -> None:
    lookups = Lookups(Time())
    for number in range(UNKNOWN_MAX):
        lookups.missed(ME, asked(number), CaseNotFound())
    with pytest.raises(TooManyUnknownCases):
        lookups.require_room(Caller(subject, office_id, Role.SUPPORT_AGENCY, OWN), asked(UNKNOWN_MAX))
