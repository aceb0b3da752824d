"""Wishes, visits and what was done for somebody's safety."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import grpc

from homeward.followup.v1 import care_pb2, care_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.answers import Answers
from services.chassis.calls.enums import number_of
from services.chassis.calls.fields import Fields
from services.chassis.calls.security import current_call
from services.chassis.country.questionnaires import questionnaire, support_codes
from services.chassis.events.units import UnitOfWork, Units
from services.followup import wire
from services.followup.api import saying
from services.followup.application import care
from services.followup.application.care import CarePorts
from services.followup.domain.care import CareVisit, next_look_on
from services.followup.domain.entry import AfterDeclined, Outcome

MAX_ENTRY: Final = 1_000_000
Context = grpc.aio.ServicerContext[Any, Any]


class CareServicer(care_pb2_grpc.CareServiceServicer):
    """What the office that makes the follow-ups hears, writes and reads."""

    def __init__(self, units: Units, room: CarePorts, digest_key: bytes) -> None:
        self._units = units
        self._room = room
        self._answers = Answers(units, digest_key)

    async def GetWishes(  # noqa: N802
        self, request: care_pb2.GetWishesRequest, context: Context
    ) -> care_pb2.GetWishesResponse:
        """How she wishes to be contacted."""
        fields, caller = Fields(), current_call().caller
        reference = fields.case(request.case)
        fields.done()
        found = await self._units.run(lambda uow: care.get_wishes(uow, self._room, caller, reference))
        return wire.wishes_version(*found)

    async def SetWishes(  # noqa: N802
        self, request: care_pb2.SetWishesRequest, context: Context
    ) -> care_pb2.SetWishesResponse:
        """Put wishes in the place of those before."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        reference = fields.case(request.case)
        wishes = saying.wishes_of(fields.at("wishes."), request.wishes)
        replaces = fields.number("replaces", request.replaces, most=MAX_ENTRY)
        fields.done()

        async def work(uow: UnitOfWork) -> care_pb2.SetWishesResponse:
            version = await care.set_wishes(uow, self._room, asked.caller, reference, wishes, replaces)
            return care_pb2.SetWishesResponse(version=version)

        return await self._answers.once(asked, care_pb2.SetWishesResponse, work)

    async def RecordVisit(  # noqa: N802
        self, request: care_pb2.RecordVisitRequest, context: Context
    ) -> care_pb2.RecordVisitResponse:
        """Put a visit on record."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        reference = fields.case(request.case)
        outcome = fields.required_member("outcome", Outcome, types.FollowUpOutcome, request.outcome)
        if outcome is Outcome.NOT_REACHED and request.outcome:
            fields.wrong("outcome", "NOT_IN_LIST", list="outcomes of a visit")
        read = fields.number("wishes_read", request.wishes_read, most=MAX_ENTRY)
        visit = CareVisit(
            on=fields.day("visited_on", request.visited_on),
            outcome=outcome,
            then=_then_of(fields, request),
            extra=request.extra,
            said=saying.said_of(fields.at("content."), request.content, read),
        )
        wishes = saying.wishes_of(fields.at("wishes."), request.wishes) if request.HasField("wishes") else None
        fields.done()
        heard = await care.hear_consents(self._room, reference, visit.said)

        async def work(uow: UnitOfWork) -> care_pb2.RecordVisitResponse:
            written = await care.record_visit(uow, self._room, asked.caller, reference, visit, wishes, heard)
            return care_pb2.RecordVisitResponse(
                entry_number=written.done.entry.number,
                search=number_of(types.SearchEffect, written.done.effect),
                safety_act=written.case.safety is not None,
                wishes_version=written.wishes_version,
                visited_on=written.done.entry.finding.on.isoformat(),
            )

        answer = await self._answers.once(asked, care_pb2.RecordVisitResponse, work)
        # It follows from the judgement: told again with each repetition, and kept nowhere without a seal.
        days = questionnaire().risks[visit.said.risk].next_look_days
        look_on = next_look_on(date.fromisoformat(answer.visited_on), days) if answer.visited_on else None
        answer.next_look_on = look_on.isoformat() if look_on else ""
        return answer

    async def SaveVisitDraft(  # noqa: N802
        self, request: care_pb2.SaveVisitDraftRequest, context: Context
    ) -> care_pb2.SaveVisitDraftResponse:
        """Keep what was typed so far."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        reference = fields.case(request.case)
        fields.at("visit.").day("visited_on", request.visit.visited_on)
        fields.done()
        request.visit.ClearField("request_id")
        request.visit.ClearField("case")
        typed = request.visit.SerializeToString()

        async def work(uow: UnitOfWork) -> care_pb2.SaveVisitDraftResponse:
            await care.save_draft(uow, self._room, asked.caller, reference, typed)
            return care_pb2.SaveVisitDraftResponse()

        return await self._answers.once(asked, care_pb2.SaveVisitDraftResponse, work)

    async def GetVisitDraft(  # noqa: N802
        self, request: care_pb2.GetVisitDraftRequest, context: Context
    ) -> care_pb2.GetVisitDraftResponse:
        """The caller's own draft."""
        fields, caller = Fields(), current_call().caller
        reference = fields.case(request.case)
        fields.done()
        found = await self._units.run(lambda uow: care.get_draft(uow, self._room, caller, reference))
        return wire.draft(*found) if found else care_pb2.GetVisitDraftResponse()

    async def CorrectVisit(  # noqa: N802
        self, request: care_pb2.CorrectVisitRequest, context: Context
    ) -> care_pb2.CorrectVisitResponse:
        """Put right what was said."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        reference = fields.case(request.case)
        number = fields.number("entry_number", request.entry_number, least=1, most=MAX_ENTRY)
        revision = fields.number("revision", request.revision, most=MAX_ENTRY)
        said = saying.said_of(fields.at("content."), request.content, 0)
        reason = saying.text_of(fields, "reason", request.reason, saying.SHORT_CHARS, required=True)
        fields.done()
        heard = await care.hear_consents(self._room, reference, said)

        async def work(uow: UnitOfWork) -> care_pb2.CorrectVisitResponse:
            stands, case = await care.correct_visit(
                uow, self._room, asked.caller, reference, number, revision, said, reason, heard
            )
            return care_pb2.CorrectVisitResponse(revision=stands, safety_act=case.safety is not None)

        return await self._answers.once(asked, care_pb2.CorrectVisitResponse, work)

    async def GetVisit(  # noqa: N802
        self, request: care_pb2.GetVisitRequest, context: Context
    ) -> care_pb2.GetVisitResponse:
        """A visit with its revisions."""
        fields, caller = Fields(), current_call().caller
        reference = fields.case(request.case)
        number = fields.number("entry_number", request.entry_number, most=MAX_ENTRY)
        fields.done()
        entry, on, found, whole = await self._units.run(
            lambda uow: care.get_visit(uow, self._room, caller, reference, number)
        )
        return care_pb2.GetVisitResponse(
            entry_number=entry,
            visited_on=on.isoformat(),
            revisions=map(wire.visit_revision, found),
            withheld=not whole,
        )

    async def ConfirmSafetyAct(  # noqa: N802
        self, request: care_pb2.ConfirmSafetyActRequest, context: Context
    ) -> care_pb2.ConfirmSafetyActResponse:
        """Confirm, as a second person, what was done."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        reference = fields.case(request.case)
        known = frozenset(support_codes()["safety_measure"])
        waived = request.waived
        measures = saying.codes_of(fields, "measures", request.measures, known, "safety_measure", required=not waived)
        if waived and measures:
            fields.wrong("measures", "NOT_ALLOWED_WITH", other="waived")
        note = saying.text_of(fields, "note", request.note, saying.LONG_CHARS, required=waived)
        fields.done()

        async def work(uow: UnitOfWork) -> care_pb2.ConfirmSafetyActResponse:
            number = await care.confirm_safety(uow, self._room, asked.caller, reference, measures, note)
            return care_pb2.ConfirmSafetyActResponse(entry_number=number)

        return await self._answers.once(asked, care_pb2.ConfirmSafetyActResponse, work)


def _then_of(fields: Fields, request: care_pb2.RecordVisitRequest) -> AfterDeclined | None:
    then = fields.member("then", AfterDeclined, types.AfterDeclined, request.then)
    if request.outcome == types.FOLLOW_UP_OUTCOME_DECLINED:
        if not request.then:
            fields.wrong("then", "REQUIRED_WITH", other="outcome")
    elif request.then:
        fields.wrong("then", "NOT_ALLOWED_WITH", other="outcome")
    return then
