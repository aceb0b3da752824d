"""What the agency of her home writes of visits, consents and danger in the demonstration. Pure, as `requests`."""

from __future__ import annotations

import random
from datetime import date
from typing import Final

from homeward.followup.v1 import care_pb2, steps_pb2
from homeward.intake.v1 import consents_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.enums import number_of
from services.chassis.country.consent_texts import read_today
from services.chassis.country.questionnaires import Question, QuestionKind, questionnaire
from services.demo.behaviour import WARNING_SIGN, Care, CasePlan, FollowUpPlan
from services.demo.requests import request_id

FULL: Final = "FULL"
NOT_SAID: Final = "NOT_SAID"
WISHES: Final = care_pb2.Wishes(
    how=["NO_UNIFORM", "AGREED_STORY"], hours="buổi tối", reason="Hỏi chuyện mua lợn (ví dụ)"
)
"""How everybody in the demonstration wishes to be contacted: invented."""
_WHY: Final = "Ví dụ bịa ra để trình diễn"
_DANGER: Final = "RF26"


def visit_form(
    seed: int, plan: CasePlan, case_id: str, kind: str, visit: FollowUpPlan, day: date, wishes_read: int
) -> care_pb2.RecordVisitRequest:
    """The agency looked again, asked everything and wrote it down. `wishes_read`: of her wishes; 0: there are none."""
    in_danger = plan.care is Care.DANGER
    at_risk = visit.outcome == "AT_RISK"
    return care_pb2.RecordVisitRequest(
        request_id=request_id(seed, plan.key, kind),
        case=case_id,
        visited_on=day.isoformat(),
        outcome=number_of(types_pb2.FollowUpOutcome, visit.outcome),
        wishes_read=wishes_read,
        wishes=None if wishes_read else WISHES,
        content=care_pb2.VisitContent(
            set=FULL,
            questionnaire_version=questionnaire().version,
            mode="OTHER_PLACE",
            visitor="SOCIAL_WORKER",
            consent="GIVEN",
            privacy="ALONE",
            interpreter="NOT_NEEDED",
            answers=_answers(random.Random(f"answers {seed} {plan.key} {kind}")),
            warning_signs=[_DANGER] if in_danger else [WARNING_SIGN] if at_risk else [],
            risk="IMMEDIATE" if in_danger else "RAISED" if at_risk else "LOW",
            risk_reason=_WHY if in_danger or at_risk else "",
            next_steps=["AS_PLANNED"],
        ),
    )


def _answers(rng: random.Random) -> list[care_pb2.Answer]:
    """An answer to each question that a full visit needs, by dice."""
    core = [each for each in questionnaire().of_set(FULL) if each.core]
    return [care_pb2.Answer(question=each.id, codes=[_answer(each, rng)]) for each in core]


def _answer(question: Question, rng: random.Random) -> str:
    is_told = question.kind in (QuestionKind.ONE, QuestionKind.MANY) and not question.ask_if and question.answers
    return rng.choice(question.answers).code if is_told else NOT_SAID


def made_safe(seed: int, plan: CasePlan, case_id: str) -> care_pb2.ConfirmSafetyActRequest:
    """A second person confirms what was done for somebody in immediate danger."""
    return care_pb2.ConfirmSafetyActRequest(
        request_id=request_id(seed, plan.key, "made safe"),
        case=case_id,
        measures=["TRUSTED_PERSON", "EMERGENCY_NUMBER"],
        note=_WHY,
    )


def put_off(seed: int, plan: CasePlan, case_id: str, kind: str, due_on: date) -> steps_pb2.RescheduleFollowUpRequest:
    """She asked to be visited on another day."""
    return steps_pb2.RescheduleFollowUpRequest(
        request_id=request_id(seed, plan.key, f"{kind} put off"),
        case=case_id,
        kind=number_of(types_pb2.FollowUpKind, kind),
        due_on=due_on.isoformat(),
        reason="PERSON_ASKED",
    )


def consent(
    seed: int, plan: CasePlan, case_id: str, purpose: str, state: str, day: date
) -> consents_pb2.RecordConsentRequest:
    """She says what she agrees to, or takes it back."""
    return consents_pb2.RecordConsentRequest(
        request_id=request_id(seed, plan.key, f"consent {purpose} {state}"),
        case=case_id,
        purpose=purpose,
        state=number_of(types_pb2.ConsentState, state),
        text_version=0 if state == "WITHDRAWN" else read_today(purpose).version,
        said_on=day.isoformat(),
    )
