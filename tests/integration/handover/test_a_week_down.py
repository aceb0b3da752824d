"""No scheduler looked for a week: each deadline that passed fires once, marked late, whatever rule it is of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from homeward.handover.v1 import stays_pb2 as api
from homeward.type.v1 import types_pb2 as types
from services.handover.domain.words import WATCHED_RULES, RuleCode
from tests.integration.handover.world import Case, World, names, new_id

ASSESSMENT, SOCIAL, SHELTER = "RC-LAO-CAI", "RC-SOCIAL-22", "RC-PEACE-HOUSE"
A_WEEK_DOWN = timedelta(days=7, hours=2)

Setup = Callable[[World], Awaitable[Case]]


async def registered(world: World) -> Case:
    """She waits at the gate."""
    return await world.registered()


async def on_the_way(world: World) -> Case:
    """She left."""
    case = await world.registered()
    await world.dispatch(case)
    return case


async def not_acknowledged(world: World) -> Case:
    """Nobody said in time that she arrived."""
    return await after_the_next(world, await on_the_way(world))


async def lost(world: World) -> Case:
    """She is searched for."""
    return await after_the_next(world, await not_acknowledged(world))


async def rejected(world: World) -> Case:
    """Nobody takes her."""
    case = await on_the_way(world)
    await world.reject(case)
    return case


async def arrived(world: World) -> Case:
    """She is home, and followup is silent."""
    case = await on_the_way(world)
    await world.acknowledge(case)
    return case


def staying(facility: str) -> Setup:
    """She stays in a facility, which was warned that the stay comes to its end."""

    async def setup(world: World) -> Case:
        return await after_the_next(world, await admitted(world, facility))

    return setup


async def admitted(world: World, facility: str = ASSESSMENT) -> Case:
    """She stays in a facility."""
    case = await world.registered()
    await world.dispatch(case, to=facility)
    await world.acknowledge(case, by=facility)
    return case


async def staying_too_long(world: World) -> Case:
    """Her stay is over its limit."""
    return await after_the_next(world, await staying(ASSESSMENT)(world))


async def discharged(world: World) -> Case:
    """She left the facility towards the office of the plan."""
    case = await admitted(world)
    await world.plan(case, by=ASSESSMENT)
    request = api.DischargePersonRequest(
        request_id=new_id(), case=case.number, destination=types.DISCHARGE_DESTINATION_PLANNED_TRANSFER
    )
    await world.at(ASSESSMENT).DischargePerson(request)
    return case


PASSED: Mapping[RuleCode, tuple[Setup, list[str]]] = {
    RuleCode.DISPATCH_DUE: (registered, ["TransferOverdue"]),
    # A week after it, the next link of the chain has passed too.
    RuleCode.TRANSFER_ACKNOWLEDGE: (on_the_way, ["TransferOverdue", "PersonLost"]),
    RuleCode.TRANSFER_LOST: (not_acknowledged, ["PersonLost"]),
    RuleCode.REDISPATCH_AFTER_REJECT: (rejected, ["TransferOverdue", "PersonLost"]),
    RuleCode.SEARCH_ESCALATE: (lost, ["SearchEscalated"]),
    RuleCode.OBLIGATIONS_CONFIRM: (arrived, ["FollowUpsUnconfirmed"]),
    RuleCode.FACILITY_STAY_ASSESSMENT_CENTRE: (staying(ASSESSMENT), ["TransferOverdue"]),
    RuleCode.FACILITY_STAY_SOCIAL_PROTECTION_CENTRE: (staying(SOCIAL), ["TransferOverdue"]),
    RuleCode.FACILITY_STAY_SHELTER: (staying(SHELTER), ["TransferOverdue"]),
    RuleCode.FACILITY_STAY_ESCALATE: (staying_too_long, ["TransferOverdue"]),
    RuleCode.DISPATCH_AFTER_DISCHARGE: (discharged, ["TransferOverdue", "PersonLost"]),
}
"""How a deadline of the rule comes to be watched, and what is told after a week without a scheduler."""


async def watched(world: World, case: Case) -> Any:
    """The deadline that is watched."""
    (row,) = await world.rows("SELECT * FROM obligation WHERE case_id = :id AND state = 'ARMED'", id=case.id)
    return row


async def after_the_next(world: World, case: Case) -> Case:
    """The case, just after its next deadline passed in front of a scheduler that looks."""
    world.clock.move_to((await watched(world, case)).due_at)
    assert await world.look() == 1
    return case


def test_every_rule_is_among_them() -> None:
    assert set(PASSED) == WATCHED_RULES


@pytest.mark.parametrize("rule", PASSED)
async def test_each_deadline_fires_once_and_late(world: World, rule: RuleCode) -> None:
    setup, told = PASSED[rule]
    case = await setup(world)
    due = await watched(world, case)
    assert due.rule == rule
    await world.heard()
    world.clock.move_to(due.due_at + A_WEEK_DOWN)

    await world.look()
    said = await world.heard()
    assert names(said) == told
    assert all(event.late for event in said)
    (fired,) = await world.rows("SELECT * FROM obligation WHERE id = :id", id=due.id)
    assert (fired.state, fired.late, fired.fired_at) == ("FIRED", True, world.clock.now())
    assert (await watched(world, case)).due_at > world.clock.now()

    assert await world.look() == 0
    assert await world.heard() == []


async def test_a_stay_that_comes_to_its_end_is_told_once_and_late(world: World) -> None:
    case = await admitted(world)
    warning = await watched(world, case)
    await world.heard()
    world.clock.move_to(warning.due_at + A_WEEK_DOWN)
    await world.look()
    (ending,) = await world.heard()
    assert (names([ending]), ending.late) == (["StayEnding"], True)
    assert (await watched(world, case)).rule == warning.rule
    assert await world.look() == 0


async def test_all_of_them_at_once(world: World) -> None:
    await world.registered()
    cases = [await setup(world) for setup in (on_the_way, rejected, arrived, admitted)]
    await world.heard()
    before = await world.rows("SELECT id FROM obligation WHERE state = 'ARMED'")
    assert len(before) == len(cases) + 1
    world.clock.move_by(timedelta(days=90))
    await world.look()
    fired = await world.rows("SELECT id, late FROM obligation WHERE state = 'FIRED'")
    assert {row.id for row in before} <= {row.id for row in fired}
    assert all(row.late for row in fired)
    assert await world.look() == 0
