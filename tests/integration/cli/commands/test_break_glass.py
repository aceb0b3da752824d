"""Break-glass at the command line: opened, read, listed, shown, reviewed."""

from __future__ import annotations

import json
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from homeward.intake.v1 import break_glass_pb2, cases_pb2, people_pb2, reading_pb2
from homeward.type.v1 import types_pb2
from services.chassis.kernel.case_number import keyed_case_number
from tests.integration.cli.commands.conftest import Desk

SUPERVISOR, REVIEWER = ("--as", "SV-04"), ("--as", "SV-NATIONAL")
ONE, CASE = "0197f0a4-7d3c-7b52-9c0e-2f6a5b1d4e90", keyed_case_number(5)


def opened(**more: Any) -> break_glass_pb2.BreakGlass:
    return break_glass_pb2.BreakGlass(
        break_glass_id=ONE,
        case_number=CASE,
        reason=types_pb2.BREAK_GLASS_REASON_DANGER,
        identity_view=cases_pb2.IDENTITY_VIEW_FULL,
        office_id="SV-04",
        subject="somebody",
        open_time=Timestamp(seconds=1_772_417_000),
        expire_time=Timestamp(seconds=1_772_424_200),
        review_due_on="2026-03-05",
        reads=2,
        **more,
    )


def test_it_is_opened_and_the_person_read_by_it(desk: Desk) -> None:
    desk.services.answer("OpenBreakGlass", break_glass_pb2.OpenBreakGlassResponse(break_glass=opened(yours=True)))
    done = desk.homeward(*SUPERVISOR, "break-glass", "open", CASE, "--reason", "danger", "--words", "Ví dụ")
    assert done.code == 0, done.err
    assert f"homeward case {CASE} --break-glass {ONE}" in done.out
    [request] = desk.services.requests("OpenBreakGlass")
    assert (request.reason, request.words) == (types_pb2.BREAK_GLASS_REASON_DANGER, "Ví dụ")
    person = people_pb2.Person(full_name="Nguyễn Thị Một Ví Dụ")
    case = cases_pb2.Case(case_number=CASE, identity_view=cases_pb2.IDENTITY_VIEW_FULL, person=person)
    desk.services.answer("GetCase", reading_pb2.GetCaseResponse(case=case))
    read = desk.homeward(*SUPERVISOR, "case", CASE, "--break-glass", ONE)
    assert person.full_name in read.out
    [asked] = desk.services.requests("GetCase")
    assert (asked.break_glass_id, asked.include_identity, asked.purpose) == (ONE, True, "")


def test_without_a_reason_nothing_is_asked(desk: Desk) -> None:
    done = desk.homeward(*SUPERVISOR, "break-glass", "open", CASE)
    assert done.code != 0
    assert "--reason" in done.err
    assert desk.services.requests("OpenBreakGlass") == []


def test_it_is_listed_shown_with_its_words_and_reviewed(desk: Desk) -> None:
    desk.services.answer("ListBreakGlass", break_glass_pb2.ListBreakGlassResponse(break_glasses=[opened()]))
    listed = desk.homeward(*REVIEWER, "break-glass", "--waiting")
    assert listed.code == 0, listed.err
    assert "waits" in listed.out
    shown = break_glass_pb2.GetBreakGlassResponse(break_glass=opened(for_you=True), words="Ví dụ bằng lời")
    desk.services.answer("GetBreakGlass", shown)
    done = desk.homeward(*REVIEWER, "break-glass", "show", ONE)
    assert "Ví dụ bằng lời" in done.out
    assert f"homeward break-glass review {ONE}" in done.out
    told = json.loads(desk.homeward(*REVIEWER, "--json", "break-glass", "show", ONE).out)
    assert (told["break_glass"]["break_glass_id"], told["words"]) == (ONE, "Ví dụ bằng lời")
    after = opened(
        verdict=types_pb2.BREAK_GLASS_VERDICT_UNJUSTIFIED,
        reviewed_by_office_id="SV-NATIONAL",
        review_time=Timestamp(seconds=1_772_420_000),
    )
    desk.services.answer("ReviewBreakGlass", break_glass_pb2.ReviewBreakGlassResponse(break_glass=after))
    reviewed = desk.homeward(*REVIEWER, "break-glass", "review", ONE, "--verdict", "unjustified")
    assert "there was no reason" in reviewed.out
    [request] = desk.services.requests("ReviewBreakGlass")
    assert request.verdict == types_pb2.BREAK_GLASS_VERDICT_UNJUSTIFIED
