"""Whoever lists far more people than anybody works on is told of: by an event that names no case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from google.protobuf.message import Message

from homeward.events.v1 import audit_followup_pb2, audit_handover_pb2, audit_intake_pb2
from services.chassis.country.revocations import subject_digest
from services.chassis.events.streams import log_subject
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.roles import Caller
from services.chassis.service.lists_read import PEOPLE_TOLD, Told

TYPES: Final[Mapping[str, type[Message]]] = {
    "intake": audit_intake_pb2.IntakePeopleListed,
    "handover": audit_handover_pb2.HandoverPeopleListed,
    "followup": audit_followup_pb2.FollowUpPeopleListed,
}
"""What each service says; notify lists what an inbox holds, and nobody else."""
_LOG: Final = "lists"


def telling(service: str, units: Units) -> Told | None:
    """How a service tells it; None for one that says nothing of it."""
    kind: Any = TYPES.get(service)
    if kind is None:
        return None

    async def tell(caller: Caller) -> None:
        digest = subject_digest(caller.subject)
        listed = kind(log=_LOG, office_id=caller.office_id, subject_digest=digest, limit=PEOPLE_TOLD)

        async def say(uow: UnitOfWork) -> None:
            uow.append(listed, log_subject(service, _LOG))

        await units.run(say)

    return tell
