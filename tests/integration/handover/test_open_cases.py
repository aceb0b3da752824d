"""Open cases listed and counted: the rows behind a count are those that were counted, whatever is asked for."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from homeward.handover.v1 import open_cases_pb2 as api
from homeward.handover.v1 import transfers_pb2
from homeward.office.v1 import acts_pb2
from homeward.type.v1 import types_pb2 as types
from services.handover.application import open_cases
from services.handover.storage import open_cases as storage
from tests.integration.handover.world import (
    CENTRE,
    HANOI,
    OTHER_POST,
    POST,
    QUANG_NINH,
    Case,
    World,
    refused,
    violated,
)

NATION = "SV-NATIONAL"


async def _listed(world: World, by: str, wanted: api.CaseFilter, *, overdue: bool = False) -> list[api.OpenCase]:
    """All pages, three cases to a page."""
    found: list[api.OpenCase] = []
    request: Any = (api.ListOverdueRequest if overdue else api.ListCustodiesRequest)(page_size=3, filter=wanted)
    ask = world.at(by).ListOverdue if overdue else world.at(by).ListCustodies
    for _ in range(20):
        answer = await ask(request)
        found.extend(answer.cases)
        if not answer.next_page_token:
            return found
        request.page_token = answer.next_page_token
    raise AssertionError("the pages do not come to an end")


async def _counted(world: World, by: str, wanted: api.CaseFilter, *, overdue: bool = False) -> list[api.CaseCount]:
    if overdue:
        return list((await world.at(by).CountOverdue(api.CountOverdueRequest(filter=wanted))).counts)
    return list((await world.at(by).CountOpen(api.CountOpenRequest(filter=wanted))).counts)


async def _a_country(world: World) -> None:
    """Cases in several phases, provinces and days of delay."""
    await world.registered()
    world.clock.move_by(timedelta(days=6))
    await world.registered(OTHER_POST)
    await world.dispatch(await world.registered())
    await world.plan(await world.registered(), to=CENTRE)
    rejected = await world.registered(OTHER_POST)
    await world.dispatch(rejected, by=OTHER_POST)
    await world.reject(rejected)
    await world.registered(QUANG_NINH)
    world.clock.move_by(timedelta(days=9))


async def test_a_count_and_its_rows_are_one_question(world: World) -> None:
    await _a_country(world)
    phases: tuple[list[types.CasePhase.ValueType], ...] = (
        [],
        [types.CASE_PHASE_REGISTERED],
        [types.CASE_PHASE_REJECTED, types.CASE_PHASE_IN_TRANSIT],
    )
    asked = [
        api.CaseFilter(phases=phase, province=province, office_id=office, rule=rule, overdue_days_min=days)
        for phase, province, office, rule, days in product(
            phases, ("", "20@2025", "22@2025"), ("", POST), ("", "DISPATCH_DUE"), (0, 3)
        )
    ]
    seen = set()
    for wanted, by, overdue in product(asked, (NATION, POST, QUANG_NINH), (True, False)):
        rows = await _listed(world, by, wanted, overdue=overdue)
        counts = await _counted(world, by, wanted, overdue=overdue)
        assert sum(each.total for each in counts) == len(rows), (wanted, by, overdue)
        assert sum(each.overdue for each in counts) == sum(each.overdue_days > 0 for each in rows)
        assert [each.due_on for each in rows] == sorted(each.due_on for each in rows)
        seen.add(len(rows))
    assert len(seen) > 4, "the filters tell cases apart"


async def test_each_count_leads_to_its_rows(world: World) -> None:
    await _a_country(world)
    counts = await _counted(world, NATION, api.CaseFilter())
    assert {each.province for each in counts} == {"20@2025", "22@2025"}
    for each in counts:
        wanted = api.CaseFilter(phases=[each.phase], province=each.province, rule=each.rule)
        assert len(await _listed(world, NATION, wanted)) == each.total
        late = api.CaseFilter(phases=[each.phase], province=each.province, rule=each.rule, overdue_days_min=7)
        assert len(await _listed(world, NATION, late)) == each.from_7_days


async def test_a_row_tells_where_she_goes_and_until_when(world: World) -> None:
    case = await world.registered()
    sent = await world.dispatch(case)
    (row,) = await _listed(world, POST, api.CaseFilter())
    assert (row.case_id, row.phase) == (str(case.id), types.CASE_PHASE_IN_TRANSIT)
    assert (row.to_office_id, row.transfer_state) == (QUANG_NINH, types.TRANSFER_STATE_DISPATCHED)
    assert (row.expected_arrival_on, row.rule) == (sent.expected_arrival_on, "TRANSFER_ACKNOWLEDGE")
    assert (row.due_on, row.overdue_days) == (sent.acknowledge_due_on, 0)
    assert await _listed(world, POST, api.CaseFilter(due_until=row.due_on)) == [row]
    day_before = (world.today + timedelta(days=0)).isoformat()
    assert await _listed(world, POST, api.CaseFilter(due_until=day_before)) == []
    assert await _listed(world, HANOI, api.CaseFilter()) == [], "it is no business of others"
    assert await _listed(world, HANOI, api.CaseFilter(office_id=POST)) == []


async def test_who_awaits_her_sees_that_she_is_overdue(world: World) -> None:
    case, expected = await world.registered(), await world.registered()
    await world.dispatch(case)
    await world.plan(expected)
    world.clock.move_by(timedelta(days=9))
    for by in (POST, QUANG_NINH, "SV-20", "SV-22"):
        listed = {each.case_id: each for each in await _listed(world, by, api.CaseFilter(), overdue=True)}
        assert str(case.id) in listed, by
        board = await world.at(by).GetTransferBoard(transfers_pb2.GetTransferBoardRequest())
        coming = sum(each.count for each in board.incoming if each.name == "OVERDUE")
        awaited = [
            each for each in listed.values() if each.accountable_office_id == POST and by in (QUANG_NINH, "SV-22")
        ]
        assert coming == len(awaited), by
    (count,) = await _counted(world, "SV-22", api.CaseFilter(), overdue=True)
    assert (count.province, count.rule, count.total) == ("20@2025", "TRANSFER_ACKNOWLEDGE", 1)
    for wanted in (api.CaseFilter(province=count.province), api.CaseFilter(office_id=POST)):
        assert len(await _listed(world, "SV-22", wanted, overdue=True)) == 1, "the tile of the sender leads to her"
    for wanted in (api.CaseFilter(province="22@2025"), api.CaseFilter(office_id=QUANG_NINH)):
        assert await _listed(world, "SV-22", wanted, overdue=True) == []
    assert await _listed(world, QUANG_NINH, api.CaseFilter()) == [], "whom others answer for is no open case of hers"
    assert await _listed(world, HANOI, api.CaseFilter(), overdue=True) == []


async def test_what_is_wrong_with_a_filter_is_told_at_once(world: World) -> None:
    wanted = api.CaseFilter(province="1", rule="FOLLOW_UP_3M", due_until="soon", overdue_days_min=-1)
    wrong = world.at(POST).CountOpen(api.CountOpenRequest(filter=wanted))
    assert await violated(wrong) == [
        ("filter.rule", "NOT_IN_LIST"),
        ("filter.province", "UNKNOWN_PROVINCE"),
        ("filter.due_until", "BAD_FORMAT"),
        ("filter.overdue_days_min", "TOO_SMALL"),
    ]


async def test_the_trend_tells_the_last_day_counted_of_each_week(world: World) -> None:
    async def trend(by: str, province: str = "") -> list[tuple[str, int, int, int]]:
        points = (await world.at(by).ListTrend(api.ListTrendRequest(province=province))).points
        return [(each.day, each.on_the_way, each.overdue, each.lost) for each in points]

    assert await trend(POST) == []
    await world.chassis.units.run(open_cases.count_day)
    first = world.today
    await world.dispatch(await world.registered())
    await world.registered(OTHER_POST)
    await world.chassis.units.run(open_cases.count_day)
    assert await trend(NATION) == [(first.isoformat(), 0, 0, 0)], "a day is counted once"
    world.clock.move_by(timedelta(days=2))
    await world.chassis.units.run(open_cases.count_day)
    second = world.today
    assert await trend(NATION) == [(second.isoformat(), 1, 0, 0)], "the last day of a week stands for it"
    world.clock.move_by(timedelta(days=21))
    await world.chassis.units.run(open_cases.count_day)
    third = world.today
    assert await trend(NATION) == [(second.isoformat(), 1, 0, 0), (third.isoformat(), 1, 2, 0)]
    assert await trend("SV-20") == await trend(POST) == [(second.isoformat(), 1, 0, 0), (third.isoformat(), 1, 1, 0)]
    assert await trend(NATION, "22@2025") == [(second.isoformat(), 0, 0, 0), (third.isoformat(), 0, 1, 0)]
    assert await trend(POST, "22@2025") == [(second.isoformat(), 0, 0, 0), (third.isoformat(), 0, 0, 0)]
    world.clock.move_by(timedelta(days=26 * 7))
    await world.chassis.units.run(open_cases.count_day)
    days = [day for day, *_counts in await trend(NATION)]
    assert days == [world.today.isoformat()]
    assert len(await world.rows("SELECT day FROM counted_day")) == 1, "what no trend tells of is forgotten"


async def test_what_an_overseer_lists_is_counted_for_the_auditor_and_never_changed(world: World) -> None:
    await world.registered()
    for by in ("SV-NATIONAL", "SV-NATIONAL", POST):
        await world.at(by).ListCustodies(api.ListCustodiesRequest())
    asked = acts_pb2.CountListsReadRequest(read_from=world.day(0), read_until=world.day(0))
    lists = (await world.at("AUDIT-NATIONAL").CountListsRead(asked)).lists
    assert [(one.office_id, one.role, one.method, one.pages, one.rows) for one in lists] == [
        ("SV-NATIONAL", "SUPERVISOR", "ListCustodies", 2, 2)
    ]
    before = acts_pb2.CountListsReadRequest(read_until=world.day(-1))
    assert not (await world.at("AUDIT-NATIONAL").CountListsRead(before)).lists
    assert await refused(world.at("SV-NATIONAL").CountListsRead(asked)) == "PERMISSION_DENIED"
    with pytest.raises(DBAPIError):
        await world.rows("DELETE FROM list_read RETURNING id")


async def _changes(world: World) -> int:
    return len(await world.rows("SELECT * FROM open_case_change"))


async def test_a_count_is_what_there_is_at_each_instant_while_many_write(world: World) -> None:
    units, writing = world.chassis.units, True

    async def send_and_reject(case: Case) -> None:
        for _ in range(3):
            await world.dispatch(case)
            await world.reject(case)

    async def fold() -> None:
        while writing:
            await units.run(open_cases.fold_changes)

    async def watch() -> int:
        looked = 0
        while writing:
            assert await world.rows("SELECT * FROM audit_open_case") == []
            looked += 1
        return looked

    sent = [await world.registered() for _ in range(6)]
    beside = [asyncio.ensure_future(each) for each in (fold(), fold(), watch(), watch())]
    await asyncio.gather(*(send_and_reject(each) for each in sent))
    writing = False
    _folded, _also, *looked = await asyncio.gather(*beside)
    assert all(looked)
    await units.run(open_cases.fold_changes)
    assert await _changes(world) == 0
    (kind,) = await world.rows("SELECT phase, cases FROM open_case_count")
    assert (kind.phase, kind.cases) == ("REJECTED", len(sent)), "what nobody is in any more is not kept"
    assert await world.rows("SELECT * FROM audit_open_case") == []


async def test_no_more_changes_are_added_in_one_transaction_than_are_allowed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "FOLDED_MAX", 1)
    await world.dispatch(await world.registered())
    for left in range(await _changes(world) - 1, -1, -1):
        await world.chassis.units.run(open_cases.fold_changes)
        assert await _changes(world) == left
        assert await world.rows("SELECT * FROM audit_open_case") == []


async def test_counts_that_were_damaged_are_put_right_with_the_next_day(world: World) -> None:
    await world.registered()
    await world.dispatch(await world.registered())
    await world.chassis.units.run(open_cases.fold_changes)
    async with world.chassis.engine.begin() as connection:
        await connection.execute(text("UPDATE open_case_count SET cases = 7 WHERE phase = 'REGISTERED'"))
    (wrong,) = await world.rows("SELECT phase, counted, there FROM audit_open_case")
    assert tuple(wrong) == ("REGISTERED", 7, 1)
    await world.chassis.units.run(open_cases.count_day)
    assert await world.rows("SELECT * FROM audit_open_case") == []
    (point,) = (await world.at(NATION).ListTrend(api.ListTrendRequest())).points
    assert point.on_the_way == 1
