"""What is due is fired by the engine of the services, cases locked and events written, and timed."""

from __future__ import annotations

import time
import uuid
from collections.abc import Awaitable, Callable, Sequence

import psycopg
from sqlalchemy import text

from services.chassis.country.clock import SystemClock
from services.chassis.events.signals import Signal
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.service.obligations import ArmedObligation, fire_due
from services.chassis.storage.database import create_engine, plain_array
from tests.support.signing import signer_of

TABLE = "CREATE TABLE bench_case (id uuid PRIMARY KEY)"
_CASES_DUE = "INSERT INTO bench_case SELECT case_id FROM obligation WHERE state = 'ARMED' AND due_at <= now()"
_LOCK = text("SELECT id FROM bench_case WHERE id = ANY(CAST(:cases AS uuid[])) ORDER BY id FOR UPDATE SKIP LOCKED")

Fire = Callable[[UnitOfWork, ArmedObligation, bool], Awaitable[None]]


async def fired_a_second(url: str, due: int, fire: Fire) -> float:
    """Fire all that is due in a database with `TABLE`, and nothing else; `due`: how many that must be."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_CASES_DUE)
    engine = create_engine(url, "bench")
    units = Units(engine, SystemClock(), signer_of("handover"), Signal())
    try:
        # The first look opens the connection and has its statements planned.
        fired = await fire_due(units, "bench", _lock, fire)
        began, before = time.perf_counter(), fired
        while done := await fire_due(units, "bench", _lock, fire):
            fired += done
        elapsed = time.perf_counter() - began
    finally:
        await engine.dispose()
    assert fired == due, f"{fired} fired, and {due} were due"
    return (fired - before) / elapsed


async def _lock(uow: UnitOfWork, cases: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    return {row.id for row in await uow.connection.execute(_LOCK, {"cases": plain_array(cases)})}
