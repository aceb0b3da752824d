"""What it costs that each act is written: submissions, and a command of handover.

The peer is the same program, in the same run, whose database lets no row come into the table of acts.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

import grpc
import psycopg

from homeward.handover.v1 import transfers_pb2, transfers_pb2_grpc
from services.chassis.country.clock import SystemClock
from services.handover.__main__ import DEFINITION
from tests.e2e.work import POST, request_id
from tests.perf import handover_board
from tests.perf import submissions as submissions_bench
from tests.perf.engines import Engines
from tests.perf.measure import ROUNDS, Result, in_turns
from tests.support.identities import Identities, call_metadata
from tests.support.processes import build_chassis, serve
from tests.support.waiting import patient

AGENCY = "SA-22"
CALL_TIMEOUT_S = 10.0
_NO_ACTS = """
    CREATE FUNCTION no_act() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
    CREATE TRIGGER no_act BEFORE INSERT ON act FOR EACH ROW EXECUTE FUNCTION no_act();
"""


@dataclass(frozen=True)
class Sizes:
    """How much is measured: seconds and callers of a round of submissions, people who are accepted in one of handover,
    and rounds."""

    round_s: float = 1.5
    callers: int = 50
    accepted: int = 500
    rounds: int = ROUNDS


TINY = Sizes(round_s=0.0, callers=2, accepted=4, rounds=1)


async def measure(engines: Engines, sizes: Sizes = Sizes()) -> list[Result]:
    """Two results."""
    folder = engines.folder / "acts"
    folder.mkdir()
    identities = Identities(folder)
    return [
        await _submissions(engines, sizes, identities),
        await _accepting(engines, sizes, identities),
    ]


async def _submissions(engines: Engines, sizes: Sizes, identities: Identities) -> Result:
    folder, token = engines.folder / "acts", identities.token_for(POST)
    serve_intake = partial(submissions_bench.intake, engines, folder=folder, identities=identities)
    async with (
        serve_intake(url=engines.database("intake")) as acting,
        serve_intake(url=_without_acts(engines.database("intake"))) as silent,
    ):
        rate = partial(submissions_bench.rate, token=token, callers=sizes.callers, round_s=sizes.round_s)
        ours, peer = await in_turns(partial(rate, acting), partial(rate, silent), sizes.rounds)
    return Result(f"acts: submissions@{sizes.callers}", "calls/s", ours, peer, "the same intake, without acts")


async def _accepting(engines: Engines, sizes: Sizes, identities: Identities) -> Result:
    async with AsyncExitStack() as running:
        acting, silent = [
            await running.enter_async_context(_handover(engines, url, sizes, identities))
            for url in (engines.database("handover"), _without_acts(engines.database("handover")))
        ]
        ours, peer = await in_turns(acting.rate, silent.rate, sizes.rounds)
    note = "AcceptTransfer, the same handover, without acts"
    return Result(f"acts: handover@{sizes.callers}", "calls/s", ours, peer, note)


def _without_acts(url: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_NO_ACTS)
    return url


@dataclass(frozen=True)
class _Agency:
    """An agency that accepts everybody who is on the way to it."""

    address: str
    url: str
    token: str
    sizes: Sizes

    async def rate(self) -> float:
        """Answered calls a second; any error ends the benchmark."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("UPDATE transfer SET accepted_at = NULL")
            cases = [str(row[0]) for row in connection.execute("SELECT case_id FROM transfer").fetchall()]
        metadata, waiting = call_metadata(self.token), iter(cases)
        async with grpc.aio.insecure_channel(self.address) as channel:
            stub = transfers_pb2_grpc.TransferServiceStub(channel)

            async def caller() -> None:
                for case in waiting:
                    request = transfers_pb2.AcceptTransferRequest(request_id=request_id(), case=case)
                    await stub.AcceptTransfer(request, timeout=patient(CALL_TIMEOUT_S), metadata=metadata)

            began = time.perf_counter()
            await asyncio.gather(*(caller() for _ in range(min(self.sizes.callers, len(cases)))))
            return len(cases) / (time.perf_counter() - began)


@asynccontextmanager
async def _handover(engines: Engines, url: str, sizes: Sizes, identities: Identities) -> AsyncIterator[_Agency]:
    handover_board.fill(url, sizes.accepted)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE transfer SET to_office_id = %s", [AGENCY])
    chassis = build_chassis("handover", url, SystemClock(), engines.folder, identities.jwks)
    try:
        async with serve(DEFINITION, chassis) as address:
            yield _Agency(address, url, identities.token_for(AGENCY), sizes)
    finally:
        await chassis.engine.dispose()
