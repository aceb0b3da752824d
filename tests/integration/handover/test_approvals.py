"""What one person asks for and others approve: it happens once, as it was asked, and never by one alone."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from homeward.handover.v1 import approvals_pb2, closing_pb2, custody_pb2, searches_pb2, sessions_pb2
from homeward.handover.v1 import directory_pb2 as api
from homeward.type.v1 import options_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.answers import digest_of
from services.chassis.calls.client import RpcFailure
from services.chassis.storage.migrate import migrate
from services.chassis.telemetry.failpoint import arm
from tests.integration.handover.world import ADMIN, HANOI, POST, SECOND, World, names, new_id, refused, waits, world_of
from tests.support.clocks import FakeClock
from tests.support.databases import Databases
from tests.support.fixtures import ChassisFor, TokenFor
from tests.support.signing import write_key_files

AUDITOR = "AUDIT-NATIONAL"
OTHER = "another administrator"
WAITING = types.APPROVAL_STATE_WAITING
AS_ADMIN, AS_SUPERVISOR = options_pb2.APPROVER_ADMIN, options_pb2.APPROVER_NATIONAL_SUPERVISOR


def lost_after(days: int, request_id: str = "") -> api.ChangeRuleRequest:
    return api.ChangeRuleRequest(
        request_id=request_id or new_id(),
        code="TRANSFER_LOST",
        amount=days,
        unit="CALENDAR_DAYS",
        basis="POLICY",
        legal_source="Invented circular",
    )


async def asked(world: World, request: api.ChangeRuleRequest | None = None, *, subject: str | None = None) -> str:
    return await waits(world.at(ADMIN, subject=subject).ChangeRule(request or lost_after(9)))


async def rule(world: World) -> tuple[int, int]:
    versions = (await world.at(POST).ListRules(api.ListRulesRequest(code="TRANSFER_LOST"))).rules
    return versions[-1].version, versions[-1].amount


async def refuse(
    world: World, approval_id: str, *, by: str = SECOND, subject: str | None = None
) -> approvals_pb2.Approval:
    request = approvals_pb2.RefuseRequestRequest(
        request_id=new_id(), approval_id=approval_id, reason=types.APPROVAL_REFUSAL_NOT_PROVEN
    )
    return (await world.at(by, subject=subject).RefuseRequest(request)).approval


async def withdraw(world: World, approval_id: str, *, by: str = ADMIN) -> approvals_pb2.Approval:
    request = approvals_pb2.WithdrawRequestRequest(request_id=new_id(), approval_id=approval_id)
    return (await world.at(by).WithdrawRequest(request)).approval


async def get(world: World, approval_id: str, *, by: str, subject: str | None = None) -> approvals_pb2.Approval:
    request = approvals_pb2.GetApprovalRequest(approval_id=approval_id)
    return (await world.at(by, subject=subject).GetApproval(request)).approval


async def listed(world: World, *, by: str, decided: bool = False) -> list[str]:
    request = approvals_pb2.ListApprovalsRequest(include_decided=decided)
    return [each.approval_id for each in (await world.at(by).ListApprovals(request)).approvals]


async def approve_both(world: World, approval_id: str) -> approvals_pb2.Approval:
    """Another administrator and the nation's supervisor."""
    await world.approve(approval_id, by=ADMIN, subject=OTHER)
    return await world.approve(approval_id)


async def given(world: World) -> list[tuple[str, str, str]]:
    """Who approved, as what."""
    rows = await world.rows("SELECT approver, office_id, subject FROM approval_given ORDER BY number")
    return [tuple(row) for row in rows]


async def expire(world: World) -> None:
    world.clock.move_by(timedelta(days=8))
    for tick in world.rooms.ticks:
        if tick.name == "handover.approvals_over":
            await tick.look()


