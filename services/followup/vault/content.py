"""What is sealed and what is not, as bytes: values of the domain and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from services.followup.domain.care import Answer, Said, Wishes
from services.followup.domain.home_safety import Asked


def wishes_bytes(wishes: Wishes) -> bytes:
    """Wishes, all of which is sealed."""
    return _bytes({"how": wishes.how, "who": wishes.who, "hours": wishes.hours, "reason": wishes.reason})


def wishes_from(content: bytes) -> Wishes:
    """Wishes that were opened."""
    given = json.loads(content)
    return Wishes(tuple(given["how"]), given["who"], given["hours"], given["reason"])


def coded(said: Said) -> Mapping[str, Any]:
    """What stands as codes under the id of the case: no text, no restricted answer, no sign."""
    return {
        "mode": said.mode,
        "visitor": said.visitor,
        "consent": said.consent,
        "privacy": said.privacy,
        "interpreter": said.interpreter,
        "risk": said.risk,
        "next_steps": list(said.next_steps),
        "answers": [_answer(each) for each in said.answers if not _is_sealed(said, each)],
    }


def confidential_bytes(said: Said, reason: str) -> bytes:
    """What is told to care staff alone; `reason`: of the correction."""
    return _bytes(
        {
            "answers": [_answer(each) for each in said.answers if _is_sealed(said, each)],
            "signs": list(said.signs),
            "risk_reason": said.risk_reason,
            "note": said.note,
            "reason": reason,
        }
    )


def safety_bytes(measures: Sequence[str], note: str) -> bytes:
    """What was done for her safety."""
    return _bytes({"measures": list(measures), "note": note})


def asked_bytes(asked: Asked) -> bytes:
    """What was said about a home, and what is made of it; all of it is sealed."""
    return _bytes(
        {
            "answers": [_answer(each) for each in asked.answers],
            "signs": list(asked.signs),
            "measures": list(asked.measures),
            "guardian": asked.guardian,
            "reason": asked.reason,
        }
    )


def asked_from(content: bytes) -> Asked:
    """What was said about a home, opened."""
    given = json.loads(content)
    return Asked(
        answers=tuple(map(_answer_from, given["answers"])),
        signs=tuple(given["signs"]),
        measures=tuple(given["measures"]),
        guardian=given["guardian"],
        reason=given["reason"],
    )


def said_from(
    given: Mapping[str, Any], set_code: str, version: int, wishes_version: int, content: bytes | None
) -> tuple[Said, str]:
    """A visit and the reason of its correction; without the opened content only what stands as codes."""
    inside = json.loads(content) if content is not None else {}
    answers = [*given["answers"], *inside.get("answers", ())]
    said = Said(
        set_code=set_code,
        questionnaire_version=version,
        mode=given["mode"],
        visitor=given["visitor"],
        consent=given["consent"],
        privacy=given["privacy"],
        interpreter=given["interpreter"],
        risk=given["risk"],
        risk_reason=inside.get("risk_reason", ""),
        next_steps=tuple(given["next_steps"]),
        answers=tuple(sorted(map(_answer_from, answers), key=lambda one: (one.question, one.item))),
        signs=tuple(inside.get("signs", ())),
        note=inside.get("note", ""),
        wishes_version=wishes_version,
    )
    return said, inside.get("reason", "")


def _is_sealed(said: Said, answer: Answer) -> bool:
    return bool(answer.text) or answer.question in said.sealed_questions


def _answer(answer: Answer) -> Mapping[str, Any]:
    return {"question": answer.question, "codes": list(answer.codes), "text": answer.text, "item": answer.item}


def _answer_from(given: Mapping[str, Any]) -> Answer:
    return Answer(given["question"], tuple(given["codes"]), given["text"], given["item"])


def _bytes(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
