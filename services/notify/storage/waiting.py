"""What waits for another stream: decisions whose readers may change, messages whose readers are not known yet."""

from __future__ import annotations

import uuid
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.domain.cases import Decision, Waiting
from services.notify.domain.facts import Addressee
from services.notify.domain.messages import Kind
from services.notify.storage import params

_ADD_DECISION: Final = text(
    """
    INSERT INTO notify_decision (event_id, case_id, decided_at, params)
    VALUES (:event_id, :case_id, :decided_at, CAST(:params AS jsonb))
    """
)
_DECISIONS: Final = text(
    "SELECT event_id, decided_at, params FROM notify_decision WHERE case_id = :case_id ORDER BY decided_at, event_id"
)
_ADD_WAITING: Final = text(
    """
    INSERT INTO notify_waiting (event_id, addressee, case_id, kind, params, time)
    VALUES (:event_id, :addressee, :case_id, :kind, CAST(:params AS jsonb), :time)
    """
)
_TAKE_WAITING: Final = text(
    "DELETE FROM notify_waiting WHERE case_id = :case_id RETURNING event_id, addressee, kind, params, time"
)


async def add_decision(connection: AsyncConnection, case_id: uuid.UUID, decision: Decision) -> None:
    """Remember a decision: custody or registration that comes later may name other readers."""
    await connection.execute(
        _ADD_DECISION,
        {
            "event_id": decision.event_id,
            "case_id": case_id,
            "decided_at": decision.decided_at,
            "params": params.written(decision.params),
        },
    )


async def decisions_of(connection: AsyncConnection, case_id: uuid.UUID) -> list[Decision]:
    """The case's decisions, oldest first."""
    rows = await connection.execute(_DECISIONS, {"case_id": case_id})
    return [Decision(row.event_id, row.decided_at, params.read(row.params)) for row in rows]


async def add_waiting(connection: AsyncConnection, case_id: uuid.UUID, waiting: Waiting) -> None:
    """Keep a message until the registration is known."""
    await connection.execute(
        _ADD_WAITING,
        {
            "event_id": waiting.event_id,
            "addressee": waiting.addressee.value,
            "case_id": case_id,
            "kind": waiting.kind.value,
            "params": params.written(waiting.params),
            "time": waiting.time,
        },
    )


async def take_waiting(connection: AsyncConnection, case_id: uuid.UUID) -> list[Waiting]:
    """Take what waited for the registration, in the order in which it happened."""
    rows = await connection.execute(_TAKE_WAITING, {"case_id": case_id})
    waiting = [
        Waiting(row.event_id, Addressee(row.addressee), Kind(row.kind), params.read(row.params), row.time)
        for row in rows
    ]
    order = list(Addressee)
    return sorted(waiting, key=lambda one: (one.time, one.event_id, order.index(one.addressee)))
