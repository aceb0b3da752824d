"""Handover closes a case and opens it again: its follow-ups end and go on with it."""

from __future__ import annotations

from datetime import date

from homeward.events.v1 import followup_pb2 as said
from tests.integration.followup.world import Case, World

ARRIVED_ON = date(2026, 3, 1)


async def stands(world: World, case: Case) -> tuple[str, str | None]:
    """Phase, and the reason of the closing."""
    [row] = await world.rows("SELECT phase, close_reason FROM followup_case WHERE case_id = :id", id=case.id)
    return row.phase, row.close_reason


async def test_a_set_ends_and_goes_on_with_its_case(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    watched = await world.armed(case)
    await world.heard()
    for reason in ("ASKED_TO_STOP", "REGISTERED_TWICE"):
        await world.close(case, reason)
        assert (await stands(world, case), await world.armed(case)) == (("CLOSED", reason), [])
        assert await world.heard() == []
        await world.reopen(case)
        assert (await stands(world, case), await world.armed(case)) == (("FOLLOW_UP", None), watched)
        [scheduled] = await world.heard()
        assert isinstance(scheduled, said.FollowUpsScheduled)
        assert len(scheduled.follow_ups) == 2


async def test_who_was_never_home_has_nothing_that_ends(world: World) -> None:
    case = world.new_case()
    await world.close(case, "DIED")
    await world.reopen(case)
    assert await world.rows("SELECT 1 FROM followup_case WHERE case_id = :id", id=case.id) == []
