"""Answers to transfers: each is kept, also one that was taken back or overtaken by a later one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.events.units import UnitOfWork
from services.handover.domain.answer import Answer, AnswerKind, TakeBackReason, TakenBack
from services.handover.domain.events import (
    AcknowledgementRetracted,
    Event,
    TransferAccepted,
    TransferAcknowledged,
    TransferAnswerTakenBack,
    TransferNotArrived,
    TransferRecalled,
    TransferRejected,
)
from services.handover.domain.transfer import Transfer
from services.handover.domain.words import RejectReason

_OF_CASE = text(
    "SELECT a.* FROM transfer t JOIN transfer_answer a ON a.transfer_id = t.id WHERE t.case_id = :case_id"
    " ORDER BY a.transfer_id, a.number"
)
_OF_TRANSFER = text("SELECT * FROM transfer_answer WHERE transfer_id = :transfer_id ORDER BY number")
_ADD = text(
    """
    INSERT INTO transfer_answer (transfer_id, number, kind, office_id, given_at, arrived_on, reject_reason)
    SELECT :transfer_id, coalesce(max(number), 0) + 1, :kind, :office_id, :given_at, :arrived_on, :reject_reason
    FROM transfer_answer WHERE transfer_id = :transfer_id
    """
)
_TAKE_BACK = text(
    """
    UPDATE transfer_answer SET taken_back_at = :at, taken_back_by_office_id = :office_id, take_back_reason = :reason
    WHERE (transfer_id, number) = (
        SELECT transfer_id, max(number) FROM transfer_answer
        WHERE transfer_id = :transfer_id AND kind = :kind AND taken_back_at IS NULL GROUP BY transfer_id)
    """
)
_KINDS: Final = {
    TransferAccepted: AnswerKind.ACCEPTED,
    TransferAcknowledged: AnswerKind.ACKNOWLEDGED,
    TransferRejected: AnswerKind.REJECTED,
    TransferNotArrived: AnswerKind.NOT_ARRIVED,
    TransferRecalled: AnswerKind.RECALLED,
}


async def answers_of_case(connection: AsyncConnection, case_id: UUID) -> Mapping[UUID, tuple[Answer, ...]]:
    """The answers to each transfer of a case, oldest first."""
    found: dict[UUID, tuple[Answer, ...]] = {}
    for row in await connection.execute(_OF_CASE, {"case_id": case_id}):
        found[row.transfer_id] = (*found.get(row.transfer_id, ()), _answer_of(row))
    return found


async def answers_to(connection: AsyncConnection, transfer_id: UUID) -> Sequence[Answer]:
    """The answers to a transfer, oldest first."""
    return [_answer_of(row) for row in await connection.execute(_OF_TRANSFER, {"transfer_id": transfer_id})]


async def save(uow: UnitOfWork, event: Event) -> None:
    """Keep an answer, or that it was taken back, when the event tells of that."""
    if isinstance(event, AcknowledgementRetracted):
        await _taken_back(uow, event.transfer, AnswerKind.ACKNOWLEDGED, event.by_office_id, event.reason)
    elif isinstance(event, TransferAnswerTakenBack):
        await _taken_back(uow, event.transfer, event.answer, event.by_office_id, event.reason)
    elif isinstance(
        event, TransferAccepted | TransferAcknowledged | TransferRejected | TransferNotArrived | TransferRecalled
    ):
        await _given(uow, event.transfer, _KINDS[type(event)])


async def _given(uow: UnitOfWork, transfer: Transfer, kind: AnswerKind) -> None:
    by_sender = kind is AnswerKind.RECALLED
    row = {
        "transfer_id": transfer.id,
        "kind": kind.value,
        "office_id": transfer.from_office_id if by_sender else transfer.to_office_id,
        "given_at": uow.now,
        "arrived_on": transfer.arrived_on if kind is AnswerKind.ACKNOWLEDGED else None,
        "reject_reason": transfer.reject_reason.value if transfer.reject_reason else None,
    }
    await uow.connection.execute(_ADD, row)


async def _taken_back(
    uow: UnitOfWork, transfer: Transfer, kind: AnswerKind, office_id: str, reason: TakeBackReason
) -> None:
    key = {"transfer_id": transfer.id, "kind": kind.value}
    await uow.connection.execute(_TAKE_BACK, {**key, "at": uow.now, "office_id": office_id, "reason": reason.value})


def _answer_of(row: Any) -> Answer:
    taken_back = None
    if row.taken_back_at is not None:
        reason = TakeBackReason(row.take_back_reason)
        taken_back = TakenBack(row.taken_back_at, row.taken_back_by_office_id, reason)
    return Answer(
        kind=AnswerKind(row.kind),
        office_id=row.office_id,
        given_at=row.given_at,
        arrived_on=row.arrived_on,
        reject_reason=RejectReason(row.reject_reason) if row.reject_reason else None,
        taken_back=taken_back,
    )
