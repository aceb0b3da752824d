"""Checks of homes over a real server: recorded before she arrives, confirmed, watched, told, and sealed."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import grpc
import pytest

from homeward.events.v1 import followup_pb2 as said
from homeward.followup.v1 import home_safety_pb2 as api
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from services.chassis.calls.peers import OtherServices
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.roles import Grade
from tests.integration.followup.test_calls import refused
from tests.integration.followup.world import HANOI, QUANG_NINH, Case, World
from tests.support import homes
from tests.support.processes import serve
from tests.support.signing import signer_of

POST, CENTRE = "BP-CN-MONG-CAI", "RC-LAO-CAI"
SAFE, SIGNS = types.HOME_SAFETY_SAFE, types.HOME_SAFETY_WARNING_SIGNS
MONTH = timedelta(days=30)


def today(world: World) -> date:
    """The local day."""
    return local_date(world.clock.now())


async def record(world: World, case: Case, office_id: str = CENTRE, **changed: Any) -> api.RecordHomeSafetyResponse:
    """All questions were asked."""
    request = homes.full_check(case.number, QUANG_NINH, **changed)
    return await world.stub.RecordHomeSafety(request, **world.as_office(office_id))


async def confirm(world: World, check: api.HomeCheck, *, agrees: bool = True) -> api.HomeCheck:
    """A second person of the office says so."""
    request = homes.confirmation(check, agrees=agrees)
    caller = world.as_office(check.office_id, subject="second")
    return (await world.stub.ConfirmHomeSafety(request, **caller)).check


async def test_a_verdict_is_told_before_there_is_a_follow_up(world: World) -> None:
    case = world.waits(CENTRE)
    check = (await record(world, case)).check
    until = (today(world) + MONTH).isoformat()
    assert (check.verdict, check.valid_until, check.awaits_second) == (SAFE, until, False)
    assert await world.heard() == [homes.told(str(case.id), CENTRE, QUANG_NINH, until)]
    assert await world.armed(case) == []


async def test_thirty_people_at_the_border_are_two_questions_each(world: World) -> None:
    cases = [world.waits(POST) for _ in range(30)]
    rows = [homes.short_check(case.number, QUANG_NINH, guardian="") for case in cases]
    rows[7].afraid = "YES"
    request = homes.short_checks(*rows)
    answer = await world.stub.RecordShortChecks(request, **world.as_office(POST, grades=[]))
    assert [each.verdict for each in answer.checks] == [SIGNS if row is rows[7] else SAFE for row in rows]
    told = await world.heard()
    assert [event.case_id for event in told] == [str(case.id) for case in cases]
    # Whoever is afraid goes to a centre; that nobody decides about her home does not stay unseen.
    assert [rule for rule, _, _ in await world.armed(cases[7])] == ["SAFETY_ANSWER"]
    # The same list sent again, since the network was bad, is answered as before.
    assert await world.stub.RecordShortChecks(request, **world.as_office(POST, grades=[])) == answer
    assert await world.heard() == []


async def test_a_list_is_recorded_whole_or_not_at_all(world: World) -> None:
    case, elsewhere = world.waits(POST), world.waits("BP-CN-HUU-NGHI")
    rows = [
        homes.short_check(case.number, "SA-XX"),
        homes.short_check(elsewhere.number, QUANG_NINH),
        homes.short_check("HW-26-0000-0000-0", QUANG_NINH, afraid="PERHAPS"),
    ]
    wrong = await violations(world, rows)
    assert wrong == {(3, "case", "BAD_FORMAT"), (3, "afraid", "NOT_IN_LIST")}
    assert await violations(world, rows[:2]) == {(2, "case", "CASE_NOT_FOUND")}
    assert await violations(world, rows[:1]) == {(1, "to_office_id", "UNKNOWN_OFFICE")}
    assert await violations(world, [homes.short_check(case.number, "")]) == {(1, "to_office_id", "REQUIRED")}
    assert await world.heard() == []


async def violations(world: World, rows: list[api.ShortCheck]) -> set[tuple[int | None, str, str]]:
    """What is wrong with a list."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await world.stub.RecordShortChecks(homes.short_checks(*rows), **world.as_office(POST))
    return {(one.row, one.field, one.code) for one in RpcFailure.of("", caught.value).violations}


async def test_without_a_place_it_is_that_of_the_plan(world: World) -> None:
    case = world.waits(POST, planned_office_id=HANOI)
    request = homes.short_checks(homes.short_check(case.number, ""))
    [check] = (await world.stub.RecordShortChecks(request, **world.as_office(POST))).checks
    assert check.to_office_id == HANOI


