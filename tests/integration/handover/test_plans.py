"""Lists and counts run along their indexes, whoever asks: what a page reads does not grow with what lies beside it.

Every statement of a reading call is explained as the database carried it out, on a board with tens of thousands of
open transfers of which the asking office has few.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import psycopg
import pytest

from homeward.handover.v1 import open_cases_pb2, searches_pb2, transfers_pb2
from homeward.type.v1 import types_pb2 as types
from tests.integration.handover.world import HANOI, QUANG_NINH, World, world_of
from tests.support.clocks import FakeClock
from tests.support.databases import Databases
from tests.support.fixtures import ChassisFor, TokenFor

CROWD = 20_000
BIG_TABLES = {"custody", "transfer", "search"}
PAGES_MAX = 2_500
"""Pages of 8 KiB that one statement of a reading call may touch; the crowd's tables hold several times as many."""

_CROWD = (
    # Open cases: one in twenty is with Hà Nội, one in four hundred with Quảng Ninh, the others elsewhere.
    """
    INSERT INTO custody (case_id, case_number, phase, accountable_office_id, segment, registering_office_id,
        present_since_on, age_band, arrivals, followup_watches, visited, watch_rule, watch_due_on, version, opened_at,
        changed_at)
    SELECT gen_random_uuid(), 'INVENTED-' || n,
        (ARRAY['IN_TRANSIT', 'IN_TRANSIT', 'IN_TRANSIT', 'SEARCH', 'REGISTERED', 'REJECTED', 'ADMITTED'])[1 + n % 7],
        CASE WHEN n % 400 = 0 THEN 'SA-22' WHEN n % 20 = 0 THEN 'SA-01' ELSE 'BP-' || n % 60 END,
        1, 'BP-1', '2026-01-01', 'ADULT', '{}', false, false, 'DISPATCH_DUE', DATE '2026-03-02' + (n % 200 - 20), 1,
        TIMESTAMPTZ '2026-01-01 00:00Z', TIMESTAMPTZ '2026-01-01 00:00Z'
    FROM generate_series(1, :crowd) n
    """,
    """
    INSERT INTO transfer (id, case_id, number, from_office_id, to_office_id, state, expected_departure_on,
        expected_arrival_on, departed_on, dispatched_at, dispatched_in, acknowledge_due_on, accepted_at,
        told_overdue, late, documents, planned_at, version)
    SELECT gen_random_uuid(), case_id, 1, accountable_office_id,
        CASE WHEN n % 300 = 7 THEN 'SA-22' WHEN n % 30 = 7 THEN 'SA-01' ELSE 'RC-' || n % 60 END,
        CASE WHEN n % 3 = 0 THEN 'PLANNED' ELSE 'DISPATCHED' END, d, d + 1,
        CASE WHEN n % 3 > 0 THEN d END, CASE WHEN n % 3 > 0 THEN opened_at END, CASE WHEN n % 3 > 0 THEN 1 END,
        CASE WHEN n % 3 > 0 THEN d + 4 END, CASE WHEN n % 5 > 0 THEN opened_at END, false, false, '{}', opened_at, 1
    FROM (SELECT c.*, split_part(case_number, '-', 2)::integer AS n FROM custody c) c,
        LATERAL (SELECT DATE '2026-02-20' + n % 90 AS d) x
    """,
    """
    INSERT INTO search (id, case_id, office_id, reason, opened_at, level, version)
    SELECT gen_random_uuid(), case_id, accountable_office_id,
        CASE WHEN n % 2 = 0 THEN 'NOT_ACKNOWLEDGED' ELSE 'REAPPEARED' END, opened_at + n * interval '1 minute', n % 4, 1
    FROM (SELECT c.*, split_part(case_number, '-', 2)::integer AS n FROM custody c) c WHERE phase = 'SEARCH'
    """,
)
_GUARD = "custody_one_watched_deadline"


@pytest.fixture(scope="module")
def crowd_url(databases: Databases) -> Iterator[str]:
    """A database with a crowd, which all tests here only read."""
    lent = databases.lend("handover")
    databases.as_superuser(lent.url, f"ALTER TABLE custody DISABLE TRIGGER {_GUARD}")
    with psycopg.connect(lent.url) as connection:
        for statement in _CROWD:
            connection.execute(statement.replace(":crowd", str(CROWD)).encode())
    databases.as_superuser(lent.url, f"ALTER TABLE custody ENABLE TRIGGER {_GUARD}", "ANALYZE")
    yield lent.url
    databases.give_back(lent)


