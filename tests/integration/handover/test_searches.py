"""Somebody is lost: by which news, who searches, and how custody is put right."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta
from typing import Any

import pytest

from homeward.events.v1 import followup_pb2
from homeward.handover.v1 import claims_pb2, custody_pb2, directory_pb2, searches_pb2
from homeward.type.v1 import types_pb2 as types
from tests.integration.handover.world import (
    CENTRE,
    HANOI,
    OTHER_POST,
    POST,
    QUANG_NINH,
    Case,
    World,
    names,
    refused,
    violated,
)

REASONS = types.LostReason


async def _at_home(world: World) -> Case:
    case = await world.registered()
    await world.dispatch(case)
    await world.acknowledge(case)
    await world.followed(case, segment=2)
    await world.heard()
    return case


async def _search(world: World, case: Case, *, by: str, scope: str | None = None) -> custody_pb2.Search:
    answer = await world.at(by, scope).GetSearch(searches_pb2.GetSearchRequest(case=case.number))
    found: custody_pb2.Search = answer.search
    return found


# By which news --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (
            followup_pb2.ContactRecorded(outcome=types.CONTACT_OUTCOME_NOT_AT_ADDRESS),
            REASONS.LOST_REASON_NOT_AT_ADDRESS,
        ),
        (followup_pb2.ContactRecorded(outcome=types.CONTACT_OUTCOME_MOVED_AWAY), REASONS.LOST_REASON_LEFT_PROVINCE),
        (followup_pb2.LostToFollowUp(not_reached=True), REASONS.LOST_REASON_NOT_AT_ADDRESS),
        (followup_pb2.ContactRecorded(outcome=types.CONTACT_OUTCOME_REACHED), None),
        (followup_pb2.LostToFollowUp(not_reached=False), None),
    ],
)
async def test_what_followup_learns(world: World, event: Any, reason: int | None) -> None:
    case = await _at_home(world)
    event.case_id = str(case.id)
    event.office_id = HANOI
    await world.told(case, event)
    assert await world.heard() == [], "of another office, which is not accountable"
    event.office_id = QUANG_NINH
    await world.told(case, event)
    said = await world.heard()
    if reason is None:
        assert said == []
        return
    (lost,) = said
    assert lost.reason == reason
    assert await world.stands(case) == ("SEARCH", QUANG_NINH, "SEARCH_ESCALATE")


# Who searches ---------------------------------------------------------------------------------


async def test_steps_and_who_may_take_them(world: World) -> None:
    case = await world.registered()
    assert await refused(world.step(case)) == "NO_OPEN_SEARCH"
    await world.lose(case)
    for by in (POST, QUANG_NINH, "SV-20", "SV-NATIONAL"):
        search = await world.step(case, by=by)
    assert [(step.number, step.office_id) for step in search.steps] == [
        (1, POST),
        (2, QUANG_NINH),
        (3, "SV-20"),
        (4, "SV-NATIONAL"),
    ]
    assert await refused(world.step(case, by=OTHER_POST)) == "CASE_NOT_FOUND"
    assert await refused(world.step(case, by="SV-22")) == "CASE_NOT_FOUND"
    seen = await _search(world, case, by=POST)
    assert seen == search
    assert seen.responsible_office_id == seen.accountable_office_id == POST
    assert (await world.custody(case, by=POST)).searches[0].steps[3].office_id == "SV-NATIONAL"


async def test_who_may_read_a_search(world: World) -> None:
    case = await world.registered()
    assert await refused(_search(world, case, by=POST)) == "NO_OPEN_SEARCH"
    await world.lose(case)
    for by in (POST, "SV-20", "SV-22", "SV-NATIONAL"):
        assert (await _search(world, case, by=by)).case_id == str(case.id)
    for by in (QUANG_NINH, OTHER_POST, "SV-24"):
        assert await refused(_search(world, case, by=by)) == "CASE_NOT_FOUND"


async def test_a_search_goes_up_and_says_when_next(world: World) -> None:
    case = await world.registered()
    await world.lose(case)
    assert names(await world.after_days(14)) == ["SearchEscalated"] * 2
    search = await _search(world, case, by=POST)
    assert (search.escalation_level, search.age_days) == (2, 16)
    assert world.day(0) <= search.escalate_on <= world.day(7)


# How it ends ----------------------------------------------------------------------------------


async def test_found_with_another_agency_when_that_agency_says_so(world: World) -> None:
    case = await world.registered()
    await world.lose(case)
    before = await world.stands(case)
    answer = await world.claim(case, HANOI, by="SV-20", on=world.day(-3))
    (claimed,) = await world.heard()
    assert names([claimed]) == ["PersonClaimedFound"]
    assert (claimed.claimed_office_id, claimed.claimed_by_office_id) == (HANOI, "SV-20")
    assert await world.stands(case) == before, "who says so moves nothing"
    assert answer.search.resolution == types.SEARCH_RESOLUTION_UNSPECIFIED
    assert [(one.office_id, one.since_on) for one in answer.search.claims] == [(HANOI, world.day(-3))]

    listed = (await world.at(HANOI).ListClaims(claims_pb2.ListClaimsRequest())).searches
    assert [(one.case_number, one.claims[0].office_id) for one in listed] == [(case.number, HANOI)]
    assert (await world.custody(case, by=HANOI)).case_number == case.number
    assert (await _search(world, case, by=HANOI)).etag == answer.search.etag
    board = (await world.at(POST).ListLost(searches_pb2.ListLostRequest())).searches
    assert [one.office_id for one in board[0].claims] == [HANOI]

    confirmed = await world.confirm(case, by=HANOI, etag=answer.search.etag)
    said = await world.heard()
    assert names(said) == ["TransferSuperseded", "CustodyChanged", "SearchResolved", "FoundClaimSettled"]
    changed = said[1]
    assert (changed.cause, changed.accountable_office_id) == (types.CUSTODY_CAUSE_FOUND, HANOI)
    assert (changed.phase, changed.arrival_on) == (types.CASE_PHASE_ARRIVED, world.day(-3))
    assert await world.stands(case) == ("ARRIVED", HANOI, "OBLIGATIONS_CONFIRM")
    assert confirmed.search.resolution == types.SEARCH_RESOLUTION_FOUND
    assert confirmed.search.claims[0].state == types.FOUND_CLAIM_STATE_CONFIRMED
    await world.followed(case, segment=2, office_id=HANOI)
    assert (await world.stands(case))[0] == "FOLLOW_UP"
    assert await refused(world.resolve(case, types.SEARCH_RESOLUTION_RETURNED_TO_SENDER, by=HANOI)) == "NO_OPEN_SEARCH"
    (told,) = (await world.custody(case, by=HANOI)).searches
    assert [one.settled_by_office_id for one in told.claims] == [HANOI]


@pytest.mark.attack(27, "the sender says that she was found at the addressee")
async def test_the_sender_cannot_say_that_she_arrived(world: World) -> None:
    case = await world.registered()
    await world.lose(case)
    await world.claim(case, "SA-22-INTERIM", on=world.day(-5))
    await world.heard()
    for by in (POST, OTHER_POST):
        assert await refused(world.confirm(case, by=by)) == "PERMISSION_DENIED"
    assert await refused(world.confirm(case, by=HANOI)) == "CASE_NOT_FOUND"
    assert await world.stands(case) == ("SEARCH", POST, "SEARCH_ESCALATE")
    await world.acknowledge(case, on=world.day(-5))
    said = await world.heard()
    assert names(said) == ["TransferAcknowledged", "CustodyChanged", "SearchResolved", "FoundClaimSettled"]
    assert said[0].late
    assert said[3].state == types.FOUND_CLAIM_STATE_CONFIRMED
    assert await world.stands(case) == ("ARRIVED", QUANG_NINH, "OBLIGATIONS_CONFIRM")


async def test_found_in_a_facility(world: World) -> None:
    case = await world.registered()
    await world.lose(case)
    await world.claim(case, CENTRE)
    await world.confirm(case, by=CENTRE)
    assert await world.stands(case) == ("ADMITTED", CENTRE, "FACILITY_STAY_ASSESSMENT_CENTRE")


async def test_she_is_not_there(world: World) -> None:
    case = await world.registered()
    await world.lose(case)
    await world.claim(case, HANOI)
    before = await world.stands(case)
    await world.heard()
    await world.deny(case, by=HANOI)
    (settled,) = await world.heard()
    assert (settled.state, settled.claimed_by_office_id) == (types.FOUND_CLAIM_STATE_DENIED, POST)
    assert await world.stands(case) == before
    assert await refused(world.custody(case, by=HANOI)) == "CASE_NOT_FOUND"
    assert await refused(world.confirm(case, by=HANOI)) == "CASE_NOT_FOUND"
    await world.claim(case, CENTRE)
    search = await world.withdraw_claim(case)
    assert [one.state for one in search.claims] == [
        types.FOUND_CLAIM_STATE_DENIED,
        types.FOUND_CLAIM_STATE_WITHDRAWN,
    ]
    assert await refused(world.withdraw_claim(case)) == "NO_CLAIM"
    assert await refused(world.deny(case, by=CENTRE)) == "CASE_NOT_FOUND"


async def test_the_office_that_is_said_to_have_her_ends(world: World) -> None:
    first, second = await world.registered(), await world.registered()
    for case in (first, second):
        await world.dispatch(case)
    await world.after_days(14)
    await world.claim(first, HANOI)
    await world.claim(second, CENTRE)
    await world.heard()
    for office_id, heir in ((HANOI, "SA-15"), (CENTRE, "")):
        request = directory_pb2.EndOfficeRequest(request_id=str(uuid.uuid4()), office_id=office_id, successor_id=heir)
        await world.by_two("EndOffice", request)
    settled = [one for one in await world.heard() if names([one]) == ["FoundClaimSettled"]]
    assert [(one.case_id, one.state) for one in settled] == [
        (str(second.id), types.FOUND_CLAIM_STATE_OVERTAKEN),
    ]
    await world.confirm(first, by="SA-15")
    assert await world.stands(first) == ("ARRIVED", "SA-15", "OBLIGATIONS_CONFIRM")
    assert (await world.stands(second))[:2] == ("SEARCH", POST)
    assert await refused(world.withdraw_claim(second)) == "NO_CLAIM"


async def test_found_at_home_by_the_office_that_searched(world: World) -> None:
    case = await _at_home(world)
    contact = followup_pb2.ContactRecorded(
        case_id=str(case.id), office_id=QUANG_NINH, outcome=types.CONTACT_OUTCOME_NOT_AT_ADDRESS
    )
    await world.told(case, contact)
    await world.resolve(case, types.SEARCH_RESOLUTION_FOUND, by=QUANG_NINH, office_id=QUANG_NINH, on=world.day(0))
    assert await world.stands(case) == ("FOLLOW_UP", QUANG_NINH, None)


async def test_redirected_returned_closed(world: World) -> None:
    first, second, third = [await world.registered() for _ in range(3)]
    for case in (first, second, third):
        await world.dispatch(case)
    await world.after_days(14)
    await world.resolve(first, types.SEARCH_RESOLUTION_REDIRECTED, office_id=HANOI, on=world.day(2))
    assert await world.stands(first) == ("IN_TRANSIT", POST, "TRANSFER_ACKNOWLEDGE")
    assert (await world.custody(first, by=HANOI)).transfers[-1].expected_arrival_on == world.day(2)
    await world.resolve(second, types.SEARCH_RESOLUTION_RETURNED_TO_SENDER)
    assert await world.stands(second) == ("REGISTERED", POST, "DISPATCH_DUE")
    gone, nation = types.CLOSE_REASON_ABROAD_AGAIN, {"by": "SV-NATIONAL", "scope": "national"}
    closed = types.SEARCH_RESOLUTION_CLOSED
    assert await refused(world.resolve(third, closed, close_reason=gone, **nation)) == "PERSON_IS_AWAITED"
    await world.recall(third)
    answer = await world.resolve(third, closed, close_reason=gone, **nation)
    assert await world.stands(third) == ("CLOSED", POST, None)
    assert answer.custody.phase == types.CASE_PHASE_CLOSED
    (row,) = await world.rows("SELECT close_reason FROM search WHERE case_id = :id", id=third.id)
    assert row.close_reason == "ABROAD_AGAIN"
    said = [(each.case_id, each.resolution) for each in await world.heard() if names([each]) == ["SearchResolved"]]
    assert said == [
        (str(first.id), types.SEARCH_RESOLUTION_REDIRECTED),
        (str(second.id), types.SEARCH_RESOLUTION_RETURNED_TO_SENDER),
        (str(third.id), types.SEARCH_RESOLUTION_CLOSED),
    ]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, [("resolution", "REQUIRED")]),
        ({"resolution": types.SEARCH_RESOLUTION_FOUND}, [("office_id", "REQUIRED"), ("on", "REQUIRED")]),
        ({"resolution": types.SEARCH_RESOLUTION_REDIRECTED}, [("office_id", "REQUIRED"), ("on", "REQUIRED")]),
        ({"resolution": types.SEARCH_RESOLUTION_RE_IDENTIFIED}, [("other_case", "REQUIRED")]),
        ({"resolution": types.SEARCH_RESOLUTION_CLOSED}, [("close_reason", "REQUIRED")]),
    ],
)
async def test_what_a_resolution_needs(world: World, fields: Any, expected: list[tuple[str, str]]) -> None:
    case = await world.registered()
    how = fields.pop("resolution", 0)
    assert await violated(world.resolve(case, how, **fields)) == expected


async def test_where_nobody_can_have_been_found(world: World) -> None:
    case = await world.registered()
    await world.lose(case)
    found = types.SEARCH_RESOLUTION_FOUND
    at_post = world.resolve(case, found, office_id=OTHER_POST, on=world.day(0))
    assert await refused(at_post) == "ADDRESSEE_CANNOT_RECEIVE"
    nowhere = world.resolve(case, found, office_id="SA-999", on=world.day(0))
    assert await violated(nowhere) == [("office_id", "UNKNOWN_OFFICE")]
    tomorrow = world.resolve(case, found, office_id=HANOI, on=world.day(1))
    assert await violated(tomorrow) == [("on", "IN_THE_FUTURE")]


@pytest.mark.parametrize(
    ("office_id", "reason"),
    [(QUANG_NINH, "NOT_ACCOUNTABLE"), ("SV-22", "CASE_NOT_FOUND"), (OTHER_POST, "CASE_NOT_FOUND")],
)
async def test_who_cannot_resolve(world: World, office_id: str, reason: str) -> None:
    case = await world.registered()
    await world.lose(case)
    call = world.resolve(case, types.SEARCH_RESOLUTION_RETURNED_TO_SENDER, by=office_id)
    assert await refused(call) == reason


async def test_a_search_that_somebody_else_changed_meanwhile(world: World) -> None:
    case = await world.registered()
    await world.lose(case)
    before = await _search(world, case, by=POST)
    await world.step(case)
    returned = types.SEARCH_RESOLUTION_RETURNED_TO_SENDER
    assert await refused(world.resolve(case, returned, etag=before.etag)) == "ETAG_MISMATCH"
    now = await _search(world, case, by=POST)
    assert (await world.resolve(case, returned, etag=now.etag)).search.etag != now.etag


async def test_found_and_acknowledged_at_once(world: World) -> None:
    case = await world.registered()
    await world.lose(case)
    await world.claim(case, HANOI)
    answers = await asyncio.gather(
        world.acknowledge(case),
        world.confirm(case, by=HANOI),
        return_exceptions=True,
    )
    assert sum(isinstance(each, BaseException) for each in answers) == 1
    phase, office, _ = await world.stands(case)
    assert (phase, office in (QUANG_NINH, HANOI)) == ("ARRIVED", True)
    (open_searches,) = await world.rows("SELECT count(*) AS n FROM search WHERE resolved_at IS NULL")
    assert open_searches.n == 0


# The duty itself ------------------------------------------------------------------------------


async def test_a_supervisor_makes_another_office_accountable(world: World) -> None:
    case = await world.registered()
    await world.heard()
    custody = await world.reassign(case, OTHER_POST)
    assert custody.accountable_office_id == OTHER_POST
    (changed,) = await world.heard()
    assert (changed.cause, changed.phase) == (types.CUSTODY_CAUSE_REASSIGNED, types.CASE_PHASE_REGISTERED)
    assert await world.stands(case) == ("REGISTERED", OTHER_POST, "DISPATCH_DUE")
    assert custody.segments[-1].reassign_reason == types.REASSIGN_REASON_OFFICE_CANNOT
    assert await refused(world.reassign(case, OTHER_POST)) == "ALREADY_ACCOUNTABLE"
    assert await refused(world.recall(case)) == "NOT_ACCOUNTABLE"


async def test_what_a_supervisor_cannot_reassign(world: World) -> None:
    case = await world.registered()
    assert await refused(world.reassign(case, OTHER_POST, by="SV-22")) == "CASE_NOT_FOUND"
    assert await violated(world.reassign(case, OTHER_POST, by="SV-20")) == [("office_id", "NOT_ALLOWED")]
    assert await refused(world.reassign(case, "SV-20")) == "CANNOT_BE_ACCOUNTABLE"
    assert await refused(world.reassign(case, OTHER_POST, by=POST)) == "PERMISSION_DENIED"
    assert await violated(world.reassign(case, "BP-NOWHERE")) == [("office_id", "UNKNOWN_OFFICE")]
    await world.dispatch(case)
    assert await refused(world.reassign(case, OTHER_POST)) == "REASSIGN_IN_TRANSIT"


async def test_a_search_passes_with_the_duty(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    world.clock.move_by(timedelta(hours=1))
    await world.reject(case)
    await world.after_days(3)
    await world.reassign(case, HANOI)
    search = await _search(world, case, by=HANOI)
    assert (search.accountable_office_id, search.resolution) == (HANOI, 0)
    assert await refused(_search(world, case, by=POST)) == "CASE_NOT_FOUND"
