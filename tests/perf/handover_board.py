"""What handover costs with a million open transfers, against the same with ten thousand.

A sweep fires 1,000 deadlines that passed, with everything that follows: events, what is watched next. A page is the
first one of what an agency has to expect. Neither may read what it does not show: the plans are printed with the table.
A board is what handover is asked for the first page of a supervisor.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg
from sqlalchemy import event, text

from services.chassis.calls.pages import DEFAULT_PAGE_SIZE
from services.chassis.country.clock import SystemClock
from services.chassis.country.directory import built_in_directory
from services.chassis.country.sight import Sight
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.roles import Role
from services.chassis.service.consents import Consents
from services.chassis.service.process import Chassis
from services.handover.__main__ import DEFINITION
from services.handover.application.desk import Ports
from services.handover.application.open_cases import count_cases
from services.handover.application.reading import Direction, WantedTransfers, get_transfer_board, list_transfers
from services.handover.domain.reading import CasesWanted, ListedTransfer, Page
from services.handover.domain.words import Phase
from services.handover.homes import Homes
from services.handover.offices import Offices
from services.handover.schedule import DEADLINES
from tests.perf.engines import Engines
from tests.perf.measure import Result, in_turns, percentile
from tests.support.identities import caller_for
from tests.support.processes import build_chassis

AGENCY = "SA-22"
WATCHERS = {"nation": "SV-NATIONAL", "province": "SV-22"}
PRESSING = 50
ARRIVALS_OVER_DAYS = 60
TABLES = ("custody", "custody_segment", "transfer", "obligation")
SHOWN = re.compile(r"\b(FROM transfer|FROM obligation)\b")
"""Statements that choose among all rows; the others ask for single cases by their key."""


@dataclass(frozen=True)
class Sizes:
    """How much is measured: open transfers with us and with the peer, those due in a sweep, pages, a supervisor's
    boards, and rounds."""

    open: int = 1_000_000
    open_peer: int = 10_000
    due: int = 1_000
    pages: int = 50
    boards: int = 20
    rounds: int = 3


TINY = Sizes(open=6_000, open_peer=5_000, due=20, pages=1, boards=1, rounds=1)

_CASE = "CAST('00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0') AS uuid)"
_TRANSFER = "CAST('00000000-0000-7000-9000-' || lpad(to_hex(i), 12, '0') AS uuid)"
_EACH = "FROM generate_series(1, %(count)s) AS i"
_ARRIVAL = "current_date + 1 + CAST(i %% %(days)s AS integer)"
_POST = "(CAST(%(posts)s AS text[]))[1 + i %% cardinality(CAST(%(posts)s AS text[]))]"
_AGENCY = "(CAST(%(agencies)s AS text[]))[1 + i %% cardinality(CAST(%(agencies)s AS text[]))]"
FILL = (
    f"""
    INSERT INTO custody (case_id, case_number, phase, accountable_office_id, segment, registering_office_id,
        present_since_on, home_province, age_band, arrivals, followup_watches, visited, watch_rule, watch_due_on,
        version, opened_at, changed_at)
    SELECT {_CASE}, 'BENCH-' || i, 'IN_TRANSIT', {_POST}, 1, {_POST}, current_date - 30, '22@2025', 'ADULT', '{{}}',
        false, false, 'TRANSFER_ACKNOWLEDGE', {_ARRIVAL} + 5, 1, now(), now() {_EACH}
    """,
    f"""
    INSERT INTO custody_segment (case_id, number, office_id, cause, started_at)
    SELECT {_CASE}, 1, {_POST}, 'REGISTERED', now() - interval '30 days' {_EACH}
    """,
    f"""
    INSERT INTO transfer (id, case_id, number, from_office_id, to_office_id, state, expected_departure_on,
        expected_arrival_on, departed_on, dispatched_at, dispatched_in, acknowledge_due_on,
        told_overdue, late, documents, planned_at, version)
    SELECT {_TRANSFER}, {_CASE}, 1, {_POST}, {_AGENCY}, 'DISPATCHED', current_date, {_ARRIVAL}, current_date, now(), 1,
        {_ARRIVAL} + 5, false, false, '{{}}', now(), 1 {_EACH}
    """,
    f"""
    INSERT INTO obligation (id, case_id, reference_id, rule, rule_version, calendar_version, is_primary, due_on, due_at,
        state, level, late)
    SELECT gen_random_uuid(), {_CASE}, {_TRANSFER}, 'TRANSFER_ACKNOWLEDGE', 1, 'bench', true, {_ARRIVAL} + 5,
        CAST({_ARRIVAL} + 6 AS timestamp) AT TIME ZONE 'Asia/Ho_Chi_Minh', 'ARMED', 0, false {_EACH}
    """,
)
_MAKE_DUE = text(
    f"""
    UPDATE obligation SET due_at = now() - interval '10 minutes', due_on = current_date - 1
    WHERE state = 'ARMED' AND case_id IN (SELECT {_CASE} FROM generate_series(
        CAST(:first AS bigint), CAST(:last AS bigint), CAST(:step AS bigint)) AS i)
    """
)
_INDEXES = """
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
    WHERE i.indrelid = %s::regclass AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""


