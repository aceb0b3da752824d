"""What followup does with which event of others: it follows accountability, and steps over the rest."""

from __future__ import annotations

from collections.abc import Mapping

from google.protobuf.message import Message

from homeward.events.v1 import transfer_pb2
from services.chassis.events.dispatcher import EventHandler
from services.chassis.events.units import UnitOfWork
from services.followup import wire
from services.followup.application.case import Ports
from services.followup.application.custody import take_custody


def handlers(ports: Ports) -> Mapping[type[Message], EventHandler]:
    """The handlers by event type."""

    async def custody_changed(uow: UnitOfWork, event: transfer_pb2.CustodyChanged) -> None:
        await take_custody(uow, ports, wire.custody_change(event))

    return {transfer_pb2.CustodyChanged: custody_changed}
