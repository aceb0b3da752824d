"""Which event becomes which fact, and who takes it in."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from google.protobuf.message import Message

from homeward.events.v1 import handover_pb2, identification_pb2, transfer_pb2
from services.chassis.country.sight import Sight
from services.chassis.events.dispatcher import EventHandler
from services.chassis.events.units import UnitOfWork
from services.notify import application
from services.notify.facts import followup, handover, identification, transfer
from services.notify.facts.parts import Telling


def handlers(sight: Sight) -> Mapping[type[Message], EventHandler]:
    """The handlers by event type."""

    async def case_registered(uow: UnitOfWork, event: handover_pb2.CaseRegistered) -> None:
        await application.register(uow, sight, uuid.UUID(event.case_id), handover.registration_of(event))

    async def custody_changed(uow: UnitOfWork, event: transfer_pb2.CustodyChanged) -> None:
        await application.take_custody(
            uow,
            sight,
            uuid.UUID(event.case_id),
            transfer.custody_of(event, uow.cause.time),
            event.case_number,
            transfer.phase_of(event),
            transfer.custody_fact(event),
        )

    async def decided(uow: UnitOfWork, event: identification_pb2.IdentificationDecided) -> None:
        params = identification.decision_params(event)
        await application.take_decision(uow, sight, uuid.UUID(event.case_id), params)

    def telling(how: Telling) -> EventHandler:
        async def handler(uow: UnitOfWork, event: Any) -> None:
            await application.tell(
                uow,
                sight,
                uuid.UUID(event.case_id),
                lambda case: how.fact_of(event, case),
                lambda case: how.change(event, case),
            )

        return handler

    told = {
        **transfer.told(lambda office_id: application.is_facility(sight, office_id)),
        **followup.TOLD,
        **handover.TOLD,
    }
    return {kind: telling(how) for kind, how in told.items()} | {
        handover_pb2.CaseRegistered: case_registered,
        transfer_pb2.CustodyChanged: custody_changed,
        identification_pb2.IdentificationDecided: decided,
    }
