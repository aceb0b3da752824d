"""Wishes, visits and safety through the whole service: who may hear what, what is sealed, and what is told at once."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
from sqlalchemy import text

from homeward.events.v1 import followup_pb2 as said
from homeward.followup.v1 import care_pb2, contacts_pb2, entries_pb2, oversight_pb2, visits_pb2
from homeward.type.v1 import types_pb2 as types
from services import followup
from services.chassis.country.questionnaires import questionnaire
from services.chassis.kernel.clock import start_of_local_day
from services.chassis.kernel.roles import Grade
from services.chassis.vault.keys import SealBroken, WrappedKey
from services.followup.application.erasure import erase
from services.followup.vault.keys import KeyRing
from services.followup.vault.opening import Vault
from tests.integration.followup.test_calls import refused
from tests.integration.followup.world import HANOI, QUANG_NINH, Case, World

ARRIVED_ON = date(2026, 3, 1)
VISITED_ON = date(2026, 5, 20)
WORRIED = "RF26"
CANARY = "Chim hoàng yến"


def wishes(mark: str = "", *, how: Iterable[str] = ("NO_UNIFORM", "AGREED_STORY")) -> care_pb2.Wishes:
    """Wishes whose every text bears a mark."""
    return care_pb2.Wishes(
        how=how, who=f"chị Hai {mark}".strip(), hours=f"chiều {mark}".strip(), reason=f"hỏi mua lợn {mark}".strip()
    )


def content(mark: str = "", *, risk: str = "LOW", **changed: Any) -> care_pb2.VisitContent:
    """A full visit with an answer to each core question; every text bears a mark."""
    asked = questionnaire()
    answers = [care_pb2.Answer(question=each.id, codes=["NOT_SAID"]) for each in asked.of_set("FULL") if each.core]
    answers += [
        care_pb2.Answer(question="Q37", codes=["TRAFFICKER_OR_BROKER"]),
        care_pb2.Answer(question="Q39", text=f"{mark} đừng đến nhà"),
    ]
    made = care_pb2.VisitContent(
        set="FULL",
        questionnaire_version=asked.version,
        mode="OTHER_PLACE",
        visitor="SOCIAL_WORKER",
        consent="GIVEN",
        privacy="ALONE",
        interpreter="NOT_NEEDED",
        answers=answers,
        warning_signs=[WORRIED],
        risk=risk,
        risk_reason=f"{mark} sợ",
        next_steps=["AS_PLANNED"],
        note=f"{mark} nhớ",
    )
    made.MergeFrom(care_pb2.VisitContent(**changed))
    return made


async def set_wishes(world: World, case: Case, given: care_pb2.Wishes, replaces: int = 0) -> int:
    """Record wishes; returns their version."""
    request = care_pb2.SetWishesRequest(request_id=str(uuid.uuid4()), case=case.number, wishes=given, replaces=replaces)
    answer: care_pb2.SetWishesResponse = await world.stub.SetWishes(request, **world.as_office(HANOI))
    return answer.version


def visit(case: Case, given: care_pb2.VisitContent, read: int = 0, **more: Any) -> care_pb2.RecordVisitRequest:
    """A request that records a visit."""
    return care_pb2.RecordVisitRequest(
        request_id=str(uuid.uuid4()),
        case=case.number,
        outcome=types.FOLLOW_UP_OUTCOME_NEEDS_SUPPORT,
        content=given,
        wishes_read=read,
        **more,
    )


async def at_three_months(world: World) -> Case:
    """A case whose look after three months may be made today."""
    case = await world.arrived(ARRIVED_ON)
    await world.at(start_of_local_day(VISITED_ON))
    await world.heard()
    return case


async def test_wishes_are_shown_to_whoever_goes_and_to_nobody_else(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    asked = care_pb2.GetWishesRequest(case=case.number)
    assert (await world.stub.GetWishes(asked, **world.as_office(HANOI))).version == 0
    assert await set_wishes(world, case, wishes()) == 1
    for grade in (Grade.CARE, Grade.CASE):
        shown = await world.stub.GetWishes(asked, **world.as_office(HANOI, grades=[grade]))
        assert (shown.version, shown.wishes, shown.office_id) == (1, wishes(how=["AGREED_STORY", "NO_UNIFORM"]), HANOI)
    for grades in ([], [Grade.PAY, Grade.DESK]):
        code, reason, _ = await refused(world.stub.GetWishes(asked, **world.as_office(HANOI, grades=grades)))
        assert (code, reason) == (grpc.StatusCode.PERMISSION_DENIED, "GRADE_MISSING")
    for office_id in (QUANG_NINH, "SV-01"):
        _, reason, _ = await refused(world.stub.GetWishes(asked, **world.as_office(office_id)))
        assert reason == "CASE_NOT_FOUND"
    reads = await world.rows("SELECT office_id, content FROM access_log ORDER BY sequence")
    assert [tuple(row) for row in reads] == [(HANOI, "WISHES")] * 3


async def test_wishes_that_changed_meanwhile_are_not_overwritten(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    await set_wishes(world, case, wishes())
    request = care_pb2.SetWishesRequest(request_id=str(uuid.uuid4()), case=case.number, wishes=wishes("x"))
    code, reason, _ = await refused(world.stub.SetWishes(request, **world.as_office(HANOI)))
    assert (code, reason) == (grpc.StatusCode.ABORTED, "WISHES_CHANGED")
    assert await set_wishes(world, case, wishes("x"), replaces=1) == 2


async def test_no_attempt_and_no_visit_before_the_wishes_that_stand_were_read(world: World) -> None:
    """SUPPORT's second story: no attempt can be saved before her wishes are read."""
    case = await at_three_months(world)
    await set_wishes(world, case, wishes())
    await set_wishes(world, case, wishes("neu"), replaces=1)
    attempt = contacts_pb2.RecordContactRequest(
        case=case.number, attempt="NO_ANSWER", mode="TELEPHONE", visitor="SOCIAL_WORKER"
    )
    look = visits_pb2.RecordFollowUpRequest(case=case.number, outcome=types.FOLLOW_UP_OUTCOME_SETTLED)
    calls: list[tuple[Any, Any]] = [
        (world.stub.RecordContact, attempt),
        (world.stub.RecordFollowUp, look),
        (world.stub.RecordVisit, visit(case, content())),
    ]
    for call, request in calls:
        for read in (0, 1):
            request.request_id, request.wishes_read = str(uuid.uuid4()), read
            _, reason, _ = await refused(call(request, **world.as_office(HANOI)))
            assert reason == "WISHES_NOT_READ"
    attempt.request_id, attempt.wishes_read = str(uuid.uuid4()), 2
    answer = await world.stub.RecordContact(attempt, **world.as_office(HANOI))
    assert answer.then == "TRY_AGAIN"
    [row] = await world.rows("SELECT * FROM attempt")
    assert (row.number, row.mode, row.outcome, row.wishes_version) == (1, "TELEPHONE", "NO_ANSWER", 2)


