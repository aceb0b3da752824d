"""An office ends: its open cases and looks again move with their due dates; the calendar moves open working days."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from time import monotonic

import pytest
from google.protobuf.message import Message
from sqlalchemy import text

from homeward.events.v1 import office_pb2
from homeward.office.v1 import office_end_pb2 as pb
from services.chassis.events.streams import OFFICE_SUBJECT
from services.chassis.events.units import UnitOfWork
from services.followup.storage.holdings import FollowUpHoldings
from tests.integration.followup.world import HANOI, QUANG_NINH, World, world_of
from tests.support.clocks import FakeClock
from tests.support.events import EventScript, deliver, drain
from tests.support.fixtures import ChassisFor, ServiceDatabase, TokenFor
from tests.support.waiting import patient

ADMIN = "ADMIN-NATIONAL"
ARRIVED_ON = date(2026, 3, 1)
YESTERDAY = "2026-03-01"


@pytest.fixture
async def world(
    service_database: ServiceDatabase, chassis_for: ChassisFor, clock: FakeClock, token_for: TokenFor
) -> AsyncIterator[World]:
    chassis = chassis_for("followup", service_database("followup"), clock)
    async with world_of(chassis, clock, token_for) as world:
        yield world


@pytest.fixture
def script(clock: FakeClock) -> EventScript:
    return EventScript(clock)


async def told(world: World, script: EventScript, *events: Message) -> None:
    await deliver(world.chassis, *(script.event(OFFICE_SUBJECT, event) for event in events))
    await drain(world.chassis, world.rooms.handlers)


def ended(office_id: str = HANOI, successor_id: str = QUANG_NINH, heir_id: str = "") -> office_pb2.OfficeEnded:
    return office_pb2.OfficeEnded(
        office_id=office_id, successor_id=successor_id, valid_to=YESTERDAY, heir_id=heir_id or successor_id
    )


async def progress(world: World, office_id: str = HANOI) -> pb.GetOfficeEndResponse:
    return await world.stub.GetOfficeEnd(pb.GetOfficeEndRequest(office_id=office_id), **world.as_office(ADMIN))


async def test_open_cases_move_with_their_due_dates(world: World, script: EventScript) -> None:
    cases = [await world.arrived(ARRIVED_ON) for _ in range(3)]
    elsewhere = await world.arrived(ARRIVED_ON, "SA-24")
    await world.close(cases[2], "DIED")
    armed = await world.armed(cases[0])
    assert not (await progress(world)).done
    assert (await progress(world)).left == 2
    await told(world, script, ended())
    assert [one.office_id for one in await world.follow_ups(cases[0], QUANG_NINH)] == [QUANG_NINH] * 2
    assert await world.armed(cases[0]) == armed
    assert [one.office_id for one in await world.follow_ups(elsewhere, "SA-24")] == ["SA-24"] * 2
    done = await progress(world)
    assert (done.done, done.moved["cases"], done.left) == (True, 2, 0)
    await world.reopen(cases[2], QUANG_NINH)


async def test_taken_in_twice_it_moves_once(world: World, script: EventScript) -> None:
    await world.arrived(ARRIVED_ON)
    await told(world, script, ended())
    await told(world, script, ended())
    assert (await progress(world)).moved["cases"] == 1


async def test_a_custody_told_before_the_end_and_taken_in_after_it_goes_to_the_successor(
    world: World, script: EventScript
) -> None:
    await told(world, script, ended())
    case = await world.arrived(ARRIVED_ON)
    assert [one.office_id for one in await world.follow_ups(case, QUANG_NINH)] == [QUANG_NINH] * 2
    assert (await progress(world)).left == 0


async def test_even_in_the_same_batch(world: World, script: EventScript) -> None:
    """The end is taken in first where its subject comes first in the order of a batch, whichever was said first."""
    case = world.new_case()
    await deliver(world.chassis, script.event(OFFICE_SUBJECT, ended()))
    await world.custody(case, "ARRIVED", HANOI, arrival_on=ARRIVED_ON)
    await world.rooms.ticks[1].look()
    assert {one.office_id for one in await world.follow_ups(case, QUANG_NINH)} == {QUANG_NINH}
    assert (await progress(world)).left == 0


async def test_where_nobody_succeeds_the_supervisor_holds_the_cases(world: World, script: EventScript) -> None:
    case = await world.arrived(ARRIVED_ON)
    await told(world, script, ended(successor_id="", heir_id="SV-01"))
    [row] = await world.rows("SELECT office_id FROM followup_case WHERE case_id = :id", id=case.id)
    assert row.office_id == "SV-01"
    assert world.chassis.directory.holder(HANOI, date(2026, 3, 2)) == "SV-01"


async def test_a_straggler_is_moved_by_the_next_look(world: World, script: EventScript) -> None:
    case = await world.arrived(ARRIVED_ON, "SA-24")
    await told(world, script, ended())
    async with world.chassis.engine.begin() as connection:
        await connection.execute(text("UPDATE followup_case SET office_id = :office"), {"office": HANOI})
    assert (await progress(world)).left == 1
    await world.rooms.ticks[1].look()
    assert (await progress(world)).left == 0
    [row] = await world.rows("SELECT office_id FROM followup_case WHERE case_id = :id", id=case.id)
    assert row.office_id == QUANG_NINH


async def test_a_rule_that_was_changed_counts_for_what_starts_later(world: World, script: EventScript) -> None:
    before = await world.arrived(ARRIVED_ON)
    changed = office_pb2.RuleChanged(
        rule="FOLLOW_UP_3M",
        version=2,
        amount=2,
        unit="MONTHS",
        basis="POLICY",
        legal_source="Invented",
        valid_from="2026-03-02",
    )
    await told(world, script, changed)
    after = await world.arrived(date(2026, 3, 2))
    due = {
        case.id: [on for rule, _, on in await world.armed(case) if rule == "FOLLOW_UP_3M"] for case in (before, after)
    }
    assert due == {before.id: [date(2026, 6, 1)], after.id: [date(2026, 5, 2)]}
    versions = await world.rows(
        "SELECT case_id, rule_version FROM obligation WHERE rule = 'FOLLOW_UP_3M' AND state = 'ARMED'"
    )
    assert {row.case_id: row.rule_version for row in versions} == {before.id: 1, after.id: 2}
    assert await world.at(world.clock.now() + timedelta(days=62)) != []


async def test_a_calendar_moves_open_limits_in_working_days_on_the_case_too(
    world: World, script: EventScript, clock: FakeClock
) -> None:
    changed = office_pb2.RuleChanged(
        rule="CLOSE_DECISION",
        version=2,
        amount=10,
        unit="WORKING_DAYS",
        basis="POLICY",
        legal_source="Invented",
        valid_from="2026-03-02",
    )
    await told(world, script, changed)
    case = await world.arrived(date(2023, 2, 20))
    await world.look()
    for kind in ("MONTHS_3", "YEARS_3"):
        await world.record(case, on=date(2026, 3, 2), kind=kind)
    assert await world.armed(case) == [("CLOSE_DECISION", True, date(2026, 3, 16))]
    days = [office_pb2.CalendarDay(on="2026-03-05", working=False)]
    await told(world, script, office_pb2.CalendarChanged(version=1, days=days))
    assert await world.armed(case) == [("CLOSE_DECISION", True, date(2026, 3, 17))]
    assert await world.watched(case) == await world.armed(case)
    # State and what is watched agree: the deadline fires, and a later command finds nothing to put right.
    await world.heard()
    clock.move_by(timedelta(days=16))
    await world.look()
    assert [event.DESCRIPTOR.name for event in await world.heard()] == ["FollowUpEscalated"]


async def test_two_thousand_cases_move_in_one_transaction_within_seconds(world: World) -> None:
    """Measured: 0.2 s on two cores."""
    case = await world.arrived(ARRIVED_ON)
    async with world.chassis.engine.begin() as connection:
        copies = "SELECT gen_random_uuid() AS copy_id FROM generate_series(1, 1999)"
        await connection.execute(text(f"CREATE TEMP TABLE copies ON COMMIT DROP AS {copies}"))
        made = {"case_id": "copy_id", "id": "gen_random_uuid()"}
        for table in ("followup_case", "follow_up", "obligation"):
            found = await connection.execute(
                text("SELECT column_name FROM information_schema.columns WHERE table_name = :table"), {"table": table}
            )
            columns = [row.column_name for row in found]
            values = ", ".join(made.get(column, f"c.{column}") for column in columns)
            statement = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} c, copies"
            await connection.execute(text(statement + " WHERE c.case_id = :id"), {"id": case.id})
    holdings = FollowUpHoldings(world.chassis.calendar)

    async def move(uow: UnitOfWork) -> object:
        return await holdings.move(uow, HANOI, QUANG_NINH)

    began_s = monotonic()
    moved = await world.chassis.units.run(move)
    assert monotonic() - began_s < patient(5)
    assert isinstance(moved, dict)
    assert moved["cases"] == 2000
