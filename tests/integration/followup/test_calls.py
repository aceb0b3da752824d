"""Who may call what, the same request twice, refusals, and lists by the page."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from itertools import product
from typing import Any

import grpc
import pytest
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped,unused-ignore]
from sqlalchemy import text

from homeward.followup.v1 import visits_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.common import decode_status
from services.chassis.kernel.clock import start_of_local_day
from tests.integration.followup.world import HANOI, QUANG_NINH, Case, World

ARRIVED_ON = date(2026, 3, 1)
DUE_3M = date(2026, 6, 1)
STATUS_KEY = "grpc-status-details-bin"


async def refused(call: Awaitable[Any]) -> tuple[grpc.StatusCode, str, list[tuple[str, str]]]:
    """Code, reason and violations of a call that is refused."""
    with pytest.raises(grpc.aio.AioRpcError) as refusal:
        await call
    error = refusal.value
    raw = dict(error.trailing_metadata() or ())[STATUS_KEY]
    assert isinstance(raw, bytes)
    reason, _, _, violations = decode_status(Status.FromString(raw))
    return error.code(), reason, [(one.field, one.code) for one in violations]


def _record(case: Case) -> visits_pb2.RecordFollowUpRequest:
    return visits_pb2.RecordFollowUpRequest(
        request_id=str(uuid.uuid4()), case=case.number, outcome=types.FOLLOW_UP_OUTCOME_SETTLED
    )


def _calls(world: World, case: Case) -> dict[str, Callable[[dict[str, Any]], Awaitable[Any]]]:
    stub = world.stub
    return {
        "record": lambda caller: stub.RecordFollowUp(_record(case), **caller),
        "list": lambda caller: stub.ListFollowUps(visits_pb2.ListFollowUpsRequest(), **caller),
        "overdue": lambda caller: stub.ListOverdueFollowUps(visits_pb2.ListOverdueFollowUpsRequest(), **caller),
    }


LISTS = {"list", "overdue"}
OF_RESIDENTS = {"overdue"}
"""A facility sees what is overdue of those who stay with it."""


@pytest.mark.parametrize(
    ("office_id", "allowed"),
    [
        ("BP-CN-HUU-NGHI", set()),
        ("RC-LAO-CAI", OF_RESIDENTS),
        ("VF-01", set()),
        ("CM-01-01", set()),
        ("NGO-01", set()),
        ("AUDIT-NATIONAL", set()),
        ("ADMIN-NATIONAL", set()),
        ("SV-01", LISTS),
        ("SV-NATIONAL", LISTS),
    ],
)
async def test_roles_that_may_not(world: World, office_id: str, allowed: set[str]) -> None:
    case = await world.arrived(ARRIVED_ON)
    for name, call in _calls(world, case).items():
        if name in allowed:
            await call(world.as_office(office_id))
        elif name == "record" and allowed == LISTS:
            # A supervisor records what is left to it, and nothing else.
            code, reason, _ = await refused(call(world.as_office(office_id)))
            assert (code, reason) == (grpc.StatusCode.NOT_FOUND, "CASE_NOT_FOUND")
        else:
            code, reason, _ = await refused(call(world.as_office(office_id)))
            assert (code, reason) == (grpc.StatusCode.PERMISSION_DENIED, "PERMISSION_DENIED"), name


async def test_another_agency_does_not_learn_that_the_case_exists(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    world.clock.move_to(start_of_local_day(DUE_3M))
    known = await refused(_calls(world, case)["record"](world.as_office(QUANG_NINH)))
    unknown = await refused(_calls(world, world.new_case())["record"](world.as_office(QUANG_NINH)))
    assert known == unknown == (grpc.StatusCode.NOT_FOUND, "CASE_NOT_FOUND", [])
    assert await world.follow_ups(case, QUANG_NINH) == []


async def test_the_former_office_has_no_say_after_custody_moved(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    await world.custody(case, "ARRIVED", QUANG_NINH, arrival_on=ARRIVED_ON)
    world.clock.move_to(start_of_local_day(DUE_3M))
    code, _, _ = await refused(world.record(case, office_id=HANOI))
    assert code is grpc.StatusCode.NOT_FOUND
    await world.record(case, office_id=QUANG_NINH)


async def test_the_successor_of_an_ended_office_acts_for_it(world: World) -> None:
    case = await world.arrived(ARRIVED_ON, "SA-01-2004")
    world.clock.move_to(start_of_local_day(DUE_3M))
    assert len(await world.follow_ups(case, HANOI)) == 2
    await world.record(case, office_id=HANOI)
    code, reason, _ = await refused(world.record(case, office_id="SA-01-2004"))
    assert (code, reason) == (grpc.StatusCode.FAILED_PRECONDITION, "OFFICE_SUCCEEDED")


async def test_supervisors_see_their_scope(world: World) -> None:
    for office_id in (HANOI, QUANG_NINH):
        await world.contact(await world.arrived(ARRIVED_ON, office_id), "REACHED", office_id=office_id)
    world.clock.move_to(start_of_local_day(DUE_3M + timedelta(days=1)))
    assert [row.office_id for row in await world.overdue("SV-22")] == [QUANG_NINH]
    assert len(await world.overdue("SV-NATIONAL")) == 2
    assert [row.office_id for row in await world.overdue(HANOI)] == [HANOI]
    assert await world.overdue("SA-08") == []


async def test_the_same_request_twice_takes_effect_once(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    world.clock.move_to(start_of_local_day(DUE_3M))
    await world.heard()
    request_id = str(uuid.uuid4())
    answers = await asyncio.gather(*(world.record(case, request_id=request_id) for _ in range(4)))
    assert all(answer == answers[0] for answer in answers)
    assert len(await world.heard()) == 1
    code, reason, _ = await refused(world.record(case, "AT_RISK", request_id=request_id))
    assert (code, reason) == (grpc.StatusCode.ALREADY_EXISTS, "REQUEST_ID_REUSED")


async def test_an_answer_outlives_the_moving_of_its_method_to_another_service(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    world.clock.move_to(start_of_local_day(DUE_3M))
    request = _record(case)
    first = await world.stub.RecordFollowUp(request, **world.as_office(HANOI))
    assert [row.method for row in await world.rows("SELECT method FROM request_log")] == ["RecordFollowUp"]
    async with world.chassis.engine.begin() as connection:
        await connection.execute(text("UPDATE request_log SET method = '/homeward.followup.v1.Before/RecordFollowUp'"))
    assert await world.stub.RecordFollowUp(request, **world.as_office(HANOI)) == first


async def test_a_refused_request_may_be_repeated_once_it_is_possible(world: World) -> None:
    case = await world.arrived(ARRIVED_ON)
    request_id = str(uuid.uuid4())
    code, reason, _ = await refused(world.record(case, request_id=request_id))
    assert (code, reason) == (grpc.StatusCode.FAILED_PRECONDITION, "FOLLOW_UP_TOO_EARLY")
    world.clock.move_to(start_of_local_day(DUE_3M))
    await world.record(case, request_id=request_id)


async def test_everything_that_is_wrong_is_told_at_once(world: World) -> None:
    request = visits_pb2.RecordFollowUpRequest(
        request_id="no uuid",
        case="not a number",
        kind=types.FOLLOW_UP_KIND_MONTHS_3,
        visited_on="2026-02-30",
        warning_signs=["RF01", "RF99"],
    )
    code, reason, violations = await refused(world.stub.RecordFollowUp(request, **world.as_office(HANOI)))
    assert (code, reason) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_INPUT")
    assert sorted(violations) == [
        ("case", "BAD_FORMAT"),
        ("outcome", "REQUIRED"),
        ("request_id", "BAD_FORMAT"),
        ("visited_on", "NOT_A_DATE"),
        ("warning_signs", "NOT_IN_LIST"),
    ]


@pytest.mark.parametrize(
    ("signs", "outcome", "code"),
    [
        (["RF01", "RF01"], types.FOLLOW_UP_OUTCOME_AT_RISK, "DUPLICATE"),
        (["RF01"] * 46, types.FOLLOW_UP_OUTCOME_AT_RISK, "TOO_MANY"),
        (["RF01"], types.FOLLOW_UP_OUTCOME_NOT_REACHED, "NOT_ALLOWED_WITH"),
    ],
)
async def test_warning_signs_are_checked(
    world: World, signs: list[str], outcome: types.FollowUpOutcome.ValueType, code: str
) -> None:
    case = world.new_case()
    request = visits_pb2.RecordFollowUpRequest(
        request_id=str(uuid.uuid4()), case=case.number, outcome=outcome, warning_signs=signs
    )
    _, _, violations = await refused(world.stub.RecordFollowUp(request, **world.as_office(HANOI)))
    assert violations == [("warning_signs", code)]


async def _pages(ask: Callable[[str], Awaitable[Any]]) -> list[list[Any]]:
    pages, token = [], ""
    while True:
        answer = await ask(token)
        pages.append(list(answer.follow_ups))
        token = answer.next_page_token
        if not token:
            return pages


async def test_lists_by_the_page_miss_and_repeat_nothing(world: World) -> None:
    for days in (0, 0, 1, 1, 2):
        await world.arrived(ARRIVED_ON - timedelta(days=days))
    settled = await world.arrived(ARRIVED_ON)
    world.clock.move_to(start_of_local_day(DUE_3M + timedelta(days=20)))
    await world.record(settled)
    caller = world.as_office(HANOI)

    async def follow_ups(token: str) -> visits_pb2.ListFollowUpsResponse:
        request = visits_pb2.ListFollowUpsRequest(page_size=4, page_token=token)
        return await world.stub.ListFollowUps(request, **caller)

    async def overdue(token: str) -> visits_pb2.ListOverdueFollowUpsResponse:
        request = visits_pb2.ListOverdueFollowUpsRequest(page_size=2, page_token=token)
        return await world.stub.ListOverdueFollowUps(request, **caller)

    pages = await _pages(follow_ups)
    assert [len(page) for page in pages] == [4, 4, 3]
    found = [one for page in pages for one in page]
    assert len({one.follow_up_id for one in found}) == 11
    assert [one.due_on for one in found] == sorted(one.due_on for one in found)

    pages = await _pages(overdue)
    assert [len(page) for page in pages] == [2, 2, 2, 2, 2]
    rows = [one for page in pages for one in page]
    assert len({(one.case_id, one.rule) for one in rows}) == 10
    assert len({one.case_id for one in rows}) == 5
    assert [one.overdue_days for one in rows] == sorted((one.overdue_days for one in rows), reverse=True)


async def test_a_page_belongs_to_its_list_and_office(world: World) -> None:
    for _ in range(3):
        await world.arrived(ARRIVED_ON)
    answer = await world.stub.ListFollowUps(visits_pb2.ListFollowUpsRequest(page_size=1), **world.as_office(HANOI))
    token = answer.next_page_token
    for request, office_id in (
        (visits_pb2.ListFollowUpsRequest(page_token=token, filter=visits_pb2.FollowUpFilter(include_done=True)), HANOI),
        (visits_pb2.ListFollowUpsRequest(page_token=token), QUANG_NINH),
        (visits_pb2.ListFollowUpsRequest(page_token=token[:-2]), HANOI),
    ):
        _, reason, _ = await refused(world.stub.ListFollowUps(request, **world.as_office(office_id)))
        assert reason == "BAD_PAGE_TOKEN"


async def test_lists_can_be_narrowed(world: World) -> None:
    case, _ = await world.arrived(ARRIVED_ON), await world.arrived(ARRIVED_ON)
    caller = world.as_office(HANOI)
    by_id = await world.stub.ListFollowUps(
        visits_pb2.ListFollowUpsRequest(filter=visits_pb2.FollowUpFilter(case=str(case.id))), **caller
    )
    assert {one.case_number for one in by_id.follow_ups} == {case.number}
    until = visits_pb2.ListFollowUpsRequest(filter=visits_pb2.FollowUpFilter(due_until=DUE_3M.isoformat()))
    soon = await world.stub.ListFollowUps(until, **caller)
    assert {one.kind for one in soon.follow_ups} == {types.FOLLOW_UP_KIND_MONTHS_3}
    before = visits_pb2.ListFollowUpsRequest(
        filter=visits_pb2.FollowUpFilter(due_until=(DUE_3M - timedelta(days=1)).isoformat())
    )
    assert not (await world.stub.ListFollowUps(before, **caller)).follow_ups


async def test_a_count_and_its_rows_are_one_question(world: World) -> None:
    for days in (0, 0, 20):
        await world.arrived(ARRIVED_ON - timedelta(days=days))
    await world.arrived(ARRIVED_ON, office_id=QUANG_NINH)
    settled = await world.arrived(ARRIVED_ON)
    world.clock.move_to(start_of_local_day(DUE_3M + timedelta(days=20)))
    await world.record(settled)
    nation = world.as_office("SV-NATIONAL")
    seen = set()
    states = (
        types.FOLLOW_UP_STATE_UNSPECIFIED,
        types.FOLLOW_UP_STATE_OVERDUE,
        types.FOLLOW_UP_STATE_SCHEDULED,
        types.FOLLOW_UP_STATE_RECORDED,
    )
    kinds = (types.FOLLOW_UP_KIND_UNSPECIFIED, types.FOLLOW_UP_KIND_MONTHS_3)
    for state, province, kind, done in product(states, ("", "01@2025", "22@2025"), kinds, (False, True)):
        wanted = visits_pb2.FollowUpFilter(state=state, province=province, kind=kind, include_done=done)
        listed = (await world.stub.ListFollowUps(visits_pb2.ListFollowUpsRequest(filter=wanted), **nation)).follow_ups
        counts = (await world.stub.CountFollowUps(visits_pb2.CountFollowUpsRequest(filter=wanted), **nation)).counts
        assert sum(each.total for each in counts) == len(listed), wanted
        assert {(each.kind, each.state) for each in counts} == {(each.kind, each.state) for each in listed}
        seen.add(len(listed))
    assert len(seen) > 4, "the filters tell follow-ups apart"


async def test_the_count_of_what_is_late_is_its_list(world: World) -> None:
    for days in (0, 0, 40):
        await world.arrived(ARRIVED_ON - timedelta(days=days))
    await world.arrived(ARRIVED_ON, office_id=QUANG_NINH)
    world.clock.move_to(start_of_local_day(DUE_3M + timedelta(days=20)))
    await world.look()
    nation = world.as_office("SV-NATIONAL")
    seen = set()
    for rule, province, days, level in product(
        ("", "FOLLOW_UP_3M", "FIRST_CONTACT", "CLOSE_DECISION"), ("", "22@2025"), (0, 30), (0, 1)
    ):
        wanted = visits_pb2.OverdueFilter(
            rule=rule, province=province, overdue_days_min=days, escalation_level_min=level
        )
        request = visits_pb2.ListOverdueFollowUpsRequest(filter=wanted)
        listed = (await world.stub.ListOverdueFollowUps(request, **nation)).follow_ups
        count = visits_pb2.CountOverdueFollowUpsRequest(filter=wanted)
        counts = (await world.stub.CountOverdueFollowUps(count, **nation)).counts
        assert sum(each.total for each in counts) == len(listed), wanted
        assert sum(each.from_30_days for each in counts) == sum(each.overdue_days >= 30 for each in listed)
        assert {each.rule for each in counts} == {each.rule for each in listed}
        seen.add(len(listed))
    assert len(seen) > 2, "the filters tell them apart"


async def test_what_is_wrong_with_a_filter_is_told_at_once(world: World) -> None:
    wanted = visits_pb2.FollowUpFilter(case="1", due_from="soon", province="x")
    wanted.MergeFromString(b"\x30\x63")  # a state of a later version
    _, _, violations = await refused(
        world.stub.CountFollowUps(visits_pb2.CountFollowUpsRequest(filter=wanted), **world.as_office(HANOI))
    )
    assert {each[0] for each in violations} == {
        "filter.case",
        "filter.due_from",
        "filter.state",
        "filter.province",
    }