@pytest.mark.parametrize("code", sorted(questionnaire().attempts))
async def test_what_follows_from_an_attempt_is_what_the_questionnaire_says(world: World, code: str) -> None:
    case = await world.arrived(ARRIVED_ON)
    await world.heard()
    request = contacts_pb2.RecordContactRequest(
        request_id=str(uuid.uuid4()), case=case.number, attempt=code, mode="HOME", visitor="SOCIAL_WORKER"
    )
    answer = await world.stub.RecordContact(request, **world.as_office(HANOI))
    known = questionnaire().attempts[code]
    assert answer.then == known.then
    assert ("FIRST_CONTACT" not in [rule for rule, _, _ in await world.armed(case)]) == known.settles_first_contact
    opens = {
        "SEARCH_NOT_AT_ADDRESS": types.SEARCH_EFFECT_OPENS_NOT_AT_ADDRESS,
        "SEARCH_LEFT_PROVINCE": types.SEARCH_EFFECT_OPENS_LEFT_PROVINCE,
    }
    assert answer.search == opens.get(known.then, types.SEARCH_EFFECT_NONE)
    [event] = await world.heard()
    assert code in ("NOT_AT_ADDRESS", "MOVED_AWAY") or code.encode() not in event.SerializeToString()


async def test_three_attempts_in_vain_on_three_days_are_lost_to_follow_up(world: World) -> None:
    case = await at_three_months(world)
    effects = []
    for day in range(3):
        world.clock.move_to(start_of_local_day(VISITED_ON + timedelta(days=day)))
        request = contacts_pb2.RecordContactRequest(
            request_id=str(uuid.uuid4()), case=case.number, attempt="NO_ANSWER", mode="HOME", visitor="SOCIAL_WORKER"
        )
        effects.append((await world.stub.RecordContact(request, **world.as_office(HANOI))).search)
    assert effects == [0 + types.SEARCH_EFFECT_NONE] * 2 + [types.SEARCH_EFFECT_OPENS_NOT_AT_ADDRESS]


async def test_a_visit_makes_the_look_that_is_due_and_says_nothing_of_it(world: World) -> None:
    case = await at_three_months(world)
    answer = await world.stub.RecordVisit(visit(case, content()), **world.as_office(HANOI))
    assert (answer.entry_number, answer.safety_act, answer.next_look_on) == (1, False, "")
    [recorded, agreed] = await world.heard()
    assert isinstance(recorded, said.FollowUpRecorded)
    assert isinstance(agreed, said.ConsentTold), "and nothing else"
    assert (recorded.entry_number, recorded.visited_on) == (1, VISITED_ON.isoformat())
    [first, *_] = await world.follow_ups(case)
    assert first.outcome == types.FOLLOW_UP_OUTCOME_NEEDS_SUPPORT
    again = await refused(world.stub.RecordVisit(visit(case, content()), **world.as_office(HANOI)))
    assert again[1] == "FOLLOW_UP_ALREADY_RECORDED"


