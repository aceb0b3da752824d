"""Questions, their answers, and the words of a visit: packaged in `reference/`, versioned, and never typed anew.

An id never changes its meaning: a new wording is a new version of the questionnaire, a new meaning a new id. What an
answer suggests is shown to the worker; nothing is set, summed or scored by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from services.chassis.country.provinces import read_reference

ANSWER_CHARS: Final = 1_000
"""How long an answer in words may be, as the file says."""
FULL: Final = "FULL"
"""The set whose core questions each have an answer."""


class QuestionKind(StrEnum):
    """How a question is answered."""

    ONE = "ONE"
    MANY = "MANY"
    PER_ITEM = "PER_ITEM"
    TEXT = "TEXT"


@dataclass(frozen=True, slots=True)
class Choice:
    """A code with its words in both languages."""

    code: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question of one version.

    `restricted`: its answer is sealed and shown to care staff alone; so is every TEXT. `core`: a full visit is complete
    when it has an answer. `items_of`: the question whose chosen answers it is asked for, one after the other. `ask_if`:
    it is asked when one of these answers was given.
    """

    id: str
    topic: str
    kind: QuestionKind
    sets: frozenset[str]
    vi: str
    en: str
    answers: tuple[Choice, ...]
    core: bool
    restricted: bool
    adult_only: bool
    child_only: bool
    items_of: str
    ask_if: Mapping[str, frozenset[str]]
    signs_if: Mapping[str, tuple[str, ...]]

    @property
    def is_sealed(self) -> bool:
        """Whether its answer is told to care staff alone."""
        return self.restricted or self.kind is QuestionKind.TEXT


@dataclass(frozen=True, slots=True)
class AttemptOutcome:
    """What came of an attempt, and what follows: whether it failed, and whether the first contact is made by it."""

    choice: Choice
    failed: bool
    settles_first_contact: bool
    then: str


@dataclass(frozen=True, slots=True)
class Risk:
    """A worker's own judgement; `next_look_days` proposes an extra visit so many days later."""

    choice: Choice
    next_look_days: int | None


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One version: sets, questions, the common answers, and the words of a visit by the names of their lists."""

    id: str
    version: int
    sets: Mapping[str, Choice]
    questions: Mapping[str, Question]
    common: tuple[Choice, ...]
    consent_to_read: Mapping[str, str]
    visit: Mapping[str, Mapping[str, Choice]]
    attempts: Mapping[str, AttemptOutcome]
    risks: Mapping[str, Risk]

    def of_set(self, code: str) -> tuple[Question, ...]:
        """The questions of a set, in their order."""
        return tuple(each for each in self.questions.values() if code in each.sets)

    def codes(self, name: str) -> frozenset[str]:
        """The codes of a list of the visit."""
        return frozenset(self.visit[name])

    @property
    def sealed_questions(self) -> frozenset[str]:
        """The questions whose answers are told to care staff alone."""
        return frozenset(each.id for each in self.questions.values() if each.is_sealed)

    def suggested(self, answers: Mapping[str, Sequence[str]]) -> frozenset[str]:
        """The warning signs that answers suggest to the worker: codes by question."""
        return frozenset(
            sign
            for question, codes in answers.items()
            if question in self.questions
            for code in codes
            for sign in self.questions[question].signs_if.get(code, ())
        )


@cache
def questionnaire() -> Questionnaire:
    """The present version."""
    data = read_reference("questionnaire")
    visit = data["visit"]
    lists = {name: _choices(rows) for name, rows in data["lists"].items()}
    return Questionnaire(
        id=data["id"],
        version=data["version"],
        sets=MappingProxyType({code: _choice(row) for code, row in data["sets"].items()}),
        questions=MappingProxyType({row["id"]: _question(row, lists) for row in data["questions"]}),
        common=_choices(data["common_answers"]),
        consent_to_read=MappingProxyType(data["consent_to_read"]),
        visit=MappingProxyType({name: _by_code(rows) for name, rows in visit.items() if isinstance(rows, list)}),
        attempts=MappingProxyType(
            {
                row["code"]: AttemptOutcome(_choice(row), row["failed"], row["settles_first_contact"], row["then"])
                for row in visit["attempt_outcomes"]
            }
        ),
        risks=MappingProxyType({row["code"]: Risk(_choice(row), row["next_look_days"]) for row in visit["risk"]}),
    )


@dataclass(frozen=True, slots=True)
class SupportCode(Choice):
    """A code of support. `restricted`: sealed, and shown to care staff alone."""

    restricted: bool = False


@cache
def support_codes() -> Mapping[str, Mapping[str, SupportCode]]:
    """The code lists of support, by name and code."""
    return MappingProxyType(
        {
            name: MappingProxyType(
                {
                    row["code"]: SupportCode(row["code"], row["vi"], row["en"], row.get("restricted", False))
                    for row in given["codes"]
                }
            )
            for name, given in read_reference("support_codes")["lists"].items()
        }
    )


def _choice(row: Mapping[str, Any]) -> Choice:
    return Choice(row["code"], row["vi"], row["en"])


def _choices(rows: Sequence[Mapping[str, Any]]) -> tuple[Choice, ...]:
    return tuple(map(_choice, rows))


def _by_code(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Choice]:
    return MappingProxyType({row["code"]: _choice(row) for row in rows})


def _question(row: Mapping[str, Any], lists: Mapping[str, tuple[Choice, ...]]) -> Question:
    return Question(
        id=row["id"],
        topic=row["topic"],
        kind=QuestionKind(row["kind"]),
        sets=frozenset(row["sets"]),
        vi=row["vi"],
        en=row["en"],
        answers=lists[row["list"]] if "list" in row else _choices(row.get("answers", ())),
        core=row.get("core", False),
        restricted=row.get("restricted", False),
        adult_only=row.get("adult_only", False),
        child_only=row.get("child_only", False),
        items_of=row.get("items_of", ""),
        ask_if=MappingProxyType({asked: frozenset(codes) for asked, codes in row.get("ask_if", {}).items()}),
        signs_if=MappingProxyType({code: tuple(signs) for code, signs in row.get("signs_if", {}).items()}),
    )
