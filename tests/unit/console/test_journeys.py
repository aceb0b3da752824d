"""Several people leave together: one request, and everything that is wrong stands at the person whom it concerns."""

from __future__ import annotations

import uuid
from pathlib import Path

from homeward.handover.v1 import journeys_pb2
from homeward.intake.v1 import cases_pb2, reading_pb2
from homeward.type.v1 import types_pb2
from services.chassis.kernel.case_number import format_case_number
from tests.support.pages import Browser, failure

POST = "BP-CN-MONG-CAI"
NUMBERS = [format_case_number(each) for each in (101, 102, 103)]


def here(number: str, phase: str = "REGISTERED", office: str = POST) -> cases_pb2.Case:
    """Somebody whose home is in Bắc Ninh."""
    return cases_pb2.Case(
        case_number=number,
        phase=types_pb2.CasePhase.Value(f"CASE_PHASE_{phase}"),
        accountable_office_id=office,
        home_province=types_pb2.ProvinceRef(code="24", vintage="2025"),
    )


CASES = {
    "ListCases": reading_pb2.ListCasesResponse(
        cases=[here(NUMBERS[0]), here(NUMBERS[1]), here(NUMBERS[2], "IN_TRANSIT")]
    )
}
LEFT = {"departed_on": "28/11/2026", "expected_arrival_on": "29/11/2026", "travel.means": "BUS"}


async def test_who_is_here_may_be_chosen_and_the_agency_of_her_home_is_named_first(key: Path) -> None:
    browser = await Browser(key, CASES).sign_in(POST)
    page = await browser.get(f"/journeys/{uuid.uuid4()}")
    assert NUMBERS[0] in page.text
    assert NUMBERS[2] not in page.text
    assert '<option value="SA-24" selected>' in page.text


async def test_all_who_were_ticked_leave_by_one_request(key: Path) -> None:
    browser = await Browser(key, CASES | {"DispatchJourney": journeys_pb2.DispatchJourneyResponse()}).sign_in(POST)
    request_id = str(uuid.uuid4())
    sent = LEFT | {
        "case": NUMBERS[:2],
        f"to.{NUMBERS[0]}": "SA-24",
        f"to.{NUMBERS[1]}": "SA-38",
        f"arrives.{NUMBERS[1]}": "30/11/2026",
    }
    reply = await browser.post(f"/journeys/{request_id}", sent)
    assert reply.headers["location"] == "/?done=dispatch"
    (request,) = browser.door.named("DispatchJourney")
    assert request.request_id == request_id
    assert request.travel.means == types_pb2.TRAVEL_MEANS_BUS
    assert [(each.to_office_id, each.expected_arrival_on) for each in request.rows] == [
        ("SA-24", "2026-11-29"),
        ("SA-38", "2026-11-30"),
    ]


async def test_what_is_wrong_stands_at_whom_it_concerns_and_nothing_is_sent(key: Path) -> None:
    browser = await Browser(key, CASES).sign_in(POST)
    sent = LEFT | {"case": NUMBERS[:1], f"to.{NUMBERS[0]}": "", f"arrives.{NUMBERS[0]}": "soon", "departed_on": ""}
    reply = await browser.post(f"/journeys/{uuid.uuid4()}", sent)
    assert reply.status == 422
    for field in (f"to.{NUMBERS[0]}", f"arrives.{NUMBERS[0]}", "departed_on"):
        assert f'href="#{field}"' in reply.text
    assert 'value="soon"' in reply.text
    nobody = await browser.post(f"/journeys/{uuid.uuid4()}", LEFT)
    assert nobody.status == 422
    assert browser.door.named("DispatchJourney") == []


async def test_a_refusal_keeps_everything(key: Path) -> None:
    refusal = failure("FAILED_PRECONDITION", "CONSENT_REFUSED", "She does not agree.")
    browser = await Browser(key, CASES | {"DispatchJourney": refusal}).sign_in(POST)
    reply = await browser.post(f"/journeys/{uuid.uuid4()}", LEFT | {"case": NUMBERS[:1], f"to.{NUMBERS[0]}": "SA-38"})
    assert reply.status == 422
    assert "She does not agree." in reply.text
    assert '<option value="SA-38" selected>' in reply.text
    assert "checked" in reply.text
