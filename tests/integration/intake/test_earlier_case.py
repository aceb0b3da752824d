"""Whoever registers somebody again may name the case of the earlier return, and learns nothing about it by that."""

from __future__ import annotations

import uuid
from typing import Any, Final

import pytest

from homeward.events.v1 import handover_pb2
from homeward.intake.v1 import people_pb2, submissions_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from services.chassis.kernel.case_number import MAX_SEQUENCE, format_case_number
from tests.integration.intake.people import INVENTED_NAME, person, submission
from tests.integration.intake.world import CENTRE, COMMUNE, OTHER_AGENCY, OTHER_POST, POST, Custody, World

NEVER_GIVEN: Final = format_case_number(MAX_SEQUENCE - 1)


async def number_of(world: World, case: uuid.UUID, office_id: str = POST) -> str:
    """The number on the person's paper."""
    return (await world.get(office_id, case)).case_number


async def registered_again(world: World, office_id: str, *people: people_pb2.Person) -> list[uuid.UUID]:
    receipt = (await world.call(office_id, submission(*people, at=world.clock.now()))).receipt
    return [uuid.UUID(entry.case_id) for entry in receipt.entries]


async def registrations(world: World) -> dict[str, handover_pb2.CaseRegistered]:
    said = [one.message for one in await world.said(handover_pb2.CaseRegistered)]
    return {one.case_id: one for one in said if isinstance(one, handover_pb2.CaseRegistered)}


async def test_the_earlier_case_goes_with_the_registration(world: World) -> None:
    earlier = await world.registered()
    number = await number_of(world, earlier)
    written = number.removeprefix("HW-").replace("-", " ")
    [again, other] = await registered_again(
        world, OTHER_POST, person(earlier_case=f" {written}"), person("Trần Văn Thí Dụ")
    )
    told = await registrations(world)
    assert told[str(again)].earlier_case_id == str(earlier)
    assert told[str(again)].earlier_case_match == types.EARLIER_CASE_MATCH_LIKELY
    assert told[str(other)].earlier_case_id == ""
    assert told[str(other)].earlier_case_match == types.EARLIER_CASE_MATCH_UNSPECIFIED
    assert (await world.read(OTHER_POST, again)).person.earlier_case == number
    rows = await world.rows("SELECT id, earlier_case_id FROM intake_case WHERE earlier_case_id IS NOT NULL")
    assert [tuple(row) for row in rows] == [(again, earlier)]


@pytest.mark.parametrize("office_id", [COMMUNE, CENTRE, OTHER_AGENCY, POST])
async def test_any_office_that_registers_may_name_it(world: World, office_id: str) -> None:
    earlier = await world.registered(office_id=OTHER_POST)
    request = submissions_pb2.RegisterSelfReturnRequest(
        request_id=str(uuid.uuid4()),
        person=person(earlier_case=str(earlier)),
        route=types.ROUTE_OF_RETURN_SELF_RETURN,
    )
    request.report_time.FromDatetime(world.clock.now())
    [entry] = (await world.call(office_id, request)).receipt.entries
    assert (await registrations(world))[entry.case_id].earlier_case_id == str(earlier)
    # Naming a case opens no door to it.
    with pytest.raises(RpcFailure, match="CASE_NOT_FOUND"):
        await world.read(office_id, earlier)


@pytest.mark.parametrize("end", ["closed", "withdrawn"])
async def test_a_case_that_ended_is_named_like_an_open_one(world: World, end: str) -> None:
    earlier = await world.registered()
    number = await number_of(world, earlier)
    custody = Custody(earlier)
    await world.hear(earlier, custody.registered())
    ended = {
        "closed": (types.CASE_PHASE_CLOSED, types.CUSTODY_CAUSE_CLOSED),
        "withdrawn": (types.CASE_PHASE_WITHDRAWN, types.CUSTODY_CAUSE_WITHDRAWN),
    }[end]
    await world.hear(earlier, custody.changed(*ended))
    [again] = await registered_again(world, OTHER_POST, person(earlier_case=number))
    assert (await registrations(world))[str(again)].earlier_case_id == str(earlier)


@pytest.mark.parametrize("written", [NEVER_GIVEN, str(uuid.UUID(int=5))])
async def test_a_number_that_names_no_case_is_taken_like_one_that_does(world: World, written: str) -> None:
    earlier = await world.registered()
    for named in (written, await number_of(world, earlier)):
        [again] = await registered_again(world, OTHER_POST, person("Trần Văn Khác", earlier_case=named))
        assert (await world.read(OTHER_POST, again)).person.earlier_case == named
    told = await registrations(world)
    assert [one.earlier_case_id for one in told.values()][-2:] == ["", str(earlier)]
    assert told[str(again)].earlier_case_match == types.EARLIER_CASE_MATCH_UNLIKELY


async def test_what_is_no_number_is_told_with_everything_else_and_not_repeated(world: World) -> None:
    people = [person(), person(earlier_case=INVENTED_NAME, birth_date="gestern")]
    with pytest.raises(RpcFailure) as caught:
        await registered_again(world, POST, *people)
    found = {(one.row, one.field, one.code) for one in caught.value.violations}
    assert found == {(2, "birth_date", "BAD_FORMAT"), (2, "earlier_case", "BAD_FORMAT")}
    assert INVENTED_NAME not in str(caught.value.violations)
    assert await world.count("intake_case") == 0


async def test_the_answer_stands_though_it_is_asked_for_again(world: World) -> None:
    earlier = await world.registered()
    request = submission(person(earlier_case=await number_of(world, earlier)), at=world.clock.now())
    first = await world.call(POST, request)
    assert await world.call(POST, request) == first
    assert await world.count("intake_case") == 2


async def test_a_correction_sets_the_earlier_case_right(world: World) -> None:
    earlier, other = await world.registered(), await world.registered(person("Trần Văn Khác"))
    [again] = await registered_again(world, OTHER_POST, person(earlier_case=await number_of(world, earlier)))

    async def corrected(**fields: Any) -> handover_pb2.CaseCorrected:
        request = submissions_pb2.CorrectCaseRequest(
            request_id=str(uuid.uuid4()), case=str(again), reason="Ghi nhầm", person=people_pb2.Person(**fields)
        )
        request.update_mask.paths.extend(fields)
        await world.call(OTHER_POST, request)
        told = (await world.said(handover_pb2.CaseCorrected))[-1].message
        assert isinstance(told, handover_pb2.CaseCorrected)
        return told

    told = await corrected(health_remarks="Bịa đặt")
    assert not told.earlier_case_told
    told = await corrected(birth_date="1950")
    assert (told.earlier_case_told, told.earlier_case_id) == (True, str(earlier))
    assert told.earlier_case_match == types.EARLIER_CASE_MATCH_UNLIKELY
    told = await corrected(earlier_case=str(other))
    assert (told.earlier_case_id, list(told.fields)) == (str(other), ["earlier_case"])
    told = await corrected(earlier_case=NEVER_GIVEN)
    assert (told.earlier_case_told, told.earlier_case_id) == (True, "")
    told = await corrected(earlier_case="")
    assert (told.earlier_case_told, told.earlier_case_id) == (True, "")
    rows = await world.rows("SELECT earlier_case_id FROM intake_case WHERE id = :id", id=again)
    assert [row.earlier_case_id for row in rows] == [None]
