"""How wishes and visits look: names and values, in the words of the questionnaire."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from services.chassis.country.questionnaires import Choice, questionnaire
from services.chassis.kernel.texts import Texts
from services.client import words
from services.client.shown.values import moment_of
from services.client.visit_file import words_of

if TYPE_CHECKING:
    from homeward.followup.v1 import care_pb2

Facts = list[tuple[str, str]]


def wishes_facts(wishes: care_pb2.Wishes, _: Texts) -> Facts:
    """How somebody wishes to be contacted."""
    return [
        (_("How"), worded(questionnaire().visit["contact_wishes"], wishes.how, _)),
        (_("With whom"), wishes.who),
        (_("When"), wishes.hours),
        (_("Agreed reason for calling"), wishes.reason),
    ]


def wishes_version_facts(answer: care_pb2.GetWishesResponse, _: Texts) -> Facts:
    """The wishes that stand, with their version, which is to be confirmed as read."""
    told = [(_("Version"), str(answer.version)), *wishes_facts(answer.wishes, _)]
    return [*told, (_("Recorded"), f"{moment_of(answer.record_time)}, {answer.office_id}")]


def visit_facts(content: care_pb2.VisitContent, _: Texts) -> Facts:
    """What a visit was like and what was said; what the caller may not see is empty."""
    visit = questionnaire().visit
    told = [
        (_("Set of questions"), worded(questionnaire().sets, [content.set], _)),
        (_("How it took place"), worded(visit["mode"], [content.mode], _)),
        (_("Who went"), worded(visit["visitor"], [content.visitor], _)),
        (_("Agreed to talk"), worded(visit["consent"], [content.consent], _)),
        (_("Who was there"), worded(visit["privacy"], [content.privacy], _)),
        (_("Interpreter"), worded(visit["interpreter"], [content.interpreter], _)),
    ]
    told += _answer_facts(content, _)
    return [
        *told,
        (_("Warning signs"), signs_text(content.warning_signs, _)),
        (_("Risk, as the worker judges it"), worded(visit["risk"], [content.risk], _)),
        (_("Why"), content.risk_reason),
        (_("What is to follow"), worded(visit["next_steps"], content.next_steps, _)),
        (_("Note"), content.note),
    ]


def _answer_facts(content: care_pb2.VisitContent, _: Texts) -> Iterator[tuple[str, str]]:
    asked = questionnaire()
    common = {each.code: each for each in asked.common}
    for answer in content.answers:
        question = asked.questions.get(answer.question)
        if question is None:
            continue
        known = {each.code: each for each in question.answers} | common
        name = f"{answer.question}. {words_of(question, _)}"
        if answer.item:
            items = {each.code: each for each in asked.questions[question.items_of].answers}
            name += f" ({worded(items, [answer.item], _)})"
        yield name, answer.text or worded(known, answer.codes, _)


def suggested_signs(content: care_pb2.VisitContent, _: Texts) -> Iterator[tuple[str, str]]:
    """The warning signs that the answers suggest, for the worker to decide: code and text."""
    said = {each.question: list(each.codes) for each in content.answers}
    suggested = questionnaire().suggested(said)
    return ((code, words.word(_, words.WARNING_SIGNS, code)) for code in words.WARNING_SIGNS if code in suggested)


def signs_text(codes: Iterable[str], _: Texts) -> str:
    """Warning signs by code and text."""
    return "; ".join(f"{code} {words.word(_, words.WARNING_SIGNS, code)}" for code in codes)


def worded(known: Mapping[str, Choice], codes: Iterable[str], _: Texts) -> str:
    """Codes in words; one that only a newer version knows stands as it is."""
    return ", ".join(words_of(known[code], _) if code in known else code for code in codes)
