"""Whether a home is safe, in the browser: what counts, what is asked of her, and what a second person says of it.

What is told in confidence never has an address: the page is asked for by a form, and each reading is recorded.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import FormData
from starlette.responses import Response

from homeward.followup.v1 import care_pb2, home_safety_pb2
from homeward.handover.v1 import journeys_pb2
from homeward.intake.v1 import reading_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.client import RpcFailure
from services.chassis.calls.common import Violation
from services.chassis.calls.enums import code_of
from services.chassis.country.questionnaires import Choice, questionnaire, support_codes
from services.chassis.kernel.places import ProvinceRef
from services.client import words
from services.client.dates import DateProblem, parse_day, written
from services.client.home_check import HOME_QUESTIONS, SET
from services.client.shown.home_safety import check_facts, said_facts, waiting_row, waiting_titles
from services.client.visit_file import words_of
from services.console.desk import Desk
from services.console.forms import options
from services.console.pages import filters
from services.console.pages.answers import case_of
from services.console.pages.lists import page_token, shown_list
from services.console.pages.visit_form import signs_of
from services.console.refusals import FieldProblem, Refused, at_field
from services.console.routes import Page
from services.console.texts import N_
from services.console.verbs import TO

CALLED: Final[Mapping[str, str]] = {
    "to_office_id": N_("Office of the place where she would go"),
    "checked_on": N_("Asked on"),
    "guardian": N_("Of somebody under 18: the guardian, who took no part"),
    "verdict": N_("Verdict"),
    "measures": N_("Measures"),
    "reason": N_("Why it is decided so"),
}
"""What the fields are called that are no questions."""
TEXT_CHARS: Final = 2_000
LINE_CHARS: Final = 200


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the form asks it: what may be answered, and what was chosen."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    given: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: the request, and the day as it was written."""

    request: home_safety_pb2.RecordHomeSafetyRequest
    day: str = ""


async def begin(desk: Desk) -> Response:
    """What counts about her home, and the form."""
    return await _page(desk, str(uuid.uuid4()), _new())


async def send(desk: Desk) -> Response:
    """Record what she said, and what is decided. Everything wrong is told at once, and what was typed stays."""
    case, request_id, form = case_of(desk), desk.request_id(), await desk.form()
    typed, problems = _typed(desk, form)
    if problems:
        return await _page(desk, request_id, typed, problems=problems, status=422)
    request = typed.request
    request.request_id, request.case = request_id, case
    try:
        if _is_short(desk):
            await desk.ask(desk.stubs.home_safety.RecordShortChecks, _short(request))
        else:
            await desk.ask(desk.stubs.home_safety.RecordHomeSafety, request)
    except RpcFailure as failure:
        return await _again(desk, request_id, typed, failure)
    return desk.go(f"/cases/{case}?done=home-safety")


async def confirm(desk: Desk) -> Response:
    """Agree as a second person, or not."""
    case, form = case_of(desk), await desk.form()
    number = _one(form, "number")
    request = home_safety_pb2.ConfirmHomeSafetyRequest(
        request_id=desk.request_id(),
        case=case,
        number=int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 0,
        agrees=_one(form, "agrees") == "1",
    )
    try:
        await desk.ask(desk.stubs.home_safety.ConfirmHomeSafety, request)
    except RpcFailure as failure:
        return await _again(desk, str(uuid.uuid4()), _new(), failure)
    return desk.go(f"/cases/{case}?done=home-agreed")


async def again(desk: Desk) -> Response:
    """What is told in confidence never has an address: whoever comes by GET gets the case."""
    return desk.go(f"/cases/{case_of(desk)}")


async def _again(desk: Desk, request_id: str, typed: Typed, failure: RpcFailure) -> Response:
    refused = desk.refused(failure)
    problems = [_problem(desk, typed, each) for each in failure.violations]
    return await _page(desk, request_id, typed, problems=problems, refused=refused, status=503 if refused.away else 422)


def _is_short(desk: Desk) -> bool:
    """Whether this office asks the two questions of the border alone."""
    return desk.may("RecordShortChecks")


# What was typed.


def _new() -> Typed:
    return Typed(home_safety_pb2.RecordHomeSafetyRequest(questionnaire_version=questionnaire().version))


def _typed(desk: Desk, form: FormData) -> tuple[Typed, list[FieldProblem]]:
    request, problems, day = _new().request, list[FieldProblem](), _one(form, "checked_on")
    try:
        request.checked_on = parse_day(day, desk.console.today()).isoformat() if day else ""
    except DateProblem as problem:
        problems.append(FieldProblem("checked_on", desk.texts(problem.text, **problem.params)))
    with suppress(ValueError):
        request.verdict = types_pb2.HomeSafety.Value(f"HOME_SAFETY_{_one(form, 'verdict')}")
    request.to_office_id = _one(form, "to_office_id")[:LINE_CHARS]
    request.guardian, request.reason = _one(form, "guardian")[:LINE_CHARS], _one(form, "reason")
    request.against_advice = _one(form, "against_advice") == "1"
    request.measures.extend(str(each) for each in form.getlist("measures"))
    request.warning_signs.extend(str(each) for each in form.getlist("warning_signs"))
    for question in questionnaire().of_set(SET):
        if code := _one(form, question.id):
            request.answers.add(question=question.id, codes=[code])
    return Typed(request, day), problems