@pytest.fixture
async def crowded(
    crowd_url: str, chassis_for: ChassisFor, clock: FakeClock, token_for: TokenFor
) -> AsyncIterator[World]:
    """A world with a crowd."""
    async with world_of(chassis_for("handover", crowd_url, clock), clock, token_for) as world:
        yield world


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What is asked of the database by reading, as the driver gets it."""
    seen: list[tuple[str, Any]] = []
    execute = psycopg.AsyncRawCursor.execute

    async def note(self: Any, query: Any, params: Any = None, **more: Any) -> Any:
        if query.lstrip().startswith("SELECT"):
            seen.append((query, params))
        return await execute(self, query, params, **more)

    monkeypatch.setattr(psycopg.AsyncRawCursor, "execute", note)
    return seen


async def _explained(world: World, statement: str, parameters: Any) -> dict[str, Any]:
    async with world.chassis.engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        cursor = psycopg.AsyncRawCursor(driver)
        await cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", parameters)
        row: Any = await cursor.fetchone()
    plan: dict[str, Any] = row[0][0]["Plan"]
    return plan


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for each in plan.get("Plans", ()):
        yield from _nodes(each)


Call = Callable[[World, str], Awaitable[Any]]
OVERDUE = transfers_pb2.ListTransfersRequest(overdue_only=True)
CALLS: dict[str, Call] = {
    "pending": lambda world, by: world.at(by).ListTransfers(
        transfers_pb2.ListTransfersRequest(direction=transfers_pb2.DIRECTION_INCOMING)
    ),
    "both ways": lambda world, by: world.at(by).ListTransfers(transfers_pb2.ListTransfersRequest()),
    "overdue acknowledgements": lambda world, by: world.at(by).ListTransfers(OVERDUE),
    "overdue cases": lambda world, by: world.at(by).ListOverdue(open_cases_pb2.ListOverdueRequest()),
    "lost": lambda world, by: world.at(by).ListLost(searches_pb2.ListLostRequest()),
    "lost with the nation, one reason": lambda world, by: world.at(by).ListLost(
        searches_pb2.ListLostRequest(
            filter=searches_pb2.LostFilter(reason=types.LOST_REASON_REAPPEARED, escalation_level_min=2)
        )
    ),
    "open cases": lambda world, by: world.at(by).ListCustodies(open_cases_pb2.ListCustodiesRequest()),
    "open cases of a phase": lambda world, by: world.at(by).ListCustodies(
        open_cases_pb2.ListCustodiesRequest(filter=open_cases_pb2.CaseFilter(phases=[types.CASE_PHASE_SEARCH]))
    ),
    "open cases counted": lambda world, by: world.at(by).CountOpen(open_cases_pb2.CountOpenRequest()),
    "overdue cases counted": lambda world, by: world.at(by).CountOverdue(open_cases_pb2.CountOverdueRequest()),
    "not accepted": lambda world, by: world.at(by).ListTransfers(
        transfers_pb2.ListTransfersRequest(not_accepted_only=True)
    ),
    "board": lambda world, by: world.at(by).GetTransferBoard(transfers_pb2.GetTransferBoardRequest()),
}


@pytest.mark.parametrize("call", CALLS)
async def test_what_a_page_reads(crowded: World, asked: list[tuple[str, Any]], call: str) -> None:
    for by in (QUANG_NINH, HANOI, "SV-22", "SV-NATIONAL"):
        asked.clear()
        await CALLS[call](crowded, by)
        assert asked
        for statement, parameters in list(asked):
            plan = await _explained(crowded, statement, parameters)
            scans = [
                node["Relation Name"]
                for node in _nodes(plan)
                if node["Node Type"] == "Seq Scan" and node.get("Relation Name") in BIG_TABLES
            ]
            # Counting half of a table up to the limit, the first half of it is as good as an index.
            assert not scans or (call, by) == ("board", "SV-NATIONAL"), (by, scans, statement)
            pages = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
            assert pages <= PAGES_MAX, (by, pages, statement)


async def test_the_second_page_goes_on_where_the_first_ended(crowded: World) -> None:
    seen: list[str] = []
    token = ""
    for _ in range(3):
        request = transfers_pb2.ListTransfersRequest(
            direction=transfers_pb2.DIRECTION_INCOMING, page_size=20, page_token=token
        )
        answer = await crowded.at(HANOI).ListTransfers(request)
        seen += [each.expected_arrival_on + each.transfer_id for each in answer.transfers]
        token = answer.next_page_token
    assert len(seen) == len(set(seen)) == 60
    assert seen == sorted(seen)


async def test_counts_stop_where_they_say(crowded: World) -> None:
    board = await crowded.at("SV-NATIONAL").GetTransferBoard(transfers_pb2.GetTransferBoardRequest(pressing_max=5))
    incoming = {one.name: one for one in board.incoming}
    assert (incoming["ON_THE_WAY"].count, incoming["ON_THE_WAY"].more) == (10_000, True)
    assert (incoming["PLANNED"].count, incoming["PLANNED"].more) == (CROWD // 3, False)
    outgoing = {one.name: one for one in board.outgoing}
    assert outgoing == {name: incoming[name] for name in ("PLANNED", "ON_THE_WAY", "OVERDUE")}, "what all sent"
    assert len(board.pressing) == 5
    assert all(each.overdue for each in board.pressing)
    lost = (await crowded.at("SV-NATIONAL").CountLost(searches_pb2.CountLostRequest())).counts
    (counted,) = await crowded.rows("SELECT count(*) AS n FROM search")
    assert sum(one.total for one in lost) == counted.n
