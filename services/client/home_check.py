"""Whether a home is safe, as a front asks about it: the two questions of a border post, and the file of all of them.

What was said goes into no command line, which a machine remembers, but is asked for on the screen, or stands in a file
that its owner alone may read.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from services.chassis.country.questionnaires import questionnaire, support_codes
from services.chassis.kernel.texts import Texts
from services.client import visit_file, words
from services.client.visit_file import words_of

if TYPE_CHECKING:
    from homeward.followup.v1 import home_safety_pb2

SET: Final = "HOME_SAFETY"
HOME_QUESTIONS: Final[Mapping[str, str]] = {"wants_to_go": "H01", "afraid": "H05"}
"""The two questions of the border, by the fields of the contract."""
GUARDIAN: Final = "guardian"
_NAMESPACE: Final = uuid.UUID("9a1f2f53-6a0e-5b38-8a4e-7d0b52b9c6d1")
_KNOWN: Final = frozenset(
    {
        "checked_on",
        "questionnaire_version",
        "verdict",
        "warning_signs",
        "measures",
        "guardian",
        "against_advice",
        "reason",
        "answers",
    }
)


def question_text(name: str, _: Texts) -> str:
    """One of the two questions of the border, in words."""
    return words_of(questionnaire().questions[HOME_QUESTIONS[name]], _)


def id_beside(request_id: str, content: str) -> str:
    """The id under which answers are recorded that go with another request; the same for the same content."""
    return str(uuid.uuid5(_NAMESPACE, f"{request_id}/{content}"))


def template(_: Texts) -> str:
    """A file to be filled in, with each question and its codes beside it."""
    asked, measures = questionnaire(), support_codes()["safety_measure"]
    verdicts = " | ".join(f"{code} ({words.word(_, words.HOME_SAFETIES, code)})" for code in words.HOME_SAFETIES.codes)
    lines = [
        'checked_on = ""',
        f"questionnaire_version = {asked.version}",
        f"#   {verdicts}",
        'verdict = ""',
        "warning_signs = []",
        visit_file.choices_of(measures.values(), _),
        "measures = []",
        'guardian = ""',
        "against_advice = false",
        'reason = ""',
        "",
        "[answers]",
        visit_file.choices_of(asked.common, _),
    ]
    for question in asked.of_set(SET):
        told = f"# {question.id}: {words_of(question, _)}"
        lines += ["", told, visit_file.choices_of(question.answers, _), f'# {question.id} = ""']
    return "\n".join(lines) + "\n"


def read(content: bytes, _: Texts) -> home_safety_pb2.RecordHomeSafetyRequest:
    """The check of a file, without case and place. Raises Refusal, which repeats nothing of what stands there."""
    from homeward.followup.v1 import care_pb2, home_safety_pb2
    from homeward.type.v1 import types_pb2
    from services.chassis.calls.enums import number_of

    given: Mapping[str, Any] = visit_file.document(content, _KNOWN, _)
    return home_safety_pb2.RecordHomeSafetyRequest(
        checked_on=visit_file.day_of(given.get("checked_on", ""), _),
        questionnaire_version=visit_file.number_in(given, "questionnaire_version", _),
        verdict=visit_file.member_of(types_pb2.HomeSafety, given, "verdict", number_of, _),
        warning_signs=visit_file.codes_of(given.get("warning_signs", []), "warning_signs", _),
        measures=visit_file.codes_of(given.get("measures", []), "measures", _),
        guardian=visit_file.text_of(given, "guardian", _),
        against_advice=given.get("against_advice") is True,
        reason=visit_file.text_of(given, "reason", _),
        answers=[care_pb2.Answer(**each) for each in visit_file.answers_of(given.get("answers", {}), _)],
    )
