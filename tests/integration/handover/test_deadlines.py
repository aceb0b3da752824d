"""Overdue, lost, escalated: what time tells, once each, whatever was down."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

from homeward.handover.v1 import searches_pb2 as api
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.clock import end_of_local_day
from tests.integration.handover.world import (
    HANOI,
    POST,
    QUANG_NINH,
    Case,
    World,
    names,
    refused,
)


async def test_nothing_fires_before_its_time(world: World) -> None:
    await world.registered()
    assert await world.after_days(10) == []
    assert names(await world.after_days(1)) == ["TransferOverdue"]


async def test_dispatch_due_repeats_on_its_grid_until_she_is_lost(world: World) -> None:
    case = await world.registered()
    *rounds, lost = await world.after_days(35)
    assert [(each.rule, each.due_on, each.level, each.first_due_on) for each in rounds] == [
        ("DISPATCH_DUE", "2026-03-12", 1, ""),
        ("DISPATCH_DUE", "2026-03-22", 2, "2026-03-12"),
        ("DISPATCH_DUE", "2026-04-01", 3, "2026-03-12"),
    ]
    assert (lost.reason, lost.accountable_office_id, lost.to_office_id) == (types.LOST_REASON_NOT_SENT_ON, POST, "")
    assert await world.stands(case) == ("SEARCH", POST, "SEARCH_ESCALATE")
    assert names(await world.after_days(21)) == ["SearchEscalated"] * 3, "up to the nation, and no round beside it"
    await world.dispatch(case)
    assert "SearchResolved" in names(await world.heard())


async def test_it_fires_with_the_first_instant_of_the_next_day_and_is_not_late(
    world: World,
) -> None:
    await world.registered()
    await world.heard()
    world.clock.move_to(end_of_local_day(date(2026, 3, 12)) - timedelta(microseconds=1))
    assert await world.look() == 0
    world.clock.move_by(timedelta(microseconds=1))
    assert await world.look() == 1
    (overdue,) = await world.heard()
    assert not overdue.late


async def test_from_overdue_to_lost_to_escalated(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)  # expected on 3 March: acknowledge by Friday 6 March
    assert await world.after_days(4) == []
    (overdue,) = await world.after_days(1)
    assert (overdue.rule, overdue.due_on) == ("TRANSFER_ACKNOWLEDGE", "2026-03-06")
    assert (overdue.accountable_office_id, overdue.to_office_id) == (POST, QUANG_NINH)
    assert await world.stands(case) == ("IN_TRANSIT", POST, "TRANSFER_LOST")

    assert await world.after_days(6) == []
    (lost,) = await world.after_days(1)  # 14 March
    assert lost.reason == types.LOST_REASON_NOT_ACKNOWLEDGED
    assert (lost.accountable_office_id, lost.to_office_id) == (POST, QUANG_NINH)
    assert await world.stands(case) == ("SEARCH", POST, "SEARCH_ESCALATE")

    said = await world.after_days(14)
    assert names(said) == ["SearchEscalated"] * 2
    assert [each.level for each in said] == [1, 2]
    (search,) = (await world.at(POST).ListLost(api.ListLostRequest())).searches
    assert (search.escalation_level, search.age_days) == (2, 14)
    assert search.escalate_on == "2026-04-03"


async def test_a_late_acknowledgement_ends_the_search_as_found(world: World) -> None:
    case = await _lost_on_the_way(world)
    arrived = await world.acknowledge(case, on="2026-03-03")
    assert arrived.overdue
    said = await world.heard()
    assert names(said) == ["TransferAcknowledged", "CustodyChanged", "SearchResolved"]
    assert said[0].late
    assert said[2].resolution == types.SEARCH_RESOLUTION_FOUND
    assert said[2].accountable_office_id == QUANG_NINH
    assert await world.stands(case) == ("ARRIVED", QUANG_NINH, "OBLIGATIONS_CONFIRM")
    assert not (await world.at(POST).ListLost(api.ListLostRequest())).searches


async def test_a_late_acknowledgement_taken_back_is_lost_again(world: World) -> None:
    case = await _lost_on_the_way(world)
    await world.acknowledge(case)
    await world.take_back(case)
    assert await world.stands(case) == ("IN_TRANSIT", POST, "TRANSFER_LOST")
    await world.heard()
    await world.look()
    assert await world.names_heard() == ["PersonLost"]
    assert await world.stands(case) == ("SEARCH", POST, "SEARCH_ESCALATE")


async def test_a_rejection_ends_the_search_at_the_sender(world: World) -> None:
    case = await _lost_on_the_way(world)
    await world.reject(case)
    said = await world.heard()
    assert names(said) == ["TransferRejected", "SearchResolved"]
    assert said[1].resolution == types.SEARCH_RESOLUTION_RETURNED_TO_SENDER
    assert await world.stands(case) == ("REJECTED", POST, "REDISPATCH_AFTER_REJECT")


async def test_sent_on_in_a_search_is_redirected(world: World) -> None:
    case = await _lost_on_the_way(world)
    assert await refused(world.dispatch(case, to=HANOI)) == "ALREADY_SENT"
    await world.recall(case)
    assert await world.stands(case) == ("SEARCH", POST, "SEARCH_ESCALATE")
    await world.plan(case, to=HANOI)
    assert (await world.stands(case))[0] == "SEARCH", "a plan finds nobody"
    await world.heard()
    await world.dispatch(case, to="")
    said = await world.heard()
    assert names(said) == ["TransferDispatched", "SearchResolved"]
    assert said[1].resolution == types.SEARCH_RESOLUTION_REDIRECTED
    assert await world.stands(case) == ("IN_TRANSIT", POST, "TRANSFER_ACKNOWLEDGE")


async def test_rejected_and_not_sent_on_is_lost(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.reject(case)
    said = await world.after_days(3)
    assert names(said) == ["TransferOverdue", "PersonLost"]
    assert (said[0].rule, said[0].transfer_id) == ("REDISPATCH_AFTER_REJECT", "")
    assert said[1].reason == types.LOST_REASON_REJECTED_NOT_REDISPATCHED
    assert await world.stands(case) == ("SEARCH", POST, "SEARCH_ESCALATE")


async def test_supervisors_learn_day_by_day_that_followup_is_silent(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.acknowledge(case)
    assert names(await world.after_days(3)) == ["FollowUpsUnconfirmed"] * 3
    await world.followed(case, segment=2)
    assert await world.after_days(3) == []


async def test_a_scheduler_down_for_a_week_fires_once_and_says_late(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.heard()
    world.clock.move_by(timedelta(days=11))  # 13 March: the 6th passed a week ago, the lost not yet
    await world.look()
    (overdue,) = await world.heard()
    assert overdue.late
    assert await world.stands(case) == ("IN_TRANSIT", POST, "TRANSFER_LOST")
    assert await world.look() == 0


async def test_a_chain_that_passed_meanwhile_fires_each_link_once(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.heard()
    world.clock.move_by(timedelta(days=40))
    assert await world.rooms.ticks[0].look() == 1
    assert await world.names_heard() == ["TransferOverdue"]
    assert await world.rooms.ticks[0].look() == 1
    (lost,) = await world.heard()
    assert lost.late
    assert await world.look() == 0, "escalations that went by are stepped over"
    (due,) = await world.rows("SELECT due_on FROM obligation WHERE state = 'ARMED'")
    # From 13 March every seven days; today is 11 April.
    assert due.due_on == date(2026, 4, 17)
    (search,) = (await world.at(POST).ListLost(api.ListLostRequest())).searches
    assert search.age_days == 28, "the age counts from when she was lost"


async def test_a_repeating_deadline_fires_once_after_an_outage(world: World) -> None:
    await world.registered()
    await world.heard()
    world.clock.move_by(timedelta(days=50))
    assert await world.look() == 1
    (overdue,) = await world.heard()
    assert overdue.late
    (due,) = await world.rows("SELECT due_on FROM obligation WHERE state = 'ARMED'")
    # From 12 March every ten days; today is 21 April, and a thing due today has not passed.
    assert due.due_on == date(2026, 4, 21)


async def test_two_looks_at_once_fire_once(world: World) -> None:
    for _ in range(5):
        await world.registered()
    await world.heard()
    world.clock.move_by(timedelta(days=11))
    look = world.rooms.ticks[0].look
    fired = await asyncio.gather(look(), look(), look())
    assert sum(fired) == 5
    assert await world.names_heard() == ["TransferOverdue"] * 5


async def test_an_acknowledgement_and_a_look_at_once(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    await world.heard()
    world.clock.move_by(timedelta(days=6))
    await asyncio.gather(world.acknowledge(case), world.rooms.ticks[0].look())
    said = await world.names_heard()
    assert said in (
        ["TransferAcknowledged", "CustodyChanged"],
        ["TransferOverdue", "TransferAcknowledged", "CustodyChanged"],
    )
    assert await world.stands(case) == ("ARRIVED", QUANG_NINH, "OBLIGATIONS_CONFIRM")


async def _lost_on_the_way(world: World) -> Case:
    case = await world.registered()
    await world.dispatch(case)
    await world.after_days(12)
    assert await world.stands(case) == ("SEARCH", POST, "SEARCH_ESCALATE")
    return case