async def measure(engines: Engines, sizes: Sizes = Sizes()) -> list[Result]:
    """Two results, with the plans of what chooses among all rows."""
    async with handover(engines, sizes, sizes.open) as many, handover(engines, sizes, sizes.open_peer) as few:
        sweep = await in_turns(many.sweep_s, few.sweep_s, sizes.rounds)
        page = await in_turns(many.page_s, few.page_s, sizes.rounds)
        counted = {
            name: await in_turns(partial(many.board_s, office), partial(few.board_s, office), sizes.rounds)
            for name, office in WATCHERS.items()
        }
        plans = [await one.plans() for one in (many, few)]
    with_many, shown = f"with {sizes.open:,} open transfers, against {sizes.open_peer:,}", "\n\n".join(plans)
    ours, peer = (1_000 * seconds for seconds in page)
    return [
        Result("handover sweep", "s", *sweep, f"fire {sizes.due:,} {with_many}", False),
        Result("handover page", "ms", ours, peer, f"first page of an agency {with_many}", False, shown),
        *(
            Result(
                f"board of the {name}", "ms", 1_000 * mine, 1_000 * other, f"p95, its three counts {with_many}", False
            )
            for name, (mine, other) in counted.items()
        ),
    ]


@asynccontextmanager
async def handover(engines: Engines, sizes: Sizes, count: int) -> AsyncIterator[Board]:
    """A handover service whose database holds so many open transfers."""
    url = engines.database("handover")
    fill(url, count)
    jwks = engines.folder / "unused.json"
    chassis = build_chassis("handover", url, SystemClock(), engines.folder, jwks)
    try:
        yield Board(chassis, sizes, count)
    finally:
        await chassis.engine.dispose()


def fill(url: str, count: int) -> None:
    """Put so many people on their way, from all posts to all agencies; nothing is overdue."""
    directory, today = built_in_directory(), local_date(SystemClock().now())
    parameters = {
        "count": count,
        "days": ARRIVALS_OVER_DAYS,
        "posts": [one.id for one in directory.offices(role=Role.BORDER_POST, on=today)],
        "agencies": [one.id for one in directory.offices(role=Role.SUPPORT_AGENCY, on=today)],
    }
    with psycopg.connect(url, autocommit=True) as connection:
        with without_indexes(connection, TABLES):
            for statement in FILL:
                connection.execute(statement, parameters)
        connection.execute("SELECT recount_open_cases()")
        connection.execute("VACUUM ANALYZE")


@contextmanager
def without_indexes(connection: psycopg.Connection[Any], tables: Sequence[str]) -> Iterator[None]:
    """Rows come in without indexes and guards, which are made again afterwards: that is many times faster."""
    made = [(name, made) for table in tables for name, made in connection.execute(_INDEXES, (table,)).fetchall()]
    for name, _ in made:
        connection.execute(f"DROP INDEX {name}")
    for table in tables:
        connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for _, statement in made:
        connection.execute(statement)
    for table in tables:
        connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@dataclass