async def test_what_one_asks_for_happens_when_another_approves_and_the_first_gets_the_answer(world: World) -> None:
    request = lost_after(9)
    with pytest.raises(RpcFailure) as failure:
        await world.at(ADMIN).ChangeRule(request)
    assert failure.value.code.name == "FAILED_PRECONDITION"
    assert failure.value.metadata["offices"] == "ADMIN-NATIONAL, SV-NATIONAL"
    approval_id = failure.value.metadata["approval_id"]
    assert failure.value.metadata["people"] == "3"
    assert await rule(world) == (1, 7)
    assert await waits(world.at(ADMIN).ChangeRule(request)) == approval_id
    await world.approve(approval_id, by=ADMIN, subject=OTHER)
    assert await rule(world) == (1, 7)
    with pytest.raises(RpcFailure) as failure:
        await world.at(ADMIN).ChangeRule(request)
    told = failure.value.metadata
    assert (told["approval_id"], told["offices"], told["awaited"]) == (approval_id, SECOND, "NATIONAL_SUPERVISOR")
    approved = await world.approve(approval_id)
    assert (approved.state, approved.decided_by_office_id) == (types.APPROVAL_STATE_APPROVED, SECOND)
    assert [(each.approver, each.office_id, each.subject) for each in approved.given] == [
        (AS_ADMIN, ADMIN, OTHER),
        (AS_SUPERVISOR, SECOND, "tester@SV-NATIONAL"),
    ]
    assert (list(approved.awaited), approved.for_you, approved.refusable_by_you) == ([], False, False)
    assert await rule(world) == (2, 9)
    answer = await world.at(ADMIN).ChangeRule(request)
    assert (answer.rule.version, answer.rule.amount) == (2, 9)
    (row,) = await world.rows("SELECT office_id, subject, method, object FROM administration")
    assert tuple(row) == (ADMIN, "tester@ADMIN-NATIONAL", "ChangeRule", "TRANSFER_LOST")
    said = await world.heard(approvals=True)
    assert names(said) == ["ApprovalAsked", "ApprovalPartlyGiven", "RuleChanged", "ApprovalDecided"]
    assert list(said[0].approving_office_ids) == [ADMIN, SECOND]
    assert (said[1].approved_by_office_id, list(said[1].asked_no_more_office_ids)) == (ADMIN, [ADMIN])
    acts = await world.rows("SELECT subject FROM act WHERE method = 'ApproveRequest' ORDER BY id")
    assert [row.subject for row in acts] == [OTHER, "tester@SV-NATIONAL"]


REQUESTS: dict[str, Callable[[World], Any]] = {
    "EndOffice": lambda world: api.EndOfficeRequest(request_id=new_id(), office_id=POST, successor_id="BP-CN-MONG-CAI"),
    "OpenOffice": lambda world: api.OpenOfficeRequest(
        request_id=new_id(),
        office_id="NGO-NEW",
        role="NGO",
        name_en="Invented organisation",
        name_vi="Tổ chức thí dụ",
        valid_from=world.day(0),
    ),
    "ChangeRule": lambda world: lost_after(9),
    "ChangeCalendar": lambda world: api.ChangeCalendarRequest(request_id=new_id(), days_off=[world.day(3)]),
}


@pytest.mark.attack(33, "an administrator, or a supervisor, approves for everybody")
@pytest.mark.parametrize("first", [ADMIN, SECOND])
@pytest.mark.parametrize("method", REQUESTS)
async def test_it_takes_another_administrator_and_a_supervisor_in_either_order(
    world: World, method: str, first: str
) -> None:
    request = REQUESTS[method](world)
    call = getattr(world.at(ADMIN), method)
    approval_id = await waits(call(request))
    approvers = {ADMIN: (OTHER, AS_ADMIN), SECOND: ("a supervisor", AS_SUPERVISOR)}
    then = SECOND if first == ADMIN else ADMIN

    partly = await world.approve(approval_id, by=first, subject=approvers[first][0])
    assert (partly.state, list(partly.awaited)) == (WAITING, [approvers[then][1]])
    assert (partly.for_you, partly.refusable_by_you, partly.decided_by_subject) == (False, True, "")
    assert list(partly.approving_office_ids) == [then]
    assert await waits(call(request)) == approval_id
    assert await world.rows("SELECT 1 FROM administration") == []
    for office_id in (ADMIN, SECOND, AUDITOR):
        assert await listed(world, by=office_id) == [approval_id]
    seen = await get(world, approval_id, by=then, subject=approvers[then][0])
    assert (seen.for_you, [each.subject for each in seen.given]) == (True, [approvers[first][0]])

    approved = await world.approve(approval_id, by=then, subject=approvers[then][0])
    assert approved.state == types.APPROVAL_STATE_APPROVED
    assert [each.subject for each in approved.given] == [approvers[first][0], approvers[then][0]]
    (changed,) = await world.rows("SELECT method, subject FROM administration")
    assert tuple(changed) == (method, "tester@ADMIN-NATIONAL")
    await call(request)


