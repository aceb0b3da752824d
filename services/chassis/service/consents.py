"""What intake told of consents, kept by a service that needs them; asked before whatever needs one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from google.protobuf.message import Message
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from homeward.events.v1 import consent_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.enums import code_of
from services.chassis.events.dispatcher import EventHandler
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.consents import Said, require_given
from services.chassis.kernel.words import ConsentPurpose, ConsentState

_SAID: Final = text(
    "SELECT state, said_on FROM known_consent WHERE case_id = :case_id AND purpose = :purpose ORDER BY number"
)
# The events of a case are taken in one after the other, each once.
_TAKE: Final = text(
    """
    INSERT INTO known_consent (case_id, number, purpose, state, text_version, said_on)
    SELECT :case_id, coalesce(max(number), 0) + 1, :purpose, :state, :text_version, :said_on
    FROM known_consent WHERE case_id = :case_id
    """
)


async def consent_changed(uow: UnitOfWork, event: consent_pb2.ConsentChanged) -> None:
    """Something was said to a purpose."""
    said = {
        "case_id": UUID(event.case_id),
        "purpose": event.purpose,
        "state": code_of(types_pb2.ConsentState, event.state),
        "text_version": event.text_version,
        "said_on": date.fromisoformat(event.said_on),
    }
    await uow.connection.execute(_TAKE, said)


def handlers() -> Mapping[type[Message], EventHandler]:
    """Of whoever needs to know."""
    return {consent_pb2.ConsentChanged: consent_changed}


async def said_to(connection: AsyncConnection, case_id: UUID, purpose: ConsentPurpose) -> tuple[Said, ...]:
    """What was said to a purpose, in that order."""
    rows = await connection.execute(_SAID, {"case_id": case_id, "purpose": purpose.value})
    return tuple(Said(ConsentState(row.state), row.said_on) for row in rows)


async def require(connection: AsyncConnection, case_id: UUID, purposes: Iterable[ConsentPurpose], day: date) -> None:
    """Raise ConsentMissing for the first purpose to which no consent stands on the day."""
    for purpose in purposes:
        require_given(purpose.value, await said_to(connection, case_id, purpose), day)
