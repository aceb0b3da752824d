"""One bus, several people, several provinces: all of them, or none."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from homeward.handover.v1 import journeys_pb2, transfers_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from services.chassis.kernel.case_number import format_case_number
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
)


async def _journey(
    world: World, *rows: journeys_pb2.JourneyRow, by: str = POST, **fields: Any
) -> journeys_pb2.DispatchJourneyResponse:
    request = journeys_pb2.DispatchJourneyRequest(request_id=new_id(), rows=rows, **fields)
    answer: journeys_pb2.DispatchJourneyResponse = await world.at(by).DispatchJourney(request)
    return answer


def _row(world: World, case: Case, to: str = QUANG_NINH, **fields: Any) -> journeys_pb2.JourneyRow:
    return journeys_pb2.JourneyRow(case=case.number, to_office_id=to, expected_arrival_on=world.day(1), **fields)


async def _hindered(call: Any) -> list[tuple[int | None, str, str]]:
    with pytest.raises(RpcFailure) as failure:
        await call
    return [(each.row, each.field, each.code) for each in failure.value.violations]


async def test_all_leave_together(world: World) -> None:
    first, second, third = [await world.registered() for _ in range(3)]
    await world.plan(third, to=CENTRE)
    await world.checked(first)
    await world.checked(second, to=HANOI)
    await world.heard()
    travel = transfers_pb2.TravelPlan(
        escort=types.ESCORT_OFFICER,
        means=types.TRAVEL_MEANS_BUS,
        consent=types.TRANSFER_CONSENT_GIVEN,
    )
    own_way = transfers_pb2.TravelPlan(escort=types.ESCORT_FAMILY)
    answer = await _journey(
        world,
        _row(world, first),
        _row(world, second, HANOI, travel=own_way),
        journeys_pb2.JourneyRow(case=str(third.id)),
        travel=travel,
    )
    assert [each.case_id for each in answer.transfers] == [str(case.id) for case in (first, second, third)]
    assert [each.to_office_id for each in answer.transfers] == [QUANG_NINH, HANOI, CENTRE]
    assert {each.journey_id for each in answer.transfers} == {answer.journey_id}
    assert [each.travel.escort for each in answer.transfers] == [
        types.ESCORT_OFFICER,
        types.ESCORT_FAMILY,
        types.ESCORT_OFFICER,
    ]
    assert [(each.row, each.warning) for each in answer.warnings] == [(2, types.TRANSFER_WARNING_DESTINATION_NOT_HOME)]
    assert sorted(await world.names_heard()) == ["TransferDispatched"] * 3 + ["TransferPlanned"] * 2
    for case in (first, second, third):
        assert (await world.stands(case))[0] == "IN_TRANSIT"


async def test_one_that_cannot_leave_keeps_all(world: World) -> None:
    fine, on_the_way, strange = await world.registered(), await world.registered(), await world.registered(OTHER_POST)
    unasked = await world.registered()
    await world.dispatch(on_the_way)
    await world.checked(fine)
    await world.heard()
    refused_by_her = transfers_pb2.TravelPlan(consent=types.TRANSFER_CONSENT_REFUSED)
    hindered = await _hindered(
        _journey(
            world,
            _row(world, fine),
            _row(world, on_the_way),
            _row(world, strange),
            journeys_pb2.JourneyRow(case=fine.number, to_office_id=QUANG_NINH, expected_arrival_on=world.day(1)),
            _row(world, unasked, travel=refused_by_her),
            journeys_pb2.JourneyRow(case=format_case_number(99)),
            journeys_pb2.JourneyRow(case=str(unasked.id)),
        )
    )
    assert hindered == [
        (2, "case", "TRANSFER_ALREADY_OPEN"),
        (3, "case", "CASE_NOT_FOUND"),
        (4, "case", "DUPLICATE"),
        (5, "travel.consent", "CONSENT_REFUSED"),
        (6, "case", "CASE_NOT_FOUND"),
        (7, "case", "DUPLICATE"),
    ]
    assert await world.heard() == []
    assert await world.stands(fine) == ("REGISTERED", POST, "DISPATCH_DUE")


async def test_a_journey_waits_for_each_verdict_and_takes_none_that_is_typed(world: World) -> None:
    unasked, unsafe, expired = [await world.registered() for _ in range(3)]
    await world.checked(unsafe, verdict=types.HOME_SAFETY_NOT_SAFE)
    await world.checked(expired, until=world.day(-1))
    people = [_row(world, case) for case in (unasked, unsafe, expired)]
    assert await _hindered(_journey(world, *people)) == [
        (1, "travel.home_safety", "HOME_NOT_CHECKED"),
        (2, "travel.home_safety", "HOME_NOT_SAFE"),
        (3, "travel.home_safety", "HOME_CHECK_EXPIRED"),
    ]
    typed = transfers_pb2.TravelPlan(home_safety=types.HOME_SAFETY_SAFE)
    hindered = await _hindered(_journey(world, *people, travel=typed))
    assert hindered == [(row, "travel.home_safety", "HOME_SAFETY_NOT_TYPED") for row in (1, 2, 3)]


async def test_every_row_that_is_written_wrongly_is_named(world: World) -> None:
    case = await world.registered()
    hindered = await _hindered(
        _journey(
            world,
            journeys_pb2.JourneyRow(case=case.number, expected_arrival_on="tomorrow"),
            journeys_pb2.JourneyRow(case="?"),
            _row(world, case),
        )
    )
    assert hindered == [(1, "expected_arrival_on", "BAD_FORMAT"), (2, "case", "BAD_FORMAT")]
    missing = await _hindered(_journey(world, journeys_pb2.JourneyRow(case=case.number)))
    assert missing == [(1, "to_office_id", "REQUIRED"), (1, "expected_arrival_on", "REQUIRED")]
    nowhere = await _hindered(_journey(world, _row(world, case, "SA-999"), _row(world, await world.registered(), POST)))
    assert nowhere == [
        (1, "to_office_id", "UNKNOWN_OFFICE"),
        (2, "to_office_id", "ADDRESSEE_CANNOT_RECEIVE"),
    ]


async def test_a_coach_has_sixty_places(world: World) -> None:
    case = await world.registered()
    assert await _hindered(_journey(world, *[_row(world, case)] * 61)) == [(None, "rows", "TOO_MANY")]
    assert await _hindered(_journey(world)) == [(None, "rows", "REQUIRED")]


async def test_the_same_journey_twice_is_one(world: World) -> None:
    cases = [await world.registered() for _ in range(3)]
    for case in cases:
        await world.checked(case)
    request = journeys_pb2.DispatchJourneyRequest(request_id=new_id(), rows=[_row(world, case) for case in cases])
    once, again = await asyncio.gather(*(world.at(POST).DispatchJourney(request) for _ in range(2)))
    assert once == again
    assert len(await world.rows("SELECT 1 FROM transfer")) == 3


async def test_two_journeys_with_the_same_people_do_not_embrace(world: World) -> None:
    cases = [await world.registered() for _ in range(8)]
    for case in cases:
        await world.checked(case)
    there = [_row(world, case) for case in cases]
    answers = await asyncio.gather(_journey(world, *there), _journey(world, *reversed(there)), return_exceptions=True)
    failures = [each for each in answers if isinstance(each, BaseException)]
    assert len(failures) == 1
    assert isinstance(failures[0], RpcFailure)
    assert {each.code for each in failures[0].violations} == {"TRANSFER_ALREADY_OPEN"}


@pytest.mark.parametrize(("office_id", "reason"), [("SV-20", "PERMISSION_DENIED"), ("NGO-01", "PERMISSION_DENIED")])
async def test_who_may_never_send(world: World, office_id: str, reason: str) -> None:
    case = await world.registered()
    assert await refused(_journey(world, _row(world, case), by=office_id)) == reason


async def test_whoever_waits_for_a_verdict_is_listed_with_what_is_missing(world: World) -> None:
    unasked, safe, elsewhere, expires, to_centre, undecided = [await world.registered() for _ in range(6)]
    for case in (unasked, safe, elsewhere, expires):
        await world.plan(case)
    await world.plan(to_centre, to=CENTRE)
    await world.checked(safe)
    await world.checked(elsewhere, to=HANOI)
    await world.checked(expires, until=world.day(0))
    await world.checked(undecided, verdict=types.HOME_SAFETY_WARNING_SIGNS)
    # Planned for the day after the last one on which she may leave.
    expected = {
        unasked.number: "HOME_NOT_CHECKED",
        elsewhere.number: "HOME_CHECKED_ELSEWHERE",
        expires.number: "HOME_CHECK_EXPIRED",
        undecided.number: "HOME_SAFETY_UNDECIDED",
    }
    request = journeys_pb2.ListAwaitingVerdictRequest(page_size=2)
    found: list[journeys_pb2.AwaitingVerdict] = []
    while True:
        answer = await world.at(POST).ListAwaitingVerdict(request)
        found += answer.people
        if not answer.next_page_token:
            break
        request.page_token = answer.next_page_token
    assert {one.case_number: one.missing for one in found} == expected
    assert found[-1].case_number == undecided.number, "who is without a plan comes last"
    assert (found[-1].to_office_id, found[-1].expected_departure_on) == (QUANG_NINH, "")
    assert not (await world.at(OTHER_POST).ListAwaitingVerdict(journeys_pb2.ListAwaitingVerdictRequest())).people
    limited = journeys_pb2.ListAwaitingVerdictRequest(province="20@2025", office_id=POST)
    assert len((await world.at("SV-NATIONAL", "national").ListAwaitingVerdict(limited)).people) == len(expected)
