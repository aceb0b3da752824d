"""What handover tells because of a closing or re-opening decided here is known by its cause."""

from __future__ import annotations

import uuid
from datetime import date

from homeward.events.v1 import followup_pb2 as said
from homeward.type.v1 import types_pb2 as types
from tests.integration.followup.world import Case, World

ARRIVED_ON = date(2026, 3, 1)


async def decisions(world: World) -> list[uuid.UUID]:
    """The events that said closings and re-openings, in their order."""
    return [
        event.event_id for event in await world.said() if isinstance(event.message, said.CaseClosed | said.CaseReopened)
    ]


async def phase(world: World, case: Case) -> str:
    [row] = await world.rows("SELECT phase FROM followup_case WHERE case_id = :id", id=case.id)
    return str(row.phase)


async def test_answers_that_come_late_undo_nothing(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    await world.close(case, "LEFT_AREA")
    await world.reopen(case)
    await world.close(case, "SECURITY")
    await world.reopen(case)
    watched = await world.armed(case)
    await world.heard()
    causes = ("CLOSED", "REOPENED", "CLOSED", "REOPENED")
    for cause, event_id in zip(causes, await decisions(world), strict=True):
        told = types.CasePhase.Name(types.CASE_PHASE_CLOSED if cause == "CLOSED" else types.CASE_PHASE_FOLLOW_UP)
        await world.custody(case, cause, phase=told.removeprefix("CASE_PHASE_"), caused_by=event_id)
        assert await phase(world, case) == "FOLLOW_UP"
    assert await world.heard() == []
    assert await world.armed(case) == watched


async def test_an_answer_that_comes_twice_undoes_nothing(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    await world.close(case, "LEFT_AREA")
    [closing] = await decisions(world)
    await world.reopen(case)
    for _ in range(2):
        await world.custody(case, "CLOSED", phase="CLOSED", caused_by=closing)
    assert await phase(world, case) == "FOLLOW_UP"


async def test_a_closing_decided_elsewhere_is_no_answer(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    await world.close(case, "LEFT_AREA")
    await world.reopen(case)
    _, reopening = await decisions(world)
    await world.custody(case, "CLOSED", phase="CLOSED")
    assert (await phase(world, case), await world.armed(case)) == ("CLOSED", [])
    await world.custody(case, "REOPENED", phase="FOLLOW_UP", caused_by=reopening)
    assert await phase(world, case) == "FOLLOW_UP"
    assert len(await world.armed(case)) == 3


async def test_what_another_case_or_another_event_caused_is_no_answer(world: World) -> None:
    """Only a closing or re-opening of this very case, said here, is one."""
    case, other = await world.arrived(ARRIVED_ON), await world.arrived(ARRIVED_ON)
    await world.close(other, "LEFT_AREA")
    [closing_of_other] = await decisions(world)
    scheduled = (await world.said())[0].event_id
    for caused_by in (closing_of_other, scheduled, uuid.uuid4()):
        await world.close(case, "LEFT_AREA")
        await world.reopen(case)
        await world.custody(case, "CLOSED", phase="CLOSED", caused_by=caused_by)
        assert await phase(world, case) == "CLOSED"
        await world.reopen(case)