async def test_the_first_contact_is_a_visit_and_no_look_after_three_months(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    given = content(risk="RAISED", set="FIRST_CONTACT")
    del given.answers[:]
    given.answers.add(question="Q08", codes=["YES"])
    answer = await world.stub.RecordVisit(visit(case, given), **world.as_office(HANOI))
    assert answer.next_look_on == (world.clock.now().date() + timedelta(days=90)).isoformat()
    assert "FIRST_CONTACT" not in [rule for rule, _, _ in await world.armed(case)]
    assert {one.state for one in await world.follow_ups(case)} == {types.FOLLOW_UP_STATE_SCHEDULED}


async def test_the_day_that_a_judgement_proposes_is_kept_with_no_answer_and_told_with_each(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    given = content(risk="RAISED", set="FIRST_CONTACT")
    del given.answers[:]
    given.answers.add(question="Q08", codes=["YES"])
    asked = visit(case, given)
    answers = [await world.stub.RecordVisit(asked, **world.as_office(HANOI)) for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0].next_look_on
    [kept] = await world.rows("SELECT response FROM request_log WHERE method = 'RecordVisit'")
    stored = care_pb2.RecordVisitResponse.FromString(kept.response)
    assert (stored.next_look_on, stored.visited_on) == ("", answers[0].visited_on)


@pytest.mark.parametrize("number", [1, 26, 1306])
async def test_what_former_versions_kept_of_it_is_taken_out(world: World, number: int) -> None:
    before = care_pb2.RecordVisitResponse(
        entry_number=number, next_look_on="2026-06-01", safety_act=True, wishes_version=26
    )
    migration = (Path(followup.__file__).parent / "migrations/followup_0023.sql").read_text()
    row = {"id": uuid.uuid4(), "response": before.SerializeToString()}
    async with world.chassis.engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO request_log (office_id, request_id, method, digest, response, created_at)"
                " VALUES ('SA-01', :id, 'RecordVisit', '', :response, now())"
            ),
            row,
        )
        for _ in range(2):
            await connection.execute(text(migration))
        kept = (await connection.execute(text("SELECT response FROM request_log"))).scalar_one()
    before.next_look_on = ""
    assert care_pb2.RecordVisitResponse.FromString(kept) == before


async def test_care_sees_all_and_an_officer_of_the_case_the_ordinary_codes(world: World) -> None:
    case = await at_three_months(world)
    given = content(CANARY, risk="HIGH")
    await world.stub.RecordVisit(visit(case, given), **world.as_office(HANOI))
    asked = care_pb2.GetVisitRequest(case=case.number)
    whole = await world.stub.GetVisit(asked, **world.as_office(HANOI, grades=[Grade.CARE]))
    [revision] = whole.revisions
    assert (whole.entry_number, whole.visited_on, whole.withheld) == (1, VISITED_ON.isoformat(), False)
    assert list(revision.content.warning_signs) == [WORRIED]
    assert {each.question: each.text for each in revision.content.answers}["Q39"] == f"{CANARY} đừng đến nhà"
    part = await world.stub.GetVisit(asked, **world.as_office(HANOI, grades=[Grade.CASE]))
    shown = part.revisions[0].content
    assert part.withheld
    assert (shown.risk, shown.mode, list(shown.next_steps)) == ("HIGH", "OTHER_PLACE", ["AS_PLANNED"])
    assert (list(shown.warning_signs), shown.risk_reason, shown.note) == ([], "", "")
    assert not {"Q37", "Q39"} & {each.question for each in shown.answers}
    reads = await world.rows("SELECT content, entry_number FROM access_log ORDER BY sequence")
    assert [tuple(row) for row in reads] == [("VISIT_IN_CONFIDENCE", 1), ("VISIT", 1)]


