"""Wishes and visits at an officer's desk: what is shown, what is sent, and what stands in no sheet and no refusal."""

from __future__ import annotations

import re

import grpc
import pytest

from homeward.followup.v1 import care_pb2, contacts_pb2
from homeward.type.v1 import types_pb2
from services.chassis.country.questionnaires import questionnaire
from tests.integration.cli.commands.conftest import Desk
from tests.integration.cli.commands.fake_services import Refusal
from tests.integration.cli.commands.test_commands import FIRST

WISHES = care_pb2.GetWishesResponse(
    version=2, wishes=care_pb2.Wishes(how=["NO_UNIFORM"], reason="asks for the pigs"), office_id="SA-24"
)


def test_wishes_are_shown_and_recorded(desk: Desk) -> None:
    desk.services.answer("GetWishes", WISHES)
    shown = desk.homeward("--as", "SA-24", "wishes", FIRST)
    assert shown.code == 0
    assert re.search(r"How +No uniform", shown.out)
    assert re.search(r"Agreed reason for calling +asks for the pigs", shown.out)
    desk.services.answer("SetWishes", care_pb2.SetWishesResponse(version=3))
    file = desk.file("wishes.toml", 'how = ["NO_LETTER"]\nreason = "asks for rice"\n')
    done = desk.homeward("--as", "SA-24", "wishes", "set", FIRST, "--file", file, "--replaces", "2")
    assert done.code == 0
    [request] = desk.services.requests("SetWishes")
    assert (request.replaces, request.wishes) == (2, care_pb2.Wishes(how=["NO_LETTER"], reason="asks for rice"))


def test_the_sheet_for_the_road_tells_nobody_anything(desk: Desk) -> None:
    sheet = desk.homeward("--as", "SA-24", "visit", "form", FIRST).out
    lines = [line for line in sheet.splitlines() if line]
    assert lines[0] == FIRST
    assert all(re.fullmatch(r"Q[0-9]{2}  _+", line) for line in lines[1:])
    assert len(lines) - 1 == len(questionnaire().of_set("FULL"))
    assert desk.services.calls == []


def test_a_visit_is_filled_in_and_recorded(desk: Desk) -> None:
    desk.services.answer("GetWishes", WISHES)
    path = desk.folder / "visit.toml"
    made = desk.homeward("--as", "SA-24", "visit", "form", FIRST, "--file", str(path))
    assert made.code == 0
    assert path.stat().st_mode & 0o077 == 0
    again = desk.homeward("--as", "SA-24", "visit", "form", FIRST, "--file", str(path))
    assert again.code != 0
    text = path.read_text()
    for empty, said in (
        ('visited_on = ""', "visited_on = 2026-05-20"),
        ('outcome = ""', 'outcome = "AT_RISK"'),
        ('risk = ""', 'risk = "IMMEDIATE"'),
        ("next_steps = []", 'next_steps = ["SAFETY_MEASURE"]'),
        ('# Q08 = ""', 'Q08 = "NO"'),
        ('# Q39 = ""', 'Q39 = "nobody came"'),
        ("[answers.Q16]", '[answers.Q16]\nMEDICAL = "YES"'),
    ):
        assert empty in text
        text = text.replace(empty, said, 1)
    path.write_text(text)
    desk.services.answer("RecordVisit", care_pb2.RecordVisitResponse(entry_number=4, safety_act=True))
    done = desk.homeward("--as", "SA-24", "visit", "record", FIRST, "--file", str(path))
    assert done.code == 0
    assert "RF18" in done.out
    assert "second person" in done.out
    [request] = desk.services.requests("RecordVisit")
    assert (request.visited_on, request.wishes_read) == ("2026-05-20", 2)
    assert request.outcome == types_pb2.FOLLOW_UP_OUTCOME_AT_RISK
    assert {(each.question, each.item, tuple(each.codes), each.text) for each in request.content.answers} == {
        ("Q08", "", ("NO",), ""),
        ("Q39", "", (), "nobody came"),
        ("Q16", "MEDICAL", ("YES",), ""),
    }


@pytest.mark.parametrize(
    "text",
    ['secret = "x"', "note = 7", "answers = 3", '[answers]\nZ99 = "x"', 'risk = "', 'outcome = "BETTER"', "\x00"],
)
def test_a_file_that_is_none_is_refused_without_repeating_it(desk: Desk, text: str) -> None:
    file = desk.file("visit.toml", f'note = "Chim hoàng yến"\n{text}\n' if "note" not in text else text)
    done = desk.homeward("--as", "SA-24", "visit", "record", FIRST, "--file", file)
    assert done.code != 0
    assert "hoàng yến" not in done.out + done.err
    assert desk.services.requests("RecordVisit") == []


def test_a_visit_is_shown_as_far_as_one_may_see_it(desk: Desk) -> None:
    content = care_pb2.VisitContent(
        set="FULL", mode="HOME", risk="HIGH", answers=[care_pb2.Answer(question="Q08", codes=["NO"])]
    )
    answer = care_pb2.GetVisitResponse(
        entry_number=3,
        visited_on="2026-05-20",
        revisions=[care_pb2.VisitRevision(revision=1, content=content)],
        withheld=True,
    )
    desk.services.answer("GetVisit", answer)
    shown = desk.homeward("--as", "SA-24", "visit", FIRST, "--entry", "3").out
    assert re.search(r"Q08\. Do you feel safe now\? +No", shown)
    assert re.search(r"Risk, as the worker judges it +High", shown)
    assert "care staff alone" in shown


def test_a_second_person_confirms(desk: Desk) -> None:
    desk.services.answer("ConfirmSafetyAct", care_pb2.ConfirmSafetyActResponse(entry_number=3))
    done = desk.homeward("--as", "SA-24", "visit", "safe", FIRST, "--measure", "shelter", "--measure", "ESCORT")
    assert done.code == 0
    [request] = desk.services.requests("ConfirmSafetyAct")
    assert list(request.measures) == ["SHELTER", "ESCORT"]


def test_an_attempt_says_how_and_which_wishes_were_read(desk: Desk) -> None:
    desk.services.answer(
        "RecordContact",
        Refusal(grpc.StatusCode.FAILED_PRECONDITION, "WISHES_NOT_READ"),
        contacts_pb2.RecordContactResponse(entry_number=1, then="TRY_AGAIN"),
    )
    said = "--attempt", "no_answer", "--mode", "TELEPHONE", "--visitor", "SOCIAL_WORKER"
    assert desk.homeward("--as", "SA-24", "contact", FIRST, *said).code != 0
    assert desk.homeward("--as", "SA-24", "contact", FIRST, *said, "--wishes-read", "2").code == 0
    request = desk.services.requests("RecordContact")[-1]
    assert (request.attempt, request.mode, request.wishes_read, request.outcome) == ("NO_ANSWER", "TELEPHONE", 2, 0)
    assert desk.homeward("--as", "SA-24", "contact", FIRST).code != 0
