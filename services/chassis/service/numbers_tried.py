"""Whoever tries case numbers out is told of to those who watch over the office: by an event that names no case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from google.protobuf.message import Message

from homeward.events.v1 import audit_followup_pb2, audit_handover_pb2, audit_intake_pb2
from services.chassis.calls.lookups import UNKNOWN_MAX
from services.chassis.calls.server import NumbersTried
from services.chassis.country.revocations import subject_digest
from services.chassis.events.streams import log_subject
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.roles import Caller

TYPES: Final[Mapping[str, type[Message]]] = {
    "intake": audit_intake_pb2.IntakeNumbersTried,
    "handover": audit_handover_pb2.HandoverNumbersTried,
    "followup": audit_followup_pb2.FollowUpNumbersTried,
}
"""What each service says; notify knows no cases that could be tried out."""
_LOG: Final = "lookups"


def telling(service: str, units: Units) -> NumbersTried | None:
    """How a service tells that an account came to the limit; None for one that cannot be asked for cases."""
    kind: Any = TYPES.get(service)
    if kind is None:
        return None

    async def tell(caller: Caller) -> None:
        digest = subject_digest(caller.subject)
        tried = kind(log=_LOG, office_id=caller.office_id, subject_digest=digest, limit=UNKNOWN_MAX)

        async def say(uow: UnitOfWork) -> None:
            uow.append(tried, log_subject(service, _LOG))

        await units.run(say)

    return tell
