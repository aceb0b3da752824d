"""Reads what was said: codes of the questionnaire as it is, texts within their limits, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from homeward.followup.v1 import care_pb2
from services.chassis.calls.fields import Fields
from services.chassis.country.questionnaires import (
    ANSWER_CHARS,
    FULL,
    Question,
    QuestionKind,
    questionnaire,
)
from services.chassis.country.reference_lists import warning_signs
from services.followup.domain.care import Answer, Said, Wishes
from services.followup.domain.visits import MAX_WARNING_SIGNS

SHORT_CHARS: Final = 500
LONG_CHARS: Final = 2_000
MAX_ANSWERS: Final = 200
"""Above all questions with all their items."""
MAX_CODES: Final = 40
_NOT_NEEDED: Final = "LOW"
"""The judgement that needs no reason."""
_INTERPRETED: Final = frozenset({"INTERPRETER", "COLLABORATOR"})
_AGREED_IN_FULL: Final = frozenset({"GIVEN", "GUARDIAN"})
_REFUSED: Final = "REFUSED"
_COLLABORATOR: Final = "COLLABORATOR"


def codes_of(
    fields: Fields, name: str, given: Sequence[str], known: Collection[str], list_name: str, *, required: bool = False
) -> tuple[str, ...]:
    """Codes of a list, each once, in their order."""
    codes = fields.at_most(name, given, MAX_CODES, required=required)
    if not set(codes) <= set(known):
        fields.wrong(name, "NOT_IN_LIST", list=list_name)
    elif len(set(codes)) < len(codes):
        fields.wrong(name, "DUPLICATE")
    return tuple(sorted(codes))


def text_of(fields: Fields, name: str, value: str, limit: int, *, required: bool = False) -> str:
    """A text of some lines."""
    return fields.text(name, value, limit, required=required, lines=True)


def wishes_of(fields: Fields, given: care_pb2.Wishes) -> Wishes:
    """How she wishes to be contacted."""
    known = questionnaire().codes("contact_wishes")
    return Wishes(
        how=codes_of(fields, "how", given.how, known, "contact_wishes"),
        who=text_of(fields, "who", given.who, SHORT_CHARS),
        hours=text_of(fields, "hours", given.hours, SHORT_CHARS),
        reason=text_of(fields, "reason", given.reason, SHORT_CHARS),
    )


def said_of(fields: Fields, given: care_pb2.VisitContent, wishes_read: int) -> Said:
    """What a visit was like and what was said."""
    asked = questionnaire()
    for name in ("mode", "visitor", "consent", "privacy", "interpreter", "risk"):
        _code(fields, name, getattr(given, name), asked.codes(name))
    _code(fields, "set", given.set, asked.sets)
    if given.questionnaire_version != asked.version:
        fields.wrong("questionnaire_version", "NOT_IN_LIST", list=str(asked.version))
    if given.interpreter in _INTERPRETED and not given.interpreter_is_adult:
        fields.wrong("interpreter_is_adult", "REQUIRED_WITH", other="interpreter")
    answers = _answers_of(fields, given)
    return Said(
        set_code=given.set,
        questionnaire_version=given.questionnaire_version,
        mode=given.mode,
        visitor=given.visitor,
        consent=given.consent,
        privacy=given.privacy,
        interpreter=given.interpreter,
        risk=given.risk,
        risk_reason=text_of(
            fields, "risk_reason", given.risk_reason, LONG_CHARS, required=given.risk not in ("", _NOT_NEEDED)
        ),
        next_steps=codes_of(
            fields, "next_steps", given.next_steps, asked.codes("next_steps"), "next_steps", required=True
        ),
        answers=answers,
        signs=signs_of(fields, given.warning_signs),
        note=text_of(fields, "note", given.note, LONG_CHARS),
        wishes_version=wishes_read,
        sealed_questions=asked.sealed_questions,
    )


def _code(fields: Fields, name: str, value: str, known: Collection[str]) -> None:
    if not value:
        fields.wrong(name, "REQUIRED")
    else:
        fields.one_of(name, value, known, name)


def signs_of(fields: Fields, given: Sequence[str]) -> tuple[str, ...]:
    """Warning signs that the worker saw."""
    signs = fields.at_most("warning_signs", given, MAX_WARNING_SIGNS)
    return codes_of(fields, "warning_signs", signs, {sign.id for sign in warning_signs()}, "warning_signs")


def _answers_of(fields: Fields, given: care_pb2.VisitContent) -> tuple[Answer, ...]:
    rows = fields.at_most("answers", given.answers, MAX_ANSWERS)
    if rows and given.visitor == _COLLABORATOR:
        fields.wrong("answers", "NOT_ALLOWED_WITH", other="visitor")
    if rows and given.consent == _REFUSED:
        fields.wrong("answers", "NOT_ALLOWED_WITH", other="consent")
    answers = answers_of_set(fields, given.set, rows)
    _require_complete(fields, given, {each.question for each in answers})
    return answers


def answers_of_set(fields: Fields, set_code: str, given: Sequence[care_pb2.Answer]) -> tuple[Answer, ...]:
    """Answers to questions of a set, each question once."""
    rows = fields.at_most("answers", given, MAX_ANSWERS)
    answers = tuple(_answer_of(fields.at("answers.", row=number), set_code, row) for number, row in enumerate(rows, 1))
    seen = [(each.question, each.item) for each in answers]
    if len(set(seen)) < len(seen):
        fields.wrong("answers", "DUPLICATE")
    return answers


def _answer_of(fields: Fields, set_code: str, given: care_pb2.Answer) -> Answer:
    question = questionnaire().questions.get(given.question)
    if question is None or set_code not in question.sets:
        # What is no set is not said again: it may be anything that somebody typed.
        fields.wrong("question", "NOT_IN_LIST", list=set_code if set_code in questionnaire().sets else "set")
        return Answer("")
    common = {each.code for each in questionnaire().common}
    codes = codes_of(fields, "codes", given.codes, {each.code for each in question.answers} | common, question.id)
    _require_form(fields, question, given, common)
    text = text_of(fields, "text", given.text, ANSWER_CHARS)
    return Answer(question.id, codes, text, given.item)


def _require_form(fields: Fields, question: Question, given: care_pb2.Answer, common: Collection[str]) -> None:
    """A question is answered in its own way: one code, several, one for an item, or in words; or by a common answer."""
    in_words = question.kind is QuestionKind.TEXT
    if in_words and not (given.text or given.codes):
        fields.wrong("text", "REQUIRED")
    if not in_words and not given.codes:
        fields.wrong("codes", "REQUIRED")
    if given.text and not in_words:
        fields.wrong("text", "NOT_ALLOWED")
    alone = question.kind is not QuestionKind.MANY or any(code in common for code in given.codes)
    if alone and len(given.codes) > 1:
        fields.wrong("codes", "TOO_MANY", limit="1")
    if question.kind is QuestionKind.PER_ITEM:
        items = {each.code for each in questionnaire().questions[question.items_of].answers}
        _code(fields, "item", given.item, items)
    elif given.item:
        fields.wrong("item", "NOT_ALLOWED")


def _require_complete(fields: Fields, given: care_pb2.VisitContent, answered: Collection[str]) -> None:
    """A full visit to which she agreed has an answer to each core question; "does not want to answer" is one."""
    if given.set != FULL or given.consent not in _AGREED_IN_FULL or given.visitor == _COLLABORATOR:
        return
    if missing := list(_missing(answered)):
        fields.wrong("answers", "ANSWERS_MISSING", questions=", ".join(missing))


def _missing(answered: Collection[str]) -> Iterable[str]:
    return (each.id for each in questionnaire().of_set(FULL) if each.core and each.id not in answered)
