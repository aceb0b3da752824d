"""What followup does with which event of others: it follows accountability, and steps over the rest."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, date

from google.protobuf.message import Message

from homeward.events.v1 import transfer_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.events.dispatcher import EventHandler
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.words import Phase
from services.followup.application.case import Ports
from services.followup.application.custody import take_custody
from services.followup.domain.custody import Cause, CustodyChange

_PHASES: Mapping[int, Phase] = {types.CasePhase.Value(f"CASE_PHASE_{phase.value}"): phase for phase in Phase}
_CAUSES: Mapping[int, Cause] = {types.CustodyCause.Value(f"CUSTODY_CAUSE_{cause.value}"): cause for cause in Cause}


def handlers(ports: Ports) -> Mapping[type[Message], EventHandler]:
    """The handlers by event type."""

    async def custody_changed(uow: UnitOfWork, event: transfer_pb2.CustodyChanged) -> None:
        await take_custody(uow, ports, custody_change(event))

    return {transfer_pb2.CustodyChanged: custody_changed}


def custody_change(event: transfer_pb2.CustodyChanged) -> CustodyChange:
    """The event as the domain takes it.

    An arrival without a date counts from the local day of the change: a duty must not be lost for a missing field.
    A cause or phase that this version doesn't know moves the custody and does nothing else.
    """
    return CustodyChange(
        case_id=uuid.UUID(event.case_id),
        case_number=event.case_number,
        office_id=event.accountable_office_id,
        segment=event.segment,
        phase=_PHASES.get(event.phase, Phase.IN_TRANSIT),
        cause=_CAUSES.get(event.cause, Cause.UNSPECIFIED),
        arrival_on=_arrival_on(event),
    )


def _arrival_on(event: transfer_pb2.CustodyChanged) -> date | None:
    if event.arrival_on:
        return date.fromisoformat(event.arrival_on)
    if event.HasField("change_time"):
        return local_date(event.change_time.ToDatetime(tzinfo=UTC))
    return None
