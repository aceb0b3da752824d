"""What an account does beyond measure is told to those who watch over its office: by an event that names no case."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf.message import Message

from homeward.events.v1 import audit_followup_pb2, audit_handover_pb2, audit_intake_pb2
from services.chassis.calls.lookups import UNKNOWN_MAX
from services.chassis.country.revocations import subject_digest
from services.chassis.events.streams import log_subject
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.roles import Caller
from services.chassis.service.lists_read import PEOPLE_TOLD


@dataclass(frozen=True, slots=True)
class Excess:
    """`events`: what each service says that can be asked for cases. `log`: which of its logs that is. `limit`: from
    which number on."""

    events: Mapping[str, type[Message]]
    log: str
    limit: int


NUMBERS_TRIED: Final = Excess(
    {
        "intake": audit_intake_pb2.IntakeNumbersTried,
        "handover": audit_handover_pb2.HandoverNumbersTried,
        "followup": audit_followup_pb2.FollowUpNumbersTried,
    },
    "lookups",
    UNKNOWN_MAX,
)
"""Case numbers that were tried out."""
PEOPLE_LISTED: Final = Excess(
    {
        "intake": audit_intake_pb2.IntakePeopleListed,
        "handover": audit_handover_pb2.HandoverPeopleListed,
        "followup": audit_followup_pb2.FollowUpPeopleListed,
    },
    "lists",
    PEOPLE_TOLD,
)
"""Far more people than anybody works on."""


def telling(excess: Excess, service: str, units: Units) -> Callable[[Caller], Awaitable[None]] | None:
    """How a service tells that an account came to the limit; None for one that says nothing of it."""
    kind: Any = excess.events.get(service)
    if kind is None:
        return None

    async def tell(caller: Caller) -> None:
        digest = subject_digest(caller.subject)
        event = kind(log=excess.log, office_id=caller.office_id, subject_digest=digest, limit=excess.limit)

        async def say(uow: UnitOfWork) -> None:
            uow.append(event, log_subject(service, excess.log))

        await units.run(say)

    return tell
