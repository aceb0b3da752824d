"""Deadlines claimed and fired per second with millions pending, beside APScheduler and procrastinate.

All three do the same work on one PostgreSQL: of an obligation that is due, mark it fired and write the row of its
event, so that a power cut takes neither back. Each does it in its own way: ours a hundred in a transaction, with their
cases locked, their events numbered and signed; the others one by one (`claims_peers`).
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

from homeward.events.v1.transfer_pb2 import CustodyChanged
from services.chassis.events.units import UnitOfWork
from services.chassis.service.obligations import ArmedObligation
from tests.perf.claims_filling import OBLIGATIONS_DUE, OBLIGATIONS_PENDING, quick_load
from tests.perf.claims_peers import ApScheduler, Procrastinate, Round
from tests.perf.engines import Engines
from tests.perf.firing import TABLE, fired_a_second
from tests.perf.measure import ROUNDS, Result


@dataclass(frozen=True)
class Sizes:
    """How much is measured: obligations pending (few, many, most), those due in a round with us, with the peers, and
    with procrastinate where it finds them late; and rounds."""

    few: int = 100_000
    many: int = 1_000_000
    most: int = 10_000_000
    due: int = 3_000
    due_peer: int = 500
    due_late: int = 3
    rounds: int = ROUNDS


TINY = Sizes(few=200, many=400, most=800, due=150, due_peer=5, due_late=1, rounds=1)


async def measure(engines: Engines, sizes: Sizes = Sizes()) -> list[Result]:
    """Ours against each peer, with many and with most pending, and against itself with few."""
    few, many, most = (Ours(engines, sizes.due, pending) for pending in (sizes.few, sizes.many, sizes.most))
    results = []
    for name, ours in (("1M", many), ("10M", most)):
        apscheduler, procrastinate = ApScheduler(engines, sizes.due_peer), Procrastinate(engines, sizes.due_peer)
        for one in (apscheduler, procrastinate):
            one.pend(ours.pending)
        mine, of_apscheduler, of_procrastinate = await _in_turns(
            [ours.round, apscheduler.round, procrastinate.round], sizes.rounds
        )
        late = await procrastinate.in_the_middle(sizes.due_late)
        pending = f"{ours.pending:,} pending"
        results += [
            Result(f"claims {name}: APScheduler", "fired/s", mine, of_apscheduler, f"its own job store, {pending}"),
            Result(f"claims {name}: procrastinate", "fired/s", mine, of_procrastinate, f"due ones first, {pending}"),
            Result(f"claims {name}: procrastinate, any order", "fired/s", mine, late, "due ones after half of them"),
        ]
    with_most, with_few = await _in_turns([most.round, few.round], sizes.rounds)
    note = f"{sizes.most:,} pending, against {sizes.few:,}"
    return [*results, Result("claims 10M: cost", "µs each", 1e6 / with_most, 1e6 / with_few, note, False)]


async def _in_turns(rounds: Sequence[Round], count: int) -> list[float]:
    """Medians, measured A B C A B C …, after one round of each that is not counted."""
    found = [[await one() for one in rounds] for _ in range(count + 1)][1:]
    return [statistics.median(each) for each in zip(*found, strict=True)]


class Ours:
    """The engine of handover and followup on a database of its own."""

    def __init__(self, engines: Engines, due: int, pending: int) -> None:
        self.url = engines.database("chassis")
        self.due = due
        self.pending = pending
        with quick_load(self.url, "obligation") as connection:
            connection.execute(TABLE)
            connection.execute(OBLIGATIONS_PENDING, {"pending": pending})

    async def round(self) -> float:
        """Fire all that is due; so many a second."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(OBLIGATIONS_DUE, {"due": self.due})
        return await fired_a_second(self.url, self.due, _fire)


async def _fire(uow: UnitOfWork, one: ArmedObligation, late: bool) -> None:
    uow.append(CustodyChanged(case_id=str(one.case_id)), one.case_id)