@pytest.mark.attack(33, "the same person approves twice, or two of one kind do")
async def test_nobody_approves_twice_and_of_one_kind_one_is_enough(world: World) -> None:
    approval_id = await asked(world, subject="first")
    await world.approve(approval_id, by=ADMIN, subject="second")
    for office_id, again in ((ADMIN, "second"), (SECOND, "second"), (SECOND, " Second")):
        with pytest.raises(RpcFailure) as failure:
            await world.approve(approval_id, by=office_id, subject=again)
        assert failure.value.reason == "APPROVED_BY_YOU"
        assert (failure.value.metadata["awaited"], failure.value.metadata["offices"]) == ("NATIONAL_SUPERVISOR", SECOND)
    with pytest.raises(RpcFailure) as failure:
        await world.approve(approval_id, by=ADMIN, subject="third")
    assert failure.value.reason == "APPROVED_ALREADY"
    assert failure.value.metadata["awaited"] == "NATIONAL_SUPERVISOR"
    assert SECOND in failure.value.message
    assert await refused(world.approve(approval_id, subject="first")) == "SAME_PERSON"
    assert await given(world) == [("ADMIN", ADMIN, "second")]
    assert await rule(world) == (1, 7)
    await world.approve(approval_id)
    assert await rule(world) == (2, 9)
    assert await refused(world.approve(approval_id, by=ADMIN, subject="third")) == "APPROVAL_GIVEN"


@pytest.mark.parametrize("refuses", ["the other one", "who had approved", "another one of the kind"])
async def test_one_who_refuses_ends_what_another_one_approved(world: World, refuses: str) -> None:
    request = lost_after(9)
    approval_id = await asked(world, request)
    await world.approve(approval_id, subject="a supervisor")
    by, subject = {
        "the other one": (ADMIN, OTHER),
        "who had approved": (SECOND, "a supervisor"),
        "another one of the kind": (SECOND, "another supervisor"),
    }[refuses]
    assert (await get(world, approval_id, by=by, subject=subject)).refusable_by_you
    ended = await refuse(world, approval_id, by=by, subject=subject)
    assert (ended.state, list(ended.awaited)) == (types.APPROVAL_STATE_REFUSED, [])
    assert [each.subject for each in ended.given] == ["a supervisor"], "that stays on record"
    assert await refused(world.approve(approval_id, by=ADMIN, subject=OTHER)) == "APPROVAL_REFUSED"
    assert await refused(world.at(ADMIN).ChangeRule(request)) == "APPROVAL_REFUSED"
    assert await rule(world) == (1, 7)
    # Asked for anew, it takes both again.
    anew = await asked(world)
    await world.approve(anew, by=ADMIN, subject=OTHER)
    assert await rule(world) == (1, 7)


async def test_what_only_one_approved_in_time_expires_and_may_be_taken_back(world: World) -> None:
    request = lost_after(9)
    approval_id = await asked(world, request)
    await world.approve(approval_id)
    await expire(world)
    assert await refused(world.approve(approval_id, by=ADMIN, subject=OTHER)) == "APPROVAL_EXPIRED"
    assert (await world.heard(approvals=True))[-1].state == "EXPIRED"
    again = await asked(world)
    await world.approve(again)
    assert (await withdraw(world, again)).state == types.APPROVAL_STATE_WITHDRAWN
    assert await refused(world.approve(again, by=ADMIN, subject=OTHER)) == "APPROVAL_WITHDRAWN"
    assert await rule(world) == (1, 7)


async def test_an_approval_that_comes_again_is_the_same_one(world: World) -> None:
    approval_id = await asked(world)
    request = approvals_pb2.ApproveRequestRequest(request_id=new_id(), approval_id=approval_id)
    first = await world.at(SECOND).ApproveRequest(request)
    assert await world.at(SECOND).ApproveRequest(request) == first
    assert len(await given(world)) == 1
    await world.approve(approval_id, by=ADMIN, subject=OTHER)
    assert await world.at(SECOND).ApproveRequest(request) == first
    assert await rule(world) == (2, 9)


