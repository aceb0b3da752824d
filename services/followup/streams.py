"""What followup does with which event of others: it follows accountability, searches and consents, and steps over the
rest."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from google.protobuf.message import Message

from homeward.events.v1 import consent_pb2, transfer_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.enums import code_of
from services.chassis.events.dispatcher import EventHandler
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.words import ConsentPurpose
from services.chassis.service import consents
from services.followup import wire
from services.followup.application.arrival_day import arrival_corrected
from services.followup.application.case import Ports
from services.followup.application.custody import keeper_for, province_of, take_custody
from services.followup.application.steps import know_age, know_research
from services.followup.application.whereabouts import search_ended, searched_for


def handlers(ports: Ports) -> Mapping[type[Message], EventHandler]:
    """The handlers by event type."""

    async def custody_changed(uow: UnitOfWork, event: transfer_pb2.CustodyChanged) -> None:
        today = local_date(uow.now)
        keeper_id = keeper_for(ports, event.accountable_office_id, today)
        await take_custody(uow, ports, wire.custody_change(event, keeper_id, province_of(ports, keeper_id, today)))
        await know_research(uow, ports, UUID(event.case_id))

    async def consent_changed(uow: UnitOfWork, event: consent_pb2.ConsentChanged) -> None:
        await consents.consent_changed(uow, event)
        if event.purpose == ConsentPurpose.RESEARCH:
            await know_research(uow, ports, UUID(event.case_id), said_now=True)

    async def age_corrected(uow: UnitOfWork, event: transfer_pb2.AgeBandCorrected) -> None:
        under_18 = wire.is_under_18(event.age_band)
        if under_18 is not None:
            await know_age(uow, ports, UUID(event.case_id), under_18=under_18)

    async def person_lost(uow: UnitOfWork, event: transfer_pb2.PersonLost) -> None:
        await searched_for(uow, ports, UUID(event.case_id), code_of(types.LostReason, event.reason))

    async def search_resolved(uow: UnitOfWork, event: transfer_pb2.SearchResolved) -> None:
        await search_ended(uow, ports, UUID(event.case_id))

    async def corrected(uow: UnitOfWork, event: transfer_pb2.ArrivalCorrected) -> None:
        await arrival_corrected(uow, ports, UUID(event.case_id), wire.corrected_day(event))

    return {
        consent_pb2.ConsentChanged: consent_changed,
        transfer_pb2.AgeBandCorrected: age_corrected,
        transfer_pb2.ArrivalCorrected: corrected,
        transfer_pb2.CustodyChanged: custody_changed,
        transfer_pb2.PersonLost: person_lost,
        transfer_pb2.SearchResolved: search_resolved,
    }
