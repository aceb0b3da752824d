"""The boards of an office and of its supervisors: who sees what, page by page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from homeward.handover.v1 import custody_pb2, open_cases_pb2, searches_pb2, transfers_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.deadlines import is_past
from tests.integration.handover.world import (
    CENTRE,
    HANOI,
    OTHER_POST,
    POST,
    QUANG_NINH,
    World,
    refused,
    violated,
)


async def _transfers(world: World, office_id: str, **fields: Any) -> list[transfers_pb2.Transfer]:
    """All pages of a list of transfers, two to a page."""
    found: list[transfers_pb2.Transfer] = []
    request = transfers_pb2.ListTransfersRequest(page_size=2, **fields)
    for _ in range(20):
        answer = await world.at(office_id).ListTransfers(request)
        assert len(answer.transfers) <= 2
        found.extend(answer.transfers)
        if not answer.next_page_token:
            return found
        request.page_token = answer.next_page_token
    raise AssertionError("the pages do not come to an end")


async def test_every_transfer_comes_once_and_in_order(world: World) -> None:
    sent = []
    for days in (3, 1, 2, 1, 5):
        case = await world.registered()
        sent.append(await world.dispatch(case, arrival=world.day(days)))
    incoming = await _transfers(world, QUANG_NINH)
    assert [each.expected_arrival_on for each in incoming] == sorted(each.expected_arrival_on for each in sent)
    assert {each.transfer_id for each in incoming} == {each.transfer_id for each in sent}
    assert len(incoming) == 5
    assert await _transfers(world, POST) == incoming
    assert await _transfers(world, HANOI) == []


async def test_incoming_outgoing_and_states(world: World) -> None:
    first, second = await world.registered(CENTRE), await world.registered()
    out = await world.dispatch(first, by=CENTRE)
    planned = await world.plan(second, to=CENTRE)

    async def ids(**fields: Any) -> set[str]:
        return {each.transfer_id for each in await _transfers(world, CENTRE, **fields)}

    assert await ids() == {out.transfer_id, planned.transfer_id}
    assert await ids(direction=transfers_pb2.DIRECTION_INCOMING) == {planned.transfer_id}
    assert await ids(direction=transfers_pb2.DIRECTION_OUTGOING) == {out.transfer_id}
    assert await ids(state=types.TRANSFER_STATE_PLANNED) == {planned.transfer_id}
    assert await ids(state=types.TRANSFER_STATE_REJECTED) == set()
    await world.reject(first)
    assert await ids() == {planned.transfer_id}
    assert await ids(state=types.TRANSFER_STATE_REJECTED) == {out.transfer_id}


async def test_overdue_in_a_list_means_what_it_means_everywhere(world: World) -> None:
    for days in range(8):
        await world.dispatch(await world.registered(), arrival=world.day(days))
    world.clock.move_by(timedelta(days=8))
    listed = {each.transfer_id for each in await _transfers(world, POST, overdue_only=True)}
    everything = await _transfers(world, POST)
    assert listed == {each.transfer_id for each in everything if each.overdue}
    days_due = await world.rows("SELECT id, acknowledge_due_on FROM transfer")
    assert listed == {str(row.id) for row in days_due if is_past(row.acknowledge_due_on, world.today)}
    assert 0 < len(listed) < len(everything)


async def test_a_late_acknowledgement_stays_marked(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    world.clock.move_by(timedelta(days=5))
    await world.acknowledge(case)
    (listed,) = await _transfers(world, QUANG_NINH, state=types.TRANSFER_STATE_ACKNOWLEDGED, overdue_only=True)
    assert listed.overdue


async def test_overdue_cases_longest_first_page_by_page(world: World) -> None:
    cases = []
    for _ in range(4):
        cases.append(await world.registered())
        world.clock.move_by(timedelta(days=1))
    mine = await world.registered(QUANG_NINH)
    world.clock.move_by(timedelta(days=9))  # the first three are 4, 3 and 2 days past, not yet 1

    async def overdue(office_id: str, **fields: Any) -> list[open_cases_pb2.OpenCase]:
        found: list[open_cases_pb2.OpenCase] = []
        token = ""
        while True:
            request = open_cases_pb2.ListOverdueRequest(page_size=1, page_token=token)
            answer = await world.at(office_id, **fields).ListOverdue(request)
            found.extend(answer.cases)
            token = answer.next_page_token
            if not token:
                return found

    before_any_look = await overdue(POST)
    assert [each.case_id for each in before_any_look] == [str(case.id) for case in cases[:3]]
    assert [each.overdue_days for each in before_any_look] == [3, 2, 1]
    assert {each.rule for each in before_any_look} == {"DISPATCH_DUE"}
    await world.look()
    assert await overdue(POST) == before_any_look, "firing changes nothing about being overdue"
    assert await overdue(QUANG_NINH) == []
    assert len(await overdue("SV-20")) == 3
    assert await overdue("SV-22") == []
    assert len(await overdue("SV-NATIONAL")) == 3
    world.clock.move_by(timedelta(days=2))
    assert str(mine.id) in {each.case_id for each in await overdue("SV-NATIONAL")}


async def test_a_case_that_moves_on_is_no_longer_overdue(world: World) -> None:
    case = await world.registered()
    world.clock.move_by(timedelta(days=12))
    await world.look()
    listed = (await world.at(POST).ListOverdue(open_cases_pb2.ListOverdueRequest())).cases
    assert [each.due_on for each in listed] == ["2026-03-12"]
    await world.dispatch(case)
    assert not (await world.at(POST).ListOverdue(open_cases_pb2.ListOverdueRequest())).cases


async def test_the_lost_are_seen_by_the_sender_and_supervisors_in_scope(world: World) -> None:
    for _ in range(3):
        await world.dispatch(await world.registered())
        world.clock.move_by(timedelta(days=1))
    await world.after_days(14)

    async def lost(office_id: str) -> list[str]:
        found: list[custody_pb2.Search] = []
        token = ""
        while True:
            request = searches_pb2.ListLostRequest(page_size=2, page_token=token)
            answer = await world.at(office_id).ListLost(request)
            found.extend(answer.searches)
            token = answer.next_page_token
            if not token:
                return [each.search_id for each in found]

    assert len(await lost(POST)) == 3
    assert await lost("SV-20") == await lost("SV-NATIONAL") == await lost(POST)
    for other in (OTHER_POST, QUANG_NINH, "SV-22"):
        assert await lost(other) == []


@pytest.mark.parametrize("name", ["ListTransfers", "ListOverdue", "ListLost"])
async def test_page_tokens_are_bound_and_sizes_checked(world: World, name: str) -> None:
    contract = {"ListLost": searches_pb2, "ListOverdue": open_cases_pb2}.get(name, transfers_pb2)
    request_type = getattr(contract, f"{name}Request")
    call = getattr(world.at(POST), name)
    assert await refused(call(request_type(page_token="made up"))) == "BAD_PAGE_TOKEN"
    assert await violated(call(request_type(page_size=-1))) == [("page_size", "TOO_SMALL")]


async def test_a_page_token_does_not_pass_to_another_office_or_filter(world: World) -> None:
    for _ in range(2):
        await world.plan(await world.registered())
    answer = await world.at(POST).ListTransfers(transfers_pb2.ListTransfersRequest(page_size=1))
    assert answer.next_page_token
    stolen = transfers_pb2.ListTransfersRequest(page_size=1, page_token=answer.next_page_token)
    assert await refused(world.at(QUANG_NINH).ListTransfers(stolen)) == "BAD_PAGE_TOKEN"
    stolen.direction = transfers_pb2.DIRECTION_OUTGOING
    assert await refused(world.at(POST).ListTransfers(stolen)) == "BAD_PAGE_TOKEN"


# Boards ---------------------------------------------------------------------------------------


def _counted(counts: Any) -> dict[str, int]:
    assert not any(one.more for one in counts)
    return {one.name: one.count for one in counts}


async def _board(world: World, office_id: str, pressing_max: int = 0) -> transfers_pb2.GetTransferBoardResponse:
    request = transfers_pb2.GetTransferBoardRequest(pressing_max=pressing_max)
    answer: transfers_pb2.GetTransferBoardResponse = await world.at(office_id).GetTransferBoard(request)
    return answer


async def test_the_board_of_an_office_and_of_its_supervisors(world: World) -> None:
    await world.plan(await world.registered())
    sent = await world.registered()
    await world.dispatch(sent)
    accepted = await world.registered()
    await world.dispatch(accepted)
    await world.accept(accepted)
    rejected = await world.registered()
    await world.dispatch(rejected)
    await world.reject(rejected)
    staying = await world.registered()
    await world.dispatch(staying, to=CENTRE)
    await world.acknowledge(staying, by=CENTRE)
    discharged = await world.registered(CENTRE)
    await world.admit(discharged)
    await world.discharge(discharged)

    incoming = {"PLANNED": 1, "ON_THE_WAY": 2, "TO_ACCEPT": 2, "OVERDUE": 0}
    outgoing = {"PLANNED": 1, "ON_THE_WAY": 2, "OVERDUE": 0}
    for office_id in (QUANG_NINH, "SV-22"):
        assert _counted((await _board(world, office_id)).incoming) == incoming
    for office_id in (POST, "SV-20"):
        board = await _board(world, office_id)
        assert _counted(board.outgoing) == outgoing
        assert _counted(board.own) == {"TO_SEND_ON": 1, "SENT_BACK": 1, "IN_FACILITY": 0, "LOST": 0}
    assert _counted((await _board(world, CENTRE)).own) == {
        "TO_SEND_ON": 1,
        "SENT_BACK": 0,
        "IN_FACILITY": 1,
        "LOST": 0,
    }
    nation = await _board(world, "SV-NATIONAL")
    assert (_counted(nation.incoming), _counted(nation.outgoing)) == (incoming, outgoing)
    assert _counted((await _board(world, HANOI)).incoming) == dict.fromkeys(incoming, 0)

    await world.after_days(15)
    assert _counted((await _board(world, POST)).own)["LOST"] == 3
    assert _counted((await _board(world, QUANG_NINH)).incoming)["OVERDUE"] == 2


async def test_what_presses_most_comes_first(world: World) -> None:
    soon = await world.dispatch(await world.registered(), arrival=world.day(9))
    late = await world.dispatch(await world.registered(), arrival=world.day(1))
    later = await world.plan(await world.registered())
    world.clock.move_by(timedelta(days=6))
    pressing = (await _board(world, QUANG_NINH)).pressing
    assert [each.transfer_id for each in pressing] == [each.transfer_id for each in (late, later, soon)]
    assert [each.overdue for each in pressing] == [True, False, False]
    assert len((await _board(world, QUANG_NINH, 2)).pressing) == 2
    negative = world.at(POST).GetTransferBoard(transfers_pb2.GetTransferBoardRequest(pressing_max=-1))
    assert await violated(negative) == [("pressing_max", "TOO_SMALL")]


async def test_the_lost_by_reason_level_province_and_age(world: World) -> None:
    await world.dispatch(await world.registered())
    await world.after_days(20)
    rejected = await world.registered(OTHER_POST)
    await world.dispatch(rejected, by=OTHER_POST)
    await world.reject(rejected)
    await world.after_days(4)

    async def lost(**filters: Any) -> list[int]:
        wanted = searches_pb2.LostFilter(**filters)
        nation = world.at("SV-NATIONAL")
        rows = (await nation.ListLost(searches_pb2.ListLostRequest(filter=wanted))).searches
        counts = (await nation.CountLost(searches_pb2.CountLostRequest(filter=wanted))).counts
        assert sum(each.total for each in counts) == len(rows), "a count and its rows are one question"
        return [each.reason for each in rows]

    unacknowledged, back = types.LOST_REASON_NOT_ACKNOWLEDGED, types.LOST_REASON_REJECTED_NOT_REDISPATCHED
    assert await lost() == [unacknowledged, back]
    assert await lost(reason=back) == [back]
    assert await lost(reason=types.LOST_REASON_REAPPEARED) == []
    assert await lost(escalation_level_min=1) == [unacknowledged]
    assert await lost(escalation_level_min=9) == []
    assert await lost(province="22@2025") == [back]
    assert await lost(province="20@2025", age_days_min=7) == [unacknowledged]
    assert await lost(age_days_min=12) == [unacknowledged]
    assert await lost(age_days_min=13) == []
    wanted = searches_pb2.LostFilter(escalation_level_min=-1, province="99@2025")
    wrong = world.at(POST).ListLost(searches_pb2.ListLostRequest(filter=wanted))
    assert await violated(wrong) == [
        ("filter.escalation_level_min", "TOO_SMALL"),
        ("filter.province", "UNKNOWN_PROVINCE"),
    ]

    counts = (await world.at("SV-NATIONAL").CountLost(searches_pb2.CountLostRequest())).counts
    assert [(one.province, one.reason, one.total, one.from_7_days, one.from_30_days) for one in counts] == [
        ("20@2025", unacknowledged, 1, 1, 0),
        ("22@2025", back, 1, 0, 0),
    ]
    assert counts[0].oldest_days == 12
    (own,) = (await world.at(POST).CountLost(searches_pb2.CountLostRequest())).counts
    assert own == counts[0]
    assert not (await world.at(HANOI).CountLost(searches_pb2.CountLostRequest())).counts
