"""Attempts to reach a person at home."""

from __future__ import annotations

from typing import Any

import grpc

from homeward.followup.v1 import contacts_pb2, contacts_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.answers import Answers
from services.chassis.calls.enums import number_of
from services.chassis.calls.fields import Fields
from services.chassis.events.units import UnitOfWork, Units
from services.followup.application.case import Ports
from services.followup.application.contacts import record_contact
from services.followup.domain.entry import ContactOutcome

Context = grpc.aio.ServicerContext[Any, Any]


class ContactServicer(contacts_pb2_grpc.ContactServiceServicer):
    """Records attempts to reach a person."""

    def __init__(self, units: Units, ports: Ports, digest_key: bytes) -> None:
        self._ports = ports
        self._answers = Answers(units, digest_key)

    async def RecordContact(  # noqa: N802
        self, request: contacts_pb2.RecordContactRequest, context: Context
    ) -> contacts_pb2.RecordContactResponse:
        """Record an attempt to reach the person at home."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        reference = fields.case(request.case)
        outcome = fields.required_member("outcome", ContactOutcome, types.ContactOutcome, request.outcome)
        contacted_on = fields.day("contacted_on", request.contacted_on)
        fields.done()

        async def work(uow: UnitOfWork) -> contacts_pb2.RecordContactResponse:
            case, done = await record_contact(uow, self._ports, asked.caller, reference, outcome, contacted_on)
            return contacts_pb2.RecordContactResponse(
                case_id=str(case.case_id),
                contacts=sum(each.finding.kind is None for each in case.standing),
                entry_number=done.entry.number,
                search=number_of(types.SearchEffect, done.effect),
                seen_on=done.seen_on.isoformat() if done.seen_on else "",
            )

        return await self._answers.once(asked, contacts_pb2.RecordContactResponse, work)
