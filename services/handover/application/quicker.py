"""Whoever comes second reads who of the own office was quicker, when, and with what; others learn nothing by it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import HomewardError
from services.handover.application.desk import Desk
from services.handover.domain.errors import (
    AlreadyAcknowledged,
    AlreadyRecalled,
    AlreadyRejected,
    AlreadyReportedMissing,
    AlreadySent,
    EndedBySender,
    ReceivedSince,
)
from services.handover.domain.transfer import Transfer
from services.handover.domain.words import TransferState
from services.handover.storage import history

_ANSWERED: Final[Mapping[TransferState, type[HomewardError]]] = {
    TransferState.REJECTED: AlreadyRejected,
    TransferState.NOT_ARRIVED: AlreadyReportedMissing,
}


async def transfer_to(desk: Desk) -> Transfer | None:
    """The transfer to the caller's office that is open, or else the latest one; None when it sent her on itself."""
    latest = desk.case.transfer
    if latest is not None and latest.is_open and desk.has_sent(latest) and not desk.is_for_caller(latest):
        return None
    if latest is not None and desk.is_for_caller(latest):
        return latest
    made = await history.transfers_of(desk.uow.connection, desk.case.case_id)
    return next((one for one in reversed(made) if desk.is_for_caller(one)), None)


async def refuse_second(desk: Desk) -> None:
    """Raise when the caller's office, or the sender, has ended the latest transfer to it already."""
    transfer = await transfer_to(desk)
    if transfer is not None and not transfer.is_open and not desk.has_sent(transfer):
        refuse_answered(transfer)


def refuse_answered(transfer: Transfer) -> None:
    """Raise what the addressed office reads of a transfer that has ended."""
    day = _day(transfer.ended_at)
    if transfer.state is TransferState.ACKNOWLEDGED:
        assert transfer.arrived_on is not None
        raise AlreadyAcknowledged(answered_on=day, arrived_on=transfer.arrived_on.isoformat())
    if transfer.state is TransferState.SUPERSEDED and transfer.departed_on is not None:
        raise ReceivedSince
    raise _ANSWERED.get(transfer.state, EndedBySender)(answered_on=day)


def refuse_second_recall(desk: Desk) -> None:
    """Raise when the caller's office has recalled the latest transfer already."""
    transfer = desk.case.transfer
    if transfer is not None and transfer.state is TransferState.RECALLED:
        raise AlreadyRecalled(answered_on=_day(transfer.ended_at))


def refuse_second_dispatch(desk: Desk) -> None:
    """Raise when the caller's office has sent her already, and nobody has answered."""
    transfer = desk.case.open_transfer
    if transfer is not None and transfer.is_under_way:
        raise AlreadySent(office_id=transfer.to_office_id, answered_on=_day(transfer.dispatched_at))


def _day(instant: datetime | None) -> str:
    assert instant is not None
    return local_date(instant).isoformat()
