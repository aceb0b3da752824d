"""The states of a case that the service's own tests over a connection do not reach."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from services.chassis.kernel.errors import EtagMismatch, HomewardError
from services.intake.domain import case as cases
from services.intake.domain.case import (
    CaseIsWithdrawn,
    CustodyCause,
    CustodyHasPassed,
    Identification,
    PersonIsHome,
    PersonIsOnTheWay,
    PersonIsSearchedFor,
    Phase,
    StatusWord,
    Withdrawal,
)
from tests.unit.intake.examples import AGENCY, POST, case

TRANSFER = uuid.UUID(int=7)
OTHER = uuid.UUID(int=8)
CENTRE = "RC-EXAMPLE"
ADMITTED = CustodyCause.ADMITTED


def test_every_change_has_a_new_version() -> None:
    before = case()
    before.require_version(None)
    before.require_version(1)
    after = cases.withdrawn(before)
    with pytest.raises(EtagMismatch):
        after.require_version(before.version)


def test_a_refusal_without_a_withdrawal_changes_nothing() -> None:
    confirmed = case(withdrawal=Withdrawal.CONFIRMED, phase=Phase.WITHDRAWN)
    assert cases.withdrawal_refused(confirmed, POST) is confirmed
    assert cases.withdrawal_refused(case(), POST) == case()


def test_a_refused_withdrawal_leaves_the_case_where_custody_is() -> None:
    asked = cases.withdrawn(case())
    arrived = cases.custody_changed(asked, 2, Phase.ARRIVED, AGENCY, CustodyCause.ARRIVED)
    assert arrived.status_word is StatusWord.WITHDRAWN
    restored = cases.withdrawal_refused(arrived, AGENCY)
    assert restored.status_word is StatusWord.ARRIVED
    assert restored.accountable_office_id == AGENCY


@pytest.mark.parametrize(
    ("late", "refusal"),
    [
        (case(accountable_office_id=AGENCY), CustodyHasPassed),
        (case(phase=Phase.CLOSED), CustodyHasPassed),
        (case(arrivals=1, phase=Phase.ARRIVED), PersonIsHome),
        (cases.dispatched(case(), TRANSFER, AGENCY), PersonIsOnTheWay),
        (cases.search_opened(case()), PersonIsSearchedFor),
    ],
)
def test_too_late_to_withdraw(late: cases.Case, refusal: type[HomewardError]) -> None:
    with pytest.raises(refusal):
        cases.withdrawn(late)


def test_an_agency_corrects_whom_it_registered_and_has_at_home() -> None:
    cases.corrected(case(arrivals=1, phase=Phase.FOLLOW_UP), "22@2025", case().age_band)
    with pytest.raises(CustodyHasPassed):
        cases.corrected(case(accountable_office_id=AGENCY), "22@2025", case().age_band)


@pytest.mark.parametrize("arrivals", [0, 1])
def test_a_closed_case_reads_closed_whatever_the_reason(arrivals: int) -> None:
    assert case(arrivals=arrivals, phase=Phase.CLOSED).status_word is StatusWord.CLOSED


def test_a_case_that_is_opened_again_is_not_withdrawn_any_more() -> None:
    gone = case(withdrawal=Withdrawal.CONFIRMED, phase=Phase.WITHDRAWN)
    again = cases.custody_changed(gone, 2, Phase.REGISTERED, POST, CustodyCause.REOPENED)
    assert (again.shown_phase, again.withdrawal) == (Phase.REGISTERED, Withdrawal.NONE)


def test_a_withdrawn_case_stays_as_it_is() -> None:
    for gone in (case(withdrawal=Withdrawal.REQUESTED), case(phase=Phase.WITHDRAWN)):
        with pytest.raises(CaseIsWithdrawn):
            cases.withdrawn(gone)


def test_a_recall_during_a_search_leaves_it_open() -> None:
    lost = cases.search_opened(cases.dispatched(case(), TRANSFER, AGENCY))
    recalled = cases.transfer_recalled(lost, TRANSFER)
    assert recalled.phase is Phase.SEARCH
    assert recalled.addressee_office_id == ""
    assert cases.search_ended(recalled).phase is Phase.REGISTERED


@pytest.mark.parametrize(
    ("changes", "phase"),
    [
        ({"arrivals": 0, "followups_segment": 0}, Phase.REGISTERED),
        ({"arrivals": 0, "followups_segment": 2}, Phase.REGISTERED),
        ({"arrivals": 1, "followups_segment": 0}, Phase.ARRIVED),
        ({"arrivals": 1, "followups_segment": 2}, Phase.FOLLOW_UP),
        ({"in_facility": True}, Phase.ADMITTED),
        ({"in_facility": True, "arrivals": 1, "followups_segment": 2}, Phase.ADMITTED),
    ],
)
def test_a_recall_brings_the_case_back_to_where_it_left(changes: dict[str, Any], phase: Phase) -> None:
    home = case(**changes)
    away = cases.dispatched(home, TRANSFER, AGENCY)
    assert cases.transfer_recalled(away, TRANSFER).phase is phase


def test_answers_to_another_transfer_change_nothing() -> None:
    away = cases.dispatched(case(), TRANSFER, AGENCY)
    for answered in (cases.transfer_ended, cases.transfer_rejected, cases.transfer_recalled):
        assert answered(away, OTHER) is away
        assert answered(case(), OTHER) == case()


def test_follow_ups_of_an_older_segment_move_nothing() -> None:
    arrived = case(phase=Phase.ARRIVED, segment=4, arrivals=1)
    assert cases.followups_scheduled(arrived, 2).phase is Phase.ARRIVED
    assert cases.followups_scheduled(arrived, 4).phase is Phase.FOLLOW_UP


def test_the_end_of_a_search_elsewhere_moves_nothing() -> None:
    arrived = case(phase=Phase.ARRIVED)
    assert cases.search_ended(arrived) is arrived


def test_who_comes_is_told_once_the_office_accepts_and_while_she_is_on_the_way() -> None:
    announced = cases.accepted(case(), TRANSFER)
    assert not announced.is_awaited
    away = cases.dispatched(announced, TRANSFER, AGENCY)
    assert away.is_awaited
    assert not cases.transfer_rejected(away, TRANSFER).is_awaited
    assert not cases.transfer_recalled(away, TRANSFER).is_awaited
    assert not cases.transfer_ended(away, TRANSFER).is_awaited
    assert not cases.dispatched(away, OTHER, AGENCY).is_awaited


def test_a_stay_in_a_facility_is_no_arrival() -> None:
    away = cases.dispatched(case(identification=Identification.IDENTIFIED), TRANSFER, CENTRE)
    stays = cases.custody_changed(away, 2, Phase.ADMITTED, CENTRE, CustodyCause.ADMITTED)
    assert stays.status_word is StatusWord.IDENTIFIED
    left = cases.discharged(stays)
    assert (left.phase, left.status_word) == (Phase.DISCHARGED, StatusWord.IDENTIFIED)
    home = cases.custody_changed(cases.dispatched(left, OTHER, AGENCY), 3, Phase.ARRIVED, AGENCY, CustodyCause.ARRIVED)
    assert home.status_word is StatusWord.ARRIVED
    back = cases.custody_changed(home, 4, Phase.IN_TRANSIT, CENTRE, CustodyCause.ARRIVAL_RETRACTED)
    assert back.status_word is StatusWord.IDENTIFIED
    assert cases.transfer_recalled(cases.dispatched(back, OTHER, AGENCY), OTHER).phase is Phase.ADMITTED


def test_an_admission_taken_back_takes_no_arrival_back() -> None:
    home = case(arrivals=1, phase=Phase.FOLLOW_UP, accountable_office_id=AGENCY)
    stays = cases.custody_changed(cases.dispatched(home, TRANSFER, CENTRE), 3, Phase.ADMITTED, CENTRE, ADMITTED)
    back = cases.custody_changed(stays, 4, Phase.IN_TRANSIT, AGENCY, CustodyCause.ARRIVAL_RETRACTED)
    assert (back.arrivals, back.in_facility) == (1, False)


def test_somebody_who_reports_at_a_facility_is_admitted_there() -> None:
    stays = cases.admitted(case())
    assert (stays.phase, stays.accountable_office_id) == (Phase.ADMITTED, POST)
    assert cases.search_ended(cases.search_opened(stays)).phase is Phase.ADMITTED


@pytest.mark.parametrize(
    ("phase", "office_id", "word"),
    [
        (Phase.ARRIVED, AGENCY, StatusWord.ARRIVED),
        (Phase.ADMITTED, CENTRE, StatusWord.RECEIVED),
        (Phase.REGISTERED, POST, StatusWord.RECEIVED),
    ],
)
def test_somebody_found_is_where_the_phase_says(phase: Phase, office_id: str, word: StatusWord) -> None:
    lost = cases.search_opened(cases.dispatched(case(), TRANSFER, AGENCY))
    found = cases.custody_changed(lost, 2, phase, office_id, CustodyCause.FOUND)
    assert (found.phase, found.status_word) == (phase, word)


@pytest.mark.parametrize("cause", [CustodyCause.OFFICE_ENDED, CustodyCause.REASSIGNED])
def test_another_office_takes_over_as_the_case_stands(cause: CustodyCause) -> None:
    stays = case(phase=Phase.ADMITTED, in_facility=True, accountable_office_id=CENTRE)
    moved = cases.custody_changed(stays, 3, Phase.ADMITTED, AGENCY, cause)
    assert (moved.phase, moved.accountable_office_id, moved.in_facility) == (Phase.ADMITTED, AGENCY, True)
    assert moved.arrivals == 0
