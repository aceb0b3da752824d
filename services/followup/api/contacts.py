"""Attempts to reach a person at home."""

from __future__ import annotations

from typing import Any, Final

import grpc

from homeward.followup.v1 import contacts_pb2, contacts_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.answers import Answers
from services.chassis.calls.enums import number_of
from services.chassis.calls.fields import Fields
from services.chassis.country.questionnaires import AttemptOutcome, questionnaire
from services.chassis.events.units import UnitOfWork, Units
from services.followup.application.case import Ports
from services.followup.application.confidence import Confidence
from services.followup.application.contacts import record_contact
from services.followup.domain.care import Attempt
from services.followup.domain.entry import ContactOutcome

MAX_VERSION: Final = 1_000_000

Context = grpc.aio.ServicerContext[Any, Any]


class ContactServicer(contacts_pb2_grpc.ContactServiceServicer):
    """Records attempts to reach a person."""

    def __init__(self, units: Units, ports: Ports, vault: Confidence, digest_key: bytes) -> None:
        self._ports = ports
        self._vault = vault
        self._answers = Answers(units, digest_key)

    async def RecordContact(  # noqa: N802
        self, request: contacts_pb2.RecordContactRequest, context: Context
    ) -> contacts_pb2.RecordContactResponse:
        """Record an attempt to reach the person at home."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        reference = fields.case(request.case)
        read = fields.number("wishes_read", request.wishes_read, most=MAX_VERSION)
        attempt = _attempt_of(fields, request, read)
        outcome = _outcome_of(fields, request, attempt)
        contacted_on = fields.day("contacted_on", request.contacted_on)
        fields.done()

        async def work(uow: UnitOfWork) -> contacts_pb2.RecordContactResponse:
            case, done = await record_contact(
                uow, self._ports, self._vault, asked.caller, reference, outcome, contacted_on, attempt, read
            )
            return contacts_pb2.RecordContactResponse(
                case_id=str(case.case_id),
                contacts=sum(each.finding.kind is None for each in case.standing),
                entry_number=done.entry.number,
                search=number_of(types.SearchEffect, done.effect),
                seen_on=done.seen_on.isoformat() if done.seen_on else "",
                then=questionnaire().attempts[attempt.outcome].then if attempt else "",
            )

        return await self._answers.once(asked, contacts_pb2.RecordContactResponse, work)


def _attempt_of(fields: Fields, request: contacts_pb2.RecordContactRequest, read: int) -> Attempt | None:
    """How somebody tried, by the words of the questionnaire; None where it is said by the outcome alone."""
    if not request.attempt:
        for name in ("mode", "visitor"):
            if getattr(request, name):
                fields.wrong(name, "NOT_ALLOWED")
        return None
    if request.outcome:
        fields.wrong("attempt", "NOT_ALLOWED_WITH", other="outcome")
    asked = questionnaire()
    fields.one_of("attempt", request.attempt, asked.attempts, "attempt_outcomes")
    for name in ("mode", "visitor"):
        value = getattr(request, name)
        if not value:
            fields.wrong(name, "REQUIRED")
        else:
            fields.one_of(name, value, asked.codes(name), name)
    return Attempt(request.mode, request.visitor, request.attempt, read)


def _outcome_of(fields: Fields, request: contacts_pb2.RecordContactRequest, attempt: Attempt | None) -> ContactOutcome:
    if attempt is None:
        return fields.required_member("outcome", ContactOutcome, types.ContactOutcome, request.outcome)
    found = questionnaire().attempts.get(attempt.outcome)
    return what_it_says(found) if found else ContactOutcome.NOTED


def what_it_says(found: AttemptOutcome) -> ContactOutcome:
    """What an attempt says to deadlines and searches; how it went in detail stays with the office."""
    if found.settles_first_contact:
        return ContactOutcome.REACHED
    if not found.failed:
        return ContactOutcome.NOTED
    return _SEARCHED_FOR.get(found.then, ContactOutcome.NOT_REACHED)


_SEARCHED_FOR: Final = {
    "SEARCH_NOT_AT_ADDRESS": ContactOutcome.NOT_AT_ADDRESS,
    "SEARCH_LEFT_PROVINCE": ContactOutcome.MOVED_AWAY,
}
