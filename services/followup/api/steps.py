"""The steps of a set: put on another day, dropped, counted."""

from __future__ import annotations

from datetime import date
from typing import Any

import grpc

from homeward.followup.v1 import steps_pb2, steps_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.answers import Answers
from services.chassis.calls.fields import Fields
from services.chassis.calls.security import current_call
from services.chassis.country.questionnaires import questionnaire
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.clock import local_date
from services.chassis.service.consents import Consents
from services.followup import wire
from services.followup.application import steps
from services.followup.application.case import Ports
from services.followup.domain.case import DropReason
from services.followup.domain.entry import Kind
from services.followup.domain.visits import DueCounted, DueWanted

Context = grpc.aio.ServicerContext[Any, Any]


class StepServicer(steps_pb2_grpc.StepServiceServicer):
    """What offices decide of the steps of a set, and what of them was due."""

    def __init__(self, units: Units, ports: Ports, consents: Consents, digest_key: bytes) -> None:
        self._units = units
        self._ports = ports
        self._consents = consents
        self._answers = Answers(units, digest_key)

    async def RescheduleFollowUp(  # noqa: N802
        self, request: steps_pb2.RescheduleFollowUpRequest, context: Context
    ) -> steps_pb2.RescheduleFollowUpResponse:
        """Put a follow-up on another day."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        reference = fields.case(request.case)
        kind = fields.required_member("kind", Kind, types.FollowUpKind, request.kind)
        on = fields.required_day("due_on", request.due_on)
        if not request.reason:
            fields.wrong("reason", "REQUIRED")
        else:
            fields.one_of("reason", request.reason, questionnaire().codes("reschedule_reasons"), "reschedule_reasons")
        fields.done()

        async def work(uow: UnitOfWork) -> steps_pb2.RescheduleFollowUpResponse:
            one = await steps.reschedule(uow, self._ports, asked.caller, reference, kind, on, request.reason)
            return steps_pb2.RescheduleFollowUpResponse(follow_up=wire.follow_up(one))

        return await self._answers.once(asked, steps_pb2.RescheduleFollowUpResponse, work)

    async def DropFollowUp(  # noqa: N802
        self, request: steps_pb2.DropFollowUpRequest, context: Context
    ) -> steps_pb2.DropFollowUpResponse:
        """Make a follow-up no more."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        reference = fields.case(request.case)
        kind = fields.required_member("kind", Kind, types.FollowUpKind, request.kind)
        reason = fields.required_member("reason", DropReason, types.StepDropReason, request.reason)
        fields.done()

        async def work(uow: UnitOfWork) -> steps_pb2.DropFollowUpResponse:
            one = await steps.drop(uow, self._ports, asked.caller, reference, kind, reason)
            return steps_pb2.DropFollowUpResponse(follow_up=wire.follow_up(one))

        return await self._answers.once(asked, steps_pb2.DropFollowUpResponse, work)

    async def TakeUpFollowUp(  # noqa: N802
        self, request: steps_pb2.TakeUpFollowUpRequest, context: Context
    ) -> steps_pb2.TakeUpFollowUpResponse:
        """Make a follow-up after all that was dropped."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        reference = fields.case(request.case)
        kind = fields.required_member("kind", Kind, types.FollowUpKind, request.kind)
        fields.done()
        heard = await steps.hear_research(self._ports, self._consents, reference, kind)

        async def work(uow: UnitOfWork) -> steps_pb2.TakeUpFollowUpResponse:
            one = await steps.take_up(uow, self._ports, asked.caller, reference, kind, heard)
            return steps_pb2.TakeUpFollowUpResponse(follow_up=wire.follow_up(one))

        return await self._answers.once(asked, steps_pb2.TakeUpFollowUpResponse, work)

    async def CountDueFollowUps(  # noqa: N802
        self, request: steps_pb2.CountDueFollowUpsRequest, context: Context
    ) -> steps_pb2.CountDueFollowUpsResponse:
        """Count what was due, as it stood at the end of a day."""
        fields, caller = Fields(), current_call().caller
        due_from = fields.day("due_from", request.due_from)
        due_until = fields.day("due_until", request.due_until)
        as_of = fields.day("stood_on", request.stood_on)
        fields.done()

        async def work(uow: UnitOfWork) -> list[DueCounted]:
            wanted = _wanted(due_from, due_until, as_of, local_date(uow.now))
            return await steps.count_due(uow, self._ports, caller, wanted)

        return steps_pb2.CountDueFollowUpsResponse(counts=wire.due_counts(await self._units.read(work)))


def _wanted(due_from: date | None, due_until: date | None, as_of: date | None, today: date) -> DueWanted:
    """What is asked for; raises InvalidInput for a day to come, and for a period that goes beyond the day asked for."""
    fields = Fields()
    if as_of is not None and as_of > today:
        fields.wrong("stood_on", "IN_THE_FUTURE")
    day = as_of or today
    if due_until is not None and due_until > day:
        fields.wrong("due_until", "TOO_LATE", limit=day.isoformat())
    until = due_until or day
    if due_from is not None and due_from > until:
        fields.wrong("due_from", "TOO_LATE", limit=until.isoformat())
    fields.done()
    return DueWanted(due_from, until, day)
