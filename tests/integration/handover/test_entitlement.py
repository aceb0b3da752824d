"""The deny matrix: every verb by every kind of office that has, had or never had to do with the case."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from homeward.handover.v1 import searches_pb2
from homeward.handover.v1 import transfers_pb2 as api
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.case_number import format_case_number
from services.handover.domain.answer import TAKE_BACK_DAYS
from tests.integration.handover.world import (
    CENTRE,
    HANOI,
    OTHER_POST,
    POST,
    QUANG_NINH,
    Case,
    World,
    new_id,
    refused,
    world_of,
)
from tests.support.clocks import FakeClock, viet_nam
from tests.support.databases import Databases
from tests.support.fixtures import TokenFor
from tests.support.processes import build_chassis

Verb = Callable[[World, Case, str], Awaitable[Any]]

VERBS: dict[str, Verb] = {
    "plan": lambda world, case, by: world.plan(case, by=by, to=HANOI),
    "dispatch": lambda world, case, by: world.dispatch(case, by=by, to=HANOI),
    "redirect": lambda world, case, by: world.redirect(case, by=by),
    "recall": lambda world, case, by: world.recall(case, by=by),
    "accept": lambda world, case, by: world.accept(case, by=by),
    "not_arrived": lambda world, case, by: world.not_arrived(case, by=by),
    "acknowledge": lambda world, case, by: world.acknowledge(case, by=by),
    "take_back": lambda world, case, by: world.take_back(case, by=by),
    "reject": lambda world, case, by: world.reject(case, by=by),
    "home": lambda world, case, by: world.home(case, by=by),
}
SENDER_VERBS = ("plan", "dispatch", "redirect", "recall")
ADDRESSEE_VERBS = ("accept", "acknowledge", "reject", "not_arrived")


SHARED = pytest.mark.asyncio(loop_scope="module")
"""These only ask, or are refused: one case serves them all, and stands at the end as it stood."""


@dataclass(frozen=True)
class Standing:
    """A case that nobody moves."""

    world: World
    case: Case


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def standing(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, jwks: Path, token_for: TokenFor
) -> AsyncIterator[Standing]:
    """A case on its way, in a handover service of its own."""
    lent, clock = databases.lend("handover"), FakeClock(viet_nam(2026, 3, 2))
    chassis = build_chassis("handover", lent.url, clock, tmp_path_factory.mktemp("standing"), jwks)
    async with world_of(chassis, clock, token_for) as world:
        case = await _on_the_way(world)
        before = await _everything_of(world)
        yield Standing(world, case)
        assert await _everything_of(world) == before
    await chassis.engine.dispose()
    databases.give_back(lent)


async def _everything_of(world: World) -> list[list[Any]]:
    tables = ("custody", "custody_segment", "transfer", "stay", "search", "obligation", "outbox", "request_log")
    return [sorted(await world.rows(f"SELECT t::text FROM {table} t")) for table in tables]


async def _on_the_way(world: World) -> Case:
    """Registered at the post, now sent by the centre to Quảng Ninh after Hà Nội rejected."""
    case = await world.registered()
    await world.dispatch(case, to=CENTRE)
    await world.acknowledge(case, by=CENTRE)
    await world.dispatch(case, by=CENTRE, to=HANOI)
    await world.reject(case, by=HANOI)
    await world.dispatch(case, by=CENTRE, to=QUANG_NINH)
    return case


@SHARED
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.attack(19, "a stranger acts on a case")
async def test_who_has_nothing_to_do_with_a_case_is_told_there_is_none(standing: Standing, verb: str) -> None:
    world, case = standing.world, standing.case
    stranger = OTHER_POST if verb in SENDER_VERBS else "SA-08"
    assert await refused(VERBS[verb](world, case, stranger)) == "CASE_NOT_FOUND"
    nobody = Case(uuid.UUID(int=1), format_case_number(99))
    assert await refused(VERBS[verb](world, nobody, stranger)) == "CASE_NOT_FOUND"


@SHARED
@pytest.mark.parametrize("verb", SENDER_VERBS)
@pytest.mark.parametrize("office_id", [POST, QUANG_NINH, HANOI])
@pytest.mark.attack(21, "border post after custody: recall, redirect")
async def test_only_the_accountable_office_sends(standing: Standing, verb: str, office_id: str) -> None:
    world, case = standing.world, standing.case
    assert await refused(VERBS[verb](world, case, office_id)) == "NOT_ACCOUNTABLE"


@pytest.mark.attack(26, "the sender acknowledges")
@SHARED
@pytest.mark.parametrize(
    ("verb", "office_id", "reason"),
    [
        *((verb, CENTRE, "NOT_ADDRESSED") for verb in ADDRESSEE_VERBS),
        # Its own rejection is no secret to the office that gave it, and she may have come to it all the same.
        *((verb, HANOI, "ALREADY_REJECTED") for verb in ADDRESSEE_VERBS if verb != "acknowledge"),
    ],
)
@pytest.mark.attack(23, "rejected addressee: accept, reject")
async def test_only_the_addressed_office_answers_and_never_the_sender(
    standing: Standing, verb: str, office_id: str, reason: str
) -> None:
    world, case = standing.world, standing.case
    assert await refused(VERBS[verb](world, case, office_id)) == reason


@SHARED
@pytest.mark.parametrize("office_id", [POST, CENTRE, HANOI, QUANG_NINH, "SV-NATIONAL"])
async def test_where_nobody_has_answered_nobody_takes_anything_back(standing: Standing, office_id: str) -> None:
    world, case = standing.world, standing.case
    assert await refused(world.take_back(case, by=office_id)) == "NO_ANSWER_TO_TAKE_BACK"


@SHARED
@pytest.mark.parametrize(
    ("verb", "office_id"),
    [
        *((verb, office) for verb in VERBS for office in ("SV-22", "SV-NATIONAL", "NGO-01") if verb != "take_back"),
        ("take_back", "NGO-01"),
        *((verb, office) for verb in ADDRESSEE_VERBS for office in (POST,)),
        ("home", CENTRE),
    ],
)
async def test_roles_that_may_never(standing: Standing, verb: str, office_id: str) -> None:
    world, case = standing.world, standing.case
    assert await refused(VERBS[verb](world, case, office_id)) == "PERMISSION_DENIED"


@SHARED
@pytest.mark.parametrize(
    ("office_id", "sees"),
    [
        (CENTRE, True),
        (QUANG_NINH, True),
        (POST, True),
        ("SV-22", True),
        ("SV-15", True),  # Lào Cai, where the centre is
        ("SV-20", True),  # Lạng Sơn, where the post is
        ("SV-NATIONAL", True),
        (OTHER_POST, False),
        ("SA-08", False),
        ("SV-08", False),
    ],
)
@pytest.mark.attack(20, "supervisor out of scope: custody")
async def test_who_sees_the_custody(standing: Standing, office_id: str, sees: bool) -> None:
    world, case = standing.world, standing.case
    if sees:
        assert (await world.custody(case, by=office_id)).case_id == str(case.id)
    else:
        assert await refused(world.custody(case, by=office_id)) == "CASE_NOT_FOUND"


@SHARED
@pytest.mark.attack(24, "rejected addressee: GetTransfer, list")
async def test_who_rejected_sees_its_answer_and_its_way_back_and_nothing_of_her(standing: Standing) -> None:
    world, case = standing.world, standing.case
    seen = await world.custody(case, by=HANOI)
    (transfer,) = seen.transfers
    assert (transfer.to_office_id, transfer.state) == (HANOI, types.TRANSFER_STATE_REJECTED)
    assert [one.office_id for one in transfer.answers] == [HANOI]
    assert (transfer.age_band, transfer.HasField("home_province")) == (types.AGE_BAND_UNSPECIFIED, False)
    assert transfer.travel == api.TravelPlan()
    assert (seen.arrival_still_taken, seen.take_back_until) == (True, ""), "the sender has sent her elsewhere since"
    told = {name.name for name, _ in seen.ListFields()}
    assert told == {"case_id", "case_number", "transfers", "arrival_still_taken"}
    request = api.GetTransferRequest(transfer_id=transfer.transfer_id)
    alone = (await world.at(HANOI).GetTransfer(request)).transfer
    assert (alone.age_band, alone.HasField("home_province")) == (types.AGE_BAND_UNSPECIFIED, False)
    listed = api.ListTransfersRequest(state=types.TRANSFER_STATE_REJECTED)
    assert list((await world.at(HANOI).ListTransfers(listed)).transfers) == [alone]


async def test_what_an_office_may_still_say_it_may(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.reject(case)
    seen = await world.custody(case, by=QUANG_NINH)
    assert (seen.arrival_still_taken, seen.take_back_until) == (True, world.day(TAKE_BACK_DAYS))
    world.clock.move_by(timedelta(days=TAKE_BACK_DAYS + 1))
    seen = await world.custody(case, by=QUANG_NINH)
    assert (seen.arrival_still_taken, seen.take_back_until) == (True, "")
    await world.dispatch(case, to=HANOI)
    await world.acknowledge(case, by=HANOI)
    seen = await world.custody(case, by=QUANG_NINH)
    assert (seen.arrival_still_taken, seen.take_back_until) == (False, "")


@pytest.mark.attack(22, "border post after custody: GetCustody, GetTransfer")
async def test_a_border_post_sees_that_she_arrived_and_never_the_story(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.acknowledge(case)
    seen = await world.custody(case, by=POST)
    assert {each.office_id for each in seen.segments} == {POST}
    (transfer,) = seen.transfers
    request = api.GetTransferRequest(transfer_id=transfer.transfer_id)
    alone = (await world.at(POST).GetTransfer(request)).transfer
    listed = api.ListTransfersRequest(state=types.TRANSFER_STATE_ACKNOWLEDGED)
    (row,) = (await world.at(POST).ListTransfers(listed)).transfers
    for each in (transfer, alone, row):
        assert each.state == types.TRANSFER_STATE_ACKNOWLEDGED
        assert (each.arrived_on, each.age_band) == ("", types.AGE_BAND_UNSPECIFIED)
        assert not each.HasField("home_province")
        assert each.travel == api.TravelPlan()


@SHARED
@pytest.mark.attack(24, "rejected addressee's supervisor: GetCustody")
async def test_the_supervisor_of_an_office_that_she_never_reached_sees_its_part_alone(standing: Standing) -> None:
    world, case = standing.world, standing.case
    seen = await world.custody(case, by="SV-01")
    assert [each.to_office_id for each in seen.transfers] == [HANOI]
    assert list(seen.segments) == []
    assert seen.accountable_office_id == ""


async def test_a_former_office_sees_its_own_part_only(world: World) -> None:
    case = await _on_the_way(world)
    await world.acknowledge(case)
    seen = await world.custody(case, by=CENTRE)
    assert POST not in {each.office_id for each in seen.segments}
    assert [each.to_office_id for each in seen.transfers] == [CENTRE, HANOI, QUANG_NINH]
    assert seen.deadline_rule == ""
    assert seen.phase == types.CASE_PHASE_UNSPECIFIED
    whole = await world.custody(case, by=QUANG_NINH)
    assert whole.accountable_office_id == QUANG_NINH
    assert len(whole.transfers) == 3


@SHARED
@pytest.mark.parametrize(
    ("office_id", "sees"),
    [
        (CENTRE, True),
        (QUANG_NINH, True),
        ("SV-22", True),
        ("SV-15", True),
        ("SV-NATIONAL", True),
        (POST, False),
        (HANOI, False),
        ("SV-08", False),
    ],
)
@pytest.mark.attack(20, "supervisor out of scope: transfer")
async def test_who_sees_a_transfer(standing: Standing, office_id: str, sees: bool) -> None:
    world, case = standing.world, standing.case
    (row,) = await world.rows("SELECT id FROM transfer WHERE case_id = :id AND state = 'DISPATCHED'", id=case.id)
    call = world.at(office_id).GetTransfer(api.GetTransferRequest(transfer_id=str(row.id)))
    if sees:
        assert (await call).transfer.transfer_id == str(row.id)
    else:
        assert await refused(call) == "CASE_NOT_FOUND"


async def test_the_supervisor_of_her_home_sees_how_she_comes_and_that_she_is_searched_for(world: World) -> None:
    case = await world.registered()
    transfer = await world.dispatch(case, to=HANOI)
    get = api.GetTransferRequest(transfer_id=transfer.transfer_id)
    search = searches_pb2.GetSearchRequest(case=case.number)
    assert (await world.at("SV-22").GetTransfer(get)).transfer.travel == transfer.travel
    assert await refused(world.at("SV-22").GetSearch(search)) == "NO_OPEN_SEARCH"
    for stranger in ("SV-08", OTHER_POST):
        assert await refused(world.at(stranger).GetTransfer(get)) == "CASE_NOT_FOUND"
        assert await refused(world.at(stranger).GetSearch(search)) == "CASE_NOT_FOUND"


async def test_an_unknown_transfer_and_a_malformed_one(world: World) -> None:
    get = world.at(POST).GetTransfer
    assert await refused(get(api.GetTransferRequest(transfer_id=new_id()))) == "CASE_NOT_FOUND"
    assert await refused(get(api.GetTransferRequest(transfer_id="7"))) == "INVALID_INPUT"


@SHARED
async def test_who_expects_her_sees_how_she_comes_and_nothing_of_before(standing: Standing) -> None:
    world, case = standing.world, standing.case
    seen = await world.custody(case, by=QUANG_NINH)
    assert seen.accountable_office_id == CENTRE
    assert seen.phase == types.CASE_PHASE_IN_TRANSIT
    assert [each.to_office_id for each in seen.transfers] == [QUANG_NINH], "that Hà Nội rejected is not its business"
    assert [each.kind for each in seen.segments] == [types.CUSTODY_KIND_IN_TRANSIT]
    told = {name.name for name, _ in seen.ListFields()}
    assert told == {
        "case_id",
        "case_number",
        "phase",
        "accountable_office_id",
        "deadline_rule",
        "deadline_on",
        "segments",
        "transfers",
    }


async def test_who_is_said_to_have_her_sees_that_she_is_searched_for_and_not_how(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    world.clock.move_by(timedelta(days=20))
    await world.look()
    step = searches_pb2.RecordSearchStepRequest(
        request_id=new_id(), case=case.number, kind=types.SEARCH_STEP_KIND_POLICE_ASKED
    )
    await world.at(POST).RecordSearchStep(step)
    step.request_id = new_id()
    answer = await world.at(QUANG_NINH).RecordSearchStep(step)
    assert [each.office_id for each in answer.search.steps] == [QUANG_NINH], "its own step and no other"
    claim = searches_pb2.ResolveSearchRequest(
        request_id=new_id(),
        case=case.number,
        resolution=types.SEARCH_RESOLUTION_FOUND,
        office_id=HANOI,
        on=world.day(0),
    )
    await world.at(POST).ResolveSearch(claim)
    search = (await world.at(HANOI).GetSearch(searches_pb2.GetSearchRequest(case=case.number))).search
    (in_custody,) = (await world.custody(case, by=HANOI)).searches
    for seen in (search, in_custody):
        assert list(seen.steps) == []
        assert [each.office_id for each in seen.claims] == [HANOI]
        assert seen.etag
    (in_custody,) = (await world.custody(case, by=QUANG_NINH)).searches
    assert [each.office_id for each in in_custody.steps] == [QUANG_NINH]
    assert list(in_custody.claims) == []
    assert len((await world.custody(case, by=POST)).searches[0].steps) == 2
