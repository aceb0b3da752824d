"""The states of a case that the service's own tests over a connection do not reach."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from services.chassis.kernel.errors import EtagMismatch, HomewardError
from services.chassis.kernel.roles import Role
from services.intake.domain import case as cases
from services.intake.domain.access import Access, Detail, IdentityView, Viewer, access_of
from services.intake.domain.case import (
    Case,
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


TODAY = date(2026, 3, 2)


def said(before: Case, segment: int, phase: Phase, office_id: str, cause: CustodyCause | None) -> Case:
    """Handover said today who is accountable."""
    return cases.custody_changed(before, segment, phase, office_id, cause, TODAY)


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
    arrived = said(asked, 2, Phase.ARRIVED, AGENCY, CustodyCause.ARRIVED)
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
    again = said(gone, 2, Phase.REGISTERED, POST, CustodyCause.REOPENED)
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
    stays = said(away, 2, Phase.ADMITTED, CENTRE, CustodyCause.ADMITTED)
    assert stays.status_word is StatusWord.IDENTIFIED
    left = cases.discharged(stays)
    assert (left.phase, left.status_word) == (Phase.DISCHARGED, StatusWord.IDENTIFIED)
    home = said(cases.dispatched(left, OTHER, AGENCY), 3, Phase.ARRIVED, AGENCY, CustodyCause.ARRIVED)
    assert home.status_word is StatusWord.ARRIVED
    back = said(home, 4, Phase.IN_TRANSIT, CENTRE, CustodyCause.ARRIVAL_RETRACTED)
    assert back.status_word is StatusWord.IDENTIFIED
    assert cases.transfer_recalled(cases.dispatched(back, OTHER, AGENCY), OTHER).phase is Phase.ADMITTED


def test_an_admission_taken_back_takes_no_arrival_back() -> None:
    home = case(arrivals=1, phase=Phase.FOLLOW_UP, accountable_office_id=AGENCY)
    stays = said(cases.dispatched(home, TRANSFER, CENTRE), 3, Phase.ADMITTED, CENTRE, ADMITTED)
    back = said(stays, 4, Phase.IN_TRANSIT, AGENCY, CustodyCause.ARRIVAL_RETRACTED)
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
    found = said(lost, 2, phase, office_id, CustodyCause.FOUND)
    assert (found.phase, found.status_word) == (phase, word)


@pytest.mark.parametrize("cause", [CustodyCause.OFFICE_ENDED, CustodyCause.REASSIGNED])
def test_another_office_takes_over_as_the_case_stands(cause: CustodyCause) -> None:
    stays = case(phase=Phase.ADMITTED, in_facility=True, accountable_office_id=CENTRE)
    moved = said(stays, 3, Phase.ADMITTED, AGENCY, cause)
    assert (moved.phase, moved.accountable_office_id, moved.in_facility) == (Phase.ADMITTED, AGENCY, True)
    assert moved.arrivals == 0


def view(of: Case, role: Role, office_id: str, today: date) -> Access:
    """What an office sees of a case, where cases closed within 30 days are still seen."""
    return access_of(of, Viewer(role, office_id, frozenset({office_id}), today - timedelta(days=30)))


@pytest.mark.parametrize(("days", "sees"), [(0, IdentityView.FULL), (30, IdentityView.FULL), (31, IdentityView.NONE)])
def test_who_was_accountable_last_sees_who_it_was_for_some_days(days: int, sees: IdentityView) -> None:
    closed = said(case(accountable_office_id=AGENCY), 3, Phase.CLOSED, AGENCY, CustodyCause.CLOSED)
    later = said(closed, 4, Phase.CLOSED, AGENCY, CustodyCause.REASSIGNED)
    assert (closed.closed_on, later.closed_on) == (TODAY, TODAY)
    assert view(closed, Role.SUPPORT_AGENCY, AGENCY, TODAY + timedelta(days=days)) == Access(Detail.CASE, sees)
    again = said(closed, 4, Phase.FOLLOW_UP, AGENCY, CustodyCause.REOPENED)
    assert again.closed_on is None
    assert view(again, Role.SUPPORT_AGENCY, AGENCY, TODAY + timedelta(days=days)).identity is IdentityView.FULL


def test_a_border_post_sees_the_status_word_of_what_was_closed_there() -> None:
    closed = said(case(), 2, Phase.CLOSED, POST, CustodyCause.CLOSED)
    assert view(closed, Role.BORDER_POST, POST, TODAY).identity is IdentityView.FULL
    assert view(closed, Role.BORDER_POST, POST, TODAY + timedelta(days=31)) == Access(Detail.STATUS_WORD)