@pytest.mark.parametrize("dies", ["the first", "the second"])
async def test_an_approval_that_was_never_committed_is_none(world: World, dies: str) -> None:
    approval_id = await asked(world)
    if dies == "the second":
        await world.approve(approval_id, by=ADMIN, subject=OTHER)
    before = await given(world)
    arm("unit.before_commit:raise")
    try:
        with pytest.raises(RpcFailure):
            await world.approve(approval_id)
    finally:
        arm("")
    assert await given(world) == before
    assert await rule(world) == (1, 7)
    await world.approve(approval_id)
    if dies == "the first":
        await world.approve(approval_id, by=ADMIN, subject=OTHER)
    assert await rule(world) == (2, 9)


@pytest.mark.attack(33, "who approved first is signed out as misused")
@pytest.mark.parametrize("named", ["subject", "office_id", "token_id"])
async def test_the_approval_of_somebody_whose_sign_in_was_ended_since_counts_no_more(world: World, named: str) -> None:
    approval_id = await asked(world)
    await world.approve(approval_id, subject="taken over")
    (token_id,) = (await world.rows("SELECT token_id FROM approval_given"))[0]
    whose = {"subject": "taken over", "office_id": SECOND, "token_id": token_id}[named]
    revoked = sessions_pb2.RevokeSessionsRequest(
        request_id=new_id(), reason=types.REVOKE_REASON_MISUSED, **{named: whose}
    )
    await world.at(ADMIN, subject="third").RevokeSessions(revoked)
    assert await refused(world.approve(approval_id, by=ADMIN, subject=OTHER)) == "APPROVER_IS_GONE"
    assert await rule(world) == (1, 7)
    await refuse(world, approval_id, by=ADMIN, subject=OTHER)


async def test_what_waited_before_it_took_three_takes_three(
    databases: Databases, tmp_path: Path, chassis_for: ChassisFor, clock: FakeClock, token_for: TokenFor
) -> None:
    name, url = databases.empty("handover")
    migrate("handover", url, "0031")
    chassis = chassis_for("handover", url, clock)
    request = lost_after(9)
    before = {
        "id": uuid.uuid4(),
        "request_id": request.request_id,
        "content": request.SerializeToString(deterministic=True),
        "digest": digest_of(request, chassis.digest_key),
        "asked_at": clock.now(),
        "expires_at": clock.now() + timedelta(days=7),
    }
    with psycopg.connect(url) as connection:
        connection.execute(
            """
            INSERT INTO approval VALUES (%(id)s, %(request_id)s, 'ChangeRule', 'TRANSFER_LOST', NULL, '', '1',
                %(content)s, %(digest)s, 'ADMIN-NATIONAL', 'first', 'ADMIN', 'own', '', '', '', %(asked_at)s,
                %(expires_at)s, %(expires_at)s)
            """,
            before,
        )
        connection.execute(
            "INSERT INTO approval_waiting VALUES (%(id)s, 'ChangeRule', 'TRANSFER_LOST', %(expires_at)s)", before
        )
    migrate("handover", url, event_key=write_key_files(tmp_path, "handover")[0])
    async with world_of(chassis, clock, token_for) as world:
        approval_id = str(before["id"])
        assert await waits(world.at(ADMIN, subject="first").ChangeRule(request)) == approval_id
        seen = await get(world, approval_id, by=SECOND)
        assert (seen.for_you, list(seen.awaited)) == (True, [AS_ADMIN, AS_SUPERVISOR])
        await world.approve(approval_id)
        assert await rule(world) == (1, 7)
        await world.approve(approval_id, by=ADMIN, subject=OTHER)
        assert await rule(world) == (2, 9)
        assert (await world.at(ADMIN, subject="first").ChangeRule(request)).rule.amount == 9
    databases.drop(name)