async def test_the_uncle_who_sold_her_is_no_reason_for_one_person_to_decide(world: World) -> None:
    """A girl of 15: two people, and a guardian who took no part. She is undecided until then."""
    case = world.waits(CENTRE, age_band=types.AGE_BAND_UNDER_16)
    answers = homes.answers(H03="YES", H04="YES")
    decided = types.HOME_SAFETY_WARNING_SIGNS_DECIDED
    more: dict[str, Any] = {"answers": answers, "verdict": decided}
    more |= {"measures": ["OTHER_PROVINCE"], "warning_signs": ["RF14"]}
    alone = await refused(
        world.stub.RecordHomeSafety(
            homes.full_check(case.number, QUANG_NINH, guardian="", **more), **world.as_office(CENTRE)
        )
    )
    assert alone[1] == "INVALID_INPUT"
    answer = await record(world, case, **more)
    assert (answer.family_suspected, list(answer.suggested_signs)) == (True, ["RF15"])
    [kept] = await world.rows("SELECT response FROM request_log WHERE method LIKE '%RecordHomeSafety'")
    assert api.RecordHomeSafetyResponse.FromString(kept.response) == (
        api.RecordHomeSafetyResponse(check=answer.check)
    ), "what follows from her answers stands nowhere without a seal"
    check = answer.check
    assert (check.verdict, check.decided, check.awaits_second) == (SIGNS, decided, True)
    own = await refused(world.stub.ConfirmHomeSafety(homes.confirmation(check), **world.as_office(CENTRE)))
    assert own[1] == "OWN_HOME_CHECK"
    assert [event.verdict for event in await world.heard()] == [SIGNS]
    confirmed = await confirm(world, check)
    assert (confirmed.verdict, confirmed.awaits_second) == (decided, False)
    [told] = await world.heard()
    assert (told.verdict, told.valid_until) == (decided, (today(world) + MONTH).isoformat())
    assert await world.armed(case) == []


async def test_who_does_not_agree_leaves_it_undecided(world: World) -> None:
    case = world.waits(CENTRE, age_band=types.AGE_BAND_FROM_16_TO_17)
    check = await confirm(world, (await record(world, case)).check, agrees=False)
    assert (check.verdict, check.valid_until) == (SIGNS, "")
    assert [rule for rule, _, _ in await world.armed(case)] == ["SAFETY_ANSWER"]


async def test_an_answer_that_nobody_gives_is_asked_for_until_custody_passes(world: World) -> None:
    case = world.waits(POST)
    request = homes.short_checks(homes.short_check(case.number, QUANG_NINH, afraid="YES"))
    await world.stub.RecordShortChecks(request, **world.as_office(POST))
    await world.heard()
    told = []
    for _ in range(24):
        told += await world.at(world.clock.now() + timedelta(days=1))
    assert [(type(event), event.office_id, event.rule, event.level) for event in told] == [
        (said.FollowUpEscalated, POST, "SAFETY_ANSWER", level) for level in (1, 2, 3)
    ]
    # Monday 2 March and five working days.
    assert {event.due_on for event in told} == {"2026-03-09"}
    await world.custody(case, "ADMITTED", CENTRE, phase="ADMITTED")
    assert await world.armed(case) == []


async def test_who_goes_against_advice_is_contacted_within_two_days(world: World) -> None:
    case = world.waits(CENTRE)
    check = (await record(world, case, verdict=types.HOME_SAFETY_NOT_SAFE, against_advice=True)).check
    assert (check.verdict, check.against_advice) == (types.HOME_SAFETY_NOT_SAFE, True)
    [told] = await world.heard()
    assert told.against_advice
    assert told.valid_until
    arrived_on = today(world)
    await world.custody(case, "ARRIVED", QUANG_NINH, arrival_on=arrived_on)
    assert ("FIRST_CONTACT", False, arrived_on + timedelta(days=2)) in await world.armed(case)


