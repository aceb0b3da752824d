"""From the arrival to closing and re-opening, through the real server and database."""

from __future__ import annotations

from datetime import date, timedelta

from homeward.events.v1 import followup_pb2 as said
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.clock import start_of_local_day
from tests.integration.followup.world import HANOI, World

ARRIVED_ON = date(2026, 3, 1)
DUE_3M = date(2026, 6, 1)
DUE_3Y = date(2029, 3, 1)
INSTANT = timedelta(microseconds=1)


async def test_three_years_deadline_by_deadline(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)

    [scheduled] = await world.heard()
    assert isinstance(scheduled, said.FollowUpsScheduled)
    assert scheduled.segment == 1
    assert [(one.kind, one.due_on) for one in scheduled.follow_ups] == [
        (types.FOLLOW_UP_KIND_MONTHS_3, "2026-06-01"),
        (types.FOLLOW_UP_KIND_YEARS_3, "2029-03-01"),
    ]
    contact_by = ARRIVED_ON + timedelta(days=7)
    assert await world.armed(case) == [
        ("FIRST_CONTACT", False, contact_by),
        ("FOLLOW_UP_3M", True, DUE_3M),
        ("FOLLOW_UP_3Y", False, DUE_3Y),
    ]

    [contact] = await world.at(start_of_local_day(contact_by + timedelta(days=1)))
    assert (contact.rule, contact.level, contact.late) == ("FIRST_CONTACT", 1, False)

    [once_more] = await world.at(start_of_local_day(DUE_3M) - timedelta(days=6) - INSTANT)
    assert (once_more.rule, once_more.level) == ("FIRST_CONTACT", 2)
    [soon] = await world.at(start_of_local_day(DUE_3M) - timedelta(days=6))
    assert isinstance(soon, said.FollowUpDueSoon)
    assert (soon.office_id, soon.due_on, soon.late) == (HANOI, "2026-06-01", False)
    assert await world.at(start_of_local_day(DUE_3M) - INSTANT) == []
    [due] = await world.at(start_of_local_day(DUE_3M))
    assert isinstance(due, said.FollowUpDue)
    assert (due.office_id, due.due_on, due.late) == (HANOI, "2026-06-01", False)

    overdue_from = DUE_3M + timedelta(days=14)
    assert await world.at(start_of_local_day(overdue_from) - INSTANT) == []
    [overdue] = await world.at(start_of_local_day(overdue_from))
    assert isinstance(overdue, said.FollowUpOverdue)
    assert not overdue.late

    for level in (1, 2, 3, 4):
        instant = start_of_local_day(overdue_from + timedelta(days=14 * level))
        assert await world.at(instant - INSTANT) == []
        [escalated] = await world.at(instant)
        assert isinstance(escalated, said.FollowUpEscalated)
        assert (escalated.rule, escalated.level, escalated.late) == ("FOLLOW_UP_ESCALATE", level, False)

    [neglected] = await world.at(start_of_local_day(overdue_from + timedelta(days=60)))
    assert isinstance(neglected, said.FollowUpNeglected)
    [late] = await world.overdue()
    assert (late.neglected, late.lost) == (True, False)

    visit = overdue_from + timedelta(days=61)
    world.clock.move_to(start_of_local_day(visit))
    recorded = await world.record(case, "SETTLED")
    assert recorded.state == types.FOLLOW_UP_STATE_RECORDED
    assert (recorded.visited_on, recorded.lost, recorded.neglected) == (visit.isoformat(), False, False)
    [told] = await world.heard()
    assert isinstance(told, said.FollowUpRecorded)
    assert told.late
    assert await world.armed(case) == [("FOLLOW_UP_3Y", True, DUE_3Y)]

    [due] = await world.at(start_of_local_day(DUE_3Y))
    assert isinstance(due, said.FollowUpDue)
    assert due.kind == types.FOLLOW_UP_KIND_YEARS_3
    await world.record(case, "SETTLED")
    await world.heard()
    decide_by = DUE_3Y + timedelta(days=30)
    assert await world.armed(case) == [("CLOSE_DECISION", True, decide_by)]

    for level in (1, 2):
        passed = decide_by + timedelta(days=30 * (level - 1) + 1)
        [escalated] = await world.at(start_of_local_day(passed))
        assert isinstance(escalated, said.FollowUpEscalated)
        assert (escalated.rule, escalated.level, escalated.follow_up_id) == ("CLOSE_DECISION", level, "")
    [row] = await world.overdue()
    assert (row.rule, row.state, row.due_on, row.escalation_level) == (
        "CLOSE_DECISION",
        types.FOLLOW_UP_STATE_OVERDUE,
        decide_by.isoformat(),
        2,
    )

    await world.close(case, "PERIOD_ENDED")
    assert await world.armed(case) == []
    assert await world.overdue() == []

    await world.reopen(case)
    assert [rule for rule, _, _ in await world.armed(case)] == ["CLOSE_DECISION"]
    assert [type(event) for event in await world.heard()] == [said.FollowUpsScheduled]