async def test_who_sees_what_waits(world: World) -> None:
    approval_id = await asked(world)
    for office_id in (ADMIN, SECOND, AUDITOR):
        assert await listed(world, by=office_id) == [approval_id]
    for office_id in (POST, "SV-22", "SA-22"):
        assert await listed(world, by=office_id) == []
        assert await refused(get(world, approval_id, by=office_id)) == "APPROVAL_NOT_FOUND"
    seen = await get(world, approval_id, by=SECOND)
    assert (seen.for_you, seen.from_you, seen.state) == (True, False, WAITING)
    assert (seen.change_rule.code, seen.change_rule.amount) == ("TRANSFER_LOST", 9)
    own = await get(world, approval_id, by=ADMIN)
    assert (own.for_you, own.from_you) == (False, True)
    assert not (await get(world, approval_id, by=AUDITOR)).for_you
    await refuse(world, approval_id)
    assert await listed(world, by=SECOND) == []
    assert await listed(world, by=SECOND, decided=True) == [approval_id]


@pytest.mark.attack(33, "the same person approves the own request, with two tokens")
async def test_nobody_approves_alone(world: World) -> None:
    approval_id = await asked(world, subject="one")
    assert await refused(world.approve(approval_id, by=ADMIN, subject="one")) == "SAME_PERSON"
    # The same person with a token of another office, and as another issuer may spell the account.
    for again in ("one", "One", "one "):
        assert await refused(world.approve(approval_id, by=SECOND, subject=again)) == "SAME_PERSON"
    assert await refused(world.approve(approval_id, by="SV-22")) == "APPROVAL_NOT_FOUND"
    assert await refused(world.approve(approval_id, by=POST)) == "PERMISSION_DENIED"
    assert await rule(world) == (1, 7)


@pytest.mark.attack(33, "a refused request is repeated")
async def test_what_was_refused_stays_so_and_may_be_asked_for_anew(world: World) -> None:
    request = lost_after(9)
    refused_one = await refuse(world, await asked(world, request))
    assert refused_one.refusal == types.APPROVAL_REFUSAL_NOT_PROVEN
    assert await refused(world.at(ADMIN).ChangeRule(request)) == "APPROVAL_REFUSED"
    assert await refused(world.approve(refused_one.approval_id)) == "APPROVAL_REFUSED"
    assert await asked(world) != refused_one.approval_id
    assert await rule(world) == (1, 7)


@pytest.mark.attack(33, "an expired request is approved")
async def test_what_nobody_decided_expires_and_is_told(world: World) -> None:
    request = lost_after(9)
    approval_id = await asked(world, request)
    await world.heard()
    world.clock.move_by(timedelta(days=8))
    # Before anybody noted it, too.
    assert await refused(world.approve(approval_id)) == "APPROVAL_EXPIRED"
    await expire(world)
    (event,) = await world.heard(approvals=True)
    assert (event.state, event.asked_by_office_id, event.decided_by_office_id) == ("EXPIRED", ADMIN, "")
    assert await refused(world.approve(approval_id)) == "APPROVAL_EXPIRED"
    assert await refused(world.at(ADMIN).ChangeRule(request)) == "APPROVAL_EXPIRED"
    assert (await get(world, approval_id, by=ADMIN)).state == types.APPROVAL_STATE_EXPIRED
    await asked(world)


@pytest.mark.attack(33, "a withdrawn request is approved")
async def test_what_is_taken_back_cannot_be_approved(world: World) -> None:
    approval_id = await asked(world)
    assert await refused(withdraw(world, approval_id, by=SECOND)) == "APPROVAL_NOT_YOURS"
    assert (await withdraw(world, approval_id)).state == types.APPROVAL_STATE_WITHDRAWN
    assert await refused(world.approve(approval_id)) == "APPROVAL_WITHDRAWN"


async def test_one_thing_is_asked_for_once_at_a_time(world: World) -> None:
    await asked(world)
    assert await refused(world.at(ADMIN).ChangeRule(lost_after(10))) == "ASKED_FOR_ALREADY"


@pytest.mark.attack(33, "another request is put under an approved one")
async def test_a_changed_request_is_another_one(world: World) -> None:
    request = lost_after(9)
    approval_id = await asked(world, request)
    assert await refused(world.at(ADMIN).ChangeRule(lost_after(20, request.request_id))) == "REQUEST_ID_REUSED"
    await approve_both(world, approval_id)
    assert await refused(world.at(ADMIN).ChangeRule(lost_after(20, request.request_id))) == "REQUEST_ID_REUSED"
    assert await rule(world) == (2, 9)


