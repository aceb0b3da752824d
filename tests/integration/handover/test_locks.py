"""Journeys and batches of events lock cases in one order, so that neither waits for the other for ever."""

from __future__ import annotations

import asyncio
import uuid

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from homeward.events.v1 import followup_pb2, handover_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.case_number import format_case_number
from tests.integration.handover.world import POST, Case, World
from tests.support.clocks import eventually
from tests.support.events import deliver, drain

WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
LOCK = text("SELECT case_id FROM custody WHERE case_id = :id FOR UPDATE")
LOCK_AT_ONCE = text("SELECT case_id FROM custody WHERE case_id = :id FOR UPDATE NOWAIT")
WAITS_WITHIN_S = 6.0


async def _waiting(engine: AsyncEngine) -> int:
    # One transaction sees one state of all connections.
    async with engine.connect() as connection:
        return int(await connection.scalar(WAITING) or 0)


async def test_a_batch_with_a_later_return_locks_the_earlier_case_in_its_turn(world: World) -> None:
    first, second = sorted([await world.registered(), await world.registered()], key=lambda case: case.id)
    later = Case(uuid.UUID(int=1), format_case_number(77))
    again = handover_pb2.CaseRegistered(
        case_id=str(later.id),
        case_number=later.number,
        receiving_office_id=POST,
        age_band=types.AGE_BAND_ADULT,
        earlier_case_id=str(second.id),
        earlier_case_match=types.EARLIER_CASE_MATCH_LIKELY,
    )
    visited = followup_pb2.FollowUpRecorded(case_id=str(first.id))
    await deliver(world.chassis, world.script.event(later.id, again), world.script.event(first.id, visited))
    async with world.chassis.engine.connect() as journey:
        await journey.execute(LOCK, {"id": first.id})
        batch = asyncio.create_task(drain(world.chassis, world.rooms.handlers, world.rooms.lock_batch))
        await eventually(lambda: _waiting(world.chassis.engine), WAITS_WITHIN_S)
        await journey.execute(LOCK_AT_ONCE, {"id": second.id})
        await journey.rollback()
    assert await batch == 2
    assert (await world.stands(second))[0] == "SEARCH"
