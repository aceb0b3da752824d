"""Which event becomes which fact, and who takes it in."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from google.protobuf.message import Message

from homeward.events.v1 import followup_pb2, handover_pb2, identification_pb2, transfer_pb2
from services.chassis.country.sight import Sight
from services.chassis.events.dispatcher import EventHandler
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.service.excess import NUMBERS_TRIED, PEOPLE_LISTED
from services.notify.application import notices, telling
from services.notify.application.readers import is_facility
from services.notify.facts import followup, handover, identification, office, transfer
from services.notify.facts.parts import Telling

UNHEARD: Mapping[type[Message], str] = {
    handover_pb2.CaseCorrected: "the office that corrected knows, and nothing is asked or ended by it",
    handover_pb2.CaseWithdrawn: "handover's answer counts",
    followup_pb2.ConsentTold: "the office that was told knows, and nothing is asked or ended by it",
    transfer_pb2.AgeBandCorrected: "whoever follows her up tells what becomes of it",
    handover_pb2.FamilyUnlinked: "handover tells whether anything is asked no more",
}
"""Events that notify steps over, and why. Every other event of the streams has a handler, which says what it ends."""


def handlers(sight: Sight) -> Mapping[type[Message], EventHandler]:
    """The handlers by event type."""

    async def case_registered(uow: UnitOfWork, event: handover_pb2.CaseRegistered) -> None:
        await telling.register(uow, sight, uuid.UUID(event.case_id), handover.registration_of(event))

    async def custody_changed(uow: UnitOfWork, event: transfer_pb2.CustodyChanged) -> None:
        await telling.take_custody(
            uow,
            sight,
            uuid.UUID(event.case_id),
            transfer.custody_of(event, uow.cause.time),
            event.case_number,
            transfer.phase_of(event),
            transfer.custody_fact(event),
            transfer.custody_ends(event),
            event.previous_office_id if transfer.hands_on(event) else None,
        )

    async def decided(uow: UnitOfWork, event: identification_pb2.IdentificationDecided) -> None:
        await telling.take_decision(
            uow,
            sight,
            uuid.UUID(event.case_id),
            identification.decision_params(event),
            identification.decision_ends(event),
            identification.given_to(event),
        )

    async def scheduled(uow: UnitOfWork, event: followup_pb2.FollowUpsScheduled) -> None:
        fact = followup.scheduled(event, local_date(uow.cause.time))
        await telling.tell(
            uow,
            sight,
            uuid.UUID(event.case_id),
            lambda case: fact,
            lambda case: case,
            lambda case: followup.scheduling_ends(event, case),
        )

    def taking(how: Telling) -> EventHandler:
        async def handler(uow: UnitOfWork, event: Any) -> None:
            await telling.tell(
                uow,
                sight,
                uuid.UUID(event.case_id),
                lambda case: how.fact_of(event, case),
                lambda case: how.change(event, case),
                lambda case: how.ends(event, case),
            )

        return handler

    told = {
        **transfer.told(lambda office_id: is_facility(sight, office_id)),
        **followup.TOLD,
        **handover.TOLD,
        **identification.TOLD,
    }
    return {kind: taking(how) for kind, how in told.items()} | {
        handover_pb2.CaseRegistered: case_registered,
        transfer_pb2.CustodyChanged: custody_changed,
        identification_pb2.IdentificationDecided: decided,
        followup_pb2.FollowUpsScheduled: scheduled,
    }


def office_handlers(
    sight: Sight, takes_in: Mapping[type[Message], EventHandler]
) -> Mapping[type[Message], EventHandler]:
    """The handlers of the office stream: `takes_in` are those that every service has; then whom it concerns is told."""

    def telling_of(kind: type[Message]) -> EventHandler:
        async def handler(uow: UnitOfWork, event: Any) -> None:
            if kind in takes_in:
                await takes_in[kind](uow, event)
            await notices.tell(uow, sight, office.NOTICES[kind](event))

        return handler

    return {**takes_in, **{kind: telling_of(kind) for kind in office.NOTICES}}


def audit_handlers(sight: Sight) -> Mapping[type[Message], EventHandler]:
    """The handlers of what services say of themselves, but for the heads of their logs."""

    async def tried(uow: UnitOfWork, event: Any) -> None:
        await notices.tell(uow, sight, office.numbers_tried(event))

    async def listed(uow: UnitOfWork, event: Any) -> None:
        await notices.tell(uow, sight, office.people_listed(event))

    return {
        **dict.fromkeys(NUMBERS_TRIED.events.values(), tried),
        **dict.fromkeys(PEOPLE_LISTED.events.values(), listed),
    }