async def test_what_would_not_be_done_is_not_asked_for(world: World) -> None:
    request = lost_after(9)
    request.unit = "HOURS"
    assert await refused(world.at(ADMIN).ChangeRule(request)) == "RULE_UNIT_STANDS"
    assert await listed(world, by=ADMIN, decided=True) == []


@pytest.mark.attack(34, "an administrator switches lost off until 2065")
async def test_a_limit_beyond_its_bounds_is_not_even_asked_for(world: World) -> None:
    with pytest.raises(RpcFailure) as failure:
        await world.at(ADMIN).ChangeRule(lost_after(9_999))
    (violation,) = failure.value.violations
    assert (violation.field, violation.code) == ("amount", "TOO_LARGE")
    assert "30" in violation.message
    assert await listed(world, by=ADMIN, decided=True) == []


@pytest.mark.attack(33, "a request is approved after its object changed")
async def test_a_change_of_something_that_changed_since_is_not_made(world: World) -> None:
    calendar = api.ChangeCalendarRequest(request_id=new_id(), days_off=[world.day(3)])
    approval_id = await waits(world.at(ADMIN).ChangeCalendar(calendar))
    async with world.chassis.engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO calendar_overlay (version, days_off, days_worked, changed_at)"
                " VALUES (1, '{}', '{}', now())"
            )
        )
    assert await refused(world.approve(approval_id)) == "CHANGED_SINCE_ASKED"
    assert (await get(world, approval_id, by=SECOND)).state == WAITING


@pytest.mark.attack(33, "an office that has ended meanwhile asked, or approves")
async def test_who_asked_is_gone_when_it_is_to_be_approved(world: World) -> None:
    approval_id = await asked(world, subject="first")
    async with world.chassis.engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO office_end (office_id, valid_to, successor_id, heir_id, moved, ended_at)"
                " VALUES ('ADMIN-NATIONAL', '2026-03-01', NULL, 'SV-NATIONAL', '{}', now())"
            )
        )
        await connection.execute(text("UPDATE overlay_edition SET edition = edition + 1"))
    await world.chassis.overlays.refresh()
    assert await refused(world.approve(approval_id)) == "ASKER_IS_GONE"
    assert await refused(world.approve(approval_id, by=ADMIN, subject="second")) in ("OFFICE_ENDED", "OFFICE_SUCCEEDED")
    assert await rule(world) == (1, 7)


@pytest.mark.parametrize("named", ["subject", "office_id", "token_id"])
async def test_whose_sign_in_was_ended_since_gets_nothing_approved(world: World, named: str) -> None:
    approval_id = await asked(world, subject="first")
    (token_id,) = (await world.rows("SELECT asked_by_token_id FROM approval"))[0]
    whose = {"subject": "first", "office_id": ADMIN, "token_id": token_id}[named]
    revoked = sessions_pb2.RevokeSessionsRequest(
        request_id=new_id(), reason=types.REVOKE_REASON_MISUSED, **{named: whose}
    )
    await world.at(ADMIN, subject="second").RevokeSessions(revoked)
    # So much later no service need know of it, since no token is as old; the request still waits.
    async with world.chassis.engine.begin() as connection:
        await connection.execute(text("DELETE FROM session_revocation"))
        await connection.execute(text("UPDATE overlay_edition SET edition = edition + 1"))
    await world.chassis.overlays.refresh()
    world.clock.move_by(timedelta(days=2))
    assert await refused(world.approve(approval_id)) == "ASKER_IS_GONE"
    assert await rule(world) == (1, 7)
    await refuse(world, approval_id)


async def test_a_sign_in_ended_before_it_was_asked_for_is_of_the_past(world: World) -> None:
    revoked = sessions_pb2.RevokeSessionsRequest(
        request_id=new_id(), reason=types.REVOKE_REASON_DEVICE_LOST, subject="first"
    )
    await world.at(ADMIN, subject="second").RevokeSessions(revoked)
    async with world.chassis.engine.begin() as connection:
        await connection.execute(text("UPDATE session_revocation SET not_before = not_before - interval '1 hour'"))
        await connection.execute(text("UPDATE overlay_edition SET edition = edition + 1"))
    await world.chassis.overlays.refresh()
    world.clock.move_by(timedelta(minutes=1))
    await approve_both(world, await asked(world, subject="first"))
    assert await rule(world) == (2, 9)


