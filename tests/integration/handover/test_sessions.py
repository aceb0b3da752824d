"""Administrators end sign-ins; what is refused, and who may see that it was done."""

from __future__ import annotations

import uuid
from typing import Any

from homeward.handover.v1 import custody_pb2, sessions_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.country.revocations import subject_digest
from tests.integration.handover.world import CENTRE, POST, World, new_id, refused, violated
from tests.support.identities import officer_of

ADMIN = "ADMIN-NATIONAL"


def request(**named: Any) -> sessions_pb2.RevokeSessionsRequest:
    known: dict[str, Any] = {"request_id": new_id(), "reason": types.REVOKE_REASON_DEVICE_LOST}
    return sessions_pb2.RevokeSessionsRequest(**(known | named))


async def asks(world: World, office_id: str) -> str:
    """How a call of the office is refused."""
    return await refused(world.at(office_id).GetCustody(custody_pb2.GetCustodyRequest(case=str(uuid.uuid4()))))


async def test_an_office_is_signed_out_and_the_others_are_told(world: World) -> None:
    assert await asks(world, POST) == await asks(world, CENTRE) == "CASE_NOT_FOUND"
    wanted = request(office_id=POST)
    ended = (await world.at(ADMIN).RevokeSessions(wanted)).revocation
    assert (await world.at(ADMIN).RevokeSessions(wanted)).revocation == ended
    assert (ended.office_id, ended.reason, ended.by_office_id) == (POST, types.REVOKE_REASON_DEVICE_LOST, ADMIN)
    assert await asks(world, POST) == "SESSION_REVOKED"
    assert await asks(world, CENTRE) == "CASE_NOT_FOUND"
    [event] = await world.heard()
    assert (event.DESCRIPTOR.name, event.office_id, event.reason) == ("SessionsRevoked", POST, "DEVICE_LOST")


async def test_an_account_is_signed_out_everywhere_and_no_event_names_it(world: World) -> None:
    assert await asks(world, POST) == "CASE_NOT_FOUND"
    await world.at(ADMIN).RevokeSessions(request(subject=officer_of(POST)))
    assert await asks(world, POST) == "SESSION_REVOKED"
    assert await asks(world, CENTRE) == "CASE_NOT_FOUND"
    [event] = await world.heard()
    assert event.subject_digest == subject_digest(officer_of(POST))
    assert officer_of(POST) not in str(event)
    assert await world.rows("SELECT 1 FROM session_revocation WHERE named = :name", name=officer_of(POST)) == []


async def test_exactly_one_is_named(world: World) -> None:
    call = world.at(ADMIN).RevokeSessions
    assert await violated(call(request())) == [("subject", "REQUIRED")]
    assert await violated(call(request(office_id=POST, token_id="t-1"))) == [("token_id", "NOT_ALLOWED_WITH")]
    assert await violated(call(request(token_id="of a person", reason=0))) == [
        ("token_id", "BAD_CHARACTERS"),
        ("reason", "REQUIRED"),
    ]
    assert await refused(call(request(office_id="NO-SUCH"))) == "OFFICE_NOT_FOUND"
    assert await world.heard() == []


async def test_what_was_ended_is_listed_by_the_page_for_the_nation(world: World) -> None:
    for number in range(3):
        await world.at(ADMIN).RevokeSessions(request(token_id=f"token-{number}"))
    listed = sessions_pb2.ListRevocationsRequest(page_size=2)
    first = await world.at(ADMIN).ListRevocations(listed)
    listed.page_token = first.next_page_token
    second = await world.at(ADMIN).ListRevocations(listed)
    named = [each.token_id for each in (*first.revocations, *second.revocations)]
    assert (named, second.next_page_token) == (["token-2", "token-1", "token-0"], "")
    whole = sessions_pb2.ListRevocationsRequest()
    for overseer in ("AUDIT-NATIONAL", "SV-NATIONAL"):
        found = await world.at(overseer, scope="national").ListRevocations(whole)
        assert len(found.revocations) == 3
    assert await refused(world.at("SV-22", scope="22@2025").ListRevocations(whole)) == "PERMISSION_DENIED"
    assert await refused(world.at(POST).ListRevocations(whole)) == "PERMISSION_DENIED"
