"""Consents in the browser: the text to read, what she says, and a guardian's name by a form alone."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from homeward.followup.v1 import care_pb2
from homeward.handover.v1 import custody_pb2
from homeward.intake.v1 import cases_pb2, consents_pb2, reading_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.country.consent_texts import read_today
from services.chassis.kernel.case_number import keyed_case_number
from services.client import words
from services.client.texts import texts_in
from tests.support.pages import Answer, Browser, failure

CASE = keyed_case_number(5)
NAME = "Nguyễn Thị Thí Dụ Giám Hộ"
APPOINTED = words.word(texts_in("en"), words.GUARDIAN_RELATIONS, "APPOINTED")
LIST, STAY = f"/cases/{CASE}/consents", f"/cases/{CASE}/consents/stay"


def said(**more: Any) -> consents_pb2.Consent:
    plain: dict[str, Any] = {
        "number": 1,
        "purpose": "STAY",
        "state": types.CONSENT_STATE_GIVEN,
        "giver": types.CONSENT_GIVER_GUARDIAN,
        "guardian_named": True,
        "language": "hmn",
        "text_version": 1,
        "said_on": "2026-03-02",
        "office_id": "SA-24",
        "subject": "somebody",
        "stands": True,
    }
    return consents_pb2.Consent(**plain | more)


def answers(*consents: consents_pb2.Consent) -> dict[str, Answer]:
    return {
        "GetCustody": custody_pb2.GetCustodyResponse(custody=custody_pb2.Custody(case_number=CASE)),
        "GetCase": reading_pb2.GetCaseResponse(case=cases_pb2.Case(case_number=CASE, accountable_office_id="SA-24")),
        "GetConsents": consents_pb2.GetConsentsResponse(consents=consents),
        "RecordConsent": consents_pb2.RecordConsentResponse(consent=said()),
        "GetGuardian": consents_pb2.GetGuardianResponse(
            guardian=consents_pb2.Guardian(name=NAME, relation=types.GUARDIAN_RELATION_APPOINTED)
        ),
    }


def form(**more: str) -> dict[str, str]:
    plain = {"request_id": str(uuid.uuid4()), "version": str(read_today("STAY").version), "state": "GIVEN"}
    return {**plain, "giver": "PERSON", "name": "", "relation": "", "language": "vi", "said_on": "", **more}


async def test_every_purpose_stands_on_the_page_of_the_case_with_the_text_to_read(key: Path) -> None:
    browser = await Browser(key, answers(said())).sign_in("SA-24")
    assert LIST in (await browser.get(f"/cases/{CASE}")).text
    listed = (await browser.get(LIST)).text
    assert "agreed, on 02/03/2026" in listed
    assert listed.count("nothing said yet") == 12
    page = (await browser.get(STAY)).text
    assert read_today("STAY").en in page
    assert read_today("STAY").vi in page
    assert (await browser.get(f"/cases/{CASE}/consents/everything")).status == 404


async def test_what_she_says_is_recorded_with_the_text_that_was_shown(key: Path) -> None:
    browser = await Browser(key, answers()).sign_in("SA-24")
    given = form(state="REFUSED", language="hmn", said_on="01/03/2026")
    reply = await browser.post(STAY, given)
    assert (reply.status, reply.headers["location"]) == (303, f"{LIST}?done=consent")
    (sent,) = browser.door.named("RecordConsent")
    assert (sent.request_id, sent.purpose, sent.state) == (given["request_id"], "STAY", types.CONSENT_STATE_REFUSED)
    assert (sent.text_version, sent.language, sent.said_on) == (1, "hmn", "2026-03-01")
    assert not sent.HasField("guardian")
    await browser.post(STAY, form(state="WITHDRAWN"))
    assert browser.door.named("RecordConsent")[-1].text_version == 0, "nothing is read to who withdraws"


async def test_a_guardian_speaks_for_a_child_and_has_no_address(key: Path) -> None:
    browser = await Browser(key, answers(said())).sign_in("SA-24")
    await browser.post(STAY, form(giver="GUARDIAN", name=NAME, relation="APPOINTED"))
    (sent,) = browser.door.named("RecordConsent")
    assert (sent.giver, sent.guardian.name) == (types.CONSENT_GIVER_GUARDIAN, NAME)
    assert sent.guardian.relation == types.GUARDIAN_RELATION_APPOINTED
    shown = await browser.post(f"/cases/{CASE}/guardian", {"number": "1"})
    assert NAME in shown.text
    assert APPOINTED in shown.text
    assert browser.door.named("GetGuardian")[-1].number == 1
    assert (await browser.get(f"/cases/{CASE}/guardian")).headers["location"] == LIST
    listed = (await browser.get(LIST)).text
    assert NAME not in listed
    assert APPOINTED not in listed
    assert "a guardian, for a child" in listed


async def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(key: Path) -> None:
    refused = failure("INVALID_ARGUMENT", "INVALID_INPUT", "Some fields.", "guardian.name")
    browser = await Browser(key, {**answers(), "RecordConsent": refused}).sign_in("SA-24")
    reply = await browser.post(STAY, form(giver="GUARDIAN", name="x", language="hmn"))
    assert reply.status == 422
    assert 'href="#name"' in reply.text
    assert 'value="hmn"' in reply.text
    wrong = await browser.post(STAY, form(said_on="the day before"))
    assert wrong.status == 422
    assert 'href="#said_on"' in wrong.text


async def test_a_supervisor_reads_and_records_nothing(key: Path) -> None:
    browser = await Browser(key, answers(said())).sign_in("SV-24")
    page = (await browser.get(LIST)).text
    assert "agreed, on 02/03/2026" in page
    assert STAY not in page
    assert f"/cases/{CASE}/guardian" not in page


async def test_what_she_last_said_to_being_visited_stands_above_the_form_of_a_visit(key: Path) -> None:
    wishes = care_pb2.GetWishesResponse(
        follow_up_consent=types.CONSENT_STATE_WITHDRAWN, follow_up_consent_on="2026-03-01"
    )
    given: dict[str, Answer] = {"GetWishes": wishes, "GetVisitDraft": care_pb2.GetVisitDraftResponse()}
    browser = await Browser(key, given).sign_in("SA-24")
    page = await browser.post(f"/cases/{CASE}/home-visit", {})
    assert "withdrawn, on 01/03/2026" in page.text


async def test_what_needs_a_consent_says_which_and_where_it_is_recorded(key: Path) -> None:
    missing = failure("FAILED_PRECONDITION", "CONSENT_MISSING", "This needs consent.")
    missing.metadata = {"purpose": "STAY"}
    browser = await Browser(key, {**answers(), "AdmitPerson": missing}).sign_in("RC-PEACE-HOUSE")
    reply = await browser.post(f"/cases/{CASE}/admit/{uuid.uuid4()}", {"admitted_on": "01/03/2026"})
    assert "Purpose: Stay in a facility." in reply.text