async def test_what_was_said_is_shown_to_care_of_the_accountable_office_and_logged(world: World) -> None:
    case = world.waits(CENTRE)
    asked = api.GetHomeSafetyRequest(case=case.number)
    assert not (await world.stub.GetHomeSafety(asked, **world.as_office(CENTRE))).HasField("check")
    await record(world, case, reason="Chim hoàng yến", answers=homes.answers(H13="YES"))
    shown = await world.stub.GetHomeSafety(asked, **world.as_office(CENTRE))
    assert (shown.reason, shown.guardian, shown.withheld) == ("Chim hoàng yến", homes.GUARDIAN, False)
    assert {one.question: one.codes[0] for one in shown.answers}["H13"] == "YES"
    part = await world.stub.GetHomeSafety(asked, **world.as_office(CENTRE, grades=[Grade.CASE]))
    assert (part.withheld, part.check.verdict, list(part.answers), part.reason) == (True, SAFE, [], "")
    for grades in ([], [Grade.DESK]):
        assert (await refused(world.stub.GetHomeSafety(asked, **world.as_office(CENTRE, grades=grades))))[1] == (
            "GRADE_MISSING"
        )
    assert (await refused(world.stub.GetHomeSafety(asked, **world.as_office(QUANG_NINH))))[1] == "CASE_NOT_FOUND"
    reads = await world.rows("SELECT office_id, content, entry_number FROM access_log ORDER BY sequence")
    assert [tuple(row) for row in reads] == [(CENTRE, "HOME_SAFETY", 1)]
    # Neither name nor reason stands anywhere but sealed.
    rows = [
        str(row)
        for table in ("home_check", "home_case", "outbox", "act")
        for row in await world.rows(f"SELECT to_jsonb(t)::text AS row FROM {table} t")
    ]
    assert rows
    assert not any(word in row for row in rows for word in ("hoàng yến", homes.GUARDIAN))


async def test_nobody_records_for_another_office_or_while_handover_is_away(world: World) -> None:
    case = world.waits(CENTRE)
    request = homes.full_check(case.number, QUANG_NINH)
    assert (await refused(world.stub.RecordHomeSafety(request, **world.as_office(HANOI))))[1] == "CASE_NOT_FOUND"
    unknown = homes.full_check(str(uuid.uuid4()), QUANG_NINH)
    assert (await refused(world.stub.RecordHomeSafety(unknown, **world.as_office(CENTRE))))[1] == "CASE_NOT_FOUND"
    ended = world.waits(CENTRE, phase=types.CASE_PHASE_CLOSED)
    closed = homes.full_check(ended.number, QUANG_NINH)
    assert (await refused(world.stub.RecordHomeSafety(closed, **world.as_office(CENTRE))))[1] == "CASE_NOT_FOUND"
    world.handover.is_away = True
    code, reason, _ = await refused(world.stub.RecordHomeSafety(request, **world.as_office(CENTRE)))
    assert (code, reason) == (grpc.StatusCode.UNAVAILABLE, "HANDOVER_DOES_NOT_ANSWER")


@pytest.mark.parametrize(
    ("answer", "age_band", "states"),
    [
        ("AGENCY", types.AGE_BAND_ADULT, [types.CONSENT_STATE_GIVEN]),
        ("NO", types.AGE_BAND_ADULT, [types.CONSENT_STATE_REFUSED]),
        ("TRUSTED_PERSON", types.AGE_BAND_ADULT, []),
        ("AGENCY", types.AGE_BAND_UNDER_16, []),
    ],
)
async def test_what_she_says_to_a_look_at_her_home_is_her_consent(
    world: World, answer: str, age_band: types.AgeBand.ValueType, states: list[int]
) -> None:
    case = world.waits(CENTRE, age_band=age_band)
    await record(world, case, answers=homes.answers(H16=answer))
    told = [each for each in await world.heard() if isinstance(each, said.ConsentTold)]
    assert [each.state for each in told] == states
    assert all((each.purpose, each.said_on) == ("HOME_LOOK", today(world).isoformat()) for each in told)


async def test_handover_asks_over_the_wire_and_nobody_else(world: World) -> None:
    case, unasked = world.waits(CENTRE), world.waits(CENTRE)
    check = (await record(world, case)).check
    method = api.DESCRIPTOR.services_by_name["HomeSafetyService"].methods_by_name["GetVerdicts"]
    request = api.GetVerdictsRequest(cases=[str(case.id), unasked.number])
    async with serve(world.rooms, world.chassis) as address:
        asked = OtherServices(signer_of("handover"), {"followup": address})
        assert await asked.ask("followup", method, request) == api.GetVerdictsResponse(checks=[check])
        with pytest.raises(RpcFailure) as refusal:
            await OtherServices(signer_of("notify"), {"followup": address}).ask("followup", method, request)
        assert refusal.value.code is grpc.StatusCode.PERMISSION_DENIED
    code, _, _ = await refused(world.stub.GetVerdicts(request, **world.as_office(CENTRE)))
    assert code is grpc.StatusCode.PERMISSION_DENIED
