"""The form of a visit: the questions section by section, what was typed into it, and the worker's own judgement."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from starlette.datastructures import FormData

from homeward.followup.v1 import care_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.client import RpcFailure
from services.chassis.country.questionnaires import FULL, Choice, Question, QuestionKind, questionnaire
from services.client import words
from services.client.dates import DateProblem, parse_day
from services.client.shown.care import suggested_signs
from services.client.visit_file import words_of
from services.console.desk import Desk
from services.console.refusals import FieldProblem, at_field
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


def new_visit(set_code: str) -> care_pb2.RecordVisitRequest:
    """A form with nothing typed; the full set of questions where no other is known by that code."""
    asked = questionnaire()
    code = set_code if set_code in asked.sets else FULL
    return care_pb2.RecordVisitRequest(content=care_pb2.VisitContent(set=code, questionnaire_version=asked.version))


def typed_visit(desk: Desk, form: FormData) -> tuple[care_pb2.RecordVisitRequest, list[FieldProblem]]:
    """What was typed, and what of it cannot be kept."""
    _, typed, problems = desk.texts, new_visit(one(form, "set")), list[FieldProblem]()
    content = typed.content
    day = one(form, "visited_on")
    try:
        typed.visited_on = parse_day(day, desk.console.today()).isoformat() if day else ""
    except DateProblem as problem:
        problems.append(FieldProblem("visited_on", _(problem.text, **problem.params)))
    outcome, then = one(form, "outcome"), one(form, "then")
    with suppress(ValueError):
        typed.outcome = types_pb2.FollowUpOutcome.Value(f"FOLLOW_UP_OUTCOME_{outcome}")
    with suppress(ValueError):
        typed.then = types_pb2.AfterDeclined.Value(f"AFTER_DECLINED_{then}")
    typed.extra = one(form, "extra") == "1"
    # As it was typed, whatever stands now: a form that is sent twice is the same request, also when the first one
    # recorded new wishes. A version that is no longer the last is refused by followup.
    typed.wishes_read = number(form, "wishes_read")
    for name in (*SINGLE, "risk"):
        setattr(content, name, one(form, name))
    content.interpreter_is_adult = one(form, "interpreter_is_adult") == "1"
    content.risk_reason, content.note = one(form, "risk_reason"), one(form, "note")
    content.next_steps.extend(str(each) for each in form.getlist("next_steps"))
    content.warning_signs.extend(str(each) for each in form.getlist("warning_signs"))
    for question in questionnaire().of_set(content.set):
        content.answers.extend(_answers(form, question))
    given = wishes_typed(form)
    if mark_of(given) != one(form, "wishes_were"):
        typed.wishes.CopyFrom(given)
    return typed, problems


def _answers(form: FormData, question: Question) -> Iterable[care_pb2.Answer]:
    if question.kind is QuestionKind.PER_ITEM:
        for item in map(str, form.getlist(question.items_of)):
            if code := one(form, f"{question.id}.{item}"):
                yield care_pb2.Answer(question=question.id, item=item, codes=[code])
    elif question.kind is QuestionKind.TEXT:
        if text := one(form, question.id):
            yield care_pb2.Answer(question=question.id, text=text)
    elif codes := [str(each) for each in form.getlist(question.id) if each]:
        yield care_pb2.Answer(question=question.id, codes=codes)


def mark_of(wishes: care_pb2.Wishes) -> str:
    """By which a form knows the wishes that it was made with."""
    return hashlib.sha256(wishes.SerializeToString(deterministic=True)).hexdigest()


def wishes_typed(form: FormData) -> care_pb2.Wishes:
    """How she wishes to be contacted, as it was typed."""
    return care_pb2.Wishes(
        how=sorted(str(each) for each in form.getlist("how")),
        **{name: one(form, name)[:LINE_CHARS] for name in WISHED},
    )


def one(form: FormData, name: str) -> str:
    """What was typed into a field of a line or more."""
    return str(form.get(name, "")).replace("\r\n", "\n").strip()[:TEXT_CHARS]


def number(form: FormData, name: str) -> int:
    """A number as our own forms carry it; 0 for anything else."""
    text = str(form.get(name, ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) <= NUMBER_DIGITS else 0


def label(desk: Desk, name: str) -> str:
    """What a field is called that is no question."""
    text = LABELS[name]
    return desk.texts(text)


def field_of(typed: care_pb2.RecordVisitRequest, field: str, row: int | None) -> str:
    """The name in the form of a field of the request."""
    if field.startswith("content.answers.") and row is not None and row <= len(typed.content.answers):
        answer = typed.content.answers[row - 1]
        return f"{answer.question}.{answer.item}" if answer.item else answer.question
    if field == "reason":
        # Of a correction; the reason of her wishes is theirs.
        return "why"
    name = field.rpartition(".")[2]
    return "" if name == "answers" else name


def signs_of(desk: Desk) -> list[tuple[str, str]]:
    """All warning signs, for whoever was told in confidence."""
    return [(code, f"{code} {words.word(desk.texts, words.WARNING_SIGNS, code)}") for code in words.WARNING_SIGNS]


def problems_of(desk: Desk, failure: RpcFailure, typed: care_pb2.RecordVisitRequest) -> list[FieldProblem]:
    """What followup found wrong, at the fields of the form and by what they are called."""
    found = []
    for each in failure.violations:
        name = field_of(typed, each.field, each.row)
        asked = questionnaire().questions.get(name.partition(".")[0])
        called = f"{asked.id}. {words_of(asked, desk.texts)}" if asked else label(desk, name) if name in LABELS else ""
        found.append(at_field(name, each.message, called, desk.texts))
    return found


def asked_parts(desk: Desk, content: care_pb2.VisitContent) -> dict[str, Any]:
    """What the form asks of a visit, with what was said: as its template takes it."""
    visit = questionnaire().visit
    steps = options(visit["next_steps"].values(), content.next_steps, desk)
    return {
        "singles": [
            Asked(name, label(desk, name), options(visit[name].values(), [getattr(content, name)], desk))
            for name in SINGLE
        ],
        "sections": _sections(desk, content),
        "signs": [Option(code, text, code in content.warning_signs) for code, text in signs_of(desk)],
        "suggested": [f"{code} {text}" for code, text in suggested_signs(content, desk.texts)],
        "risk": Asked("risk", label(desk, "risk"), options(visit["risk"].values(), [content.risk], desk)),
        "steps": Asked("next_steps", label(desk, "next_steps"), steps, many=True),
    }


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
                yield Asked(f"{question.id}.{code}", name, options(choices, given.codes, desk))
        return
    given = said.get(question.id, care_pb2.Answer())
    if question.kind is QuestionKind.TEXT:
        yield Asked(question.id, label, (), text=given.text, in_words=True)
    else:
        many = question.kind is QuestionKind.MANY
        yield Asked(question.id, label, options(choices, given.codes, desk), many=many)


def options(choices: Iterable[Choice], chosen: Iterable[str], desk: Desk) -> list[Option]:
    """Choices in the officer's language."""
    known = set(chosen)
    return [Option(each.code, words_of(each, desk.texts), each.code in known) for each in choices]


LABELS: Final[Mapping[str, str]] = {
    "mode": N_("How it took place"),
    "visitor": N_("Who went"),
    "consent": N_("Does she agree to talk?"),
    "privacy": N_("Who was there"),
    "interpreter": N_("Interpreter"),
    "risk": N_("How you judge the risk yourself"),
    "risk_reason": N_("Why you judge so"),
    "visited_on": N_("Day of the visit"),
    "note": N_("What else is to be remembered"),
    "why": N_("Why it is corrected, without names"),
    "next_steps": N_("What is to follow"),
    "outcome": N_("What it found"),
    "then": N_("What follows, where she asked not to be visited again"),
    "how": N_("How she wishes to be contacted"),
    "who": N_("With whom, through whom"),
    "hours": N_("When"),
    "reason": N_("Agreed reason for calling"),
}
"""English sentences of the fields that are no questions."""
