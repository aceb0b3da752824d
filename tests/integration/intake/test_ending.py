"""An office ends: whoever takes over may know whom it might know, and no longer the office that ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from google.protobuf.message import Message
from sqlalchemy import text

from homeward.events.v1 import office_pb2
from homeward.intake.v1 import cases_pb2, submissions_pb2
from homeward.office.v1 import office_end_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from services.chassis.events.streams import OFFICE_SUBJECT
from services.intake.__main__ import build
from tests.integration.intake.people import person, submission
from tests.integration.intake.world import HOME_AGENCY, OTHER_AGENCY, OTHER_POST, POST, Custody, World
from tests.support.events import deliver, drain
from tests.support.waiting import patient

ADMIN = "ADMIN-NATIONAL"
HEIR = "SA-24"


async def told(world: World, *events: Message) -> None:
    """Let events of the office stream take effect."""
    rooms = build(world.chassis)
    await deliver(world.chassis, *(world.script.event(OFFICE_SUBJECT, event) for event in events))
    await drain(world.chassis, rooms.handlers)


def ended(office_id: str = HOME_AGENCY, successor_id: str = HEIR, heir_id: str = "") -> office_pb2.OfficeEnded:
    return office_pb2.OfficeEnded(
        office_id=office_id, successor_id=successor_id, valid_to="2026-03-01", heir_id=heir_id or successor_id
    )


async def progress(world: World, office_id: str = HOME_AGENCY) -> office_end_pb2.GetOfficeEndResponse:
    answer: office_end_pb2.GetOfficeEndResponse = await world.call(
        ADMIN, office_end_pb2.GetOfficeEndRequest(office_id=office_id)
    )
    return answer


async def test_who_was_accountable_or_awaited_her_may_no_longer_know_and_the_successor_may(world: World) -> None:
    here, coming = await world.registered(person()), await world.registered(person())
    at_home, on_the_way = Custody(here), Custody(coming)
    await world.hear(here, at_home.registered(), at_home.dispatched(HOME_AGENCY), *at_home.arrived())
    await world.hear(coming, on_the_way.registered(), on_the_way.dispatched(HOME_AGENCY), on_the_way.accepted())
    assert (await world.read(HOME_AGENCY, here)).identity_view == cases_pb2.IDENTITY_VIEW_FULL
    assert (await progress(world)).left == 1
    await told(world, ended())
    assert (await world.read(HEIR, here)).identity_view == cases_pb2.IDENTITY_VIEW_FULL
    assert (await world.read(HEIR, coming)).identity_view == cases_pb2.IDENTITY_VIEW_PREVIEW
    for case in (here, coming):
        with pytest.raises(RpcFailure) as refused:
            await world.read(HOME_AGENCY, case)
        assert refused.value.reason in ("OFFICE_SUCCEEDED", "CASE_NOT_FOUND")
    done = await progress(world)
    assert (done.done, dict(done.moved), done.left) == (True, {"cases": 2}, 0)


async def test_another_office_keeps_what_it_has(world: World) -> None:
    case = await world.registered(person())
    custody = Custody(case)
    await world.hear(case, custody.registered(), custody.dispatched(OTHER_AGENCY), *custody.arrived())
    await told(world, ended())
    assert (await world.read(OTHER_AGENCY, case)).identity_view == cases_pb2.IDENTITY_VIEW_FULL
    assert dict((await progress(world)).moved) == {"cases": 0}


async def test_a_transfer_told_before_the_end_and_taken_in_after_it_is_to_the_successor(world: World) -> None:
    case = await world.registered(person())
    custody = Custody(case)
    rooms = build(world.chassis)
    await told(world, ended())
    events = [custody.registered(), custody.dispatched(HOME_AGENCY), custody.accepted()]
    await deliver(world.chassis, *(world.script.event(case, event) for event in events))
    await drain(world.chassis, rooms.handlers)
    assert (await world.read(HEIR, case)).identity_view == cases_pb2.IDENTITY_VIEW_PREVIEW
    [row] = await world.rows("SELECT addressee_office_id FROM intake_case")
    assert row.addressee_office_id == HEIR


async def test_the_successor_of_a_border_post_may_correct_what_it_submitted(world: World) -> None:
    case = await world.registered(person())
    await world.hear(case, Custody(case).registered())
    await told(world, ended(POST, "BP-CN-MONG-CAI"))
    found = await world.get("BP-CN-MONG-CAI", case)
    request = submissions_pb2.WithdrawCaseRequest(
        request_id="0197f0a4-7d3c-7b52-9c0e-2f6a5b1d4e83",
        case=str(case),
        etag=found.etag,
        reason=types.WITHDRAW_REASON_REGISTERED_BY_MISTAKE,
    )
    answer = await world.call("BP-CN-MONG-CAI", request)
    assert answer.case.status_word == cases_pb2.STATUS_WORD_WITHDRAWN


async def test_where_nobody_succeeds_no_supervisor_becomes_an_addressee(world: World) -> None:
    here, coming = await world.registered(person()), await world.registered(person())
    at_home, on_the_way = Custody(here), Custody(coming)
    await world.hear(here, at_home.registered(), at_home.dispatched(HOME_AGENCY), *at_home.arrived())
    await world.hear(coming, on_the_way.registered(), on_the_way.dispatched(HOME_AGENCY))
    await told(world, ended(successor_id="", heir_id="SV-08"))
    rows = await world.rows(
        "SELECT id, accountable_office_id AS office, addressee_office_id AS addressee FROM intake_case"
    )
    assert {row.id: (row.office, row.addressee) for row in rows} == {
        here: ("SV-08", ""),
        coming: (POST, HOME_AGENCY),
    }


async def test_what_slips_past_an_end_is_moved_by_the_next_look(world: World) -> None:
    case = await world.registered(person())
    await world.hear(case, Custody(case).registered())
    await told(world, ended())
    async with world.chassis.engine.begin() as connection:
        await connection.execute(text("UPDATE intake_case SET accountable_office_id = :o"), {"o": HOME_AGENCY})
    rooms = build(world.chassis)
    for tick in rooms.ticks:
        await tick.look()
    assert (await progress(world)).left == 0
    [row] = await world.rows("SELECT accountable_office_id AS office FROM intake_case")
    assert row.office == HEIR


async def test_whom_an_ended_office_registered_its_heir_has_registered(world: World) -> None:
    for office_id in (POST, OTHER_POST):
        await world.call(office_id, submission(person(), at=world.clock.now(), again=()))
    await told(world, ended(POST, OTHER_POST))
    for _again in range(2):
        with pytest.raises(RpcFailure) as refused:
            await world.call(OTHER_POST, submission(person(), at=world.clock.now(), again=()))
        assert refused.value.reason == "ALREADY_REGISTERED"
    found = await world.rows("SELECT office_id, number FROM registered_person ORDER BY number")
    assert [tuple(row) for row in found] == [(OTHER_POST, 0), (OTHER_POST, 1)]


async def test_whose_sign_in_was_ended_reads_nothing_any_more(world: World) -> None:
    case = await world.registered(person())
    await told(
        world,
        office_pb2.SessionsRevoked(
            revocation_id="0197f0a4-7d3c-7b52-9c0e-2f6a5b1d4e84",
            office_id=POST,
            # Each call signs in anew, and on a slow machine a second later.
            not_before=(datetime.now(UTC) + timedelta(seconds=patient(10))).isoformat(),
            reason="DEVICE_LOST",
        ),
    )
    with pytest.raises(RpcFailure, match="SESSION_REVOKED"):
        await world.read(POST, case)
