"""What was decided here about the end of cases."""

from __future__ import annotations

import uuid

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from homeward.events.v1 import followup_pb2 as said

_DECIDED = text(
    f"""
    SELECT 1 FROM outbox WHERE event_id = :event_id AND subject = :case_id
      AND type IN ('{said.CaseClosed.DESCRIPTOR.full_name}', '{said.CaseReopened.DESCRIPTOR.full_name}')
    """
)


async def was_decided_here(connection: AsyncConnection, event_id: uuid.UUID, case_id: uuid.UUID) -> bool:
    """Whether an event is a closing or re-opening of this case that this service said."""
    return (await connection.execute(_DECIDED, {"event_id": event_id, "case_id": case_id})).first() is not None
