"""A visit in the browser: her wishes first, the questions section by section, and the worker's own judgement.

What is told in confidence never has an address: pages with it are asked for by forms, and each reading is recorded.
What is typed is kept by followup, sealed, whenever a section is saved; the browser keeps nothing of it.
"""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from homeward.followup.v1 import care_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.client import RpcFailure
from services.chassis.calls.enums import code_of
from services.chassis.country.questionnaires import (
    FULL,
    Choice,
    Question,
    QuestionKind,
    questionnaire,
    support_codes,
)
from services.chassis.country.reference_lists import warning_signs
from services.client import words
from services.client.dates import DateProblem, parse_day, written
from services.client.shown.care import suggested_signs, visit_facts, wishes_version_facts
from services.client.shown.consents import contact_facts
from services.client.visit_file import words_of
from services.console.desk import Desk
from services.console.pages.answers import case_of
from services.console.refusals import FieldProblem, Refused
from services.console.routes import Page
from services.console.texts import N_

LINE_CHARS: Final = 500
TEXT_CHARS: Final = 2_000
NUMBER_DIGITS: Final = 9
"""So many fit into the number of a request."""
SINGLE: Final = ("mode", "visitor", "consent", "privacy", "interpreter")
WISHED: Final = ("who", "hours", "reason")
TOPICS: Final[Mapping[str, str]] = {
    "HOME": N_("Where she lives"),
    "FAMILY": N_("Family"),
    "SAFETY": N_("Safety"),
    "RETURN": N_("The return"),
    "SERVICES": N_("Support"),
    "RESPECT": N_("Respect"),
    "WORK": N_("Work"),
    "LIFE": N_("Life"),
    "OUTLOOK": N_("Outlook"),
    "HEALTH": N_("Health"),
    "MONEY": N_("Money"),
    "PLAN": N_("Her plan"),
    "CONTACT": N_("Contact"),
    "GROUP": N_("Self-help group"),
    "CENTRE": N_("The centre"),
    "WISH": N_("Her wish"),
    "HOUSEHOLD": N_("Household"),
}
"""What the topics of the questions are called."""


