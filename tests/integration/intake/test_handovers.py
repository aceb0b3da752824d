"""Handovers as a whole: which there were, and one with everybody in it, for its minutes."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from homeward.intake.v1 import cases_pb2, handovers_pb2, reading_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from services.chassis.kernel.clock import local_date
from tests.integration.intake.people import person, submission
from tests.integration.intake.world import OTHER_POST, POST, PURPOSE, Custody, World


async def test_the_handovers_of_a_post_come_by_day_the_latest_first(world: World) -> None:
    registered = []
    for _ in range(3):
        request = submission(person(), person("Trần Thị Mẫu"), at=world.clock.now())
        registered.append((await world.call(POST, request)).receipt)
        world.clock.move_by(timedelta(days=1))
    await world.registered(office_id=OTHER_POST)
    asked = handovers_pb2.ListHandoversRequest(page_size=2)
    first = await world.call(POST, asked)
    asked.page_token = first.next_page_token
    second = await world.call(POST, asked)
    found = [*first.handovers, *second.handovers]
    assert [each.handover_id for each in found] == [each.handover_id for each in reversed(registered)]
    assert list(found[0].case_numbers) == [entry.case_number for entry in registered[-1].entries]
    assert (found[0].gate_id, found[0].route) == ("CN-HUU-NGHI", types.ROUTE_OF_RETURN_OFFICIAL_HANDOVER)

    async def on(**days: Any) -> list[str]:
        answer = await world.call(POST, handovers_pb2.ListHandoversRequest(**days))
        return [each.handover_id for each in answer.handovers]

    yesterday = (local_date(world.clock.now()) - timedelta(days=1)).isoformat()
    assert await on(from_on=yesterday) == [registered[2].handover_id]
    assert await on(until_on=yesterday, from_on=yesterday) == [registered[2].handover_id]
    assert len(await on(until_on=yesterday)) == 3
    assert await on(until_on="0001-01-01") == []
    assert len(await on(from_on="0001-01-01", until_on="9999-12-31")) == 3


async def test_the_minutes_show_everybody_and_each_reading_is_logged(world: World) -> None:
    request = submission(person(), person("Trần Thị Mẫu"), at=world.clock.now())
    receipt = (await world.call(POST, request)).receipt
    shown = await world.call(POST, handovers_pb2.GetHandoverRequest(handover_id=receipt.handover_id, purpose=PURPOSE))
    assert (shown.place.gate_id, shown.handing_body) == ("CN-HUU-NGHI", "Công an Bịa Đặt")
    assert shown.joint_minutes_number == "BB-TƯỞNG-TƯỢNG-5"
    assert [each.person.full_name for each in shown.cases] == ["Nguyễn Thị Ví Dụ", "Trần Thị Mẫu"]
    assert [each.case_number for each in shown.cases] == list(shown.handover.case_numbers)
    logged = await world.rows("SELECT case_id, identity_view FROM access_log ORDER BY sequence")
    assert [(str(row.case_id), row.identity_view) for row in logged] == [
        (entry.case_id, "FULL") for entry in receipt.entries
    ]


async def test_who_was_handed_on_stands_there_by_her_number_alone(world: World) -> None:
    request = submission(person(), person("Trần Thị Mẫu"), at=world.clock.now())
    receipt = (await world.call(POST, request)).receipt
    gone = uuid.UUID(receipt.entries[0].case_id)
    custody = Custody(gone)
    await world.hear(gone, custody.registered(), custody.dispatched("SA-08"), *custody.arrived())
    read = handovers_pb2.GetHandoverRequest(handover_id=receipt.handover_id, purpose=PURPOSE)
    shown = (await world.call(POST, read)).cases
    assert [each.HasField("person") for each in shown] == [False, True]
    assert shown[0].identity_view == cases_pb2.IDENTITY_VIEW_NONE
    assert shown[0].case_number == receipt.entries[0].case_number


async def test_others_and_the_curious_learn_nothing(world: World) -> None:
    receipt = (await world.call(POST, submission(at=world.clock.now()))).receipt
    read = handovers_pb2.GetHandoverRequest(handover_id=receipt.handover_id, purpose=PURPOSE)
    nothing = handovers_pb2.GetHandoverRequest(handover_id=str(uuid.uuid4()), purpose=PURPOSE)
    for office, request in ((OTHER_POST, read), (POST, nothing)):
        with pytest.raises(RpcFailure) as refused:
            await world.call(office, request)
        assert refused.value.reason == "HANDOVER_NOT_FOUND"
    with pytest.raises(RpcFailure) as unsaid:
        await world.call(POST, handovers_pb2.GetHandoverRequest(handover_id=receipt.handover_id))
    assert [(each.field, each.code) for each in unsaid.value.violations] == [("purpose", "REQUIRED")]
    assert await world.count("access_log") == 0


async def test_cases_can_be_listed_by_handover_and_day(world: World) -> None:
    first = (await world.call(POST, submission(person(), person("Trần Thị Mẫu"), at=world.clock.now()))).receipt
    day = local_date(world.clock.now()).isoformat()
    world.clock.move_by(timedelta(days=2))
    await world.registered()

    async def listed(**wanted: Any) -> int:
        return len((await world.call(POST, reading_pb2.ListCasesRequest(**wanted))).cases)

    assert await listed() == 3
    assert await listed(handover_id=first.handover_id) == 2
    assert await listed(received_until=day) == 2
    assert await listed(received_from=day, received_until=day) == 2
    assert await listed(received_from=local_date(world.clock.now()).isoformat()) == 1
