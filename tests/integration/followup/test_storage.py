"""The tables are what the code believes, and a command and a look at the clock do not cross each other."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from homeward.events.v1 import followup_pb2 as said
from services.chassis.kernel.clock import start_of_local_day
from services.chassis.storage.tables import table_of
from services.followup.storage.tables import FollowUpCaseRow, FollowUpRow
from tests.integration.followup.world import World


@pytest.mark.parametrize("model", [FollowUpCaseRow, FollowUpRow], ids=lambda model: model.__tablename__)
async def test_the_models_and_the_migration_agree(
    world: World, model: type[FollowUpCaseRow] | type[FollowUpRow]
) -> None:
    table = table_of(model)
    columns = await world.rows(
        "SELECT column_name, is_nullable FROM information_schema.columns WHERE table_name = :name",
        name=table.name,
    )
    assert {row.column_name: row.is_nullable == "YES" for row in columns} == {
        column.name: bool(column.nullable) for column in table.columns
    }
    indexes = await world.rows("SELECT indexname FROM pg_indexes WHERE tablename = :name", name=table.name)
    assert {index.name for index in table.indexes} <= {row.indexname for row in indexes}


async def test_a_record_and_a_look_at_once_leave_one_watched_deadline(world: World) -> None:
    cases = [await world.arrived(date(2026, 3, 1)) for _ in range(4)]
    await world.heard()
    world.clock.move_to(start_of_local_day(date(2026, 6, 15)))
    await asyncio.gather(*(world.record(case) for case in cases), world.look(), world.look())
    await world.look()
    for case in cases:
        assert await world.armed(case) == [("FOLLOW_UP_3Y", True, date(2029, 3, 1))]
    events = await world.heard()
    assert sum(isinstance(event, said.FollowUpRecorded) for event in events) == len(cases)
    for case in cases:
        of_case = [event for event in events if event.case_id == str(case.id)]
        assert isinstance(of_case[-1], said.FollowUpRecorded), "nothing may be said of a follow-up once recorded"


async def test_every_change_of_a_follow_up_gives_it_another_etag(world: World) -> None:
    case = await world.arrived(date(2026, 3, 1))
    seen = [(await world.follow_ups(case))[0].etag]
    await world.at(start_of_local_day(date(2026, 6, 1)))
    seen.append((await world.follow_ups(case))[0].etag)
    seen.append((await world.record(case, "NOT_REACHED")).etag)
    world.clock.move_by(timedelta(days=1))
    seen.append((await world.record(case)).etag)
    assert seen == ['"1"', '"2"', '"3"', '"4"']
