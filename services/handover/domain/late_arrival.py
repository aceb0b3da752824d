"""Whoever sees her is right: an arrival is still taken after the transfer was answered otherwise, or recalled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final

from services.chassis.kernel.roles import FacilityKind
from services.handover.domain import steps
from services.handover.domain.answer import AnswerKind
from services.handover.domain.case import CaseCustody, Decided
from services.handover.domain.checks import check_past
from services.handover.domain.errors import NoOpenTransfer, ReceivedSince
from services.handover.domain.events import TransferAcknowledged
from services.handover.domain.moment import Moment
from services.handover.domain.transfer import Transfer
from services.handover.domain.transfers import require_another_person, require_not_sender
from services.handover.domain.words import Cause, TransferState

STILL_TAKEN: Final = frozenset({TransferState.NOT_ARRIVED, TransferState.REJECTED, TransferState.RECALLED})
"""How a transfer may have ended to which she arrives all the same."""


def is_still_taken(transfer: Transfer) -> bool:
    """Whether somebody who left with this transfer, which ended without her, may arrive late."""
    return transfer.departed_on is not None and transfer.state in STILL_TAKEN


def still_out(case: CaseCustody, transfers: Iterable[Transfer]) -> Transfer | None:
    """The latest transfer, of all, with which she left and since which no other office has said that it has her.

    None: she is where she is said to be. The word of the sender, that she did not leave, is back, is home or was
    admitted, is no arrival, and neither is that of a supervisor alone.
    """
    out = [
        each
        for each in transfers
        if each.dispatched_in is not None
        and (each.is_under_way or is_still_taken(each))
        and not _received_since(case, each.dispatched_in)
    ]
    return max(out, key=lambda each: each.number, default=None)


def _received_since(case: CaseCustody, segment: int) -> bool:
    return any(day.segment > segment and not day.own_word for day in case.days)


def _seen_since(case: CaseCustody, segment: int) -> bool:
    return case.visited and any(day.segment > segment for day in case.days)


def acknowledge(
    case: CaseCustody,
    transfer: Transfer,
    by_office_id: str,
    arrived_on: date | None,
    at: Moment,
    *,
    facility: FacilityKind | None = None,
    merged: bool = False,
) -> Decided:
    """The person arrived with that transfer although it ended otherwise. `arrived_on` None: today.

    It ends an open search as found, and supersedes whatever the sender planned or began since: there is one person and
    one custody, and the word of who sees her counts more than that of who sent her on, also that she is home, until she
    was visited there. `merged`: sender and addressee have become one office. Raises CaseHasEnded, SenderCannotAnswer,
    SamePersonOnBothSides, NoOpenTransfer, ReceivedSince, InvalidInput (date).
    """
    steps.require_open(case)
    require_not_sender(transfer, by_office_id, merged=merged)
    if not merged:
        require_another_person(transfer.dispatched_by, at)
    if not is_still_taken(transfer):
        raise NoOpenTransfer
    assert transfer.departed_on is not None
    assert transfer.dispatched_in is not None
    if _received_since(case, transfer.dispatched_in) or _seen_since(case, transfer.dispatched_in):
        raise ReceivedSince
    arrived_on = arrived_on or at.today
    check_past("arrived_on", arrived_on, transfer.departed_on, at)
    ended = steps.superseded(case, at)
    arrived_with = replace(
        transfer,
        state=TransferState.ACKNOWLEDGED,
        # An office that took over the addressee's duty is the one that received.
        to_office_id=steps.receiver(transfer, by_office_id),
        arrived_on=arrived_on,
        acknowledged_at=at.now,
        ended_at=at.now,
        reject_reason=None,
        late=transfer.late or transfer.was_late_on(at.today),
        version=transfer.version + 1,
    )
    told = TransferAcknowledged(arrived_with, answered_before=AnswerKind(transfer.state.value))
    left = steps.left_facility(replace(ended.case, transfer=arrived_with), transfer.departed_on)
    arrived = steps.arrive(left, by_office_id, Cause.ARRIVED, arrived_on, at, facility)
    return Decided(arrived.case, (*ended.events, told, *arrived.events))
