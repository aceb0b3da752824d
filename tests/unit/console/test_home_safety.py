"""Whether a home is safe, in the browser: two questions at a border post, all of them at a centre."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

import pytest

from homeward.followup.v1 import care_pb2, home_safety_pb2
from homeward.handover.v1 import journeys_pb2
from homeward.intake.v1 import cases_pb2, reading_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.country.questionnaires import questionnaire
from services.chassis.kernel.case_number import format_case_number
from tests.support.pages import Answer, Browser, failure
from tests.unit.console.test_journeys import CASES, LEFT, NUMBERS

POST, CENTRE = "BP-CN-MONG-CAI", "RC-LAO-CAI"
CASE = format_case_number(101)
HOME = cases_pb2.Case(case_number=CASE, home_province=types.ProvinceRef(code="24", vintage="2025"))
CHECK = home_safety_pb2.HomeCheck(
    case_number=CASE,
    number=1,
    verdict=types.HOME_SAFETY_WARNING_SIGNS,
    decided=types.HOME_SAFETY_SAFE,
    awaits_second=True,
    to_office_id="SA-24",
    checked_on="2026-05-20",
)
ANSWERS: dict[str, Answer] = {
    "GetCase": reading_pb2.GetCaseResponse(case=HOME),
    "GetHomeSafety": home_safety_pb2.GetHomeSafetyResponse(
        check=CHECK,
        answers=[care_pb2.Answer(question="H01", codes=["YES"])],
        guardian="Bà Thí Dụ",
        family_suspected=True,
    ),
    "RecordShortChecks": home_safety_pb2.RecordShortChecksResponse(),
    "RecordHomeSafety": home_safety_pb2.RecordHomeSafetyResponse(),
    "ConfirmHomeSafety": home_safety_pb2.ConfirmHomeSafetyResponse(),
}


async def opened(key: Path, office_id: str, **answers: Answer) -> tuple[Browser, str, str]:
    """The page, its text and where the form is sent."""
    browser = await Browser(key, ANSWERS | answers, language="en").sign_in(office_id)
    page = await browser.post(f"/cases/{CASE}/home-safety")
    (action,) = set(re.findall(rf'action="(/cases/{CASE}/home-safety/[^"]+)"', page.text))
    return browser, page.text, action


async def test_a_border_post_asks_two_questions(key: Path) -> None:
    browser, text, action = await opened(key, POST)
    assert set(re.findall(r'<select id="(H\d\d)"', text)) == {"H01", "H05"}
    assert '<option value="SA-24"' in text
    sent = {"to_office_id": "SA-24", "H01": "YES", "H05": "NO", "guardian": "Bà Thí Dụ"}
    reply = await browser.post(action, sent)
    assert reply.headers["location"] == f"/cases/{CASE}?done=home-safety"
    [request] = browser.door.named("RecordShortChecks")
    [row] = request.rows
    assert (request.request_id, row.case) == (action.rpartition("/")[2], CASE)
    assert (row.to_office_id, row.wants_to_go, row.afraid, row.guardian) == ("SA-24", "YES", "NO", "Bà Thí Dụ")


async def test_a_centre_asks_all_of_them_and_decides(key: Path) -> None:
    browser, text, action = await opened(key, CENTRE)
    assert set(re.findall(r'<select id="(H\d\d)"', text)) == {one.id for one in questionnaire().of_set("HOME_SAFETY")}
    sent: dict[str, str | list[str]] = {
        "to_office_id": "SA-24",
        "checked_on": "20/05/2026",
        "H03": "YES",
        "verdict": "WARNING_SIGNS_DECIDED",
        "measures": ["ESCORT", "EARLY_CONTACT"],
        "warning_signs": ["RF15"],
        "reason": "với dì",
    }
    await browser.post(action, sent)
    [request] = browser.door.named("RecordHomeSafety")
    assert (request.verdict, request.checked_on) == (types.HOME_SAFETY_WARNING_SIGNS_DECIDED, "2026-05-20")
    assert (list(request.measures), list(request.warning_signs)) == (["ESCORT", "EARLY_CONTACT"], ["RF15"])
    assert [(one.question, list(one.codes)) for one in request.answers] == [("H03", ["YES"])]
    assert request.reason == "với dì"


async def test_what_counts_stands_first_and_a_second_person_says_so(key: Path) -> None:
    browser, text, _ = await opened(key, CENTRE)
    assert "Bà Thí Dụ" in text
    assert "do not tell the family" in text
    (confirms,) = set(re.findall(rf'action="(/cases/{CASE}/home-agreed/[^"]+)"', text))
    reply = await browser.post(confirms, {"number": "1", "agrees": "1"})
    assert reply.headers["location"] == f"/cases/{CASE}?done=home-agreed"
    [request] = browser.door.named("ConfirmHomeSafety")
    assert (request.case, request.number, request.agrees) == (CASE, 1, True)


async def test_a_refusal_keeps_what_was_typed_and_stands_at_its_field(key: Path) -> None:
    refusal = failure("FAILED_PRECONDITION", "OWN_HOME_CHECK", "You recorded this check yourself.")
    browser, text, action = await opened(key, CENTRE, ConfirmHomeSafety=refusal)
    (confirms,) = set(re.findall(rf'action="(/cases/{CASE}/home-agreed/[^"]+)"', text))
    reply = await browser.post(confirms, {"number": "1", "agrees": "1"})
    assert (reply.status, "You recorded this check yourself." in reply.text) == (422, True)
    wrong = await browser.post(action, {"checked_on": "31/02/2026", "reason": "với dì"})
    assert wrong.status == 422
    assert 'id="checked_on-wrong"' in wrong.text
    assert "với dì" in wrong.text


@pytest.mark.parametrize("office_id", ["VF-22", "SV-22"])
async def test_nobody_else_has_the_page(key: Path, office_id: str) -> None:
    browser = await Browser(key, ANSWERS).sign_in(office_id)
    assert (await browser.post(f"/cases/{CASE}/home-safety")).status in (403, 404)


async def test_a_bus_is_asked_and_leaves_with_one_form(key: Path) -> None:
    answers = CASES | {"DispatchJourney": journeys_pb2.DispatchJourneyResponse()}
    browser = await Browser(key, ANSWERS | answers).sign_in(POST)
    sent = LEFT | {
        "case": NUMBERS[:2],
        f"to.{NUMBERS[0]}": "SA-24",
        f"to.{NUMBERS[1]}": "RC-LAO-CAI",
        f"wants_to_go.{NUMBERS[0]}": "YES",
        f"afraid.{NUMBERS[0]}": "NO",
    }
    reply = await browser.post(f"/journeys/{uuid.uuid4()}", sent)
    assert reply.headers["location"] == "/?done=dispatch"
    [checks] = browser.door.named("RecordShortChecks")
    [row] = checks.rows
    assert (row.case, row.to_office_id, row.wants_to_go, row.afraid) == (NUMBERS[0], "SA-24", "YES", "NO")
    assert len(browser.door.named("DispatchJourney")) == 1


async def test_who_waits_stands_on_the_first_page_and_in_a_list(key: Path) -> None:
    waits = journeys_pb2.AwaitingVerdict(
        case_number=CASE, to_office_id="SA-24", expected_departure_on="2026-05-21", missing="HOME_SAFETY_UNDECIDED"
    )
    people = journeys_pb2.ListAwaitingVerdictResponse(people=[waits])
    browser = await Browser(key, ANSWERS | {"ListAwaitingVerdict": people}, language="en").sign_in(CENTRE)
    for address in ("/", "/homes?province=24@2025"):
        text = (await browser.get(address)).text
        assert CASE in text
        assert "nobody has decided, or a second person is awaited" in text
    assert browser.door.named("ListAwaitingVerdict")[-1].province == "24@2025"
