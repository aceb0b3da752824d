"""A decision that nobody takes is watched, told and listed, until it is taken or the case ends."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from google.protobuf.message import Message

from homeward.events.v1 import identification_pb2 as events
from homeward.events.v1 import transfer_pb2
from homeward.intake.v1 import identification_pb2 as api
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from services.chassis.kernel.clock import local_date
from services.intake.schedule import deadlines_tick
from tests.integration.intake.people import person
from tests.integration.intake.world import (
    HOME_POLICE,
    OTHER_POLICE,
    OTHER_SUPERVISOR,
    POST,
    SUPERVISOR,
    World,
    watch_of,
)

POLICE = "VF-20"
PROVINCE = "SV-20"
"""Of the province of the post."""


def custody(case: uuid.UUID, phase: types.CasePhase.ValueType, cause: types.CustodyCause.ValueType) -> Message:
    return transfer_pb2.CustodyChanged(
        case_id=str(case), segment=1, phase=phase, accountable_office_id=POST, cause=cause
    )


async def awaited(world: World) -> uuid.UUID:
    """A case of which handover has taken over the custody: from then on the decision is watched."""
    case = await world.registered(person())
    await world.hear(case, custody(case, types.CASE_PHASE_REGISTERED, types.CUSTODY_CAUSE_REGISTERED))
    return case


async def after_days(world: World, days: int) -> list[events.IdentificationOverdue]:
    """What is told in so many days, with a look each day."""
    known = len(await world.said(events.IdentificationOverdue))
    chassis = world.chassis
    tick = deadlines_tick(chassis.units, watch_of(chassis), chassis.metrics)
    for _ in range(days):
        world.clock.move_by(timedelta(days=1))
        while await tick.look():
            pass
    said = await world.said(events.IdentificationOverdue)
    return [one.message for one in said[known:]]


async def reminded(world: World) -> list[events.IdentificationDueSoon]:
    """What was told before a limit passed."""
    return [one.message for one in await world.said(events.IdentificationDueSoon)]


async def decide(world: World, case: uuid.UUID, status: types.IdentificationStatus.ValueType) -> None:
    await world.call(
        POLICE,
        api.DecideIdentificationRequest(
            request_id=str(uuid.uuid4()),
            case=str(case),
            status=status,
            decided_on=world.clock.now().date().isoformat(),
            reason="Lý do ví dụ",
            grounds=["SALE"] if status == types.IDENTIFICATION_STATUS_IDENTIFIED else [],
        ),
    )


async def listed(world: World, office_id: str, **request: Any) -> Sequence[api.UndecidedCase]:
    """The list of an office, one to a page."""
    found: list[api.UndecidedCase] = []
    token = ""
    while token or not found:
        answer = await world.call(office_id, api.ListUndecidedRequest(page_size=1, page_token=token, **request))
        found += answer.cases
        token = answer.next_page_token
        if not token:
            break
    return found


async def test_what_nobody_decides_goes_from_the_police_to_the_nation(world: World) -> None:
    case = await awaited(world)
    assert await after_days(world, 3) == []
    (first,) = await after_days(world, 1)
    assert (first.case_id, first.receiving_office_id, first.rule, first.level) == (str(case), POST, "INITIAL_VERIFY", 1)
    told = await after_days(world, 365)
    assert [one.rule for one in told][:3] == ["POLICE_VERIFY_REPLY", *["IDENTIFICATION_ESCALATE"] * 2]
    assert [one.level for one in told] == list(range(2, len(told) + 2))
    assert {one.due_on for one in told} == {first.due_on}, "since when it is overdue does not move"


async def test_the_police_is_reminded_before_a_limit_passes_and_of_nothing_that_is_decided(world: World) -> None:
    case = await awaited(world)
    day = local_date(world.clock.now())
    await after_days(world, 10)
    assert [(one.rule, one.due_on) for one in await reminded(world)] == [
        ("INITIAL_VERIFY", (day + timedelta(days=3)).isoformat())
    ]
    await after_days(world, 20)
    assert [(one.rule, one.due_on) for one in (await reminded(world))[1:]] == [
        ("POLICE_VERIFY_REPLY", (day + timedelta(days=20)).isoformat())
    ]
    for one in (case, await awaited(world)):
        await decide(world, one, types.IDENTIFICATION_STATUS_IDENTIFIED)
    await after_days(world, 10)
    assert len(await reminded(world)) == 2


@pytest.mark.parametrize(
    "status",
    [
        types.IDENTIFICATION_STATUS_IDENTIFIED,
        types.IDENTIFICATION_STATUS_NOT_IDENTIFIED,
        types.IDENTIFICATION_STATUS_DECLINED,
    ],
)
async def test_a_decision_ends_it_and_taking_it_back_begins_it_anew(
    world: World, status: types.IdentificationStatus.ValueType
) -> None:
    case = await awaited(world)
    await after_days(world, 30)
    await decide(world, case, status)
    assert await listed(world, POLICE) == []
    assert await after_days(world, 60) == []
    await decide(world, case, types.IDENTIFICATION_STATUS_IN_PROCESS)
    (one,) = await listed(world, POLICE)
    assert (one.overdue_days, one.escalation_level) == (0, 0)
    assert [told.level for told in await after_days(world, 4)] == [1]


@pytest.mark.parametrize(
    ("phase", "cause"),
    [
        (types.CASE_PHASE_CLOSED, types.CUSTODY_CAUSE_CLOSED),
        (types.CASE_PHASE_WITHDRAWN, types.CUSTODY_CAUSE_WITHDRAWN),
    ],
)
async def test_the_end_of_the_case_ends_it(
    world: World, phase: types.CasePhase.ValueType, cause: types.CustodyCause.ValueType
) -> None:
    case = await awaited(world)
    await world.hear(case, custody(case, phase, cause))
    assert await listed(world, POLICE) == []
    assert await after_days(world, 30) == []


async def test_the_police_that_decides_and_supervisors_of_both_provinces_have_it_in_their_lists(world: World) -> None:
    cases = []
    for _ in range(3):
        cases.append(str(await awaited(world)))
        await after_days(world, 2)
    for office_id in (POLICE, PROVINCE, SUPERVISOR):
        assert [one.case_id for one in await listed(world, office_id)] == cases, office_id
    overdue = await listed(world, PROVINCE, overdue_only=True)
    assert [(one.case_id, one.overdue_days, one.rule, one.escalation_level) for one in overdue] == [
        (cases[0], 3, "INITIAL_VERIFY", 1),
        (cases[1], 1, "INITIAL_VERIFY", 1),
    ]
    for office_id in (HOME_POLICE, OTHER_POLICE, OTHER_SUPERVISOR):
        assert await listed(world, office_id) == []
    with pytest.raises(RpcFailure) as refused:
        await world.call(POST, api.ListUndecidedRequest())
    assert refused.value.reason == "PERMISSION_DENIED"