async def test_nothing_that_was_said_stands_anywhere_but_sealed(
    world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    case = await at_three_months(world)
    await set_wishes(world, case, wishes(CANARY))
    request = visit(case, content(CANARY, risk="IMMEDIATE"), 1, wishes=wishes(CANARY))
    await world.stub.RecordVisit(request, **world.as_office(HANOI))
    correct = care_pb2.CorrectVisitRequest(
        request_id=str(uuid.uuid4()),
        case=case.number,
        entry_number=1,
        revision=1,
        content=content(CANARY),
        reason=f"{CANARY} nhầm",
    )
    await world.stub.CorrectVisit(correct, **world.as_office(HANOI))
    confirm = care_pb2.ConfirmSafetyActRequest(
        request_id=str(uuid.uuid4()), case=case.number, measures=["POLICE_PROTECTION"], note=f"{CANARY} xong"
    )
    await world.stub.ConfirmSafetyAct(confirm, **world.as_office(HANOI, subject="second@SA-01"))
    tables = await world.rows(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    )
    stands = {}
    for (table,) in tables:
        rows = await world.rows(f"SELECT CAST(to_jsonb(t) AS text) AS whole FROM {table} t")
        stands[table] = "".join(row.whole + _decoded(row.whole) for row in rows)
    for secret in (CANARY, WORRIED, "TRAFFICKER_OR_BROKER", "POLICE_PROTECTION"):
        assert [table for table, text in stands.items() if secret in text] == []
    assert capfd.readouterr().out.count(CANARY) == 0
    # What is no secret is found, in texts and in bytes.
    assert "OTHER_PLACE" in stands["visit"]
    assert HANOI in _decoded(stands["outbox"])
    # They are there all the same, and open with the key of their case alone.
    found = await world.rows("SELECT v.*, k.kek_id, k.wrapped_key FROM visit v JOIN care_key k USING (case_id)")
    key = KeyRing.from_file(world.chassis.settings.kek).open(case.id, WrappedKey(found[0].kek_id, found[0].wrapped_key))
    assert CANARY in key.open(found[0].sealed, "visit|said|1.1").decode()
    with pytest.raises(SealBroken):
        key.open(found[0].sealed, "visit|said|1.2")


def _decoded(given: str) -> str:
    """Bytes of rows, as the text they may hold."""
    return b"".join(bytes.fromhex(each) for each in re.findall(r"\\\\x((?:[0-9a-f]{2})+)", given)).decode(
        errors="replace"
    )


async def test_a_draft_is_its_writers_own_and_goes_when_the_visit_is_recorded(world: World) -> None:
    case = await at_three_months(world)
    typed = care_pb2.RecordVisitRequest(outcome=types.FOLLOW_UP_OUTCOME_AT_RISK, content=content(CANARY))
    save = care_pb2.SaveVisitDraftRequest(request_id=str(uuid.uuid4()), case=case.number, visit=typed)
    await world.stub.SaveVisitDraft(save, **world.as_office(HANOI))
    asked = care_pb2.GetVisitDraftRequest(case=case.number)
    assert (await world.stub.GetVisitDraft(asked, **world.as_office(HANOI))).visit == typed
    other = await world.stub.GetVisitDraft(asked, **world.as_office(HANOI, subject="second@SA-01"))
    assert not other.HasField("visit")
    [row] = await world.rows("SELECT * FROM visit_draft")
    assert CANARY.encode() not in row.sealed
    await world.stub.RecordVisit(visit(case, content()), **world.as_office(HANOI))
    assert not (await world.stub.GetVisitDraft(asked, **world.as_office(HANOI))).HasField("visit")
    assert await world.rows("SELECT * FROM visit_draft") == []


async def test_a_draft_that_nobody_came_back_to_is_gone(world: World) -> None:
    case, other = await at_three_months(world), await world.arrived(ARRIVED_ON)
    for each, day in ((case, 0), (other, 31)):
        world.clock.move_to(start_of_local_day(VISITED_ON + timedelta(days=day)))
        save = care_pb2.SaveVisitDraftRequest(request_id=str(uuid.uuid4()), case=each.number)
        await world.stub.SaveVisitDraft(save, **world.as_office(HANOI))
    (sweep,) = (tick for tick in world.rooms.ticks if tick.name == "followup.drafts")
    assert [await sweep.look(), await sweep.look()] == [1, 0]
    assert [row.case_id for row in await world.rows("SELECT case_id FROM visit_draft")] == [other.id]


async def test_a_correction_is_a_further_revision_with_its_reason(world: World) -> None:
    case = await at_three_months(world)
    await world.stub.RecordVisit(visit(case, content()), **world.as_office(HANOI))
    request = care_pb2.CorrectVisitRequest(
        request_id=str(uuid.uuid4()),
        case=case.number,
        entry_number=1,
        revision=1,
        content=content(risk="HIGH"),
        reason="nghe nhầm",
    )
    answers = [await world.stub.CorrectVisit(request, **world.as_office(HANOI)) for _ in range(2)]
    assert [each.revision for each in answers] == [2, 2]
    request.request_id = str(uuid.uuid4())
    code, reason, _ = await refused(world.stub.CorrectVisit(request, **world.as_office(HANOI)))
    assert (code, reason) == (grpc.StatusCode.ABORTED, "VISIT_CHANGED")
    shown = await world.stub.GetVisit(care_pb2.GetVisitRequest(case=case.number), **world.as_office(HANOI))
    assert [(each.revision, each.content.risk, each.reason) for each in shown.revisions] == [
        (1, "LOW", ""),
        (2, "HIGH", "nghe nhầm"),
    ]


async def test_immediate_danger_is_told_at_once_and_a_second_person_confirms(world: World) -> None:
    case = await at_three_months(world)
    answer = await world.stub.RecordVisit(visit(case, content(risk="IMMEDIATE")), **world.as_office(HANOI))
    assert answer.safety_act
    [_, steps, needed, _] = await world.heard()
    assert isinstance(steps, said.StepsChanged)
    assert isinstance(needed, said.SafetyActNeeded)
    assert needed.confirm_by_time.ToDatetime() - world.clock.now().replace(tzinfo=None) == timedelta(hours=24)
    assert ("SAFETY_ACT", False) in [(rule, primary) for rule, primary, _ in await world.armed(case)]
    confirm = care_pb2.ConfirmSafetyActRequest(request_id=str(uuid.uuid4()), case=case.number, measures=["SHELTER"])
    code, reason, _ = await refused(world.stub.ConfirmSafetyAct(confirm, **world.as_office(HANOI)))
    assert (code, reason) == (grpc.StatusCode.PERMISSION_DENIED, "SAFETY_OWN_JUDGEMENT")
    await world.stub.ConfirmSafetyAct(confirm, **world.as_office(HANOI, subject="second@SA-01"))
    assert await world.heard() == [said.SafetyActConfirmed(case_id=str(case.id), office_id=HANOI, entry_number=1)]
    assert "SAFETY_ACT" not in [rule for rule, _, _ in await world.armed(case)]
    confirm.request_id = str(uuid.uuid4())
    again = await refused(world.stub.ConfirmSafetyAct(confirm, **world.as_office(HANOI, subject="second@SA-01")))
    assert again[1] == "SAFETY_NOT_ASKED"


async def test_whoever_is_forgotten_in_danger_is_told_every_day(world: World) -> None:
    case = await at_three_months(world)
    await world.stub.RecordVisit(visit(case, content(risk="IMMEDIATE")), **world.as_office(HANOI))
    await world.heard()
    told = []
    for day in range(1, 4):
        events = await world.at(start_of_local_day(VISITED_ON + timedelta(days=day)) + timedelta(hours=12))
        told += [(each.rule, each.level) for each in events if isinstance(each, said.FollowUpEscalated)]
    assert told == [("SAFETY_ACT", 1), ("SAFETY_ACT", 2), ("SAFETY_ACT", 3)]
    assert await world.armed(case) == await world.watched(case)
    await world.close(case, "DIED")
    assert await world.armed(case) == []


@pytest.mark.parametrize(
    ("changed", "violation"),
    [
        ({"visitor": "COLLABORATOR"}, ("content.answers", "NOT_ALLOWED_WITH")),
        ({"consent": "REFUSED"}, ("content.answers", "NOT_ALLOWED_WITH")),
        ({"interpreter": "INTERPRETER"}, ("content.interpreter_is_adult", "REQUIRED_WITH")),
        ({"mode": "BY_PIGEON"}, ("content.mode", "NOT_IN_LIST")),
        ({"questionnaire_version": 99}, ("content.questionnaire_version", "NOT_IN_LIST")),
        ({"warning_signs": ["RF99"]}, ("content.warning_signs", "NOT_IN_LIST")),
        ({"answers": [care_pb2.Answer(question="Q07", codes=["YES"])]}, ("content.answers.question", "NOT_IN_LIST")),
        (
            {"answers": [care_pb2.Answer(question="Q04", codes=["YES", "NO"])]},
            ("content.answers.codes", "TOO_MANY"),
        ),
        ({"answers": [care_pb2.Answer(question="Q39", text="x" * 1_001)]}, ("content.answers.text", "TOO_LONG")),
    ],
)
async def test_what_does_not_fit_is_refused_and_never_repeated(
    world: World, changed: dict[str, Any], violation: tuple[str, str]
) -> None:
    case = await at_three_months(world)
    request = visit(case, content(**changed))
    _, reason, found = await refused(world.stub.RecordVisit(request, **world.as_office(HANOI)))
    assert reason == "INVALID_INPUT"
    assert violation in found


async def test_a_full_visit_answers_each_core_question(world: World) -> None:
    case = await at_three_months(world)
    given = content()
    del given.answers[:]
    _, _, found = await refused(world.stub.RecordVisit(visit(case, given), **world.as_office(HANOI)))
    assert found == [("content.answers", "ANSWERS_MISSING")]
    given.consent = "GIVEN_IN_PART"
    assert (await world.stub.RecordVisit(visit(case, given), **world.as_office(HANOI))).entry_number == 1


async def test_what_was_said_is_not_shown_for_ever_after_the_end(world: World) -> None:
    case = await at_three_months(world)
    await world.stub.RecordVisit(visit(case, content(), wishes=wishes()), **world.as_office(HANOI))
    await world.custody(case, "CLOSED", phase="CLOSED", close_reason="ASKED_TO_STOP")
    correct = care_pb2.CorrectVisitRequest(
        case=case.number, entry_number=1, revision=1, content=content(), reason="nghe nhầm"
    )
    calls: list[tuple[Any, Any]] = [
        (world.stub.GetWishes, care_pb2.GetWishesRequest(case=case.number)),
        (world.stub.GetVisit, care_pb2.GetVisitRequest(case=case.number)),
        (world.stub.GetVisitDraft, care_pb2.GetVisitDraftRequest(case=case.number)),
        (world.stub.SaveVisitDraft, care_pb2.SaveVisitDraftRequest(case=case.number)),
        (world.stub.SetWishes, care_pb2.SetWishesRequest(case=case.number, wishes=wishes("x"), replaces=1)),
        (world.stub.CorrectVisit, correct),
    ]

    async def ask(call: Any, request: Any) -> Any:
        if "request_id" in request.DESCRIPTOR.fields_by_name:
            request.request_id = str(uuid.uuid4())
        return await call(request, **world.as_office(HANOI))

    # CLOSED_CASE_SEEN: 30 days, the last of them included.
    world.clock.move_to(start_of_local_day(VISITED_ON + timedelta(days=30)))
    for call, request in calls:
        await ask(call, request)
    world.clock.move_to(start_of_local_day(VISITED_ON + timedelta(days=31)))
    for call, request in calls:
        _, reason, _ = await refused(ask(call, request))
        assert reason == "FOLLOW_UP_CASE_CLOSED"
    await world.custody(case, "REOPENED")
    again = care_pb2.GetVisitRequest(case=case.number)
    assert (await world.stub.GetVisit(again, **world.as_office(HANOI))).revisions, "re-opening brings all of it back"


def by_collaborator(**more: Any) -> care_pb2.VisitContent:
    """A collaborator looked in, and asked nothing."""
    given = content(visitor="COLLABORATOR", **more)
    del given.answers[:]
    return given


async def told(world: World) -> list[tuple[int, str]]:
    """What was told of her consent to intake since the last time: its state, and the day."""
    return [(each.state, each.said_on) for each in await world.heard() if isinstance(each, said.ConsentTold)]


async def test_a_collaborator_goes_only_as_she_agreed(world: World) -> None:
    case = await at_three_months(world)
    request = visit(case, by_collaborator(), extra=True)

    async def refused_for() -> str:
        request.request_id = str(uuid.uuid4())
        return (await refused(world.stub.RecordVisit(request, **world.as_office(HANOI))))[1]

    assert await refused_for() == "CONSENT_MISSING"
    await world.consent(case, "COLLABORATOR", "GIVEN", VISITED_ON - timedelta(days=7))
    await world.stub.RecordVisit(request, **world.as_office(HANOI))
    await world.consent(case, "COLLABORATOR", "WITHDRAWN", VISITED_ON)
    assert await refused_for() == "CONSENT_MISSING"
    # What was, was with consent; what is to come is not.
    request.visited_on = (VISITED_ON - timedelta(days=1)).isoformat()
    request.request_id = str(uuid.uuid4())
    await world.stub.RecordVisit(request, **world.as_office(HANOI))


async def test_while_intake_is_away_nobody_is_refused_for_what_it_may_have_been_told_since(
    world: World,
) -> None:
    case = await at_three_months(world)
    world.handover.intake_is_away = True
    for heard in ("", "REFUSED"):
        if heard:
            await world.consent(case, "COLLABORATOR", heard, VISITED_ON)
        request = visit(case, by_collaborator(), extra=True)
        code, reason, _ = await refused(world.stub.RecordVisit(request, **world.as_office(HANOI)))
        assert (code, reason) == (grpc.StatusCode.UNAVAILABLE, "CONSENT_UNKNOWN")
    await world.consent(case, "COLLABORATOR", "GIVEN", VISITED_ON)
    await world.stub.RecordVisit(request, **world.as_office(HANOI))


@pytest.mark.parametrize(("set_code", "purpose"), [("FAMILY", "FAMILY_CONTACT"), ("GROUP_MEMBER", "GROUP")])
async def test_others_are_asked_about_her_only_as_she_agreed(world: World, set_code: str, purpose: str) -> None:
    case = await at_three_months(world)
    given = content(set=set_code)
    del given.answers[:]
    request = visit(case, given, extra=True)
    _, reason, _ = await refused(world.stub.RecordVisit(request, **world.as_office(HANOI)))
    assert reason == "CONSENT_MISSING"
    await world.consent(case, purpose, "GIVEN", VISITED_ON)
    await world.stub.RecordVisit(request, **world.as_office(HANOI))


async def test_no_refusal_hinders_who_is_in_danger_nor_an_attempt_nor_the_look_that_is_due(world: World) -> None:
    case = await at_three_months(world)
    for purpose in ("COLLABORATOR", "FOLLOW_UP"):
        await world.consent(case, purpose, "REFUSED", ARRIVED_ON)
    attempt = contacts_pb2.RecordContactRequest(
        request_id=str(uuid.uuid4()), case=case.number, attempt="NO_ANSWER", mode="HOME", visitor="COLLABORATOR"
    )
    await world.stub.RecordContact(attempt, **world.as_office(HANOI))
    urgent = visit(case, by_collaborator(risk="IMMEDIATE"), extra=True)
    assert (await world.stub.RecordVisit(urgent, **world.as_office(HANOI))).safety_act
    day_before = (VISITED_ON - timedelta(days=1)).isoformat()
    no = visit(case, by_collaborator(consent="REFUSED"), extra=True, visited_on=day_before)
    await world.stub.RecordVisit(no, **world.as_office(HANOI))
    assert (await world.recorded(case)).entry_number == 4
    assert await world.armed(case) == await world.watched(case)


async def test_what_is_on_record_is_put_right_without_and_more_is_not_added_by_that(world: World) -> None:
    case = await at_three_months(world)
    await world.consent(case, "COLLABORATOR", "GIVEN", ARRIVED_ON)
    await world.stub.RecordVisit(visit(case, by_collaborator(), extra=True), **world.as_office(HANOI))
    await world.consent(case, "COLLABORATOR", "WITHDRAWN", ARRIVED_ON)

    def correction(revision: int, given: care_pb2.VisitContent) -> care_pb2.CorrectVisitRequest:
        request = care_pb2.CorrectVisitRequest(case=case.number, entry_number=1, revision=revision, content=given)
        request.request_id, request.reason = str(uuid.uuid4()), "nghe nhầm"
        return request

    await world.stub.CorrectVisit(correction(1, by_collaborator(note="khác")), **world.as_office(HANOI))
    more = by_collaborator(set="FAMILY")
    _, reason, _ = await refused(world.stub.CorrectVisit(correction(2, more), **world.as_office(HANOI)))
    assert reason == "CONSENT_MISSING"


async def test_her_word_at_a_visit_is_told_once_and_shown_before_the_next(world: World) -> None:
    case = await at_three_months(world)
    await world.stub.RecordVisit(visit(case, content(), extra=True), **world.as_office(HANOI))
    day = VISITED_ON.isoformat()
    assert await told(world) == [(types.CONSENT_STATE_GIVEN, day)]
    wrong = content(consent="REFUSED")
    del wrong.answers[:]
    correct = care_pb2.CorrectVisitRequest(
        request_id=str(uuid.uuid4()), case=case.number, entry_number=1, revision=1, content=wrong, reason="nghe nhầm"
    )
    await world.stub.CorrectVisit(correct, **world.as_office(HANOI))
    assert await told(world) == [(types.CONSENT_STATE_REFUSED, day)]
    await world.recorded(case, "DECLINED", then="KEEP")
    assert await told(world) == [(types.CONSENT_STATE_REFUSED, day)]
    asked = care_pb2.GetWishesRequest(case=case.number)
    before = await world.stub.GetWishes(asked, **world.as_office(HANOI))
    assert (before.follow_up_consent, before.follow_up_consent_on) == (types.CONSENT_STATE_UNSPECIFIED, "")
    await world.consent(case, "FOLLOW_UP", "WITHDRAWN", VISITED_ON)
    after = await world.stub.GetWishes(asked, **world.as_office(HANOI))
    assert (after.follow_up_consent, after.follow_up_consent_on) == (types.CONSENT_STATE_WITHDRAWN, day)


async def test_danger_waits_for_its_second_person_beyond_the_end_of_a_case_and_is_waived_with_a_reason_alone(
    world: World,
) -> None:
    case = await at_three_months(world)
    await world.stub.RecordVisit(visit(case, content(risk="IMMEDIATE")), **world.as_office(HANOI, subject="officer-a"))
    with_danger = await refused(world.take_back(case, 1))
    assert with_danger[1] == "ENTRY_AWAITS_SECOND_PERSON"
    await world.close(case, "DIED")
    waiting = oversight_pb2.ListSafetyActsRequest()
    assert len((await world.stub.ListSafetyActs(waiting, **world.as_office(HANOI))).acts) == 1
    request = care_pb2.ConfirmSafetyActRequest(request_id=str(uuid.uuid4()), case=case.number, waived=True)
    second = world.as_office(HANOI, subject="officer-b")
    _, reason, violations = await refused(world.stub.ConfirmSafetyAct(request, **second))
    assert (reason, violations) == ("INVALID_INPUT", [("note", "REQUIRED")])
    request.note = f"{CANARY} đã mất"
    _, reason, _ = await refused(world.stub.ConfirmSafetyAct(request, **world.as_office(HANOI, subject="officer-a")))
    assert reason == "SAFETY_OWN_JUDGEMENT"
    await world.stub.ConfirmSafetyAct(request, **second)
    assert not (await world.stub.ListSafetyActs(waiting, **world.as_office(HANOI))).acts
    await world.take_back(case, 1)


async def test_danger_of_an_erased_case_waits_for_nobody(world: World) -> None:
    case = await at_three_months(world)
    await world.stub.RecordVisit(visit(case, content(risk="IMMEDIATE")), **world.as_office(HANOI, subject="officer-a"))
    await world.heard()
    vault, calendar = Vault.with_key_file(world.chassis.settings.kek), world.chassis.calendar
    await world.chassis.units.run(lambda uow: erase(uow, vault, calendar, case.id))
    assert await world.heard() == [said.SafetyActErased(case_id=str(case.id), office_id=HANOI, entry_number=1)]
    waiting = oversight_pb2.ListSafetyActsRequest()
    assert not (await world.stub.ListSafetyActs(waiting, **world.as_office(HANOI))).acts
    assert "SAFETY_ACT" not in [rule for rule, _, _ in await world.armed(case)]
    request = care_pb2.ConfirmSafetyActRequest(request_id=str(uuid.uuid4()), case=case.number, measures=["SHELTER"])
    second = await refused(world.stub.ConfirmSafetyAct(request, **world.as_office(HANOI, subject="officer-b")))
    assert second[1] == "SAFETY_NOT_ASKED"
    await world.take_back(case, 1)
    assert await world.armed(case) == await world.watched(case)
    await world.chassis.units.run(lambda uow: erase(uow, vault, calendar, uuid.uuid4()))


async def test_what_was_said_at_a_visit_recorded_in_short_is_written_down_later(world: World) -> None:
    case = await at_three_months(world)
    await world.record(case, "AT_RISK")
    request = care_pb2.CorrectVisitRequest(
        request_id=str(uuid.uuid4()), case=case.number, entry_number=1, content=content(), reason="written later"
    )
    answer = await world.stub.CorrectVisit(request, **world.as_office(HANOI))
    assert answer.revision == 1
    shown = await world.stub.GetVisit(care_pb2.GetVisitRequest(case=case.number), **world.as_office(HANOI))
    assert (shown.entry_number, shown.revisions[0].content.risk) == (1, "LOW")
    request.request_id = str(uuid.uuid4())
    _, reason, _ = await refused(world.stub.CorrectVisit(request, **world.as_office(HANOI)))
    assert reason == "VISIT_CHANGED"
    other = await world.arrived(ARRIVED_ON)
    await world.record(other, "NOT_REACHED")
    request.case, request.request_id = other.number, str(uuid.uuid4())
    _, reason, _ = await refused(world.stub.CorrectVisit(request, **world.as_office(HANOI)))
    assert reason == "VISIT_NOT_FOUND", "an attempt is no visit"


async def test_signs_of_a_short_record_are_sealed_and_shown_to_care_staff_of_the_office_alone(world: World) -> None:
    case = await at_three_months(world)
    await world.record(case, "AT_RISK", signs=("RF10", WORRIED))
    await world.correct(case, 1, "WRONG_OUTCOME", warning_signs=[WORRIED])
    request = entries_pb2.GetStoryRequest(case=case.number)
    shown = await world.stub.GetStory(request, **world.as_office(HANOI, grades=[Grade.CARE]))
    assert [list(each.warning_signs) for each in shown.entries[0].versions] == [["RF10", WORRIED], [WORRIED]]
    for caller in (world.as_office(HANOI, grades=[Grade.CASE]), world.as_office("SV-01")):
        [entry] = (await world.stub.GetStory(request, **caller)).entries
        assert not any(each.warning_signs for each in entry.versions)
    assert len(await world.rows("SELECT 1 FROM access_log")) == 1
    kept = await world.rows("SELECT warning_signs FROM entry UNION ALL SELECT warning_signs FROM follow_up")
    assert not [row for row in kept if WORRIED in row.warning_signs]


async def test_signs_that_an_earlier_version_left_open_are_sealed(world: World) -> None:
    case = await at_three_months(world)
    await world.record(case, "AT_RISK", signs=("RF10",))
    async with world.chassis.engine.begin() as connection:
        for table in ("entry", "follow_up"):
            await connection.execute(
                text(f"UPDATE {table} SET warning_signs = ARRAY['RF10', '{WORRIED}'] WHERE warning_signs <> '{{}}'")
            )
    (sealer,) = (tick for tick in world.rooms.ticks if tick.name == "followup.signs")
    assert [await sealer.look(), await sealer.look()] == [1, 0]
    kept = await world.rows("SELECT warning_signs FROM entry UNION ALL SELECT warning_signs FROM follow_up")
    assert not [row for row in kept if any(each.startswith("RF") for each in row.warning_signs)]
    [entry] = (await world.story(case)).entries
    assert list(entry.versions[0].warning_signs) == ["RF10", WORRIED]


async def test_the_office_before_reads_what_it_wrote_for_a_while_and_nothing_else(world: World) -> None:
    case = await at_three_months(world)
    await set_wishes(world, case, wishes("cũ"))
    await world.stub.RecordVisit(visit(case, content("cũ"), 1), **world.as_office(HANOI))
    await world.custody(case, "REASSIGNED", QUANG_NINH)
    there = world.as_office(QUANG_NINH)
    change = care_pb2.SetWishesRequest(request_id=str(uuid.uuid4()), case=case.number, wishes=wishes("mới"), replaces=1)
    await world.stub.SetWishes(change, **there)
    correct = care_pb2.CorrectVisitRequest(
        request_id=str(uuid.uuid4()),
        case=case.number,
        entry_number=1,
        revision=1,
        content=content("mới"),
        reason="mới",
    )
    await world.stub.CorrectVisit(correct, **there)
    former, asked = world.as_office(HANOI), care_pb2.GetVisitRequest(case=case.number)
    [own] = (await world.stub.GetVisit(asked, **former)).revisions
    assert (own.revision, own.content.note) == (1, "cũ nhớ")
    shown = await world.stub.GetWishes(care_pb2.GetWishesRequest(case=case.number), **former)
    assert (shown.version, shown.wishes.who) == (1, "chị Hai cũ")
    assert len((await world.stub.GetVisit(asked, **there)).revisions) == 2
    save = care_pb2.SaveVisitDraftRequest(request_id=str(uuid.uuid4()), case=case.number)
    assert (await refused(world.stub.SaveVisitDraft(save, **former)))[1] == "CASE_NOT_FOUND", "it reads, and no more"
    world.clock.move_to(start_of_local_day(VISITED_ON + timedelta(days=91)))
    for call in (world.stub.GetVisit(asked, **former), world.stub.GetVisit(asked, **world.as_office("SA-08"))):
        assert (await refused(call))[1] == "CASE_NOT_FOUND"


async def test_a_refusal_does_not_say_again_what_somebody_typed_as_a_code(world: World) -> None:
    case = await at_three_months(world)
    given = content()
    given.set = CANARY
    with pytest.raises(grpc.aio.AioRpcError) as refusal:
        await world.stub.RecordVisit(visit(case, given), **world.as_office(HANOI))
    told = str(refusal.value) + "".join(
        value.decode(errors="replace") if isinstance(value, bytes) else str(value)
        for _, value in refusal.value.trailing_metadata() or ()
    )
    assert CANARY not in told
