"""What the version before kept works after the schema was moved: its lists, its deadlines, its answers on the way."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from google.protobuf.json_format import MessageToDict

from homeward.events.v1 import followup_pb2 as said
from services.chassis.storage.migrate import migrate
from tests.integration.followup.world import Case, World, world_of
from tests.support.clocks import FakeClock
from tests.support.databases import Databases
from tests.support.events import drain
from tests.support.fixtures import ChassisFor, TokenFor
from tests.support.signing import write_key_files

KEPT = Path(__file__).with_name("version_before")
ANSWERS: dict[str, Any] = json.loads((KEPT / "answers.json").read_text())
CASES = {name: Case(uuid.UUID(case_id), number) for name, (case_id, number) in ANSWERS["cases"].items()}


@pytest.fixture
def migrated(databases: Databases, tmp_path: Path) -> Iterator[str]:
    """The database of the version before, moved to the newest schema."""
    name, url = databases.empty("followup")
    migrate("followup", url, "0001")
    with psycopg.connect(url) as connection:
        connection.execute((KEPT / "cases.sql").read_bytes())
    migrate("followup", url, event_key=write_key_files(tmp_path, "followup")[0])
    yield url
    databases.drop(name)


@pytest.fixture
async def world(migrated: str, chassis_for: ChassisFor, clock: FakeClock, token_for: TokenFor) -> AsyncIterator[World]:
    clock.move_to(datetime.fromisoformat(ANSWERS["now"]))
    async with world_of(chassis_for("followup", migrated, clock), clock, token_for) as world:
        yield world


async def agree(world: World) -> None:
    """What is watched for each case is what its state says."""
    for name, case in CASES.items():
        assert (name, await world.armed(case)) == (name, await world.watched(case))


def now_called(row: dict[str, Any]) -> dict[str, Any]:
    """Who was called lost although nobody had tried is neglected; who was visited since is neither."""
    row = dict(row)
    is_open = row["state"] not in ("FOLLOW_UP_STATE_RECORDED", "FOLLOW_UP_STATE_CANCELLED")
    if not (is_open and "attempts" in row) and row.pop("lost", False) and is_open:
        row["neglected"] = True
    return row


OF_STEPS = ("first_due_on", "earliest_on", "limit_on", "always")
"""What the version before did not tell of a follow-up."""


async def test_the_lists_say_the_same(world: World) -> None:
    def plain(answer: Any) -> Any:
        told = MessageToDict(answer, preserving_proto_field_name=True)
        return {name: value for name, value in told.items() if name not in OF_STEPS}

    lists = {name: [plain(one) for one in await world.follow_ups(case)] for name, case in CASES.items()}
    assert lists == {name: [now_called(row) for row in rows] for name, rows in ANSWERS["lists"].items()}
    for case in CASES.values():
        # Sets that stood keep the two looks that everybody gets.
        assert all(one.always and one.first_due_on == one.due_on for one in await world.follow_ups(case))
    # The version before listed no first contacts.
    late = [plain(one) for one in await world.overdue() if one.rule != "FIRST_CONTACT"]
    assert late == [now_called(row) for row in ANSWERS["overdue"]]


async def test_state_and_deadlines_agree_and_go_on(world: World) -> None:
    await agree(world)
    for days in (1, 13, 30, 400, 1200):
        world.clock.move_by(timedelta(days=days))
        await world.look()
        await agree(world)


async def test_answers_on_the_way_are_known_by_their_cause(world: World) -> None:
    before = {name: await world.armed(case) for name, case in CASES.items()}
    spoken = len(await world.said())
    taken = await drain(world.chassis, world.rooms.handlers)
    assert taken == 4
    assert {name: await world.armed(case) for name, case in CASES.items()} == before
    assert len(await world.said()) == spoken
    rows = await world.rows("SELECT case_id, phase FROM followup_case")
    phases = {row.case_id: row.phase for row in rows}
    assert {name: phases[CASES[name].id] for name in ("closed_and_opened", "escalated_closed", "decided_again")} == {
        "closed_and_opened": "FOLLOW_UP",
        "escalated_closed": "CLOSED",
        "decided_again": "FOLLOW_UP",
    }


async def test_whoever_opens_again_gets_what_was_left(world: World) -> None:
    closed = {"escalated_closed", "decided", "fresh_closed", "ended_elsewhere"}
    for name in sorted(closed):
        await world.goes_on_from(CASES[name])
        await world.reopen(CASES[name])
    await agree(world)
    [answered] = [event for event in await world.said() if event.subject == CASES["decided"].id][-1:]
    assert isinstance(answered.message, said.FollowUpsScheduled)
    armed = await world.armed(CASES["escalated_closed"])
    assert [(rule, due_on) for rule, is_primary, due_on in armed if is_primary] == [("FOLLOW_UP_ESCALATE", ESCALATE_ON)]


ESCALATE_ON = date(2026, 4, 17)
"""The last day before the next escalation, as it was when the case was closed."""
