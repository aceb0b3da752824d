"""What an officer reads and sends when she asks whether a home is safe."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from homeward.followup.v1 import care_pb2, home_safety_pb2
from homeward.handover.v1 import journeys_pb2
from homeward.intake.v1 import reading_pb2
from homeward.type.v1 import types_pb2 as types
from tests.integration.cli.commands.conftest import Desk
from tests.integration.cli.commands.test_commands import CASE_ID, FIRST, a_case

CENTRE = ("--as", "RC-LAO-CAI")


def check(**changed: object) -> home_safety_pb2.HomeCheck:
    """A check that lets her go."""
    values = {
        "case_id": CASE_ID,
        "case_number": FIRST,
        "number": 2,
        "verdict": types.HOME_SAFETY_SAFE,
        "decided": types.HOME_SAFETY_SAFE,
        "valid_until": "2026-02-14",
        "to_office_id": "SA-24",
        "checked_on": "2026-01-15",
    }
    return home_safety_pb2.HomeCheck(**(values | changed))  # type: ignore[arg-type]


def test_a_sheet_for_the_road_tells_nobody_anything(desk: Desk) -> None:
    sheet = desk.homeward(*CENTRE, "home-safety", "form", FIRST).out
    assert sheet.split()[0] == FIRST
    assert {line.split()[0] for line in sheet.splitlines()[1:] if line.strip()} == {f"H{n:02}" for n in range(1, 17)}


def test_a_file_is_filled_in_and_recorded(desk: Desk) -> None:
    path = Path(desk.folder) / "home.toml"
    assert desk.homeward(*CENTRE, "home-safety", "form", FIRST, "--file", str(path)).code == 0
    text = path.read_text(encoding="utf-8").replace('verdict = ""', 'verdict = "WARNING_SIGNS_DECIDED"')
    text = text.replace("measures = []", 'measures = ["OTHER_PROVINCE"]').replace(
        'guardian = ""', 'guardian = "Bà Thí Dụ"'
    )
    text = text.replace('# H03 = ""', 'H03 = "YES"').replace("warning_signs = []", 'warning_signs = ["RF15"]')
    path.write_text(text, encoding="utf-8")
    undecided = check(verdict=types.HOME_SAFETY_WARNING_SIGNS, valid_until="", awaits_second=True)
    answer = home_safety_pb2.RecordHomeSafetyResponse(check=undecided, suggested_signs=["RF14"], family_suspected=True)
    desk.services.answer("RecordHomeSafety", answer)
    done = desk.homeward(*CENTRE, "home-safety", "record", FIRST, "--to", "SA-24", "--file", str(path))
    assert done.code == 0, done.err
    assert "Somebody else of your office confirms it" in done.out
    assert "RF14" in done.out
    assert "do not tell the family" in done.err
    [request] = desk.services.requests("RecordHomeSafety")
    assert (request.case, request.to_office_id, request.guardian) == (FIRST, "SA-24", "Bà Thí Dụ")
    assert request.verdict == types.HOME_SAFETY_WARNING_SIGNS_DECIDED
    assert (list(request.measures), list(request.warning_signs)) == (["OTHER_PROVINCE"], ["RF15"])
    assert [(one.question, list(one.codes)) for one in request.answers] == [("H03", ["YES"])]


def test_two_questions_at_the_border_are_asked_on_the_screen(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.services.answer("GetCase", reading_pb2.GetCaseResponse(case=a_case()))
    desk.services.answer("RecordShortChecks", home_safety_pb2.RecordShortChecksResponse(checks=[check()]))
    said = iter(("YES", "NO", "Bà Thí Dụ"))
    monkeypatch.setattr(click, "prompt", lambda *_, **__: next(said))
    done = desk.homeward("home-safety", "short", FIRST, "--to", "SA-24", "--child")
    assert done.code == 0, done.err
    assert "She may be sent there until 14/02/2026." in done.out
    [request] = desk.services.requests("RecordShortChecks")
    [row] = request.rows
    assert (row.case, row.to_office_id, row.wants_to_go, row.afraid, row.guardian) == (
        FIRST, "SA-24", "YES", "NO", "Bà Thí Dụ",
    )  # fmt: skip


def test_a_second_person_agrees_or_not(desk: Desk) -> None:
    desk.services.answer("ConfirmHomeSafety", home_safety_pb2.ConfirmHomeSafetyResponse(check=check()))
    assert desk.homeward(*CENTRE, "home-safety", "confirm", FIRST, "--check", "2").code == 0
    assert desk.homeward(*CENTRE, "home-safety", "confirm", FIRST, "--check", "2", "--disagree").code == 0
    first, second = desk.services.requests("ConfirmHomeSafety")
    assert ((first.number, first.agrees), (second.number, second.agrees)) == ((2, True), (2, False))


def test_what_counts_is_shown_with_what_was_said(desk: Desk) -> None:
    desk.services.answer("GetHomeSafety", home_safety_pb2.GetHomeSafetyResponse())
    assert "Nothing is recorded" in desk.homeward(*CENTRE, "home-safety", FIRST).out
    answer = home_safety_pb2.GetHomeSafetyResponse(
        check=check(), answers=[care_pb2.Answer(question="H01", codes=["YES"])], reason="Chim hoàng yến"
    )
    desk.services.answer("GetHomeSafety", answer)
    shown = desk.homeward(*CENTRE, "home-safety", FIRST).out
    assert "Do you want to go to this place?" in shown
    assert "Chim hoàng yến" in shown
    assert "checked and safe" in shown


def test_who_waits_for_a_verdict_is_listed_with_what_is_missing(desk: Desk) -> None:
    waits = journeys_pb2.AwaitingVerdict(
        case_number=FIRST, to_office_id="SA-24", expected_departure_on="2026-01-20", missing="HOME_CHECK_EXPIRED"
    )
    desk.services.answer("ListAwaitingVerdict", journeys_pb2.ListAwaitingVerdictResponse(people=[waits]))
    done = desk.homeward("home-safety", "waiting", "--office", "RC-PEACE-HOUSE")
    assert done.code == 0, done.err
    assert FIRST in done.out
    assert "holds no" in done.out
    [request] = desk.services.requests("ListAwaitingVerdict")
    assert request.office_id == "RC-PEACE-HOUSE"