class Board:
    """A handover service and what is asked of it."""

    chassis: Chassis
    sizes: Sizes
    count: int
    _swept: int = 0

    async def sweep_s(self) -> float:
        """Let deadlines of people spread over all be passed; seconds until all have fired."""
        await self._make_due()
        look = self._look()
        fired, began_s = 0, time.perf_counter()
        while done := await look():
            fired += done
        took_s = time.perf_counter() - began_s
        assert fired == self.sizes.due, f"{fired} fired, and {self.sizes.due} were due"
        return took_s

    async def page_s(self) -> float:
        """Seconds for the first page of what is on its way to an agency."""
        began_s = time.perf_counter()
        for _ in range(self.sizes.pages):
            assert len(await self._page()) > DEFAULT_PAGE_SIZE
        return (time.perf_counter() - began_s) / self.sizes.pages

    async def board_s(self, office: str) -> float:
        """Seconds, p95, for the three questions to handover of a supervisor's first page, at once as there."""
        caller = caller_for(office)
        on_the_way, overdue = CasesWanted(phases=frozenset({Phase.IN_TRANSIT})), CasesWanted(overdue_only=True)
        took_s = []
        for _ in range(self.sizes.boards):
            began_s = time.perf_counter()
            await asyncio.gather(
                self.chassis.units.read(lambda uow: get_transfer_board(uow, self._ports(), caller, PRESSING)),
                self.chassis.units.read(lambda uow: count_cases(uow, self._ports(), caller, on_the_way)),
                self.chassis.units.read(lambda uow: count_cases(uow, self._ports(), caller, overdue)),
            )
            took_s.append(time.perf_counter() - began_s)
        return percentile(took_s, 0.95)

    def _ports(self) -> Ports:
        asks = self.chassis.peers, self.chassis.news_are_late
        return Ports(Offices(Sight(self.chassis.directory)), self.chassis.calendar, Homes(*asks), Consents(*asks))

    async def plans(self) -> str:
        """How the database goes about the statements of a sweep, and of a page, that choose among all rows."""
        await self._make_due()
        with self._statements() as of_sweep:
            await self._look()()
        with self._statements() as of_page:
            await self._page()
        explained = [
            f"{name}, {self.count:,} open transfers:\n{await self._explained(*one)}"
            for name, statements in (("sweep", of_sweep[:1]), ("page", of_page))
            for one in statements
        ]
        return "\n\n".join(explained)

    def _look(self) -> Any:
        (tick,) = (one for one in DEFINITION.build(self.chassis).ticks if one.name == DEADLINES)
        return tick.look

    async def _page(self) -> Sequence[ListedTransfer]:
        ports = self._ports()
        wanted = WantedTransfers(Direction.INCOMING, None, overdue_only=False)

        async def read(uow: UnitOfWork) -> Sequence[ListedTransfer]:
            return await list_transfers(uow, ports, caller_for(AGENCY), Page(DEFAULT_PAGE_SIZE + 1, None), wanted)

        return await self.chassis.units.read(read)

    async def _make_due(self) -> None:
        self._swept += 1
        due = self.sizes.due
        step = self.count // due
        bounds = {"first": self._swept, "last": self._swept + step * (due - 1), "step": step}
        async with self.chassis.engine.begin() as connection:
            await connection.execute(_MAKE_DUE, bounds)

    @contextmanager
    def _statements(self) -> Iterator[list[tuple[str, Any]]]:
        """What is sent to the database meanwhile, with parameters, as far as it chooses among all rows."""
        found: list[tuple[str, Any]] = []

        def sent(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
            if SHOWN.search(statement):
                found.append((statement, parameters))

        engine = self.chassis.engine.sync_engine
        event.listen(engine, "before_cursor_execute", sent)
        try:
            yield found
        finally:
            event.remove(engine, "before_cursor_execute", sent)

    async def _explained(self, statement: str, parameters: Any) -> str:
        async with self.chassis.engine.connect() as connection:
            rows = await connection.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS) {statement}", parameters)
            return "\n".join(str(line) for (line,) in rows)
