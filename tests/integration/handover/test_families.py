"""People who must not be parted: who is warned and told when they come apart, and when they are together again."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from homeward.events.v1 import handover_pb2, transfer_pb2
from homeward.handover.v1 import journeys_pb2, transfers_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.enums import code_of
from services.chassis.kernel.case_number import format_case_number
from tests.integration.handover.world import HANOI, POST, QUANG_NINH, Case, World, new_id

BEHIND, ELSEWHERE, LOST = (
    types.TRANSFER_WARNING_RELATIVE_STAYS_BEHIND,
    types.TRANSFER_WARNING_RELATIVE_ELSEWHERE,
    types.TRANSFER_WARNING_RELATIVE_LOST,
)
OF_RELATIVES = {BEHIND, ELSEWHERE, LOST}


async def mother_and_child(world: World, *, keep_together: bool = True) -> tuple[Case, Case]:
    """Registered by one submission."""
    pair = [Case(uuid.uuid4(), format_case_number(number)) for number in (901, 902)]
    for case, other in (pair, pair[::-1]):
        relative = handover_pb2.Relative(case_id=str(other.id), keep_together=keep_together)
        event = handover_pb2.CaseRegistered(
            case_id=str(case.id),
            case_number=case.number,
            receiving_office_id=POST,
            home_province=types.ProvinceRef(code="22", vintage="2025"),
            age_band=types.AGE_BAND_ADULT,
            relatives=[relative],
        )
        event.register_time.FromDatetime(world.clock.now())
        event.handover_time.FromDatetime(world.clock.now())
        await world.told(case, event)
    await world.heard()
    return pair[0], pair[1]


async def told(world: World) -> list[tuple[str, str, str, str]]:
    """What was told of families since: case, how, accountable office, where to."""
    found = []
    for event in await world.heard():
        if isinstance(event, transfer_pb2.FamilyParted):
            reason = code_of(types.PartingReason, event.reason)
            found.append((event.case_id, reason, event.accountable_office_id, event.to_office_id))
        elif isinstance(event, transfer_pb2.FamilyTogether):
            how = "MAY_PART" if event.may_part else "TOGETHER"
            found.append((event.case_id, how, event.accountable_office_id, event.to_office_id))
    return found


async def sent(world: World, case: Case, to: str = QUANG_NINH) -> set[Any]:
    """She left; what was warned of relatives."""
    await world.checked(case, to=to)
    request = transfers_pb2.DispatchTransferRequest(
        request_id=new_id(), case=case.number, to_office_id=to, expected_arrival_on=world.day(1)
    )
    return OF_RELATIVES & set((await world.at(POST).DispatchTransfer(request)).warnings)


async def partings(world: World, case: Case) -> list[tuple[str, bool]]:
    """How she was apart, and whether it lasts."""
    found = (await world.custody(case, by="SV-NATIONAL", scope=None)).partings
    return [(code_of(types.PartingReason, each.reason), not each.HasField("reunite_time")) for each in found]


async def test_a_mother_who_leaves_without_her_child_and_the_child_that_follows(world: World) -> None:
    mother, child = await mother_and_child(world)
    assert await told(world) == []
    assert await sent(world, mother) == {BEHIND}
    assert await told(world) == [
        (str(mother.id), "LEFT_BEHIND", POST, QUANG_NINH),
        (str(child.id), "LEFT_BEHIND", POST, ""),
    ]
    assert await sent(world, child) == set()
    assert await told(world) == [
        (str(child.id), "TOGETHER", POST, QUANG_NINH),
        (str(mother.id), "TOGETHER", POST, QUANG_NINH),
    ]
    # One after the other arrives at one office: nobody is apart meanwhile.
    await world.acknowledge(mother)
    await world.acknowledge(child)
    assert await told(world) == []
    assert await partings(world, child) == await partings(world, mother) == [("LEFT_BEHIND", False)]


async def test_on_one_bus_to_two_provinces_and_to_one(world: World) -> None:
    mother, child = await mother_and_child(world)

    async def left(*to: str) -> list[tuple[int, Any]]:
        going = list(zip((mother, child), to, strict=True))
        for case, office in going:
            await world.checked(case, to=office)
        rows = [
            journeys_pb2.JourneyRow(case=case.number, to_office_id=office, expected_arrival_on=world.day(1))
            for case, office in going
        ]
        answer = await world.at(POST).DispatchJourney(
            journeys_pb2.DispatchJourneyRequest(request_id=new_id(), rows=rows)
        )
        return [(each.row, each.warning) for each in answer.warnings if each.warning in OF_RELATIVES]

    assert await left(QUANG_NINH, HANOI) == [(1, ELSEWHERE), (2, ELSEWHERE)]
    assert [how for _, how, *_ in await told(world)] == ["ELSEWHERE", "ELSEWHERE"]
    for case in (mother, child):
        await world.recall(case)
    assert [how for _, how, *_ in await told(world)] == ["LEFT_BEHIND"] * 2 + ["TOGETHER"] * 2
    assert await left(HANOI, HANOI) == []
    assert await told(world) == []


async def test_one_of_them_is_rejected_redirected_and_does_not_arrive(world: World) -> None:
    mother, child = await mother_and_child(world)
    await sent(world, mother)
    await sent(world, child)
    await world.acknowledge(mother)
    await world.heard()
    request = transfers_pb2.RejectTransferRequest(
        request_id=new_id(), case=child.number, reason=types.REJECT_REASON_NOT_RESIDENT
    )
    assert set((await world.at(QUANG_NINH).RejectTransfer(request)).warnings) == {ELSEWHERE}
    assert await told(world) == [
        (str(child.id), "NOT_TAKEN", POST, ""),
        (str(mother.id), "NOT_TAKEN", QUANG_NINH, ""),
    ]
    assert await sent(world, child) == set()
    assert {how for _, how, *_ in await told(world)} == {"TOGETHER"}
    answer = await world.redirect(child)
    assert OF_RELATIVES & set(answer.warnings) == {ELSEWHERE}
    assert {how for _, how, *_ in await told(world)} == {"ELSEWHERE"}
    await world.after_days(2)
    not_arrived = transfers_pb2.ReportNotArrivedRequest(request_id=new_id(), case=child.number)
    assert set((await world.at(HANOI).ReportNotArrived(not_arrived)).warnings) == {ELSEWHERE}
    assert {how for _, how, *_ in await told(world)} == {"NOT_TAKEN"}


async def test_one_of_them_is_lost_and_found(world: World) -> None:
    mother, child = await mother_and_child(world)
    await sent(world, mother)
    await sent(world, child)
    await world.acknowledge(mother)
    await world.heard()
    lost = [each for each in await world.after_days(20) if isinstance(each, transfer_pb2.FamilyParted)]
    assert [code_of(types.PartingReason, each.reason) for each in lost] == ["LOST", "LOST"]
    await world.acknowledge(child)
    assert {how for _, how, *_ in await told(world)} == {"TOGETHER"}


async def test_a_supervisor_parts_two_and_sees_it(world: World) -> None:
    mother, child = await mother_and_child(world)
    for case in (mother, child):
        await sent(world, case)
    for case in (mother, child):
        await world.acknowledge(case)
    await world.heard()
    shown = await world.reassign(child, HANOI, scope=None)
    assert [code_of(types.PartingReason, each.reason) for each in shown.partings] == ["LEFT_BEHIND", "ELSEWHERE"]
    assert {how for _, how, *_ in await told(world)} == {"ELSEWHERE"}


async def test_a_plan_warns_and_a_plan_to_the_same_place_is_company(world: World) -> None:
    mother, child = await mother_and_child(world)

    async def planned(case: Case, to: str, **more: Any) -> set[Any]:
        request = transfers_pb2.PlanTransferRequest(
            request_id=new_id(),
            case=case.number,
            to_office_id=to,
            expected_departure_on=world.day(1),
            expected_arrival_on=world.day(2),
            **more,
        )
        return OF_RELATIVES & set((await world.at(POST).PlanTransfer(request)).warnings)

    assert await planned(mother, QUANG_NINH) == {BEHIND}
    assert await planned(child, HANOI) == {ELSEWHERE}
    assert await planned(child, QUANG_NINH, supersede=True) == set()
    assert await told(world) == []
    assert await sent(world, mother) == set()
    assert await told(world) == []
    await world.recall(child)
    assert {how for _, how, *_ in await told(world)} == {"LEFT_BEHIND"}


async def test_who_may_be_parted_is_not_warned_of_and_what_is_said_later_counts(world: World) -> None:
    mother, child = await mother_and_child(world, keep_together=False)
    assert await sent(world, mother) == set()
    assert await told(world) == []
    await say(world, mother, child, keep_together=True)
    assert [how for _, how, *_ in await told(world)] == ["LEFT_BEHIND", "LEFT_BEHIND"]
    for case, other in ((mother, child), (child, mother)):
        await world.told(case, handover_pb2.FamilyUnlinked(case_id=str(case.id), other_case_id=str(other.id)))
    assert [how for _, how, *_ in await told(world)] == ["MAY_PART", "MAY_PART"]
    assert await partings(world, mother) == [("LEFT_BEHIND", False)]
    await world.acknowledge(mother)
    assert await told(world) == []


async def test_relatives_who_came_back_by_different_handovers(world: World) -> None:
    mother, child = await world.registered(), await world.registered()
    await sent(world, mother)
    await world.acknowledge(mother)
    await world.heard()
    await say(world, mother, child, keep_together=True)
    assert [how for _, how, *_ in await told(world)] == ["ELSEWHERE", "ELSEWHERE"]
    assert await sent(world, child) == set()
    assert {how for _, how, *_ in await told(world)} == {"TOGETHER"}


async def test_a_case_that_was_withdrawn_parts_nobody(world: World) -> None:
    mother, child = await mother_and_child(world)
    await sent(world, mother)
    await world.heard()
    await world.told(child, handover_pb2.CaseWithdrawn(case_id=str(child.id)))
    assert [how for _, how, *_ in await told(world)] == ["MAY_PART", "MAY_PART"]
    assert await partings(world, mother) == [("LEFT_BEHIND", False)]


async def test_two_who_leave_at_one_instant_are_together(world: World) -> None:
    mother, child = await mother_and_child(world)
    await asyncio.gather(sent(world, mother), sent(world, child))
    assert [lasts for _, lasts in await partings(world, mother)] in ([], [False])
    (row,) = await world.rows("SELECT count(*) AS n FROM parting WHERE reunited_at IS NULL")
    assert row.n == 0


async def say(world: World, one: Case, other: Case, *, keep_together: bool) -> None:
    """Intake says of both that they are relatives."""
    for case, relative in ((one, other), (other, one)):
        told_of = handover_pb2.Relative(case_id=str(relative.id), keep_together=keep_together)
        await world.told(case, handover_pb2.FamilyLinked(case_id=str(case.id), relative=told_of))