@pytest.mark.attack(33, "an administrator ends an office into another alone")
async def test_an_office_ends_by_three_and_its_people_stay_until_then(world: World) -> None:
    case = await world.registered()
    end = api.EndOfficeRequest(request_id=new_id(), office_id=POST, successor_id="BP-CN-MONG-CAI")
    approval_id = await waits(world.at(ADMIN).EndOffice(end))
    assert (await world.stands(case))[1] == POST
    seen = await get(world, approval_id, by=SECOND)
    assert (seen.method, seen.object, seen.end_office.successor_id) == ("EndOffice", POST, "BP-CN-MONG-CAI")
    await world.approve(approval_id)
    assert (await world.stands(case))[1] == POST
    await world.approve(approval_id, by=ADMIN, subject=OTHER)
    assert (await world.stands(case))[1] == "BP-CN-MONG-CAI"
    # Whoever ends it once more is told how it was ended, and nobody is asked again.
    end.request_id = new_id()
    assert (await world.at(ADMIN).EndOffice(end)).successor_id == "BP-CN-MONG-CAI"


@pytest.mark.attack(33, "two approve at once")
async def test_two_who_approve_at_once_both_count_and_it_happens_once(world: World) -> None:
    approval_id = await asked(world, subject="first")
    answers = await asyncio.gather(
        world.approve(approval_id, by=ADMIN, subject="second"), world.approve(approval_id, subject="third")
    )
    assert sorted(each.state for each in answers) == [WAITING, types.APPROVAL_STATE_APPROVED]
    assert sorted(who for *_, who in await given(world)) == ["second", "third"]
    assert len(await world.rows("SELECT 1 FROM approval_decision")) == 1
    assert await rule(world) == (2, 9)


@pytest.mark.attack(33, "one person approves with two tokens at once, and two of one kind do")
@pytest.mark.parametrize("then", [(SECOND, "second"), (ADMIN, "third")])
async def test_of_two_at_once_who_may_not_both_approve_one_does(world: World, then: tuple[str, str]) -> None:
    approval_id = await asked(world, subject="first")
    office_id, subject = then
    answers = await asyncio.gather(
        world.approve(approval_id, by=ADMIN, subject="second"),
        world.approve(approval_id, by=office_id, subject=subject),
        return_exceptions=True,
    )
    refusals = [each.reason for each in answers if isinstance(each, RpcFailure)]
    assert refusals == ["APPROVED_BY_YOU" if subject == "second" else "APPROVED_ALREADY"]
    assert len(await given(world)) == 1
    assert await rule(world) == (1, 7)


@pytest.mark.attack(33, "a refusal comes beside the last approval")
async def test_of_an_approval_and_a_refusal_at_once_one_decides(world: World) -> None:
    approval_id = await asked(world, subject="first")
    await world.approve(approval_id, by=ADMIN, subject="second")
    answers = await asyncio.gather(
        world.approve(approval_id, subject="third"),
        refuse(world, approval_id, by=ADMIN, subject="fourth"),
        return_exceptions=True,
    )
    (decided,) = (each for each in answers if not isinstance(each, BaseException))
    (refusal,) = (each.reason for each in answers if isinstance(each, RpcFailure))
    assert len(await world.rows("SELECT 1 FROM approval_decision")) == 1
    if decided.state == types.APPROVAL_STATE_APPROVED:
        assert (refusal, await rule(world)) == ("APPROVAL_GIVEN", (2, 9))
    else:
        assert (refusal, await rule(world)) == ("APPROVAL_REFUSED", (1, 7))


@pytest.mark.attack(33, "a decision is deleted")
async def test_neither_a_request_nor_its_decision_is_ever_changed(world: World) -> None:
    await approve_both(world, await asked(world))
    for table in ("approval", "approval_given", "approval_decision"):
        for statement in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            with pytest.raises(DBAPIError):
                async with world.chassis.engine.begin() as connection:
                    await connection.execute(text(statement))


