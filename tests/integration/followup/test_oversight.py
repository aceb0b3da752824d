"""How the work at home stands: each number is that of its rows, and an officer is a sign and no name."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import grpc

from homeward.followup.v1 import oversight_pb2, visits_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.clock import start_of_local_day
from tests.integration.followup.test_calls import refused
from tests.integration.followup.test_care import ARRIVED_ON, at_three_months, content, set_wishes, visit, wishes
from tests.integration.followup.world import HANOI, QUANG_NINH, World

DUE_3M = date(2026, 6, 1)
RESULTS = (
    ("due", types.FOLLOW_UP_RESULT_TO_BE_MADE),
    ("done_in_time", types.FOLLOW_UP_RESULT_DONE_IN_TIME),
    ("done_late", types.FOLLOW_UP_RESULT_DONE_LATE),
    ("missed", types.FOLLOW_UP_RESULT_MISSED),
    ("overdue", types.FOLLOW_UP_RESULT_OVERDUE),
    ("lost", types.FOLLOW_UP_RESULT_LOST),
)


async def _listed(world: World, caller: dict[str, Any], **wanted: Any) -> list[oversight_pb2.WorkloadCase]:
    request = oversight_pb2.ListWorkloadRequest(filter=oversight_pb2.WorkloadFilter(**wanted))
    return list((await world.stub.ListWorkload(request, **caller)).cases)


async def test_the_work_of_each_officer_is_counted_as_it_is_listed(world: World) -> None:
    wrote, begun, untouched = await at_three_months(world), await world.arrived(ARRIVED_ON), None
    for case, subject in ((wrote, "officer-a"), (begun, "officer-b")):
        await world.stub.RecordVisit(visit(case, content()), **world.as_office(HANOI, subject=subject))
    untouched = await world.arrived(ARRIVED_ON)
    await world.arrived(ARRIVED_ON, QUANG_NINH)
    for day in (DUE_3M + timedelta(days=40), date(2029, 2, 25)):
        await world.at(start_of_local_day(day))
        for caller in (world.as_office(HANOI), world.as_office("SV-01")):
            found = (await world.stub.CountWorkload(oversight_pb2.CountWorkloadRequest(), **caller)).officers
            assert {each.office_id for each in found} == {HANOI}
            assert sum(each.open_cases for each in found) == 3
            for each in found:
                whose = {"office_id": each.office_id, "officer": each.officer}
                assert len(await _listed(world, caller, **whose)) == each.open_cases
                assert len(await _listed(world, caller, **whose, due_within_days=7)) == each.due_in_7_days
                assert len(await _listed(world, caller, **whose, due_within_days=30)) == each.due_in_30_days
                assert len(await _listed(world, caller, **whose, overdue_only=True)) == each.overdue
    by_officer = {each.case_number: each.officer for each in await _listed(world, world.as_office(HANOI))}
    assert by_officer[untouched.number] == "NOBODY"
    assert len(set(by_officer.values())) == 3
    assert not any("officer-" in each for each in by_officer.values()), "an officer is no name"


async def test_work_comes_page_by_page_and_nobody_counts_a_whole_country(world: World) -> None:
    for _ in range(3):
        await world.arrived(ARRIVED_ON)
    request, seen = oversight_pb2.ListWorkloadRequest(page_size=2), []
    while True:
        answer = await world.stub.ListWorkload(request, **world.as_office(HANOI))
        seen += [each.case_id for each in answer.cases]
        request.page_token = answer.next_page_token
        if not request.page_token:
            break
    assert len(seen) == len(set(seen)) == 3
    code, _, violations = await refused(
        world.stub.CountWorkload(oversight_pb2.CountWorkloadRequest(), **world.as_office("SV-NATIONAL"))
    )
    assert (code, violations) == (grpc.StatusCode.INVALID_ARGUMENT, [("filter.province", "REQUIRED")])


async def test_a_week_is_ones_own_with_wishes_and_danger(world: World) -> None:
    case = await at_three_months(world)
    other, wished = await world.arrived(ARRIVED_ON), await world.arrived(ARRIVED_ON)
    me = world.as_office(HANOI, subject="officer-a")
    await world.stub.RecordVisit(visit(case, content(risk="IMMEDIATE")), **me)
    await set_wishes(world, wished, wishes())
    await world.at(start_of_local_day(DUE_3M - timedelta(days=7)))
    mine = await _listed(world, me, officer="ME", this_week=True)
    assert [(each.case_number, each.mine, each.safety_act) for each in mine] == [(case.number, True, True)]
    whole = await _listed(world, me, this_week=True)
    assert {each.case_number: each.has_wishes for each in whole} == {
        case.number: False,
        other.number: False,
        wished.number: True,
    }
    assert {each.case_number for each in whole if each.mine} == {case.number}


async def test_each_number_of_the_trend_is_that_of_its_rows(world: World) -> None:
    in_time, late = await at_three_months(world), await world.arrived(ARRIVED_ON)
    lost, neglected = await world.arrived(ARRIVED_ON), await world.arrived(ARRIVED_ON)
    await world.record(in_time, on=date(2026, 5, 20))
    await world.at(start_of_local_day(DUE_3M + timedelta(days=90)))
    await world.record(late, on=DUE_3M + timedelta(days=5))
    for days in (60, 61, 62):
        await world.record(lost, "NOT_REACHED", on=DUE_3M + timedelta(days=days))
    caller = world.as_office(HANOI)
    answer = await world.stub.ListFollowUpTrend(oversight_pb2.ListFollowUpTrendRequest(), **caller)
    assert len(answer.months) == 12
    (june,) = (each for each in answer.months if each.month == "2026-06-01")
    for name, result in RESULTS:
        wanted = visits_pb2.FollowUpFilter(result=result, due_from="2026-06-01", due_until="2026-06-30")
        rows = await world.stub.ListFollowUps(visits_pb2.ListFollowUpsRequest(filter=wanted), **caller)
        counts = await world.stub.CountFollowUps(visits_pb2.CountFollowUpsRequest(filter=wanted), **caller)
        figure = getattr(june, name)
        assert figure.count == len(rows.follow_ups) == sum(each.total for each in counts.counts), name
        assert not figure.hidden
    assert [getattr(june, name).count for name, _ in RESULTS] == [4, 1, 1, 0, 2, 2]
    wanted = visits_pb2.FollowUpFilter(result=types.FOLLOW_UP_RESULT_LOST)
    rows = await world.stub.ListFollowUps(visits_pb2.ListFollowUpsRequest(filter=wanted), **caller)
    assert {(each.case_number, each.neglected) for each in rows.follow_ups} == {
        (lost.number, False),
        (neglected.number, True),
    }


async def test_outside_the_own_office_nothing_small_is_told_of_the_months(world: World) -> None:
    for _ in range(12):
        await world.arrived(ARRIVED_ON)
    one = await at_three_months(world)
    await world.record(one, on=date(2026, 5, 20))
    await world.at(start_of_local_day(DUE_3M + timedelta(days=20)))
    answer = await world.stub.ListFollowUpTrend(oversight_pb2.ListFollowUpTrendRequest(), **world.as_office("SV-01"))
    (june,) = (each for each in answer.months if each.month == "2026-06-01")
    assert (june.due.count, june.due.hidden) == (13, False)
    assert (june.done_in_time.count, june.done_in_time.hidden) == (0, True)
    assert june.overdue.hidden, "the one that is small could be reckoned from it"


async def test_what_is_overdue_is_counted_by_office_too(world: World) -> None:
    for office_id in (HANOI, HANOI, QUANG_NINH):
        await world.arrived(ARRIVED_ON, office_id)
    await world.at(start_of_local_day(DUE_3M + timedelta(days=20)))
    nation = world.as_office("SV-NATIONAL")
    request = visits_pb2.CountOverdueFollowUpsRequest(by_office=True)
    counts = (await world.stub.CountOverdueFollowUps(request, **nation)).counts
    assert {each.office_id for each in counts} == {HANOI, QUANG_NINH}
    for each in counts:
        wanted = visits_pb2.OverdueFilter(office_id=each.office_id, rule=each.rule)
        rows = await world.stub.ListOverdueFollowUps(visits_pb2.ListOverdueFollowUpsRequest(filter=wanted), **nation)
        assert len(rows.follow_ups) == each.total


async def test_who_waits_for_a_second_person_is_listed_until_somebody_confirms(world: World) -> None:
    case = await at_three_months(world)
    request = oversight_pb2.ListSafetyActsRequest()
    assert not (await world.stub.ListSafetyActs(request, **world.as_office(HANOI))).acts
    await world.stub.RecordVisit(visit(case, content(risk="IMMEDIATE")), **world.as_office(HANOI, subject="officer-a"))
    for office_id, seen in ((HANOI, 1), ("SV-01", 1), ("SV-NATIONAL", 1), (QUANG_NINH, 0), ("SV-22", 0)):
        acts = (await world.stub.ListSafetyActs(request, **world.as_office(office_id))).acts
        assert [(each.case_number, each.needed_on) for each in acts] == [(case.number, "2026-05-20")] * seen
