"""The states of a case that the service's own tests over a connection do not reach."""

from __future__ import annotations

import uuid

import pytest

from services.chassis.kernel.errors import EtagMismatch
from services.intake.domain import case as cases
from services.intake.domain.case import (
    CaseIsWithdrawn,
    CustodyCause,
    CustodyHasPassed,
    Phase,
    StatusWord,
    Withdrawal,
)
from tests.unit.intake.examples import AGENCY, POST, case

TRANSFER = uuid.UUID(int=7)
OTHER = uuid.UUID(int=8)


def test_every_change_has_a_new_etag() -> None:
    before = case()
    before.require_etag("")
    before.require_etag('"1"')
    after = cases.withdrawn(before)
    with pytest.raises(EtagMismatch):
        after.require_etag(before.etag)


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
    "late",
    [
        case(accountable_office_id=AGENCY),
        case(arrivals=1, phase=Phase.ARRIVED),
        case(phase=Phase.CLOSED),
    ],
)
def test_too_late_for_the_registering_office(late: cases.Case) -> None:
    with pytest.raises(CustodyHasPassed):
        cases.withdrawn(late)


def test_a_withdrawn_case_stays_as_it_is() -> None:
    for gone in (case(withdrawal=Withdrawal.REQUESTED), case(phase=Phase.WITHDRAWN)):
        with pytest.raises(CaseIsWithdrawn):
            cases.withdrawn(gone)


def test_a_recall_during_a_search_leaves_it_open() -> None:
    lost = cases.search_opened(cases.dispatched(case(), TRANSFER, AGENCY))
    recalled = cases.transfer_recalled(lost, TRANSFER)
    assert recalled.phase is Phase.SEARCH
    assert recalled.addressee_office_id == ""
    assert cases.search_returned(recalled).phase is Phase.REJECTED


@pytest.mark.parametrize(
    ("arrivals", "followups_segment", "phase"),
    [(0, 0, Phase.REGISTERED), (0, 2, Phase.REGISTERED), (1, 0, Phase.ARRIVED), (1, 2, Phase.FOLLOW_UP)],
)
def test_a_recall_brings_the_case_back_to_where_it_left(arrivals: int, followups_segment: int, phase: Phase) -> None:
    home = case(arrivals=arrivals, followups_segment=followups_segment)
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
    assert cases.search_returned(arrived) is arrived