@dataclass(frozen=True, slots=True)
class Option:
    """What may be chosen."""

    code: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, or one item of it, as a form asks for it."""

    name: str
    label: str
    options: Sequence[Option]
    many: bool = False
    text: str = ""
    in_words: bool = False


async def begin(desk: Desk) -> Response:
    """The form: her wishes, and what was typed so far."""
    case, form = case_of(desk), await desk.form()
    wishes, draft = await asyncio.gather(_wishes(desk, case), _draft(desk, case))
    typed = draft if draft is not None else _new(str(form.get("set", FULL)))
    return _page(desk, case, str(uuid.uuid4()), typed, wishes)


async def send(desk: Desk) -> Response:
    """Save what is typed, or take the visit down. All that is wrong is told at once, and what was typed stays."""
    case, request_id = case_of(desk), _request_id(desk)
    form = await desk.form()
    typed, problems = _typed(desk, form)
    try:
        wishes = await _wishes(desk, case)
    except RpcFailure as failure:
        # What was typed stands, and with it the version of her wishes that was read.
        wishes, refused = care_pb2.GetWishesResponse(version=typed.wishes_read), desk.refused(failure)
        status = 503 if refused.away else 422
        return _page(desk, case, request_id, typed, wishes, problems=problems, refused=refused, status=status)
    saving = str(form.get("do", "")) == "save"
    if problems and not saving:
        return _page(desk, case, request_id, typed, wishes, problems=problems, status=422)
    try:
        if saving:
            save = care_pb2.SaveVisitDraftRequest(request_id=str(uuid.uuid4()), case=case, visit=typed)
            await desk.ask(desk.stubs.care.SaveVisitDraft, save)
            return _page(desk, case, request_id, typed, wishes, problems=problems, saved=True)
        typed.request_id, typed.case = request_id, case
        answer = await desk.ask(desk.stubs.care.RecordVisit, typed)
    except RpcFailure as failure:
        refused = desk.refused(failure)
        found = [FieldProblem(_field_of(typed, each.field, each.row), each.message) for each in failure.violations]
        status = 503 if refused.away else 422
        return _page(desk, case, request_id, typed, wishes, problems=found, refused=refused, status=status)
    return desk.go(f"/cases/{case}?done={'urgent' if answer.safety_act else 'home-visit'}")


async def show(desk: Desk) -> Response:
    """The latest visit, or the one asked for, as far as the officer may see it."""
    case, form = case_of(desk), await desk.form()
    return await _shown(desk, case, _number(form, "entry"))


async def _shown(
    desk: Desk,
    case: str,
    number: int,
    refused: Refused | None = None,
    status: int = 200,
    given: care_pb2.ConfirmSafetyActRequest | None = None,
) -> Response:
    """`given`: what was said of her safety, and was refused."""
    given = given or care_pb2.ConfirmSafetyActRequest()
    request = care_pb2.GetVisitRequest(case=case, entry_number=number)
    answer = await desk.ask(desk.stubs.care.GetVisit, request)
    stands = answer.revisions[-1]
    measures = support_codes()["safety_measure"].values()
    return desk.page(
        "visit_shown.html",
        status,
        case=case,
        refused=refused,
        problems=[FieldProblem(each.field, each.text) for each in refused.problems] if refused else [],
        number=answer.entry_number,
        day=written(answer.visited_on),
        revision=stands,
        facts=[each for each in visit_facts(stands.content, desk.texts) if each[1]],
        withheld=answer.withheld,
        urgent=stands.content.risk == "IMMEDIATE",
        measures=[(each.code, words_of(each, desk.texts)) for each in measures],
        request_id=str(uuid.uuid4()),
        given=given,
    )


async def confirm(desk: Desk) -> Response:
    """Confirm, as a second person, what was done for her safety."""
    case, form = case_of(desk), await desk.form()
    request = care_pb2.ConfirmSafetyActRequest(
        request_id=_request_id(desk),
        case=case,
        measures=[str(each) for each in form.getlist("measures")],
        note=str(form.get("note", "")).strip()[:TEXT_CHARS],
        waived=_one(form, "waived") == "1",
    )
    try:
        await desk.ask(desk.stubs.care.ConfirmSafetyAct, request)
    except RpcFailure as failure:
        refused = desk.refused(failure)
        return await _shown(desk, case, 0, refused, 503 if refused.away else 422, given=request)
    return desk.go(f"/cases/{case}?done=safe")


async def wishes(desk: Desk) -> Response:
    """How she wishes to be contacted."""
    case = case_of(desk)
    return _wishes_page(desk, case, str(uuid.uuid4()), await _wishes(desk, case))


async def set_wishes(desk: Desk) -> Response:
    """Record how she wishes to be contacted, in place of what she wished before."""
    case, request_id, form = case_of(desk), _request_id(desk), await desk.form()
    request = care_pb2.SetWishesRequest(
        request_id=request_id,
        case=case,
        wishes=_wishes_typed(form),
        replaces=_number(form, "replaces"),
    )
    try:
        await desk.ask(desk.stubs.care.SetWishes, request)
    except RpcFailure as failure:
        refused = desk.refused(failure)
        stands = (await desk.block(_wishes(desk, case))).found
        version = stands.version if stands is not None else request.replaces
        typed = care_pb2.GetWishesResponse(version=version, wishes=request.wishes)
        return _wishes_page(desk, case, request_id, typed, refused, 503 if refused.away else 422)
    return desk.go(f"/cases/{case}?done=wishes")


async def sheet(desk: Desk) -> Response:
    """The paper for the road: the number of the case and ids of questions, and nothing that tells what it is."""
    code = desk.request.query_params.get("set", FULL)
    ids = [each.id for each in questionnaire().of_set(code)]
    return desk.page("sheet.html", case=case_of(desk), ids=ids)


async def again(desk: Desk) -> Response:
    """What is told in confidence never has an address: whoever comes by GET gets the case."""
    return desk.go(f"/cases/{case_of(desk)}")


# Reading.


async def _wishes(desk: Desk, case: str) -> care_pb2.GetWishesResponse:
    return await desk.ask(desk.stubs.care.GetWishes, care_pb2.GetWishesRequest(case=case))


async def _draft(desk: Desk, case: str) -> care_pb2.RecordVisitRequest | None:
    answer = await desk.ask(desk.stubs.care.GetVisitDraft, care_pb2.GetVisitDraftRequest(case=case))
    return answer.visit if answer.HasField("visit") else None


def _new(set_code: str) -> care_pb2.RecordVisitRequest:
    asked = questionnaire()
    code = set_code if set_code in asked.sets else FULL
    return care_pb2.RecordVisitRequest(content=care_pb2.VisitContent(set=code, questionnaire_version=asked.version))


def _request_id(desk: Desk) -> str:
    try:
        return str(uuid.UUID(desk.request.path_params["request_id"]))
    except ValueError:
        raise HTTPException(404) from None


# What was typed.


def _typed(desk: Desk, form: FormData) -> tuple[care_pb2.RecordVisitRequest, list[FieldProblem]]:
    _, typed, problems = desk.texts, _new(_one(form, "set")), list[FieldProblem]()
    content = typed.content
    day = _one(form, "visited_on")
    try:
        typed.visited_on = parse_day(day, desk.console.today()).isoformat() if day else ""
    except DateProblem as problem:
        problems.append(FieldProblem("visited_on", _(problem.text, **problem.params)))
    outcome, then = _one(form, "outcome"), _one(form, "then")
    with suppress(ValueError):
        typed.outcome = types_pb2.FollowUpOutcome.Value(f"FOLLOW_UP_OUTCOME_{outcome}")
    with suppress(ValueError):
        typed.then = types_pb2.AfterDeclined.Value(f"AFTER_DECLINED_{then}")
    typed.extra = _one(form, "extra") == "1"
    # As it was typed, whatever stands now: a form that is sent twice is the same request, also when the first one
    # recorded new wishes. A version that is no longer the last is refused by followup.
    typed.wishes_read = _number(form, "wishes_read")
    for name in (*SINGLE, "risk"):
        setattr(content, name, _one(form, name))
    content.interpreter_is_adult = _one(form, "interpreter_is_adult") == "1"
    content.risk_reason, content.note = _one(form, "risk_reason"), _one(form, "note")
    content.next_steps.extend(str(each) for each in form.getlist("next_steps"))
    content.warning_signs.extend(str(each) for each in form.getlist("warning_signs"))
    for question in questionnaire().of_set(content.set):
        content.answers.extend(_answers(form, question))
    given = _wishes_typed(form)
    if _mark_of(given) != _one(form, "wishes_were"):
        typed.wishes.CopyFrom(given)
    return typed, problems


def _answers(form: FormData, question: Question) -> Iterable[care_pb2.Answer]:
    if question.kind is QuestionKind.PER_ITEM:
        for item in map(str, form.getlist(question.items_of)):
            if code := _one(form, f"{question.id}.{item}"):
                yield care_pb2.Answer(question=question.id, item=item, codes=[code])
    elif question.kind is QuestionKind.TEXT:
        if text := _one(form, question.id):
            yield care_pb2.Answer(question=question.id, text=text)
    elif codes := [str(each) for each in form.getlist(question.id) if each]:
        yield care_pb2.Answer(question=question.id, codes=codes)


def _mark_of(wishes: care_pb2.Wishes) -> str:
    """By which a form knows the wishes that it was made with."""
    return hashlib.sha256(wishes.SerializeToString(deterministic=True)).hexdigest()


def _wishes_typed(form: FormData) -> care_pb2.Wishes:
    return care_pb2.Wishes(
        how=sorted(str(each) for each in form.getlist("how")),
        **{name: _one(form, name)[:LINE_CHARS] for name in WISHED},
    )


def _one(form: FormData, name: str) -> str:
    return str(form.get(name, "")).replace("\r\n", "\n").strip()[:TEXT_CHARS]


def _number(form: FormData, name: str) -> int:
    """A number as our own forms carry it; 0 for anything else."""
    text = str(form.get(name, ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) <= NUMBER_DIGITS else 0


def _label(desk: Desk, name: str) -> str:
    text = LABELS[name]
    return desk.texts(text)


def _field_of(typed: care_pb2.RecordVisitRequest, field: str, row: int | None) -> str:
    """The name in the form of a field of the request."""
    if field.startswith("content.answers.") and row is not None and row <= len(typed.content.answers):
        answer = typed.content.answers[row - 1]
        return f"{answer.question}.{answer.item}" if answer.item else answer.question
    name = field.rpartition(".")[2]
    return "" if name == "answers" else name


# What is shown.


def _page(
    desk: Desk,
    case: str,
    request_id: str,
    typed: care_pb2.RecordVisitRequest,
    wishes: care_pb2.GetWishesResponse,
    *,
    problems: Sequence[FieldProblem] = (),
    refused: Refused | None = None,
    saved: bool = False,
    status: int = 200,
) -> Response:
    _, asked, content = desk.texts, questionnaire(), typed.content
    wished = typed.wishes if typed.HasField("wishes") else wishes.wishes
    outcome = code_of(types_pb2.FollowUpOutcome, typed.outcome) if typed.outcome else ""
    then = code_of(types_pb2.AfterDeclined, typed.then) if typed.then else ""
    singles = [
        Asked(name, _label(desk, name), _options(asked.visit[name].values(), [getattr(content, name)], desk))
        for name in SINGLE
    ]
    steps = Asked(
        "next_steps",
        _label(desk, "next_steps"),
        _options(asked.visit["next_steps"].values(), content.next_steps, desk),
        many=True,
    )
    return desk.page(
        "visit.html",
        status,
        case=case,
        action=f"/cases/{case}/home-visit/{request_id}",
        problems=problems,
        by_field={each.field: each.text for each in problems},
        refused=refused,
        saved=saved,
        consent_text=asked.consent_to_read[_.language],
        wishes=wishes,
        wishes_were=_mark_of(wishes.wishes),
        wishes_facts=[each for each in wishes_version_facts(wishes, _) if each[1]] if wishes.version else [],
        contact_facts=contact_facts(wishes, _),
        was_read=typed.wishes_read == wishes.version,
        typed=typed,
        visited_on=written(typed.visited_on) if typed.visited_on else "",
        sets=_options(asked.sets.values(), [content.set], desk),
        singles=singles,
        sections=_sections(desk, content),
        signs=[Option(each.id, f"{each.id} {each.text}", each.id in content.warning_signs) for each in warning_signs()],
        suggested=[f"{code} {text}" for code, text in suggested_signs(content)],
        risk=Asked("risk", _label(desk, "risk"), _options(asked.visit["risk"].values(), [content.risk], desk)),
        steps=steps,
        outcome=Asked(
            "outcome", _label(desk, "outcome"), _options(asked.visit["visit_outcomes"].values(), [outcome], desk)
        ),
        then=Asked(
            "then",
            _label(desk, "then"),
            [Option(code, words.word(_, words.AFTER_DECLINED, code), code == then) for code in words.AFTER_DECLINED],
        ),
        how=Asked(
            "how", _label(desk, "how"), _options(asked.visit["contact_wishes"].values(), wished.how, desk), many=True
        ),
        wished=[(name, _label(desk, name), getattr(wished, name)) for name in WISHED],
    )


def _wishes_page(
    desk: Desk,
    case: str,
    request_id: str,
    stands: care_pb2.GetWishesResponse,
    refused: Refused | None = None,
    status: int = 200,
) -> Response:
    _, given = desk.texts, stands.wishes
    return desk.page(
        "wishes.html",
        status,
        case=case,
        action=f"/cases/{case}/wishes/{request_id}",
        refused=refused,
        problems=(),
        version=stands.version,
        how=Asked(
            "how",
            _label(desk, "how"),
            _options(questionnaire().visit["contact_wishes"].values(), given.how, desk),
            many=True,
        ),
        wished=[(name, _label(desk, name), getattr(given, name)) for name in WISHED],
    )


def _sections(desk: Desk, content: care_pb2.VisitContent) -> list[tuple[str, str, list[Asked]]]:
    """The questions of the set by topic, each with what was said; those that an answer makes needless are left out."""
    said = {each.question: each for each in content.answers if not each.item}
    by_item = {(each.question, each.item): each for each in content.answers if each.item}
    topics: dict[str, list[Asked]] = {}
    for question in questionnaire().of_set(content.set):
        if _is_needless(question, said):
            continue
        topics.setdefault(question.topic, []).extend(_asked(desk, question, said, by_item))
    return [(topic, desk.texts(TOPICS[topic]), rows) for topic, rows in topics.items() if rows]


def _is_needless(question: Question, said: Mapping[str, care_pb2.Answer]) -> bool:
    return any(asked in said and not codes & set(said[asked].codes) for asked, codes in question.ask_if.items())


def _asked(
    desk: Desk,
    question: Question,
    said: Mapping[str, care_pb2.Answer],
    by_item: Mapping[tuple[str, str], care_pb2.Answer],
) -> Iterable[Asked]:
    common, label = questionnaire().common, f"{question.id}. {words_of(question, desk.texts)}"
    choices = [*question.answers, *common]
    if question.kind is QuestionKind.PER_ITEM:
        items = {each.code: each for each in questionnaire().questions[question.items_of].answers}
        for code in said[question.items_of].codes if question.items_of in said else ():
            if code in items:
                given = by_item.get((question.id, code), care_pb2.Answer())
                name = f"{label} ({words_of(items[code], desk.texts)})"
                yield Asked(f"{question.id}.{code}", name, _options(choices, given.codes, desk))
        return
    given = said.get(question.id, care_pb2.Answer())
    if question.kind is QuestionKind.TEXT:
        yield Asked(question.id, label, (), text=given.text, in_words=True)
    else:
        many = question.kind is QuestionKind.MANY
        yield Asked(question.id, label, _options(choices, given.codes, desk), many=many)


def _options(choices: Iterable[Choice], chosen: Iterable[str], desk: Desk) -> list[Option]:
    known = set(chosen)
    return [Option(each.code, words_of(each, desk.texts), each.code in known) for each in choices]


LABELS: Final[Mapping[str, str]] = {
    "mode": N_("How it took place"),
    "visitor": N_("Who went"),
    "consent": N_("Does she agree to talk?"),
    "privacy": N_("Who was there"),
    "interpreter": N_("Interpreter"),
    "risk": N_("How you judge the risk yourself"),
    "next_steps": N_("What is to follow"),
    "outcome": N_("What it found"),
    "then": N_("What follows, where she asked not to be visited again"),
    "how": N_("How she wishes to be contacted"),
    "who": N_("With whom, through whom"),
    "hours": N_("When"),
    "reason": N_("Agreed reason for calling"),
}
"""English sentences of the fields that are no questions."""

PAGES: Final = (
    Page("/cases/{case}/wishes", again, calls=("SetWishes",)),
    Page("/cases/{case}/wishes", wishes, ("POST",), calls=("GetWishes",)),
    Page("/cases/{case}/wishes/{request_id}", again, calls=("SetWishes",)),
    Page("/cases/{case}/wishes/{request_id}", set_wishes, ("POST",), calls=("SetWishes",)),
    Page("/cases/{case}/home-visit", again, calls=("RecordVisit",)),
    Page("/cases/{case}/home-visit", begin, ("POST",), calls=("RecordVisit",)),
    Page("/cases/{case}/home-visit/{request_id}", again, calls=("RecordVisit",)),
    Page("/cases/{case}/home-visit/{request_id}", send, ("POST",), calls=("RecordVisit",)),
    Page("/cases/{case}/visited", again, calls=("GetVisit",)),
    Page("/cases/{case}/visited", show, ("POST",), calls=("GetVisit",)),
    Page("/cases/{case}/safe/{request_id}", again, calls=("ConfirmSafetyAct",)),
    Page("/cases/{case}/safe/{request_id}", confirm, ("POST",), calls=("ConfirmSafetyAct",)),
    Page("/cases/{case}/sheet", sheet, calls=("RecordVisit",)),
)
