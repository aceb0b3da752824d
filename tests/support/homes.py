"""What is asked before somebody is sent home, so that she may go: one place for all who dispatch in tests."""

from __future__ import annotations

import uuid
from typing import Any, Final

from homeward.events.v1 import followup_pb2
from homeward.followup.v1 import care_pb2, home_safety_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.country.questionnaires import questionnaire

GUARDIAN: Final = "Nguyễn Thị Giám Hộ Thí Dụ"
CALM: Final = dict.fromkeys(("H01", "H09", "H11", "H12", "H14", "H15"), "YES") | {"H16": "TRUSTED_PERSON"}
"""Answers after which nothing is to be feared; to every other question NO."""
SHORT_ROLES: Final = ("BP-", "CM-")
"""How the ids of offices begin that ask the two questions of the border."""
NOT_HEARD: Final = frozenset({"CASE_NOT_FOUND"})
"""What a call is answered while the news of the case are on their way."""


def answers(**given: str) -> list[care_pb2.Answer]:
    """Answers to all questions of the set, calm ones but those given."""
    asked = {one.id: CALM.get(one.id, "NO") for one in questionnaire().of_set("HOME_SAFETY")} | given
    return [care_pb2.Answer(question=question, codes=[code]) for question, code in asked.items() if code]


def full_check(case: str, to_office_id: str, **changed: Any) -> home_safety_pb2.RecordHomeSafetyRequest:
    """All questions were asked, and she may go."""
    values: dict[str, Any] = {
        "request_id": str(uuid.uuid4()),
        "case": case,
        "to_office_id": to_office_id,
        "questionnaire_version": questionnaire().version,
        "answers": answers(),
        "verdict": types.HOME_SAFETY_SAFE,
        "guardian": GUARDIAN,
    }
    return home_safety_pb2.RecordHomeSafetyRequest(**(values | changed))


def short_check(case: str, to_office_id: str, **changed: Any) -> home_safety_pb2.ShortCheck:
    """The two questions of the border, of somebody who may go."""
    values = {"case": case, "to_office_id": to_office_id, "wants_to_go": "YES", "afraid": "NO", "guardian": GUARDIAN}
    return home_safety_pb2.ShortCheck(**(values | changed))


def short_checks(*rows: home_safety_pb2.ShortCheck, **more: Any) -> home_safety_pb2.RecordShortChecksRequest:
    """Of all of them at once."""
    return home_safety_pb2.RecordShortChecksRequest(request_id=str(uuid.uuid4()), rows=rows, **more)


def asks_shortly(office_id: str) -> bool:
    """Whether an office asks the two questions of the border alone."""
    return office_id.startswith(SHORT_ROLES)


def confirmation(check: home_safety_pb2.HomeCheck, *, agrees: bool = True) -> home_safety_pb2.ConfirmHomeSafetyRequest:
    """What a second person says of a check."""
    return home_safety_pb2.ConfirmHomeSafetyRequest(
        request_id=str(uuid.uuid4()), case=check.case_id, number=check.number, agrees=agrees
    )


def told(
    case_id: str,
    office_id: str,
    to_office_id: str,
    valid_until: str,
    verdict: types.HomeSafety.ValueType = types.HOME_SAFETY_SAFE,
    *,
    against_advice: bool = False,
) -> followup_pb2.SafetyChecked:
    """What followup says of it."""
    return followup_pb2.SafetyChecked(
        case_id=case_id,
        office_id=office_id,
        to_office_id=to_office_id,
        verdict=verdict,
        valid_until=valid_until,
        against_advice=against_advice,
    )


def may_go(case_id: object, office_id: str, to_office_id: str) -> str:
    """SQL for handover: an office said that she may go there. What followup tells of it is no part of such a story."""
    return (
        "INSERT INTO home_verdict (case_id, office_id, to_office_id, verdict, valid_until, against_advice, told_at)"
        f" VALUES ('{case_id}', '{office_id}', '{to_office_id}', 'SAFE', '2099-12-31', false, now())"
        " ON CONFLICT (case_id) DO UPDATE SET office_id = excluded.office_id, to_office_id = excluded.to_office_id"
    )
