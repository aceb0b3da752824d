"""Entries: the story at home, corrections, and entries taken back."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import grpc

from homeward.followup.v1 import entries_pb2, entries_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.answers import Answers
from services.chassis.calls.enums import number_of
from services.chassis.calls.fields import Fields
from services.chassis.calls.security import current_call
from services.chassis.events.units import UnitOfWork, Units
from services.followup import wire
from services.followup.api.visits import signs_of
from services.followup.application.case import Ports
from services.followup.application.confidence import Confidence
from services.followup.application.entries import correct_entry, take_back_entry, tell_story
from services.followup.domain.entries import TO_CORRECT, TO_TAKE_BACK, Correction
from services.followup.domain.entry import AfterDeclined, ContactOutcome, EntryReason, Kind, Outcome
from services.followup.domain.reading import Story

Context = grpc.aio.ServicerContext[Any, Any]


class EntryServicer(entries_pb2_grpc.EntryServiceServicer):
    """Tells the story at home, and changes entries."""

    def __init__(self, units: Units, ports: Ports, vault: Confidence, digest_key: bytes) -> None:
        self._units = units
        self._vault = vault
        self._ports = ports
        self._answers = Answers(units, digest_key)

    async def GetStory(  # noqa: N802
        self, request: entries_pb2.GetStoryRequest, context: Context
    ) -> entries_pb2.GetStoryResponse:
        """Tell the story at home."""
        caller = current_call().caller
        fields = Fields()
        reference = fields.case(request.case)
        fields.done()

        async def work(uow: UnitOfWork) -> Story:
            return await tell_story(uow, self._ports, self._vault, caller, reference)

        story = await self._units.run(work)
        return entries_pb2.GetStoryResponse(
            office_id=story.keeper_id,
            entries=[
                wire.entry(each, story.withholds(each), signs=True, signs_erased=story.signs_erased)
                for each in story.entries
            ],
            marks=wire.marks(story.marks),
        )

    async def CorrectEntry(  # noqa: N802
        self, request: entries_pb2.CorrectEntryRequest, context: Context
    ) -> entries_pb2.CorrectEntryResponse:
        """Correct an entry."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        reference = fields.case(request.case)
        number = _number_of(request, fields)
        version = fields.version(request.etag)
        reason = _reason_of(request, fields, TO_CORRECT)
        correction = _correction_of(request, fields)
        fields.done()

        async def work(uow: UnitOfWork) -> entries_pb2.CorrectEntryResponse:
            done = await correct_entry(
                uow, self._ports, self._vault, asked.caller, reference, number, version, correction, reason
            )
            return entries_pb2.CorrectEntryResponse(
                entry=wire.entry(done.entry), search=number_of(types.SearchEffect, done.effect)
            )

        return await self._answers.once(asked, entries_pb2.CorrectEntryResponse, work)

    async def TakeBackEntry(  # noqa: N802
        self, request: entries_pb2.TakeBackEntryRequest, context: Context
    ) -> entries_pb2.TakeBackEntryResponse:
        """Take an entry back."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        reference = fields.case(request.case)
        number = _number_of(request, fields)
        version = fields.version(request.etag)
        reason = _reason_of(request, fields, TO_TAKE_BACK)
        fields.done()

        async def work(uow: UnitOfWork) -> entries_pb2.TakeBackEntryResponse:
            done = await take_back_entry(uow, self._ports, asked.caller, reference, number, version, reason)
            return entries_pb2.TakeBackEntryResponse(
                entry=wire.entry(done.entry), search=number_of(types.SearchEffect, done.effect)
            )

        return await self._answers.once(asked, entries_pb2.TakeBackEntryResponse, work)


def _number_of(request: entries_pb2.CorrectEntryRequest | entries_pb2.TakeBackEntryRequest, fields: Fields) -> int:
    if request.entry_number < 1:
        fields.wrong("entry_number", "TOO_SMALL", limit="1")
    return request.entry_number


def _reason_of(
    request: entries_pb2.CorrectEntryRequest | entries_pb2.TakeBackEntryRequest,
    fields: Fields,
    allowed: Collection[EntryReason],
) -> EntryReason:
    reason = fields.required_member("reason", EntryReason, types.EntryReason, request.reason)
    if fields.is_right("reason") and reason not in allowed:
        fields.wrong("reason", "NOT_ALLOWED")
    return reason


def _correction_of(request: entries_pb2.CorrectEntryRequest, fields: Fields) -> Correction:
    signs = signs_of(request, fields)
    if signs and request.no_warning_signs:
        fields.wrong("no_warning_signs", "NOT_ALLOWED_WITH", other="warning_signs")
    return Correction(
        kind=fields.member("kind", Kind, types.FollowUpKind, request.kind),
        on=fields.day("on", request.on),
        outcome=fields.member("outcome", Outcome, types.FollowUpOutcome, request.outcome),
        contact=fields.member("contact", ContactOutcome, types.ContactOutcome, request.contact),
        warning_signs=signs if signs or request.no_warning_signs else None,
        then=fields.member("then", AfterDeclined, types.AfterDeclined, request.then),
    )
