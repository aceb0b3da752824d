"""One person is never on both sides: who sent somebody, or said where she is, does not receive her."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest

from services.handover.domain import claims, late_arrival, searches, transfers
from services.handover.domain.case import CaseCustody, Decided
from services.handover.domain.errors import SamePersonOnBothSides
from services.handover.domain.moment import Moment
from services.handover.domain.words import LostReason
from tests.unit.handover import cases
from tests.unit.handover.cases import HOME, OTHER, POST, TRANSFER_ID

SENDER, RECEIVER = "one.person", "another"
SEARCH_ID = uuid.UUID(int=9)


def by(subject: str, day: int = 1) -> Moment:
    """A moment of somebody."""
    return replace(cases.at(day), subject=subject)


def sent_by_sender() -> CaseCustody:
    """Left today for HOME."""
    return transfers.dispatch(cases.registered(), TRANSFER_ID, HOME, None, cases.on(1), by(SENDER, 0)).case


def redirected_by_sender() -> CaseCustody:
    """Sent by a colleague, and redirected."""
    sent = transfers.dispatch(cases.registered(), TRANSFER_ID, OTHER, None, cases.on(1), by("colleague", 0)).case
    return transfers.redirect(sent, uuid.UUID(int=8), HOME, cases.on(2), by(SENDER, 0)).case


def claimed_by(subject: str) -> CaseCustody:
    """Lost on the way to OTHER, where a colleague sent her, and said to be at HOME."""
    sent = transfers.dispatch(cases.registered(), TRANSFER_ID, OTHER, None, cases.on(1), by("colleague", 0)).case
    lost = searches.lose(sent, LostReason.NOT_AT_ADDRESS, SEARCH_ID, by("", 1)).case
    return claims.claim(lost, HOME, cases.on(1), by(subject), by_office_id=POST, subject=subject).case


def accepts(case: CaseCustody, at: Moment) -> Decided:
    return transfers.accept(case, HOME, at)


def acknowledges(case: CaseCustody, at: Moment) -> Decided:
    return transfers.acknowledge(case, HOME, None, at)


def confirms(case: CaseCustody, at: Moment) -> Decided:
    return claims.confirm(case, HOME, None, at)


def arrives_late(case: CaseCustody, at: Moment) -> Decided:
    recalled = transfers.recall(case, by("", 1)).case
    assert recalled.transfer is not None
    return late_arrival.acknowledge(recalled, recalled.transfer, HOME, None, at)


RECEIVING = [
    (sent_by_sender, accepts),
    (sent_by_sender, acknowledges),
    (sent_by_sender, arrives_late),
    (redirected_by_sender, accepts),
    (redirected_by_sender, acknowledges),
    (lambda: claimed_by(SENDER), confirms),
]


@pytest.mark.parametrize(("made", "receives"), RECEIVING)
def test_the_one_who_sent_does_not_receive(
    made: Callable[[], CaseCustody], receives: Callable[[CaseCustody, Moment], Decided]
) -> None:
    case = made()
    with pytest.raises(SamePersonOnBothSides):
        receives(case, by(SENDER, 2))
    assert receives(case, by(RECEIVER, 2)).case != case


def test_the_one_who_sent_does_not_confirm_what_another_claims() -> None:
    sent = sent_by_sender()
    lost = searches.lose(sent, LostReason.NOT_AT_ADDRESS, SEARCH_ID, by("", 1)).case
    case = claims.claim(lost, OTHER, cases.on(1), by("colleague"), by_office_id=POST, subject="colleague").case
    with pytest.raises(SamePersonOnBothSides):
        claims.confirm(case, OTHER, None, by(SENDER, 2))


def test_a_colleague_may_answer_for_what_nobody_knows_who_sent() -> None:
    case = transfers.dispatch(cases.registered(), TRANSFER_ID, HOME, None, cases.on(1), by("", 0)).case
    assert acknowledges(case, by("", 2)).case.office_id == HOME


def test_within_one_office_of_two_one_person_may_answer() -> None:
    case = sent_by_sender()
    answered = transfers.acknowledge(case, POST, None, by(SENDER, 2), merged=True)
    assert answered.case.transfer is not None
    assert answered.case.transfer.acknowledged_at is not None
