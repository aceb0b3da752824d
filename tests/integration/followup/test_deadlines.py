"""The clock: outages, replicas, and the database's own guard."""

from __future__ import annotations

import asyncio
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from homeward.events.v1 import followup_pb2 as said
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.clock import start_of_local_day
from tests.integration.followup.world import HANOI, QUANG_NINH, Case, World

ARRIVED_ON = date(2026, 3, 1)
DUE_3M = date(2026, 6, 1)
OVERDUE_3M = date(2026, 6, 15)


def without_first_contact(events: list[Any]) -> tuple[list[Any], list[Any]]:
    """What was said of the first contact, and the rest: at one instant they have no order."""
    contact = [event for event in events if getattr(event, "rule", "") == "FIRST_CONTACT"]
    return contact, [event for event in events if event not in contact]


async def test_a_scheduler_down_for_months_says_each_thing_once_and_late(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    await world.heard()
    events = await world.at(start_of_local_day(OVERDUE_3M + timedelta(days=100)))
    assert (type(events[0]), events[0].rule) == (said.FollowUpEscalated, "FIRST_CONTACT")
    assert [type(event) for event in events[1:]] == [
        said.FollowUpDue,
        said.FollowUpOverdue,
        said.FollowUpEscalated,
        said.FollowUpNeglected,
    ]
    assert all(event.late for event in events)
    assert await world.look() == 0
    [(rule, _, due_on)] = [each for each in await world.armed(case) if each[1]]
    assert rule == "FOLLOW_UP_ESCALATE"
    assert due_on >= OVERDUE_3M + timedelta(days=100)


async def test_two_looks_at_once_fire_once(world: World) -> None:
    cases = [await world.arrived(ARRIVED_ON) for _ in range(5)]
    await world.heard()
    world.clock.move_to(start_of_local_day(DUE_3M))
    look = world.rooms.ticks[0].look
    counts = await asyncio.gather(*(look() for _ in range(4)))
    assert sum(counts) == 2 * len(cases)
    events = await world.heard()
    for kind in (said.FollowUpEscalated, said.FollowUpDue):
        told = [event.case_id for event in events if isinstance(event, kind)]
        assert sorted(told) == sorted(str(case.id) for case in cases)
    assert len(events) == 2 * len(cases)


async def test_a_late_acknowledgement_is_overdue_at_once_and_no_delay_of_the_scheduler(world: World) -> None:
    await world.arrived(date(2025, 11, 1))
    await world.look()
    contact, events = without_first_contact((await world.heard())[1:])
    # With the visit that is due she is reached as well.
    assert contact == []
    assert [(type(event), event.late) for event in events] == [
        (said.FollowUpDue, False),
        (said.FollowUpOverdue, False),
        (said.FollowUpEscalated, False),
    ]


async def test_three_failed_attempts_are_lost_and_a_late_record_is_still_taken(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    world.clock.move_to(start_of_local_day(DUE_3M))
    await world.look()
    await world.heard()
    for day in (DUE_3M, DUE_3M, DUE_3M + timedelta(days=1), DUE_3M + timedelta(days=2)):
        world.clock.move_to(max(world.clock.now(), start_of_local_day(day)))
        answer = await world.record(case, "NOT_REACHED")
    assert (answer.attempts, answer.lost, answer.state) == (3, True, types.FOLLOW_UP_STATE_LATE)
    assert [type(event) for event in await world.heard()] == [said.LostToFollowUp]
    await world.record(case, "AT_RISK", signs=("RF44", "RF10"))
    [event] = await world.heard()
    assert isinstance(event, said.FollowUpRecorded)


async def test_warning_signs_are_kept_and_never_said(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    world.clock.move_to(start_of_local_day(DUE_3M))
    await world.record(case, "AT_RISK", signs=("RF44", "RF10"))
    [row] = await world.rows("SELECT warning_signs FROM follow_up WHERE state = 'RECORDED'")
    assert not [each for each in row.warning_signs if each.startswith("RF")], "they are sealed"
    [entry] = (await world.story(case)).entries
    assert list(entry.versions[0].warning_signs) == ["RF10", "RF44"]
    [read] = await world.rows("SELECT content, entry_number FROM access_log")
    assert tuple(read) == ("VISIT_IN_CONFIDENCE", 1)
    for told in await world.rows("SELECT payload FROM outbox UNION ALL SELECT response FROM request_log"):
        assert b"RF" not in told.payload


async def test_a_reopened_case_is_overdue_at_once(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    await world.close(case, "LEFT_AREA")
    await world.heard()
    assert await world.at(start_of_local_day(OVERDUE_3M + timedelta(days=20))) == []
    await world.reopen(case)
    assert ("FOLLOW_UP_3M", True, DUE_3M) in await world.armed(case)
    await world.look()
    contact, events = without_first_contact(await world.heard())
    assert contact == []
    assert [type(event) for event in events] == [
        said.FollowUpsScheduled,
        said.FollowUpDue,
        said.FollowUpOverdue,
        said.FollowUpEscalated,
    ]
    [row] = await world.overdue()
    assert (row.rule, row.overdue_days, row.state) == ("FOLLOW_UP_3M", 34, types.FOLLOW_UP_STATE_OVERDUE)


async def test_custody_moves_with_its_dates(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    first = [(one.follow_up_id, one.due_on) for one in await world.follow_ups(case)]
    segment = await world.custody(case, "ARRIVED", QUANG_NINH, arrival_on=date(2026, 3, 2))
    assert await world.follow_ups(case) == []
    moved = await world.follow_ups(case, QUANG_NINH)
    assert [(one.follow_up_id, one.due_on) for one in moved] == first
    assert {one.office_id for one in moved} == {QUANG_NINH}
    event = (await world.heard())[-1]
    assert isinstance(event, said.FollowUpsScheduled)
    assert (event.segment, event.office_id) == (segment, QUANG_NINH)
    assert [(one.follow_up_id, one.due_on) for one in event.follow_ups] == first


async def test_an_arrival_taken_back_leaves_nothing_watched(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    await world.custody(case, "ARRIVAL_RETRACTED", "BP-CN-HUU-NGHI", phase="IN_TRANSIT")
    assert await world.armed(case) == []
    event = (await world.heard())[-1]
    assert isinstance(event, said.FollowUpsCancelled)
    assert event.office_id == HANOI
    await world.custody(case, "ARRIVED", HANOI, arrival_on=date(2026, 3, 2))
    states = [(one.due_on, one.state) for one in await world.follow_ups(case)]
    assert states == [
        ("2026-06-01", types.FOLLOW_UP_STATE_CANCELLED),
        ("2026-06-02", types.FOLLOW_UP_STATE_SCHEDULED),
        ("2029-03-01", types.FOLLOW_UP_STATE_CANCELLED),
        ("2029-03-02", types.FOLLOW_UP_STATE_SCHEDULED),
    ]


async def _execute(world: World, sql: str, case: Case) -> None:
    async with world.chassis.engine.begin() as connection:
        await connection.execute(text(sql), {"case": case.id, "id": uuid.uuid4()})


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE obligation SET state = 'DISARMED' WHERE case_id = :case AND is_primary",
        "UPDATE obligation SET is_primary = true WHERE case_id = :case",
        "UPDATE obligation SET is_primary = false WHERE case_id = :case",
        "UPDATE followup_case SET phase = 'CLOSED' WHERE case_id = :case",
        "DELETE FROM obligation WHERE case_id = :case",
    ],
    ids=["none", "two", "none-marked", "closed-and-watched", "deleted"],
)
async def test_the_database_refuses_anything_but_one_watched_deadline(world: World, sql: str) -> None:
    case = await world.arrived(ARRIVED_ON)
    with pytest.raises(IntegrityError):
        await _execute(world, sql, case)
    assert [each for each in await world.armed(case) if each[1]] == [("FOLLOW_UP_3M", True, DUE_3M)]


async def test_the_audit_sees_what_is_watched(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    await world.look()
    [row] = await world.rows("SELECT * FROM audit_case")
    assert (row.case_id, row.phase, row.office_id, row.is_open) == (case.id, "FOLLOW_UP", HANOI, True)
    assert (row.deadline_rule, row.deadline_on, row.watched_by) == ("FOLLOW_UP_3M", DUE_3M, "followup")
    assert (row.primary_count, row.in_flight, row.blocked) == (1, True, False)
    assert row.watcher_seen_at is not None
    await world.close(case, "DIED")
    await _execute(world, "UPDATE outbox SET sent_at = now() WHERE subject = :case", case)
    [row] = await world.rows("SELECT * FROM audit_case")
    assert (row.phase, row.is_open, row.deadline_rule, row.watched_by) == ("CLOSED", False, None, None)
    assert (row.primary_count, row.in_flight) == (0, False)
