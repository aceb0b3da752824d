"""Consents at the command line: text, given, refused, withdrawn, listed; a guardian's name stands in no command."""

from __future__ import annotations

import io
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from homeward.intake.v1 import consents_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.country.consent_texts import read_today
from services.chassis.kernel.case_number import keyed_case_number
from tests.integration.cli.commands.conftest import Desk

CASE = keyed_case_number(5)
AGENCY = ("--as", "SA-24")
NAME = "Nguyễn Thị Thí Dụ Giám Hộ"


def said(**more: Any) -> consents_pb2.Consent:
    plain: dict[str, Any] = {
        "number": 1,
        "purpose": "STAY",
        "state": types.CONSENT_STATE_GIVEN,
        "giver": types.CONSENT_GIVER_PERSON,
        "language": "vi",
        "text_version": 1,
        "said_on": "2026-03-02",
        "office_id": "SA-24",
        "subject": "somebody",
        "record_time": Timestamp(seconds=1_772_417_000),
        "stands": True,
    }
    return consents_pb2.Consent(**plain | more)


def recorded(desk: Desk, *arguments: str) -> Any:
    """The request of a command that records."""
    desk.services.answer("RecordConsent", consents_pb2.RecordConsentResponse(consent=said()))
    done = desk.homeward(*AGENCY, "consent", *arguments)
    assert done.code == 0, done.err
    assert "Recorded." in done.out
    return desk.services.requests("RecordConsent")[-1]


def test_the_text_is_printed_with_its_version(desk: Desk) -> None:
    done = desk.homeward("consent", "text", "stay")
    assert read_today("STAY").en in done.out
    assert "(version 1)" in done.out
    assert desk.homeward("consent", "text", "stay", "--json").document["vi"] == read_today("STAY").vi


def test_what_she_says_is_recorded(desk: Desk) -> None:
    given = recorded(desk, "give", CASE, "follow-up", "--language", "hmn", "--on", "01/03/2026")
    assert (given.purpose, given.state, given.text_version) == ("FOLLOW_UP", types.CONSENT_STATE_GIVEN, 1)
    assert (given.language, given.said_on, given.HasField("guardian")) == ("hmn", "2026-03-01", False)
    refused = recorded(desk, "refuse", CASE, "home-look", "--version", "1")
    assert (refused.purpose, refused.state) == ("HOME_LOOK", types.CONSENT_STATE_REFUSED)
    withdrawn = recorded(desk, "withdraw", CASE, "collaborator")
    assert (withdrawn.state, withdrawn.text_version) == (types.CONSENT_STATE_WITHDRAWN, 0)


def test_a_guardians_name_is_asked_for_and_stands_in_no_command(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{NAME}\n"))
    given = recorded(desk, "give", CASE, "stay", "--guardian", "appointed")
    assert (given.giver, given.guardian.name) == (types.CONSENT_GIVER_GUARDIAN, NAME)
    assert given.guardian.relation == types.GUARDIAN_RELATION_APPOINTED


def test_a_purpose_that_is_none_is_not_guessed(desk: Desk) -> None:
    done = desk.homeward(*AGENCY, "consent", "give", CASE, "everything")
    assert done.code != 0
    assert "no such purpose" in done.err
    assert desk.services.requests("RecordConsent") == []


def test_everything_that_was_said_is_listed_and_the_guardian_shown_on_purpose(desk: Desk) -> None:
    desk.services.answer("GetConsents", consents_pb2.GetConsentsResponse(consents=[said()]))
    listed = desk.homeward(*AGENCY, "consent", CASE)
    for each in ("Stay in a", "(stands)", "02/03/2026", "Vietnamese"):
        assert each in listed.out
    assert desk.homeward(*AGENCY, "consent", CASE, "--json").document["consents"][0]["purpose"] == "STAY"
    desk.services.answer("GetConsents", consents_pb2.GetConsentsResponse())
    assert "Nothing was said yet" in desk.homeward(*AGENCY, "consent", CASE).out
    guardian = consents_pb2.Guardian(name=NAME, relation=types.GUARDIAN_RELATION_APPOINTED)
    desk.services.answer("GetGuardian", consents_pb2.GetGuardianResponse(guardian=guardian))
    shown = desk.homeward(*AGENCY, "consent", "guardian", CASE, "3")
    assert NAME in shown.out
    assert desk.services.requests("GetGuardian")[-1].number == 3