def _short(request: home_safety_pb2.RecordHomeSafetyRequest) -> home_safety_pb2.RecordShortChecksRequest:
    said = _said(request.answers)
    answers = {name: said.get(question, "") for name, question in HOME_QUESTIONS.items()}
    row = home_safety_pb2.ShortCheck(
        case=request.case, to_office_id=request.to_office_id, guardian=request.guardian, **answers
    )
    return home_safety_pb2.RecordShortChecksRequest(
        request_id=request.request_id, checked_on=request.checked_on, rows=[row]
    )


def _said(answers: Iterable[care_pb2.Answer]) -> dict[str, str]:
    return {one.question: one.codes[0] for one in answers if one.codes}


def _one(form: FormData, name: str) -> str:
    return str(form.get(name, "")).replace("\r\n", "\n").strip()[:TEXT_CHARS]


def _field_of(typed: Typed, field: str, row: int | None) -> str:
    """The name in the form of a field of the request."""
    answers = typed.request.answers
    if field.startswith("answers.") and row is not None and row <= len(answers):
        return answers[row - 1].question
    name = field.rpartition(".")[2]
    return HOME_QUESTIONS.get(name, "" if name == "answers" else name)


def _problem(desk: Desk, typed: Typed, each: Violation) -> FieldProblem:
    name = _field_of(typed, each.field, each.row)
    asked = questionnaire().questions.get(name)
    if asked is not None:
        return at_field(name, each.message, f"{asked.id}. {words_of(asked, desk.texts)}", desk.texts)
    called = desk.texts(CALLED[name]) if name in CALLED else ""
    return at_field(name, each.message, called, desk.texts)


# What is shown.


async def _page(
    desk: Desk,
    request_id: str,
    typed: Typed,
    *,
    problems: Sequence[FieldProblem] = (),
    refused: Refused | None = None,
    status: int = 200,
) -> Response:
    case, short, request = case_of(desk), _is_short(desk), typed.request
    stands = await desk.block(
        desk.ask(desk.stubs.home_safety.GetHomeSafety, home_safety_pb2.GetHomeSafetyRequest(case=case))
    )
    answer = stands.found or home_safety_pb2.GetHomeSafetyResponse()
    home = await desk.block(_home(desk, case))
    verdict = code_of(types_pb2.HomeSafety, request.verdict) if request.verdict else ""
    facts = [*check_facts(answer.check, desk.texts), *said_facts(answer, desk.texts)] if answer.check.number else []
    return desk.page(
        "home_safety.html",
        status,
        case=case,
        action=f"/cases/{case}/home-safety/{request_id}",
        confirms=f"/cases/{case}/home-agreed/{uuid.uuid4()}",
        problems=problems,
        by_field={each.field: each.text for each in problems},
        refused=refused,
        check=answer.check,
        unread=stands.missing,
        facts=[each for each in facts if each[1]],
        withheld=answer.withheld,
        family_suspected=answer.family_suspected,
        short=short,
        typed=request,
        day=typed.day,
        questions=_questions(desk, short=short, typed=request),
        offices=options(desk, TO, home.found),
        verdicts=[(code, words.word(desk.texts, words.HOME_SAFETIES, code)) for code in words.HOME_SAFETIES],
        verdict=verdict,
        measures=[(one.code, words_of(one, desk.texts)) for one in support_codes()["safety_measure"].values()],
        signs=signs_of(desk),
        written=written,
    )


async def _home(desk: Desk, case: str) -> ProvinceRef | None:
    """The province that she calls home, whose agency stands first."""
    found = (await desk.ask(desk.stubs.reading.GetCase, reading_pb2.GetCaseRequest(case=case))).case.home_province
    return ProvinceRef(found.code, found.vintage) if found.code else None


def _questions(desk: Desk, *, short: bool, typed: home_safety_pb2.RecordHomeSafetyRequest) -> list[Question]:
    asked, said = questionnaire(), _said(typed.answers)
    of_set = [one for one in asked.of_set(SET) if not short or one.id in HOME_QUESTIONS.values()]
    return [
        Question(
            one.id,
            f"{one.id}. {words_of(one, desk.texts)}",
            _choices(desk, (*one.answers, *asked.common)),
            said.get(one.id, ""),
        )
        for one in of_set
    ]


def _choices(desk: Desk, choices: Iterable[Choice]) -> list[tuple[str, str]]:
    return [(one.code, words_of(one, desk.texts)) for one in choices]


async def waiting(desk: Desk) -> Response:
    """Whose journey waits for a verdict about the home, the earliest planned departure first."""
    _ = desk.texts
    province = filters.of_province(desk)
    request = journeys_pb2.ListAwaitingVerdictRequest(page_token=page_token(desk), province=province.value)
    return await shown_list(
        desk,
        _("Waiting for a verdict about the home"),
        waiting_titles(_),
        lambda: desk.ask(desk.stubs.journeys.ListAwaitingVerdict, request),
        lambda answer: [waiting_row(each, _) for each in answer.people],
        filters=[province.parts],
    )


RECORDS: Final = ("ConfirmHomeSafety",)
"""Whoever may send somebody home, whichever questions its office asks."""
PAGES: Final = (
    Page("/homes", waiting, calls=("ListAwaitingVerdict",)),
    Page("/cases/{case}/home-safety", again, calls=RECORDS),
    Page("/cases/{case}/home-safety", begin, ("POST",), calls=RECORDS),
    Page("/cases/{case}/home-safety/{request_id}", again, calls=RECORDS),
    Page("/cases/{case}/home-safety/{request_id}", send, ("POST",), calls=RECORDS),
    Page("/cases/{case}/home-agreed/{request_id}", again, calls=RECORDS),
    Page("/cases/{case}/home-agreed/{request_id}", confirm, ("POST",), calls=RECORDS),
)