@pytest.mark.attack(33, "a stored request is altered")
async def test_a_request_that_was_altered_where_it_is_kept_is_not_carried_out(
    world: World, databases: Databases
) -> None:
    approval_id = await asked(world)
    other = lost_after(30).SerializeToString()
    databases.as_superuser(
        world.chassis.settings.database_url,
        "ALTER TABLE approval DISABLE TRIGGER approval_append_only",
        f"UPDATE approval SET request = '\\x{other.hex()}'",
    )
    assert await refused(world.approve(approval_id)) == "REQUEST_ALTERED"
    assert await rule(world) == (1, 7)


async def test_a_case_goes_to_another_province_when_that_one_says_so(world: World) -> None:
    case = await world.registered()
    request = custody_pb2.ReassignCaseRequest(
        request_id=new_id(), case=case.number, office_id=HANOI, reason=types.REASSIGN_REASON_OFFICE_CANNOT
    )
    approval_id = await waits(world.at(SECOND).ReassignCase(request))
    assert (await world.stands(case))[1] == POST
    assert await refused(world.approve(approval_id)) == "SAME_PERSON"
    # That the province of the post watches over it is not enough: it is the other one that takes the case.
    assert await refused(world.approve(approval_id, by="SV-20")) == "APPROVAL_NOT_FOUND"
    seen = await get(world, approval_id, by="SV-01")
    assert (seen.for_you, seen.object, seen.reassign_case.office_id) == (True, case.number, HANOI)
    await world.approve(approval_id, by="SV-01")
    assert (await world.stands(case))[1] == HANOI


async def test_within_a_province_one_person_is_enough(world: World) -> None:
    case = await world.registered()
    request = custody_pb2.ReassignCaseRequest(
        request_id=new_id(), case=case.number, office_id="CM-20-01", reason=types.REASSIGN_REASON_OFFICE_CANNOT
    )
    assert (await world.at("SV-20").ReassignCase(request)).custody.accountable_office_id == "CM-20-01"


@pytest.mark.attack(32, "one officer gives up somebody who is searched for")
async def test_nobody_gives_up_alone_whom_others_look_for(world: World) -> None:
    case = await world.registered()
    await world.lose(case)
    died = types.CLOSE_REASON_DIED
    given_up = searches_pb2.ResolveSearchRequest(
        request_id=new_id(), case=case.number, resolution=types.SEARCH_RESOLUTION_CLOSED, close_reason=died
    )
    approval_id = await waits(world.at(POST).ResolveSearch(given_up))
    closed = closing_pb2.CloseCaseRequest(request_id=new_id(), case=case.number, reason=died)
    await waits(world.at(POST).CloseCase(closed))
    assert (await world.stands(case))[0] == "SEARCH"
    assert await refused(world.approve(approval_id, by="SV-22")) == "APPROVAL_NOT_FOUND"
    # What is done meanwhile was not known to who asked.
    await world.step(case)
    assert await refused(world.approve(approval_id, by="SV-20")) == "CHANGED_SINCE_ASKED"
    await refuse(world, approval_id, by="SV-20")
    given_up.request_id = new_id()
    await world.approve(await waits(world.at(POST).ResolveSearch(given_up)), by="SV-20")
    assert (await world.stands(case))[0] == "CLOSED"


async def test_who_reads_what_administrators_changed(world: World) -> None:
    await approve_both(world, await asked(world))
    request = api.ListAdministrationRequest()
    for office_id in (AUDITOR, SECOND):
        (change,) = (await world.at(office_id).ListAdministration(request)).changes
        assert (change.method, change.object, change.details["amount"]) == ("ChangeRule", "TRANSFER_LOST", "9")
        assert (change.asked_by_office_id, change.approved_by_office_id) == (ADMIN, SECOND)
        assert [(each.approver, each.office_id) for each in change.approvals] == [
            (AS_ADMIN, ADMIN),
            (AS_SUPERVISOR, SECOND),
        ]
        assert len({change.asked_by_subject, *(each.subject for each in change.approvals)}) == 3
    for office_id in (ADMIN, "SV-22", POST):
        assert await refused(world.at(office_id).ListAdministration(request)) == "PERMISSION_DENIED"
