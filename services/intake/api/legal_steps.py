"""Steps that the law wants to be taken at once, and all legal deadlines."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from homeward.intake.v1 import legal_steps_pb2 as pb
from homeward.intake.v1 import legal_steps_pb2_grpc
from services.chassis.calls.answers import Answers
from services.chassis.calls.fields import Fields
from services.chassis.calls.pages import Pages, filters_of
from services.chassis.calls.security import current_call
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.words import RuleCode
from services.intake import wire
from services.intake.application import legal_steps, undecided
from services.intake.application.ports import Ports
from services.intake.domain.legal_steps import STEPS, DeadlinesWanted
from services.intake.domain.undecided import REPLY_RULES, reply_due
from services.intake.domain.undecided import RULES as DECISION_RULES

MAX_DAYS: Final = 36_500
"""For how long at most something is asked to be overdue."""


class LegalStepServicer(legal_steps_pb2_grpc.LegalStepServiceServicer):
    """Records steps, and lists what is due by law."""

    def __init__(self, ports: Ports, answers: Answers, pages: Pages) -> None:
        self._ports = ports
        self._answers = answers
        self._pages = pages

    async def RecordLegalStep(  # noqa: N802
        self, request: pb.RecordLegalStepRequest, context: Any
    ) -> pb.RecordLegalStepResponse:
        """Records that a step was taken."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        ref = fields.case(request.case)
        rule = _step(fields, request.step)
        done_on = fields.required_day("done_on", request.done_on)
        fields.done()

        async def work(uow: UnitOfWork) -> pb.RecordLegalStepResponse:
            steps = await legal_steps.record(uow, self._ports, asked.caller, ref, rule, done_on)
            return pb.RecordLegalStepResponse(steps=map(wire.legal_step, steps))

        return await self._answers.once(asked, pb.RecordLegalStepResponse, work)

    async def TakeBackLegalStep(  # noqa: N802
        self, request: pb.TakeBackLegalStepRequest, context: Any
    ) -> pb.TakeBackLegalStepResponse:
        """Takes back that a step was taken."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        ref = fields.case(request.case)
        rule = _step(fields, request.step)
        fields.done()

        async def work(uow: UnitOfWork) -> pb.TakeBackLegalStepResponse:
            steps = await legal_steps.take_back(uow, self._ports, asked.caller, ref, rule)
            return pb.TakeBackLegalStepResponse(steps=map(wire.legal_step, steps))

        return await self._answers.once(asked, pb.TakeBackLegalStepResponse, work)

    async def SetReplyLimit(self, request: pb.SetReplyLimitRequest, context: Any) -> pb.SetReplyLimitResponse:  # noqa: N802
        """Says whether a verification is complex."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        ref = fields.case(request.case)
        fields.one_of("rule", request.rule, REPLY_RULES, "limits for an answer of the police")
        fields.done()
        rule = RuleCode(request.rule)

        async def work(uow: UnitOfWork) -> pb.SetReplyLimitResponse:
            awaited = await undecided.set_reply_limit(uow, self._ports, asked.caller, ref, rule)
            reply = reply_due(awaited, self._ports.calendar)
            return pb.SetReplyLimitResponse(verification=wire.verification(awaited, reply))

        return await self._answers.once(asked, pb.SetReplyLimitResponse, work)

    async def ListLegalDeadlines(  # noqa: N802
        self, request: pb.ListLegalDeadlinesRequest, context: Any
    ) -> pb.ListLegalDeadlinesResponse:
        """Lists legal deadlines, the earliest due first."""
        caller = current_call().caller
        fields = Fields()
        size = fields.page_size(request.page_size)
        wanted = _wanted(fields, request.filter)
        fields.done()
        page = self._pages.page(caller, "ListLegalDeadlines", size, request.page_token, **filters_of(wanted))
        after = page.start(date.fromisoformat, UUID, str)
        found, today = await legal_steps.list_deadlines(self._ports, caller, wanted, after=after, limit=page.limit)
        given, next_token = page.cut(found, lambda one: (one.due_on, one.case_id, one.rule))
        return pb.ListLegalDeadlinesResponse(
            deadlines=[wire.legal_deadline(one, today) for one in given], next_page_token=next_token
        )

    async def CountLegalDeadlines(  # noqa: N802
        self, request: pb.CountLegalDeadlinesRequest, context: Any
    ) -> pb.CountLegalDeadlinesResponse:
        """Counts what ListLegalDeadlines lists."""
        caller = current_call().caller
        fields = Fields()
        wanted = _wanted(fields, request.filter)
        fields.done()
        rows = await legal_steps.count_deadlines(self._ports, caller, wanted)
        return pb.CountLegalDeadlinesResponse(counts=wire.deadline_counts(rows))


def _step(fields: Fields, given: str) -> RuleCode:
    """A step; a wrong one reads as the first."""
    fields.one_of("step", given, STEPS, "steps that the law asks for")
    return RuleCode(given) if given in STEPS else STEPS[0]


def _wanted(fields: Fields, given: pb.LegalDeadlineFilter) -> DeadlinesWanted:
    part = fields.at("filter.")
    if given.rule:
        part.one_of("rule", given.rule, (*STEPS, *DECISION_RULES), "rules")
    return DeadlinesWanted(
        province=part.counted_province("province", given.province),
        rule=given.rule,
        overdue_only=given.overdue_only,
        overdue_days_min=part.number("overdue_days_min", given.overdue_days_min, most=MAX_DAYS),
    )
