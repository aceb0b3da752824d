"""Obligations claimed and fired per second with a million pending, against the same with ten thousand.

What fires is due; what is pending is not: the look must find the one without reading the other. Firing locks the case,
says one event and arms the next obligation, as a deadline that repeats does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import psycopg

from homeward.events.v1.transfer_pb2 import CustodyChanged
from services.chassis.events.units import UnitOfWork
from services.chassis.service.obligations import ArmedObligation, arm
from tests.perf.engines import Engines
from tests.perf.firing import TABLE, fired_a_second
from tests.perf.measure import ROUNDS, Result, in_turns

AGAIN_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class Sizes:
    """How much is measured: obligations pending with us and with the peer, those due in a round, and rounds.

    The first look of a round fires a part of those that are due, so there are more than one look fires.
    """

    pending: int = 1_000_000
    pending_peer: int = 10_000
    due: int = 300
    rounds: int = ROUNDS


TINY = Sizes(pending=1_000, pending_peer=100, rounds=1)

_FILL = """
    INSERT INTO obligation (id, case_id, rule, rule_version, calendar_version, is_primary, due_on, due_at, state,
                            level, late)
    SELECT gen_random_uuid(), gen_random_uuid(), 'BENCH', 1, 'bench', true, CAST(at AS date), at, 'ARMED', 0, false
    FROM (SELECT now() + make_interval(secs => %s + i) AS at FROM generate_series(1, %s) AS i) AS times
"""
_ONE_DAY_S = 86_400


async def measure(engines: Engines, sizes: Sizes = Sizes()) -> list[Result]:
    """One result."""
    many, few = _database(engines, sizes.pending), _database(engines, sizes.pending_peer)
    mine, peer = await in_turns(_round(many, sizes.due), _round(few, sizes.due), sizes.rounds)
    note = f"the same with {sizes.pending_peer:,} pending, not {sizes.pending:,}"
    return [Result("obligations", "fired/s", mine, peer, note)]


def _database(engines: Engines, pending: int) -> str:
    url = engines.database("chassis")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLE)
        connection.execute(_FILL, (_ONE_DAY_S, pending))
        connection.execute("VACUUM ANALYZE")
    return url


def _round(url: str, due: int) -> Callable[[], Awaitable[float]]:
    async def fire_all() -> float:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(_FILL, (-_ONE_DAY_S, due))
        return await fired_a_second(url, due, _fire)

    return fire_all


async def _fire(uow: UnitOfWork, one: ArmedObligation, late: bool) -> None:
    uow.append(CustodyChanged(case_id=str(one.case_id)), one.case_id)
    at = datetime.now(UTC) + AGAIN_AFTER
    await arm(uow.connection, [replace(one, id=uow.new_id(), level=one.level + 1, due_on=at.date(), due_at=at)])
