"""Whether a home is safe: asked with her, decided, confirmed, shown."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import grpc

from homeward.followup.v1 import home_safety_pb2, home_safety_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.answers import Answers
from services.chassis.calls.fields import Fields
from services.chassis.calls.security import current_call
from services.chassis.country.questionnaires import questionnaire, support_codes
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import FieldViolation, InvalidInput
from services.followup import wire
from services.followup.api import saying
from services.followup.application import home_safety
from services.followup.application.home_safety import HomeSafetyPorts, Short
from services.followup.domain.care import Answer
from services.followup.domain.home_safety import AFRAID, SET, WANTS_TO_GO, Asked, Verdict, Wanted

MAX_ROWS: Final = 60
"""People of one list: what a coach holds [policy]."""
MAX_CHECKS: Final = 1_000_000
GUARDIAN_CHARS: Final = 200
Context = grpc.aio.ServicerContext[Any, Any]


class HomeSafetyServicer(home_safety_pb2_grpc.HomeSafetyServiceServicer):
    """What the accountable office asks, decides and reads before somebody goes home."""

    def __init__(self, units: Units, room: HomeSafetyPorts, digest_key: bytes) -> None:
        self._units = units
        self._room = room
        self._answers = Answers(units, digest_key)

    async def RecordHomeSafety(  # noqa: N802
        self, request: home_safety_pb2.RecordHomeSafetyRequest, context: Context
    ) -> home_safety_pb2.RecordHomeSafetyResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        reference = fields.case(request.case)
        to_office_id = fields.office("to_office_id", request.to_office_id) or ""
        day = fields.day("checked_on", request.checked_on)
        verdict = fields.required_member("verdict", Verdict, types.HomeSafety, request.verdict)
        said = _asked_of(fields, request)
        fields.done()

        async def work(uow: UnitOfWork) -> home_safety_pb2.RecordHomeSafetyResponse:
            today = local_date(uow.now)
            _require_not_future("checked_on", day, today)
            wanted = Wanted(to_office_id, day or today, verdict, request.questionnaire_version, request.against_advice)
            check = await home_safety.record(uow, self._room, asked.caller, reference, wanted, said)
            return home_safety_pb2.RecordHomeSafetyResponse(check=wire.home_check(check))

        answer = await self._answers.once(asked, home_safety_pb2.RecordHomeSafetyResponse, work)
        # What follows from her answers is told again with each repetition, and kept nowhere without a seal.
        suggested = questionnaire().suggested({one.question: one.codes for one in said.answers})
        answer.suggested_signs.extend(sorted(suggested - set(said.signs)))
        answer.family_suspected = said.suspects_family
        return answer

    async def RecordShortChecks(  # noqa: N802
        self, request: home_safety_pb2.RecordShortChecksRequest, context: Context
    ) -> home_safety_pb2.RecordShortChecksResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        day = fields.day("checked_on", request.checked_on)
        given = fields.at_most("rows", request.rows, MAX_ROWS, required=True)
        rows = [_short_of(fields.at(row=number), row) for number, row in enumerate(given, start=1)]
        fields.done()

        async def work(uow: UnitOfWork) -> home_safety_pb2.RecordShortChecksResponse:
            _require_not_future("checked_on", day, local_date(uow.now))
            checks = await home_safety.record_short(uow, self._room, asked.caller, day, rows)
            return home_safety_pb2.RecordShortChecksResponse(checks=map(wire.home_check, checks))

        return await self._answers.once(asked, home_safety_pb2.RecordShortChecksResponse, work)

    async def ConfirmHomeSafety(  # noqa: N802
        self, request: home_safety_pb2.ConfirmHomeSafetyRequest, context: Context
    ) -> home_safety_pb2.ConfirmHomeSafetyResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        reference = fields.case(request.case)
        number = fields.number("number", request.number, least=1, most=MAX_CHECKS)
        fields.done()

        async def work(uow: UnitOfWork) -> home_safety_pb2.ConfirmHomeSafetyResponse:
            check = await home_safety.confirm(uow, self._room, asked.caller, reference, number, agrees=request.agrees)
            return home_safety_pb2.ConfirmHomeSafetyResponse(check=wire.home_check(check))

        return await self._answers.once(asked, home_safety_pb2.ConfirmHomeSafetyResponse, work)

    async def GetHomeSafety(  # noqa: N802
        self, request: home_safety_pb2.GetHomeSafetyRequest, context: Context
    ) -> home_safety_pb2.GetHomeSafetyResponse:
        """See the contract."""
        fields, caller = Fields(), current_call().caller
        reference = fields.case(request.case)
        fields.done()
        shown = await self._units.run(lambda uow: home_safety.get(uow, self._room, caller, reference))
        if shown is None:
            return home_safety_pb2.GetHomeSafetyResponse()
        check, said = wire.home_check(shown.check), shown.asked
        if said is None:
            return home_safety_pb2.GetHomeSafetyResponse(check=check, withheld=True)
        return home_safety_pb2.GetHomeSafetyResponse(
            check=check,
            answers=wire.home_answers(said.answers),
            warning_signs=said.signs,
            measures=said.measures,
            guardian=said.guardian,
            reason=said.reason,
            is_child=shown.check.is_child,
            family_suspected=said.suspects_family,
        )

    async def GetVerdicts(  # noqa: N802
        self, request: home_safety_pb2.GetVerdictsRequest, context: Context
    ) -> home_safety_pb2.GetVerdictsResponse:
        """See the contract."""
        fields = Fields()
        given = fields.at_most("cases", request.cases, MAX_ROWS, required=True)
        cases = [fields.case(each, "cases") for each in given]
        fields.done()
        checks = await self._units.read(lambda uow: home_safety.verdicts(uow, cases))
        return home_safety_pb2.GetVerdictsResponse(checks=map(wire.home_check, checks))


def _asked_of(fields: Fields, request: home_safety_pb2.RecordHomeSafetyRequest) -> Asked:
    known = questionnaire()
    if request.questionnaire_version != known.version:
        fields.wrong("questionnaire_version", "NOT_IN_LIST", list=str(known.version))
    answers = saying.answers_of_set(fields, SET, request.answers)
    measures = frozenset(support_codes()["safety_measure"])
    return Asked(
        answers=answers,
        signs=saying.signs_of(fields, request.warning_signs),
        measures=saying.codes_of(fields, "measures", request.measures, measures, "safety_measure"),
        guardian=fields.text("guardian", request.guardian, GUARDIAN_CHARS),
        reason=saying.text_of(fields, "reason", request.reason, saying.LONG_CHARS),
        topics={one.question: known.questions[one.question].topic for one in answers if _is_sealed(one)},
    )


def _is_sealed(answer: Answer) -> bool:
    question = questionnaire().questions.get(answer.question)
    return question is not None and question.is_sealed


def _short_of(fields: Fields, row: home_safety_pb2.ShortCheck) -> Short:
    reference = fields.case(row.case)
    to_office_id = fields.office("to_office_id", row.to_office_id) or ""
    answers = (
        _one_of(fields, "wants_to_go", WANTS_TO_GO, row.wants_to_go),
        _one_of(fields, "afraid", AFRAID, row.afraid),
    )
    guardian = fields.text("guardian", row.guardian, GUARDIAN_CHARS)
    return Short(reference, to_office_id, Asked(answers, guardian=guardian))


def _one_of(fields: Fields, name: str, question: str, given: str) -> Answer:
    """The answer to a question of the set, as a code of its list."""
    known = questionnaire()
    codes = {one.code for one in (*known.questions[question].answers, *known.common)}
    if not given:
        fields.wrong(name, "REQUIRED")
    else:
        fields.one_of(name, given, codes, question)
    return Answer(question, (given,) if given else ())


def _require_not_future(field: str, day: date | None, today: date) -> None:
    if day is not None and day > today:
        raise InvalidInput([FieldViolation(None, field, "IN_THE_FUTURE")])
