"""What the history of a case tells besides journeys: discharges, corrections, why a search was closed."""

from __future__ import annotations

import pytest

from homeward.events.v1 import handover_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from tests.integration.handover.world import CENTRE, POST, Case, World


async def _corrected(world: World, case: Case, *fields: str) -> None:
    event = handover_pb2.CaseCorrected(
        case_id=str(case.id), age_band=types.AGE_BAND_ADULT, fields=fields, correcting_office_id=POST
    )
    await world.told(case, event)


async def test_a_stay_and_its_discharge_are_told_to_whoever_had_her(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case, to=CENTRE)
    await world.acknowledge(case, by=CENTRE)
    (stay,) = (await world.custody(case, by=CENTRE)).stays
    assert (stay.office_id, stay.admitted_on, stay.discharged_on) == (CENTRE, world.day(0), "")
    await world.discharge(case)
    (stay,) = (await world.custody(case, by=CENTRE)).stays
    assert (stay.discharged_on, stay.province.code) == (world.day(0), "22")
    assert stay.destination == types.DISCHARGE_DESTINATION_OWN_CHOICE
    assert not (await world.custody(case, by=POST)).stays, "what happened at the centre is the centre's business"


async def test_the_supervisor_of_her_home_sees_where_she_is_and_none_elsewhere(world: World) -> None:
    case = await world.registered()
    assert (await world.custody(case, by="SV-22")).accountable_office_id == POST
    for office_id in ("SV-15", "SA-22"):
        with pytest.raises(RpcFailure) as refused:
            await world.custody(case, by=office_id)
        assert refused.value.reason == "CASE_NOT_FOUND"


async def test_corrections_are_told_by_the_names_of_their_fields(world: World) -> None:
    case = await world.registered()
    await _corrected(world, case, "full_name", "birth_date")
    await _corrected(world, case, "home_province")
    corrections = (await world.custody(case, by=POST)).corrections
    assert [list(each.fields) for each in corrections] == [["full_name", "birth_date"], ["home_province"]]
    assert all(each.HasField("correct_time") for each in corrections)
    assert [each.office_id for each in corrections] == [POST, POST]


async def test_why_a_search_was_closed_is_told(world: World) -> None:
    case = await world.registered()
    await world.lose(case)
    await world.resolve(case, types.SEARCH_RESOLUTION_CLOSED, close_reason=types.CLOSE_REASON_DIED, etag="")
    (search,) = (await world.custody(case, by=POST)).searches
    assert search.close_reason == types.CLOSE_REASON_DIED
